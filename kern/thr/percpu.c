/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * percpu(9): storage of which each CPU has its own.
 *
 * A handle holds a pointer for each CPU, each to memory of whole cache lines,
 * so that CPUs do not disturb each other; unlike the contract allows, storage
 * never moves.  A thread that holds a virtual CPU has its storage to itself
 * until it sleeps: there is no preemption, and getref and putref cost nothing.
 *
 * Diagnostics compare the size that is freed, which is none of what was freed before.
 */
#include <sys/param.h>
#include <sys/cpu.h>
#include <sys/kmem.h>
#include <sys/percpu.h>
#include <sys/systm.h>
#include <sys/xcall.h>

struct percpu {
	percpu_callback_t	pc_dtor;
	void			*pc_arg;
	size_t			pc_size;	/* (size_t)-1: freed */
	void			*pc_storage[];	/* by CPU index */
};

static size_t
handle_size(void)
{

	return sizeof(struct percpu) + (size_t)ncpu * sizeof(void *);
}

static size_t
storage_size(size_t size)
{

	return roundup2(MAX(size, 1), COHERENCY_UNIT);
}

void
percpu_init(void)
{
}

void
percpu_init_cpu(struct cpu_info *ci)
{
}

/*
 * Allocate size bytes for each CPU, zeroed; ctor, if given, is called for each
 * before percpu_create returns, dtor by percpu_free.
 *
 * Context: thread, may sleep.
 */
percpu_t *
percpu_create(size_t size, percpu_callback_t ctor, percpu_callback_t dtor, void *arg)
{
	percpu_t *pc = kmem_zalloc(handle_size(), KM_SLEEP);
	struct cpu_info *ci;
	u_int i;

	pc->pc_size = size;
	pc->pc_dtor = dtor;
	pc->pc_arg = arg;
	for (i = 0; i < (u_int)ncpu; i++)
		pc->pc_storage[i] = kmem_zalloc(storage_size(size), KM_SLEEP);
	for (i = 0; ctor != NULL && (ci = cpu_lookup(i)) != NULL; i++)
		(*ctor)(pc->pc_storage[i], arg, ci);
	return pc;
}

percpu_t *
percpu_alloc(size_t size)
{

	return percpu_create(size, NULL, NULL, NULL);
}

void
percpu_free(percpu_t *pc, size_t size)
{
	struct cpu_info *ci;
	u_int i;

	KASSERTMSG(pc->pc_size == size,
	    "percpu_free: %p has %zu bytes, not %zu", pc, pc->pc_size, size);
	for (i = 0; (ci = cpu_lookup(i)) != NULL; i++) {
		if (pc->pc_dtor != NULL)
			(*pc->pc_dtor)(pc->pc_storage[i], pc->pc_arg, ci);
		kmem_free(pc->pc_storage[i], storage_size(size));
	}
	pc->pc_size = (size_t)-1;
	kmem_free(pc, handle_size());
}

void *
percpu_getref(percpu_t *pc)
{

	KASSERTMSG(pc->pc_size != (size_t)-1, "percpu_getref: %p was freed", pc);
	return pc->pc_storage[cpu_index(curcpu())];
}

void
percpu_putref(percpu_t *pc)
{
}

/* From here, whatever the owners do meanwhile. */
void
percpu_foreach(percpu_t *pc, percpu_callback_t cb, void *arg)
{
	struct cpu_info *ci;

	for (u_int i = 0; (ci = cpu_lookup(i)) != NULL; i++)
		(*cb)(pc->pc_storage[i], arg, ci);
}

struct foreach {
	percpu_t		*pc;
	percpu_callback_t	cb;
	void			*arg;
};

static void
foreach_here(void *arg1, void *arg2)
{
	struct foreach *f = arg1;

	(*f->cb)(percpu_getref(f->pc), f->arg, curcpu());
}

/* On each CPU in turn, so that no owner is at work on the storage. */
void
percpu_foreach_xcall(percpu_t *pc, u_int xcflags, percpu_callback_t cb, void *arg)
{
	struct foreach f = { pc, cb, arg };

	xc_wait(xc_broadcast(xcflags, foreach_here, &f, NULL));
}

void
percpu_traverse_enter(void)
{
}

void
percpu_traverse_exit(void)
{
}

void *
percpu_getptr_remote(percpu_t *pc, struct cpu_info *ci)
{

	return pc->pc_storage[cpu_index(ci)];
}
