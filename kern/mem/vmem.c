/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * vmem(9): ranges of numbers.
 *
 * An arena's numbers are in spans, added by its creator or imported from
 * another arena.  Each span is cut into segments, free or busy; a tag stands for
 * each span and each segment, in one list in which a span's tag comes before
 * those of its segments, and these follow by address.  Free segments are also
 * on the list of their size's power of two, busy ones in a hash table by
 * address.  A segment that becomes free is joined with free neighbours; an
 * imported span that is wholly free goes back.
 *
 * Sizes up to qcache_max are served through pool caches (quantum caches), which
 * get segments of several at once.
 *
 * vmemarena.c has the life of arenas and quantum caches.
 *
 * vm_lock protects an arena.  It is not held while spans are imported or
 * released, or tags allocated.
 *
 * Ref: J. Bonwick, J. Adams, Magazines and Vmem, USENIX 2001; vmem(9).
 */

#include <sys/param.h>
#include <sys/errno.h>
#include <sys/kmem.h>
#include <sys/systm.h>
#include <sys/vmem.h>

#include "vmemimpl.h"

struct pool vmem_tags;

/* What an allocation asks for. */
struct want {
	vmem_size_t size, align, phase, nocross;
	vmem_addr_t min, max;		/* first and last number allowed */
};

static vmem_addr_t
tag_end(const struct tag *t)
{
	return t->t_start + t->t_size - 1;
}

static struct tag *
tag_get(vm_flag_t flags)
{
	return pool_get(&vmem_tags,
	    (flags & VM_SLEEP) != 0 ? PR_WAITOK : PR_NOWAIT);
}

static void
tag_put(struct tag *t)
{
	if (t != NULL)
		pool_put(&vmem_tags, t);
}

/*
 * Free lists.  Arena locked.
 */

static unsigned int
order_of(vmem_size_t size)
{
	return ilog2((uint64_t)size);
}

static void
free_insert(vmem_t *vm, struct tag *t)
{
	unsigned int order = order_of(t->t_size >> vm->vm_shift);

	t->t_type = TAG_FREE;
	LIST_INSERT_HEAD(&vm->vm_free[order], t, t_list);
	vm->vm_orders |= (uint64_t)1 << order;
}

static void
free_remove(vmem_t *vm, struct tag *t)
{
	unsigned int order = order_of(t->t_size >> vm->vm_shift);

	LIST_REMOVE(t, t_list);
	if (LIST_EMPTY(&vm->vm_free[order]))
		vm->vm_orders &= ~((uint64_t)1 << order);
}

/*
 * Busy segments by address.  Arena locked.
 */

static struct tag_list *
hash_chain(vmem_t *vm, vmem_addr_t addr)
{
	uint64_t h = (uint64_t)(addr >> vm->vm_shift) *
	    UINT64_C(0x9e3779b97f4a7c15);

	return &vm->vm_hash[(h >> 32) & vm->vm_hashmask];
}

static void
busy_insert(vmem_t *vm, struct tag *t)
{
	t->t_type = TAG_BUSY;
	LIST_INSERT_HEAD(hash_chain(vm, t->t_start), t, t_list);
	vm->vm_nbusy++;
	vm->vm_inuse += t->t_size;
}

static struct tag *
busy_find(vmem_t *vm, vmem_addr_t addr)
{
	struct tag *t;

	LIST_FOREACH(t, hash_chain(vm, addr), t_list) {
		if (t->t_start == addr)
			break;
	}
	return t;
}

static void
busy_remove(vmem_t *vm, struct tag *t)
{
	LIST_REMOVE(t, t_list);
	vm->vm_nbusy--;
	vm->vm_inuse -= t->t_size;
}

void
vmem_hash_free(vmem_t *vm, struct tag_list *hash, unsigned long mask)
{
	if (hash != vm->vm_hash0)
		kmem_intr_free(hash, (mask + 1) * sizeof(*hash));
}

