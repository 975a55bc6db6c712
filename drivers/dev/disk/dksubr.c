/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * dksubr: opening, closing, labels and ioctls of a disk, for its driver.
 *
 * The driver's softc begins with a struct dk_softc.  The driver calls dk_init and
 * dk_attach, sets geometry and DKF_INITED when there is a medium, and has the
 * entries of its switch tables call these.  Transfers are in dkqueue.c.
 *
 * Locks: dk_openlock for opens, label and sc_flags.
 */
#include <sys/param.h>
#include <sys/systm.h>
#include <sys/atomic.h>
#include <sys/bufq.h>
#include <sys/conf.h>
#include <sys/disk.h>
#include <sys/disklabel.h>
#include <sys/errno.h>
#include <sys/fcntl.h>
#include <sys/kmem.h>
#include <sys/proc.h>
#include <sys/stat.h>

#include <dev/dkvar.h>
#include <rump-private/dkunits.h>

#include "label.h"

#define DISK(dksc)	(&(dksc)->sc_dkdev)
#define DRIVER(dksc)	((dksc)->sc_dkdev.dk_driver)

/* dtype: DKTYPE_*.  The softc is cleared; dev has its name. */
void
dk_init(struct dk_softc *dksc, device_t dev, int dtype)
{

	memset(dksc, 0, sizeof(*dksc));
	dksc->sc_dev = dev;
	dksc->sc_dtype = dtype;
	strlcpy(dksc->sc_xname, device_xname(dev), sizeof(dksc->sc_xname));
	DISK(dksc)->dk_name = dksc->sc_xname;
}

/* After disk_init and disk_attach. */
void
dk_attach(struct dk_softc *dksc)
{

	KASSERT(dksc->sc_dev != NULL);
	mutex_init(&dksc->sc_iolock, MUTEX_DEFAULT, IPL_VM);
	dk_flags_change(dksc, DKF_WARNLABEL | DKF_LABELSANITY | DKF_TAKEDUMP, 0);
	if ((atomic_load_relaxed(&dksc->sc_flags) & DKF_NO_RND) == 0)
		rnd_attach_source(&dksc->sc_rnd_source, dksc->sc_xname,
		    RND_TYPE_DISK, RND_FLAG_DEFAULT);
}

void
dk_detach(struct dk_softc *dksc)
{

	if ((atomic_load_relaxed(&dksc->sc_flags) & DKF_NO_RND) == 0)
		rnd_detach_source(&dksc->sc_rnd_source);
	dk_flags_change(dksc, 0, DKF_INITED);
	mutex_destroy(&dksc->sc_iolock);
}

/* ------------------------------------------------------------------- labels */

void
dk_getdefaultlabel(struct dk_softc *dksc, struct disklabel *lp)
{
	const struct disk_geom *dg = &DISK(dksc)->dk_geom;

	memset(lp, 0, sizeof(*lp));
	lp->d_secsize = dg->dg_secsize;
	lp->d_secperunit = (uint32_t)MIN((uint64_t)dg->dg_secperunit,
	    UINT32_MAX);
	lp->d_nsectors = dg->dg_nsectors;
	lp->d_ntracks = dg->dg_ntracks;
	lp->d_ncylinders = dg->dg_ncylinders;
	lp->d_secpercyl = dg->dg_secpercyl;
	lp->d_type = dksc->sc_dtype;
	strlcpy(lp->d_typename, dksc->sc_xname, sizeof(lp->d_typename));
	strlcpy(lp->d_packname, "fictitious", sizeof(lp->d_packname));
	lp->d_rpm = 3600;
	lp->d_interleave = 1;
	lp->d_partitions[RAW_PART].p_size = lp->d_secperunit;
	lp->d_npartitions = RAW_PART + 1;
	lp->d_magic = lp->d_magic2 = DISKMAGIC;
	if (DRIVER(dksc)->d_label != NULL)
		(*DRIVER(dksc)->d_label)(dksc->sc_dev, lp);
	lp->d_checksum = 0;
	lp->d_checksum = dkcksum(lp);
}

