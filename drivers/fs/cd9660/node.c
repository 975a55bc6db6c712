/* SPDX-License-Identifier: BSD-2-Clause */

/*
 * Nodes: what a vnode's v_data points to.
 *
 * A node is made from the directory records at its position, and from what
 * Rock Ridge entries or an extended attribute record add to them.  It keeps no
 * link to its directory.  vfsops.c hangs it on a vnode; until then and
 * after that nobody else sees it, and all but the index is constant.
 *
 * What a record does not say is: owner and group 0, everybody may read and
 * execute (search), all times the recording date.
 *
 * Contents are sections.  Sections that lie one behind the other on the disc,
 * as those of a file of more than 4 GiB do, become one here.  Only the last may
 * end within a block: the page cache asks for blocks.
 *
 * Ref: ECMA-119 6.5.1 (sections), 6.4.3 (interleaving), 9.1, 9.5.
 */

#include "cd9660.h"

#include <sys/errno.h>
#include <sys/hash.h>
#include <sys/kmem.h>
#include <sys/namei.h>
#include <sys/stat.h>
#include <sys/systm.h>

#include <fs/cd9660/cd9660_mount.h>

#include "dir.h"
#include "rrip.h"

#define MAX_SECTIONS	65536

#define MODE_DEFAULT	(S_IRUSR | S_IXUSR | S_IRGRP | S_IXGRP | S_IROTH | S_IXOTH)

/* --------------------------------------------------------------- contents */

static int
bad_section(struct cd9660_node *node, const char *how)
{

	cd9660_complain(node->cn_mount, CD9660_BAD_SECTION,
	    "file at byte %#jx: %s", (uintmax_t)node->cn_position, how);
	return EIO;
}

/* Make room for one more section. */
static void
grow_sections(struct cd9660_node *node)
{
	const unsigned int room = node->cn_sections_room;
	const unsigned int more = room == 0 ? 4 : room * 2;
	struct cd9660_section *sections;

	if (node->cn_nsections < (room == 0 ? 1 : room))
		return;
	sections = kmem_alloc(more * sizeof(*sections), KM_SLEEP);
	memcpy(sections, node->cn_sections,
	    node->cn_nsections * sizeof(*sections));
	if (room != 0)
		kmem_free(node->cn_sections, room * sizeof(*sections));
	node->cn_sections = sections;
	node->cn_sections_room = more;
}

static int
add_section(struct cd9660_node *node, const struct iso_record *record)
{
	struct cd9660_mount *cm = node->cn_mount;
	const uint32_t block_mask = (1U << cm->cm_block_shift) - 1;
	const uint64_t position = cd9660_record_position(cm, record);
	const uint32_t length = iso_both32(record->dr_size);
	struct cd9660_section *section;

	if (!iso_both32_agree(record->dr_extent) ||
	    !iso_both32_agree(record->dr_size))
		cd9660_complain(cm, CD9660_BAD_NUMBER,
		    "place or size of file at byte %#jx differs between byte "
		    "orders", (uintmax_t)node->cn_position);
	if (length == 0)
		return 0;
	if (record->dr_gap != 0 && record->dr_unit == 0)
		return bad_section(node, "interleaved without units");
	if ((node->cn_size & block_mask) != 0)
		return bad_section(node, "section ends within a block");

	section = &node->cn_sections[node->cn_nsections - 1];
	if (node->cn_nsections > 0 && record->dr_gap == 0 &&
	    section->cs_unit == 0 &&
	    section->cs_position + section->cs_length == position) {
		section->cs_length += length;
		node->cn_size += length;
		return 0;
	}
	if (node->cn_nsections == MAX_SECTIONS)
		return bad_section(node, "too many sections");
	grow_sections(node);
	section = &node->cn_sections[node->cn_nsections++];
	section->cs_offset = node->cn_size;
	section->cs_length = length;
	section->cs_position = position;
	section->cs_unit = section->cs_gap = 0;
	if (record->dr_gap != 0) {
		section->cs_unit = record->dr_unit << cm->cm_block_shift;
		section->cs_gap = record->dr_gap << cm->cm_block_shift;
	}
	node->cn_size += length;
	return 0;
}

/* All sections of a file whose first record the cursor has just given. */
static int
read_sections(struct cd9660_node *node, struct cd9660_cursor *cursor,
    const struct iso_record *record)
{
	const uint8_t name_length = record->dr_name_length;
	uint8_t name[ISO_RECORD_MAX];
	int error;

	memcpy(name, record->dr_name, name_length);
	for (;;) {
		error = add_section(node, record);
		if (error != 0)
			return error;
		if ((record->dr_flags & ISO_FLAG_MORE) == 0)
			return 0;
		error = cd9660_cursor_next(cursor, &record);
		if (error == ENOENT)
			return bad_section(node, "last section is missing");
		if (error != 0)
			return error;
		if (record->dr_name_length != name_length ||
		    memcmp(record->dr_name, name, name_length) != 0)
			return bad_section(node, "last section is missing");
	}
}

