/* SPDX-License-Identifier: BSD-2-Clause */
/* What pseudo terminals and the file system that shows them say to each other. */
#ifndef _SYS_PTY_H_
#define	_SYS_PTY_H_

#include <sys/types.h>

struct lwp;
struct mount;
struct vattr;
struct vnode;

struct ptm_pty {
	int	(*allocvp)(struct mount *, struct lwp *, struct vnode **,
		    dev_t, char);
	int	(*makename)(struct mount *, struct lwp *, char *, size_t,
		    dev_t, char);
	void	(*getvattr)(struct mount *, struct lwp *, struct vattr *);
	int	(*getmp)(struct lwp *, struct mount **);
};

extern int npty;

int	pty_isfree(int minor, int lock);
dev_t	pty_makedev(char ms, int minor);

/* Install a handler; returns the one before. */
struct ptm_pty *pty_sethandler(struct ptm_pty *handler);

#endif
