/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * pool_cache(9): constructed objects, kept per CPU.
 *
 * A group is an array of objects.  Each CPU has two: objects are taken from and
 * put into its current one; when that is empty (full) and the other is not, they
 * change places; else a full (empty) group is exchanged with the depot, which
 * all CPUs share.  So a CPU meets the lock once for many
 * objects, even where it takes and puts in turn.  Who holds a virtual CPU owns
 * its groups: a thread loses the CPU only where it sleeps, so getting and putting
 * need no locked operation.
 *
 * Groups and the array per CPU are allocated at first use; a cache that is not
 * used costs its own structure.
 *
 * pc_lock, of the depot, is a spin mutex whatever the pool's level: with an
 * adaptive one a thread could lose its CPU while it exchanges groups.
 *
 * Ref: J. Bonwick, J. Adams, Magazines and Vmem, USENIX 2001.
 */

#include <sys/param.h>
#include <sys/cpu.h>
#include <sys/kmem.h>
#include <sys/systm.h>
#include <sys/xcall.h>

#include "mem.h"
#include "pool.h"

/* Objects in a group, so that one is 128 or 512 bytes. */
#define GROUP_HEADER	(sizeof(void *) + sizeof(unsigned int) * 2)
#define GROUP_NORMAL	((128 - GROUP_HEADER) / sizeof(void *))
#define GROUP_LARGE	((512 - GROUP_HEADER) / sizeof(void *))

/* Full groups that a depot keeps per CPU. */
#define DEPOT_PER_CPU	8

struct pool_cache_group {
	struct pool_cache_group *pcg_next;
	unsigned int pcg_avail;		/* objects in it */
	unsigned int pcg_size;
	void *pcg_objects[];
};

static unsigned int cache_ncpus;
static struct pool normal_groups, large_groups, cpu_arrays, caches;


void
pool_caches_init(unsigned int ncpus)
{
	cache_ncpus = ncpus;
	pool_init(&normal_groups, sizeof(struct pool_cache_group) +
	    GROUP_NORMAL * sizeof(void *), 0, 0, 0, "pcg", NULL, IPL_VM);
	pool_init(&large_groups, sizeof(struct pool_cache_group) +
	    GROUP_LARGE * sizeof(void *), 0, 0, 0, "pcglarge", NULL, IPL_VM);
	pool_init(&cpu_arrays, ncpus * sizeof(struct pool_cache_cpu),
	    COHERENCY_UNIT, 0, 0, "pcgcpu", NULL, IPL_VM);
	pool_init(&caches, sizeof(struct pool_cache), 0, 0, 0, "poolcache",
	    NULL, IPL_NONE);
}

/*
 * Make a cache.  As pool_init; and
 *
 * ctor(arg, object, flags)  prepares an object that comes from the pool; a
 *                           result that is not 0 fails the request.
 * dtor(arg, object)         undoes that.  Either may be NULL.
 */
pool_cache_t
pool_cache_init(size_t size, u_int align, u_int ioff, u_int flags,
    const char *wchan, struct pool_allocator *palloc, int ipl,
    int (*ctor)(void *, void *, int), void (*dtor)(void *, void *), void *arg)
{
	pool_cache_t pc = pool_get(&caches, PR_WAITOK);

	pool_cache_bootstrap(pc, size, align, ioff, flags, wchan, palloc, ipl,
	    ctor, dtor, arg);
	pc->pc_allocated = true;
	return pc;
}

/* The same in storage of the caller's. */
void
pool_cache_bootstrap(pool_cache_t pc, size_t size, u_int align, u_int ioff,
    u_int flags, const char *wchan, struct pool_allocator *palloc, int ipl,
    int (*ctor)(void *, void *, int), void (*dtor)(void *, void *), void *arg)
{
	bool large = (flags & PR_LARGECACHE) != 0;

	memset(pc, 0, sizeof(*pc));
	pool_init(&pc->pc_pool, size, align, ioff, flags, wchan, palloc, ipl);
	pc->pc_ctor = ctor;
	pc->pc_dtor = dtor;
	pc->pc_arg = arg;
	pc->pc_groupsize = large ? GROUP_LARGE : GROUP_NORMAL;
	pc->pc_grouppool = large ? &large_groups : &normal_groups;
	pc->pc_pool.pr_cache = pc;
	mutex_init(&pc->pc_lock, MUTEX_DEFAULT, IPL_VM);
}

