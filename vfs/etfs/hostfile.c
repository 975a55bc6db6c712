/* SPDX-License-Identifier: BSD-2-Clause */
/* Files of the host under disks; see hostfile.h. */
#include <sys/param.h>
#include <sys/systm.h>
#include <sys/errno.h>
#include <sys/kmem.h>
#include <sys/mutex.h>
#include <sys/queue.h>

#include <rump/rumpuser.h>

#include "etfs/hostfile.h"

struct hostfile {
	LIST_ENTRY(hostfile) hf_entry;	/* hostfile_lock */
	char		*hf_path;
	bool		hf_write;
	int		hf_fd;
	u_int		hf_uses;	/* hostfile_lock */
};

/* Held while the host opens and closes, so that nobody opens a file twice. */
static kmutex_t hostfile_lock;
static LIST_HEAD(, hostfile) hostfiles;

void
hostfile_init(void)
{

	mutex_init(&hostfile_lock, MUTEX_DEFAULT, IPL_NONE);
}

static struct hostfile *
find(const char *path, bool write)
{
	struct hostfile *hf;

	LIST_FOREACH(hf, &hostfiles, hf_entry)
		if (hf->hf_write == write && strcmp(hf->hf_path, path) == 0)
			break;
	return hf;
}

static int
host_open(const char *path, bool write, int *fd)
{
	int error;

	error = rumpuser_open(path, RUMPUSER_OPEN_BIO |
	    (write ? RUMPUSER_OPEN_RDWR : RUMPUSER_OPEN_RDONLY), fd);
	switch (error) {
	case EACCES:
	case EPERM:
	case ETXTBSY:
		return write ? EROFS : error;
	default:
		return error;
	}
}

/* A file that is not open yet.  hostfile_lock held. */
static int
add(const char *path, bool write, struct hostfile **hfp)
{
	struct hostfile *hf;
	int error, fd;

	error = host_open(path, write, &fd);
	if (error != 0)
		return error;
	hf = kmem_zalloc(sizeof(*hf), KM_SLEEP);
	hf->hf_path = kmem_strdup(path, KM_SLEEP);
	hf->hf_write = write;
	hf->hf_fd = fd;
	LIST_INSERT_HEAD(&hostfiles, hf, hf_entry);
	*hfp = hf;
	return 0;
}

int
hostfile_open(const char *path, bool write, int *fd)
{
	struct hostfile *hf;
	int error = 0;

	mutex_enter(&hostfile_lock);
	hf = find(path, write);
	if (hf == NULL)
		error = add(path, write, &hf);
	if (error == 0) {
		hf->hf_uses++;
		*fd = hf->hf_fd;
	}
	mutex_exit(&hostfile_lock);
	return error;
}

int
hostfile_close(int fd)
{
	struct hostfile *hf;
	int error = 0;

	mutex_enter(&hostfile_lock);
	LIST_FOREACH(hf, &hostfiles, hf_entry)
		if (hf->hf_fd == fd)
			break;
	KASSERT(hf != NULL);
	if (--hf->hf_uses == 0) {
		LIST_REMOVE(hf, hf_entry);
		error = rumpuser_close(fd);
		kmem_strfree(hf->hf_path);
		kmem_free(hf, sizeof(*hf));
	}
	mutex_exit(&hostfile_lock);
	return error;
}
