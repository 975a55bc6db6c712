/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Asking for a pseudo terminal, ptm(4):
 *
 *   open /dev/ptmx         a descriptor of a control side that nobody had
 *   TIOCPTMGET, /dev/ptm   descriptors and names of both sides
 *   TIOCGRANTPT            the slave becomes the caller's, and whoever still had it has
 *                          it no longer
 *   TIOCPTSNAME            the names
 *
 * How the sides are called and found is the handler's, struct ptm_pty: nodes in /dev
 * (bsdpty.c), or a file system (ptyfs) that has put itself in front (pty_sethandler).  Its
 * allocvp gives a vnode referenced and locked.
 *
 * Ref: NetBSD ptm(4), grantpt(3).
 */
#include <sys/param.h>
#include <sys/atomic.h>
#include <sys/conf.h>
#include <sys/errno.h>
#include <sys/fcntl.h>
#include <sys/file.h>
#include <sys/filedesc.h>
#include <sys/ioctl.h>
#include <sys/lwp.h>
#include <sys/mount.h>
#include <sys/proc.h>
#include <sys/pty.h>
#include <sys/stat.h>
#include <sys/systm.h>
#include <sys/vnode.h>

#include <rump-sys/kern.h>
#include <rump-sys/vfs.h>

#include "pty_var.h"
#include "tty_var.h"

enum { MINOR_PTMX, MINOR_PTM };

static struct ptm_pty *handler = &bsdpty_handler;

struct ptm_pty *
pty_sethandler(struct ptm_pty *new)
{

	return atomic_swap_ptr(&handler, new);
}

/* ------------------------------------------------------------------ opening */

/* The vnode of a side, referenced and locked. */
static int
side_vnode(struct lwp *l, char side, int unit, struct vnode **vpp)
{
	struct ptm_pty *h = atomic_load_relaxed(&handler);
	struct mount *mp;
	int error;

	error = (*h->getmp)(l, &mp);
	if (error != 0)
		return error;
	return (*h->allocvp)(mp, l, vpp, pty_makedev(side, unit), side);
}

/* Open a side as a file that has a descriptor, but is not to be seen yet. */
static int
side_open(struct lwp *l, char side, int unit, int flags, struct file **fpp,
    int *fdp)
{
	struct vnode *vp;
	int error;

	error = fd_allocfile(fpp, fdp);
	if (error != 0)
		return error;
	error = side_vnode(l, side, unit, &vp);
	if (error != 0)
		goto undo_file;
	error = VOP_OPEN(vp, FREAD | FWRITE, l->l_cred);
	if (error != 0) {
		vput(vp);
		goto undo_file;
	}
	mutex_enter(vp->v_interlock);
	vp->v_writecount++;
	mutex_exit(vp->v_interlock);
	VOP_UNLOCK(vp);
	(*fpp)->f_flag = FREAD | FWRITE | (flags & FNONBLOCK);
	(*fpp)->f_type = DTYPE_VNODE;
	(*fpp)->f_ops = &vnops;
	(*fpp)->f_vnode = vp;
	fd_set_exclose(l, *fdp, (flags & O_CLOEXEC) != 0);
	return 0;
undo_file:
	fd_abort(l->l_proc, *fpp, *fdp);
	return error;
}

static void
side_undo(struct lwp *l, struct file *fp, int fd)
{

	(void)vn_close(fp->f_vnode, FREAD | FWRITE, l->l_cred);
	fp->f_ops = NULL;
	fd_abort(l->l_proc, fp, fd);
}

/* Open a control side that nobody has; ENXIO: all are taken. */
static int
control_open(struct lwp *l, int flags, int *unitp, struct file **fpp, int *fdp)
{
	int unit, error;

	for (unit = 0; pty_get(pty_makedev('p', unit)) != NULL; unit++) {
		if (!pty_isfree(unit, 1))
			continue;
		error = side_open(l, 'p', unit, flags, fpp, fdp);
		if (error == EIO)	/* somebody was faster */
			continue;
		*unitp = unit;
		return error;
	}
	return ENXIO;
}

/* ------------------------------------------------------------------ granting */

static bool
is_open(struct pty *pt)
{
	bool open;

	mutex_enter(&tty_lock);
	open = tty_state(pt->pt_tty, TS_ISOPEN);
	mutex_exit(&tty_lock);
	return open;
}

