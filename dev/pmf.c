/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Power management: the functions that a device has for being suspended, resumed
 * and shut down, at three levels: its class, its driver, its bus.
 *
 * A device is suspended from the class down to the bus, and resumed the other way
 * round; a subtree from its leaves, and resumed from its root.  A level without
 * functions is done at once.  A device that is suspended already is no error.
 *
 * Locks: the kernel lock around the functions, and for dv_flags.
 */
#include "config.h"

#include <sys/param.h>
#include <sys/systm.h>
#include <sys/kmem.h>

#define EDGES	(DVF_CLASS_SUSPENDED | DVF_DRIVER_SUSPENDED | DVF_BUS_SUSPENDED)

static const device_suspensor_t by_self = { .ds_name = "self" };
static const device_suspensor_t by_system = { .ds_name = "system" };
static const device_suspensor_t by_drvctl = { .ds_name = "drvctl" };
const device_suspensor_t *const device_suspensor_self = &by_self;
const device_suspensor_t *const device_suspensor_system = &by_system;
const device_suspensor_t *const device_suspensor_drvctl = &by_drvctl;

static const pmf_qual_t q_drvctl = { &by_drvctl, DEVACT_LEVEL_FULL };
static const pmf_qual_t q_self = { &by_self, DEVACT_LEVEL_DRIVER };
const pmf_qual_t *const PMF_Q_DRVCTL = &q_drvctl;
const pmf_qual_t *const PMF_Q_SELF = &q_self;

typedef bool (*power_func)(device_t, const pmf_qual_t *);

/* ------------------------------------------------------------ registration */

/*
 * A driver's own functions; NULL: nothing to do.
 *
 * Returns true, or false: the parent will not have it.
 */
bool
pmf_device_register1(device_t dev, power_func suspend, power_func resume,
    bool (*shutdown)(device_t, int))
{
	bool (*ask)(device_t) = dev->dv_parent == NULL ? NULL :
	    dev->dv_parent->dv_driver_child_register;
	bool welcome;

	/* the parent sees it registered */
	(void)device_pmf_driver_register(dev, suspend, resume, shutdown);
	welcome = ask == NULL || (*ask)(dev);
	if (!welcome)
		device_pmf_driver_deregister(dev);
	return welcome;
}

void
pmf_device_deregister(device_t dev)
{

	/* as when it is suspended: class, driver, bus */
	device_pmf_class_deregister(dev);
	device_pmf_driver_deregister(dev);
	device_pmf_bus_deregister(dev);
}

bool
device_pmf_driver_register(device_t dev, power_func suspend,
    power_func resume, bool (*shutdown)(device_t, int))
{

	dev->dv_driver_suspend = suspend;
	dev->dv_driver_resume = resume;
	dev->dv_driver_shutdown = shutdown;
	dev->dv_flags |= DVF_POWER_HANDLERS;
	return true;
}

void
device_pmf_driver_deregister(device_t dev)
{

	dev->dv_driver_suspend = NULL;
	dev->dv_driver_resume = NULL;
	dev->dv_driver_shutdown = NULL;
	dev->dv_flags &= ~(DVF_POWER_HANDLERS | DVF_DRIVER_SUSPENDED);
}

bool
device_pmf_is_registered(device_t dev)
{

	return (dev->dv_flags & DVF_POWER_HANDLERS) != 0;
}

void
device_pmf_driver_set_child_register(device_t dev, bool (*func)(device_t))
{

	dev->dv_driver_child_register = func;
}

bool
device_pmf_driver_child_register(device_t dev)
{
	device_t parent = dev->dv_parent;

	return parent == NULL || parent->dv_driver_child_register == NULL ||
	    (*parent->dv_driver_child_register)(dev);
}

void *
device_pmf_bus_private(device_t dev)
{

	return dev->dv_bus_private;
}

void
device_pmf_bus_register(device_t dev, void *priv, power_func suspend,
    power_func resume, bool (*shutdown)(device_t, int),
    void (*deregister)(device_t))
{

	dev->dv_bus_private = priv;
	dev->dv_bus_suspend = suspend;
	dev->dv_bus_resume = resume;
	dev->dv_bus_shutdown = shutdown;
	dev->dv_bus_deregister = deregister;
}

