/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Components, and link sets across all linked objects.
 *
 * Each object (a static program as a whole, or a shared library) tells
 * rump_image_register, from a constructor, where its link sets are; so
 * whatever a KPI macro put into a set is found, wherever it is linked.
 *
 * A component starts at boot, when its type's turn comes, in the order in
 * which the linker put them.  One whose type's turn is over starts when it is
 * loaded.
 */
#include <sys/param.h>
#include <sys/systm.h>

#include <rump-private/image.h>
#include <rump-sys/kern.h>

#include "image.h"

/* Types that have been started. */
static bool started[RUMP_COMPONENT_MAX];

static bool
name_is(const char *a, const char *b)
{

	for (; *a == *b; a++, b++) {
		if (*a == '\0')
			return true;
	}
	return false;
}

void
rump_linkset_foreach(const char *set, void (*fn)(const void *, void *),
    void *arg)
{
	const struct rump_image_range *r;
	const struct rump_image_set *s;
	const void *const *item;

	for (r = image_first(); r != NULL; r = r->ir_next) {
		for (s = r->ir_sets; s->is_name != NULL; s++) {
			if (!name_is(s->is_name, set))
				continue;
			for (item = s->is_start; item < s->is_end; item++)
				(*fn)(*item, arg);
		}
	}
}

static void
start_one(const void *item, void *arg)
{
	const struct rump_component *rc = item;

	if (rc->rc_type == *(enum rump_component_type *)arg)
		(*rc->rc_init)();
}

void
rump_component_init(enum rump_component_type type)
{

	KASSERT(type < RUMP_COMPONENT_MAX && !started[type]);
	rump_linkset_foreach("rump_components", start_one, &type);
	started[type] = true;
}

struct count {
	enum rump_component_type type;
	int	n;
};

static void
count_one(const void *item, void *arg)
{
	const struct rump_component *rc = item;
	struct count *count = arg;

	count->n += rc->rc_type == count->type;
}

int
rump_component_count(enum rump_component_type type)
{
	struct count count = { type, 0 };

	rump_linkset_foreach("rump_components", count_one, &count);
	return count.n;
}

/* A component that came with an object loaded at run time. */
void
rump_component_load(const struct rump_component *rc)
{

	if (rc->rc_type < RUMP_COMPONENT_MAX && started[rc->rc_type])
		(*rc->rc_init)();
}
