/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Descriptor tables: making, growing, copying, sharing, dropping.
 *
 *   fd_init, fd_copy, fd_share         a process gets its table
 *   fd_hold, fd_free                   an lwp uses it, and no longer
 *   fd_alloc, fd_unused                a number is taken, and free again
 *
 * A table is an array of pointers to fdfiles.  An fdfile, once made for a
 * number, stays until the table is dropped, so fd_getfile may use one without
 * a lock.  A table that is full gets a bigger array with the same fdfiles; the
 * old one is kept (dt_link) for those who still look at it, and freed with the
 * table.  The sizes double, so the old ones together are no larger than the
 * current one.
 *
 * fd_lock protects all but what fd_getfile reads.  It is held for short: files
 * are closed without it.
 */
#include <sys/param.h>
#include <sys/atomic.h>
#include <sys/bitops.h>
#include <sys/errno.h>
#include <sys/file.h>
#include <sys/filedesc.h>
#include <sys/kmem.h>
#include <sys/lwp.h>
#include <sys/pool.h>
#include <sys/proc.h>
#include <sys/resourcevar.h>
#include <sys/systm.h>

#include "files/fd.h"
#include "files/kqueue.h"

/* The array that is part of the table itself. */
static fdtab_t *
builtin_array(filedesc_t *fdp)
{

	return (fdtab_t *)(void *)fdp->fd_dtspace;
}

static pool_cache_t filedesc_cache;
static pool_cache_t fdfile_cache;

#define MAPWORDS(n)	(howmany((n), NDENTRIES))

void
fd_table_init(void)
{

	filedesc_cache = pool_cache_init(sizeof(filedesc_t), COHERENCY_UNIT, 0,
	    0, "filedesc", NULL, IPL_NONE, NULL, NULL, NULL);
	fdfile_cache = pool_cache_init(sizeof(fdfile_t), 0, 0, 0, "fdfile",
	    NULL, IPL_NONE, NULL, NULL, NULL);
}

static void
fdfile_init(fdfile_t *ff)
{

	memset(ff, 0, sizeof(*ff));
	SLIST_INIT(&ff->ff_knlist);
	cv_init(&ff->ff_closing, "fdclose");
}

struct filedesc *
fd_init(struct filedesc *fdp)
{
	fdtab_t *dt;
	u_int i;

	if (fdp == NULL)
		fdp = pool_cache_get(filedesc_cache, PR_WAITOK);
	memset(fdp, 0, sizeof(*fdp));
	mutex_init(&fdp->fd_lock, MUTEX_DEFAULT, IPL_NONE);
	fdp->fd_refcnt = 1;
	fdp->fd_lastfile = -1;
	fdp->fd_lastkqfile = -1;
	fdp->fd_map = fdp->fd_dmap;
	dt = builtin_array(fdp);
	dt->dt_nfiles = NDFILE;
	for (i = 0; i < NDFDFILE; i++) {
		fdfile_init(&fdp->fd_dfdfile[i]);
		dt->dt_ff[i] = &fdp->fd_dfdfile[i];
	}
	fdp->fd_dt = dt;
	return fdp;
}

static size_t
dtab_size(u_int nfiles)
{

	return offsetof(fdtab_t, dt_ff) + nfiles * sizeof(fdfile_t *);
}

/* Free arrays, map and descriptors of a table that nobody holds any more. */
static void
table_free(filedesc_t *fdp)
{
	fdtab_t *dt = fdp->fd_dt, *next;
	fdfile_t *ff;
	u_int i;

	for (i = 0; i < dt->dt_nfiles; i++) {
		ff = dt->dt_ff[i];
		if (ff == NULL)
			continue;
		KASSERT(ff->ff_file == NULL);
		cv_destroy(&ff->ff_closing);
		if (i >= NDFDFILE)
			pool_cache_put(fdfile_cache, ff);
	}
	if (fdp->fd_map != fdp->fd_dmap)
		kmem_free(fdp->fd_map,
		    MAPWORDS(dt->dt_nfiles) * sizeof(uint32_t));
	for (; dt != builtin_array(fdp); dt = next) {
		next = dt->dt_link;
		kmem_free(dt, dtab_size(dt->dt_nfiles));
	}
	mutex_destroy(&fdp->fd_lock);
	pool_cache_put(filedesc_cache, fdp);
}

/*
 * Make room for at least nfiles descriptors.  fd_lock is dropped meanwhile, so
 * the caller must look again.
 */
