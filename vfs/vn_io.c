/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Transfers between vnodes and memory, for callers inside the kernel, and
 * what vnodes say of themselves to programs.
 *
 *   vn_rdwr         read or write
 *   vn_stat         struct stat
 *   vn_readdir      directory entries of an open directory
 *   vn_extattr_*    extended attributes
 */
#include <sys/param.h>
#include <sys/atomic.h>
#include <sys/errno.h>
#include <sys/extattr.h>
#include <sys/file.h>
#include <sys/kauth.h>
#include <sys/lwp.h>
#include <sys/mount.h>
#include <sys/proc.h>
#include <sys/resourcevar.h>
#include <sys/signalvar.h>
#include <sys/stat.h>
#include <sys/systm.h>
#include <sys/uio.h>
#include <sys/vnode.h>

#include "page/throttle.h"
#include "vn_io.h"

/* A transfer of one piece of memory. */
static void
uio_one(struct uio *uio, struct iovec *iov, enum uio_rw rw, void *base,
    size_t len, off_t offset)
{

	iov->iov_base = base;
	iov->iov_len = len;
	uio->uio_iov = iov;
	uio->uio_iovcnt = 1;
	uio->uio_offset = offset;
	uio->uio_resid = len;
	uio->uio_rw = rw;
	UIO_SETUP_SYSSPACE(uio);
}

/*
 * May the process make a regular file that large?
 *
 * end  offset after the last byte to be written
 *
 * Returns 0, or EFBIG with SIGXFSZ posted.
 */
int
vn_check_fsize(struct vnode *vp, off_t end, struct lwp *l)
{
	struct proc *p = l->l_proc;

	if (vp->v_type != VREG || p->p_limit == NULL ||
	    __predict_true((rlim_t)end <= p->p_rlimit[RLIMIT_FSIZE].rlim_cur))
		return 0;
	mutex_enter(&proc_lock);
	psignal(p, SIGXFSZ);
	mutex_exit(&proc_lock);
	return EFBIG;
}

/*
 * One transfer.
 *
 * base, len  memory of kind seg
 * ioflg      IO_*; IO_NODELOCKED: the caller holds the vnode lock
 * residp     out: bytes not transferred; NULL: a short transfer is EIO
 */
int
vn_rdwr(enum uio_rw rw, struct vnode *vp, void *base, int len, off_t offset,
    enum uio_seg seg, int ioflg, kauth_cred_t cred, size_t *residp,
    struct lwp *l)
{
	struct iovec iov;
	struct uio uio;
	int error = 0;

	if (len < 0)
		return EINVAL;
	uio_one(&uio, &iov, rw, base, (size_t)len, offset);
	if (seg == UIO_USERSPACE)
		uio.uio_vmspace = l->l_proc->p_vmspace;
	if ((ioflg & IO_NODELOCKED) == 0)
		vn_lock(vp, (rw == UIO_READ ? LK_SHARED : LK_EXCLUSIVE) |
		    LK_RETRY);
	if (rw == UIO_WRITE && seg == UIO_USERSPACE)
		error = vn_check_fsize(vp, offset + len, l);
	if (error == 0)
		error = rw == UIO_READ ? VOP_READ(vp, &uio, ioflg, cred) :
		    VOP_WRITE(vp, &uio, ioflg, cred);
	if ((ioflg & IO_NODELOCKED) == 0)
		VOP_UNLOCK(vp);
	if (rw == UIO_WRITE && (ioflg & IO_NODELOCKED) == 0)
		throttle_writer(vp, offset, len - uio.uio_resid, false);
	if (residp != NULL)
		*residp = uio.uio_resid;
	else if (error == 0 && uio.uio_resid != 0)
		error = EIO;
	return error;
}

/*
 * What stat(2) says of a vnode.
 *
 * Locks: vp locked.
 */
int
vn_stat(struct vnode *vp, struct stat *sb)
{
	struct vattr va;
	int error;

	memset(sb, 0, sizeof(*sb));
	vattr_null(&va);
	if ((error = VOP_GETATTR(vp, &va, kauth_cred_get())) != 0)
		return error;
	/* who and what */
	sb->st_mode = va.va_mode | (mode_t)VTTOIF(vp->v_type);
	sb->st_uid = va.va_uid;
	sb->st_gid = va.va_gid;
	sb->st_dev = va.va_fsid;
	sb->st_rdev = va.va_rdev;
	sb->st_ino = va.va_fileid;
	sb->st_nlink = va.va_nlink;
	/* when */
	sb->st_birthtimespec = va.va_birthtime;
	sb->st_ctimespec = va.va_ctime;
	sb->st_mtimespec = va.va_mtime;
	sb->st_atimespec = va.va_atime;
	/* how big */
	sb->st_size = (off_t)va.va_size;
	sb->st_blksize = (blksize_t)va.va_blocksize;
	sb->st_blocks = (blkcnt_t)(va.va_bytes / S_BLKSIZE);
	sb->st_flags = (uint32_t)va.va_flags;
	sb->st_gen = (uint32_t)va.va_gen;
	return 0;
}

