/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Open files that are vnodes: the operations that descriptors call (vnops).
 *
 * Transfers lock the vnode, shared to read and exclusively to write, so reads
 * of one file run side by side.  A transfer at the file's own offset reads and
 * advances it as one step: it holds one of OFFSET_LOCKS mutexes, chosen by the
 * file, around the transfer.  Files that have no position (FIFOs, terminals,
 * other devices) can block for ever, and do without.
 *
 * Locks: offset lock, then vnode lock.
 */
#include <sys/param.h>
#include <sys/atomic.h>
#include <sys/buf.h>
#include <sys/conf.h>
#include <sys/errno.h>
#include <sys/fcntl.h>
#include <sys/file.h>
#include <sys/filedesc.h>
#include <sys/filio.h>
#include <sys/ioctl.h>
#include <sys/kauth.h>
#include <sys/lwp.h>
#include <sys/mount.h>
#include <sys/mutex.h>
#include <sys/namei.h>
#include <sys/proc.h>
#include <sys/stat.h>
#include <sys/systm.h>
#include <sys/ttycom.h>
#include <sys/uio.h>
#include <sys/vnode.h>

#include <miscfs/specfs/specdev.h>
#include <rump-private/files.h>

#include "fifofs/fifo.h"
#include "lockf.h"
#include "page/throttle.h"
#include "vn.h"
#include "vn_io.h"

#define OFFSET_LOCKS	16

static struct {
	kmutex_t	lock;
} __aligned(COHERENCY_UNIT) offset_locks[OFFSET_LOCKS];

/* ----------------------------------------------------------------- offsets */

/* The offset after some bytes.  That of a device that does not look at it stays at the largest. */
static off_t
offset_after(off_t begin, size_t bytes)
{

	return begin > INT64_MAX - (off_t)bytes ? INT64_MAX : begin + (off_t)bytes;
}

/*
 * The mutex that makes a transfer at the file's offset one step; NULL for devices and
 * the like, where reads would hold up writes and the offset of each is as it comes.
 */
static kmutex_t *
offset_lock(struct file *fp, const off_t *offset)
{
	/* not locked: the vnode may die */
	const enum vtype type = atomic_load_relaxed(&fp->f_vnode->v_type);

	if (offset != &fp->f_offset || (type != VREG && type != VDIR))
		return NULL;
	return &offset_locks[((uintptr_t)fp >> 7) % OFFSET_LOCKS].lock;
}

static void
offset_enter(kmutex_t *lock)
{

	if (lock != NULL)
		mutex_enter(lock);
}

static void
offset_exit(kmutex_t *lock)
{

	if (lock != NULL)
		mutex_exit(lock);
}

/* The flags of a file, as the operations want them. */
static int
io_flags(const struct file *fp)
{
	const int fflag = fp->f_flag;
	int ioflag = IO_ADV_ENCODE((int)fp->f_advice);

	if ((fflag & FNONBLOCK) != 0)
		ioflag |= IO_NDELAY;
	if ((fflag & FALTIO) != 0)
		ioflag |= IO_ALTSEMANTICS;
	if ((fflag & FDIRECT) != 0)
		ioflag |= IO_DIRECT;
	return ioflag;
}

static int
read_flags(const struct file *fp)
{
	int ioflag = io_flags(fp);

	if ((fp->f_flag & (FFSYNC | FRSYNC)) == (FFSYNC | FRSYNC))
		ioflag |= IO_SYNC;
	else if ((fp->f_flag & (FDSYNC | FRSYNC)) == (FDSYNC | FRSYNC))
		ioflag |= IO_DSYNC;
	return ioflag;
}

static int
write_flags(const struct file *fp)
{
	const struct vnode *vp = fp->f_vnode;
	int ioflag = io_flags(fp) | IO_UNIT;

	if (vp->v_type == VREG && (fp->f_flag & O_APPEND) != 0)
		ioflag |= IO_APPEND;
	if ((fp->f_flag & FFSYNC) != 0 || (vp->v_mount != NULL &&
	    (atomic_load_relaxed(&vp->v_mount->mnt_flag) &
	    MNT_SYNCHRONOUS) != 0))
		ioflag |= IO_SYNC;
	else if ((fp->f_flag & FDSYNC) != 0)
		ioflag |= IO_DSYNC;
	return ioflag;
}

/* --------------------------------------------------------------- transfers */

static int
vn_read(struct file *fp, off_t *offset, struct uio *uio, kauth_cred_t cred,
    int flags)
{
	struct vnode *vp = fp->f_vnode;
	kmutex_t *lock = offset_lock(fp, offset);
	const size_t want = uio->uio_resid;
	off_t begin;
	int error;

	if (vp->v_type == VDIR)
		return EISDIR;
	offset_enter(lock);
	uio->uio_offset = begin = atomic_load_relaxed(offset);
	vn_lock(vp, LK_SHARED | LK_RETRY);
	error = VOP_READ(vp, uio, read_flags(fp), cred);
	if ((flags & FOF_UPDATE_OFFSET) != 0)
		atomic_store_relaxed(offset,
		    offset_after(begin, want - uio->uio_resid));
	VOP_UNLOCK(vp);
	offset_exit(lock);
	return error;
}

