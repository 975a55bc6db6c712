/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * System calls: the table, registration, and the two ways in.
 *
 *   syscall_word …             stubs of programs in this process
 *   rump_syscall               by number: remote clients, indirect callers
 *   rump_syscall_boot_establish, syscall_establish, syscall_disestablish
 *                              components bring and take away handlers
 *
 * The table (rump_sysent, made from kern/syscalls.tab) has a row for each
 * number below SYS_NSYSENT; a row nobody registered for holds syscall_nosys.
 * Rows are read without a lock: a handler is a single word, written once it is
 * ready to be called, and a module that takes its handlers away must know, as
 * any module does, that nobody is inside.
 *
 * The way of a local call is short on purpose: no copy of the arguments, and
 * two questions only: has another lwp changed the process's credential, and is
 * memory short?  Then calls that would need more of it are refused.
 */
#include <sys/param.h>
#include <sys/atomic.h>
#include <sys/errno.h>
#include <sys/lwp.h>
#include <sys/mutex.h>
#include <sys/proc.h>
#include <sys/syscall.h>
#include <sys/syscallargs.h>
#include <sys/syscallvar.h>
#include <sys/systm.h>

#include <rump/rumpuser.h>
#include <rump-private/memory.h>
#include <rump-private/syscall.h>
#include <rump-sys/kern.h>

#include "files/syscall_local.h"

int
syscall_nosys(struct lwp *l, const void *v, register_t *retval)
{

	return ENOSYS;
}

int
sys_nosys(struct lwp *l, const void *v, register_t *retval)
{

	return ENOSYS;
}

int
sys_nomodule(struct lwp *l, const void *v, register_t *retval)
{

	return ENOSYS;
}

/* What a program sees of the kernel's internal errors. */
static int
program_errno(int error)
{

	return error == ERESTART ? EINTR : error;
}

/* Memory is short: may the call begin all the same? */
static bool __noinline
let_in(const struct sysent *call)
{

	return (call->sy_flags & (SYSCALL_FRUGAL | SYCALL_NOSYS)) != 0 ||
	    reserve_ok();
}

static inline int
run(int number, const void *args, register_t *retval)
{
	const struct sysent *call = &rump_sysent[number];
	struct lwp *l = curlwp;

	if (__predict_false(l->l_cred != l->l_proc->p_cred))
		lwp_update_creds(l);
	if (__predict_false(mem_reserve_low) && !let_in(call))
		return ENOMEM;
	return (*call->sy_call)(l, args, retval);
}

static int __noinline
fail(int error)
{

	rumpuser_seterrno(program_errno(error));
	return -1;
}

register_t
syscall_word(int number, const void *args)
{
	register_t retval[2] = { 0, 0 };
	int error;

	rump_schedule();
	error = run(number, args, retval);
	rump_unschedule();
	if (__predict_false(error != 0) && error != EJUSTRETURN)
		return fail(error);
	return retval[0];
}

int64_t
syscall_wide(int number, const void *args)
{
	union {
		register_t	word[2];
		int64_t		wide;
	} retval = { .word = { 0, 0 } };
	int error;

	rump_schedule();
	error = run(number, args, retval.word);
	rump_unschedule();
	if (__predict_false(error != 0))
		return fail(error);
	return retval.wide;
}

register_t
syscall_value(int number, const void *args)
{
	register_t retval[2] = { 0, 0 };
	int error;

	rump_schedule();
	error = run(number, args, retval);
	rump_unschedule();
	return error == 0 ? retval[0] : program_errno(error);
}

/* pipe(2) returns two descriptors where others return one word. */
int	rump_sys_pipe(int *);
int
rump_sys_pipe(int *fds)
{
	register_t retval[2] = { 0, 0 };
	int error;

	rump_schedule();
	error = run(SYS_pipe, NULL, retval);
	rump_unschedule();
	if (error != 0)
		return fail(error);
	fds[0] = retval[0];
	fds[1] = retval[1];
	return 0;
}

/*
 * Run a system call by its number, inside the kernel.
 *
 * args, argslen   the arguments; shorter ones than the call's are EINVAL.
 * retval          two words.
 *
 * Returns what the handler returns; ENOSYS for a number out of range.
 */
int
rump_syscall(int number, void *args, size_t argslen, register_t *retval)
{

	if (number < 0 || number >= SYS_NSYSENT)
		return ENOSYS;
	if (argslen < rump_sysent[number].sy_argsize)
		return EINVAL;
	retval[0] = retval[1] = 0;
	return program_errno(run(number, args, retval));
}

static void
row_set(int number, sy_call_t *handler)
{

	KASSERTMSG(number >= 0 && number < SYS_NSYSENT, "system call %d",
	    number);
	membar_producer();
	rump_sysent[number].sy_call = handler;
}

void
rump_syscall_boot_establish(const struct rump_onesyscall *calls, size_t n)
{
	size_t i;

	for (i = 0; i < n; i++)
		row_set(calls[i].ros_num, calls[i].ros_handler);
}

int
syscall_establish(const struct emul *emul, const struct syscall_package *sp)
{
	int i;

	KASSERT(kernconfig_is_held());
	for (i = 0; sp[i].sp_call != NULL; i++) {
		if (sp[i].sp_code >= SYS_NSYSENT)
			return EINVAL;
		if (rump_sysent[sp[i].sp_code].sy_call != syscall_nosys)
			return EBUSY;
	}
	for (i = 0; sp[i].sp_call != NULL; i++)
		row_set(sp[i].sp_code, sp[i].sp_call);
	return 0;
}

int
syscall_disestablish(const struct emul *emul, const struct syscall_package *sp)
{
	int i;

	KASSERT(kernconfig_is_held());
	for (i = 0; sp[i].sp_call != NULL; i++) {
		KASSERT(rump_sysent[sp[i].sp_code].sy_call == sp[i].sp_call);
		row_set(sp[i].sp_code, syscall_nosys);
	}
	return 0;
}
