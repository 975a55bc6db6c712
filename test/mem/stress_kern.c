/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Random allocations of many threads at a time.  Half of what is allocated is
 * left in a mailbox, from where any thread takes and frees it.
 */

#include <sys/param.h>
#include <sys/atomic.h>
#include <sys/kmem.h>
#include <sys/pool.h>
#include <sys/systm.h>

#include <uvm/uvm.h>

#include "memtest.h"

#define STEPS	20000
#define BOXES	64
#define OWN	32

struct parcel {
	size_t size;
	unsigned int mark;
};

static struct parcel *volatile boxes[BOXES];

static struct parcel *
make(unsigned int r)
{
	size_t size = sizeof(struct parcel) + (r >> 8) %
	    ((r & 0x3f) == 0 ? 20000 : 400);
	struct parcel *p = kmem_alloc(size, r & 0x40 ? KM_SLEEP : KM_NOSLEEP);

	if (p == NULL)
		return NULL;
	p->size = size;
	p->mark = (unsigned int)((uintptr_t)p >> 4) ^ (unsigned int)size;
	if (size > sizeof(*p))
		((char *)p)[size - 1] = (char)p->mark;
	return p;
}

static bool
unmake(struct parcel *p)
{
	bool good = p->mark == ((unsigned int)((uintptr_t)p >> 4) ^
	    (unsigned int)p->size);

	if (p->size > sizeof(*p))
		good &= ((char *)p)[p->size - 1] == (char)p->mark;
	kmem_free(p, p->size);
	return good;
}

static const char *
pages_step(struct uvm_object *uobj, unsigned int r)
{
	voff_t off = (voff_t)(r >> 12 & 0xff) << PAGE_SHIFT;
	struct vm_page *pg = NULL;
	int n = 1;

	rw_enter(uobj->vmobjlock, RW_WRITER);
	if ((r & 0x300) == 0) {
		(void)(*uobj->pgops->pgo_put)(uobj, off, off + MAXPHYS,
		    PGO_FREE);
		return NULL;
	}
	EXPECT((*uobj->pgops->pgo_get)(uobj, off, &pg, &n, 0, VM_PROT_WRITE,
	    0, PGO_SYNCIO) == 0);
	EXPECT(pg->uobject == uobj && pg->offset == off);
	*(voff_t *)VM_PAGE_TO_PHYS(pg) = off;
	rw_enter(uobj->vmobjlock, RW_WRITER);
	uvm_page_unbusy(&pg, 1);
	rw_exit(uobj->vmobjlock);
	return NULL;
}

const char *
rump_test_stress(unsigned int seed)
{
	struct parcel *own[OWN] = { NULL }, *p;
	struct uvm_object *uobj = uao_create(0, 0);
	unsigned int step, i;
	const char *wrong;

	for (step = 0; step < STEPS; step++) {
		unsigned int r = memtest_random(&seed);

		if ((r & 7) == 0) {
			wrong = pages_step(uobj, r);
			if (wrong != NULL)
				return wrong;
			continue;
		}
		if (r & 8) {
			p = make(r);
			p = atomic_swap_ptr(&boxes[r >> 20 & (BOXES - 1)], p);
		} else {
			i = r >> 20 & (OWN - 1);
			p = own[i];
			own[i] = p == NULL ? make(r) : NULL;
		}
		if (p != NULL)
			EXPECT(unmake(p));
	}
	for (i = 0; i < OWN; i++) {
		if (own[i] != NULL)
			EXPECT(unmake(own[i]));
	}
	uao_detach(uobj);
	return NULL;
}

void
rump_test_stress_end(void)
{
	unsigned int i;

	for (i = 0; i < BOXES; i++) {
		if (boxes[i] != NULL)
			kmem_free(boxes[i], boxes[i]->size);
		boxes[i] = NULL;
	}
}
