/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Modules, access control lists, processes, and relatives of calls that the other groups make, by
 * a script.
 */
#include <stdlib.h>
#include <string.h>
#include <sys/uio.h>

#include <rump/rump.h>
#include <rump/rump_syscalls.h>
#include <rump/rumpdefs.h>

#include "calls.h"
#include "script.h"

/* ------------------------------------------------------------------- modules */

static const char properties[] =
	"<plist version=\"1.0\"><dict><key>a</key><integer>1</integer>"
	"<key>b</key><array><string>s</string><true/><data>AAAA</data></array></dict></plist>";

/* Properties are often those above with a byte changed, in memory that ends with them. */
static long
load(const char *name)
{
	struct rump_modctl_load ml = { .ml_filename = name, .ml_flags = (int)pick(4) };
	char *props = NULL;
	long r;

	if (pick(2)) {
		ml.ml_propslen = pick(8) ? sizeof(properties) - 1 : (size_t)number();
		props = strdup(properties);
		must(props != NULL, "no memory", 0);
		props[pick(sizeof(properties) - 1)] ^= pick(2) ? 0 : (char)pick(128);
	}
	ml.ml_props = props;
	r = rump_sys_modctl(RUMP_MODCTL_LOAD, pick(16) ? &ml : NULL);
	free(props);
	return r;
}

static long
modules(void)
{
	static const char *const names[] = {
		"tmpfs", "msdos", "ptyfs", "null", "layerfs", "wapbl", "missing", "", "a name that no module can have, for its length",
	};
	const char *name = pick(16) ? names[pick(9)] : NULL;
	struct memory m;
	struct iovec iov;
	long r;
	int n;

	switch (pick(4)) {
	case 0:
		m = memory(false);
		iov = (struct iovec){ m.base, m.len };
		r = rump_sys_modctl(RUMP_MODCTL_STAT, pick(16) ? &iov : NULL);
		free(m.freed);
		return r;
	case 1:
		return rump_sys_modctl(RUMP_MODCTL_UNLOAD, (void *)(uintptr_t)name);
	case 2:
		n = pick(2) ? RUMP_MODCTL_EXISTS : small();
		/* a number, where others take a pointer */
		return rump_sys_modctl(n, n == RUMP_MODCTL_EXISTS ? (void *)(uintptr_t)pick(3) : NULL);
	default:
		return load(name);
	}
}

/* ------------------------------------------------------ access control lists */

/* Programs have no such calls: by number, from inside. */
int	rump_syscall(int number, void *args, size_t len, long *result);

enum { ACL_GET_LINK = 487, ACL_CALLS = 12, ACL_ENTRIES = 254 };

struct list {
	unsigned	room, used;
	int		spare[4];
	struct { uint32_t tag, id, perm; uint16_t type, flags; } entry[ACL_ENTRIES];
};

static long
lists(void)
{
	/* of 487 to 498, those that take a descriptor */
	static const unsigned by_fd = 1U << (493 - 487) | 1U << (494 - 487) | 1U << (496 - 487) | 1U << (498 - 487);
	struct list *l = calloc(1, sizeof(*l));
	unsigned call = pick(ACL_CALLS), i;
	long args[3], result[2];
	int error;

	must(l != NULL, "no memory", 0);
	args[0] = (by_fd >> call & 1) != 0 ? (long)descriptor() : (long)(uintptr_t)path();
	args[1] = pick(8) ? 2 + (long)pick(3) : (long)number();
	args[2] = pick(16) ? (long)(uintptr_t)l : 0;
	l->room = pick(16) ? ACL_ENTRIES : (unsigned)number();
	l->used = pick(8) ? pick(6) : (unsigned)number();
	for (i = 0; i < 6; i++) {
		l->entry[i].tag = 1U << pick(8);
		l->entry[i].perm = pick(16);
	}
	rump_schedule();
	error = rump_syscall(ACL_GET_LINK + (int)call, args, sizeof(args), result);
	rump_unschedule();
	must(error >= 0, "an error that cannot be", error);
	free(l);
	return error == 0 ? 0 : -1;
}

/* ----------------------------------------------------------------- processes */

static struct lwp *others[3];

void
processes_forget(void)
{

	memset(others, 0, sizeof(others));
}

/* Make another process, go on in another, or end this one. */
static long
process(void)
{
	struct lwp **l = &others[pick(3)], *here = rump_pub_lwproc_curlwp();
	unsigned i;

	switch (pick(4)) {
	case 0:
		for (i = 0; i < 3; i++) {
			if (here != NULL && here == others[i]) {
				others[i] = NULL;
				rump_pub_lwproc_releaselwp();
				break;
			}
		}
		return -2;
	case 1:
		rump_pub_lwproc_switch(NULL);
		return -2;
	default:
		if (*l == NULL) {
			must(rump_pub_lwproc_rfork(pick(2) ? RUMP_RFFDG : 0) == 0, "a process", 0);
			*l = rump_pub_lwproc_curlwp();
		} else if (*l != here) {
			rump_pub_lwproc_switch(*l);
		}
		return -2;
	}
}

/* -------------------------------------------------------- relatives of calls */

