/* SPDX-License-Identifier: BSD-2-Clause */

/*
 * Memory disks; see memdisk.h and rump/rumpuser_memdisk.h.
 *
 * The table is under its guard. An open disk cannot be removed, so transfers read the base and
 * size of its entry without. Transfers that overlap may mix, as they may on any disk.
 */

#include "memdisk.h"

#include "rump/rumpuser_memdisk.h"
#include "hyp.h"
#include "wait.h"

#define MEMDISK_FD 0x4d000000  /* the first descriptor; no host gives out so many */
#define MEMDISK_COUNT 64

#define PREFIX "memdisk:"
#define PREFIX_LEN (sizeof(PREFIX) - 1)
#define NAME_LEN 32

static struct memdisk {
	char md_name[NAME_LEN];  /* "" if the entry is free */
	char *md_base;
	size_t md_size;
	bool md_rdonly;
	bool md_owned;           /* the library's memory */
	unsigned md_opens;
} disks[MEMDISK_COUNT];

bool
memdisk_is(int fd)
{

	return (unsigned)fd - MEMDISK_FD < MEMDISK_COUNT;
}

bool
memdisk_names(const char *name)
{

	return strncmp(name, PREFIX, PREFIX_LEN) == 0;
}

/* The entry of that name ("" finds a free one), or NULL; under the guard. */
static struct memdisk *
disk_find(const char *name)
{

	for (size_t i = 0; i < MEMDISK_COUNT; i++)
		if (strcmp(disks[i].md_name, name) == 0)
			return &disks[i];
	return NULL;
}

static int
disk_insert(const struct memdisk *new)
{
	struct guard *g = guard_enter(disks);
	struct memdisk *md = NULL;
	int error = 0;

	if (disk_find(new->md_name) != NULL)
		error = NB_EEXIST;
	else if ((md = disk_find("")) == NULL)
		error = NB_EMFILE;
	else
		*md = *new;
	guard_exit(g);
	return error;
}

int
rumpuser_memdisk_add(const char *name, void *base, size_t size, int flags)
{
	struct memdisk md = { .md_size = size, .md_owned = base == NULL,
	    .md_rdonly = (flags & RUMPUSER_MEMDISK_RDONLY) != 0 };
	int error;

	if (name[0] == '\0' || size == 0 || hyp_strcopy(md.md_name, NAME_LEN, name) != 0)
		return NB_EINVAL;
	if (base == NULL) {
		error = core_map(NULL, size, 1, false, &base);
		if (error != 0)
			return error;
	}
	md.md_base = base;
	error = disk_insert(&md);
	if (error != 0 && md.md_owned)
		core_unmap(md.md_base, size);
	return error;
}

int
rumpuser_memdisk_remove(const char *name)
{
	struct guard *g = guard_enter(disks);
	struct memdisk *md = name[0] != '\0' ? disk_find(name) : NULL, old = { .md_opens = 0 };
	int error = 0;

	if (md == NULL)
		error = NB_ENOENT;
	else if (md->md_opens != 0)
		error = NB_EBUSY;
	else {
		old = *md;
		*md = (struct memdisk){ .md_opens = 0 };
	}
	guard_exit(g);
	if (old.md_owned)
		core_unmap(old.md_base, old.md_size);
	return error;
}

int
memdisk_open(const char *name, int mode, int *fd)
{
	struct guard *g = guard_enter(disks);
	struct memdisk *md = name[PREFIX_LEN] != '\0' ? disk_find(name + PREFIX_LEN) : NULL;
	int error = 0;

	if (md == NULL)
		error = NB_ENOENT;
	else if ((mode & RUMPUSER_OPEN_CREATE) && (mode & RUMPUSER_OPEN_EXCL))
		error = NB_EEXIST;
	else if (md->md_rdonly && (mode & RUMPUSER_OPEN_ACCMODE) != RUMPUSER_OPEN_RDONLY)
		error = NB_EROFS;
	else {
		md->md_opens++;
		*fd = MEMDISK_FD + (int)(md - disks);
	}
	guard_exit(g);
	return error;
}

int
memdisk_close(int fd)
{
	struct guard *g = guard_enter(disks);
	struct memdisk *md = &disks[fd - MEMDISK_FD];
	int error = md->md_opens != 0 ? 0 : NB_EBADF;

	if (error == 0)
		md->md_opens--;
	guard_exit(g);
	return error;
}

int
memdisk_info(const char *name, uint64_t *size, int *type)
{
	struct guard *g = guard_enter(disks);
	struct memdisk *md = name[PREFIX_LEN] != '\0' ? disk_find(name + PREFIX_LEN) : NULL;

	if (md != NULL) {
		*size = md->md_size;
		*type = RUMPUSER_FT_BLK;
	}
	guard_exit(g);
	return md != NULL ? 0 : NB_ENOENT;
}

int
memdisk_rw(int fd, bool write, const struct rumpuser_iovec *iov, size_t iovlen, int64_t off,
    size_t *moved)
{
	struct memdisk *md = &disks[fd - MEMDISK_FD];
	size_t pos, len;

	*moved = 0;
	if (md->md_opens == 0 || (write && md->md_rdonly))
		return NB_EBADF;
	if ((uint64_t)off >= md->md_size)
		return write ? NB_ENOSPC : 0;
	pos = (size_t)off;
	for (size_t i = 0; i < iovlen && pos < md->md_size; i++, pos += len) {
		len = md->md_size - pos < iov[i].iov_len ? md->md_size - pos : iov[i].iov_len;
		if (write)
			memcpy(md->md_base + pos, iov[i].iov_base, len);
		else
			memcpy(iov[i].iov_base, md->md_base + pos, len);
		*moved += len;
	}
	return 0;
}
