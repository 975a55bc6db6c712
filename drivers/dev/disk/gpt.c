/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * GUID partition tables.
 *
 * A header in sector 1, another in the last sector, each followed, or preceded,
 * by a copy of the array of entries; both header and array carry a CRC.  The
 * first copy is used if header and array are sound, else the second, which the
 * first header names, or which is at the end of the disk.  All is little-endian.
 *
 * Offsets are in logical sectors.  Images of disks with 4096-byte sectors are
 * files, whose device has 512: so both units are tried.
 *
 * Ref: UEFI Specification 2.10, 5.3.
 */
#include <sys/param.h>
#include <sys/systm.h>
#include <sys/disklabel_gpt.h>
#include <sys/endian.h>
#include <sys/errno.h>
#include <sys/kmem.h>

#include "ptable.h"

#define HEADER_LEAST	92		/* bytes of a header of revision 1.0 */
#define ENTRY_LEAST	128
#define ARRAY_MOST	(1024 * 1024)	/* bytes of the array of entries */
#define BIG_SECTOR	4096

CTASSERT(sizeof(struct gpt_ent) == ENTRY_LEAST);

struct gpt {
	uint32_t	secsize;
	uint64_t	sectors;
	uint64_t	array;		/* sector */
	uint32_t	entries;
	uint32_t	entsz;
	uint32_t	crc_array;
	uint64_t	first;		/* sector that partitions may begin at */
	uint64_t	last;		/* and end at */
	uint64_t	alternate;	/* sector of the other header; 0 */
	bool		backup;
};

/* A header's own checksum: its bytes, the field taken as 0. */
static bool
header_is_whole(uint8_t *sector, uint32_t size)
{
	struct gpt_hdr *hdr = (struct gpt_hdr *)sector;
	uint32_t crc = le32toh(hdr->hdr_crc_self);
	bool whole;

	hdr->hdr_crc_self = 0;
	whole = crc32(0, sector, size) == crc;
	hdr->hdr_crc_self = htole32(crc);
	return whole;
}

/* Take a header's numbers.  ENOENT: it is none, or does not make sense. */
static int
take_header(uint8_t *sector, uint64_t where, struct gpt *g)
{
	const struct gpt_hdr *hdr = (const struct gpt_hdr *)sector;
	uint32_t size = le32toh(hdr->hdr_size);
	uint64_t bytes;

	if (memcmp(hdr->hdr_sig, GPT_HDR_SIG, sizeof(hdr->hdr_sig)) != 0 ||
	    size < HEADER_LEAST || size > g->secsize ||
	    !header_is_whole(sector, size))
		return ENOENT;
	g->alternate = le64toh(hdr->hdr_lba_alt);
	g->array = le64toh(hdr->hdr_lba_table);
	g->entries = le32toh(hdr->hdr_entries);
	g->entsz = le32toh(hdr->hdr_entsz);
	g->crc_array = le32toh(hdr->hdr_crc_table);
	g->first = le64toh(hdr->hdr_lba_start);
	g->last = le64toh(hdr->hdr_lba_end);
	bytes = (uint64_t)g->entries * g->entsz;
	if (le64toh(hdr->hdr_lba_self) != where ||
	    g->entsz < ENTRY_LEAST || g->entsz % 8 != 0 ||
	    bytes == 0 || bytes > ARRAY_MOST || g->array >= g->sectors ||
	    g->array < 2 || howmany(bytes, g->secsize) > g->sectors - g->array)
		return ENOENT;
	return 0;
}

static int
read_header(const struct ptable_source *ps, struct gpt *g, uint64_t where)
{
	uint8_t *sector;
	int error;

	if (where == 0 || where >= g->sectors)
		return ENOENT;
	sector = kmem_alloc(g->secsize, KM_SLEEP);
	error = ptable_pread(ps, where * g->secsize, sector, g->secsize);
	if (error == 0)
		error = take_header(sector, where, g);
	kmem_free(sector, g->secsize);
	return error;
}

