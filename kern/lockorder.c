/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The order in which locks are taken, as a graph of kinds of locks.
 *
 * An edge a -> b says that a lock of kind b was waited for with one of kind a
 * held.  As long as the graph has no cycle, no set of threads can wait for each
 * other in a circle.  An edge that would close one is reported and not added.
 * Locks of the same kind (parent and child, say) are not compared.
 *
 * Edges are added under `lock`, and looked for without it: who sees one late
 * looks again under it.
 */
#include <sys/param.h>

#include "lockdebug.h"
#include "parklock.h"

#define WORDS	(LOCKORDER_KINDS / 32)

static struct parklock lock;
static u_int nkinds;
static uintptr_t made_at[LOCKORDER_KINDS];
static uint32_t after[LOCKORDER_KINDS][WORDS];	/* after[a]: b's of a -> b */

static bool
bit(const uint32_t *set, u_int i)
{

	return (__atomic_load_n(&set[i / 32], __ATOMIC_RELAXED) &
	    (1u << (i % 32))) != 0;
}

static void
bit_set(uint32_t *set, u_int i)
{

	__atomic_store_n(&set[i / 32], set[i / 32] | 1u << (i % 32),
	    __ATOMIC_RELAXED);
}

/* With more kinds than there is room for, the last one is a mixture. */
u_int
lockorder_kind(uintptr_t where)
{
	u_int i;

	parklock_enter(&lock);
	for (i = 0; i < nkinds; i++) {
		if (made_at[i] == where)
			break;
	}
	if (i == nkinds) {
		if (nkinds < LOCKORDER_KINDS)
			nkinds++;
		else
			i--;
		made_at[i] = where;
	}
	parklock_exit(&lock);
	return i;
}

uintptr_t
lockorder_made_at(u_int kind)
{

	return made_at[kind];
}

/* Is there a way from a to b?  seen: kinds that were looked at. */
static bool
reachable(u_int a, u_int b, uint32_t *seen)
{
	u_int i;

	if (bit(after[a], b))
		return true;
	bit_set(seen, a);
	for (i = 0; i < nkinds; i++) {
		if (bit(after[a], i) && !bit(seen, i) && reachable(i, b, seen))
			return true;
	}
	return false;
}

bool
lockorder_add(u_int first, u_int then)
{
	uint32_t seen[WORDS] = { 0 };
	bool reversed;

	if (first == then || first == LOCKORDER_KINDS - 1 ||
	    then == LOCKORDER_KINDS - 1)
		return false;
	if (bit(after[first], then))
		return false;
	parklock_enter(&lock);
	reversed = !bit(after[first], then) && reachable(then, first, seen);
	/* Known now: reported once. */
	bit_set(after[first], then);
	parklock_exit(&lock);
	return reversed;
}
