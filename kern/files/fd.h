/* SPDX-License-Identifier: BSD-2-Clause */
/* Descriptors: what kern/files/fd*.c and file.c share. */
#ifndef _FILES_FD_H_
#define _FILES_FD_H_

#include <sys/types.h>
#include <sys/atomic.h>
#include <sys/filedesc.h>

struct file;
struct proc;

/* Start-up of the two. */
void	fd_table_init(void);
void	file_init(void);

/* How many descriptors may p have? */
u_int	fd_limit(struct proc *p);

/* The descriptor, if the array reaches that far and it was ever used.  No lock. */
static inline fdfile_t *
fdfile_find(filedesc_t *fdp, unsigned fd)
{
	fdtab_t *dt = atomic_load_consume(&fdp->fd_dt);

	if (__predict_false(fd >= dt->dt_nfiles))
		return NULL;
	return atomic_load_consume(&dt->dt_ff[fd]);
}

/* Take a number, or give one back: fd_lock held.  See fd_table.c. */
bool	fd_take(filedesc_t *fdp, u_int fd);
void	fd_unused(filedesc_t *fdp, u_int fd);

/* Copy, hold or drop a table that need not be curlwp's. */
filedesc_t *fd_table_copy(filedesc_t *fdp);
void	fd_table_hold(filedesc_t *fdp);
void	fd_table_rele(filedesc_t *fdp, struct proc *p);

/*
 * Has the descriptor that curlwp reads or writes been taken away from fp?  What
 * waits asks under the lock that fo_restart takes, and then returns ERESTART.
 */
bool	fd_gone(struct file *fp);

/* A descriptor of fp goes: drop p's POSIX locks.  p may be NULL. */
void	fd_file_unlock(struct proc *p, struct file *fp);

/*
 * A new file with f_count 0 and curlwp's credential, or ENFILE; and its
 * counterpart for files that no descriptor ever had.
 */
int	file_alloc(struct file **fpp);
void	file_free(struct file *fp);

#endif
