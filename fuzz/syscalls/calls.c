/* SPDX-License-Identifier: BSD-2-Clause */
/* Calls of files, waits and processes, by a script. */
#include <stdlib.h>
#include <string.h>
#include <sys/uio.h>

#include <rump/rump.h>
#include <rump/rump_syscalls.h>
#include <rump/rumpdefs.h>

#include "calls.h"
#include "script.h"

static long
transfers(void)
{
	struct memory m = memory(true);
	int fd = descriptor();
	struct iovec iov[4];
	unsigned i, n = pick(5);
	size_t each = m.len <= 65536 && n != 0 ? m.len / n : 0;
	long r;

	for (i = 0; i < n && i < 4; i++)
		iov[i] = (struct iovec){ m.base == NULL ? NULL :
		    (char *)m.base + i * each, m.base == NULL ? pick(10) : each };
	if (n != 0 && m.len > 65536)
		iov[n == 4 ? 3 : n - 1].iov_len = m.len;
	switch (pick(9)) {
	case 0:
		r = rump_sys_read(fd, m.base, m.len);
		break;
	case 1:
	case 2:
		r = rump_sys_write(fd, m.base, m.len);
		break;
	case 3:
		r = rump_sys_pread(fd, m.base, m.len, number());
		break;
	case 4:
		r = rump_sys_pwrite(fd, m.base, m.len, number());
		break;
	case 5:
		r = rump_sys_readv(fd, n == 0 ? NULL : iov,
		    pick(16) == 0 ? -(int)pick(3) : n > 4 ? 4 : (int)n);
		break;
	case 6:
		r = rump_sys_writev(fd, n == 0 ? NULL : iov, n > 4 ? 4 : (int)n);
		break;
	case 7:
		r = rump_sys_preadv(fd, iov, n > 4 ? 4 : (int)n, number());
		break;
	default:
		r = rump_sys_getdents(fd, m.base, m.len > 65536 ? 1 : m.len);
		break;
	}
	must(r <= (long)(m.len > 65536 ? 65536 : m.len), "moved too much", r);
	free(m.freed);
	return r;
}

static long
opens(void)
{
	int fds[2], how = open_flags();

	switch (pick(9)) {
	case 0:
		return rump_sys_openat(descriptor(), path(), how, mode());
	case 1:
		return rump_sys_pipe2(pick(8) == 0 ? NULL : fds, RUMP_O_NONBLOCK |
		    (pick(8) == 0 ? (int)number() : 0));
	case 2:
		return pick(2) ? rump_sys_kqueue() : rump_sys_kqueue1(small());
	case 3:
		return rump_sys_dup(descriptor());
	case 4:
		return rump_sys_dup2(descriptor(), descriptor());
	case 5:
		return rump_sys_close(descriptor());
	case 6:
		return rump_sys_dup3(descriptor(), descriptor(), (int)number());
	default:
		return rump_sys_open(path(), how, mode());
	}
}

static long
names(void)
{

	switch (pick(14)) {
	case 0:
		return rump_sys_link(path(), path());
	case 1:
		return rump_sys_unlink(path());
	case 2:
		return rump_sys_rename(path(), path());
	case 3:
		return rump_sys_symlink(path(), path());
	case 4:
	case 5:
		return rump_sys_mkdir(path(), mode());
	case 6:
		return rump_sys_rmdir(path());
	case 7:
		return rump_sys_mkfifo(path(), mode());
	case 8:
		return rump_sys_mknod(path(), (unsigned)word(), word());
	case 9:
		return rump_sys_linkat(descriptor(), path(), descriptor(), path(),
		    (int)number());
	case 10:
		return rump_sys_renameat(descriptor(), path(), descriptor(), path());
	case 11:
		return rump_sys_symlinkat(path(), descriptor(), path());
	case 12:
		return rump_sys_unlinkat(descriptor(), path(), (int)number());
	default:
		return rump_sys_mkdirat(descriptor(), path(), mode());
	}
}

static long
attributes(void)
{
	struct rump_timespec ts[2];
	struct rump_timeval tv[2];

	switch (pick(16)) {
	case 0:
		return rump_sys_chmod(path(), mode());
	case 1:
		return rump_sys_fchmod(descriptor(), mode());
	case 2:
		return rump_sys_chown(path(), (unsigned)number(), (unsigned)number());
	case 3:
		return rump_sys_fchown(descriptor(), (unsigned)number(), pick(3));
	case 4:
		return rump_sys_chflags(path(), (unsigned long)number());
	case 5:
		return rump_sys_fchflags(descriptor(), pick(8));
	case 6:
		return rump_sys_truncate(path(), number());
	case 7:
		return rump_sys_ftruncate(descriptor(), number());
	case 8:
		return rump_sys_utimensat(descriptor(), path(),
		    contents(ts, sizeof(ts)), small());
	case 9:
		return rump_sys_futimens(descriptor(), contents(ts, sizeof(ts)));
	case 10:
		return rump_sys_utimes(path(), contents(tv, sizeof(tv)));
	case 11:
		return rump_sys_fchmodat(descriptor(), path(), mode(), small());
	case 12:
		return rump_sys_fchownat(descriptor(), path(), pick(3), pick(3),
		    (int)number());
	case 13:
		return rump_sys_posix_fallocate(descriptor(), number(), number());
	case 14:
		return rump_sys_fdiscard(descriptor(), number(), number());
	default:
		return rump_sys_lchmod(path(), mode());
	}
}

