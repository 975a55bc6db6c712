/* SPDX-License-Identifier: BSD-2-Clause */
/* Everything about virtual memory, and its global state. */
#ifndef _UVM_UVM_H_
#define _UVM_UVM_H_

#include <uvm/uvm_extern.h>
#include <uvm/uvm_stat.h>
#include <uvm/uvm_amap.h>
#include <uvm/uvm_aobj.h>
#include <uvm/uvm_device.h>
#include <uvm/uvm_loan.h>
#include <uvm/uvm_map.h>
#include <uvm/uvm_object.h>
#include <uvm/uvm_page.h>
#include <uvm/uvm_pager.h>
#include <uvm/uvm_pglist.h>
#include <uvm/uvm_physseg.h>
#include <uvm/uvm_readahead.h>
#include <uvm/uvm_swap.h>

#ifdef _KERNEL

struct lwp;

struct uvm {
	struct lwp *pagedaemon_lwp;	/* NULL until it first ran */
	bool page_init_done;
};

extern struct uvm uvm;

/* Types of map entries. */
#define UVM_ET_OBJ		0x01
#define UVM_ET_SUBMAP		0x02
#define UVM_ET_COPYONWRITE	0x04
#define UVM_ET_NEEDSCOPY	0x08
#define UVM_ET_ISOBJ(E)		(((E)->etype & UVM_ET_OBJ) != 0)
#define UVM_ET_ISSUBMAP(E)	(((E)->etype & UVM_ET_SUBMAP) != 0)
#define UVM_ET_ISCOPYONWRITE(E)	(((E)->etype & UVM_ET_COPYONWRITE) != 0)
#define UVM_ET_ISNEEDSCOPY(E)	(((E)->etype & UVM_ET_NEEDSCOPY) != 0)

/* Who owns a busy page is not recorded. */
#define UVM_PAGE_OWN(PG, TAG)		__nothing
#define UVM_PAGE_OWN2(PG, TAG, L)	__nothing

#endif /* _KERNEL */
#endif /* _UVM_UVM_H_ */
