/* SPDX-License-Identifier: BSD-2-Clause */

/*
 * Names of directory entries, as programs see and ask for them.
 *
 * A name has a base and, on volumes without Rock Ridge, a version: "base;1".
 * The version is shown only with the mount option gens.
 */

#ifndef CD9660_NAMES_H
#define CD9660_NAMES_H

#include <sys/param.h>

struct cd9660_mount;
struct iso_record;

struct cd9660_name {
	char		nm_text[KERNEL_NAME_MAX + 1];	/* terminated */
	unsigned int	nm_len;			/* of what is shown */
	unsigned int	nm_base;		/* of it, without the version */
	unsigned int	nm_version;		/* 0 = none given */
};

/* Is it "." or ".."?  They are recorded as one byte, 0 or 1. */
bool	cd9660_is_dot(const struct iso_record *record);
bool	cd9660_is_dotdot(const struct iso_record *record);

/* The name that a record itself has (Rock Ridge's stands elsewhere). */
void	cd9660_name_read(const struct cd9660_mount *cm,
	    const struct iso_record *record, struct cd9660_name *name);

/* A name of Rock Ridge.  len <= KERNEL_NAME_MAX */
void	cd9660_name_set(struct cd9660_name *name, const char *text, size_t len);

/* What a program asks for: split off the version where volumes have them. */
void	cd9660_name_split(const struct cd9660_mount *cm, const char *text,
	    size_t len, size_t *basep, unsigned int *versionp);

enum cd9660_match {
	CD9660_DIFFERENT,
	CD9660_ALIKE,			/* but for upper and lower case */
	CD9660_SAME
};

/* ALIKE is given only where the volume ignores case. */
enum cd9660_match cd9660_name_match(const struct cd9660_mount *cm,
	    const struct cd9660_name *name, const char *text, size_t base);

/* The same for all names that may match each other. */
uint32_t cd9660_name_hash(const char *text, size_t base);

#endif
