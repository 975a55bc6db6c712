/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Vnode operations that need no file system: refusals, trivial answers, and the
 * release of what an operation owns when it is refused.
 *
 * Each takes the argument structure of the operation in whose slot it is.
 */
#include <sys/param.h>
#include <sys/systm.h>
#include <sys/errno.h>
#include <sys/fcntl.h>
#include <sys/lockf.h>
#include <sys/namei.h>
#include <sys/poll.h>
#include <sys/unistd.h>
#include <sys/vnode.h>

#include <miscfs/genfs/genfs.h>

int
genfs_nullop(void *v)
{

	return 0;
}

int
genfs_einval(void *v)
{

	return EINVAL;
}

int
genfs_ebadf(void *v)
{

	return EBADF;
}

/* ioctl and fcntl commands that nobody knows. */
int
genfs_enoioctl(void *v)
{

	return EPASSTHROUGH;
}

/* For slots that nobody can call. */
int
genfs_badop(void *v)
{
	const struct vop_generic_args *ap = v;

	panic("genfs_badop: %s of a vnode that has none",
	    ap->a_desc->vdesc_name);
}

/* The n-th vnode argument of an operation, and what becomes of it. */
struct vnode_arg {
	struct vnode	*va_vp;
	bool		va_rele;
	bool		va_unlock;
};

static u_int
vnode_args(const struct vop_generic_args *ap, struct vnode_arg *args)
{
	const struct vnodeop_desc *desc = ap->a_desc;
	int flags = desc->vdesc_flags;
	u_int n;

	for (n = 0; n < VDESC_MAX_VPS; n++, flags >>= 1) {
		if (desc->vdesc_vp_offsets[n] == VDESC_NO_OFFSET)
			break;
		args[n].va_vp = *VOPARG_OFFSETTO(struct vnode **,
		    desc->vdesc_vp_offsets[n], ap);
		args[n].va_rele = (flags & VDESC_VP0_WILLRELE) != 0;
		args[n].va_unlock = (flags & VDESC_VP0_WILLUNLOCK) != 0;
	}
	return n;
}

/* Is the vnode of argument i also one before it that is (or was) locked? */
static bool
unlocked_before(const struct vnode_arg *args, u_int i)
{
	u_int j;

	for (j = 0; j < i; j++)
		if (args[j].va_vp == args[i].va_vp &&
		    (args[j].va_unlock || !args[j].va_rele))
			return true;
	return false;
}

/*
 * Refuse an operation, and give back what it was given: references, locks, and
 * what a look-up prepared in the directory.  Not for LOOKUP and ABORTOP.
 */
int
genfs_eopnotsupp(void *v)
{
	const struct vop_generic_args *ap = v;
	const struct vnodeop_desc *desc = ap->a_desc;
	struct vnode_arg args[VDESC_MAX_VPS] = { { .va_vp = NULL } };
	u_int i, n;

	KASSERT(desc != VDESC(vop_lookup));
	KASSERT(desc != VDESC(vop_abortop));
	n = vnode_args(ap, args);
	if (desc->vdesc_componentname_offset != VDESC_NO_OFFSET &&
	    desc != VDESC(vop_rename))
		(void)VOP_ABORTOP(args[0].va_vp,
		    *VOPARG_OFFSETTO(struct componentname **,
		    desc->vdesc_componentname_offset, ap));
	for (i = 0; i < n; i++) {
		if (args[i].va_vp == NULL || !args[i].va_rele)
			continue;
		if (args[i].va_unlock && !unlocked_before(args, i))
			vput(args[i].va_vp);
		else
			vrele(args[i].va_vp);
	}
	return EOPNOTSUPP;
}

int
genfs_abortop(void *v)
{

	return 0;
}

int
genfs_seek(void *v)
{
	const struct vop_seek_args *ap = v;

	return ap->a_newoff < 0 ? EINVAL : 0;
}

/* May the file be mapped? */
int
genfs_mmap(void *v)
{

	return 0;
}

int
genfs_fcntl(void *v)
{
	const struct vop_fcntl_args *ap = v;

	return ap->a_command == F_SETFL ? 0 : EOPNOTSUPP;
}

/* Files are always ready. */
int
genfs_poll(void *v)
{
	const struct vop_poll_args *ap = v;

	return ap->a_events & (POLLIN | POLLOUT | POLLRDNORM | POLLWRNORM);
}

/* A component ends at the first slash. */
int
genfs_parsepath(void *v)
{
	const struct vop_parsepath_args *ap = v;
	size_t n = 0;

	while (ap->a_name[n] != '\0' && ap->a_name[n] != '/')
		n++;
	*ap->a_retval = n;
	return 0;
}

int
genfs_pathconf(void *v)
{
	const struct vop_pathconf_args *ap = v;

	switch (ap->a_name) {
	case _PC_PATH_MAX:
		*ap->a_retval = PATH_MAX;
		return 0;
	case _PC_ACL_EXTENDED:
	case _PC_ACL_NFS4:
		*ap->a_retval = 0;
		return 0;
	default:
		return EINVAL;
	}
}

/* Locks of ranges, which nobody but this kernel sees. */
int
genfs_advlock(void *v)
{
	struct vop_advlock_args *ap = v;

	return lf_advlock(ap, NULL, ap->a_vp->v_size);
}

/* Kill a vnode, and if it is a device all others of it. */
int
genfs_revoke(void *v)
{
	const struct vop_revoke_args *ap = v;

	KASSERT((ap->a_flags & REVOKEALL) != 0);
	vrevoke(ap->a_vp);
	return 0;
}
