/* SPDX-License-Identifier: BSD-2-Clause */

/*
 * Rename.
 *
 * genfs has the algorithm: what may be moved where, in which order to lock.
 * Here are the steps that know directories.
 *
 * The format has no way to move an entry at one stroke, unless old and new lie
 * in one block.  Otherwise the new entry is on the device before the old one is
 * taken away, so that at any moment there is at least one.  A name that exists
 * gets the other file put under it: its entry keeps its place and spelling.
 *
 * A target name that is the source itself, in other case or the short for the
 * long, is for genfs no target at all.
 */

#include "msdosfs.h"

#include <sys/atomic.h>
#include <sys/errno.h>
#include <sys/kauth.h>
#include <sys/kmem.h>
#include <sys/namei.h>
#include <sys/systm.h>

#include <miscfs/genfs/genfs.h>

/* What a lookup left: genfs carries a pointer to it from step to step. */
struct found {
	bool		fo_there;
	struct msdosfs_entry fo_entry;
	struct found	*fo_source;	/* of a target: the other end */
	const struct componentname *fo_cnp;
};

static bool
directory_empty_p(struct mount *mp, kauth_cred_t cred, struct vnode *vp,
    struct vnode *dvp)
{
	struct msdosfs_mount *mm = mount_to_msdosfs(mp);
	int error;

	msdosfs_enter(mm);
	error = msdosfs_dir_empty(vnode_to_msdosfs(vp));
	msdosfs_leave(mm);
	return error == 0;
}

static int
rename_check_possible(struct mount *mp, struct vnode *fdvp, struct vnode *fvp,
    struct vnode *tdvp, struct vnode *tvp)
{

	return 0;
}

static int
rename_check_permitted(struct mount *mp, kauth_cred_t cred,
    struct vnode *fdvp, struct vnode *fvp, struct vnode *tdvp,
    struct vnode *tvp)
{
	const struct msdosfs_mount *mm = mount_to_msdosfs(mp);

	return genfs_ufslike_rename_check_permitted(cred,
	    fdvp, mm->mm_dirmask, mm->mm_uid, fvp, mm->mm_uid,
	    tdvp, mm->mm_dirmask, mm->mm_uid, tvp, mm->mm_uid);
}

static int
remove_check_possible(struct mount *mp, struct vnode *dvp, struct vnode *vp)
{

	return 0;
}

static int
remove_check_permitted(struct mount *mp, kauth_cred_t cred, struct vnode *dvp,
    struct vnode *vp)
{
	const struct msdosfs_mount *mm = mount_to_msdosfs(mp);

	return genfs_ufslike_remove_check_permitted(cred, dvp,
	    mm->mm_dirmask, mm->mm_uid, vp, mm->mm_uid);
}

/* ----------------------------------------------------------------- changing */

/* A move under way; mm_lock. */
struct move {
	struct msdosfs_node *mv_fdir, *mv_tdir;
	struct msdosfs_node *mv_node;
	struct msdosfs_node *mv_target;		/* NULL: the name is new */
	struct found	*mv_from, *mv_to;
	struct msdosfs_entry mv_new;		/* the entry after the move */
	struct fat_dirent mv_replaced;		/* what the target's entry was */
};

/* The source's entry as it is to be under its new name. */
static void
moved_raw(const struct move *mv, struct fat_dirent *raw)
{

	*raw = mv->mv_from->fo_entry.en_raw;
	if (!mv->mv_node->n_is_dir)
		raw->de_attributes |= FAT_ATTR_ARCHIVE;
}

