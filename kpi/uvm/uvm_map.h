/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Address space maps.  No map here has entries: the host lays out addresses.
 * The structures serve code that names them.
 */
#ifndef _UVM_UVM_MAP_H_
#define _UVM_UVM_MAP_H_

#include <sys/types.h>
#include <uvm/uvm_param.h>
#include <uvm/uvm_pmap.h>
#include <uvm/uvm_prot.h>

struct uvm_object;

struct vm_map_entry {
	struct vm_map_entry *prev;
	struct vm_map_entry *next;
	vaddr_t start;
	vaddr_t end;
	union {
		struct uvm_object *uvm_obj;
		struct vm_map *sub_map;
	} object;
	voff_t offset;
	uint8_t etype;
	uint8_t flags;
	uint8_t advice;
	vm_prot_t protection;
	vm_prot_t max_protection;
	vm_inherit_t inheritance;
	int wired_count;
};

struct vm_map {
	struct pmap *pmap;
	struct vm_map_entry header;
	int nentries;
	vsize_t size;
	volatile int ref_count;
	int flags;
	unsigned int timestamp;
};

#define VM_MAP_PAGEABLE		0x01
#define VM_MAP_WIREFUTURE	0x04
#define VM_MAP_DYING		0x20
#define VM_MAP_TOPDOWN		0x40
#define VM_MAP_WANTVA		0x100
#define VM_MAP_BITS \
	"\177\020b\0PAGEABLE\0b\2WIREFUTURE\0b\5DYING\0b\6TOPDOWN\0b\10WANTVA\0"

#define UVM_EXTRACT_REMOVE	0x01
#define UVM_EXTRACT_CONTIG	0x02
#define UVM_EXTRACT_QREF	0x04
#define UVM_EXTRACT_FIXPROT	0x08
#define UVM_EXTRACT_RESERVED	0x10
#define UVM_EXTRACT_PROT_ALL	0x20

#define vm_map_min(map)		((map)->header.end)
#define vm_map_max(map)		((map)->header.start)
#define vm_map_setmin(map, v)	((map)->header.end = (v))
#define vm_map_setmax(map, v)	((map)->header.start = (v))
#define vm_map_pmap(map)	((map)->pmap)

#ifdef _KERNEL

#define VM_MAP_IS_KERNEL(map)	(vm_map_pmap(map) == pmap_kernel())

void	vm_map_lock(struct vm_map *);
bool	vm_map_lock_try(struct vm_map *);
void	vm_map_unlock(struct vm_map *);
void	vm_map_lock_read(struct vm_map *);
void	vm_map_unlock_read(struct vm_map *);

void	uvm_unmap1(struct vm_map *, vaddr_t, vaddr_t, int);
#define uvm_unmap(map, s, e)	uvm_unmap1((map), (s), (e), 0)

#endif /* _KERNEL */
#endif /* _UVM_UVM_MAP_H_ */
