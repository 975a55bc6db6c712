/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Opens, closes, reads and the end of a character device, each held inside its driver
 * for as long as a case wants.  Each function returns 0, or the line where something
 * was wrong.
 */
#include <sys/param.h>
#include <sys/systm.h>
#include <sys/condvar.h>
#include <sys/conf.h>
#include <sys/errno.h>
#include <sys/fcntl.h>
#include <sys/kauth.h>
#include <sys/kthread.h>
#include <sys/mutex.h>
#include <sys/proc.h>
#include <sys/sched.h>
#include <sys/vnode.h>

#include <rump-sys/kern.h>

#define WANT(cond)	do { if (!(cond)) return __LINE__; } while (0)
#define TURNS		100	/* for others, to do what they should not */

int	rump_devopen_fails_last(void);
int	rump_devopen_close_alone(void);
int	rump_devopen_revoked(void);
int	rump_devopen_gone(void);
int	rump_devopen_gone_in_close(void);

/* The driver; all under lock. */
static kmutex_t lock;
static kcondvar_t cv;
static devmajor_t bmajor = NODEVMAJOR, cmajor = NODEVMAJOR;
static int opens, closes, overlaps;
static bool opening, closing, reading;	/* a thread is held there */
static bool hold_open, hold_close, go_in_close;
static bool is_open, left;
static int open_error;

/* Tell who watches, and stay while *hold. */
static void
stay(bool *where, const bool *hold)
{

	KASSERT(mutex_owned(&lock));
	*where = true;
	cv_broadcast(&cv);
	while (*hold)
		cv_wait(&cv, &lock);
	*where = false;
}

static int
driver_open(dev_t dev, int flags, int fmt, struct lwp *l)
{
	int error = 0;

	mutex_enter(&lock);
	opens++;
	overlaps += closing;
	if ((flags & FWRITE) != 0) {
		stay(&opening, &hold_open);
		error = open_error;
	}
	if (error == 0)
		is_open = true;
	mutex_exit(&lock);
	return error;
}

static int
driver_close(dev_t dev, int flags, int fmt, struct lwp *l)
{

	mutex_enter(&lock);
	closes++;
	stay(&closing, &hold_close);
	is_open = false;
	cv_broadcast(&cv);
	mutex_exit(&lock);
	if (go_in_close)
		vdevgone(cmajor, 0, 0, VCHR);
	return 0;
}

/* Until it is closed, and then some. */
static int
driver_read(dev_t dev, struct uio *uio, int flags)
{

	mutex_enter(&lock);
	stay(&reading, &is_open);
	mutex_exit(&lock);
	for (int i = 0; i < TURNS; i++)
		yield();
	left = true;
	return 0;
}

static const struct cdevsw devopen_cdevsw = {
	.d_open = driver_open, .d_close = driver_close, .d_read = driver_read,
	.d_write = nowrite, .d_ioctl = noioctl, .d_stop = nostop,
	.d_tty = notty, .d_poll = nopoll, .d_mmap = nommap,
	.d_kqfilter = nokqfilter, .d_discard = nodiscard,
	.d_flag = D_OTHER | D_MPSAFE,
};

/* ---------------------------------------------------------- what users do */

struct user {
	struct vnode	*u_vp;
	void		(*u_do)(struct user *);
	int		u_error;
	bool		u_began;
	struct lwp	*u_lwp;
};

static int
open_it(struct vnode *vp, int mode)
{
	int error;

	vn_lock(vp, LK_EXCLUSIVE | LK_RETRY);
	error = VOP_OPEN(vp, mode, kauth_cred_get());
	VOP_UNLOCK(vp);
	return error;
}

static int
close_it(struct vnode *vp)
{
	int error;

	vn_lock(vp, LK_EXCLUSIVE | LK_RETRY);
	error = VOP_CLOSE(vp, FREAD, kauth_cred_get());
	VOP_UNLOCK(vp);
	return error;
}

static void
do_open(struct user *u)
{

	u->u_error = open_it(u->u_vp, FREAD);
}

static void
do_open_held(struct user *u)
{

	u->u_error = open_it(u->u_vp, FREAD | FWRITE);
}

static void
do_close(struct user *u)
{

	u->u_error = close_it(u->u_vp);
}

static void
do_read(struct user *u)
{
	char byte;
	size_t resid;

	u->u_error = vn_rdwr(UIO_READ, u->u_vp, &byte, 1, 0, UIO_SYSSPACE, 0,
	    kauth_cred_get(), &resid, NULL);
}

