/* SPDX-License-Identifier: BSD-2-Clause */
/* Page loans: refused, callers copy. */
#ifndef _UVM_UVM_LOAN_H_
#define _UVM_UVM_LOAN_H_

#include <sys/types.h>
#include <uvm/uvm_param.h>

struct uvm_object;
struct vm_map;
struct vm_page;

#define UVM_LOAN_TOANON	0x01
#define UVM_LOAN_TOPAGE	0x02

#ifdef _KERNEL
int	uvm_loan(struct vm_map *, vaddr_t, vsize_t, void *, int);
void	uvm_unloan(void *, int, int);
int	uvm_loanuobjpages(struct uvm_object *, voff_t, int,
	    struct vm_page **);
#endif

#endif /* _UVM_UVM_LOAN_H_ */
