/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Making, moving and removing names: link linkat symlink symlinkat unlink
 * unlinkat undelete rename renameat __posix_rename mkdir mkdirat rmdir
 * readlink readlinkat.
 *
 * Ref: POSIX.1-2017; NetBSD's __posix_rename is POSIX's rename, where two
 * names of one object stay; NetBSD's rename removes the first.
 */
#include <sys/param.h>
#include <sys/atomic.h>
#include <sys/errno.h>
#include <sys/filedesc.h>
#include <sys/fstrans.h>
#include <sys/kauth.h>
#include <sys/lwp.h>
#include <sys/mount.h>
#include <sys/namei.h>
#include <sys/proc.h>
#include <sys/stat.h>
#include <sys/systm.h>
#include <sys/uio.h>
#include <sys/vfs_syscalls.h>
#include <sys/vnode.h>

#include "../mount_impl.h"
#include "calls.h"

/* --------------------------------------------------------------------- link */

static int
do_link(int fdfrom, const char *from, int fdto, const char *to, bool follow)
{
	struct nameidata nd;
	struct pathbuf *pb;
	struct vnode *vp;
	int error;

	if ((error = call_namei_simple(fdfrom, from, follow, &vp)) != 0)
		return error;
	error = call_namei_user(fdto, to, CREATE, LOCKPARENT, &nd, &pb);
	if (error != 0) {
		vrele(vp);
		return error;
	}
	if (nd.ni_vp != NULL)
		error = EEXIST;
	else if (vp->v_type == VDIR)
		error = EPERM;
	else if (nd.ni_dvp->v_mount != vp->v_mount)
		error = EXDEV;
	if (error != 0) {
		call_nd_release(&nd);
	} else {
		error = VOP_LINK(nd.ni_dvp, vp, &nd.ni_cnd);
		vput(nd.ni_dvp);
	}
	pathbuf_destroy(pb);
	vrele(vp);
	return error;
}

int
sys_link(struct lwp *l, const struct sys_link_args *uap, register_t *retval)
{

	return do_link(AT_FDCWD, SCARG(uap, path), AT_FDCWD, SCARG(uap, link),
	    true);
}
SYSCALL_HANDLER(link)

int
sys_linkat(struct lwp *l, const struct sys_linkat_args *uap, register_t *retval)
{
	const int flags = SCARG(uap, flags);

	if ((flags & ~AT_SYMLINK_FOLLOW) != 0)
		return EINVAL;
	return do_link(SCARG(uap, fd1), SCARG(uap, name1), SCARG(uap, fd2),
	    SCARG(uap, name2), (flags & AT_SYMLINK_FOLLOW) != 0);
}
SYSCALL_HANDLER(linkat)

/* ------------------------------------------------------------------ symlink */

static int
do_symlink(struct lwp *l, const char *target, int fdat, const char *path)
{
	struct nameidata nd;
	struct pathbuf *pb;
	struct vnode *vp;
	struct vattr va;
	char *buf;
	int error;

	if (target == NULL)
		return EFAULT;
	buf = PNBUF_GET();
	if ((error = copyinstr(target, buf, MAXPATHLEN, NULL)) != 0)
		goto out;
	error = call_namei_user(fdat, path, CREATE, LOCKPARENT, &nd, &pb);
	if (error != 0)
		goto out;
	if (nd.ni_vp != NULL) {
		call_nd_release(&nd);
		error = EEXIST;
	} else {
		vattr_null(&va);
		va.va_type = VLNK;
		va.va_mode = ACCESSPERMS & ~l->l_proc->p_cwdi->cwdi_cmask;
		error = VOP_SYMLINK(nd.ni_dvp, &vp, &nd.ni_cnd, &va, buf);
		if (error == 0)
			vrele(vp);
		vput(nd.ni_dvp);
	}
	pathbuf_destroy(pb);
out:
	PNBUF_PUT(buf);
	return error;
}

