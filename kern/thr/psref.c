/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * psref(9): references that cost no atomic operation.
 *
 * Each class has, for each CPU, a list of the references taken there.  The
 * holder is bound to that CPU, so only one thread at a time works on a list.
 * Who destroys a target marks it, goes to each CPU to look for references to
 * it, and sleeps while there are any; a release that finds the mark wakes him.
 *
 * Locks: a list is its CPU's holder's; psc_lock makes look and sleep one step
 * against the wake-up.
 */
#include <sys/param.h>
#include <sys/atomic.h>
#include <sys/condvar.h>
#include <sys/cpu.h>
#include <sys/kmem.h>
#include <sys/lwp.h>
#include <sys/mutex.h>
#include <sys/percpu.h>
#include <sys/psref.h>
#include <sys/systm.h>
#include <sys/xcall.h>

SLIST_HEAD(psref_list, psref);

struct psref_class {
	kmutex_t	psc_lock;
	kcondvar_t	psc_cv;
	percpu_t	*psc_refs;	/* struct psref_list */
};

void
psref_init(void)
{
}

struct psref_class *
psref_class_create(const char *name, int ipl)
{
	struct psref_class *psc = kmem_zalloc(sizeof(*psc), KM_SLEEP);

	mutex_init(&psc->psc_lock, MUTEX_DEFAULT, ipl);
	cv_init(&psc->psc_cv, name);
	psc->psc_refs = percpu_alloc(sizeof(struct psref_list));
	return psc;
}

static void
list_check_empty(void *p, void *arg, struct cpu_info *ci)
{
	struct psref_list *list __diagused = p;

	KASSERTMSG(SLIST_EMPTY(list), "psref class destroyed with references");
}

void
psref_class_destroy(struct psref_class *psc)
{

	percpu_foreach(psc->psc_refs, list_check_empty, NULL);
	percpu_free(psc->psc_refs, sizeof(struct psref_list));
	cv_destroy(&psc->psc_cv);
	mutex_destroy(&psc->psc_lock);
	kmem_free(psc, sizeof(*psc));
}

void
psref_target_init(struct psref_target *target, struct psref_class *psc)
{

	target->prt_class = psc;
	target->prt_draining = false;
}

/*
 * Take a reference, kept in the caller's *psref.
 *
 * Context: thread bound to its CPU, or soft interrupt; within a read section
 * or a lock that keeps the target from being destroyed.  Does not sleep.
 */
void
psref_acquire(struct psref *psref, const struct psref_target *target,
    struct psref_class *psc)
{
	struct psref_list *list = percpu_getref(psc->psc_refs);

	KASSERTMSG(curlwp->l_pflag & (LP_BOUND | LP_INTR), "psref by an unbound lwp");
	KASSERTMSG(target->prt_class == psc, "psref of another class");
	KASSERTMSG(!target->prt_draining, "psref of a target that is destroyed");
	psref->psref_target = target;
	psref->psref_lwp = curlwp;
	psref->psref_cpu = curcpu();
	SLIST_INSERT_HEAD(list, psref, psref_entry);
	percpu_putref(psc->psc_refs);
}

/* Give a reference back, on the CPU and by the lwp that took it. */
void
psref_release(struct psref *psref, const struct psref_target *target,
    struct psref_class *psc)
{
	struct psref_list *list = percpu_getref(psc->psc_refs);

	KASSERTMSG(psref->psref_target == target, "psref of another target");
	KASSERTMSG(psref->psref_lwp == curlwp, "psref released by another lwp");
	KASSERTMSG(psref->psref_cpu == curcpu(), "psref released on another CPU");
	SLIST_REMOVE(list, psref, psref, psref_entry);
	percpu_putref(psc->psc_refs);
	psref->psref_target = NULL;
	if (__predict_false(atomic_load_relaxed(&target->prt_draining))) {
		mutex_enter(&psc->psc_lock);
		cv_broadcast(&psc->psc_cv);
		mutex_exit(&psc->psc_lock);
	}
}

/* A second reference, from one that the caller holds. */
void
psref_copy(struct psref *to, const struct psref *from, struct psref_class *psc)
{
	struct psref_list *list = percpu_getref(psc->psc_refs);

	KASSERT(from->psref_lwp == curlwp && from->psref_cpu == curcpu());
	to->psref_target = from->psref_target;
	to->psref_lwp = curlwp;
	to->psref_cpu = curcpu();
	SLIST_INSERT_HEAD(list, to, psref_entry);
	percpu_putref(psc->psc_refs);
}

struct search {
	const struct psref_target *target;
	struct psref_class	*psc;
	bool			found;
};

static void
search_here(void *arg1, void *arg2)
{
	struct search *s = arg1;
	struct psref_list *list = percpu_getref(s->psc->psc_refs);
	const struct psref *p;

	SLIST_FOREACH(p, list, psref_entry)
		if (p->psref_target == s->target)
			s->found = true;
	percpu_putref(s->psc->psc_refs);
}

/*
 * Wait until nobody holds a reference.  The caller has seen to it that no new
 * one can be taken (unlinked, and pserialize_perform).
 *
 * Context: thread, sleeps.
 */
void
psref_target_destroy(struct psref_target *target, struct psref_class *psc)
{
	struct search s = { target, psc, false };

	KASSERTMSG(target->prt_class == psc, "psref of another class");
	KASSERTMSG(!target->prt_draining, "psref target destroyed twice");
	atomic_store_relaxed(&target->prt_draining, true);
	mutex_enter(&psc->psc_lock);
	for (;;) {
		s.found = false;
		xc_wait(xc_broadcast(0, search_here, &s, NULL));
		if (!s.found)
			break;
		cv_wait(&psc->psc_cv, &psc->psc_lock);
	}
	mutex_exit(&psc->psc_lock);
	target->prt_class = NULL;
}

/* Does this lwp hold a reference here?  For assertions. */
bool
psref_held(const struct psref_target *target, struct psref_class *psc)
{
	const struct psref_list *list = percpu_getref(psc->psc_refs);
	const struct psref *p;
	bool held = false;

	SLIST_FOREACH(p, list, psref_entry)
		if (p->psref_target == target && p->psref_lwp == curlwp)
			held = true;
	percpu_putref(psc->psc_refs);
	return held;
}
