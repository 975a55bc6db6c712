/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * disk(9): what every disk has.
 *
 * A disk's life: init, attach, use, begindetach, detach, destroy.  Between attach
 * and detach it has a label in memory and statistics, and is found by its name.
 *
 * Locks: disks_lock for the list of disks; dk_openlock, dk_rawlock and the
 * driver's lock as <sys/disk.h> says.
 */
#include <sys/param.h>
#include <sys/systm.h>
#include <sys/atomic.h>
#include <sys/buf.h>
#include <sys/device.h>
#include <sys/disk.h>
#include <sys/disklabel.h>
#include <sys/errno.h>
#include <sys/fcntl.h>
#include <sys/kmem.h>
#include <sys/mutex.h>
#include <sys/once.h>
#include <sys/syslog.h>

#include "info.h"
#include "label.h"

static kmutex_t disks_lock;
static TAILQ_HEAD(, disk) disks = TAILQ_HEAD_INITIALIZER(disks);
static ONCE_DECL(disks_once);

static int
disks_init(void)
{

	mutex_init(&disks_lock, MUTEX_DEFAULT, IPL_NONE);
	disk_info_init();
	return 0;
}

/*
 * Prepare a disk.
 *
 * name    stays in place; that of its device.
 * driver  may be NULL: then it has no wedges.
 */
void
disk_init(struct disk *dk, const char *name, const struct dkdriver *driver)
{

	RUN_ONCE(&disks_once, disks_init);
	mutex_init(&dk->dk_openlock, MUTEX_DEFAULT, IPL_NONE);
	mutex_init(&dk->dk_rawlock, MUTEX_DEFAULT, IPL_NONE);
	mutex_init(&dk->dk_labellock, MUTEX_DEFAULT, IPL_VM);
	cv_init(&dk->dk_rawcv, "dkraw");
	LIST_INIT(&dk->dk_wedges);
	dk->dk_rawbusy = false;
	dk->dk_name = name;
	dk->dk_driver = driver;
	dk->dk_blkshift = 0;
	dk->dk_byteshift = DEV_BSHIFT;
	dk->dk_rawopens = 0;
	dk->dk_rawvp = NULL;
	dk->dk_nwedges = 0;
	dk->dk_labelsector = -1;
	dk->dk_info = NULL;
}

void
disk_attach(struct disk *dk)
{

	dk->dk_label = kmem_zalloc(sizeof(*dk->dk_label), KM_SLEEP);
	dk->dk_cpulabel = kmem_zalloc(sizeof(*dk->dk_cpulabel), KM_SLEEP);
	dk->dk_stats = iostat_alloc(IOSTAT_DISK, dk, dk->dk_name);
	dk->dk_state = DK_CLOSED;
	mutex_enter(&disks_lock);
	TAILQ_INSERT_TAIL(&disks, dk, dk_link);
	mutex_exit(&disks_lock);
}

/*
 * Close a disk for good, as a driver's detach begins.
 *
 * lastclose  the driver's; called if it is open.
 *
 * Returns 0, EBUSY: it is open, and flags have no DETACH_FORCE; or the error of
 * lastclose.
 */
int
disk_begindetach(struct disk *dk, int (*lastclose)(device_t), device_t self,
    int flags)
{
	int error = 0;

	mutex_enter(&dk->dk_openlock);
	if (dk->dk_openmask != 0 && (flags & DETACH_FORCE) == 0)
		error = EBUSY;
	else if (dk->dk_openmask != 0 && lastclose != NULL)
		error = (*lastclose)(self);
	mutex_exit(&dk->dk_openlock);
	return error;
}

void
disk_detach(struct disk *dk)
{

	mutex_enter(&disks_lock);
	TAILQ_REMOVE(&disks, dk, dk_link);
	mutex_exit(&disks_lock);
	iostat_free(dk->dk_stats);
	dk->dk_stats = NULL;
	kmem_free(dk->dk_label, sizeof(*dk->dk_label));
	kmem_free(dk->dk_cpulabel, sizeof(*dk->dk_cpulabel));
	dk->dk_label = NULL;
	dk->dk_cpulabel = NULL;
}

void
disk_destroy(struct disk *dk)
{

	KASSERT(LIST_EMPTY(&dk->dk_wedges));
	disk_info_fini(dk);
	mutex_destroy(&dk->dk_openlock);
	mutex_destroy(&dk->dk_rawlock);
	mutex_destroy(&dk->dk_labellock);
	cv_destroy(&dk->dk_rawcv);
}

/* A disk that is attached, or NULL; nothing keeps it. */
struct disk *
disk_find(const char *name)
{
	struct disk *dk;

	RUN_ONCE(&disks_once, disks_init);
	mutex_enter(&disks_lock);
	TAILQ_FOREACH(dk, &disks, dk_link)
		if (strcmp(dk->dk_name, name) == 0)
			break;
	mutex_exit(&disks_lock);
	return dk;
}

void
disk_rename(struct disk *dk, const char *name)
{

	mutex_enter(&disks_lock);
	dk->dk_name = name;
	mutex_exit(&disks_lock);
	iostat_rename(dk->dk_stats, name);
}

/* --------------------------------------------------------------- statistics */

void
disk_wait(struct disk *dk)
{

	iostat_wait(dk->dk_stats);
}

void
disk_busy(struct disk *dk)
{

	iostat_busy(dk->dk_stats);
}

void
disk_unbusy(struct disk *dk, long bcount, int read)
{

	iostat_unbusy(dk->dk_stats, bcount, read);
}

