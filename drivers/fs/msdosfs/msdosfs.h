/* SPDX-License-Identifier: BSD-2-Clause */

/*
 * FAT file system: its mount and its nodes.
 *
 * A *cluster* is numbered as the FAT numbers it, from 2.  A *slot* is the number
 * of a directory's 32-byte entry.  A *position* is a byte offset on the device.
 * Objects are named by a key, the key of the vnode cache and the inode number:
 * an even one is the position of a file's short entry, an odd one that of a
 * directory's first cluster, both in slots; MSDOSFS_ROOT is the root.
 *
 * Locks, in this order:
 *	vnode lock	a node's size, attributes and times; of a directory, its
 *			entries
 *	genfs node lock	as genfs wants it: pages against the size
 *	mm_lock		all that concerns the volume: the FAT, cached metadata,
 *			indexes of directories, where a node's entry is.  It is
 *			held through transfers of metadata, never while a vnode
 *			is asked for.
 *	n_lock		a leaf: where the clusters of a file are, and its times.
 *			Clusters change under mm_lock and this one; either is
 *			enough to look.
 */

#ifndef MSDOSFS_MSDOSFS_H
#define MSDOSFS_MSDOSFS_H

#include <sys/param.h>
#include <sys/endian.h>
#include <sys/mount.h>
#include <sys/mutex.h>
#include <sys/queue.h>
#include <sys/rwlock.h>
#include <sys/time.h>
#include <sys/vnode.h>

#include <miscfs/genfs/genfs_node.h>

#include "fat.h"

struct msdosfs_index;

#define MSDOSFS_ROOT		1
#define MSDOSFS_UNLINKED	(1ULL << 63)	/* keys of what has no name */

/* What the log has been told about; each is told once a mount. */
enum msdosfs_complaint {
	MSDOSFS_BAD_CHAIN,
	MSDOSFS_BAD_FREE,
	MSDOSFS_BAD_LINK,
	MSDOSFS_BAD_DIRECTORY,
	MSDOSFS_BAD_ENTRY,
	MSDOSFS_BAD_NAME,
	MSDOSFS_BAD_INFO,
	MSDOSFS_BEYOND_END,
	MSDOSFS_IO_ERROR,
	MSDOSFS_WAS_DIRTY
};

/* Kinds of cached metadata, in the order in which they are written. */
enum msdosfs_kind {
	MSDOSFS_META_FAT,
	MSDOSFS_META_DIR,
	MSDOSFS_META_OTHER,
	MSDOSFS_META_KINDS
};

/* A piece of the device that is in memory.  mm_lock. */
struct msdosfs_block {
	LIST_ENTRY(msdosfs_block) mb_hash;
	TAILQ_ENTRY(msdosfs_block) mb_use;	/* least recently used first */
	TAILQ_ENTRY(msdosfs_block) mb_dirtied;
	uint64_t	mb_position;
	uint32_t	mb_size;
	enum msdosfs_kind mb_kind;
	bool		mb_dirty;
	uint8_t		*mb_data;
};

TAILQ_HEAD(msdosfs_blocks, msdosfs_block);
LIST_HEAD(msdosfs_chain, msdosfs_block);

#define MSDOSFS_META_SIZE	4096	/* bytes of a block, at most */
#define MSDOSFS_META_CHAINS	512

/* Free clusters of a part of the volume. */
#define MSDOSFS_REGION_SHIFT	15
#define MSDOSFS_REGION		(1U << MSDOSFS_REGION_SHIFT)	/* clusters */

struct msdosfs_region {
	uint32_t	*mr_used;	/* a bit each; NULL: not looked at yet */
	uint32_t	mr_free;	/* clear bits */
};

/* To be done to the FAT once directories are on the device. */
struct msdosfs_pending {
	uint32_t	mp_cluster;
	uint32_t	mp_count;	/* clusters to free; 0: end the chain here */
};

struct msdosfs_mount {
	struct mount	*mm_mp;
	struct vnode	*mm_devvp;
	bool		mm_written;		/* it is open for writing, too */

