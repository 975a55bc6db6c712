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

/* What a range must be like, in units; nocross 0: it may cross anything. */
struct rules {
	u_long align, phase, nocross, min, max;
};

static bool
allowed(const struct rules *r, u_long first, u_long n)
{

	return first % r->align == r->phase && first >= r->min &&
	    first + n - 1 <= r->max && (r->nocross == 0 ||
	    first / r->nocross == (first + n - 1) / r->nocross);
}

/* Is there a run of n free units for which they hold? */
static bool
possible(u_long n, const struct rules *r)
{
	u_long i, run = 0;

	for (i = UNITS; i-- > 0; ) {
		run = used[i] ? 0 : run + 1;
		if (run >= n && allowed(r, i, n))
			return true;
	}
	return false;
}

/* Rules for n units: some, or none. */
static void
rules_make(struct rules *r, u_long n, unsigned int *seed)
{
	unsigned int x = memtest_random(seed);

	r->align = 1ul << x % 6;
	r->phase = x & 0x100 ? (x >> 9) % r->align : 0;
	r->nocross = x & 0x10000 ? 64 : 0;
	r->min = 0;
	r->max = UNITS - 1;
	if ((x & 0xe0000) == 0) {
		r->min = memtest_random(seed) % (UNITS - n);
		r->max = r->min + n - 1 + memtest_random(seed) %
		    (UNITS - r->min - n);
	}
}

#define QUANTUM	16

/* Free the range, or allocate one, and compare with what must come of it. */
static const char *
vmem_step(vmem_t *vm, struct range *g, vm_flag_t fit, u_long size,
    unsigned int *seed)
{
	u_long units = howmany(size, QUANTUM);
	struct rules r;
	vmem_addr_t addr;
	int error;

	if (g->size != 0) {
		vmem_xfree(vm, g->start, g->size);
		EXPECT(mark((g->start - BASE) / QUANTUM,
		    howmany(g->size, QUANTUM), false));
		g->size = 0;
		return NULL;
	}
	rules_make(&r, units, seed);
	error = vmem_xalloc(vm, size, r.align * QUANTUM, r.phase * QUANTUM,
	    r.nocross * QUANTUM, r.min == 0 ? VMEM_ADDR_MIN : BASE +
	    r.min * QUANTUM, r.max == UNITS - 1 ? VMEM_ADDR_MAX : BASE +
	    r.max * QUANTUM + QUANTUM - 1, fit | VM_NOSLEEP, &addr);
	EXPECT((error == 0) == possible(units, &r));
	if (error != 0)
		return NULL;
	EXPECT(allowed(&r, (addr - BASE) / QUANTUM, units));
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
		    1 + (r >> 13) % (40 * QUANTUM), &seed);
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

/* What is asked of an arena on an arena beyond a size. */
const char *
rump_test_vmem_import_rules(unsigned int seed)
{
	vmem_t *source = vmem_create("source", 0x100000, 0x100000, 16,
	    NULL, NULL, NULL, 0, VM_SLEEP, IPL_NONE);
	vmem_t *vm = vmem_create("onit", 0, 0, 16, import, release, source,
	    0, VM_SLEEP, IPL_NONE);
	vmem_addr_t addr, odd;
	unsigned int i;

	imported = 0;
	EXPECT(vmem_alloc(source, 16, VM_NOSLEEP | VM_INSTANTFIT, &odd) == 0);
	/* no import helps, and none is made */
	EXPECT(vmem_xalloc(vm, 64, 0, 0, 0, 0x10, 0xff, VM_NOSLEEP |
	    VM_INSTANTFIT, &addr) == ENOMEM && imported == 0);
	EXPECT(vmem_xalloc(vm, 64, 0, 0, 32, VMEM_ADDR_MIN, VMEM_ADDR_MAX,
	    VM_NOSLEEP | VM_INSTANTFIT, &addr) == ENOMEM && imported == 0);
	for (i = 0; i < 200; i++) {
		u_long align = 16ul << memtest_random(&seed) % 5;
		u_long phase = memtest_random(&seed) % (align / 16) * 16;
		u_long size = (1 + memtest_random(&seed) % 16) * 16;
		u_long nocross = memtest_random(&seed) & 1 ? 512 : 0;

		EXPECT(vmem_xalloc(vm, size, align, phase, nocross,
		    VMEM_ADDR_MIN, VMEM_ADDR_MAX, VM_NOSLEEP | VM_BESTFIT,
		    &addr) == 0);
		EXPECT(addr % align == phase);
		EXPECT(nocross == 0 ||
		    addr / nocross == (addr + size - 1) / nocross);
	}
	EXPECT(imported <= 200);
	vmem_xfreeall(vm);
	EXPECT(imported == 0);
	vmem_destroy(vm);
	vmem_free(source, odd, 16);
	EXPECT(vmem_size(source, VMEM_ALLOC) == 0);
	vmem_destroy(source);
	return NULL;
}

