/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Pipes: pipe(2), pipe2(2).
 *
 *   read    what there is, or waits for some; 0 when nobody can write any more
 *   write   all of it; up to PIPE_BUF bytes in one piece or not at all; EPIPE, and
 *           SIGPIPE unless O_NOSIGPIPE, when nobody can read any more
 *   EAGAIN  instead of waiting, with O_NONBLOCK
 *
 * A pipe is a ring of bytes with two ends, each a file: one for reading, one for
 * writing.  It lives until both are closed.  The ring is made by the first write.
 *
 * Bytes are copied between the ring and a process without the mutex, for a
 * process may be far away: who copies sets `taking' or `adding', which keeps others
 * of its kind out, and touches only bytes (room) that the other kind leaves alone.
 *
 * Who waits looks, under the mutex, whether its descriptor is still its own
 * (fd_gone): closing takes the descriptor away first and then wakes everybody here
 * (pipe_restart), so that no close waits for a reader that waits for ever.
 *
 * Locks:  lock protects everything but the bytes; it comes before proc_lock and the
 *         locks of pollers and kqueues.
 * Ref:    POSIX.1-2017 pipe(), read(), write(); NetBSD pipe(2).
 */
#include <sys/param.h>
#include <sys/condvar.h>
#include <sys/errno.h>
#include <sys/event.h>
#include <sys/fcntl.h>
#include <sys/file.h>
#include <sys/filedesc.h>
#include <sys/filio.h>
#include <sys/ioctl.h>
#include <sys/kauth.h>
#include <sys/kmem.h>
#include <sys/lwp.h>
#include <sys/mutex.h>
#include <sys/poll.h>
#include <sys/proc.h>
#include <sys/select.h>
#include <sys/signalvar.h>
#include <sys/stat.h>
#include <sys/systm.h>
#include <sys/time.h>
#include <sys/ttycom.h>
#include <sys/uio.h>

#include <rump-private/knote.h>
#include <rump-private/syscall.h>

#include "files/fd.h"
#include "files/fd_calls.h"

#define RING_SIZE	16384		/* a power of two, at least PIPE_BUF */

enum { READER, WRITER, ENDS };

struct pipe {
	kmutex_t	lock;
	kcondvar_t	readable;	/* bytes came; nobody takes; an end changed */
	kcondvar_t	writable;	/* bytes went; nobody adds; an end changed */
	bool		open[ENDS];
	bool		taking, adding;	/* a thread copies from, to the ring */
	size_t		head;		/* where the first byte is */
	size_t		used;		/* how many there are */
	uint8_t		*ring;		/* NULL before the first write */
	struct selinfo	sel[ENDS];
	pid_t		owner[ENDS];	/* gets SIGIO; 0: nobody */
	bool		async[ENDS];
	struct timespec	atime, mtime, btime;
};

static struct pipe *
pipe_of(const struct file *fp)
{

	return fp->f_data;
}

static int
end_of(const struct file *fp)
{

	return (fp->f_flag & FWRITE) != 0 ? WRITER : READER;
}

static size_t
room(const struct pipe *p)
{

	return RING_SIZE - p->used;
}

/* -------------------------------------------------------------------- lives */

static struct pipe *
pipe_create(void)
{
	struct pipe *p = kmem_zalloc(sizeof(*p), KM_SLEEP);

	mutex_init(&p->lock, MUTEX_DEFAULT, IPL_NONE);
	cv_init(&p->readable, "piperd");
	cv_init(&p->writable, "pipewr");
	selinit(&p->sel[READER]);
	selinit(&p->sel[WRITER]);
	getnanotime(&p->btime);
	p->atime = p->mtime = p->btime;
	return p;
}

static void
pipe_destroy(struct pipe *p)
{

	KASSERT(!p->taking && !p->adding);
	if (p->ring != NULL)
		kmem_free(p->ring, RING_SIZE);
	seldestroy(&p->sel[READER]);
	seldestroy(&p->sel[WRITER]);
	cv_destroy(&p->readable);
	cv_destroy(&p->writable);
	mutex_destroy(&p->lock);
	kmem_free(p, sizeof(*p));
}