/*
 * Make the slave the caller's.
 *
 * Returns 0, or an errno of finding the node, or of changing it but EROFS.
 */
int
pty_grant(struct pty *pt, struct lwp *l)
{
	struct ptm_pty *h = atomic_load_relaxed(&handler);
	struct mount *mp;
	struct vnode *vp;
	struct vattr va;
	int error;

	error = (*h->getmp)(l, &mp);
	if (error == 0)
		error = (*h->allocvp)(mp, l, &vp,
		    pty_makedev('t', pt->pt_unit), 't');
	if (error != 0)
		return error;
	(*h->getvattr)(mp, l, &va);
	/* the device's rights, not the caller's, are what counts */
	error = VOP_SETATTR(vp, &va, lwp0.l_cred);
	VOP_UNLOCK(vp);
	if (is_open(pt))
		VOP_REVOKE(vp, REVOKEALL);
	vrele(vp);
	return error == EROFS ? 0 : error;
}

int
pty_describe(struct pty *pt, struct lwp *l, void *data)
{
	struct ptm_pty *h = atomic_load_relaxed(&handler);
	struct ptmget *names = data;
	struct mount *mp;
	int error;

	error = (*h->getmp)(l, &mp);
	if (error != 0)
		return error;
	names->cfd = names->sfd = -1;
	error = (*h->makename)(mp, l, names->cn, sizeof(names->cn),
	    pty_makedev('p', pt->pt_unit), 'p');
	if (error == 0)
		error = (*h->makename)(mp, l, names->sn, sizeof(names->sn),
		    pty_makedev('t', pt->pt_unit), 't');
	return error;
}

/* -------------------------------------------------------------------- device */

/* A pair, both sides open. */
static int
get_pair(struct lwp *l, struct ptmget *names)
{
	struct file *cfp, *sfp;
	int unit, cfd, sfd, error;
	struct pty *pt;

	error = control_open(l, 0, &unit, &cfp, &cfd);
	if (error != 0)
		return error;
	pt = pty_find(pty_makedev('p', unit));
	memset(names, 0, sizeof(*names));
	error = pty_describe(pt, l, names);
	if (error == 0)
		error = pty_grant(pt, l);
	if (error == 0)
		error = side_open(l, 't', unit, 0, &sfp, &sfd);
	if (error != 0) {
		side_undo(l, cfp, cfd);
		return error;
	}
	names->cfd = cfd;
	names->sfd = sfd;
	fd_affix(l->l_proc, cfp, cfd);
	fd_affix(l->l_proc, sfp, sfd);
	return 0;
}

static int
ptm_open(dev_t dev, int flag, int devtype, struct lwp *l)
{
	struct file *fp;
	int unit, fd, error;

	switch (minor(dev)) {
	case MINOR_PTMX:
		error = control_open(l, flag, &unit, &fp, &fd);
		if (error != 0)
			return error;
		l->l_dupfd = fd;
		fd_affix(l->l_proc, fp, fd);
		return EMOVEFD;
	case MINOR_PTM:
		return 0;
	default:
		return ENODEV;
	}
}

static int
ptm_ioctl(dev_t dev, u_long cmd, void *data, int flag, struct lwp *l)
{

	return cmd == TIOCPTMGET ? get_pair(l, data) : EPASSTHROUGH;
}

static const struct cdevsw ptm_cdevsw = {
	.d_open = ptm_open,
	.d_close = nullclose,
	.d_read = noread,
	.d_write = nowrite,
	.d_ioctl = ptm_ioctl,
	.d_stop = nullstop,
	.d_tty = notty,
	.d_poll = nopoll,
	.d_mmap = nommap,
	.d_kqfilter = nokqfilter,
	.d_discard = nodiscard,
	.d_flag = D_OTHER | D_MPSAFE,
};

void
ptm_init(void)
{
	devmajor_t major = NODEVMAJOR;

	FLAWLESSCALL(devsw_attach("ptm", NULL, NULL, &ptm_cdevsw, &major));
	FLAWLESSCALL(rump_vfs_makeonedevnode(S_IFCHR, "/dev/ptmx", major,
	    MINOR_PTMX));
	FLAWLESSCALL(rump_vfs_makeonedevnode(S_IFCHR, "/dev/ptm", major,
	    MINOR_PTM));
}
