/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * vm.bufmem, vm.bufmem_hiwater, vm.bufmem_lowater, vm.bufcache: how much memory
 * buffers have and may have.  Writing the high mark moves the low one along.
 */
#include <sys/param.h>
#include <sys/systm.h>
#include <sys/buf.h>
#include <sys/errno.h>
#include <sys/sysctl.h>

#include "bufcache.h"

/* Read and write the limit. */
static int
limit(SYSCTLFN_ARGS)
{
	struct sysctlnode node = *rnode;
	u_long value = bufmem_hiwater;
	int error;

	node.sysctl_data = &value;
	error = sysctl_lookup(SYSCTLFN_CALL(&node));
	if (error != 0 || newp == NULL)
		return error;
	error = buf_setvalimit(value);
	if (error == 0 && bufmem_excess() != 0) {
		mutex_enter(&bufcache_lock);
		(void)bufqueue_trim(bufmem_excess());
		mutex_exit(&bufcache_lock);
	}
	return error;
}

SYSCTL_SETUP(sysctl_buf_setup, "memory of the buffer cache")
{

	sysctl_createv(clog, 0, NULL, NULL, CTLFLAG_PERMANENT, CTLTYPE_NODE,
	    "vm", NULL, NULL, 0, NULL, 0, CTL_VM, CTL_EOL);
	sysctl_createv(clog, 0, NULL, NULL,
	    CTLFLAG_PERMANENT | CTLFLAG_READONLY, CTLTYPE_LONG, "bufmem",
	    SYSCTL_DESCR("Bytes of memory in the buffer cache"), NULL, 0,
	    &bufmem, 0, CTL_VM, CTL_CREATE, CTL_EOL);
	sysctl_createv(clog, 0, NULL, NULL,
	    CTLFLAG_PERMANENT | CTLFLAG_READWRITE, CTLTYPE_LONG,
	    "bufmem_hiwater", SYSCTL_DESCR("Bytes from which buffers are "
	    "used again"), limit, 0, NULL, 0, CTL_VM, CTL_CREATE, CTL_EOL);
	sysctl_createv(clog, 0, NULL, NULL,
	    CTLFLAG_PERMANENT | CTLFLAG_READONLY, CTLTYPE_LONG,
	    "bufmem_lowater", SYSCTL_DESCR("Bytes that the page daemon "
	    "leaves"), NULL, 0, &bufmem_lowater, 0, CTL_VM, CTL_CREATE,
	    CTL_EOL);
	sysctl_createv(clog, 0, NULL, NULL,
	    CTLFLAG_PERMANENT | CTLFLAG_IMMEDIATE, CTLTYPE_INT, "bufcache",
	    SYSCTL_DESCR("Per cent of memory that buffers may have"), NULL,
	    BUFMEM_PERCENT, NULL, 0, CTL_VM, CTL_CREATE, CTL_EOL);
}
