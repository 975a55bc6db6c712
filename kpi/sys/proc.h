/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Processes: what lwps have in common.  There is no fork here and nothing is
 * executed: a process is an identity with credentials, descriptors and a
 * place in the file system.
 *
 * Letters say what protects a member:
 *   a  proc_lock     l  p_lock     m  p_auxlock     r  p_reflock
 *   o  set once, before the process can be found
 */
#ifndef _SYS_PROC_H_
#define _SYS_PROC_H_

#include <sys/lwp.h>

#if defined(_KERNEL) || defined(_KMEMUSER)

#include <sys/aio.h>
#include <sys/callout.h>
#include <sys/condvar.h>
#include <sys/event.h>
#include <sys/idtype.h>
#include <sys/mutex.h>
#include <sys/queue.h>
#include <sys/rwlock.h>
#include <sys/signalvar.h>
#include <sys/siginfo.h>
#include <sys/specificdata.h>
#include <sys/syslimits.h>

struct aioproc;
struct cwdinfo;
struct execsw;
struct exec_package;
struct filedesc;
struct kdtrace_proc;
struct lcproc;
struct plimit;
struct pstats;
struct ptimers;
struct ras;
struct sc_autoload;
struct sigacts;
struct sysctlnode;
struct sysent;
struct tty;
struct uvm_object;
struct vmspace;
struct vnode;

/* A session and its terminal: proc_lock. */
struct session {
	int		s_count;		/* process groups */
	u_int		s_flags;		/* S_* */
	struct proc	*s_leader;
	struct vnode	*s_ttyvp;
	struct tty	*s_ttyp;
	char		s_login[MAXLOGNAME];
	pid_t		s_sid;
};
#define S_LOGIN_SET	1

/* A process group: proc_lock. */
struct pgrp {
	LIST_HEAD(, proc) pg_members;
	struct session	*pg_session;
	pid_t		pg_id;
	int		pg_jobc;
};

/* How the system calls of a process are understood. */
struct emul {
	const char	*e_name;
	const char	*e_path;		/* prefix of alternative files */
	struct sysent	*e_sysent;
	const uint32_t	*e_nomodbits;
	const char * const *e_syscallnames;
	struct sc_autoload *e_sc_autoload;
	void		(*e_sendsig)(const struct ksiginfo *, const sigset_t *);
	void		(*e_trapsignal)(struct lwp *, struct ksiginfo *);
	char		*e_sigcode;
	char		*e_esigcode;
	struct uvm_object **e_sigobject;
	void		(*e_setregs)(struct lwp *, struct exec_package *,
			    vaddr_t);
	void		(*e_proc_exec)(struct proc *, struct exec_package *);
	void		(*e_proc_fork)(struct proc *, struct lwp *, int);
	void		(*e_proc_exit)(struct proc *);
	void		(*e_lwp_fork)(struct lwp *, struct lwp *);
	void		(*e_lwp_exit)(struct lwp *);
	void		(*e_syscall_intern)(struct proc *);
	struct sysctlnode *e_sysctlovly;
	vaddr_t		(*e_vm_default_addr)(struct proc *, vaddr_t, vsize_t,
			    int);
	int		(*e_usertrap)(struct lwp *, vaddr_t, void *);
	size_t		e_ucsize;
	void		(*e_startlwp)(void *);
	void		(*e_dtrace_syscall)(uint32_t, register_t,
			    const struct sysent *, const void *,
			    const register_t *, int);
	void		(*e_ktrpsig)(int, sig_t, const sigset_t *,
			    const struct ksiginfo *);
};
#define EMUL_HAS_SYS___syscall	0x001

LIST_HEAD(proclist, proc);

struct proc {
	LIST_ENTRY(proc) p_list;		/* a: allproc */
	kmutex_t	*p_lock;		/* o */
	kmutex_t	p_auxlock;
	kmutex_t	p_stmutex;
	krwlock_t	p_reflock;		/* held while others look in */

