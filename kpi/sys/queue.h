/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * queue(3): lists of structures linked through a member of them.
 *
 *   SLIST    one link, head is one pointer; remove costs a walk
 *   LIST     two links, head is one pointer; remove anywhere at once
 *   SIMPLEQ  one link, head knows the tail (STAILQ is the same by another name)
 *   TAILQ    two links, head knows the tail
 *
 * In LIST and TAILQ an element's "prev" is the address of the pointer that
 * points at it, so that the first element needs no special case.  In a TAILQ
 * the head has the same shape as an element's links: whoever needs the element
 * before looks through the links of the one before that.
 */
#ifndef _SYS_QUEUE_H_
#define _SYS_QUEUE_H_

#include <sys/null.h>

/* SLIST */
#define SLIST_HEAD(name, type)		struct name { struct type *slh_first; }
#define SLIST_HEAD_INITIALIZER(head)	{ NULL }
#define SLIST_ENTRY(type)		struct { struct type *sle_next; }
#define SLIST_END(head)			NULL
#define SLIST_FIRST(head)		((head)->slh_first)
#define SLIST_NEXT(elm, field)		((elm)->field.sle_next)
#define SLIST_EMPTY(head)		(SLIST_FIRST(head) == NULL)
#define SLIST_INIT(head)		do { SLIST_FIRST(head) = NULL; } while (0)
#define SLIST_FOREACH(var, head, field) \
	for ((var) = SLIST_FIRST(head); (var) != NULL; \
	    (var) = SLIST_NEXT(var, field))
#define SLIST_FOREACH_SAFE(var, head, field, next) \
	for ((var) = SLIST_FIRST(head); \
	    (var) != NULL && ((next) = SLIST_NEXT(var, field), 1); \
	    (var) = (next))
#define SLIST_INSERT_HEAD(head, elm, field) do { \
	SLIST_NEXT(elm, field) = SLIST_FIRST(head); \
	SLIST_FIRST(head) = (elm); \
} while (0)
#define SLIST_INSERT_AFTER(at, elm, field) do { \
	SLIST_NEXT(elm, field) = SLIST_NEXT(at, field); \
	SLIST_NEXT(at, field) = (elm); \
} while (0)
#define SLIST_REMOVE_HEAD(head, field) do { \
	SLIST_FIRST(head) = SLIST_NEXT(SLIST_FIRST(head), field); \
} while (0)
#define SLIST_REMOVE_AFTER(at, field) do { \
	SLIST_NEXT(at, field) = SLIST_NEXT(SLIST_NEXT(at, field), field); \
} while (0)
#define SLIST_REMOVE(head, elm, type, field) do { \
	struct type **__slp = &SLIST_FIRST(head); \
	while (*__slp != (elm)) \
		__slp = &SLIST_NEXT(*__slp, field); \
	*__slp = SLIST_NEXT(*__slp, field); \
} while (0)

/* LIST */
#define LIST_HEAD(name, type)		struct name { struct type *lh_first; }
#define LIST_HEAD_INITIALIZER(head)	{ NULL }
#define LIST_ENTRY(type) \
	struct { struct type *le_next; struct type **le_prev; }
#define LIST_END(head)			NULL
#define LIST_FIRST(head)		((head)->lh_first)
#define LIST_NEXT(elm, field)		((elm)->field.le_next)
#define LIST_EMPTY(head)		(LIST_FIRST(head) == NULL)
#define LIST_INIT(head)			do { LIST_FIRST(head) = NULL; } while (0)
#define LIST_FOREACH(var, head, field) \
	for ((var) = LIST_FIRST(head); (var) != NULL; \
	    (var) = LIST_NEXT(var, field))
#define LIST_FOREACH_SAFE(var, head, field, next) \
	for ((var) = LIST_FIRST(head); \
	    (var) != NULL && ((next) = LIST_NEXT(var, field), 1); \
	    (var) = (next))
/* Put elm where *link points now. */
#define __LIST_LINK(link, elm, field) do { \
	if (((elm)->field.le_next = *(link)) != NULL) \
		(elm)->field.le_next->field.le_prev = &(elm)->field.le_next; \
	(elm)->field.le_prev = (link); \
	*(link) = (elm); \
} while (0)
#define LIST_INSERT_HEAD(head, elm, field) \
	__LIST_LINK(&(head)->lh_first, elm, field)
