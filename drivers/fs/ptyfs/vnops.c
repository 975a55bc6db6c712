/* SPDX-License-Identifier: BSD-2-Clause */
/* ptyfs: the root directory, and devices. */
#include "ptyfs_var.h"

#include <sys/dirent.h>
#include <sys/errno.h>
#include <sys/namei.h>
#include <sys/pty.h>
#include <sys/systm.h>

#include <miscfs/genfs/genfs.h>
#include <miscfs/specfs/specdev.h>
#include <rump-private/listing.h>

/* Cookies: 1 and 2 stand behind the dots, FIRST + n + 1 behind slave n. */
#define FIRST	2

/* -------------------------------------------------------------------- names */

/* The slave of a name: digits without a zero in front; -1: none. */
static int
unit_of(const char *name, size_t len)
{
	int unit = 0;
	size_t i;

	if (len == 0 || len > 6 || (name[0] == '0' && len > 1))
		return -1;
	for (i = 0; i < len; i++) {
		if (name[i] < '0' || name[i] > '9')
			return -1;
		unit = unit * 10 + name[i] - '0';
	}
	return unit;
}

/*
 * LOOKUP.  Names come and go with the control sides, so none is cached, and nobody can
 * make or remove one.
 */
static int
ptyfs_lookup(void *v)
{
	const struct vop_lookup_v2_args *ap = v;
	const struct componentname *cnp = ap->a_cnp;
	const bool last = (cnp->cn_flags & ISLASTCN) != 0;
	int unit;

	*ap->a_vpp = NULL;
	if (last && (cnp->cn_nameiop == DELETE || cnp->cn_nameiop == RENAME))
		return EROFS;
	unit = unit_of(cnp->cn_nameptr, cnp->cn_namelen);
	if (unit != -1 && !pty_isfree(unit, 1))
		return ptyfs_vnode(ap->a_dvp->v_mount, PTYFS_SLAVE, unit,
		    ap->a_vpp);
	if (cnp->cn_namelen != 1 || *cnp->cn_nameptr != '.')
		return last && cnp->cn_nameiop == CREATE ? EROFS : ENOENT;
	*ap->a_vpp = ap->a_dvp;
	vref(ap->a_dvp);
	return 0;
}

static int
collect(struct vnode *vp, struct listing *listing)
{
	char name[16];
	int len;
	off_t unit;

	if (!listing_add_dots(listing, 1, 1))
		return 0;
	for (unit = listing->ls_offset - FIRST; unit < npty; unit++) {
		const struct ptyfs_key key = { PTYFS_SLAVE, (int32_t)unit };

		if (pty_isfree((int)unit, 1))
			continue;
		len = snprintf(name, sizeof(name), "%d", (int)unit);
		if (!listing_add(listing, name, (size_t)len,
		    PTYFS_FILENO(&key), DT_CHR, FIRST + unit + 1))
			return 0;
	}
	return ENOENT;
}

static int
ptyfs_readdir(void *v)
{

	return listing_read(v, collect);
}

/* ------------------------------------------------------------------ devices */

static void
touch(struct vnode *vp, bool written)
{
	struct ptyfs_mount *pm = mount_to_ptyfs(vp->v_mount);
	struct ptyfs_node *node = vnode_to_ptyfs(vp);

	mutex_enter(&pm->pm_lock);
	getnanotime(written ? &node->pn_mtime : &node->pn_atime);
	mutex_exit(&pm->pm_lock);
}

/* The vnode may have been revoked while the terminal was waited for. */
static bool
is_alive(struct vnode *vp)
{

	return vp->v_op == ptyfs_specop_p;
}

static int
ptyfs_read(void *v)
{
	const struct vop_read_args *ap = v;
	const int error = spec_read(v);

	if (is_alive(ap->a_vp))
		touch(ap->a_vp, false);
	return error;
}

static int
ptyfs_write(void *v)
{
	const struct vop_write_args *ap = v;
	const int error = spec_write(v);

	if (is_alive(ap->a_vp))
		touch(ap->a_vp, true);
	return error;
}

/* A control side closes: the next one to have it finds the slave as new. */
static int
ptyfs_close(void *v)
{
	const struct vop_close_args *ap = v;
	const struct ptyfs_node *node = vnode_to_ptyfs(ap->a_vp);

	if (node->pn_key.type == PTYFS_CONTROL)
		ptyfs_node_reset(mount_to_ptyfs(ap->a_vp->v_mount),
		    node->pn_key.unit);
	return spec_close(v);
}

