/* SPDX-License-Identifier: BSD-2-Clause */

/*
 * ISO 9660 file system: its mount and its nodes.
 *
 * A *position* (uint64_t) is a byte offset on the device.  It is also how
 * objects are named: the position of the first directory record of a file, or
 * of the record "." of a directory (which is where the directory begins).  So
 * inode numbers are unique, the same at every mount, and lead back to the
 * object without a search.
 *
 * The disc does not change, so what is read needs no lock; a mount and a node
 * are constant once made, but for what the groups below name.
 */

#ifndef CD9660_CD9660_H
#define CD9660_CD9660_H

#include <sys/param.h>
#include <sys/mount.h>
#include <sys/mutex.h>
#include <sys/queue.h>
#include <sys/time.h>
#include <sys/vnode.h>

#include <miscfs/genfs/genfs_node.h>

#include "iso9660.h"

struct cd9660_index;

enum cd9660_style {
	CD9660_PLAIN,
	CD9660_JOLIET,
	CD9660_RRIP
};

/* What the log has been told about; each is told once a mount. */
enum cd9660_complaint {
	CD9660_BAD_RECORD,
	CD9660_BAD_DIRECTORY,
	CD9660_BAD_SECTION,
	CD9660_BAD_NUMBER,
	CD9660_BAD_SUSP,
	CD9660_BAD_NAME,
	CD9660_BAD_LINK,
	CD9660_BEYOND_END
};

struct cd9660_mount {
	struct mount	*cm_mp;
	struct vnode	*cm_devvp;		/* open for reading */

	/* The volume. */
	uint64_t	cm_device_size;		/* bytes, whole sectors */
	uint64_t	cm_blocks;		/* logical blocks, as the disc says */
	unsigned int	cm_block_shift;		/* of a logical block, 9 .. 11 */
	unsigned int	cm_session;		/* first sector of the session */
	uint64_t	cm_root;		/* position of the root directory */

	/* How names and attributes are read. */
	enum cd9660_style cm_style;
	int		cm_flags;		/* ISOFSMNT_* */
	unsigned int	cm_susp_first;		/* where SUSP begins in root's "." */
	unsigned int	cm_susp_skip;		/* and in every other record */

	/* Atomic: bits of enum cd9660_complaint. */
	volatile unsigned int cm_complained;

	/* Leaf: what nodes of directories come to know; also the following. */
	kmutex_t	cm_index_lock;

	/* Indexes of big directories, least recently used first. */
	TAILQ_HEAD(, cd9660_index) cm_indexes;
	size_t		cm_index_bytes;
};

/* A piece of a file: len bytes from file offset off on. */
struct cd9660_section {
	uint64_t	cs_offset;
	uint64_t	cs_length;
	uint64_t	cs_position;
	uint32_t	cs_unit;		/* bytes; 0 = not interleaved */
	uint32_t	cs_gap;			/* bytes between two units */
};

struct cd9660_node {
	struct genfs_node cn_genfs;		/* genfs wants it first */
	uint64_t	cn_position;		/* the key in the vnode cache */
	struct cd9660_mount *cn_mount;
	uint32_t	cn_check;		/* of its record, for file handles */

	/* Attributes. */
	enum vtype	cn_type;
	mode_t		cn_mode;		/* permissions */
	nlink_t		cn_nlink;
	uid_t		cn_uid;
	gid_t		cn_gid;
	dev_t		cn_rdev;
	uint64_t	cn_size;
	struct timespec	cn_atime, cn_mtime, cn_ctime, cn_btime;

	/* Contents. */
	struct cd9660_section cn_first;		/* most files have just one */
	struct cd9660_section *cn_sections;	/* &cn_first, or allocated */
	unsigned int	cn_nsections;
	unsigned int	cn_sections_room;	/* allocated; 0 = cn_first */
	char		*cn_link;		/* target, allocated; of cn_size */
	bool		cn_unsupported;		/* contents in a form not known */

	/* cm_index_lock, of directories */
	uint64_t	cn_parent;	/* where it was found; 0 = not known */
	struct cd9660_index *cn_index;
	bool		cn_unindexed;		/* too big for an index */

};

static inline struct cd9660_mount *
mount_to_cd9660(struct mount *mp)
{

	return mp->mnt_data;
}

static inline struct cd9660_node *
vnode_to_cd9660(struct vnode *vp)
{

	return vp->v_data;
}

/* Position of a logical block. */
static inline uint64_t
cd9660_block_position(const struct cd9660_mount *cm, uint32_t block)
{

	return (uint64_t)block << cm->cm_block_shift;
}

/* Position of what a record stands for, behind its extended attributes. */
static inline uint64_t
cd9660_record_position(const struct cd9660_mount *cm,
    const struct iso_record *record)
{

	return cd9660_block_position(cm, iso_both32(record->dr_extent)) +
	    cd9660_block_position(cm, record->dr_xar_length);
}

/*
 * Read len bytes at a position into a buffer.
 * Returns 0 or EIO (the device; or the range is not on it).
 * Locks: takes and releases buffers, so none may be held.
 */
int	cd9660_read(struct cd9660_mount *cm, uint64_t position, void *buffer,
	    size_t len);

/* The same for a whole sector, and start reading nahead (<= 8) further ones. */
int	cd9660_read_sector(struct cd9660_mount *cm, uint64_t sector,
	    unsigned int nahead, void *buffer);

/* Tell the log what is wrong with the disc, unless this was told before. */
void	cd9660_complain(struct cd9660_mount *cm, enum cd9660_complaint what,
	    const char *format, ...) __printflike(3, 4);

/*
 * Make the node of the object at a position.
 * Returns 0, ENOENT (no object begins there), EIO; *nodep is for
 * cd9660_node_destroy.
 */
int	cd9660_node_create(struct cd9660_mount *cm, uint64_t position,
	    struct cd9660_node **nodep);
void	cd9660_node_destroy(struct cd9660_node *node);

/* Dates: ECMA-119 9.1.5 (7 bytes) and 8.4.26.1 (17 digits); 0 if senseless. */
void	cd9660_date7(const uint8_t *date, struct timespec *ts);
void	cd9660_date17(const uint8_t *date, struct timespec *ts);

extern int (**cd9660_vnodeop_p)(void *);
extern int (**cd9660_specop_p)(void *);
extern int (**cd9660_fifoop_p)(void *);
extern const struct vnodeopv_desc cd9660_vnodeop_opv_desc;
extern const struct vnodeopv_desc cd9660_specop_opv_desc;
extern const struct vnodeopv_desc cd9660_fifoop_opv_desc;
extern const struct genfs_ops cd9660_genfsops;

/* vnode operations that live in files of their own */
int	cd9660_lookup(void *v);
int	cd9660_readdir(void *v);
int	cd9660_bmap(void *v);
int	cd9660_strategy(void *v);

#endif