	/* The volume; constant. */
	uint64_t	mm_device_size;		/* bytes */
	unsigned int	mm_sector_shift;
	unsigned int	mm_cluster_shift;	/* log2 of bytes */
	unsigned int	mm_fat_bits;		/* 12, 16, 32 */
	unsigned int	mm_fats;		/* copies that are written */
	uint64_t	mm_fat_start;		/* of the copy that is read */
	uint64_t	mm_fat_size;		/* bytes of a copy */
	uint64_t	mm_root_start;		/* FAT12, FAT16 */
	uint32_t	mm_root_slots;		/* 0 on FAT32 */
	uint32_t	mm_root_cluster;	/* FAT32 */
	uint64_t	mm_data_start;
	uint32_t	mm_clusters;
	uint64_t	mm_info;		/* position of FSInfo; 0: none */
	uint8_t		mm_media;

	/* The mount's options; they change while it is suspended. */
	uid_t		mm_uid;
	gid_t		mm_gid;
	mode_t		mm_mask;
	mode_t		mm_dirmask;
	int		mm_gmtoff;
	int		mm_flags;		/* MSDOSFSMNT_* */
	bool		mm_readonly;

	krwlock_t	mm_lock;		/* and the following */

	/* Metadata in memory: meta.c. */
	struct msdosfs_chain mm_table[MSDOSFS_META_CHAINS];
	struct msdosfs_blocks mm_blocks;
	struct msdosfs_blocks mm_dirty[MSDOSFS_META_KINDS];
	unsigned int	mm_nblocks;
	unsigned int	mm_ndirty;
	unsigned int	mm_blocks_max;
	uint64_t	mm_flushes;		/* how often all was written */
	uint32_t	mm_removed[256];	/* hashes of names removed since */
	unsigned int	mm_nremoved;

	/* Free clusters: alloc.c. */
	struct msdosfs_region *mm_regions;
	unsigned int	mm_nregions;
	uint32_t	mm_free;		/* without those pending */
	uint32_t	mm_next;		/* where to look first */
	bool		mm_free_known;
	bool		mm_counted;		/* by us: not FSInfo's word */
	bool		mm_info_dirty;
	struct msdosfs_pending *mm_pending;
	size_t		mm_npending;
	size_t		mm_pending_room;
	uint64_t	mm_pending_clusters;

	/* The volume's state. */
	bool		mm_in_use;		/* the dirty bit is set by us */
	bool		mm_was_dirty;		/* it was when we came */
	bool		mm_damaged;		/* found while mounted */
	int		mm_error;		/* of a write nobody waited for */
	bool		mm_short;		/* the device ends before it */
	uint64_t	mm_next_unlinked;
	uint64_t	mm_moved;		/* the key that a file is getting */

	/* Indexes of directories, least recently used first. */
	TAILQ_HEAD(, msdosfs_index) mm_indexes;
	size_t		mm_index_bytes;
	size_t		mm_index_max;

	/* Atomic: bits of enum msdosfs_complaint. */
	volatile unsigned int mm_complained;
};

/* From cluster ex_file of a file on, clusters ex_disk and following. */
struct msdosfs_extent {
	uint32_t	ex_file;
	uint32_t	ex_disk;
};

/* Times as a directory entry has them. */
struct msdosfs_times {
	uint16_t	ti_created_date, ti_created_time;
	uint8_t		ti_created_10ms;
	uint16_t	ti_accessed_date;
	uint16_t	ti_date, ti_time;
};

struct msdosfs_node {
	struct genfs_node n_genfs;	/* genfs wants it first */
	struct msdosfs_mount *n_mount;
	bool		n_is_dir;

	/* vnode lock; to change also mm_lock */
	uint64_t	n_key;
	bool		n_unlinked;
	bool		n_overlong;	/* what is behind its end could not be
					   cut off: the last use tries again */
	uint32_t	n_size;		/* of a file */
	uint8_t		n_attributes;

	/* Atomic: MSDOSFS_DUE_*. */
	volatile unsigned int n_due;

