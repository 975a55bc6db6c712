/* SPDX-License-Identifier: BSD-2-Clause */

/*
 * For the host's half of a component: code compiled against host headers that the kernel's
 * half calls, and that calls back. NetBSD's names. Any host library has them.
 *
 * Ref: facts of the interface are NetBSD's rump/rumpuser_component.h.
 */

#ifndef _RUMP_RUMPUSER_COMPONENT_H_
#define _RUMP_RUMPUSER_COMPONENT_H_

struct lwp;

#ifdef __cplusplus
extern "C" {
#endif
#pragma GCC visibility push(default)

/*
 * Give the virtual CPU back before something that may block; the result goes to _schedule,
 * which takes one again. A thread that comes from outside the kernel calls _schedule(NULL)
 * first, with an lwp or without, and _unschedule when it is done.
 *
 * While the kernel is halted, threads from outside come in until its hooks have run, so that
 * a hook may tell them to end and join them. A halt does not wait for those that gave the CPU back,
 * unless they hold the kernel lock. Who comes, or comes back, later, ends the program with a
 * message; it may come from outside into the next kernel.
 */
void *rumpuser_component_unschedule(void);
void rumpuser_component_schedule(void *cookie);

/* NetBSD's number for an errno of the host. */
int rumpuser_component_errtrans(int hosterr);

/*
 * The calling host thread will enter the kernel often: give it an lwp of its own, and take that
 * away again before the thread ends. No virtual CPU held, before and after. Both enter the kernel,
 * as from outside. The lwp goes with its kernel; in the next the thread is one without.
 */
void rumpuser_component_kthread(void);
void rumpuser_component_kthread_release(void);

/* The current lwp, and making another one current. Virtual CPU held. */
struct lwp *rumpuser_component_curlwp(void);
void rumpuser_component_switchlwp(struct lwp *l);

#pragma GCC visibility pop
#ifdef __cplusplus
}
#endif

#endif
