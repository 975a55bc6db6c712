/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * BSD labels of disks: read, checked against a new one, written; and transfers
 * checked against them.
 *
 * The label is in the NetBSD partition of the MBR, if there is one, else in the
 * disk's first sectors.  A disk without a label gets one in memory: the raw
 * partition, a as large, and from e on the partitions of its MBR.
 *
 * Ref: disklabel(9), disklabel(5).
 */
#include <sys/param.h>
#include <sys/systm.h>
#include <sys/bootblock.h>
#include <sys/buf.h>
#include <sys/disk.h>
#include <sys/disklabel.h>
#include <sys/errno.h>
#include <sys/kmem.h>

#include "label.h"
#include "ptable.h"

#define SEARCHED	(16 * 512)	/* bytes where a label may be */
#define SIZE_UNKNOWN	0x1fffffff	/* sectors */
#define FIRST_MBR	4		/* partition e */

/* A disk as a source of sectors: a driver's strategy. */
struct raw {
	void	(*strategy)(struct buf *);
	dev_t	dev;			/* its raw partition */
};

static int
transfer(struct raw *raw, uint64_t offset, void *data, size_t len, bool write)
{
	struct buf *bp;
	int error;

	bp = geteblk((int)len);
	bp->b_dev = raw->dev;
	bp->b_blkno = btodb(offset);
	bp->b_bcount = (int)len;
	bp->b_flags |= write ? B_WRITE : B_READ;
	if (write)
		memcpy(bp->b_data, data, len);
	(*raw->strategy)(bp);
	error = biowait(bp);
	if (error == 0 && bp->b_resid != 0)
		error = EIO;
	if (error == 0 && !write)
		memcpy(data, bp->b_data, len);
	brelse(bp, BC_INVAL | BC_NOCACHE);
	return error;
}

static int
read_raw(void *cookie, uint64_t offset, void *buf, size_t len)
{
	size_t n;
	int error = 0;

	for (; len != 0 && error == 0; len -= n, offset += n) {
		n = MIN(len, MAXPHYS);
		error = transfer(cookie, offset, buf, n, false);
		buf = (char *)buf + n;
	}
	return error;
}

static void
source_init(struct ptable_source *ps, struct raw *raw, dev_t dev,
    void (*strategy)(struct buf *), const struct disklabel *lp)
{

	raw->strategy = strategy;
	raw->dev = makedev(major(dev), minor(dev) - DISKPART(dev) + RAW_PART);
	ps->ps_read = read_raw;
	ps->ps_cookie = raw;
	ps->ps_secsize = lp->d_secsize;
	ps->ps_size = (uint64_t)lp->d_secperunit * lp->d_secsize;
}

/* The bytes where a label may be: the NetBSD partition's, or the disk's. */
static int
label_area(const struct ptable_source *ps, uint64_t *begin, struct ptable *pt)
{
	int error;
	u_int i;

	*begin = 0;
	memset(pt, 0, sizeof(*pt));
	error = ptable_mbr(ps, pt);
	if (error == ENOENT)
		return 0;
	for (i = 0; error == 0 && i < pt->pt_count; i++)
		if (pt->pt_parts[i].pa_scheme == PTABLE_MBR &&
		    strtoull(pt->pt_parts[i].pa_type, NULL, 0) ==
		    MBR_PTYPE_NETBSD) {
			*begin = pt->pt_parts[i].pa_offset;
			break;
		}
	return error;
}

/* Find the label: its place in bytes.  0, ENOENT, EINVAL, or a read error. */
static int
locate(const struct ptable_source *ps, uint64_t begin,
    struct disklabel_ondisk *dl, uint64_t *where)
{
	size_t len = (size_t)MIN(ps->ps_size - begin,
	    roundup2(SEARCHED, ps->ps_secsize)), at;
	uint8_t *area = kmem_alloc(len, KM_SLEEP);
	int error;

	error = ptable_pread(ps, begin, area, len);
	if (error == 0)
		error = label_find(area, len, dl, &at);
	if (error == 0)
		*where = begin + at;
	kmem_free(area, len);
	return error;
}

