/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The root device: which disk or interface the configuration, or else the boot loader,
 * names.
 *
 *   cpu_rootconf, rootconf   as the machine has it: booted_device, booted_partition
 *   setroot                  root_device, rootdev, dumpdev
 *
 * rootspec names a device: a disk with the letter of its partition, a wedge, an
 * interface.  Without it booted_wedge is the root, or booted_device.  A kernel in a
 * process has none of these, unless a driver (an array of disks that says it is the
 * root) or the kernel's creator sets them before the end of autoconfiguration.
 *
 * Nothing is mounted of it: the root file system is rumpfs.  So it is what kernfs
 * shows, and what drivers ask for.  Nor is anything dumped.
 *
 * Ref: NetBSD config(5), "config".
 */
#include "config.h"

#include <sys/param.h>
#include <sys/systm.h>
#include <sys/conf.h>
#include <sys/disklabel.h>

#define PART_SWAP	1	/* b */

static device_t dump_device;

/* The device of a name, and the partition if it has a letter.  NULL: there is none. */
static device_t
find(const char *spec, int *part)
{
	char name[DEVICE_XNAME_SIZE + 1];
	const size_t len = strlen(spec);
	device_t dev;
	int letter;

	*part = 0;
	dev = device_find_by_xname(spec);
	if (dev != NULL || len < 2 || len >= sizeof(name))
		return dev;
	letter = spec[len - 1] - 'a';
	if (letter < 0 || letter >= MAXPARTITIONS)
		return NULL;
	strlcpy(name, spec, len);
	*part = letter;
	return device_find_by_xname(name);
}

static bool
is_wedge(device_t dev)
{

	return device_is_a(dev, "dk");
}

/* NODEV: it is no disk. */
static dev_t
number_of(device_t dev, int part)
{
	devmajor_t major;

	if (dev == NULL || device_class(dev) != DV_DISK)
		return NODEV;
	major = devsw_name2blk(device_xname(dev), NULL, 0);
	if (major == NODEVMAJOR)
		return NODEV;
	return is_wedge(dev) ? makedev(major, device_unit(dev)) :
	    MAKEDISKDEV(major, device_unit(dev), part);
}

/* Dumps go where dumpspec says; or to the second partition, if that is for swap. */
static dev_t
choose_dump(device_t root)
{
	device_t dev = root;
	int part = PART_SWAP;
	dev_t number;

	if (dumpspec != NULL && strcmp(dumpspec, "none") == 0)
		return NODEV;
	if (dumpspec != NULL)
		dev = find(dumpspec, &part);
	else if (dev == NULL || is_wedge(dev))
		return NODEV;
	number = number_of(dev, part);
	if (number == NODEV || bdev_size(number) <= 0)
		return NODEV;
	dump_device = dev;
	return number;
}

/*
 * Choose the root device.
 *
 * bootdv, bootpartition  what the machine was booted from; NULL: not known.
 *
 * Context: thread, may sleep.
 */
void
setroot(device_t bootdv, int bootpartition)
{
	int part = bootpartition;
	device_t dev;

	if (rootspec != NULL)
		dev = find(rootspec, &part);
	else
		dev = booted_wedge != NULL ? booted_wedge : bootdv;
	if (rootspec != NULL && dev == NULL)
		aprint_error("root device %s: not found\n", rootspec);
	root_device = dev;
	rootdev = number_of(dev, part);
	dump_device = NULL;
	dumpdev = choose_dump(dev);
	dumpcdev = devsw_blk2chr(dumpdev);
}

void
rootconf(void)
{

	setroot(booted_device, booted_partition);
}

void
cpu_rootconf(void)
{

	rootconf();
}

/* A device goes: it is nobody's root, and no dumps go there. */
void
config_root_forget(device_t dev)
{

	if (booted_device == dev)
		booted_device = NULL;
	if (booted_wedge == dev)
		booted_wedge = NULL;
	if (root_device == dev) {
		root_device = NULL;
		rootdev = NODEV;
	}
	if (dump_device == dev) {
		dump_device = NULL;
		dumpdev = dumpcdev = NODEV;
	}
}