	/* mm_lock */
	uint64_t	n_entry;	/* position of the short entry; 0: none,
					   or not known */
	uint32_t	n_start;	/* first cluster; 0: none */
	uint64_t	n_parent;	/* directories: key; 0: ask the disk */
	uint64_t	n_cut;		/* mm_flushes when its chain was cut */

	/* n_lock */
	kmutex_t	n_lock;
	struct msdosfs_times n_times;

	/* n_lock, and mm_lock to change */
	struct msdosfs_extent *n_extents;
	uint32_t	n_nextents;
	uint32_t	n_extents_room;
	uint32_t	n_mapped;	/* clusters that they cover */
	bool		n_complete;	/* that is the whole chain */

	/* mm_lock: directories */
	uint32_t	n_slots;	/* 0: not known yet */
	struct msdosfs_index *n_index;

};

#define MSDOSFS_DUE_ACCESSED	0x1	/* access time */
#define MSDOSFS_DUE_MODIFIED	0x2	/* modification time */
#define MSDOSFS_DUE_ENTRY	0x4	/* the entry does not show the node yet */

/* A file or directory as a directory has it. */
struct msdosfs_entry {
	uint32_t	en_slot;	/* of the short entry */
	uint32_t	en_pieces;	/* slots of the long name before it */
	uint64_t	en_position;	/* of the short entry */
	struct fat_dirent en_raw;
	unsigned int	en_long_len;	/* units; 0: has no long name */
	uint16_t	en_long[FAT_NAME_MAX];
};

/* A name as programs give it. */
struct msdosfs_name {
	unsigned int	nm_len;		/* units */
	uint16_t	nm_text[FAT_NAME_MAX];
};

static inline struct msdosfs_mount *
mount_to_msdosfs(const struct mount *mp)
{

	return mp->mnt_data;
}

static inline struct msdosfs_node *
vnode_to_msdosfs(const struct vnode *vp)
{

	return vp->v_data;
}

static inline uint32_t
msdosfs_cluster_size(const struct msdosfs_mount *mm)
{

	return 1U << mm->mm_cluster_shift;
}

static inline bool
msdosfs_is_cluster(const struct msdosfs_mount *mm, uint32_t cluster)
{

	return cluster >= FAT_FIRST_CLUSTER &&
	    cluster - FAT_FIRST_CLUSTER < mm->mm_clusters;
}

static inline uint64_t
msdosfs_cluster_position(const struct msdosfs_mount *mm, uint32_t cluster)
{

	KASSERT(msdosfs_is_cluster(mm, cluster));
	return mm->mm_data_start +
	    ((uint64_t)(cluster - FAT_FIRST_CLUSTER) << mm->mm_cluster_shift);
}

/* Clusters that so many bytes take. */
static inline uint32_t
msdosfs_clusters(const struct msdosfs_mount *mm, uint64_t bytes)
{

	return (bytes + msdosfs_cluster_size(mm) - 1) >> mm->mm_cluster_shift;
}

static inline uint64_t
msdosfs_dir_key(const struct msdosfs_mount *mm, uint32_t cluster)
{

	return msdosfs_cluster_position(mm, cluster) / FAT_SLOT_SIZE * 2 + 1;
}

static inline uint64_t
msdosfs_file_key(uint64_t position)
{

	return position / FAT_SLOT_SIZE * 2;
}

static inline uint32_t
fat_dirent_start(const struct msdosfs_mount *mm, const struct fat_dirent *de)
{
	uint32_t start = le16dec(de->de_start);

	if (mm->mm_fat_bits == 32)
		start |= (uint32_t)le16dec(de->de_start_high) << 16;
	return start;
}

/* Tell the log what is wrong with the volume, unless this was told before. */
void	msdosfs_complain(struct msdosfs_mount *mm, enum msdosfs_complaint what,
	    const char *format, ...) __printflike(3, 4);

/* ------------------------------------------------------- metadata: meta.c */

void	msdosfs_meta_init(struct msdosfs_mount *mm);
void	msdosfs_meta_fini(struct msdosfs_mount *mm);

