/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Limits and statistics of processes, in the kernel.
 *
 * Limits are shared by a process and its children until one of them changes
 * its own: then it gets a copy (lim_privatise).
 */
#ifndef _SYS_RESOURCEVAR_H_
#define _SYS_RESOURCEVAR_H_

#include <sys/mutex.h>
#include <sys/resource.h>

struct plimit {
	struct rlimit	pl_rlimit[RLIM_NLIMITS];
	char		*pl_corename;	/* pattern, or the default's address */
	size_t		pl_cnlen;
	u_int		pl_refcnt;	/* changed atomically */
	bool		pl_writeable;	/* private: may be changed in place */
	kmutex_t	pl_lock;	/* pl_rlimit, pl_corename */
	struct plimit	*pl_sv_limit;	/* the shared one this came from */
};

struct uprof {
	void		*pr_base;
	size_t		pr_size;
	u_long		pr_off;
	u_long		pr_addr;
	u_long		pr_ticks;
	u_int		pr_scale;
};

struct pstats {
	struct rusage	p_ru;		/* this process */
	struct rusage	p_cru;		/* children that were waited for */
	struct itimerspec p_timer[3];
	struct uprof	p_prof;
	struct timeval	p_start;
};

#ifdef _KERNEL

struct lwp;
struct proc;
struct sysctlnode;

/* Statistics. */
struct pstats *pstatscopy(struct pstats *);
void	pstatsfree(struct pstats *);
void	ruadd(struct rusage *, struct rusage *);
void	rulwps(struct proc *, struct rusage *);
void	calcru(struct proc *, struct timeval *, struct timeval *,
	    struct timeval *, struct timeval *);
int	getrusage1(struct proc *, int, struct rusage *);

/* Limits. */
extern struct plimit *limit0;
extern int	security_setidcore_dump;
extern char	defcorename[];
void	resource_init(void);
void	lim_addref(struct plimit *);
struct plimit *lim_copy(struct plimit *);
void	lim_free(struct plimit *);
void	lim_privatise(struct proc *);
void	lim_setcorename(struct proc *, char *, size_t);
void	addupc_intr(struct lwp *, u_long);
void	addupc_task(struct lwp *, u_long, u_int);

extern int	maxuprc;

#endif /* _KERNEL */
#endif /* _SYS_RESOURCEVAR_H_ */