void
device_pmf_bus_deregister(device_t dev)
{
	void (*deregister)(device_t) = dev->dv_bus_deregister;

	if (deregister == NULL)
		return;
	dev->dv_bus_deregister = NULL;
	(*deregister)(dev);
	device_pmf_bus_register(dev, NULL, NULL, NULL, NULL, NULL);
	dev->dv_flags &= ~DVF_BUS_SUSPENDED;
}

void *
device_pmf_class_private(device_t dev)
{

	return dev->dv_class_private;
}

void
device_pmf_class_register(device_t dev, void *priv, power_func suspend,
    power_func resume, void (*deregister)(device_t))
{

	dev->dv_class_private = priv;
	dev->dv_class_suspend = suspend;
	dev->dv_class_resume = resume;
	dev->dv_class_deregister = deregister;
}

void
device_pmf_class_deregister(device_t dev)
{
	void (*deregister)(device_t) = dev->dv_class_deregister;

	if (deregister == NULL)
		return;
	dev->dv_class_deregister = NULL;
	(*deregister)(dev);
	device_pmf_class_register(dev, NULL, NULL, NULL, NULL);
	dev->dv_flags &= ~DVF_CLASS_SUSPENDED;
}

/* -------------------------------------------------------- suspend, resume */

/* Go one level down, or up; true: it is there, or was. */
static bool
step(device_t dev, power_func func, int flag, bool down,
    const pmf_qual_t *qual)
{

	if (((dev->dv_flags & flag) != 0) == down)
		return true;
	if (func != NULL && !(*func)(dev, qual))
		return false;
	dev->dv_flags ^= flag;
	return true;
}

bool
device_pmf_class_suspend(device_t dev, const pmf_qual_t *qual)
{

	return step(dev, dev->dv_class_suspend, DVF_CLASS_SUSPENDED, true,
	    qual);
}

bool
device_pmf_class_resume(device_t dev, const pmf_qual_t *qual)
{

	return step(dev, dev->dv_class_resume, DVF_CLASS_SUSPENDED, false,
	    qual);
}

bool
device_pmf_driver_suspend(device_t dev, const pmf_qual_t *qual)
{

	return step(dev, dev->dv_driver_suspend, DVF_DRIVER_SUSPENDED, true,
	    qual);
}

bool
device_pmf_driver_resume(device_t dev, const pmf_qual_t *qual)
{

	return step(dev, dev->dv_driver_resume, DVF_DRIVER_SUSPENDED, false,
	    qual);
}

bool
device_pmf_driver_shutdown(device_t dev, int how)
{

	return dev->dv_driver_shutdown == NULL ||
	    (*dev->dv_driver_shutdown)(dev, how);
}

bool
device_pmf_bus_suspend(device_t dev, const pmf_qual_t *qual)
{

	return step(dev, dev->dv_bus_suspend, DVF_BUS_SUSPENDED, true, qual);
}

bool
device_pmf_bus_resume(device_t dev, const pmf_qual_t *qual)
{

	return step(dev, dev->dv_bus_resume, DVF_BUS_SUSPENDED, false, qual);
}

bool
device_pmf_bus_shutdown(device_t dev, int how)
{

	return dev->dv_bus_shutdown == NULL ||
	    (*dev->dv_bus_shutdown)(dev, how);
}

bool
pmf_device_suspend(device_t dev, const pmf_qual_t *qual)
{
	bool done;

	if (!device_pmf_is_registered(dev))
		return false;
	KERNEL_LOCK(1, NULL);
	done = device_pmf_class_suspend(dev, qual) &&
	    device_pmf_driver_suspend(dev, qual) &&
	    device_pmf_bus_suspend(dev, qual);
	KERNEL_UNLOCK_ONE(NULL);
	return done;
}

bool
pmf_device_resume(device_t dev, const pmf_qual_t *qual)
{
	bool done;

	if (!device_pmf_is_registered(dev))
		return false;
	KERNEL_LOCK(1, NULL);
	done = device_pmf_bus_resume(dev, qual) &&
	    device_pmf_driver_resume(dev, qual) &&
	    device_pmf_class_resume(dev, qual);
	KERNEL_UNLOCK_ONE(NULL);
	return done;
}

