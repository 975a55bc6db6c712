/* SPDX-License-Identifier: BSD-2-Clause */

/*
 * Directories.
 *
 * A directory is a row of sectors, filled with records; no record crosses the
 * end of a sector, and what is left there is zero.  The first two records are
 * the directory itself and its parent.
 *
 * Offsets in a directory (readdir's cookies, the index) are bytes from its
 * beginning.  Programs may pass any number: a walk begins at the start of a
 * sector, where there always is a record, and passes over what it does not want.
 *
 * A record that does not lie whole in its sector makes the rest of the
 * directory unreadable: EIO.  Damage behind a record's name costs only the
 * name that Rock Ridge has for it; the object itself then cannot be opened.
 *
 * Ref: ECMA-119 6.8.1 (contents), 9.1 (record), 9.3 (order);
 *      IEEE P1282 4.1.5 (directories that were moved).
 */

#include "dir.h"

#include <sys/dirent.h>
#include <sys/errno.h>
#include <sys/kmem.h>
#include <sys/stat.h>
#include <sys/systm.h>

#include <fs/cd9660/cd9660_mount.h>

#include "cd9660.h"
#include "rrip.h"

#define NO_SECTOR	UINT64_MAX
#define READ_AHEAD	8		/* sectors */

/* ---------------------------------------------------------------- records */

void
cd9660_cursor_begin(struct cd9660_cursor *cursor, struct cd9660_mount *cm,
    uint64_t start, uint64_t end)
{

	cursor->cu_cm = cm;
	cursor->cu_next = start;
	cursor->cu_end = end;
	cursor->cu_here = start;
	cursor->cu_sector = NO_SECTOR;
	cursor->cu_buffer = kmem_alloc(ISO_SECTOR_SIZE, KM_SLEEP);
}

void
cd9660_cursor_end(struct cd9660_cursor *cursor)
{

	kmem_free(cursor->cu_buffer, ISO_SECTOR_SIZE);
}

/* Have the sector with the next record in the buffer. */
static int
fill(struct cd9660_cursor *cursor)
{
	const uint64_t sector = cursor->cu_next >> ISO_SECTOR_SHIFT;
	const uint64_t last = (cursor->cu_end - 1) >> ISO_SECTOR_SHIFT;
	unsigned int ahead = 0;
	int error;

	if (sector == cursor->cu_sector)
		return 0;
	/* Only who has read a whole sector is going to read more. */
	if (cursor->cu_sector != NO_SECTOR)
		ahead = MIN(last - sector, READ_AHEAD);
	error = cd9660_read_sector(cursor->cu_cm, sector, ahead,
	    cursor->cu_buffer);
	cursor->cu_sector = error == 0 ? sector : NO_SECTOR;
	return error;
}

static bool
record_is_sound(const struct iso_record *record, unsigned int room)
{

	return record->dr_length >= ISO_RECORD_MIN &&
	    record->dr_length <= room && record->dr_name_length != 0 &&
	    ISO_RECORD_HEADER + record->dr_name_length <= record->dr_length;
}

int
cd9660_cursor_next(struct cd9660_cursor *cursor,
    const struct iso_record **recordp)
{
	const struct iso_record *record;
	unsigned int skip;
	int error;

	for (;;) {
		if (cursor->cu_next >= cursor->cu_end)
			return ENOENT;
		error = fill(cursor);
		if (error != 0)
			return error;
		skip = cursor->cu_next % ISO_SECTOR_SIZE;
		record = (const struct iso_record *)(cursor->cu_buffer + skip);
		if (record->dr_length != 0)
			break;
		cursor->cu_next += ISO_SECTOR_SIZE - skip;
	}
	if (!record_is_sound(record, ISO_SECTOR_SIZE - skip)) {
		cd9660_complain(cursor->cu_cm, CD9660_BAD_RECORD,
		    "damaged directory record at byte %#jx",
		    (uintmax_t)cursor->cu_next);
		return EIO;
	}
	cursor->cu_here = cursor->cu_next;
	cursor->cu_next += record->dr_length;
	*recordp = record;
	return 0;
}