/* Put the source under the name of the target. */
static int
replace_target(struct move *mv)
{
	struct msdosfs_mount *mm = mv->mv_node->n_mount;
	const struct msdosfs_entry *to = &mv->mv_to->fo_entry;
	struct msdosfs_block *block;
	struct fat_dirent *de, raw;
	uint8_t *bytes;
	int error;

	error = msdosfs_dir_at(mm, to->en_position, &block, &bytes);
	if (error != 0)
		return error;
	moved_raw(mv, &raw);
	de = (struct fat_dirent *)bytes;
	mv->mv_replaced = *de;
	memcpy(raw.de_name, de->de_name, sizeof(raw.de_name));
	raw.de_case = de->de_case;
	*de = raw;
	msdosfs_meta_dirty(mm, block);
	mv->mv_new = *to;
	mv->mv_new.en_raw = raw;
	return 0;
}

/* Are both entries in one piece of the device that is written at once? */
static bool
is_one_block(struct msdosfs_mount *mm, const struct msdosfs_entry *a,
    const struct msdosfs_entry *b)
{
	const uint64_t size = MIN(MSDOSFS_META_SIZE, msdosfs_cluster_size(mm));
	const bool data = a->en_position >= mm->mm_data_start;
	const uint64_t base = data ? mm->mm_data_start : mm->mm_root_start;

	if ((b->en_position >= mm->mm_data_start) != data)
		return false;
	return (a->en_position - base) / size ==
	    (b->en_position - base) / size;
}

/* The new entry did not get onto the device: the old one stays. */
static void
undo_move(struct move *mv)
{
	struct msdosfs_block *block;
	uint8_t *bytes;

	if (mv->mv_target == NULL) {
		(void)msdosfs_dir_remove(mv->mv_tdir, &mv->mv_new);
	} else if (msdosfs_dir_at(mv->mv_node->n_mount,
	    mv->mv_new.en_position, &block, &bytes) == 0) {
		memcpy(bytes, &mv->mv_replaced, sizeof(mv->mv_replaced));
		msdosfs_meta_dirty(mv->mv_node->n_mount, block);
	}
}

/* Make the new entry, then remove the old one. */
static int
move_entry(struct move *mv, const struct msdosfs_name *name)
{
	struct msdosfs_mount *mm = mv->mv_node->n_mount;
	const struct msdosfs_entry *from = &mv->mv_from->fo_entry;
	struct fat_dirent raw;
	int error;

	if (mv->mv_target != NULL) {
		error = replace_target(mv);
	} else {
		moved_raw(mv, &raw);
		error = msdosfs_dir_add(mv->mv_tdir, name, &raw,
		    mv->mv_fdir == mv->mv_tdir ? from : NULL, &mv->mv_new);
	}
	if (error != 0)
		return error;
	if (!is_one_block(mm, from, &mv->mv_new))
		error = msdosfs_meta_flush(mm);
	if (error == 0)
		error = msdosfs_dir_remove(mv->mv_fdir, from);
	if (error != 0) {
		undo_move(mv);
		return error;
	}
	/* A directory whose ".." cannot be written has moved all the same. */
	if (mv->mv_node->n_is_dir && mv->mv_fdir != mv->mv_tdir)
		(void)msdosfs_dir_set_parent(mv->mv_node, mv->mv_tdir);
	return 0;
}

/* With mm_lock: is the source still there?  Have its entry up to date. */
static int
find_source(struct move *mv, const struct msdosfs_name *name)
{
	struct msdosfs_entry *from = &mv->mv_from->fo_entry;
	uint64_t key;
	int error;

	if (mv->mv_tdir->n_unlinked)
		return ENOENT;
	/* The entry as it is now, with all that was due. */
	msdosfs_node_touch(mv->mv_node, MSDOSFS_DUE_ENTRY);
	error = msdosfs_node_update(mv->mv_node);
	if (error == 0)
		error = msdosfs_dir_find(mv->mv_fdir, name, &mv->mv_new);
	if (error != 0)
		return error;
	error = msdosfs_entry_key(mv->mv_node->n_mount, &mv->mv_new, &key);
	if (error == 0 && key != mv->mv_node->n_key)
		error = ENOENT;
	if (error == 0)
		*from = mv->mv_new;
	return error;
}