/* Take mm_lock to look; let go of it, and of memory that is too much. */
void	msdosfs_enter(struct msdosfs_mount *mm);
void	msdosfs_leave(struct msdosfs_mount *mm);

/*
 * Take mm_lock to change something: marks the volume as in use before the first
 * change.  0 (leave by msdosfs_leave), EROFS, EIO (not entered).
 */
int	msdosfs_enter_write(struct msdosfs_mount *mm);

/*
 * The block at a position, read if need be.  It stays until mm_lock is let go,
 * or msdosfs_meta_trim.  new: it is all zero, and not read.
 * Returns 0, EIO.
 */
int	msdosfs_meta_get(struct msdosfs_mount *mm, enum msdosfs_kind kind,
	    uint64_t position, uint32_t size, struct msdosfs_block **blockp);
void	msdosfs_meta_new(struct msdosfs_mount *mm, enum msdosfs_kind kind,
	    uint64_t position, uint32_t size, struct msdosfs_block **blockp);

/* Read count blocks of a size that are probably wanted, with one transfer. */
void	msdosfs_meta_prefetch(struct msdosfs_mount *mm, enum msdosfs_kind kind,
	    uint64_t position, uint32_t size, unsigned int count);

void	msdosfs_meta_dirty(struct msdosfs_mount *mm,
	    struct msdosfs_block *block);

/* Forget what is between two positions, unwritten changes included. */
void	msdosfs_meta_forget(struct msdosfs_mount *mm, uint64_t from,
	    uint64_t to);
void	msdosfs_meta_forget_cluster(struct msdosfs_mount *mm, uint32_t cluster);

void	msdosfs_meta_trim(struct msdosfs_mount *mm);

/* Write one block now, and wait. */
int	msdosfs_meta_write(struct msdosfs_mount *mm,
	    struct msdosfs_block *block);

/*
 * Write all changes: FAT, directories, then do what was pending and write the
 * FAT again; wait for each step.
 */
int	msdosfs_meta_flush(struct msdosfs_mount *mm);

/* Have the device write its cache.  mm_lock not needed. */
int	msdosfs_device_flush(struct msdosfs_mount *mm);

/* ---------------------------------------------------- the volume: volume.c */

/* Read and check the boot sector.  0, EINVAL (not FAT), EIO. */
int	msdosfs_volume_read(struct msdosfs_mount *mm);

/* FSInfo and the state in FAT[1].  mm_lock. */
int	msdosfs_state_read(struct msdosfs_mount *mm);
int	msdosfs_state_mark(struct msdosfs_mount *mm, bool in_use);
int	msdosfs_info_write(struct msdosfs_mount *mm);

/* ---------------------------------------------------------- the FAT: fat.c */

/* All with mm_lock.  Values are as FAT_* says.  0, EIO. */
int	msdosfs_fat_get(struct msdosfs_mount *mm, uint32_t cluster,
	    uint32_t *valuep);
int	msdosfs_fat_set(struct msdosfs_mount *mm, uint32_t cluster,
	    uint32_t value);

/* FAT[1], whose upper bits are the volume's state. */
int	msdosfs_fat_state(struct msdosfs_mount *mm, uint32_t clear,
	    uint32_t set, uint32_t *oldp);

/* Read what is needed to look at count clusters from one on. */
void	msdosfs_fat_prefetch(struct msdosfs_mount *mm, uint32_t cluster,
	    uint32_t count);

/* ------------------------------------------------- free clusters: alloc.c */

int	msdosfs_alloc_init(struct msdosfs_mount *mm);
void	msdosfs_alloc_fini(struct msdosfs_mount *mm);

/* Look at the whole FAT, to know how much is free. */
int	msdosfs_alloc_count(struct msdosfs_mount *mm);

/*
 * Take up to want free clusters that lie together, at goal if those are free.
 * They are not in the FAT yet.  0, ENOSPC, EIO.
 */
int	msdosfs_alloc(struct msdosfs_mount *mm, uint32_t goal, uint32_t want,
	    uint32_t *firstp, uint32_t *countp);

