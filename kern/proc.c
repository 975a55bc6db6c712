/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Processes: what lwps of the same program share.
 *
 * proc0 has the kernel's threads; process 1 has the lwps of threads that never
 * asked for one, and adopts orphans.  Others come from rfork and end with their
 * last lwp: there is no zombie, since nobody waits for them.
 *
 * allproc, relations, groups and sessions are under proc_lock.
 */
#include "proc.h"

#include <sys/exec.h>
#include <sys/kauth.h>
#include <sys/kmem.h>
#include <sys/resourcevar.h>
#include <sys/systm.h>

#include <uvm/uvm_extern.h>

#include <rump-private/files.h>
#include <rump-private/memory.h>
#include <rump-sys/kern.h>
#include <rump/rump.h>

#include "lwp.h"

struct proc proc0;
struct proc *initproc;
struct proclist allproc;
kmutex_t proc_lock;
u_int nprocs;
int maxproc = PID_MAX;

rump_proc_vfs_init_fn rump_proc_vfs_init;
rump_proc_vfs_release_fn rump_proc_vfs_release;

static specificdata_domain_t proc_domain;
static struct session session0;
static struct pgrp pgrp0;
static pid_t lastpid;

static struct emul emul_rump = {
	.e_name = "netbsd",
	.e_path = "/emul/netbsd",
	.e_sysent = rump_sysent,
};

/* What every process starts with. */
static void
proc_setup(struct proc *p)
{

	p->p_lock = mutex_obj_alloc(MUTEX_DEFAULT, IPL_NONE);
	mutex_init(&p->p_auxlock, MUTEX_DEFAULT, IPL_NONE);
	mutex_init(&p->p_stmutex, MUTEX_DEFAULT, IPL_NONE);
	rw_init(&p->p_reflock);
	cv_init(&p->p_lwpcv, "lwpwait");
	cv_init(&p->p_waitcv, "wait");
	LIST_INIT(&p->p_lwps);
	LIST_INIT(&p->p_children);
	LIST_INIT(&p->p_sigwaiters);
	SLIST_INIT(&p->p_klist);
	ksiginfo_queue_init(&p->p_sigpend.sp_info);
	p->p_nice = NZERO;
	p->p_stat = SACTIVE;
	p->p_emul = &emul_rump;
	proc_initspecific(p);
}

static void
proc_teardown(struct proc *p)
{

	proc_finispecific(p);
	cv_destroy(&p->p_waitcv);
	cv_destroy(&p->p_lwpcv);
	rw_destroy(&p->p_reflock);
	mutex_destroy(&p->p_stmutex);
	mutex_destroy(&p->p_auxlock);
	mutex_obj_free(p->p_lock);
}

void
proc_init(void)
{
	struct proc *p = &proc0;

	mutex_init(&proc_lock, MUTEX_DEFAULT, IPL_NONE);
	LIST_INIT(&allproc);
	proc_domain = specificdata_domain_create();
	proc_setup(p);
	p->p_flag = PK_SYSTEM;
	strlcpy(p->p_comm, "system", sizeof(p->p_comm));
	p->p_vmspace = rump_vmspace_kernel;

	session0.s_count = 1;
	session0.s_leader = p;
	pgrp0.pg_session = &session0;
	LIST_INIT(&pgrp0.pg_members);
	LIST_INSERT_HEAD(&pgrp0.pg_members, p, p_pglist);
	p->p_pgrp = &pgrp0;

	LIST_INSERT_HEAD(&p->p_lwps, &lwp0, l_sibling);
	LIST_INSERT_HEAD(&alllwp, &lwp0, l_list);
	p->p_nlwps = p->p_nrlwps = 1;
	LIST_INSERT_HEAD(&allproc, p, p_list);
	nprocs = 1;
}

void
proc0_files(void)
{

	proc_files_init(&proc0);
	lwp_files_hold(&lwp0, &proc0);
}

void
proc_start_init(void)
{
	struct proc *p = proc_create(&proc0, RUMP_RFCFDG);

	p->p_vmspace = rump_vmspace_local;	/* programs' memory, NULL is bad */
	strlcpy(p->p_comm, "init", sizeof(p->p_comm));
	proc_publish(p);
	KASSERT(p->p_pid == 1);
	initproc = p;
}

struct proc *
proc_create(struct proc *parent, int flags)
{
	struct proc *p = kmem_zalloc(sizeof(*p), KM_SLEEP);

	proc_setup(p);
	p->p_vmspace = parent->p_vmspace;
	p->p_emul = parent->p_emul;
	p->p_pptr = parent;
	mutex_enter(parent->p_lock);
	strlcpy(p->p_comm, parent->p_comm, sizeof(p->p_comm));
	p->p_traceflag = 0;
	mutex_exit(parent->p_lock);
	proc_files_fork(p, parent, flags);
	if (rump_proc_vfs_init != NULL)
		rump_proc_vfs_init(p);
	return p;
}

/* The next number that no process, group or session has. */
static pid_t
pid_alloc(void)
{

	do {
		if (++lastpid > PID_MAX)
			lastpid = 2;
	} while (proc_find_raw(lastpid) != NULL || pgrp_find(lastpid) != NULL);
	return lastpid;
}

