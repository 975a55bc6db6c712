/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * drvctl(4): /dev/drvctl, the device tree from a program's side.
 *
 *   DRVLISTDEV                      children of a device, or the roots
 *   DRVDETACHDEV, DRVRESCANBUS      devices go, and are looked for
 *   DRVSUSPENDDEV, DRVRESUMEDEV     power: a device with all below it; one with all above
 *                                   it, and with DEVPM_F_SUBTREE all below it, too
 *   DRVCTLCOMMAND                   what is said in dictionaries: properties (command.c)
 *   DRVGETEVENT, poll, kqueue       devices that come and go (event.c)
 *
 * Who changes the tree has the device open for writing (EBADF), who takes events for
 * reading.  A device is named by its driver and unit; if there is none, that is ENXIO.
 * What is done with a device is done while it is claimed: it cannot go meanwhile.
 *
 * Ref: NetBSD drvctl(4), drvctl(8).
 */
#include <sys/param.h>
#include <sys/systm.h>
#include <sys/conf.h>
#include <sys/device.h>
#include <sys/drvctlio.h>
#include <sys/errno.h>
#include <sys/fcntl.h>
#include <sys/filio.h>
#include <sys/stat.h>

#include <rump-private/autoconf.h>
#include <rump-sys/kern.h>
#include <rump-sys/vfs.h>

#include "drvctl_var.h"

#define LOCATORS_MOST	64

static bool
is_name(const char name[DEVICE_XNAME_SIZE])
{

	return memchr(name, '\0', DEVICE_XNAME_SIZE) != NULL;
}

/* ----------------------------------------------------------------- the tree */

/* Copy out as many names of parent's children as there is room for, if any; count all. */
static int
list_children(device_t parent, struct devlistargs *args)
{
	const size_t room = args->l_children;
	const uintptr_t to = (uintptr_t)args->l_childname;
	char name[DEVICE_XNAME_SIZE];
	int error = 0;
	deviter_t di;
	device_t dev;

	args->l_children = 0;
	for (dev = deviter_first(&di, 0); dev != NULL && error == 0;
	    dev = deviter_next(&di)) {
		if (device_parent(dev) != parent)
			continue;
		if (to != 0 && args->l_children < room) {
			memset(name, 0, sizeof(name));
			strlcpy(name, device_xname(dev), sizeof(name));
			error = copyout(name, (void *)(to +
			    args->l_children * sizeof(name)), sizeof(name));
		}
		args->l_children++;
	}
	deviter_release(&di);
	return error;
}

static int
list(struct devlistargs *args)
{
	device_t dev;
	int error;

	if (!is_name(args->l_devname))
		return EINVAL;
	if (args->l_devname[0] == '\0')
		return list_children(NULL, args);
	dev = config_claim(args->l_devname);
	if (dev == NULL)
		return ENXIO;
	error = list_children(dev, args);
	config_unclaim(dev);
	return error;
}

static int
detach(const struct devdetachargs *args)
{
	device_t dev;
	int error;

	if (!is_name(args->devname))
		return EINVAL;
	dev = config_claim(args->devname);
	if (dev == NULL)
		return ENXIO;
	error = config_detach(dev, 0);
	config_unclaim(dev);
	return error;
}

static int
rescan(const struct devrescanargs *args)
{
	int locs[LOCATORS_MOST], error = 0;
	device_t dev;

	if (!is_name(args->busname) || !is_name(args->ifattr) ||
	    args->numlocators > LOCATORS_MOST)
		return EINVAL;
	if (args->numlocators != 0)
		error = copyin(args->locators, locs,
		    args->numlocators * sizeof(locs[0]));
	if (error != 0)
		return error;
	dev = config_claim(args->busname);
	if (dev == NULL)
		return ENXIO;
	error = config_rescan(dev, args->ifattr[0] != '\0' ? args->ifattr :
	    NULL, locs, args->numlocators);
	config_unclaim(dev);
	return error;
}

/* EBUSY: a device, on the way there, does not want to, or cannot. */
static int
power(const struct devpmargs *args, bool on)
{
	device_t dev;
	bool done;

	if (!is_name(args->devname) || (args->flags & ~DEVPM_F_SUBTREE) != 0)
		return EINVAL;
	dev = config_claim(args->devname);
	if (dev == NULL)
		return ENXIO;
	if (!on)
		done = pmf_device_recursive_suspend(dev, PMF_Q_DRVCTL);
	else if ((args->flags & DEVPM_F_SUBTREE) != 0)
		done = pmf_device_subtree_resume(dev, PMF_Q_DRVCTL);
	else
		done = pmf_device_recursive_resume(dev, PMF_Q_DRVCTL);
	config_unclaim(dev);
	return done ? 0 : EBUSY;
}

/* --------------------------------------------------------------- the device */

static int
drvctl_open(dev_t dev, int flag, int mode, struct lwp *l)
{

	if (minor(dev) != 0)
		return ENXIO;
	drvctl_events_open();
	return 0;
}

static int
drvctl_close(dev_t dev, int flag, int mode, struct lwp *l)
{

	drvctl_events_close();
	return 0;
}

static int
drvctl_ioctl(dev_t dev, u_long cmd, void *data, int flag, struct lwp *l)
{

	switch (cmd) {
	case DRVLISTDEV:
		return list(data);
	case DRVCTLCOMMAND:
		return drvctl_command(data, cmd);
	case DRVGETEVENT:
		return (flag & FREAD) == 0 ? EBADF :
		    drvctl_event_get(data, cmd, flag);
	case DRVDETACHDEV:
		return (flag & FWRITE) == 0 ? EBADF : detach(data);
	case DRVRESCANBUS:
		return (flag & FWRITE) == 0 ? EBADF : rescan(data);
	case DRVSUSPENDDEV:
		return (flag & FWRITE) == 0 ? EBADF : power(data, false);
	case DRVRESUMEDEV:
		return (flag & FWRITE) == 0 ? EBADF : power(data, true);
	case FIONBIO:
		return 0;
	default:
		return ENOTTY;
	}
}

static const struct cdevsw drvctl_cdevsw = {
	.d_open = drvctl_open,
	.d_close = drvctl_close,
	.d_read = noread,
	.d_write = nowrite,
	.d_ioctl = drvctl_ioctl,
	.d_stop = nostop,
	.d_tty = notty,
	.d_poll = drvctl_poll,
	.d_mmap = nommap,
	.d_kqfilter = drvctl_kqfilter,
	.d_discard = nodiscard,
	.d_flag = D_OTHER | D_MPSAFE,
};

RUMP_COMPONENT(RUMP_COMPONENT_DEV)
{
	devmajor_t bmajor = NODEVMAJOR, cmajor = NODEVMAJOR;

	FLAWLESSCALL(devsw_attach("drvctl", NULL, &bmajor, &drvctl_cdevsw,
	    &cmajor));
	FLAWLESSCALL(rump_vfs_makeonedevnode(S_IFCHR, DRVCTLDEV, cmajor, 0));
	drvctl_init();
}