/* ---------------------------------------------------------------- entries */

static inline uint64_t
dir_start(const struct cd9660_node *directory)
{

	return directory->cn_first.cs_position;
}

static inline uint64_t
dir_end(const struct cd9660_node *directory)
{

	return dir_start(directory) + directory->cn_size;
}

/* Begin at a record. */
static void
reader_begin_at(struct cd9660_reader *reader, struct cd9660_node *directory,
    uint64_t offset)
{

	reader->rd_directory = directory;
	reader->rd_from = 0;
	reader->rd_all = true;
	reader->rd_previous.nm_len = 0;
	cd9660_cursor_begin(&reader->rd_cursor, directory->cn_mount,
	    dir_start(directory) + offset, dir_end(directory));
}

void
cd9660_reader_begin(struct cd9660_reader *reader,
    struct cd9660_node *directory, uint64_t offset, bool all)
{
	const uint64_t start = dir_start(directory);
	uint64_t sector = 0;

	/*
	 * The sector of the byte before: there the entry before ended, which
	 * tells an older version.
	 */
	if (offset != 0 && offset <= directory->cn_size) {
		sector = (start + offset - 1) & ~(uint64_t)(ISO_SECTOR_SIZE - 1);
		sector = sector > start ? sector - start : 0;
	} else if (offset != 0) {
		sector = directory->cn_size;
	}
	reader_begin_at(reader, directory, sector);
	reader->rd_from = offset;
	reader->rd_all = all;
}

void
cd9660_reader_end(struct cd9660_reader *reader)
{

	cd9660_cursor_end(&reader->rd_cursor);
}

void
cd9660_dir_set_parent(struct cd9660_node *directory,
    const struct cd9660_node *parent)
{
	struct cd9660_mount *cm = directory->cn_mount;

	mutex_enter(&cm->cm_index_lock);
	directory->cn_parent = parent->cn_position;
	mutex_exit(&cm->cm_index_lock);
}

/* The parent, as far as it is known without the disc; 0 = it is not. */
static uint64_t
known_parent(struct cd9660_node *directory)
{
	struct cd9660_mount *cm = directory->cn_mount;
	uint64_t parent;

	if (directory->cn_position == cm->cm_root)
		return cm->cm_root;
	mutex_enter(&cm->cm_index_lock);
	parent = directory->cn_parent;
	mutex_exit(&cm->cm_index_lock);
	return parent;
}

/*
 * What ".." stands for: the directory that this one was found in.  Only if it
 * was not found by name (file handles) the disc is asked: programs exist that
 * write there the directory itself.  Rock Ridge moves directories, and says
 * from where.
 */
static uint64_t
parent_position(struct cd9660_node *directory, const struct iso_record *record)
{
	struct cd9660_mount *cm = directory->cn_mount;
	const uint64_t parent = known_parent(directory);
	struct rrip rr;

	if (parent != 0)
		return parent;
	if (cm->cm_style == CD9660_RRIP) {
		rr.rr_link = NULL;
		(void)rrip_read(cm, record, cm->cm_susp_skip, &rr);
		if ((rr.rr_has & RRIP_HAS_PARENT) != 0)
			return rr.rr_parent;
	}
	return cd9660_record_position(cm, record);
}

/* Name, type and object as Rock Ridge has them.  false: not to be seen here. */
static bool
read_rrip(struct cd9660_mount *cm, const struct iso_record *record,
    struct cd9660_entry *entry)
{
	struct rrip rr;

