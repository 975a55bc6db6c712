/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Pages of objects, several at a time, and those whose data are not on disk yet.
 * Implemented by kern/mem/uvm_page.c and pagequeue.c.
 */
#ifndef _RUMP_PRIVATE_PAGES_H_
#define _RUMP_PRIVATE_PAGES_H_

#include <sys/condvar.h>
#include <sys/mutex.h>

#include <uvm/uvm_page.h>

/*
 * Allocate pages for up to n consecutive offsets of an object from off on, all
 * within one aligned MAXPHYS, none of which has a page.  As n calls of
 * uvm_pagealloc, but cheaper, and in one run of memory if there is one.
 *
 * flags  UVM_PGA_*.
 * pgs    out: the pages; busy, fake, clean.  Slots behind them: as they were, or NULL.
 *
 * Returns how many; 0: no memory, uvm_wait with the lock dropped and try again.
 * Locks: object locked as writer.
 */
unsigned int page_alloc_run(struct uvm_object *, voff_t off, unsigned int n,
	    int flags, struct vm_page **pgs);

/*
 * What is to be written of a mount (uo_tally of its vnodes, and of the layers
 * above them): pages that are dirty, or on their way to the disk.
 */
struct page_tally {
	volatile unsigned int	pt_unwritten;	/* pages: atomic */
	volatile unsigned int	pt_since;	/* KiB, see vfs/page/throttle.c */
	struct mount	*pt_mount;		/* constant */
	kmutex_t	pt_lock;
	kcondvar_t	pt_cv;			/* pt_ended has changed */
	unsigned int	pt_writing;		/* pt_lock: pages under way */
	unsigned int	pt_ended;		/* pt_lock: whose write has ended */
};

/* Of all mounts: atomic. */
extern volatile unsigned int pages_unwritten;

/*
 * A dirty page of a file, busy, is about to be written: it becomes clean, but
 * counts until the write ends.  failed: it is dirty again.  Object locked as writer.
 */
void	page_write_begin(struct vm_page *);
void	page_write_end(struct vm_page *, bool failed);

/* How many pages of files the kernel keeps at most. */
unsigned int page_file_most(void);

#endif /* _RUMP_PRIVATE_PAGES_H_ */
