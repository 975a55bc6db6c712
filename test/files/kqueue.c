/* SPDX-License-Identifier: BSD-2-Clause */
/* kqueues: user events, timers, descriptors, other kqueues. */
#include <errno.h>
#include <string.h>

#include <rump/rump.h>
#include <rump/rump_syscalls.h>
#include <rump/rumpdefs.h>

#include "boot.h"

static const struct rump_timespec at_once = { 0, 0 };
static const struct rump_timespec soon = { 5, 0 };

static int
change(int kq, uintptr_t ident, uint32_t filter, uint32_t flags,
    uint32_t fflags, int64_t data, void *udata)
{
	struct rump_kevent ev;

	RUMP_EV_SET(&ev, ident, filter, flags, fflags, data, udata);
	return rump_sys_kevent(kq, &ev, 1, NULL, 0, NULL);
}

static void
user_events(void)
{
	struct rump_kevent ev[2];
	int kq = rump_sys_kqueue(), mark;

	T_ASSERT(kq >= 0);
	T_CHECK_EQ(change(kq, 7, RUMP_EVFILT_USER, RUMP_EV_ADD |
	    RUMP_EV_CLEAR, 0, 0, &mark), 0);
	T_CHECK_EQ(rump_sys_kevent(kq, NULL, 0, ev, 2, &at_once), 0);
	T_CHECK_EQ(change(kq, 7, RUMP_EVFILT_USER, 0, RUMP_NOTE_TRIGGER |
	    RUMP_NOTE_FFOR | 5, 0, &mark), 0);
	T_CHECK_EQ(rump_sys_kevent(kq, NULL, 0, ev, 2, &soon), 1);
	T_CHECK_EQ(ev[0].ident, 7);
	T_CHECK_EQ(ev[0].filter, RUMP_EVFILT_USER);
	T_CHECK_EQ(ev[0].fflags, 5);
	T_CHECK(ev[0].udata == &mark);
	T_CHECK_EQ(rump_sys_kevent(kq, NULL, 0, ev, 2, &at_once), 0);
	T_CHECK_EQ(change(kq, 7, RUMP_EVFILT_USER, RUMP_EV_DELETE, 0, 0, 0),
	    0);
	T_CHECK_ERR(change(kq, 7, RUMP_EVFILT_USER, RUMP_EV_DELETE, 0, 0, 0),
	    RUMP_ENOENT);
	T_CHECK_EQ(rump_sys_close(kq), 0);
}

static void
flags(void)
{
	struct rump_kevent ev[2];
	int kq = rump_sys_kqueue();

	T_ASSERT(kq >= 0);
	T_CHECK_EQ(change(kq, 1, RUMP_EVFILT_WRITE, RUMP_EV_ADD |
	    RUMP_EV_DISABLE, 0, 0, 0), -1);		/* the console has none */
	T_CHECK_EQ(change(kq, 1, RUMP_EVFILT_USER, RUMP_EV_ADD |
	    RUMP_EV_ONESHOT, RUMP_NOTE_TRIGGER, 0, 0), 0);
	T_CHECK_EQ(rump_sys_kevent(kq, NULL, 0, ev, 2, &soon), 1);
	T_CHECK_ERR(change(kq, 1, RUMP_EVFILT_USER, RUMP_EV_ENABLE, 0, 0, 0),
	    RUMP_ENOENT);
	T_CHECK_EQ(change(kq, 2, RUMP_EVFILT_USER, RUMP_EV_ADD |
	    RUMP_EV_DISPATCH, RUMP_NOTE_TRIGGER, 0, 0), 0);
	T_CHECK_EQ(rump_sys_kevent(kq, NULL, 0, ev, 2, &soon), 1);
	T_CHECK_EQ(rump_sys_kevent(kq, NULL, 0, ev, 2, &at_once), 0);
	T_CHECK_EQ(change(kq, 2, RUMP_EVFILT_USER, RUMP_EV_ENABLE, 0, 0, 0),
	    0);
	T_CHECK_EQ(rump_sys_kevent(kq, NULL, 0, ev, 2, &soon), 1);
	T_CHECK_EQ(rump_sys_close(kq), 0);
}

static void
timers(void)
{
	struct rump_kevent ev;
	int kq = rump_sys_kqueue();

	T_ASSERT(kq >= 0);
	T_CHECK_EQ(change(kq, 1, RUMP_EVFILT_TIMER, RUMP_EV_ADD, 0, 20, 0),
	    0);
	T_CHECK_EQ(rump_sys_kevent(kq, NULL, 0, &ev, 1, &soon), 1);
	T_CHECK(ev.ident == 1 && ev.data >= 1);
	T_CHECK_EQ(rump_sys_kevent(kq, NULL, 0, &ev, 1, &soon), 1);
	T_CHECK_ERR(change(kq, 2, RUMP_EVFILT_TIMER, RUMP_EV_ADD, 0, -1, 0),
	    RUMP_EINVAL);
	T_CHECK_EQ(rump_sys_close(kq), 0);		/* it still runs */
}

