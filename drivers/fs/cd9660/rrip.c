/* SPDX-License-Identifier: BSD-2-Clause */

/*
 * Rock Ridge Interchange Protocol.
 *
 * What each entry holds, offsets from its first byte; numbers in both byte
 * orders (8 bytes) unless it says otherwise:
 *
 *	PX  4 mode, 12 links, 20 owner, 28 group (36 serial: not used)
 *	PN  4 high, 12 low half of a device number
 *	NM  4 flags (1 byte), 5 a piece of the name
 *	SL  4 flags (1 byte), 5 components: flags, length, text
 *	TF  4 flags (1 byte), 5 dates in the order of the flags
 *	CL  4 block of the directory that this record stands for
 *	PL  4 block of the parent of a directory that was moved
 *	RE  -  this directory is shown where its CL is
 *	SF  sparse file (never read: no program writes them)
 *
 * What is not here: ZF (zisofs), an extension of Linux; such files are seen
 * as they are stored, compressed.
 *
 * An entry too short for what it has to hold is passed over.  But no name and
 * no target is made of pieces of which one is missing.
 *
 * Ref: IEEE P1282 (RRIP 1.12) 4.1.
 */

#include "rrip.h"

#include <sys/errno.h>
#include <sys/systm.h>

#include "cd9660.h"
#include "susp.h"

#define NM_CONTINUE	0x01
#define NM_CURRENT	0x02
#define NM_PARENT	0x04

#define SL_CONTINUE	0x01		/* of a component: it goes on in the next;
					   of the entry: there is another SL */
#define SL_CURRENT	0x02
#define SL_PARENT	0x04
#define SL_ROOT		0x08

#define TF_CREATION	0x01
#define TF_MODIFY	0x02
#define TF_ACCESS	0x04
#define TF_ATTRIBUTES	0x08
#define TF_LONG_FORM	0x80

/* Where in an XA disc's system use field SUSP begins (CD-ROM XA, 14 bytes). */
#define SUSP_AFTER_XA	14

/* What an entry says of those that follow. */
struct pieces {
	bool	name_goes_on;
	bool	link_goes_on;
	bool	joined;			/* the next component belongs to the last */
};

/* Is it long enough? */
static bool
holds(struct cd9660_mount *cm, const struct susp_entry *entry, uint8_t length)
{

	if (entry->su_length >= length)
		return true;
	cd9660_complain(cm, CD9660_BAD_SUSP, "short Rock Ridge entry %c%c",
	    entry->su_signature[0], entry->su_signature[1]);
	return false;
}

static void
read_px(struct cd9660_mount *cm, const struct susp_entry *entry,
    struct rrip *rr)
{

	if (!holds(cm, entry, 36))
		return;
	rr->rr_mode = iso_both32(entry->su_data);
	rr->rr_nlink = iso_both32(entry->su_data + 8);
	rr->rr_uid = iso_both32(entry->su_data + 16);
	rr->rr_gid = iso_both32(entry->su_data + 24);
	rr->rr_has |= RRIP_HAS_MODE;
}

static void
read_nm(struct cd9660_mount *cm, const struct susp_entry *entry,
    struct rrip *rr, struct pieces *pieces)
{
	size_t len;

	if (!holds(cm, entry, 5))
		return;
	len = entry->su_length - 5;
	/* "." and ".." are known by the record's own name. */
	if ((entry->su_data[0] & (NM_CURRENT | NM_PARENT)) != 0)
		return;
	pieces->name_goes_on = (entry->su_data[0] & NM_CONTINUE) != 0;
	if (rr->rr_name_len + len > KERNEL_NAME_MAX) {
		rr->rr_has |= RRIP_BAD_NAME;
		return;
	}
	memcpy(rr->rr_name + rr->rr_name_len, entry->su_data + 1, len);
	rr->rr_name_len += len;
	rr->rr_has |= RRIP_HAS_NAME;
}

static void
link_append(struct rrip *rr, const char *text, size_t len)
{

	if (rr->rr_link_len + len >= MAXPATHLEN) {
		rr->rr_has |= RRIP_BAD_LINK;
		return;
	}
	memcpy(rr->rr_link + rr->rr_link_len, text, len);
	rr->rr_link_len += len;
}

/*
 * One component of a target.  joined: it continues the one before, so that no
 * slash comes between.
 */
