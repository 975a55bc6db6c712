/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The directories of processes, and the path of a directory.
 *
 *   cwdinit, cwdshare, cwdunshare, cwdfree   a process's cwdinfo
 *   getcwd_common                            the path from one directory to another
 *   vnode_to_path                            a path of any vnode
 *
 * A path is made from its end: the name cache tells the parent and the name of
 * a directory; if it does not, the parent is found by "..", and searched for
 * the entry with the directory's number.
 *
 * Locks: cwdi_lock protects the vnode pointers, which hold references; proc_lock
 * protects p_cwdi against those who look at other processes' (mount).
 */
#include <sys/param.h>
#include <sys/atomic.h>
#include <sys/dirent.h>
#include <sys/errno.h>
#include <sys/filedesc.h>
#include <sys/kauth.h>
#include <sys/kmem.h>
#include <sys/lwp.h>
#include <sys/mount.h>
#include <sys/namei.h>
#include <sys/proc.h>
#include <sys/stat.h>
#include <sys/systm.h>
#include <sys/uio.h>
#include <sys/vnode.h>

#include <rump-sys/kern.h>

#include "mount_impl.h"

#define CMASK_DEFAULT	(S_IWGRP | S_IWOTH)

/* -------------------------------------------------------------- processes */

static void
ref_if(struct vnode *vp)
{

	if (vp != NULL)
		vref(vp);
}

static void
rele_if(struct vnode *vp)
{

	if (vp != NULL)
		vrele(vp);
}

/* A copy of a process's directories; old NULL: there was none. */
static struct cwdinfo *
copy(struct cwdinfo *old)
{
	struct cwdinfo *new = kmem_zalloc(sizeof(*new), KM_SLEEP);

	rw_init(&new->cwdi_lock);
	new->cwdi_refcnt = 1;
	new->cwdi_cmask = CMASK_DEFAULT;
	if (old == NULL) {
		new->cwdi_cdir = rootvnode;
		ref_if(rootvnode);
		return new;
	}
	rw_enter(&old->cwdi_lock, RW_READER);
	new->cwdi_cdir = old->cwdi_cdir;
	new->cwdi_rdir = old->cwdi_rdir;
	new->cwdi_edir = old->cwdi_edir;
	new->cwdi_cmask = old->cwdi_cmask;
	ref_if(new->cwdi_cdir);
	ref_if(new->cwdi_rdir);
	ref_if(new->cwdi_edir);
	rw_exit(&old->cwdi_lock);
	return new;
}

/* A copy of the calling process's directories. */
struct cwdinfo *
cwdinit(void)
{

	return copy(curproc->p_cwdi);
}

/* Let p use the directories of the calling process. */
void
cwdshare(struct proc *p)
{
	struct cwdinfo *cwdi = curproc->p_cwdi;

	atomic_inc_uint(&cwdi->cwdi_refcnt);
	p->p_cwdi = cwdi;
}

/* Drop one use; the last one frees. */
void
cwdfree(struct cwdinfo *cwdi)
{

	membar_exit();
	if (atomic_dec_uint_nv(&cwdi->cwdi_refcnt) > 0)
		return;
	membar_enter();
	rele_if(cwdi->cwdi_cdir);
	rele_if(cwdi->cwdi_rdir);
	rele_if(cwdi->cwdi_edir);
	rw_destroy(&cwdi->cwdi_lock);
	kmem_free(cwdi, sizeof(*cwdi));
}

/* Give p other directories; those it had are not seen by mount any more. */
static struct cwdinfo *
change(struct proc *p, struct cwdinfo *new)
{
	struct cwdinfo *old;

	mutex_enter(&proc_lock);
	old = p->p_cwdi;
	p->p_cwdi = new;
	mutex_exit(&proc_lock);
	return old;
}

/* Give p, which is the calling process, directories of its own. */
void
cwdunshare(struct proc *p)
{
	struct cwdinfo *cwdi = p->p_cwdi;

	KASSERT(p == curproc);
	if (cwdi->cwdi_refcnt > 1)
		cwdfree(change(p, cwdinit()));
}

/* p executes a program: its directories are not shared any more. */
void
cwdexec(struct proc *p)
{

	cwdunshare(p);
}

/* A process is made, or goes. */
static void
process_begin(struct proc *p)
{

	p->p_cwdi = copy(p->p_pptr->p_cwdi);
}

static void
process_end(struct proc *p)
{
	struct cwdinfo *cwdi = change(p, NULL);

	if (cwdi != NULL)
		cwdfree(cwdi);
}

/* Directories for the processes that are there, and for all to come. */
void
cwd_sys_init(void)
{

	if (proc0.p_cwdi == NULL)
		proc0.p_cwdi = cwdinit();
	rump_proc_vfs_init = process_begin;
	rump_proc_vfs_release = process_end;
}

