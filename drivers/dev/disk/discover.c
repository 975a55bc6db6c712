/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Discovery: wedges from what is on the disk.
 *
 * Methods are asked in the order of their priority until one of them finds a table.
 * Ours reads GPT, MBR and BSD labels (ptable.c); other components may bring
 * further ones by DKWEDGE_DISCOVERY_METHOD_DECL.
 *
 * Names: of a GPT partition its label, or its GUID if that is empty or taken; of
 * others the disk's name and a letter, from e on for the MBR's, as disklabels have
 * them.  A partition that is subdivided (extended, or with a BSD label) is left to
 * what is in it.
 */
#include <sys/param.h>
#include <sys/systm.h>
#include <sys/conf.h>
#include <sys/disk.h>
#include <sys/disklabel.h>
#include <sys/errno.h>
#include <sys/fcntl.h>
#include <sys/kauth.h>
#include <sys/proc.h>
#include <sys/vnode.h>

#include <rump-sys/kern.h>

#include "ptable.h"
#include "wedge.h"

#define OUR_PRIORITY	0
#define FIRST_MBR	4		/* letter e */

static int	discover_tables(struct disk *, struct vnode *);

DKWEDGE_DISCOVERY_METHOD_DECL(tables, OUR_PRIORITY, discover_tables);

/*
 * Read of a disk, for methods.
 *
 * vp     what the method was given.
 * blkno  sectors of the disk.
 *
 * Returns 0 or an errno.  Context: thread, may sleep.
 */
int
dkwedge_read(struct disk *dk, struct vnode *vp, daddr_t blkno, void *buf,
    size_t len)
{
	size_t left, n;
	off_t off = (off_t)blkno * dk->dk_geom.dg_secsize;
	int error;

	for (; len != 0; len -= n, off += n, buf = (char *)buf + n) {
		n = MIN(len, MAXPHYS);
		error = vn_rdwr(UIO_READ, vp, buf, (int)n, off, UIO_SYSSPACE,
		    0, NOCRED, &left, curlwp);
		if (error == 0 && left != 0)
			error = EIO;
		if (error != 0)
			return error;
	}
	return 0;
}

/* ------------------------------------------------------------ our own method */

struct place {
	struct disk	*dk;
	struct vnode	*vp;
};

static int
read_place(void *cookie, uint64_t offset, void *buf, size_t len)
{
	struct place *pl = cookie;

	return dkwedge_read(pl->dk, pl->vp,
	    (daddr_t)(offset / pl->dk->dk_geom.dg_secsize), buf, len);
}

static bool
is_subdivided(const struct ptable *pt, const struct part *pa)
{
	u_int i;

	if ((pa->pa_flags & PART_EXTENDED) != 0)
		return true;
	for (i = 0; i < pt->pt_count && pa->pa_scheme == PTABLE_MBR; i++)
		if ((pt->pt_parts[i].pa_flags & PART_NESTED) != 0 &&
		    pt->pt_parts[i].pa_parent == pa->pa_number)
			return true;
	return false;
}

/* A name made of the disk's: dk0e, or dk0p23 when letters end. */
static void
made_name(const struct disk *dk, const struct part *pa, char *name,
    size_t size)
{
	u_int n = pa->pa_number - 1;

	if (pa->pa_scheme == PTABLE_MBR)
		n += FIRST_MBR;
	if (n < 26)
		snprintf(name, size, "%s%c", dk->dk_name, 'a' + n);
	else
		snprintf(name, size, "%sp%u", dk->dk_name, pa->pa_number);
}

static void
add_wedge(struct disk *dk, const struct part *pa)
{
	const uint32_t secsize = dk->dk_geom.dg_secsize;
	struct dkwedge_info dkw;
	int error;

	memset(&dkw, 0, sizeof(dkw));
	strlcpy(dkw.dkw_parent, dk->dk_name, sizeof(dkw.dkw_parent));
	strlcpy(dkw.dkw_ptype, pa->pa_ptype, sizeof(dkw.dkw_ptype));
	dkw.dkw_offset = (daddr_t)(pa->pa_offset / secsize);
	dkw.dkw_size = pa->pa_size / secsize;
	if (pa->pa_name[0] != '\0')
		strlcpy((char *)dkw.dkw_wname, pa->pa_name,
		    sizeof(dkw.dkw_wname));
	else if (pa->pa_scheme == PTABLE_GPT)
		strlcpy((char *)dkw.dkw_wname, pa->pa_uuid,
		    sizeof(dkw.dkw_wname));
	else
		made_name(dk, pa, (char *)dkw.dkw_wname,
		    sizeof(dkw.dkw_wname));
	error = dkwedge_add(&dkw);
	if (error == EEXIST && pa->pa_name[0] != '\0') {
		strlcpy((char *)dkw.dkw_wname, pa->pa_uuid,
		    sizeof(dkw.dkw_wname));
		error = dkwedge_add(&dkw);
	}
	if (error != 0 && error != EEXIST)
		aprint_error("%s: partition %u cannot be a wedge, error %d\n",
		    dk->dk_name, pa->pa_number, error);
}