static void
table_grow(filedesc_t *fdp, u_int nfiles)
{
	u_int old = fdp->fd_dt->dt_nfiles, n = MAX(old, NDEXTENT);
	fdtab_t *dt;
	uint32_t *map, *oldmap;

	KASSERT(mutex_owned(&fdp->fd_lock));
	while (n < nfiles)
		n *= 2;
	mutex_exit(&fdp->fd_lock);
	dt = kmem_zalloc(dtab_size(n), KM_SLEEP);
	map = kmem_zalloc(MAPWORDS(n) * sizeof(*map), KM_SLEEP);
	mutex_enter(&fdp->fd_lock);
	if (fdp->fd_dt->dt_nfiles != old) {		/* another was faster */
		kmem_free(dt, dtab_size(n));
		kmem_free(map, MAPWORDS(n) * sizeof(*map));
		return;
	}
	dt->dt_nfiles = n;
	dt->dt_link = fdp->fd_dt;
	memcpy(dt->dt_ff, fdp->fd_dt->dt_ff, old * sizeof(dt->dt_ff[0]));
	oldmap = fdp->fd_map;
	memcpy(map, oldmap, MAPWORDS(old) * sizeof(*map));
	fdp->fd_map = map;
	atomic_store_release(&fdp->fd_dt, dt);
	if (oldmap != fdp->fd_dmap)
		kmem_free(oldmap, MAPWORDS(old) * sizeof(*map));
}

/* The lowest free number >= want; it may be past the array's end. */
static u_int
lowest_free(filedesc_t *fdp, u_int want)
{
	u_int n = fdp->fd_dt->dt_nfiles, word, fd = MAX(want, fdp->fd_freefile);
	uint32_t freebits;

	while (fd < n) {
		word = fd >> NDENTRYSHIFT;
		freebits = ~fdp->fd_map[word] &
		    (~(uint32_t)0 << (fd & NDENTRYMASK));
		if (freebits != 0)
			return (word << NDENTRYSHIFT) + ffs32(freebits) - 1;
		fd = (word + 1) << NDENTRYSHIFT;
	}
	return MAX(want, n);
}

u_int
fd_limit(struct proc *p)
{

	return MIN(p->p_rlimit[RLIMIT_NOFILE].rlim_cur, (rlim_t)maxfiles);
}

/* Note in the maps that a number is taken. */
static void
fd_used(filedesc_t *fdp, u_int fd)
{
	fdfile_t *ff = fdp->fd_dt->dt_ff[fd];

	KASSERT(!ff->ff_allocated && ff->ff_file == NULL);
	ff->ff_allocated = true;
	ff->ff_exclose = false;
	fdp->fd_map[fd >> NDENTRYSHIFT] |= (uint32_t)1 << (fd & NDENTRYMASK);
	if ((int)fd > fdp->fd_lastfile)
		fdp->fd_lastfile = fd;
	if ((int)fd == fdp->fd_freefile)
		fdp->fd_freefile++;
}

void
fd_unused(filedesc_t *fdp, u_int fd)
{
	fdtab_t *dt = fdp->fd_dt;
	fdfile_t *ff = dt->dt_ff[fd];

	KASSERT(mutex_owned(&fdp->fd_lock));
	KASSERT(ff->ff_allocated && ff->ff_file == NULL);
	ff->ff_allocated = false;
	fdp->fd_map[fd >> NDENTRYSHIFT] &=
	    ~((uint32_t)1 << (fd & NDENTRYMASK));
	if ((int)fd < fdp->fd_freefile)
		fdp->fd_freefile = fd;
	while (fdp->fd_lastfile >= 0 &&
	    (dt->dt_ff[fdp->fd_lastfile] == NULL ||
	    !dt->dt_ff[fdp->fd_lastfile]->ff_allocated))
		fdp->fd_lastfile--;
}

/*
 * Take number fd if it is free, making the table larger and the descriptor
 * where needed.  fd_lock is held on entry and exit, and dropped in between
 * when memory is needed; false then: look again.
 */
bool
fd_take(filedesc_t *fdp, u_int fd)
{
	fdfile_t *ff;

	KASSERT(mutex_owned(&fdp->fd_lock));
	if (fd >= fdp->fd_dt->dt_nfiles) {
		table_grow(fdp, fd + 1);
		return false;
	}
	if (fdp->fd_dt->dt_ff[fd] == NULL) {
		mutex_exit(&fdp->fd_lock);
		ff = pool_cache_get(fdfile_cache, PR_WAITOK);
		fdfile_init(ff);
		mutex_enter(&fdp->fd_lock);
		if (fdp->fd_dt->dt_ff[fd] == NULL) {
			atomic_store_release(&fdp->fd_dt->dt_ff[fd], ff);
		} else {
			cv_destroy(&ff->ff_closing);
			pool_cache_put(fdfile_cache, ff);
		}
		return false;
	}
	fd_used(fdp, fd);
	return true;
}

