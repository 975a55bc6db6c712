/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Physical maps.  There is no MMU to program: kernel addresses are host
 * addresses, a page is mapped where it is, and modification is known by the
 * page's state alone.  So most of these do nothing.
 */
#ifndef _UVM_UVM_PMAP_H_
#define _UVM_UVM_PMAP_H_

#include <sys/types.h>
#include <uvm/uvm_prot.h>

struct pmap;
typedef struct pmap *pmap_t;

struct pmap_statistics {
	long resident_count;
	long wired_count;
};
typedef struct pmap_statistics *pmap_statistics_t;

#ifdef _KERNEL

struct vm_page;

struct pmap {
	unsigned int pm_refcnt;
	struct pmap_statistics pm_stats;
};

extern struct pmap *const kernel_pmap_ptr;
#define pmap_kernel()	(kernel_pmap_ptr)

/* Flags of pmap_enter and pmap_kenter_pa. */
#define PMAP_WIRED	0x00000010
#define PMAP_CANFAIL	0x00000020
#define PMAP_KMPAGE	0x00000000
#define PMAP_NOCACHE	0x00000100
#define PMAP_WRITE_COMBINE 0x00000200
#define PMAP_WRITE_BACK	0x00000300
#define PMAP_NOCACHE_OVR 0x00000400
#define PMAP_CACHE_MASK	0x00000f00
#define PMAP_PROT_MASK	0x0000000f
#define PMAP_MD_MASK	0xff000000

bool	pmap_extract(pmap_t, vaddr_t, paddr_t *);
void	pmap_kenter_pa(vaddr_t, paddr_t, vm_prot_t, u_int);
void	pmap_kremove(vaddr_t, vsize_t);
void	pmap_update(pmap_t);

void	pmap_page_protect(struct vm_page *, vm_prot_t);
void	pmap_zero_page(paddr_t);
void	pmap_copy_page(paddr_t, paddr_t);

/* Modified and referenced bits of the MMU: never set. */
#define pmap_clear_modify(pg)		((void)(pg), false)
#define pmap_clear_reference(pg)	((void)(pg), false)
#define pmap_is_modified(pg)		((void)(pg), false)
#define pmap_is_referenced(pg)		((void)(pg), false)
#define pmap_resident_count(pm)		((pm)->pm_stats.resident_count)
#define pmap_wired_count(pm)		((pm)->pm_stats.wired_count)

#endif /* _KERNEL */
#endif /* _UVM_UVM_PMAP_H_ */