static void
user_thread(void *arg)
{
	struct user *u = arg;

	mutex_enter(&lock);
	u->u_began = true;
	cv_broadcast(&cv);
	mutex_exit(&lock);
	(*u->u_do)(u);
	kthread_exit(0);
}

/* Start a user, and wait until *where: until it is there. */
static int
start(struct user *u, void (*what)(struct user *), struct vnode *vp,
    const bool *where)
{

	*u = (struct user){ .u_vp = vp, .u_do = what };
	WANT(kthread_create(PRI_NONE, KTHREAD_MPSAFE | KTHREAD_MUSTJOIN, NULL,
	    user_thread, u, &u->u_lwp, "user") == 0);
	mutex_enter(&lock);
	while (!(where != NULL ? *where : u->u_began))
		cv_wait(&cv, &lock);
	mutex_exit(&lock);
	return 0;
}

static void
set(bool *what, bool value)
{

	mutex_enter(&lock);
	*what = value;
	cv_broadcast(&cv);
	mutex_exit(&lock);
}

static int
finish(struct user *u)
{

	(void)kthread_join(u->u_lwp);
	return u->u_error;
}

static int
begin(struct vnode **vpp)
{

	mutex_init(&lock, MUTEX_DEFAULT, IPL_NONE);
	cv_init(&cv, "devopen");
	WANT(devsw_attach("devopen", NULL, &bmajor, &devopen_cdevsw, &cmajor) ==
	    0);
	WANT(cdevvp(makedev(cmajor, 0), vpp) == 0);
	return 0;
}

/* ------------------------------------------------------------------- cases */

/* The last to leave is an open that fails: it closes what another opened. */
int
rump_devopen_fails_last(void)
{
	struct vnode *vp;
	struct user u;

	WANT(begin(&vp) == 0);
	WANT(open_it(vp, FREAD) == 0);
	hold_open = true;
	open_error = EIO;
	WANT(start(&u, do_open_held, vp, &opening) == 0);
	WANT(close_it(vp) == 0);
	WANT(closes == 0);
	set(&hold_open, false);
	WANT(finish(&u) == EIO);
	WANT(closes == 1 && !is_open);
	/* an open that fails alone is none */
	WANT(open_it(vp, FREAD | FWRITE) == EIO);
	WANT(closes == 1);
	vrele(vp);
	return 0;
}

/* An open waits for a close that is under way. */
int
rump_devopen_close_alone(void)
{
	struct user closer, opener;
	struct vnode *vp;

	WANT(begin(&vp) == 0);
	WANT(open_it(vp, FREAD) == 0);
	hold_close = true;
	WANT(start(&closer, do_close, vp, &closing) == 0);
	WANT(start(&opener, do_open, vp, NULL) == 0);
	for (int i = 0; i < TURNS; i++)
		yield();
	set(&hold_close, false);
	WANT(finish(&closer) == 0);
	WANT(finish(&opener) == 0);
	WANT(overlaps == 0);
	WANT(opens == 2 && closes == 1 && is_open);
	WANT(close_it(vp) == 0);
	WANT(closes == 2);
	vrele(vp);
	return 0;
}

/* What is revoked while the driver opens it is closed after that. */
int
rump_devopen_revoked(void)
{
	struct vnode *vp;
	struct user u;

	WANT(begin(&vp) == 0);
	hold_open = true;
	WANT(start(&u, do_open_held, vp, &opening) == 0);
	WANT(VOP_REVOKE(vp, REVOKEALL) == 0);
	set(&hold_open, false);
	WANT(finish(&u) == EBADF);
	WANT(closes == 1 && !is_open);
	vrele(vp);
	return 0;
}

/* A device goes when nobody is inside its driver. */
int
rump_devopen_gone(void)
{
	struct vnode *vp;
	struct user u;

	WANT(begin(&vp) == 0);
	WANT(open_it(vp, FREAD) == 0);
	WANT(start(&u, do_read, vp, &reading) == 0);
	vdevgone(cmajor, 0, 0, VCHR);
	WANT(left);
	WANT(closes == 1);
	WANT(finish(&u) == 0);
	vrele(vp);
	return 0;
}

/* A driver may end a device in its own close. */
int
rump_devopen_gone_in_close(void)
{
	struct vnode *vp;

	WANT(begin(&vp) == 0);
	WANT(open_it(vp, FREAD) == 0);
	go_in_close = true;
	WANT(close_it(vp) == 0);
	WANT(closes == 1);
	vrele(vp);
	return 0;
}