static void
errors(void)
{
	struct rump_kevent ch[2], ev[2];
	int kq = rump_sys_kqueue();

	T_ASSERT(kq >= 0);
	T_CHECK_ERR(change(kq, 99, RUMP_EVFILT_READ, RUMP_EV_ADD, 0, 0, 0),
	    RUMP_EBADF);
	T_CHECK_ERR(change(kq, 1, 4711, RUMP_EV_ADD, 0, 0, 0), RUMP_EINVAL);
	T_CHECK_ERR(change(1, 1, RUMP_EVFILT_USER, RUMP_EV_ADD, 0, 0, 0),
	    RUMP_EBADF);
	T_CHECK_ERR(rump_sys_kevent(kq, NULL, 1, NULL, 0, NULL), RUMP_EFAULT);
	T_CHECK_EQ(rump_sys_kevent(kq, NULL, 0, NULL, 0, NULL), 0);
	RUMP_EV_SET(&ch[0], 99, RUMP_EVFILT_READ, RUMP_EV_ADD, 0, 0, 0);
	RUMP_EV_SET(&ch[1], 5, RUMP_EVFILT_USER, RUMP_EV_ADD |
	    RUMP_EV_RECEIPT, 0, 0, 0);
	T_CHECK_EQ(rump_sys_kevent(kq, ch, 2, ev, 2, &at_once), 2);
	T_CHECK(ev[0].flags == RUMP_EV_ERROR && ev[0].data == RUMP_EBADF);
	T_CHECK(ev[1].flags == RUMP_EV_ERROR && ev[1].data == 0);
	T_CHECK_ERR(rump_sys_kqueue1(1), RUMP_EINVAL);
	T_CHECK_EQ(rump_sys_close(kq), 0);
}

/* A kqueue in a kqueue, and in poll; descriptors that close take their knotes. */
static void
nested(void)
{
	int inner = rump_sys_kqueue(), outer = rump_sys_kqueue();
	struct rump_pollfd pfd = { outer, RUMP_POLLIN, 0 };
	struct rump_kevent ev;

	T_ASSERT(inner >= 0 && outer >= 0);
	T_CHECK_EQ(change(outer, (uintptr_t)inner, RUMP_EVFILT_READ,
	    RUMP_EV_ADD, 0, 0, 0), 0);
	T_CHECK_EQ(rump_sys_poll(&pfd, 1, 0), 0);
	T_CHECK_EQ(change(inner, 1, RUMP_EVFILT_USER, RUMP_EV_ADD |
	    RUMP_EV_CLEAR, RUMP_NOTE_TRIGGER, 0, 0), 0);
	T_CHECK_EQ(rump_sys_poll(&pfd, 1, 5000), 1);
	T_CHECK_EQ(rump_sys_kevent(outer, NULL, 0, &ev, 1, &soon), 1);
	T_CHECK(ev.ident == (uintptr_t)inner && ev.data == 1);
	T_CHECK_EQ(rump_sys_kevent(inner, NULL, 0, &ev, 1, &soon), 1);
	T_CHECK_EQ(rump_sys_kevent(outer, NULL, 0, &ev, 1, &at_once), 0);
	T_CHECK_EQ(rump_sys_close(inner), 0);
	T_CHECK_EQ(rump_sys_kevent(outer, NULL, 0, &ev, 1, &at_once), 0);
	T_CHECK_EQ(rump_sys_close(outer), 0);
}

/* A process that inherits a copy of the table does not get kqueues. */
static void
not_inherited(void)
{
	int kq = rump_sys_kqueue();

	T_ASSERT(kq >= 0);
	T_ASSERT_EQ(rump_pub_lwproc_rfork(RUMP_RFFD_COPY), 0);
	T_CHECK_ERR(rump_sys_close(kq), RUMP_EBADF);
	rump_pub_lwproc_releaselwp();
	T_CHECK_EQ(rump_sys_close(kq), 0);
}

