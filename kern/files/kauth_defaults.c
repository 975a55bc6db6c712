/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What any user may do: the subsystems' own listeners.
 *
 * Processes: see all others, but not their environment or kernel addresses;
 * trace, signal, limit and renice those of the same user; make new ones up to
 * the limit; lower their own limits.  System: list mounts, read sysctl's
 * private nodes never.  Devices: use those whose nodes let them.
 *
 * Everything here allows or defers; what stays deferred is root's alone
 * (secmodel_suser.c).
 */
#include <sys/param.h>
#include <sys/kauth.h>
#include <sys/lwp.h>
#include <sys/proc.h>
#include <sys/resource.h>
#include <sys/resourcevar.h>
#include <sys/systm.h>

#include "files/kauth.h"

/* Numbers that only root's processes get. */
#define PROCESSES_RESERVED	5

static int
allow_if(bool yes)
{

	return yes ? KAUTH_RESULT_ALLOW : KAUTH_RESULT_DEFER;
}

static bool
same_user(kauth_cred_t cred, struct proc *p)
{

	return kauth_cred_uidmatch(cred, p->p_cred);
}

static int
see(kauth_cred_t cred, struct proc *p, enum kauth_process_req req)
{

	switch (req) {
	case KAUTH_REQ_PROCESS_CANSEE_ENTRY:
	case KAUTH_REQ_PROCESS_CANSEE_ARGS:
	case KAUTH_REQ_PROCESS_CANSEE_OPENFILES:
		return KAUTH_RESULT_ALLOW;
	case KAUTH_REQ_PROCESS_CANSEE_ENV:
	case KAUTH_REQ_PROCESS_CANSEE_EPROC:
		return allow_if(same_user(cred, p));
	default:
		return KAUTH_RESULT_DEFER;
	}
}

/* Limits: which one, and what it is to become. */
static int
limit(kauth_cred_t cred, struct proc *p, enum kauth_process_req req,
    const struct rlimit *new, int which)
{

	if (!same_user(cred, p))
		return KAUTH_RESULT_DEFER;
	switch (req) {
	case KAUTH_REQ_PROCESS_RLIMIT_GET:
		return KAUTH_RESULT_ALLOW;
	case KAUTH_REQ_PROCESS_RLIMIT_SET:
		return allow_if(new->rlim_max <= p->p_rlimit[which].rlim_max);
	default:
		return KAUTH_RESULT_DEFER;
	}
}

static int
default_process(kauth_cred_t cred, kauth_action_t action, void *cookie,
    void *arg0, void *arg1, void *arg2, void *arg3)
{
	struct proc *p = arg0;

	switch (action) {
	case KAUTH_PROCESS_CANSEE:
		return see(cred, p, (enum kauth_process_req)(uintptr_t)arg1);
	case KAUTH_PROCESS_FORK:
		return allow_if((int)(intptr_t)arg1 <
		    maxproc - PROCESSES_RESERVED);
	case KAUTH_PROCESS_RLIMIT:
		return limit(cred, p, (enum kauth_process_req)(uintptr_t)arg1,
		    arg2, (int)(intptr_t)arg3);
	case KAUTH_PROCESS_NICE:
		return allow_if(same_user(cred, p) &&
		    (int)(intptr_t)arg1 >= p->p_nice);
	case KAUTH_PROCESS_CORENAME:
	case KAUTH_PROCESS_KEVENT_FILTER:
	case KAUTH_PROCESS_KTRACE:
	case KAUTH_PROCESS_PROCFS:
	case KAUTH_PROCESS_PTRACE:
	case KAUTH_PROCESS_SCHEDULER_GETAFFINITY:
	case KAUTH_PROCESS_SCHEDULER_GETPARAM:
	case KAUTH_PROCESS_SIGNAL:
	case KAUTH_PROCESS_STOPFLAG:
		return allow_if(same_user(cred, p) &&
		    (p->p_flag & PK_SUGID) == 0);
	default:
		return KAUTH_RESULT_DEFER;
	}
}

static int
default_system(kauth_cred_t cred, kauth_action_t action, void *cookie,
    void *arg0, void *arg1, void *arg2, void *arg3)
{
	enum kauth_system_req req = (enum kauth_system_req)(uintptr_t)arg0;

	switch (action) {
	case KAUTH_SYSTEM_MOUNT:
		return allow_if(req == KAUTH_REQ_SYSTEM_MOUNT_GET);
	default:
		return KAUTH_RESULT_DEFER;
	}
}

/* A device's node has permissions, and whoever asks has got past them. */
static int
default_device(kauth_cred_t cred, kauth_action_t action, void *cookie,
    void *arg0, void *arg1, void *arg2, void *arg3)
{

	return allow_if(action == KAUTH_DEVICE_RAWIO_SPEC ||
	    action == KAUTH_DEVICE_RAWIO_PASSTHRU);
}

void
kauth_defaults_start(void)
{

	(void)kauth_listen_scope(KAUTH_SCOPE_PROCESS, default_process, NULL);
	(void)kauth_listen_scope(KAUTH_SCOPE_SYSTEM, default_system, NULL);
	(void)kauth_listen_scope(KAUTH_SCOPE_DEVICE, default_device, NULL);
}
