/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Limits and usage of processes.
 *
 * Limits are shared by a process and its children; the first change gives a
 * process a private copy (pl_writeable), which nobody else changes.  The
 * shared original stays referenced as long as the copy lives, since others may
 * read p_limit without a lock.  p_lock protects the switch of p_limit, pl_lock
 * the values.
 *
 * There are no interval clocks behind usage: times are those of the lwps
 * (cputime.h), counts what drivers add to l_ru.
 */
#include <sys/param.h>
#include <sys/atomic.h>
#include <sys/errno.h>
#include <sys/kauth.h>
#include <sys/kmem.h>
#include <sys/lwp.h>
#include <sys/proc.h>
#include <sys/resourcevar.h>
#include <sys/systm.h>
#include <sys/time.h>

#include <rump-private/syscall.h>

#include "cputime.h"
#include "files/fd_calls.h"

struct plimit *limit0;
struct loadavg averunnable = { .fscale = FSCALE };
int maxuprc = MAXUPRC;
int security_setidcore_dump;
char defcorename[] = "%n.core";

/* Limits of the first process; the rest are infinite. */
static const struct {
	int	which;
	rlim_t	cur, max;
} first_limits[] = {
	{ RLIMIT_NOFILE, 1024, RLIM_INFINITY },
	{ RLIMIT_NPROC, MAXUPRC, RLIM_INFINITY },
};

void
resource_init(void)
{
	struct plimit *lim = kmem_zalloc(sizeof(*lim), KM_SLEEP);
	size_t i;

	for (i = 0; i < RLIM_NLIMITS; i++) {
		lim->pl_rlimit[i].rlim_cur = RLIM_INFINITY;
		lim->pl_rlimit[i].rlim_max = RLIM_INFINITY;
	}
	for (i = 0; i < __arraycount(first_limits); i++) {
		lim->pl_rlimit[first_limits[i].which].rlim_cur =
		    first_limits[i].cur;
		lim->pl_rlimit[first_limits[i].which].rlim_max =
		    first_limits[i].max;
	}
	lim->pl_corename = defcorename;
	lim->pl_cnlen = 0;
	lim->pl_refcnt = 1;
	mutex_init(&lim->pl_lock, MUTEX_DEFAULT, IPL_NONE);
	limit0 = lim;
}

void
lim_addref(struct plimit *lim)
{

	atomic_inc_uint(&lim->pl_refcnt);
}

struct plimit *
lim_copy(struct plimit *lim)
{
	struct plimit *new = kmem_zalloc(sizeof(*new), KM_SLEEP);
	char *corename = NULL;
	size_t len;

	new->pl_refcnt = 1;
	mutex_init(&new->pl_lock, MUTEX_DEFAULT, IPL_NONE);
	mutex_enter(&lim->pl_lock);
	while ((len = lim->pl_cnlen) != new->pl_cnlen) {
		mutex_exit(&lim->pl_lock);
		if (corename != NULL)
			kmem_free(corename, new->pl_cnlen);
		corename = kmem_alloc(len, KM_SLEEP);
		new->pl_cnlen = len;
		mutex_enter(&lim->pl_lock);
	}
	memcpy(new->pl_rlimit, lim->pl_rlimit, sizeof(new->pl_rlimit));
	if (len == 0) {
		new->pl_corename = defcorename;
	} else {
		memcpy(corename, lim->pl_corename, len);
		new->pl_corename = corename;
	}
	mutex_exit(&lim->pl_lock);
	return new;
}

void
lim_free(struct plimit *lim)
{
	struct plimit *shared;

	do {
		membar_exit();
		if (atomic_dec_uint_nv(&lim->pl_refcnt) > 0)
			return;
		membar_enter();
		shared = lim->pl_sv_limit;
		if (lim->pl_cnlen != 0)
			kmem_free(lim->pl_corename, lim->pl_cnlen);
		mutex_destroy(&lim->pl_lock);
		kmem_free(lim, sizeof(*lim));
	} while ((lim = shared) != NULL);
}

void
lim_privatise(struct proc *p)
{
	struct plimit *new;

	if (p->p_limit->pl_writeable)
		return;
	new = lim_copy(p->p_limit);
	new->pl_writeable = true;
	mutex_enter(p->p_lock);
	if (p->p_limit->pl_writeable) {		/* another was faster */
		mutex_exit(p->p_lock);
		lim_free(new);
		return;
	}
	new->pl_sv_limit = p->p_limit;
	atomic_store_release(&p->p_limit, new);
	mutex_exit(p->p_lock);
}

/* Take over a core file's name of len bytes; the old one is freed. */
void
lim_setcorename(struct proc *p, char *name, size_t len)
{
	struct plimit *lim;
	char *old;
	size_t oldlen;

	lim_privatise(p);
	lim = p->p_limit;
	mutex_enter(&lim->pl_lock);
	old = lim->pl_corename;
	oldlen = lim->pl_cnlen;
	lim->pl_corename = name;
	lim->pl_cnlen = len;
	mutex_exit(&lim->pl_lock);
	if (oldlen != 0)
		kmem_free(old, oldlen);
}

/*
 * Set limit which of p on behalf of l.
 *
 * new      what it is to become; values past infinity are infinity.
 *
 * Returns 0, EINVAL (no such limit, soft above hard) or EPERM.
 */