/*
 * A directory is one piece.  Its own record "." says how long it is; where it
 * is, its parent said.
 */
static int
read_directory(struct cd9660_node *node, const struct iso_record *record)
{
	struct cd9660_mount *cm = node->cn_mount;
	struct cd9660_section *section = &node->cn_first;

	node->cn_size = iso_both32(record->dr_size);
	if (node->cn_size == 0 ||
	    cd9660_record_position(cm, record) != node->cn_position) {
		cd9660_complain(cm, CD9660_BAD_DIRECTORY,
		    "directory at byte %#jx does not describe itself",
		    (uintmax_t)node->cn_position);
		if (node->cn_size == 0)
			return EIO;
	}
	section->cs_offset = 0;
	section->cs_length = node->cn_size;
	section->cs_position = node->cn_position;
	section->cs_unit = section->cs_gap = 0;
	node->cn_nsections = 1;
	return 0;
}

/* ------------------------------------------------------------- attributes */

/*
 * Permissions in an extended attribute record: a bit that is 0 permits.  Bits
 * 4, 8, 12 are reading by owner, group, others; two higher, executing.
 */
static mode_t
xattr_mode(uint16_t denied)
{
	mode_t mode = 0;

	if ((denied & 0x0010) == 0)
		mode |= S_IRUSR;
	if ((denied & 0x0040) == 0)
		mode |= S_IXUSR;
	if ((denied & 0x0100) == 0)
		mode |= S_IRGRP;
	if ((denied & 0x0400) == 0)
		mode |= S_IXGRP;
	if ((denied & 0x1000) == 0)
		mode |= S_IROTH;
	if ((denied & 0x4000) == 0)
		mode |= S_IXOTH;
	return mode;
}

static int
read_xattr(struct cd9660_node *node, const struct iso_record *record)
{
	struct cd9660_mount *cm = node->cn_mount;
	struct iso_xattr xattr;
	int error;

	if ((cm->cm_flags & ISOFSMNT_EXTATT) == 0 ||
	    record->dr_xar_length == 0)
		return 0;
	error = cd9660_read(cm, cd9660_block_position(cm,
	    iso_both32(record->dr_extent)), &xattr, sizeof(xattr));
	if (error != 0)
		return error;
	node->cn_uid = iso_both16(xattr.xa_uid);
	node->cn_gid = iso_both16(xattr.xa_gid);
	node->cn_mode = xattr_mode(be16dec(xattr.xa_perm));
	cd9660_date17(xattr.xa_mtime, &node->cn_mtime);
	cd9660_date17(xattr.xa_ctime, &node->cn_btime);
	node->cn_atime = node->cn_ctime = node->cn_mtime;
	return 0;
}

static void
set_times(struct cd9660_node *node, const struct rrip *rr)
{

	if ((rr->rr_has & RRIP_HAS_MTIME) != 0) {
		node->cn_mtime = rr->rr_mtime;
		node->cn_atime = node->cn_ctime = node->cn_btime = rr->rr_mtime;
	}
	if ((rr->rr_has & RRIP_HAS_ATIME) != 0)
		node->cn_atime = rr->rr_atime;
	if ((rr->rr_has & RRIP_HAS_CTIME) != 0)
		node->cn_ctime = rr->rr_ctime;
	if ((rr->rr_has & RRIP_HAS_BTIME) != 0)
		node->cn_btime = rr->rr_btime;
}

/* Attributes of Rock Ridge.  A directory stays one, and nothing becomes one. */
static int
set_rrip(struct cd9660_node *node, const struct rrip *rr)
{

	if ((rr->rr_has & RRIP_HAS_MODE) != 0) {
		node->cn_mode = rr->rr_mode & ALLPERMS;
		node->cn_nlink = MAX(rr->rr_nlink, 1);
		node->cn_uid = rr->rr_uid;
		node->cn_gid = rr->rr_gid;
	}
	set_times(node, rr);
	node->cn_unsupported = (rr->rr_has & RRIP_UNSUPPORTED) != 0;
	if (node->cn_type == VDIR)
		return 0;

	/* This is a directory that was moved; it is known by its place. */
	if ((rr->rr_has & RRIP_HAS_CHILD) != 0)
		return ENOENT;
	if ((rr->rr_has & RRIP_HAS_MODE) != 0 && !S_ISDIR(rr->rr_mode))
		node->cn_type = IFTOVT(rr->rr_mode);
	else if ((rr->rr_has & RRIP_HAS_LINK) != 0)
		node->cn_type = VLNK;
	if (node->cn_type == VNON || node->cn_type == VBAD)
		node->cn_type = VREG;
	if ((node->cn_type == VCHR || node->cn_type == VBLK) &&
	    (rr->rr_has & RRIP_HAS_DEVICE) != 0)
		node->cn_rdev = rr->rr_rdev;
	return 0;
}

