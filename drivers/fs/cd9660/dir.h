/* SPDX-License-Identifier: BSD-2-Clause */

/*
 * Directories: their records, the entries these make, and the index that finds
 * one by name.
 */

#ifndef CD9660_DIR_H
#define CD9660_DIR_H

#include "iso9660.h"
#include "names.h"

struct cd9660_mount;
struct cd9660_node;

/*
 * A cursor walks over records, from one position to another, and checks that
 * each lies whole in its sector.  It works on a copy of the sector.
 */
struct cd9660_cursor {
	struct cd9660_mount *cu_cm;
	uint64_t	cu_next;	/* position of the next record */
	uint64_t	cu_end;
	uint64_t	cu_here;	/* position of the last one returned */
	uint64_t	cu_sector;	/* the one in cu_buffer */
	uint8_t		*cu_buffer;
};

/* Begin; what is between start and end need not be a directory. */
void	cd9660_cursor_begin(struct cd9660_cursor *cursor,
	    struct cd9660_mount *cm, uint64_t start, uint64_t end);
void	cd9660_cursor_end(struct cd9660_cursor *cursor);

/* 0, ENOENT at the end, or EIO.  *recordp is valid until the next call. */
int	cd9660_cursor_next(struct cd9660_cursor *cursor,
	    const struct iso_record **recordp);

/* An entry: what one name stands for. */
struct cd9660_entry {
	uint64_t	en_ino;		/* position of the object */
	uint64_t	en_offset;	/* of its first record in the directory */
	uint64_t	en_next;	/* of what follows its last one */
	uint8_t		en_type;	/* DT_* */
	struct cd9660_name en_name;
};

/*
 * A reader walks over the entries of a directory.  It passes over what is not
 * to be seen: associated files, directories that were moved here because the
 * tree was too deep, further sections of a file and, unless all is set, older
 * versions.
 */
struct cd9660_reader {
	struct cd9660_cursor rd_cursor;
	struct cd9660_node *rd_directory;
	uint64_t	rd_from;	/* offset of the first entry wanted */
	bool		rd_all;
	struct cd9660_name rd_previous;	/* the file before, without GENS */
};

/*
 * offset: 0, or an en_next (then older versions of the entry before are known
 * as such), or any other number (then the entries that begin there or later).
 */
void	cd9660_reader_begin(struct cd9660_reader *reader,
	    struct cd9660_node *directory, uint64_t offset, bool all);
void	cd9660_reader_end(struct cd9660_reader *reader);
int	cd9660_reader_next(struct cd9660_reader *reader,
	    struct cd9660_entry *entry);

/*
 * Find a name (not "." or "..", see cd9660_dir_parent).
 * Returns 0, ENOENT or EIO.
 */
int	cd9660_dir_find(struct cd9660_node *directory, const char *name,
	    size_t len, uint64_t *inop);

/* The position of the directory's parent. */
int	cd9660_dir_parent(struct cd9660_node *directory, uint64_t *inop);

/* A directory was found in another one. */
void	cd9660_dir_set_parent(struct cd9660_node *directory,
	    const struct cd9660_node *parent);

/* Indexes; see index.c. */
void	cd9660_index_init(struct cd9660_mount *cm);
void	cd9660_index_fini(struct cd9660_mount *cm);
void	cd9660_index_drop(struct cd9660_node *directory);

/*
 * The index of a directory, made if there is none; NULL if the directory is
 * too small to need one or too big to have one.  Give it back by put.
 */
struct cd9660_index *cd9660_index_get(struct cd9660_node *directory);
void	cd9660_index_put(struct cd9660_mount *cm, struct cd9660_index *index);

/*
 * The offset of the entry number n, from 0, whose name has this hash, in the
 * directory's order.  false: there are not so many.
 */
bool	cd9660_index_find(const struct cd9660_index *index, uint32_t hash,
	    unsigned int n, uint64_t *offsetp);

#endif