/* What the table's mask should become, or 0 if it will do; arena locked. */
static unsigned long
hash_wanted(const vmem_t *vm)
{
	unsigned long mask = vm->vm_hashmask * 2 + 1;

	return __predict_false(vm->vm_nbusy > mask) ? mask : 0;
}

/* Make the table larger, if there is memory.  Not locked. */
static void
hash_grow(vmem_t *vm, unsigned long mask)
{
	unsigned long old_mask, i;
	struct tag_list *new, *old;
	struct tag *t;

	new = kmem_intr_alloc((mask + 1) * sizeof(*new), KM_NOSLEEP);
	if (new == NULL)
		return;
	for (i = 0; i <= mask; i++)
		LIST_INIT(&new[i]);
	mutex_enter(&vm->vm_lock);
	if (vm->vm_hashmask * 2 + 1 != mask) {
		mutex_exit(&vm->vm_lock);
		kmem_intr_free(new, (mask + 1) * sizeof(*new));
		return;
	}
	old = vm->vm_hash;
	old_mask = vm->vm_hashmask;
	vm->vm_hash = new;
	vm->vm_hashmask = mask;
	for (i = 0; i <= old_mask; i++) {
		while ((t = LIST_FIRST(&old[i])) != NULL) {
			LIST_REMOVE(t, t_list);
			LIST_INSERT_HEAD(hash_chain(vm, t->t_start), t,
			    t_list);
		}
	}
	mutex_exit(&vm->vm_lock);
	vmem_hash_free(vm, old, old_mask);
}

/*
 * Spans.
 */

/* Add a span with two tags; arena locked. */
static void
span_insert(vmem_t *vm, vmem_addr_t addr, vmem_size_t size, bool imported,
    struct tag *span, struct tag *seg)
{
	span->t_start = seg->t_start = addr;
	span->t_size = seg->t_size = size;
	span->t_type = imported ? TAG_SPAN : TAG_SPAN_STATIC;
	TAILQ_INSERT_TAIL(&vm->vm_segs, span, t_seg);
	TAILQ_INSERT_TAIL(&vm->vm_segs, seg, t_seg);
	free_insert(vm, seg);
	vm->vm_size += size;
	cv_broadcast(&vm->vm_cv);
}

static int
span_add(vmem_t *vm, vmem_addr_t addr, vmem_size_t size, bool imported,
    vm_flag_t flags)
{
	struct tag *span = tag_get(flags), *seg = tag_get(flags);

	if (span == NULL || seg == NULL) {
		tag_put(span);
		tag_put(seg);
		return ENOMEM;
	}
	mutex_enter(&vm->vm_lock);
	span_insert(vm, addr, size, imported, span, seg);
	mutex_exit(&vm->vm_lock);
	return 0;
}

/* Numbers that belong to the arena for good. */
int
vmem_add(vmem_t *vm, vmem_addr_t addr, vmem_size_t size, vm_flag_t flags)
{
	KASSERT(((addr | size) & (vm->vm_quantum - 1)) == 0);
	return span_add(vm, addr, size, false, flags);
}

/*
 * A span that is large enough for what is wanted, from the source.  Where it will
 * lie nobody can say, so none is asked for between given numbers.
 */
static int
span_import(vmem_t *vm, const struct want *w, vm_flag_t flags)
{
	vmem_size_t size = w->size;
	vmem_addr_t addr;
	int error;

	if ((vm->vm_import == NULL && vm->vm_ximport == NULL) ||
	    w->min != VMEM_ADDR_MIN || w->max != VMEM_ADDR_MAX)
		return ENOMEM;
	/* Where the source aligns less, there must be room to align here. */
	if (w->align != 0 && w->align > vm->vm_quantum)
		size += w->align;
	if (w->phase != 0)
		size += w->phase;
	size += w->nocross;
	if (size < w->size || size - w->size < w->nocross)
		return ENOMEM;
	size = vmem_roundup_size(vm, size);
	flags &= VM_SLEEP | VM_NOSLEEP | VM_INSTANTFIT | VM_BESTFIT;
	if (vm->vm_ximport != NULL)
		error = (*vm->vm_ximport)(vm->vm_source, size, &size, flags,
		    &addr);
	else
		error = (*vm->vm_import)(vm->vm_source, size, flags, &addr);
	if (error != 0)
		return ENOMEM;
	error = span_add(vm, addr, size, true, flags);
	if (error != 0 && vm->vm_release != NULL)
		(*vm->vm_release)(vm->vm_source, addr, size);
	return error;
}

