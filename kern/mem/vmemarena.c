/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * vmem(9) arenas: their life, their quantum caches, questions about them.
 * See vmem.c.
 */

#include <sys/param.h>
#include <sys/kmem.h>
#include <sys/systm.h>

#include "pool.h"
#include "vmemimpl.h"

static kmutex_t arenas_lock;
static LIST_HEAD(, vmem) arenas;

void
vmem_subsystem_init(vmem_t *unused)
{
	mutex_init(&arenas_lock, MUTEX_DEFAULT, IPL_NONE);
	LIST_INIT(&arenas);
	pool_init(&vmem_tags, sizeof(struct tag), 0, 0, 0, "vmembt", NULL,
	    IPL_VM);
}

/*
 * Quantum caches.
 */

static void *
qcache_page_alloc(struct pool *pp, int flags)
{
	struct qcache *qc = container_of(pp->pr_alloc, struct qcache,
	    qc_allocator);
	vmem_addr_t addr;

	if (vmem_xalloc(qc->qc_vmem, pp->pr_pagesz, 0, 0, 0, VMEM_ADDR_MIN,
	    VMEM_ADDR_MAX, ((flags & PR_WAITOK) != 0 ? VM_SLEEP : VM_NOSLEEP) |
	    VM_INSTANTFIT, &addr) != 0)
		return NULL;
	return (void *)addr;
}

static void
qcache_page_free(struct pool *pp, void *page)
{
	struct qcache *qc = container_of(pp->pr_alloc, struct qcache,
	    qc_allocator);

	vmem_xfree(qc->qc_vmem, (vmem_addr_t)page, pp->pr_pagesz);
}

static void
qcaches_create(vmem_t *vm, vmem_size_t max, int ipl)
{
	unsigned int n, i;

	max = MIN(max, VMEM_QCACHES << vm->vm_shift) & -vm->vm_quantum;
	n = max >> vm->vm_shift;
	if (n == 0 || pool_guarded)
		return;
	vm->vm_qcaches = kmem_zalloc(n * sizeof(struct qcache), KM_SLEEP);
	for (i = 0; i < n; i++) {
		struct qcache *qc = &vm->vm_qcaches[i];

		qc->qc_vmem = vm;
		snprintf(qc->qc_name, sizeof(qc->qc_name), "%s-%zu",
		    vm->vm_name, (size_t)(i + 1) << vm->vm_shift);
		qc->qc_allocator.pa_alloc = qcache_page_alloc;
		qc->qc_allocator.pa_free = qcache_page_free;
		qc->qc_allocator.pa_pagesz = MAX(max * 2, 1u << 6);
		qc->qc_cache = pool_cache_init((size_t)(i + 1) <<
		    vm->vm_shift, vm->vm_quantum, 0, PR_NOALIGN | PR_NOTOUCH,
		    qc->qc_name, &qc->qc_allocator, ipl, NULL, NULL, NULL);
	}
	vm->vm_qcache_max = max;
}

static void
qcaches_destroy(vmem_t *vm)
{
	unsigned int n = vm->vm_qcache_max >> vm->vm_shift, i;

	for (i = 0; i < n; i++)
		pool_cache_destroy(vm->vm_qcaches[i].qc_cache);
	if (n != 0)
		kmem_free(vm->vm_qcaches, n * sizeof(struct qcache));
}

/*
 * Creation.
 */

/*
 * Prepare an arena in storage of the caller's (NULL: allocated).
 *
 * base, size  a first span; size 0: none.
 * quantum     power of two: all sizes are rounded to it.
 * import      gets more from source, release gives it back; NULL: none.
 * qcache_max  sizes up to this are cached.
 *
 * Context: thread, may sleep.
 */
vmem_t *
vmem_init(vmem_t *vm, const char *name, vmem_addr_t base, vmem_size_t size,
    vmem_size_t quantum, vmem_import_t *import, vmem_release_t *release,
    vmem_t *source, vmem_size_t qcache_max, vm_flag_t flags, int ipl)
{
	bool allocated = vm == NULL;
	unsigned int i;

	KASSERT(quantum != 0 && powerof2(quantum));
	if (allocated)
		vm = kmem_alloc(sizeof(*vm), KM_SLEEP);
	memset(vm, 0, sizeof(*vm));
	strlcpy(vm->vm_name, name, sizeof(vm->vm_name));
	vm->vm_quantum = quantum;
	vm->vm_shift = ilog2((uint64_t)quantum);
	/* A function is called as the type that it has: VM_XIMPORT says. */
	if ((flags & VM_XIMPORT) != 0)
		vm->vm_ximport = (vmem_ximport_t *)(void *)import;
	else
		vm->vm_import = import;
	vm->vm_release = release;
	vm->vm_source = source;
	vm->vm_allocated = allocated;
	mutex_init(&vm->vm_lock, MUTEX_DEFAULT, ipl);
	cv_init(&vm->vm_cv, vm->vm_name);
	TAILQ_INIT(&vm->vm_segs);
	for (i = 0; i < VMEM_ORDERS; i++)
		LIST_INIT(&vm->vm_free[i]);
	vm->vm_hash = vm->vm_hash0;
	vm->vm_hashmask = VMEM_HASH_MIN - 1;
	for (i = 0; i < VMEM_HASH_MIN; i++)
		LIST_INIT(&vm->vm_hash0[i]);
	qcaches_create(vm, qcache_max, ipl);
	mutex_enter(&arenas_lock);
	LIST_INSERT_HEAD(&arenas, vm, vm_all);
	mutex_exit(&arenas_lock);
	if (size != 0 && vmem_add(vm, base, size, flags) != 0) {
		vmem_destroy(vm);
		return NULL;
	}
	return vm;
}

