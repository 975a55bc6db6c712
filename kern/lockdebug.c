/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Lock checking, for kernels built with LOCKDEBUG.
 *
 * Each lock has a record, found by its address, from its init to its destroy.
 * Each lwp lists the records of locks that it holds.  These are errors, and
 * panics that name lock, lwp and places:
 *
 *   a lock is used that was not initialised, or initialised twice
 *   taken by who holds it; released by who does not hold it
 *   destroyed while it is held; its memory freed before it is destroyed
 *   an adaptive lock is wanted, or the thread sleeps, with a spin mutex held
 *   a thread leaves the kernel, or ends, with a lock held
 *
 * Two kinds of locks that are taken in both orders (lockorder.c) are reported
 * in a line, once, and counted: what is taken by trying does not count.
 *
 * A record's owner and places change only in the hands of who holds the lock;
 * `lock` protects the table and counts of readers.
 */
#include "lockdebug.h"

#include <sys/atomic.h>
#include <sys/lockdebug.h>
#include <sys/lwp.h>
#include <sys/param.h>
#include <sys/systm.h>

#include <rump/rumpuser.h>

#include "parklock.h"

#define HASH_BITS	16
#define REGION		((uintptr_t)256)	/* bytes whose locks share a bucket */
#define CHUNK		128

struct lockdebug {
	struct lockdebug *ld_next;	/* in its bucket, or on the free list */
	uintptr_t	ld_lock;	/* address */
	const lockops_t	*ld_ops;
	u_int		ld_kind;
	volatile u_int	ld_readers;
	struct lwp	*ld_owner;
	uintptr_t	ld_taken_at;
	uintptr_t	ld_released_at;
};

void (*lockdebug_hook)(const char *, const char *, uintptr_t);
volatile u_int lockdebug_reversals;

static struct parklock lock;
static struct lockdebug *table[1 << HASH_BITS];
static struct lockdebug *unused;
static struct chunk {
	struct chunk	*c_next;
	struct lockdebug c_record[CHUNK];
} *chunks;

/*
 * Records.
 */

static struct lockdebug **
bucket(uintptr_t addr)
{

	return &table[(uint64_t)(addr / REGION) * UINT64_C(0x9e3779b97f4a7c15) >>
	    (64 - HASH_BITS)];
}

static struct lockdebug *
find_locked(uintptr_t addr)
{
	struct lockdebug *ld;

	for (ld = *bucket(addr); ld != NULL; ld = ld->ld_next) {
		if (ld->ld_lock == addr)
			break;
	}
	return ld;
}

static struct lockdebug *
find(const volatile void *addr)
{
	struct lockdebug *ld;

	parklock_enter(&lock);
	ld = find_locked((uintptr_t)addr);
	parklock_exit(&lock);
	return ld;
}

/*
 * The record of a lock that the lwp has just wanted, or NULL if that was another: a
 * record that was removed has no address.
 */
static struct lockdebug *
wanted(const struct lwp *l, const volatile void *addr)
{

	return l->l_ld_wanted != NULL &&
	    l->l_ld_wanted->ld_lock == (uintptr_t)addr ? l->l_ld_wanted : NULL;
}

static struct lwp *
owner(const struct lockdebug *ld)
{

	return atomic_load_relaxed(&ld->ld_owner);
}

static bool
in_use(const struct lockdebug *ld)
{

	return owner(ld) != NULL || atomic_load_relaxed(&ld->ld_readers) != 0;
}

static struct lockdebug *
record_get(void)
{
	struct lockdebug *ld;
	struct chunk *c;
	void *mem;
	int i;

	if (unused == NULL) {
		if (rumpuser_malloc(sizeof(*c), 0, &mem) != 0)
			return NULL;
		c = mem;
		c->c_next = chunks;
		chunks = c;
		for (i = 0; i < CHUNK; i++) {
			c->c_record[i].ld_next = unused;
			unused = &c->c_record[i];
		}
	}
	ld = unused;
	unused = ld->ld_next;
	return ld;
}