	rr.rr_link = NULL;
	(void)rrip_read(cm, record, cm->cm_susp_skip, &rr);
	if ((rr.rr_has & RRIP_RELOCATED) != 0)
		return false;
	if ((rr.rr_has & (RRIP_HAS_NAME | RRIP_BAD_NAME)) == RRIP_HAS_NAME) {
		cd9660_name_set(&entry->en_name, rr.rr_name, rr.rr_name_len);
	} else {
		if ((rr.rr_has & RRIP_BAD_NAME) != 0)
			cd9660_complain(cm, CD9660_BAD_NAME,
			    "Rock Ridge name that cannot be one");
		cd9660_name_read(cm, record, &entry->en_name);
	}
	if ((rr.rr_has & RRIP_HAS_CHILD) != 0) {
		entry->en_ino = rr.rr_child;
		entry->en_type = DT_DIR;
	} else if ((rr.rr_has & RRIP_HAS_MODE) != 0 &&
	    entry->en_type != DT_DIR && !S_ISDIR(rr.rr_mode)) {
		entry->en_type = IFTODT(rr.rr_mode);
	}
	return true;
}

/* Read what a record says of its entry.  false: not to be seen. */
static bool
read_record(struct cd9660_reader *reader, const struct iso_record *record,
    struct cd9660_entry *entry)
{
	struct cd9660_node *directory = reader->rd_directory;
	struct cd9660_mount *cm = directory->cn_mount;

	entry->en_offset = reader->rd_cursor.cu_here - dir_start(directory);
	entry->en_type = DT_DIR;
	if (cd9660_is_dot(record)) {
		entry->en_ino = directory->cn_position;
		cd9660_name_set(&entry->en_name, ".", 1);
		return true;
	}
	if (cd9660_is_dotdot(record)) {
		entry->en_ino = parent_position(directory, record);
		cd9660_name_set(&entry->en_name, "..", 2);
		return true;
	}
	if ((record->dr_flags & ISO_FLAG_ASSOCIATED) != 0)
		return false;
	if ((record->dr_flags & ISO_FLAG_DIRECTORY) != 0) {
		entry->en_ino = cd9660_record_position(cm, record);
	} else {
		entry->en_ino = reader->rd_cursor.cu_here;
		entry->en_type = DT_REG;
	}
	if (cm->cm_style == CD9660_RRIP)
		return read_rrip(cm, record, entry);
	cd9660_name_read(cm, record, &entry->en_name);
	return true;
}

/* Go behind the other sections of the file whose first record this is. */
static int
skip_sections(struct cd9660_cursor *cursor, const struct iso_record *record)
{
	const uint8_t name_length = record->dr_name_length;
	uint8_t name[ISO_RECORD_MAX];
	int error;

	if ((record->dr_flags & ISO_FLAG_MORE) == 0)
		return 0;
	memcpy(name, record->dr_name, name_length);
	do {
		error = cd9660_cursor_next(cursor, &record);
		if (error != 0)
			return error == ENOENT ? 0 : error;
		if (record->dr_name_length != name_length ||
		    memcmp(record->dr_name, name, name_length) != 0) {
			/* Another file; the one before is damaged. */
			cursor->cu_next = cursor->cu_here;
			return 0;
		}
	} while ((record->dr_flags & ISO_FLAG_MORE) != 0);
	return 0;
}

/* Versions of one file stand together, the newest first. */
static bool
is_older(struct cd9660_reader *reader, const struct cd9660_entry *entry)
{
	const struct cd9660_name *name = &entry->en_name;
	struct cd9660_name *previous = &reader->rd_previous;

	if (name->nm_version == 0 ||
	    (reader->rd_cursor.cu_cm->cm_flags & ISOFSMNT_GENS) != 0)
		return false;
	if (previous->nm_len == name->nm_base &&
	    memcmp(previous->nm_text, name->nm_text, name->nm_base) == 0)
		return true;
	cd9660_name_set(previous, name->nm_text, name->nm_base);
	return false;
}

