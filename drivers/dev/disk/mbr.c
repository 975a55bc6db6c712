/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The PC's partition table: the master boot record and its extended partitions.
 *
 * The first sector has four entries at byte 446 and the bytes 55 aa at 510.  An
 * entry of an extended type holds a chain of such sectors; in each, one entry is
 * a logical partition, its start counted from that sector, and one of an
 * extended type is the link, its start counted from the extended partition.
 * Logical partitions are numbered from 5 in the order of the chain, which need
 * not be that of the disk.  Of several extended entries the first counts.
 *
 * A FAT boot sector has the same mark at its end and its own code where the
 * entries would be: entries whose first byte is neither 0 nor 0x80 are no table.
 *
 * Starts and sizes are in sectors of the disk.
 *
 * Ref: UEFI Specification 2.10, 5.2; the layout of extended partitions is the
 *      one that MS-DOS 3.3 introduced.
 */
#include <sys/param.h>
#include <sys/systm.h>
#include <sys/bootblock.h>
#include <sys/endian.h>
#include <sys/errno.h>

#include "ptable.h"

CTASSERT(sizeof(struct mbr_sector) == 512);

#define ANY_OF(p, n, cond) ({						\
	bool found_ = false;						\
	for (int i_ = 0; i_ < (n); i_++)				\
		found_ |= (cond)(&(p)[i_]);				\
	found_;								\
})

static bool
is_used(const struct mbr_partition *p)
{

	return p->mbrp_type != MBR_PTYPE_UNUSED && le32toh(p->mbrp_size) != 0;
}

static bool
is_link(const struct mbr_partition *p)
{

	return is_used(p) && MBR_IS_EXTENDED(p->mbrp_type);
}

static bool
is_protective(const struct mbr_partition *p)
{

	return p->mbrp_type == MBR_PTYPE_PMBR;
}

static bool
has_odd_flag(const struct mbr_partition *p)
{

	return (p->mbrp_flag & ~MBR_PFLAG_ACTIVE) != 0;
}

/* Read a sector of entries.  ENOENT: it is none. */
static int
read_sector(const struct ptable_source *ps, uint64_t sector,
    struct mbr_sector *mbr)
{
	int error;

	if (sector >= ps->ps_size / ps->ps_secsize)
		return ENOENT;
	error = ptable_pread(ps, sector * ps->ps_secsize, mbr, sizeof(*mbr));
	if (error == 0 && le16toh(mbr->mbr_magic) != MBR_MAGIC)
		error = ENOENT;
	return error;
}

int
mbr_gpt_hint(const struct ptable_source *ps, enum gpt_hint *hint)
{
	struct mbr_sector mbr;
	int error;

	*hint = GPT_MAYBE;
	error = read_sector(ps, 0, &mbr);
	if (error == ENOENT)
		return 0;
	if (error == 0)
		*hint = ANY_OF(mbr.mbr_parts, MBR_PART_COUNT, is_protective) ?
		    GPT_YES : ANY_OF(mbr.mbr_parts, MBR_PART_COUNT, is_used) ?
		    GPT_NO : GPT_MAYBE;
	return error;
}

static struct part *
add(const struct ptable_source *ps, struct ptable *pt, uint64_t base,
    const struct mbr_partition *p, uint32_t number)
{
	struct parttype type = parttype_mbr(p->mbrp_type);
	struct part *pa;

	pa = ptable_add(ps, pt, base + le32toh(p->mbrp_start),
	    le32toh(p->mbrp_size), ps->ps_secsize);
	if (pa == NULL)
		return NULL;
	pa->pa_scheme = PTABLE_MBR;
	pa->pa_number = number;
	pa->pa_flags = (p->mbrp_flag & MBR_PFLAG_ACTIVE) != 0 ?
	    PART_ACTIVE : 0;
	pa->pa_ptype = type.pt_ptype;
	pa->pa_fstype = type.pt_fstype;
	snprintf(pa->pa_type, sizeof(pa->pa_type), "0x%02x", p->mbrp_type);
	return pa;
}

