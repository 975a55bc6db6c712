/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * System calls on who a process is: pids, groups, sessions, users, login name.
 *
 * Users and groups change as POSIX says for systems with saved ids: anyone may
 * swap among real, effective and saved; other values need the right
 * KAUTH_PROCESS_SETID, which root has.
 */
#include <sys/param.h>
#include <sys/errno.h>
#include <sys/kauth.h>
#include <sys/lwp.h>
#include <sys/proc.h>
#include <sys/prot.h>
#include <sys/systm.h>
#include <sys/uidinfo.h>

#include <rump-private/syscall.h>

#include "files/fd_calls.h"

/* Which of the old ids setreuid and setregid take for each new one. */
#define ANY_R	(ID_R_EQ_R | ID_R_EQ_E)
#define ANY_E	(ID_E_EQ_R | ID_E_EQ_E | ID_E_EQ_S)
#define ANY_S	(ID_S_EQ_R | ID_S_EQ_E | ID_S_EQ_S)

int
sys_getpid(struct lwp *l, const void *v, register_t *retval)
{
	struct proc *p = l->l_proc;

	retval[0] = p->p_pid;
	retval[1] = p->p_ppid;
	return 0;
}

int
sys_getppid(struct lwp *l, const void *v, register_t *retval)
{

	*retval = l->l_proc->p_ppid;
	return 0;
}

/* The real id, and behind it the effective one, which programs may ask for. */
static int
pair(register_t *retval, id_t first, id_t second)
{

	retval[0] = first;
	retval[1] = second;
	return 0;
}

int
sys_getuid(struct lwp *l, const void *v, register_t *retval)
{
	kauth_cred_t cred = l->l_cred;

	return pair(retval, kauth_cred_getuid(cred), kauth_cred_geteuid(cred));
}

int
sys_getgid(struct lwp *l, const void *v, register_t *retval)
{
	kauth_cred_t cred = l->l_cred;

	return pair(retval, kauth_cred_getgid(cred), kauth_cred_getegid(cred));
}

int
sys_geteuid(struct lwp *l, const void *v, register_t *retval)
{

	*retval = kauth_cred_geteuid(l->l_cred);
	return 0;
}

int
sys_getegid(struct lwp *l, const void *v, register_t *retval)
{

	*retval = kauth_cred_getegid(l->l_cred);
	return 0;
}

int
sys_issetugid(struct lwp *l, const void *v, register_t *retval)
{

	*retval = (l->l_proc->p_flag & PK_SUGID) != 0;
	return 0;
}

int
sys_getpgrp(struct lwp *l, const void *v, register_t *retval)
{

	mutex_enter(&proc_lock);
	*retval = l->l_proc->p_pgid;
	mutex_exit(&proc_lock);
	return 0;
}

/* The process, the caller's for 0; proc_lock held. */
static struct proc *
by_pid(struct lwp *l, pid_t pid)
{

	return pid == 0 ? l->l_proc : proc_find(pid);
}

int
sys_getpgid(struct lwp *l, const struct sys_getpgid_args *uap,
    register_t *retval)
{
	struct proc *p;
	int error = ESRCH;

	mutex_enter(&proc_lock);
	p = by_pid(l, SCARG(uap, pid));
	if (p != NULL) {
		*retval = p->p_pgid;
		error = 0;
	}
	mutex_exit(&proc_lock);
	return error;
}

int
sys_getsid(struct lwp *l, const struct sys_getsid_args *uap,
    register_t *retval)
{
	struct proc *p;
	int error = ESRCH;

	mutex_enter(&proc_lock);
	p = by_pid(l, SCARG(uap, pid));
	if (p != NULL) {
		*retval = p->p_session->s_sid;
		error = 0;
	}
	mutex_exit(&proc_lock);
	return error;
}

int
sys_setsid(struct lwp *l, const void *v, register_t *retval)
{
	struct proc *p = l->l_proc;
	int error;

	error = proc_enterpgrp(p, p->p_pid, p->p_pid, true);
	*retval = p->p_pid;
	return error;
}

int
sys_setpgid(struct lwp *l, const struct sys_setpgid_args *uap,
    register_t *retval)
{
	struct proc *p = l->l_proc;
	pid_t pid = SCARG(uap, pid), pgid = SCARG(uap, pgid);

	if (pgid < 0)
		return EINVAL;
	if (pid == 0)
		pid = p->p_pid;
	if (pgid == 0)
		pgid = pid;
	return proc_enterpgrp(p, pid, pgid, false);
}

/* May an id become new, given the current three and which of them count? */
static bool
may_become(u_int flags, u_int eq_r, u_int eq_e, u_int eq_s, id_t new, id_t r,
    id_t e, id_t s)
{

	return new == (id_t)-1 ||
	    ((flags & eq_r) != 0 && new == r) ||
	    ((flags & eq_e) != 0 && new == e) ||
	    ((flags & eq_s) != 0 && new == s);
}

/*
 * Set real, effective and saved user; -1 leaves one as it is.
 *
 * flags    ID_*: values that need no right.
 *
 * Returns 0 or EPERM.
 */