/* Say of a label that it does not fit the disk; partitions are cut on use. */
static void
check_label(struct dk_softc *dksc, const struct disklabel *lp)
{
	const uint64_t size = DISK(dksc)->dk_geom.dg_secperunit;
	const struct partition *p;
	u_int i;

	if (lp->d_secperunit > size)
		printf("%s: the label's size %u is not the disk's %llu\n",
		    dksc->sc_xname, lp->d_secperunit,
		    (unsigned long long)size);
	for (i = 0; i < lp->d_npartitions; i++) {
		p = &lp->d_partitions[i];
		if (p->p_size != 0 && (uint64_t)p->p_offset + p->p_size > size)
			printf("%s: partition %c ends beyond the disk\n",
			    dksc->sc_xname, 'a' + i);
	}
}

/*
 * Read the label again.  Partitions that are open keep the old one until the new one
 * is complete.  dk_openlock held.
 */
void
dk_getdisklabel(struct dk_softc *dksc, dev_t dev)
{
	struct disk *dk = DISK(dksc);
	struct disklabel *lp = kmem_alloc(sizeof(*lp), KM_SLEEP);
	const char *problem;

	KASSERT(mutex_owned(&dk->dk_openlock));
	memset(dk->dk_cpulabel, 0, sizeof(*dk->dk_cpulabel));
	dk_getdefaultlabel(dksc, lp);
	problem = readdisklabel(dev, DRIVER(dksc)->d_strategy, lp,
	    dk->dk_cpulabel);
	if (problem == NULL &&
	    (atomic_load_relaxed(&dksc->sc_flags) & DKF_LABELSANITY) != 0)
		check_label(dksc, lp);
	disk_label_set(dk, lp);
	kmem_free(lp, sizeof(*lp));
	dk_flags_change(dksc, DKF_VLABEL, 0);
}

/* Take a label from a program, and put it on the disk if asked. */
static int
set_label(struct dk_softc *dksc, dev_t dev, struct disklabel *lp, bool write)
{
	struct disk *dk = DISK(dksc);
	struct disklabel *now = kmem_alloc(sizeof(*now), KM_SLEEP);
	int error;

	mutex_enter(&dk->dk_openlock);
	dk_flags_change(dksc, DKF_LABELLING, 0);
	*now = *dk->dk_label;
	error = setdisklabel(now, lp, dk->dk_openmask, dk->dk_cpulabel);
	if (error == 0)
		disk_label_set(dk, now);
	if (error == 0 && write)
		error = writedisklabel(dev, DRIVER(dksc)->d_strategy,
		    dk->dk_label, dk->dk_cpulabel);
	dk_flags_change(dksc, 0, DKF_LABELLING);
	mutex_exit(&dk->dk_openlock);
	kmem_free(now, sizeof(*now));
	return error;
}

/* --------------------------------------------------------- opening, closing */

/* Prepare the first open.  dk_openlock held. */
static int
first_open(struct dk_softc *dksc, dev_t dev, int flags, int fmt)
{
	const struct dkdriver *driver = DRIVER(dksc);
	int error = 0;

	if (driver->d_firstopen != NULL)
		error = (*driver->d_firstopen)(dksc->sc_dev, dev, flags, fmt);
	if (error == 0 &&
	    (atomic_load_relaxed(&dksc->sc_flags) & DKF_VLABEL) == 0)
		dk_getdisklabel(dksc, dev);
	return error;
}

static bool
has_partition(const struct disklabel *lp, u_int part)
{

	return part == RAW_PART || (part < lp->d_npartitions &&
	    lp->d_partitions[part].p_size != 0);
}

static int *
mask_of(struct disk *dk, int fmt)
{

	return fmt == S_IFBLK ? &dk->dk_bopenmask : &dk->dk_copenmask;
}

/*
 * Open a partition.
 *
 * Returns 0; ENXIO: no such partition, no medium; EBUSY: the disk has wedges, and
 * this is not the raw partition; or d_firstopen's error.
 */