/* Tell who polls an end, and its owner. */
static void
notify(struct pipe *p, int end)
{

	selnotify(&p->sel[end], 0, NOTE_SUBMIT);
	if (p->async[end] && p->owner[end] != 0)
		fownsignal(p->owner[end], SIGIO, 0, 0, NULL);
}

/* Everybody looks again; lock held. */
static void
wake_all(struct pipe *p)
{

	cv_broadcast(&p->readable);
	cv_broadcast(&p->writable);
}

static int
pipe_close(struct file *fp)
{
	struct pipe *p = pipe_of(fp);
	const int end = end_of(fp);
	bool last;

	mutex_enter(&p->lock);
	p->open[end] = false;
	last = !p->open[READER] && !p->open[WRITER];
	wake_all(p);
	if (!last)
		notify(p, 1 - end);
	mutex_exit(&p->lock);
	if (last)
		pipe_destroy(p);
	return 0;
}

static void
pipe_restart(struct file *fp)
{
	struct pipe *p = pipe_of(fp);

	mutex_enter(&p->lock);
	wake_all(p);
	mutex_exit(&p->lock);
}

/* ---------------------------------------------------------------- transfers */

/* Sleep until something changes; lock held.  ERESTART: the descriptor went. */
static int
wait(struct pipe *p, kcondvar_t *cv, struct file *fp)
{

	if (fd_gone(fp))
		return ERESTART;
	return cv_wait_sig(cv, &p->lock);
}

/*
 * Move n bytes between the ring, from place `at', and uio.
 *
 * Returns what uiomove says.  Locks: not lock; taking or adding is the caller's.
 */
static int
copy(struct pipe *p, size_t at, size_t n, struct uio *uio)
{
	const size_t first = MIN(n, RING_SIZE - at);
	int error;

	error = uiomove(p->ring + at, first, uio);
	if (error == 0 && n > first)
		error = uiomove(p->ring, n - first, uio);
	return error;
}

/* Bytes to take, or why not; 0 and nothing used: the end.  lock held. */
static int
await_bytes(struct pipe *p, struct file *fp)
{
	int error = 0;

	while (error == 0 && (p->taking || (p->used == 0 && p->open[WRITER])))
		error = !p->taking && (fp->f_flag & FNONBLOCK) != 0 ? EAGAIN :
		    wait(p, &p->readable, fp);
	return error;
}

static int
pipe_read(struct file *fp, off_t *offset, struct uio *uio, kauth_cred_t cred,
    int flags)
{
	struct pipe *p = pipe_of(fp);
	const size_t want = uio->uio_resid;
	size_t n;
	int error;

	if (want == 0)
		return 0;
	mutex_enter(&p->lock);
	error = await_bytes(p, fp);
	if (error == 0 && (n = MIN(p->used, want)) > 0) {
		p->taking = true;
		mutex_exit(&p->lock);
		error = copy(p, p->head, n, uio);
		mutex_enter(&p->lock);
		p->taking = false;
		n = want - uio->uio_resid;
		p->head = (p->head + n) % RING_SIZE;
		p->used -= n;
		getnanotime(&p->atime);
		wake_all(p);
		notify(p, WRITER);
	}
	mutex_exit(&p->lock);
	return error;
}

/* Room for need bytes, or why not.  lock held. */
static int
await_room(struct pipe *p, size_t need, struct file *fp)
{
	int error = 0;

	while (error == 0 && p->open[READER] && (p->adding || room(p) < need))
		error = !p->adding && (fp->f_flag & FNONBLOCK) != 0 ? EAGAIN :
		    wait(p, &p->writable, fp);
	return error == 0 && !p->open[READER] ? EPIPE : error;
}

/* Add as much as there is room for; lock held. */
static int
add(struct pipe *p, struct uio *uio)
{
	const size_t before = uio->uio_resid, n = MIN(room(p), before);
	const size_t at = (p->head + p->used) % RING_SIZE;	/* readers change both */
	int error;

	p->adding = true;
	mutex_exit(&p->lock);
	if (p->ring == NULL)
		p->ring = kmem_alloc(RING_SIZE, KM_SLEEP);
	error = copy(p, at, n, uio);
	mutex_enter(&p->lock);
	p->adding = false;
	p->used += before - uio->uio_resid;
	getnanotime(&p->mtime);
	wake_all(p);
	notify(p, READER);
	return error;
}

