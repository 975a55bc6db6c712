/* SPDX-License-Identifier: BSD-2-Clause */
/* Objects over device memory. */
#ifndef _UVM_UVM_DEVICE_H_
#define _UVM_UVM_DEVICE_H_

#include <sys/types.h>
#include <uvm/uvm_param.h>
#include <uvm/uvm_prot.h>

struct uvm_object;

#define UVM_DEVICE_HOLD		0x1
#define UVM_DEVICE_WANTED	0x2

#ifdef _KERNEL
struct uvm_object *udv_attach(dev_t, vm_prot_t, voff_t, vsize_t);
#endif

#endif /* _UVM_UVM_DEVICE_H_ */