/* The label of a disk about which nothing is known but its size. */
static void
default_label(struct disklabel *lp)
{
	u_int i;

	if (lp->d_secsize == 0)
		lp->d_secsize = DEV_BSIZE;
	if (lp->d_secperunit == 0)
		lp->d_secperunit = SIZE_UNKNOWN;
	lp->d_npartitions = RAW_PART + 1;
	for (i = 0; i < MAXPARTITIONS; i++)
		if (i != RAW_PART)
			memset(&lp->d_partitions[i], 0,
			    sizeof(lp->d_partitions[i]));
	if (lp->d_partitions[RAW_PART].p_size == 0)
		lp->d_partitions[RAW_PART].p_size = lp->d_secperunit;
	lp->d_partitions[RAW_PART].p_offset = 0;
	lp->d_partitions[0] = lp->d_partitions[RAW_PART];
	lp->d_partitions[0].p_fstype = FS_BSDFFS;
	lp->d_magic = lp->d_magic2 = DISKMAGIC;
	lp->d_checksum = 0;
	lp->d_checksum = dkcksum(lp);
}

static void
add_mbr(struct disklabel *lp, const struct ptable *pt)
{
	u_int i, n = FIRST_MBR;
	struct partition *p;

	for (i = 0; i < pt->pt_count && n < MAXPARTITIONS; i++) {
		const struct part *pa = &pt->pt_parts[i];

		if (pa->pa_scheme != PTABLE_MBR ||
		    (pa->pa_flags & PART_EXTENDED) != 0)
			continue;
		p = &lp->d_partitions[n++];
		p->p_offset = (uint32_t)(pa->pa_offset / lp->d_secsize);
		p->p_size = (uint32_t)(pa->pa_size / lp->d_secsize);
		p->p_fstype = pa->pa_fstype;
	}
	if (n > lp->d_npartitions)
		lp->d_npartitions = n;
	lp->d_checksum = 0;
	lp->d_checksum = dkcksum(lp);
}

/*
 * A label that was made for sectors of another size: count it in the disk's.
 *
 * Returns false: it makes no sense, or cannot be said in the disk's sectors.
 */
static bool
convert(struct disklabel *lp, uint32_t secsize)
{
	const uint64_t from = lp->d_secsize;
	struct partition *p;
	u_int i;

	if (from == secsize)
		return true;
	if (from < DEV_BSIZE || from > MAXPHYS || !powerof2(from))
		return false;
	for (i = 0; i < lp->d_npartitions; i++) {
		p = &lp->d_partitions[i];
		if (p->p_offset * from % secsize != 0 ||
		    p->p_size * from % secsize != 0 ||
		    p->p_offset * from / secsize > UINT32_MAX ||
		    p->p_size * from / secsize > UINT32_MAX)
			return false;
		p->p_offset = (uint32_t)(p->p_offset * from / secsize);
		p->p_size = (uint32_t)(p->p_size * from / secsize);
	}
	lp->d_secperunit = (uint32_t)MIN(lp->d_secperunit * from / secsize,
	    UINT32_MAX);
	lp->d_secsize = secsize;
	lp->d_checksum = 0;
	lp->d_checksum = dkcksum(lp);
	return true;
}

/*
 * Read a disk's label.
 *
 * dev  the disk; its partition does not matter.
 * lp   in: d_secsize, d_secperunit, as far as known; out: the label, or one that
 *      is made up.
 *
 * Returns NULL, or what is wrong, in words.
 * Context: thread, may sleep; strategy must accept transfers of the raw partition
 * with lp as it was.
 */
const char *
readdisklabel(dev_t dev, void (*strategy)(struct buf *),
    struct disklabel *lp, struct cpu_disklabel *clp)
{
	struct disklabel_ondisk *dl;
	struct ptable_source ps;
	const char *problem = NULL;
	struct ptable pt;
	struct raw raw;
	uint64_t begin, where;
	int error;

