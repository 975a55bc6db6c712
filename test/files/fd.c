/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Descriptors of files: one sequence of random calls, made here and on the
 * host's kernel, with the same outcome each time: result, and errno by name.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

#include <rump/rump.h>
#include <rump/rump_syscalls.h>
#include <rump/rumpdefs.h>

#include "boot.h"

#define STEPS	4000
#define FILES	3
#define TOP	24		/* descriptors FIRST … TOP - 1 are played with */
#define FIRST	10

struct step {
	unsigned	op, a, b, len;
	long long	offset;
};

struct outcome {
	long long	result;
	int		error;		/* the host's number */
	char		data[16];
};

static uint64_t seed;

static unsigned
rnd(unsigned n)
{

	return t_random(&seed, n);
}

enum {
	OPEN, CLOSE, DUP2, DUPFD, READ, WRITE, PREAD, PWRITE, LSEEK, GETFL,
	APPEND, CLOEXEC, GETFD, READV, WRITEV, FSIZE, OPS
};

static void
plan(struct step *s)
{

	s->op = rnd(OPS);
	s->a = FIRST + rnd(TOP - FIRST);
	s->b = FIRST + rnd(TOP - FIRST);
	s->len = rnd(17);
	s->offset = (long long)rnd(100) - 3;
}

/* Open flags: access mode, then what else, by bits of n. */
static int
flags(unsigned n, int rdonly, int wronly, int rdwr, int creat, int trunc,
    int append)
{
	int f = n % 3 == 0 ? rdonly : n % 3 == 1 ? wronly : rdwr;

	return f | creat | ((n & 4) != 0 && n % 3 != 0 ? trunc : 0) |
	    ((n & 8) != 0 ? append : 0);
}

static const char *const paths[2][FILES] = {
	{ "/fd0", "/fd1", "/fd2" },
	{ "fd0", "fd1", "fd2" },
};

/* Put what open returned at the number the plan wants. */
#define PLACE(dup2, close, fd, want) do { \
	if ((fd) >= 0) { \
		int placed = dup2((fd), (want)); \
 \
		(void)close(fd); \
		(fd) = placed; \
	} \
} while (0)

static struct outcome
here(const struct step *s)
{
	static const char text[] = "abcdefghijklmnopqrstuvwxyz";
	struct outcome o = { .data = "" };
	int fd = (int)s->a, r = -1;
	struct rump_stat st;
	struct iovec iov[2];

	errno = 0;
	iov[0] = (struct iovec){ o.data, s->len / 2 };
	iov[1] = (struct iovec){ o.data + s->len / 2, s->len - s->len / 2 };
	if (s->len == 17)
		iov[1].iov_len = 8;
	switch (s->op) {
	case OPEN:
		r = rump_sys_open(paths[0][s->b % FILES], flags(s->len,
		    RUMP_O_RDONLY, RUMP_O_WRONLY, RUMP_O_RDWR, RUMP_O_CREAT,
		    RUMP_O_TRUNC, RUMP_O_APPEND), 0666);
		PLACE(rump_sys_dup2, rump_sys_close, r, fd);
		o.result = r;
		break;
	case CLOSE:
		o.result = rump_sys_close(fd);
		break;
	case DUP2:
		o.result = rump_sys_dup2(fd, (int)s->b);
		break;
	case DUPFD:
		r = rump_sys_fcntl(fd, RUMP_F_DUPFD, (long)s->b);
		if (r >= TOP) {
			rump_sys_close(r);
			r = TOP;
		}
		o.result = r;
		break;
	case READ:
		o.result = rump_sys_read(fd, o.data, s->len % 16);
		break;
	case WRITE:
		o.result = rump_sys_write(fd, text + s->len, s->len % 10);
		break;
	case PREAD:
		o.result = rump_sys_pread(fd, o.data, s->len % 16, s->offset);
		break;
	case PWRITE:
		o.result = rump_sys_pwrite(fd, text + s->len, s->len % 10,
		    s->offset);
		break;
	case LSEEK:
		o.result = rump_sys_lseek(fd, s->offset, (int)s->b % 3);
		break;
	case GETFL:
		r = rump_sys_fcntl(fd, RUMP_F_GETFL);
		o.result = r == -1 ? -1 : (r & RUMP_O_ACCMODE) |
		    ((r & RUMP_O_APPEND) != 0 ? 8 : 0);
		break;
	case APPEND:
		o.result = rump_sys_fcntl(fd, RUMP_F_SETFL,
		    (long)((s->b & 1) != 0 ? RUMP_O_APPEND : 0));
		break;
	case CLOEXEC:
		o.result = rump_sys_fcntl(fd, RUMP_F_SETFD, (long)(s->b & 1));
		break;
	case GETFD:
		o.result = rump_sys_fcntl(fd, RUMP_F_GETFD);
		break;
	case READV:
		o.result = rump_sys_readv(fd, iov, 2);
		break;
	case WRITEV:
		memcpy(o.data, text, sizeof(o.data));
		o.result = rump_sys_writev(fd, iov, 2);
		break;
	default:
		r = rump_sys_fstat(fd, &st);
		o.result = r != 0 ? r : st.st_size;
		break;
	}
	o.error = o.result == -1 ? errno : 0;
	return o;
}

