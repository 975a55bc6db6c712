/* SPDX-License-Identifier: BSD-2-Clause */
/* The kernel's page: 4 KiB on every host, whatever the CPU's own is. */
#ifndef _MACHINE_VMPARAM_H_
#define _MACHINE_VMPARAM_H_

#define PAGE_SHIFT	12
#define PAGE_SIZE	(1 << PAGE_SHIFT)
#define PAGE_MASK	(PAGE_SIZE - 1)

/* One address space: there is no boundary between user and kernel. */
#define VM_MIN_ADDRESS		((vaddr_t)0)
#define VM_MAX_ADDRESS		((vaddr_t)-PAGE_SIZE)
#define VM_MAXUSER_ADDRESS	VM_MAX_ADDRESS
#define VM_MIN_KERNEL_ADDRESS	((vaddr_t)0)
#define VM_MAX_KERNEL_ADDRESS	((vaddr_t)-PAGE_SIZE)
#define USRSTACK		VM_MAXUSER_ADDRESS

#define VM_PHYSSEG_MAX		1
#define VM_NFREELIST		1
#define VM_FREELIST_DEFAULT	0

#endif
