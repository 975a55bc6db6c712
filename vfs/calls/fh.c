/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Files by handle: getfh fhopen fhstat fhstatvfs1.
 *
 * A handle passes by all directories on the way, so only the superuser gets
 * and uses them.
 */
#include <sys/param.h>
#include <sys/errno.h>
#include <sys/fcntl.h>
#include <sys/file.h>
#include <sys/filedesc.h>
#include <sys/kauth.h>
#include <sys/kmem.h>
#include <sys/lwp.h>
#include <sys/mount.h>
#include <sys/namei.h>
#include <sys/proc.h>
#include <sys/stat.h>
#include <sys/systm.h>
#include <sys/vnode.h>

#include "calls.h"

static int
may_use_handles(struct lwp *l)
{

	return kauth_authorize_system(l->l_cred, KAUTH_SYSTEM_FILEHANDLE, 0,
	    NULL, NULL, NULL);
}

int
sys___getfh30(struct lwp *l, const struct sys___getfh30_args *uap,
    register_t *retval)
{
	struct vnode *vp;
	fhandle_t *fh;
	size_t room, len;
	int error;

	if ((error = may_use_handles(l)) != 0)
		return error;
	error = copyin(SCARG(uap, fh_size), &room, sizeof(room));
	if (error != 0)
		return error;
	error = call_namei_simple(AT_FDCWD, SCARG(uap, fname), true, &vp);
	if (error != 0)
		return error;
	vn_lock(vp, LK_SHARED | LK_RETRY);
	error = vfs_composefh_alloc(vp, &fh);
	VOP_UNLOCK(vp);
	vrele(vp);
	if (error != 0)
		return error;
	len = FHANDLE_SIZE(fh);
	error = copyout(&len, SCARG(uap, fh_size), sizeof(len));
	if (error == 0)
		error = room < len ? E2BIG : copyout(fh, SCARG(uap, fhp), len);
	vfs_composefh_free(fh);
	return error;
}
SYSCALL_HANDLER(__getfh30)

/* The vnode of a user's handle: referenced, locked exclusively. */
static int
handle_vnode(struct lwp *l, const void *ufh, size_t len, struct vnode **vpp)
{
	fhandle_t *fh;
	int error;

	if ((error = may_use_handles(l)) != 0 ||
	    (error = vfs_copyinfh_alloc(ufh, len, &fh)) != 0)
		return error;
	error = vfs_fhtovp(fh, vpp);
	vfs_copyinfh_free(fh);
	return error;
}

/* Open a locked vnode as fp; consumes the lock, and the reference on error. */
static int
open_locked(struct vnode *vp, struct file *fp, int flags, kauth_cred_t cred)
{
	struct vattr va;
	int error;

	if ((error = vn_openchk(vp, cred, flags)) != 0)
		goto bad;
	if ((flags & O_TRUNC) != 0) {
		vattr_null(&va);
		va.va_size = 0;
		if ((error = VOP_SETATTR(vp, &va, cred)) != 0)
			goto bad;
	}
	if ((error = VOP_OPEN(vp, flags, cred)) != 0)
		goto bad;
	if ((flags & FWRITE) != 0) {
		mutex_enter(vp->v_interlock);
		vp->v_writecount++;
		mutex_exit(vp->v_interlock);
	}
	fp->f_flag = flags & FMASK;
	fp->f_type = DTYPE_VNODE;
	fp->f_ops = &vnops;
	fp->f_vnode = vp;
	VOP_UNLOCK(vp);
	return 0;
bad:
	vput(vp);
	return error;
}

int
sys___fhopen40(struct lwp *l, const struct sys___fhopen40_args *uap,
    register_t *retval)
{
	const int flags = FFLAGS(SCARG(uap, flags));
	struct vnode *vp;
	struct file *fp;
	int fd, error;

	if ((flags & (FREAD | FWRITE)) == 0 ||
	    (flags & (O_CREAT | O_EXLOCK | O_SHLOCK)) != 0)
		return EINVAL;
	if ((error = fd_allocfile(&fp, &fd)) != 0)
		return error;
	error = handle_vnode(l, SCARG(uap, fhp), SCARG(uap, fh_size), &vp);
	if (error == 0)
		error = open_locked(vp, fp, flags, l->l_cred);
	if (error != 0) {
		fd_abort(l->l_proc, fp, (unsigned)fd);
		return error;
	}
	fd_set_exclose(l, fd, (flags & O_CLOEXEC) != 0);
	fd_affix(l->l_proc, fp, (unsigned)fd);
	*retval = fd;
	return 0;
}
SYSCALL_HANDLER(__fhopen40)

int
sys___fhstat50(struct lwp *l, const struct sys___fhstat50_args *uap,
    register_t *retval)
{
	struct vnode *vp;
	struct stat sb;
	int error;

	error = handle_vnode(l, SCARG(uap, fhp), SCARG(uap, fh_size), &vp);
	if (error != 0)
		return error;
	error = vn_stat(vp, &sb);
	vput(vp);
	return error != 0 ? error : copyout(&sb, SCARG(uap, sb), sizeof(sb));
}
SYSCALL_HANDLER(__fhstat50)

int
sys___fhstatvfs190(struct lwp *l, const struct sys___fhstatvfs190_args *uap,
    register_t *retval)
{
	struct statvfs *sb;
	struct vnode *vp;
	int error;

	error = handle_vnode(l, SCARG(uap, fhp), SCARG(uap, fh_size), &vp);
	if (error != 0)
		return error;
	sb = STATVFSBUF_GET();
	/* the lock keeps the vnode in its mount */
	error = dostatvfs(vp->v_mount, sb, l, SCARG(uap, flags), 1);
	vput(vp);
	if (error == 0)
		error = copyout(sb, SCARG(uap, buf), sizeof(*sb));
	STATVFSBUF_PUT(sb);
	return error;
}
SYSCALL_HANDLER(__fhstatvfs190)

void
calls_fh_boot(void)
{
	static const struct rump_onesyscall calls[] = {
		SYSCALL_ROW(__getfh30), SYSCALL_ROW(__fhopen40),
		SYSCALL_ROW(__fhstat50), SYSCALL_ROW(__fhstatvfs190),
	};

	rump_syscall_boot_establish(calls, __arraycount(calls));
}
