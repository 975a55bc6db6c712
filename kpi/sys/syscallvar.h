/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Registering system calls, and calling them.
 *
 * A handler gets its arguments as the structure of <sys/syscallargs.h> and
 * returns an errno; its result goes to retval.  Numbers nobody registered for
 * answer ENOSYS.
 */
#ifndef _SYS_SYSCALLVAR_H_
#define _SYS_SYSCALLVAR_H_

#ifndef _KERNEL
#error nothing in this header is of use to programs
#endif

#include <sys/systm.h>
#include <sys/proc.h>

struct emul;
struct lwp;

extern struct emul emul_netbsd;

struct syscall_package {
	u_short		sp_code;
	u_short		sp_flags;
	sy_call_t	*sp_call;
};

/* Packages end with sp_call NULL; all of one or none is registered. */
void	syscall_init(void);
int	syscall_establish(const struct emul *, const struct syscall_package *);
int	syscall_disestablish(const struct emul *,
	    const struct syscall_package *);

#endif /* _SYS_SYSCALLVAR_H_ */
