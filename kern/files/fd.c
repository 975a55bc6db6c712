/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Descriptors: getting, borrowing, closing, duplicating.
 *
 *   fd_allocfile, then fd_affix or fd_abort    a new file under a new number
 *   fd_getfile, fd_putfile                     use the file of a descriptor
 *   fd_close                                   take the descriptor away
 *   fd_dup, fd_dup2, fd_dupopen, fd_clone
 *
 * Borrowing takes no lock.  The borrower counts itself in ff_refcnt, then
 * reads ff_file; the closer clears ff_file, then reads ff_refcnt.  All four
 * accesses are sequentially consistent, so either the borrower sees NULL and
 * leaves, or the closer sees it and waits in ff_closing until it has left.
 * So a file's last reference cannot go, and its number cannot come back, while
 * an operation uses the descriptor.  Operations that may block for long
 * (pipes, sockets) are told to return by fo_restart.
 *
 * While it waits the closer has FR_CLOSING set, which tells borrowers who leave
 * to wake it.  Only the closer that cleared ff_file sets or clears FR_CLOSING,
 * and the number stays taken until then.
 */
#include <sys/param.h>
#include <sys/atomic.h>
#include <sys/errno.h>
#include <sys/file.h>
#include <sys/filedesc.h>
#include <sys/kauth.h>
#include <sys/lwp.h>
#include <sys/proc.h>
#include <sys/systm.h>

#include <rump-private/files.h>

#include "files/fd.h"
#include "files/kqueue.h"

const struct file_vnode_ops *file_vnode_ops;

bool
fd_gone(struct file *fp)
{
	struct lwp *l = curlwp;

	return l->l_iofd != 0 &&
	    atomic_load_relaxed(&fdfile_find(l->l_fd, l->l_iofd - 1)->ff_file) !=
	    fp;
}

bool
fd_closing(void)
{
	struct lwp *l = curlwp;

	return l->l_iofd != 0 &&
	    (atomic_load_relaxed(&fdfile_find(l->l_fd,
	    l->l_iofd - 1)->ff_refcnt) & FR_CLOSING) != 0;
}

/*
 * Borrow the file of curlwp's descriptor fd until fd_putfile.
 *
 * Returns NULL if fd is not open.
 * Context: thread; takes no lock, does not sleep.
 */
struct file *
fd_getfile(unsigned fd)
{
	fdfile_t *ff = fdfile_find(curlwp->l_fd, fd);
	struct file *fp;

	if (__predict_false(ff == NULL))
		return NULL;
	atomic_inc_uint(&ff->ff_refcnt);
	fp = __atomic_load_n(&ff->ff_file, __ATOMIC_SEQ_CST);
	if (__predict_false(fp == NULL))
		fd_putfile(fd);
	return fp;
}

/*
 * Give back what fd_getfile lent.
 * Locks:   takes fd_lock if a close waits.
 */
void
fd_putfile(unsigned fd)
{
	filedesc_t *fdp = curlwp->l_fd;
	fdfile_t *ff = fdfile_find(fdp, fd);
	u_int left;

	KASSERT(ff != NULL);
	KASSERT((atomic_load_relaxed(&ff->ff_refcnt) & FR_MASK) > 0);
	membar_exit();
	left = atomic_dec_uint_nv(&ff->ff_refcnt);
	if (__predict_false((left & FR_CLOSING) != 0)) {
		mutex_enter(&fdp->fd_lock);
		cv_broadcast(&ff->ff_closing);
		mutex_exit(&fdp->fd_lock);
	}
}

/*
 * Reference the file of another process's descriptor; closef gives it back.
 * The process must not exit meanwhile.
 */
struct file *
fd_getfile2(struct proc *p, unsigned fd)
{
	filedesc_t *fdp = p->p_fd;
	struct file *fp;
	fdfile_t *ff;

	mutex_enter(&fdp->fd_lock);
	ff = fdfile_find(fdp, fd);
	fp = ff == NULL ? NULL : ff->ff_file;
	if (fp != NULL)
		atomic_inc_uint(&fp->f_count);
	mutex_exit(&fdp->fd_lock);
	return fp;
}

int
fd_getvnode(unsigned fd, struct file **fpp)
{
	struct file *fp = fd_getfile(fd);

	if (__predict_false(fp == NULL))
		return EBADF;
	if (__predict_false(fp->f_type != DTYPE_VNODE)) {
		fd_putfile(fd);
		return EINVAL;
	}
	*fpp = fp;
	return 0;
}

void
fd_putvnode(unsigned fd)
{

	fd_putfile(fd);
}

