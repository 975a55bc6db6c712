/* SPDX-License-Identifier: BSD-2-Clause */

/*
 * Mount data of the FAT file system: what a program passes as the data
 * argument of mount(2) with type "msdos".
 *
 * Without MSDOSFSMNT_VERSIONED a program knows nothing of version and what
 * follows it: directories get the mask of files, and the disk's times are UTC.
 *
 * Ref: mount_msdos(8).
 */

#ifndef _MSDOSFS_MSDOSFSMOUNT_H_
#define _MSDOSFS_MSDOSFSMOUNT_H_

#include <sys/types.h>
#include <sys/mount.h>

struct msdosfs_args {
	char		*fspec;			/* path of the block device */
	struct export_args30 _pad1;		/* unused, keeps the layout */
	uid_t		uid;			/* owner of all files */
	gid_t		gid;			/* group of all files */
	mode_t		mask;			/* permissions that files may have */
	int		flags;			/* MSDOSFSMNT_* */
	int		version;		/* MSDOSFSMNT_VERSION */
	mode_t		dirmask;		/* from version 2: directories' */
	int		gmtoff;			/* from version 3: seconds that the
						   disk's times are east of UTC */
};

/* Flags that a program passes. */
#define MSDOSFSMNT_SHORTNAME	1	/* short names only */
#define MSDOSFSMNT_LONGNAME	2	/* long names; so it is by default */
#define MSDOSFSMNT_NOWIN95	4	/* no long names, no case, no extra times */
#define MSDOSFSMNT_GEMDOSFS	8	/* Atari's flavour: not supported */
#define MSDOSFSMNT_VERSIONED	16	/* version and the rest are there */
#define MSDOSFSMNT_UTF8		32	/* names are UTF-8; they always are */

#define MSDOSFSMNT_MNTOPT \
	(MSDOSFSMNT_SHORTNAME | MSDOSFSMNT_LONGNAME | MSDOSFSMNT_NOWIN95 | \
	MSDOSFSMNT_GEMDOSFS | MSDOSFSMNT_VERSIONED | MSDOSFSMNT_UTF8)

/* Flags of a kernel's own, which MNT_GETARGS may show. */
#define MSDOSFSMNT_RONLY	0x80000000U
#define MSDOSFSMNT_WAITONFAT	0x40000000
#define MSDOSFS_FATMIRROR	0x20000000

#define MSDOSFSMNT_VERSION	3

#define MSDOSFSMNT_BITS \
	"\177\020b\0shortname\0b\1longname\0b\2nowin95\0b\3gemdosfs\0" \
	"b\4versioned\0b\5utf8\0b\35fatmirror\0b\36waitonfat\0b\37ronly\0"

#endif
