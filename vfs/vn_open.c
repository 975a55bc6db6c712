/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Opening and closing vnodes.
 *
 *   vn_open, vn_close          by path; undo it
 *   vn_openchk, vn_writechk    what stands against it
 *   vn_bdev_open...            block devices, for drivers on top of them
 *   vn_marktext, vn_markexec   programs run from it
 *
 * A vnode counts those who opened it for writing (v_writecount, changed with
 * v_interlock held); VOP_OPEN and VOP_CLOSE are called once for each open.
 */
#include <sys/param.h>
#include <sys/atomic.h>
#include <sys/errno.h>
#include <sys/fcntl.h>
#include <sys/kauth.h>
#include <sys/lwp.h>
#include <sys/mount.h>
#include <sys/namei.h>
#include <sys/systm.h>
#include <sys/vnode.h>

#include <miscfs/specfs/specdev.h>

#include "vn.h"

/* An open for writing more, or less. */
static void
writecount_add(struct vnode *vp, int fflags, int n)
{

	if ((fflags & FWRITE) == 0)
		return;
	mutex_enter(vp->v_interlock);
	KASSERT(vp->v_writecount + n >= 0);
	vp->v_writecount += n;
	mutex_exit(vp->v_interlock);
}

/*
 * Can this vnode be written?
 *
 * Returns 0, or ETXTBSY: a program runs from it.
 */
int
vn_writechk(struct vnode *vp)
{

	return (atomic_load_relaxed(&vp->v_iflag) & VI_TEXT) != 0 ? ETXTBSY : 0;
}

/*
 * May these credentials open an existing object like this?
 *
 * fflags  FREAD, FWRITE, O_TRUNC, O_SEARCH, O_REGULAR
 *
 * Returns 0; EOPNOTSUPP (socket), ELOOP (symbolic link), EISDIR, EFTYPE,
 * ETXTBSY, or what VOP_ACCESS says.
 * Locks: vp locked.
 */
int
vn_openchk(struct vnode *vp, kauth_cred_t cred, int fflags)
{
	accmode_t want = 0;
	int error;

	if (vp->v_type == VNON || vp->v_type == VBAD)
		return ENXIO;
	if (vp->v_type == VSOCK)
		return EOPNOTSUPP;
	if (vp->v_type == VLNK)
		return EFTYPE;
	if ((fflags & O_REGULAR) != 0 && vp->v_type != VREG)
		return EFTYPE;
	if ((fflags & FREAD) != 0)
		want |= VREAD;
	if ((fflags & O_SEARCH) != 0 && vp->v_type == VDIR)
		want |= VEXEC;
	if ((fflags & (FWRITE | O_TRUNC)) != 0) {
		if (vp->v_type == VDIR)
			return EISDIR;
		if ((error = vn_writechk(vp)) != 0)
			return error;
		want |= VWRITE;
	}
	return want == 0 ? 0 : VOP_ACCESS(vp, want, cred);
}

/* Create what namei() did not find; consumes nd->ni_dvp. */
static int
create(struct nameidata *nd, int fmode, int cmode, struct vnode **vpp)
{
	struct vattr va;
	int error;

	vattr_null(&va);
	va.va_type = VREG;
	va.va_mode = (mode_t)cmode;
	if ((fmode & O_EXCL) != 0)
		va.va_vaflags |= VA_EXCLUSIVE;
	error = VOP_CREATE(nd->ni_dvp, vpp, &nd->ni_cnd, &va);
	if (error == 0)
		vn_lock(*vpp, LK_EXCLUSIVE | LK_RETRY);
	vput(nd->ni_dvp);
	return error;
}

/*
 * Find what to open, or make it.
 *
 * createdp  out: it was made now
 * vpp       out: locked exclusively
 */
static int
find_or_create(struct vnode *atdvp, struct pathbuf *pb, int nmode, int fmode,
    int cmode, bool *createdp, struct vnode **vpp)
{
	struct nameidata nd;
	int error;

	*createdp = false;
	if ((fmode & (O_EXCL | O_CREAT)) != (O_EXCL | O_CREAT) &&
	    (fmode & O_NOFOLLOW) == 0)
		nmode |= FOLLOW;
	if ((fmode & O_CREAT) != 0) {
		nmode |= LOCKPARENT | LOCKLEAF;
		if ((fmode & O_EXCL) == 0)
			nmode |= NONEXCLHACK;
		NDINIT(&nd, CREATE, nmode, pb);
	} else {
		NDINIT(&nd, LOOKUP, nmode | LOCKLEAF, pb);
	}
	if (atdvp != NULL)
		NDAT(&nd, atdvp);
	if ((error = namei(&nd)) != 0)
		return error;
	*vpp = nd.ni_vp;
	if ((fmode & O_CREAT) == 0)
		return 0;
	if (nd.ni_vp == NULL) {
		*createdp = true;
		return create(&nd, fmode, cmode, vpp);
	}
	if (nd.ni_dvp != NULL) {
		VOP_ABORTOP(nd.ni_dvp, &nd.ni_cnd);
		if (nd.ni_dvp == nd.ni_vp)
			vrele(nd.ni_dvp);
		else
			vput(nd.ni_dvp);
	}
	if ((fmode & O_EXCL) != 0) {
		vput(nd.ni_vp);
		return EEXIST;
	}
	return 0;
}

static int
truncate(struct vnode *vp, kauth_cred_t cred)
{
	struct vattr va;

	vattr_null(&va);
	va.va_size = 0;
	return VOP_SETATTR(vp, &va, cred);
}

/*
 * Open a locked vnode.
 *
 * Returns 0 or an errno; EDUPFD and EMOVEFD: see vn_open().
 */
