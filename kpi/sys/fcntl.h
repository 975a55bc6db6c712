/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Flags of open(2), commands of fcntl(2), record locks, and the flags of the
 * *at() family.  Kernel code keeps open flags in the F form, where FREAD and
 * FWRITE are bits: FFLAGS and OFLAGS convert.
 */
#ifndef _SYS_FCNTL_H_
#define _SYS_FCNTL_H_

#include <sys/featuretest.h>
#include <sys/types.h>
#include <sys/stat.h>

/* How to open: access mode, then behaviour, then what open itself does. */
#define O_RDONLY	0
#define O_WRONLY	1
#define O_RDWR		2
#define O_ACCMODE	3
#define O_SEARCH	0x800000
#define O_EXEC		0x4000000
#define O_NONBLOCK	0x4
#define O_APPEND	0x8
#define O_ASYNC		0x40
#define O_SYNC		0x80
#define O_DSYNC		0x10000
#define O_RSYNC		0x20000
#define O_ALT_IO	0x40000
#define O_DIRECT	0x80000
#define O_NOSIGPIPE	0x1000000
#define O_SHLOCK	0x10
#define O_EXLOCK	0x20
#define O_NOFOLLOW	0x100
#define O_CREAT		0x200
#define O_TRUNC		0x400
#define O_EXCL		0x800
#define O_NOCTTY	0x8000
#define O_DIRECTORY	0x200000
#define O_CLOEXEC	0x400000
#define O_REGULAR	0x2000000
#define O_NDELAY	O_NONBLOCK
#define O_FSYNC		O_SYNC
#define O_MASK \
	(O_ACCMODE | O_NONBLOCK | O_APPEND | O_SHLOCK | O_EXLOCK | O_ASYNC | \
	 O_SYNC | O_CREAT | O_TRUNC | O_EXCL | O_DSYNC | O_RSYNC | O_ALT_IO | \
	 O_NOCTTY | O_DIRECT | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW | \
	 O_NOSIGPIPE | O_REGULAR | O_EXEC)

/* The same in a file's f_flag. */
#define FREAD	1
#define FWRITE	2
#define FNONBLOCK	O_NONBLOCK
#define FNDELAY		O_NONBLOCK
#define FAPPEND		O_APPEND
#define FASYNC		O_ASYNC
#define FFSYNC		O_SYNC
#define FDSYNC		O_DSYNC
#define FRSYNC		O_RSYNC
#define FALTIO		O_ALT_IO
#define FDIRECT		O_DIRECT
#define FNOSIGPIPE	O_NOSIGPIPE

#ifdef _KERNEL
#define FEXEC		O_EXEC
#define FMARK		0x1000
#define FDEFER		0x2000
#define FHASLOCK	0x4000
#define FSCAN		0x100000
#define FSILENT		0x40000000
#define FKIOCTL		0x80000000U
#define FFLAGS(oflags)	((oflags) + 1)
#define OFLAGS(fflags)	((fflags) - 1)

/* Bits that survive open, and those of them that fcntl may change. */
#define FCNTLFLAGS \
	(FAPPEND | FASYNC | FFSYNC | FDSYNC | FRSYNC | FNONBLOCK | FDIRECT | \
	 FALTIO | FNOSIGPIPE)
#define FMASK		(FREAD | FWRITE | FCNTLFLAGS | FEXEC)
#endif

/* fcntl commands; and the flags that F_GETFD and F_SETFD pass. */
#define F_DUPFD		0
#define F_GETFD		1
#define F_SETFD		2
#define F_GETFL		3
#define F_SETFL		4
#define F_GETOWN	5
#define F_SETOWN	6
#define F_GETLK		7
#define F_SETLK		8
#define F_SETLKW	9
#define F_CLOSEM	10
#define F_MAXFD		11
#define F_DUPFD_CLOEXEC	12
#define F_GETNOSIGPIPE	13
#define F_SETNOSIGPIPE	14
#define F_GETPATH	15
#define F_ADD_SEALS	16
#define F_GET_SEALS	17
#define FD_CLOEXEC	1

/*
 * Commands that go to the file system: direction, a bit for commands private
 * to one, the parameter's size, and the number.
 */
#define F_FSCTL		(int)0x80000000
#define F_FSVOID	(int)0x40000000
#define F_FSOUT		(int)0x20000000
#define F_FSIN		(int)0x10000000
#define F_FSINOUT	(F_FSIN | F_FSOUT)
#define F_FSDIRMASK	(int)0x70000000
#define F_FSPRIV	(int)0x00008000
#define F_PARAM_MASK	4095
#define F_PARAM_LEN(cmd)	(((cmd) >> 16) & F_PARAM_MASK)
#define F_PARAM_MAX	4095

#define _FCN(inout, num, len) \
	(F_FSCTL | (inout) | (((len) & F_PARAM_MASK) << 16) | (num))
#define _FCNO(c)		_FCN(F_FSVOID, (c), 0)
#define _FCNR(c, t)		_FCN(F_FSIN, (c), (int)sizeof(t))
#define _FCNW(c, t)		_FCN(F_FSOUT, (c), (int)sizeof(t))
#define _FCNRW(c, t)		_FCN(F_FSINOUT, (c), (int)sizeof(t))
#define _FCN_FSPRIV(inout, fs, num, len) \
	(F_FSCTL | F_FSPRIV | (inout) | (((len) & F_PARAM_MASK) << 16) | \
	 ((fs) << 8) | (num))
#define _FCNO_FSPRIV(f, c)	_FCN_FSPRIV(F_FSVOID, (f), (c), 0)
#define _FCNR_FSPRIV(f, c, t)	_FCN_FSPRIV(F_FSIN, (f), (c), (int)sizeof(t))
#define _FCNW_FSPRIV(f, c, t)	_FCN_FSPRIV(F_FSOUT, (f), (c), (int)sizeof(t))
#define _FCNRW_FSPRIV(f, c, t)	\
	_FCN_FSPRIV(F_FSINOUT, (f), (c), (int)sizeof(t))

/* Record locks: kinds, what the kernel adds, and the argument. */
#define F_RDLCK	1
#define F_UNLCK	2
#define F_WRLCK	3
#ifdef _KERNEL
#define F_WAIT	0x10
#define F_FLOCK	0x20
#define F_POSIX	0x40
#endif
struct flock {
	off_t	l_start;
	off_t	l_len;		/* 0 = to the end of the file */
	pid_t	l_pid;		/* out, of F_GETLK: who holds it */
	short	l_type;
	short	l_whence;
};

/* flock(2). */
#define LOCK_SH	0x1
#define LOCK_EX	0x2
#define LOCK_NB	0x4
#define LOCK_UN	0x8

/* posix_fadvise(2). */
#define POSIX_FADV_NORMAL	0
#define POSIX_FADV_RANDOM	1
#define POSIX_FADV_SEQUENTIAL	2
#define POSIX_FADV_WILLNEED	3
#define POSIX_FADV_DONTNEED	4
#define POSIX_FADV_NOREUSE	5

/* The *at() family. */
#define AT_FDCWD	(-100)
#define AT_EACCESS		0x100
#define AT_SYMLINK_NOFOLLOW	0x200
#define AT_SYMLINK_FOLLOW	0x400
#define AT_REMOVEDIR		0x800

#endif /* _SYS_FCNTL_H_ */
