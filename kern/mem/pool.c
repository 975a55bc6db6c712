/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * pool(9): objects of one size, out of pages.
 *
 * poolpage.c knows how objects lie in pages; here are limits, growth, the list
 * of all pools and giving memory back.  A pool keeps one empty page, more if
 * asked to (pool_sethiwat, pool_setlowat); others go back at once.
 *
 * The pool's lock has the level that the pool was made for.  It is never held
 * while pages are allocated or freed.
 *
 * Ref: pool(9).
 */

#include <sys/param.h>
#include <sys/errno.h>
#include <sys/kernel.h>
#include <sys/systm.h>
#include <sys/syslog.h>
#include <sys/timevar.h>

#include <rump-private/memory.h>

#include "mem.h"
#include "pool.h"

/* Protects the list; held across visits of pools, so it comes first. */
static kmutex_t pools_lock;
static struct pool_list pools;

/*
 * The default allocators: memory of the kernel.  One serves pools that are
 * used at interrupt level and such that are not; the difference is NetBSD's.
 */
static void *
page_alloc(struct pool *pp, int flags)
{
	return kpages_alloc(pp->pr_pagesz, pp->pr_pagesz,
	    (flags & PR_WAITOK) != 0);
}

static void
page_free(struct pool *pp, void *page)
{
	kpages_free(page, pp->pr_pagesz);
}

struct pool_allocator pool_allocator_kmem = {
	.pa_alloc = page_alloc,
	.pa_free = page_free,
};

struct pool_allocator pool_allocator_nointr = {
	.pa_alloc = page_alloc,
	.pa_free = page_free,
};

void
pool_subsystem_init(void)
{
	mutex_init(&pools_lock, MUTEX_DEFAULT, IPL_NONE);
	TAILQ_INIT(&pools);
}

/*
 * Make a pool in the caller's storage.
 *
 * size, align  of an object; align 0: any type fits.
 * ioff         the byte of the object that is aligned.
 * flags        PR_NOTOUCH, PR_NOALIGN …
 * palloc       source of pages, or NULL.
 * ipl          the highest level at which it is used.
 *
 * Context: thread, or boot.
 */
void
pool_init(struct pool *pp, size_t size, u_int align, u_int ioff, int flags,
    const char *wchan, struct pool_allocator *palloc, int ipl)
{
	memset(pp, 0, sizeof(*pp));
	pp->pr_alloc = palloc != NULL ? palloc : &pool_allocator_kmem;
	pp->pr_wchan = wchan;
	pp->pr_roflags = flags & ~PR_PHINPAGE;
	pp->pr_ipl = ipl;
	pp->pr_maxpages = 1;
	pp->pr_hardlimit = UINT_MAX;
	LIST_INIT(&pp->pr_emptypages);
	LIST_INIT(&pp->pr_fullpages);
	LIST_INIT(&pp->pr_partpages);
	mutex_init(&pp->pr_lock, MUTEX_DEFAULT, ipl);
	cv_init(&pp->pr_cv, wchan);
	pool_layout(pp, size, align, ioff);
	mutex_enter(&pools_lock);
	TAILQ_INSERT_TAIL(&pools, pp, pr_poollist);
	mutex_exit(&pools_lock);
}

/* Take up to n empty pages off the pool, as a list; pool locked. */
static struct pool_pagelist
take_empty(struct pool *pp, unsigned int n)
{
	struct pool_pagelist list = LIST_HEAD_INITIALIZER(list);
	struct pool_item_header *ph;

	while (n-- != 0 && (ph = LIST_FIRST(&pp->pr_emptypages)) != NULL) {
		pool_page_remove(pp, ph);
		LIST_INSERT_HEAD(&list, ph, ph_pagelist);
	}
	return list;
}

/* Give the pages of a list back; pool not locked. */
static bool
free_pages(struct pool *pp, struct pool_pagelist list)
{
	struct pool_item_header *ph, *next;
	bool any = false;

	for (ph = LIST_FIRST(&list); ph != NULL; ph = next) {
		next = LIST_NEXT(ph, ph_pagelist);
		pool_page_destroy(pp, ph);
		any = true;
	}
	return any;
}

/* Every object must have been put back.  Context: thread. */
void
pool_destroy(struct pool *pp)
{
	struct pool_pagelist list;

	mutex_enter(&pools_lock);
	TAILQ_REMOVE(&pools, pp, pr_poollist);
	mutex_exit(&pools_lock);
	mutex_enter(&pp->pr_lock);
	if (pp->pr_nout != 0)
		panic("pool_destroy: %s: %u objects are still out",
		    pp->pr_wchan, pp->pr_nout);
	list = take_empty(pp, UINT_MAX);
	mutex_exit(&pp->pr_lock);
	(void)free_pages(pp, list);
	mutex_destroy(&pp->pr_lock);
	cv_destroy(&pp->pr_cv);
}

