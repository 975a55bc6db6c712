/* SPDX-License-Identifier: BSD-2-Clause */

/*
 * Mount data of the ISO 9660 file system: what a program passes as the data
 * argument of mount(2) with type "cd9660".
 *
 * The upper half of the flags chooses the session of a disc that was written
 * in several: ISOFSMNT_SESSION(n) is the n-th, from 1; 0 is the last one.
 * (NetBSD keeps those bits zero, so its programs get the last session.)
 *
 * Ref: mount_cd9660(8).
 */

#ifndef _ISOFS_CD9660_CD9660_MOUNT_H_
#define _ISOFS_CD9660_CD9660_MOUNT_H_

#include <sys/types.h>
#include <sys/mount.h>

struct iso_args {
	const char	*fspec;			/* path of the block device */
	struct export_args30 _pad1;		/* unused, keeps the layout */
	int		flags;			/* ISOFSMNT_* */
};

#define ISOFSMNT_NORRIP		0x00000001	/* no Rock Ridge */
#define ISOFSMNT_GENS		0x00000002	/* show version numbers */
#define ISOFSMNT_EXTATT		0x00000004	/* use extended attribute records */
#define ISOFSMNT_NOJOLIET	0x00000008	/* no Joliet */
#define ISOFSMNT_NOCASETRANS	0x00000010	/* leave plain names in upper case */
#define ISOFSMNT_RRCASEINS	0x00000020	/* ignore case in Rock Ridge names, too */

#define ISOFSMNT_BITS \
	"\177\20b\0norrip\0b\1gens\0b\2extatt\0b\3nojoliet\0" \
	"b\4nocasetrans\0b\5rrcaseins\0"

#define ISOFSMNT_SESSION(n)	((int)((unsigned int)(n) << 16))
#define ISOFSMNT_GETSESSION(f)	((unsigned int)(f) >> 16)

#endif
