/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Names and paths, compared with the host's kernel: the same random calls on
 * paths of the same few names are made in a directory of the host and in one
 * of the rump kernel, on rumpfs and on tmpfs.  Results and errors must agree,
 * and every now and then the two trees.
 *
 * The tree is at the end of a long path, so that ".." in paths and in symbolic
 * links can go upwards without leaving what both sides have made.  Where
 * NetBSD and Linux mean to differ, expected() says so.
 */
#include <dirent.h>
#include <fcntl.h>
#include <ftw.h>
#include <stdbool.h>
#include <sys/stat.h>
#include <unistd.h>

#include "vfs.h"

#define STEPS	20000
#define TOWER	20		/* directories above the tree */

enum { OPEN, MKDIR, RMDIR, UNLINK, RENAME, LINK, SYMLINK, READLINK, STAT, LSTAT,
	ACCESS, TRUNCATE, CHMOD, OPS };
static const char * const op_names[] = {
	"open", "mkdir", "rmdir", "unlink", "rename", "linkat", "symlink",
	"readlink", "stat", "lstat", "access", "truncate", "chmod",
};

struct step {
	int	op;
	unsigned bits;
	char	path[400], path2[400];
};

struct outcome {
	long	result;
	int	error;		/* the rump kernel's number */
	unsigned type;
	long	size;
	char	link[400];
};

/* ------------------------------------------------------------------ a plan */

static void
random_name(char *to)
{
	static const char * const names[] = {
		"a", "b", "c", "dd", "e", ".", "..", "none",
	};
	unsigned n = vfs_random(80);

	if (n == 0) {
		memset(to, 'x', 256);	/* one more than a name may have */
		to[256] = '\0';
	} else {
		strcpy(to, names[n % (n < 60 ? 5 : 8)]);
	}
}

static void
random_path(char *to)
{
	unsigned n = 1 + vfs_random(3);

	*to = '\0';
	while (n-- > 0) {
		random_name(to + strlen(to));
		if (n > 0)
			strcat(to, vfs_random(20) == 0 ? "//" : "/");
		if (strlen(to) > 256)
			break;
	}
	if (vfs_random(15) == 0)
		strcat(to, "/");
}

static bool
has_slash(const char *path)
{

	return path[strlen(path) - 1] == '/';
}

static void
plan(struct step *s)
{

	s->op = (int)vfs_random(OPS);
	s->bits = vfs_random(1024);
	random_path(s->path);
	random_path(s->path2);
	/*
	 * "link/" is what the link leads to for NetBSD, and the link, which is
	 * no directory, for Linux when a name is to be made or removed.
	 */
	if (s->op >= MKDIR && s->op <= SYMLINK) {
		s->path[strlen(s->path) - (has_slash(s->path) ? 1 : 0)] = '\0';
		s->path2[strlen(s->path2) - (has_slash(s->path2) ? 1 : 0)] = '\0';
	}
}

/* -------------------------------------------------------------- both sides */

static const struct {
	int	host, rump;
} open_flags[] = {
	{ O_CREAT, RUMP_O_CREAT }, { O_EXCL, RUMP_O_EXCL },
	{ O_TRUNC, RUMP_O_TRUNC }, { O_NOFOLLOW, RUMP_O_NOFOLLOW },
	{ O_APPEND, RUMP_O_APPEND }, { O_DIRECTORY, RUMP_O_DIRECTORY },
};

static int
flags_of(unsigned bits, bool host)
{
	int f = (int)(bits % 3);	/* the same everywhere */
	unsigned i;

	for (i = 0; i < 6; i++) {
		/* the last two need luck */
		if ((bits >> (2 + i) & 1) != 0 &&
		    (i != 5 || (bits >> 8 & 3) == 0))
			f |= host ? open_flags[i].host : open_flags[i].rump;
	}
	/* without creation, exclusiveness is undefined */
	if ((f & (host ? O_CREAT : RUMP_O_CREAT)) == 0)
		f &= ~(host ? O_EXCL : RUMP_O_EXCL);
	return f;
}

