/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The superuser: effective user 0 may do whatever is asked about.
 *
 * The one exception is execution: a file that nobody may execute is not
 * executable for root either, so that the file system's verdict counts there.
 * Whether others may do something is not decided here (kauth_defaults.c).
 */
#include <sys/param.h>
#include <sys/errno.h>
#include <sys/kauth.h>
#include <sys/systm.h>

#include <secmodel/suser/suser.h>

#include "files/kauth.h"

static secmodel_t suser;

static bool
isroot(kauth_cred_t cred)
{

	return kauth_cred_geteuid(cred) == 0;
}

/* All scopes but the vnode's. */
static int
root_may(kauth_cred_t cred, kauth_action_t action, void *cookie, void *arg0,
    void *arg1, void *arg2, void *arg3)
{

	return isroot(cred) ? KAUTH_RESULT_ALLOW : KAUTH_RESULT_DEFER;
}

static int
root_may_vnode(kauth_cred_t cred, kauth_action_t action, void *cookie,
    void *arg0, void *arg1, void *arg2, void *arg3)
{

	if (!isroot(cred))
		return KAUTH_RESULT_DEFER;
	if ((action & KAUTH_VNODE_EXECUTE) != 0 &&
	    (action & KAUTH_VNODE_IS_EXEC) == 0)
		return KAUTH_RESULT_DEFER;
	return KAUTH_RESULT_ALLOW;
}

/* The question that other models ask: is-root, of a credential. */
static int
suser_eval(const char *what, void *arg, void *ret)
{

	if (strcmp(what, "is-root") != 0)
		return ENOENT;
	*(bool *)ret = isroot(arg);
	return 0;
}

void
secmodel_suser_start(void)
{
	static const char *const scopes[] = {
		KAUTH_SCOPE_GENERIC, KAUTH_SCOPE_SYSTEM, KAUTH_SCOPE_PROCESS,
		KAUTH_SCOPE_NETWORK, KAUTH_SCOPE_MACHDEP, KAUTH_SCOPE_DEVICE,
	};
	size_t i;
	int error;

	error = secmodel_register(&suser, SECMODEL_SUSER_ID,
	    SECMODEL_SUSER_NAME, NULL, suser_eval, NULL);
	if (error != 0)
		panic("suser: cannot register: %d", error);
	for (i = 0; i < __arraycount(scopes); i++)
		(void)kauth_listen_scope(scopes[i], root_may, NULL);
	(void)kauth_listen_scope(KAUTH_SCOPE_VNODE, root_may_vnode, NULL);
}
