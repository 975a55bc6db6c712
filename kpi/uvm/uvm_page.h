/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Pages of memory, and what is known of each.
 *
 * A page belongs to an object at an offset, or to the kernel, or is free.
 * A busy page is owned by the thread (or the I/O) that made it busy.  Pages of
 * one object at consecutive offsets often lie side by side in memory; a page's
 * address is its "physical" address, there is no other mapping.
 */
#ifndef _UVM_UVM_PAGE_H_
#define _UVM_UVM_PAGE_H_

#include <sys/types.h>
#include <sys/queue.h>
#include <sys/rwlock.h>
#include <uvm/uvm_extern.h>
#include <uvm/uvm_pglist.h>

struct mem_chunk;

struct vm_page {
	union {
		TAILQ_ENTRY(vm_page) queue;	/* owner's list; page queues */
		LIST_ENTRY(vm_page) list;	/* free lists (page lock) */
	} pageq;
	paddr_t phys_addr;		/* address; constant */
	struct mem_chunk *chunk;	/* kern/mem's; constant */

	/* Protected by the object's lock, held as writer to change. */
	struct uvm_object *uobject;
	voff_t offset;			/* in uobject, bytes */
	uint32_t flags;			/* PG_* */

	/* Protected by the page lock (uvm_pagelock). */
	uint32_t pqflags;		/* PQ_* */
	uint32_t wire_count;
	uint32_t loan_count;		/* 0: no loans; free pages: kern/mem's */
};

/* flags */
#define PG_CLEAN	0x00000001	/* known to be clean */
#define PG_DIRTY	0x00000002	/* known to be dirty */
#define PG_BUSY		0x00000004	/* owned: keep off */
#define PG_PAGEOUT	0x00000010	/* the page daemon writes it: free after */
#define PG_RELEASED	0x00000020	/* free it when no longer busy */
#define PG_FAKE		0x00000040	/* contents not yet valid */
#define PG_RDONLY	0x00000080	/* must not be written without the pager */
#define PG_TABLED	0x00000200	/* in uobject's index */
#define PG_AOBJ		0x00000400	/* of an anonymous object */
#define PG_ANON		0x00000800
#define PG_FILE		0x00001000	/* of a vnode */
#define PG_READAHEAD	0x00002000	/* read ahead, not yet used */
#define PG_FREE		0x00004000	/* free */
#define PG_MARKER	0x00008000	/* not a page: a place in a queue */
#define PG_PAGER1	0x00010000	/* the pager's own */
#define PG_PGLCA	0x00020000	/* page array: allocated by it */
#define PG_UNWRITTEN	0x00040000	/* of a vnode: counted as not on disk yet */

#define PG_STAT		(PG_ANON | PG_AOBJ | PG_FILE)
#define PG_SWAPBACKED	(PG_ANON | PG_AOBJ)

/* State of dirtiness, as uvm_pagemarkdirty and uvm_pagegetdirty name it. */
#define UVM_PAGE_STATUS_UNKNOWN	0
#define UVM_PAGE_STATUS_CLEAN	1
#define UVM_PAGE_STATUS_DIRTY	2
#define UVM_PAGE_NUM_STATUS	3

/* pqflags: what queue the page is on or should go to. */
#define PQ_INTENT_A	0x00000000	/* active */
#define PQ_INTENT_I	0x00000001	/* inactive */
#define PQ_INTENT_E	0x00000002	/* to be put on a queue */
#define PQ_INTENT_D	0x00000003	/* to be taken off */
#define PQ_INTENT_MASK	0x00000003
#define PQ_INTENT_SET	0x00000004
#define PQ_INTENT_QUEUED 0x00000008
#define PQ_PRIVATE	0x00000ff0	/* the page daemon's policy */
#define PQ_WANTED	0x00001000	/* someone waits for PG_BUSY to clear */

#ifdef _KERNEL

#define VM_PAGE_TO_PHYS(entry)	uvm_vm_page_to_phys(entry)

paddr_t	uvm_vm_page_to_phys(const struct vm_page *);
struct vm_page *uvm_phys_to_vm_page(paddr_t);
#define PHYS_TO_VM_PAGE(pa)	uvm_phys_to_vm_page(pa)

/* Page lock: short, taken after the object's lock. */
void	uvm_pagelock(struct vm_page *);
void	uvm_pagelock2(struct vm_page *, struct vm_page *);
void	uvm_pageunlock(struct vm_page *);
void	uvm_pageunlock2(struct vm_page *, struct vm_page *);

/* Identity: object locked as writer (look-up: locked). */
void	uvm_pagefree(struct vm_page *);
struct vm_page *uvm_pagelookup(struct uvm_object *, voff_t);
bool	uvm_pagerealloc(struct vm_page *, struct uvm_object *, voff_t);
int	uvm_pagereplace(struct vm_page *, struct vm_page *);
bool	uvm_page_owner_locked_p(struct vm_page *, bool);

/* Ownership. */
void	uvm_page_unbusy(struct vm_page **, int);
void	uvm_pagewait(struct vm_page *, krwlock_t *, const char *);
void	uvm_pagewakeup(struct vm_page *);
bool	uvm_pagewanted_p(struct vm_page *);

/* Contents. */
void	uvm_pagecopy(struct vm_page *, struct vm_page *);
void	uvm_pagezero(struct vm_page *);
unsigned int uvm_pagegetdirty(struct vm_page *);
bool	uvm_pagecheckdirty(struct vm_page *, bool);
void	uvm_pagemarkdirty(struct vm_page *, unsigned int);
bool	uvm_pagereadonly_p(struct vm_page *);

/* Queues: page locked. */
void	uvm_pageactivate(struct vm_page *);
void	uvm_pagedeactivate(struct vm_page *);
void	uvm_pagedequeue(struct vm_page *);
void	uvm_pageenqueue(struct vm_page *);
void	uvm_pagewire(struct vm_page *);
void	uvm_pageunwire(struct vm_page *);

#endif /* _KERNEL */
#endif /* _UVM_UVM_PAGE_H_ */
