/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The parts of uvm(9) that deal with addresses: kernel memory by the page,
 * maps, address spaces, physical maps.
 *
 * There is no MMU that the kernel could program.  Kernel memory is where the
 * host put it, a page's physical address is its address, and no map has
 * entries.  What needs a mapping is refused, and what is trivially true
 * without one succeeds.
 */

#include <sys/param.h>
#include <sys/atomic.h>
#include <sys/errno.h>
#include <sys/kmem.h>
#include <sys/systm.h>

#include <rump-private/memory.h>
#include <rump-sys/kern.h>
#include <uvm/uvm.h>

#include "mem.h"

/* For sizing tables only; the limit is mem_limit. */
#define NOMINAL_MEMORY	(512ul * 1024 * 1024)

static struct pmap kernel_pmap = { .pm_refcnt = 1 };
static struct pmap local_pmap = { .pm_refcnt = 1 };
struct pmap *const kernel_pmap_ptr = &kernel_pmap;

/* The kernel's address space, and the one of all local programs. */
static struct vmspace kernel_vmspace = {
	.vm_map = { .pmap = &kernel_pmap },
	.vm_refcnt = 1,
};
static struct vmspace local_vmspace = {
	.vm_map = { .pmap = &local_pmap },
	.vm_refcnt = 1,
};
const struct uvm_pagerops uvm_deviceops;
struct vmspace *rump_vmspace_kernel = &kernel_vmspace;
struct vmspace *rump_vmspace_local = &local_vmspace;
struct vm_map *kernel_map = &kernel_vmspace.vm_map;
struct vm_map *phys_map = &kernel_vmspace.vm_map;

psize_t physmem = NOMINAL_MEMORY / PAGE_SIZE;
int nkmempages = NOMINAL_MEMORY / PAGE_SIZE;
int maxmem = NOMINAL_MEMORY / PAGE_SIZE;

/* So many per cent of memory, and no more than so many of a map of the size. */
vaddr_t
calc_cache_size(vsize_t mapsize, int pct, int va_pct)
{
	vaddr_t size = (vaddr_t)physmem / 100 * pct * PAGE_SIZE;

	return mapsize == 0 ? size : MIN(size, mapsize / 100 * va_pct);
}

/*
 * Allocate size bytes of kernel memory; align 0 means the page size.
 *
 * Returns 0 if the request may fail (NOWAIT or CANFAIL) and does, or asks for
 * addresses without memory (VAONLY).
 */
vaddr_t
uvm_km_alloc(struct vm_map *map, vsize_t size, vsize_t align, uvm_flag_t flags)
{
	bool sleep = (flags & (UVM_KMF_NOWAIT | UVM_KMF_CANFAIL)) == 0;
	void *p;

	if ((flags & UVM_KMF_TYPEMASK) == UVM_KMF_VAONLY)
		return 0;
	size = round_page(size);
	p = kpages_alloc(size, MAX(align, PAGE_SIZE), sleep);
	if (p != NULL && (flags & UVM_KMF_ZERO) != 0)
		memset(p, 0, size);
	return (vaddr_t)p;
}

void
uvm_km_free(struct vm_map *map, vaddr_t addr, vsize_t size, uvm_flag_t flags)
{
	kpages_free((void *)addr, round_page(size));
}

/* A part of a map for one use: there is but one map. */
struct vm_map *
uvm_km_suballoc(struct vm_map *map, vaddr_t *min, vaddr_t *max, vsize_t size,
    int flags, bool fixed, struct vm_map *submap)
{
	return map;
}

bool
uvm_kernacc(void *addr, size_t len, vm_prot_t access)
{
	return true;
}

/*
 * Contiguous pages in one segment (nsegs 1), or from anywhere, in a list.
 *
 * Returns 0 or ENOMEM; a range of addresses can only be all of them.
 */
int
uvm_pglistalloc(psize_t size, paddr_t low, paddr_t high, paddr_t align,
    paddr_t boundary, struct pglist *list, int nsegs, int waitok)
{
	unsigned int npages = round_page(size) >> PAGE_SHIFT, i;
	unsigned int order = align > PAGE_SIZE ? ilog2(align) - PAGE_SHIFT : 0;
	struct vm_page *pg;

	if (boundary != 0)
		order = MAX(order, npages > 1 ? ilog2(npages - 1) + 1u : 0);
	for (;;) {
		mutex_enter(&page_lock);
		pg = run_alloc(MEM_OBJECT, npages, order,
		    RUN_GROW | RUN_BORROW);
		mutex_exit(&page_lock);
		if (pg != NULL || !waitok)
			break;
		uvm_wait("pglist");
	}
	TAILQ_INIT(list);
	if (pg == NULL)
		return ENOMEM;
	for (i = 0; i < npages; i++)
		TAILQ_INSERT_TAIL(list, pg + i, pageq.queue);
	return 0;
}