/* A process that is watched: its children, its end. */
static void
processes(void)
{
	struct rump_kevent ev[4];
	int kq = rump_sys_kqueue(), n, i;
	struct lwp *watcher, *child;
	pid_t pid, grandchild;
	unsigned seen = 0;

	T_ASSERT(kq >= 0);
	watcher = rump_pub_lwproc_curlwp();
	T_ASSERT_EQ(rump_pub_lwproc_rfork(RUMP_RFCFDG), 0);
	pid = rump_sys_getpid();
	child = rump_pub_lwproc_curlwp();
	rump_pub_lwproc_switch(watcher);
	T_CHECK_ERR(change(kq, 30001, RUMP_EVFILT_PROC, RUMP_EV_ADD,
	    RUMP_NOTE_EXIT, 0, 0), RUMP_ESRCH);
	T_ASSERT_EQ(change(kq, pid, RUMP_EVFILT_PROC, RUMP_EV_ADD,
	    RUMP_NOTE_EXIT | RUMP_NOTE_FORK | RUMP_NOTE_TRACK, 0, 0), 0);
	T_CHECK_EQ(rump_sys_kevent(kq, NULL, 0, ev, 4, &at_once), 0);

	rump_pub_lwproc_switch(child);
	T_ASSERT_EQ(rump_pub_lwproc_rfork(RUMP_RFCFDG), 0);
	grandchild = rump_sys_getpid();
	rump_pub_lwproc_releaselwp();		/* and so it ends */
	rump_pub_lwproc_switch(watcher);
	n = rump_sys_kevent(kq, NULL, 0, ev, 4, &at_once);
	T_CHECK_EQ(n, 2);
	for (i = 0; i < n; i++) {
		if (ev[i].ident == (uintptr_t)pid) {
			T_CHECK_EQ(ev[i].fflags, RUMP_NOTE_FORK);
			seen |= 1;
		} else if (ev[i].ident == (uintptr_t)grandchild) {
			T_CHECK_EQ(ev[i].fflags, RUMP_NOTE_CHILD |
			    RUMP_NOTE_EXIT);
			seen |= 2;
		}
	}
	T_CHECK_EQ(seen, 3);

	rump_pub_lwproc_switch(child);
	rump_pub_lwproc_releaselwp();
	rump_pub_lwproc_switch(watcher);
	T_CHECK_EQ(rump_sys_kevent(kq, NULL, 0, ev, 4, &at_once), 1);
	T_CHECK_EQ(ev[0].ident, pid);
	T_CHECK_EQ(ev[0].fflags, RUMP_NOTE_EXIT);
	T_CHECK(ev[0].flags & RUMP_EV_EOF);
	T_CHECK_EQ(rump_sys_kevent(kq, NULL, 0, ev, 4, &at_once), 0);
	T_CHECK_ERR(change(kq, pid, RUMP_EVFILT_PROC, RUMP_EV_DELETE, 0, 0, 0),
	    RUMP_ENOENT);
	T_CHECK_EQ(rump_sys_close(kq), 0);
}

/* A signal is counted whether it is delivered or not. */
static void
signals(void)
{
	struct rump_kevent ev[2];
	int kq = rump_sys_kqueue(), fds[2], i;
	enum { NUMBER_PIPE = 13 };

	T_ASSERT(kq >= 0);
	rump_boot_setsigmodel(RUMP_SIGMODEL_IGNORE);
	T_CHECK_ERR(change(kq, 64, RUMP_EVFILT_SIGNAL, RUMP_EV_ADD, 0, 0, 0),
	    RUMP_EINVAL);
	T_ASSERT_EQ(change(kq, NUMBER_PIPE, RUMP_EVFILT_SIGNAL, RUMP_EV_ADD, 0,
	    0, 0), 0);
	T_ASSERT_EQ(rump_sys_pipe(fds), 0);
	T_CHECK_EQ(rump_sys_close(fds[0]), 0);
	T_CHECK_EQ(rump_sys_kevent(kq, NULL, 0, ev, 2, &at_once), 0);
	for (i = 0; i < 3; i++)
		T_CHECK_ERR(rump_sys_write(fds[1], "x", 1), RUMP_EPIPE);
	T_CHECK_EQ(rump_sys_kevent(kq, NULL, 0, ev, 2, &at_once), 1);
	T_CHECK_EQ(ev[0].ident, NUMBER_PIPE);
	T_CHECK_EQ(ev[0].data, 3);
	T_CHECK_EQ(rump_sys_kevent(kq, NULL, 0, ev, 2, &at_once), 0);
	T_CHECK_EQ(rump_sys_close(fds[1]), 0);
	T_CHECK_EQ(rump_sys_close(kq), 0);
}

BOOT_MAIN(
	T(processes), T(signals), T(user_events),
	T(flags),
	T(timers),
	T(errors),
	T(nested),
	T(not_inherited)
)
