/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Departures from the traditional model, secmodel_extensions(9), each off until
 * somebody sets it:
 *
 *   security.models.extensions.curtain                who is not root sees only
 *       his own processes; also security.models.bsd44.curtain
 *   security.models.extensions.user_set_cpu_affinity  threads may be bound to
 *       CPUs by their owner
 *
 * usermount, which is about vnodes, is the vfs faction's (vfs/usermount.c).
 *
 * Above securelevel 0 they change only to what permits less.
 */
#include <sys/param.h>
#include <sys/errno.h>
#include <sys/kauth.h>
#include <sys/proc.h>
#include <sys/sysctl.h>
#include <sys/systm.h>

#include <rump-private/secmodel.h>
#include <secmodel/extensions/extensions.h>
#include <secmodel/securelevel/securelevel.h>
#include <secmodel/suser/suser.h>

#include "files/kauth.h"

static int curtain;
static int user_set_cpu_affinity;
static secmodel_t model;

static bool
level_forbids(void)
{
	bool above;

	return secmodel_eval(SECMODEL_SECURELEVEL_ID, "is-securelevel-above",
	    (void *)0, &above) == 0 && above;
}

/* Look a switch up or set it; loose: the value that permits more. */
static int
set_switch(SYSCTLFN_ARGS, bool loose)
{
	struct sysctlnode node = *rnode;
	int *where = rnode->sysctl_data, new = *where, error;

	node.sysctl_data = &new;
	error = sysctl_lookup(SYSCTLFN_CALL(&node));
	if (error != 0 || newp == NULL)
		return error;
	if (new != 0 && new != 1)
		return EINVAL;
	if (new != *where && (new != 0) == loose && level_forbids())
		return EPERM;
	*where = new;
	return 0;
}

int
sysctl_secmodel_permission(SYSCTLFN_ARGS)
{

	return set_switch(SYSCTLFN_CALL(rnode), true);
}

static int
sysctl_restriction(SYSCTLFN_ARGS)
{

	return set_switch(SYSCTLFN_CALL(rnode), false);
}

/* security.models.NAME; NULL if that cannot be made. */
static const struct sysctlnode *
model_node(struct sysctllog **clog, const char *name)
{
	const struct sysctlnode *node = NULL;

	sysctl_createv(clog, 0, NULL, &node, CTLFLAG_PERMANENT, CTLTYPE_NODE,
	    "models", NULL, NULL, 0, NULL, 0, CTL_SECURITY, CTL_CREATE,
	    CTL_EOL);
	sysctl_createv(clog, 0, &node, &node, CTLFLAG_PERMANENT, CTLTYPE_NODE,
	    name, NULL, NULL, 0, NULL, 0, CTL_CREATE, CTL_EOL);
	return node;
}

void
sysctl_secmodel_switch(struct sysctllog **clog, const char *of,
    const char *name, const char *what, sysctlfn handler, int *where)
{
	const struct sysctlnode *node = model_node(clog, of);

	sysctl_createv(clog, 0, &node, NULL,
	    CTLFLAG_PERMANENT | CTLFLAG_READWRITE, CTLTYPE_INT, name, what,
	    handler, 0, where, 0, CTL_CREATE, CTL_EOL);
}

SYSCTL_SETUP(sysctl_extensions_setup, "security model extensions")
{
	static const char text[] = "Show users only what is theirs";

	sysctl_secmodel_switch(clog, "extensions", "curtain", text,
	    sysctl_restriction, &curtain);
	sysctl_secmodel_switch(clog, "bsd44", "curtain", text,
	    sysctl_restriction, &curtain);
	sysctl_secmodel_switch(clog, "extensions", "user_set_cpu_affinity",
	    "Users may bind their threads to CPUs", sysctl_secmodel_permission,
	    &user_set_cpu_affinity);
}

/* Who is not root sees others' processes only without the curtain. */
static int
see(kauth_cred_t cred, struct proc *p)
{
	bool isroot;

	if (curtain == 0 || kauth_cred_uidmatch(cred, p->p_cred))
		return KAUTH_RESULT_DEFER;
	if (secmodel_eval(SECMODEL_SUSER_ID, "is-root", cred, &isroot) == 0 &&
	    isroot)
		return KAUTH_RESULT_DEFER;
	return KAUTH_RESULT_DENY;
}

static int
extensions_process(kauth_cred_t cred, kauth_action_t action, void *cookie,
    void *arg0, void *arg1, void *arg2, void *arg3)
{
	struct proc *p = arg0;

	switch (action) {
	case KAUTH_PROCESS_CANSEE:
		return see(cred, p);
	case KAUTH_PROCESS_SCHEDULER_SETAFFINITY:
		return user_set_cpu_affinity != 0 &&
		    kauth_cred_uidmatch(cred, p->p_cred) ?
		    KAUTH_RESULT_ALLOW : KAUTH_RESULT_DEFER;
	default:
		return KAUTH_RESULT_DEFER;
	}
}

void
secmodel_extensions_start(void)
{
	int error;

	error = secmodel_register(&model, SECMODEL_EXTENSIONS_ID,
	    SECMODEL_EXTENSIONS_NAME, NULL, NULL, NULL);
	if (error != 0)
		panic("extensions: cannot register: %d", error);
	(void)kauth_listen_scope(KAUTH_SCOPE_PROCESS, extensions_process, NULL);
}
