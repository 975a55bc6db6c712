/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * pool(9), pool_cache(9): objects of one size.
 *
 * A pool carves objects out of pages that a pool_allocator supplies.  A pool
 * cache keeps constructed objects of a pool in per-CPU magazines: taking one
 * from there, or giving it back, takes no lock.
 */
#ifndef _SYS_POOL_H_
#define _SYS_POOL_H_

#include <sys/types.h>

/* What sysctl kern.pool reports for each pool. */
struct pool_sysctl {
	char pr_wchan[16];
	uint64_t pr_flags;
	uint64_t pr_size;
	uint64_t pr_pagesize;
	uint64_t pr_itemsperpage;
	uint64_t pr_nitems;
	uint64_t pr_nout;
	uint64_t pr_hardlimit;
	uint64_t pr_npages;
	uint64_t pr_minpages;
	uint64_t pr_maxpages;
	uint64_t pr_nget;
	uint64_t pr_nfail;
	uint64_t pr_nput;
	uint64_t pr_npagealloc;
	uint64_t pr_npagefree;
	uint64_t pr_hiwat;
	uint64_t pr_nidle;
	uint64_t pr_cache_meta_size;
	uint64_t pr_cache_nfull;
	uint64_t pr_cache_npartial;
	uint64_t pr_cache_nempty;
	uint64_t pr_cache_ncontended;
	uint64_t pr_cache_nmiss_global;
	uint64_t pr_cache_nhit_global;
	uint64_t pr_cache_nmiss_pcpu;
	uint64_t pr_cache_nhit_pcpu;
};

#if defined(_KERNEL) || defined(_KMEMUSER)

#include <sys/condvar.h>
#include <sys/mutex.h>
#include <sys/queue.h>
#include <sys/rbtree.h>
#include <sys/time.h>

#define PCG_NOBJECTS_NORMAL	15
#define PCG_NOBJECTS_LARGE	63

#define POOL_PADDR_INVALID	((paddr_t)-1)

/* Flags of pool_get. */
#define PR_WAITOK		0x1	/* may sleep: does not fail */
#define PR_NOWAIT		0x2	/* may not sleep: NULL if out of memory */
#define PR_LIMITFAIL		0x100	/* NULL at the hard limit, even with WAITOK */
#define PR_ZERO			0x8000	/* cleared object (pool_get only) */

/* Flags of pool_init. */
#define PR_PHINPAGE		0x40	/* page header in the page */
#define PR_RECURSIVE		0x200	/* the pool is used by its own allocator */
#define PR_NOTOUCH		0x400	/* free objects are not written to */
#define PR_NOALIGN		0x800	/* pages are not aligned to their size */
#define PR_LARGECACHE		0x1000	/* large magazines */
#define PR_USEBMAP		0x10000	/* free objects in a bit map */

/* State. */
#define PR_WANTED		0x4
#define PR_GROWING		0x2000
#define PR_GROWINGNOWAIT	0x4000

struct pool;
struct pool_cache;
struct pool_cache_cpu;
struct pool_cache_group;
struct pool_item_header;

typedef struct pool_cache *pool_cache_t;
typedef struct pool_cache_cpu pool_cache_cpu_t;
typedef struct pool_cache_group pcg_t;

LIST_HEAD(pool_pagelist, pool_item_header);
TAILQ_HEAD(pool_list, pool);

/*
 * Source of pages.  pa_pagesz 0 means the system's page size; a page is
 * aligned to its size unless the pool says PR_NOALIGN.
 */
struct pool_allocator {
	void *(*pa_alloc)(struct pool *, int);
	void (*pa_free)(struct pool *, void *);
	unsigned int pa_pagesz;

	/* The rest is the pool code's. */
	kmutex_t pa_lock;
	struct pool_list pa_list;
	uint32_t pa_refcnt;
	int pa_pagemask;
	int pa_pageshift;
};

struct pool {
	/* Set by pool_init and constant, but for the links. */
	TAILQ_ENTRY(pool) pr_poollist;	/* all pools: the pool code's lock */
	TAILQ_ENTRY(pool) pr_alloc_list;
	struct pool_allocator *pr_alloc;
	struct pool_cache *pr_cache;	/* cache in front of this pool, or NULL */
	const char *pr_wchan;
	unsigned int pr_size;		/* bytes from one object to the next */
	unsigned int pr_reqsize;	/* bytes as asked for */
	unsigned int pr_align;
	unsigned int pr_itemoffset;
	unsigned int pr_pagesz;		/* bytes of a page */
	unsigned int pr_itemsperpage;
	unsigned int pr_roflags;
	int pr_ipl;
	void *pr_qcache;		/* the allocator's */
	void (*pr_drain_hook)(void *, int);
	void *pr_drain_hook_arg;