int
fd_alloc(struct proc *p, int want, int *fdp_result)
{
	filedesc_t *fdp = p->p_fd;
	u_int fd, limit = fd_limit(p);

	KASSERT(p == curproc || p == &proc0);
	mutex_enter(&fdp->fd_lock);
	do {
		fd = lowest_free(fdp, want);
		if (fd >= limit) {
			mutex_exit(&fdp->fd_lock);
			return EMFILE;
		}
	} while (!fd_take(fdp, fd));
	mutex_exit(&fdp->fd_lock);
	*fdp_result = fd;
	return 0;
}

void
fd_tryexpand(struct proc *p)
{
	filedesc_t *fdp = p->p_fd;

	mutex_enter(&fdp->fd_lock);
	if (fdp->fd_dt->dt_nfiles < fd_limit(p))
		table_grow(fdp, fdp->fd_dt->dt_nfiles + 1);
	mutex_exit(&fdp->fd_lock);
}

/* Put a copy of one descriptor into a table that nobody else sees yet. */
static void
copy_one(filedesc_t *newfdp, u_int fd, struct file *fp, bool exclose)
{
	fdfile_t *ff;

	mutex_enter(&newfdp->fd_lock);
	while (!fd_take(newfdp, fd))
		continue;
	ff = newfdp->fd_dt->dt_ff[fd];
	ff->ff_exclose = exclose;
	newfdp->fd_exclose |= exclose;
	atomic_store_release(&ff->ff_file, fp);
	mutex_exit(&newfdp->fd_lock);
}

/*
 * Copy a table with references to the same files.  kqueues are not copied:
 * they belong to the table they were made in.
 */
filedesc_t *
fd_table_copy(filedesc_t *fdp)
{
	filedesc_t *newfdp = fd_init(NULL);
	struct file *fp;
	fdfile_t *ff;
	bool exclose;
	int fd;

	for (fd = 0;; fd++) {
		mutex_enter(&fdp->fd_lock);
		if (fd > fdp->fd_lastfile) {
			mutex_exit(&fdp->fd_lock);
			break;
		}
		ff = fdp->fd_dt->dt_ff[fd];
		/* fd_affix does not hold the lock */
		fp = ff == NULL ? NULL : atomic_load_acquire(&ff->ff_file);
		if (fp == NULL || fp->f_type == DTYPE_KQUEUE) {
			mutex_exit(&fdp->fd_lock);
			continue;
		}
		atomic_inc_uint(&fp->f_count);
		exclose = ff->ff_exclose;
		mutex_exit(&fdp->fd_lock);
		copy_one(newfdp, fd, fp, exclose);
	}
	return newfdp;
}

filedesc_t *
fd_copy(void)
{

	return fd_table_copy(curlwp->l_fd);
}

void
fd_table_hold(filedesc_t *fdp)
{

	atomic_inc_uint(&fdp->fd_refcnt);
}

void
fd_share(struct proc *p)
{

	p->p_fd = curlwp->l_fd;
	fd_table_hold(p->p_fd);
}

void
fd_hold(struct lwp *l)
{

	fd_table_hold(l->l_fd);
}

/*
 * Drop one use of a table; the last closes its files.  p: whose locks on the
 * files go too, or NULL.
 */
void
fd_table_rele(filedesc_t *fdp, struct proc *p)
{
	struct file *fp;
	fdfile_t *ff;
	int fd;

	membar_exit();
	if (atomic_dec_uint_nv(&fdp->fd_refcnt) > 0)
		return;
	membar_enter();
	for (fd = 0; fd <= fdp->fd_lastfile; fd++) {
		ff = fdp->fd_dt->dt_ff[fd];
		fp = ff == NULL ? NULL : ff->ff_file;
		if (fp == NULL)
			continue;
		KASSERTMSG((ff->ff_refcnt & FR_MASK) == 0,
		    "descriptor %d in use, table is not", fd);
		ff->ff_file = NULL;
		if (!SLIST_EMPTY(&ff->ff_knlist))
			knote_drop_fd(fdp, fd);
		fd_file_unlock(p, fp);
		closef(fp);
	}
	if (fdp->fd_knhash != NULL)
		hashdone(fdp->fd_knhash, HASH_SLIST, fdp->fd_knhashmask);
	table_free(fdp);
}

void
fd_free(void)
{
	struct lwp *l = curlwp;
	filedesc_t *fdp = l->l_fd;

	l->l_fd = NULL;
	fd_table_rele(fdp, l->l_proc);
}
