/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Calls on open files, compared with the host's kernel: the same random calls
 * on a few descriptors and names are made in a directory of the host and in one
 * of the rump kernel, on rumpfs and on tmpfs.  Results, errors, data, and
 * afterwards size, mode and times must agree.
 *
 * Left out is what the two mean to do differently: which times change by
 * themselves, set-id bits, fdatasync of what is not open for writing.
 */
#include <fcntl.h>
#include <stdbool.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "vfs.h"

#define STEPS	20000
#define SLOTS	5
#define NAMES	4
#define ROOM	3000

enum { OPEN, CLOSE, READ, WRITE, PREAD, PWRITE, SEEK, FTRUNCATE, TRUNCATE, FCHMOD,
	FCHMODAT, UTIMENS, FUTIMENS, UMASK, FSYNC, FLOCK, UNLINKAT, LINKAT, FACCESSAT,
	MKDIRAT, MKFIFOAT, FCHDIR, DUP, FSTATAT, OPS };
static const char *const op_names[] = {
	"openat", "close", "read", "write", "pread", "pwrite", "lseek",
	"ftruncate", "truncate", "fchmod", "fchmodat", "utimensat", "futimens",
	"umask", "fsync", "flock", "unlinkat", "linkat", "faccessat", "mkdirat",
	"mkfifoat", "fchdir", "dup", "fstatat",
};

struct step {
	int	op, slot, dirslot;
	unsigned bits;
	size_t	len;
	long	off;
	int	whence;
	char	name[16], name2[16];
	char	data[ROOM];
};

struct outcome {
	long	result;
	int	error;			/* the rump kernel's number */
	long	size, mode, links;
	long	atime, mtime, nsec;
	char	data[ROOM];
};

static int theirs[SLOTS], ours[SLOTS];	/* descriptors, or -1 */
static int their_dir, our_dir;		/* where names are, if no slot */

/* A descriptor's number never agrees, that there is one does. */
static long
as_slot(int *slot, int fd)
{

	if (fd == -1)
		return -1;
	*slot = fd;
	return 0;
}

/* ------------------------------------------------------------------ a plan */

static void
plan(struct step *s)
{
	static const char *const names[NAMES] = { "a", "b", "d", "d/c" };
	size_t i;

	s->op = (int)vfs_random(OPS);
	s->slot = (int)vfs_random(SLOTS);
	/* mostly the directory; else a file, or nothing at all */
	s->dirslot = vfs_random(8) == 0 ? (int)vfs_random(SLOTS) : -1;
	s->bits = vfs_random(4096);
	s->len = vfs_random(ROOM);
	s->off = (long)vfs_random(12000) - (vfs_random(4) == 0 ? 6000 : 0);
	/* which of two mistakes is found first is nobody's business */
	if (theirs[s->slot] == -1 || s->op == PREAD || s->op == PWRITE)
		s->off = labs(s->off);
	s->whence = (int)vfs_random(8) == 0 ? 9 : (int)vfs_random(3);
	strcpy(s->name, names[vfs_random(NAMES)]);
	strcpy(s->name2, names[vfs_random(NAMES)]);
	if (s->op == MKDIRAT)
		strcpy(s->name, "d");
	if (s->op == FLOCK && theirs[s->slot] == -1)
		s->bits &= ~3u;
	/* nothing to set: for Linux then nothing is looked up either */
	if ((s->bits & 48) == 48)
		s->bits &= ~32u;
	/* "p" is the only FIFO: what it would mean to cut one is open */
	if (s->op == MKFIFOAT || ((s->op == FCHMODAT || s->op == UTIMENS ||
	    s->op == FACCESSAT || s->op == UNLINKAT || s->op == FSTATAT) &&
	    vfs_random(4) == 0))
		strcpy(s->name, "p");
	for (i = 0; i < s->len; i++)
		s->data[i] = (char)('a' + (s->bits + i) % 26);
}

/* -------------------------------------------------------------- both sides */

static const struct {
	int	host, rump;
} open_flags[] = {
	{ O_CREAT, RUMP_O_CREAT }, { O_TRUNC, RUMP_O_TRUNC },
	{ O_APPEND, RUMP_O_APPEND }, { O_CREAT | O_EXCL, RUMP_O_CREAT |
	    RUMP_O_EXCL }, { O_DIRECTORY, RUMP_O_DIRECTORY },
};

