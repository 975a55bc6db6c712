/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Lists that readers walk inside pserialize(9) sections while one writer
 * at a time inserts and removes.
 */
#ifndef _SYS_PSLIST_H_
#define _SYS_PSLIST_H_

#include <sys/types.h>
#include <sys/atomic.h>

struct pslist_entry {
	struct pslist_entry	**ple_prevp;	/* writers' */
	struct pslist_entry	*ple_next;
};

struct pslist_head {
	struct pslist_entry	*plh_first;
};

#define PSLIST_INITIALIZER	{ .plh_first = NULL }

#ifdef _KERNEL
#include <sys/systm.h>
#define _PSLIST_ASSERT	KASSERT
#else
#define _PSLIST_ASSERT(x)	((void)0)
#endif

/* In ple_prevp of an entry that was removed but may still be read. */
#define _PSLIST_POISON	((struct pslist_entry **)1ul)

static __inline __unused void
pslist_init(struct pslist_head *head)
{

	head->plh_first = NULL;
}

static __inline __unused void
pslist_destroy(struct pslist_head *head)
{

	_PSLIST_ASSERT(head->plh_first == NULL);
}

static __inline __unused void
pslist_entry_init(struct pslist_entry *entry)
{

	entry->ple_next = NULL;
	entry->ple_prevp = NULL;
}

static __inline __unused void
pslist_entry_destroy(struct pslist_entry *entry)
{

	_PSLIST_ASSERT(entry->ple_prevp == NULL ||
	    entry->ple_prevp == _PSLIST_POISON);
	entry->ple_prevp = _PSLIST_POISON;
}

/* Put an entry where *prevp points: filled in first, then made visible. */
static __inline __unused void
pslist_writer_link(struct pslist_entry **prevp, struct pslist_entry *new)
{
	struct pslist_entry *next = *prevp;

	_PSLIST_ASSERT(new->ple_prevp == NULL);
	new->ple_prevp = prevp;
	new->ple_next = next;
	if (next != NULL)
		next->ple_prevp = &new->ple_next;
	atomic_store_release(prevp, new);
}

static __inline __unused void
pslist_writer_insert_head(struct pslist_head *head, struct pslist_entry *new)
{

	pslist_writer_link(&head->plh_first, new);
}

static __inline __unused void
pslist_writer_insert_before(struct pslist_entry *entry,
    struct pslist_entry *new)
{

	pslist_writer_link(entry->ple_prevp, new);
}

static __inline __unused void
pslist_writer_insert_after(struct pslist_entry *entry,
    struct pslist_entry *new)
{

	pslist_writer_link(&entry->ple_next, new);
}

/* ple_next stays: readers that stand on the entry go on from there. */
static __inline __unused void
pslist_writer_remove(struct pslist_entry *entry)
{
	struct pslist_entry *next = entry->ple_next;

	_PSLIST_ASSERT(entry->ple_prevp != NULL &&
	    entry->ple_prevp != _PSLIST_POISON);
	if (next != NULL)
		next->ple_prevp = entry->ple_prevp;
	atomic_store_relaxed(entry->ple_prevp, next);
	entry->ple_prevp = _PSLIST_POISON;
}

static __inline __unused struct pslist_entry *
pslist_writer_first(const struct pslist_head *head)
{

	return head->plh_first;
}

static __inline __unused struct pslist_entry *
pslist_writer_next(const struct pslist_entry *entry)
{

	return entry->ple_next;
}

static __inline __unused struct pslist_entry *
pslist_reader_first(const struct pslist_head *head)
{

	return atomic_load_consume(&head->plh_first);
}

static __inline __unused struct pslist_entry *
pslist_reader_next(const struct pslist_entry *entry)
{

	return atomic_load_consume(&entry->ple_next);
}

/* The object that an entry is a member of; NULL for NULL. */
#define _PSLIST_CONTAINER(E, T, F) __extension__ ({			\
	struct pslist_entry *__ple = (E);				\
	__ple == NULL ? NULL :						\
	    (T *)(void *)((char *)__ple - __builtin_offsetof(T, F));	\
})

#define PSLIST_INIT(H)			pslist_init((H))
#define PSLIST_DESTROY(H)		pslist_destroy((H))
#define PSLIST_ENTRY_INIT(E, F)		pslist_entry_init(&(E)->F)
#define PSLIST_ENTRY_DESTROY(E, F)	pslist_entry_destroy(&(E)->F)

#define PSLIST_WRITER_INSERT_HEAD(H, V, F) \
	pslist_writer_insert_head((H), &(V)->F)
#define PSLIST_WRITER_INSERT_BEFORE(E, N, F) \
	pslist_writer_insert_before(&(E)->F, &(N)->F)
#define PSLIST_WRITER_INSERT_AFTER(E, N, F) \
	pslist_writer_insert_after(&(E)->F, &(N)->F)
#define PSLIST_WRITER_REMOVE(E, F) \
	pslist_writer_remove(&(E)->F)
#define PSLIST_WRITER_FIRST(H, T, F) \
	_PSLIST_CONTAINER(pslist_writer_first((H)), T, F)
#define PSLIST_WRITER_NEXT(V, T, F) \
	_PSLIST_CONTAINER(pslist_writer_next(&(V)->F), T, F)
#define PSLIST_WRITER_FOREACH(V, H, T, F)				\
	for ((V) = PSLIST_WRITER_FIRST((H), T, F); (V) != NULL;		\
	    (V) = PSLIST_WRITER_NEXT((V), T, F))

#define PSLIST_READER_FIRST(H, T, F) \
	_PSLIST_CONTAINER(pslist_reader_first((H)), T, F)
#define PSLIST_READER_NEXT(V, T, F) \
	_PSLIST_CONTAINER(pslist_reader_next(&(V)->F), T, F)
#define PSLIST_READER_FOREACH(V, H, T, F)				\
	for ((V) = PSLIST_READER_FIRST((H), T, F); (V) != NULL;		\
	    (V) = PSLIST_READER_NEXT((V), T, F))

#endif