/* ------------------------------------------------------------- directories */

int (*vn_union_readdir_hook)(struct vnode **, struct file *, struct lwp *);

/*
 * A directory of a union has been read: go on in the one below.
 *
 * Returns true if the file is on another directory now.
 */
static bool
union_next(struct file *fp, struct lwp *l)
{
	struct vnode *vp = fp->f_vnode, *below;
	struct mount *mp = vp->v_mount;

	if (vn_union_readdir_hook != NULL) {
		below = vp;
		if (vn_union_readdir_hook(&below, fp, l) != 0)
			return false;
		if (below != vp)
			return true;
	}
	if ((vp->v_vflag & VV_ROOT) == 0 ||
	    (atomic_load_relaxed(&mp->mnt_flag) & MNT_UNION) == 0 ||
	    (below = mp->mnt_vnodecovered) == NULL)
		return false;
	vref(below);
	mutex_enter(&fp->f_lock);
	fp->f_vnode = below;
	fp->f_offset = 0;
	mutex_exit(&fp->f_lock);
	vrele(vp);
	return true;
}

/*
 * Read entries of an open directory at the file's offset, and advance it.
 *
 * buf, count  memory of kind seg
 * done        out: bytes stored; 0 is the end
 * cookies     out: positions, from malloc(9) type M_TEMP; NULL: not wanted
 */
int
vn_readdir(struct file *fp, char *buf, int seg, unsigned int count, int *done,
    struct lwp *l, off_t **cookies, int *ncookies)
{
	struct vnode *vp;
	struct iovec iov;
	struct uio uio;
	int error, eof;

	/* file systems allocate cookies for what is asked */
	count = MIN(count, MAXBSIZE);
	do {
		vp = fp->f_vnode;
		if (vp->v_type != VDIR)
			return EINVAL;
		vn_lock(vp, LK_SHARED | LK_RETRY);
		mutex_enter(&fp->f_lock);
		uio_one(&uio, &iov, UIO_READ, buf, count, fp->f_offset);
		mutex_exit(&fp->f_lock);
		if (seg == UIO_USERSPACE)
			uio.uio_vmspace = l->l_proc->p_vmspace;
		error = VOP_READDIR(vp, &uio, fp->f_cred, &eof, cookies,
		    ncookies);
		mutex_enter(&fp->f_lock);
		fp->f_offset = uio.uio_offset;
		mutex_exit(&fp->f_lock);
		VOP_UNLOCK(vp);
		if (error != 0)
			return error;
	} while (uio.uio_resid == count && union_next(fp, l));
	*done = (int)(count - uio.uio_resid);
	return 0;
}

/* ----------------------------------------------------- extended attributes */

/*
 * Read an extended attribute.
 *
 * ioflg   IO_NODELOCKED: the caller holds the vnode lock
 * buflen  in: room; out: bytes read
 */
int
vn_extattr_get(struct vnode *vp, int ioflg, int attrnamespace,
    const char *attrname, size_t *buflen, void *buf, struct lwp *l)
{
	struct iovec iov;
	struct uio uio;
	int error;

	uio_one(&uio, &iov, UIO_READ, buf, *buflen, 0);
	if ((ioflg & IO_NODELOCKED) == 0)
		vn_lock(vp, LK_SHARED | LK_RETRY);
	error = VOP_GETEXTATTR(vp, attrnamespace, attrname, &uio, NULL, NOCRED);
	if ((ioflg & IO_NODELOCKED) == 0)
		VOP_UNLOCK(vp);
	if (error == 0)
		*buflen -= uio.uio_resid;
	return error;
}

/* Set an extended attribute. */
int
vn_extattr_set(struct vnode *vp, int ioflg, int attrnamespace,
    const char *attrname, size_t buflen, const void *buf, struct lwp *l)
{
	struct iovec iov;
	struct uio uio;
	int error;

	uio_one(&uio, &iov, UIO_WRITE, __UNCONST(buf), buflen, 0);
	if ((ioflg & IO_NODELOCKED) == 0)
		vn_lock(vp, LK_EXCLUSIVE | LK_RETRY);
	error = VOP_SETEXTATTR(vp, attrnamespace, attrname, &uio, NOCRED);
	if ((ioflg & IO_NODELOCKED) == 0)
		VOP_UNLOCK(vp);
	return error;
}

/* Remove an extended attribute. */
int
vn_extattr_rm(struct vnode *vp, int ioflg, int attrnamespace,
    const char *attrname, struct lwp *l)
{
	const bool lock = (ioflg & IO_NODELOCKED) == 0;
	int error;

	if (lock)
		vn_lock(vp, LK_EXCLUSIVE | LK_RETRY);
	error = VOP_DELETEEXTATTR(vp, attrnamespace, attrname, NOCRED);
	/* a file system may know removal only as setting to nothing */
	if (error == EOPNOTSUPP)
		error = VOP_SETEXTATTR(vp, attrnamespace, attrname, NULL, NOCRED);
	if (lock)
		VOP_UNLOCK(vp);
	return error;
}
