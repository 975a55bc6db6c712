/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Changing attributes: the chmod, chown, chflags and utimes families, truncate
 * and ftruncate.
 *
 * All are one VOP_SETATTR; what differs is which attributes, and how the
 * object is named.
 *
 * Ref: POSIX.1-2017 fchmodat(), fchownat(), futimens(), ftruncate(); NetBSD
 * chflags(2), lutimes(2).
 */
#include <sys/param.h>
#include <sys/errno.h>
#include <sys/file.h>
#include <sys/filedesc.h>
#include <sys/kauth.h>
#include <sys/lwp.h>
#include <sys/namei.h>
#include <sys/stat.h>
#include <sys/systm.h>
#include <sys/time.h>
#include <sys/vnode.h>

#include "../vn_io.h"
#include "calls.h"

/* A change: fills in attributes, given those that the object has. */
struct change {
	int		(*fill)(const struct change *, struct vnode *,
			    struct vattr *);
	union {
		mode_t	mode;
		struct {
			uid_t	uid;
			gid_t	gid;
			bool	posix;
		} owner;
		u_long	flags;
		off_t	size;
		struct {
			struct timespec	atime, mtime;
			int	vaflags;
		} times;
	};
};

/* Apply a change to a vnode that is referenced and not locked. */
static int
apply(struct vnode *vp, const struct change *c)
{
	struct vattr va;
	int error;

	if ((error = vn_lock(vp, LK_EXCLUSIVE)) != 0)
		return error;
	vattr_null(&va);
	if ((error = c->fill(c, vp, &va)) == 0)
		error = VOP_SETATTR(vp, &va, curlwp->l_cred);
	VOP_UNLOCK(vp);
	return error;
}

static int
apply_path(int fdat, const char *path, bool follow, const struct change *c)
{
	struct vnode *vp;
	int error;

	if ((error = call_namei_simple(fdat, path, follow, &vp)) != 0)
		return error;
	error = apply(vp, c);
	vrele(vp);
	return error;
}

static int
apply_at(int fdat, const char *path, int flag, const struct change *c)
{

	if ((flag & ~AT_SYMLINK_NOFOLLOW) != 0)
		return EINVAL;
	return apply_path(fdat, path, (flag & AT_SYMLINK_NOFOLLOW) == 0, c);
}

static int
apply_fd(int fd, const struct change *c)
{
	struct vnode *vp;
	struct file *fp;
	int error;

	if ((error = call_fdvnode(fd, &fp, &vp)) != 0)
		return error;
	error = apply(vp, c);
	fd_putfile((unsigned)fd);
	return error;
}

/* -------------------------------------------------------------------- chmod */

static int
fill_mode(const struct change *c, struct vnode *vp, struct vattr *va)
{

	va->va_mode = c->mode & ALLPERMS;
	return 0;
}

#define CHMOD(m)	&(const struct change){ .fill = fill_mode, .mode = (m) }

int
sys_chmod(struct lwp *l, const struct sys_chmod_args *uap, register_t *retval)
{

	return apply_path(AT_FDCWD, SCARG(uap, path), true,
	    CHMOD(SCARG(uap, mode)));
}
SYSCALL_HANDLER(chmod)

int
sys_lchmod(struct lwp *l, const struct sys_lchmod_args *uap, register_t *retval)
{

	return apply_path(AT_FDCWD, SCARG(uap, path), false,
	    CHMOD(SCARG(uap, mode)));
}
SYSCALL_HANDLER(lchmod)

int
sys_fchmod(struct lwp *l, const struct sys_fchmod_args *uap, register_t *retval)
{

	return apply_fd(SCARG(uap, fd), CHMOD(SCARG(uap, mode)));
}
SYSCALL_HANDLER(fchmod)

int
sys_fchmodat(struct lwp *l, const struct sys_fchmodat_args *uap,
    register_t *retval)
{

	return apply_at(SCARG(uap, fd), SCARG(uap, path), SCARG(uap, flag),
	    CHMOD(SCARG(uap, mode)));
}
SYSCALL_HANDLER(fchmodat)

/* -------------------------------------------------------------------- chown */

/*
 * Owner and group.  What runs with an owner's rights must not be given away
 * with them: NetBSD takes the bit of the id that changes, POSIX both, unless
 * the superuser asks.
 */