	default_label(lp);
	source_init(&ps, &raw, dev, strategy, lp);
	dl = kmem_alloc(sizeof(*dl), KM_SLEEP);
	error = label_area(&ps, &begin, &pt);
	if (error == 0)
		error = locate(&ps, begin, dl, &where);
	if (error == 0 && dl->dl_label.d_npartitions <= MAXPARTITIONS &&
	    convert(&dl->dl_label, lp->d_secsize))
		*lp = dl->dl_label;
	else if (error == 0 || error == EINVAL)
		problem = "disk label corrupted";
	else
		problem = error == ENOENT ? "no disk label" : "I/O error";
	if (problem != NULL)
		add_mbr(lp, &pt);
	ptable_fini(&pt);
	kmem_free(dl, sizeof(*dl));
	return problem;
}

/*
 * Check a new label, and take it.
 *
 * openmask  partitions that are open: they may grow, but neither move nor shrink.
 *
 * Returns 0, EINVAL: it makes no sense, or has other sectors; EBUSY.
 */
int
setdisklabel(struct disklabel *olp, struct disklabel *nlp, u_long openmask,
    struct cpu_disklabel *clp)
{
	const struct partition *op, *np;
	u_int i;

	if (nlp->d_secpercyl == 0 || nlp->d_secsize == 0 ||
	    nlp->d_secsize % DEV_BSIZE != 0 || nlp->d_npartitions == 0 ||
	    nlp->d_npartitions > MAXPARTITIONS)
		return EINVAL;
	if (olp->d_secsize != 0 && nlp->d_secsize != olp->d_secsize)
		return EINVAL;
	if (nlp->d_magic != DISKMAGIC || nlp->d_magic2 != DISKMAGIC ||
	    dkcksum(nlp) != 0)
		return EINVAL;
	for (i = 0; i < MAXPARTITIONS; i++) {
		if ((openmask & (1ul << i)) == 0 || i == RAW_PART)
			continue;
		if (i >= nlp->d_npartitions)
			return EBUSY;
		op = &olp->d_partitions[i];
		np = &nlp->d_partitions[i];
		if (np->p_offset != op->p_offset || np->p_size < op->p_size)
			return EBUSY;
	}
	*olp = *nlp;
	return 0;
}

/*
 * Write a disk's label: over the one that is there, or in the sector where one
 * belongs.
 *
 * Returns 0; EINVAL: the disk has a GPT, which is in that sector; EIO ...
 */
int
writedisklabel(dev_t dev, void (*strategy)(struct buf *),
    struct disklabel *lp, struct cpu_disklabel *clp)
{
	size_t len = LABEL_HEAD +
	    lp->d_npartitions * sizeof(struct partition);
	uint64_t begin, where, first, last;
	struct disklabel_ondisk *dl;
	struct ptable_source ps;
	enum gpt_hint hint;
	struct ptable pt;
	struct raw raw;
	uint8_t *sectors;
	int error;

	source_init(&ps, &raw, dev, strategy, lp);
	error = mbr_gpt_hint(&ps, &hint);
	if (error == 0 && hint == GPT_YES)
		error = EINVAL;
	if (error != 0)
		return error;
	dl = kmem_alloc(sizeof(*dl), KM_SLEEP);
	error = label_area(&ps, &begin, &pt);
	ptable_fini(&pt);
	if (error == 0)
		error = locate(&ps, begin, dl, &where);
	kmem_free(dl, sizeof(*dl));
	if (error == ENOENT || error == EINVAL) {
		where = begin + LABELSECTOR * DEV_BSIZE + LABELOFFSET;
		error = 0;
	}
	if (error != 0)
		return error;
	first = rounddown2(where, lp->d_secsize);
	last = roundup2(where + len, lp->d_secsize);
	sectors = kmem_alloc(last - first, KM_SLEEP);
	error = read_raw(&raw, first, sectors, last - first);
	if (error == 0) {
		memcpy(sectors + (where - first), lp, len);
		error = transfer(&raw, first, sectors, last - first, true);
	}
	kmem_free(sectors, last - first);
	return error;
}

