/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * rumpfs: finding names, and listing them.
 *
 * Before its own names the root asks etfs, which shows files of the host; a
 * key of etfs may go over several components, and is one step of a look-up
 * (rumpfs_parsepath).
 *
 * Absent names are not put into the name cache: components make names without
 * asking it.
 */
#include <sys/param.h>
#include <sys/atomic.h>
#include <sys/dirent.h>
#include <sys/errno.h>
#include <sys/mount.h>
#include <sys/namei.h>
#include <sys/systm.h>
#include <sys/vnode.h>

#include <miscfs/genfs/genfs.h>
#include <rump-private/listing.h>

#include "etfs/etfs.h"
#include "rumpfs.h"

#define WHITEOUT_ID	1	/* a whiteout has no node */

int
rumpfs_parsepath(void *v)
{
	struct vop_parsepath_args *ap = v;
	size_t len = etfs_keylen(ap->a_name);

	if (len == 0)
		return genfs_parsepath(v);
	*ap->a_retval = len;
	return 0;
}

/* The parent of a directory, referenced; NULL if it was removed. */
static struct rumpfs_node *
parent_of(struct rumpfs_node *dir)
{
	struct rumpfs_node *rn;

	mutex_enter(&rumpfs_lock);
	if ((rn = dir->rn_dir.parent) != NULL)
		rumpfs_node_hold(rn);
	mutex_exit(&rumpfs_lock);
	return rn;
}

/* The node of a name, referenced; NULL: absent, or (*iswht) a whiteout. */
static struct rumpfs_node *
named(struct rumpfs_node *dir, const struct componentname *cnp, bool *iswht)
{
	struct rumpfs_dirent *rd;
	struct rumpfs_node *rn = NULL;

	mutex_enter(&rumpfs_lock);
	rd = rumpfs_dir_find(dir, cnp->cn_nameptr, cnp->cn_namelen);
	*iswht = rd != NULL && rd->rd_node == NULL;
	if (rd != NULL && (rn = rd->rd_node) != NULL)
		rumpfs_node_hold(rn);
	mutex_exit(&rumpfs_lock);
	return rn;
}

/* From a referenced node to its vnode. */
static int
to_vnode(struct rumpfs_node *rn, struct vnode **vpp)
{
	int error = rumpfs_getvnode(rn, vpp);

	mutex_enter(&rumpfs_lock);
	rumpfs_node_rele(rn);
	mutex_exit(&rumpfs_lock);
	return error;
}

/* The name is not there: may it be made? */
static int
absent(struct vnode *dvp, struct componentname *cnp, bool iswht)
{
	struct rumpfs_node *dir = VTORN(dvp);
	int error;

	if (iswht)
		cnp->cn_flags |= ISWHITEOUT;
	if ((cnp->cn_flags & ISLASTCN) == 0)
		return ENOENT;
	if (cnp->cn_nameiop == DELETE && iswht &&
	    (cnp->cn_flags & DOWHITEOUT) != 0)
		return EJUSTRETURN;
	if (cnp->cn_nameiop != CREATE && cnp->cn_nameiop != RENAME)
		return ENOENT;
	if (dir->rn_dir.parent == NULL)
		return ENOENT;		/* a directory that was removed */
	if ((error = rumpfs_check_access(dvp, VWRITE, cnp->cn_cred)) != 0)
		return error;
	return EJUSTRETURN;
}

int
rumpfs_lookup(void *v)
{
	struct vop_lookup_v2_args *ap = v;
	struct componentname *cnp = ap->a_cnp;
	struct vnode *dvp = ap->a_dvp;
	struct rumpfs_node *dir = VTORN(dvp), *rn;
	const bool last = (cnp->cn_flags & ISLASTCN) != 0;
	bool iswht = false;
	int error;

	*ap->a_vpp = NULL;
	if ((error = VOP_ACCESS(dvp, VEXEC, cnp->cn_cred)) != 0)
		return error;
	if (last && (cnp->cn_nameiop == DELETE || cnp->cn_nameiop == RENAME) &&
	    (atomic_load_relaxed(&dvp->v_mount->mnt_flag) & MNT_RDONLY) != 0)
		return EROFS;
	if (cnp->cn_namelen == 1 && cnp->cn_nameptr[0] == '.') {
		if (last && cnp->cn_nameiop == RENAME)
			return EISDIR;
		vref(dvp);
		*ap->a_vpp = dvp;
		return 0;
	}
	/* a file's key is one only where the path ends */
	if (dir == rumpfs_boottree->rt_root &&
	    (error = rumpfs_host_lookup(NULL, cnp, ap->a_vpp)) != ENOENT)
		return error;
	if ((cnp->cn_flags & ISDOTDOT) != 0) {
		if ((rn = parent_of(dir)) == NULL)
			return ENOENT;
		return to_vnode(rn, ap->a_vpp);
	}
	if (cache_lookup(dvp, cnp->cn_nameptr, cnp->cn_namelen, cnp->cn_nameiop,
	    cnp->cn_flags, NULL, ap->a_vpp) && *ap->a_vpp != NULL)
		return 0;
	if (cnp->cn_namelen > RUMPFS_MAXNAMLEN)
		return ENAMETOOLONG;
	if ((rn = named(dir, cnp, &iswht)) == NULL)
		return absent(dvp, cnp, iswht);
	if (last && (cnp->cn_nameiop == DELETE || cnp->cn_nameiop == RENAME) &&
	    (error = rumpfs_check_access(dvp, VWRITE, cnp->cn_cred)) != 0) {
		mutex_enter(&rumpfs_lock);
		rumpfs_node_rele(rn);
		mutex_exit(&rumpfs_lock);
		return error;
	}
	if ((error = to_vnode(rn, ap->a_vpp)) == 0)
		cache_enter(dvp, *ap->a_vpp, cnp->cn_nameptr, cnp->cn_namelen,
		    cnp->cn_flags);
	return error;
}

/* ----------------------------------------------------------------- readdir */

/* The names behind those that the listing has; rumpfs_lock held. */
static int
collect_names(struct rumpfs_node *dir, struct listing *listing)
{
	const struct rumpfs_dirent *rd;
	const struct rumpfs_node *rn;

	for (rd = rumpfs_dir_after(dir, (uint64_t)listing->ls_offset);
	    rd != NULL; rd = TAILQ_NEXT(rd, rd_order)) {
		rn = rd->rd_node;
		if (!listing_add(listing, rd->rd_name, rd->rd_namelen,
		    rn == NULL ? WHITEOUT_ID : rn->rn_fileid,
		    rn == NULL ? DT_WHT : vtype2dt(rn->rn_type),
		    (off_t)rd->rd_seq + 1))
			return 0;
	}
	return ENOENT;
}

static int
collect(struct vnode *vp, struct listing *listing)
{
	struct rumpfs_node *dir = VTORN(vp);
	const struct rumpfs_node *up;
	int error = 0;

	mutex_enter(&rumpfs_lock);
	up = dir->rn_dir.parent;
	if (listing_add_dots(listing, dir->rn_fileid,
	    up == NULL ? dir->rn_fileid : up->rn_fileid))
		error = collect_names(dir, listing);
	mutex_exit(&rumpfs_lock);
	return error;
}

int
rumpfs_readdir(void *v)
{
	struct vop_readdir_args *ap = v;
	const int error = listing_read(ap, collect);

	if (error == 0)
		rumpfs_touch_accessed(ap->a_vp);
	return error;
}
