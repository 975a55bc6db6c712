/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Messages: each worker sends numbered ones to the next, through a pipe, and gets
 * those of the one before.  Half of them ask a kqueue what can be done, half poll(2).
 */
#include <string.h>

#include <rump/rump.h>
#include <rump/rump_syscalls.h>
#include <rump/rumpdefs.h>

#include "scenario.h"

#define PATIENCE	60		/* seconds until a wait counts as hanging */

struct message {
	unsigned	from, number;
	unsigned char	fill[56];
};

enum { CAN_READ = 1, CAN_WRITE = 2 };

static void
watch(struct worker *w, int fd, unsigned filter, unsigned flags,
    unsigned notes)
{
	struct rump_kevent ev;

	RUMP_EV_SET(&ev, (uintptr_t)fd, filter, flags, notes, 0, NULL);
	if (rump_sys_kevent(w->kq, &ev, 1, NULL, 0, NULL) != 0)
		WRONG(w);
}

/* The kqueue also hears of a directory that all change. */
void
talk_start(struct worker *w)
{

	w->kq = w->dir = -1;
	if (w->me % 2 == 0)
		return;
	if ((w->kq = rump_sys_kqueue()) == -1 ||
	    (w->dir = rump_sys_open("/t/d0", RUMP_O_RDONLY)) == -1) {
		WRONG(w);
		return;
	}
	watch(w, w->in, RUMP_EVFILT_READ, RUMP_EV_ADD, 0);
	watch(w, w->out, RUMP_EVFILT_WRITE, RUMP_EV_ADD, 0);
	watch(w, w->dir, RUMP_EVFILT_VNODE, RUMP_EV_ADD | RUMP_EV_CLEAR,
	    RUMP_NOTE_WRITE | RUMP_NOTE_EXTEND | RUMP_NOTE_ATTRIB);
}

static int
asked_kqueue(struct worker *w, int seconds)
{
	struct rump_timespec most = { seconds, 0 };
	struct rump_kevent ev[3];
	int can = 0, n, i;

	n = rump_sys_kevent(w->kq, NULL, 0, ev, 3, &most);
	if (n == -1 || (n == 0 && seconds != 0))
		WRONG(w);
	for (i = 0; i < n; i++) {
		if (ev[i].filter == RUMP_EVFILT_READ)
			can |= CAN_READ;
		if (ev[i].filter == RUMP_EVFILT_WRITE)
			can |= CAN_WRITE;
	}
	return can;
}

static int
asked_poll(struct worker *w, int seconds)
{
	struct rump_pollfd fds[2] = {
		{ .fd = w->received < MESSAGES ? w->in : -1,
		    .events = RUMP_POLLIN },
		{ .fd = w->sent < MESSAGES ? w->out : -1,
		    .events = RUMP_POLLOUT },
	};
	int n = rump_sys_poll(fds, 2, seconds * 1000);

	if (n == -1 || (n == 0 && seconds != 0))
		WRONG(w);
	return (fds[0].revents != 0 ? CAN_READ : 0) |
	    (fds[1].revents != 0 ? CAN_WRITE : 0);
}

/* Messages are shorter than PIPE_BUF: all or nothing. */
static void
send(struct worker *w)
{
	struct message m = { .from = w->me, .number = w->sent };
	long n;

	memset(m.fill, (int)(w->me * 16 + w->sent), sizeof(m.fill));
	n = rump_sys_write(w->out, &m, sizeof(m));
	if (n == (long)sizeof(m)) {
		/* the last: nothing more is to be written */
		if (++w->sent == MESSAGES && w->kq != -1)
			watch(w, w->out, RUMP_EVFILT_WRITE, RUMP_EV_DELETE, 0);
	} else if (n != -1 || errno != RUMP_EAGAIN)
		WRONG(w);
}

static void
receive(struct worker *w)
{
	struct message m;
	long n = rump_sys_read(w->in, &m, sizeof(m));
	unsigned i;

	if (n == -1 && errno == RUMP_EAGAIN)
		return;
	if (n != (long)sizeof(m) || m.from != (w->me + THREADS - 1) % THREADS ||
	    m.number != w->received)
		WRONG(w);
	for (i = 0; i < sizeof(m.fill); i++)
		if (m.fill[i] != (unsigned char)(m.from * 16 + m.number))
			WRONG(w);
	w->received++;
}

static void
talk(struct worker *w, int seconds)
{
	int can = w->kq == -1 ? asked_poll(w, seconds) :
	    asked_kqueue(w, seconds);

	if ((can & CAN_WRITE) != 0 && w->sent < MESSAGES)
		send(w);
	if ((can & CAN_READ) != 0 && w->received < MESSAGES)
		receive(w);
}

void
talk_step(struct worker *w)
{

	talk(w, 0);
}

void
talk_end(struct worker *w)
{

	while (w->line == 0 &&
	    (w->sent < MESSAGES || w->received < MESSAGES))
		talk(w, PATIENCE);
	if (w->kq != -1 && (rump_sys_close(w->dir) != 0 ||
	    rump_sys_close(w->kq) != 0))
		WRONG(w);
}