/*
 * Allocation.
 */

static vmem_addr_t
align_up(vmem_addr_t addr, const struct want *w)
{
	vmem_size_t align = w->align != 0 ? w->align : 1;

	return roundup2(addr - w->phase, align) + w->phase;
}

/* Does [start, start + size) cross a multiple of nocross? */
static bool
crosses(vmem_addr_t start, const struct want *w)
{
	return w->nocross != 0 &&
	    ((start ^ (start + w->size - 1)) & -w->nocross) != 0;
}

/* Where in a free segment the wanted could lie; false: nowhere. */
static bool
fits(const struct tag *t, const struct want *w, vmem_addr_t *addrp)
{
	vmem_addr_t low = MAX(t->t_start, w->min), start;
	vmem_addr_t high = MIN(tag_end(t), w->max);

	if (low > high)
		return false;
	start = align_up(low, w);
	if (crosses(start, w))
		start = align_up(roundup2(start, w->nocross), w);
	if (start < low || start > high || high - start < w->size - 1 ||
	    crosses(start, w))
		return false;
	*addrp = start;
	return true;
}

/*
 * Look through the free lists from order up; arena locked.
 *
 * best  the smallest segment that will do, else the first.
 */
static struct tag *
search(vmem_t *vm, const struct want *w, unsigned int order, bool best,
    vmem_addr_t *addrp)
{
	struct tag *t, *found = NULL;
	vmem_addr_t at;

	for (; order < VMEM_ORDERS && vm->vm_orders >> order != 0; order++) {
		order += __builtin_ctzll(vm->vm_orders >> order);
		LIST_FOREACH(t, &vm->vm_free[order], t_list) {
			if ((found != NULL && t->t_size >= found->t_size) ||
			    !fits(t, w, &at))
				continue;
			found = t;
			*addrp = at;
			if (!best || t->t_size == w->size)
				return found;
		}
		if (found != NULL)
			break;
	}
	return found;
}

/*
 * Find a free segment; arena locked.  Instant fit looks first where all segments
 * are large enough.
 */
static struct tag *
find_free(vmem_t *vm, const struct want *w, bool best, vmem_addr_t *addrp)
{
	vmem_size_t quanta = w->size >> vm->vm_shift;
	unsigned int order = order_of(quanta);
	struct tag *t = NULL;

	if (!best)
		t = search(vm, w, powerof2(quanta) ? order : order + 1, false,
		    addrp);
	return t != NULL ? t : search(vm, w, order, true, addrp);
}

/*
 * Cut [addr, addr + size) out of a free segment, which becomes busy.  Spare
 * tags are for what remains before and behind; those used become NULL.
 */
static void
carve(vmem_t *vm, struct tag *t, vmem_addr_t addr, vmem_size_t size,
    struct tag *spare[2])
{
	free_remove(vm, t);
	if (t->t_start != addr) {
		struct tag *before = spare[0];

		spare[0] = NULL;
		before->t_start = t->t_start;
		before->t_size = addr - t->t_start;
		t->t_start = addr;
		t->t_size -= before->t_size;
		TAILQ_INSERT_BEFORE(t, before, t_seg);
		free_insert(vm, before);
	}
	if (t->t_size != size) {
		struct tag *behind = spare[1];

		spare[1] = NULL;
		behind->t_start = addr + size;
		behind->t_size = t->t_size - size;
		t->t_size = size;
		TAILQ_INSERT_AFTER(&vm->vm_segs, t, behind, t_seg);
		free_insert(vm, behind);
	}
	busy_insert(vm, t);
}