static bool
is_below(device_t dev, device_t root)
{

	while (dev != NULL && dev != root)
		dev = dev->dv_parent;
	return dev != NULL;
}

/* Apply func to those of a subtree that are registered, in some order. */
static bool
subtree(device_t root, deviter_flags_t order, bool withroot,
    power_func func, const pmf_qual_t *qual)
{
	bool done = true;
	deviter_t di;
	device_t dev;

	for (dev = deviter_first(&di, order); dev != NULL && done;
	    dev = deviter_next(&di))
		if ((root == NULL || is_below(dev, root)) &&
		    (withroot || dev != root) &&
		    device_pmf_is_registered(dev))
			done = (*func)(dev, qual);
	deviter_release(&di);
	return done;
}

bool
pmf_device_recursive_suspend(device_t dev, const pmf_qual_t *qual)
{

	return subtree(dev, DEVITER_F_LEAVES_FIRST, true, pmf_device_suspend,
	    qual);
}

/* The device, but first those above it. */
bool
pmf_device_recursive_resume(device_t dev, const pmf_qual_t *qual)
{

	if (dev->dv_parent != NULL && device_pmf_is_registered(dev->dv_parent) &&
	    !pmf_device_recursive_resume(dev->dv_parent, qual))
		return false;
	return pmf_device_resume(dev, qual);
}

bool
pmf_device_descendants_resume(device_t dev, const pmf_qual_t *qual)
{

	return subtree(dev, DEVITER_F_ROOT_FIRST, false, pmf_device_resume,
	    qual);
}

bool
pmf_device_subtree_resume(device_t dev, const pmf_qual_t *qual)
{

	return pmf_device_recursive_resume(dev, qual) &&
	    pmf_device_descendants_resume(dev, qual);
}

/* ------------------------------------------------------------- the system */

bool
pmf_system_suspend(const pmf_qual_t *qual)
{

	return subtree(NULL, DEVITER_F_LEAVES_FIRST, true, pmf_device_suspend,
	    qual);
}

bool
pmf_system_resume(const pmf_qual_t *qual)
{

	return subtree(NULL, DEVITER_F_ROOT_FIRST, true, pmf_device_resume,
	    qual);
}

void
pmf_system_shutdown(int how)
{
	deviter_t di;
	device_t dev;

	for (dev = deviter_first(&di, DEVITER_F_LEAVES_FIRST); dev != NULL;
	    dev = deviter_next(&di)) {
		KERNEL_LOCK(1, NULL);
		(void)device_pmf_driver_shutdown(dev, how);
		(void)device_pmf_bus_shutdown(dev, how);
		KERNEL_UNLOCK_ONE(NULL);
	}
	deviter_release(&di);
}

/* ---------------------------------------------------------------- activity */

/* Someone uses the system, or the device: tell those who asked. */
bool
device_active(device_t dev, devactive_t type)
{
	size_t i;

	for (i = 0; i < dev->dv_activity_count; i++)
		if (dev->dv_activity_handlers[i] != NULL)
			(*dev->dv_activity_handlers[i])(dev, type);
	return dev->dv_activity_count != 0;
}

void
device_active_register(device_t dev, void (*func)(device_t, devactive_t))
{
	size_t n = dev->dv_activity_count;
	void (**funcs)(device_t, devactive_t);

	funcs = kmem_alloc((n + 1) * sizeof(*funcs), KM_SLEEP);
	if (n != 0) {
		memcpy(funcs, dev->dv_activity_handlers, n * sizeof(*funcs));
		kmem_free(dev->dv_activity_handlers, n * sizeof(*funcs));
	}
	funcs[n] = func;
	dev->dv_activity_handlers = funcs;
	dev->dv_activity_count = n + 1;
}

void
device_active_deregister(device_t dev, void (*func)(device_t, devactive_t))
{
	size_t i;

	for (i = 0; i < dev->dv_activity_count; i++)
		if (dev->dv_activity_handlers[i] == func)
			dev->dv_activity_handlers[i] = NULL;
}

void
pmf_device_free(device_t dev)
{

	if (dev->dv_activity_count != 0)
		kmem_free(dev->dv_activity_handlers, dev->dv_activity_count *
		    sizeof(*dev->dv_activity_handlers));
}