int
sys_symlink(struct lwp *l, const struct sys_symlink_args *uap,
    register_t *retval)
{

	return do_symlink(l, SCARG(uap, path), AT_FDCWD, SCARG(uap, link));
}
SYSCALL_HANDLER(symlink)

int
sys_symlinkat(struct lwp *l, const struct sys_symlinkat_args *uap,
    register_t *retval)
{

	return do_symlink(l, SCARG(uap, path1), SCARG(uap, fd),
	    SCARG(uap, path2));
}
SYSCALL_HANDLER(symlinkat)

static int
do_readlink(struct lwp *l, int fdat, const char *path, char *buf, size_t count,
    register_t *retval)
{
	struct iovec iov = { .iov_base = buf, .iov_len = count };
	struct uio uio = {
		.uio_iov = &iov, .uio_iovcnt = 1, .uio_resid = count,
		.uio_rw = UIO_READ,
	};
	struct nameidata nd;
	struct pathbuf *pb;
	struct vnode *vp;
	int error;

	error = call_namei_user(fdat, path, LOOKUP,
	    NOFOLLOW | LOCKLEAF | LOCKSHARED, &nd, &pb);
	if (error != 0)
		return error;
	pathbuf_destroy(pb);
	vp = nd.ni_vp;
	uio.uio_vmspace = l->l_proc->p_vmspace;
	if (vp->v_type != VLNK)
		error = EINVAL;
	else if ((atomic_load_relaxed(&vp->v_mount->mnt_flag) & MNT_SYMPERM) != 0)
		error = VOP_ACCESS(vp, VREAD, l->l_cred);
	if (error == 0)
		error = VOP_READLINK(vp, &uio, l->l_cred);
	vput(vp);
	*retval = (register_t)(count - uio.uio_resid);
	return error;
}

int
sys_readlink(struct lwp *l, const struct sys_readlink_args *uap,
    register_t *retval)
{

	return do_readlink(l, AT_FDCWD, SCARG(uap, path), SCARG(uap, buf),
	    SCARG(uap, count), retval);
}
SYSCALL_HANDLER(readlink)

int
sys_readlinkat(struct lwp *l, const struct sys_readlinkat_args *uap,
    register_t *retval)
{

	return do_readlink(l, SCARG(uap, fd), SCARG(uap, path),
	    SCARG(uap, buf), SCARG(uap, bufsize), retval);
}
SYSCALL_HANDLER(readlinkat)

/* ------------------------------------------------------------------- remove */

/* What a look-up for removal found: may it go? */
static int
check_removal(const struct nameidata *nd, bool dir)
{
	const struct vnode *vp = nd->ni_vp;

	if ((vp->v_vflag & VV_ROOT) != 0)
		return EBUSY;		/* something is mounted there */
	if (!dir)
		return 0;
	if (vp->v_type != VDIR)
		return ENOTDIR;
	if (nd->ni_dvp == vp)
		return EINVAL;		/* "." */
	return vp->v_mountedhere != NULL ? EBUSY : 0;
}

/* Remove what namei(DELETE, LOCKPARENT | LOCKLEAF) found; consumes it. */
static int
remove(struct nameidata *nd, bool dir)
{
	struct vnode *dvp = nd->ni_dvp;
	int error;

	if (dvp == NULL) {
		/* a path of slashes */
		vput(nd->ni_vp);
		return EBUSY;
	}
	if ((error = check_removal(nd, dir)) != 0) {
		call_nd_release(nd);
		return error;
	}
	if (dir)
		error = VOP_RMDIR(dvp, nd->ni_vp, &nd->ni_cnd);
	else
		error = VOP_REMOVE(dvp, nd->ni_vp, &nd->ni_cnd);
	vput(dvp);
	return error;
}

static int
do_unlink(int fdat, const char *path, bool dir)
{
	struct nameidata nd;
	struct pathbuf *pb;
	int error;

	error = call_namei_user(fdat, path, DELETE, LOCKPARENT | LOCKLEAF,
	    &nd, &pb);
	if (error != 0)
		return error;
	error = remove(&nd, dir);
	pathbuf_destroy(pb);
	return error;
}