static int
parse_cnp(const struct componentname *cnp, struct msdosfs_name *name)
{

	return msdosfs_name_parse(cnp->cn_nameptr, cnp->cn_namelen, name);
}

/* The change on the disk. */
static int
move_on_disk(struct move *mv, const struct componentname *fcnp,
    const struct componentname *tcnp)
{
	struct msdosfs_mount *mm = mv->mv_node->n_mount;
	struct msdosfs_name *name;
	int error;

	name = kmem_alloc(sizeof(*name), KM_SLEEP);
	error = parse_cnp(fcnp, name);
	if (error == 0)
		error = msdosfs_enter_write(mm);
	if (error != 0)
		goto undo_alloc;
	error = find_source(mv, name);
	if (error == 0)
		error = parse_cnp(tcnp, name);
	if (error == 0)
		error = move_entry(mv, name);
	if (error == 0 && mv->mv_node->n_is_dir)
		mv->mv_node->n_entry = mv->mv_new.en_position;
	else if (error == 0)
		mm->mm_moved = msdosfs_file_key(mv->mv_new.en_position);
	msdosfs_leave(mm);
undo_alloc:
	kmem_free(name, sizeof(*name));
	return error;
}

/*
 * Now the file is what its new entry names.  Since there was that entry nobody
 * could load a second vnode by its key: there is one rename at a time.
 */
static void
change_key(struct vnode *vp, const struct msdosfs_entry *entry)
{
	struct msdosfs_node *node = vnode_to_msdosfs(vp);
	struct msdosfs_mount *mm = node->n_mount;

	if (node->n_is_dir)
		return;
	msdosfs_node_rekey(vp, msdosfs_file_key(entry->en_position));
	msdosfs_enter(mm);
	mm->mm_moved = 0;
	node->n_entry = entry->en_position;
	node->n_attributes = entry->en_raw.de_attributes;
	msdosfs_leave(mm);
}

static int
do_rename(struct mount *mp, kauth_cred_t cred,
    struct vnode *fdvp, struct componentname *fcnp, void *fde,
    struct vnode *fvp,
    struct vnode *tdvp, struct componentname *tcnp, void *tde,
    struct vnode *tvp)
{
	struct move *mv;
	int error;

	mv = kmem_alloc(sizeof(*mv), KM_SLEEP);
	mv->mv_fdir = vnode_to_msdosfs(fdvp);
	mv->mv_tdir = vnode_to_msdosfs(tdvp);
	mv->mv_node = vnode_to_msdosfs(fvp);
	mv->mv_target = tvp != NULL ? vnode_to_msdosfs(tvp) : NULL;
	mv->mv_from = fde;
	mv->mv_to = tde;
	error = move_on_disk(mv, fcnp, tcnp);
	if (error == 0) {
		if (tvp != NULL) {
			cache_purge(tvp);
			msdosfs_node_unlink(tvp);
		}
		change_key(fvp, &mv->mv_new);
		cache_purge(fvp);
		msdosfs_node_touch(mv->mv_fdir, MSDOSFS_DUE_MODIFIED);
		msdosfs_node_touch(mv->mv_tdir, MSDOSFS_DUE_MODIFIED);
		genfs_rename_knote(fdvp, fvp, tdvp, tvp, tvp != NULL);
	}
	kmem_free(mv, sizeof(*mv));
	return error;
}

/* There are no two names of one object: lookups see to that. */
static int
do_remove(struct mount *mp, kauth_cred_t cred, struct vnode *dvp,
    struct componentname *cnp, void *de, struct vnode *vp)
{

	return EIO;
}

/* ------------------------------------------------------- finding and locking */

static bool
is_same_spelling(const struct componentname *a, const struct componentname *b)
{

	return a->cn_namelen == b->cn_namelen &&
	    memcmp(a->cn_nameptr, b->cn_nameptr, a->cn_namelen) == 0;
}