/* Give back clusters that never got into the FAT. */
void	msdosfs_alloc_undo(struct msdosfs_mount *mm, uint32_t first,
	    uint32_t count);

/* To be done after directories were written: free; end a chain. */
void	msdosfs_free_later(struct msdosfs_mount *mm, uint32_t first,
	    uint32_t count);
void	msdosfs_cut_later(struct msdosfs_mount *mm, uint32_t last);
int	msdosfs_pending_apply(struct msdosfs_mount *mm);

/* -------------------------------------------- clusters of files: extent.c */

void	msdosfs_extents_init(struct msdosfs_node *node);
void	msdosfs_extents_fini(struct msdosfs_node *node);

/*
 * Where a cluster of a file is, and how many from there on lie together.
 * 0; ENOENT: the chain is shorter; EIO.  mm_lock is taken if it has to be read.
 */
int	msdosfs_extent_find(struct msdosfs_node *node, uint32_t index,
	    uint32_t *clusterp, uint32_t *runp);

/* With mm_lock: read the chain as far as cluster index; to its end. */
int	msdosfs_extents_load(struct msdosfs_node *node, uint32_t index);
int	msdosfs_extents_load_all(struct msdosfs_node *node);

/*
 * With mm_lock: let the chain have count clusters, all or none.
 * 0, ENOSPC, EIO (the chain is damaged).
 */
int	msdosfs_extents_grow(struct msdosfs_node *node, uint32_t count);

/* With mm_lock held since msdosfs_extents_grow gave one cluster: take it back. */
void	msdosfs_extents_ungrow(struct msdosfs_node *node);

/* With mm_lock: keep count clusters; the others are free later. */
int	msdosfs_extents_cut(struct msdosfs_node *node, uint32_t count);

/* With mm_lock: drop what is cached of a directory that is to be freed. */
void	msdosfs_extents_forget(struct msdosfs_node *node);

/* ------------------------------------------------------------ names: name.c */

/* What a program's name is; EINVAL, ENAMETOOLONG. */
int	msdosfs_name_parse(const char *text, size_t len,
	    struct msdosfs_name *name);

/* May a new file have this name?  0, EINVAL. */
int	msdosfs_name_check(const struct msdosfs_name *name);
uint32_t msdosfs_name_hash(const uint16_t *text, unsigned int len);
bool	msdosfs_name_equal(const uint16_t *a, unsigned int alen,
	    const uint16_t *b, unsigned int blen);
uint16_t msdosfs_fold(uint16_t unit);

/* As UTF-8; 0: it does not fit, or is no name that could be shown. */
size_t	msdosfs_name_print(const uint16_t *text, unsigned int len,
	    char *buffer, size_t room);

/* ---------------------------------------------------- short names: short.c */

uint8_t	msdosfs_short_checksum(const uint8_t name[11]);

/* As programs see it, in at most 12 units. */
unsigned int msdosfs_short_decode(const struct msdosfs_mount *mm,
	    const struct fat_dirent *de, uint16_t text[12]);

enum msdosfs_fit {
	MSDOSFS_FITS,		/* the short name (and its case) is the name */
	MSDOSFS_FITS_NOT_CASE,	/* but for its case */
	MSDOSFS_FITS_NOT	/* it needs a tail */
};

/* The short name of a name, without a tail, and de_case. */
enum msdosfs_fit msdosfs_short_encode(const struct msdosfs_name *name,
	    uint8_t out[11], uint8_t *casep);

/* The n-th attempt to tell it from others (n >= 1). */
void	msdosfs_short_tail(const struct msdosfs_name *name,
	    const uint8_t basis[11], unsigned int n, uint8_t out[11]);

/* ------------------------------------------- entries of directories: dir.c */

/* All with mm_lock, and the directory's vnode lock (exclusive to change). */

/* Find out how long the directory is. */
int	msdosfs_dir_load(struct msdosfs_node *dir);

/* What is at a position; ENOENT: no directory can be there. */
int	msdosfs_dir_at(struct msdosfs_mount *mm, uint64_t position,
	    struct msdosfs_block **blockp, uint8_t **slotp);