/* Of the extent: its first number, and where multiples of a boundary lie. */
static u_long ex_base, ex_lines;

/* The lowest place for a region within sub, by the model; or false. */
static bool
first_fit(const struct range *sub, u_long size, u_long align, u_long skew,
    u_long boundary, u_long *startp)
{
	u_long i, j, at;

	for (i = sub->start; i + size <= sub->start + sub->size; i++) {
		if (align > 1 && (ex_base + i) % align != skew)
			continue;
		at = ex_base + i - ex_lines;
		if (boundary != 0 && at / boundary !=
		    (at + size - 1) / boundary)
			continue;
		for (j = i; j < i + size && !used[j]; j++)
			continue;
		if (j == i + size) {
			*startp = ex_base + i;
			return true;
		}
	}
	return false;
}

/* kind: three flags, and where the extent lies. */
static const char *
extent_kind(unsigned int kind, unsigned int seed)
{
	static struct range ranges[SLOTS];
	static char storage[EXTENT_FIXED_STORAGE_SIZE(SLOTS + 2)]
	    __aligned(16);
	static const u_long bases[] = { 0, 3, BASE + 7, -(u_long)UNITS };
	bool fixed = kind & 1, zero = kind & 4;
	u_long base = ex_base = bases[kind / 8];
	struct extent *ex = extent_create("memtest", base, base + UNITS - 1,
	    fixed ? storage : NULL, fixed ? sizeof(storage) : 0,
	    EX_WAITOK | (kind & 2 ? EX_NOCOALESCE : 0));
	int flags = EX_NOWAIT | (zero ? EX_BOUNDZERO : 0);
	unsigned int step;

	ex_lines = zero ? 0 : base;
	memset(used, 0, sizeof(used));
	memset(ranges, 0, sizeof(ranges));
	for (step = 0; step < STEPS / 40; step++) {
		unsigned int r = memtest_random(&seed);
		struct range *g = &ranges[r % SLOTS];
		u_long size = 1 + memtest_random(&seed) % 40;
		u_long align = 1 + memtest_random(&seed) % 20;
		u_long skew = memtest_random(&seed) % align;
		u_long boundary = r & 0x100 ? 64 : 0, start, want = 0;
		struct range sub = { 0, UNITS };
		bool can;

		if (g->size != 0) {
			EXPECT(extent_free(ex, g->start, g->size, EX_WAITOK) ==
			    0);
			EXPECT(mark(g->start - base, g->size, false));
			g->size = 0;
			continue;
		}
		if (r & 0x200) {
			sub.start = memtest_random(&seed) % (UNITS - 100);
			sub.size = 1 + memtest_random(&seed) % 100;
		}
		can = first_fit(&sub, size, align, skew, boundary, &want);
		if (extent_alloc_subregion1(ex, base + sub.start, base +
		    sub.start + sub.size - 1, size, align, skew, boundary,
		    flags, &start) != 0) {
			EXPECT(!can);
			continue;
		}
		EXPECT(can && start == want);
		EXPECT(mark(start - base, size, true));
		*g = (struct range){ start, size };
		EXPECT(extent_alloc_region(ex, start, 1, EX_NOWAIT) == EAGAIN);
	}
	extent_destroy(ex);
	return NULL;
}

const char *
rump_test_extent(unsigned int seed)
{
	const char *wrong = NULL;
	unsigned int kind;

	for (kind = 0; kind < 32 && wrong == NULL; kind++)
		wrong = extent_kind(kind, seed + kind);
	return wrong;
}