static int
vn_write(struct file *fp, off_t *offset, struct uio *uio, kauth_cred_t cred,
    int flags)
{
	struct vnode *vp = fp->f_vnode;
	kmutex_t *lock = offset_lock(fp, offset);
	const int ioflag = write_flags(fp);
	const size_t want = uio->uio_resid;
	size_t moved;
	off_t begin;
	int error;

	offset_enter(lock);
	uio->uio_offset = begin = atomic_load_relaxed(offset);
	vn_lock(vp, LK_EXCLUSIVE | LK_RETRY);
	if ((ioflag & IO_APPEND) != 0)
		begin = vp->v_size;
	error = vn_check_fsize(vp, offset_after(begin, want), curlwp);
	if (error == 0)
		error = VOP_WRITE(vp, uio, ioflag, cred);
	moved = want - uio->uio_resid;
	/* A write of nothing moves nothing, not even to the end to append. */
	if ((flags & FOF_UPDATE_OFFSET) != 0 && moved != 0)
		atomic_store_relaxed(offset, (ioflag & IO_APPEND) != 0 ?
		    uio->uio_offset : offset_after(begin, moved));
	VOP_UNLOCK(vp);
	offset_exit(lock);
	throttle_writer(vp, begin, moved, true);
	return error;
}

/* ------------------------------------------------------------------ control */

/* ioctl(2) of regular files and directories. */
static int
plain_ioctl(struct file *fp, u_long com, void *data)
{
	struct vnode *vp = fp->f_vnode;
	struct vattr va;
	int error;

	switch (com) {
	case FIONREAD:
		vn_lock(vp, LK_SHARED | LK_RETRY);
		error = VOP_GETATTR(vp, &va, kauth_cred_get());
		VOP_UNLOCK(vp);
		if (error == 0)
			*(int *)data = (int)((off_t)va.va_size - fp->f_offset);
		return error;
	case FIONWRITE:
	case FIONSPACE:
		*(int *)data = 0;
		return 0;
	case FIONBIO:
	case FIOASYNC:
		/* f_flag says it all */
		return 0;
	default:
		return VOP_IOCTL(vp, com, data, fp->f_flag, kauth_cred_get());
	}
}

/* vp has become the controlling terminal of the caller's session. */
static void
set_terminal(struct vnode *vp)
{
	struct session *ss;
	struct vnode *old;

	vref(vp);
	mutex_enter(&proc_lock);
	ss = curproc->p_session;
	old = ss->s_ttyvp;
	ss->s_ttyvp = vp;
	mutex_exit(&proc_lock);
	if (old != NULL)
		vrele(old);
}

static int
special_ioctl(struct file *fp, u_long com, void *data)
{
	int error;

	error = VOP_IOCTL(fp->f_vnode, com, data, fp->f_flag,
	    kauth_cred_get());
	if (error == 0 && com == TIOCSCTTY)
		set_terminal(fp->f_vnode);
	return error;
}

static int
vn_ioctl(struct file *fp, u_long com, void *data)
{
	struct vnode *vp = fp->f_vnode;

	switch (vp->v_type) {
	case VREG:
	case VDIR:
		return plain_ioctl(fp, com, data);
	case VFIFO:
	case VCHR:
	case VBLK:
		return special_ioctl(fp, com, data);
	default:
		return EPASSTHROUGH;
	}
}

/* A record lock as the caller says it, from SEEK_CUR to SEEK_SET. */
static int
lock_in(struct file *fp, const void *ufl, struct flock *fl)
{
	int error;

	if ((error = copyin(ufl, fl, sizeof(*fl))) != 0)
		return error;
	if (fl->l_whence == SEEK_CUR) {
		if (__builtin_add_overflow(fl->l_start, fp->f_offset,
		    &fl->l_start))
			return EOVERFLOW;
	}
	return 0;
}

/* F_GETLK, F_SETLK, F_SETLKW; ufl is the caller's. */
static int
record_lock(struct file *fp, u_int com, void *ufl)
{
	struct proc *p = curproc;
	struct flock fl;
	int error, flags = F_POSIX;

	if ((error = lock_in(fp, ufl, &fl)) != 0)
		return error;
	if (com == F_GETLK) {
		error = VOP_ADVLOCK(fp->f_vnode, p, F_GETLK, &fl, F_POSIX);
		return error != 0 ? error : copyout(&fl, ufl, sizeof(fl));
	}
	if (fl.l_type == F_UNLCK)
		return VOP_ADVLOCK(fp->f_vnode, p, F_UNLCK, &fl, F_POSIX);
	if (fl.l_type != F_RDLCK && fl.l_type != F_WRLCK)
		return EINVAL;
	if ((fp->f_flag & (fl.l_type == F_RDLCK ? FREAD : FWRITE)) == 0)
		return EBADF;
	if (com == F_SETLKW)
		flags |= F_WAIT;
	/* from now on closing any descriptor of the object drops locks */
	if ((p->p_flag & PK_ADVLOCK) == 0) {
		mutex_enter(p->p_lock);
		p->p_flag |= PK_ADVLOCK;
		mutex_exit(p->p_lock);
	}
	return VOP_ADVLOCK(fp->f_vnode, p, F_SETLK, &fl, flags);
}

