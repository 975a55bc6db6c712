/* SPDX-License-Identifier: BSD-2-Clause */

/*
 * Rock Ridge: POSIX attributes and names in the system use entries of a
 * directory record.
 */

#ifndef CD9660_RRIP_H
#define CD9660_RRIP_H

#include <sys/param.h>
#include <sys/time.h>

struct cd9660_mount;
struct iso_record;

/* Which members are set. */
#define RRIP_HAS_MODE		0x0001	/* PX: mode, nlink, uid, gid */
#define RRIP_HAS_DEVICE		0x0002	/* PN */
#define RRIP_HAS_NAME		0x0004	/* NM */
#define RRIP_HAS_LINK		0x0008	/* SL */
#define RRIP_HAS_CHILD		0x0010	/* CL: the directory is elsewhere */
#define RRIP_HAS_PARENT		0x0020	/* PL: so is the parent of this one */
#define RRIP_RELOCATED		0x0040	/* RE: shown elsewhere */
#define RRIP_HAS_BTIME		0x0080	/* TF */
#define RRIP_HAS_MTIME		0x0100
#define RRIP_HAS_ATIME		0x0200
#define RRIP_HAS_CTIME		0x0400
#define RRIP_UNSUPPORTED	0x0800	/* SF: a sparse file */
#define RRIP_BAD_NAME		0x1000	/* NM entries that make no name */
#define RRIP_BAD_LINK		0x2000	/* SL entries that make no target */

struct rrip {
	unsigned int	rr_has;

	mode_t		rr_mode;		/* type and permissions */
	nlink_t		rr_nlink;
	uid_t		rr_uid;
	gid_t		rr_gid;
	dev_t		rr_rdev;
	struct timespec	rr_btime, rr_mtime, rr_atime, rr_ctime;
	uint64_t	rr_child, rr_parent;	/* positions */

	size_t		rr_name_len;
	char		rr_name[KERNEL_NAME_MAX + 1];	/* not terminated */

	char		*rr_link;		/* MAXPATHLEN bytes of the caller's,
						   or NULL: not wanted */
	size_t		rr_link_len;
};

/*
 * Read all entries of a record.
 *
 * offset  where SUSP begins in this record's system use field.
 * rr      out; rr_link is set before by the caller.
 *
 * Returns 0 or EIO; what was read before the damage is in rr even then.
 */
int	rrip_read(struct cd9660_mount *cm, const struct iso_record *record,
	    unsigned int offset, struct rrip *rr);

/*
 * Does a volume use Rock Ridge?  record is its root's "."; if so, *firstp and
 * *skipp are cm_susp_first and cm_susp_skip.
 */
bool	rrip_detect(struct cd9660_mount *cm, const struct iso_record *record,
	    unsigned int *firstp, unsigned int *skipp);

#endif