/* This CPU's groups; NULL before there are any. */
static inline struct pool_cache_cpu *
own(pool_cache_t pc)
{
	struct pool_cache_cpu *cpus = atomic_load_consume(&pc->pc_cpus);

	return __predict_true(cpus != NULL) ?
	    &cpus[cpu_index(curcpu())] : NULL;
}

/* As own, but makes them; NULL without memory. */
static struct pool_cache_cpu *
own_made(pool_cache_t pc)
{
	struct pool_cache_cpu *cpus = atomic_load_consume(&pc->pc_cpus);

	if (cpus != NULL)
		return own(pc);
	if (pool_guarded)
		return NULL;
	cpus = pool_get(&cpu_arrays, PR_NOWAIT | PR_ZERO);
	if (cpus == NULL)
		return NULL;
	mutex_enter(&pc->pc_lock);
	if (pc->pc_cpus == NULL) {
		atomic_store_release(&pc->pc_cpus, cpus);
		cpus = NULL;
	}
	mutex_exit(&pc->pc_lock);
	if (cpus != NULL)
		pool_put(&cpu_arrays, cpus);
	return own(pc);
}

/*
 * Groups.
 */

static struct pool_cache_group *
group_create(pool_cache_t pc)
{
	struct pool_cache_group *g = pool_get(pc->pc_grouppool, PR_NOWAIT);

	if (g != NULL) {
		g->pcg_avail = 0;
		g->pcg_size = pc->pc_groupsize;
	}
	return g;
}

/* Destroy a group and the objects in it.  No locks held. */
static void
group_destroy(pool_cache_t pc, struct pool_cache_group *g)
{
	while (g->pcg_avail != 0)
		pool_cache_destruct_object(pc,
		    g->pcg_objects[--g->pcg_avail]);
	pool_put(pc->pc_grouppool, g);
}

static void
groups_destroy(pool_cache_t pc, struct pool_cache_group *g)
{
	struct pool_cache_group *next;

	for (; g != NULL; g = next) {
		next = g->pcg_next;
		group_destroy(pc, g);
	}
}

static struct pool_cache_group *
list_pop(struct pool_cache_group **list, unsigned int *count)
{
	struct pool_cache_group *g = *list;

	if (g != NULL) {
		*list = g->pcg_next;
		mem_count(count, -1);
	}
	return g;
}

static void
list_push(struct pool_cache_group **list, unsigned int *count,
    struct pool_cache_group *g)
{
	g->pcg_next = *list;
	*list = g;
	mem_count(count, 1);
}

/*
 * Have a group with objects (full) or with room as current, by changing it
 * for the previous one or one of the depot.
 *
 * Returns false if there is none.
 */
static bool
exchange(pool_cache_t pc, struct pool_cache_cpu *cc, bool full)
{
	struct pool_cache_group *old = cc->cc_current, *new = cc->cc_previous;

	if (new != NULL && (full ? new->pcg_avail != 0 :
	    new->pcg_avail != new->pcg_size)) {
		cc->cc_previous = old;
		cc->cc_current = new;
		return true;
	}
	mutex_enter(&pc->pc_lock);
	if (full)
		new = list_pop(&pc->pc_full, &pc->pc_nfull);
	else
		new = list_pop(&pc->pc_empty, &pc->pc_nempty);
	if (new != NULL) {
		pc->pc_hits++;
		/* Both of the CPU's are of the other kind: one goes. */
		old = cc->cc_previous;
		cc->cc_previous = cc->cc_current;
		cc->cc_current = new;
		if (old != NULL && full)
			list_push(&pc->pc_empty, &pc->pc_nempty, old);
		else if (old != NULL)
			list_push(&pc->pc_full, &pc->pc_nfull, old);
	} else
		pc->pc_misses++;
	mutex_exit(&pc->pc_lock);
	return new != NULL;
}

/*
 * Objects.
 */

/* A new object from the pool. */
static void *
construct(pool_cache_t pc, int flags)
{
	void *object = pool_get(&pc->pc_pool, flags);

	if (object == NULL || pc->pc_ctor == NULL)
		return object;
	if ((*pc->pc_ctor)(pc->pc_arg, object, flags) == 0)
		return object;
	pool_put(&pc->pc_pool, object);
	return NULL;
}