int
do_setresuid(struct lwp *l, uid_t r, uid_t e, uid_t sv, u_int flags)
{
	struct proc *p = l->l_proc;
	kauth_cred_t old, new = kauth_cred_alloc();
	uid_t cr, ce, cs;
	int error = 0;

	proc_crmod_enter();
	old = p->p_cred;
	cr = kauth_cred_getuid(old);
	ce = kauth_cred_geteuid(old);
	cs = kauth_cred_getsvuid(old);
	if (!may_become(flags, ID_R_EQ_R, ID_R_EQ_E, ID_R_EQ_S, r, cr, ce, cs) ||
	    !may_become(flags, ID_E_EQ_R, ID_E_EQ_E, ID_E_EQ_S, e, cr, ce, cs) ||
	    !may_become(flags, ID_S_EQ_R, ID_S_EQ_E, ID_S_EQ_S, sv, cr, ce, cs))
		error = kauth_authorize_process(old, KAUTH_PROCESS_SETID, p,
		    NULL, NULL, NULL);
	if (error != 0 || ((r == (uid_t)-1 || r == cr) &&
	    (e == (uid_t)-1 || e == ce) && (sv == (uid_t)-1 || sv == cs))) {
		proc_crmod_leave(NULL, NULL, false);
		kauth_cred_free(new);
		return error;
	}
	kauth_cred_clone(old, new);
	if (r != (uid_t)-1) {
		(void)chgproccnt(cr, -1);
		(void)chgproccnt(r, 1);
		kauth_cred_setuid(new, r);
	}
	if (sv != (uid_t)-1)
		kauth_cred_setsvuid(new, sv);
	if (e != (uid_t)-1)
		kauth_cred_seteuid(new, e);
	proc_crmod_leave(new, old, true);
	return 0;
}

int
do_setresgid(struct lwp *l, gid_t r, gid_t e, gid_t sv, u_int flags)
{
	struct proc *p = l->l_proc;
	kauth_cred_t old, new = kauth_cred_alloc();
	gid_t cr, ce, cs;
	int error = 0;

	proc_crmod_enter();
	old = p->p_cred;
	cr = kauth_cred_getgid(old);
	ce = kauth_cred_getegid(old);
	cs = kauth_cred_getsvgid(old);
	if (!may_become(flags, ID_R_EQ_R, ID_R_EQ_E, ID_R_EQ_S, r, cr, ce, cs) ||
	    !may_become(flags, ID_E_EQ_R, ID_E_EQ_E, ID_E_EQ_S, e, cr, ce, cs) ||
	    !may_become(flags, ID_S_EQ_R, ID_S_EQ_E, ID_S_EQ_S, sv, cr, ce, cs))
		error = kauth_authorize_process(old, KAUTH_PROCESS_SETID, p,
		    NULL, NULL, NULL);
	if (error != 0 || ((r == (gid_t)-1 || r == cr) &&
	    (e == (gid_t)-1 || e == ce) && (sv == (gid_t)-1 || sv == cs))) {
		proc_crmod_leave(NULL, NULL, false);
		kauth_cred_free(new);
		return error;
	}
	kauth_cred_clone(old, new);
	if (r != (gid_t)-1)
		kauth_cred_setgid(new, r);
	if (sv != (gid_t)-1)
		kauth_cred_setsvgid(new, sv);
	if (e != (gid_t)-1)
		kauth_cred_setegid(new, e);
	proc_crmod_leave(new, old, true);
	return 0;
}

/* setuid, setgid: all three become id, if the real one is it or by right. */
#define SET_ALL		(ID_R_EQ_R | ID_E_EQ_R | ID_S_EQ_R)
/* seteuid, setegid: the effective one becomes the real or the saved one. */
#define SET_E		(ID_E_EQ_R | ID_E_EQ_S)
/* setreuid, setregid. */
#define SET_RE		(ANY_R | ANY_E | ANY_S)

/*
 * What the saved id becomes in setreuid and setregid: the new effective one,
 * when the real one changes or the effective one leaves it; else -1, as it is.
 */
static id_t
saved(id_t real, id_t effective, id_t oldreal, id_t oldeffective)
{

	if (real == (id_t)-1 &&
	    (effective == (id_t)-1 || effective == oldreal))
		return -1;
	return effective == (id_t)-1 ? oldeffective : effective;
}

int
sys_setuid(struct lwp *l, const struct sys_setuid_args *uap,
    register_t *retval)
{
	uid_t id = SCARG(uap, uid);

	return do_setresuid(l, id, id, id, SET_ALL);
}

int
sys_setegid(struct lwp *l, const struct sys_setegid_args *uap,
    register_t *retval)
{

	return do_setresgid(l, -1, SCARG(uap, egid), -1, SET_E);
}

int
sys_setreuid(struct lwp *l, const struct sys_setreuid_args *uap,
    register_t *retval)
{
	uid_t real = SCARG(uap, ruid), effective = SCARG(uap, euid);

	return do_setresuid(l, real, effective, saved(real, effective,
	    kauth_cred_getuid(l->l_cred), kauth_cred_geteuid(l->l_cred)),
	    SET_RE);
}