static void
there(const struct step *s, struct outcome *o)
{
	struct stat st;
	long r = -1;

	memset(o, 0, sizeof(*o));
	errno = 0;
	switch (s->op) {
	case OPEN:
		r = open(s->path, flags_of(s->bits, true), 0644);
		if (r != -1) {
			if ((s->bits & 3) == 1 && write((int)r, "12345", 5) == -1)
				o->size = -1;
			close((int)r);
			r = 0;
		}
		break;
	case MKDIR:
		r = mkdir(s->path, 0755);
		break;
	case RMDIR:
		r = rmdir(s->path);
		break;
	case UNLINK:
		r = unlink(s->path);
		break;
	case RENAME:
		r = rename(s->path, s->path2);
		break;
	case LINK:
		r = linkat(AT_FDCWD, s->path, AT_FDCWD, s->path2,
		    (s->bits & 1) != 0 ? AT_SYMLINK_FOLLOW : 0);
		break;
	case SYMLINK:
		r = symlink(s->path2, s->path);
		break;
	case READLINK:
		r = readlink(s->path, o->link, sizeof(o->link));
		break;
	case STAT:
	case LSTAT:
		r = s->op == STAT ? stat(s->path, &st) : lstat(s->path, &st);
		if (r == 0) {
			o->type = st.st_mode & S_IFMT;
			o->size = o->type == S_IFDIR ? 0 : st.st_size * 100 +
			    (long)st.st_nlink;
		}
		break;
	case ACCESS:
		r = access(s->path, (int)(s->bits & 7));
		break;
	case TRUNCATE:
		r = truncate(s->path, s->bits % 9000);
		break;
	case CHMOD:
		r = chmod(s->path, 0600 | (s->bits & 077));
		break;
	}
	o->result = r;
	o->error = r == -1 ? vfs_errno(errno) : 0;
}

static void
here(const struct step *s, struct outcome *o)
{
	struct rump_stat st;
	long r = -1;

	memset(o, 0, sizeof(*o));
	errno = 0;
	switch (s->op) {
	case OPEN:
		r = rump_sys_open(s->path, flags_of(s->bits, false), 0644);
		if (r != -1) {
			if ((s->bits & 3) == 1 &&
			    rump_sys_write((int)r, "12345", 5) == -1)
				o->size = -1;
			rump_sys_close((int)r);
			r = 0;
		}
		break;
	case MKDIR:
		r = rump_sys_mkdir(s->path, 0755);
		break;
	case RMDIR:
		r = rump_sys_rmdir(s->path);
		break;
	case UNLINK:
		r = rump_sys_unlink(s->path);
		break;
	case RENAME:
		r = rump_sys___posix_rename(s->path, s->path2);
		break;
	case LINK:
		r = rump_sys_linkat(RUMP_AT_FDCWD, s->path, RUMP_AT_FDCWD,
		    s->path2, (s->bits & 1) != 0 ? RUMP_AT_SYMLINK_FOLLOW : 0);
		break;
	case SYMLINK:
		r = rump_sys_symlink(s->path2, s->path);
		break;
	case READLINK:
		r = rump_sys_readlink(s->path, o->link, sizeof(o->link));
		break;
	case STAT:
	case LSTAT:
		r = s->op == STAT ? rump_sys_stat(s->path, &st) :
		    rump_sys_lstat(s->path, &st);
		if (r == 0) {
			o->type = st.st_mode & RUMP_S_IFMT;
			o->size = o->type == RUMP_S_IFDIR ? 0 :
			    (long)st.st_size * 100 + (long)st.st_nlink;
		}
		break;
	case ACCESS:
		r = rump_sys_access(s->path, (int)(s->bits & 7));
		break;
	case TRUNCATE:
		r = rump_sys_truncate(s->path, s->bits % 9000);
		break;
	case CHMOD:
		r = rump_sys_chmod(s->path, 0600 | (s->bits & 077));
		break;
	}
	o->result = r;
	o->error = r == -1 ? errno : 0;
}