/* unlink(2) for callers inside the kernel; path in memory of kind seg. */
int
do_sys_unlink(const char *path, enum uio_seg seg)
{
	struct nameidata nd;
	struct pathbuf *pb;
	int error;

	if ((error = pathbuf_maybe_copyin(path, seg, &pb)) != 0)
		return error;
	NDINIT(&nd, DELETE, LOCKPARENT | LOCKLEAF, pb);
	if ((error = namei(&nd)) == 0)
		error = remove(&nd, false);
	pathbuf_destroy(pb);
	return error;
}

int
sys_unlink(struct lwp *l, const struct sys_unlink_args *uap, register_t *retval)
{

	return do_unlink(AT_FDCWD, SCARG(uap, path), false);
}
SYSCALL_HANDLER(unlink)

int
sys_unlinkat(struct lwp *l, const struct sys_unlinkat_args *uap,
    register_t *retval)
{
	const int flag = SCARG(uap, flag);

	if ((flag & ~AT_REMOVEDIR) != 0)
		return EINVAL;
	return do_unlink(SCARG(uap, fd), SCARG(uap, path),
	    (flag & AT_REMOVEDIR) != 0);
}
SYSCALL_HANDLER(unlinkat)

int
sys_rmdir(struct lwp *l, const struct sys_rmdir_args *uap, register_t *retval)
{

	return do_unlink(AT_FDCWD, SCARG(uap, path), true);
}
SYSCALL_HANDLER(rmdir)

/* Remove a whiteout, so that what it hides is seen again. */
int
sys_undelete(struct lwp *l, const struct sys_undelete_args *uap,
    register_t *retval)
{
	struct nameidata nd;
	struct pathbuf *pb;
	int error;

	error = call_namei_user(AT_FDCWD, SCARG(uap, path), DELETE,
	    LOCKPARENT | DOWHITEOUT, &nd, &pb);
	if (error != 0)
		return error;
	if (nd.ni_vp != NULL || (nd.ni_cnd.cn_flags & ISWHITEOUT) == 0) {
		call_nd_release(&nd);
		error = EEXIST;
	} else {
		error = VOP_WHITEOUT(nd.ni_dvp, &nd.ni_cnd, DELETE);
		if (error != 0)
			VOP_ABORTOP(nd.ni_dvp, &nd.ni_cnd);
		vput(nd.ni_dvp);
	}
	pathbuf_destroy(pb);
	return error;
}
SYSCALL_HANDLER(undelete)

/* -------------------------------------------------------------------- mkdir */

static int
do_mkdir(struct lwp *l, int fdat, const char *path, mode_t mode)
{
	struct nameidata nd;
	struct pathbuf *pb;
	struct vnode *vp;
	struct vattr va;
	int error;

	error = call_namei_user(fdat, path, CREATE, LOCKPARENT | CREATEDIR,
	    &nd, &pb);
	if (error != 0)
		return error;
	if (nd.ni_vp != NULL) {
		call_nd_release(&nd);
		error = EEXIST;
	} else {
		vattr_null(&va);
		va.va_type = VDIR;
		/* the sticky bit is the superuser's to set later */
		va.va_mode = (mode & ACCESSPERMS) &
		    ~l->l_proc->p_cwdi->cwdi_cmask;
		nd.ni_cnd.cn_flags |= WILLBEDIR;
		error = VOP_MKDIR(nd.ni_dvp, &vp, &nd.ni_cnd, &va);
		if (error == 0)
			vrele(vp);
		vput(nd.ni_dvp);
	}
	pathbuf_destroy(pb);
	return error;
}

int
sys_mkdir(struct lwp *l, const struct sys_mkdir_args *uap, register_t *retval)
{

	return do_mkdir(l, AT_FDCWD, SCARG(uap, path), SCARG(uap, mode));
}
SYSCALL_HANDLER(mkdir)

