/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * BSD labels as partition tables: up to 22 partitions, letters a to v.
 *
 * A label lies in the first sectors of the disk, or of the MBR partition that
 * is the system's, at a place that differs by machine: it is looked for at each
 * multiple of four bytes.  It has the byte order of the machine that wrote it.
 * Offsets count from the start of the disk, but FreeBSD's from wherever
 * partition c begins.
 *
 * Ref: disklabel(5).
 */
#include <sys/param.h>
#include <sys/systm.h>
#include <sys/bootblock.h>
#include <sys/bswap.h>
#include <sys/disklabel.h>
#include <sys/errno.h>
#include <sys/kmem.h>

#include "label.h"
#include "ptable.h"

#define SEARCHED	(16 * 512)	/* bytes where a label may be */
#define WHOLE_FREEBSD	2		/* partition c */

static void
add(const struct ptable_source *ps, struct ptable *pt,
    const struct disklabel_ondisk *lp, u_int i, int64_t shift,
    uint32_t parent)
{
	const struct partition *p = &lp->dl_parts[i];
	struct parttype type;
	struct part *pa;
	int64_t first;

	if (p->p_size == 0 || p->p_fstype == FS_UNUSED)
		return;
	first = (int64_t)p->p_offset + shift;
	if (first < 0)
		return;
	pa = ptable_add(ps, pt, first, p->p_size, lp->dl_label.d_secsize);
	if (pa == NULL)
		return;
	type = parttype_bsd(p->p_fstype);
	pa->pa_scheme = PTABLE_BSD;
	pa->pa_number = i + 1;
	pa->pa_parent = parent;
	pa->pa_flags = parent != 0 ? PART_NESTED : 0;
	pa->pa_ptype = type.pt_ptype;
	pa->pa_fstype = type.pt_fstype;
	snprintf(pa->pa_type, sizeof(pa->pa_type), "%u", p->p_fstype);
}

int
ptable_bsd(const struct ptable_source *ps, uint64_t begin, uint64_t size,
    uint32_t parent, uint8_t mbrtype, struct ptable *pt)
{
	size_t len = (size_t)MIN(rounddown2(size, ps->ps_secsize),
	    roundup2(SEARCHED, ps->ps_secsize));
	struct disklabel_ondisk *lp;
	int64_t shift = 0;
	uint32_t secsize = 0;
	uint8_t *area;
	int error;
	u_int i;

	if (len == 0)
		return ENOENT;
	area = kmem_alloc(len, KM_SLEEP);
	lp = kmem_alloc(sizeof(*lp), KM_SLEEP);
	error = ptable_pread(ps, begin, area, len);
	if (error == 0)
		error = label_find(area, len, lp, NULL);
	if (error == 0)
		secsize = lp->dl_label.d_secsize;
	if (error == 0 && (secsize < DEV_BSIZE || secsize > MAXPHYS ||
	    !powerof2(secsize)))
		error = EINVAL;
	if (error == 0) {
		if (mbrtype == MBR_PTYPE_386BSD &&
		    lp->dl_label.d_npartitions > WHOLE_FREEBSD)
			shift = (int64_t)(begin / secsize) -
			    lp->dl_parts[WHOLE_FREEBSD].p_offset;
		for (i = 0; i < lp->dl_label.d_npartitions; i++)
			add(ps, pt, lp, i, shift, parent);
	}
	kmem_free(lp, sizeof(*lp));
	kmem_free(area, len);
	return error;
}
