/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Files: their life, and fillers for operations tables.
 *
 * A file is made with f_count 0 and gets a reference for each descriptor, for
 * each message it travels in, and for each borrower without a descriptor
 * (fd_getfile2).  closef drops one; the last runs fo_close, once, and frees
 * it.  f_lock protects offset, flags and advice; the count is atomic.
 *
 * There is no list of all files: opening and closing would meet at it.  They are
 * found through the tables of processes.  Nor is there one count: each CPU
 * has some files of its own to give out (its quota), taken from the common count in
 * batches.  Who holds a virtual CPU owns its quota, since a thread loses the CPU
 * only where it sleeps.
 */
#include <sys/param.h>
#include <sys/atomic.h>
#include <sys/cpu.h>
#include <sys/errno.h>
#include <sys/file.h>
#include <sys/filedesc.h>
#include <sys/kauth.h>
#include <sys/kmem.h>
#include <sys/lwp.h>
#include <sys/pool.h>
#include <sys/proc.h>
#include <sys/stat.h>
#include <sys/systm.h>

#include "files/fd.h"

/* Files that a CPU takes from the common count at a time. */
#define QUOTA_BATCH	32

u_int maxfiles = 16384;

static u_int files_counted;		/* open, or in a quota; atomic */
static struct quota {
	u_int	q_left;			/* others may read it */
	u_int	q_limit;		/* maxfiles when it was taken */
} __aligned(COHERENCY_UNIT) *quotas;	/* one for each CPU */

static pool_cache_t file_cache;

void
file_init(void)
{

	file_cache = pool_cache_init(sizeof(struct file), COHERENCY_UNIT, 0, 0,
	    "file", NULL, IPL_NONE, NULL, NULL, NULL);
	quotas = kmem_zalloc(ncpu * sizeof(*quotas), KM_SLEEP);
}

static struct quota *
quota(void)
{

	return &quotas[cpu_index(curcpu())];
}

static void
quota_set(struct quota *q, u_int n)
{

	atomic_store_relaxed(&q->q_left, n);
}

/*
 * Take a new quota under the limit of now.  Near the limit the open files are counted,
 * without the quotas of all CPUs, and one is granted at a time.
 */
static bool
quota_fill(struct quota *q)
{
	u_int open, n = QUOTA_BATCH;
	int i;

	atomic_add_int(&files_counted, -q->q_left);
	quota_set(q, 0);
	open = atomic_load_relaxed(&files_counted);
	if (open + n > maxfiles) {
		for (i = 0; i < ncpu; i++)
			open -= atomic_load_relaxed(&quotas[i].q_left);
		if (open >= maxfiles)
			return false;
		n = 1;
	}
	atomic_add_int(&files_counted, n);
	quota_set(q, n);
	q->q_limit = maxfiles;
	return true;
}

static bool
quota_take(void)
{
	struct quota *q = quota();

	if (__predict_false(q->q_left == 0 || q->q_limit != maxfiles) &&
	    !quota_fill(q))
		return false;
	quota_set(q, q->q_left - 1);
	return true;
}

/* A file fewer; another CPU may have made it. */
static void
quota_return(void)
{
	struct quota *q = quota();
	u_int n = q->q_left + 1;

	if (n > 2 * QUOTA_BATCH) {
		atomic_add_int(&files_counted, -QUOTA_BATCH);
		n -= QUOTA_BATCH;
	}
	quota_set(q, n);
}

static struct file *
file_create(void)
{
	struct file *fp = pool_cache_get(file_cache, PR_WAITOK);

	memset(fp, 0, sizeof(*fp));
	mutex_init(&fp->f_lock, MUTEX_DEFAULT, IPL_NONE);
	fp->f_cred = curlwp->l_cred;
	kauth_cred_hold(fp->f_cred);
	return fp;
}

int
file_alloc(struct file **fpp)
{

	if (!quota_take()) {
		tablefull("file", "increase kern.maxfiles or MAXFILES");
		return ENFILE;
	}
	*fpp = file_create();
	return 0;
}

static void
file_destroy(struct file *fp)
{

	kauth_cred_free(fp->f_cred);
	mutex_destroy(&fp->f_lock);
	pool_cache_put(file_cache, fp);
}

void
file_free(struct file *fp)
{

	KASSERT(fp->f_count == 0 && fp->f_msgcount == 0);
	file_destroy(fp);
	quota_return();
}

/*
 * Drop a reference to a file; the last closes it.
 *
 * Returns 0, or what fo_close says: data that could not be written is
 * reported here.
 * Context: thread, may sleep.
 */
int
closef(struct file *fp)
{
	int error;

	KASSERTMSG(atomic_load_relaxed(&fp->f_count) > 0, "file %p closed once too often", fp);
	membar_exit();
	if (atomic_dec_uint_nv(&fp->f_count) > 0)
		return 0;
	membar_enter();
	error = fp->f_ops == NULL ? 0 : (*fp->f_ops->fo_close)(fp);
	file_free(fp);
	return error;
}

/* A file that no list and no limit knows, for calls that want one. */
struct file *
fgetdummy(void)
{
	struct file *fp = file_create();

	fp->f_count = 1;
	return fp;
}

void
fputdummy(struct file *fp)
{

	KASSERT(fp->f_count == 1);
	file_destroy(fp);
}

/*
 * Fillers.
 */
int
fbadop_read(struct file *fp, off_t *offset, struct uio *uio,
    kauth_cred_t cred, int flags)
{

	return EOPNOTSUPP;
}

int
fbadop_write(struct file *fp, off_t *offset, struct uio *uio,
    kauth_cred_t cred, int flags)
{

	return EOPNOTSUPP;
}

int
fbadop_ioctl(struct file *fp, u_long com, void *data)
{

	return EOPNOTSUPP;
}

int
fbadop_stat(struct file *fp, struct stat *sb)
{

	return EOPNOTSUPP;
}

int
fbadop_close(struct file *fp)
{

	return EOPNOTSUPP;
}

int
fnullop_fcntl(struct file *fp, u_int cmd, void *data)
{

	return cmd == F_SETFL ? 0 : EOPNOTSUPP;
}

int
fnullop_poll(struct file *fp, int events)
{

	return 0;
}

int
fnullop_kqfilter(struct file *fp, struct knote *kn)
{

	return EOPNOTSUPP;
}

void
fnullop_restart(struct file *fp)
{

}