/* UTF-16 as it is on disk, to UTF-8; a half of a pair alone is U+FFFD. */
static void
name_of(const uint16_t *in, u_int n, char *out)
{
	uint32_t c, low;
	u_int i;

	for (i = 0; i < n && (c = le16toh(in[i])) != 0; i++) {
		if (c >= 0xd800 && c < 0xe000) {
			low = c < 0xdc00 && i + 1 < n ? le16toh(in[i + 1]) : 0;
			if (low >= 0xdc00 && low < 0xe000) {
				c = 0x10000 + ((c - 0xd800) << 10) +
				    (low - 0xdc00);
				i++;
			} else {
				c = 0xfffd;
			}
		}
		if (c < 0x80) {
			*out++ = (char)c;
			continue;
		}
		if (c >= 0x10000) {
			*out++ = (char)(0xf0 | c >> 18);
			*out++ = (char)(0x80 | (c >> 12 & 0x3f));
		} else if (c >= 0x800) {
			*out++ = (char)(0xe0 | c >> 12);
		} else {
			*out++ = (char)(0xc0 | c >> 6);
			*out++ = (char)(0x80 | (c & 0x3f));
			continue;
		}
		*out++ = (char)(0x80 | (c >> 6 & 0x3f));
		*out++ = (char)(0x80 | (c & 0x3f));
	}
	*out = '\0';
}

static void
take_entry(const struct ptable_source *ps, struct ptable *pt,
    const struct gpt *g, uint32_t index, const struct gpt_ent *ent)
{
	static const uint8_t unused[16];
	uint64_t first = le64toh(ent->ent_lba_start);
	uint64_t last = le64toh(ent->ent_lba_end);
	struct parttype type;
	struct part *pa;

	if (memcmp(ent->ent_type, unused, sizeof(unused)) == 0 ||
	    last < first || last == UINT64_MAX || first == 0)
		return;
	pa = ptable_add(ps, pt, first, last - first + 1, g->secsize);
	if (pa == NULL)
		return;
	pa->pa_scheme = PTABLE_GPT;
	pa->pa_number = index + 1;
	pa->pa_flags = g->backup ? PART_BACKUP : 0;
	type = parttype_gpt(ent->ent_type);
	pa->pa_ptype = type.pt_ptype;
	pa->pa_fstype = type.pt_fstype;
	guid_format(ent->ent_type, pa->pa_type);
	guid_format(ent->ent_guid, pa->pa_uuid);
	CTASSERT(sizeof(pa->pa_name) > 3 * __arraycount(ent->ent_name));
	name_of(ent->ent_name, __arraycount(ent->ent_name), pa->pa_name);
}

/* Entries may be larger than what is known of them, and lie as they like. */
static void
take_entries(const struct ptable_source *ps, struct ptable *pt,
    const struct gpt *g, const uint8_t *array)
{
	struct gpt_ent ent;
	uint32_t i = 0;

	while (i < g->entries) {
		memcpy(&ent, array, sizeof(ent));
		take_entry(ps, pt, g, i++, &ent);
		array += g->entsz;
	}
}

/* Read the array.  ENOENT: it is not what the header says. */
static int
read_array(const struct ptable_source *ps, struct ptable *pt,
    const struct gpt *g)
{
	size_t bytes = (size_t)g->entries * g->entsz;
	uint8_t *array;
	int error;

	array = kmem_alloc(bytes, KM_SLEEP);
	error = ptable_pread(ps, g->array * g->secsize, array, bytes);
	if (error == 0 && crc32(0, array, bytes) != g->crc_array)
		error = ENOENT;
	if (error == 0)
		take_entries(ps, pt, g, array);
	kmem_free(array, bytes);
	return error;
}

static int
read_copy(const struct ptable_source *ps, struct ptable *pt, struct gpt *g,
    uint64_t where)
{
	int error;

	error = read_header(ps, g, where);
	return error == 0 ? read_array(ps, pt, g) : error;
}

/* Both copies, in one unit.  A copy that cannot be read is no better than a
 * broken one, as long as there is another. */
static int
read_gpt(const struct ptable_source *ps, struct ptable *pt, uint32_t secsize)
{
	struct gpt g = { .secsize = secsize };
	uint64_t named;
	int error, error2;

	g.sectors = ps->ps_size / secsize;
	if (g.sectors < 3)
		return ENOENT;
	error = read_copy(ps, pt, &g, GPT_HDR_BLKNO);
	if (error == 0)
		return 0;
	named = g.alternate;
	g.backup = true;
	error2 = read_copy(ps, pt, &g, g.sectors - 1);
	if (error2 != 0 && named != g.sectors - 1)
		error2 = read_copy(ps, pt, &g, named);
	if (error2 == 0) {
		printf("gpt: the first copy is damaged, the second is used\n");
		return 0;
	}
	return error == ENOENT ? error2 : error;
}

int
ptable_gpt(const struct ptable_source *ps, struct ptable *pt)
{
	int error;

	error = read_gpt(ps, pt, ps->ps_secsize);
	if (error == ENOENT && ps->ps_secsize < BIG_SECTOR)
		error = read_gpt(ps, pt, BIG_SECTOR);
	return error;
}
