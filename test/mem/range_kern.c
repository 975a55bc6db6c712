/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * vmem and extents against a model: one byte for each number.
 */

#include <sys/param.h>
#include <sys/errno.h>
#include <sys/extent.h>
#include <sys/kmem.h>
#include <sys/systm.h>
#include <sys/vmem.h>

#include "memtest.h"

#define BASE	0x10000
#define UNITS	4096			/* numbers, or quanta */
#define SLOTS	300
#define STEPS	20000

static unsigned char used[UNITS];

struct range {
	u_long start, size;
};

/* Note units [first, first + n) as used (free); false if they were already. */
static bool
mark(u_long first, u_long n, bool use)
{
	u_long i;

	for (i = first; i < first + n; i++) {
		if (i >= UNITS || used[i] == use)
			return false;
		used[i] = use;
	}
	return true;
}

/* Is there a run of n free units that starts at a multiple of align + phase? */
static bool
possible(u_long n, u_long align, u_long phase)
{
	u_long i, run = 0;

	for (i = UNITS; i-- > 0; ) {
		run = used[i] ? 0 : run + 1;
		if (run >= n && i % align == phase)
			return true;
	}
	return false;
}

#define QUANTUM	16

/* Free the range, or allocate one, and compare with what must come of it. */
static const char *
vmem_step(vmem_t *vm, struct range *g, vm_flag_t fit, u_long size,
    u_long align)
{
	u_long units = howmany(size, QUANTUM);
	vmem_addr_t addr;
	int error;

	if (g->size != 0) {
		vmem_xfree(vm, g->start, g->size);
		EXPECT(mark((g->start - BASE) / QUANTUM,
		    howmany(g->size, QUANTUM), false));
		g->size = 0;
		return NULL;
	}
	error = vmem_xalloc(vm, size, align * QUANTUM, 0, 0, VMEM_ADDR_MIN,
	    VMEM_ADDR_MAX, fit | VM_NOSLEEP, &addr);
	EXPECT((error == 0) == possible(units, align, 0));
	if (error != 0)
		return NULL;
	EXPECT(addr % (align * QUANTUM) == 0);
	EXPECT(mark((addr - BASE) / QUANTUM, units, true));
	*g = (struct range){ addr, size };
	return NULL;
}

static u_long
units_used(void)
{
	u_long i, n = 0;

	for (i = 0; i < UNITS; i++)
		n += used[i];
	return n;
}

const char *
rump_test_vmem(unsigned int seed)
{
	static struct range ranges[SLOTS];
	vmem_t *vm = vmem_create("memtest", BASE, UNITS * QUANTUM, QUANTUM,
	    NULL, NULL, NULL, 0, VM_SLEEP, IPL_NONE);
	const char *wrong = NULL;
	unsigned int step;

	EXPECT(vm != NULL);
	memset(used, 0, sizeof(used));
	memset(ranges, 0, sizeof(ranges));
	for (step = 0; step < STEPS && wrong == NULL; step++) {
		unsigned int r = memtest_random(&seed);

		wrong = vmem_step(vm, &ranges[r % SLOTS],
		    r & 0x1000 ? VM_BESTFIT : VM_INSTANTFIT,
		    1 + (r >> 13) % (40 * QUANTUM), 1ul << (r >> 24) % 6);
		EXPECT(step % 100 != 0 || vmem_size(vm, VMEM_ALLOC) ==
		    units_used() * QUANTUM);
	}
	if (wrong != NULL)
		return wrong;
	EXPECT(vmem_size(vm, VMEM_ALLOC | VMEM_FREE) == UNITS * QUANTUM);
	vmem_xfreeall(vm);
	EXPECT(vmem_xalloc_addr(vm, BASE + 160, 160, VM_NOSLEEP) == 0);
	EXPECT(vmem_xalloc_addr(vm, BASE + 304, 32, VM_NOSLEEP) == ENOMEM);
	EXPECT(vmem_xalloc_addr(vm, BASE + 320, 32, VM_NOSLEEP) == 0);
	vmem_xfreeall(vm);
	vmem_destroy(vm);
	return NULL;
}

static unsigned int imported;

static int
import(vmem_t *source, vmem_size_t size, vm_flag_t flags, vmem_addr_t *addrp)
{
	int error = vmem_alloc(source, size, flags, addrp);

	if (error == 0)
		imported++;
	return error;
}