int
sys_mkdirat(struct lwp *l, const struct sys_mkdirat_args *uap,
    register_t *retval)
{

	return do_mkdir(l, SCARG(uap, fd), SCARG(uap, path), SCARG(uap, mode));
}
SYSCALL_HANDLER(mkdirat)

/* ------------------------------------------------------------------- rename */

static bool
is_dot_or_dotdot(const struct componentname *cnp)
{

	return cnp->cn_nameptr[0] == '.' && (cnp->cn_namelen == 1 ||
	    (cnp->cn_namelen == 2 && cnp->cn_nameptr[1] == '.'));
}

static bool
is_mounted_on(const struct vnode *vp)
{

	return vp->v_type == VDIR && vp->v_mountedhere != NULL;
}

/*
 * Check what can be checked without the file system.
 *
 * Returns 0, an errno, or -1: there is nothing to do.
 */
static int
check_rename(const struct nameidata *from, const struct nameidata *to,
    bool posix)
{
	const struct vnode *fvp = from->ni_vp, *tvp = to->ni_vp;
	const struct componentname *fcn = &from->ni_cnd, *tcn = &to->ni_cnd;

	/* the target's is locked, so this mount's vnodes live; others may die */
	if (atomic_load_acquire(&from->ni_dvp->v_mount) != to->ni_dvp->v_mount)
		return EXDEV;
	if (is_dot_or_dotdot(tcn))
		return tvp != NULL ? EISDIR : EINVAL;
	if (fvp == to->ni_dvp)
		return EINVAL;
	if (is_mounted_on(fvp) || (fvp->v_vflag & VV_ROOT) != 0)
		return EBUSY;
	if (tvp == NULL)
		return 0;
	if (is_mounted_on(tvp) || (tvp->v_vflag & VV_ROOT) != 0)
		return EBUSY;
	if (fvp->v_mount != tvp->v_mount)
		return EXDEV;
	if (fvp->v_type == VDIR && tvp->v_type != VDIR)
		return ENOTDIR;
	if (fvp->v_type != VDIR && tvp->v_type == VDIR)
		return EISDIR;
	if (fvp != tvp)
		return 0;
	/* two names of one object, or twice the same name */
	if (posix || (from->ni_dvp == to->ni_dvp &&
	    fcn->cn_namelen == tcn->cn_namelen &&
	    memcmp(fcn->cn_nameptr, tcn->cn_nameptr, fcn->cn_namelen) == 0))
		return -1;
	return 0;
}

/* Nothing comes of it: let the source go, whose directory is not locked. */
static void
rename_abort(struct nameidata *from)
{

	VOP_ABORTOP(from->ni_dvp, &from->ni_cnd);
	vrele(from->ni_dvp);
	vrele(from->ni_vp);
}

/*
 * Rename, now that both ends are known.
 *
 * from  directory and object referenced, not locked; consumed
 * to    directory referenced and locked, object (or NULL) referenced, not
 *       locked; consumed
 */
static int
rename_found(struct nameidata *from, struct nameidata *to, bool posix)
{
	int error;

	if ((error = check_rename(from, to, posix)) != 0) {
		call_nd_release(to);
		rename_abort(from);
		return error == -1 ? 0 : error;
	}
	if (to->ni_vp != NULL)
		vn_lock(to->ni_vp, LK_EXCLUSIVE | LK_RETRY);
	return VOP_RENAME(from->ni_dvp, from->ni_vp, &from->ni_cnd,
	    to->ni_dvp, to->ni_vp, &to->ni_cnd);
}

/* The mount that the directory is in, referenced. */
static struct mount *
mount_of(struct vnode *dvp)
{
	struct mount *mp = vnode_fstrans_start(dvp);

	vfs_ref(mp);
	fstrans_done(mp);
	return mp;
}