/* ---------------------------------------------------------- searching names */

/* A piece of a directory. */
struct dirpiece {
	char	*buf;
	size_t	size;
	size_t	len;		/* bytes valid */
	off_t	offset;		/* where the next piece begins */
	int	eof;
};

static int
piece_read(struct vnode *dvp, struct dirpiece *d, kauth_cred_t cred)
{
	struct iovec iov = { .iov_base = d->buf, .iov_len = d->size };
	struct uio uio = {
		.uio_iov = &iov, .uio_iovcnt = 1, .uio_resid = d->size,
		.uio_offset = d->offset, .uio_rw = UIO_READ,
	};
	int error;

	UIO_SETUP_SYSSPACE(&uio);
	d->eof = 0;
	error = VOP_READDIR(dvp, &uio, cred, &d->eof, NULL, NULL);
	d->len = d->size - uio.uio_resid;
	d->offset = uio.uio_offset;
	return error;
}

/* The entry of a number in a piece, which may be nonsense; NULL: not there. */
static const struct dirent *
piece_find(const struct dirpiece *d, ino_t fileno)
{
	const struct dirent *e;
	size_t at, fixed = offsetof(struct dirent, d_name);

	for (at = 0; d->len - at >= fixed; at += e->d_reclen) {
		e = (const struct dirent *)(d->buf + at);
		if (e->d_reclen < fixed || e->d_reclen > d->len - at ||
		    e->d_namlen > e->d_reclen - fixed)
			return NULL;
		if (e->d_fileno == fileno && e->d_type != DT_WHT)
			return e;
	}
	return NULL;
}

static int
prepend(char **bpp, const char *buf, const char *name, size_t len)
{

	if (bpp == NULL)
		return 0;
	if ((size_t)(*bpp - buf) <= len)
		return ERANGE;
	*bpp -= len;
	memcpy(*bpp, name, len);
	return 0;
}

/* Search a locked directory for a number, and put the name before *bpp. */
static int
search(struct vnode *dvp, ino_t fileno, long blocksize, char **bpp,
    const char *buf, kauth_cred_t cred)
{
	struct dirpiece d = {
		.size = MAX((size_t)blocksize, sizeof(struct dirent)),
	};
	const struct dirent *e = NULL;
	int error = 0;

	d.size = MIN(d.size, (size_t)MAXBSIZE);
	d.buf = kmem_alloc(d.size, KM_SLEEP);
	while (e == NULL && error == 0 && !d.eof) {
		if ((error = piece_read(dvp, &d, cred)) != 0)
			break;
		if (d.len == 0)
			break;
		e = piece_find(&d, fileno);
	}
	if (error == 0)
		error = e == NULL ? ENOENT :
		    prepend(bpp, buf, e->d_name, e->d_namlen);
	kmem_free(d.buf, d.size);
	return error;
}

/*
 * The parent of a directory by "..", and the directory's name in it.
 *
 * vp    referenced, not locked; not the root of a mount
 * dvpp  out: referenced, not locked
 */
static int
find_by_dotdot(struct vnode *vp, struct vnode **dvpp, char **bpp,
    const char *buf, kauth_cred_t cred)
{
	struct componentname cn = {
		.cn_nameiop = LOOKUP,
		.cn_flags = ISLASTCN | ISDOTDOT | RDONLY | MAKEENTRY,
		.cn_cred = cred,
		.cn_nameptr = "..",
		.cn_namelen = 2,
	};
	struct vattr va, dva;
	struct vnode *dvp;
	int error;

	if ((error = vn_lock(vp, LK_EXCLUSIVE)) != 0)
		return error;
	if ((error = VOP_GETATTR(vp, &va, cred)) == 0)
		error = VOP_LOOKUP(vp, &dvp, &cn);
	VOP_UNLOCK(vp);
	if (error != 0)
		return error;
	error = vn_lock(dvp, LK_SHARED);
	if (error != 0) {
		vrele(dvp);
		return error;
	}
	if ((error = VOP_GETATTR(dvp, &dva, cred)) == 0 && bpp != NULL)
		error = search(dvp, va.va_fileid, dva.va_blocksize, bpp, buf,
		    cred);
	VOP_UNLOCK(dvp);
	if (error != 0) {
		vrele(dvp);
		return error;
	}
	*dvpp = dvp;
	return 0;
}

/* -------------------------------------------------------------------- paths */

/*
 * From the root of a mount to the directory that it covers.
 *
 * vpp  in and out, referenced; ENOENT: it covers nothing
 */
static int
leave_mounts(struct vnode **vpp, struct vnode *stop)
{
	struct vnode *vp = *vpp, *covered;

	while (vp != stop && (vp->v_vflag & VV_ROOT) != 0) {
		if ((covered = vnode_covered(vp)) == NULL)
			return ENOENT;
		vrele(vp);
		*vpp = vp = covered;
	}
	return 0;
}

