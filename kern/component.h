/* SPDX-License-Identifier: BSD-2-Clause */
/* Objects of the program, and what is in their link sets: see component.c. */
#ifndef _KERN_COMPONENT_H_
#define _KERN_COMPONENT_H_

struct rump_image_range;

/* This kernel has the objects that there are now.  First thing at boot. */
void	component_init(void);

/* Visit each item of one object's link set. */
void	image_foreach(const struct rump_image_range *r, const char *set,
	    void (*fn)(const void *item, void *arg), void *arg);

/*
 * The last object that the kernel has; the next one, if any, is not taken up.
 * Locks:   kernconfig.
 */
const struct rump_image_range *component_last_object(void);

/*
 * Take up that next object: sysctl nodes, event counters and components start.  Its
 * modules are the caller's to add.
 *
 * Returns 0; ENOMEM, the host has no memory to remember its data; EOPNOTSUPP,
 * there is a faction in it.  Then it stays the next one.
 * Locks:   kernconfig.
 * Context: thread, may sleep.
 */
int	component_take(const struct rump_image_range *r);

/* An item of the set of static event counters (kern/boot.c). */
void	evcnt_attach_one(const void *item, void *arg);

#endif
