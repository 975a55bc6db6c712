/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * lwps and processes that programs make for themselves, rump_lwproc(3).
 *
 * A thread asks for an lwp in a new process (rfork) or in an existing one
 * (newlwp), and gets it as its current one; it can switch between those that
 * it made, and release the current one.  A process ends with its last lwp.
 *
 * All are called inside the kernel: the generated rump_pub_ forms enter and
 * leave.
 */
#include <sys/cpu.h>
#include <sys/proc.h>
#include <sys/systm.h>

#include <rump-private/files.h>
#include <rump-sys/kern.h>
#include <rump/rump.h>
#include <rump/rumpuser.h>

#include "entry.h"
#include "gate.h"
#include "lwp.h"
#include "proc.h"
#include "sched.h"

/* A new lwp in p, made current. */
static int
newlwp_in(struct proc *p)
{
	struct lwp *l = lwp_get();

	if (l == NULL)
		return ENOMEM;
	lwp_setup(l, p);
	lwp_join(l, p);
	entry_switch(l);
	return 0;
}

int
rump_lwproc_rfork_vmspace(struct vmspace *vm, int flags)
{
	struct proc *p;
	int error;

	if ((flags & ~(RUMP_RFFDG | RUMP_RFCFDG)) != 0 ||
	    (flags & (RUMP_RFFDG | RUMP_RFCFDG)) == (RUMP_RFFDG | RUMP_RFCFDG))
		return EINVAL;
	p = proc_create(curproc, flags);
	if (vm != NULL)
		p->p_vmspace = vm;
	proc_publish(p);
	error = newlwp_in(p);
	if (error != 0)
		proc_destroy(p);
	return error;
}

int
rump_lwproc_rfork(int flags)
{

	return rump_lwproc_rfork_vmspace(NULL, flags);
}

/* ESRCH: no such process.  It cannot end before the new lwp is counted. */
int
rump_lwproc_newlwp(pid_t pid)
{
	struct lwp *l = lwp_get();
	struct proc *p;

	if (l == NULL)
		return ENOMEM;
	mutex_enter(&proc_lock);
	p = proc_find(pid);
	if (p == NULL || p->p_nlwps == 0) {
		mutex_exit(&proc_lock);
		lwp_put(l);
		return ESRCH;
	}
	lwp_setup(l, p);
	lwp_join_locked(l, p);
	mutex_exit(&proc_lock);
	lwp_files_hold(l, p);
	entry_switch(l);
	return 0;
}

/* NULL: none of its own. */
void
rump_lwproc_switch(struct lwp *l)
{
	struct lwp *old = curlwp;

	if (l == old || (l == NULL && old->l_implicit))
		return;
	KASSERTMSG(l == NULL || (!l->l_implicit && l->l_oncpu == 0),
	    "rump_lwproc_switch: lwp %p is in use", l);
	if (l == NULL)
		entry_switch_implicit();
	else
		entry_switch(l);
}

void
rump_lwproc_releaselwp(void)
{
	struct lwp *l = curlwp;
	struct proc *p = l->l_proc;
	enum visitor v;
	bool last;

	if (l->l_implicit)
		panic("rump_lwproc_releaselwp: the thread has no lwp");
	v = lwp_visitor(l);
	gate_move(v);
	last = lwp_part(l);
	entry_switch_implicit();
	gate_passed(v);
	sched_detach(l);
	lwp_put(l);
	if (last && p != initproc && p != &proc0)
		proc_destroy(p);
}

struct lwp *
rump_lwproc_curlwp(void)
{
	struct lwp *l = curlwp;

	return l == NULL || l->l_implicit ? NULL : l;
}

/* The process's calls are understood as the native kernel's: they are so. */
void
rump_lwproc_sysent_usenative(void)
{

	if (!curlwp->l_implicit)
		curproc->p_emuldata = NULL;
}

struct lwp *
rump__lwproc_alloclwp(struct proc *p)
{
	struct lwp *l = lwp_get();

	if (l == NULL)
		panic("rump__lwproc_alloclwp: no memory");
	if (p == NULL)
		p = &proc0;
	lwp_setup(l, p);
	lwp_join(l, p);
	return l;
}