/* ------------------------------------------------- where the two may differ */

static bool
ends_in(const char *path, const char *end)
{
	size_t n = strlen(path), m = strlen(end);

	while (n > 0 && path[n - 1] == '/')
		n--;
	return n >= m && strncmp(path + n - m, end, m) == 0 &&
	    (n == m || path[n - m - 1] == '/');
}

static bool
is_dots(const char *path)
{

	return ends_in(path, ".") || ends_in(path, "..");
}

/* Is this a step at which NetBSD's answer is not Linux's? */
static bool
differs_by_design(const struct step *s, const struct outcome *want,
    const struct outcome *got)
{
	const int h = want->error, r = got->error;

	/* of two paths that are both bad, which is found to be so first? */
	if (h != 0 && r != 0 && (s->op == RENAME || s->op == LINK))
		return true;
	/* links that make the path longer and longer: NetBSD's limit is lower */
	if (h == RUMP_ELOOP && r == RUMP_ENAMETOOLONG)
		return true;
	switch (s->op) {
	case OPEN:
		if ((s->bits & 0x4) != 0) {
			/* a directory is opened for reading all the same */
			if (h == RUMP_EISDIR)
				return true;
			/* Linux makes no file for "name/" */
			if (has_slash(s->path))
				return true;
			/* both flags: refused first thing */
			if (r == RUMP_EINVAL)
				return true;
		}
		/* the link itself */
		return (s->bits & 0x20) != 0 && r == RUMP_EFTYPE &&
		    (h == RUMP_ELOOP || h == RUMP_ENOTDIR);
	case UNLINK:
		return r == RUMP_EPERM && h == RUMP_EISDIR;
	case LINK:
	case SYMLINK:
	case MKDIR:
	case RENAME:
	case RMDIR:
		/* what is at fault first: the name, or what is there */
		return h != 0 && r != 0 && (is_dots(s->path) ||
		    is_dots(s->path2));
	default:
		return false;
	}
}

/* ------------------------------------------------------------------- trees */

struct listing {
	char	names[64][260];
	int	n;
};

static int
by_name(const void *a, const void *b)
{

	return strcmp(a, b);
}

static void
list_there(const char *path, struct listing *l)
{
	struct dirent *d;
	DIR *dir = opendir(path);

	l->n = 0;
	if (dir == NULL)
		return;
	while ((d = readdir(dir)) != NULL && l->n < 64)
		strcpy(l->names[l->n++], d->d_name);
	closedir(dir);
	qsort(l->names, (size_t)l->n, sizeof(l->names[0]), by_name);
}

static void
list_here(const char *path, struct listing *l)
{
	const struct rump_dirent *d;
	char buf[4096];
	int fd, n, at;

	l->n = 0;
	if ((fd = rump_sys_open(path, RUMP_O_RDONLY | RUMP_O_DIRECTORY)) == -1)
		return;
	while ((n = rump_sys_getdents(fd, buf, sizeof(buf))) > 0) {
		for (at = 0; at < n; at += d->d_reclen) {
			d = (const void *)(buf + at);
			if (l->n < 64)
				strcpy(l->names[l->n++], d->d_name);
		}
	}
	rump_sys_close(fd);
	qsort(l->names, (size_t)l->n, sizeof(l->names[0]), by_name);
}

/* Compare two directories, and what is in them. */
static int
same_tree(const char *path, int depth)
{
	struct listing *want = malloc(sizeof(*want)), *got = malloc(sizeof(*got));
	struct stat st;
	char sub[800];
	int i, same;

	list_there(path, want);
	list_here(path, got);
	same = T_CHECK_EQ(got->n, want->n);
	for (i = 0; same && i < want->n; i++) {
		same = T_CHECK_STR(got->names[i], want->names[i]);
		if (strcmp(want->names[i], ".") == 0 ||
		    strcmp(want->names[i], "..") == 0 || depth > 12)
			continue;
		snprintf(sub, sizeof(sub), "%s/%s", path, want->names[i]);
		if (same && lstat(sub, &st) == 0 && S_ISDIR(st.st_mode))
			same = same_tree(sub, depth + 1);
	}
	free(want);
	free(got);
	return same;
}

