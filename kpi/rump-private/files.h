/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What boot and process creation (kern/) call of the file layer (kern/files/).
 *
 * Boot, in this order, on the boot lwp.  Each may allocate memory and sleep:
 *
 *   files_init_cred      credentials, security models: before proc0 has its own
 *   files_init_sysctl    the tree, and all SYSCTL_SETUP functions of linked
 *                        components: once kmem, locks and proc0 are there
 *   files_init           descriptors, limits, users, device switch, modules,
 *                        select, system calls: before any component starts
 *   files_init_modules   start the built-in modules, class by class: after the
 *                        factions, with the tree finalised
 *   files_init_console   descriptors 0, 1, 2 of curproc: in pid 1, last
 *
 * Processes: proc_files_init for proc0 and pid 1's kind (no parent's table to
 * inherit), proc_files_fork for others, proc_files_exit when the last lwp is
 * gone.  Each lwp holds the table: lwp_files_hold, lwp_files_rele.
 */
#ifndef _RUMP_PRIVATE_FILES_H_
#define _RUMP_PRIVATE_FILES_H_

#include <sys/stdbool.h>
#include <sys/types.h>

struct file;
struct lwp;
struct proc;

void	files_init_cred(void);
void	files_init_sysctl(void);
void	files_init(void);
void	files_init_modules(void);
void	files_init_console(void);

/*
 * Give a process its own empty descriptor table, first limits, statistics and
 * root's credential, with no parent.
 *
 * p       new: nobody can find it yet; p_lock made.
 * Context: thread, may sleep.
 */
void	proc_files_init(struct proc *p);

/*
 * The same for a child of parent, which is locked by nothing: its credential
 * is shared, its limits are shared until changed.
 *
 * flags   how the table comes about: RUMP_RFFDG (a copy), RUMP_RFCFDG (empty)
 *         or 0 (shared) of <rump/rump.h>.
 * Context: thread, may sleep; curlwp need not be the parent's.
 */
void	proc_files_fork(struct proc *p, struct proc *parent, int flags);

/* Undo either: the descriptor table is dropped, files closed with it. */
void	proc_files_exit(struct proc *p);

/*
 * parent takes over a child of a process that ends; its group may be one that nobody
 * can continue then.
 * Locks:   proc_lock.
 */
void	proc_adopt(struct proc *parent, struct proc *child);

/*
 * An lwp uses its process's table and credential from now on, or no longer;
 * l_fd and l_cred are set or cleared.  rele closes the files if it was the
 * last use, so it may sleep, and curlwp must not be NULL.
 */
void	lwp_files_hold(struct lwp *l, struct proc *p);
void	lwp_files_rele(struct lwp *l);

/*
 * Events for kqueues, by kern/: parent has made child, which can be found already; a
 * signal is sent to p, whatever becomes of it.  (Exit is noticed by proc_files_exit.)
 * Context: fork: thread, no locks held.  signal: proc_lock or less is held.
 */
void	proc_event_fork(struct proc *parent, struct proc *child);
void	proc_event_signal(struct proc *p, int sig);
void	proc_event_exit(struct proc *p);

/*
 * Is the descriptor that curlwp reads or writes by being closed?  Who waits asks, and
 * again when the file's fo_restart has woken him; yes: he returns ERESTART.
 */
bool	fd_closing(void);

/*
 * What the vfs faction does for descriptors of vnodes; NULL without it.
 *
 * fv_unlock   p closes a descriptor of fp: drop p's POSIX locks on the file.
 * fv_seek     may a transfer of fp start at offset?  0, ESPIPE or EINVAL.
 * fv_device   which device vp, a device, is; and whether a file system is
 *             mounted from it, as block or as character device.
 * fv_biodone  complete a buffer: biodone.
 */
struct file_device {
	dev_t	fd_dev;
	bool	fd_block;
	bool	fd_mounted;
};
struct buf;
struct vnode;
struct file_vnode_ops {
	void	(*fv_unlock)(struct proc *p, struct file *fp);
	int	(*fv_seek)(struct file *fp, off_t offset);
	void	(*fv_device)(struct vnode *vp, struct file_device *device);
	void	(*fv_biodone)(struct buf *bp);
};
extern const struct file_vnode_ops *file_vnode_ops;

#endif
