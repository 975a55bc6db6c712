/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Pages: contiguous kernel memory, pages of objects and how they lie, what
 * happens when memory runs out.
 */

#include <sys/param.h>
#include <sys/errno.h>
#include <sys/kmem.h>
#include <sys/systm.h>

#include <rump-private/memory.h>
#include <rump-private/pages.h>
#include <uvm/uvm.h>

#include "mem/mem.h"
#include "memtest.h"

#define SLOTS	64
#define STEPS	5000

const char *
rump_test_pages(unsigned int seed)
{
	static struct { vaddr_t va; size_t size; } slots[SLOTS];
	unsigned int step, i;

	memset(slots, 0, sizeof(slots));
	for (step = 0; step < STEPS; step++) {
		unsigned int r = memtest_random(&seed);
		size_t align = (size_t)PAGE_SIZE << (r >> 8) % 5;

		i = r % SLOTS;
		if (slots[i].va == 0) {
			slots[i].size = (size_t)PAGE_SIZE *
			    (1 + memtest_random(&seed) %
			    (r % 50 == 0 ? 600 : 20));
			slots[i].va = uvm_km_alloc(kernel_map, slots[i].size,
			    align, UVM_KMF_WIRED | UVM_KMF_ZERO);
			EXPECT(slots[i].va != 0);
			EXPECT((slots[i].va & (align - 1)) == 0);
			/* It is all there, and nobody else's. */
			*(unsigned int *)slots[i].va = i;
			*(unsigned int *)(slots[i].va + slots[i].size - 4) = i;
			continue;
		}
		EXPECT(*(unsigned int *)slots[i].va == i);
		EXPECT(*(unsigned int *)(slots[i].va + slots[i].size - 4) == i);
		uvm_km_free(kernel_map, slots[i].va, slots[i].size,
		    UVM_KMF_WIRED);
		slots[i].va = 0;
	}
	for (i = 0; i < SLOTS; i++) {
		if (slots[i].va != 0)
			uvm_km_free(kernel_map, slots[i].va, slots[i].size,
			    UVM_KMF_WIRED);
	}
	return NULL;
}

#define NPAGES	256			/* 1 MiB */

static unsigned char contents[NPAGES];

static struct vm_page *
get_page(struct uvm_object *uobj, unsigned int i, int flags)
{
	struct vm_page *pg = NULL;
	int n = 1;

	rw_enter(uobj->vmobjlock, RW_WRITER);
	if ((*uobj->pgops->pgo_get)(uobj, (voff_t)i << PAGE_SHIFT, &pg, &n, 0,
	    VM_PROT_READ | VM_PROT_WRITE, 0, PGO_SYNCIO | flags) != 0)
		return NULL;
	return pg;
}

static void
put_page(struct uvm_object *uobj, struct vm_page *pg)
{
	rw_enter(uobj->vmobjlock, RW_WRITER);
	uvm_page_unbusy(&pg, 1);
	rw_exit(uobj->vmobjlock);
}

static void
free_pages(struct uvm_object *uobj, unsigned int first, unsigned int last)
{
	rw_enter(uobj->vmobjlock, RW_WRITER);
	(void)(*uobj->pgops->pgo_put)(uobj, (voff_t)first << PAGE_SHIFT,
	    (voff_t)last << PAGE_SHIFT, PGO_FREE);
}

const char *
rump_test_aobj(unsigned int seed)
{
	struct uvm_object *uobj = uao_create(NPAGES * PAGE_SIZE, 0);
	struct vm_page *pgs[16], *pg;
	unsigned int step, i, k;
	int n;

	/* A whole run in one call is contiguous and aligned. */
	memset(pgs, 0, sizeof(pgs));
	n = 16;
	rw_enter(uobj->vmobjlock, RW_WRITER);
	EXPECT((*uobj->pgops->pgo_get)(uobj, MAXPHYS, pgs, &n, 0,
	    VM_PROT_WRITE, 0, PGO_SYNCIO | PGO_ALLPAGES) == 0);
	EXPECT((VM_PAGE_TO_PHYS(pgs[0]) & (MAXPHYS - 1)) == 0);
	for (i = 1; i < 16; i++)
		EXPECT(pgs[i] == pgs[0] + i && VM_PAGE_TO_PHYS(pgs[i]) ==
		    VM_PAGE_TO_PHYS(pgs[0]) + i * PAGE_SIZE);
	EXPECT(PHYS_TO_VM_PAGE(VM_PAGE_TO_PHYS(pgs[5])) == pgs[5]);
	rw_enter(uobj->vmobjlock, RW_WRITER);
	uvm_page_unbusy(pgs, 16);
	rw_exit(uobj->vmobjlock);
	free_pages(uobj, 16, 32);
	EXPECT(uobj->uo_npages == 0);
	/* So is one that grows page by page. */
	for (i = 32; i < 48; i++) {
		pgs[i - 32] = get_page(uobj, i, 0);
		EXPECT(pgs[i - 32] != NULL);
		put_page(uobj, pgs[i - 32]);
	}
	for (i = 1; i < 16; i++)
		EXPECT(pgs[i] == pgs[0] + i);
	free_pages(uobj, 0, NPAGES);

	/* Pages keep what is written to them until they are freed. */
	memset(contents, 0, sizeof(contents));
	for (step = 0; step < STEPS; step++) {
		unsigned int r = memtest_random(&seed);
		unsigned char *p;

		i = r % NPAGES;
		if (r % 100 == 0) {
			k = i + 1 + memtest_random(&seed) % 40;
			k = MIN(k, NPAGES);
			free_pages(uobj, i, k);
			memset(contents + i, 0, k - i);
			continue;
		}
		pg = get_page(uobj, i, 0);
		EXPECT(pg != NULL && pg->offset == (voff_t)i << PAGE_SHIFT);
		EXPECT((pg->flags & (PG_BUSY | PG_FAKE)) == PG_BUSY);
		p = (unsigned char *)VM_PAGE_TO_PHYS(pg);
		for (k = 0; k < PAGE_SIZE; k += 64)
			EXPECT(p[k] == contents[i]);
		contents[i] = r >> 16;
		memset(p, contents[i], PAGE_SIZE);
		put_page(uobj, pg);
	}
	uao_detach(uobj);
	return NULL;
}

