/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What fits nowhere else: reboot(2), getrandom(2), and the base's half of
 * host files (etfs).
 */
#include <sys/param.h>
#include <sys/cprng.h>
#include <sys/errno.h>
#include <sys/kauth.h>
#include <sys/lwp.h>
#include <sys/proc.h>
#include <sys/reboot.h>
#include <sys/systm.h>

#include <rump-private/etfs.h>
#include <rump-private/kern_if.h>
#include <rump-private/syscall.h>

#include "files/fd_calls.h"

/* Flags of getrandom(2): do not wait; the blocking source; any source. */
#define GETRANDOM_NONBLOCK	1
#define GETRANDOM_RANDOM	2
#define GETRANDOM_INSECURE	4

const struct rump_etfs_ops *rump_etfs_ops;

int
sys_reboot(struct lwp *l, const struct sys_reboot_args *uap,
    register_t *retval)
{
	char bootstr[128], *s = NULL;
	int error;

	error = kauth_authorize_system(l->l_cred, KAUTH_SYSTEM_REBOOT, 0, NULL,
	    NULL, NULL);
	if (error != 0)
		return error;
	if ((SCARG(uap, opt) & RB_STRING) != 0) {
		error = copyinstr(SCARG(uap, bootstr), bootstr,
		    sizeof(bootstr), NULL);
		if (error != 0)
			return error;
		s = bootstr;
	}
	kern_reboot(SCARG(uap, opt), s);
}

/* The host's randomness never blocks for long: all flags mean the same. */
int
sys_getrandom(struct lwp *l, const struct sys_getrandom_args *uap,
    register_t *retval)
{
	size_t left = SCARG(uap, buflen), done = 0, len;
	uint8_t bytes[256];
	int error = 0;

	if ((SCARG(uap, flags) & ~(GETRANDOM_NONBLOCK | GETRANDOM_RANDOM |
	    GETRANDOM_INSECURE)) != 0 || (SCARG(uap, flags) &
	    (GETRANDOM_RANDOM | GETRANDOM_INSECURE)) ==
	    (GETRANDOM_RANDOM | GETRANDOM_INSECURE) || left > SSIZE_MAX)
		return EINVAL;
	if (SCARG(uap, buf) == NULL && left != 0)
		return EFAULT;
	for (; left > 0 && error == 0; left -= len) {
		len = MIN(left, sizeof(bytes));
		cprng_strong(user_cprng, bytes, len, 0);
		error = copyout(bytes, (char *)SCARG(uap, buf) + done, len);
		if (error == 0)
			done += len;
	}
	explicit_memset(bytes, 0, sizeof(bytes));
	*retval = done;
	return done > 0 ? 0 : error;
}

int
rump_etfs_register(const char *key, const char *hostpath,
    enum rump_etfs_type type)
{

	return rump_etfs_register_withsize(key, hostpath, type, 0,
	    RUMP_ETFS_SIZE_ENDOFF);
}

int
rump_etfs_register_withsize(const char *key, const char *hostpath,
    enum rump_etfs_type type, uint64_t begin, uint64_t size)
{

	if (rump_etfs_ops == NULL)
		return ENODEV;
	return (*rump_etfs_ops->eo_register)(key, hostpath, type, begin, size);
}

int
rump_etfs_remove(const char *key)
{

	return rump_etfs_ops == NULL ? ENODEV :
	    (*rump_etfs_ops->eo_remove)(key);
}

SYSCALL_HANDLER(reboot)
SYSCALL_HANDLER(getrandom)

static const struct rump_onesyscall calls[] = {
	SYSCALL_ROW(reboot),
	SYSCALL_ROW(getrandom),
};

void
misc_register(void)
{

	rump_syscall_boot_establish(calls, __arraycount(calls));
}