static int
fill_owner(const struct change *c, struct vnode *vp, struct vattr *va)
{
	mode_t gone = 0;
	struct vattr old;
	int error;

	va->va_uid = c->owner.uid;
	va->va_gid = c->owner.gid;
	if ((error = VOP_GETATTR(vp, &old, curlwp->l_cred)) != 0)
		return error;
	if (!c->owner.posix) {
		if (c->owner.uid != (uid_t)VNOVAL)
			gone |= S_ISUID;
		if (c->owner.gid != (gid_t)VNOVAL)
			gone |= S_ISGID;
	} else if (kauth_authorize_generic(curlwp->l_cred,
	    KAUTH_GENERIC_ISSUSER, NULL) != 0) {
		gone = S_ISUID | S_ISGID;
	}
	if ((old.va_mode & gone) != 0)
		va->va_mode = old.va_mode & ~gone;
	return 0;
}

#define CHOWN(u, g, p) \
	&(const struct change){ .fill = fill_owner, .owner = { (u), (g), (p) } }

int
sys_chown(struct lwp *l, const struct sys_chown_args *uap, register_t *retval)
{

	return apply_path(AT_FDCWD, SCARG(uap, path), true,
	    CHOWN(SCARG(uap, uid), SCARG(uap, gid), false));
}
SYSCALL_HANDLER(chown)

int
sys_lchown(struct lwp *l, const struct sys_lchown_args *uap, register_t *retval)
{

	return apply_path(AT_FDCWD, SCARG(uap, path), false,
	    CHOWN(SCARG(uap, uid), SCARG(uap, gid), false));
}
SYSCALL_HANDLER(lchown)

int
sys_fchown(struct lwp *l, const struct sys_fchown_args *uap, register_t *retval)
{

	return apply_fd(SCARG(uap, fd),
	    CHOWN(SCARG(uap, uid), SCARG(uap, gid), false));
}
SYSCALL_HANDLER(fchown)

int
sys_fchownat(struct lwp *l, const struct sys_fchownat_args *uap,
    register_t *retval)
{

	return apply_at(SCARG(uap, fd), SCARG(uap, path), SCARG(uap, flag),
	    CHOWN(SCARG(uap, owner), SCARG(uap, group), false));
}
SYSCALL_HANDLER(fchownat)

int
sys___posix_chown(struct lwp *l, const struct sys___posix_chown_args *uap,
    register_t *retval)
{

	return apply_path(AT_FDCWD, SCARG(uap, path), true,
	    CHOWN(SCARG(uap, uid), SCARG(uap, gid), true));
}
SYSCALL_HANDLER(__posix_chown)

int
sys___posix_lchown(struct lwp *l, const struct sys___posix_lchown_args *uap,
    register_t *retval)
{

	return apply_path(AT_FDCWD, SCARG(uap, path), false,
	    CHOWN(SCARG(uap, uid), SCARG(uap, gid), true));
}
SYSCALL_HANDLER(__posix_lchown)

int
sys___posix_fchown(struct lwp *l, const struct sys___posix_fchown_args *uap,
    register_t *retval)
{

	return apply_fd(SCARG(uap, fd),
	    CHOWN(SCARG(uap, uid), SCARG(uap, gid), true));
}
SYSCALL_HANDLER(__posix_fchown)

/* ------------------------------------------------------------------ chflags */

static int
fill_flags(const struct change *c, struct vnode *vp, struct vattr *va)
{
	int error;

	/* devices are marked by the superuser only: anybody may own a tty */
	if (vp->v_type == VCHR || vp->v_type == VBLK) {
		error = kauth_authorize_vnode(curlwp->l_cred,
		    KAUTH_VNODE_WRITE_SYSFLAGS, vp, NULL, EPERM);
		if (error != 0)
			return error;
	}
	va->va_flags = c->flags;
	return 0;
}

#define CHFLAGS(f)	&(const struct change){ .fill = fill_flags, .flags = (f) }

int
sys_chflags(struct lwp *l, const struct sys_chflags_args *uap,
    register_t *retval)
{

	return apply_path(AT_FDCWD, SCARG(uap, path), true,
	    CHFLAGS(SCARG(uap, flags)));
}
SYSCALL_HANDLER(chflags)