static struct outcome
there(const struct step *s)
{
	static const char text[] = "abcdefghijklmnopqrstuvwxyz";
	struct outcome o = { .data = "" };
	int fd = (int)s->a, r = -1;
	struct stat st;
	struct iovec iov[2];

	errno = 0;
	iov[0] = (struct iovec){ o.data, s->len / 2 };
	iov[1] = (struct iovec){ o.data + s->len / 2, s->len - s->len / 2 };
	if (s->len == 17)
		iov[1].iov_len = 8;
	switch (s->op) {
	case OPEN:
		r = open(paths[1][s->b % FILES], flags(s->len, O_RDONLY,
		    O_WRONLY, O_RDWR, O_CREAT, O_TRUNC, O_APPEND), 0666);
		PLACE(dup2, close, r, fd);
		o.result = r;
		break;
	case CLOSE:
		o.result = close(fd);
		break;
	case DUP2:
		o.result = dup2(fd, (int)s->b);
		break;
	case DUPFD:
		r = fcntl(fd, F_DUPFD, (long)s->b);
		if (r >= TOP) {
			close(r);
			r = TOP;
		}
		o.result = r;
		break;
	case READ:
		o.result = read(fd, o.data, s->len % 16);
		break;
	case WRITE:
		o.result = write(fd, text + s->len, s->len % 10);
		break;
	case PREAD:
		o.result = pread(fd, o.data, s->len % 16, s->offset);
		break;
	case PWRITE:
		o.result = pwrite(fd, text + s->len, s->len % 10, s->offset);
		break;
	case LSEEK:
		o.result = lseek(fd, s->offset, (int)s->b % 3);
		break;
	case GETFL:
		r = fcntl(fd, F_GETFL);
		o.result = r == -1 ? -1 : (r & O_ACCMODE) |
		    ((r & O_APPEND) != 0 ? 8 : 0);
		break;
	case APPEND:
		o.result = fcntl(fd, F_SETFL,
		    (long)((s->b & 1) != 0 ? O_APPEND : 0));
		break;
	case CLOEXEC:
		o.result = fcntl(fd, F_SETFD, (long)(s->b & 1));
		break;
	case GETFD:
		o.result = fcntl(fd, F_GETFD);
		break;
	case READV:
		o.result = readv(fd, iov, 2);
		break;
	case WRITEV:
		memcpy(o.data, text, sizeof(o.data));
		o.result = writev(fd, iov, 2);
		break;
	default:
		r = fstat(fd, &st);
		o.result = r != 0 ? r : st.st_size;
		break;
	}
	o.error = o.result == -1 ? errno : 0;
	return o;
}

/* The kernel's number for one of the host's that these calls can return. */
static int
translate(int error)
{

	switch (error) {
	case 0:
		return 0;
	case EBADF:
		return RUMP_EBADF;
	case EINVAL:
		return RUMP_EINVAL;
	case EMFILE:
		return RUMP_EMFILE;
	case ESPIPE:
		return RUMP_ESPIPE;
	default:
		return -1;
	}
}

