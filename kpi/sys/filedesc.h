/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Descriptors and descriptor tables, and a process's directories.
 *
 * A filedesc maps small integers to files.  It is held by every lwp that uses
 * it (l_fd) and by the process (p_fd).  Each descriptor is an fdfile; an
 * operation borrows the descriptor's file with fd_getfile and gives it back
 * with fd_putfile, and closing waits for borrowers.  The rules are in
 * doc/syscalls.md.
 */
#ifndef _SYS_FILEDESC_H_
#define _SYS_FILEDESC_H_

#include <sys/param.h>
#include <sys/queue.h>
#include <sys/mutex.h>
#include <sys/rwlock.h>
#include <sys/condvar.h>

/*
 * Sizes: descriptors built into a table, entries of the first array, entries
 * it grows by, and descriptors that a word of the allocation map stands for.
 */
#define NDFDFILE	6
#define NDFILE		20
#define NDEXTENT	50
#define NDENTRYSHIFT	5
#define NDENTRYMASK	31
#define NDENTRIES	32

/* One descriptor. */
typedef struct fdfile {
	/* Changed atomically: borrowers, and whether a close waits for them. */
	volatile u_int	ff_refcnt;
	/* Protected by fd_lock; read by borrowers without it. */
	struct file *volatile ff_file;
	bool		ff_exclose;	/* close on exec */
	bool		ff_allocated;	/* number is taken */
	SLIST_HEAD(, knote) ff_knlist;	/* knotes on this descriptor */
	kcondvar_t	ff_closing;	/* close waits here for borrowers */
} fdfile_t;

#define FR_CLOSING	2147483648U
#define FR_MASK		2147483647U

#ifdef _KERNEL

/* The array of descriptors; replaced as a whole when it grows. */
typedef struct fdtab {
	u_int		dt_nfiles;	/* entries in dt_ff */
	struct fdtab	*dt_link;	/* older arrays, freed with the table */
	fdfile_t	*dt_ff[];	/* dt_nfiles of them */
} fdtab_t;

/* Room for an array of n descriptors, in pointers. */
#define FDTAB_WORDS(n)	(sizeof(fdtab_t) / sizeof(void *) + (n))

typedef struct filedesc {
	/* Read without a lock. */
	fdtab_t *volatile fd_dt;
	volatile u_int	fd_refcnt;	/* holders; changed atomically */

	/* Protected by fd_lock. */
	kmutex_t	fd_lock;
	uint32_t	*fd_map;	/* bit set: descriptor is taken */
	int		fd_lastfile;	/* highest taken, -1 = none */
	int		fd_freefile;	/* hint: none free below */
	bool		fd_exclose;	/* some descriptor closes on exec */
	struct klist	*fd_knhash;	/* knotes that are on no descriptor */
	u_long		fd_knhashmask;
	int		fd_lastkqfile;	/* highest descriptor with knotes */

	/* What a small table uses, in place of allocations. */
	fdfile_t	fd_dfdfile[NDFDFILE];
	uint32_t	fd_dmap[1];
	void		*fd_dtspace[FDTAB_WORDS(NDFILE)];
} filedesc_t;

/* Working directory, root directory and file mode mask of a process. */
typedef struct cwdinfo {
	/* Protected by cwdi_lock. */
	struct vnode	*cwdi_cdir;
	struct vnode	*cwdi_rdir;
	struct vnode	*cwdi_edir;	/* emulation root */
	u_int		cwdi_cmask;
	krwlock_t	cwdi_lock;
	/* Changed atomically. */
	u_int		cwdi_refcnt;
} cwdinfo_t;

struct file;
struct fileops;
struct lwp;
struct proc;
struct socket;
struct vnode;

/* Tables: made, shared and dropped with processes and lwps. */
void	fd_sys_init(void);
struct filedesc *fd_init(struct filedesc *);
filedesc_t *fd_copy(void);
void	fd_share(struct proc *);
void	fd_hold(struct lwp *);
void	fd_free(void);
void	fd_closeexec(void);
void	fd_tryexpand(struct proc *);

/* Getting a descriptor: reserve, fill in, make visible or give up. */
int	fd_alloc(struct proc *, int, int *);
int	fd_allocfile(struct file **, int *);
void	fd_affix(struct proc *, struct file *, unsigned int);
void	fd_abort(struct proc *, struct file *, unsigned int);
int	fd_clone(struct file *, unsigned int, int, const struct fileops *,
	    void *);
void	fd_set_exclose(struct lwp *, int, bool);

/* Borrowing the file of a descriptor. */
struct file *fd_getfile(unsigned int);
struct file *fd_getfile2(struct proc *, unsigned int);
void	fd_putfile(unsigned int);
int	fd_getvnode(unsigned int, struct file **);
int	fd_getsock(unsigned int, struct socket **);
int	fd_getsock1(unsigned int, struct socket **, struct file **);
void	fd_putvnode(unsigned int);
void	fd_putsock(unsigned int);

/* Closing and duplicating. */
int	fd_close(unsigned int);
int	closef(struct file *);
int	fd_dup(struct file *, int, int *, bool);
int	fd_dup2(struct file *, unsigned int, int);
int	fd_dupopen(int, bool, int, int *);

/* Files that belong to no descriptor. */
struct file *fgetdummy(void);
void	fputdummy(struct file *);

/* A process's directories (the vfs faction implements these). */
struct cwdinfo *cwdinit(void);
void	cwd_sys_init(void);
void	cwdshare(struct proc *);
void	cwdunshare(struct proc *);
void	cwdfree(struct cwdinfo *);
void	cwdexec(struct proc *);
int	getcwd_common(struct vnode *, struct vnode *, char **, char *, int, int,
	    struct lwp *);
int	vnode_to_path(char *, size_t, struct vnode *, struct lwp *,
	    struct proc *);

#define GETCWD_CHECK_ACCESS	1

#endif /* _KERNEL */
#endif /* _SYS_FILEDESC_H_ */