/* Allocate, waiting for space if the flags say so. */
static int
allocate(vmem_t *vm, const struct want *w, vm_flag_t flags,
    vmem_addr_t *addrp)
{
	struct tag *spare[2] = { tag_get(flags), tag_get(flags) }, *t = NULL;
	unsigned long mask = 0;
	int error = 0;

	if (spare[0] == NULL || spare[1] == NULL)
		error = ENOMEM;
	while (error == 0) {
		mutex_enter(&vm->vm_lock);
		t = find_free(vm, w, (flags & VM_BESTFIT) != 0, addrp);
		if (t != NULL) {
			carve(vm, t, *addrp, w->size, spare);
			mask = hash_wanted(vm);
			mutex_exit(&vm->vm_lock);
			break;
		}
		mutex_exit(&vm->vm_lock);
		if (span_import(vm, w, flags) == 0)
			continue;
		if ((flags & VM_SLEEP) == 0) {
			error = ENOMEM;
			break;
		}
		mutex_enter(&vm->vm_lock);
		if (find_free(vm, w, true, addrp) == NULL)
			(void)cv_timedwait(&vm->vm_cv, &vm->vm_lock,
			    mstohz(1000));
		mutex_exit(&vm->vm_lock);
	}
	tag_put(spare[0]);
	tag_put(spare[1]);
	if (__predict_false(mask != 0))
		hash_grow(vm, mask);
	return error;
}

/*
 * Allocate size numbers: aligned to align, plus phase; not crossing a multiple
 * of nocross; within [min, max].
 *
 * flags  VM_SLEEP (does not fail) or VM_NOSLEEP, and VM_INSTANTFIT or VM_BESTFIT.
 *
 * Returns 0 or ENOMEM.
 */
int
vmem_xalloc(vmem_t *vm, vmem_size_t size, vmem_size_t align,
    vmem_size_t phase, vmem_size_t nocross, vmem_addr_t min, vmem_addr_t max,
    vm_flag_t flags, vmem_addr_t *addrp)
{
	struct want w = {
		.size = vmem_roundup_size(vm, size),
		.align = align != 0 ? align : vm->vm_quantum,
		.phase = phase,
		.nocross = nocross,
		.min = min,
		.max = max,
	};
	vmem_addr_t addr;
	int error;

	KASSERT(size != 0);
	KASSERT(powerof2(w.align) && phase < w.align);
	KASSERT(powerof2(nocross));
	if (nocross != 0 && nocross < w.size)
		return ENOMEM;
	error = allocate(vm, &w, flags, &addr);
	if (error == 0 && addrp != NULL)
		*addrp = addr;
	return error;
}

/* Allocate these very numbers. */
int
vmem_xalloc_addr(vmem_t *vm, vmem_addr_t addr, vmem_size_t size,
    vm_flag_t flags)
{
	size = vmem_roundup_size(vm, size);
	return vmem_xalloc(vm, size, 0, 0, 0, addr, addr + size - 1,
	    (flags & ~(VM_INSTANTFIT | VM_SLEEP)) | VM_NOSLEEP | VM_BESTFIT,
	    NULL);
}

int
vmem_alloc(vmem_t *vm, vmem_size_t size, vm_flag_t flags, vmem_addr_t *addrp)
{
	void *p;

	KASSERT(size != 0);
	if (size > vm->vm_qcache_max)
		return vmem_xalloc(vm, size, 0, 0, 0, VMEM_ADDR_MIN,
		    VMEM_ADDR_MAX, flags, addrp);
	p = pool_cache_get(vm->vm_qcaches[(size - 1) >> vm->vm_shift].qc_cache,
	    (flags & VM_SLEEP) != 0 ? PR_WAITOK : PR_NOWAIT);
	if (p == NULL)
		return ENOMEM;
	if (addrp != NULL)
		*addrp = (vmem_addr_t)p;
	return 0;
}

