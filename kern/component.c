/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Components, and link sets across all linked objects.
 *
 * Each object (a static program as a whole, or a shared library) tells
 * rump_image_register, from a constructor, where its link sets are; so
 * whatever a KPI macro put into a set is found, wherever it is linked.
 *
 * A kernel has the objects that there were when it booted; it takes up those
 * that the host loaded later when it is told to, or looks for a module: one
 * after another, under the kernconfig lock.  Only then do their sets count.
 *
 * A component starts at boot, when its type's turn comes, in the order in
 * which the linker put them.  Those of an object that is taken up later start
 * then, in the same order of types.  A faction cannot come later: what it is
 * the base of was started without it.
 */
#include <sys/param.h>
#include <sys/evcnt.h>
#include <sys/kauth.h>
#include <sys/module.h>
#include <sys/systm.h>

#include <rump-private/image.h>
#include <rump-sys/kern.h>

#include "component.h"
#include "files/sysctl.h"
#include "image.h"

/* Types that have been started. */
static bool started[RUMP_COMPONENT_MAX];

/* The last object that this kernel has; one that it was said why it has not. */
static const struct rump_image_range *last_taken, *refused;

/* The order of types at boot, without factions. */
static const enum rump_component_type order[] = {
	RUMP_COMPONENT_KERN,
	RUMP_COMPONENT_VFS,
	RUMP_COMPONENT_NET,
	RUMP_COMPONENT_NET_ROUTE,
	RUMP_COMPONENT_NET_IF,
	RUMP_COMPONENT_NET_IFCFG,
	RUMP_COMPONENT_DEV,
	RUMP_COMPONENT_DEV_AFTERMAINBUS,
	RUMP_COMPONENT_KERN_VFS,
	RUMP_COMPONENT_POSTINIT,
	RUMP_COMPONENT_SYSCALL,
};

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
image_foreach(const struct rump_image_range *r, const char *set,
    void (*fn)(const void *, void *), void *arg)
{
	const struct rump_image_set *s;
	const void *const *item;

	for (s = r->ir_sets; s->is_name != NULL; s++) {
		if (!name_is(s->is_name, set))
			continue;
		for (item = s->is_start; item < s->is_end; item++)
			(*fn)(*item, arg);
	}
}

void
rump_linkset_foreach(const char *set, void (*fn)(const void *, void *),
    void *arg)
{
	const struct rump_image_range *r = NULL, *end = last_taken;

	while (r != end) {
		r = image_next(r);
		image_foreach(r, set, fn, arg);
	}
}

void
component_init(void)
{
	const struct rump_image_range *r;

	for (r = image_next(NULL); r != NULL; r = image_next(r))
		last_taken = r;
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

/*
 * Objects that were loaded after the boot.
 */
void
rump_component_load(const struct rump_component *rc)
{

	if (rc->rc_type < RUMP_COMPONENT_MAX && started[rc->rc_type])
		(*rc->rc_init)();
}

static void
load_one(const void *item, void *arg)
{
	const struct rump_component *rc = item;

	if (rc->rc_type == *(const enum rump_component_type *)arg)
		rump_component_load(rc);
}

static void
look_for_faction(const void *item, void *arg)
{
	const struct rump_component *rc = item;

	if (rc->rc_type >= RUMP__FACTION_DEV)
		*(bool *)arg = true;
}

const struct rump_image_range *
component_last_object(void)
{

	KASSERT(kernconfig_is_held());
	return last_taken;
}

int
component_take(const struct rump_image_range *r)
{
	bool faction = false;
	size_t i;
	int error;

	KASSERT(r == image_next(component_last_object()));
	image_foreach(r, "rump_components", look_for_faction, &faction);
	if (faction) {
		if (refused != r)
			printf("a library was loaded that has a faction: that "
			    "must be there when the kernel boots\n");
		refused = r;
		return EOPNOTSUPP;
	}
	error = image_save();
	if (error != 0)
		return error;
	last_taken = r;
	image_foreach(r, "sysctl_funcs", sysctl_setup_one, NULL);
	image_foreach(r, "evcnts", evcnt_attach_one, NULL);
	for (i = 0; i < __arraycount(order); i++)
		image_foreach(r, "rump_components", load_one,
		    __UNCONST(&order[i]));
	return 0;
}