/* Look up the target, and rename what the look-up of the source found. */
static int
rename_to(struct nameidata *from, int tofd, struct pathbuf *topb, bool posix)
{
	struct nameidata to;
	int error;

	NDINIT(&to, RENAME, LOCKPARENT | NOCACHE |
	    (atomic_load_relaxed(&from->ni_vp->v_type) == VDIR ?
	    CREATEDIR : 0), topb);
	if ((error = call_namei(tofd, &to)) == 0 && to.ni_dvp == NULL) {
		vrele(to.ni_vp);
		error = EBUSY;		/* the root */
	}
	if (error == 0)
		return rename_found(from, &to, posix);
	rename_abort(from);
	return error;
}

/* From the source on, which is consumed. */
static int
rename_from(struct nameidata *from, int tofd, struct pathbuf *topb, bool posix)
{
	struct mount *mp = mount_of(from->ni_dvp);
	int error;

	/* one rename at a time in a file system: the tree stays a tree */
	if ((error = VFS_RENAMELOCK_ENTER(mp)) == 0) {
		error = rename_to(from, tofd, topb, posix);
		VFS_RENAMELOCK_EXIT(mp);
	} else {
		rename_abort(from);
	}
	vfs_rele(mp);
	return error;
}

static int
rename_paths(int fromfd, struct pathbuf *frompb, int tofd,
    struct pathbuf *topb, bool posix)
{
	struct nameidata from;
	int error;

	NDINIT(&from, DELETE, LOCKPARENT, frompb);
	if ((error = call_namei(fromfd, &from)) != 0)
		return error;
	if (from.ni_dvp == NULL) {
		vrele(from.ni_vp);
		return EBUSY;
	}
	if (is_dot_or_dotdot(&from.ni_cnd)) {
		call_nd_release(&from);
		return EINVAL;
	}
	VOP_UNLOCK(from.ni_dvp);
	return rename_from(&from, tofd, topb, posix);
}

/* Both paths are copied in first: a bad address is the caller's fault. */
static int
do_rename(int fromfd, const char *from, int tofd, const char *to, bool posix)
{
	struct pathbuf *frompb, *topb;
	int error;

	if ((error = pathbuf_copyin(from, &frompb)) != 0)
		return error;
	if ((error = pathbuf_copyin(to, &topb)) == 0) {
		error = rename_paths(fromfd, frompb, tofd, topb, posix);
		pathbuf_destroy(topb);
	}
	pathbuf_destroy(frompb);
	return error;
}

int
sys_rename(struct lwp *l, const struct sys_rename_args *uap, register_t *retval)
{

	return do_rename(AT_FDCWD, SCARG(uap, from), AT_FDCWD, SCARG(uap, to),
	    false);
}
SYSCALL_HANDLER(rename)

int
sys_renameat(struct lwp *l, const struct sys_renameat_args *uap,
    register_t *retval)
{

	return do_rename(SCARG(uap, fromfd), SCARG(uap, from),
	    SCARG(uap, tofd), SCARG(uap, to), false);
}
SYSCALL_HANDLER(renameat)

int
sys___posix_rename(struct lwp *l, const struct sys___posix_rename_args *uap,
    register_t *retval)
{

	return do_rename(AT_FDCWD, SCARG(uap, from), AT_FDCWD, SCARG(uap, to),
	    true);
}
SYSCALL_HANDLER(__posix_rename)

void
calls_names_boot(void)
{
	static const struct rump_onesyscall calls[] = {
		SYSCALL_ROW(link), SYSCALL_ROW(linkat),
		SYSCALL_ROW(symlink), SYSCALL_ROW(symlinkat),
		SYSCALL_ROW(readlink), SYSCALL_ROW(readlinkat),
		SYSCALL_ROW(unlink), SYSCALL_ROW(unlinkat),
		SYSCALL_ROW(rmdir), SYSCALL_ROW(undelete),
		SYSCALL_ROW(mkdir), SYSCALL_ROW(mkdirat),
		SYSCALL_ROW(rename), SYSCALL_ROW(renameat),
		SYSCALL_ROW(__posix_rename),
	};

	rump_syscall_boot_establish(calls, __arraycount(calls));
}