static int
set_link(struct cd9660_node *node, const struct rrip *rr)
{

	if ((rr->rr_has & (RRIP_HAS_LINK | RRIP_BAD_LINK)) != RRIP_HAS_LINK ||
	    rr->rr_link_len == 0) {
		cd9660_complain(node->cn_mount, CD9660_BAD_LINK,
		    "symbolic link at byte %#jx has no target",
		    (uintmax_t)node->cn_position);
		return EIO;
	}
	node->cn_size = rr->rr_link_len;
	node->cn_link = kmem_alloc(rr->rr_link_len, KM_SLEEP);
	memcpy(node->cn_link, rr->rr_link, rr->rr_link_len);
	return 0;
}

static int
read_rrip(struct cd9660_node *node, const struct iso_record *record)
{
	struct cd9660_mount *cm = node->cn_mount;
	struct rrip rr;
	int error;

	if (cm->cm_style != CD9660_RRIP)
		return 0;
	rr.rr_link = PNBUF_GET();
	error = rrip_read(cm, record, node->cn_position == cm->cm_root ?
	    cm->cm_susp_first : cm->cm_susp_skip, &rr);
	if (error == 0)
		error = set_rrip(node, &rr);
	if (error == 0 && node->cn_type == VLNK)
		error = set_link(node, &rr);
	PNBUF_PUT(rr.rr_link);
	return error;
}

static int
read_attributes(struct cd9660_node *node, const struct iso_record *record)
{
	int error;

	node->cn_type = cd9660_is_dot(record) ? VDIR : VREG;
	node->cn_mode = MODE_DEFAULT;
	node->cn_nlink = node->cn_type == VDIR ? 2 : 1;
	cd9660_date7(record->dr_date, &node->cn_mtime);
	node->cn_atime = node->cn_ctime = node->cn_btime = node->cn_mtime;
	error = read_xattr(node, record);
	if (error != 0)
		return error;
	return read_rrip(node, record);
}

/* ------------------------------------------------------------------- node */

static int
read_node(struct cd9660_node *node, struct cd9660_cursor *cursor)
{
	const struct iso_record *record;
	int error;

	error = cd9660_cursor_next(cursor, &record);
	if (error != 0)
		return error;
	/* A forged handle: nothing is here, or a directory's name for another. */
	if (cursor->cu_here != node->cn_position || cd9660_is_dotdot(record) ||
	    ((record->dr_flags & ISO_FLAG_DIRECTORY) != 0 &&
	    !cd9660_is_dot(record)))
		return ENOENT;
	node->cn_check = hash32_buf(record, record->dr_length, HASH32_BUF_INIT);
	error = read_attributes(node, record);
	if (error != 0)
		return error;
	switch (node->cn_type) {
	case VDIR:
		return read_directory(node, record);
	case VREG:
		return read_sections(node, cursor, record);
	default:
		return 0;
	}
}

int
cd9660_node_create(struct cd9660_mount *cm, uint64_t position,
    struct cd9660_node **nodep)
{
	struct cd9660_cursor cursor;
	struct cd9660_node *node;
	int error;

	if (position >= cm->cm_device_size) {
		cd9660_complain(cm, CD9660_BEYOND_END,
		    "byte %#jx is beyond the end of the device",
		    (uintmax_t)position);
		return EIO;
	}
	node = kmem_zalloc(sizeof(*node), KM_SLEEP);
	node->cn_mount = cm;
	node->cn_position = position;
	node->cn_sections = &node->cn_first;

	cd9660_cursor_begin(&cursor, cm, position, cm->cm_device_size);
	error = read_node(node, &cursor);
	cd9660_cursor_end(&cursor);
	if (error != 0) {
		cd9660_node_destroy(node);
		return error;
	}
	*nodep = node;
	return 0;
}

void
cd9660_node_destroy(struct cd9660_node *node)
{

	cd9660_index_drop(node);
	if (node->cn_link != NULL)
		kmem_free(node->cn_link, node->cn_size);
	if (node->cn_sections_room != 0)
		kmem_free(node->cn_sections, node->cn_sections_room *
		    sizeof(*node->cn_sections));
	kmem_free(node, sizeof(*node));
}
