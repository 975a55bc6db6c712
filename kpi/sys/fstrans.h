/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * File system transactions.
 *
 * A thread inside a transaction of a mount keeps the mount from being
 * suspended; a suspended mount lets nobody begin a transaction but the thread
 * that suspended it.  So that thread sees the file system at rest: to unmount
 * it, to take a snapshot, to replace what is below.
 */
#ifndef _SYS_FSTRANS_H_
#define _SYS_FSTRANS_H_

#include <sys/mount.h>

struct buf;
struct mount;

enum fstrans_state {
	FSTRANS_NORMAL,
	FSTRANS_SUSPENDED,	/* no transaction begins */
	FSTRANS_SUSPENDING	/* only lazy ones begin */
};

/* VFS_SUSPENDCTL */
#define SUSPEND_SUSPEND	1
#define SUSPEND_RESUME	2

void	fstrans_init(void);
void	fstrans_start(struct mount *);
int	fstrans_start_nowait(struct mount *);
void	fstrans_start_lazy(struct mount *);
void	fstrans_done(struct mount *);
int	fstrans_held(struct mount *);
int	fstrans_is_owner(struct mount *);
int	fstrans_mount(struct mount *);
void	fstrans_unmount(struct mount *);
int	fstrans_setstate(struct mount *, enum fstrans_state);
enum fstrans_state fstrans_getstate(struct mount *);
void	fstrans_lwp_dtor(struct lwp *);

int	vfs_suspend(struct mount *, int);
void	vfs_resume(struct mount *);

/* Copy before write, for snapshots. */
int	fscow_establish(struct mount *, int (*)(void *, struct buf *, bool), void *);
int	fscow_disestablish(struct mount *, int (*)(void *, struct buf *, bool), void *);
int	fscow_run(struct buf *, bool);

#endif /* _SYS_FSTRANS_H_ */