/* What is there may be opened for Linux with O_CREAT only if it is no directory. */
static int
flags_of(const struct step *s, bool host)
{
	int f = (int)(s->bits % 3);	/* the same everywhere */
	unsigned i;

	f |= host ? O_NONBLOCK : RUMP_O_NONBLOCK;
	for (i = 0; i < 5; i++) {
		if ((s->bits >> (2 + 2 * i) & 3) == 0 && (i == 1 || i == 2 ||
		    i == 4 || strcmp(s->name, "d") != 0))
			f |= host ? open_flags[i].host : open_flags[i].rump;
	}
	if ((f & (host ? O_CREAT : RUMP_O_CREAT)) != 0)
		f &= ~(host ? O_DIRECTORY : RUMP_O_DIRECTORY);
	return f;
}

/* Of an open file now and then out of range. */
static long
nsec_of(const struct step *s)
{

	return s->op == FUTIMENS && s->bits % 8 == 0 &&
	    theirs[s->slot] != -1 ? 1000000000 : (long)(s->bits % 1000) * 1000;
}

/* The owner may always: on the host we may be nobody special. */
static unsigned
mode_of(const struct step *s)
{

	return 0700 | (s->bits & 077);
}

static int
flock_of(unsigned bits)
{
	static const int ops[] = { LOCK_SH, LOCK_EX, LOCK_UN, 0 };

	return ops[bits % 4] | LOCK_NB;		/* the same everywhere */
}

static void
there(const struct step *s, struct outcome *o)
{
	const struct timespec ts[2] = {
		{ s->off, (s->bits & 16) != 0 ? UTIME_OMIT : nsec_of(s) },
		{ (long)s->len, (s->bits & 32) != 0 ? UTIME_OMIT : 5000 } };
	const int dir = s->dirslot == -1 ? their_dir : theirs[s->dirslot];
	int *slot = &theirs[s->slot];
	struct stat st;
	long r = -1;

	memset(o, 0, sizeof(*o));
	errno = 0;
	switch (s->op) {
	case OPEN:
		if (*slot != -1)
			close(*slot);
		*slot = -1;
		r = as_slot(slot, openat(dir, s->name, flags_of(s, true),
		    0666));
		break;
	case CLOSE:
		r = close(*slot);
		*slot = -1;
		break;
	case READ:
		r = read(*slot, o->data, s->len);
		break;
	case WRITE:
		r = write(*slot, s->data, s->len);
		break;
	case PREAD:
		r = pread(*slot, o->data, s->len, s->off);
		break;
	case PWRITE:
		r = pwrite(*slot, s->data, s->len, s->off);
		break;
	case SEEK:
		/* positions in directories are the file system's own */
		r = fstat(*slot, &st) == 0 && S_ISDIR(st.st_mode) ? 0 :
		    lseek(*slot, s->off, s->whence);
		break;
	case FTRUNCATE:
		r = ftruncate(*slot, s->off);
		break;
	case TRUNCATE:
		r = truncate(s->name, s->off);
		break;
	case FCHMOD:
		r = fchmod(*slot, mode_of(s));
		break;
	case FCHMODAT:
		r = fchmodat(dir, s->name, mode_of(s), 0);
		break;
	case UTIMENS:
		r = utimensat(dir, s->name, ts, 0);
		break;
	case FUTIMENS:
		r = futimens(*slot, ts);
		break;
	case UMASK:
		r = umask(s->bits & 077);
		break;
	case FSYNC:
		r = fsync(*slot);
		break;
	case FLOCK:
		r = flock(*slot, flock_of(s->bits));
		break;
	case UNLINKAT:
		r = unlinkat(dir, s->name, (s->bits & 1) ? AT_REMOVEDIR : 0);
		break;
	case LINKAT:
		r = linkat(dir, s->name, their_dir, s->name2, 0);
		break;
	case FACCESSAT:
		r = faccessat(dir, s->name, (int)(s->bits & 7), 0);
		break;
	case MKDIRAT:
		r = mkdirat(dir, s->name, mode_of(s));
		break;
	case MKFIFOAT:
		r = mkfifoat(dir, s->name, mode_of(s));
		break;
	case FCHDIR:
		r = fchdir(*slot);
		if (r == 0)
			r = fchdir(their_dir);
		break;
	case DUP:
		r = dup(*slot);
		if (r != -1)
			r = close((int)r);
		break;
	case FSTATAT:
		r = fstatat(dir, s->name, &st, 0);
		break;
	}
	/* POSIX has EPERM for what Linux tells apart */
	if (s->op == UNLINKAT && r == -1 && errno == EISDIR)
		errno = EPERM;
	o->result = r;
	o->error = r == -1 ? vfs_errno(errno) : 0;
	if (s->op == UTIMENS)
		(void)fstatat(dir, s->name, &st, 0);
	else if ((s->op == FSTATAT ? (int)r : fstat(*slot, &st)) == -1)
		return;
	if (s->op == UTIMENS && r == -1)
		return;
	o->mode = st.st_mode & 07777;
	if (!S_ISDIR(st.st_mode)) {
		o->size = (long)st.st_size;
		o->links = (long)st.st_nlink;
	}
	if ((s->op == UTIMENS || s->op == FUTIMENS) && r == 0) {
		o->atime = (s->bits & 16) != 0 ? 0 : (long)st.st_atim.tv_sec;
		o->nsec = (s->bits & 16) != 0 ? 0 : st.st_atim.tv_nsec;
		o->mtime = (s->bits & 32) != 0 ? 0 : (long)st.st_mtim.tv_sec;
	}
}

