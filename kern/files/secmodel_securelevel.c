/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The securelevel, secmodel_securelevel(9): what nobody may do, root included.
 *
 *   -1, 0  nothing is forbidden
 *   1      memory devices and raw disks that are mounted are not written;
 *          system file flags stay; no modules, no new sysctl nodes, no change
 *          of the clock's offset or of set-id core files; no I/O privileges
 *   2      besides: no raw disk is written; no new mounts, and updates only to
 *          read-only; the clock does not go back; no swap devices, no change of
 *          packet filters or of where core files go
 *
 * kern.securelevel shows it and raises it.  Only process 1 lowers it.
 */
#include <sys/param.h>
#include <sys/conf.h>
#include <sys/errno.h>
#include <sys/kauth.h>
#include <sys/lwp.h>
#include <sys/mount.h>
#include <sys/proc.h>
#include <sys/sysctl.h>
#include <sys/systm.h>
#include <sys/time.h>

#include <rump-private/files.h>
#include <secmodel/securelevel/securelevel.h>

#include "files/kauth.h"

static int securelevel = -1;
static secmodel_t model;

static int
deny_from(int level)
{

	return securelevel >= level ? KAUTH_RESULT_DENY : KAUTH_RESULT_DEFER;
}

static int
sysctl_securelevel(SYSCTLFN_ARGS)
{
	struct sysctlnode node = *rnode;
	int new = securelevel, error;

	node.sysctl_data = &new;
	error = sysctl_lookup(SYSCTLFN_CALL(&node));
	if (error != 0 || newp == NULL)
		return error;
	if (new < securelevel && (l == NULL || l->l_proc->p_pid != 1))
		return EPERM;
	securelevel = new;
	return 0;
}

SYSCTL_SETUP(sysctl_securelevel_setup, "securelevel")
{

	sysctl_createv(clog, 0, NULL, NULL,
	    CTLFLAG_PERMANENT | CTLFLAG_READWRITE, CTLTYPE_INT, "securelevel",
	    SYSCTL_DESCR("System security level"), sysctl_securelevel, 0, NULL,
	    0, CTL_KERN, KERN_SECURELVL, CTL_EOL);
}

static int
system_time(enum kauth_system_req req, const struct timespec *new,
    const struct timespec *delta)
{

	switch (req) {
	case KAUTH_REQ_SYSTEM_TIME_RTCOFFSET:
		return deny_from(1);
	case KAUTH_REQ_SYSTEM_TIME_SYSTEM:
		if (delta != NULL && delta->tv_sec < 0)
			return deny_from(2);
		return KAUTH_RESULT_DEFER;
	default:
		return KAUTH_RESULT_DEFER;
	}
}

static int
system_mount(enum kauth_system_req req, struct mount *mp, u_long flags)
{

	switch (req) {
	case KAUTH_REQ_SYSTEM_MOUNT_NEW:
		return deny_from(2);
	case KAUTH_REQ_SYSTEM_MOUNT_UPDATE:
		if ((flags & MNT_RDONLY) != 0 && (flags & MNT_RELOAD) == 0)
			return KAUTH_RESULT_DEFER;
		return deny_from(2);
	default:
		return KAUTH_RESULT_DEFER;
	}
}

static int
level_system(kauth_cred_t cred, kauth_action_t action, void *cookie,
    void *arg0, void *arg1, void *arg2, void *arg3)
{
	enum kauth_system_req req = (enum kauth_system_req)(uintptr_t)arg0;

	switch (action) {
	case KAUTH_SYSTEM_CHSYSFLAGS:
	case KAUTH_SYSTEM_MODULE:
	case KAUTH_SYSTEM_SETIDCORE:
	case KAUTH_SYSTEM_DEBUG:
		return deny_from(1);
	case KAUTH_SYSTEM_SYSCTL:
		return req == KAUTH_REQ_SYSTEM_SYSCTL_ADD ||
		    req == KAUTH_REQ_SYSTEM_SYSCTL_DELETE ?
		    deny_from(1) : KAUTH_RESULT_DEFER;
	case KAUTH_SYSTEM_SWAPCTL:
		return deny_from(2);
	case KAUTH_SYSTEM_TIME:
		return system_time(req, arg1, arg2);
	case KAUTH_SYSTEM_MOUNT:
		return system_mount(req, arg1, (u_long)(uintptr_t)arg2);
	default:
		return KAUTH_RESULT_DEFER;
	}
}

static int
level_process(kauth_cred_t cred, kauth_action_t action, void *cookie,
    void *arg0, void *arg1, void *arg2, void *arg3)
{
	struct proc *p = arg0;

	switch (action) {
	case KAUTH_PROCESS_PTRACE:
	case KAUTH_PROCESS_PROCFS:
		return p == initproc ? deny_from(0) : KAUTH_RESULT_DEFER;
	case KAUTH_PROCESS_CORENAME:
		return (uintptr_t)arg1 == KAUTH_REQ_PROCESS_CORENAME_SET ?
		    deny_from(2) : KAUTH_RESULT_DEFER;
	default:
		return KAUTH_RESULT_DEFER;
	}
}

