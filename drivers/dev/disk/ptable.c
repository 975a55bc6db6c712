/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Partition tables: which scheme a disk has, and what all schemes share.
 *
 * GPT comes first, if the protective MBR announces it, or if there is no MBR at
 * all; then the MBR, with the BSD labels in its partitions; then a BSD label
 * that has the disk for itself.  A disk whose sectors have 512 bytes may be the
 * image of one with 4096: its GPT is looked for in those units too (gpt.c).
 */
#include <sys/param.h>
#include <sys/systm.h>
#include <sys/errno.h>
#include <sys/kmem.h>

#include "ptable.h"

#define SPACE_FIRST	16

static void
grow(struct ptable *pt)
{
	u_int space = pt->pt_space == 0 ? SPACE_FIRST : pt->pt_space * 2;
	struct part *parts;

	parts = kmem_zalloc(space * sizeof(*parts), KM_SLEEP);
	if (pt->pt_space != 0) {
		memcpy(parts, pt->pt_parts, pt->pt_count * sizeof(*parts));
		kmem_free(pt->pt_parts, pt->pt_space * sizeof(*parts));
	}
	pt->pt_parts = parts;
	pt->pt_space = space;
}

struct part *
ptable_add(const struct ptable_source *ps, struct ptable *pt, uint64_t first,
    uint64_t count, uint32_t unit)
{
	uint64_t room = ps->ps_size / unit;
	struct part *pa;

	KASSERT(unit != 0);
	if (first >= room || count == 0 || pt->pt_count == PTABLE_MOST)
		return NULL;
	if (pt->pt_count == pt->pt_space)
		grow(pt);
	pa = &pt->pt_parts[pt->pt_count++];
	memset(pa, 0, sizeof(*pa));
	pa->pa_offset = first * unit;
	pa->pa_size = MIN(count, room - first) * unit;
	pa->pa_ptype = "";
	return pa;
}

void
ptable_fini(struct ptable *pt)
{

	if (pt->pt_space != 0)
		kmem_free(pt->pt_parts,
		    pt->pt_space * sizeof(*pt->pt_parts));
	memset(pt, 0, sizeof(*pt));
}

int
ptable_pread(const struct ptable_source *ps, uint64_t offset, void *buf,
    size_t len)
{
	uint64_t begin = rounddown2(offset, ps->ps_secsize);
	uint64_t end = roundup2(offset + len, ps->ps_secsize);
	char *sectors;
	int error;

	if (len > ps->ps_size || offset > ps->ps_size - len ||
	    end > ps->ps_size)
		return ENOENT;
	sectors = kmem_alloc(end - begin, KM_SLEEP);
	error = (*ps->ps_read)(ps->ps_cookie, begin, sectors, end - begin);
	if (error == 0)
		memcpy(buf, sectors + (offset - begin), len);
	kmem_free(sectors, end - begin);
	return error;
}

int
ptable_read(const struct ptable_source *ps, struct ptable *pt)
{
	enum gpt_hint hint;
	int error;

	memset(pt, 0, sizeof(*pt));
	error = mbr_gpt_hint(ps, &hint);
	if (error != 0)
		return error == ENOENT ? 0 : error;
	if (hint != GPT_NO) {
		error = ptable_gpt(ps, pt);
		if (error != ENOENT)
			return error;
		if (hint == GPT_YES)
			return EINVAL;
	}
	error = ptable_mbr(ps, pt);
	if (error == ENOENT)
		error = ptable_bsd(ps, 0, ps->ps_size, 0, 0, pt);
	return error == ENOENT ? 0 : error;
}
