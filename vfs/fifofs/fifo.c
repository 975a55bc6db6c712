/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * FIFOs: the generic operations, which file systems forward to.
 *
 * The pipe is a ring of bytes that hangs on the vnode from the first open to
 * the last close.  Readers and writers do not hold the vnode lock while they
 * transfer or wait, for they wait for each other.  Bytes go through a buffer
 * on their way, so that the ring's mutex is never held over a copy to or from
 * a process that may be far away.
 *
 *   open    of one end waits for the other, unless O_NONBLOCK; for writing
 *           then ENXIO
 *   read    what there is; 0 when there is no writer; EAGAIN
 *   write   up to PIPE_BUF bytes in one piece or not at all; EPIPE and SIGPIPE
 *           when there is no reader
 *
 * A descriptor that is closed under a transfer ends it (fifo_restart).
 *
 * Locks: the vnode lock protects v_fifoinfo and comes before the mutex, which
 *        protects the rest.  fifos_lock, of the list of all, comes before that.
 *
 * Ref: POSIX.1-2017 open(), read(), write() on FIFOs.
 */
#include <sys/param.h>
#include <sys/condvar.h>
#include <sys/errno.h>
#include <sys/event.h>
#include <sys/fcntl.h>
#include <sys/filio.h>
#include <sys/ioctl.h>
#include <sys/kmem.h>
#include <sys/lwp.h>
#include <sys/mutex.h>
#include <sys/poll.h>
#include <sys/proc.h>
#include <sys/select.h>
#include <sys/signalvar.h>
#include <sys/systm.h>
#include <sys/uio.h>
#include <sys/unistd.h>
#include <sys/vnode.h>

#include <miscfs/fifofs/fifo.h>
#include <miscfs/genfs/genfs.h>
#include <rump-private/files.h>
#include <rump-private/knote.h>

#include "fifofs/fifo.h"

#define RING_SIZE	16384		/* a power of two, at least PIPE_BUF */
#define PIECE		4096		/* bytes copied at a time */

struct fifoinfo {
	kmutex_t	lock;
	kcondvar_t	readable;	/* also: a writer came or went */
	kcondvar_t	writable;	/* also: a reader came or went */
	unsigned	readers, writers;	/* opens */
	unsigned	readeropens, writeropens;	/* ever */
	struct selinfo	rsel, wsel;
	unsigned	busy;		/* threads that transfer or wait */
	bool		adding;		/* a writer copies into what room there is */
	LIST_ENTRY(fifoinfo) entry;	/* fifos_lock */
	bool		gone;		/* the vnode died under its users */
	size_t		head;		/* where the first byte is */
	size_t		used;		/* how many there are */
	uint8_t		ring[RING_SIZE];
};

static kmutex_t fifos_lock;
static LIST_HEAD(, fifoinfo) fifos;	/* fifos_lock */

void
fifo_boot(void)
{

	mutex_init(&fifos_lock, MUTEX_DEFAULT, IPL_NONE);
	LIST_INIT(&fifos);
}

/* -------------------------------------------------------------- open, close */

static struct fifoinfo *
pipe_create(void)
{
	struct fifoinfo *fi = kmem_zalloc(sizeof(*fi), KM_SLEEP);

	mutex_init(&fi->lock, MUTEX_DEFAULT, IPL_NONE);
	cv_init(&fi->readable, "fiford");
	cv_init(&fi->writable, "fifowr");
	selinit(&fi->rsel);
	selinit(&fi->wsel);
	mutex_enter(&fifos_lock);
	LIST_INSERT_HEAD(&fifos, fi, entry);
	mutex_exit(&fifos_lock);
	return fi;
}

static void
pipe_destroy(struct fifoinfo *fi)
{

	mutex_enter(&fifos_lock);
	LIST_REMOVE(fi, entry);
	mutex_exit(&fifos_lock);
	mutex_destroy(&fi->lock);
	cv_destroy(&fi->readable);
	cv_destroy(&fi->writable);
	seldestroy(&fi->rsel);
	seldestroy(&fi->wsel);
	kmem_free(fi, sizeof(*fi));
}

/* Everybody looks again; lock held. */
static void
wake_all(struct fifoinfo *fi)
{

	cv_broadcast(&fi->readable);
	cv_broadcast(&fi->writable);
	selnotify(&fi->rsel, 0, NOTE_SUBMIT);
	selnotify(&fi->wsel, 0, NOTE_SUBMIT);
}

