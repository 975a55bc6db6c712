/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Memory, as the files of kern/mem share it.  doc/memory.md is the guide.
 *
 *   chunk.c   memory from the host, and which chunk an address lies in
 *   buddy.c   free blocks of a chunk's pages
 *   run.c     runs of pages for the kernel and for objects; the reserve
 *   daemon.c  getting memory back
 *
 * page_lock protects chunks, free blocks and counts.  It is a spin mutex and a
 * leaf: under it nothing is called but the host's memory calls, which do not
 * block.
 */
#ifndef _KERN_MEM_MEM_H_
#define _KERN_MEM_MEM_H_

#include <sys/param.h>
#include <sys/atomic.h>
#include <sys/bitops.h>
#include <sys/mutex.h>
#include <sys/queue.h>
#include <sys/rbtree.h>

#include <uvm/uvm_page.h>

#if defined(__SANITIZE_ADDRESS__)
#define MEM_ASAN
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define MEM_ASAN
#endif
#endif

/* A block of 2^order pages, aligned to its size. */
#define MEM_ORDERS	11		/* up to 4 MiB */
#define RUN_ORDER	4		/* a run of file data: MAXPHYS bytes */
#define RUN_PAGES	(1u << RUN_ORDER)
CTASSERT(RUN_PAGES * PAGE_SIZE == MAXPHYS);

/* Bytes beside 2 * MAXPHYS without which the kernel does not start. */
#define MEM_MINIMUM	(512 * 1024)

/* What pages are for.  Each use has chunks of its own, as long as it can. */
enum mem_use {
	MEM_KERNEL,			/* pools, kmem, the kernel's tables */
	MEM_OBJECT			/* pages of objects */
};
#define MEM_USES	2

/*
 * Memory mapped from the host in one piece: npages usable pages from base on,
 * with an array of descriptors, or a single large allocation without one.
 */
struct mem_chunk {
	rb_node_t mc_node;		/* in the tree of chunks, by base */
	char *mc_base;			/* first usable page */
	unsigned int mc_npages;
	unsigned int mc_nusable;	/* without its own descriptors */
	unsigned int mc_nfree;
	enum mem_use mc_use;
	struct vm_page *mc_pages;	/* NULL: a large allocation */
	void *mc_map;			/* what the host mapped */
	size_t mc_mapsize;
};

/* Free blocks of one use. */
struct mem_arena {
	struct pglist ma_free[MEM_ORDERS];
	unsigned int ma_orders;		/* bit per list that is not empty */
	unsigned int ma_nfree;		/* pages */
	unsigned int ma_npages;
};

/* Let an address sanitizer know which pages are in use. */
#ifdef MEM_ASAN
void	__asan_poison_memory_region(const volatile void *, size_t);
void	__asan_unpoison_memory_region(const volatile void *, size_t);
#define mem_poison(va, size)	__asan_poison_memory_region((va), (size))
#define mem_unpoison(va, size)	__asan_unpoison_memory_region((va), (size))
#else
#define mem_poison(va, size)	((void)0)
#define mem_unpoison(va, size)	((void)0)
#endif

extern kmutex_t page_lock;
extern struct mem_arena mem_arenas[MEM_USES];	/* page_lock */

/*
 * Change a count that a lock covers, and that others read without it (by
 * atomic_load_relaxed) where being a little wrong does no harm.
 */
static __inline void
mem_count(unsigned int *count, int n)
{
	atomic_store_relaxed(count, *count + n);
}

/* Flags of run_alloc. */
#define RUN_GROW	0x1		/* more memory from the host if need be */
#define RUN_BORROW	0x2		/* from the other use if need be */
#define RUN_RESERVE	0x4		/* from the reserve if need be */

/* ── host.c, or host_guarded.c where every allocation is guarded ── */

extern size_t mem_limit;		/* bytes from the host; constant */
extern size_t mem_mapped;		/* bytes taken from the host: page_lock */

/* Orders of chunks: for the kernel, for objects at first, and later. */
extern const unsigned int mem_order_kernel;
extern const unsigned int mem_order_object, mem_order_object_many;

/* Map size bytes for a chunk, zeroed, aligned; false: there are none. */
bool	host_map(struct mem_chunk *, size_t size, size_t align);
void	host_unmap(const struct mem_chunk *);

/* ── chunk.c; page_lock held, unless said otherwise ── */

/* Start and end; the latter gives every byte back to the host.  No locks. */
void	chunks_init(void);
void	chunks_fini(void);

/* Map a chunk for use with room for 2^order pages; false: there is none. */
bool	chunk_create(enum mem_use use, unsigned int order);

/* Unmap a chunk all of whose pages are free. */
void	chunk_destroy(struct mem_chunk *);

/* A large allocation of size bytes, whole pages; NULL if there is none. */
void	*chunk_large_alloc(size_t size, size_t align);
void	chunk_large_free(struct mem_chunk *);

/* The chunk that va lies in, or NULL. */
struct mem_chunk *chunk_find(const void *va);