int
sys_lchflags(struct lwp *l, const struct sys_lchflags_args *uap,
    register_t *retval)
{

	return apply_path(AT_FDCWD, SCARG(uap, path), false,
	    CHFLAGS(SCARG(uap, flags)));
}
SYSCALL_HANDLER(lchflags)

int
sys_fchflags(struct lwp *l, const struct sys_fchflags_args *uap,
    register_t *retval)
{

	return apply_fd(SCARG(uap, fd), CHFLAGS(SCARG(uap, flags)));
}
SYSCALL_HANDLER(fchflags)

/* ------------------------------------------------------------------- utimes */

static int
fill_times(const struct change *c, struct vnode *vp, struct vattr *va)
{
	struct vattr old;
	int error;

	va->va_atime = c->times.atime;
	va->va_mtime = c->times.mtime;
	va->va_vaflags = (unsigned)c->times.vaflags;
	if (c->times.mtime.tv_sec == VNOVAL)
		return 0;
	/* what is older than its birth was born earlier */
	if ((error = VOP_GETATTR(vp, &old, curlwp->l_cred)) != 0)
		return error;
	if (timespeccmp(&va->va_mtime, &old.va_birthtime, <))
		va->va_birthtime = va->va_mtime;
	return 0;
}

/* One time of utimensat(2). */
static int
one_time(struct timespec *ts, const struct timespec *now)
{

	if (ts->tv_nsec == UTIME_NOW)
		*ts = *now;
	else if (ts->tv_nsec == UTIME_OMIT)
		ts->tv_sec = ts->tv_nsec = VNOVAL;
	else if (ts->tv_nsec < 0 || ts->tv_nsec >= 1000000000L)
		return EINVAL;
	return 0;
}

/* The times of a call; utsp NULL: now. */
static int
times_now(struct change *c)
{
	struct timespec now;

	nanotime(&now);
	c->fill = fill_times;
	c->times.atime = c->times.mtime = now;
	c->times.vaflags = VA_UTIMES_NULL;
	return 0;
}

static int
times_timespec(struct change *c, const struct timespec *utsp)
{
	struct timespec ts[2], now;
	bool bothnow;
	int error;

	if (utsp == NULL)
		return times_now(c);
	if ((error = copyin(utsp, ts, sizeof(ts))) != 0)
		return error;
	bothnow = ts[0].tv_nsec == UTIME_NOW && ts[1].tv_nsec == UTIME_NOW;
	nanotime(&now);
	if ((error = one_time(&ts[0], &now)) != 0 ||
	    (error = one_time(&ts[1], &now)) != 0)
		return error;
	c->fill = fill_times;
	c->times.atime = ts[0];
	c->times.mtime = ts[1];
	c->times.vaflags = bothnow ? VA_UTIMES_NULL : 0;
	return 0;
}

static int
times_timeval(struct change *c, const struct timeval *utvp)
{
	struct timeval tv[2];
	int error;

	if (utvp == NULL)
		return times_now(c);
	if ((error = copyin(utvp, tv, sizeof(tv))) != 0)
		return error;
	if (tv[0].tv_usec < 0 || tv[0].tv_usec >= 1000000 ||
	    tv[1].tv_usec < 0 || tv[1].tv_usec >= 1000000)
		return EINVAL;
	c->fill = fill_times;
	TIMEVAL_TO_TIMESPEC(&tv[0], &c->times.atime);
	TIMEVAL_TO_TIMESPEC(&tv[1], &c->times.mtime);
	c->times.vaflags = 0;
	return 0;
}

int
sys___utimes50(struct lwp *l, const struct sys___utimes50_args *uap,
    register_t *retval)
{
	struct change c;
	int error;

	if ((error = times_timeval(&c, SCARG(uap, tptr))) != 0)
		return error;
	return apply_path(AT_FDCWD, SCARG(uap, path), true, &c);
}
SYSCALL_HANDLER(__utimes50)

int
sys___lutimes50(struct lwp *l, const struct sys___lutimes50_args *uap,
    register_t *retval)
{
	struct change c;
	int error;

	if ((error = times_timeval(&c, SCARG(uap, tptr))) != 0)
		return error;
	return apply_path(AT_FDCWD, SCARG(uap, path), false, &c);
}
SYSCALL_HANDLER(__lutimes50)