int
dosetrlimit(struct lwp *l, struct proc *p, int which, struct rlimit *new)
{
	struct rlimit *lim;
	int error;

	if ((u_int)which >= RLIM_NLIMITS)
		return EINVAL;
	new->rlim_cur = MIN(new->rlim_cur, RLIM_INFINITY);
	new->rlim_max = MIN(new->rlim_max, RLIM_INFINITY);
	if (new->rlim_cur > new->rlim_max)
		return EINVAL;
	lim = &p->p_rlimit[which];
	if (lim->rlim_cur == new->rlim_cur && lim->rlim_max == new->rlim_max)
		return 0;
	error = kauth_authorize_process(l->l_cred, KAUTH_PROCESS_RLIMIT, p,
	    KAUTH_ARG(KAUTH_REQ_PROCESS_RLIMIT_SET), new, KAUTH_ARG(which));
	if (error != 0)
		return error;
	lim_privatise(p);
	mutex_enter(&p->p_limit->pl_lock);
	p->p_rlimit[which] = *new;
	mutex_exit(&p->p_limit->pl_lock);
	return 0;
}

int
sys_getrlimit(struct lwp *l, const struct sys_getrlimit_args *uap,
    register_t *retval)
{
	struct plimit *lim = l->l_proc->p_limit;
	int which = SCARG(uap, which);
	struct rlimit rl;

	if ((u_int)which >= RLIM_NLIMITS)
		return EINVAL;
	mutex_enter(&lim->pl_lock);
	rl = lim->pl_rlimit[which];
	mutex_exit(&lim->pl_lock);
	return copyout(&rl, SCARG(uap, rlp), sizeof(rl));
}

int
sys_setrlimit(struct lwp *l, const struct sys_setrlimit_args *uap,
    register_t *retval)
{
	struct rlimit rl;
	int error;

	error = copyin(SCARG(uap, rlp), &rl, sizeof(rl));
	if (error != 0)
		return error;
	return dosetrlimit(l, l->l_proc, SCARG(uap, which), &rl);
}

/*
 * Usage.
 */
struct pstats *
pstatscopy(struct pstats *from)
{
	struct pstats *ps = kmem_zalloc(sizeof(*ps), KM_SLEEP);

	if (from != NULL)
		ps->p_prof = from->p_prof;
	microtime(&ps->p_start);
	return ps;
}

void
pstatsfree(struct pstats *ps)
{

	kmem_free(ps, sizeof(*ps));
}

/* Add one process's counts to another's; times and sizes too. */
void
ruadd(struct rusage *to, struct rusage *from)
{
	long *tp = &to->ru_first, *fp = &from->ru_first;

	timeradd(&to->ru_utime, &from->ru_utime, &to->ru_utime);
	timeradd(&to->ru_stime, &from->ru_stime, &to->ru_stime);
	to->ru_maxrss = MAX(to->ru_maxrss, from->ru_maxrss);
	for (; tp <= &to->ru_last; tp++, fp++)
		*tp += *fp;
}

/* Add the counts of p's lwps; p_lock is held. */
void
rulwps(struct proc *p, struct rusage *ru)
{
	struct lwp *l;

	KASSERT(mutex_owned(p->p_lock));
	LIST_FOREACH(l, &p->p_lwps, l_sibling) {
		ruadd(ru, &l->l_ru);
		ru->ru_nvcsw += l->l_ncsw - l->l_nivcsw;
		ru->ru_nivcsw += l->l_nivcsw;
	}
}

/*
 * Times of p: in the program, in the kernel, in interrupts, and in all.  A
 * program's is not told apart from that of its calls (cputime.h).  p_lock is
 * held; results may be NULL.
 */
void
calcru(struct proc *p, struct timeval *up, struct timeval *sp,
    struct timeval *ip, struct timeval *rp)
{
	int64_t us = cputime_proc(p, NULL) / 1000;
	struct timeval tv = { us / 1000000, (suseconds_t)(us % 1000000) };

	if (up != NULL)
		*up = tv;
	if (sp != NULL)
		timerclear(sp);
	if (ip != NULL)
		timerclear(ip);
	if (rp != NULL)
		*rp = tv;
}

int
getrusage1(struct proc *p, int who, struct rusage *ru)
{

	switch (who) {
	case RUSAGE_SELF:
		mutex_enter(p->p_lock);
		*ru = p->p_stats->p_ru;
		rulwps(p, ru);
		calcru(p, &ru->ru_utime, &ru->ru_stime, NULL, NULL);
		mutex_exit(p->p_lock);
		return 0;
	case RUSAGE_CHILDREN:
		mutex_enter(p->p_lock);
		*ru = p->p_stats->p_cru;
		mutex_exit(p->p_lock);
		return 0;
	default:
		return EINVAL;
	}
}

int
sys___getrusage50(struct lwp *l, const struct sys___getrusage50_args *uap,
    register_t *retval)
{
	struct rusage ru;
	int error;

	error = getrusage1(l->l_proc, SCARG(uap, who), &ru);
	return error != 0 ? error :
	    copyout(&ru, SCARG(uap, rusage), sizeof(ru));
}

SYSCALL_HANDLER(getrlimit)
SYSCALL_HANDLER(setrlimit)
SYSCALL_HANDLER(__getrusage50)

static const struct rump_onesyscall calls[] = {
	SYSCALL_ROW(getrlimit),
	SYSCALL_ROW(setrlimit),
	SYSCALL_ROW(__getrusage50),
};

void
resource_register(void)
{

	rump_syscall_boot_establish(calls, __arraycount(calls));
}