static int
pipe_write(struct file *fp, off_t *offset, struct uio *uio, kauth_cred_t cred,
    int flags)
{
	struct pipe *p = pipe_of(fp);
	/* a short message is not torn apart */
	const size_t need = uio->uio_resid <= PIPE_BUF ? uio->uio_resid : 1;
	int error = 0;

	mutex_enter(&p->lock);
	while (error == 0 && uio->uio_resid > 0) {
		error = await_room(p, need, fp);
		if (error == 0)
			error = add(p, uio);
	}
	mutex_exit(&p->lock);
	if (error == EPIPE && (fp->f_flag & FNOSIGPIPE) == 0) {
		mutex_enter(&proc_lock);
		psignal(curproc, SIGPIPE);
		mutex_exit(&proc_lock);
	}
	return error;
}

/* ------------------------------------------------------------------- asking */

static int
pipe_ioctl(struct file *fp, u_long cmd, void *data)
{
	struct pipe *p = pipe_of(fp);
	const int end = end_of(fp);
	int error = 0;

	mutex_enter(&p->lock);
	switch (cmd) {
	case FIONBIO:
		break;
	case FIOASYNC:
		p->async[end] = *(int *)data != 0;
		break;
	case FIONREAD:
		*(int *)data = end == READER ? (int)p->used : 0;
		break;
	case FIONWRITE:
		*(int *)data = end == WRITER ? (int)p->used : 0;
		break;
	case FIONSPACE:
		*(int *)data = end == WRITER ? (int)room(p) : 0;
		break;
	case TIOCSPGRP:
	case FIOSETOWN:
		mutex_exit(&p->lock);
		return fsetown(&p->owner[end], cmd, data);
	case TIOCGPGRP:
	case FIOGETOWN:
		mutex_exit(&p->lock);
		return fgetown(p->owner[end], cmd, data);
	default:
		error = EPASSTHROUGH;
		break;
	}
	mutex_exit(&p->lock);
	return error;
}

static int
pipe_poll(struct file *fp, int events)
{
	struct pipe *p = pipe_of(fp);
	const int end = end_of(fp);
	int revents = 0;

	mutex_enter(&p->lock);
	if (!p->open[1 - end])
		revents |= POLLHUP;
	if (end == READER && (p->used > 0 || !p->open[WRITER]))
		revents |= events & (POLLIN | POLLRDNORM);
	if (end == WRITER && p->open[READER] && room(p) >= PIPE_BUF)
		revents |= events & (POLLOUT | POLLWRNORM);
	if (revents == 0)
		selrecord(curlwp, &p->sel[end]);
	mutex_exit(&p->lock);
	return revents;
}

static int
pipe_stat(struct file *fp, struct stat *st)
{
	struct pipe *p = pipe_of(fp);

	memset(st, 0, sizeof(*st));
	mutex_enter(&p->lock);
	st->st_mode = S_IFIFO | S_IRUSR | S_IWUSR;
	st->st_blksize = RING_SIZE;
	st->st_size = end_of(fp) == READER ? p->used : 0;
	st->st_blocks = howmany(st->st_size, DEV_BSIZE);
	st->st_atimespec = p->atime;
	st->st_mtimespec = p->mtime;
	st->st_ctimespec = st->st_birthtimespec = p->btime;
	mutex_exit(&p->lock);
	st->st_uid = kauth_cred_geteuid(fp->f_cred);
	st->st_gid = kauth_cred_getegid(fp->f_cred);
	return 0;
}

/* ------------------------------------------------------------------ kqueue */

static void
filter_detach(struct knote *kn)
{
	struct file *fp = kn->kn_obj;
	struct pipe *p = pipe_of(fp);

	mutex_enter(&p->lock);
	selremove_knote(&p->sel[end_of(fp)], kn);
	mutex_exit(&p->lock);
}

static int
filter_event(struct knote *kn, long hint)
{
	struct file *fp = kn->kn_obj;
	struct pipe *p = pipe_of(fp);
	const int end = end_of(fp);
	int ready;

	if ((hint & NOTE_SUBMIT) == 0)
		mutex_enter(&p->lock);
	knote_set_data(kn, end == READER ? p->used : room(p));
	ready = end == READER ? p->used > 0 : room(p) >= PIPE_BUF;
	if (!p->open[1 - end]) {
		knote_change_flags(kn, EV_EOF, 0);
		ready = 1;
	}
	if ((hint & NOTE_SUBMIT) == 0)
		mutex_exit(&p->lock);
	return ready;
}

