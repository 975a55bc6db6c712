/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A walk over the pages of an object in order of offset, several at a time.
 * The object is locked; after its lock was dropped, clear the array.
 */
#ifndef _UVM_UVM_PAGE_ARRAY_H_
#define _UVM_UVM_PAGE_ARRAY_H_

#include <sys/types.h>
#include <uvm/uvm_param.h>

struct uvm_object;
struct vm_page;

struct uvm_page_array {
	unsigned int ar_npages;		/* pages in ar_pages */
	unsigned int ar_idx;		/* the next one */
	struct uvm_object *ar_uobj;
	unsigned int ar_flags;
	voff_t ar_lastoff;		/* asserted: walk goes one way */
	struct vm_page *ar_pages[16];
};

/* Flags: which pages, and which way. */
#define UVM_PAGE_ARRAY_FILL_DIRTY	1
#define UVM_PAGE_ARRAY_FILL_WRITEBACK	2
#define UVM_PAGE_ARRAY_FILL_DENSE	4
#define UVM_PAGE_ARRAY_FILL_BACKWARD	8

void	uvm_page_array_init(struct uvm_page_array *, struct uvm_object *,
	    unsigned int);
void	uvm_page_array_fini(struct uvm_page_array *);
void	uvm_page_array_clear(struct uvm_page_array *);
struct vm_page *uvm_page_array_peek(struct uvm_page_array *);
void	uvm_page_array_advance(struct uvm_page_array *);
int	uvm_page_array_fill(struct uvm_page_array *, voff_t, unsigned int);
struct vm_page *uvm_page_array_fill_and_peek(struct uvm_page_array *, voff_t,
	    unsigned int);

#endif /* _UVM_UVM_PAGE_ARRAY_H_ */