/* A slot; ENOENT: behind the end.  The pointer is good as the block is. */
int	msdosfs_dir_slot(struct msdosfs_node *dir, uint32_t slot,
	    struct msdosfs_block **blockp, uint8_t **slotp, uint64_t *positionp);

/*
 * The next entry at or after *slotp, which is advanced behind it.  "." and ".." are
 * not entries, nor is the volume's label.  0, ENOENT (no more), EIO.
 */
int	msdosfs_dir_next(struct msdosfs_node *dir, uint32_t *slotp,
	    struct msdosfs_entry *entry);

/* How its name is shown: its length in buffer. */
size_t	msdosfs_entry_name(const struct msdosfs_mount *mm,
	    const struct msdosfs_entry *entry, char buffer[KERNEL_NAME_MAX + 1]);

/* By name; 0, ENOENT, EIO. */
int	msdosfs_dir_find(struct msdosfs_node *dir,
	    const struct msdosfs_name *name, struct msdosfs_entry *entry);

/* ENOTEMPTY, 0, EIO */
int	msdosfs_dir_empty(struct msdosfs_node *dir);

/* Does a directory's first cluster have "." that says so?  ENOENT: no. */
int	msdosfs_dir_check(struct msdosfs_mount *mm, uint32_t cluster);

/* The key of the parent.  EIO: ".." leads to no directory. */
int	msdosfs_dir_parent(struct msdosfs_node *dir, uint64_t *keyp);

/* ------------------------------------------------ changing them: diredit.c */

/*
 * Add an entry.  raw: all but name and case.  old: the entry whose new name it
 * is, which no name clashes with; or NULL.
 * 0, ENOSPC, EINVAL, EIO.
 */
int	msdosfs_dir_add(struct msdosfs_node *dir,
	    const struct msdosfs_name *name, const struct fat_dirent *raw,
	    const struct msdosfs_entry *old, struct msdosfs_entry *added);
int	msdosfs_dir_remove(struct msdosfs_node *dir,
	    const struct msdosfs_entry *entry);

/* Write all of a new directory's first cluster. */
int	msdosfs_dir_create(struct msdosfs_mount *mm, uint32_t cluster,
	    uint32_t parent, const struct msdosfs_times *times);
int	msdosfs_dir_set_parent(struct msdosfs_node *dir,
	    struct msdosfs_node *parent);

/* ------------------------------------------------- finding names: index.c */

/* With mm_lock: the index of a directory, made if need be. */
int	msdosfs_index_get(struct msdosfs_node *dir,
	    struct msdosfs_index **indexp);
void	msdosfs_index_drop(struct msdosfs_node *dir);

/*
 * Candidates for a name: *cursor is 0 to begin with.  false: no more.
 */
bool	msdosfs_index_find(struct msdosfs_index *index, uint32_t hash,
	    uint32_t *cursor, uint32_t *slotp, uint32_t *piecesp);
void	msdosfs_index_add(struct msdosfs_index *index,
	    const struct msdosfs_entry *entry);
void	msdosfs_index_remove(struct msdosfs_index *index,
	    const struct msdosfs_entry *entry);

/* First of so many free slots in a row, at most `slots`; none: `slots`. */
uint32_t msdosfs_index_room(struct msdosfs_index *index, uint32_t count,
	    uint32_t slots);
uint32_t msdosfs_index_entries(const struct msdosfs_index *index);

/* The first slot that was never used; is there something behind it? */
uint32_t msdosfs_index_end(const struct msdosfs_index *index);
bool	msdosfs_index_has_tail(const struct msdosfs_index *index);
void	msdosfs_index_tail_cleared(struct msdosfs_index *index);

/* ------------------------------------------------------------ nodes: node.c */

/* Make the node of a key.  0, ENOENT, EIO.  mm_lock. */
int	msdosfs_node_create(struct msdosfs_mount *mm, uint64_t key,
	    struct msdosfs_node **nodep);