void
lockdebug_fini(void)
{
	struct chunk *c;

	while ((c = chunks) != NULL) {
		chunks = c->c_next;
		rumpuser_free(c, sizeof(*c));
	}
}

static void
record_remove(struct lockdebug *ld)
{
	struct lockdebug **p = bucket(ld->ld_lock);

	while (*p != ld)
		p = &(*p)->ld_next;
	*p = ld->ld_next;
	ld->ld_lock = 0;
	ld->ld_next = unused;
	unused = ld;
}

/*
 * Errors.
 */

static void
describe(const struct lockdebug *ld, lockop_printer_t pr)
{

	pr("%s %p, made at %p, taken at %p by %p, released at %p, "
	    "%u readers\n", ld->ld_ops->lo_name, (void *)ld->ld_lock,
	    (void *)lockorder_made_at(ld->ld_kind), (void *)ld->ld_taken_at,
	    ld->ld_owner, (void *)ld->ld_released_at, ld->ld_readers);
	(*ld->ld_ops->lo_dump)((const volatile void *)ld->ld_lock, pr);
}

struct place {
	const char	*func;
	size_t		line;
	uintptr_t	where;
};
#define PLACE(where)	(&(const struct place){ func, line, (where) })
#define CALLER		((uintptr_t)__builtin_return_address(0))

/* Of a function's name without _slow: the part that callers know. */
static int
func_length(const char *func)
{
	size_t n = strlen(func), m = strlen("_slow");

	return (int)(n > m && strcmp(func + n - m, "_slow") == 0 ? n - m : n);
}

static void
error(const struct place *pl, const volatile void *addr,
    const struct lockdebug *ld, const char *what)
{

	if (lockdebug_hook != NULL) {
		(*lockdebug_hook)(pl->func, what, pl->where);
		return;
	}
	printf("%s error: %.*s,%zu: %s: lock %p, at %p, lwp %p\n",
	    ld != NULL ? ld->ld_ops->lo_name : "lock", func_length(pl->func),
	    pl->func, pl->line, what, addr, (void *)pl->where, curlwp);
	if (ld != NULL)
		describe(ld, printf);
	panic("%.*s,%zu: %s", func_length(pl->func), pl->func, pl->line, what);
}

/*
 * What an lwp holds.  More than there is room for is not looked at.
 */

static void
held_add(struct lwp *l, struct lockdebug *ld)
{

	if (l->l_ld_nheld < __arraycount(l->l_ld_held))
		l->l_ld_held[l->l_ld_nheld] = ld;
	l->l_ld_nheld++;
}

/* The last time that it was taken; NULL if it is not among those that are looked at. */
static struct lockdebug *
held_remove(struct lwp *l, const volatile void *addr)
{
	u_int i, n = MIN(l->l_ld_nheld, __arraycount(l->l_ld_held));
	struct lockdebug *ld;

	for (i = n; i-- > 0;) {
		ld = l->l_ld_held[i];
		if (ld->ld_lock != (uintptr_t)addr)
			continue;
		for (; i + 1 < n; i++)
			l->l_ld_held[i] = l->l_ld_held[i + 1];
		l->l_ld_nheld--;
		return ld;
	}
	if (l->l_ld_nheld <= n)
		return NULL;
	ld = find(addr);
	if (ld != NULL)
		l->l_ld_nheld--;
	return ld;
}

static bool
held(const struct lwp *l, const struct lockdebug *ld)
{
	u_int i, n = MIN(l->l_ld_nheld, __arraycount(l->l_ld_held));

	for (i = 0; i < n; i++) {
		if (l->l_ld_held[i] == ld)
			return true;
	}
	return false;
}

/* A held lock of a type, other than one, or NULL. */
static struct lockdebug *
held_of_type(const struct lwp *l, int type, const volatile void *but)
{
	u_int i, n = MIN(l->l_ld_nheld, __arraycount(l->l_ld_held));

	for (i = 0; i < n; i++) {
		if (l->l_ld_held[i]->ld_ops->lo_type == type &&
		    l->l_ld_held[i]->ld_lock != (uintptr_t)but)
			return l->l_ld_held[i];
	}
	return NULL;
}

