/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Memory objects: something that has pages, found by offset.
 *
 * The object's lock protects its index of pages and the identity and state of
 * each page in it.  Several objects may share one lock.
 */
#ifndef _UVM_UVM_OBJECT_H_
#define _UVM_UVM_OBJECT_H_

#include <sys/types.h>
#include <sys/queue.h>
#include <sys/radixtree.h>
#include <uvm/uvm_pglist.h>

struct krwlock;
struct page_tally;
struct ubc_map;
struct uvm_pagerops;

struct uvm_object {
	struct krwlock *vmobjlock;		/* constant once shared */
	const struct uvm_pagerops *pgops;	/* constant */
	int uo_npages;				/* vmobjlock */
	unsigned int uo_refs;			/* vmobjlock or atomic */
	struct radix_tree uo_pages;		/* vmobjlock: page index -> page */
	LIST_HEAD(, ubc_map) uo_ubc;		/* the UBC code's */
	struct page_tally *uo_tally;		/* constant while there are pages */
};

/* uo_refs of objects that only the kernel uses: they do not count. */
#define UVM_OBJ_KERN	(-2)
#define UVM_OBJ_IS_KERN_OBJECT(uobj)	((uobj)->uo_refs == (unsigned)UVM_OBJ_KERN)

/* Tags of uo_pages. */
#define UVM_PAGE_DIRTY_TAG	1
#define UVM_PAGE_WRITEBACK_TAG	2

#ifdef _KERNEL

extern const struct uvm_pagerops uvm_vnodeops;	/* pages of vnodes: vfs's */
extern const struct uvm_pagerops *uvm_vnodepager;	/* it, once vfs is there */
extern const struct uvm_pagerops uvm_deviceops;	/* device memory */
extern const struct uvm_pagerops aobj_pager;	/* anonymous objects */

#define UVM_OBJ_IS_VNODE(uobj)	((uobj)->pgops == uvm_vnodepager)
#define UVM_OBJ_IS_DEVICE(uobj)	((uobj)->pgops == &uvm_deviceops)
#define UVM_OBJ_IS_AOBJ(uobj)	((uobj)->pgops == &aobj_pager)
/* Does the object's pager keep clean and dirty pages apart? */
#define UVM_OBJ_NEEDS_WRITEFAULT(uobj)	UVM_OBJ_IS_VNODE(uobj)

#endif /* _KERNEL */
#endif /* _UVM_UVM_OBJECT_H_ */