void	msdosfs_node_destroy(struct msdosfs_node *node);

/* The key that an entry's object has; EIO: it can have none. */
int	msdosfs_entry_key(struct msdosfs_mount *mm,
	    const struct msdosfs_entry *entry, uint64_t *keyp);

/* A directory was found by name: now its entry is known.  mm_lock. */
void	msdosfs_node_found(struct msdosfs_node *node,
	    const struct msdosfs_node *dir, const struct msdosfs_entry *entry);

/* Find the entry of a directory that was not found by name.  mm_lock. */
int	msdosfs_node_locate(struct msdosfs_node *node);

/* Bring the entry up to date, in memory.  mm_lock by msdosfs_enter_write. */
int	msdosfs_node_update(struct msdosfs_node *node);
bool	msdosfs_node_stale(const struct msdosfs_node *node);

/* Times that are due. */
void	msdosfs_node_touch(struct msdosfs_node *node, unsigned int due);
void	msdosfs_node_settle(struct msdosfs_node *node);

/* It has lost its name, and with it its identity.  Vnode locked exclusively. */
void	msdosfs_node_unlink(struct vnode *vp);
void	msdosfs_node_rekey(struct vnode *vp, uint64_t key);
uint32_t msdosfs_node_check(struct msdosfs_node *node);

/* ----------------------------------------------------------- dates: dates.c */

void	msdosfs_date_get(const struct msdosfs_mount *mm, uint16_t date,
	    uint16_t time, uint8_t ten_ms, struct timespec *ts);
void	msdosfs_date_put(const struct msdosfs_mount *mm,
	    const struct timespec *ts, uint16_t *date, uint16_t *time,
	    uint8_t *ten_ms);
void	msdosfs_times_now(const struct msdosfs_mount *mm,
	    struct msdosfs_times *times);
void	msdosfs_times_read(const struct fat_dirent *de,
	    struct msdosfs_times *times);
void	msdosfs_times_write(const struct msdosfs_times *times,
	    struct fat_dirent *de);

/* ------------------------------------------------------------- data: data.c */

int	msdosfs_data_read(struct vnode *vp, struct uio *uio, int ioflag);
int	msdosfs_data_write(struct vnode *vp, struct uio *uio, int ioflag);
int	msdosfs_data_resize(struct vnode *vp, uint64_t size);

/*
 * Nobody uses the file now: cut off what an earlier call could not.
 * Locks:   vp locked exclusively.
 */
void	msdosfs_data_settle(struct vnode *vp);

/* --------------------------------------------------- vnodes: lookup.c, vnops.c */

/* Find a name; as msdosfs_dir_find.  Takes mm_lock. */
int	msdosfs_lookup_name(struct msdosfs_node *dir, const char *text,
	    size_t len, struct msdosfs_entry *entry);

/* The vnode of an entry, referenced.  0, EIO. */
int	msdosfs_entry_vnode(struct vnode *dvp,
	    const struct msdosfs_entry *entry, struct vnode **vpp);

/* Tell the name cache who may search a directory that was loaded. */
void	msdosfs_attributes_load(struct vnode *vp);

/* Write data and entry of a file, up to mm_lock's memory.  Vnode locked. */
int	msdosfs_node_sync(struct vnode *vp, int flags);

/* vnode operations that live in files of their own */
int	msdosfs_access(void *v);
int	msdosfs_bmap(void *v);
int	msdosfs_create(void *v);
int	msdosfs_fsync(void *v);
int	msdosfs_getattr(void *v);
int	msdosfs_lookup(void *v);
int	msdosfs_mkdir(void *v);
int	msdosfs_readdir(void *v);
int	msdosfs_remove(void *v);
int	msdosfs_rename(void *v);
int	msdosfs_rmdir(void *v);
int	msdosfs_setattr(void *v);
int	msdosfs_strategy(void *v);

extern int (**msdosfs_vnodeop_p)(void *);
extern const struct vnodeopv_desc msdosfs_vnodeop_opv_desc;
extern const struct genfs_ops msdosfs_genfsops;

#endif
