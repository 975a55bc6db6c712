/* SPDX-License-Identifier: BSD-2-Clause */
/* What stat(2) tells about a file; modes and flags. */
#ifndef _SYS_STAT_H_
#define _SYS_STAT_H_

#include <sys/featuretest.h>
#include <sys/types.h>
#include <sys/time.h>

struct stat {
	dev_t		st_dev;		/* of the file system */
	mode_t		st_mode;
	ino_t		st_ino;
	nlink_t		st_nlink;
	uid_t		st_uid;
	gid_t		st_gid;
	dev_t		st_rdev;	/* of a device */
	struct timespec	st_atim;	/* read */
	struct timespec	st_mtim;	/* content written */
	struct timespec	st_ctim;	/* anything changed */
	struct timespec	st_birthtim;	/* created */
	off_t		st_size;
	blkcnt_t	st_blocks;	/* of S_BLKSIZE bytes, in use */
	blksize_t	st_blksize;	/* good size for transfers */
	uint32_t	st_flags;
	uint32_t	st_gen;
	uint32_t	st_spare[2];
};
#define st_atimespec		st_atim
#define st_atime		st_atim.tv_sec
#define st_atimensec		st_atim.tv_nsec
#define st_mtimespec		st_mtim
#define st_mtime		st_mtim.tv_sec
#define st_mtimensec		st_mtim.tv_nsec
#define st_ctimespec		st_ctim
#define st_ctime		st_ctim.tv_sec
#define st_ctimensec		st_ctim.tv_nsec
#define st_birthtimespec	st_birthtim
#define st_birthtime		st_birthtim.tv_sec
#define st_birthtimensec	st_birthtim.tv_nsec
#define S_BLKSIZE		512

/* File types. */
#define _S_IFMT		0170000
#define _S_IFIFO	0010000
#define _S_IFCHR	0020000
#define _S_IFDIR	0040000
#define _S_IFBLK	0060000
#define _S_IFREG	0100000
#define _S_IFLNK	0120000
#define _S_IFSOCK	0140000
#define _S_IFWHT	0160000
#define _S_ISVTX	0001000
#define _S_ARCH1	0200000
#define _S_ARCH2	0400000
#define S_IFMT		_S_IFMT
#define S_IFIFO		_S_IFIFO
#define S_IFCHR		_S_IFCHR
#define S_IFDIR		_S_IFDIR
#define S_IFBLK		_S_IFBLK
#define S_IFREG		_S_IFREG
#define S_IFLNK		_S_IFLNK
#define S_IFSOCK	_S_IFSOCK
#define S_IFWHT		_S_IFWHT
#define S_ARCH1		_S_ARCH1
#define S_ARCH2		_S_ARCH2

#define S_ISFIFO(m)	(((m) & _S_IFMT) == _S_IFIFO)
#define S_ISCHR(m)	(((m) & _S_IFMT) == _S_IFCHR)
#define S_ISDIR(m)	(((m) & _S_IFMT) == _S_IFDIR)
#define S_ISBLK(m)	(((m) & _S_IFMT) == _S_IFBLK)
#define S_ISREG(m)	(((m) & _S_IFMT) == _S_IFREG)
#define S_ISLNK(m)	(((m) & _S_IFMT) == _S_IFLNK)
#define S_ISSOCK(m)	(((m) & _S_IFMT) == _S_IFSOCK)
#define S_ISWHT(m)	(((m) & _S_IFMT) == _S_IFWHT)

/* Permissions. */
#define S_ISUID		0004000
#define S_ISGID		0002000
#define S_ISTXT		0001000
#define S_ISVTX		_S_ISVTX
#define S_IRWXU		0000700
#define S_IRUSR		0000400
#define S_IWUSR		0000200
#define S_IXUSR		0000100
#define S_IREAD		S_IRUSR
#define S_IWRITE	S_IWUSR
#define S_IEXEC		S_IXUSR
#define S_IRWXG		0000070
#define S_IRGRP		0000040
#define S_IWGRP		0000020
#define S_IXGRP		0000010
#define S_IRWXO		0000007
#define S_IROTH		0000004
#define S_IWOTH		0000002
#define S_IXOTH		0000001
#define ACCESSPERMS	(S_IRWXU | S_IRWXG | S_IRWXO)
#define ALLPERMS	(S_ISUID | S_ISGID | S_ISTXT | ACCESSPERMS)
#define DEFFILEMODE \
	(S_IRUSR | S_IWUSR | S_IRGRP | S_IWGRP | S_IROTH | S_IWOTH)

/* chflags(2): the owner's flags, and the superuser's. */
#define UF_NODUMP	0x1
#define UF_IMMUTABLE	0x2
#define UF_APPEND	0x4
#define UF_OPAQUE	0x8
#define UF_SETTABLE	0xffff
#define SF_ARCHIVED	0x10000
#define SF_IMMUTABLE	0x20000
#define SF_APPEND	0x40000
#define SF_SNAPSHOT	0x200000
#define SF_LOG		0x400000
#define SF_SNAPINVAL	0x800000
#define SF_SETTABLE	0xffff0000U
#ifdef _KERNEL
#define OPAQUE		(UF_OPAQUE)
#define APPEND		(UF_APPEND | SF_APPEND)
#define IMMUTABLE	(UF_IMMUTABLE | SF_IMMUTABLE)
#endif

/* utimensat(2): in tv_nsec. */
#define UTIME_NOW	((1 << 30) - 1)
#define UTIME_OMIT	((1 << 30) - 2)

#endif /* _SYS_STAT_H_ */