int
dk_open(struct dk_softc *dksc, dev_t dev, int flags, int fmt, struct lwp *l)
{
	struct disk *dk = DISK(dksc);
	u_int part = DISKPART(dev);
	int error = 0;
	bool first;

	mutex_enter(&dk->dk_openlock);
	first = dk->dk_openmask == 0;
	if (dk->dk_nwedges != 0 && part != RAW_PART) {
		error = EBUSY;
		goto out;
	}
	if (first)
		error = first_open(dksc, dev, flags, fmt);
	if (error != 0)
		goto out;
	if (!has_partition(dk->dk_label, part)) {
		error = ENXIO;
		if (first && DRIVER(dksc)->d_lastclose != NULL)
			(void)(*DRIVER(dksc)->d_lastclose)(dksc->sc_dev);
		if (first)
			dk_flags_change(dksc, 0, DKF_VLABEL);
		goto out;
	}
	*mask_of(dk, fmt) |= 1 << part;
	dk->dk_openmask = dk->dk_bopenmask | dk->dk_copenmask;
out:
	mutex_exit(&dk->dk_openlock);
	return error;
}

int
dk_close(struct dk_softc *dksc, dev_t dev, int flags, int fmt, struct lwp *l)
{
	struct disk *dk = DISK(dksc);
	int error = 0;

	mutex_enter(&dk->dk_openlock);
	*mask_of(dk, fmt) &= ~(1 << DISKPART(dev));
	dk->dk_openmask = dk->dk_bopenmask | dk->dk_copenmask;
	if (dk->dk_openmask == 0) {
		if (DRIVER(dksc)->d_lastclose != NULL)
			error = (*DRIVER(dksc)->d_lastclose)(dksc->sc_dev);
		if ((atomic_load_relaxed(&dksc->sc_flags) & DKF_KLABEL) == 0)
			dk_flags_change(dksc, 0, DKF_VLABEL);
	}
	mutex_exit(&dk->dk_openlock);
	return error;
}

/* ------------------------------------------------------------------- ioctls */

static int
get_strategy(struct dk_softc *dksc, struct disk_strategy *dks)
{

	memset(dks, 0, sizeof(*dks));
	mutex_enter(&dksc->sc_iolock);
	if (dksc->sc_bufq != NULL)
		strlcpy(dks->dks_name, bufq_getstrategyname(dksc->sc_bufq),
		    sizeof(dks->dks_name));
	mutex_exit(&dksc->sc_iolock);
	return 0;
}

static int
set_strategy(struct dk_softc *dksc, struct disk_strategy *dks)
{
	struct bufq_state *bufq, *old;
	int error;

	if (dks->dks_param != NULL)
		return EINVAL;
	dks->dks_name[sizeof(dks->dks_name) - 1] = '\0';
	error = bufq_alloc(&bufq, dks->dks_name,
	    BUFQ_EXACT | BUFQ_SORT_RAWBLOCK);
	if (error != 0)
		return error;
	mutex_enter(&dksc->sc_iolock);
	old = dksc->sc_bufq;
	if (old != NULL)
		bufq_move(bufq, old);
	dksc->sc_bufq = bufq;
	mutex_exit(&dksc->sc_iolock);
	if (old != NULL)
		bufq_free(old);
	return 0;
}

static void
set_flag(struct dk_softc *dksc, u_int32_t flag, bool on)
{

	mutex_enter(&DISK(dksc)->dk_openlock);
	dk_flags_change(dksc, on ? flag : 0, flag);
	mutex_exit(&DISK(dksc)->dk_openlock);
}

static bool
needs_write(u_long cmd)
{

	return cmd == DIOCSDINFO || cmd == DIOCWDINFO || cmd == DIOCKLABEL ||
	    cmd == DIOCWLABEL || cmd == DIOCSSTRATEGY;
}

/* Returns ENOTTY for what it does not know. */
int
dk_ioctl(struct dk_softc *dksc, dev_t dev, u_long cmd, void *data, int flag,
    struct lwp *l)
{
	int error;

	if (!DK_ATTACHED(dksc))
		return ENXIO;
	if (needs_write(cmd) && (flag & FWRITE) == 0)
		return EBADF;
	error = disk_ioctl(DISK(dksc), dev, cmd, data, flag, l);
	if (error != EPASSTHROUGH)
		return error;
	switch (cmd) {
	case DIOCSDINFO:
	case DIOCWDINFO:
		return set_label(dksc, dev, data, cmd == DIOCWDINFO);
	case DIOCKLABEL:
		set_flag(dksc, DKF_KLABEL, *(int *)data != 0);
		return 0;
	case DIOCWLABEL:
		set_flag(dksc, DKF_WLABEL, *(int *)data != 0);
		return 0;
	case DIOCGDEFLABEL:
		dk_getdefaultlabel(dksc, data);
		return 0;
	case DIOCGSTRATEGY:
		return get_strategy(dksc, data);
	case DIOCSSTRATEGY:
		return set_strategy(dksc, data);
	default:
		return ENOTTY;
	}
}

