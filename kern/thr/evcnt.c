/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * evcnt(9): named event counters, kept in a list.
 *
 * Static ones are in a link set, which the boot goes through, and whoever takes
 * up an object later.  A counter belongs to its owner, who adds to it without a
 * lock.
 */
#include <sys/param.h>
#include <sys/evcnt.h>
#include <sys/mutex.h>
#include <sys/systm.h>

static struct evcntlist allevents = TAILQ_HEAD_INITIALIZER(allevents);
static kmutex_t evcnt_lock;	/* allevents */

void	rump_printevcnts(void);

void
evcnt_init(void)
{

	mutex_init(&evcnt_lock, MUTEX_DEFAULT, IPL_NONE);
}

/* Attach a counter that EVCNT_INITIALIZER filled in. */
void
evcnt_attach_static(struct evcnt *ev)
{

	KASSERT(__builtin_strlen(ev->ev_group) <= EVCNT_STRING_MAX);
	KASSERT(__builtin_strlen(ev->ev_name) <= EVCNT_STRING_MAX);
	ev->ev_grouplen = (unsigned char)__builtin_strlen(ev->ev_group);
	ev->ev_namelen = (unsigned char)__builtin_strlen(ev->ev_name);
	mutex_enter(&evcnt_lock);
	TAILQ_INSERT_TAIL(&allevents, ev, ev_list);
	mutex_exit(&evcnt_lock);
}

/* Attach a new one, which keeps its count; the strings must last as long as it. */
void
evcnt_attach_dynamic_nozero(struct evcnt *ev, int type, const struct evcnt *parent,
    const char *group, const char *name)
{
	struct evcnt new = EVCNT_INITIALIZER((unsigned char)type, parent, group,
	    name);

	new.ev_count = ev->ev_count;
	*ev = new;
	evcnt_attach_static(ev);
}

void
evcnt_attach_dynamic(struct evcnt *ev, int type, const struct evcnt *parent,
    const char *group, const char *name)
{

	ev->ev_count = 0;
	evcnt_attach_dynamic_nozero(ev, type, parent, group, name);
}

void
evcnt_detach(struct evcnt *ev)
{

	mutex_enter(&evcnt_lock);
	TAILQ_REMOVE(&allevents, ev, ev_list);
	mutex_exit(&evcnt_lock);
}

/* Print all counters that are not zero. */
void
rump_printevcnts(void)
{
	const struct evcnt *ev;

	mutex_enter(&evcnt_lock);
	TAILQ_FOREACH(ev, &allevents, ev_list)
		if (ev->ev_count != 0)
			printf("%s / %s: %" PRIu64 "\n", ev->ev_group, ev->ev_name,
			    ev->ev_count);
	mutex_exit(&evcnt_lock);
}