#define LIST_INSERT_AFTER(at, elm, field) \
	__LIST_LINK(&(at)->field.le_next, elm, field)
#define LIST_INSERT_BEFORE(at, elm, field) do { \
	(elm)->field.le_prev = (at)->field.le_prev; \
	(elm)->field.le_next = (at); \
	*(at)->field.le_prev = (elm); \
	(at)->field.le_prev = &(elm)->field.le_next; \
} while (0)
#define LIST_REMOVE(elm, field) do { \
	*(elm)->field.le_prev = (elm)->field.le_next; \
	if ((elm)->field.le_next != NULL) \
		(elm)->field.le_next->field.le_prev = (elm)->field.le_prev; \
} while (0)
#define LIST_REPLACE(old, elm, field) do { \
	(elm)->field = (old)->field; \
	if ((elm)->field.le_next != NULL) \
		(elm)->field.le_next->field.le_prev = &(elm)->field.le_next; \
	*(elm)->field.le_prev = (elm); \
} while (0)
#define LIST_MOVE(from, to, field) do { \
	if (((to)->lh_first = (from)->lh_first) != NULL) \
		(to)->lh_first->field.le_prev = &(to)->lh_first; \
	LIST_INIT(from); \
} while (0)

/* SIMPLEQ */
#define SIMPLEQ_HEAD(name, type) \
	struct name { struct type *sqh_first; struct type **sqh_last; }
#define SIMPLEQ_HEAD_INITIALIZER(head)	{ NULL, &(head).sqh_first }
#define SIMPLEQ_ENTRY(type)		struct { struct type *sqe_next; }
#define SIMPLEQ_END(head)		NULL
#define SIMPLEQ_FIRST(head)		((head)->sqh_first)
#define SIMPLEQ_NEXT(elm, field)	((elm)->field.sqe_next)
#define SIMPLEQ_EMPTY(head)		(SIMPLEQ_FIRST(head) == NULL)
#define SIMPLEQ_INIT(head) do { \
	(head)->sqh_first = NULL; \
	(head)->sqh_last = &(head)->sqh_first; \
} while (0)
#define SIMPLEQ_FOREACH(var, head, field) \
	for ((var) = SIMPLEQ_FIRST(head); (var) != NULL; \
	    (var) = SIMPLEQ_NEXT(var, field))
#define SIMPLEQ_FOREACH_SAFE(var, head, field, next) \
	for ((var) = SIMPLEQ_FIRST(head); \
	    (var) != NULL && ((next) = SIMPLEQ_NEXT(var, field), 1); \
	    (var) = (next))
#define __SIMPLEQ_LINK(head, link, elm, field) do { \
	if (((elm)->field.sqe_next = *(link)) == NULL) \
		(head)->sqh_last = &(elm)->field.sqe_next; \
	*(link) = (elm); \
} while (0)
#define __SIMPLEQ_UNLINK(head, link, field) do { \
	if ((*(link) = (*(link))->field.sqe_next) == NULL) \
		(head)->sqh_last = (link); \
} while (0)
#define SIMPLEQ_INSERT_HEAD(head, elm, field) \
	__SIMPLEQ_LINK(head, &(head)->sqh_first, elm, field)
#define SIMPLEQ_INSERT_AFTER(head, at, elm, field) \
	__SIMPLEQ_LINK(head, &(at)->field.sqe_next, elm, field)
#define SIMPLEQ_INSERT_TAIL(head, elm, field) do { \
	(elm)->field.sqe_next = NULL; \
	*(head)->sqh_last = (elm); \
	(head)->sqh_last = &(elm)->field.sqe_next; \
} while (0)
#define SIMPLEQ_REMOVE_HEAD(head, field) \
	__SIMPLEQ_UNLINK(head, &(head)->sqh_first, field)
#define SIMPLEQ_REMOVE_AFTER(head, at, field) \
	__SIMPLEQ_UNLINK(head, &(at)->field.sqe_next, field)