/*
 * A descriptor is taken away while a thread transfers by it: all that wait look if
 * it is theirs.  Which FIFO it is, below what layers, is not worth finding out.
 */
void
fifo_restart(void)
{
	struct fifoinfo *fi;

	mutex_enter(&fifos_lock);
	LIST_FOREACH(fi, &fifos, entry) {
		mutex_enter(&fi->lock);
		cv_broadcast(&fi->readable);
		cv_broadcast(&fi->writable);
		mutex_exit(&fi->lock);
	}
	mutex_exit(&fifos_lock);
}

/*
 * The pipe has lost its vnode: free it with its last user.
 *
 * Locks: lock held, released.
 */
static void
leave_gone(struct fifoinfo *fi)
{
	const bool last = fi->gone && fi->busy == 0 &&
	    SLIST_EMPTY(&fi->rsel.sel_klist) &&
	    SLIST_EMPTY(&fi->wsel.sel_klist);

	mutex_exit(&fi->lock);
	if (last)
		pipe_destroy(fi);
}

/* This open is over; vnode locked exclusively. */
static void
leave(struct vnode *vp, int mode)
{
	struct fifoinfo *fi = vp->v_fifoinfo;
	bool last;

	mutex_enter(&fi->lock);
	if ((mode & FREAD) != 0)
		fi->readers--;
	if ((mode & FWRITE) != 0)
		fi->writers--;
	/* who opens it again does not find what nobody read */
	if (fi->readers == 0 && fi->writers == 0)
		fi->used = 0;
	last = fi->readers == 0 && fi->writers == 0;
	wake_all(fi);
	mutex_exit(&fi->lock);
	if (last) {
		vp->v_fifoinfo = NULL;
		pipe_destroy(fi);
	}
}

/* Wait until the other end has been opened; the vnode is unlocked meanwhile. */
static int
await_peer(struct vnode *vp, struct fifoinfo *fi, const unsigned *peers,
    const unsigned *opens, kcondvar_t *cv)
{
	const unsigned before = *opens;
	int error = 0;

	mutex_enter(&fi->lock);
	fi->busy++;
	VOP_UNLOCK(vp);
	/* one who came and went has been there */
	while (error == 0 && !fi->gone && *peers == 0 && *opens == before)
		error = cv_wait_sig(cv, &fi->lock);
	fi->busy--;
	if (fi->gone)
		error = EBADF;
	leave_gone(fi);
	vn_lock(vp, LK_EXCLUSIVE | LK_RETRY);
	return error;
}

static int
fifo_open(void *v)
{
	struct vop_open_args *ap = v;
	struct vnode *vp = ap->a_vp;
	const int mode = ap->a_mode;
	struct fifoinfo *fi;
	int error = 0;

	if ((fi = vp->v_fifoinfo) == NULL)
		fi = vp->v_fifoinfo = pipe_create();
	mutex_enter(&fi->lock);
	if ((mode & FREAD) != 0) {
		fi->readers++;
		fi->readeropens++;
	}
	if ((mode & FWRITE) != 0) {
		fi->writers++;
		fi->writeropens++;
	}
	wake_all(fi);
	mutex_exit(&fi->lock);
	if ((mode & FREAD) != 0 && fi->writers == 0 &&
	    (mode & O_NONBLOCK) == 0)
		error = await_peer(vp, fi, &fi->writers, &fi->writeropens,
		    &fi->readable);
	if (error == 0 && (mode & FWRITE) != 0 && fi->readers == 0)
		error = (mode & O_NONBLOCK) != 0 ? ENXIO :
		    await_peer(vp, fi, &fi->readers, &fi->readeropens,
		    &fi->writable);
	if (error != 0 && error != EBADF)
		leave(vp, mode);
	return error;
}

static int
fifo_close(void *v)
{
	struct vop_close_args *ap = v;
	struct fifoinfo *fi = ap->a_vp->v_fifoinfo;

	if (fi == NULL)
		return 0;
	if ((ap->a_fflag & (FREAD | FWRITE)) == 0) {
		/* the vnode dies: who uses it finds the other end closed */
		ap->a_vp->v_fifoinfo = NULL;
		mutex_enter(&fi->lock);
		fi->gone = true;
		fi->readers = fi->writers = 0;
		fi->used = 0;
		wake_all(fi);
		leave_gone(fi);
		return 0;
	}
	leave(ap->a_vp, ap->a_fflag);
	return 0;
}

/* --------------------------------------------------------------- transfers */

