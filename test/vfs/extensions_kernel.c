/* SPDX-License-Identifier: BSD-2-Clause */
/* What the kernel answers its drivers, see extensions.c. */
#include <sys/param.h>
#include <sys/kauth.h>
#include <sys/lwp.h>
#include <sys/proc.h>
#include <sys/systm.h>

int	rump_extensions_under(int);
int	rump_extensions_may_bind(int);

/* Is process pid's root that of the caller, or below it? */
int
rump_extensions_under(int pid)
{
	struct proc *p;

	mutex_enter(&proc_lock);
	p = proc_find(pid);
	mutex_exit(&proc_lock);
	/* the program keeps it */
	return p == NULL ? -1 : proc_isunder(p, curlwp);
}

/* May the caller bind threads of process pid to CPUs?  0 or an errno. */
int
rump_extensions_may_bind(int pid)
{
	struct proc *p;

	mutex_enter(&proc_lock);
	p = proc_find(pid);
	mutex_exit(&proc_lock);
	return p == NULL ? -1 : kauth_authorize_process(curlwp->l_cred,
	    KAUTH_PROCESS_SCHEDULER_SETAFFINITY, p, NULL, NULL, NULL);
}
