/* SPDX-License-Identifier: BSD-2-Clause */
/* kernfs: vnode operations. */
#include "kernfs_var.h"

#include <sys/atomic.h>
#include <sys/dirent.h>
#include <sys/errno.h>
#include <sys/kauth.h>
#include <sys/mount.h>
#include <sys/namei.h>
#include <sys/systm.h>
#include <sys/uio.h>

#include <miscfs/genfs/genfs.h>
#include <miscfs/specfs/specdev.h>
#include <rump-private/listing.h>

/* Cookies: 2 stands behind the dots, so n + 2 behind entry n. */
#define FIRST	1

static uint32_t
number(const struct vnode *vp)
{

	return *(const uint32_t *)vp->v_data;
}

/* -------------------------------------------------------------------- names */

static int
kernfs_lookup(void *v)
{
	const struct vop_lookup_v2_args *ap = v;
	const struct componentname *cnp = ap->a_cnp;
	const bool changes = cnp->cn_nameiop != LOOKUP &&
	    (cnp->cn_flags & ISLASTCN) != 0;
	const struct kernfs_file *kf;
	uint32_t n;

	*ap->a_vpp = NULL;
	for (n = 0; n < kernfs_nfiles; n++) {
		kf = &kernfs_files[n];
		if (strlen(kf->kf_name) == cnp->cn_namelen &&
		    memcmp(kf->kf_name, cnp->cn_nameptr, cnp->cn_namelen) == 0 &&
		    kernfs_exists(kf))
			break;
	}
	if (n == kernfs_nfiles)
		return changes && cnp->cn_nameiop != DELETE ? EROFS : ENOENT;
	if (changes && cnp->cn_nameiop != CREATE)
		return EROFS;
	if (n != 0)
		return kernfs_vnode(ap->a_dvp->v_mount, n, ap->a_vpp);
	vref(ap->a_dvp);
	*ap->a_vpp = ap->a_dvp;
	return 0;
}

static ino_t
fileno_of(uint32_t n)
{

	return (ino_t)n + 2;
}

static int
collect(struct vnode *vp, struct listing *listing)
{
	const struct kernfs_file *kf;
	off_t n;

	if (!listing_add_dots(listing, fileno_of(0), fileno_of(0)))
		return 0;
	for (n = listing->ls_offset - FIRST; n < kernfs_nfiles; n++) {
		kf = &kernfs_files[n];
		if (kernfs_exists(kf) && !listing_add(listing, kf->kf_name,
		    strlen(kf->kf_name), fileno_of((uint32_t)n),
		    vtype2dt(kf->kf_type), FIRST + n + 1))
			return 0;
	}
	return ENOENT;
}

static int
kernfs_readdir(void *v)
{

	return listing_read(v, collect);
}

/* --------------------------------------------------------------- attributes */

static int
kernfs_access(void *v)
{
	const struct vop_access_args *ap = v;
	struct vnode *vp = ap->a_vp;
	const mode_t mode = vnode_to_kernfs(vp)->kf_mode;

	if ((ap->a_accmode & VWRITE) != 0 && vp->v_type == VREG &&
	    (atomic_load_relaxed(&vp->v_mount->mnt_flag) & MNT_RDONLY) != 0)
		return EROFS;
	return kauth_authorize_vnode(ap->a_cred,
	    KAUTH_ACCESS_ACTION(ap->a_accmode, vp->v_type, mode), vp, NULL,
	    genfs_can_access(vp, ap->a_cred, 0, 0, mode, NULL,
	    ap->a_accmode));
}

static int
kernfs_getattr(void *v)
{
	const struct vop_getattr_args *ap = v;
	const struct kernfs_file *kf = vnode_to_kernfs(ap->a_vp);
	struct vattr *va = ap->a_vap;
	char text[KERNFS_TEXT];

	vattr_null(va);
	va->va_type = kf->kf_type;
	va->va_mode = kf->kf_mode;
	va->va_nlink = kf->kf_type == VDIR ? 2 : 1;
	va->va_uid = va->va_gid = 0;
	va->va_flags = 0;
	va->va_gen = va->va_filerev = 0;
	va->va_fsid = ap->a_vp->v_mount->mnt_stat.f_fsidx.__fsid_val[0];
	va->va_fileid = fileno_of(number(ap->a_vp));
	va->va_size = kf->kf_text != NULL ? (*kf->kf_text)(text) : 0;
	va->va_bytes = 0;
	va->va_blocksize = DEV_BSIZE;
	if (kf->kf_device != NULL)
		va->va_rdev = ap->a_vp->v_rdev;
	getnanotime(&va->va_mtime);
	va->va_atime = va->va_ctime = va->va_mtime;
	getnanoboottime(&va->va_birthtime);
	return 0;
}

/* A size may be asked for, as O_TRUNC does, and means nothing; the rest is fixed. */
static int
kernfs_setattr(void *v)
{
	const struct vop_setattr_args *ap = v;
	struct vattr *va = ap->a_vap, rest = *va, none;

	vattr_null(&none);
	rest.va_size = none.va_size;
	rest.va_vaflags = none.va_vaflags;
	if (rest.va_mode != none.va_mode || rest.va_uid != none.va_uid ||
	    rest.va_gid != none.va_gid || rest.va_flags != none.va_flags ||
	    rest.va_atime.tv_nsec != none.va_atime.tv_nsec ||
	    rest.va_mtime.tv_nsec != none.va_mtime.tv_nsec)
		return EOPNOTSUPP;
	return ap->a_vp->v_type == VDIR ? EISDIR : 0;
}

