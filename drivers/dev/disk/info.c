/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * disk(9): what is known of a disk's size and shape, as a dictionary.
 *
 * It is the property "disk-info" of the disk's device, and what DIOCGDISKINFO
 * answers:
 *
 *   type        as the driver says
 *   geometry    sector-size, sectors-per-unit, sectors-per-track,
 *               tracks-per-cylinder, cylinders-per-unit,
 *               physical-cylinders-per-unit, sectors-per-cylinder
 *
 * A new dictionary takes the place of the old one, which whoever has it keeps.
 *
 * Locks: info_lock for dk_info.
 */
#include <sys/param.h>
#include <sys/systm.h>
#include <sys/device.h>
#include <sys/disk.h>
#include <sys/errno.h>
#include <sys/mutex.h>

#include <prop/proplib.h>

#include "info.h"

static kmutex_t info_lock;

void
disk_info_init(void)
{

	mutex_init(&info_lock, MUTEX_DEFAULT, IPL_NONE);
}

/* Put another dictionary in place, or none; the caller's reference goes with it. */
static void
set_info(struct disk *dk, prop_dictionary_t info)
{
	prop_dictionary_t old;

	mutex_enter(&info_lock);
	old = dk->dk_info;
	dk->dk_info = info;
	mutex_exit(&info_lock);
	if (old != NULL)
		prop_object_release(old);
}

void
disk_info_fini(struct disk *dk)
{

	set_info(dk, NULL);
}

int
disk_info_copyout(struct disk *dk, u_long cmd, void *data)
{
	prop_dictionary_t info;
	int error;

	mutex_enter(&info_lock);
	info = dk->dk_info;
	if (info != NULL)
		prop_object_retain(info);
	mutex_exit(&info_lock);
	if (info == NULL)
		return ENOTSUP;
	error = prop_dictionary_copyout_ioctl(data, cmd, info);
	prop_object_release(info);
	return error;
}

/* A geometry that drivers left out: 64 heads of 32 sectors. */
static void
complete_geometry(struct disk_geom *dg)
{

	if (dg->dg_nsectors == 0)
		dg->dg_nsectors = 32;
	if (dg->dg_ntracks == 0)
		dg->dg_ntracks = 64;
	if (dg->dg_secpercyl == 0)
		dg->dg_secpercyl = dg->dg_nsectors * dg->dg_ntracks;
	if (dg->dg_ncylinders == 0)
		dg->dg_ncylinders = (uint32_t)MIN(dg->dg_secperunit /
		    dg->dg_secpercyl, UINT32_MAX);
	if (dg->dg_pcylinders == 0)
		dg->dg_pcylinders = dg->dg_ncylinders;
}

static prop_dictionary_t
describe(const struct disk_geom *dg, const char *type)
{
	prop_dictionary_t info = prop_dictionary_create();
	prop_dictionary_t shape = prop_dictionary_create();
	const struct {
		const char	*key;
		uint64_t	value;
	} numbers[] = {
		{ "sector-size", dg->dg_secsize },
		{ "sectors-per-unit", dg->dg_secperunit },
		{ "sectors-per-track", dg->dg_nsectors },
		{ "tracks-per-cylinder", dg->dg_ntracks },
		{ "sectors-per-cylinder", dg->dg_secpercyl },
		{ "cylinders-per-unit", dg->dg_ncylinders },
		{ "physical-cylinders-per-unit", dg->dg_pcylinders },
	};
	u_int i;

	for (i = 0; i < __arraycount(numbers); i++)
		(void)prop_dictionary_set_uint64(shape, numbers[i].key,
		    numbers[i].value);
	(void)prop_dictionary_set(info, "geometry", shape);
	prop_object_release(shape);
	if (type != NULL)
		(void)prop_dictionary_set_string(info, "type", type);
	return info;
}

/*
 * The size of sectors and disk is known: dk_geom has it.
 *
 * dev   may be NULL: the disk has none.
 * type  what it is, "ESDI" for example; may be NULL.
 *
 * Context: thread, may sleep.
 */
void
disk_set_info(device_t dev, struct disk *dk, const char *type)
{
	struct disk_geom *dg = &dk->dk_geom;
	prop_dictionary_t info;

	KASSERT(dg->dg_secsize >= DEV_BSIZE && powerof2(dg->dg_secsize));
	complete_geometry(dg);
	dk->dk_byteshift = ffs(dg->dg_secsize) - 1;
	dk->dk_blkshift = dk->dk_byteshift - DEV_BSHIFT;
	info = describe(dg, type);
	if (dev != NULL)
		(void)prop_dictionary_set(device_properties(dev), "disk-info",
		    info);
	set_info(dk, info);
}
