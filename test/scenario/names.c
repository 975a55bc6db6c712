/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What a worker does with files and names, on tmpfs and on FAT:
 *
 *   its own files    written, read, cut, renamed across directories, made anew;
 *                    each call must succeed, and contents are as in a model
 *   files of others  opened and read: they may be gone
 *   names of all     made, removed, renamed, linked; files and directories
 *   counters         read and written under flock(2)
 *   logs             O_APPEND; each record stays whole, in order
 *   OTHER            where mounts come and go, by force
 */
#include <stdio.h>
#include <string.h>

#include <rump/rump.h>
#include <rump/rump_syscalls.h>
#include <rump/rumpdefs.h>

#include "scenario.h"

struct record {
	unsigned	from, number;
};

/* ------------------------------------------------------------------ own files */

static void
own_name(struct worker *w, struct own *f, char path[40])
{
	unsigned kind = f >= w->files[1];

	snprintf(path, 40, "%s/d%u/%u.%u", kinds[kind], pick(w, DIRS), w->me,
	    (unsigned)(f - w->files[kind]));
}

static void
own_make(struct worker *w, struct own *f)
{
	const int flags = RUMP_O_RDWR | RUMP_O_CREAT | RUMP_O_EXCL;

	memset(f, 0, sizeof(*f));
	own_name(w, f, f->path);
	if (rump_sys_close(rump_sys_open(f->path, flags, 0644)) != 0)
		WRONG(w);
	f->there = true;
}

static void
own_remove(struct worker *w, struct own *f)
{

	if (rump_sys_unlink(f->path) != 0)
		WRONG(w);
	f->there = false;
}

static void
own_rename(struct worker *w, struct own *f)
{
	char to[40];

	own_name(w, f, to);
	if (rump_sys_rename(f->path, to) != 0)
		WRONG(w);
	memcpy(f->path, to, sizeof(to));
}

static void
own_cut(struct worker *w, struct own *f)
{
	unsigned size = pick(w, FILE_MOST);

	if (rump_sys_truncate(f->path, size) != 0)
		WRONG(w);
	if (size < f->size)
		memset(f->bytes + size, 0, f->size - size);
	f->size = size;
}

static void
own_write(struct worker *w, struct own *f)
{
	unsigned at = pick(w, FILE_MOST), n = 1 + pick(w, FILE_MOST - at);
	int fd = rump_sys_open(f->path, RUMP_O_RDWR);

	memset(f->bytes + at, (int)pick(w, 256), n);
	if (fd == -1 ||
	    rump_sys_pwrite(fd, f->bytes + at, n, at) != (ssize_t)n)
		WRONG(w);
	if (at + n > f->size)
		f->size = at + n;
	if (pick(w, 16) == 0 && rump_sys_fsync(fd) != 0)
		WRONG(w);
	if (rump_sys_close(fd) != 0)
		WRONG(w);
}

static void
own_read(struct worker *w, struct own *f)
{
	unsigned char bytes[FILE_MOST + 1];
	int fd = rump_sys_open(f->path, RUMP_O_RDONLY);

	if (fd == -1 ||
	    rump_sys_pread(fd, bytes, sizeof(bytes), 0) != (ssize_t)f->size ||
	    memcmp(bytes, f->bytes, f->size) != 0)
		WRONG(w);
	if (rump_sys_close(fd) != 0)
		WRONG(w);
}

static void
own(struct worker *w, unsigned kind)
{
	static void (*const what[])(struct worker *, struct own *) = {
		own_remove, own_rename, own_rename, own_cut, own_write,
		own_write, own_read, own_read,
	};
	struct own *f = &w->files[kind][pick(w, FILES)];

	if (!f->there)
		own_make(w, f);
	else
		(*what[pick(w, sizeof(what) / sizeof(what[0]))])(w, f);
}

/* --------------------------------------------------------------- shared names */

/* What may become of a name that others use, too. */
static void
may_fail(struct worker *w, int result, bool mounts)
{

	if (result != -1)
		return;
	switch (errno) {
	case RUMP_ENOENT:
	case RUMP_EEXIST:
	case RUMP_ENOTDIR:
	case RUMP_EISDIR:
	case RUMP_ENOTEMPTY:
	case RUMP_EINVAL:	/* a directory into itself */
		break;
	case RUMP_EPERM:	/* a link to a directory */
	case RUMP_EOPNOTSUPP:	/* FAT has no links */
	case RUMP_EMLINK:
		break;
	case RUMP_EXDEV:	/* from one mount to another */
	case RUMP_EBADF:
	case RUMP_EIO:
	case RUMP_ENXIO:
	case RUMP_EBUSY:
		if (mounts)
			break;
		/* FALLTHROUGH */
	default:
		WRONG(w);
	}
}

static void
common_name(struct worker *w, const char *top, char path[40])
{
	size_t at;

	at = (size_t)snprintf(path, 40, "%s/d%u/s%u", top, pick(w, DIRS),
	    pick(w, 2));
	if (pick(w, 2) == 0)
		snprintf(path + at, 40 - at, "/s%u", pick(w, 2));
}

static void
use(struct worker *w, const char *path, int flags, bool mounts)
{
	char buf[600] = "";
	int fd = rump_sys_open(path, flags, 0644);

	may_fail(w, fd, mounts);
	if (fd == -1)
		return;
	may_fail(w, (int)rump_sys_pread(fd, buf, sizeof(buf), 0), mounts);
	if ((flags & RUMP_O_ACCMODE) != RUMP_O_RDONLY)
		may_fail(w, (int)rump_sys_pwrite(fd, buf, sizeof(buf),
		    pick(w, 5000)), mounts);
	may_fail(w, rump_sys_close(fd), mounts);
}

