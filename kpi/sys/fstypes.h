/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Mount flags, file system identifiers and file handles.
 *
 * The flags are seen by programs (mount, unmount, statvfs); those called IMNT_
 * are the kernel's own.
 */
#ifndef _SYS_FSTYPES_H_
#define _SYS_FSTYPES_H_

#include <sys/types.h>

typedef struct {
	int32_t		__fsid_val[2];
} fsid_t;

/* The part of a file handle that the file system makes: a length, then bytes. */
struct fid {
	unsigned short	fid_len;
	unsigned short	fid_reserved;
	char		fid_data[0];
};

struct fhandle {
	fsid_t		fh_fsid;
	struct fid	fh_fid;
};
typedef struct fhandle fhandle_t;

#define FHANDLE_SIZE_COMPAT	28
#define FHANDLE_SIZE_MIN	FHANDLE_SIZE_COMPAT
#define FHANDLE_SIZE_MAX	1024

#define FHANDLE_FSID(fh)	(&(fh)->fh_fsid)
#define FHANDLE_FILEID(fh)	(&(fh)->fh_fid)
#define FHANDLE_SIZE_FROM_FILEID_SIZE(fidsize) \
	MAX(FHANDLE_SIZE_MIN, offsetof(fhandle_t, fh_fid) + (fidsize))
#define FHANDLE_SIZE(fh) \
	FHANDLE_SIZE_FROM_FILEID_SIZE(FHANDLE_FILEID(fh)->fid_len)

/* how the file system is to behave */
#define MNT_RDONLY	0x00000001
#define MNT_SYNCHRONOUS	0x00000002
#define MNT_NOEXEC	0x00000004
#define MNT_NOSUID	0x00000008
#define MNT_NODEV	0x00000010
#define MNT_UNION	0x00000020	/* what it covers shows through */
#define MNT_ASYNC	0x00000040
#define MNT_POSIX1EACLS	0x00000800
#define MNT_NOCOREDUMP	0x00008000
#define MNT_RELATIME	0x00020000	/* only an older atime is renewed */
#define MNT_IGNORE	0x00100000	/* df does not show it */
#define MNT_ACLS	0x00200000
#define MNT_DISCARD	0x00800000
#define MNT_EXTATTR	0x01000000
#define MNT_LOG		0x02000000
#define MNT_NOATIME	0x04000000
#define MNT_AUTOMOUNTED	0x10000000
#define MNT_SYMPERM	0x20000000	/* permissions of symbolic links count */
#define MNT_NODEVMTIME	0x40000000
#define MNT_SOFTDEP	0x80000000U

/* exported to the network */
#define MNT_EXRDONLY	0x00000080
#define MNT_EXPORTED	0x00000100
#define MNT_DEFEXPORTED	0x00000200
#define MNT_EXPORTANON	0x00000400
#define MNT_EXKERB	0x00000800
#define MNT_EXNORESPORT	0x08000000
#define MNT_EXPUBLIC	0x10000000

/* set by the file system or the kernel */
#define MNT_LOCAL	0x00001000
#define MNT_QUOTA	0x00002000
#define MNT_ROOTFS	0x00004000

/* what mount(2) or unmount(2) shall do */
#define MNT_UPDATE	0x00010000
#define MNT_RELOAD	0x00040000
#define MNT_FORCE	0x00080000
#define MNT_GETARGS	0x00400000
#define MNT_OP_FLAGS	(MNT_UPDATE | MNT_RELOAD | MNT_FORCE | MNT_GETARGS)

/* what a program may ask for */
#define MNT_BASIC_FLAGS \
	(MNT_RDONLY | MNT_SYNCHRONOUS | MNT_NOEXEC | MNT_NOSUID | MNT_NODEV | \
	 MNT_UNION | MNT_ASYNC | MNT_POSIX1EACLS | MNT_NOCOREDUMP | \
	 MNT_RELATIME | MNT_ACLS | MNT_DISCARD | \
	 MNT_EXTATTR | MNT_LOG | MNT_NOATIME | MNT_AUTOMOUNTED | MNT_SYMPERM | \
	 MNT_NODEVMTIME | MNT_SOFTDEP)