static void
here(const struct step *s, struct outcome *o)
{
	const struct rump_timespec ts[2] = {
		{ s->off, (s->bits & 16) != 0 ? RUMP_UTIME_OMIT :
		    nsec_of(s) },
		{ (long)s->len, (s->bits & 32) != 0 ? RUMP_UTIME_OMIT : 5000 } };
	const int dir = s->dirslot == -1 ? our_dir : ours[s->dirslot];
	int *slot = &ours[s->slot];
	struct rump_stat st;
	long r = -1;

	memset(o, 0, sizeof(*o));
	errno = 0;
	switch (s->op) {
	case OPEN:
		if (*slot != -1)
			rump_sys_close(*slot);
		*slot = -1;
		r = as_slot(slot, rump_sys_openat(dir, s->name,
		    flags_of(s, false), 0666));
		break;
	case CLOSE:
		r = rump_sys_close(*slot);
		*slot = -1;
		break;
	case READ:
		r = rump_sys_read(*slot, o->data, s->len);
		break;
	case WRITE:
		r = rump_sys_write(*slot, s->data, s->len);
		break;
	case PREAD:
		r = rump_sys_pread(*slot, o->data, s->len, s->off);
		break;
	case PWRITE:
		r = rump_sys_pwrite(*slot, s->data, s->len, s->off);
		break;
	case SEEK:
		r = rump_sys_fstat(*slot, &st) == 0 &&
		    (st.st_mode & RUMP_S_IFMT) == RUMP_S_IFDIR ? 0 :
		    (long)rump_sys_lseek(*slot, s->off, s->whence);
		break;
	case FTRUNCATE:
		r = rump_sys_ftruncate(*slot, s->off);
		break;
	case TRUNCATE:
		r = rump_sys_truncate(s->name, s->off);
		break;
	case FCHMOD:
		r = rump_sys_fchmod(*slot, mode_of(s));
		break;
	case FCHMODAT:
		r = rump_sys_fchmodat(dir, s->name, mode_of(s), 0);
		break;
	case UTIMENS:
		r = rump_sys_utimensat(dir, s->name, ts, 0);
		break;
	case FUTIMENS:
		r = rump_sys_futimens(*slot, ts);
		break;
	case UMASK:
		r = rump_sys_umask(s->bits & 077);
		break;
	case FSYNC:
		r = rump_sys_fsync(*slot);
		break;
	case FLOCK:
		r = rump_sys_flock(*slot, flock_of(s->bits));
		break;
	case UNLINKAT:
		r = rump_sys_unlinkat(dir, s->name,
		    (s->bits & 1) ? RUMP_AT_REMOVEDIR : 0);
		break;
	case LINKAT:
		r = rump_sys_linkat(dir, s->name, our_dir, s->name2, 0);
		break;
	case FACCESSAT:
		r = rump_sys_faccessat(dir, s->name, (int)(s->bits & 7), 0);
		break;
	case MKDIRAT:
		r = rump_sys_mkdirat(dir, s->name, mode_of(s));
		break;
	case MKFIFOAT:
		r = rump_sys_mkfifoat(dir, s->name, mode_of(s));
		break;
	case FCHDIR:
		r = rump_sys_fchdir(*slot);
		if (r == 0)
			r = rump_sys_fchdir(our_dir);
		break;
	case DUP:
		r = rump_sys_dup(*slot);
		if (r != -1)
			r = rump_sys_close((int)r);
		break;
	case FSTATAT:
		r = rump_sys_fstatat(dir, s->name, &st, 0);
		break;
	}
	o->result = r;
	o->error = r == -1 ? errno : 0;
	if (s->op == UTIMENS)
		(void)rump_sys_fstatat(dir, s->name, &st, 0);
	else if ((s->op == FSTATAT ? (int)r : rump_sys_fstat(*slot, &st)) == -1)
		return;
	if (s->op == UTIMENS && r == -1)
		return;
	o->mode = st.st_mode & 07777;
	if ((st.st_mode & RUMP_S_IFMT) != RUMP_S_IFDIR) {
		o->size = (long)st.st_size;
		o->links = (long)st.st_nlink;
	}
	if ((s->op == UTIMENS || s->op == FUTIMENS) && r == 0) {
		o->atime = (s->bits & 16) != 0 ? 0 : (long)st.st_atim.tv_sec;
		o->nsec = (s->bits & 16) != 0 ? 0 : st.st_atim.tv_nsec;
		o->mtime = (s->bits & 32) != 0 ? 0 : (long)st.st_mtim.tv_sec;
	}
}