/* Bytes into or out of the ring, as many as there are; lock held. */
static void
ring_get(struct fifoinfo *fi, uint8_t *buf, size_t len)
{
	size_t n = MIN(len, RING_SIZE - fi->head);

	memcpy(buf, fi->ring + fi->head, n);
	memcpy(buf + n, fi->ring, len - n);
	fi->head = (fi->head + len) & (RING_SIZE - 1);
	fi->used -= len;
}

static void
ring_put(struct fifoinfo *fi, const uint8_t *buf, size_t len)
{
	size_t tail = (fi->head + fi->used) & (RING_SIZE - 1);
	size_t n = MIN(len, RING_SIZE - tail);

	memcpy(fi->ring + tail, buf, n);
	memcpy(fi->ring, buf + n, len - n);
	fi->used += len;
}

/* Sleep until something changes; lock held.  ERESTART: the descriptor goes. */
static int
pause(struct fifoinfo *fi, kcondvar_t *cv)
{

	return fd_closing() ? ERESTART : cv_wait_sig(cv, &fi->lock);
}

/* Wait for something to read; lock held.  0 with used 0: there is no writer. */
static int
await_data(struct fifoinfo *fi, bool nonblock)
{
	int error = 0;

	while (error == 0 && fi->used == 0 && fi->writers > 0)
		error = nonblock ? EAGAIN : pause(fi, &fi->readable);
	return error;
}

static int
do_read(struct fifoinfo *fi, struct uio *uio, bool nonblock)
{
	uint8_t *buf = kmem_alloc(PIECE, KM_SLEEP);
	const size_t want = uio->uio_resid;
	size_t n;
	int error;

	mutex_enter(&fi->lock);
	fi->busy++;
	error = await_data(fi, nonblock);
	while (error == 0 && fi->used > 0 && uio->uio_resid > 0) {
		n = MIN(MIN(fi->used, uio->uio_resid), (size_t)PIECE);
		ring_get(fi, buf, n);
		cv_broadcast(&fi->writable);
		selnotify(&fi->wsel, POLLOUT | POLLWRNORM, NOTE_SUBMIT);
		mutex_exit(&fi->lock);
		error = uiomove(buf, n, uio);
		mutex_enter(&fi->lock);
	}
	fi->busy--;
	leave_gone(fi);
	kmem_free(buf, PIECE);
	return uio->uio_resid < want && error != EFAULT ? 0 : error;
}

static int
fifo_read(void *v)
{
	struct vop_read_args *ap = v;
	struct vnode *vp = ap->a_vp;
	struct fifoinfo *fi = vp->v_fifoinfo;
	int lktype, error;

	if (fi == NULL)
		return EBADF;		/* nobody has it open */
	if (ap->a_uio->uio_resid == 0)
		return 0;
	lktype = VOP_ISLOCKED(vp);
	VOP_UNLOCK(vp);
	error = do_read(fi, ap->a_uio, (ap->a_ioflag & IO_NDELAY) != 0);
	vn_lock(vp, lktype | LK_RETRY);
	return error;
}

/* Wait for room that nobody else is filling; lock held. */
static int
await_room(struct fifoinfo *fi, size_t need, bool nonblock)
{
	int error = 0;

	while (error == 0 && fi->readers > 0 &&
	    (fi->adding || RING_SIZE - fi->used < need))
		error = nonblock ? EAGAIN : pause(fi, &fi->writable);
	if (error == 0 && fi->readers == 0)
		error = EPIPE;
	return error;
}

static int
do_write(struct fifoinfo *fi, struct uio *uio, bool nonblock)
{
	uint8_t *buf = kmem_alloc(PIECE, KM_SLEEP);
	const size_t all = uio->uio_resid;
	/* a short message is not torn apart */
	const bool whole = all <= PIPE_BUF;
	size_t n;
	int error = 0;

	mutex_enter(&fi->lock);
	fi->busy++;
	while (error == 0 && uio->uio_resid > 0) {
		error = await_room(fi, whole ? all : 1, nonblock);
		if (error != 0)
			break;
		n = MIN(MIN(RING_SIZE - fi->used, uio->uio_resid),
		    (size_t)PIECE);
		fi->adding = true;
		mutex_exit(&fi->lock);
		error = uiomove(buf, n, uio);
		mutex_enter(&fi->lock);
		fi->adding = false;
		cv_broadcast(&fi->writable);
		if (error != 0)
			break;
		ring_put(fi, buf, n);
		cv_broadcast(&fi->readable);
		selnotify(&fi->rsel, POLLIN | POLLRDNORM, NOTE_SUBMIT);
	}
	fi->busy--;
	leave_gone(fi);
	kmem_free(buf, PIECE);
	if (error == EAGAIN && uio->uio_resid < all)
		error = 0;
	return error;
}