static int
open_locked(struct vnode *vp, int fmode, bool created, kauth_cred_t cred)
{
	int error;

	if ((fmode & O_DIRECTORY) != 0 && vp->v_type != VDIR)
		return ENOTDIR;
	if (!created) {
		if ((error = vn_openchk(vp, cred, fmode)) != 0)
			return error;
		if ((fmode & O_TRUNC) != 0 &&
		    (error = truncate(vp, cred)) != 0)
			return error;
	}
	if ((error = VOP_OPEN(vp, fmode, cred)) != 0)
		return error;
	writecount_add(vp, fmode, 1);
	return 0;
}

/*
 * Open a path.
 *
 * atdvp   where a relative path begins; NULL: the working directory
 * nmode   TRYEMULROOT, NOCHROOT
 * fmode   FREAD, FWRITE and O_*
 * cmode   mode of what is made with O_CREAT
 * vpp     out: open, referenced, locked exclusively; or NULL, and
 * fdp     out: the descriptor that a cloning device made instead, which is to
 *         be moved (*domovep) or duplicated.  NULL: that is EOPNOTSUPP
 *
 * Returns 0 or an errno.  pb remains the caller's.
 */
int
vn_open(struct vnode *atdvp, struct pathbuf *pb, int nmode, int fmode,
    int cmode, struct vnode **vpp, bool *domovep, int *fdp)
{
	struct lwp *l = curlwp;
	struct vnode *vp = NULL;
	bool created;
	int error;

	KASSERT((nmode & ~(TRYEMULROOT | NOCHROOT)) == 0);
	*vpp = NULL;
	if (fdp != NULL)
		*fdp = -1;
	if ((fmode & (O_CREAT | O_DIRECTORY)) == (O_CREAT | O_DIRECTORY))
		return EINVAL;
	l->l_dupfd = 0;
	error = find_or_create(atdvp, pb, nmode, fmode, cmode, &created, &vp);
	if (error != 0)
		return error;
	error = open_locked(vp, fmode, created, l->l_cred);
	if (error == 0) {
		*vpp = vp;
		return 0;
	}
	vput(vp);
	if (error != EDUPFD && error != EMOVEFD)
		return error;
	if (fdp == NULL)
		return EOPNOTSUPP;
	*fdp = l->l_dupfd;
	*domovep = error == EMOVEFD;
	return 0;
}

/*
 * Close what was opened.
 *
 * vp     referenced, not locked; the reference is consumed
 * flags  those of the open
 *
 * Returns 0, an errno of the file system, or of a write-back that failed since
 * somebody was last told.
 */
int
vn_close(struct vnode *vp, int flags, kauth_cred_t cred)
{
	int error;

	vn_lock(vp, LK_EXCLUSIVE | LK_RETRY);
	writecount_add(vp, flags, -1);
	error = VOP_CLOSE(vp, flags, cred);
	if (error == 0 && (flags & FWRITE) != 0)
		error = vn_wberror_take(vp);
	vput(vp);
	return error;
}

/* ------------------------------------------------------------ block devices */

/*
 * A block device, open for reading and writing.
 *
 * vpp  out: referenced, not locked; close with vn_close(FREAD | FWRITE)
 */
int
vn_bdev_open(dev_t dev, struct vnode **vpp, struct lwp *l)
{
	struct vnode *vp;
	int error;

	if ((error = bdevvp(dev, &vp)) != 0)
		return error;
	vn_lock(vp, LK_EXCLUSIVE | LK_RETRY);
	if ((error = VOP_OPEN(vp, FREAD | FWRITE, l->l_cred)) != 0) {
		vput(vp);
		return error;
	}
	writecount_add(vp, FWRITE, 1);
	VOP_UNLOCK(vp);
	*vpp = vp;
	return 0;
}

/*
 * The same by path.  The vnode is one of its own, so that the file system that
 * the path is in can be unmounted.
 *
 * Returns 0, ENOTBLK, or an errno of opening it.
 */
int
vn_bdev_openpath(struct pathbuf *pb, struct vnode **vpp, struct lwp *l)
{
	struct nameidata nd;
	enum vtype type;
	dev_t dev;
	int error;

	NDINIT(&nd, LOOKUP, FOLLOW | LOCKLEAF, pb);
	if ((error = namei(&nd)) != 0)
		return error;
	type = nd.ni_vp->v_type;
	dev = type == VBLK ? nd.ni_vp->v_rdev : NODEV;
	if (type == VBLK)
		error = vn_openchk(nd.ni_vp, l->l_cred, FREAD | FWRITE);
	vput(nd.ni_vp);
	if (type != VBLK)
		return ENOTBLK;
	return error != 0 ? error : vn_bdev_open(dev, vpp, l);
}

/* --------------------------------------------------------- running programs */

/* Pages of vp are mapped for execution. */
void
vn_markexec(struct vnode *vp)
{

	rw_enter(vp->v_uobj.vmobjlock, RW_WRITER);
	mutex_enter(vp->v_interlock);
	atomic_store_relaxed(&vp->v_iflag, vp->v_iflag | VI_EXECMAP);
	mutex_exit(vp->v_interlock);
	rw_exit(vp->v_uobj.vmobjlock);
}

/*
 * A program runs from vp: nobody may write it.
 *
 * Returns 0, or ETXTBSY: somebody has it open for writing.
 */
int
vn_marktext(struct vnode *vp)
{
	int error = 0;

	rw_enter(vp->v_uobj.vmobjlock, RW_WRITER);
	mutex_enter(vp->v_interlock);
	if (vp->v_writecount > 0)
		error = ETXTBSY;
	else
		atomic_store_relaxed(&vp->v_iflag,
		    vp->v_iflag | VI_TEXT | VI_EXECMAP);
	mutex_exit(vp->v_interlock);
	rw_exit(vp->v_uobj.vmobjlock);
	return error;
}
