/* SPDX-License-Identifier: BSD-2-Clause */
/* Resource usage, limits and priorities of processes. */
#ifndef _SYS_RESOURCE_H_
#define _SYS_RESOURCE_H_

#include <sys/featuretest.h>
#include <sys/types.h>
#include <sys/time.h>

/* getrusage(2): whose usage, and the answer. */
#define RUSAGE_CHILDREN	(-1)
#define RUSAGE_SELF	0
struct rusage {
	struct timeval ru_utime;
	struct timeval ru_stime;
	long ru_maxrss;
	long ru_ixrss;
	long ru_idrss;
	long ru_isrss;
	long ru_minflt;
	long ru_majflt;
	long ru_nswap;
	long ru_inblock;
	long ru_oublock;
	long ru_msgsnd;
	long ru_msgrcv;
	long ru_nsignals;
	long ru_nvcsw;
	long ru_nivcsw;
};
#define ru_first	ru_ixrss
#define ru_last		ru_nivcsw

struct wrusage {
	struct rusage wru_self;
	struct rusage wru_children;
};

/* Limits. */
#define RLIMIT_VMEM	RLIMIT_AS
#define RLIMIT_CPU	0
#define RLIMIT_FSIZE	1
#define RLIMIT_DATA	2
#define RLIMIT_STACK	3
#define RLIMIT_CORE	4
#define RLIMIT_RSS	5
#define RLIMIT_MEMLOCK	6
#define RLIMIT_NPROC	7
#define RLIMIT_NOFILE	8
#define RLIMIT_SBSIZE	9
#define RLIMIT_AS	10
#define RLIMIT_NTHR	11
#define RLIM_NLIMITS	12
#define RLIM_INFINITY	(~((u_quad_t)1 << 63))
#define RLIM_SAVED_CUR	RLIM_INFINITY
#define RLIM_SAVED_MAX	RLIM_INFINITY
struct rlimit {
	rlim_t rlim_cur;
	rlim_t rlim_max;
};

#define RLIM_STRINGS \
	"cpu", "filesize", "datasize", "stacksize", "coredumpsize", \
	"memoryuse", "memorylocked", "maxproc", "openfiles", "sbsize", \
	"vmemoryuse", "maxlwp"

/* getpriority(2). */
#define PRIO_PROCESS	0
#define PRIO_PGRP	1
#define PRIO_USER	2
#define PRIO_MIN	(-20)
#define PRIO_MAX	20

struct loadavg {
	fixpt_t	ldavg[3];
	long	fscale;
};

#ifdef _KERNEL
extern struct loadavg averunnable;
int	dosetrlimit(struct lwp *, struct proc *, int, struct rlimit *);
int	donice(struct lwp *, struct proc *, int);
#endif

#endif /* _SYS_RESOURCE_H_ */