int
fd_getsock1(unsigned fd, struct socket **sop, struct file **fpp)
{
	struct file *fp = fd_getfile(fd);

	if (fp == NULL)
		return EBADF;
	if (fp->f_type != DTYPE_SOCKET) {
		fd_putfile(fd);
		return ENOTSOCK;
	}
	*sop = fp->f_socket;
	*fpp = fp;
	return 0;
}

int
fd_getsock(unsigned fd, struct socket **sop)
{
	struct file *fp;

	return fd_getsock1(fd, sop, &fp);
}

void
fd_putsock(unsigned fd)
{

	fd_putfile(fd);
}

int
fd_allocfile(struct file **fpp, int *fdp_result)
{
	struct proc *p = curproc;
	int error, fd;

	if ((error = fd_alloc(p, 0, &fd)) != 0)
		return error;
	if ((error = file_alloc(fpp)) != 0) {
		fd_abort(p, NULL, fd);
		return error;
	}
	*fdp_result = fd;
	return 0;
}

/*
 * Make fp the file of a number that fd_alloc reserved.  fp is complete: others
 * may use it before this returns.
 * Locks:   none needed: who reserved a number is alone with its descriptor, which
 *          all arrays of the table share.
 */
void
fd_affix(struct proc *p, struct file *fp, unsigned fd)
{
	fdfile_t *ff = fdfile_find(p->p_fd, fd);

	KASSERT(ff->ff_allocated && ff->ff_file == NULL);
	atomic_inc_uint(&fp->f_count);
	atomic_store_release(&ff->ff_file, fp);
}

/* Give back a reserved number, and the file meant for it if not NULL. */
void
fd_abort(struct proc *p, struct file *fp, unsigned fd)
{
	filedesc_t *fdp = p->p_fd;

	mutex_enter(&fdp->fd_lock);
	fd_unused(fdp, fd);
	mutex_exit(&fdp->fd_lock);
	if (fp != NULL) {
		KASSERT(fp->f_count == 0);
		file_free(fp);
	}
}

void
fd_set_exclose(struct lwp *l, int fd, bool exclose)
{
	filedesc_t *fdp = l->l_fd;

	mutex_enter(&fdp->fd_lock);
	atomic_store_relaxed(&fdfile_find(fdp, fd)->ff_exclose, exclose);
	fdp->fd_exclose |= exclose;
	mutex_exit(&fdp->fd_lock);
}

int
fd_clone(struct file *fp, unsigned fd, int flag, const struct fileops *fops,
    void *data)
{

	fp->f_flag = flag & FMASK;
	fp->f_type = DTYPE_MISC;
	fp->f_ops = fops;
	fp->f_data = data;
	curlwp->l_dupfd = fd;
	if (flag & O_CLOEXEC)
		fd_set_exclose(curlwp, fd, true);
	fd_affix(curproc, fp, fd);
	return EMOVEFD;
}

void
fd_file_unlock(struct proc *p, struct file *fp)
{

	if (p != NULL && (p->p_flag & PK_ADVLOCK) != 0 &&
	    fp->f_type == DTYPE_VNODE && file_vnode_ops != NULL)
		file_vnode_ops->fv_unlock(p, fp);
}

/*
 * Wait until nobody borrows a descriptor whose file was taken away.  fp is
 * that file: blocked operations on it are made to return.
 */
static void
drain(filedesc_t *fdp, fdfile_t *ff, struct file *fp)
{

	KASSERT(mutex_owned(&fdp->fd_lock));
	atomic_or_uint(&ff->ff_refcnt, FR_CLOSING);
	if ((atomic_load_relaxed(&ff->ff_refcnt) & FR_MASK) != 0) {
		mutex_exit(&fdp->fd_lock);
		(*fp->f_ops->fo_restart)(fp);
		mutex_enter(&fdp->fd_lock);
	}
	while ((atomic_load_relaxed(&ff->ff_refcnt) & FR_MASK) != 0)
		cv_wait(&ff->ff_closing, &fdp->fd_lock);
	atomic_and_uint(&ff->ff_refcnt, ~FR_CLOSING);
	membar_enter();
}

/* Drop the knotes of a descriptor that nobody can add to any more. */
static void
drop_knotes(filedesc_t *fdp, fdfile_t *ff, unsigned fd)
{

	if (__predict_true(SLIST_EMPTY(&ff->ff_knlist)))
		return;
	mutex_exit(&fdp->fd_lock);
	knote_drop_fd(fdp, fd);
	mutex_enter(&fdp->fd_lock);
}

/*
 * Close descriptor fd, which the caller has borrowed (fd_getfile): the loan
 * ends here.
 *
 * Returns 0, EBADF if another thread closed it first, or what the file's last
 * close says.
 * Locks:   takes fd_lock; none may be held that an operation of the file
 *          takes, since it waits for those.
 */