static void
link_component(struct rrip *rr, uint8_t flags, const uint8_t *text,
    size_t len, bool joined)
{

	if ((flags & SL_ROOT) != 0) {
		rr->rr_link_len = 0;
		link_append(rr, "/", 1);
		return;
	}
	if (!joined && rr->rr_link_len != 0 &&
	    rr->rr_link[rr->rr_link_len - 1] != '/')
		link_append(rr, "/", 1);
	if ((flags & SL_CURRENT) != 0)
		link_append(rr, ".", 1);
	else if ((flags & SL_PARENT) != 0)
		link_append(rr, "..", 2);
	else if ((flags & ~SL_CONTINUE) != 0 || memchr(text, '\0', len) != NULL)
		rr->rr_has |= RRIP_BAD_LINK;
	else
		link_append(rr, (const char *)text, len);
}

static void
read_sl(struct cd9660_mount *cm, const struct susp_entry *entry,
    struct rrip *rr, struct pieces *pieces)
{
	const uint8_t *component = entry->su_data + 1;
	const uint8_t *end = (const uint8_t *)entry + entry->su_length;

	rr->rr_has |= RRIP_HAS_LINK;
	if (!holds(cm, entry, 5)) {
		rr->rr_has |= RRIP_BAD_LINK;
		return;
	}
	pieces->link_goes_on = (entry->su_data[0] & SL_CONTINUE) != 0;
	if (rr->rr_link == NULL)
		return;
	while (component < end) {
		if (end - component < 2 || component[1] > end - component - 2) {
			rr->rr_has |= RRIP_BAD_LINK;
			return;
		}
		link_component(rr, component[0], component + 2, component[1],
		    pieces->joined);
		pieces->joined = (component[0] & SL_CONTINUE) != 0;
		component += 2 + component[1];
	}
}

/*
 * Device numbers.  Programs on systems with device numbers of 32 bits leave
 * the high half 0 and write the number into the low half, packed the way
 * NetBSD packs it; others write major and minor into the halves.
 */
static void
read_pn(struct cd9660_mount *cm, const struct susp_entry *entry,
    struct rrip *rr)
{
	uint32_t high, low;

	if (!holds(cm, entry, 20))
		return;
	high = iso_both32(entry->su_data);
	low = iso_both32(entry->su_data + 8);
	rr->rr_rdev = high == 0 ? (dev_t)low : makedev(high, low);
	rr->rr_has |= RRIP_HAS_DEVICE;
}

/*
 * Times that the entry announces and has no room for are left out: makefs
 * writes such entries.
 */
static void
read_tf(struct cd9660_mount *cm, const struct susp_entry *entry,
    struct rrip *rr)
{
	static const struct {
		uint8_t		flag;
		unsigned int	has;
	} kinds[] = {
		{ TF_CREATION, RRIP_HAS_BTIME }, { TF_MODIFY, RRIP_HAS_MTIME },
		{ TF_ACCESS, RRIP_HAS_ATIME }, { TF_ATTRIBUTES, RRIP_HAS_CTIME },
	};
	struct timespec *const times[] = {
		&rr->rr_btime, &rr->rr_mtime, &rr->rr_atime, &rr->rr_ctime,
	};
	const uint8_t *date = entry->su_data + 1;
	const uint8_t *end = (const uint8_t *)entry + entry->su_length;
	unsigned int i, len;

	if (!holds(cm, entry, 5))
		return;
	len = (entry->su_data[0] & TF_LONG_FORM) != 0 ? 17 : 7;
	/* The kinds that have no name here (backup ...) follow these. */
	for (i = 0; i < __arraycount(kinds); i++) {
		if ((entry->su_data[0] & kinds[i].flag) == 0)
			continue;
		if (end - date < len) {
			cd9660_complain(cm, CD9660_BAD_SUSP,
			    "Rock Ridge entry TF without all its times");
			return;
		}
		if (len == 17)
			cd9660_date17(date, times[i]);
		else
			cd9660_date7(date, times[i]);
		rr->rr_has |= kinds[i].has;
		date += len;
	}
}

static void
read_block(struct cd9660_mount *cm, const struct susp_entry *entry,
    struct rrip *rr, unsigned int has, uint64_t *position)
{

	if (!holds(cm, entry, 12))
		return;
	*position = cd9660_block_position(cm, iso_both32(entry->su_data));
	rr->rr_has |= has;
}

static void
read_entry(struct cd9660_mount *cm, const struct susp_entry *entry,
    struct rrip *rr, struct pieces *pieces)
{

