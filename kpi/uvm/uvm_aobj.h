/* SPDX-License-Identifier: BSD-2-Clause */
/* Anonymous objects: zero-filled pages without a backing store. */
#ifndef _UVM_UVM_AOBJ_H_
#define _UVM_UVM_AOBJ_H_

#include <sys/types.h>
#include <uvm/uvm_param.h>

struct uvm_object;

/* Flags of uao_create. */
#define UAO_FLAG_KERNOBJ	0x1
#define UAO_FLAG_KERNSWAP	0x2
#define UAO_FLAG_NOSWAP		0x8

#ifdef _KERNEL
#define uao_dropswap(obj, pageidx)
#define uao_dropswap_range(obj, lo, hi)
#endif

#endif /* _UVM_UVM_AOBJ_H_ */