/* Give an object straight back to the pool. */
void
pool_cache_destruct_object(pool_cache_t pc, void *object)
{
	if (pc->pc_dtor != NULL)
		(*pc->pc_dtor)(pc->pc_arg, object);
	pool_put(&pc->pc_pool, object);
}

static void * __noinline
get_slow(pool_cache_t pc, int flags)
{
	struct pool_cache_cpu *cc = own(pc);
	struct pool_cache_group *g;

	if (cc == NULL || !exchange(pc, cc, true))
		return construct(pc, flags);
	g = cc->cc_current;
	cc->cc_nget++;
	return g->pcg_objects[--g->pcg_avail];
}

/*
 * Take a constructed object.
 *
 * flags  as for pool_get, but PR_ZERO.
 * pap    out, may be NULL: its physical address.
 */
void *
pool_cache_get_paddr(pool_cache_t pc, int flags, paddr_t *pap)
{
	struct pool_cache_cpu *cc = own(pc);
	struct pool_cache_group *g;
	void *object;

	KASSERT((flags & PR_ZERO) == 0);
	if ((flags & PR_WAITOK) != 0)
		ASSERT_SLEEPABLE();
	if (__predict_true(cc != NULL && (g = cc->cc_current) != NULL &&
	    g->pcg_avail != 0)) {
		cc->cc_nget++;
		object = g->pcg_objects[--g->pcg_avail];
	} else
		object = get_slow(pc, flags);
	if (pap != NULL)
		*pap = object != NULL ? (paddr_t)object : POOL_PADDR_INVALID;
	return object;
}

/* The depot has more full groups than it should keep: take one off. */
static struct pool_cache_group *
depot_excess(pool_cache_t pc)
{
	struct pool_cache_group *g = NULL;

	if (__predict_true(atomic_load_relaxed(&pc->pc_nfull) <= DEPOT_PER_CPU * cache_ncpus))
		return NULL;
	mutex_enter(&pc->pc_lock);
	if (pc->pc_nfull > DEPOT_PER_CPU * cache_ncpus)
		g = list_pop(&pc->pc_full, &pc->pc_nfull);
	mutex_exit(&pc->pc_lock);
	return g;
}

static void __noinline
put_slow(pool_cache_t pc, void *object)
{
	struct pool_cache_cpu *cc = own_made(pc);
	struct pool_cache_group *g;

	/* group_create does not sleep, so the CPU is still the same. */
	if (cc != NULL && !exchange(pc, cc, false) &&
	    (g = group_create(pc)) != NULL) {
		mutex_enter(&pc->pc_lock);
		list_push(&pc->pc_empty, &pc->pc_nempty, g);
		mutex_exit(&pc->pc_lock);
		(void)exchange(pc, cc, false);
	}
	if (cc == NULL || (g = cc->cc_current) == NULL ||
	    g->pcg_avail == g->pcg_size) {
		pool_cache_destruct_object(pc, object);
		return;
	}
	cc->cc_nput++;
	g->pcg_objects[g->pcg_avail++] = object;
	g = depot_excess(pc);
	if (g != NULL)
		group_destroy(pc, g);
}

/* Put an object back, in constructed state. */
void
pool_cache_put_paddr(pool_cache_t pc, void *object, paddr_t pa)
{
	struct pool_cache_cpu *cc = own(pc);
	struct pool_cache_group *g;

	KASSERT(object != NULL);
	if (__predict_true(cc != NULL && (g = cc->cc_current) != NULL &&
	    g->pcg_avail != g->pcg_size)) {
		cc->cc_nput++;
		g->pcg_objects[g->pcg_avail++] = object;
	} else
		put_slow(pc, object);
}

/*
 * Giving back.
 */

/* Take what a CPU has; by that CPU, or where it cannot run. */
static void
cpu_empty(pool_cache_t pc, struct pool_cache_cpu *cc)
{
	struct pool_cache_group *a = cc->cc_current, *b = cc->cc_previous;

	cc->cc_current = cc->cc_previous = NULL;
	if (a != NULL)
		group_destroy(pc, a);
	if (b != NULL)
		group_destroy(pc, b);
}

