/* SPDX-License-Identifier: BSD-2-Clause */
/* Look-ups for system calls. */
#include <sys/param.h>
#include <sys/errno.h>
#include <sys/file.h>
#include <sys/filedesc.h>
#include <sys/namei.h>
#include <sys/systm.h>
#include <sys/vnode.h>

#include "../pathbuf.h"
#include "calls.h"

int
call_fdvnode(int fd, struct file **fpp, struct vnode **vpp)
{
	int error;

	if ((error = fd_getvnode((unsigned)fd, fpp)) != 0)
		return error;
	*vpp = (*fpp)->f_vnode;
	return 0;
}

int
call_atdir(int fdat, const struct pathbuf *pb, struct vnode **dvpp)
{
	struct file *fp;
	struct vnode *vp;
	int error;

	*dvpp = NULL;
	if (fdat == AT_FDCWD || pb->pb_path[0] == '/')
		return 0;
	error = call_fdvnode(fdat, &fp, &vp);
	if (error == EINVAL)
		return ENOTDIR;		/* a descriptor, but no vnode */
	if (error != 0)
		return error;
	if (vp->v_type == VDIR) {
		vref(vp);
		*dvpp = vp;
	} else {
		error = ENOTDIR;
	}
	fd_putfile((unsigned)fdat);
	return error;
}

int
call_namei(int fdat, struct nameidata *nd)
{
	struct vnode *dvp;
	int error;

	if ((error = call_atdir(fdat, nd->ni_pathbuf, &dvp)) != 0)
		return error;
	if (dvp != NULL)
		NDAT(nd, dvp);
	error = namei(nd);
	if (dvp != NULL)
		vrele_async(dvp);	/* what is below may be locked now */
	return error;
}

int
call_namei_user(int fdat, const char *path, uint32_t op, uint32_t flags,
    struct nameidata *nd, struct pathbuf **pbp)
{
	int error;

	if ((error = pathbuf_copyin(path, pbp)) != 0)
		return error;
	NDINIT(nd, op, flags, *pbp);
	if ((error = call_namei(fdat, nd)) != 0)
		pathbuf_destroy(*pbp);
	return error;
}

int
call_namei_simple(int fdat, const char *path, bool follow, struct vnode **vpp)
{
	struct pathbuf *pb;
	struct nameidata nd;
	int error;

	error = call_namei_user(fdat, path, LOOKUP, follow ? FOLLOW : NOFOLLOW,
	    &nd, &pb);
	if (error != 0)
		return error;
	pathbuf_destroy(pb);
	*vpp = nd.ni_vp;
	return 0;
}

void
call_nd_release(struct nameidata *nd)
{

	if (nd->ni_dvp != NULL)
		VOP_ABORTOP(nd->ni_dvp, &nd->ni_cnd);
	if (nd->ni_dvp == nd->ni_vp && nd->ni_dvp != NULL) {
		vrele(nd->ni_vp);
		vput(nd->ni_dvp);
		return;
	}
	if (nd->ni_dvp != NULL)
		vput(nd->ni_dvp);
	if (nd->ni_vp != NULL && (nd->ni_cnd.cn_flags & LOCKLEAF) != 0)
		vput(nd->ni_vp);
	else if (nd->ni_vp != NULL)
		vrele(nd->ni_vp);
}
