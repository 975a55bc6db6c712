/* SPDX-License-Identifier: BSD-2-Clause */
/* Misuses, one function each: misuse.h says what comes of them. */
#include <sys/param.h>
#include <sys/callout.h>
#include <sys/condvar.h>
#include <sys/cpu.h>
#include <sys/extent.h>
#include <sys/intr.h>
#include <sys/kmem.h>
#include <sys/kthread.h>
#include <sys/localcount.h>
#include <sys/mutex.h>
#include <sys/percpu.h>
#include <sys/proc.h>
#include <sys/pserialize.h>
#include <sys/psref.h>
#include <sys/systm.h>
#include <sys/vmem.h>

#include "misuse.h"

static kmutex_t lock;
static kcondvar_t cv;

/* ----------------------------------------------------------------- allocators */

static vmem_t *
arena(vmem_addr_t *addr)
{
	vmem_t *vm = vmem_create("misused", 4096, 65536, 16, NULL, NULL, NULL,
	    0, VM_SLEEP, IPL_NONE);

	(void)vmem_alloc(vm, 64, VM_SLEEP | VM_INSTANTFIT, addr);
	return vm;
}

static void
vmem_free_twice(void)
{
	vmem_addr_t addr;
	vmem_t *vm = arena(&addr);

	vmem_free(vm, addr, 64);
	vmem_free(vm, addr, 64);
}

static void
vmem_free_other(void)
{
	vmem_addr_t addr;
	vmem_t *vm = arena(&addr);

	vmem_free(vm, addr + 16, 48);
}

static void
vmem_free_size(void)
{
	vmem_addr_t addr;
	vmem_t *vm = arena(&addr);

	vmem_free(vm, addr, 32);
}

static void
vmem_destroy_used(void)
{
	vmem_addr_t addr;

	vmem_destroy(arena(&addr));
}

static void
vmem_destroyed(void)
{
	vmem_addr_t addr;
	vmem_t *vm = arena(&addr);

	vmem_free(vm, addr, 64);
	vmem_destroy(vm);
	(void)vmem_alloc(vm, 64, VM_SLEEP | VM_INSTANTFIT, &addr);
}

/* 100..199 is in use. */
static struct extent *
region(int flags)
{
	struct extent *ex = extent_create("misused", 0, 999, NULL, 0, flags);

	(void)extent_alloc_region(ex, 100, 100, EX_WAITOK);
	return ex;
}

static void
extent_free_twice(void)
{
	struct extent *ex = region(0);

	(void)extent_free(ex, 100, 100, EX_WAITOK);
	(void)extent_free(ex, 100, 100, EX_WAITOK);
}

static void
extent_free_other(void)
{

	(void)extent_free(region(0), 300, 100, EX_WAITOK);
}

static void
extent_free_more(void)
{

	(void)extent_free(region(0), 100, 101, EX_WAITOK);
}

static void
extent_free_part(void)
{

	(void)extent_free(region(EX_NOCOALESCE), 100, 50, EX_WAITOK);
}

static void
extent_destroyed(void)
{
	struct extent *ex = region(0);

	extent_destroy(ex);
	(void)extent_alloc_region(ex, 300, 100, EX_WAITOK);
}

static void
percpu_free_size(void)
{

	percpu_free(percpu_alloc(100), 300);
}

static void
percpu_free_twice(void)
{
	percpu_t *pc = percpu_alloc(100);

	percpu_free(pc, 100);
	percpu_free(pc, 100);
}

static void
percpu_freed(void)
{
	percpu_t *pc = percpu_alloc(100);

	percpu_free(pc, 100);
	(void)percpu_getref(pc);
}

/* -------------------------------------------------------------------- waiting */

static void
waiter(void *arg)
{

	mutex_enter(&lock);
	for (;;)
		cv_wait(&cv, &lock);
}

static void
cv_destroy_waited(void)
{

	if (kthread_create(PRI_NONE, KTHREAD_MPSAFE, NULL, waiter, NULL, NULL,
	    "waiter") != 0)
		return;
	while (!cv_has_waiters(&cv))
		kpause("misuse", false, 1, NULL);
	cv_destroy(&cv);
}