#define SMALL_ONES	2000

/* Pages [from, from + n) of an object, in one call. */
static bool
fill(struct uvm_object *uobj, unsigned int from, unsigned int n)
{
	struct vm_page *pgs[16] = { NULL };
	int got = (int)n;

	rw_enter(uobj->vmobjlock, RW_WRITER);
	if ((*uobj->pgops->pgo_get)(uobj, (voff_t)from << PAGE_SHIFT, pgs, &got,
	    0, VM_PROT_WRITE, 0, PGO_SYNCIO | PGO_ALLPAGES) != 0)
		return false;
	rw_enter(uobj->vmobjlock, RW_WRITER);
	uvm_page_unbusy(pgs, (int)n);
	rw_exit(uobj->vmobjlock);
	return true;
}

/* Many small objects, and larger ones between, take little more than their pages. */
const char *
rump_test_small_objects(unsigned int seed)
{
	static struct uvm_object *uobjs[SMALL_ONES];
	size_t before = mem_mapped, pages = 0;
	unsigned int i, n;

	for (i = 0; i < SMALL_ONES; i++) {
		uobjs[i] = uao_create(0, 0);
		n = 1 + memtest_random(&seed) % 8;
		if (i % 16 == 0)
			n = 16;
		EXPECT(fill(uobjs[i], 0, n));
		if (n == 16)
			EXPECT(fill(uobjs[i], 16, n));
		pages += n == 16 ? 32 : n;
	}
	EXPECT(mem_mapped - before < pages * PAGE_SIZE * 5 / 4 + (8 << 20));
	for (i = 0; i < SMALL_ONES; i++)
		uao_detach(uobjs[i]);
	return NULL;
}

/*
 * Fill memory up with pages until there is no more; the kernel must still
 * work, and all must come back.
 */
const char *
rump_test_limit(unsigned int seed)
{
	struct uvm_object *uobj = uao_create(0, 0);
	unsigned int round, n, first = 0;
	struct vm_page *pg;
	void *p;

	for (round = 0; round < 3; round++) {
		rw_enter(uobj->vmobjlock, RW_WRITER);
		for (n = 0; ; n++) {
			if (page_alloc_run(uobj, (voff_t)n << PAGE_SHIFT, 1, 0,
			    &pg) == 0)
				break;
			pg->flags &= ~PG_FAKE;
			uvm_page_unbusy(&pg, 1);
		}
		rw_exit(uobj->vmobjlock);
		if (round == 0)
			first = n;
		/* As much as before, but for what the kernel took meanwhile. */
		EXPECT(n != 0 && n + n / 8 >= first);
		EXPECT(uvm_availmem(false) < 4096);
		p = kmem_alloc(100, KM_SLEEP);
		EXPECT(p != NULL);
		kmem_free(p, 100);
		free_pages(uobj, 0, n);
		EXPECT(uobj->uo_npages == 0);
		EXPECT(uvm_availmem(false) >= (int)(n / 2));
		EXPECT(reserve_ok());
	}
	uao_detach(uobj);
	return NULL;
}

struct link {
	struct link *next;
};

/*
 * Take all memory by requests that may fail, then some by requests that may
 * not: these draw on the reserve, and reserve_ok says so until it is back.
 */
const char *
rump_test_reserve(unsigned int seed)
{
	struct link *list = NULL, *insisted = NULL, *l;
	unsigned int i;

	EXPECT(reserve_ok());
	while ((l = kmem_alloc(PAGE_SIZE, KM_NOSLEEP)) != NULL) {
		l->next = list;
		list = l;
	}
	for (i = 0; i < 12; i++) {
		l = kmem_alloc(PAGE_SIZE, KM_SLEEP);
		EXPECT(l != NULL);
		l->next = insisted;
		insisted = l;
	}
	EXPECT(!reserve_ok());
	EXPECT(kmem_alloc(PAGE_SIZE, KM_NOSLEEP) == NULL);
	while ((l = insisted) != NULL) {
		insisted = l->next;
		kmem_free(l, PAGE_SIZE);
	}
	while ((l = list) != NULL) {
		list = l->next;
		kmem_free(l, PAGE_SIZE);
	}
	EXPECT(reserve_ok());
	l = kmem_alloc(PAGE_SIZE, KM_NOSLEEP);
	EXPECT(l != NULL);
	kmem_free(l, PAGE_SIZE);
	return NULL;
}