/*
 * Release.
 */

/* Join a free segment with the one behind it, if that is free too. */
static struct tag *
join(vmem_t *vm, struct tag *t, struct tag *behind)
{
	if (behind == NULL || behind->t_type != TAG_FREE)
		return NULL;
	KASSERT(t->t_start + t->t_size == behind->t_start);
	free_remove(vm, behind);
	TAILQ_REMOVE(&vm->vm_segs, behind, t_seg);
	t->t_size += behind->t_size;
	return behind;
}

/*
 * The segment, free and on no list yet, may be all of an imported span: take
 * both out then.
 */
static struct tag *
whole_span(vmem_t *vm, struct tag *t)
{
	struct tag *span = TAILQ_PREV(t, tag_tailq, t_seg);

	if (vm->vm_release == NULL || span->t_type != TAG_SPAN ||
	    span->t_size != t->t_size)
		return NULL;
	TAILQ_REMOVE(&vm->vm_segs, span, t_seg);
	TAILQ_REMOVE(&vm->vm_segs, t, t_seg);
	vm->vm_size -= span->t_size;
	return span;
}

void
vmem_xfree(vmem_t *vm, vmem_addr_t addr, vmem_size_t size)
{
	struct tag *t, *before, *gone[2], *span;

	size = vmem_roundup_size(vm, size);
	mutex_enter(&vm->vm_lock);
	t = busy_find(vm, addr);
	if (t == NULL)
		panic("vmem_free: %s: %#lx is not allocated", vm->vm_name,
		    (unsigned long)addr);
	if (t->t_size != size)
		panic("vmem_free: %s: %#lx has size %#lx, not %#lx",
		    vm->vm_name, (unsigned long)addr,
		    (unsigned long)t->t_size, (unsigned long)size);
	busy_remove(vm, t);
	gone[0] = join(vm, t, TAILQ_NEXT(t, t_seg));
	gone[1] = NULL;
	before = TAILQ_PREV(t, tag_tailq, t_seg);
	if (before->t_type == TAG_FREE) {
		/* The one before grows; its own size decides its list. */
		free_remove(vm, before);
		TAILQ_REMOVE(&vm->vm_segs, t, t_seg);
		before->t_size += t->t_size;
		gone[1] = t;
		t = before;
	}
	span = whole_span(vm, t);
	if (span == NULL) {
		free_insert(vm, t);
		cv_broadcast(&vm->vm_cv);
	}
	mutex_exit(&vm->vm_lock);
	tag_put(gone[0]);
	tag_put(gone[1]);
	if (span != NULL) {
		(*vm->vm_release)(vm->vm_source, span->t_start, span->t_size);
		tag_put(span);
		tag_put(t);
	}
}

void
vmem_free(vmem_t *vm, vmem_addr_t addr, vmem_size_t size)
{
	if (size > vm->vm_qcache_max)
		vmem_xfree(vm, addr, size);
	else
		pool_cache_put(vm->vm_qcaches[(size - 1) >>
		    vm->vm_shift].qc_cache, (void *)addr);
}

/* Some busy segment, or NULL. */
static struct tag *
any_busy(vmem_t *vm)
{
	struct tag *t;

	mutex_enter(&vm->vm_lock);
	t = TAILQ_FIRST(&vm->vm_segs);
	while (t != NULL && t->t_type != TAG_BUSY)
		t = TAILQ_NEXT(t, t_seg);
	mutex_exit(&vm->vm_lock);
	return t;
}

/* Free everything that is allocated by vmem_xalloc. */
void
vmem_xfreeall(vmem_t *vm)
{
	struct tag *t;

	KASSERT(vm->vm_qcaches == NULL);
	while ((t = any_busy(vm)) != NULL)
		vmem_xfree(vm, t->t_start, t->t_size);
}