vmem_t *
vmem_create(const char *name, vmem_addr_t base, vmem_size_t size,
    vmem_size_t quantum, vmem_import_t *import, vmem_release_t *release,
    vmem_t *source, vmem_size_t qcache_max, vm_flag_t flags, int ipl)
{
	KASSERT((flags & VM_XIMPORT) == 0);
	return vmem_init(NULL, name, base, size, quantum, import, release,
	    source, qcache_max, flags, ipl);
}

/* With an import function that may give more than was asked for. */
vmem_t *
vmem_xcreate(const char *name, vmem_addr_t base, vmem_size_t size,
    vmem_size_t quantum, vmem_ximport_t *import, vmem_release_t *release,
    vmem_t *source, vmem_size_t qcache_max, vm_flag_t flags, int ipl)
{
	return vmem_init(NULL, name, base, size, quantum,
	    (vmem_import_t *)(void *)import, release, source, qcache_max,
	    flags | VM_XIMPORT, ipl);
}

/* Everything must have been freed. */
void
vmem_destroy(vmem_t *vm)
{
	struct tag *t;

	mutex_enter(&arenas_lock);
	LIST_REMOVE(vm, vm_all);
	mutex_exit(&arenas_lock);
	qcaches_destroy(vm);
	if (vm->vm_nbusy != 0)
		panic("vmem_destroy: %s: %#lx still allocated", vm->vm_name,
		    (unsigned long)vm->vm_inuse);
	while ((t = TAILQ_FIRST(&vm->vm_segs)) != NULL) {
		TAILQ_REMOVE(&vm->vm_segs, t, t_seg);
		if (t->t_type == TAG_SPAN && vm->vm_release != NULL)
			(*vm->vm_release)(vm->vm_source, t->t_start,
			    t->t_size);
		pool_put(&vmem_tags, t);
	}
	vmem_hash_free(vm, vm->vm_hash, vm->vm_hashmask);
	mutex_destroy(&vm->vm_lock);
	cv_destroy(&vm->vm_cv);
	if (vm->vm_allocated)
		kmem_free(vm, sizeof(*vm));
}

/*
 * Questions.
 */

vmem_size_t
vmem_roundup_size(vmem_t *vm, vmem_size_t size)
{
	return (size + vm->vm_quantum - 1) & -vm->vm_quantum;
}

/* How much is allocated, free, or (both) there. */
vmem_size_t
vmem_size(vmem_t *vm, int which)
{
	vmem_size_t n = 0;

	mutex_enter(&vm->vm_lock);
	if ((which & VMEM_ALLOC) != 0)
		n += vm->vm_inuse;
	if ((which & VMEM_FREE) != 0)
		n += vm->vm_size - vm->vm_inuse;
	mutex_exit(&vm->vm_lock);
	return n;
}

static void
print_tag(const struct tag *t, void (*pr)(const char *, ...))
{
	static const char *const names[] = {
		"imported span", "span", "  free", "  busy"
	};

	pr("%s %#lx..%#lx\n", names[t->t_type], (unsigned long)t->t_start,
	    (unsigned long)(t->t_start + t->t_size - 1));
}

static void
print_arena(vmem_t *vm, bool full, void (*pr)(const char *, ...))
{
	struct tag *t;

	pr("vmem %s: quantum %lu, %lu of %lu in use\n", vm->vm_name,
	    (unsigned long)vm->vm_quantum, (unsigned long)vm->vm_inuse,
	    (unsigned long)vm->vm_size);
	if (full) {
		TAILQ_FOREACH(t, &vm->vm_segs, t_seg)
			print_tag(t, pr);
	}
}

/* For debuggers: no locks.  modif: "a" prints segments too. */
void
vmem_printall(const char *modif, void (*pr)(const char *, ...))
{
	vmem_t *vm;

	LIST_FOREACH(vm, &arenas, vm_all)
		print_arena(vm, strchr(modif, 'a') != NULL, pr);
}

/* The arena whose structure lies at addr. */
void
vmem_print(vmem_addr_t addr, const char *modif, void (*pr)(const char *, ...))
{
	print_arena((vmem_t *)addr, strchr(modif, 'a') != NULL, pr);
}

/* Which segments of which arenas have this number? */
void
vmem_whatis(vmem_addr_t addr, void (*pr)(const char *, ...))
{
	struct tag *t;
	vmem_t *vm;

	LIST_FOREACH(vm, &arenas, vm_all) {
		TAILQ_FOREACH(t, &vm->vm_segs, t_seg) {
			if (t->t_type != TAG_SPAN &&
			    t->t_type != TAG_SPAN_STATIC && t->t_start <= addr &&
			    addr - t->t_start < t->t_size) {
				pr("%s: ", vm->vm_name);
				print_tag(t, pr);
			}
		}
	}
}