bool
disk_isbusy(struct disk *dk)
{

	return iostat_isbusy(dk->dk_stats);
}

/* ------------------------------------------------------------------- ioctls */

/* Where a partition is, for DIOCGPARTINFO. */
static int
part_info(struct disk *dk, dev_t dev, struct partinfo *pi)
{
	struct partition p;
	u_int part = DISKPART(dev);
	uint32_t secsize;

	memset(pi, 0, sizeof(*pi));
	pi->pi_secsize = atomic_load_relaxed(&dk->dk_geom.dg_secsize);
	if (pi->pi_secsize == 0)
		return ENXIO;
	if (part == RAW_PART) {
		pi->pi_size = atomic_load_relaxed(&dk->dk_geom.dg_secperunit);
		pi->pi_fstype = FS_OTHER;
		pi->pi_bsize = MAX(BLKDEV_IOSIZE, pi->pi_secsize);
		return 0;
	}
	if (!disk_label_partition(dk, part, &p, &secsize))
		return ENXIO;
	pi->pi_offset = p.p_offset;
	pi->pi_size = p.p_size;
	pi->pi_fstype = p.p_fstype;
	pi->pi_frag = p.p_frag;
	pi->pi_fsize = p.p_fsize;
	pi->pi_cpg = p.p_cpg;
	pi->pi_bsize = p.p_fstype == FS_BSDFFS &&
	    p.p_fsize != 0 && p.p_frag != 0 &&
	    p.p_fsize <= MAXBSIZE / p.p_frag ?
	    p.p_fsize * p.p_frag : MAX(BLKDEV_IOSIZE, pi->pi_secsize);
	return 0;
}

/* Wedges are made and taken away through the disk that has them. */
static int
wedge_ioctl(struct disk *dk, u_long cmd, void *data, int flag, struct lwp *l)
{
	struct dkwedge_info *dkw = data;

	if (cmd != DIOCLWEDGES && (flag & FWRITE) == 0)
		return EBADF;
	switch (cmd) {
	case DIOCLWEDGES:
		return dkwedge_list(dk, data, l);
	case DIOCMWEDGES:
		dkwedge_discover(dk);
		*(int *)data = dk->dk_nwedges;
		return 0;
	case DIOCRMWEDGES:
		dkwedge_delidle(dk);
		*(int *)data = dk->dk_nwedges;
		return 0;
	case DIOCAWEDGE:
		strlcpy(dkw->dkw_parent, dk->dk_name,
		    sizeof(dkw->dkw_parent));
		return dkwedge_add(dkw);
	case DIOCDWEDGE:
		strlcpy(dkw->dkw_parent, dk->dk_name,
		    sizeof(dkw->dkw_parent));
		return dkwedge_del(dkw);
	default:
		return EPASSTHROUGH;
	}
}

/*
 * What all disks answer alike.  A driver calls it first.
 *
 * dev  NODEV: a disk without partitions or wedges of its own.
 *
 * Returns EPASSTHROUGH for what it does not know; EBADF: not open for writing.
 */
int
disk_ioctl(struct disk *dk, dev_t dev, u_long cmd, void *data, int flag,
    struct lwp *l)
{
	const struct disk_geom *dg = &dk->dk_geom;

	switch (cmd) {
	case DIOCGDISKINFO:
		return disk_info_copyout(dk, cmd, data);
	case DIOCGSECTORSIZE:
		if (dg->dg_secsize == 0)
			return ENXIO;
		*(u_int *)data = dg->dg_secsize;
		return 0;
	case DIOCGMEDIASIZE:
		if (dg->dg_secsize == 0)
			return ENXIO;
		*(off_t *)data = (off_t)dg->dg_secsize * dg->dg_secperunit;
		return 0;
	default:
		break;
	}
	if (dev == NODEV)
		return EPASSTHROUGH;
	switch (cmd) {
	case DIOCGDINFO:
		if (dk->dk_label == NULL)
			return EBUSY;
		disk_label_get(dk, data);
		return 0;
	case DIOCGPARTINFO:
		return part_info(dk, dev, data);
	case DIOCGSECTORALIGN:
		((struct disk_sectoralign *)data)->dsa_firstaligned = 0;
		((struct disk_sectoralign *)data)->dsa_alignment = 1;
		return 0;
	default:
		return wedge_ioctl(dk, cmd, data, flag, l);
	}
}

/* ---------------------------------------------------------------- transfers */

/* Say on the console what went wrong with a transfer. */
void
diskerr(const struct buf *bp, const char *dname, const char *what, int pri,
    int blkdone, const struct disklabel *lp)
{
	int part = DISKPART(bp->b_dev);
	daddr_t first = bp->b_blkno, last;

	last = first + howmany(MAX(bp->b_bcount, 1), DEV_BSIZE) - 1;
	if (pri != LOG_PRINTF)
		log(pri, "%s", "");
	printf("%s%d%c: %s %sing fsbn ", dname, (int)DISKUNIT(bp->b_dev),
	    'a' + part, what, BUF_ISREAD(bp) ? "read" : "writ");
	if (last == first)
		printf("%lld", (long long)first);
	else if (blkdone >= 0)
		printf("%lld of %lld-%lld", (long long)first + blkdone,
		    (long long)first, (long long)last);
	else
		printf("%lld-%lld", (long long)first, (long long)last);
	if (lp != NULL && (u_int)part < lp->d_npartitions)
		printf(" (bn %lld)", (long long)first +
		    MAX(blkdone, 0) + lp->d_partitions[part].p_offset);
}
