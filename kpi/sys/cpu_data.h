/* SPDX-License-Identifier: BSD-2-Clause */
/* Per-CPU data that does not depend on the machine. */
#ifndef _SYS_CPU_DATA_H_
#define _SYS_CPU_DATA_H_

#if defined(_KERNEL) || defined(_KMEMUSER)

#include <sys/types.h>
#include <sys/condvar.h>
#include <sys/lock.h>
#include <sys/percpu_types.h>
#include <sys/queue.h>
#include <sys/kcpuset.h>
#include <sys/sched.h>

struct buf;
struct lwp;
struct lockdebug;

/* How the siblings of a CPU are related to it. */
enum cpu_rel {
	CPUREL_CORE,
	CPUREL_PACKAGE,
	CPUREL_PACKAGE1ST,
	CPUREL_COUNT
};

/* Event counters of a CPU, by number.  Gaps are NetBSD's. */
enum cpu_count {
	CPU_COUNT_NSWTCH = 0, CPU_COUNT_NSYSCALL = 1, CPU_COUNT_NTRAP = 2,
	CPU_COUNT_NINTR = 3, CPU_COUNT_NSOFT = 4, CPU_COUNT_FORKS = 5,
	CPU_COUNT_FORKS_PPWAIT = 6, CPU_COUNT_FORKS_SHAREVM = 7,
	CPU_COUNT_COLORHIT = 8, CPU_COUNT_COLORMISS = 9,
	CPU_COUNT__UNUSED3 = 10, CPU_COUNT__UNUSED4 = 11,
	CPU_COUNT_CPUHIT = 12, CPU_COUNT_CPUMISS = 13,
	CPU_COUNT_FREEPAGES = 14, CPU_COUNT__UNUSED5 = 15,
	CPU_COUNT_PAGEINS = 16, CPU_COUNT_FLTUP = 17, CPU_COUNT_FLTNOUP = 18,
	CPU_COUNT_FLTPGWAIT = 19, CPU_COUNT_FLTRELCK = 20,
	CPU_COUNT_FLTRELCKOK = 21, CPU_COUNT__UNUSED1 = 22,
	CPU_COUNT__UNUSED2 = 23, CPU_COUNT_NFAULT = 24,
	CPU_COUNT_FLT_ACOW = 25, CPU_COUNT_FLT_ANON = 26,
	CPU_COUNT_FLT_OBJ = 27, CPU_COUNT_FLT_PRCOPY = 28,
	CPU_COUNT_FLT_PRZERO = 29, CPU_COUNT_FLTAMCOPY = 30,
	CPU_COUNT_FLTANGET = 31, CPU_COUNT_FLTANRETRY = 32,
	CPU_COUNT_FLTGET = 33, CPU_COUNT_FLTLGET = 34,
	CPU_COUNT_FLTNAMAP = 35, CPU_COUNT_FLTNOMAP = 36,
	CPU_COUNT_FLTNOANON = 37, CPU_COUNT_FLTNORAM = 38,
	CPU_COUNT_FLTPGRELE = 39, CPU_COUNT_ANONUNKNOWN = 40,
	CPU_COUNT_ANONCLEAN = 41, CPU_COUNT_ANONDIRTY = 42,
	CPU_COUNT_FILEUNKNOWN = 43, CPU_COUNT_FILECLEAN = 44,
	CPU_COUNT_FILEDIRTY = 45, CPU_COUNT_EXECPAGES = 46,
	CPU_COUNT_SYNC = 47, CPU_COUNT_MAX = 48
};

struct cpu_data {
	/* Set once when the CPU is attached. */
	u_int		cpu_index;
	char		cpu_name[8];
	u_int		cpu_package_id;
	u_int		cpu_core_id;
	u_int		cpu_smt_id;
	u_int		cpu_numa_id;
	bool		cpu_is_slow;
	u_int		cpu_nsibling[CPUREL_COUNT];
	struct cpu_info	*cpu_sibling[CPUREL_COUNT];
	struct cpu_info	*cpu_package1st;
	struct lwp	*cpu_idlelwp;
	uint64_t	cpu_cc_freq;
	kcpuset_t	*cpu_kcpuset;

	/* Of the subsystem that is named, used by who holds the CPU. */
	struct schedstate_percpu cpu_schedstate;
	percpu_cpu_t	cpu_percpu;
	void		*cpu_callout;
	void		*cpu_softcpu;
	u_int		cpu_psz_read_depth;	/* pserialize(9) */
	TAILQ_HEAD(, buf) cpu_biodone;		/* finished buffers */
	struct uvm_cpu	*cpu_uvm;
	struct selcluster *cpu_selcluster;	/* select(9) */
	void		*cpu_nch;		/* name cache */
	void		*cpu_pool;		/* pool_cache(9) */
	void		*cpu_lockstat;
	u_int		cpu_faultrng;
	u_int		cpu_spin_locks;		/* spin mutexes held */
	TAILQ_HEAD(, lockdebug) cpu_ld_locks;	/* the same, LOCKDEBUG */
	__cpu_simple_lock_t cpu_ld_lock;
	int64_t		cpu_counts[CPU_COUNT_MAX];
};

#define ci_cpuname	ci_data.cpu_name
#define ci_index	ci_data.cpu_index
#define ci_schedstate	ci_data.cpu_schedstate

/* Add to a counter of this CPU; read one, summed up by cpu_count_sync. */
void	cpu_count(enum cpu_count, int64_t delta);
void	cpu_count_sync(bool poll);

extern int64_t cpu_counts[];
static __inline __unused int64_t
cpu_count_get(enum cpu_count idx)
{

	return cpu_counts[idx];
}

#endif
#endif