int
fd_close(unsigned fd)
{
	struct lwp *l = curlwp;
	filedesc_t *fdp = l->l_fd;
	fdfile_t *ff;
	struct file *fp;

	mutex_enter(&fdp->fd_lock);
	ff = fdp->fd_dt->dt_ff[fd];
	fp = ff->ff_file;
	if (__predict_false(fp == NULL)) {
		mutex_exit(&fdp->fd_lock);
		fd_putfile(fd);
		return EBADF;
	}
	ff->ff_exclose = false;
	__atomic_store_n(&ff->ff_file, NULL, __ATOMIC_SEQ_CST);
	if (atomic_dec_uint_nv(&ff->ff_refcnt) != 0)
		drain(fdp, ff, fp);
	drop_knotes(fdp, ff, fd);
	fd_unused(fdp, fd);
	mutex_exit(&fdp->fd_lock);
	fd_file_unlock(l->l_proc, fp);
	return closef(fp);
}

int
fd_dup(struct file *fp, int minfd, int *newp, bool exclose)
{
	struct lwp *l = curlwp;
	int error;

	if ((error = fd_alloc(l->l_proc, minfd, newp)) != 0)
		return error;
	if (exclose)
		fd_set_exclose(l, *newp, true);
	fd_affix(l->l_proc, fp, *newp);
	return 0;
}

/*
 * Make descriptor new another one for fp, closing what it was.
 *
 * flags    O_CLOEXEC, O_NONBLOCK, O_NOSIGPIPE.
 *
 * Returns 0, EBADF (number out of range), or EBUSY (another thread is just
 * opening or closing that number).
 */
int
fd_dup2(struct file *fp, unsigned new, int flags)
{
	struct lwp *l = curlwp;
	filedesc_t *fdp = l->l_fd;
	fdfile_t *ff;
	struct file *old;

	if (new >= fd_limit(l->l_proc))
		return EBADF;
	atomic_inc_uint(&fp->f_count);		/* the new descriptor's */
	mutex_enter(&fdp->fd_lock);
	for (;;) {
		ff = fdfile_find(fdp, new);
		if (ff != NULL && ff->ff_allocated)
			break;
		if (fd_take(fdp, new))
			goto install;
	}
	old = ff->ff_file;
	if (old == NULL) {
		mutex_exit(&fdp->fd_lock);
		closef(fp);
		return EBUSY;
	}
	__atomic_store_n(&ff->ff_file, NULL, __ATOMIC_SEQ_CST);
	drain(fdp, ff, old);
	drop_knotes(fdp, ff, new);
	mutex_exit(&fdp->fd_lock);
	fd_file_unlock(l->l_proc, old);
	(void)closef(old);
	mutex_enter(&fdp->fd_lock);
install:
	ff = fdfile_find(fdp, new);
	ff->ff_exclose = (flags & O_CLOEXEC) != 0;
	fdp->fd_exclose |= ff->ff_exclose;
	atomic_store_release(&ff->ff_file, fp);
	mutex_exit(&fdp->fd_lock);
	return 0;
}

/*
 * What opening /dev/fd/N does: a descriptor for the file of descriptor old,
 * or the file itself moved to the new number (moveit).
 *
 * mode     access wanted; more than the file has is EACCES.  With O_CLOEXEC the new
 *          descriptor is closed on exec.
 */
int
fd_dupopen(int old, bool moveit, int mode, int *newp)
{
	const bool cloexec = (mode & O_CLOEXEC) != 0;
	struct file *fp = fd_getfile(old);
	int error;

	if (fp == NULL)
		return EBADF;
	if (moveit) {
		error = fd_dup(fp, 0, newp, cloexec);
		if (error == 0)
			return fd_close(old);
	} else if (((mode & (FREAD | FWRITE)) | fp->f_flag) != fp->f_flag) {
		error = EACCES;
	} else {
		error = fd_dup(fp, 0, newp, cloexec);
	}
	fd_putfile(old);
	return error;
}

/* Close what is to be closed on exec. */
void
fd_closeexec(void)
{
	filedesc_t *fdp = curlwp->l_fd;
	fdfile_t *ff;
	int fd;

	if (!fdp->fd_exclose)
		return;
	fdp->fd_exclose = false;
	for (fd = 0; fd <= fdp->fd_lastfile; fd++) {
		ff = fdfile_find(fdp, fd);
		if (ff != NULL && ff->ff_exclose && fd_getfile(fd) != NULL)
			(void)fd_close(fd);
	}
}
