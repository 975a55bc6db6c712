/* SPDX-License-Identifier: BSD-2-Clause */
/* ioctl(2): the general numbers, by group. */
#ifndef _SYS_IOCTL_H_
#define _SYS_IOCTL_H_

#include <sys/ttycom.h>

/* The window size under an older name. */
struct ttysize {
	unsigned short	ts_lines;
	unsigned short	ts_cols;
	unsigned short	ts_xxx;
	unsigned short	ts_yyy;
};
#define TIOCGSIZE	TIOCGWINSZ
#define TIOCSSIZE	TIOCSWINSZ

#include <sys/ioccom.h>
#include <sys/dkio.h>
#include <sys/filio.h>
#include <sys/sockio.h>

/* A command of another system, passed through. */
struct ioctl_pt {
	unsigned long	com;
	void		*data;
};
#define PTIOCNETBSD	_IOW('Z', 0, struct ioctl_pt)
#define PTIOCSUNOS	_IOW('Z', 1, struct ioctl_pt)
#define PTIOCSVR4	_IOW('Z', 2, struct ioctl_pt)
#define PTIOCLINUX	_IOW('Z', 3, struct ioctl_pt)
#define PTIOCFREEBSD	_IOW('Z', 4, struct ioctl_pt)
#define PTIOCOSF1	_IOW('Z', 5, struct ioctl_pt)
#define PTIOCULTRIX	_IOW('Z', 6, struct ioctl_pt)
#define PTIOCWIN32	_IOW('Z', 7, struct ioctl_pt)

#ifdef _KERNEL
/*
 * Copy an ioctl's embedded data: from the kernel when ioctlflags has FKIOCTL,
 * else from the calling process.
 */
int	ioctl_copyin(int ioctlflags, const void *src, void *dst, size_t len);
int	ioctl_copyout(int ioctlflags, const void *src, void *dst, size_t len);
#else
int	ioctl(int, unsigned long, ...);
#endif

#endif /* _SYS_IOCTL_H_ */