static void
common(struct worker *w, const char *top, bool mounts)
{
	struct rump_stat st;
	char a[40], b[40];

	common_name(w, top, a);
	common_name(w, top, b);
	switch (pick(w, 9)) {
	case 0:
		may_fail(w, rump_sys_mkdir(a, 0755), mounts);
		break;
	case 1:
		may_fail(w, rump_sys_rmdir(a), mounts);
		break;
	case 2:
		may_fail(w, rump_sys_unlink(a), mounts);
		break;
	case 3:
	case 4:
		may_fail(w, rump_sys_rename(a, b), mounts);
		break;
	case 5:
		may_fail(w, rump_sys_link(a, b), mounts);
		break;
	case 6:
		may_fail(w, rump_sys_stat(a, &st), mounts);
		break;
	default:
		use(w, a, RUMP_O_RDWR | RUMP_O_CREAT, mounts);
	}
}

static void
list(struct worker *w, unsigned kind)
{
	char path[40], buf[2000];
	int fd;

	snprintf(path, sizeof(path), "%s/d%u", kinds[kind], pick(w, DIRS));
	fd = rump_sys_open(path, RUMP_O_RDONLY);
	if (fd == -1 || rump_sys_getdents(fd, buf, sizeof(buf)) <= 0 ||
	    rump_sys_close(fd) != 0)
		WRONG(w);
}

static void
look(struct worker *w, unsigned kind)
{
	char path[40];

	snprintf(path, sizeof(path), "%s/d%u/%u.%u", kinds[kind], pick(w, DIRS),
	    pick(w, THREADS), pick(w, FILES));
	use(w, path, RUMP_O_RDONLY, false);
}

/* ---------------------------------------------------------- counters and logs */

static void
count(struct worker *w, unsigned kind)
{
	char path[40];
	unsigned n = 0;
	int fd;

	snprintf(path, sizeof(path), "%s/count", kinds[kind]);
	fd = rump_sys_open(path, RUMP_O_RDWR);
	if (fd == -1 || rump_sys_flock(fd, RUMP_LOCK_EX) != 0 ||
	    rump_sys_pread(fd, &n, sizeof(n), 0) != sizeof(n))
		WRONG(w);
	n++;
	/* closing alone would not do: a fork may have copied the descriptor */
	if (rump_sys_pwrite(fd, &n, sizeof(n), 0) != sizeof(n) ||
	    rump_sys_flock(fd, RUMP_LOCK_UN) != 0 || rump_sys_close(fd) != 0)
		WRONG(w);
	w->added[kind]++;
}

static void
append(struct worker *w, unsigned kind)
{
	struct record r = { w->me, w->appended[kind]++ };
	char path[40];
	int fd;

	snprintf(path, sizeof(path), "%s/log", kinds[kind]);
	fd = rump_sys_open(path, RUMP_O_WRONLY | RUMP_O_APPEND);
	if (fd == -1 || rump_sys_write(fd, &r, sizeof(r)) != sizeof(r) ||
	    rump_sys_close(fd) != 0)
		WRONG(w);
}

static void
sum(struct worker *all, unsigned kind)
{
	unsigned seen[THREADS] = { 0 }, total = 0, have = 0, i;
	struct record r;
	char path[40];
	int fd;

	snprintf(path, sizeof(path), "%s/count", kinds[kind]);
	fd = rump_sys_open(path, RUMP_O_RDONLY);
	if (rump_sys_read(fd, &have, sizeof(have)) != sizeof(have))
		WRONG(all);
	(void)rump_sys_close(fd);
	snprintf(path, sizeof(path), "%s/log", kinds[kind]);
	fd = rump_sys_open(path, RUMP_O_RDONLY);
	while (rump_sys_read(fd, &r, sizeof(r)) == sizeof(r)) {
		if (r.from >= THREADS || r.number != seen[r.from]++) {
			WRONG(all);
			break;
		}
	}
	(void)rump_sys_close(fd);
	for (i = 0; i < THREADS; i++) {
		total += all[i].added[kind];
		if (seen[i] != all[i].appended[kind])
			WRONG(&all[i]);
	}
	if (have != total)
		WRONG(all);
}

/* -------------------------------------------------------------------- all */

void
names_step(struct worker *w)
{
	unsigned kind = pick(w, KINDS), which = pick(w, 100);

	if (which < 45)
		own(w, kind);
	else if (which < 65)
		common(w, kinds[kind], false);
	else if (which < 75)
		common(w, OTHER, true);
	else if (which < 85)
		look(w, kind);
	else if (which < 88)
		list(w, kind);
	else if (which < 93)
		count(w, kind);
	else if (which < 98)
		append(w, kind);
	else
		rump_sys_sync();
}

void
names_verify(struct worker *w)
{
	unsigned kind, i;

	for (kind = 0; kind < KINDS; kind++)
		for (i = 0; i < FILES; i++)
			if (w->files[kind][i].there)
				own_read(w, &w->files[kind][i]);
}

void
names_sums(struct worker *all)
{
	unsigned kind;

	for (kind = 0; kind < KINDS; kind++)
		sum(all, kind);
}