/*
 * The lock is about to be waited for, with others held.
 */
static void
check_order(const char *func, const struct lwp *l, const struct lockdebug *ld,
    uintptr_t caller)
{
	u_int i, n = MIN(l->l_ld_nheld, __arraycount(l->l_ld_held));
	const struct lockdebug *h;

	for (i = 0; i < n; i++) {
		h = l->l_ld_held[i];
		if (!lockorder_add(h->ld_kind, ld->ld_kind))
			continue;
		atomic_inc_uint(&lockdebug_reversals);
		if (lockdebug_hook != NULL)
			(*lockdebug_hook)(func, "lock order", caller);
		else
			printf("lock order reversed: %s made at %p taken at %p "
			    "with %s made at %p held since %p\n",
			    ld->ld_ops->lo_name,
			    (void *)lockorder_made_at(ld->ld_kind),
			    (void *)caller, h->ld_ops->lo_name,
			    (void *)lockorder_made_at(h->ld_kind),
			    (void *)h->ld_taken_at);
	}
}

/*
 * What the locks call.
 */

bool
lockdebug_alloc(const char *func, size_t line, volatile void *addr,
    lockops_t *ops, uintptr_t made_at)
{
	struct lockdebug *ld;
	u_int kind = lockorder_kind(made_at);

	parklock_enter(&lock);
	if ((ld = find_locked((uintptr_t)addr)) != NULL) {
		parklock_exit(&lock);
		error(PLACE(made_at), addr, ld, "already initialized");
		return true;
	}
	if ((ld = record_get()) != NULL) {
		memset(ld, 0, sizeof(*ld));
		ld->ld_lock = (uintptr_t)addr;
		ld->ld_ops = ops;
		ld->ld_kind = kind;
		ld->ld_next = *bucket(ld->ld_lock);
		*bucket(ld->ld_lock) = ld;
	}
	parklock_exit(&lock);
	return ld != NULL;
}

void
lockdebug_free(const char *func, size_t line, volatile void *addr)
{
	struct lockdebug *ld = find(addr);

	if (ld == NULL) {
		error(PLACE(CALLER), addr, NULL, "uninitialized lock");
		return;
	}
	if (in_use(ld))
		error(PLACE(CALLER), addr, ld, "is locked or in use");
	parklock_enter(&lock);
	record_remove(ld);
	parklock_exit(&lock);
}

/* shared: 1 a reader, 0 not, -1 who only tries. */
void
lockdebug_wantlock(const char *func, size_t line, const volatile void *addr,
    uintptr_t caller, int shared)
{
	struct lockdebug *ld = find(addr);
	struct lwp *l = curlwp;

	if (ld == NULL) {
		error(PLACE(caller), addr, NULL, "not initialized");
		return;
	}
	l->l_ld_wanted = ld;
	if (shared == -1)
		return;
	if (held(l, ld) && (shared == 0 || owner(ld) == l))
		error(PLACE(caller), addr, ld, "locking against myself");
	if (ld->ld_ops->lo_type == LOCKOPS_SLEEP &&
	    held_of_type(l, LOCKOPS_SPIN, NULL) != NULL)
		error(PLACE(caller), addr, ld,
		    "adaptive lock wanted with a spin mutex held");
	check_order(func, l, ld, caller);
}

void
lockdebug_locked(const char *func, size_t line, volatile void *addr, void *cv,
    uintptr_t caller, int shared)
{
	struct lwp *l = curlwp;
	struct lockdebug *ld = wanted(l, addr);

	if (ld == NULL && (ld = find(addr)) == NULL)
		return;
	held_add(l, ld);
	if (shared) {
		atomic_inc_uint(&ld->ld_readers);
		l->l_shlocks++;
	} else {
		atomic_store_relaxed(&ld->ld_owner, l);
		ld->ld_taken_at = caller;
		l->l_exlocks++;
	}
}

