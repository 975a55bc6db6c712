/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The file layer at boot, and its part of processes and lwps.
 *
 * The contract of all this is in rump-private/files.h.
 */
#include <sys/param.h>
#include <sys/conf.h>
#include <sys/file.h>
#include <sys/filedesc.h>
#include <sys/kauth.h>
#include <sys/lwp.h>
#include <sys/module.h>
#include <sys/module_hook.h>
#include <sys/proc.h>
#include <sys/resourcevar.h>
#include <sys/sysctl.h>
#include <sys/systm.h>
#include <sys/uidinfo.h>

#include <rump/rump.h>
#include <rump-private/files.h>

#include "files/fd.h"
#include "files/fd_calls.h"
#include "files/kauth.h"
#include "files/kqueue.h"
#include "files/timers.h"

void
files_init_cred(void)
{

	kauth_init();
	secmodel_init();
	secmodel_suser_start();
	secmodel_securelevel_start();
	secmodel_extensions_start();
	kauth_defaults_start();
	uid_init();
	resource_init();
	fd_table_init();
	file_init();
}

void
files_init_sysctl(void)
{

	sysctl_init();
}

void
files_init(void)
{

	devsw_init();
	select_init();
	kqueue_init();
	module_hook_init();
	module_init();
	rw_register();
	fd_calls_register();
	ids_register();
	resource_register();
	pipe_register();
	select_register();
	kqueue_register_calls();
	sysctl_register();
	time_register();
	timers_register();
	module_register_calls();
	misc_register();
}

/* Security models first: they say what the others may do. */
void
files_init_modules(void)
{

	module_init_class(MODULE_CLASS_SECMODEL);
	module_init_class(MODULE_CLASS_MISC);
	module_init_class(MODULE_CLASS_DRIVER);
	module_init_class(MODULE_CLASS_VFS);
	module_init_class(MODULE_CLASS_BUFQ);
	module_init_class(MODULE_CLASS_EXEC);
}

void
proc_files_init(struct proc *p)
{

	p->p_cred = kauth_cred_alloc();
	p->p_fd = fd_init(NULL);
	p->p_limit = limit0;
	lim_addref(limit0);
	p->p_stats = pstatscopy(NULL);
	(void)chgproccnt(kauth_cred_getuid(p->p_cred), 1);
}

void
proc_files_fork(struct proc *p, struct proc *parent, int flags)
{
	filedesc_t *fdp = parent->p_fd;

	kauth_proc_fork(parent, p);
	if (flags & RUMP_RFFDG) {
		p->p_fd = fd_table_copy(fdp);
	} else if (flags & RUMP_RFCFDG) {
		p->p_fd = fd_init(NULL);
	} else {
		fd_table_hold(fdp);
		p->p_fd = fdp;
	}
	mutex_enter(parent->p_lock);
	p->p_limit = parent->p_limit;
	lim_addref(p->p_limit);
	mutex_exit(parent->p_lock);
	if (p->p_limit->pl_writeable) {		/* the parent's own: copy it */
		struct plimit *lim = p->p_limit;

		p->p_limit = lim_copy(lim);
		lim_free(lim);
	}
	p->p_stats = pstatscopy(parent->p_stats);
	(void)chgproccnt(kauth_cred_getuid(p->p_cred), 1);
}

void
proc_files_exit(struct proc *p)
{

	timers_exit(p);
	proc_event_exit(p);
	fd_table_rele(p->p_fd, p);
	p->p_fd = NULL;
	lim_free(p->p_limit);
	p->p_limit = NULL;
	pstatsfree(p->p_stats);
	p->p_stats = NULL;
	(void)chgproccnt(kauth_cred_getuid(p->p_cred), -1);
	kauth_cred_free(p->p_cred);
	p->p_cred = NULL;
}

void
lwp_files_hold(struct lwp *l, struct proc *p)
{

	l->l_fd = p->p_fd;
	fd_hold(l);
	lwp_update_creds(l);
}

void
lwp_files_rele(struct lwp *l)
{
	filedesc_t *fdp = l->l_fd;

	l->l_fd = NULL;
	fd_table_rele(fdp, NULL);
	kauth_cred_free(l->l_cred);
	l->l_cred = NULL;
}