static int
discover_tables(struct disk *dk, struct vnode *vp)
{
	const struct disk_geom *dg = &dk->dk_geom;
	struct place place = { dk, vp };
	struct ptable_source ps = {
		.ps_read = read_place,
		.ps_cookie = &place,
		.ps_secsize = dg->dg_secsize,
		.ps_size = (uint64_t)dg->dg_secperunit * dg->dg_secsize,
	};
	struct ptable pt;
	int error;
	u_int i;

	error = ptable_read(&ps, &pt);
	for (i = 0; error == 0 && i < pt.pt_count; i++)
		if (!is_subdivided(&pt, &pt.pt_parts[i]))
			add_wedge(dk, &pt.pt_parts[i]);
	if (error == 0 && pt.pt_count == 0)
		error = ESRCH;
	ptable_fini(&pt);
	return error;
}

/* ------------------------------------------------------------- all methods */

/* The method of the least priority above one, or the next of the same. */
struct search {
	const struct dkwedge_discovery_method *last, *best;
	bool	past;
};

static void
consider(const void *item, void *arg)
{
	const struct dkwedge_discovery_method *m = item;
	struct search *s = arg;

	if (m == s->last) {
		s->past = true;
		return;
	}
	if (s->last != NULL && (m->ddm_priority < s->last->ddm_priority ||
	    (m->ddm_priority == s->last->ddm_priority && !s->past)))
		return;
	if (s->best == NULL || m->ddm_priority < s->best->ddm_priority)
		s->best = m;
}

static const struct dkwedge_discovery_method *
next_method(const struct dkwedge_discovery_method *last)
{
	struct search s = { .last = last };

	rump_linkset_foreach("dkwedge_methods", consider, &s);
	return s.best;
}

/* Open a disk for reading: its block device, or, if that is in use, the other. */
static int
open_disk(struct disk *dk, struct vnode **vpp)
{
	device_t dev = device_find_by_xname(dk->dk_name);
	devmajor_t bmajor, cmajor;
	struct vnode *vp;
	int error, unit;

	bmajor = devsw_name2blk(dk->dk_name, NULL, 0);
	cmajor = devsw_name2chr(dk->dk_name, NULL, 0);
	if (dev == NULL || bmajor == NODEVMAJOR)
		return ENODEV;
	unit = device_unit(dev);
	error = wedge_parent_open(MAKEDISKDEV(bmajor, unit, RAW_PART), FREAD,
	    vpp);
	if (error != EBUSY || cmajor == NODEVMAJOR)
		return error;
	error = cdevvp(MAKEDISKDEV(cmajor, unit, RAW_PART), &vp);
	if (error != 0)
		return error;
	vn_lock(vp, LK_EXCLUSIVE | LK_RETRY);
	error = VOP_OPEN(vp, FREAD, NOCRED);
	if (error != 0) {
		vput(vp);
		return error;
	}
	VOP_UNLOCK(vp);
	*vpp = vp;
	return 0;
}

/*
 * Make wedges of what is on the disk; those that are not open go first.
 *
 * Context: thread, may sleep; dk_openlock not held.
 */
void
dkwedge_discover(struct disk *dk)
{
	const struct dkwedge_discovery_method *m = NULL;
	struct vnode *vp;
	int error;

	dkwedge_delidle(dk);
	error = open_disk(dk, &vp);
	if (error != 0) {
		/* a disk without medium has no wedges */
		if (error != ENXIO && error != ENODEV)
			aprint_error("%s: cannot be opened for discovery, "
			    "error %d\n", dk->dk_name, error);
		return;
	}
	while ((m = next_method(m)) != NULL) {
		error = (*m->ddm_discover)(dk, vp);
		if (error == 0)
			break;
		if (error != ESRCH)
			aprint_error("%s: wedge discovery by %s failed, "
			    "error %d\n", dk->dk_name, m->ddm_name, error);
	}
	(void)vn_close(vp, FREAD, NOCRED);
}
