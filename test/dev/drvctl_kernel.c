/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A tree for drvctl: a bus, tbus0, whose slots are looked at when it is told to.  In
 * slot 3 there are a tdev for each bank that is asked for, in slot 1 a tfix that cannot
 * go.  What a test wants to know is a property of the bus.
 */
#include <sys/param.h>
#include <sys/systm.h>
#include <sys/device.h>
#include <sys/drvctlio.h>
#include <sys/errno.h>
#include <sys/kthread.h>
#include <sys/namei.h>
#include <sys/proc.h>
#include <sys/vnode.h>

#include <prop/proplib.h>

#include <rump-sys/kern.h>

#include "dev/ioconf_testbus.h"
#include "drvctl_kernel.h"

#define DRVCTL_SLOWLY	77		/* a slot */

static struct lwp *leaver;
static int asleep, awake;		/* tdevs that were suspended, resumed */

static int
match(device_t parent, cfdata_t cf, void *aux)
{

	return 1;
}

static bool
suspend(device_t self, const pmf_qual_t *qual)
{

	asleep++;
	return device_unit(self) != 3;	/* tdev3 would rather not */
}

static bool
resume(device_t self, const pmf_qual_t *qual)
{

	awake++;
	return true;
}

static void
attach(device_t parent, device_t self, void *aux)
{

	aprint_normal("\n");
	(void)pmf_device_register(self, suspend, resume);
}

static int
detach(device_t self, int flags)
{

	pmf_device_deregister(self);
	return 0;
}

static device_t
find_bus(void)
{

	return device_find_by_xname("tbus0");
}

static device_t
find(device_t bus, int slot, int bank)
{
	const int locs[] = { slot, bank };

	return config_found(bus, NULL, NULL, CFARGS(
	    .submatch = config_stdsubmatch, .iattr = "tslot",
	    .locators = locs));
}

static void
leave(void *arg)
{

	(void)config_detach(arg, DETACH_QUIET);
	kthread_exit(0);
}

/* Another thread wants to detach the bus meanwhile: it waits. */
static int
rescan_slowly(device_t self)
{
	int error;

	error = kthread_create(PRI_NONE, KTHREAD_MPSAFE | KTHREAD_MUSTJOIN,
	    NULL, leave, self, &leaver, "leave");
	for (int i = 0; i < 3 && error == 0; i++)
		kpause("rescan", false, 1, NULL);
	return error != 0 || find_bus() == self ? error : EIO;
}

static int
bus_rescan(device_t self, const char *iattr, const int *locs)
{

	if (!ifattr_match(iattr, "tslot"))
		return 0;
	if (locs != NULL && locs[0] == DRVCTL_SLOWLY)
		return rescan_slowly(self);
	/* (slot, any bank) is bank 9; nothing said: slot 3 */
	if (locs == NULL || locs[0] == -1)
		(void)find(self, 3, 0);
	else
		(void)find(self, locs[0], locs[1] == -1 ? 9 : locs[1]);
	return 0;
}

static void
bus_attach(device_t parent, device_t self, void *aux)
{

	attach(parent, self, aux);
	(void)prop_dictionary_set_string(device_properties(self), "colour",
	    "blue");
}

static int
bus_detach(device_t self, int flags)
{
	int error = config_detach_children(self, flags);

	return error != 0 ? error : detach(self, flags);
}

CFATTACH_DECL2_NEW(tbus, 0, match, bus_attach, bus_detach, NULL, bus_rescan,
    null_childdetached);
CFATTACH_DECL_NEW(tdev, 0, match, attach, detach, NULL);
CFATTACH_DECL_NEW(tdev_best, 0, NULL, attach, detach, NULL);
CFATTACH_DECL_NEW(tfix, 0, match, attach, NULL, NULL);

void
rump_drvctl_tell(int *asleepp, int *awakep)
{

	*asleepp = asleep;
	*awakep = awake;
}

/* Without drvctl's help a device comes and goes, n times; the line of an error. */
int
rump_drvctl_hotplug(int n)
{
	device_t dev;

	while (n-- > 0) {
		dev = find(find_bus(), 3, 0);
		if (dev == NULL || config_detach(dev, DETACH_QUIET) != 0)
			return __LINE__;
	}
	return 0;
}

/* For a thread that comes while another waits for an event. */
void
rump_drvctl_come(void *arg)
{

	(void)rump_drvctl_hotplug(1);
	kthread_exit(0);
}

void
rump_drvctl_revoke(void *arg)
{
	struct vnode *vp;

	/* a few turns for the other to wait; early is right, too */
	for (int i = 0; i < 3; i++)
		kpause("revoke", false, 1, NULL);
	if (namei_simple_kernel(DRVCTLDEV, NSM_FOLLOW_NOEMULROOT, &vp) == 0) {
		VOP_REVOKE(vp, REVOKEALL);
		vrele(vp);
	}
	kthread_exit(0);
}

int
rump_drvctl_later(void (*func)(void *))
{

	return kthread_create(PRI_NONE, KTHREAD_MPSAFE, NULL, func, NULL, NULL,
	    "later");
}

/* The bus is gone, now that its rescan is over. */
int
rump_drvctl_left(void)
{

	(void)kthread_join(leaver);
	return find_bus() == NULL;
}

RUMP_COMPONENT(RUMP_COMPONENT_DEV)
{

	FLAWLESSCALL(config_init_component(cfdriver_ioconf_testbus,
	    cfattach_ioconf_testbus, cfdata_ioconf_testbus));
}