/* F_GETPATH: a path of the file, MAXPATHLEN bytes at most. */
static int
path_out(struct file *fp, void *upath)
{
	char *path = PNBUF_GET();
	int error;

	error = vnode_to_path(path, MAXPATHLEN, fp->f_vnode, curlwp, curproc);
	if (error == 0)
		error = copyoutstr(path, upath, MAXPATHLEN, NULL);
	PNBUF_PUT(path);
	return error;
}

/* data: a kernel copy for F_FSCTL commands, else the caller's argument. */
static int
vn_fcntl(struct file *fp, u_int com, void *data)
{

	switch ((int)com) {
	case F_GETLK:
	case F_SETLK:
	case F_SETLKW:
		return record_lock(fp, com, data);
	case F_GETPATH:
		return path_out(fp, data);
	default:
		return VOP_FCNTL(fp->f_vnode, com, data, fp->f_flag,
		    kauth_cred_get());
	}
}

static int
vn_poll(struct file *fp, int events)
{

	return VOP_POLL(fp->f_vnode, events);
}

int
vn_kqfilter(struct file *fp, struct knote *kn)
{

	return VOP_KQFILTER(fp->f_vnode, kn);
}

static int
vn_statfile(struct file *fp, struct stat *sb)
{
	struct vnode *vp = fp->f_vnode;
	int error;

	vn_lock(vp, LK_SHARED | LK_RETRY);
	error = vn_stat(vp, sb);
	VOP_UNLOCK(vp);
	return error;
}

/* The last descriptor is gone: flock(2)'s locks belong to the file. */
static int
vn_closefile(struct file *fp)
{
	struct flock all = { .l_whence = SEEK_SET, .l_type = F_UNLCK };

	if ((fp->f_flag & FHASLOCK) != 0)
		(void)VOP_ADVLOCK(fp->f_vnode, fp, F_UNLCK, &all, F_FLOCK);
	return vn_close(fp->f_vnode, fp->f_flag, fp->f_cred);
}

/* A descriptor of fp is closed while it is being used: what waits is to return. */
static void
vn_restart(struct file *fp)
{

	if (fp->f_vnode->v_type == VFIFO)
		fifo_restart();
	lf_restart();
}

const struct fileops vnops = {
	.fo_name = "vn",
	.fo_read = vn_read,
	.fo_write = vn_write,
	.fo_ioctl = vn_ioctl,
	.fo_fcntl = vn_fcntl,
	.fo_poll = vn_poll,
	.fo_stat = vn_statfile,
	.fo_close = vn_closefile,
	.fo_kqfilter = vn_kqfilter,
	.fo_restart = vn_restart,
};

/* ----------------------------------------------- for the base (file_vnode_ops) */

/* p closes a descriptor of fp: its record locks on the object go. */
static void
unlock_process(struct proc *p, struct file *fp)
{
	struct flock all = { .l_whence = SEEK_SET, .l_type = F_UNLCK };

	(void)VOP_ADVLOCK(fp->f_vnode, p, F_UNLCK, &all, F_POSIX);
}

/* May a transfer of fp begin at this offset? */
static int
check_seek(struct file *fp, off_t offset)
{
	struct vnode *vp = fp->f_vnode;

	if (vp->v_type == VFIFO)
		return ESPIPE;
	return VOP_SEEK(vp, fp->f_offset, offset, fp->f_cred);
}

/* Which device is this vnode? */
static void
describe_device(struct vnode *vp, struct file_device *device)
{
	struct vnode *bvp;
	dev_t bdev;

	device->fd_dev = vp->v_rdev;
	device->fd_block = vp->v_type == VBLK;
	if (device->fd_block) {
		device->fd_mounted = spec_node_getmountedfs(vp) != NULL;
		return;
	}
	bdev = devsw_chr2blk(vp->v_rdev);
	device->fd_mounted = bdev != NODEV &&
	    spec_node_lookup_by_dev(VBLK, bdev, &bvp) == 0;
	if (device->fd_mounted) {
		device->fd_mounted = spec_node_getmountedfs(bvp) != NULL;
		vrele(bvp);
	}
}

static const struct file_vnode_ops vnode_ops = {
	.fv_unlock = unlock_process,
	.fv_seek = check_seek,
	.fv_device = describe_device,
	.fv_biodone = biodone,
};

void
vn_file_boot(void)
{
	int i;

	for (i = 0; i < OFFSET_LOCKS; i++)
		mutex_init(&offset_locks[i].lock, MUTEX_DEFAULT, IPL_NONE);
	file_vnode_ops = &vnode_ops;
}
