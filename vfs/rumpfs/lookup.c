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
#include <sys/dirent.h>
#include <sys/errno.h>
#include <sys/malloc.h>
#include <sys/mount.h>
#include <sys/namei.h>
#include <sys/systm.h>
#include <sys/uio.h>
#include <sys/vnode.h>

#include <miscfs/genfs/genfs.h>

#include "etfs/etfs.h"
#include "rumpfs.h"

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
	    (dvp->v_mount->mnt_flag & MNT_RDONLY) != 0)
		return EROFS;
	if (cnp->cn_namelen == 1 && cnp->cn_nameptr[0] == '.') {
		if (last && cnp->cn_nameiop == RENAME)
			return EISDIR;
		vref(dvp);
		*ap->a_vpp = dvp;
		return 0;
	}
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

/* A listing under way. */
struct listing {
	struct uio	*uio;
	struct dirent	*de;
	off_t		*cookies;	/* NULL: not wanted */
	int		ncookies, maxcookies;
};

/* Put out one entry; its position is the offset after it.  EJUSTRETURN: full. */
static int
put(struct listing *ls, ino_t fileno, uint8_t type, const char *name,
    size_t len, off_t after)
{
	struct dirent *de = ls->de;
	int error;

	memset(de, 0, sizeof(*de));
	de->d_fileno = fileno;
	de->d_type = type;
	de->d_namlen = (uint16_t)len;
	memcpy(de->d_name, name, len);
	de->d_reclen = (uint16_t)_DIRENT_SIZE(de);
	if (de->d_reclen > ls->uio->uio_resid)
		return EJUSTRETURN;
	if ((error = uiomove(de, de->d_reclen, ls->uio)) != 0)
		return error;
	ls->uio->uio_offset = after;
	if (ls->cookies != NULL && ls->ncookies < ls->maxcookies)
		ls->cookies[ls->ncookies++] = after;
	return 0;
}

static int
put_dots(struct listing *ls, struct rumpfs_node *dir)
{
	struct rumpfs_node *up;
	ino_t fileno;
	int error;

	if (ls->uio->uio_offset == 0 &&
	    (error = put(ls, dir->rn_fileid, DT_DIR, ".", 1, 1)) != 0)
		return error;
	if (ls->uio->uio_offset > 1)
		return 0;
	mutex_enter(&rumpfs_lock);
	up = dir->rn_dir.parent;
	fileno = up == NULL ? dir->rn_fileid : up->rn_fileid;
	mutex_exit(&rumpfs_lock);
	return put(ls, fileno, DT_DIR, "..", 2, 2);
}

/* Put out names until there are no more; EJUSTRETURN: there is no room. */
static int
put_names(struct listing *ls, struct rumpfs_node *dir)
{
	char name[RUMPFS_MAXNAMLEN];
	struct rumpfs_dirent *rd;
	struct rumpfs_node *rn;
	uint64_t seq;
	ino_t fileno;
	uint8_t type;
	size_t len;
	int error;

	for (;;) {
		/* copying out may sleep, so take a name at a time */
		mutex_enter(&rumpfs_lock);
		rd = rumpfs_dir_after(dir, (uint64_t)ls->uio->uio_offset);
		if (rd == NULL) {
			mutex_exit(&rumpfs_lock);
			return 0;
		}
		rn = rd->rd_node;
		fileno = rn == NULL ? 1 : rn->rn_fileid;
		type = rn == NULL ? DT_WHT : vtype2dt(rn->rn_type);
		len = rd->rd_namelen;
		seq = rd->rd_seq;
		memcpy(name, rd->rd_name, len);
		mutex_exit(&rumpfs_lock);
		error = put(ls, fileno, type, name, len, (off_t)seq + 1);
		if (error != 0)
			return error;
	}
}

int
rumpfs_readdir(void *v)
{
	struct vop_readdir_args *ap = v;
	struct rumpfs_node *dir = VTORN(ap->a_vp);
	struct listing ls = { .uio = ap->a_uio };
	const size_t before = ap->a_uio->uio_resid;
	int error;

	if (ap->a_vp->v_type != VDIR)
		return ENOTDIR;
	if (ap->a_uio->uio_offset < 0)
		return EINVAL;
	ls.de = malloc(sizeof(*ls.de), M_TEMP, M_WAITOK);
	if (ap->a_cookies != NULL) {
		ls.maxcookies = (int)(before / _DIRENT_RECLEN(ls.de, 1)) + 1;
		ls.cookies = malloc((size_t)ls.maxcookies *
		    sizeof(*ls.cookies), M_TEMP, M_WAITOK);
	}
	error = put_dots(&ls, dir);
	if (error == 0)
		error = put_names(&ls, dir);
	if (ap->a_eofflag != NULL)
		*ap->a_eofflag = error == 0;
	if (error == EJUSTRETURN)
		error = ap->a_uio->uio_resid == before ? EINVAL : 0;
	free(ls.de, M_TEMP);
	if (ls.cookies != NULL && error != 0) {
		free(ls.cookies, M_TEMP);
	} else if (ls.cookies != NULL) {
		*ap->a_cookies = ls.cookies;
		*ap->a_ncookies = ls.ncookies;
	}
	rumpfs_touch_accessed(ap->a_vp);
	return error;
}