int
sys_setgid(struct lwp *l, const struct sys_setgid_args *uap,
    register_t *retval)
{
	gid_t id = SCARG(uap, gid);

	return do_setresgid(l, id, id, id, SET_ALL);
}

int
sys_seteuid(struct lwp *l, const struct sys_seteuid_args *uap,
    register_t *retval)
{

	return do_setresuid(l, -1, SCARG(uap, euid), -1, SET_E);
}

int
sys_setregid(struct lwp *l, const struct sys_setregid_args *uap,
    register_t *retval)
{
	gid_t real = SCARG(uap, rgid), effective = SCARG(uap, egid);

	return do_setresgid(l, real, effective, saved(real, effective,
	    kauth_cred_getgid(l->l_cred), kauth_cred_getegid(l->l_cred)),
	    SET_RE);
}

int
sys_getgroups(struct lwp *l, const struct sys_getgroups_args *uap,
    register_t *retval)
{
	int n = kauth_cred_ngroups(l->l_cred), room = SCARG(uap, gidsetsize);

	*retval = n;
	if (room == 0)
		return 0;
	if (room < n)
		return EINVAL;
	return kauth_cred_getgroups(l->l_cred, SCARG(uap, gidset), n,
	    UIO_USERSPACE);
}

int
sys_setgroups(struct lwp *l, const struct sys_setgroups_args *uap,
    register_t *retval)
{
	struct proc *p = l->l_proc;
	int n = SCARG(uap, gidsetsize), error;
	kauth_cred_t new, old;

	error = kauth_authorize_process(l->l_cred, KAUTH_PROCESS_SETID, p,
	    NULL, NULL, NULL);
	if (error != 0)
		return error;
	if (n < 0 || n > NGROUPS)
		return EINVAL;
	new = kauth_cred_dup(l->l_cred);
	error = kauth_cred_setgroups(new, SCARG(uap, gidset), n, -1,
	    UIO_USERSPACE);
	if (error != 0) {
		kauth_cred_free(new);
		return error;
	}
	proc_crmod_enter();
	old = p->p_cred;
	proc_crmod_leave(new, old, true);
	return 0;
}

int
sys___getlogin(struct lwp *l, const struct sys___getlogin_args *uap,
    register_t *retval)
{
	char login[MAXLOGNAME];
	size_t len = MIN(SCARG(uap, namelen), sizeof(login));

	mutex_enter(&proc_lock);
	memcpy(login, l->l_proc->p_session->s_login, sizeof(login));
	mutex_exit(&proc_lock);
	return copyout(login, SCARG(uap, namebuf), len);
}

int
sys___setlogin(struct lwp *l, const struct sys___setlogin_args *uap,
    register_t *retval)
{
	struct session *sess = l->l_proc->p_session;
	char login[MAXLOGNAME];
	int error;

	error = kauth_authorize_generic(l->l_cred, KAUTH_GENERIC_ISSUSER,
	    NULL);
	if (error != 0)
		return error;
	memset(login, 0, sizeof(login));
	error = copyinstr(SCARG(uap, namebuf), login, sizeof(login), NULL);
	if (error != 0)
		return error == ENAMETOOLONG ? EINVAL : error;
	mutex_enter(&proc_lock);
	memcpy(sess->s_login, login, sizeof(login));
	sess->s_flags |= S_LOGIN_SET;
	mutex_exit(&proc_lock);
	return 0;
}

SYSCALL_HANDLER(getpgid)
SYSCALL_HANDLER(getsid)
SYSCALL_HANDLER(setpgid)
SYSCALL_HANDLER(setuid)
SYSCALL_HANDLER(seteuid)
SYSCALL_HANDLER(setreuid)
SYSCALL_HANDLER(setgid)
SYSCALL_HANDLER(setegid)
SYSCALL_HANDLER(setregid)
SYSCALL_HANDLER(getgroups)
SYSCALL_HANDLER(setgroups)
SYSCALL_HANDLER(__getlogin)
SYSCALL_HANDLER(__setlogin)

static const struct rump_onesyscall calls[] = {
	{ SYS_getpid, sys_getpid },
	{ SYS_getppid, sys_getppid },
	{ SYS_getuid, sys_getuid },
	{ SYS_geteuid, sys_geteuid },
	{ SYS_getgid, sys_getgid },
	{ SYS_getegid, sys_getegid },
	{ SYS_issetugid, sys_issetugid },
	{ SYS_getpgrp, sys_getpgrp },
	{ SYS_setsid, sys_setsid },
	SYSCALL_ROW(getpgid),
	SYSCALL_ROW(getsid),
	SYSCALL_ROW(setpgid),
	SYSCALL_ROW(setuid),
	SYSCALL_ROW(seteuid),
	SYSCALL_ROW(setreuid),
	SYSCALL_ROW(setgid),
	SYSCALL_ROW(setegid),
	SYSCALL_ROW(setregid),
	SYSCALL_ROW(getgroups),
	SYSCALL_ROW(setgroups),
	SYSCALL_ROW(__getlogin),
	SYSCALL_ROW(__setlogin),
};

void
ids_register(void)
{

	rump_syscall_boot_establish(calls, __arraycount(calls));
}
