/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * __quotactl(2): one call, an operation and its structures inside.
 *
 * The structures of each operation are copied in and out here, so that file
 * systems see kernel memory only.
 */
#include <sys/param.h>
#include <sys/errno.h>
#include <sys/fstrans.h>
#include <sys/kmem.h>
#include <sys/mount.h>
#include <sys/namei.h>
#include <sys/quotactl.h>
#include <sys/systm.h>
#include <sys/vnode.h>

#include "../mount_impl.h"
#include "calls.h"

/* One structure of the caller, as a kernel copy around an operation. */
static int
with_copy(struct mount *mp, struct quotactl_args *args, void *slot, size_t size,
    bool in, bool out)
{
	void **where = slot, *user = *where, *buf;
	int error = 0;

	buf = kmem_zalloc(size, KM_SLEEP);
	if (in)
		error = copyin(user, buf, size);
	if (error == 0) {
		*where = buf;
		error = VFS_QUOTACTL(mp, args);
		*where = user;
	}
	if (error == 0 && out)
		error = copyout(buf, user, size);
	kmem_free(buf, size);
	return error;
}

/* Operations with a key and perhaps a value. */
static int
quota_keyed(struct mount *mp, struct quotactl_args *a)
{
	struct quotakey key;
	struct quotaval val;
	const void *ukey, *uval = NULL;
	int error;

	memset(&val, 0, sizeof(val));
	switch (a->qc_op) {
	case QUOTACTL_GET:
		ukey = a->u.get.qc_key;
		break;
	case QUOTACTL_PUT:
		ukey = a->u.put.qc_key;
		uval = a->u.put.qc_val;
		break;
	default:
		ukey = a->u.del.qc_key;
		break;
	}
	if ((error = copyin(ukey, &key, sizeof(key))) != 0)
		return error;
	if (uval != NULL && (error = copyin(uval, &val, sizeof(val))) != 0)
		return error;
	switch (a->qc_op) {
	case QUOTACTL_GET:
		error = vfs_quotactl_get(mp, &key, &val);
		if (error == 0)
			error = copyout(&val, a->u.get.qc_val, sizeof(val));
		return error;
	case QUOTACTL_PUT:
		return vfs_quotactl_put(mp, &key, &val);
	default:
		return vfs_quotactl_del(mp, &key);
	}
}

/* The next quotas of a walk. */
static int
quota_cursorget(struct mount *mp, struct quotactl_args *a)
{
	const unsigned max = MIN(a->u.cursorget.qc_maxnum, 256u);
	struct quotakcursor cursor;
	struct quotakey *keys;
	struct quotaval *vals;
	unsigned n = 0;
	int error;

	if (max == 0)
		return EINVAL;
	error = copyin(a->u.cursorget.qc_cursor, &cursor, sizeof(cursor));
	if (error != 0)
		return error;
	keys = kmem_zalloc(max * sizeof(*keys), KM_SLEEP);
	vals = kmem_zalloc(max * sizeof(*vals), KM_SLEEP);
	error = vfs_quotactl_cursorget(mp, &cursor, keys, vals, max, &n);
	if (error == 0)
		error = copyout(keys, a->u.cursorget.qc_keys, n * sizeof(*keys));
	if (error == 0)
		error = copyout(vals, a->u.cursorget.qc_vals, n * sizeof(*vals));
	if (error == 0)
		error = copyout(&n, a->u.cursorget.qc_ret, sizeof(n));
	if (error == 0)
		error = copyout(&cursor, a->u.cursorget.qc_cursor,
		    sizeof(cursor));
	kmem_free(keys, max * sizeof(*keys));
	kmem_free(vals, max * sizeof(*vals));
	return error;
}

static int
quota_on(struct mount *mp, struct quotactl_args *a)
{
	char *path = PNBUF_GET();
	int error;

	error = copyinstr(a->u.quotaon.qc_quotafile, path, MAXPATHLEN, NULL);
	if (error == 0)
		error = vfs_quotactl_quotaon(mp, a->u.quotaon.qc_idtype, path);
	PNBUF_PUT(path);
	return error;
}

/* Is the walk at its end? */
static int
quota_cursoratend(struct mount *mp, struct quotactl_args *a)
{
	int *uret = a->u.cursoratend.qc_ret, ret = 0, error;

	a->u.cursoratend.qc_ret = &ret;
	error = with_copy(mp, a, &a->u.cursoratend.qc_cursor,
	    sizeof(struct quotakcursor), true, true);
	return error != 0 ? error : copyout(&ret, uret, sizeof(ret));
}

static int
do_quotactl(struct mount *mp, struct quotactl_args *a)
{

	switch (a->qc_op) {
	case QUOTACTL_STAT:
		return with_copy(mp, a, &a->u.stat.qc_info,
		    sizeof(struct quotastat), false, true);
	case QUOTACTL_IDTYPESTAT:
		return with_copy(mp, a, &a->u.idtypestat.qc_info,
		    sizeof(struct quotaidtypestat), false, true);
	case QUOTACTL_OBJTYPESTAT:
		return with_copy(mp, a, &a->u.objtypestat.qc_info,
		    sizeof(struct quotaobjtypestat), false, true);
	case QUOTACTL_GET:
	case QUOTACTL_PUT:
	case QUOTACTL_DEL:
		return quota_keyed(mp, a);
	case QUOTACTL_CURSOROPEN:
	case QUOTACTL_CURSORCLOSE:
	case QUOTACTL_CURSORREWIND:
		return with_copy(mp, a, &a->u.cursoropen.qc_cursor,
		    sizeof(struct quotakcursor), true, true);
	case QUOTACTL_CURSORSKIPIDTYPE:
		return with_copy(mp, a, &a->u.cursorskipidtype.qc_cursor,
		    sizeof(struct quotakcursor), true, true);
	case QUOTACTL_CURSORGET:
		return quota_cursorget(mp, a);
	case QUOTACTL_CURSORATEND:
		return quota_cursoratend(mp, a);
	case QUOTACTL_QUOTAON:
		return quota_on(mp, a);
	case QUOTACTL_QUOTAOFF:
		return VFS_QUOTACTL(mp, a);
	default:
		return EINVAL;
	}
}

int
sys___quotactl(struct lwp *l, const struct sys___quotactl_args *uap,
    register_t *retval)
{
	struct quotactl_args args;
	struct mount *mp;
	struct vnode *vp;
	int error;

	if ((error = copyin(SCARG(uap, args), &args, sizeof(args))) != 0)
		return error;
	error = call_namei_simple(AT_FDCWD, SCARG(uap, path), true, &vp);
	if (error != 0)
		return error;
	/* turning quotas off suspends the mount: no transaction here */
	mp = vnode_fstrans_start(vp);
	vfs_ref(mp);
	fstrans_done(mp);
	vrele(vp);
	error = do_quotactl(mp, &args);
	vfs_rele(mp);
	return error;
}
SYSCALL_HANDLER(__quotactl)

void
calls_quota_boot(void)
{
	static const struct rump_onesyscall calls[] = {
		SYSCALL_ROW(__quotactl),
	};

	rump_syscall_boot_establish(calls, __arraycount(calls));
}