	/* Identity. */
	pid_t		p_pid;			/* o */
	pid_t		p_ppid;			/* a */
	struct proc	*p_pptr;		/* a: parent */
	LIST_ENTRY(proc) p_sibling;		/* a */
	LIST_HEAD(, proc) p_children;		/* a */
	LIST_ENTRY(proc) p_pglist;		/* a */
	struct pgrp	*p_pgrp;		/* a */
	struct kauth_cred *p_cred;		/* l */
	char		p_comm[MAXCOMLEN + 1];	/* l */
	char		*p_path;		/* o */
	u_char		p_nice;			/* l */

	/* What it owns; shared by its lwps. */
	struct filedesc	*p_fd;			/* o */
	struct cwdinfo	*p_cwdi;		/* o */
	struct pstats	*p_stats;		/* l */
	struct plimit	*p_limit;		/* l */
	struct vmspace	*p_vmspace;		/* o */
	struct sigacts	*p_sigacts;		/* l */
	struct aioproc	*p_aio;			/* m */
	u_int		p_mqueue_cnt;
	specificdata_reference p_specdataref;
	struct ptimers	*p_timers;		/* l */
	struct vnode	*p_textvp;		/* r */
	struct emul	*p_emul;		/* o */
	void		*p_emuldata;
	const struct execsw *p_execsw;
	struct klist	p_klist;		/* l */

	/* Its lwps: l. */
	struct lwplist	p_lwps;
	int		p_nlwps;
	int		p_nzlwps;
	int		p_nrlwps;
	kcondvar_t	p_lwpcv;
	kcondvar_t	p_waitcv;
	lwpid_t		p_nlwpid;		/* number of the last one */

	/* State. */
	int		p_flag;			/* l: PK_* */
	int		p_sflag;		/* l: PS_* */
	int		p_slflag;		/* a, l: PSL_* */
	int		p_lflag;		/* a: PL_* */
	int		p_stflag;		/* PST_* */
	char		p_stat;			/* a, l: S* */
	char		p_trace_enabled;
	int		p_traceflag;
	void		*p_tracep;
	int		p_xexit;		/* exit value */
	u_short		p_xsig;			/* exit signal */
	u_short		p_acflag;
	int		p_exitsig;
	u_int		p_waited;
	int64_t		p_ran;		/* p: ns of lwps that it had */
	struct bintime	p_rtime;
	vaddr_t		p_psstrp;
	vaddr_t		p_stackbase;

	/* Signals: l. */
	sigpend_t	p_sigpend;
	struct sigctx	p_sigctx;
	LIST_HEAD(, lwp) p_sigwaiters;
};

#define p_rlimit	p_limit->pl_rlimit
#define p_session	p_pgrp->pg_session
#define p_pgid		p_pgrp->pg_id

#endif /* _KERNEL || _KMEMUSER */

/* p_stat. */
#define SIDL	1
#define SACTIVE	2
#define SDYING	3
#define SSTOP	4
#define SZOMB	5
#define SDEAD	6
#define P_ZOMBIE(p) \
	((p)->p_stat == SZOMB || (p)->p_stat == SDYING || (p)->p_stat == SDEAD)

/* p_flag. */
#define PK_ADVLOCK	0x00000001	/* may hold advisory locks */
#define PK_SYSTEM	0x00000002
#define PK_SYSVSEM	0x00000004
#define PK_SUGID	0x00000100
#define PK_KMEM		0x00000200
#define PK_EXEC		0x00004000
#define PK_NOCLDWAIT	0x00020000
#define PK_32		0x00040000
#define PK_CLDSIGIGN	0x00080000
#define PK_MARKER	0x80000000

/* p_sflag. */
#define PS_NOCLDSTOP	0x00000008
#define PS_RUMP_LWPEXIT	0x00000400
#define PS_WCORE	0x00001000
#define PS_WEXIT	0x00002000
#define PS_STOPFORK	0x00800000
#define PS_STOPEXEC	0x01000000
#define PS_STOPEXIT	0x02000000
#define PS_COREDUMP	0x20000000
#define PS_CONTINUED	0x40000000
#define PS_STOPPING	0x80000000

/* p_slflag. */
#define PSL_TRACEFORK	0x00000001
#define PSL_TRACEVFORK	0x00000002
#define PSL_TRACEVFORK_DONE	0x00000004
#define PSL_TRACELWP_CREATE	0x00000008
#define PSL_TRACELWP_EXIT	0x00000010
#define PSL_TRACEPOSIX_SPAWN	0x00000020
#define PSL_TRACED	0x00000800
#define PSL_TRACEDCHILD	0x00001000
#define PSL_CHTRACED	0x00400000
#define PSL_SYSCALL	0x04000000
#define PSL_SYSCALLEMU	0x08000000