/* The hard limit is reached: say so, no more often than wanted. */
static void
warn_limit(struct pool *pp)
{
	if (pp->pr_hardlimit_warning != NULL &&
	    ratecheck(&pp->pr_hardlimit_warning_last,
	    &pp->pr_hardlimit_ratecap))
		log(LOG_ERR, "%s\n", pp->pr_hardlimit_warning);
}

/*
 * Sleep until an object may have come back.  What is put into the cache of a
 * pool does not wake, so look again now and then.  Pool locked.
 */
static void
wait_below_limit(struct pool *pp)
{
	if (pp->pr_cache != NULL) {
		mutex_exit(&pp->pr_lock);
		pool_cache_drain(pp->pr_cache);
		mutex_enter(&pp->pr_lock);
		if (pp->pr_nout < pp->pr_hardlimit)
			return;
	}
	pp->pr_flags |= PR_WANTED;
	(void)cv_timedwait(&pp->pr_cv, &pp->pr_lock, MAX(hz / 10, 1));
}

/*
 * Below the hard limit, or wait until it is.  Pool locked.
 *
 * Returns false if the request must fail.
 */
static bool
below_limit(struct pool *pp, int flags)
{
	while (__predict_false(pp->pr_nout >= pp->pr_hardlimit)) {
		if (pp->pr_drain_hook != NULL) {
			mutex_exit(&pp->pr_lock);
			(*pp->pr_drain_hook)(pp->pr_drain_hook_arg, flags);
			mutex_enter(&pp->pr_lock);
			if (pp->pr_nout < pp->pr_hardlimit)
				break;
		}
		if ((flags & PR_WAITOK) != 0 && (flags & PR_LIMITFAIL) == 0) {
			wait_below_limit(pp);
			continue;
		}
		warn_limit(pp);
		return false;
	}
	return true;
}

/* Add a page.  Pool locked on entry and return, not meanwhile. */
static bool
grow(struct pool *pp, int flags)
{
	struct pool_item_header *ph;

	mutex_exit(&pp->pr_lock);
	for (;;) {
		ph = pool_page_create(pp, flags);
		if (ph != NULL || (flags & PR_WAITOK) == 0)
			break;
		/* An allocator of the user's that did not wait. */
		if (!daemon_wait())
			panic("pool_get: %s: no memory", pp->pr_wchan);
	}
	mutex_enter(&pp->pr_lock);
	if (ph != NULL)
		pool_page_add(pp, ph);
	return ph != NULL;
}

/* A page with a free object, or NULL; those that are in use first. */
static struct pool_item_header *
page_with_item(const struct pool *pp)
{
	struct pool_item_header *ph = LIST_FIRST(&pp->pr_partpages);

	return ph != NULL ? ph : LIST_FIRST(&pp->pr_emptypages);
}

/*
 * Take an object.
 *
 * flags  PR_WAITOK (thread context, does not fail) or PR_NOWAIT; PR_LIMITFAIL,
 *        PR_ZERO.
 */
void *
pool_get(struct pool *pp, int flags)
{
	struct pool_item_header *ph;
	void *item = NULL;

	KASSERT((flags & (PR_WAITOK | PR_NOWAIT)) != 0);
	if ((flags & PR_WAITOK) != 0)
		ASSERT_SLEEPABLE();
	mutex_enter(&pp->pr_lock);
	for (;;) {
		if (!below_limit(pp, flags))
			break;
		ph = page_with_item(pp);
		if (ph != NULL) {
			item = pool_item_take(pp, ph);
			break;
		}
		if (!grow(pp, flags))
			break;
	}
	if (item != NULL)
		pp->pr_nget++;
	else
		pp->pr_nfail++;
	mutex_exit(&pp->pr_lock);
	if (item != NULL && (flags & PR_ZERO) != 0)
		memset(item, 0, pp->pr_reqsize);
	return item;
}

/* Empty pages beyond what is to be kept; pool locked. */
static unsigned int
excess(const struct pool *pp)
{
	unsigned int keep = MAX(pp->pr_maxpages, pp->pr_minpages);

	if (pp->pr_nempty <= keep ||
	    pp->pr_nitems < pp->pr_minitems + pp->pr_itemsperpage)
		return 0;
	return pp->pr_nempty - keep;
}

void
pool_put(struct pool *pp, void *item)
{
	struct pool_pagelist list = LIST_HEAD_INITIALIZER(list);

	mutex_enter(&pp->pr_lock);
	(void)pool_item_return(pp, item);
	pp->pr_nput++;
	if (__predict_false((pp->pr_flags & PR_WANTED) != 0)) {
		pp->pr_flags &= ~PR_WANTED;
		cv_broadcast(&pp->pr_cv);
	}
	if (__predict_false(excess(pp) != 0))
		list = take_empty(pp, excess(pp));
	mutex_exit(&pp->pr_lock);
	if (__predict_false(!LIST_EMPTY(&list)))
		(void)free_pages(pp, list);
}