static long
ids(void)
{
	char name[32];

	switch (pick(10)) {
	case 0:
		return rump_sys_getpid() > 0 && rump_sys_getppid() >= 0 ? 0 : -3;
	case 1:
		return (long)(rump_sys_getuid() | rump_sys_geteuid() | rump_sys_getgid() | rump_sys_getegid());
	case 2:
		return rump_sys_getpgrp();
	case 3:
		return rump_sys_setgid(pick(3));
	case 4:
		return rump_sys_setegid(pick(3));
	case 5:
		return rump_sys___getlogin(name, pick(sizeof(name)));
	case 6:
		return rump_sys___setlogin(pick(8) ? "somebody" : path());
	case 7:
		return rump_sys_fchroot(descriptor());
	default:
		return rump_sys_socket((int)number(), small(), small());	/* nobody's here */
	}
}

static long
times_of_day(void)
{
	struct rump_timespec ts = { .tv_nsec = 5 };
	struct rump_timeval tv[2], old;
	int32_t clock;

	switch (pick(9)) {
	case 0:
		return rump_sys_gettimeofday(pick(8) ? &old : NULL, pick(2) ? &ts : NULL);
	case 1:
		return rump_sys_settimeofday(contents(tv, sizeof(tv[0])), NULL);
	case 2:
		return rump_sys_adjtime(contents(tv, sizeof(tv[0])), pick(2) ? &old : NULL);
	case 3:
		return rump_sys_clock_settime(small(), contents(&ts, sizeof(ts)));
	case 4:
		return rump_sys_clock_nanosleep(small(), 0, brief(&ts), pick(2) ? &ts : NULL) > 0 ? -1 : 0;
	case 5:
		return rump_sys_clock_getcpuclockid2(small(), (int)number(), pick(8) ? &clock : NULL);
	case 6:
		return rump_sys_futimes(descriptor(), contents(tv, sizeof(tv)));
	case 7:
		return rump_sys_lutimes(path(), contents(tv, sizeof(tv)));
	default:
		memset(tv, 0, sizeof(tv));
		return rump_sys_select((int)pick(9), pick(2) ? contents(&(RUMP_TYPE(fd_set)){ 0 }, sizeof(RUMP_TYPE(fd_set))) : NULL,
		    NULL, NULL, tv);
	}
}

static long
file_relatives(void)
{
	struct memory m;
	struct iovec iov[2];
	int fds[2];
	long r;

	switch (pick(12)) {
	case 0:
		return rump_sys_fdatasync(descriptor());
	case 1:
		return rump_sys___posix_rename(path(), path());
	case 2:
		return rump_sys_lchown(path(), pick(3), (unsigned)number());
	case 3:
		return rump_sys___posix_chown(path(), pick(3), pick(3));
	case 4:
		return rump_sys___posix_fchown(descriptor(), pick(3), pick(3));
	case 5:
		return rump_sys___posix_lchown(path(), pick(3), pick(3));
	case 6:
		return rump_sys_lchflags(path(), (unsigned long)number());
	case 7:
		return rump_sys_mkfifoat(descriptor(), path(), mode());
	case 8:
		return rump_sys_mknodat(descriptor(), path(), (unsigned)word(), word());
	case 9:
		return rump_sys_lpathconf(path(), small());
	case 10:
		if (rump_sys_pipe(fds) == -1)
			return -1;
		must(rump_sys_fcntl(fds[0], RUMP_F_SETFL, RUMP_O_NONBLOCK) == 0 &&
		    rump_sys_fcntl(fds[1], RUMP_F_SETFL, RUMP_O_NONBLOCK) == 0, "flags of a pipe", 0);
		return 0;
	default:
		m = memory(true);
		iov[0] = iov[1] = (struct iovec){ m.base, m.len };
		r = rump_sys_pwritev(descriptor(), iov, (int)pick(3), number());
		free(m.freed);
		return r;
	}
}

static long
attribute_relatives(void)
{
	static const char *const names[] = { "user.a", "a", "", "system.x" };
	const char *name = names[pick(4)];
	struct memory m = memory(false);
	long r;

	switch (pick(13)) {
	case 0:
		r = rump_sys_extattr_get_file(path(), small(), name, m.base, m.len);
		break;
	case 1:
		r = rump_sys_extattr_delete_file(path(), small(), name);
		break;
	case 2:
		r = rump_sys_extattr_delete_fd(descriptor(), small(), name);
		break;
	case 3:
		r = rump_sys_extattr_set_link(path(), small(), name, m.base, m.len);
		break;
	case 4:
		r = rump_sys_extattr_get_link(path(), small(), name, m.base, m.len);
		break;
	case 5:
		r = rump_sys_extattr_list_fd(descriptor(), small(), m.base, m.len);
		break;
	case 6:
		r = rump_sys_extattr_list_link(path(), small(), m.base, m.len);
		break;
	case 7:
		r = rump_sys_lsetxattr(path(), name, m.base, m.len, small());
		break;
	case 8:
		r = rump_sys_lgetxattr(path(), name, m.base, m.len);
		break;
	case 9:
		r = rump_sys_fgetxattr(descriptor(), name, m.base, m.len);
		break;
	case 10:
		r = rump_sys_llistxattr(path(), m.base, m.len);
		break;
	case 11:
		r = rump_sys_lremovexattr(path(), name);
		break;
	default:
		r = rump_sys_fremovexattr(descriptor(), name);
		break;
	}
	free(m.freed);
	return r;
}

long
rest(void)
{

	switch (pick(8)) {
	case 0:
	case 1:
		return process();
	case 2:
		return modules();
	case 3:
		return lists();
	case 4:
		return ids();
	case 5:
		return times_of_day();
	case 6:
		return attribute_relatives();
	default:
		return file_relatives();
	}
}