/* Could a chunk for so many pages still be mapped within the limit? */
bool	chunk_possible(size_t npages);

/* ── buddy.c; page_lock held ── */

/*
 * Make the pages [first, first + n) of a chunk free.
 *
 * rest  they were just taken together with others, and should stay in place
 *       for later buddy_take_page calls as long as there are others.
 */
void	buddy_add(struct mem_chunk *, unsigned int first, unsigned int n,
	    bool rest);

/* Take a block.  Returns its first page, or NULL. */
struct vm_page *buddy_take(enum mem_use, unsigned int order);

/* Take page i of a chunk; NULL if it is not free. */
struct vm_page *buddy_take_page(struct mem_chunk *, unsigned int i);

/* Initialise the descriptors of n pages that were taken together. */
void	descriptors_init(struct vm_page *, unsigned int n);

void	buddy_init(void);

/* Take all blocks of an empty chunk off the lists. */
void	buddy_remove_chunk(struct mem_chunk *);

/* ── run.c ── */

/*
 * Allocate npages contiguous pages, aligned to 2^align pages.
 *
 * Returns the first page's descriptor (all of them are initialised, without
 * object and flags), or NULL.
 * Locks:   page_lock held.
 */
struct vm_page *run_alloc(enum mem_use, unsigned int npages,
	    unsigned int align, int flags);

/*
 * Give back npages pages from pg on.  Takes page_lock.  run_release does not
 * tell those who wait for memory, nor the reserve.
 */
void	run_free(struct vm_page *pg, unsigned int npages);
void	run_release(struct vm_page *pg, unsigned int npages);
void	mem_freed(void);		/* tells them */

/* Pages, free or that could still be mapped: an estimate without lock. */
size_t	mem_available(void);

/* ── kpages.c ── */

/*
 * Contiguous memory for the kernel, size a multiple of the page size.
 *
 * align  power of two, at least PAGE_SIZE.
 * sleep  wait for memory, then draw on the reserve: does not fail.
 *
 * Context: any; thread only if sleep.
 */
void	*kpages_alloc(size_t size, size_t align, bool sleep);
void	kpages_free(void *va, size_t size);

/* ── reserve.c ── */

/* A request that may not fail. */
struct mem_request {
	/* Try once; with reserve, all that there is may be used. */
	void *(*mq_try)(struct mem_request *, bool reserve);
	size_t mq_size;
	size_t mq_align;
	const void *mq_owner;
};

/*
 * Try, wait for memory and try again, draw on the reserve and try again;
 * panics when the reserve is empty.
 *
 * Context: thread, may sleep.
 */
void	*mem_insist(struct mem_request *);

/*
 * Draw on the reserve at once; NULL if it is empty.  For the page daemon, even
 * where it may not sleep: to write pages takes some memory first.
 *
 * Context: any.
 */
void	*mem_draw(struct mem_request *);

bool	reserve_init(unsigned int ncpus);	/* false: no memory for it */

/* Memory became free: fill the reserve if it is low.  No locks held. */
void	reserve_fill(void);

/*
 * Memory for the reserve, up to *npages pages, which is set to how many they
 * are; and back, for requests to find.  kpages.c.  Locks: reserve's held.
 */
void	*reserve_block_get(unsigned int *npages);
void	reserve_block_put(void *, unsigned int npages);

/* ── daemon.c ── */

/* Is the caller the daemon? */
bool	daemon_self(void);

/* Memory is short: let the daemon work, soon.  Context: any. */
void	daemon_kick(void);

/*
 * Wait until the daemon has made a pass, or memory was freed.
 *
 * Returns false if there is no daemon (early boot, halt), or the caller is it.
 * Context: thread, may sleep.
 */
bool	daemon_wait(void);
unsigned int daemon_pass(void);	/* how many passes have ended */

/* Someone waits for memory: call daemon_wakeup when some is freed. */
extern volatile bool daemon_waiters;
void	daemon_wakeup(void);

/* ── pagequeue.c ── */

/* The page lock of all pages; protects the queue. */
extern kmutex_t pagequeue_lock;

/* Change a page's PQ_*; pagequeue_lock held.  Others look without it. */
static inline void
pqflags_change(struct vm_page *pg, uint32_t set, uint32_t clear)
{
	atomic_store_relaxed(&pg->pqflags, (pg->pqflags & ~clear) | set);
}
extern unsigned int pagequeue_length;

void	pagequeue_init(void);

/* Pages of files that there may be before the daemon gets some back. */
extern unsigned int pagequeue_soft_limit;

/*
 * Free about so many pages that are not in use, oldest first.
 *
 * Returns how many were freed or are being written to be freed.
 * Context: the daemon.
 */
unsigned int pagequeue_reclaim(unsigned int npages);

/* ── pool.c ── */

/* Give back idle pages of all pools.  Context: thread, may sleep. */
void	pools_drain(void);

#endif /* _KERN_MEM_MEM_H_ */