/* p_stflag, p_lflag. */
#define PST_PROFIL	0x00000020
#define PL_CONTROLT	0x00000002	/* has a controlling terminal */
#define PL_PPWAIT	0x00000010
#define PL_SIGCOMPAT	0x00000200
#define PL_ORPHANPG	0x20000000

/* fork1. */
#define FORK_PPWAIT	0x0001
#define FORK_SHAREVM	0x0002
#define FORK_SHARECWD	0x0004
#define FORK_SHAREFILES	0x0008
#define FORK_SHARESIGS	0x0010
#define FORK_NOWAIT	0x0020
#define FORK_CLEANFILES	0x0040
#define FORK_SYSTEM	0x0080

#define PID_MAX		30000
#define NO_PGID		((pid_t)-1)

#ifdef _KERNEL

#include <sys/mallocvar.h>

#define SESS_LEADER(p)	((p)->p_session->s_leader == (p))

extern struct proclist allproc;		/* proc_lock */
extern struct proc	proc0;
extern struct proc	*initproc;
extern u_int		nprocs;		/* proc_lock */
extern int		maxproc;
extern kmutex_t		proc_lock;

#define vmspace_kernel()	(proc0.p_vmspace)

/* Walk a list of processes, proc_lock held. */
#define PROCLIST_FOREACH(var, head)					\
	for ((var) = LIST_FIRST(head);					\
	    ((var) = _proclist_skipmarker(var)) != NULL;		\
	    (var) = LIST_NEXT((var), p_list))
static __inline __unused struct proc *
_proclist_skipmarker(struct proc *p)
{

	while (p != NULL && (p->p_flag & (int)PK_MARKER) != 0)
		p = LIST_NEXT(p, p_list);
	return p;
}
int	proclist_foreach_call(struct proclist *,
	    int (*)(struct proc *, void *), void *);

/* Finding, with proc_lock held. */
proc_t	*proc_find(pid_t);
proc_t	*proc_find_raw(pid_t);
proc_t	*proc_find_lwpid(pid_t);
struct pgrp *pgrp_find(pid_t);

/* Relations. */
int	proc_isunder(struct proc *, struct lwp *);
int	proc_uidmatch(kauth_cred_t, kauth_cred_t);
int	proc_enterpgrp(struct proc *, pid_t, pid_t, bool newsession);
void	proc_leavepgrp(struct proc *);	/* drops proc_lock */
void	fixjobc(struct proc *, struct pgrp *, int entering);
void	proc_sesshold(struct session *);
void	proc_sessrele(struct session *);	/* drops proc_lock */

/* Change of credentials: enter takes p_lock, leave drops it. */
void	proc_crmod_enter(void);
void	proc_crmod_leave(kauth_cred_t newcr, kauth_cred_t oldcr, bool sugid);

int	proc_vmspace_getref(struct proc *, struct vmspace **);
int	proc_getauxv(struct proc *, void **, size_t *);

/* Data that subsystems hang on processes. */
int	proc_specific_key_create(specificdata_key_t *, specificdata_dtor_t);
void	proc_specific_key_delete(specificdata_key_t);
void	proc_initspecific(struct proc *);
void	proc_finispecific(struct proc *);
void	*proc_getspecific(struct proc *, specificdata_key_t);
void	proc_setspecific(struct proc *, specificdata_key_t, void *);

/*
 * Sleeping of old: on an address, until wakeup or for so many ticks (0: no
 * limit).  EWOULDBLOCK when the time is over; with PCATCH also EINTR.
 */
int	tsleep(wchan_t, pri_t, const char *wmesg, int ticks);
int	mtsleep(wchan_t, pri_t, const char *wmesg, int ticks, kmutex_t *);
void	wakeup(wchan_t);
/* Sleep for a time; a ticks of 0 is for intr only: until a signal. */
int	kpause(const char *wmesg, bool intr, int ticks, kmutex_t *);

#endif /* _KERNEL */
#endif