static int
fifo_write(void *v)
{
	struct vop_write_args *ap = v;
	struct vnode *vp = ap->a_vp;
	struct fifoinfo *fi = vp->v_fifoinfo;
	int error;

	if (fi == NULL)
		return EBADF;
	if (ap->a_uio->uio_resid == 0)
		return 0;
	VOP_UNLOCK(vp);
	error = do_write(fi, ap->a_uio, (ap->a_ioflag & IO_NDELAY) != 0);
	vn_lock(vp, LK_EXCLUSIVE | LK_RETRY);
	if (error == EPIPE) {
		mutex_enter(&proc_lock);
		psignal(curproc, SIGPIPE);
		mutex_exit(&proc_lock);
	}
	return error;
}

/* ------------------------------------------------------------------- asking */

static int
fifo_ioctl(void *v)
{
	struct vop_ioctl_args *ap = v;
	struct fifoinfo *fi = ap->a_vp->v_fifoinfo;

	switch (ap->a_command) {
	case FIONBIO:
	case FIOASYNC:
		return 0;
	case FIONREAD:
	case FIONWRITE:
		*(int *)ap->a_data = fi == NULL ? 0 : (int)fi->used;
		return 0;
	case FIONSPACE:
		*(int *)ap->a_data = fi == NULL ? 0 :
		    (int)(RING_SIZE - fi->used);
		return 0;
	default:
		return EPASSTHROUGH;
	}
}

static int
fifo_poll(void *v)
{
	struct vop_poll_args *ap = v;
	struct fifoinfo *fi = ap->a_vp->v_fifoinfo;
	const int in = ap->a_events & (POLLIN | POLLRDNORM);
	const int out = ap->a_events & (POLLOUT | POLLWRNORM);
	int revents = 0;

	if (fi == NULL)
		return POLLERR;
	mutex_enter(&fi->lock);
	if (fi->used > 0 || fi->writers == 0)
		revents |= in;
	if (fi->writers == 0 && fi->used == 0 && in != 0)
		revents |= POLLHUP;
	if (RING_SIZE - fi->used >= PIPE_BUF || fi->readers == 0)
		revents |= out;
	if (revents == 0) {
		if (in != 0)
			selrecord(curlwp, &fi->rsel);
		if (out != 0)
			selrecord(curlwp, &fi->wsel);
	}
	mutex_exit(&fi->lock);
	return revents;
}

/* Knotes of one end; notifications come with the lock held (NOTE_SUBMIT). */
static void
detach_read(struct knote *kn)
{
	struct fifoinfo *fi = kn->kn_hook;

	mutex_enter(&fi->lock);
	SLIST_REMOVE(&fi->rsel.sel_klist, kn, knote, kn_selnext);
	leave_gone(fi);
}

static void
detach_write(struct knote *kn)
{
	struct fifoinfo *fi = kn->kn_hook;

	mutex_enter(&fi->lock);
	SLIST_REMOVE(&fi->wsel.sel_klist, kn, knote, kn_selnext);
	leave_gone(fi);
}

static int
ready_read(struct knote *kn, long hint)
{
	struct fifoinfo *fi = kn->kn_hook;
	int ready;

	if (hint != NOTE_SUBMIT)
		mutex_enter(&fi->lock);
	knote_set_data(kn, (int64_t)fi->used);
	knote_change_flags(kn, fi->writers == 0 ? EV_EOF : 0, EV_EOF);
	ready = fi->used > 0 || fi->writers == 0;
	if (hint != NOTE_SUBMIT)
		mutex_exit(&fi->lock);
	return ready;
}

static int
ready_write(struct knote *kn, long hint)
{
	struct fifoinfo *fi = kn->kn_hook;
	int ready;

	if (hint != NOTE_SUBMIT)
		mutex_enter(&fi->lock);
	knote_set_data(kn, (int64_t)(RING_SIZE - fi->used));
	knote_change_flags(kn, fi->readers == 0 ? EV_EOF : 0, EV_EOF);
	ready = RING_SIZE - fi->used >= PIPE_BUF || fi->readers == 0;
	if (hint != NOTE_SUBMIT)
		mutex_exit(&fi->lock);
	return ready;
}

