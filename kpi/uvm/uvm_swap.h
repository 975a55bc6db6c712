/* SPDX-License-Identifier: BSD-2-Clause */
/* Swap: there is none. */
#ifndef _UVM_UVM_SWAP_H_
#define _UVM_UVM_SWAP_H_

#define SWSLOT_BAD	(-1)

#ifdef _KERNEL
struct lwp;
void	uvm_swap_shutdown(struct lwp *);
#endif

#endif /* _UVM_UVM_SWAP_H_ */