/* ----------------------------------------------------------------- contents */

static int
kernfs_read(void *v)
{
	const struct vop_read_args *ap = v;
	const struct kernfs_file *kf = vnode_to_kernfs(ap->a_vp);
	char text[KERNFS_TEXT];

	if (ap->a_vp->v_type == VDIR)
		return EISDIR;
	if (ap->a_uio->uio_offset < 0)
		return EINVAL;
	if (kf->kf_read != NULL)
		return (*kf->kf_read)(ap->a_uio);
	return uiomove_frombuf(text, (*kf->kf_text)(text), ap->a_uio);
}

/* A write is all that there is from then on: it begins at the beginning, or is EINVAL. */
static int
kernfs_write(void *v)
{
	const struct vop_write_args *ap = v;
	const struct kernfs_file *kf = vnode_to_kernfs(ap->a_vp);
	const size_t len = ap->a_uio->uio_resid;
	char text[KERNFS_TEXT];
	int error;

	if (kf->kf_write == NULL)
		return EOPNOTSUPP;
	if (ap->a_uio->uio_offset != 0 || len > sizeof(text))
		return EINVAL;
	error = uiomove(text, len, ap->a_uio);
	return error != 0 ? error : (*kf->kf_write)(text, len);
}

/* -------------------------------------------------------------------- lives */

static int
kernfs_inactive(void *v)
{
	const struct vop_inactive_v2_args *ap = v;

	/* the device may be another next time */
	*ap->a_recycle = vnode_to_kernfs(ap->a_vp)->kf_device != NULL;
	return 0;
}

static int
kernfs_reclaim(void *v)
{
	const struct vop_reclaim_v2_args *ap = v;

	VOP_UNLOCK(ap->a_vp);
	ap->a_vp->v_data = NULL;	/* a constant */
	return 0;
}

static int
kernfs_print(void *v)
{
	const struct vop_print_args *ap = v;

	printf("kernfs %s\n", vnode_to_kernfs(ap->a_vp)->kf_name);
	return 0;
}

int (**kernfs_vnodeop_p)(void *);
static const struct vnodeopv_entry_desc kernfs_vnodeop_entries[] = {
	{ &vop_default_desc, vn_default_error },
	/* names */
	{ &vop_lookup_desc, kernfs_lookup },
	{ &vop_parsepath_desc, genfs_parsepath },
	{ &vop_readdir_desc, kernfs_readdir },
	{ &vop_abortop_desc, genfs_abortop },
	/* attributes */
	{ &vop_getattr_desc, kernfs_getattr },
	{ &vop_setattr_desc, kernfs_setattr },
	{ &vop_access_desc, kernfs_access },
	{ &vop_accessx_desc, genfs_accessx },
	{ &vop_pathconf_desc, genfs_pathconf },
	/* contents */
	{ &vop_read_desc, kernfs_read },
	{ &vop_write_desc, kernfs_write },
	{ &vop_open_desc, genfs_nullop },
	{ &vop_close_desc, genfs_nullop },
	{ &vop_fsync_desc, genfs_nullop },
	{ &vop_seek_desc, genfs_seek },
	{ &vop_fcntl_desc, genfs_fcntl },
	{ &vop_ioctl_desc, genfs_enoioctl },
	{ &vop_poll_desc, genfs_poll },
	{ &vop_kqfilter_desc, genfs_kqfilter },
	{ &vop_putpages_desc, genfs_null_putpages },
	/* life */
	{ &vop_inactive_desc, kernfs_inactive },
	{ &vop_reclaim_desc, kernfs_reclaim },
	{ &vop_print_desc, kernfs_print },
	{ &vop_islocked_desc, genfs_islocked },
	{ &vop_lock_desc, genfs_lock },
	{ &vop_unlock_desc, genfs_unlock },
	{ NULL, NULL }
};
const struct vnodeopv_desc kernfs_vnodeop_opv_desc = {
	&kernfs_vnodeop_p, kernfs_vnodeop_entries
};

int (**kernfs_specop_p)(void *);
static const struct vnodeopv_entry_desc kernfs_specop_entries[] = {
	{ &vop_default_desc, vn_default_error },
	GENFS_SPECOP_ENTRIES,
	/* contents */
	{ &vop_read_desc, spec_read },
	{ &vop_write_desc, spec_write },
	{ &vop_close_desc, spec_close },
	{ &vop_fsync_desc, spec_fsync },
	{ &vop_bwrite_desc, vn_bwrite },
	/* attributes */
	{ &vop_getattr_desc, kernfs_getattr },
	{ &vop_setattr_desc, kernfs_setattr },
	{ &vop_access_desc, kernfs_access },
	{ &vop_accessx_desc, genfs_accessx },
	/* life */
	{ &vop_inactive_desc, kernfs_inactive },
	{ &vop_reclaim_desc, kernfs_reclaim },
	{ &vop_print_desc, kernfs_print },
	{ &vop_islocked_desc, genfs_islocked },
	{ &vop_lock_desc, genfs_lock },
	{ &vop_unlock_desc, genfs_unlock },
	{ NULL, NULL }
};
const struct vnodeopv_desc kernfs_specop_opv_desc = {
	&kernfs_specop_p, kernfs_specop_entries
};