void
lockdebug_unlocked(const char *func, size_t line, volatile void *addr,
    uintptr_t caller, int shared)
{
	struct lwp *l = curlwp;
	struct lockdebug *ld = held_remove(l, addr);

	if (ld == NULL || (!shared && owner(ld) != l)) {
		ld = find(addr);
		error(PLACE(caller), addr, ld, ld == NULL ?
		    "released, but not initialized" :
		    "not held by the current lwp");
		return;
	}
	if (shared) {
		atomic_dec_uint(&ld->ld_readers);
		l->l_shlocks--;
	} else {
		atomic_store_relaxed(&ld->ld_owner, NULL);
		ld->ld_released_at = caller;
		l->l_exlocks--;
	}
}

/*
 * The caller is going to sleep, or could: it may hold only the lock that is
 * allowed and, if sleepable, adaptive ones.
 */
void
lockdebug_barrier(const char *func, size_t line, volatile void *allowed,
    int sleepable)
{
	struct lwp *l = curlwp;
	struct lockdebug *ld;

	ld = held_of_type(l, LOCKOPS_SPIN, allowed);
	if (ld != NULL)
		error(PLACE(CALLER), (void *)ld->ld_lock, ld,
		    "sleeping with a spin mutex held");
	ld = sleepable ? NULL : held_of_type(l, LOCKOPS_SLEEP, allowed);
	if (ld != NULL)
		error(PLACE(CALLER), (void *)ld->ld_lock, ld,
		    "leaving with a lock held");
}

/*
 * Memory is freed: locks in it should have been destroyed.  Those of a bucket are
 * forgotten; returns whether there were any, and a copy of one.
 */
static bool
forget_in(struct lockdebug *ld, uintptr_t addr, uintptr_t end,
    struct lockdebug *bad)
{
	struct lockdebug *next;
	bool found = false;

	for (; ld != NULL; ld = next) {
		next = ld->ld_next;
		if (ld->ld_lock < addr || ld->ld_lock >= end)
			continue;
		*bad = *ld;
		found = true;
		if (!in_use(ld))
			record_remove(ld);
	}
	return found;
}

/* The buckets of a range, or all if it has more regions than there are buckets. */
static bool
forget_range(uintptr_t addr, uintptr_t end, struct lockdebug *bad)
{
	uintptr_t at = addr & -REGION;
	bool found = false;
	u_int i;

	if ((end - at) / REGION < __arraycount(table)) {
		for (; at < end; at += REGION)
			found |= forget_in(*bucket(at), addr, end, bad);
	} else {
		for (i = 0; i < __arraycount(table); i++)
			found |= forget_in(table[i], addr, end, bad);
	}
	return found;
}

void
lockdebug_mem_check(const char *func, size_t line, void *base, size_t size)
{
	uintptr_t addr = (uintptr_t)base, end = addr + size;
	struct lockdebug bad;
	bool found;

	parklock_enter(&lock);
	found = forget_range(addr, end, &bad);
	parklock_exit(&lock);
	if (found)
		error(PLACE(CALLER), (void *)bad.ld_lock, &bad,
		    "allocation contains active lock");
}

void
lockdebug_wakeup(const char *func, size_t line, volatile void *addr,
    uintptr_t caller)
{
}

/*
 * For debuggers.
 */

void
lockdebug_lock_print(void *addr, lockop_printer_t pr)
{
	struct lockdebug *ld = find(addr);

	if (ld == NULL)
		pr("%p: no lock is known there\n", addr);
	else
		describe(ld, pr);
}

void
lockdebug_dump(struct lwp *l, lockop_printer_t pr)
{
	u_int i, n = MIN(l->l_ld_nheld, __arraycount(l->l_ld_held));

	for (i = 0; i < n; i++)
		describe(l->l_ld_held[i], pr);
}
