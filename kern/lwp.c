/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Light-weight processes: their memory, their lists, and how they are found.
 *
 * Life: lwp_get -> lwp_setup -> lwp_join ... lwp_part -> sched_detach ->
 * lwp_put.  Who drives it: entry.c for threads that come from outside,
 * lwproc.c for what programs ask for, kthread.c and softint.c for the kernel.
 *
 * The memory is the arena's, in chunks from the host.  It is not part of what
 * a halt gives back as long as a thread may hold a pointer to an lwp; l_bootgen
 * tells such a thread that its lwp is of a kernel that is gone.
 *
 * A thread that enters must have an lwp: it cannot be told that there is no
 * memory.  So the arena grows before it is empty, and the last ones are for
 * those alone.
 */
#include "lwp.h"

#include <sys/atomic.h>
#include <sys/cpu.h>
#include <sys/kmem.h>
#include <sys/lockdebug.h>
#include <sys/proc.h>
#include <sys/systm.h>

#include <rump-private/files.h>
#include <rump/rumpuser.h>

#include "cputime.h"
#include "parklock.h"
#include "sched.h"

struct lwp lwp0;
struct lwplist alllwp;

uint64_t sched_bootgen __rump_keep;

static kmutex_t lwp_mutex;		/* lwp_lock */
static kcondvar_t lwp_refcv;
static specificdata_domain_t lwp_domain;
static volatile u_int lastlid, lastcpu;

/*
 * The arena.
 */

#define CHUNK_LWPS	16
#define SPARE		4	/* for threads that enter */

struct chunk {
	struct chunk	*c_next;
	struct lwp	c_lwp[CHUNK_LWPS];
};

static struct {
	struct parklock	a_lock;
	struct chunk	*a_chunks;
	struct lwp	*a_free;	/* by l_runnext */
	u_int		a_nfree;
	u_int		a_used;
} arena __rump_keep;

/* Where lwps of no kernel are: its owner is nobody, ever. */
static struct cpu_info nowhere __rump_keep;

/* A fresh lwp, onto the free list. */
static void
arena_add(struct lwp *l)
{

	atomic_store_relaxed(&l->l_cpu, &nowhere);
	l->l_runnext = arena.a_free;
	arena.a_free = l;
	arena.a_nfree++;
}

static bool
arena_grow(void)
{
	struct chunk *c;
	void *mem;
	int i;

	if (rumpuser_malloc(sizeof(*c), MIN_LWP_ALIGNMENT, &mem) != 0)
		return false;
	memset(mem, 0, sizeof(*c));
	c = mem;
	c->c_next = arena.a_chunks;
	arena.a_chunks = c;
	for (i = 0; i < CHUNK_LWPS; i++)
		arena_add(&c->c_lwp[i]);
	return true;
}

/* Take one, if more than so many are there. */
static struct lwp *
take(u_int spare)
{
	struct lwp *l = NULL;

	parklock_enter(&arena.a_lock);
	if (arena.a_nfree <= SPARE)
		(void)arena_grow();
	if (arena.a_nfree > spare) {
		l = arena.a_free;
		arena.a_free = l->l_runnext;
		arena.a_nfree--;
		arena.a_used++;
	}
	parklock_exit(&arena.a_lock);
	return l;
}

struct lwp *
lwp_get(void)
{

	return take(SPARE);
}

struct lwp *
lwp_get_entering(void)
{

	return take(0);
}

int
lwp_memory_init(void)
{
	int error = 0;

	parklock_enter(&arena.a_lock);
	if (arena.a_nfree <= SPARE && !arena_grow())
		error = ENOMEM;
	parklock_exit(&arena.a_lock);
	return error;
}

static void
put_locked(struct lwp *l)
{

	if (l == &lwp0)
		return;
	l->l_bootgen = 0;
	arena_add(l);
	arena.a_used--;
}

void
lwp_put(struct lwp *l)
{

	parklock_enter(&arena.a_lock);
	put_locked(l);
	parklock_exit(&arena.a_lock);
}

/* Of an earlier kernel, or one whose halt is past lwp_disown_all: it is free. */
void
lwp_abandon(struct lwp *l)
{

	parklock_enter(&arena.a_lock);
	if (l->l_cpu == &nowhere)
		put_locked(l);
	else
		atomic_store_relaxed(&l->l_implicit, VISITOR_GONE);
	parklock_exit(&arena.a_lock);
}

/* Will no thread come back with it? */
static bool
is_left(const struct lwp *l)
{

	return l->l_kthread != NULL || l->l_softint != NULL ||
	    l->l_implicit == VISITOR_GONE ||
	    (!l->l_implicit && l->l_thread == NULL);
}