/* ------------------------------------------------------------------- bounds */

/* A transfer that is over before it began; returns 0. */
static int
nothing(struct buf *bp)
{

	bp->b_resid = bp->b_bcount;
	return 0;
}

/*
 * Check a transfer against a size, and cut it at the end.
 *
 * secsize    unit of b_blkno and mediasize, bytes.
 *
 * Returns 1: go on.  0: the transfer is over: b_error and b_resid tell how.
 */
int
bounds_check_with_mediasize(struct buf *bp, int secsize, uint64_t mediasize)
{
	uint64_t count = howmany((uint64_t)bp->b_bcount, secsize), left;

	if (bp->b_blkno < 0 || (uint64_t)bp->b_blkno > mediasize) {
		bp->b_error = EINVAL;
		return nothing(bp);
	}
	left = mediasize - bp->b_blkno;
	if (left == 0)
		return nothing(bp);
	if (count > left)
		bp->b_bcount = (int)(left * secsize);
	return 1;
}

/*
 * The label of a disk, which may be replaced while partitions are in use.
 */
void
disk_label_get(struct disk *dk, struct disklabel *lp)
{

	mutex_enter(&dk->dk_labellock);
	*lp = *dk->dk_label;
	mutex_exit(&dk->dk_labellock);
}

void
disk_label_set(struct disk *dk, const struct disklabel *lp)
{

	KASSERT(mutex_owned(&dk->dk_openlock));
	mutex_enter(&dk->dk_labellock);
	*dk->dk_label = *lp;
	mutex_exit(&dk->dk_labellock);
}

bool
disk_label_partition(struct disk *dk, u_int part, struct partition *p,
    uint32_t *secsize)
{
	const struct disklabel *lp = dk->dk_label;
	bool has;

	mutex_enter(&dk->dk_labellock);
	has = part < MIN(lp->d_npartitions, MAXPARTITIONS);
	if (has) {
		*p = lp->d_partitions[part];
		*secsize = lp->d_secsize;
	}
	mutex_exit(&dk->dk_labellock);
	return has;
}

/*
 * Check a transfer against its partition.
 *
 * wlabel  the sector of the label may be written.
 *
 * Returns 1: go on.  0: at the end, -1: b_error is EINVAL or EROFS.
 */
int
bounds_check_with_label(struct disk *dk, struct buf *bp, int wlabel)
{
	struct partition p;

	return disk_bounds_check(dk, bp, wlabel, &p);
}

int
disk_bounds_check(struct disk *dk, struct buf *bp, int wlabel,
    struct partition *p)
{
	daddr_t label, first;
	uint32_t unit;

	if (!disk_label_partition(dk, DISKPART(bp->b_dev), p, &unit)) {
		bp->b_error = EINVAL;
		(void)nothing(bp);
		return -1;
	}
	unit = MAX(unit, DEV_BSIZE) / DEV_BSIZE;
	label = dk->dk_labelsector * unit;
	if (bounds_check_with_mediasize(bp, DEV_BSIZE,
	    (uint64_t)p->p_size * unit) == 0)
		return bp->b_error != 0 ? -1 : 0;
	first = bp->b_blkno + (daddr_t)p->p_offset * unit;
	if (BUF_ISWRITE(bp) && !wlabel && dk->dk_labelsector >= 0 &&
	    first < label + unit && first + (daddr_t)howmany(bp->b_bcount,
	    DEV_BSIZE) > label) {
		bp->b_error = EROFS;
		(void)nothing(bp);
		return -1;
	}
	return 1;
}

const char *
getfstypename(int fstype)
{
#define NAME(tag, number, name, fsck, mount) [number] = name,
	static const char *const names[] = { FSTYPE_DEFN(NAME) };
#undef NAME

	return fstype >= 0 && (u_int)fstype < __arraycount(names) ?
	    names[fstype] : "unknown";
}