/* -------------------------------------------------------------------- cases */

static void
show(const struct step *s, int i, const struct outcome *got,
    const struct outcome *want)
{

	printf("# step %d: %s(\"%.40s\", \"%.40s\") bits %#x: "
	    "result %ld errno %d size %ld, wanted %ld errno %d size %ld\n", i,
	    op_names[s->op], s->path, s->path2, s->bits, got->result,
	    got->error, got->size, want->result, want->error, want->size);
	fflush(stdout);
}

static char hostdir[32];

static int
remove_one(const char *path, const struct stat *st, int type, struct FTW *ftw)
{

	return remove(path);
}

/* Go down the tower on both sides, making it. */
static int
towers(const char *top)
{
	char name[16];
	int i;

	strcpy(hostdir, "/tmp/haunch-paths.XXXXXX");
	if (mkdtemp(hostdir) == NULL || chdir(hostdir) != 0 ||
	    rump_sys_chdir(top) != 0)
		return -1;
	for (i = 0; i < TOWER; i++) {
		snprintf(name, sizeof(name), "t%d", i);
		if (mkdir(name, 0755) != 0 || chdir(name) != 0 ||
		    rump_sys_mkdir(name, 0755) != 0 ||
		    rump_sys_chdir(name) != 0)
			return -1;
	}
	return 0;
}

static void
compare(void)
{
	struct outcome got, want;
	struct step s;
	int i;

	for (i = 0; i < STEPS; i++) {
		plan(&s);
		there(&s, &want);
		here(&s, &got);
		if (differs_by_design(&s, &want, &got)) {
			/* one of them did it: put that right */
			if ((want.error == 0) != (got.error == 0)) {
				if (!same_tree(".", 0)) {
					show(&s, i, &got, &want);
					return;
				}
			}
			continue;
		}
		if (got.result != want.result || got.error != want.error ||
		    got.type != want.type || got.size != want.size ||
		    memcmp(got.link, want.link, sizeof(got.link)) != 0) {
			T_CHECK(0 && "as the host");
			show(&s, i, &got, &want);
			return;
		}
		if (i % 200 == 0 && !same_tree(".", 0)) {
			show(&s, i, &got, &want);
			return;
		}
	}
	T_CHECK(same_tree(".", 0));
}

static void
as_the_host(const char *top, unsigned long seed)
{

	vfs_seed = seed;
	T_ASSERT_EQ(towers(top), 0);
	compare();
	T_CHECK_EQ(chdir("/"), 0);
	T_CHECK_EQ(nftw(hostdir, remove_one, 200, FTW_DEPTH | FTW_PHYS), 0);
}

static void
rumpfs(void)
{

	T_ASSERT_EQ(rump_sys_mkdir("/w", 0755), 0);
	/* SEED=n: runs of the tester's own */
	as_the_host("/w", getenv("SEED") != NULL ? strtoul(getenv("SEED"), NULL, 0) : 1);
}

static void
rumpfs_again(void)
{

	T_ASSERT_EQ(rump_sys_mkdir("/w2", 0755), 0);
	as_the_host("/w2", 7);
}

static void
tmpfs(void)
{

	T_ASSERT_EQ(rump_sys_mkdir("/t", 0755), 0);
	T_ASSERT_EQ(vfs_mount_tmpfs("/t", 0), 0);
	as_the_host("/t", 3);
	T_ASSERT_EQ(rump_sys_chdir("/"), 0);
	T_CHECK_EQ(rump_sys_unmount("/t", 0), 0);
}

VFS_MAIN(T(rumpfs), T(rumpfs_again), T(tmpfs))