static void
disown_locked(struct lwp *own, struct lwp *implicit)
{
	struct lwp *l, *next;
	struct chunk *c;
	int i;

	LIST_FOREACH_SAFE(l, &alllwp, l_list, next) {
		if (l == own || l == implicit || is_left(l))
			put_locked(l);
	}
	for (c = arena.a_chunks; c != NULL; c = c->c_next) {
		for (i = 0; i < CHUNK_LWPS; i++)
			atomic_store_relaxed(&c->c_lwp[i].l_cpu, &nowhere);
	}
}

/* A thread that saw the lwp's last CPU notices that it is not its own. */
static void
await_outside(const struct lwp *l)
{

	while (atomic_load_acquire(&l->l_oncpu) != 0)
		(void)rumpuser2_park(0);
}

void
lwp_disown_all(struct lwp *own, struct lwp *implicit)
{
	struct chunk *c;
	int i;

	parklock_enter(&arena.a_lock);
	disown_locked(own, implicit);
	parklock_exit(&arena.a_lock);
	sched_barrier();
	for (c = arena.a_chunks; c != NULL; c = c->c_next) {
		for (i = 0; i < CHUNK_LWPS; i++)
			await_outside(&c->c_lwp[i]);
	}
	parklock_enter(&arena.a_lock);
	while (arena.a_used == 0 && (c = arena.a_chunks) != NULL) {
		arena.a_chunks = c->c_next;
		arena.a_free = NULL;
		arena.a_nfree = 0;
		rumpuser_free(c, sizeof(*c));
	}
	parklock_exit(&arena.a_lock);
}

/*
 * Life.
 */

/* All but what others may be looking at, which is right as it is. */
static void
lwp_clear(struct lwp *l)
{
	size_t from = offsetof(struct lwp, l_implicit);

	memset((char *)l + from, 0, sizeof(*l) - from);
}

void
lwp_setup(struct lwp *l, struct proc *p)
{

	lwp_clear(l);
	l->l_cpu = cpu_infos[atomic_inc_uint_nv(&lastcpu) % (u_int)ncpu];
	l->l_bootgen = sched_bootgen;
	l->l_proc = p;
	l->l_lid = (lwpid_t)atomic_inc_uint_nv(&lastlid);
	l->l_ran = CPUTIME_NONE;
	l->l_stat = LSONPROC;
	l->l_mutex = &lwp_mutex;
	l->l_refcnt = 1;
	l->l_dupfd = -1;
	l->l_priority = PRI_USER;
	SLIST_INIT(&l->l_selwait);
	ksiginfo_queue_init(&l->l_sigpend.sp_info);
	cv_init(&l->l_sigcv, "sigwait");
	lwp_initspecific(l);
}

void
lwp_join_locked(struct lwp *l, struct proc *p)
{

	KASSERT(mutex_owned(&proc_lock));
	LIST_INSERT_HEAD(&alllwp, l, l_list);
	mutex_enter(p->p_lock);
	LIST_INSERT_HEAD(&p->p_lwps, l, l_sibling);
	p->p_nlwps++;
	p->p_nrlwps++;
	mutex_exit(p->p_lock);
}

void
lwp_join(struct lwp *l, struct proc *p)
{

	mutex_enter(&proc_lock);
	lwp_join_locked(l, p);
	mutex_exit(&proc_lock);
	lwp_files_hold(l, p);
}

/* Wait until nobody looks at the lwp any more; p_lock is held. */
static void
lwp_drainrefs(struct lwp *l)
{

	l->l_prflag |= (int)LPR_DRAINING;
	l->l_refcnt--;
	while (l->l_refcnt > 0)
		cv_wait(&lwp_refcv, l->l_proc->p_lock);
}

bool
lwp_part(struct lwp *l)
{
	struct proc *p = l->l_proc;
	bool last;

	lwp_finispecific(l);
	lwp_files_rele(l);
	mutex_enter(&proc_lock);
	LIST_REMOVE(l, l_list);
	mutex_enter(p->p_lock);
	LIST_REMOVE(l, l_sibling);
	p->p_ran += cputime_lwp(l);
	last = --p->p_nlwps == 0;
	p->p_nrlwps--;
	mutex_exit(&proc_lock);
	lwp_drainrefs(l);
	cv_broadcast(&p->p_lwpcv);
	mutex_exit(p->p_lock);
	l->l_stat = LSZOMB;
	return last;
}

/*
 * Is the thread of l in the kernel?  One that has a CPU, gives it up, or comes
 * back meanwhile, is seen on it or by a change of l_inhost.
 */
