/* SPDX-License-Identifier: BSD-2-Clause */
/* Pages of objects, several at a time.  Implemented by kern/mem/uvm_page.c. */
#ifndef _RUMP_PRIVATE_PAGES_H_
#define _RUMP_PRIVATE_PAGES_H_

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

#endif /* _RUMP_PRIVATE_PAGES_H_ */
