/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What components of the base and of drivers tell the rump kernel, and what
 * its own parts offer each other.
 */
#ifndef _RUMP_SYS_KERN_H_
#define _RUMP_SYS_KERN_H_

#include <sys/param.h>
#include <sys/types.h>
#include <sys/queue.h>
#include <sys/systm.h>

struct cpu_info;
struct kauth_cred;
struct lwp;
struct proc;
struct sysent;
struct vmspace;

extern const int rump_lockdebug;	/* whether locks are checked */
extern int	rump_threads;		/* 0: no kernel threads are made */
extern struct cpu_info *rump_bootcpu;	/* index 0 */
extern bool	rump_ttycomponent;
extern struct vmspace *rump_vmspace_local;
extern struct sysent rump_sysent[];
extern const uint32_t rump_sysent_nomodbits[];

/* Does the process's memory lie in this address space? */
#define RUMP_LOCALPROC_P(p) \
	((p)->p_vmspace == vmspace_kernel() || \
	(p)->p_vmspace == rump_vmspace_local)

extern unsigned long	rump_physmemlimit;
#define RUMPMEM_UNLIMITED	((unsigned long)-1)

/*
 * Components: functions that boot calls, by type.  Types are started in the
 * order of doc/scheduling.md, not in this one.
 */
enum rump_component_type {
	RUMP_COMPONENT_DEV,
	RUMP_COMPONENT_DEV_AFTERMAINBUS,
	RUMP_COMPONENT_NET,
	RUMP_COMPONENT_NET_ROUTE,
	RUMP_COMPONENT_NET_IF,
	RUMP_COMPONENT_NET_IFCFG,
	RUMP_COMPONENT_VFS,
	RUMP_COMPONENT_KERN,
	RUMP_COMPONENT_KERN_VFS,
	RUMP_COMPONENT_POSTINIT,
	RUMP_COMPONENT_SYSCALL,

	RUMP__FACTION_DEV,
	RUMP__FACTION_VFS,
	RUMP__FACTION_NET,

	RUMP_COMPONENT_MAX
};

struct rump_component {
	enum rump_component_type rc_type;
	void			(*rc_init)(void);
	LIST_ENTRY(rump_component) rc_entries;
};

/* RUMP_COMPONENT(type) { body of the component's start function } */
#define RUMP_COMPONENT(type)						\
static void __CONCAT(rumpcompinit, __LINE__)(void);			\
static const struct rump_component __CONCAT(rumpcomp, __LINE__) = {	\
	.rc_type = (type),						\
	.rc_init = __CONCAT(rumpcompinit, __LINE__),			\
};									\
__link_set_add_rodata(rump_components, __CONCAT(rumpcomp, __LINE__));	\
static void __CONCAT(rumpcompinit, __LINE__)(void)

/* A call that may not fail while components attach. */
#define FLAWLESSCALL(call) do {						\
	int __flawless = (call);					\
	if (__flawless != 0)						\
		panic("\"%s\" failed: %d", #call, __flawless);		\
} while (0)

void	rump_component_load(const struct rump_component *);
void	rump_component_init(enum rump_component_type);
int	rump_component_count(enum rump_component_type);

/*
 * Visit each item of a link set, in all linked objects.  New objects come
 * at the end.
 */
void	rump_linkset_foreach(const char *set,
	    void (*fn)(const void *item, void *arg), void *arg);

/* The vfs faction's part of a process: set when it is there. */
typedef void (*rump_proc_vfs_init_fn)(struct proc *);
typedef void (*rump_proc_vfs_release_fn)(struct proc *);
extern rump_proc_vfs_init_fn	rump_proc_vfs_init;
extern rump_proc_vfs_release_fn	rump_proc_vfs_release;

/*
 * Functions that rump_halt calls before the threads stop, last added first:
 * write back, close what is open on the host.  They may sleep.
 */
struct rump_halthook {
	void			(*hh_func)(void);
	LIST_ENTRY(rump_halthook) hh_list;
};
void	rump_halthook_establish(struct rump_halthook *);