#define SIMPLEQ_REMOVE(head, elm, type, field) do { \
	struct type **__sqp = &(head)->sqh_first; \
	while (*__sqp != (elm)) \
		__sqp = &(*__sqp)->field.sqe_next; \
	__SIMPLEQ_UNLINK(head, __sqp, field); \
} while (0)
#define SIMPLEQ_CONCAT(to, from) do { \
	if (!SIMPLEQ_EMPTY(from)) { \
		*(to)->sqh_last = (from)->sqh_first; \
		(to)->sqh_last = (from)->sqh_last; \
		SIMPLEQ_INIT(from); \
	} \
} while (0)
#define SIMPLEQ_LAST(head, type, field) \
	(SIMPLEQ_EMPTY(head) ? NULL : (struct type *)(void *)((char *) \
	    (head)->sqh_last - __builtin_offsetof(struct type, field)))

/* STAILQ */
#define STAILQ_HEAD(name, type) \
	struct name { struct type *stqh_first; struct type **stqh_last; }
#define STAILQ_HEAD_INITIALIZER(head)	{ NULL, &(head).stqh_first }
#define STAILQ_ENTRY(type)		struct { struct type *stqe_next; }
#define STAILQ_END(head)		NULL
#define STAILQ_FIRST(head)		((head)->stqh_first)
#define STAILQ_NEXT(elm, field)		((elm)->field.stqe_next)
#define STAILQ_EMPTY(head)		(STAILQ_FIRST(head) == NULL)
#define STAILQ_INIT(head) do { \
	(head)->stqh_first = NULL; \
	(head)->stqh_last = &(head)->stqh_first; \
} while (0)
#define STAILQ_FOREACH(var, head, field) \
	for ((var) = STAILQ_FIRST(head); (var) != NULL; \
	    (var) = STAILQ_NEXT(var, field))
#define STAILQ_FOREACH_SAFE(var, head, field, next) \
	for ((var) = STAILQ_FIRST(head); \
	    (var) != NULL && ((next) = STAILQ_NEXT(var, field), 1); \
	    (var) = (next))
#define __STAILQ_LINK(head, link, elm, field) do { \
	if (((elm)->field.stqe_next = *(link)) == NULL) \
		(head)->stqh_last = &(elm)->field.stqe_next; \
	*(link) = (elm); \
} while (0)
#define __STAILQ_UNLINK(head, link, field) do { \
	if ((*(link) = (*(link))->field.stqe_next) == NULL) \
		(head)->stqh_last = (link); \
} while (0)
#define STAILQ_INSERT_HEAD(head, elm, field) \
	__STAILQ_LINK(head, &(head)->stqh_first, elm, field)
#define STAILQ_INSERT_AFTER(head, at, elm, field) \
	__STAILQ_LINK(head, &(at)->field.stqe_next, elm, field)
#define STAILQ_INSERT_TAIL(head, elm, field) do { \
	(elm)->field.stqe_next = NULL; \
	*(head)->stqh_last = (elm); \
	(head)->stqh_last = &(elm)->field.stqe_next; \
} while (0)
#define STAILQ_REMOVE_HEAD(head, field) \
	__STAILQ_UNLINK(head, &(head)->stqh_first, field)
#define STAILQ_REMOVE(head, elm, type, field) do { \
	struct type **__stp = &(head)->stqh_first; \
	while (*__stp != (elm)) \
		__stp = &(*__stp)->field.stqe_next; \
	__STAILQ_UNLINK(head, __stp, field); \
} while (0)
#define STAILQ_CONCAT(to, from) do { \
	if (!STAILQ_EMPTY(from)) { \
		*(to)->stqh_last = (from)->stqh_first; \
		(to)->stqh_last = (from)->stqh_last; \
		STAILQ_INIT(from); \
	} \
} while (0)
#define STAILQ_LAST(head, type, field) \
	(STAILQ_EMPTY(head) ? NULL : (struct type *)(void *)((char *) \
	    (head)->stqh_last - __builtin_offsetof(struct type, field)))

/* TAILQ */
#define _TAILQ_HEAD(name, type, qual) \
	struct name { qual type *tqh_first; qual type *qual *tqh_last; }
#define TAILQ_HEAD(name, type)		_TAILQ_HEAD(name, struct type,)
#define TAILQ_HEAD_INITIALIZER(head)	{ NULL, &(head).tqh_first }
#define _TAILQ_ENTRY(type, qual) \
	struct { qual type *tqe_next; qual type *qual *tqe_prev; }