static int
level_network(kauth_cred_t cred, kauth_action_t action, void *cookie,
    void *arg0, void *arg1, void *arg2, void *arg3)
{

	switch (action) {
	case KAUTH_NETWORK_FIREWALL:
		return deny_from(2);
	case KAUTH_NETWORK_FORWSRCRT:
		return deny_from(1);
	default:
		return KAUTH_RESULT_DEFER;
	}
}

static int
level_machdep(kauth_cred_t cred, kauth_action_t action, void *cookie,
    void *arg0, void *arg1, void *arg2, void *arg3)
{

	switch (action) {
	case KAUTH_MACHDEP_IOPERM_SET:
	case KAUTH_MACHDEP_IOPL:
	case KAUTH_MACHDEP_UNMANAGEDMEM:
	case KAUTH_MACHDEP_CPU_UCODE_APPLY:
		return deny_from(1);
	default:
		return KAUTH_RESULT_DEFER;
	}
}

/*
 * Opening a device for raw access: memory, mounted disks, any disk.  Which
 * device a vnode is only the vfs faction knows.
 */
static int
raw_device(enum kauth_device_req req, struct vnode *vp)
{
	struct file_device device;

	if (req == KAUTH_REQ_DEVICE_RAWIO_SPEC_READ || file_vnode_ops == NULL)
		return KAUTH_RESULT_DEFER;
	file_vnode_ops->fv_device(vp, &device);
	if (!device.fd_block && iskmemdev(device.fd_dev))
		return deny_from(1);
	if ((device.fd_block ? bdev_type(device.fd_dev) :
	    cdev_type(device.fd_dev)) != D_DISK)
		return KAUTH_RESULT_DEFER;
	return deny_from(device.fd_mounted ? 1 : 2);
}

static int
level_device(kauth_cred_t cred, kauth_action_t action, void *cookie,
    void *arg0, void *arg1, void *arg2, void *arg3)
{

	switch (action) {
	case KAUTH_DEVICE_RAWIO_SPEC:
		return raw_device((enum kauth_device_req)(uintptr_t)arg0, arg1);
	case KAUTH_DEVICE_RAWIO_PASSTHRU:
		return ((uintptr_t)arg0 &
		    (KAUTH_REQ_DEVICE_RAWIO_PASSTHRU_WRITE |
		    KAUTH_REQ_DEVICE_RAWIO_PASSTHRU_WRITECONF)) != 0 ?
		    deny_from(1) : KAUTH_RESULT_DEFER;
	case KAUTH_DEVICE_GPIO_PINSET:
		return deny_from(1);
	case KAUTH_DEVICE_RND_ADDDATA_ESTIMATE:
		return deny_from(1);
	default:
		return KAUTH_RESULT_DEFER;
	}
}

static int
level_vnode(kauth_cred_t cred, kauth_action_t action, void *cookie,
    void *arg0, void *arg1, void *arg2, void *arg3)
{

	if ((action & KAUTH_VNODE_WRITE_SYSFLAGS) != 0 &&
	    (action & KAUTH_VNODE_HAS_SYSFLAGS) != 0)
		return deny_from(1);
	return KAUTH_RESULT_DEFER;
}

/* Questions of other models: is-securelevel-above, of a level. */
static int
securelevel_eval(const char *what, void *arg, void *ret)
{

	if (strcmp(what, "is-securelevel-above") != 0)
		return ENOENT;
	*(bool *)ret = securelevel > (int)(intptr_t)arg;
	return 0;
}

void
secmodel_securelevel_start(void)
{
	static const struct {
		const char *scope;
		kauth_scope_callback_t callback;
	} listeners[] = {
		{ KAUTH_SCOPE_SYSTEM, level_system },
		{ KAUTH_SCOPE_PROCESS, level_process },
		{ KAUTH_SCOPE_NETWORK, level_network },
		{ KAUTH_SCOPE_MACHDEP, level_machdep },
		{ KAUTH_SCOPE_DEVICE, level_device },
		{ KAUTH_SCOPE_VNODE, level_vnode },
	};
	size_t i;
	int error;

	error = secmodel_register(&model, SECMODEL_SECURELEVEL_ID,
	    SECMODEL_SECURELEVEL_NAME, NULL, securelevel_eval, NULL);
	if (error != 0)
		panic("securelevel: cannot register: %d", error);
	for (i = 0; i < __arraycount(listeners); i++)
		(void)kauth_listen_scope(listeners[i].scope,
		    listeners[i].callback, NULL);
}
