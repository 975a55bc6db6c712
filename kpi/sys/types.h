/* SPDX-License-Identifier: BSD-2-Clause */
/* The system's scalar types, and device numbers. */
#ifndef _SYS_TYPES_H_
#define _SYS_TYPES_H_

#include <sys/featuretest.h>
#include <sys/cdefs.h>
#include <sys/ansi.h>
#include <sys/endian.h>
#include <sys/fd_set.h>
#include <sys/stdbool.h>
#include <sys/stdint.h>
#include <machine/types.h>

/* Historical abbreviations. */
typedef unsigned char	u_char, unchar;
typedef unsigned short	u_short, ushort;
typedef unsigned int	u_int, uint;
typedef unsigned long	u_long, ulong;
typedef uint8_t		u_int8_t;
typedef uint16_t	u_int16_t;
typedef uint32_t	u_int32_t;
typedef uint64_t	u_int64_t;
typedef int64_t		quad_t, longlong_t;
typedef uint64_t	u_quad_t, u_longlong_t;
typedef quad_t *	qaddr_t;
typedef __caddr_t	caddr_t;
typedef int		boolean_t;

/* C's own. */
typedef __SIZE_TYPE__	size_t;
typedef __PTRDIFF_TYPE__	ssize_t, ptrdiff_t;

/* Files. */
typedef int64_t		blkcnt_t;
typedef int32_t		blksize_t;
typedef int64_t		daddr_t;	/* in blocks of 512 bytes */
typedef uint64_t	dev_t;
typedef __devmajor_t	devmajor_t;
typedef __devminor_t	devminor_t;
typedef __fsblkcnt_t	fsblkcnt_t;
typedef __fsfilcnt_t	fsfilcnt_t;
typedef uint64_t	ino_t;
typedef uint32_t	nlink_t;
typedef __mode_t	mode_t;
typedef __accmode_t	accmode_t;
typedef __off_t		off_t;
typedef int32_t		swblk_t;

/* Processes, users, time. */
typedef __uid_t		uid_t;
typedef __gid_t		gid_t;
typedef __pid_t		pid_t;
typedef int32_t		lwpid_t;
typedef uint32_t	id_t;
typedef long		key_t;
typedef uint64_t	rlim_t;
typedef int32_t		segsz_t;
typedef uint32_t	fixpt_t;
typedef unsigned int	clock_t;
typedef int		clockid_t;
typedef int		timer_t;
typedef int64_t		time_t;
typedef int		suseconds_t;
typedef unsigned int	useconds_t;
typedef int		mqd_t;
typedef unsigned long	cpuid_t;
typedef int		psetid_t;
typedef int		pri_t;

typedef struct buf	buf_t;
typedef struct file	file_t;
typedef struct lwp	lwp_t;
typedef struct proc	proc_t;
typedef struct uio	uio_t;
typedef struct kauth_cred *	kauth_cred_t;

#define NBBY	8		/* bits in a byte */
#define TRUE	1
#define FALSE	0

/* Flags in a word. */
#define SET(t, f)	((t) |= (f))
#define CLR(t, f)	((t) &= ~(f))
#define ISSET(t, f)	((t) & (f))

/*
 * A device number: the major in bits 8..19, the minor around it in bits 0..7
 * and 20..31, as on disk and in struct stat.
 */
#define NODEVMAJOR	(-1)
#define major(dev)	((devmajor_t)(((uint32_t)(dev) >> 8) & 0xfff))
#define minor(dev)	((devminor_t)((((uint32_t)(dev) >> 12) & 0xfff00) | \
			    ((uint32_t)(dev) & 0xff)))
#define makedev(maj, min) \
	((dev_t)((((uint32_t)(maj) << 8) & 0xfff00U) | \
	    (((uint32_t)(min) << 12) & 0xfff00000U) | ((uint32_t)(min) & 0xffU)))

/* User pointers as integers, wide enough for any client. */
typedef intptr_t	__register_t;

#endif