static int
do_lookup(struct mount *mp, struct vnode *dvp, struct componentname *cnp,
    void *de, struct vnode **vpp)
{
	struct found *found = de;
	const struct found *source = found->fo_source;
	int error;

	found->fo_cnp = cnp;
	error = msdosfs_lookup_name(vnode_to_msdosfs(dvp), cnp->cn_nameptr,
	    cnp->cn_namelen, &found->fo_entry);
	if (error == 0 && source != NULL && source->fo_entry.en_position ==
	    found->fo_entry.en_position &&
	    !is_same_spelling(cnp, source->fo_cnp))
		error = ENOENT;
	if (error == 0)
		error = msdosfs_entry_vnode(dvp, &found->fo_entry, vpp);
	found->fo_there = error == 0;
	return error;
}

/*
 * Is fdvp on the way from tdvp to the root?  Then which of its children is the
 * next one on that way?  A damaged volume may have rings: the walk is bounded.
 */
static int
genealogy(struct mount *mp, kauth_cred_t cred, struct vnode *fdvp,
    struct vnode *tdvp, struct vnode **intermediate)
{
	const uint64_t ancestor = vnode_to_msdosfs(fdvp)->n_key;
	struct msdosfs_mount *mm = mount_to_msdosfs(mp);
	struct vnode *vp = tdvp;
	uint64_t key;
	uint32_t steps;
	int error;

	*intermediate = NULL;
	vref(vp);
	for (steps = 0; ; steps++) {
		if (vnode_to_msdosfs(vp)->n_key == MSDOSFS_ROOT) {
			vrele(vp);
			return 0;
		}
		msdosfs_enter(mm);
		error = msdosfs_dir_parent(vnode_to_msdosfs(vp), &key);
		msdosfs_leave(mm);
		if (error == 0 && key == ancestor) {
			*intermediate = vp;
			return 0;
		}
		vrele(vp);
		if (error == 0 && steps > mm->mm_clusters)
			error = EIO;
		if (error == 0)
			error = vcache_get(mp, &key, sizeof(key), &vp);
		if (error != 0)
			return error;
		if (vp->v_type != VDIR) {
			vrele(vp);
			return EIO;
		}
	}
}

static int
lock_directory(struct mount *mp, struct vnode *vp)
{

	vn_lock(vp, LK_EXCLUSIVE | LK_RETRY);
	/* A vnode that died here has no node any more. */
	if (vp->v_mount == mp && !vnode_to_msdosfs(vp)->n_unlinked)
		return 0;
	VOP_UNLOCK(vp);
	return ENOENT;
}

static const struct genfs_rename_ops rename_ops = {
	.gro_lookup = do_lookup,
	.gro_genealogy = genealogy,
	.gro_lock_directory = lock_directory,
	.gro_directory_empty_p = directory_empty_p,
	.gro_rename_check_possible = rename_check_possible,
	.gro_rename_check_permitted = rename_check_permitted,
	.gro_rename = do_rename,
	.gro_remove_check_possible = remove_check_possible,
	.gro_remove_check_permitted = remove_check_permitted,
	.gro_remove = do_remove
};

static int
sane_rename(struct vnode *fdvp, struct componentname *fcnp,
    struct vnode *tdvp, struct componentname *tcnp, kauth_cred_t cred,
    bool posixly_correct)
{
	struct found *found;
	int error;

	found = kmem_zalloc(2 * sizeof(*found), KM_SLEEP);
	found[1].fo_source = &found[0];
	error = genfs_sane_rename(&rename_ops, fdvp, fcnp, &found[0], tdvp,
	    tcnp, &found[1], cred, posixly_correct);
	kmem_free(found, 2 * sizeof(*found));
	return error;
}

int
msdosfs_rename(void *v)
{

	return genfs_insane_rename(v, sane_rename);
}