static long
questions(void)
{
	struct memory m;
	struct rump_stat st;
	struct rump_statvfs sv;
	long r;

	switch (pick(16)) {
	case 0:
		return rump_sys_stat(path(), pick(8) ? &st : NULL);
	case 1:
		return rump_sys_lstat(path(), &st);
	case 2:
		return rump_sys_fstat(descriptor(), pick(8) ? &st : NULL);
	case 3:
		return rump_sys_access(path(), (int)number());
	case 4:
		return rump_sys_faccessat(descriptor(), path(), small(), small());
	case 5:
		return rump_sys_statvfs1(path(), pick(8) ? &sv : NULL, small());
	case 6:
		return rump_sys_fstatvfs1(descriptor(), &sv, small());
	case 7:
		return rump_sys_pathconf(path(), small());
	case 8:
		return rump_sys_fpathconf(descriptor(), (int)number());
	case 9:
		return rump_sys_fstatat(descriptor(), path(), &st, (int)number());
	case 10:
		/* devices may have offsets below 0 */
		r = rump_sys_lseek(descriptor(), number(), small());
		return r < -1 ? 0 : r;
	case 11:
		return rump_sys_getvfsstat(pick(4) ? &sv : NULL, sizeof(sv), small());
	default:
		break;
	}
	m = memory(false);
	switch (pick(4)) {
	case 0:
		r = rump_sys_readlink(path(), m.base, m.len);
		break;
	case 1:
		r = rump_sys___getcwd(m.base, m.len);
		break;
	case 2:
		r = rump_sys_readlinkat(descriptor(), path(), m.base, m.len);
		break;
	default:
		r = rump_sys_getrandom(m.base, m.len, pick(5));
		break;
	}
	free(m.freed);
	return r;
}

static long
file_control(void)
{
	struct rump_flock fl;
	int n = small(), fd = descriptor();
	union { char bytes[8192]; int64_t aligned; } arg;
	unsigned long cmd;

	switch (pick(10)) {
	case 0:
		return rump_sys_fcntl(fd, RUMP_F_DUPFD, (long)number());
	case 1:
		return rump_sys_fcntl(fd, RUMP_F_SETFD, (long)n);
	case 2:
		return rump_sys_fcntl(fd, RUMP_F_GETFL);
	case 3:
		return rump_sys_fcntl(fd, RUMP_F_SETFL,
		    (long)((int)number() | RUMP_O_NONBLOCK));
	case 4:
		return rump_sys_fcntl(fd, RUMP_F_SETLK, contents(&fl, sizeof(fl)));
	case 5:
		return rump_sys_fcntl(fd, RUMP_F_GETLK, contents(&fl, sizeof(fl)));
	case 6:
		return rump_sys_flock(fd, n | RUMP_LOCK_NB);
	case 7:
		/* a command with an argument that fits, or none */
		cmd = (unsigned long)(word() & 0xe3ffffff);
		return request(fd, cmd, contents(&arg, sizeof(arg)));
	case 8:
		return rump_sys_ioctl(fd, pick(2) ? RUMP_FIONREAD : RUMP_FIONSPACE,
		    contents(&arg, sizeof(arg)));
	default:
		return rump_sys_posix_fadvise(fd, number(), number(), small());
	}
}

static long
waits(void)
{
	struct rump_pollfd fds[8];
	struct rump_kevent ev[4], out[4];
	struct rump_timespec ts, left;
	unsigned i, n = pick(9);
	RUMP_TYPE(fd_set) in, ou, ex;

	for (i = 0; i < 8; i++)
		fds[i] = (struct rump_pollfd){ descriptor(), (short)number(), 0 };
	for (i = 0; i < 4; i++)
		RUMP_EV_SET(&ev[i], (uintptr_t)descriptor(), pick(10), pick(4) == 0 ?
		    (unsigned)number() : RUMP_EV_ADD, (unsigned)number(), number(),
		    (intptr_t)0);
	memset(&ts, 0, sizeof(ts));
	switch (pick(7)) {
	case 0:
		return rump_sys_poll(pick(8) ? fds : NULL, n > 8 ? 8 : n, 0);
	case 1:
		return rump_sys_pollts(fds, n > 8 ? 8 : n, &ts, NULL);
	case 2:
	case 3:
		return rump_sys_kevent(descriptor(), pick(8) ? ev : NULL, n % 5,
		    pick(8) ? out : NULL, pick(5), &ts);
	case 4:
		return rump_sys_nanosleep(brief(&ts), pick(2) ? &left : NULL);
	case 5:
		memset(&in, (int)pick(256), sizeof(in));
		memset(&ou, 0, sizeof(ou));
		memset(&ex, (int)pick(2), sizeof(ex));
		return rump_sys_pselect(pick(16) == 0 ? -1 : (int)pick(200), &in,
		    pick(3) ? &ou : NULL, pick(3) ? &ex : NULL, &ts, NULL);
	default:
		return rump_sys_clock_gettime((int)number(), pick(8) ? &ts : NULL);
	}
}

