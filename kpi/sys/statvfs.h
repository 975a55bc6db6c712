/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * struct statvfs: what is known of a mounted file system.  Seen by programs.
 */
#ifndef _SYS_STATVFS_H_
#define _SYS_STATVFS_H_

#include <sys/types.h>
#include <sys/fstypes.h>

#define _VFS_NAMELEN	32
#define _VFS_MNAMELEN	1024
#define VFS_NAMELEN	_VFS_NAMELEN
#define VFS_MNAMELEN	_VFS_MNAMELEN

struct statvfs {
	unsigned long	f_flag;		/* ST_* */
	unsigned long	f_bsize;	/* block size */
	unsigned long	f_frsize;	/* unit of the block counts below */
	unsigned long	f_iosize;	/* good size for I/O */

	fsblkcnt_t	f_blocks;	/* size */
	fsblkcnt_t	f_bfree;	/* free */
	fsblkcnt_t	f_bavail;	/* free for everybody */
	fsblkcnt_t	f_bresvd;	/* kept for the superuser */

	fsfilcnt_t	f_files;	/* the same of inodes */
	fsfilcnt_t	f_ffree;
	fsfilcnt_t	f_favail;
	fsfilcnt_t	f_fresvd;

	uint64_t	f_syncreads;	/* transfers so far */
	uint64_t	f_syncwrites;
	uint64_t	f_asyncreads;
	uint64_t	f_asyncwrites;

	fsid_t		f_fsidx;	/* identity, as the kernel has it */
	unsigned long	f_fsid;		/* as POSIX has it */
	unsigned long	f_namemax;	/* longest name */
	uid_t		f_owner;	/* who mounted it */

	uint64_t	f_spare[4];

	char		f_fstypename[_VFS_NAMELEN];
	char		f_mntonname[_VFS_MNAMELEN];
	char		f_mntfromname[_VFS_MNAMELEN];
	char		f_mntfromlabel[_VFS_MNAMELEN];
};

#define ST_WAIT		MNT_WAIT
#define ST_NOWAIT	MNT_NOWAIT

#define ST_RDONLY	MNT_RDONLY
#define ST_SYNCHRONOUS	MNT_SYNCHRONOUS
#define ST_NOEXEC	MNT_NOEXEC
#define ST_NOSUID	MNT_NOSUID
#define ST_NODEV	MNT_NODEV
#define ST_UNION	MNT_UNION
#define ST_ASYNC	MNT_ASYNC
#define ST_NOCOREDUMP	MNT_NOCOREDUMP
#define ST_RELATIME	MNT_RELATIME
#define ST_IGNORE	MNT_IGNORE
#define ST_ACLS		MNT_ACLS
#define ST_DISCARD	MNT_DISCARD
#define ST_EXTATTR	MNT_EXTATTR
#define ST_LOG		MNT_LOG
#define ST_NOATIME	MNT_NOATIME
#define ST_AUTOMOUNTED	MNT_AUTOMOUNTED
#define ST_SYMPERM	MNT_SYMPERM
#define ST_NODEVMTIME	MNT_NODEVMTIME
#define ST_SOFTDEP	MNT_SOFTDEP
#define ST_LOCAL	MNT_LOCAL
#define ST_QUOTA	MNT_QUOTA
#define ST_ROOTFS	MNT_ROOTFS
#define ST_EXRDONLY	MNT_EXRDONLY
#define ST_EXPORTED	MNT_EXPORTED
#define ST_DEFEXPORTED	MNT_DEFEXPORTED
#define ST_EXPORTANON	MNT_EXPORTANON
#define ST_EXKERB	MNT_EXKERB
#define ST_EXNORESPORT	MNT_EXNORESPORT
#define ST_EXPUBLIC	MNT_EXPUBLIC

#ifdef _KERNEL
#include <sys/kmem.h>

struct lwp;
struct mount;

/* A statvfs is too large for a stack. */
#define STATVFSBUF_GET()	\
	((struct statvfs *)kmem_zalloc(sizeof(struct statvfs), KM_SLEEP))
#define STATVFSBUF_PUT(sb)	kmem_free((sb), sizeof(struct statvfs))

void	copy_statvfs_info(struct statvfs *, const struct mount *);
int	set_statvfs_info(const char *, int, const char *, int, const char *,
	    struct mount *, struct lwp *);
int	dostatvfs(struct mount *, struct statvfs *, struct lwp *, int, int);
#endif

#endif /* _SYS_STATVFS_H_ */
