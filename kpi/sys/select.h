/* SPDX-License-Identifier: BSD-2-Clause */
/* select(2), and how objects tell their pollers. */
#ifndef _SYS_SELECT_H_
#define _SYS_SELECT_H_

#include <sys/featuretest.h>
#include <sys/sigtypes.h>
#include <sys/fd_set.h>
#include <sys/sigtypes.h>

#ifdef _KERNEL

#include <sys/types.h>
#include <sys/selinfo.h>
#include <sys/event.h>

struct cpu_info;
struct knote;
struct lwp;
struct pollfd;
struct proc;
struct timespec;

/* Pollers of an object: doc/syscalls.md has the rules of locking. */
void	selinit(struct selinfo *);
void	seldestroy(struct selinfo *);
void	selrecord(struct lwp *selector, struct selinfo *);
void	selrecord_knote(struct selinfo *, struct knote *);
bool	selremove_knote(struct selinfo *, struct knote *);
void	selnotify(struct selinfo *, int, long);

/* The system calls' common parts. */
void	selsysinit(struct cpu_info *);
int	selcommon(register_t *, int, fd_set *, fd_set *, fd_set *,
	    struct timespec *, sigset_t *);
int	pollcommon(register_t *, struct pollfd *, u_int, struct timespec *,
	    sigset_t *);

/* Poll routine of a device that is always ready. */
int	seltrue(dev_t, int, struct lwp *);

#else

#include <sys/sigtypes.h>
#include <sys/time.h>

#endif /* _KERNEL */
#endif /* _SYS_SELECT_H_ */