static const struct filterops read_filter = {
	.f_isfd = 1, .f_detach = detach_read, .f_event = ready_read,
};
static const struct filterops write_filter = {
	.f_isfd = 1, .f_detach = detach_write, .f_event = ready_write,
};

static int
fifo_kqfilter(void *v)
{
	struct vop_kqfilter_args *ap = v;
	struct fifoinfo *fi = ap->a_vp->v_fifoinfo;
	struct knote *kn = ap->a_kn;
	struct selinfo *sel;

	if (fi == NULL)
		return EBADF;
	switch (kn->kn_filter) {
	case EVFILT_READ:
		kn->kn_fop = &read_filter;
		sel = &fi->rsel;
		break;
	case EVFILT_WRITE:
		kn->kn_fop = &write_filter;
		sel = &fi->wsel;
		break;
	default:
		return genfs_kqfilter(v);
	}
	kn->kn_hook = fi;
	mutex_enter(&fi->lock);
	SLIST_INSERT_HEAD(&sel->sel_klist, kn, kn_selnext);
	mutex_exit(&fi->lock);
	return 0;
}

static int
fifo_lookup(void *v)
{
	struct vop_lookup_v2_args *ap = v;

	*ap->a_vpp = NULL;
	return ENOTDIR;
}

static int
fifo_pathconf(void *v)
{
	struct vop_pathconf_args *ap = v;

	switch (ap->a_name) {
	case _PC_LINK_MAX:
		*ap->a_retval = LINK_MAX;
		return 0;
	case _PC_PIPE_BUF:
		*ap->a_retval = PIPE_BUF;
		return 0;
	case _PC_CHOWN_RESTRICTED:
	case _PC_SYNC_IO:
		*ap->a_retval = 1;
		return 0;
	default:
		return genfs_pathconf(v);
	}
}

static int
fifo_seek(void *v)
{

	return ESPIPE;
}

static int
fifo_print(void *v)
{
	struct vop_print_args *ap = v;
	const struct fifoinfo *fi = ap->a_vp->v_fifoinfo;

	if (fi != NULL)
		printf("fifo: %u readers, %u writers, %zu bytes\n", fi->readers,
		    fi->writers, fi->used);
	return 0;
}

int (**fifo_vnodeop_p)(void *);

static const struct vnodeopv_entry_desc fifo_entries[] = {
	{ &vop_default_desc, vn_default_error },
	{ &vop_lookup_desc, fifo_lookup },
	{ &vop_open_desc, fifo_open },
	{ &vop_close_desc, fifo_close },
	{ &vop_read_desc, fifo_read },
	{ &vop_write_desc, fifo_write },
	{ &vop_ioctl_desc, fifo_ioctl },
	{ &vop_poll_desc, fifo_poll },
	{ &vop_kqfilter_desc, fifo_kqfilter },
	{ &vop_revoke_desc, genfs_revoke },
	{ &vop_mmap_desc, genfs_badop },
	{ &vop_seek_desc, fifo_seek },
	{ &vop_fsync_desc, genfs_nullop },
	{ &vop_fcntl_desc, genfs_fcntl },
	{ &vop_pathconf_desc, fifo_pathconf },
	{ &vop_advlock_desc, genfs_einval },
	{ &vop_bmap_desc, genfs_eopnotsupp },
	{ &vop_fallocate_desc, genfs_eopnotsupp },
	{ &vop_fdiscard_desc, genfs_eopnotsupp },
	{ &vop_getpages_desc, genfs_badop },
	{ &vop_putpages_desc, genfs_null_putpages },
	{ &vop_print_desc, fifo_print },
	/* names: nobody gets here by one */
	{ &vop_create_desc, genfs_badop },
	{ &vop_mknod_desc, genfs_badop },
	{ &vop_remove_desc, genfs_badop },
	{ &vop_link_desc, genfs_badop },
	{ &vop_rename_desc, genfs_badop },
	{ &vop_mkdir_desc, genfs_badop },
	{ &vop_rmdir_desc, genfs_badop },
	{ &vop_symlink_desc, genfs_badop },
	{ &vop_readdir_desc, genfs_badop },
	{ &vop_readlink_desc, genfs_badop },
	{ &vop_abortop_desc, genfs_badop },
	{ NULL, NULL }
};
const struct vnodeopv_desc fifo_vnodeop_opv_desc = {
	&fifo_vnodeop_p, fifo_entries
};