	switch (susp_signature(entry)) {
	case SUSP_ENTRY('P', 'X'):
		read_px(cm, entry, rr);
		break;
	case SUSP_ENTRY('P', 'N'):
		read_pn(cm, entry, rr);
		break;
	case SUSP_ENTRY('N', 'M'):
		read_nm(cm, entry, rr, pieces);
		break;
	case SUSP_ENTRY('S', 'L'):
		read_sl(cm, entry, rr, pieces);
		break;
	case SUSP_ENTRY('T', 'F'):
		read_tf(cm, entry, rr);
		break;
	case SUSP_ENTRY('C', 'L'):
		read_block(cm, entry, rr, RRIP_HAS_CHILD, &rr->rr_child);
		break;
	case SUSP_ENTRY('P', 'L'):
		read_block(cm, entry, rr, RRIP_HAS_PARENT, &rr->rr_parent);
		break;
	case SUSP_ENTRY('R', 'E'):
		rr->rr_has |= RRIP_RELOCATED;
		break;
	case SUSP_ENTRY('S', 'F'):
		rr->rr_has |= RRIP_UNSUPPORTED;
		break;
	}
}

/* Names that no caller may see: they would not name one entry. */
static bool
name_is_senseless(const struct rrip *rr)
{
	const char *name = rr->rr_name;
	const size_t len = rr->rr_name_len;

	return len == 0 || memchr(name, '/', len) != NULL ||
	    memchr(name, '\0', len) != NULL ||
	    (len == 1 && name[0] == '.') ||
	    (len == 2 && name[0] == '.' && name[1] == '.');
}

int
rrip_read(struct cd9660_mount *cm, const struct iso_record *record,
    unsigned int offset, struct rrip *rr)
{
	struct pieces pieces = { 0 };
	const struct susp_entry *entry;
	struct susp_walk walk;
	int error;

	rr->rr_has = 0;
	rr->rr_name_len = 0;
	rr->rr_link_len = 0;

	susp_begin(&walk, cm, record, offset);
	while ((error = susp_next(&walk, &entry)) == 0)
		read_entry(cm, entry, rr, &pieces);
	susp_end(&walk);

	if ((rr->rr_has & RRIP_HAS_NAME) != 0 &&
	    (pieces.name_goes_on || name_is_senseless(rr)))
		rr->rr_has |= RRIP_BAD_NAME;
	if (pieces.link_goes_on || pieces.joined)
		rr->rr_has |= RRIP_BAD_LINK;
	return error == ENOENT ? 0 : error;
}

/* Is there an SP entry at this offset?  Ref: IEEE P1281 5.3. */
static bool
has_sp(const struct iso_record *record, unsigned int offset,
    unsigned int *skipp)
{
	const uint8_t *base = (const uint8_t *)record;
	const unsigned int start = ISO_RECORD_HEADER +
	    record->dr_name_length + (record->dr_name_length % 2 == 0) + offset;
	static const uint8_t sp[] = { 'S', 'P', 7, 1, 0xbe, 0xef };

	if (start + sizeof(sp) + 1 > record->dr_length ||
	    memcmp(base + start, sp, sizeof(sp)) != 0)
		return false;
	*skipp = base[start + sizeof(sp)];
	return true;
}

static bool
is_rrip_name(const struct susp_entry *entry)
{
	static const char *const names[] = {
		"RRIP_1991A", "IEEE_P1282", "IEEE_1282"
	};
	const unsigned int len = entry->su_length >= 8 ? entry->su_data[0] : 0;
	unsigned int i;

	if (len == 0 || 8 + len > entry->su_length)
		return false;
	for (i = 0; i < __arraycount(names); i++) {
		if (strlen(names[i]) == len &&
		    memcmp(entry->su_data + 4, names[i], len) == 0)
			return true;
	}
	return false;
}

/*
 * SP says that SUSP is in use, ER which extensions are.  Discs exist that
 * leave ER out; there, attributes in PX speak for themselves.
 */
bool
rrip_detect(struct cd9660_mount *cm, const struct iso_record *record,
    unsigned int *firstp, unsigned int *skipp)
{
	const struct susp_entry *entry;
	struct susp_walk walk;
	bool found = false;

	if (has_sp(record, 0, skipp))
		*firstp = 0;
	else if (has_sp(record, SUSP_AFTER_XA, skipp))
		*firstp = SUSP_AFTER_XA;
	else
		return false;

	susp_begin(&walk, cm, record, *firstp);
	while (!found && susp_next(&walk, &entry) == 0) {
		switch (susp_signature(entry)) {
		case SUSP_ENTRY('E', 'R'):
			found = is_rrip_name(entry);
			break;
		case SUSP_ENTRY('P', 'X'):
		case SUSP_ENTRY('R', 'R'):
			found = true;
			break;
		}
	}
	susp_end(&walk);
	return found;
}