/* what statvfs(2) shows */
#define MNT_VISFLAGMASK \
	(MNT_RDONLY | MNT_SYNCHRONOUS | MNT_NOEXEC | MNT_NOSUID | MNT_NODEV | \
	 MNT_UNION | MNT_ASYNC | MNT_NOCOREDUMP | MNT_IGNORE | MNT_ACLS | \
	 MNT_DISCARD | MNT_EXTATTR | MNT_LOG | MNT_NOATIME | MNT_AUTOMOUNTED | \
	 MNT_SYMPERM | MNT_NODEVMTIME | MNT_SOFTDEP | MNT_POSIX1EACLS | \
	 MNT_EXRDONLY | MNT_EXPORTED | MNT_DEFEXPORTED | MNT_EXPORTANON | \
	 MNT_EXKERB | MNT_EXNORESPORT | MNT_EXPUBLIC | \
	 MNT_LOCAL | MNT_QUOTA | MNT_ROOTFS)

/* mnt_iflag: the kernel's own */
#define IMNT_GONE	0x00000001	/* unmounted */
#define IMNT_UNMOUNT	0x00000002	/* being unmounted */
#define IMNT_WANTRDWR	0x00000004	/* update: from read-only to writable */
#define IMNT_WANTRDONLY	0x00000008	/* update: the other way */
#define IMNT_NCLOOKUP	0x00000020	/* name cache entries and ids are exact */
#define IMNT_DTYPE	0x00000040	/* d_type of directory entries is right */
#define IMNT_SHRLOOKUP	0x00000080	/* VOP_LOOKUP does with a shared lock */
#define IMNT_MPSAFE	0x00000100	/* needs no kernel lock */
#define IMNT_CAN_RWTORO	0x00000200	/* update to read-only works */
#define IMNT_ONWORKLIST	0x00000400	/* in the syncer's queue */

/* when to wait: VFS_SYNC, getvfsstat(2) */
#define MNT_WAIT	1
#define MNT_NOWAIT	2
#define MNT_LAZY	3

/* names of flags, for snprintb(9) and programs that print them */
#define __MNT_FLAG_BITS \
	"\20\1MNT_RDONLY\2MNT_SYNCHRONOUS\3MNT_NOEXEC\4MNT_NOSUID\5MNT_NODEV" \
	"\6MNT_UNION\7MNT_ASYNC\10MNT_EXRDONLY\11MNT_EXPORTED" \
	"\12MNT_DEFEXPORTED\13MNT_EXPORTANON\14MNT_EXKERB\15MNT_LOCAL" \
	"\16MNT_QUOTA\17MNT_ROOTFS\20MNT_NOCOREDUMP\21MNT_UPDATE" \
	"\22MNT_RELATIME\23MNT_RELOAD\24MNT_FORCE\25MNT_IGNORE\26MNT_ACLS" \
	"\27MNT_GETARGS\30MNT_DISCARD\31MNT_EXTATTR\32MNT_LOG\33MNT_NOATIME" \
	"\34MNT_EXNORESPORT\35MNT_EXPUBLIC\36MNT_SYMPERM\37MNT_NODEVMTIME" \
	"\40MNT_SOFTDEP"
#define __IMNT_FLAG_BITS \
	"\20\1IMNT_GONE\2IMNT_UNMOUNT\3IMNT_WANTRDWR\4IMNT_WANTRDONLY" \
	"\6IMNT_NCLOOKUP\7IMNT_DTYPE\10IMNT_SHRLOOKUP\11IMNT_MPSAFE" \
	"\12IMNT_CAN_RWTORO\13IMNT_ONWORKLIST"

#endif /* _SYS_FSTYPES_H_ */
