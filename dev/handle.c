/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Handles: what a device is in firmware's tree, and calls through it.
 */
#include "config.h"

#include <sys/param.h>
#include <sys/systm.h>
#include <sys/errno.h>

devhandle_t
devhandle_invalid(void)
{

	return (devhandle_t){ .impl = NULL };
}

bool
devhandle_is_valid(devhandle_t h)
{

	return h.impl != NULL && h.impl->type != DEVHANDLE_TYPE_INVALID;
}

void
devhandle_invalidate(devhandle_t *h)
{

	*h = devhandle_invalid();
}

devhandle_type_t
devhandle_type(devhandle_t h)
{

	return devhandle_is_valid(h) ? h.impl->type : DEVHANDLE_TYPE_INVALID;
}

void
devhandle_impl_inherit(struct devhandle_impl *sub,
    const struct devhandle_impl *super)
{

	*sub = *super;
	sub->super = super;
}

devhandle_t
device_handle(device_t dev)
{

	return dev->dv_handle;
}

void
device_set_handle(device_t dev, devhandle_t h)
{

	dev->dv_handle = h;
}

/*
 * Call a function of the device's tree by its name.
 *
 * Returns what it returns, or ENOTSUP: there is none.
 */
int
device_call(device_t dev, const char *name, void *arg)
{
	const struct devhandle_impl *impl;
	devhandle_t h = dev->dv_handle, callh;
	device_call_t call = NULL;

	for (impl = h.impl; impl != NULL && call == NULL; impl = impl->super) {
		callh = h;
		callh.impl = impl;
		if (impl->lookup_device_call != NULL)
			call = (*impl->lookup_device_call)(callh, name,
			    &callh);
	}
	return call != NULL ? (*call)(dev, callh, arg) : ENOTSUP;
}

int
device_enumerate_children(device_t dev,
    bool (*callback)(device_t, devhandle_t, void *), void *arg)
{
	struct device_enumerate_children_args args = { callback, arg };

	return device_call(dev, "device-enumerate-children", &args);
}