static void
cv_destroyed(void)
{

	cv_destroy(&cv);
	mutex_enter(&lock);
	cv_timedwait(&cv, &lock, 1);
}

static void
cv_unlocked(void)
{

	cv_timedwait(&cv, &lock, 1);
}

static void
paused(void)
{

	kpause("misuse", false, 1, NULL);
}

static void
allocated(void *arg)
{

	kmem_free(kmem_alloc(64, KM_SLEEP), 64);
}

static volatile bool done;

static void
is_done(void *arg)
{

	done = true;
}

/* Another handler after it tells that it is over. */
static void
alloc_softint(void)
{

	softint_schedule(softint_establish(SOFTINT_NET | SOFTINT_MPSAFE,
	    allocated, NULL));
	softint_schedule(softint_establish(SOFTINT_NET | SOFTINT_MPSAFE,
	    is_done, NULL));
	while (!done)
		kpause("misuse", false, 1, NULL);
}

static void
alloc_spin(void)
{
	kmutex_t spin;

	mutex_init(&spin, MUTEX_DEFAULT, IPL_VM);
	mutex_enter(&spin);
	allocated(NULL);
}

static void
alloc_nopreempt(void)
{

	kpreempt_disable();
	allocated(NULL);
}

static void
sleep_nopreempt(void)
{

	kpreempt_disable();
	paused();
}

static void
sleep_section(void)
{

	(void)pserialize_read_enter();
	paused();
}

static void
alloc_section(void)
{

	(void)pserialize_read_enter();
	allocated(NULL);
}

static void
section_exit(void)
{

	pserialize_read_exit(0);
}

static void
section_perform(void)
{
	pserialize_t psz = pserialize_create();

	(void)pserialize_read_enter();
	pserialize_perform(psz);
}

/* ----------------------------------------------------------------- references */

static struct psref_target target, other_target;
static struct psref psref;

static struct psref_class *
class(void)
{
	struct psref_class *psc = psref_class_create("misused", IPL_SOFTNET);

	psref_target_init(&target, psc);
	psref_target_init(&other_target, psc);
	return psc;
}

static void
psref_unbound(void)
{

	psref_acquire(&psref, &target, class());
}

static void
psref_class(void)
{
	struct psref_class *psc = class();

	(void)class();
	(void)curlwp_bind();
	psref_acquire(&psref, &target, psc);
}

static void
psref_target(void)
{
	struct psref_class *psc = class();

	(void)curlwp_bind();
	psref_acquire(&psref, &target, psc);
	psref_release(&psref, &other_target, psc);
}

static void
psref_class_used(void)
{
	struct psref_class *psc = class();

	(void)curlwp_bind();
	psref_acquire(&psref, &target, psc);
	psref_class_destroy(psc);
}

static struct localcount lc;

static void
localcount_undrained(void)
{

	localcount_init(&lc);
	localcount_fini(&lc);
}

static void
localcount_drained(void)
{

	localcount_init(&lc);
	mutex_enter(&lock);
	localcount_drain(&lc, &cv, &lock);
	mutex_exit(&lock);
	localcount_acquire(&lc);
}

static void
localcount_released(void)
{

	localcount_init(&lc);
	localcount_acquire(&lc);
	localcount_release(&lc, &cv, &lock);
	localcount_release(&lc, &cv, &lock);
}

/* ------------------------------------------------------------------- callouts */

static callout_t callout;

static void
callout_unknown(void)
{

	callout_schedule(&callout, 1);
}

static void
callout_waiting(void)
{

	callout_init(&callout, CALLOUT_MPSAFE);
	callout_reset(&callout, 1000 * hz, is_done, NULL);
	callout_destroy(&callout);
}

#define FUNCTION(name, text, who)	[MISUSE_##name] = name,
static void (*const misuses[])(void) = { MISUSES(FUNCTION) };

void
rumptest_misuse(int which)
{

	mutex_init(&lock, MUTEX_DEFAULT, IPL_NONE);
	cv_init(&cv, "misuse");
	(*misuses[which])();
}