/* Size of a swap partition in DEV_BSIZE; -1: it is none. */
int
dk_size(struct dk_softc *dksc, dev_t dev)
{
	struct disk *dk = DISK(dksc);
	struct partition p;
	u_int part = DISKPART(dev);
	uint32_t secsize;
	uint64_t size = UINT64_MAX;
	bool opened;

	if (!DK_ATTACHED(dksc))
		return -1;
	opened = (dk->dk_openmask & (1 << part)) == 0;
	if (opened && (*DRIVER(dksc)->d_open)(dev, FREAD | FWRITE, S_IFBLK,
	    curlwp) != 0)
		return -1;
	if (disk_label_partition(dk, part, &p, &secsize) &&
	    p.p_fstype == FS_SWAP)
		size = (uint64_t)p.p_size * (secsize / DEV_BSIZE);
	if (opened)
		(void)(*DRIVER(dksc)->d_close)(dev, FREAD | FWRITE, S_IFBLK,
		    curlwp);
	return size > INT_MAX ? -1 : (int)size;
}

/* Where a partition is in sectors of the disk. */
static void
partition_range(struct dk_softc *dksc, dev_t dev, uint64_t *first,
    uint64_t *count)
{
	struct disk *dk = DISK(dksc);
	const uint64_t size = atomic_load_relaxed(&dk->dk_geom.dg_secperunit);
	struct partition p = { 0 };
	uint32_t secsize;

	*first = 0;
	*count = size;
	if (DISKPART(dev) == RAW_PART)
		return;
	(void)disk_label_partition(dk, DISKPART(dev), &p, &secsize);
	*first = MIN(p.p_offset, size);
	*count = MIN(p.p_size, size - *first);
}

/* Forget bytes of a partition.  EINVAL: not within it; EOPNOTSUPP. */
int
dk_discard(struct dk_softc *dksc, dev_t dev, off_t pos, off_t len)
{
	const uint32_t secsize = DISK(dksc)->dk_geom.dg_secsize;
	uint64_t first, count;

	if (!DK_ATTACHED(dksc))
		return ENXIO;
	if (DRIVER(dksc)->d_discard == NULL)
		return EOPNOTSUPP;
	partition_range(dksc, dev, &first, &count);
	if (pos < 0 || len < 0 || (pos | len) % secsize != 0 ||
	    (uint64_t)pos > count * secsize ||
	    (uint64_t)len > count * secsize - pos)
		return EINVAL;
	return (*DRIVER(dksc)->d_discard)(dksc->sc_dev,
	    pos + (off_t)(first * secsize), len);
}

/*
 * Write a crash dump: nothing sleeps, nothing is queued.
 *
 * blkno  DEV_BSIZE units of the partition.
 */
int
dk_dump(struct dk_softc *dksc, dev_t dev, daddr_t blkno, void *va,
    size_t size, int flags)
{
	const uint32_t secsize = DISK(dksc)->dk_geom.dg_secsize;
	int (*dump)(device_t, void *, daddr_t, int) =
	    DRIVER(dksc)->d_dumpblocks;
	uint64_t first, count, at;
	size_t n;
	int error;

	if (!DK_ATTACHED(dksc) || dump == NULL)
		return ENXIO;
	if ((flags & DK_DUMP_RECURSIVE) == 0 && dksc->sc_busy > 0)
		return EFAULT;
	if (size % secsize != 0)
		return EFAULT;
	partition_range(dksc, dev, &first, &count);
	at = (uint64_t)blkno / (secsize / DEV_BSIZE);
	if (blkno < 0 || at > count || size / secsize > count - at)
		return EINVAL;
	for (; size != 0; size -= n * secsize, at += n) {
		n = MIN(size, MAXPHYS) / secsize;
		error = (*dump)(dksc->sc_dev, va, first + at, (int)n);
		if (error != 0)
			return error;
		va = (char *)va + n * secsize;
	}
	return 0;
}
