/* SPDX-License-Identifier: BSD-2-Clause */
/* Names of the system, and its clock's rate. */
#ifndef _SYS_KERNEL_H_
#define _SYS_KERNEL_H_

#include <sys/types.h>

#ifdef _KERNEL

/* Host and domain name; their lengths include the NUL. */
extern char	hostname[256];
extern int	hostnamelen;
extern char	domainname[256];
extern int	domainnamelen;
extern long	hostid;

extern int	cold;		/* devices are still being attached */
extern int	shutting_down;

/* Ticks: per second, microseconds each, nanoseconds each. */
extern int	hz;
extern int	tick;
extern int	tickadj;
extern int	stathz;
extern int	profhz;
extern int	profsrc;
#define PROFSRC_CLOCK	0
extern int	psratio;

/* Ticks since boot; wraps.  Compare by difference. */
int	getticks(void);
#define hardclock_ticks	(getticks())

extern struct timespec boottime;
extern struct timezone tz;

#endif
#endif
