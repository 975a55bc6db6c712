/* SPDX-License-Identifier: BSD-2-Clause */

/*
 * Threads of the fiber host: what lib/sched.h asks for. A stack has a page below it that traps.
 * Stacks of ended threads are kept, a few, for the next.
 */

#define _DEFAULT_SOURCE
#include <sys/mman.h>
#include <unistd.h>

#include "lib/sched.h"
#include "lib/sim.h"
#include "unix/unix.h"
#include "fiberhost.h"

#define STACK_SIZE ((size_t)512 << 10)
#define STACKS_KEPT 8

static struct event idle_event;
static void *kept[STACKS_KEPT];
static unsigned nkept;

void
thread_init(void)
{
	static bool done;

	if (done)
		return;
	event_setup();
	event_init(&idle_event);
	done = true;
}

static size_t
guard_size(void)
{

	return (size_t)sysconf(_SC_PAGESIZE);
}

void *
sched_host_stack_get(size_t *len)
{
	size_t guard = guard_size();
	char *mem;

	*len = STACK_SIZE;
	if (nkept != 0)
		return kept[--nkept];
	mem = mmap(NULL, guard + STACK_SIZE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS,
	    -1, 0);
	if (mem == MAP_FAILED)
		return NULL;
	if (mprotect(mem, guard, PROT_NONE) != 0) {
		munmap(mem, guard + STACK_SIZE);
		return NULL;
	}
	return mem + guard;
}

void
sched_host_stack_put(void *stack, size_t len)
{
	size_t guard = guard_size();

	if (nkept < STACKS_KEPT)
		kept[nkept++] = stack;
	else
		munmap((char *)stack - guard, guard + len);
}

unsigned
sched_host_pick(unsigned n)
{

	return sim_seeded ? (unsigned)(sim_random() % n) : 0;
}

/*
 * In a simulation nothing comes from outside, so the next thing to happen is the next deadline; and if there
 * is none, nothing ever will.
 */
void
sched_host_idle(int64_t deadline)
{

	if (!sim_clocked)
		event_wait(&idle_event, deadline);
	else if (deadline != CORE_FOREVER)
		sim_clock_advance(deadline);
	else
		hyp_panic("simulation: all threads wait for each other");
}

void
sched_host_wake(void)
{

	event_post(&idle_event);
}
