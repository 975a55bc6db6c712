/* SPDX-License-Identifier: BSD-2-Clause */
/* Groups of calls: each makes one, of the group's, and gives what it returned; -2: none. */
#ifndef FUZZ_SYSCALLS_CALLS_H
#define FUZZ_SYSCALLS_CALLS_H

long	one_call(void);			/* of all groups */

/* calls_more.c */
long	timers(void);
long	by_handle(void);
long	by_attribute(void);		/* extended ones */
long	settings(void);			/* sysctl's tree, quotas */

/* calls_tty.c */
long	terminals(void);
long	request(int fd, unsigned long cmd, void *arg);	/* ioctl(2), unless it would wait */

/* calls_rest.c */
long	rest(void);			/* modules, access control lists, other processes, what else there is */
void	processes_forget(void);		/* a new kernel has none */

#endif
