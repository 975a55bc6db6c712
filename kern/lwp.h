/* SPDX-License-Identifier: BSD-2-Clause */
/* Lives of lwps: see lwp.c. */
#ifndef _KERN_LWP_H_
#define _KERN_LWP_H_

#include <sys/lwp.h>

#include "gate.h"

/*
 * Memory for an lwp, and back.  It stays an lwp's over halts, so that those
 * who look at an lwp without a lock, and threads that remember one from an
 * earlier boot, read sane values.  Needs no CPU.  NULL: the host has no memory;
 * a thread that enters gets one of the last, which no others get.
 */
struct lwp *lwp_get(void);
struct lwp *lwp_get_entering(void);
void	lwp_put(struct lwp *);

/* Before boot: the first ones.  0 or ENOMEM. */
int	lwp_memory_init(void);

/* Fill in a new lwp; nobody can find it yet.  Needs no CPU. */
void	lwp_setup(struct lwp *, struct proc *);

/*
 * Make it one of its process, with a hold on the descriptors; and the reverse,
 * true if it was the last one there.  May sleep.  curlwp may be l itself.
 */
void	lwp_join(struct lwp *, struct proc *);
void	lwp_join_locked(struct lwp *, struct proc *);	/* without files */
bool	lwp_part(struct lwp *);

/*
 * Halt.  All lwps belong to nowhere, and no thread is about to enter with one
 * by the short way.  Those of the kernel's threads, those that no thread has
 * as its current one, and the caller's two are put back.  Other threads find
 * out about theirs when they enter or end.
 */
void	lwp_disown_all(struct lwp *own, struct lwp *implicit);
/* The calling thread ends, and cannot enter the kernel any more. */
void	lwp_abandon(struct lwp *);
/* Whose the thread is that l belongs to. */
enum visitor lwp_visitor(const struct lwp *l);
/* Does another thread of that sort wait, or run, in the kernel? */
bool	lwp_visitors_inside(enum visitor);

void	lwp_init(void);
void	lwp0_setup(void);

#endif
