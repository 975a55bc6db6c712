/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Small things about vnodes and their attributes that everybody needs.
 */
#include <sys/param.h>
#include <sys/dirent.h>
#include <sys/errno.h>
#include <sys/extattr.h>
#include <sys/filedesc.h>
#include <sys/kauth.h>
#include <sys/lwp.h>
#include <sys/mount.h>
#include <sys/namei.h>
#include <sys/proc.h>
#include <sys/stat.h>
#include <sys/systm.h>
#include <sys/time.h>
#include <sys/uio.h>
#include <sys/vnode_impl.h>

#include <miscfs/genfs/genfs.h>
#include <miscfs/specfs/specdev.h>

#include "vn.h"

/* From the type bits of a mode, shifted down, to vnode types. */
const enum vtype iftovt_tab[16] = {
	[S_IFIFO >> 12] = VFIFO,
	[S_IFCHR >> 12] = VCHR,
	[S_IFDIR >> 12] = VDIR,
	[S_IFBLK >> 12] = VBLK,
	[S_IFREG >> 12] = VREG,
	[S_IFLNK >> 12] = VLNK,
	[S_IFSOCK >> 12] = VSOCK,
	[15] = VBAD,
};
/* And back. */
const int vttoif_tab[9] = {
	[VREG] = S_IFREG,
	[VDIR] = S_IFDIR,
	[VBLK] = S_IFBLK,
	[VCHR] = S_IFCHR,
	[VLNK] = S_IFLNK,
	[VSOCK] = S_IFSOCK,
	[VFIFO] = S_IFIFO,
	[VBAD] = S_IFMT,
};

/* Vnode type to d_type of a directory entry. */
uint8_t
vtype2dt(enum vtype type)
{
	static const uint8_t table[] = {
		[VNON] = DT_UNKNOWN,
		[VREG] = DT_REG,
		[VDIR] = DT_DIR,
		[VBLK] = DT_BLK,
		[VCHR] = DT_CHR,
		[VLNK] = DT_LNK,
		[VSOCK] = DT_SOCK,
		[VFIFO] = DT_FIFO,
		[VBAD] = DT_UNKNOWN,
	};

	return table[type];
}

/* Attributes with nothing set. */
void
vattr_null(struct vattr *va)
{
	const struct timespec none = { .tv_sec = VNOVAL, .tv_nsec = VNOVAL };

	memset(va, 0, sizeof(*va));
	va->va_type = VNON;
	va->va_mode = (mode_t)VNOVAL;
	va->va_nlink = (nlink_t)VNOVAL;
	va->va_uid = (uid_t)VNOVAL;
	va->va_gid = (gid_t)VNOVAL;
	va->va_fsid = (dev_t)VNOVAL;
	va->va_fileid = (ino_t)VNOVAL;
	va->va_size = VNOVALSIZE;
	va->va_blocksize = VNOVAL;
	va->va_atime = va->va_mtime = va->va_ctime = va->va_birthtime = none;
	va->va_gen = (u_long)VNOVAL;
	va->va_flags = VNOVALFLAGS;
	va->va_rdev = (dev_t)VNOVAL;
	va->va_bytes = (u_quad_t)VNOVAL;
	va->va_filerev = (u_quad_t)VNOVAL;
}

int timestamp_precision = TSP_NSEC;

/* The time for a file's stamp. */
void
vfs_timestamp(struct timespec *ts)
{

	switch (timestamp_precision) {
	case TSP_SEC:
		getnanotime(ts);
		ts->tv_nsec = 0;
		break;
	case TSP_HZ:
		getnanotime(ts);
		break;
	case TSP_USEC:
		nanotime(ts);
		ts->tv_nsec -= ts->tv_nsec % 1000;
		break;
	default:
		nanotime(ts);
		break;
	}
}

/*
 * Say fine access bits in the classic ones.
 *
 * *mode  in and out; 0: there is nothing to check
 *
 * Returns 0, or EPERM: deleting is no matter of the object's own mode.
 */
int
vfs_unixify_accmode(accmode_t *mode)
{
	accmode_t m = *mode;

	if ((m & VEXPLICIT_DENY) != 0) {
		/* classic modes deny nobody explicitly */
		*mode = 0;
		return 0;
	}
	if ((m & (VDELETE | VDELETE_CHILD)) != 0)
		return EPERM;
	if ((m & VADMIN_PERMS) != 0)
		m = (m & ~VADMIN_PERMS) | VADMIN;
	if ((m & VREAD_NAMED_ATTRS) != 0)
		m |= VREAD;
	if ((m & VWRITE_NAMED_ATTRS) != 0)
		m |= VWRITE;
	/* looking at attributes is free */
	m &= ~(VSTAT_PERMS | VREAD_NAMED_ATTRS | VWRITE_NAMED_ATTRS |
	    VSYNCHRONIZE);
	*mode = m;
	return 0;
}

/* A line about a vnode on the console, for diagnostics. */
void
vprint(const char *label, struct vnode *vp)
{
	static const char * const types[] = { VNODE_TYPES };
	static const char * const tags[] = { VNODE_TAGS };
	const struct vnode_impl *vip = VNODE_TO_VIMPL(vp);

	printf("%s%svnode %p: type %s, tag %s, mount %p, state %d, uses %d, "
	    "holds %d, writers %d, flags %#x %#x, size %lld\n",
	    label == NULL ? "" : label, label == NULL ? "" : ": ", vp,
	    types[vp->v_type], tags[vp->v_tag], vp->v_mount,
	    (int)vip->vi_state, vrefcnt(vp), vp->v_holdcnt, vp->v_writecount,
	    vp->v_vflag, vp->v_iflag, (long long)vp->v_size);
	if (vp->v_op != NULL)
		VOP_PRINT(vp);
}

/* Is lvp the directory rvp, or below it?  Both referenced, unlocked. */
int
vn_isunder(struct vnode *lvp, struct vnode *rvp, struct lwp *l)
{

	return getcwd_common(lvp, rvp, NULL, NULL, MAXPATHLEN / 2, 0, l) == 0;
}

/*
 * A write-back error that nobody has heard of yet; it is forgotten here.
 *
 * Returns 0 or the errno.
 */
int
vn_wberror_take(struct vnode *vp)
{
	int error;

	if (__predict_true(vp->v_wberror == 0))
		return 0;
	mutex_enter(vp->v_interlock);
	error = vp->v_wberror;
	vp->v_wberror = 0;
	mutex_exit(vp->v_interlock);
	return error;
}

/*
 * May these credentials use an extended attribute of this name space?
 *
 * access  VREAD or VWRITE
 *
 * Returns 0, EPERM or EACCES.  vp locked.
 */
int
extattr_check_cred(struct vnode *vp, int attrnamespace, kauth_cred_t cred,
    int access)
{
	kauth_action_t action;

	if (cred == NOCRED)
		return 0;
	action = access == VREAD ? KAUTH_VNODE_READ_EXTATTRIBUTES :
	    KAUTH_VNODE_WRITE_EXTATTRIBUTES;
	return kauth_authorize_vnode(cred, action, vp, NULL,
	    genfs_can_extattr(vp, cred, (accmode_t)access, attrnamespace));
}