/* Take and give back a virtual CPU: host code enters the kernel. */
void	rump_schedule(void);
void	rump_unschedule(void);
void	rump_schedule_cpu(struct lwp *);
void	rump_unschedule_cpu(struct lwp *);
/* Around host code that may block; the kernel lock is dropped too. */
void	rump_user_unschedule(int keeplocks, int *nlocks, void *interlock);
void	rump_user_schedule(int nlocks, void *interlock);

/* lwps and processes. */
int	rump_lwproc_rfork(int flags);
int	rump_lwproc_rfork_vmspace(struct vmspace *, int flags);
int	rump_lwproc_newlwp(pid_t);
void	rump_lwproc_switch(struct lwp *);
void	rump_lwproc_releaselwp(void);
struct lwp *rump_lwproc_curlwp(void);
void	rump_lwproc_sysent_usenative(void);
void	rump_lwproc_curlwp_set(struct lwp *);
void	rump_lwproc_curlwp_clear(struct lwp *);
void	rump_lwproc_init(void);
struct lwp *rump__lwproc_alloclwp(struct proc *);
/* A process that stays while lwps of visitors use it. */
void	rump__lwproc_lwphold(void);
void	rump__lwproc_lwprele(void);
void	rump_allbetsareoff_setid(pid_t, int sid);

/* System calls: one by number, and handlers that a faction brings. */
int	rump_syscall(int num, void *args, size_t argslen, register_t *retval);
struct rump_onesyscall {
	int		ros_num;
	sy_call_t	*ros_handler;
};
void	rump_syscall_boot_establish(const struct rump_onesyscall *, size_t);

/* Host memory. */
void	*rump_hypermalloc(size_t, int alignment, bool waitok, const char *);
void	rump_hyperfree(void *, size_t);

/* The kernel lock, all of it: given up, and taken back as often. */
void	rump_kernel_bigwrap(int *nlocks);
void	rump_kernel_bigunwrap(int nlocks);

void	rump_softint_run(struct cpu_info *);
void	rump_xc_highpri(struct cpu_info *);

/* The system call server, where there is one (sysproxy). */
struct rump_sysproxy_ops {
	int	(*rspo_copyin)(void *, const void *, void *, size_t);
	int	(*rspo_copyinstr)(void *, const void *, void *, size_t *);
	int	(*rspo_copyout)(void *, const void *, void *, size_t);
	int	(*rspo_copyoutstr)(void *, const void *, void *, size_t *);
	int	(*rspo_anonmmap)(void *, size_t, void **);
	int	(*rspo_raise)(void *, int);
	void	(*rspo_fini)(void *);
	pid_t	(*rspo_hyp_getpid)(void);
	int	(*rspo_hyp_syscall)(int, void *, long *);
	int	(*rspo_hyp_rfork)(void *, int, const char *);
	void	(*rspo_hyp_lwpexit)(void);
	void	(*rspo_hyp_execnotify)(const char *);
};
extern struct rump_sysproxy_ops rump_sysproxy_ops;

#define rump_sysproxy_copyin(arg, raddr, laddr, len) \
	rump_sysproxy_ops.rspo_copyin((arg), (raddr), (laddr), (len))
#define rump_sysproxy_copyinstr(arg, raddr, laddr, lenp) \
	rump_sysproxy_ops.rspo_copyinstr((arg), (raddr), (laddr), (lenp))
#define rump_sysproxy_copyout(arg, laddr, raddr, len) \
	rump_sysproxy_ops.rspo_copyout((arg), (laddr), (raddr), (len))
#define rump_sysproxy_copyoutstr(arg, laddr, raddr, lenp) \
	rump_sysproxy_ops.rspo_copyoutstr((arg), (laddr), (raddr), (lenp))
#define rump_sysproxy_anonmmap(arg, howmuch, addrp) \
	rump_sysproxy_ops.rspo_anonmmap((arg), (howmuch), (addrp))
#define rump_sysproxy_raise(arg, sig) \
	rump_sysproxy_ops.rspo_raise((arg), (sig))
#define rump_sysproxy_fini(arg) \
	rump_sysproxy_ops.rspo_fini((arg))

#endif
