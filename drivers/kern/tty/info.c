/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Terminals: what VSTATUS shows, a line about the machine and the foreground.
 */
#include <sys/param.h>
#include <sys/proc.h>
#include <sys/resource.h>
#include <sys/systm.h>

#include "tty_var.h"

/* The load in hundredths. */
static unsigned
load(void)
{

	return (unsigned)((averunnable.ldavg[0] * 100 + averunnable.fscale / 2) /
	    averunnable.fscale);
}

/*
 * Put the line into buf, without a NL, with a NUL.
 *
 * Locks:  tty_lock.
 */
void
ttgetinfo(struct tty *tp, char *buf, size_t size)
{
	const unsigned now = load();
	struct proc *p = NULL;
	int n;

	n = snprintf(buf, size, "load: %u.%02u ", now / 100, now % 100);
	if (n < 0 || (size_t)n >= size)
		return;
	mutex_enter(&proc_lock);
	if (tp->t_session == NULL)
		snprintf(buf + n, size - n, "not a controlling terminal");
	else if (tp->t_pgrp == NULL ||
	    (p = LIST_FIRST(&tp->t_pgrp->pg_members)) == NULL)
		snprintf(buf + n, size - n, "no foreground process group");
	else
		snprintf(buf + n, size - n, "cmd: %s %d", p->p_comm, p->p_pid);
	mutex_exit(&proc_lock);
}

/*
 * Show it, and then the line that is being typed again.
 *
 * Locks:  tty_lock.
 */
void
ttyinfo(struct tty *tp, int fromsig)
{
	char buf[80];
	const char *p;

	ttgetinfo(tp, buf, sizeof(buf));
	tty_interrupt_echo(tp);
	if (tp->t_column != 0)
		(void)ttyoutput('\n', tp);
	for (p = buf; *p != '\0'; p++)
		(void)ttyoutput(*p, tp);
	(void)ttyoutput('\n', tp);
	(void)ttstart(tp);
}
