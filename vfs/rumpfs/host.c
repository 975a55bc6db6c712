/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * rumpfs: files of the host, as etfs has them.
 *
 * A node of ours stands for a node of etfs (en_private) while there is a vnode
 * for it.  It is in no directory, and can be neither made nor removed here.
 * What is in a directory of the host is asked for name by name, and not put
 * into the name cache: the host changes it without telling.
 */
#include <sys/param.h>
#include <sys/errno.h>
#include <sys/fcntl.h>
#include <sys/namei.h>
#include <sys/systm.h>
#include <sys/uio.h>
#include <sys/vnode.h>

#include "etfs/etfs.h"
#include "rumpfs.h"

/*
 * Our node for one of etfs, with a reference for the caller.  The reference to
 * en is consumed.
 */
static struct rumpfs_node *
node_for(struct etfs_node *en)
{
	struct rumpfs_node *new, *rn;

	new = rumpfs_node_create(rumpfs_boottree, en->en_type, 0777, 0, 0);
	mutex_enter(&rumpfs_lock);
	if ((rn = en->en_private) != NULL) {
		rumpfs_node_hold(rn);
		rumpfs_node_rele(new);
	} else {
		rn = new;
		rn->rn_host = en;
		if (en->en_type == VBLK || en->en_type == VCHR)
			rn->rn_rdev = en->en_rdev;
		en->en_private = rn;
		etfs_node_hold(en);
	}
	mutex_exit(&rumpfs_lock);
	etfs_node_rele(en);
	return rn;
}

/* The vnode of one of etfs's; the reference to en is consumed. */
static int
vnode_for(struct etfs_node *en, struct vnode **vpp)
{
	struct rumpfs_node *rn = node_for(en);
	int error;

	error = rumpfs_getvnode(rn, vpp);
	mutex_enter(&rumpfs_lock);
	rumpfs_node_rele(rn);
	mutex_exit(&rumpfs_lock);
	return error;
}

/* Our node goes; rumpfs_lock held. */
void
rumpfs_host_free(struct rumpfs_node *rn)
{

	rn->rn_host->en_private = NULL;
	etfs_node_rele(rn->rn_host);
}

/*
 * Look a name up.
 *
 * dir  a directory of the host; NULL: a key
 *
 * Returns 0; ENOENT; ENAMETOOLONG.
 */
int
rumpfs_host_lookup(struct rumpfs_node *dir, struct componentname *cnp,
    struct vnode **vpp)
{
	struct etfs_node *en;
	int error;

	if (dir == NULL) {
		error = etfs_lookup(cnp->cn_nameptr, cnp->cn_namelen, &en);
		if (error == 0 && (cnp->cn_flags & ISLASTCN) == 0 &&
		    en->en_type != VDIR) {
			etfs_node_rele(en);
			error = ENOENT;
		}
	} else {
		error = etfs_lookup_in(dir->rn_host, cnp->cn_nameptr,
		    cnp->cn_namelen, &en);
	}
	return error != 0 ? error : vnode_for(en, vpp);
}

/* The directory that a directory of the host is in. */
static int
lookup_parent(struct rumpfs_node *dir, struct vnode **vpp)
{
	struct etfs_node *en = etfs_parent(dir->rn_host);

	if (en != NULL)
		return vnode_for(en, vpp);
	/* a key is below the root, whatever is written between */
	vref(rootvnode);
	*vpp = rootvnode;
	return 0;
}

/* VOP_LOOKUP in a directory of the host. */
int
rumpfs_host_lookup_vop(void *v)
{
	struct vop_lookup_v2_args *ap = v;
	struct componentname *cnp = ap->a_cnp;
	struct vnode *dvp = ap->a_dvp;
	int error;

	*ap->a_vpp = NULL;
	if (dvp->v_type != VDIR)
		return ENOTDIR;
	if ((error = VOP_ACCESS(dvp, VEXEC, cnp->cn_cred)) != 0)
		return error;
	if (cnp->cn_namelen == 1 && cnp->cn_nameptr[0] == '.') {
		vref(dvp);
		*ap->a_vpp = dvp;
		return 0;
	}
	if ((cnp->cn_flags & ISDOTDOT) != 0)
		return lookup_parent(VTORN(dvp), ap->a_vpp);
	error = rumpfs_host_lookup(VTORN(dvp), cnp, ap->a_vpp);
	if (error == ENOENT && (cnp->cn_flags & ISLASTCN) != 0 &&
	    (cnp->cn_nameiop == CREATE || cnp->cn_nameiop == RENAME))
		return EROFS;
	return error;
}

int
rumpfs_host_open(void *v)
{
	struct vop_open_args *ap = v;

	if (ap->a_vp->v_type != VREG)
		return 0;
	return etfs_open(VTORN(ap->a_vp)->rn_host, ap->a_mode);
}

int
rumpfs_host_close(void *v)
{
	struct vop_close_args *ap = v;

	if (ap->a_vp->v_type != VREG)
		return 0;
	return etfs_close(VTORN(ap->a_vp)->rn_host, ap->a_fflag);
}

int
rumpfs_host_read(void *v)
{
	struct vop_read_args *ap = v;

	if (ap->a_vp->v_type == VDIR)
		return EISDIR;
	return etfs_read(VTORN(ap->a_vp)->rn_host, ap->a_uio);
}

int
rumpfs_host_write(void *v)
{
	struct vop_write_args *ap = v;
	struct etfs_node *en = VTORN(ap->a_vp)->rn_host;
	off_t size;
	int error;

	if ((ap->a_ioflag & IO_APPEND) != 0) {
		if ((error = etfs_size(en, &size)) != 0)
			return error;
		ap->a_uio->uio_offset = size;
	}
	error = etfs_write(en, ap->a_uio);
	if (error == 0 && (ap->a_ioflag & IO_DSYNC) != 0)
		error = etfs_sync(en);
	return error;
}

int
rumpfs_host_fsync(void *v)
{
	struct vop_fsync_args *ap = v;
	struct vnode *vp = ap->a_vp;

	if (vp->v_type != VREG || vp->v_writecount == 0 ||
	    (ap->a_flags & FSYNC_WAIT) == 0)
		return 0;
	return etfs_sync(VTORN(vp)->rn_host);
}

/* A name in a directory of the host cannot be listed. */
int
rumpfs_host_readdir(void *v)
{
	struct vop_readdir_args *ap = v;

	if (ap->a_vp->v_type != VDIR)
		return ENOTDIR;
	return EOPNOTSUPP;
}