static bool
lwp_inside(const struct lwp *l)
{
	u_int away = atomic_load_acquire(&l->l_inhost);

	return (away & AWAY_MASK) != 0 ||
	    atomic_load_acquire(&l->l_oncpu) != 0 ||
	    atomic_load_acquire(&l->l_runstate) != 0 ||
	    atomic_load_relaxed(&l->l_inhost) != away;
}

/* Those of programs make their own. */
enum visitor
lwp_visitor(const struct lwp *l)
{

	u_int v = atomic_load_relaxed(&l->l_implicit) & ~VISITOR_FLAG;

	if (atomic_load_relaxed(&l->l_component))
		return VISITOR_COMPONENT;
	return v != VISITOR_NONE ? v : VISITOR_PROGRAM;
}

/* Soft interrupts are where the threads are that they run on. */
bool
lwp_visitors_inside(enum visitor v)
{
	struct lwp *l;
	bool inside = false;

	mutex_enter(&proc_lock);
	LIST_FOREACH(l, &alllwp, l_list) {
		if (l == curlwp || l->l_kthread != NULL ||
		    l->l_softint != NULL)
			continue;
		inside |= lwp_visitor(l) == v && lwp_inside(l);
	}
	mutex_exit(&proc_lock);
	return inside;
}

/*
 * References, finding.
 */

void
lwp_addref(struct lwp *l)
{

	KASSERT(mutex_owned(l->l_proc->p_lock));
	l->l_refcnt++;
}

/* p_lock held. */
void
lwp_delref2(struct lwp *l)
{

	KASSERT(mutex_owned(l->l_proc->p_lock) && l->l_refcnt > 0);
	if (--l->l_refcnt == 0)
		cv_broadcast(&lwp_refcv);
}

void
lwp_delref(struct lwp *l)
{
	struct proc *p = l->l_proc;

	mutex_enter(p->p_lock);
	lwp_delref2(l);
	mutex_exit(p->p_lock);
}

struct lwp *
lwp_find(struct proc *p, lwpid_t lid)
{
	struct lwp *l = lwp_find_first(p);

	while (l != NULL && l->l_lid != lid)
		l = LIST_NEXT(l, l_sibling);
	return l;
}

struct lwp *
lwp_find_first(struct proc *p)
{

	KASSERT(mutex_owned(p->p_lock));
	return LIST_FIRST(&p->p_lwps);
}

/*
 * Data by key.
 */

int
lwp_specific_key_create(specificdata_key_t *keyp, specificdata_dtor_t dtor)
{

	return specificdata_key_create(lwp_domain, keyp, dtor);
}

void
lwp_specific_key_delete(specificdata_key_t key)
{

	specificdata_key_delete(lwp_domain, key);
}

void
lwp_initspecific(struct lwp *l)
{

	(void)specificdata_init(lwp_domain, &l->l_specdataref);
}

void
lwp_finispecific(struct lwp *l)
{

	specificdata_fini(lwp_domain, &l->l_specdataref);
}

void *
lwp_getspecific(specificdata_key_t key)
{

	return specificdata_getspecific_unlocked(lwp_domain,
	    &curlwp->l_specdataref, key);
}

void
lwp_setspecific(specificdata_key_t key, void *data)
{

	specificdata_setspecific(lwp_domain, &curlwp->l_specdataref, key,
	    data);
}

void
lwp_setspecific_by_lwp(struct lwp *l, specificdata_key_t key, void *data)
{

	specificdata_setspecific(lwp_domain, &l->l_specdataref, key, data);
}

/*
 * Start.  lwp0 runs boot; it can be on a CPU before there is memory.
 */

void
lwp0_setup(void)
{

	lwp0.l_proc = &proc0;
	lwp0.l_bootgen = sched_bootgen;
	lwp0.l_mutex = &lwp_mutex;
	lwp0.l_ran = CPUTIME_NONE;
	lwp0.l_stat = LSONPROC;
	lwp0.l_flag = LW_SYSTEM;
	lwp0.l_refcnt = 1;
	lwp0.l_dupfd = -1;
	SLIST_INIT(&lwp0.l_selwait);
	ksiginfo_queue_init(&lwp0.l_sigpend.sp_info);
}

void
lwp_init(void)
{

	LIST_INIT(&alllwp);
	mutex_init(&lwp_mutex, MUTEX_DEFAULT, IPL_NONE);
	cv_init(&lwp_refcv, "lwpref");
	lwp_domain = specificdata_domain_create();
	cv_init(&lwp0.l_sigcv, "sigwait");
	lwp0.l_lid = (lwpid_t)atomic_inc_uint_nv(&lastlid);
	lwp_initspecific(&lwp0);
}