/* Where a chain has been. */
struct chain {
	uint64_t	ch_base;	/* of the extended partition */
	uint64_t	ch_sectors;
	u_int		ch_steps;
	uint64_t	ch_seen[PTABLE_CHAIN];
};

static bool
chain_enter(struct chain *ch, uint64_t sector)
{
	u_int i;

	for (i = 0; i < ch->ch_steps; i++)
		if (ch->ch_seen[i] == sector)
			return false;
	if (ch->ch_steps == PTABLE_CHAIN)
		return false;
	ch->ch_seen[ch->ch_steps++] = sector;
	return true;
}

/* The sector that comes next in the chain; 0: none. */
static uint64_t
chain_next(const struct chain *ch, const struct mbr_sector *mbr)
{
	const struct mbr_partition *p = mbr->mbr_parts;
	int i;

	for (i = 0; i < MBR_PART_COUNT; i++)
		if (is_link(&p[i]) && le32toh(p[i].mbrp_start) <
		    ch->ch_sectors)
			return ch->ch_base + le32toh(p[i].mbrp_start);
	return 0;
}

/*
 * Follow a chain of logical partitions.  One that is broken ends where it
 * breaks: what came before is sound.
 */
static int
read_chain(const struct ptable_source *ps, struct ptable *pt, struct chain *ch)
{
	const struct mbr_partition *p;
	uint64_t sector = ch->ch_base;
	uint32_t number = MBR_PART_COUNT + 1;
	struct mbr_sector mbr;
	int error, i;

	while (sector != 0 && chain_enter(ch, sector)) {
		error = read_sector(ps, sector, &mbr);
		if (error != 0)
			return error == ENOENT ? 0 : error;
		if (ANY_OF(mbr.mbr_parts, MBR_PART_COUNT, has_odd_flag))
			return 0;
		for (i = 0; i < MBR_PART_COUNT; i++) {
			p = &mbr.mbr_parts[i];
			if (!is_used(p) || is_link(p))
				continue;
			(void)add(ps, pt, sector, p, number++);
			break;
		}
		sector = chain_next(ch, &mbr);
	}
	return 0;
}

/* A BSD label in a partition of a type that has one. */
static int
read_nested(const struct ptable_source *ps, struct ptable *pt, u_int index)
{
	struct part pa = pt->pt_parts[index];
	uint8_t type;
	int error;

	type = (uint8_t)strtoull(pa.pa_type, NULL, 0);
	if (type != MBR_PTYPE_NETBSD && type != MBR_PTYPE_386BSD &&
	    type != MBR_PTYPE_OPENBSD)
		return 0;
	error = ptable_bsd(ps, pa.pa_offset, pa.pa_size, pa.pa_number, type,
	    pt);
	/* without a label, or with a broken one, it is just a partition */
	return error == ENOENT || error == EINVAL ? 0 : error;
}

int
ptable_mbr(const struct ptable_source *ps, struct ptable *pt)
{
	const struct mbr_partition *p;
	struct mbr_sector mbr;
	struct chain ch;
	struct part *pa;
	u_int i, n;
	int error;

	error = read_sector(ps, 0, &mbr);
	if (error != 0)
		return error;
	p = mbr.mbr_parts;
	if (ANY_OF(p, MBR_PART_COUNT, has_odd_flag) ||
	    !ANY_OF(p, MBR_PART_COUNT, is_used))
		return ENOENT;
	memset(&ch, 0, sizeof(ch));
	for (i = 0; i < MBR_PART_COUNT; i++) {
		if (!is_used(&p[i]) || (is_link(&p[i]) && ch.ch_sectors != 0))
			continue;
		pa = add(ps, pt, 0, &p[i], i + 1);
		if (pa == NULL || !is_link(&p[i]))
			continue;
		pa->pa_flags |= PART_EXTENDED;
		ch.ch_base = le32toh(p[i].mbrp_start);
		ch.ch_sectors = le32toh(p[i].mbrp_size);
	}
	if (ch.ch_sectors != 0 && ch.ch_base != 0)
		error = read_chain(ps, pt, &ch);
	n = pt->pt_count;
	for (i = 0; error == 0 && i < n; i++)
		error = read_nested(ps, pt, i);
	return error;
}
