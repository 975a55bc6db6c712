/* SPDX-License-Identifier: BSD-2-Clause */
/* Printing of memory objects for debugging. */
#ifndef _UVM_UVM_DDB_H_
#define _UVM_UVM_DDB_H_

#ifdef _KERNEL

#include <sys/types.h>

struct uvm_object;
struct vm_page;

void	uvm_object_printit(struct uvm_object *, bool,
	    void (*)(const char *, ...) __printflike(1, 2));
void	uvm_page_printit(struct vm_page *, bool,
	    void (*)(const char *, ...) __printflike(1, 2));

#endif /* _KERNEL */
#endif /* _UVM_UVM_DDB_H_ */