void
proc_publish(struct proc *p)
{
	struct proc *parent = p->p_pptr;

	mutex_enter(&proc_lock);
	p->p_pid = pid_alloc();
	p->p_ppid = parent->p_pid;
	p->p_pgrp = parent->p_pgrp;
	p->p_lflag |= parent->p_lflag & PL_CONTROLT;
	LIST_INSERT_HEAD(&p->p_pgrp->pg_members, p, p_pglist);
	LIST_INSERT_HEAD(&parent->p_children, p, p_sibling);
	LIST_INSERT_HEAD(&allproc, p, p_list);
	nprocs++;
	mutex_exit(&proc_lock);
	proc_event_fork(parent, p);
}

static void
adopt_children(struct proc *p)
{
	struct proc *child;

	while ((child = LIST_FIRST(&p->p_children)) != NULL)
		proc_adopt(initproc, child);
}

void
proc_destroy(struct proc *p)
{

	KASSERT(p->p_nlwps == 0 && p != &proc0 && p != curproc);
	mutex_enter(&proc_lock);
	p->p_stat = SDEAD;
	mutex_exit(&proc_lock);
	doexithooks(p);

	proc_files_exit(p);
	if (rump_proc_vfs_release != NULL)
		rump_proc_vfs_release(p);
	ksiginfo_queue_drain(&p->p_sigpend.sp_info);

	mutex_enter(&proc_lock);
	adopt_children(p);
	LIST_REMOVE(p, p_sibling);
	LIST_REMOVE(p, p_list);
	nprocs--;
	proc_leavepgrp(p);

	/* Who found it before is done when the lock can be had for writing. */
	rw_enter(&p->p_reflock, RW_WRITER);
	rw_exit(&p->p_reflock);
	proc_teardown(p);
	kmem_free(p, sizeof(*p));
}

/*
 * Finding.
 */

struct proc *
proc_find_raw(pid_t pid)
{
	struct proc *p;

	KASSERT(mutex_owned(&proc_lock));
	PROCLIST_FOREACH(p, &allproc) {
		if (p->p_pid == pid)
			break;
	}
	return p;
}

struct proc *
proc_find(pid_t pid)
{
	struct proc *p = proc_find_raw(pid);

	return p == NULL || P_ZOMBIE(p) ? NULL : p;
}

struct proc *
proc_find_lwpid(pid_t lid)
{
	struct lwp *l;

	KASSERT(mutex_owned(&proc_lock));
	LIST_FOREACH(l, &alllwp, l_list) {
		if (l->l_lid == lid)
			return P_ZOMBIE(l->l_proc) ? NULL : l->l_proc;
	}
	return proc_find(lid);
}

/*
 * Call back for each process; the list may change meanwhile, so a marker
 * keeps the place.  A result that is not 0 ends the walk.
 */
int
proclist_foreach_call(struct proclist *list,
    int (*callback)(struct proc *, void *), void *arg)
{
	struct proc *marker = kmem_zalloc(sizeof(*marker), KM_SLEEP);
	struct proc *p;
	int error = 0;

	marker->p_flag = (int)PK_MARKER;
	mutex_enter(&proc_lock);
	for (p = LIST_FIRST(list); error == 0 && p != NULL;) {
		if ((p->p_flag & (int)PK_MARKER) != 0) {
			p = LIST_NEXT(p, p_list);
			continue;
		}
		LIST_INSERT_AFTER(p, marker, p_list);
		error = callback(p, arg);
		KASSERT(mutex_owned(&proc_lock));
		p = LIST_NEXT(marker, p_list);
		LIST_REMOVE(marker, p_list);
	}
	mutex_exit(&proc_lock);
	kmem_free(marker, sizeof(*marker));
	return error;
}

/*
 * Relations.
 */

int
proc_uidmatch(kauth_cred_t cred, kauth_cred_t target)
{

	if (kauth_cred_geteuid(cred) == 0)
		return 0;
	return kauth_cred_getuid(cred) != kauth_cred_getuid(target) ||
	    kauth_cred_getuid(cred) != kauth_cred_getsvuid(target) ? EPERM : 0;
}

/* p's memory.  It is the kernel's own, or a remote client's. */
int
proc_vmspace_getref(struct proc *p, struct vmspace **vm)
{

	if ((p->p_sflag & PS_WEXIT) != 0 || p->p_vmspace == NULL)
		return EFAULT;
	uvmspace_addref(p->p_vmspace);
	*vm = p->p_vmspace;
	return 0;
}

/* No program was executed here. */
int
proc_getauxv(struct proc *p, void **buf, size_t *len)
{

	return ENOEXEC;
}

int
copy_procargs(struct proc *p, int oid, size_t *limit,
    int (*cb)(void *, const void *, size_t, size_t), void *arg)
{

	return ENOEXEC;
}

/*
 * Data by key.
 */

int
proc_specific_key_create(specificdata_key_t *keyp, specificdata_dtor_t dtor)
{

	return specificdata_key_create(proc_domain, keyp, dtor);
}

void
proc_specific_key_delete(specificdata_key_t key)
{

	specificdata_key_delete(proc_domain, key);
}

void
proc_initspecific(struct proc *p)
{

	(void)specificdata_init(proc_domain, &p->p_specdataref);
}

void
proc_finispecific(struct proc *p)
{

	specificdata_fini(proc_domain, &p->p_specdataref);
}

void *
proc_getspecific(struct proc *p, specificdata_key_t key)
{

	return specificdata_getspecific(proc_domain, &p->p_specdataref, key);
}

void
proc_setspecific(struct proc *p, specificdata_key_t key, void *data)
{

	specificdata_setspecific(proc_domain, &p->p_specdataref, key, data);
}
