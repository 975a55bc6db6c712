/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * nullfs: vnode operations.  All is the layer's; but what is one name of a path
 * is asked while the vnode may be dying, so that is not asked below.
 */
#include <sys/param.h>
#include <sys/vnode.h>

#include <miscfs/genfs/genfs.h>
#include <miscfs/genfs/layer_extern.h>
#include <miscfs/nullfs/null.h>

int (**null_vnodeop_p)(void *);

static const struct vnodeopv_entry_desc null_entries[] = {
	{ &vop_default_desc, layer_bypass },
	/* names */
	{ &vop_lookup_desc, layer_lookup },
	{ &vop_parsepath_desc, genfs_parsepath },
	{ &vop_rename_desc, layer_rename },
	{ &vop_remove_desc, layer_remove },
	{ &vop_rmdir_desc, layer_rmdir },
	/* attributes */
	{ &vop_access_desc, layer_access },
	{ &vop_accessx_desc, genfs_accessx },
	{ &vop_getattr_desc, layer_getattr },
	{ &vop_setattr_desc, layer_setattr },
	/* contents */
	{ &vop_open_desc, layer_open },
	{ &vop_close_desc, layer_close },
	{ &vop_fsync_desc, layer_fsync },
	{ &vop_bmap_desc, layer_bmap },
	{ &vop_getpages_desc, layer_getpages },
	{ &vop_putpages_desc, layer_putpages },
	/* life */
	{ &vop_inactive_desc, layer_inactive },
	{ &vop_reclaim_desc, layer_reclaim },
	{ &vop_revoke_desc, layer_revoke },
	{ &vop_print_desc, layer_print },
	{ NULL, NULL }
};
const struct vnodeopv_desc null_vnodeop_opv_desc = {
	&null_vnodeop_p, null_entries
};