static void
depot_empty(pool_cache_t pc)
{
	struct pool_cache_group *full, *empty;

	mutex_enter(&pc->pc_lock);
	full = pc->pc_full;
	empty = pc->pc_empty;
	pc->pc_full = pc->pc_empty = NULL;
	mem_count(&pc->pc_nfull, -(int)pc->pc_nfull);
	pc->pc_nempty = 0;
	mutex_exit(&pc->pc_lock);
	groups_destroy(pc, full);
	groups_destroy(pc, empty);
}

void
pool_cache_drain(pool_cache_t pc)
{
	depot_empty(pc);
}

static void
invalidate_own(void *arg1, void *arg2)
{
	pool_cache_t pc = arg1;
	struct pool_cache_cpu *cc = own(pc);

	if (cc != NULL)
		cpu_empty(pc, cc);
}

/* Destruct all idle objects, on all CPUs.  Context: thread, sleeps. */
void
pool_cache_invalidate(pool_cache_t pc)
{
	if (pc->pc_cpus != NULL)
		xc_wait(xc_broadcast(0, invalidate_own, pc, NULL));
	depot_empty(pc);
}

/* All objects are back, and nobody uses the cache any more. */
void
pool_cache_bootstrap_destroy(pool_cache_t pc)
{
	unsigned int i;

	if (pc->pc_cpus != NULL) {
		for (i = 0; i < cache_ncpus; i++)
			cpu_empty(pc, &pc->pc_cpus[i]);
		pool_put(&cpu_arrays, pc->pc_cpus);
	}
	depot_empty(pc);
	mutex_destroy(&pc->pc_lock);
	pool_destroy(&pc->pc_pool);
}

void
pool_cache_destroy(pool_cache_t pc)
{
	KASSERT(pc->pc_allocated);
	pool_cache_bootstrap_destroy(pc);
	pool_put(&caches, pc);
}

bool
pool_cache_reclaim(pool_cache_t pc)
{
	return pool_reclaim(&pc->pc_pool) != 0;
}

/*
 * The pool behind it.
 */

void
pool_cache_set_drain_hook(pool_cache_t pc, void (*hook)(void *, int),
    void *arg)
{
	pool_set_drain_hook(&pc->pc_pool, hook, arg);
}

void
pool_cache_prime(pool_cache_t pc, int n)
{
	pool_prime(&pc->pc_pool, n);
}

void
pool_cache_setlowat(pool_cache_t pc, int n)
{
	pool_setlowat(&pc->pc_pool, n);
}

void
pool_cache_sethiwat(pool_cache_t pc, int n)
{
	pool_sethiwat(&pc->pc_pool, n);
}

void
pool_cache_sethardlimit(pool_cache_t pc, int n, const char *warning,
    int ratecap)
{
	pool_sethardlimit(&pc->pc_pool, n, warning, ratecap);
}

/* Objects taken from groups, and put into them, on all CPUs. */
static void
count_cached(pool_cache_t pc, unsigned long *nget, unsigned long *nput)
{
	unsigned int i;

	*nget = *nput = 0;
	for (i = 0; pc->pc_cpus != NULL && i < cache_ncpus; i++) {
		*nget += pc->pc_cpus[i].cc_nget;
		*nput += pc->pc_cpus[i].cc_nput;
	}
}

unsigned int
pool_cache_nget(pool_cache_t pc)
{
	unsigned long nget, nput;

	count_cached(pc, &nget, &nput);
	return nget + pc->pc_pool.pr_nget;
}

/* Put by users: what went through groups went to the pool later, or not. */
unsigned int
pool_cache_nput(pool_cache_t pc)
{
	unsigned long nget, nput;

	count_cached(pc, &nget, &nput);
	return nput + pc->pc_pool.pr_nput;
}

void
pool_cache_report(pool_cache_t pc, struct pool_sysctl *st)
{
	unsigned long nget, nput;

	count_cached(pc, &nget, &nput);
	st->pr_cache_meta_size = pc->pc_groupsize;
	st->pr_cache_nfull = pc->pc_nfull;
	st->pr_cache_nempty = pc->pc_nempty;
	st->pr_cache_nmiss_global = pc->pc_misses;
	st->pr_cache_nhit_global = pc->pc_hits;
	st->pr_cache_nhit_pcpu = nget;
	st->pr_cache_nmiss_pcpu = pc->pc_pool.pr_nget;
}
