/* SPDX-License-Identifier: BSD-2-Clause */

/*
 * Start and end of the library, and the upcalls it makes.
 *
 * Order in a kernel's life: rumpuser2_hyperup, rumpuser_init, rumpuser2_init, …,
 * rumpuser2_fini, and from the beginning again. NetBSD's kernel calls rumpuser_init alone.
 */

#include "rump/rumpuser_component.h"

#include "hyp.h"

struct rumpuser_hyperup hyp_up;
struct rumpuser2_hyperup hyp_up2;
bool hyp_second_set;

static unsigned threads_going;  /* in hyp_thread_gone */

int
rumpuser_init(int version, const struct rumpuser_hyperup *hyp)
{
	int error;

	if (version != RUMPUSER_VERSION) {
		rumpuser_dprintf("rumpuser_init: the kernel wants version %d, this is %d\n",
		    version, RUMPUSER_VERSION);
		return NB_EINVAL;
	}
	error = core_init();
	if (error != 0)
		return error;
	hyp_up = *hyp;
	return 0;
}

const struct rumpuser_hyperup *
rumpuser2_hyperup(const struct rumpuser_hyperup *hyp)
{

	return hyp;
}

int
rumpuser2_init(int version, const struct rumpuser2_hyperup *up)
{

	if (version != RUMPUSER2_VERSION)
		return NB_EINVAL;
	hyp_up2 = *up;
	hyp_second_set = true;
	return 0;
}

/*
 * Threads of programs may end at any time, also now. Those that are in the hook are waited for; the
 * kernel knows what to do with those that come later.
 */
void
rumpuser2_fini(void)
{

	hyp_bio_drain();
	core_fini();
	while (__atomic_load_n(&threads_going, __ATOMIC_SEQ_CST) != 0)
		core_yield();
	hyp_dl_fini();
	hyp_second_set = false;
	hyp_console_flush();
}

void
hyp_thread_gone(void)
{
	struct rumpuser2_thread *rt = rumpuser2_thread();
	void *cache = rt->rt_cache;
	void (*gone)(void *);

	if (cache == NULL)
		return;
	rt->rt_cache = NULL;
	__atomic_fetch_add(&threads_going, 1, __ATOMIC_SEQ_CST);
	gone = __atomic_load_n(&hyp_up2.hup_threadexit, __ATOMIC_SEQ_CST);
	if (gone != NULL)
		gone(cache);
	__atomic_fetch_sub(&threads_going, 1, __ATOMIC_SEQ_CST);
}

/*
 * Threads of the host that call the kernel back: NetBSD's kernel makes a temporary lwp at each
 * hyp_schedule, slowly, so such a thread gets one for life. Ours keeps one in rt_cache by itself.
 */
void
hyp_worker_begin(void)
{

	if (!hyp_second_set)
		rumpuser_component_kthread();
}

void
hyp_worker_end(void)
{

	if (!hyp_second_set)
		rumpuser_component_kthread_release();
}
