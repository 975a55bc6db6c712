/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Light-weight processes: what runs in the kernel.  An lwp belongs to a
 * process and is run by at most one host thread at a time; curlwp is the one
 * that the calling thread runs.
 *
 * Letters say what protects a member:
 *   l  only the lwp itself (its thread); others may look, and see old news
 *   p  the process's p_lock
 *   s  the lock of the sleep queue it is on (kern/sleepq.h)
 *   v  the scheduler (kern/sched.c)
 *   o  set once, before the lwp can be found
 */
#ifndef _SYS_LWP_H_
#define _SYS_LWP_H_

#if defined(_KERNEL) || defined(_KMEMUSER)

#include <sys/param.h>
#include <sys/time.h>
#include <sys/queue.h>
#include <sys/callout.h>
#include <sys/kcpuset.h>
#include <sys/mutex.h>
#include <sys/condvar.h>
#include <sys/signalvar.h>
#include <sys/sched.h>
#include <sys/specificdata.h>
#include <sys/syncobj.h>
#include <sys/resource.h>

struct cpu_info;
struct filedesc;
struct fstrans_lwp_info;
struct lockdebug;
struct proc;
struct selcluster;
struct selinfo;
struct sysent;

struct lwp {
	/* Scheduling; the first line is all that entry and exit touch. */
	struct cpu_info	*volatile l_cpu;	/* v: CPU it is or was on */
	volatile u_int	l_oncpu;	/* l: is on l_cpu, kern/sched.h; or 0 */
	u_int		l_implicit;	/* o: a thread's, hidden from the API */
	bool		l_component;	/* l: it came in by a component */
	int		l_flag;		/* p: LW_* */
	int		l_pflag;	/* l: LP_* */
	int		l_prflag;	/* p: LPR_* */
	volatile int	l_nopreempt;	/* l: kpreempt_disable depth */
	struct proc	*l_proc;	/* o */
	struct lwp	*l_holder;	/* l: lwp whose CPU a softint uses */

	/* Waiting for a CPU: v. */
	void		*l_thread;	/* host thread, for unpark; set by l */
	struct lwp	*l_runnext;
	struct lwp	*l_runprev;
	volatile u_int	l_runstate;
	bool		l_runbound;
	u_int		l_passed;	/* times another came first */
	u_int		l_inhost;	/* l: off its CPU, inside (sched.h) */
	uint64_t	l_bootgen;	/* o: boot that it belongs to */

	/* Sleeping. */
	struct lwp	*l_sleepnext;	/* s: circular */
	struct lwp	*l_sleepprev;	/* s */
	wchan_t		l_wchan;	/* s: what it waits on, or NULL */
	const char	*l_wmesg;	/* s */
	struct lwp	**l_sleephead;	/* s: list that it is on */
	volatile u_int	l_sleepstate;	/* s */
	int		l_stat;		/* LS*, for listings */
	u_int		l_sleepwant;	/* s: what it wants of an rwlock */
	u_int		l_lockpassed;	/* l: times a lock went to another */
	volatile u_int	l_interrupted;	/* its interruptible sleeps end */
	u_int		l_slptime;
	struct syncobj	*l_syncobj;
	volatile uint64_t l_ncsw;
	volatile uint64_t l_nivcsw;

	/* Locks held: l. */
	int		l_biglocks;	/* depth of the kernel lock */
	int		l_blcnt;
	u_int		l_spinlocks;	/* spin mutexes, with DIAGNOSTIC */
	u_short		l_shlocks;
	u_short		l_exlocks;
	u_short		l_psrefs;
	u_short		l_pszdepth;	/* pserialize sections */
	uintptr_t	l_rwcallsite;
	u_int		l_ld_nheld;	/* locks of l_ld_held, with LOCKDEBUG */
	struct lockdebug *l_ld_held[14];
	struct lockdebug *l_ld_wanted;	/* the last */

	/* Identity. */
	lwpid_t		l_lid;		/* o */
	pri_t		l_priority;	/* o: advisory */
	int		l_class;
	char		*l_name;	/* p */
	LIST_ENTRY(lwp)	l_list;		/* proc_lock: all lwps */
	LIST_ENTRY(lwp)	l_sibling;	/* p: the process's */
	u_int		l_refcnt;	/* p */
	kmutex_t	*volatile l_mutex;	/* lwp_lock */
	lwpid_t		l_waiter;
	lwpid_t		l_waitingfor;
	void		*l_kthread;	/* o: kern/kthread.c */
	struct softint_run *l_softint;	/* o: it runs soft interrupts */
	volatile int64_t l_ran;		/* l: its time, kern/cputime.h */
	struct bintime	l_rtime;
	struct bintime	l_stime;

	/* Kept by other parts of the kernel: l, unless they say otherwise. */
	struct kauth_cred *l_cred;
	struct filedesc	*l_fd;
	struct fstrans_lwp_info *l_fstrans;
	struct spec_call *l_devcalls;	/* calls of drivers that it is in */
	const struct sysent *volatile l_sysent;
	struct rusage	l_ru;
	specificdata_reference l_specdataref;
	int		l_dupfd;
	int		l_iofd;		/* used by a call that may wait; 0: none */
	void		*l_emuldata;
	void		*l_private;
	struct timespec	l_ktrcsw;
	int		l_tcgen;
	uint32_t	l_syscall_time;
	uint64_t	*l_syscall_counter;
	void		*l_memreserve;	/* kern/mem */

	/* select(2). */
	int		l_selflag;
	int		l_selret;
	SLIST_HEAD(, selinfo) l_selwait;
	uintptr_t	l_selrec;
	struct selcluster *l_selcluster;
	void		*l_selbits;
	size_t		l_selni;

