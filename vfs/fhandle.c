/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * File handles: names of objects that outlive the kernel, for NFS and fhopen.
 *
 * A handle is the identity of the mount and what the file system makes of the
 * object (VFS_VPTOFH); programs and clients keep it as bytes.
 *
 *   vfs_composefh, _alloc, _free     the handle of a vnode
 *   vfs_copyinfh_alloc, _free        a handle from a program
 *   vfs_fhtovp                       the vnode of a handle
 */
#include <sys/param.h>
#include <sys/errno.h>
#include <sys/kmem.h>
#include <sys/mount.h>
#include <sys/systm.h>
#include <sys/vnode.h>

#include "mount_impl.h"

/*
 * Make the handle of a vnode.
 *
 * fhp, lenp  room for *lenp bytes; NULL or too little: E2BIG, and *lenp is
 *            what it takes
 */
int
vfs_composefh(struct vnode *vp, fhandle_t *fhp, size_t *lenp)
{
	const size_t room = *lenp;
	size_t fidlen = 0;
	int error;

	if (fhp != NULL && room >= FHANDLE_SIZE_MIN) {
		memset(fhp, 0, room);
		fidlen = room - offsetof(fhandle_t, fh_fid);
		fhp->fh_fsid = vp->v_mount->mnt_stat.f_fsidx;
		error = VFS_VPTOFH(vp, &fhp->fh_fid, &fidlen);
	} else {
		error = VFS_VPTOFH(vp, NULL, &fidlen);
		if (error == 0)
			error = E2BIG;
	}
	*lenp = FHANDLE_SIZE_FROM_FILEID_SIZE(fidlen);
	return error;
}

/* The same, allocated; to be freed with vfs_composefh_free(). */
int
vfs_composefh_alloc(struct vnode *vp, fhandle_t **fhpp)
{
	size_t fidlen = 0, len;
	fhandle_t *fhp;
	int error;

	*fhpp = NULL;
	error = VFS_VPTOFH(vp, NULL, &fidlen);
	KASSERT(error != 0);
	if (error != E2BIG)
		return error;
	len = FHANDLE_SIZE_FROM_FILEID_SIZE(fidlen);
	if (len > FHANDLE_SIZE_MAX)
		return E2BIG;
	fhp = kmem_zalloc(len, KM_SLEEP);
	fhp->fh_fsid = vp->v_mount->mnt_stat.f_fsidx;
	if ((error = VFS_VPTOFH(vp, &fhp->fh_fid, &fidlen)) != 0) {
		kmem_free(fhp, len);
		return error;
	}
	KASSERT(FHANDLE_SIZE(fhp) == len);
	*fhpp = fhp;
	return 0;
}

void
vfs_composefh_free(fhandle_t *fhp)
{

	kmem_free(fhp, FHANDLE_SIZE(fhp));
}

/*
 * A handle from a program.
 *
 * Returns 0, EFAULT, or EINVAL: it is not as long as it says.
 */
int
vfs_copyinfh_alloc(const void *ufhp, size_t len, fhandle_t **fhpp)
{
	fhandle_t *fhp;
	int error;

	*fhpp = NULL;
	if (len < FHANDLE_SIZE_MIN || len > FHANDLE_SIZE_MAX)
		return EINVAL;
	fhp = kmem_alloc(len, KM_SLEEP);
	error = copyin(ufhp, fhp, len);
	/* the length inside is used to free it, so it must be right */
	if (error == 0 && FHANDLE_SIZE(fhp) != len)
		error = EINVAL;
	if (error != 0) {
		kmem_free(fhp, len);
		return error;
	}
	*fhpp = fhp;
	return 0;
}

void
vfs_copyinfh_free(fhandle_t *fhp)
{

	kmem_free(fhp, FHANDLE_SIZE(fhp));
}

/*
 * The vnode of a handle, referenced and locked exclusively.
 *
 * Returns 0, ESTALE (no such mount, or object), EOPNOTSUPP, EINVAL.
 */
int
vfs_fhtovp(fhandle_t *fhp, struct vnode **vpp)
{
	struct mount *mp;
	int error;

	*vpp = NULL;
	if ((mp = mountlist_find(FHANDLE_FSID(fhp))) == NULL)
		return ESTALE;
	if ((error = vfs_busy(mp)) == 0) {
		error = VFS_FHTOVP(mp, FHANDLE_FILEID(fhp), LK_EXCLUSIVE, vpp);
		vfs_unbusy(mp);
	} else {
		error = ESTALE;
	}
	vfs_rele(mp);
	return error;
}