void
uvm_pglistfree(struct pglist *list)
{
	struct vm_page *pg;

	while ((pg = TAILQ_FIRST(list)) != NULL) {
		TAILQ_REMOVE(list, pg, pageq.queue);
		run_free(pg, 1);
	}
}

/*
 * Maps.
 */

void
vm_map_lock(struct vm_map *map)
{
}

bool
vm_map_lock_try(struct vm_map *map)
{
	return true;
}

void
vm_map_unlock(struct vm_map *map)
{
}

void
vm_map_lock_read(struct vm_map *map)
{
}

void
vm_map_unlock_read(struct vm_map *map)
{
}

int
uvm_map(struct vm_map *map, vaddr_t *start, vsize_t size,
    struct uvm_object *uobj, voff_t off, vsize_t align, uvm_flag_t flags)
{
	return EOPNOTSUPP;
}

void
uvm_unmap1(struct vm_map *map, vaddr_t start, vaddr_t end, int flags)
{
	panic("uvm_unmap1: nothing is mapped");
}

int
uvm_map_protect(struct vm_map *map, vaddr_t start, vaddr_t end,
    vm_prot_t prot, bool set_max)
{
	return EOPNOTSUPP;
}

/* Wired or not: this kernel takes no memory from programs. */
int
uvm_map_pageable(struct vm_map *map, vaddr_t start, vaddr_t end,
    bool pageable, int lockflags)
{
	return 0;
}

int
uvm_vslock(struct vmspace *vm, void *addr, size_t len, vm_prot_t access)
{
	return 0;
}

void
uvm_vsunlock(struct vmspace *vm, void *addr, size_t len)
{
}

/* Reads and writes memory of another map: there is none. */
int
uvm_io(struct vm_map *map, struct uio *uio, int flags)
{
	return EOPNOTSUPP;
}

int
uvm_loan(struct vm_map *map, vaddr_t start, vsize_t len, void *v, int flags)
{
	return EOPNOTSUPP;
}

void
uvm_unloan(void *v, int npages, int flags)
{
	panic("uvm_unloan: nothing is lent");
}

int
uvm_loanuobjpages(struct uvm_object *uobj, voff_t off, int npages,
    struct vm_page **pgs)
{
	return EOPNOTSUPP;
}

/* Device memory cannot be made an object. */
struct uvm_object *
udv_attach(dev_t device, vm_prot_t access, voff_t off, vsize_t size)
{
	return NULL;
}

void
uvm_swap_shutdown(struct lwp *l)
{
}

/*
 * Address spaces.
 */

void
uvmspace_init(struct vmspace *vm, struct pmap *pmap, vaddr_t min, vaddr_t max,
    bool topdown)
{
	memset(vm, 0, sizeof(*vm));
	vm->vm_map.pmap = pmap;
	vm_map_setmin(&vm->vm_map, min);
	vm_map_setmax(&vm->vm_map, max);
	vm->vm_refcnt = 1;
}

/* An address space of its own, for a client elsewhere. */
struct vmspace *
uvmspace_alloc(vaddr_t min, vaddr_t max, bool topdown)
{
	struct vmspace *vm = kmem_alloc(sizeof(*vm), KM_SLEEP);
	struct pmap *pmap = kmem_zalloc(sizeof(*pmap), KM_SLEEP);

	pmap->pm_refcnt = 1;
	uvmspace_init(vm, pmap, min, max, topdown);
	return vm;
}

void
uvmspace_addref(struct vmspace *vm)
{
	atomic_inc_uint((volatile unsigned int *)&vm->vm_refcnt);
}

void
uvmspace_free(struct vmspace *vm)
{
	membar_exit();
	if (atomic_dec_uint_nv((volatile unsigned int *)&vm->vm_refcnt) != 0)
		return;
	KASSERT(vm != &kernel_vmspace && vm != &local_vmspace);
	kmem_free(vm->vm_map.pmap, sizeof(*vm->vm_map.pmap));
	kmem_free(vm, sizeof(*vm));
}

/*
 * Physical maps.
 */

bool
pmap_extract(pmap_t pmap, vaddr_t va, paddr_t *pa)
{
	*pa = (paddr_t)va;
	return true;
}

/* A page is where it is; no address without memory was ever handed out. */
void
pmap_kenter_pa(vaddr_t va, paddr_t pa, vm_prot_t prot, u_int flags)
{
	if (va != pa)
		panic("pmap_kenter_pa: %#lx cannot be mapped elsewhere",
		    (unsigned long)pa);
}

void
pmap_kremove(vaddr_t va, vsize_t size)
{
}

void
pmap_update(pmap_t pmap)
{
}

void
pmap_page_protect(struct vm_page *pg, vm_prot_t prot)
{
}

void
pmap_zero_page(paddr_t pa)
{
	memset((void *)pa, 0, PAGE_SIZE);
}

void
pmap_copy_page(paddr_t src, paddr_t dst)
{
	memcpy((void *)dst, (void *)src, PAGE_SIZE);
}
