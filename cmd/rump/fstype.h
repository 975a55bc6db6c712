/* SPDX-License-Identifier: BSD-2-Clause */
/* A kind of file system that can be recognised, mounted, made. */
#ifndef CMD_RUMP_FSTYPE_H
#define CMD_RUMP_FSTYPE_H

#include <stdbool.h>
#include <stdint.h>

/* What a new file system is to be. */
struct fsmake {
	const char	*path;		/* on the host; exists, and has its size */
	int64_t		offset, size;	/* of the file system in it, in bytes */
	bool		whole;		/* it is all of path */
	const char	*label;		/* NULL: none */
	char		**extra;	/* more arguments for the tool, NULL ends */
	char		word[2][40];	/* room for arguments that make() puts together */
};

struct fstype {
	const char *name;		/* as for -t and mount(2) */
	const char *title;
	const char *options;		/* what -o takes, for the help */
	unsigned flags;
#define FS_WRITE	1		/* can be written */
#define FS_OWNERS	2		/* files have owners and modes */
#define FS_LINKS	4		/* hard links */
#define FS_SYMLINKS	8
#define FS_HOLES	16
#define FS_NOIMAGE	32		/* in memory: needs no image */
#define FS_NOCASE	64		/* names differ by more than case */

	/* Does the image (host descriptor fd, from byte off on) hold this? */
	bool (*detect)(int fd, int64_t off);
	/* Print "label: value" lines from the image itself; NULL: none. */
	void (*describe)(int fd, int64_t off);
	/*
	 * Mount the block device dev on dir with MNT_* flags.  opts: comma
	 * separated or NULL, cut up.  Returns 0 or a NetBSD errno; EINVAL for
	 * an unknown option, which *badopt names.
	 */
	int (*mount)(const char *dev, const char *dir, int flags, char *opts,
	    const char **badopt);
	/* What is wrong with the name; NULL: nothing.  NULL: cannot say. */
	const char *(*name_problem)(const char *name);
	/*
	 * The command that makes one, as an argument vector for the program of
	 * the host; NULL: there is none.
	 */
	char **(*make)(struct fsmake *m);
};
extern const struct fstype *const fstypes[];	/* NULL ends */
const struct fstype *fstype_named(const char *name);

struct fsoption {
	const char *name;	/* NULL ends the table */
	int flag;
};

/*
 * Set the flags that the comma separated opts (NULL: none) name; opts is cut
 * up.  Options of all mounts go to *mntflags.  Returns NULL, or the word that
 * is in no table.
 */
const char *fsoptions_parse(char *opts, const struct fsoption *table, int *flags,
    int *mntflags);
/* The value of "name=N" is not a flag: take it out of opts; false: not there. */
bool	fsoption_value(char *opts, const char *name, int64_t *value);

extern const struct fstype fstype_cd9660, fstype_msdos, fstype_tmpfs;

#endif
