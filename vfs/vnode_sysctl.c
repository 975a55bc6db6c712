/* SPDX-License-Identifier: BSD-2-Clause */
/* kern.maxvnodes: how many vnodes are kept, changed while the system runs. */
#include <sys/param.h>
#include <sys/atomic.h>
#include <sys/errno.h>
#include <sys/mount.h>
#include <sys/sysctl.h>
#include <sys/vnode.h>

#include "vnode_life.h"

/*
 * File systems size their tables anew (vfs_reinit); vnodes beyond a lower number are
 * ended before this returns.
 *
 * EINVAL: less than VNODES_LEAST, or more than can be counted.  EBUSY: more than that
 * are in use; then the old number stays.
 */
static int
maxvnodes(SYSCTLFN_ARGS)
{
	struct sysctlnode node = *rnode;
	const int old = desiredvnodes;
	int new = old, error;

	node.sysctl_data = &new;
	error = sysctl_lookup(SYSCTLFN_CALL(&node));
	if (error != 0 || newp == NULL || new == old)
		return error;
	if (new < VNODES_LEAST || new > VNODES_MOST)
		return EINVAL;
	atomic_store_relaxed(&desiredvnodes, new);
	if ((error = vfs_drainvnodes()) != 0)
		atomic_store_relaxed(&desiredvnodes, old);
	else
		vfs_reinit();
	return error;
}

SYSCTL_SETUP(sysctl_maxvnodes_setup, "vnodes that are kept")
{

	sysctl_createv(clog, 0, NULL, NULL,
	    CTLFLAG_PERMANENT | CTLFLAG_READWRITE, CTLTYPE_INT, "maxvnodes",
	    SYSCTL_DESCR("Vnodes that are kept when nobody uses them"),
	    maxvnodes, 0, NULL, 0, CTL_KERN, KERN_MAXVNODES, CTL_EOL);
}
