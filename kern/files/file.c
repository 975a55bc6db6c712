/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Files: their life, and fillers for operations tables.
 *
 * A file is made with f_count 0 and gets a reference for each descriptor, for
 * each message it travels in, and for each borrower without a descriptor
 * (fd_getfile2).  closef drops one; the last runs fo_close, once, and frees
 * it.  f_lock protects offset, flags and advice; the count is atomic.
 *
 * filehead lists all files, for kern.file and for collecting descriptors that
 * are only in flight; filelist_lock protects it, and the count of files.
 */
#include <sys/param.h>
#include <sys/atomic.h>
#include <sys/errno.h>
#include <sys/file.h>
#include <sys/filedesc.h>
#include <sys/kauth.h>
#include <sys/lwp.h>
#include <sys/pool.h>
#include <sys/proc.h>
#include <sys/stat.h>
#include <sys/systm.h>

#include "files/fd.h"

kmutex_t filelist_lock;
struct filelist filehead = LIST_HEAD_INITIALIZER(filehead);
u_int nfiles;
u_int maxfiles = 16384;

static pool_cache_t file_cache;

void
file_init(void)
{

	mutex_init(&filelist_lock, MUTEX_DEFAULT, IPL_NONE);
	file_cache = pool_cache_init(sizeof(struct file), COHERENCY_UNIT, 0, 0,
	    "file", NULL, IPL_NONE, NULL, NULL, NULL);
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
	struct file *fp;

	if (nfiles >= maxfiles) {
		tablefull("file", "increase kern.maxfiles or MAXFILES");
		return ENFILE;
	}
	fp = file_create();
	mutex_enter(&filelist_lock);
	LIST_INSERT_HEAD(&filehead, fp, f_list);
	nfiles++;
	mutex_exit(&filelist_lock);
	*fpp = fp;
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
	mutex_enter(&filelist_lock);
	LIST_REMOVE(fp, f_list);
	nfiles--;
	mutex_exit(&filelist_lock);
	file_destroy(fp);
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