/* -------------------------------------------------------------------- lives */

static int
ptyfs_inactive(void *v)
{
	const struct vop_inactive_v2_args *ap = v;
	const struct ptyfs_node *node = vnode_to_ptyfs(ap->a_vp);

	*ap->a_recycle = node->pn_key.type != PTYFS_ROOT &&
	    pty_isfree(node->pn_key.unit, 1);
	return 0;
}

static int
ptyfs_reclaim(void *v)
{
	const struct vop_reclaim_v2_args *ap = v;

	VOP_UNLOCK(ap->a_vp);
	ap->a_vp->v_data = NULL;	/* the node stays */
	return 0;
}

static int
ptyfs_print(void *v)
{
	const struct vop_print_args *ap = v;
	const struct ptyfs_node *node = vnode_to_ptyfs(ap->a_vp);

	printf("ptyfs type %d, pseudo terminal %d\n", node->pn_key.type,
	    node->pn_key.unit);
	return 0;
}

int (**ptyfs_vnodeop_p)(void *);
static const struct vnodeopv_entry_desc ptyfs_vnodeop_entries[] = {
	{ &vop_default_desc, vn_default_error },
	{ &vop_parsepath_desc, genfs_parsepath },
	{ &vop_lookup_desc, ptyfs_lookup },
	{ &vop_readdir_desc, ptyfs_readdir },
	{ &vop_open_desc, genfs_nullop },
	{ &vop_close_desc, genfs_nullop },
	{ &vop_access_desc, ptyfs_access },
	{ &vop_accessx_desc, genfs_accessx },
	{ &vop_getattr_desc, ptyfs_getattr },
	{ &vop_setattr_desc, ptyfs_setattr },
	{ &vop_fcntl_desc, genfs_fcntl },
	{ &vop_ioctl_desc, genfs_enoioctl },
	{ &vop_poll_desc, genfs_poll },
	{ &vop_kqfilter_desc, genfs_kqfilter },
	{ &vop_fsync_desc, genfs_nullop },
	{ &vop_seek_desc, genfs_seek },
	{ &vop_pathconf_desc, genfs_pathconf },
	{ &vop_inactive_desc, ptyfs_inactive },
	{ &vop_reclaim_desc, ptyfs_reclaim },
	{ &vop_putpages_desc, genfs_null_putpages },
	{ &vop_lock_desc, genfs_lock },
	{ &vop_unlock_desc, genfs_unlock },
	{ &vop_islocked_desc, genfs_islocked },
	{ &vop_abortop_desc, genfs_abortop },
	{ &vop_print_desc, ptyfs_print },
	{ NULL, NULL }
};
const struct vnodeopv_desc ptyfs_vnodeop_opv_desc = {
	&ptyfs_vnodeop_p, ptyfs_vnodeop_entries
};

int (**ptyfs_specop_p)(void *);
static const struct vnodeopv_entry_desc ptyfs_specop_entries[] = {
	{ &vop_default_desc, vn_default_error },
	GENFS_SPECOP_ENTRIES,
	/* contents */
	{ &vop_read_desc, ptyfs_read },
	{ &vop_write_desc, ptyfs_write },
	{ &vop_close_desc, ptyfs_close },
	{ &vop_fsync_desc, spec_fsync },
	/* attributes */
	{ &vop_getattr_desc, ptyfs_getattr },
	{ &vop_setattr_desc, ptyfs_setattr },
	{ &vop_access_desc, ptyfs_access },
	{ &vop_accessx_desc, genfs_accessx },
	/* life */
	{ &vop_inactive_desc, ptyfs_inactive },
	{ &vop_reclaim_desc, ptyfs_reclaim },
	{ &vop_print_desc, ptyfs_print },
	/* general */
	{ &vop_islocked_desc, genfs_islocked },
	{ &vop_lock_desc, genfs_lock },
	{ &vop_unlock_desc, genfs_unlock },
	{ &vop_fcntl_desc, genfs_fcntl },
	{ NULL, NULL }
};
const struct vnodeopv_desc ptyfs_specop_opv_desc = {
	&ptyfs_specop_p, ptyfs_specop_entries
};