	/* Signals: p. */
	int		l_sigrestore;
	sigset_t	l_sigmask;
	sigset_t	l_sigoldmask;
	sigset_t	l_sigwaitset;
	kcondvar_t	l_sigcv;
	struct ksiginfo	*l_sigwaited;
	sigpend_t	*l_sigpendset;
	LIST_ENTRY(lwp)	l_sigwaiter;
	stack_t		l_sigstk;
	sigpend_t	l_sigpend;
} __aligned(MIN_LWP_ALIGNMENT);

LIST_HEAD(lwplist, lwp);
extern struct lwplist alllwp;	/* proc_lock */

#ifdef _KERNEL
extern lwp_t lwp0;
#endif

#endif /* _KERNEL || _KMEMUSER */

/* l_stat. */
#define LSIDL		1
#define LSRUN		2
#define LSSLEEP		3
#define LSSTOP		4
#define LSZOMB		5
#define LSONPROC	7
#define LSSUSPENDED	8

/* l_flag. */
#define LW_IDLE		0x00000001
#define LW_LWPCTL	0x00000002
#define LW_STIMO	0x00000040
#define LW_SINTR	0x00000080
#define LW_CATCHINTR	0x00000100
#define LW_SYSTEM	0x00000200
#define LW_SYSTEM_FPU	0x00000400
#define LW_DBGSUSPEND	0x00010000
#define LW_WSUSPEND	0x00020000
#define LW_BATCH	0x00040000
#define LW_WCORE	0x00080000
#define LW_WEXIT	0x00100000
#define LW_PENDSIG	0x01000000
#define LW_CANCELLED	0x02000000
#define LW_WREBOOT	0x08000000
#define LW_UNPARKED	0x10000000
#define LW_RUMP_CLEAR	0x40000000	/* leave the lwp at the next exit */
#define LW_RUMP_QEXIT	0x80000000	/* its process is ending */
#define LW_USERRET	(LW_WEXIT | LW_PENDSIG | LW_WREBOOT | LW_WSUSPEND | \
			    LW_WCORE | LW_LWPCTL)

/* l_pflag. */
#define LP_KTRACTIVE	0x00000001
#define LP_KTRCSW	0x00000002
#define LP_KTRCSWUSER	0x00000004
#define LP_OWEUPC	0x00000010
#define LP_MPSAFE	0x00000020
#define LP_INTR		0x00000040	/* runs soft interrupts */
#define LP_SYSCTLWRITE	0x00000080
#define LP_MUSTJOIN	0x00000100
#define LP_SINGLESTEP	0x00000400
#define LP_TIMEINTR	0x00010000
#define LP_PREEMPTING	0x00020000
#define LP_RUNNING	0x20000000
#define LP_TELEPORT	0x40000000
#define LP_BOUND	0x80000000	/* stays on its CPU */

/* l_prflag. */
#define LPR_CRMOD	0x00000100
#define LPR_DETACHED	0x00800000
#define LPR_DRAINING	0x80000000

/* l_dopreempt of old. */
#define DOPREEMPT_ACTIVE	0x01
#define DOPREEMPT_COUNTED	0x02

/* lwp_create and _lwp_create(2). */
#define LWP_DETACHED	0x00000040
#define LWP_SUSPENDED	0x00000080
#define LWP_VFORK	0x80000000

#define MAXLWP		2048

#ifdef _KERNEL

#include <machine/cpu.h>

#define UAREA_PCB_OFFSET	0

#define curproc		(curlwp->l_proc)

/* The lwp cannot go away meanwhile; addref with p_lock held. */
void	lwp_addref(lwp_t *);
void	lwp_delref(lwp_t *);
void	lwp_delref2(lwp_t *);
lwp_t	*lwp_find(struct proc *, lwpid_t);
lwp_t	*lwp_find_first(struct proc *);

/* Catch up with a change of the process's credential. */
void	lwp_update_creds(lwp_t *);

/* Data that subsystems hang on lwps. */
int	lwp_specific_key_create(specificdata_key_t *, specificdata_dtor_t);
void	lwp_specific_key_delete(specificdata_key_t);
void	*lwp_getspecific(specificdata_key_t);
void	lwp_setspecific(specificdata_key_t, void *);
void	lwp_setspecific_by_lwp(lwp_t *, specificdata_key_t, void *);
void	lwp_initspecific(lwp_t *);
void	lwp_finispecific(lwp_t *);

static __inline __unused void
lwp_lock(lwp_t *l)
{

	mutex_enter(l->l_mutex);
}

static __inline __unused void
lwp_unlock(lwp_t *l)
{

	mutex_exit(l->l_mutex);
}

/* Stay on this CPU, over sleeps too; bindx gets what bind returned. */
static __inline __unused int
curlwp_bind(void)
{
	struct lwp *l = curlwp;
	int bound = l->l_pflag & (int)LP_BOUND;

	l->l_pflag |= (int)LP_BOUND;
	__insn_barrier();
	return bound;
}

static __inline __unused void
curlwp_bindx(int bound)
{
	struct lwp *l = curlwp;

	__insn_barrier();
	l->l_pflag = (l->l_pflag & ~(int)LP_BOUND) | bound;
}

/* Keep the CPU: no sleeping until enabled again.  Nests. */
static __inline __unused void
KPREEMPT_DISABLE(lwp_t *l)
{

	l->l_nopreempt++;
	__insn_barrier();
}

static __inline __unused void
KPREEMPT_ENABLE(lwp_t *l)
{

	__insn_barrier();
	l->l_nopreempt--;
}

#include <sys/cpu.h>

#endif /* _KERNEL */
#endif
