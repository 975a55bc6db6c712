/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Registering handlers of system calls, as the base and the factions do.
 *
 * A handler takes its own argument structure, the table's functions take void,
 * and WebAssembly traps on a call through another type.  So each handler is
 * wrapped once: SYSCALL_HANDLER(name) in the file that has sys_name makes
 * handle_name, and SYSCALL_ROW(name) is its row:
 *
 *	SYSCALL_HANDLER(dup)
 *	static const struct rump_onesyscall calls[] = { SYSCALL_ROW(dup) };
 *	rump_syscall_boot_establish(calls, __arraycount(calls));
 */
#ifndef _RUMP_PRIVATE_SYSCALL_H_
#define _RUMP_PRIVATE_SYSCALL_H_

#include <sys/types.h>
#include <sys/syscall.h>
#include <sys/syscallargs.h>

#include <rump-sys/kern.h>

struct lwp;

/* sy_flags: let in when memory is short (kern/syscalls.tab). */
#define SYSCALL_FRUGAL	0x10000000

/* The handler of numbers that nobody registered for: ENOSYS. */
int	syscall_nosys(struct lwp *, const void *, register_t *);

#define SYSCALL_HANDLER(name) \
static int \
handle_##name(struct lwp *l, const void *v, register_t *retval) \
{ \
\
	return sys_##name(l, v, retval); \
}
#define SYSCALL_ROW(name)	{ SYS_##name, handle_##name }

#endif