static const struct filterops pipe_filterops = {
	.f_isfd = 1,
	.f_detach = filter_detach,
	.f_event = filter_event,
};

static int
pipe_kqfilter(struct file *fp, struct knote *kn)
{
	struct pipe *p = pipe_of(fp);
	const int end = end_of(fp);

	if (kn->kn_filter != (end == READER ? EVFILT_READ : EVFILT_WRITE))
		return EINVAL;
	kn->kn_fop = &pipe_filterops;
	mutex_enter(&p->lock);
	selrecord_knote(&p->sel[end], kn);
	mutex_exit(&p->lock);
	return 0;
}

static const struct fileops pipe_ops = {
	.fo_name = "pipe",
	.fo_close = pipe_close,
	.fo_restart = pipe_restart,
	.fo_read = pipe_read,
	.fo_write = pipe_write,
	.fo_stat = pipe_stat,
	.fo_ioctl = pipe_ioctl,
	.fo_fcntl = fnullop_fcntl,
	.fo_kqfilter = pipe_kqfilter,
	.fo_poll = pipe_poll,
};

/* -------------------------------------------------------------- system calls */

static void
end_prepare(struct pipe *p, struct file *fp, int fd, int end, int flags)
{

	fp->f_flag = (end == READER ? FREAD : FWRITE) |
	    (flags & O_NONBLOCK ? FNONBLOCK : 0) |
	    (flags & O_NOSIGPIPE ? FNOSIGPIPE : 0);
	fp->f_type = DTYPE_PIPE;
	fp->f_data = p;
	fp->f_ops = &pipe_ops;
	p->open[end] = true;
	fd_set_exclose(curlwp, fd, (flags & O_CLOEXEC) != 0);
}

/*
 * Make a pipe, and descriptors of curproc for its ends.
 *
 * fds     out: for reading, for writing.
 * flags   O_CLOEXEC, O_NONBLOCK, O_NOSIGPIPE.
 *
 * Returns 0, EINVAL (other flags), EMFILE or ENFILE.
 */
static int
pipe1(struct lwp *l, int *fds, int flags)
{
	struct file *fp[ENDS];
	struct pipe *p;
	int end, error;

	if ((flags & ~(O_CLOEXEC | O_NONBLOCK | O_NOSIGPIPE)) != 0)
		return EINVAL;
	for (end = 0; end < ENDS; end++)
		if ((error = fd_allocfile(&fp[end], &fds[end])) != 0)
			goto undo;
	p = pipe_create();
	for (end = 0; end < ENDS; end++)
		end_prepare(p, fp[end], fds[end], end, flags);
	for (end = 0; end < ENDS; end++)
		fd_affix(l->l_proc, fp[end], fds[end]);
	return 0;
undo:
	while (end-- > 0)
		fd_abort(l->l_proc, fp[end], fds[end]);
	return error;
}

static int
handle_pipe(struct lwp *l, const void *v, register_t *retval)
{
	int fds[ENDS], error;

	error = pipe1(l, fds, 0);
	if (error == 0) {
		retval[0] = fds[READER];
		retval[1] = fds[WRITER];
	}
	return error;
}

/* A program that gave no place for the descriptors does not get them. */
static void
take_back(int fd)
{

	if (fd_getfile(fd) != NULL)
		(void)fd_close(fd);
}

int
sys_pipe2(struct lwp *l, const struct sys_pipe2_args *uap, register_t *retval)
{
	int fds[ENDS], error;

	error = pipe1(l, fds, SCARG(uap, flags));
	if (error != 0)
		return error;
	error = copyout(fds, SCARG(uap, fildes), sizeof(fds));
	if (error != 0) {
		take_back(fds[READER]);
		take_back(fds[WRITER]);
	}
	return error;
}

SYSCALL_HANDLER(pipe2)

static const struct rump_onesyscall calls[] = {
	SYSCALL_ROW(pipe),
	SYSCALL_ROW(pipe2),
};

void
pipe_register(void)
{

	rump_syscall_boot_establish(calls, __arraycount(calls));
}