int
sys___futimes50(struct lwp *l, const struct sys___futimes50_args *uap,
    register_t *retval)
{
	struct change c;
	int error;

	if ((error = times_timeval(&c, SCARG(uap, tptr))) != 0)
		return error;
	return apply_fd(SCARG(uap, fd), &c);
}
SYSCALL_HANDLER(__futimes50)

int
sys_utimensat(struct lwp *l, const struct sys_utimensat_args *uap,
    register_t *retval)
{
	struct change c;
	int error;

	if ((error = times_timespec(&c, SCARG(uap, tptr))) != 0)
		return error;
	return apply_at(SCARG(uap, fd), SCARG(uap, path), SCARG(uap, flag), &c);
}
SYSCALL_HANDLER(utimensat)

int
sys_futimens(struct lwp *l, const struct sys_futimens_args *uap,
    register_t *retval)
{
	struct change c;
	int error;

	if ((error = times_timespec(&c, SCARG(uap, tptr))) != 0)
		return error;
	return apply_fd(SCARG(uap, fd), &c);
}
SYSCALL_HANDLER(futimens)

/* ----------------------------------------------------------------- truncate */

static int
fill_size(const struct change *c, struct vnode *vp, struct vattr *va)
{
	int error;

	if (vp->v_type == VDIR)
		return EISDIR;
	if ((error = vn_writechk(vp)) != 0 ||
	    (error = vn_check_fsize(vp, c->size, curlwp)) != 0)
		return error;
	va->va_size = (u_quad_t)c->size;
	return 0;
}

static int
fill_size_path(const struct change *c, struct vnode *vp, struct vattr *va)
{
	int error;

	if (vp->v_type == VDIR)
		return EISDIR;
	if ((error = VOP_ACCESS(vp, VWRITE, curlwp->l_cred)) != 0)
		return error;
	return fill_size(c, vp, va);
}

int
sys_truncate(struct lwp *l, const struct sys_truncate_args *uap,
    register_t *retval)
{
	const struct change c = {
		.fill = fill_size_path, .size = SCARG(uap, length),
	};

	if (c.size < 0)
		return EINVAL;
	return apply_path(AT_FDCWD, SCARG(uap, path), true, &c);
}
SYSCALL_HANDLER(truncate)

int
sys_ftruncate(struct lwp *l, const struct sys_ftruncate_args *uap,
    register_t *retval)
{
	const struct change c = {
		.fill = fill_size, .size = SCARG(uap, length),
	};
	const int fd = SCARG(uap, fd);
	struct file *fp;
	struct vnode *vp;
	int error;

	if (c.size < 0)
		return EINVAL;
	if ((error = call_fdvnode(fd, &fp, &vp)) != 0)
		return error;
	if ((fp->f_flag & FWRITE) == 0)
		error = EINVAL;
	else
		error = apply(vp, &c);
	fd_putfile((unsigned)fd);
	return error;
}
SYSCALL_HANDLER(ftruncate)

void
calls_attr_boot(void)
{
	static const struct rump_onesyscall calls[] = {
		SYSCALL_ROW(chmod), SYSCALL_ROW(lchmod),
		SYSCALL_ROW(fchmod), SYSCALL_ROW(fchmodat),
		SYSCALL_ROW(chown), SYSCALL_ROW(lchown),
		SYSCALL_ROW(fchown), SYSCALL_ROW(fchownat),
		SYSCALL_ROW(__posix_chown), SYSCALL_ROW(__posix_lchown),
		SYSCALL_ROW(__posix_fchown),
		SYSCALL_ROW(chflags), SYSCALL_ROW(lchflags),
		SYSCALL_ROW(fchflags),
		SYSCALL_ROW(__utimes50), SYSCALL_ROW(__lutimes50),
		SYSCALL_ROW(__futimes50), SYSCALL_ROW(utimensat),
		SYSCALL_ROW(futimens),
		SYSCALL_ROW(truncate), SYSCALL_ROW(ftruncate),
	};

	rump_syscall_boot_establish(calls, __arraycount(calls));
}