static void
release(vmem_t *source, vmem_addr_t addr, vmem_size_t size)
{
	imported--;
	vmem_free(source, addr, size);
}

/* An arena on an arena, with quantum caches. */
const char *
rump_test_vmem_import(unsigned int seed)
{
	static struct range ranges[SLOTS];
	vmem_t *source = vmem_create("source", 0x100000, 0x1000000, 4096,
	    NULL, NULL, NULL, 0, VM_SLEEP, IPL_NONE);
	vmem_t *vm = vmem_create("onit", 0, 0, 4096, import, release, source,
	    4 * 4096, VM_SLEEP, IPL_NONE);
	unsigned int step, i;

	memset(ranges, 0, sizeof(ranges));
	for (step = 0; step < STEPS; step++) {
		unsigned int r = memtest_random(&seed);
		struct range *g = &ranges[r % 50];
		vmem_addr_t addr;

		if (g->size != 0) {
			vmem_free(vm, g->start, g->size);
			g->size = 0;
			continue;
		}
		g->size = (1 + memtest_random(&seed) % 8) * 4096;
		EXPECT(vmem_alloc(vm, g->size, VM_SLEEP | VM_INSTANTFIT,
		    &addr) == 0);
		g->start = addr;
		EXPECT(addr >= 0x100000 && addr + g->size <= 0x1100000);
		for (i = 0; i < 50; i++)
			EXPECT(&ranges[i] == g || ranges[i].size == 0 ||
			    addr + g->size <= ranges[i].start ||
			    ranges[i].start + ranges[i].size <= addr);
	}
	for (i = 0; i < 50; i++) {
		if (ranges[i].size != 0)
			vmem_free(vm, ranges[i].start, ranges[i].size);
	}
	vmem_destroy(vm);
	EXPECT(imported == 0);
	EXPECT(vmem_size(source, VMEM_ALLOC) == 0);
	vmem_destroy(source);
	return NULL;
}

/* The lowest place for a region, by the model; or false. */
static bool
first_fit(u_long size, u_long align, u_long skew, u_long boundary,
    u_long *startp)
{
	u_long i, j;

	for (i = 0; i + size <= UNITS; i++) {
		if (align > 1 && (BASE + i - skew) % align != 0)
			continue;
		if (boundary != 0 && i / boundary != (i + size - 1) / boundary)
			continue;
		for (j = i; j < i + size && !used[j]; j++)
			continue;
		if (j == i + size) {
			*startp = BASE + i;
			return true;
		}
	}
	return false;
}

const char *
rump_test_extent(unsigned int seed)
{
	static struct range ranges[SLOTS];
	static char storage[EXTENT_FIXED_STORAGE_SIZE(SLOTS + 2)]
	    __aligned(16);
	bool fixed = seed & 1;
	struct extent *ex = extent_create("memtest", BASE, BASE + UNITS - 1,
	    fixed ? storage : NULL, fixed ? sizeof(storage) : 0,
	    EX_WAITOK | (seed & 2 ? EX_NOCOALESCE : 0));
	unsigned int step;

	memset(used, 0, sizeof(used));
	memset(ranges, 0, sizeof(ranges));
	for (step = 0; step < STEPS / 10; step++) {
		unsigned int r = memtest_random(&seed);
		struct range *g = &ranges[r % SLOTS];
		u_long size = 1 + memtest_random(&seed) % 40;
		u_long align = 1 + memtest_random(&seed) % 20;
		u_long skew = memtest_random(&seed) % align;
		u_long boundary = r & 0x100 ? 64 : 0, start, want = 0;
		bool can;

		if (g->size != 0) {
			EXPECT(extent_free(ex, g->start, g->size, EX_WAITOK) ==
			    0);
			EXPECT(mark(g->start - BASE, g->size, false));
			g->size = 0;
			continue;
		}
		can = first_fit(size, align, skew, boundary, &want);
		if (extent_alloc1(ex, size, align, skew, boundary, EX_NOWAIT,
		    &start) != 0) {
			EXPECT(!can);
			continue;
		}
		EXPECT(can && start == want);
		EXPECT(mark(start - BASE, size, true));
		*g = (struct range){ start, size };
		EXPECT(extent_alloc_region(ex, start, 1, EX_NOWAIT) == EAGAIN);
	}
	extent_destroy(ex);
	return NULL;
}
