/* SPDX-License-Identifier: BSD-2-Clause */
/* Read-ahead: a context per open use of a vnode. */
#ifndef _UVM_UVM_READAHEAD_H_
#define _UVM_UVM_READAHEAD_H_

#include <sys/types.h>

struct uvm_object;
struct uvm_ractx;

#ifdef _KERNEL
void	uvm_ra_init(void);
struct uvm_ractx *uvm_ra_allocctx(void);
void	uvm_ra_freectx(struct uvm_ractx *);
void	uvm_ra_request(struct uvm_ractx *, int, struct uvm_object *, off_t,
	    size_t);
int	uvm_readahead(struct uvm_object *, off_t, off_t);
#endif

#endif /* _UVM_UVM_READAHEAD_H_ */