int
cd9660_reader_next(struct cd9660_reader *reader, struct cd9660_entry *entry)
{
	const struct iso_record *record;
	bool visible;
	int error;

	for (;;) {
		error = cd9660_cursor_next(&reader->rd_cursor, &record);
		if (error != 0)
			return error;
		visible = read_record(reader, record, entry);
		error = skip_sections(&reader->rd_cursor, record);
		if (error != 0)
			return error;
		entry->en_next = reader->rd_cursor.cu_next -
		    dir_start(reader->rd_directory);
		if (visible && !reader->rd_all && is_older(reader, entry))
			visible = false;
		if (visible && entry->en_offset >= reader->rd_from)
			return 0;
	}
}

/* ----------------------------------------------------------------- search */

struct search {
	const char	*text;
	size_t		base;
	unsigned int	version;	/* 0 = the newest */
	bool		found;		/* a name like it, in other case */
	uint64_t	ino;
};

/* Returns true if this is the entry. */
static bool
search_consider(struct search *search, const struct cd9660_mount *cm,
    const struct cd9660_entry *entry)
{
	const enum cd9660_match match = cd9660_name_match(cm, &entry->en_name,
	    search->text, search->base);

	if (match == CD9660_DIFFERENT)
		return false;
	if (search->version != 0 &&
	    search->version != entry->en_name.nm_version)
		return false;
	if (match == CD9660_SAME || !search->found)
		search->ino = entry->en_ino;
	search->found = true;
	return match == CD9660_SAME;
}

static int
search_all(struct search *search, struct cd9660_node *directory)
{
	struct cd9660_reader reader;
	struct cd9660_entry entry;
	int error;

	cd9660_reader_begin(&reader, directory, 0, true);
	while ((error = cd9660_reader_next(&reader, &entry)) == 0) {
		if (search_consider(search, directory->cn_mount, &entry))
			break;
	}
	cd9660_reader_end(&reader);
	return error == ENOENT && search->found ? 0 : error;
}

static int
search_index(struct search *search, struct cd9660_node *directory,
    const struct cd9660_index *index)
{
	const uint32_t hash = cd9660_name_hash(search->text, search->base);
	struct cd9660_reader reader;
	struct cd9660_entry entry;
	uint64_t offset;
	unsigned int n;
	int error;

	for (n = 0; cd9660_index_find(index, hash, n, &offset); n++) {
		reader_begin_at(&reader, directory, offset);
		error = cd9660_reader_next(&reader, &entry);
		cd9660_reader_end(&reader);
		if (error != 0)
			return error;
		if (search_consider(search, directory->cn_mount, &entry))
			break;
	}
	return search->found ? 0 : ENOENT;
}

int
cd9660_dir_find(struct cd9660_node *directory, const char *name, size_t len,
    uint64_t *inop)
{
	struct cd9660_mount *cm = directory->cn_mount;
	struct search search = { .text = name };
	struct cd9660_index *index;
	int error;

	cd9660_name_split(cm, name, len, &search.base, &search.version);
	index = cd9660_index_get(directory);
	if (index != NULL) {
		error = search_index(&search, directory, index);
		cd9660_index_put(cm, index);
	} else {
		error = search_all(&search, directory);
	}
	if (error == 0)
		*inop = search.ino;
	return error;
}

int
cd9660_dir_parent(struct cd9660_node *directory, uint64_t *inop)
{
	struct cd9660_cursor cursor;
	const struct iso_record *record;
	int error;

	*inop = known_parent(directory);
	if (*inop != 0)
		return 0;
	cd9660_cursor_begin(&cursor, directory->cn_mount, dir_start(directory),
	    dir_end(directory));
	error = cd9660_cursor_next(&cursor, &record);
	if (error == 0)
		error = cd9660_cursor_next(&cursor, &record);
	if (error == 0 && !cd9660_is_dotdot(record))
		error = ENOENT;
	if (error == 0)
		*inop = parent_position(directory, record);
	cd9660_cursor_end(&cursor);
	if (error == ENOENT) {
		cd9660_complain(directory->cn_mount, CD9660_BAD_DIRECTORY,
		    "directory without a parent at byte %#jx",
		    (uintmax_t)directory->cn_position);
		error = EIO;
	}
	return error;
}