static void
show(const struct step *s, int i, const struct outcome *got,
    const struct outcome *want)
{

	printf("# step %d: %s slot %d dir %d (\"%s\", \"%s\") bits %#x len %zu "
	    "off %ld whence %d:\n#  result %ld errno %d size %ld mode %lo "
	    "links %ld times %ld.%ld %ld,\n#  wanted %ld errno %d size %ld "
	    "mode %lo links %ld times %ld.%ld %ld\n", i, op_names[s->op],
	    s->slot, s->dirslot, s->name, s->name2, s->bits, s->len, s->off,
	    s->whence, got->result, got->error, got->size,
	    (unsigned long)got->mode, got->links, got->atime, got->nsec,
	    got->mtime, want->result, want->error, want->size,
	    (unsigned long)want->mode, want->links, want->atime, want->nsec,
	    want->mtime);
	fflush(stdout);
}

static void
compare(void)
{
	static struct outcome got, want;
	static struct step s;
	int i;

	for (i = 0; i < STEPS; i++) {
		plan(&s);
		there(&s, &want);
		here(&s, &got);
		if (memcmp(&got, &want, sizeof(got)) == 0)
			continue;
		T_CHECK(0 && "as the host");
		show(&s, i, &got, &want);
		return;
	}
}

static void
as_the_host(const char *dir, unsigned long seed)
{
	char host[] = "/tmp/haunch-files.XXXXXX", command[64];
	int i;

	vfs_seed = getenv("SEED") != NULL ? strtoul(getenv("SEED"), NULL, 0) :
	    seed;
	T_ASSERT(mkdtemp(host) != NULL && chdir(host) == 0);
	T_ASSERT_EQ(rump_sys_chdir(dir), 0);
	their_dir = open(".", O_RDONLY);
	our_dir = rump_sys_open(".", RUMP_O_RDONLY);
	T_ASSERT(their_dir != -1 && our_dir != -1);
	for (i = 0; i < SLOTS; i++)
		theirs[i] = ours[i] = -1;
	umask(022);
	rump_sys_umask(022);
	compare();
	for (i = 0; i < SLOTS; i++) {
		if (theirs[i] != -1)
			close(theirs[i]);
		if (ours[i] != -1)
			rump_sys_close(ours[i]);
	}
	close(their_dir);
	rump_sys_close(our_dir);
	T_CHECK_EQ(rump_sys_chdir("/"), 0);
	snprintf(command, sizeof(command), "rm -rf %s", host);
	T_CHECK(chdir("/") == 0 && system(command) == 0);
}

static void
rumpfs(void)
{

	T_ASSERT_EQ(rump_sys_mkdir("/r", 0755), 0);
	as_the_host("/r", 1);
}

static void
tmpfs(void)
{

	T_ASSERT_EQ(rump_sys_mkdir("/t", 0755), 0);
	T_ASSERT_EQ(vfs_mount_tmpfs("/t", 0), 0);
	as_the_host("/t", 2);
	T_CHECK_EQ(rump_sys_unmount("/t", 0), 0);
}

VFS_MAIN(T(rumpfs), T(tmpfs))