/* One step up; the reference moves from *vpp to its parent. */
static int
step_up(struct vnode **vpp, char **bpp, char *buf, int flags, kauth_cred_t cred)
{
	const bool check = (flags & GETCWD_CHECK_ACCESS) != 0;
	struct vnode *vp = *vpp, *dvp;
	int error;

	error = bpp == NULL ? -1 :
	    cache_revlookup(vp, &dvp, bpp, buf, check, VEXEC | VREAD);
	if (error == -1) {
		error = find_by_dotdot(vp, &dvp, bpp, buf, cred);
		if (error == 0 && check) {
			vn_lock(dvp, LK_SHARED | LK_RETRY);
			error = VOP_ACCESS(dvp, VEXEC | VREAD, cred);
			VOP_UNLOCK(dvp);
			if (error != 0)
				vrele(dvp);
		}
	}
	if (error != 0)
		return error;
	vrele(vp);
	*vpp = dvp;
	return bpp == NULL ? 0 : prepend(bpp, buf, "/", 1);
}

/*
 * The path of a directory as seen from another.
 *
 * lvp    the directory; rvp the one to begin at, NULL: the root of all.  Both
 *        referenced, not locked
 * bpp    in: where the path is to end; out: where it begins.  NULL: only see
 *        if lvp is below rvp
 * buf    start of the buffer
 * limit  names to go through at most
 * flags  GETCWD_CHECK_ACCESS: all of them must be readable and searchable
 *
 * Returns 0, ENOENT (not below rvp, or removed), ERANGE (no room), EACCES, or
 * an errno of the file system.
 */
int
getcwd_common(struct vnode *lvp, struct vnode *rvp, char **bpp, char *buf,
    int limit, int flags, struct lwp *l)
{
	char *end = bpp == NULL ? NULL : *bpp;
	int error = 0;

	if (rvp == NULL)
		rvp = rootvnode;
	vref(lvp);
	while (error == 0 && lvp != rvp) {
		if ((error = leave_mounts(&lvp, rvp)) != 0 || lvp == rvp)
			break;
		if (lvp == rootvnode || limit-- <= 0) {
			error = ENOENT;
			break;
		}
		if (lvp->v_type != VDIR) {
			error = ENOTDIR;
			break;
		}
		error = step_up(&lvp, bpp, buf, flags, l->l_cred);
	}
	vrele(lvp);
	if (error == 0 && bpp != NULL && *bpp == end)
		error = prepend(bpp, buf, "/", 1);
	return error;
}

/* A process's own root, referenced, or NULL. */
static struct vnode *
root_of(struct proc *p)
{
	struct cwdinfo *cwdi = p->p_cwdi;
	struct vnode *root;

	rw_enter(&cwdi->cwdi_lock, RW_READER);
	root = cwdi->cwdi_rdir;
	if (root != NULL)
		vref(root);
	rw_exit(&cwdi->cwdi_lock);
	return root;
}

/*
 * Is p's root the one of l's process, or below it?
 *
 * p  held by the caller, so that it does not end.
 */
int
proc_isunder(struct proc *p, struct lwp *l)
{
	struct vnode *root = root_of(l->l_proc), *other;
	bool under;

	if (root == NULL)
		return 1;
	other = root_of(p);
	under = other != NULL && vn_isunder(other, root, l) != 0;
	if (other != NULL)
		vrele(other);
	vrele(root);
	return under;
}

/*
 * A path that leads to vp for the process p, if the name cache knows one.
 *
 * path  out: terminated
 */
int
vnode_to_path(char *path, size_t len, struct vnode *vp, struct lwp *curl,
    struct proc *p)
{
	struct vnode *root, *dvp;
	char *buf = PNBUF_GET(), *bp = buf + MAXPATHLEN;
	int error;

	*--bp = '\0';
	error = cache_revlookup(vp, &dvp, &bp, buf, false, 0);
	if (error != 0) {
		PNBUF_PUT(buf);
		return error == -1 ? ENOENT : error;
	}
	if ((root = root_of(p)) == NULL) {
		root = rootvnode;
		vref(root);
	}
	if (dvp == root)
		error = prepend(&bp, buf, "/", 1);
	else if ((error = prepend(&bp, buf, "/", 1)) == 0)
		error = getcwd_common(dvp, root, &bp, buf, MAXPATHLEN / 2,
		    GETCWD_CHECK_ACCESS, curl);
	vrele(root);
	vrele(dvp);
	if (error == 0 && strlcpy(path, bp, len) >= len)
		error = ENAMETOOLONG;
	PNBUF_PUT(buf);
	return error;
}