#define TAILQ_ENTRY(type)		_TAILQ_ENTRY(struct type,)
#define TAILQ_END(head)			NULL
#define TAILQ_FIRST(head)		((head)->tqh_first)
#define TAILQ_NEXT(elm, field)		((elm)->field.tqe_next)
#define __TAILQ_BEFORE(links, headname) \
	(*((struct headname *)(void *)(links))->tqh_last)
#define TAILQ_LAST(head, headname) \
	__TAILQ_BEFORE((head)->tqh_last, headname)
#define TAILQ_PREV(elm, headname, field) \
	__TAILQ_BEFORE((elm)->field.tqe_prev, headname)
#define TAILQ_EMPTY(head)		(TAILQ_FIRST(head) == NULL)
#define TAILQ_INIT(head) do { \
	(head)->tqh_first = NULL; \
	(head)->tqh_last = &(head)->tqh_first; \
} while (0)
#define TAILQ_FOREACH(var, head, field) \
	for ((var) = TAILQ_FIRST(head); (var) != NULL; \
	    (var) = TAILQ_NEXT(var, field))
#define TAILQ_FOREACH_SAFE(var, head, field, next) \
	for ((var) = TAILQ_FIRST(head); \
	    (var) != NULL && ((next) = TAILQ_NEXT(var, field), 1); \
	    (var) = (next))
#define TAILQ_FOREACH_REVERSE(var, head, headname, field) \
	for ((var) = TAILQ_LAST(head, headname); (var) != NULL; \
	    (var) = TAILQ_PREV(var, headname, field))
#define TAILQ_FOREACH_REVERSE_SAFE(var, head, headname, field, prev) \
	for ((var) = TAILQ_LAST(head, headname); \
	    (var) != NULL && ((prev) = TAILQ_PREV(var, headname, field), 1); \
	    (var) = (prev))
/* Put elm where *link points now; tail is the head's tqh_last. */
#define __TAILQ_LINK(head, link, elm, field) do { \
	if (((elm)->field.tqe_next = *(link)) != NULL) \
		(elm)->field.tqe_next->field.tqe_prev = &(elm)->field.tqe_next; \
	else \
		(head)->tqh_last = &(elm)->field.tqe_next; \
	(elm)->field.tqe_prev = (link); \
	*(link) = (elm); \
} while (0)
#define TAILQ_INSERT_HEAD(head, elm, field) \
	__TAILQ_LINK(head, &(head)->tqh_first, elm, field)
#define TAILQ_INSERT_AFTER(head, at, elm, field) \
	__TAILQ_LINK(head, &(at)->field.tqe_next, elm, field)
#define TAILQ_INSERT_TAIL(head, elm, field) do { \
	(elm)->field.tqe_next = NULL; \
	(elm)->field.tqe_prev = (head)->tqh_last; \
	*(head)->tqh_last = (elm); \
	(head)->tqh_last = &(elm)->field.tqe_next; \
} while (0)
#define TAILQ_INSERT_BEFORE(at, elm, field) do { \
	(elm)->field.tqe_prev = (at)->field.tqe_prev; \
	(elm)->field.tqe_next = (at); \
	*(at)->field.tqe_prev = (elm); \
	(at)->field.tqe_prev = &(elm)->field.tqe_next; \
} while (0)
#define TAILQ_REMOVE(head, elm, field) do { \
	if ((elm)->field.tqe_next != NULL) \
		(elm)->field.tqe_next->field.tqe_prev = (elm)->field.tqe_prev; \
	else \
		(head)->tqh_last = (elm)->field.tqe_prev; \
	*(elm)->field.tqe_prev = (elm)->field.tqe_next; \
} while (0)
#define TAILQ_REPLACE(head, old, elm, field) do { \
	(elm)->field = (old)->field; \
	if ((elm)->field.tqe_next != NULL) \
		(elm)->field.tqe_next->field.tqe_prev = &(elm)->field.tqe_next; \
	else \
		(head)->tqh_last = &(elm)->field.tqe_next; \
	*(elm)->field.tqe_prev = (elm); \
} while (0)
#define TAILQ_CONCAT(to, from, field) do { \
	if (!TAILQ_EMPTY(from)) { \
		*(to)->tqh_last = (from)->tqh_first; \
		(from)->tqh_first->field.tqe_prev = (to)->tqh_last; \
		(to)->tqh_last = (from)->tqh_last; \
		TAILQ_INIT(from); \
	} \
} while (0)

#endif