	/* Protected by pr_lock. */
	kmutex_t pr_lock;
	kcondvar_t pr_cv;		/* waiters at the hard limit */
	struct pool_pagelist pr_emptypages;	/* all objects free */
	struct pool_pagelist pr_fullpages;	/* no object free */
	struct pool_pagelist pr_partpages;
	rb_tree_t pr_phtree;		/* headers that are not in their pages */
	unsigned int pr_flags;
	unsigned int pr_nitems;		/* free objects */
	unsigned int pr_nout;		/* objects handed out */
	unsigned int pr_npages;
	unsigned int pr_nempty;		/* pages on pr_emptypages */
	unsigned int pr_minitems;	/* low-water mark */
	unsigned int pr_minpages;
	unsigned int pr_maxpages;	/* empty pages to keep */
	unsigned int pr_hardlimit;
	unsigned int pr_hiwat;		/* most pages there were */
	const char *pr_hardlimit_warning;
	struct timeval pr_hardlimit_ratecap;
	struct timeval pr_hardlimit_warning_last;
	unsigned long pr_nget;
	unsigned long pr_nfail;
	unsigned long pr_nput;
	unsigned long pr_npagealloc;
	unsigned long pr_npagefree;
};

#endif /* _KERNEL || _KMEMUSER */

#ifdef _KERNEL

extern struct pool_allocator pool_allocator_kmem;
extern struct pool_allocator pool_allocator_nointr;

void	 pool_subsystem_init(void);

void	 pool_init(struct pool *pp, size_t size, u_int align, u_int ioff,
	    int flags, const char *wchan, struct pool_allocator *palloc,
	    int ipl);
void	 pool_destroy(struct pool *);
void	*pool_get(struct pool *, int);
void	 pool_put(struct pool *, void *);
int	 pool_reclaim(struct pool *);
void	 pool_prime(struct pool *, int);
void	 pool_setlowat(struct pool *, int);
void	 pool_sethiwat(struct pool *, int);
void	 pool_sethardlimit(struct pool *, int, const char *, int);
unsigned int pool_nget(struct pool *);
unsigned int pool_nput(struct pool *);
bool	 pool_drain(struct pool **);
int	 pool_totalpages(void);
void	 pool_set_drain_hook(struct pool *, void (*)(void *, int), void *);

pool_cache_t pool_cache_init(size_t size, u_int align, u_int ioff, u_int flags,
	    const char *wchan, struct pool_allocator *palloc, int ipl,
	    int (*ctor)(void *, void *, int), void (*dtor)(void *, void *),
	    void *arg);
void	 pool_cache_bootstrap(pool_cache_t pc, size_t size, u_int align,
	    u_int ioff, u_int flags, const char *wchan,
	    struct pool_allocator *palloc, int ipl,
	    int (*ctor)(void *, void *, int), void (*dtor)(void *, void *),
	    void *arg);
void	 pool_cache_destroy(pool_cache_t);
void	 pool_cache_bootstrap_destroy(pool_cache_t);
void	*pool_cache_get_paddr(pool_cache_t, int, paddr_t *);
void	 pool_cache_put_paddr(pool_cache_t, void *, paddr_t);
void	 pool_cache_destruct_object(pool_cache_t, void *);
void	 pool_cache_invalidate(pool_cache_t);
bool	 pool_cache_reclaim(pool_cache_t);
void	 pool_cache_set_drain_hook(pool_cache_t, void (*)(void *, int), void *);
void	 pool_cache_prime(pool_cache_t, int);
void	 pool_cache_setlowat(pool_cache_t, int);
void	 pool_cache_sethiwat(pool_cache_t, int);
void	 pool_cache_sethardlimit(pool_cache_t, int, const char *, int);
unsigned int pool_cache_nget(pool_cache_t);
unsigned int pool_cache_nput(pool_cache_t);

#define pool_cache_get(pc, f)	pool_cache_get_paddr((pc), (f), NULL)
#define pool_cache_put(pc, o) \
	pool_cache_put_paddr((pc), (o), POOL_PADDR_INVALID)

#endif /* _KERNEL */
#endif /* _SYS_POOL_H_ */
