/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * vmem(9): allocation of ranges of numbers.
 *
 * An arena is a list of segments in the order of their addresses.  A span, a
 * range that was added or imported, begins with a marker, which the free and
 * busy segments of the span follow; neighbours that are both free are one.
 * Free segments are also on one of the lists by the logarithm of their size,
 * busy ones in a hash by address.
 *
 *   instant fit   the first segment of a list whose every member is big enough
 *   best fit      the smallest segment that will do, of the lowest list that
 *                 has one
 *
 * A span that was imported goes back to its source when all of it is free.
 * Descriptors are taken before the lock, so that nothing is allocated under it.
 * The quantum cache of the paper is left out: qcache_max is accepted, and
 * allocations of all sizes go the same way.
 *
 * Locks: vm_lock (at the arena's level) covers all of an arena but what is set
 * once.  An import is called without it.
 *
 * Ref: J. Bonwick, J. Adams, Magazines and Vmem, USENIX 2001; vmem(9).
 */
#include <sys/param.h>
#include <sys/bitops.h>
#include <sys/condvar.h>
#include <sys/kmem.h>
#include <sys/mutex.h>
#include <sys/queue.h>
#include <sys/systm.h>
#include <sys/vmem.h>

#define NLISTS		(8 * sizeof(vmem_size_t))
#define HASH_MIN	16
#define HASH_MAX	4096

enum seg_type { SEG_SPAN, SEG_IMPORTED, SEG_FREE, SEG_BUSY };

struct seg {
	vmem_addr_t	sg_start;
	vmem_size_t	sg_size;	/* of a span: of all of it */
	enum seg_type	sg_type;
	TAILQ_ENTRY(seg) sg_order;
	LIST_ENTRY(seg)	sg_list;	/* free list or hash chain */
};

TAILQ_HEAD(seg_order, seg);
LIST_HEAD(seg_list, seg);

struct vmem {
	/* Set once. */
	kmutex_t	vm_lock;
	kcondvar_t	vm_cv;		/* something was freed */
	char		vm_name[24];
	vmem_size_t	vm_quantum;
	vmem_import_t	*vm_import;
	vmem_ximport_t	*vm_ximport;
	vmem_release_t	*vm_release;
	vmem_t		*vm_source;
	bool		vm_intr;	/* used above IPL_NONE */
	bool		vm_allocated;

	/* vm_lock */
	struct seg_order vm_order;
	struct seg_list	vm_free[NLISTS];
	struct seg_list	*vm_hash;
	size_t		vm_hashsize;	/* a power of two */
	size_t		vm_nbusy;
	vmem_size_t	vm_inuse, vm_size;
};

void
vmem_subsystem_init(vmem_t *vm)
{
}

/* ── descriptors ── */

static struct seg *
seg_alloc(vmem_t *vm, vm_flag_t flags)
{
	km_flag_t how = flags & VM_SLEEP ? KM_SLEEP : KM_NOSLEEP;

	return vm->vm_intr ? kmem_intr_alloc(sizeof(struct seg), how) :
	    kmem_alloc(sizeof(struct seg), how);
}

static void
seg_free(vmem_t *vm, struct seg *sg)
{

	if (sg == NULL)
		return;
	if (vm->vm_intr)
		kmem_intr_free(sg, sizeof(*sg));
	else
		kmem_free(sg, sizeof(*sg));
}

/* An allocation needs at most a piece before it and one after it. */
#define SPARES	2

static bool
spares_get(vmem_t *vm, struct seg *spare[SPARES], vm_flag_t flags)
{

	for (int i = 0; i < SPARES; i++)
		spare[i] = NULL;
	for (int i = 0; i < SPARES; i++) {
		if ((spare[i] = seg_alloc(vm, flags)) != NULL)
			continue;
		while (i-- > 0)
			seg_free(vm, spare[i]);
		return false;
	}
	return true;
}

static void
spares_put(vmem_t *vm, struct seg *spare[SPARES])
{

	for (int i = 0; i < SPARES; i++)
		seg_free(vm, spare[i]);
}

static struct seg *
spare_take(struct seg *spare[SPARES])
{

	for (int i = 0; i < SPARES; i++) {
		struct seg *sg = spare[i];

		if (sg != NULL) {
			spare[i] = NULL;
			return sg;
		}
	}
	panic("%s: more pieces than descriptors", __func__);
}

/* ── lists and hash; vm_lock is held ── */

static struct seg_list *
free_list(vmem_t *vm, vmem_size_t size)
{

	return &vm->vm_free[ilog2((uint64_t)size)];
}

static struct seg_list *
hash_chain(vmem_t *vm, vmem_addr_t addr)
{
	uint64_t h = (uint64_t)(addr / vm->vm_quantum) * UINT64_C(0x9e3779b97f4a7c15);

	return &vm->vm_hash[(h >> 32) & (vm->vm_hashsize - 1)];
}

static void
make_free(vmem_t *vm, struct seg *sg)
{

	sg->sg_type = SEG_FREE;
	LIST_INSERT_HEAD(free_list(vm, sg->sg_size), sg, sg_list);
}

static void
make_busy(vmem_t *vm, struct seg *sg)
{

	sg->sg_type = SEG_BUSY;
	LIST_INSERT_HEAD(hash_chain(vm, sg->sg_start), sg, sg_list);
	vm->vm_nbusy++;
	vm->vm_inuse += sg->sg_size;
}

static struct seg *
busy_find(vmem_t *vm, vmem_addr_t addr)
{
	struct seg *sg;

	LIST_FOREACH(sg, hash_chain(vm, addr), sg_list)
		if (sg->sg_start == addr)
			return sg;
	return NULL;
}

/* Twice the chains when they are long; only where sleeping is allowed. */
static void
hash_grow(vmem_t *vm)
{
	size_t old = vm->vm_hashsize, n = old * 2;
	struct seg_list *hash, *was;
	struct seg *sg;

	if (n > HASH_MAX || vm->vm_nbusy < 2 * old)
		return;
	if ((hash = kmem_zalloc(n * sizeof(*hash), KM_NOSLEEP)) == NULL)
		return;
	mutex_enter(&vm->vm_lock);
	if (vm->vm_hashsize == old) {
		was = vm->vm_hash;
		vm->vm_hash = hash;
		vm->vm_hashsize = n;
		TAILQ_FOREACH(sg, &vm->vm_order, sg_order)
			if (sg->sg_type == SEG_BUSY)
				LIST_INSERT_HEAD(hash_chain(vm, sg->sg_start), sg, sg_list);
		hash = was;
		n = old;
	}
	mutex_exit(&vm->vm_lock);
	kmem_free(hash, n * sizeof(*hash));
}

/* ── creating ── */

static void
arena_init(vmem_t *vm, const char *name, vmem_size_t quantum, vmem_release_t *release,
    vmem_t *source, int ipl)
{

	KASSERT(powerof2(quantum) && quantum > 0);
	strlcpy(vm->vm_name, name, sizeof(vm->vm_name));
	mutex_init(&vm->vm_lock, MUTEX_DEFAULT, ipl);
	cv_init(&vm->vm_cv, "vmem");
	vm->vm_quantum = quantum;
	vm->vm_release = release;
	vm->vm_source = source;
	vm->vm_intr = ipl != IPL_NONE;
	TAILQ_INIT(&vm->vm_order);
	vm->vm_hashsize = HASH_MIN;
	vm->vm_hash = kmem_zalloc(HASH_MIN * sizeof(*vm->vm_hash), KM_SLEEP);
}

static vmem_t *
arena_create(const char *name, vmem_addr_t base, vmem_size_t size, vmem_size_t quantum,
    vmem_release_t *release, vmem_t *source, vm_flag_t flags, int ipl)
{
	vmem_t *vm = kmem_zalloc(sizeof(*vm), KM_SLEEP);

	arena_init(vm, name, quantum, release, source, ipl);
	vm->vm_allocated = true;
	if (size != 0 && vmem_add(vm, base, size, flags) != 0) {
		vmem_destroy(vm);
		return NULL;
	}
	return vm;
}

/*
 * Make an arena of the range [base, base + size), size 0: empty.
 *
 * quantum  power of two to which all is rounded.
 * import, release, source  where more comes from and goes back to, or NULL.
 * ipl      highest level at which the arena is used.
 *
 * Returns NULL only without VM_SLEEP.
 * Context: thread, may sleep.
 */
vmem_t *
vmem_create(const char *name, vmem_addr_t base, vmem_size_t size, vmem_size_t quantum,
    vmem_import_t *import, vmem_release_t *release, vmem_t *source, vmem_size_t qcache_max,
    vm_flag_t flags, int ipl)
{
	vmem_t *vm = arena_create(name, base, size, quantum, release, source, flags, ipl);

	if (vm != NULL)
		vm->vm_import = import;
	return vm;
}

/* The same; ximport may give more than was asked for. */
vmem_t *
vmem_xcreate(const char *name, vmem_addr_t base, vmem_size_t size, vmem_size_t quantum,
    vmem_ximport_t *ximport, vmem_release_t *release, vmem_t *source, vmem_size_t qcache_max,
    vm_flag_t flags, int ipl)
{
	vmem_t *vm = arena_create(name, base, size, quantum, release, source, flags, ipl);

	if (vm != NULL)
		vm->vm_ximport = ximport;
	return vm;
}

/* In the caller's storage; NULL: allocate it. */
vmem_t *
vmem_init(vmem_t *vm, const char *name, vmem_addr_t base, vmem_size_t size,
    vmem_size_t quantum, vmem_import_t *import, vmem_release_t *release, vmem_t *source,
    vmem_size_t qcache_max, vm_flag_t flags, int ipl)
{

	if (vm == NULL)
		return vmem_create(name, base, size, quantum, import, release, source,
		    qcache_max, flags, ipl);
	memset(vm, 0, sizeof(*vm));
	arena_init(vm, name, quantum, release, source, ipl);
	vm->vm_import = import;
	if (size != 0 && vmem_add(vm, base, size, flags) != 0)
		return NULL;
	return vm;
}

/* Nothing is allocated from it any more. */
void
vmem_destroy(vmem_t *vm)
{
	struct seg *sg;

	while ((sg = TAILQ_FIRST(&vm->vm_order)) != NULL) {
		KASSERTMSG(sg->sg_type != SEG_BUSY, "%s destroyed in use", vm->vm_name);
		TAILQ_REMOVE(&vm->vm_order, sg, sg_order);
		if (sg->sg_type == SEG_IMPORTED)
			(*vm->vm_release)(vm->vm_source, sg->sg_start, sg->sg_size);
		seg_free(vm, sg);
	}
	kmem_free(vm->vm_hash, vm->vm_hashsize * sizeof(*vm->vm_hash));
	cv_destroy(&vm->vm_cv);
	mutex_destroy(&vm->vm_lock);
	if (vm->vm_allocated)
		kmem_free(vm, sizeof(*vm));
}

/* ── spans ── */

static int
span_add(vmem_t *vm, vmem_addr_t addr, vmem_size_t size, enum seg_type type, vm_flag_t flags)
{
	struct seg *span = seg_alloc(vm, flags), *sg = seg_alloc(vm, flags), *next;

	if (span == NULL || sg == NULL) {
		seg_free(vm, span);
		seg_free(vm, sg);
		return ENOMEM;
	}
	span->sg_start = sg->sg_start = addr;
	span->sg_size = sg->sg_size = size;
	span->sg_type = type;
	mutex_enter(&vm->vm_lock);
	TAILQ_FOREACH(next, &vm->vm_order, sg_order)
		if (next->sg_start > addr)
			break;
	if (next != NULL)
		TAILQ_INSERT_BEFORE(next, span, sg_order);
	else
		TAILQ_INSERT_TAIL(&vm->vm_order, span, sg_order);
	TAILQ_INSERT_AFTER(&vm->vm_order, span, sg, sg_order);
	make_free(vm, sg);
	vm->vm_size += size;
	cv_broadcast(&vm->vm_cv);
	mutex_exit(&vm->vm_lock);
	return 0;
}

/* Add the range [addr, addr + size).  0 or ENOMEM. */
int
vmem_add(vmem_t *vm, vmem_addr_t addr, vmem_size_t size, vm_flag_t flags)
{

	KASSERT(size > 0 && addr + (size - 1) >= addr);
	return span_add(vm, addr, size, SEG_SPAN, flags);
}

/* Room for size and its constraints from the source.  0 or ENOMEM. */
static int
import(vmem_t *vm, vmem_size_t size, vmem_size_t align, vm_flag_t flags)
{
	vmem_size_t want = size + (align > vm->vm_quantum ? align : 0);
	vmem_addr_t addr;
	int error;

	if (want < size)
		return ENOMEM;
	if (vm->vm_ximport != NULL)
		error = (*vm->vm_ximport)(vm->vm_source, want, &want, flags, &addr);
	else if (vm->vm_import != NULL)
		error = (*vm->vm_import)(vm->vm_source, want, flags, &addr);
	else
		return ENOMEM;
	if (error != 0)
		return ENOMEM;
	error = span_add(vm, addr, want, SEG_IMPORTED, flags);
	if (error != 0)
		(*vm->vm_release)(vm->vm_source, addr, want);
	return error;
}

/* ── allocating ── */

struct request {
	vmem_size_t	size, align, phase, nocross;
	vmem_addr_t	min, max;
};

/* x rounded up to phase modulo align; false if that overflows. */
static bool
align_up(vmem_addr_t *x, const struct request *rq)
{
	vmem_addr_t y = ((*x - rq->phase + rq->align - 1) & ~(rq->align - 1)) + rq->phase;

	if (y < *x)
		return false;
	*x = y;
	return true;
}

/* The first address in a free segment that satisfies the request. */
static bool
fits(const struct seg *sg, const struct request *rq, vmem_addr_t *addr)
{
	vmem_addr_t last = MIN(sg->sg_start + (sg->sg_size - 1), rq->max);
	vmem_addr_t at = MAX(sg->sg_start, rq->min);

	if (!align_up(&at, rq))
		return false;
	if (rq->nocross != 0 && ((at ^ (at + rq->size - 1)) & ~(rq->nocross - 1)) != 0) {
		at = roundup2(at, rq->nocross);
		if (!align_up(&at, rq))
			return false;
	}
	*addr = at;
	return at <= last && last - at >= rq->size - 1;
}

static struct seg *
find_best(vmem_t *vm, const struct request *rq, vmem_addr_t *addr)
{
	struct seg *sg, *best;
	vmem_addr_t at;

	for (size_t i = (size_t)ilog2((uint64_t)rq->size); i < NLISTS; i++) {
		best = NULL;
		LIST_FOREACH(sg, &vm->vm_free[i], sg_list)
			if ((best == NULL || sg->sg_size < best->sg_size) && fits(sg, rq, &at)) {
				best = sg;
				*addr = at;
			}
		if (best != NULL)
			return best;
	}
	return NULL;
}

static struct seg *
find_instant(vmem_t *vm, const struct request *rq, vmem_addr_t *addr)
{
	size_t i = (size_t)ilog2((uint64_t)rq->size);
	struct seg *sg;

	for (i += !powerof2(rq->size); i < NLISTS; i++)
		LIST_FOREACH(sg, &vm->vm_free[i], sg_list)
			if (fits(sg, rq, addr))
				return sg;
	return find_best(vm, rq, addr);
}

/* Cut [addr, addr + size) out of the free segment and make it busy. */
static void
carve(vmem_t *vm, struct seg *sg, vmem_addr_t addr, vmem_size_t size,
    struct seg *spare[SPARES])
{
	vmem_size_t before = addr - sg->sg_start, after = sg->sg_size - before - size;
	struct seg *piece;

	LIST_REMOVE(sg, sg_list);
	if (before > 0) {
		piece = spare_take(spare);
		piece->sg_start = sg->sg_start;
		piece->sg_size = before;
		TAILQ_INSERT_BEFORE(sg, piece, sg_order);
		make_free(vm, piece);
	}
	if (after > 0) {
		piece = spare_take(spare);
		piece->sg_start = addr + size;
		piece->sg_size = after;
		TAILQ_INSERT_AFTER(&vm->vm_order, sg, piece, sg_order);
		make_free(vm, piece);
	}
	sg->sg_start = addr;
	sg->sg_size = size;
	make_busy(vm, sg);
}

/* One try; with the lock held and kept. */
static bool
allocate(vmem_t *vm, const struct request *rq, vm_flag_t flags, struct seg *spare[SPARES],
    vmem_addr_t *addr)
{
	struct seg *sg = flags & VM_INSTANTFIT ? find_instant(vm, rq, addr) :
	    find_best(vm, rq, addr);

	if (sg == NULL)
		return false;
	carve(vm, sg, *addr, rq->size, spare);
	return true;
}

static int
allocate_or_wait(vmem_t *vm, const struct request *rq, vm_flag_t flags, vmem_addr_t *addr)
{
	struct seg *spare[SPARES];
	bool done;

	if (!spares_get(vm, spare, flags))
		return ENOMEM;
	mutex_enter(&vm->vm_lock);
	while (!(done = allocate(vm, rq, flags, spare, addr))) {
		mutex_exit(&vm->vm_lock);
		if (import(vm, rq->size, rq->align, flags) != 0 && !(flags & VM_SLEEP)) {
			mutex_enter(&vm->vm_lock);
			break;
		}
		mutex_enter(&vm->vm_lock);
		if (flags & VM_SLEEP && !(done = allocate(vm, rq, flags, spare, addr)))
			cv_wait(&vm->vm_cv, &vm->vm_lock);
		if (done)
			break;
	}
	mutex_exit(&vm->vm_lock);
	spares_put(vm, spare);
	return done ? 0 : ENOMEM;
}

/*
 * Allocate with constraints: at phase modulo align, not across a multiple of
 * nocross (0: any), within [min, max].
 *
 * Returns 0 with *addrp, or ENOMEM; with VM_SLEEP it waits for ever.
 * Context: as VM_SLEEP or VM_NOSLEEP say.
 */
int
vmem_xalloc(vmem_t *vm, vmem_size_t size0, vmem_size_t align, vmem_size_t phase,
    vmem_size_t nocross, vmem_addr_t min, vmem_addr_t max, vm_flag_t flags,
    vmem_addr_t *addrp)
{
	struct request rq = {
		.size = vmem_roundup_size(vm, size0),
		.align = MAX(align, vm->vm_quantum),
		.phase = phase, .nocross = nocross, .min = min, .max = max,
	};
	vmem_addr_t addr;
	int error;

	KASSERT(size0 > 0 && powerof2(rq.align) && powerof2(nocross));
	KASSERT(nocross == 0 || nocross >= rq.size);
	KASSERT(!(flags & VM_SLEEP) != !(flags & VM_NOSLEEP));
	if (!vm->vm_intr)
		hash_grow(vm);
	if ((error = allocate_or_wait(vm, &rq, flags, &addr)) == 0 && addrp != NULL)
		*addrp = addr;
	return error;
}

int
vmem_alloc(vmem_t *vm, vmem_size_t size, vm_flag_t flags, vmem_addr_t *addrp)
{

	return vmem_xalloc(vm, size, 0, 0, 0, VMEM_ADDR_MIN, VMEM_ADDR_MAX, flags, addrp);
}

/* Allocate [addr, addr + size) and nothing else.  0 or ENOMEM; does not wait. */
int
vmem_xalloc_addr(vmem_t *vm, vmem_addr_t addr, vmem_size_t size0, vm_flag_t flags)
{
	vmem_size_t size = vmem_roundup_size(vm, size0);
	struct seg *spare[SPARES], *sg;

	KASSERT((addr & (vm->vm_quantum - 1)) == 0);
	if (!spares_get(vm, spare, flags))
		return ENOMEM;
	mutex_enter(&vm->vm_lock);
	TAILQ_FOREACH(sg, &vm->vm_order, sg_order)
		if (sg->sg_type == SEG_FREE && sg->sg_start <= addr &&
		    sg->sg_size - 1 >= addr - sg->sg_start &&
		    sg->sg_size - (addr - sg->sg_start) >= size)
			break;
	if (sg != NULL)
		carve(vm, sg, addr, size, spare);
	mutex_exit(&vm->vm_lock);
	spares_put(vm, spare);
	return sg != NULL ? 0 : ENOMEM;
}

/* ── freeing ── */

/* Join a free segment with the one after it, which goes away. */
static struct seg *
join(vmem_t *vm, struct seg *a, struct seg *b)
{

	LIST_REMOVE(a, sg_list);
	LIST_REMOVE(b, sg_list);
	TAILQ_REMOVE(&vm->vm_order, b, sg_order);
	a->sg_size += b->sg_size;
	make_free(vm, a);
	return b;
}

/*
 * Free what was allocated at addr with that size.
 *
 * Context: any up to the arena's level.
 */
void
vmem_xfree(vmem_t *vm, vmem_addr_t addr, vmem_size_t size0)
{
	struct seg *sg, *prev, *next, *gone[4] = { NULL };
	vmem_size_t size __diagused = vmem_roundup_size(vm, size0);
	bool release = false;
	vmem_addr_t start = 0;
	vmem_size_t whole = 0;

	mutex_enter(&vm->vm_lock);
	sg = busy_find(vm, addr);
	if (sg == NULL)
		panic("%s: %s: %#lx is not allocated", __func__, vm->vm_name, (u_long)addr);
	KASSERTMSG(sg->sg_size == size, "%s: %#lx was allocated with another size",
	    vm->vm_name, (u_long)addr);
	LIST_REMOVE(sg, sg_list);
	vm->vm_nbusy--;
	vm->vm_inuse -= sg->sg_size;
	make_free(vm, sg);
	next = TAILQ_NEXT(sg, sg_order);
	if (next != NULL && next->sg_type == SEG_FREE)
		gone[0] = join(vm, sg, next);
	prev = TAILQ_PREV(sg, seg_order, sg_order);
	if (prev->sg_type == SEG_FREE) {
		gone[1] = join(vm, prev, sg);
		sg = prev;
		prev = TAILQ_PREV(sg, seg_order, sg_order);
	}
	if (prev->sg_type == SEG_IMPORTED && vm->vm_release != NULL &&
	    prev->sg_size == sg->sg_size) {
		release = true;
		start = prev->sg_start;
		whole = prev->sg_size;
		LIST_REMOVE(sg, sg_list);
		TAILQ_REMOVE(&vm->vm_order, sg, sg_order);
		TAILQ_REMOVE(&vm->vm_order, prev, sg_order);
		vm->vm_size -= whole;
		gone[2] = sg;
		gone[3] = prev;
	}
	cv_broadcast(&vm->vm_cv);
	mutex_exit(&vm->vm_lock);
	for (size_t i = 0; i < __arraycount(gone); i++)
		seg_free(vm, gone[i]);
	if (release)
		(*vm->vm_release)(vm->vm_source, start, whole);
}

void
vmem_free(vmem_t *vm, vmem_addr_t addr, vmem_size_t size)
{

	vmem_xfree(vm, addr, size);
}

/* Free everything. */
void
vmem_xfreeall(vmem_t *vm)
{
	struct seg *sg;

	for (;;) {
		mutex_enter(&vm->vm_lock);
		TAILQ_FOREACH(sg, &vm->vm_order, sg_order)
			if (sg->sg_type == SEG_BUSY)
				break;
		mutex_exit(&vm->vm_lock);
		if (sg == NULL)
			break;
		vmem_xfree(vm, sg->sg_start, sg->sg_size);
	}
}

/* ── telling ── */

vmem_size_t
vmem_roundup_size(vmem_t *vm, vmem_size_t size)
{

	return roundup2(size, vm->vm_quantum);
}

/* typemask: VMEM_ALLOC, VMEM_FREE, or both. */
vmem_size_t
vmem_size(vmem_t *vm, int typemask)
{

	switch (typemask) {
	case VMEM_ALLOC:
		return vm->vm_inuse;
	case VMEM_FREE:
		return vm->vm_size - vm->vm_inuse;
	case VMEM_ALLOC | VMEM_FREE:
		return vm->vm_size;
	default:
		panic("%s: mask %#x", __func__, typemask);
	}
}
