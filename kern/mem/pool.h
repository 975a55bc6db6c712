/* SPDX-License-Identifier: BSD-2-Clause */
/* Pools, as the files that implement them share them. */
#ifndef _KERN_MEM_POOL_H_
#define _KERN_MEM_POOL_H_

#include <sys/param.h>
#include <sys/pool.h>
#include <sys/rbtree.h>

/*
 * A page of a pool.  Objects that were never used lie beyond ph_fresh and are
 * not touched until they are handed out.  Protected by the pool's lock.
 */
struct pool_item_header {
	LIST_ENTRY(pool_item_header) ph_pagelist;
	char *ph_page;
	unsigned int ph_nused;		/* objects handed out */
	unsigned int ph_fresh;		/* objects ever handed out */
	void *ph_free;			/* objects given back, linked */

	/* From here on only in headers outside their page. */
	rb_node_t ph_node;		/* in pr_phtree, by ph_page */
	uint32_t ph_map[];		/* PR_NOTOUCH: bit per free object */
};

#define PH_INSIDE	offsetof(struct pool_item_header, ph_node)

/* The CPU's own. */
struct pool_cache_cpu {
	struct pool_cache_group *cc_current;
	struct pool_cache_group *cc_previous;
	unsigned long cc_nget;		/* served here */
	unsigned long cc_nput;
} __aligned(COHERENCY_UNIT);

/* A pool cache: see poolcache.c. */
struct pool_cache {
	struct pool pc_pool;

	/* Constant. */
	struct pool_cache_cpu *pc_cpus;	/* by index; NULL before first use */
	int (*pc_ctor)(void *, void *, int);
	void (*pc_dtor)(void *, void *);
	void *pc_arg;
	struct pool *pc_grouppool;
	unsigned int pc_groupsize;
	bool pc_allocated;		/* by pool_cache_init */

	/* The depot. */
	kmutex_t pc_lock;
	struct pool_cache_group *pc_full, *pc_empty;
	unsigned int pc_nfull, pc_nempty;
	unsigned long pc_misses, pc_hits;
};

/* ── poolpage.c: the layout of pages.  Pool locked, unless said otherwise ── */

/* Each object is allocated by itself and never kept: poolpage_guarded.c. */
extern const bool pool_guarded;

/* Lay out the pages of a pool by its size, align, offset and flags.  No lock. */
void	pool_layout(struct pool *, size_t size, u_int align, u_int ioff);

/* Memory for a page from the pool's allocator, or NULL.  Not locked. */
struct pool_item_header *pool_page_create(struct pool *, int flags);
void	pool_page_destroy(struct pool *, struct pool_item_header *);

/* Add a page to, take an empty one off the pool. */
void	pool_page_add(struct pool *, struct pool_item_header *);
void	pool_page_remove(struct pool *, struct pool_item_header *);

/* An object of a page that has one free; and back. */
void	*pool_item_take(struct pool *, struct pool_item_header *);
struct pool_item_header *pool_item_return(struct pool *, void *);

/* ── poolcache.c ── */

/* Start, for so many CPUs. */
void	pool_caches_init(unsigned int ncpus);

/* Give back what the depot of the pool's cache holds. */
void	pool_cache_drain(struct pool_cache *);

/* Numbers for sysctl: those of the pool without its cache are in st. */
void	pool_cache_report(struct pool_cache *, struct pool_sysctl *st);

/* ── pool.c ── */

/* Visit all pools, none of which goes away meanwhile.  May sleep. */
void	pools_foreach(void (*)(struct pool *, void *), void *arg);

#endif /* _KERN_MEM_POOL_H_ */