/*
 * Give back idle memory, the cache's too.  Returns 1 if there was any.
 *
 * Context: thread, may sleep.
 */
int
pool_reclaim(struct pool *pp)
{
	struct pool_pagelist list;
	unsigned int spare;

	if (pp->pr_drain_hook != NULL)
		(*pp->pr_drain_hook)(pp->pr_drain_hook_arg, PR_NOWAIT);
	if (pp->pr_cache != NULL)
		pool_cache_drain(pp->pr_cache);
	mutex_enter(&pp->pr_lock);
	spare = pp->pr_nempty > pp->pr_minpages ?
	    pp->pr_nempty - pp->pr_minpages : 0;
	while (spare != 0 && pp->pr_nitems - spare * pp->pr_itemsperpage <
	    pp->pr_minitems)
		spare--;
	list = take_empty(pp, spare);
	mutex_exit(&pp->pr_lock);
	return free_pages(pp, list);
}

void
pools_foreach(void (*visit)(struct pool *, void *), void *arg)
{
	struct pool *pp;

	mutex_enter(&pools_lock);
	TAILQ_FOREACH(pp, &pools, pr_poollist)
		visit(pp, arg);
	mutex_exit(&pools_lock);
}

static void
drain_one(struct pool *pp, void *arg)
{
	bool *any = arg;

	if (pool_reclaim(pp) != 0)
		*any = true;
}

void
pools_drain(void)
{
	bool any = false;

	pools_foreach(drain_one, &any);
}

/* Drain some pool; *ppp, if wanted, becomes NULL: it was no particular one. */
bool
pool_drain(struct pool **ppp)
{
	bool any = false;

	if (ppp != NULL)
		*ppp = NULL;
	pools_foreach(drain_one, &any);
	return any;
}

static void
count_pages(struct pool *pp, void *arg)
{
	*(size_t *)arg += (size_t)pp->pr_npages * pp->pr_pagesz;
}

/* Memory of all pools, in pages of PAGE_SIZE. */
int
pool_totalpages(void)
{
	size_t bytes = 0;

	pools_foreach(count_pages, &bytes);
	return bytes >> PAGE_SHIFT;
}

/*
 * Limits.
 */

/* Have memory for n objects, and keep it.  May sleep. */
void
pool_prime(struct pool *pp, int n)
{
	unsigned int npages = howmany(n, pp->pr_itemsperpage);

	if (pool_guarded)
		return;
	mutex_enter(&pp->pr_lock);
	pp->pr_minpages += npages;
	while (npages-- != 0 && grow(pp, PR_WAITOK))
		continue;
	mutex_exit(&pp->pr_lock);
}

/* Keep memory for n objects when giving back, and have it now if it is there. */
void
pool_setlowat(struct pool *pp, int n)
{
	if (pool_guarded)
		return;
	mutex_enter(&pp->pr_lock);
	pp->pr_minitems = n;
	while (pp->pr_nitems < pp->pr_minitems && grow(pp, PR_NOWAIT))
		continue;
	mutex_exit(&pp->pr_lock);
}

/* Keep memory of up to n idle objects. */
void
pool_sethiwat(struct pool *pp, int n)
{
	if (pool_guarded)
		return;
	mutex_enter(&pp->pr_lock);
	pp->pr_maxpages = howmany(n, pp->pr_itemsperpage);
	mutex_exit(&pp->pr_lock);
}

/*
 * No more than n objects at a time.
 *
 * warning  text for the log when the limit is met, or NULL.
 * ratecap  seconds between two such.
 */
void
pool_sethardlimit(struct pool *pp, int n, const char *warning, int ratecap)
{
	mutex_enter(&pp->pr_lock);
	pp->pr_hardlimit = n;
	pp->pr_hardlimit_warning = warning;
	pp->pr_hardlimit_ratecap = (struct timeval){ .tv_sec = ratecap };
	pp->pr_hardlimit_warning_last = (struct timeval){ .tv_sec = 0 };
	mutex_exit(&pp->pr_lock);
}

/* A function that may free objects when memory is short; before first use. */
void
pool_set_drain_hook(struct pool *pp, void (*hook)(void *, int), void *arg)
{
	KASSERT(pp->pr_drain_hook == NULL);
	pp->pr_drain_hook = hook;
	pp->pr_drain_hook_arg = arg;
}

unsigned int
pool_nget(struct pool *pp)
{
	return pp->pr_nget;
}

unsigned int
pool_nput(struct pool *pp)
{
	return pp->pr_nput;
}
