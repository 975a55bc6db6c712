/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * /dev/tty: the caller's controlling terminal, whichever it is.
 *
 * All goes to the vnode that the session has (s_ttyvp).  A reference to it is taken
 * under proc_lock, so it stays while it is used; when it was revoked, its operations say so.
 *
 * Without one opening is ENXIO, the rest EIO.
 */
#include <sys/param.h>
#include <sys/conf.h>
#include <sys/errno.h>
#include <sys/event.h>
#include <sys/fcntl.h>
#include <sys/ioctl.h>
#include <sys/poll.h>
#include <sys/proc.h>
#include <sys/stat.h>
#include <sys/systm.h>
#include <sys/vnode.h>

#include <rump-sys/kern.h>
#include <rump-sys/vfs.h>

#include "tty_var.h"

/* The caller's terminal, referenced; NULL: it has none. */
static struct vnode *
terminal(struct lwp *l)
{
	struct proc *p = l->l_proc;
	struct vnode *vp = NULL;

	mutex_enter(&proc_lock);
	if ((p->p_lflag & PL_CONTROLT) != 0)
		vp = p->p_session->s_ttyvp;
	if (vp != NULL)
		vref(vp);
	mutex_exit(&proc_lock);
	return vp;
}

static int
ctty_open(dev_t dev, int flag, int devtype, struct lwp *l)
{
	struct vnode *vp = terminal(l);
	int error;

	if (vp == NULL)
		return ENXIO;
	vn_lock(vp, LK_EXCLUSIVE | LK_RETRY);
	error = VOP_ACCESS(vp, (flag & FREAD ? VREAD : 0) |
	    (flag & FWRITE ? VWRITE : 0), l->l_cred);
	VOP_UNLOCK(vp);
	vrele(vp);
	return error;
}

static int
ctty_read(dev_t dev, struct uio *uio, int flag)
{
	struct vnode *vp = terminal(curlwp);
	int error;

	if (vp == NULL)
		return EIO;
	vn_lock(vp, LK_SHARED | LK_RETRY);
	error = VOP_READ(vp, uio, flag, curlwp->l_cred);
	VOP_UNLOCK(vp);
	vrele(vp);
	return error;
}

static int
ctty_write(dev_t dev, struct uio *uio, int flag)
{
	struct vnode *vp = terminal(curlwp);
	int error;

	if (vp == NULL)
		return EIO;
	vn_lock(vp, LK_EXCLUSIVE | LK_RETRY);
	error = VOP_WRITE(vp, uio, flag, curlwp->l_cred);
	VOP_UNLOCK(vp);
	vrele(vp);
	return error;
}

/* TIOCNOTTY: do without.  A leader cannot: its session would. */
static int
give_up(struct proc *p)
{
	int error = 0;

	mutex_enter(&proc_lock);
	if (SESS_LEADER(p))
		error = EINVAL;
	else
		p->p_lflag &= ~PL_CONTROLT;
	mutex_exit(&proc_lock);
	return error;
}

static int
ctty_ioctl(dev_t dev, u_long cmd, void *data, int flag, struct lwp *l)
{
	struct vnode *vp = terminal(l);
	int error;

	if (vp == NULL)
		return EIO;
	if (cmd == TIOCSCTTY)
		error = EINVAL;
	else if (cmd == TIOCNOTTY)
		error = give_up(l->l_proc);
	else
		error = VOP_IOCTL(vp, cmd, data, flag, l->l_cred);
	vrele(vp);
	return error;
}

static int
ctty_poll(dev_t dev, int events, struct lwp *l)
{
	struct vnode *vp = terminal(l);
	int revents;

	if (vp == NULL)
		return POLLHUP;
	revents = VOP_POLL(vp, events);
	vrele(vp);
	return revents;
}

static int
ctty_kqfilter(dev_t dev, struct knote *kn)
{
	struct vnode *vp = terminal(curlwp);
	int error;

	if (vp == NULL)
		return ENXIO;
	error = VOP_KQFILTER(vp, kn);
	vrele(vp);
	return error;
}

static const struct cdevsw ctty_cdevsw = {
	.d_open = ctty_open,
	.d_close = nullclose,
	.d_read = ctty_read,
	.d_write = ctty_write,
	.d_ioctl = ctty_ioctl,
	.d_stop = nullstop,
	.d_tty = notty,
	.d_poll = ctty_poll,
	.d_mmap = nommap,
	.d_kqfilter = ctty_kqfilter,
	.d_discard = nodiscard,
	.d_flag = D_TTY | D_MPSAFE,
};

void
ctty_init(void)
{
	devmajor_t major = NODEVMAJOR;

	FLAWLESSCALL(devsw_attach("ctty", NULL, NULL, &ctty_cdevsw, &major));
	FLAWLESSCALL(rump_vfs_makeonedevnode(S_IFCHR, "/dev/tty", major, 0));
}
