/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Hooks (pmf(9)'s forerunners): functions that subsystems have called when a
 * process forks, executes or exits, or when the machine's power changes.
 *
 * A hook's handle is its list entry.  Lists change rarely, and what calls them
 * may sleep, so hooks_lock is held shared while they run.
 */
#include <sys/param.h>
#include <sys/kmem.h>
#include <sys/queue.h>
#include <sys/rwlock.h>
#include <sys/systm.h>

#include "hooks.h"

struct hook {
	LIST_ENTRY(hook) hk_list;
	union {
		void (*process)(struct proc *, void *);
		void (*fork)(struct proc *, struct proc *);
		void (*power)(int, void *);
	} hk_func;
	void	*hk_arg;
};

static LIST_HEAD(hook_list, hook) exec_hooks, exit_hooks, fork_hooks, power_hooks;
static krwlock_t hooks_lock;

void
hooks_init(void)
{

	rw_init(&hooks_lock);
}

static struct hook *
establish(struct hook_list *list, struct hook hook)
{
	struct hook *hk = kmem_alloc(sizeof(*hk), KM_SLEEP);

	*hk = hook;
	rw_enter(&hooks_lock, RW_WRITER);
	LIST_INSERT_HEAD(list, hk, hk_list);
	rw_exit(&hooks_lock);
	return hk;
}

static void
disestablish(struct hook *hk)
{

	rw_enter(&hooks_lock, RW_WRITER);
	LIST_REMOVE(hk, hk_list);
	rw_exit(&hooks_lock);
	kmem_free(hk, sizeof(*hk));
}

/* Call each hook of a list: call is an expression of hk. */
#define HOOKS_RUN(list, call) do {					\
	struct hook *hk;						\
									\
	if (LIST_EMPTY(list))						\
		break;							\
	rw_enter(&hooks_lock, RW_READER);				\
	LIST_FOREACH(hk, list, hk_list)					\
		call;							\
	rw_exit(&hooks_lock);						\
} while (0)

void *
exechook_establish(void (*func)(struct proc *, void *), void *arg)
{

	return establish(&exec_hooks, (struct hook){ .hk_func.process = func, .hk_arg = arg });
}

void
exechook_disestablish(void *hk)
{

	disestablish(hk);
}

void
doexechooks(struct proc *p)
{

	HOOKS_RUN(&exec_hooks, hk->hk_func.process(p, hk->hk_arg));
}

void *
exithook_establish(void (*func)(struct proc *, void *), void *arg)
{

	return establish(&exit_hooks, (struct hook){ .hk_func.process = func, .hk_arg = arg });
}

void
exithook_disestablish(void *hk)
{

	disestablish(hk);
}

void
doexithooks(struct proc *p)
{

	HOOKS_RUN(&exit_hooks, hk->hk_func.process(p, hk->hk_arg));
}

void *
forkhook_establish(void (*func)(struct proc *, struct proc *))
{

	return establish(&fork_hooks, (struct hook){ .hk_func.fork = func });
}

void
forkhook_disestablish(void *hk)
{

	disestablish(hk);
}

void
doforkhooks(struct proc *child, struct proc *parent)
{

	HOOKS_RUN(&fork_hooks, hk->hk_func.fork(child, parent));
}

/* name is for diagnostics of other systems; it is not kept. */
void *
powerhook_establish(const char *name, void (*func)(int, void *), void *arg)
{

	return establish(&power_hooks, (struct hook){ .hk_func.power = func, .hk_arg = arg });
}

void
powerhook_disestablish(void *hk)
{

	disestablish(hk);
}

void
dopowerhooks(int why)
{

	HOOKS_RUN(&power_hooks, hk->hk_func.power(why, hk->hk_arg));
}