static long
processes(void)
{
	struct rump_rlimit rl;
	unsigned groups[4] = { 0, 1, 2, 3 };

	switch (pick(18)) {
	case 0:
		return rump_sys_setuid(pick(3));
	case 1:
		return rump_sys_seteuid(pick(3));
	case 2:
		return rump_sys_setreuid((unsigned)number(), pick(3));
	case 3:
		return rump_sys_setgroups((int)pick(6) - 1, pick(8) ? groups : NULL);
	case 4:
		return rump_sys_getgroups((int)pick(5) - 1, pick(8) ? groups : NULL);
	case 5:
		return rump_sys_setpgid(small(), small());
	case 6:
		return rump_sys_getpgid((int)number());
	case 7:
		return rump_sys_setsid();
	case 8:
		return rump_sys_umask((unsigned)number()) & 0777;
	case 9:
		return rump_sys_chdir(path());
	case 10:
		return rump_sys_fchdir(descriptor());
	case 11:
		return pick(4) ? -2 : rump_sys_chroot(path());
	case 12:
		return rump_sys_getrlimit((int)number(), pick(8) ? &rl : NULL);
	case 13:
		return rump_sys_setrlimit((int)pick(13), contents(&rl, sizeof(rl)));
	case 14:
		return rump_pub_lwproc_rfork(pick(2) ? RUMP_RFFDG :
		    RUMP_RFCFDG) == 0 ? 0 : -2;
	case 15:
		return rump_sys_getsid(small());
	case 16:
		return rump_sys_setregid((unsigned)number(), pick(3));
	default:
		return rump_sys_issetugid();
	}
}

static long
trees(void)
{
	union { struct rump_tmpfs_args tmpfs; struct rump_msdosfs_args fat; } args;
	struct memory m;
	const char *where;
	int mib[14], flags;
	size_t len;
	unsigned i;
	long r;

	switch (pick(8)) {
	case 0:
		memset(&args, 0, sizeof(args));
		contents(&args.tmpfs, sizeof(args.tmpfs));
		where = path();
		flags = pick(4) ? 0 : (int)number();
		len = pick(8) ? sizeof(args.tmpfs) : pick(100) % sizeof(args.tmpfs);
		/* no length: that of a file system that is updated, which may be FAT */
		if (len == 0)
			memset(&args, 0, sizeof(args));
		return rump_sys_mount("tmpfs", where, flags, &args, len);
	case 1:
		return rump_sys_unmount(path(), pick(4) ? RUMP_MNT_FORCE :
		    (int)number());
	case 2:
		rump_sys_sync();
		return 0;
	case 3:
		return rump_sys_fsync(descriptor());
	case 4:
		return rump_sys_fsync_range(descriptor(), (int)number(), number(),
		    number());
	case 5:
		return rump_sys_revoke(path());
	default:
		break;
	}
	m = memory(false);
	for (i = 0; i < 14; i++)
		mib[i] = pick(4) ? (int)pick(30) : (int)number();
	len = m.len;
	r = rump_sys___sysctl(mib, pick(15), m.base, pick(8) ? &len : NULL, NULL, 0);
	free(m.freed);
	return r;
}

/* A byte below 252 is of the first fourteen groups, each eighteen times; what is left, of those that came later. */
long
one_call(void)
{
	unsigned which = pick(256);

	if (which >= 18 * 14)
		return which % 2 ? terminals() : rest();
	switch (which % 14) {
	case 0:
	case 1:
		return transfers();
	case 2:
	case 3:
	case 4:
		return opens();
	case 5:
	case 6:
		return names();
	case 7:
		return attributes();
	case 8:
		return questions();
	case 9:
		return file_control();
	case 10:
		return pick(2) ? waits() : trees();
	case 11:
		return timers();
	case 12:
		switch (pick(4)) {
		case 0:
			return by_attribute();
		case 1:
		case 3:
			return by_handle();
		default:
			return settings();
		}
	default:
		return pick(3) ? waits() : processes();
	}
}