/*
 * On Linux a positioned write to a file opened for appending goes to its end
 * (its manual page calls that a bug), here it goes where POSIX says; and where
 * two errors apply, a negative offset and a descriptor that is not open that
 * way, POSIX leaves open which.
 */
static int
differs_by_design(const struct step *s)
{
	int how, wrong;

	if (s->op != PREAD && s->op != PWRITE)
		return 0;
	how = fcntl((int)s->a, F_GETFL);
	wrong = s->op == PREAD ? O_WRONLY : O_RDONLY;
	if (s->offset < 0 && (how == -1 || (how & O_ACCMODE) == wrong))
		return 1;
	return s->op == PWRITE && (how & O_APPEND) != 0;
}

static void
as_the_host(void)
{
	char dir[] = "/tmp/haunch-fd.XXXXXX";
	struct outcome got, want;
	struct step s;
	int i, run, fd;

	T_ASSERT(mkdtemp(dir) != NULL && chdir(dir) == 0);
	for (fd = FIRST; fd < TOP; fd++)
		(void)close(fd);		/* what was inherited */
	for (run = 0; run < 5; run++) {
		seed = (unsigned long)run + 1;
		for (i = 0; i < STEPS; i++) {
			plan(&s);
			if (differs_by_design(&s))
				continue;
			want = there(&s);
			got = here(&s);
			if (!T_CHECK_EQ(got.result, want.result) ||
			    !T_CHECK_EQ(got.error, translate(want.error)) ||
			    !T_CHECK(memcmp(got.data, want.data,
			    sizeof(got.data)) == 0)) {
				t_puts("# run ");
				t_putnum(run);
				t_puts(", step ");
				t_putnum(i);
				t_puts(", operation ");
				t_putnum(s.op);
				t_putc('\n');
				goto out;
			}
		}
		for (fd = FIRST; fd < TOP; fd++) {
			(void)close(fd);
			(void)rump_sys_close(fd);
		}
		for (i = 0; i < FILES; i++) {
			(void)unlink(paths[1][i]);
			(void)rump_sys_unlink(paths[0][i]);
		}
	}
out:
	for (i = 0; i < FILES; i++)
		(void)unlink(paths[1][i]);
	T_CHECK(chdir("/") == 0 && rmdir(dir) == 0);
}

/* A process with a copy of the table, one with none, one that shares it. */
static void
tables(void)
{
	char buf[8] = "";
	int fd;

	T_ASSERT((fd = rump_sys_open("/table", RUMP_O_RDWR | RUMP_O_CREAT,
	    0666)) >= 0);
	T_CHECK_EQ(rump_sys_write(fd, "haunch", 6), 6);
	T_ASSERT_EQ(rump_pub_lwproc_rfork(RUMP_RFFD_COPY), 0);
	T_CHECK_EQ(rump_sys_lseek(fd, 0, RUMP_SEEK_SET), 0);
	T_CHECK_EQ(rump_sys_read(fd, buf, 2), 2);	/* offset is shared */
	T_CHECK_EQ(rump_sys_close(fd), 0);
	rump_pub_lwproc_releaselwp();
	T_CHECK_EQ(rump_sys_read(fd, buf, 6), 4);
	T_CHECK(memcmp(buf, "unch", 4) == 0);
	T_ASSERT_EQ(rump_pub_lwproc_rfork(RUMP_RFFD_CLEAR), 0);
	T_CHECK_ERR(rump_sys_close(fd), RUMP_EBADF);
	T_CHECK_ERR(rump_sys_close(1), RUMP_EBADF);
	rump_pub_lwproc_releaselwp();
	T_ASSERT_EQ(rump_pub_lwproc_rfork(RUMP_RFFD_SHARE), 0);
	T_CHECK_EQ(rump_sys_close(fd), 0);
	rump_pub_lwproc_releaselwp();
	T_CHECK_ERR(rump_sys_close(fd), RUMP_EBADF);
	T_CHECK_EQ(rump_sys_unlink("/table"), 0);
}

BOOT_MAIN(
	T(as_the_host),
	T(tables)
)
