/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Terminals: read(2), and what is ready for poll(2) and kqueue(2).
 *
 * Canonical: a line at a time, or as much of it as is asked for.  Otherwise bytes, by
 * VMIN and VTIME:
 *
 *   MIN > 0, TIME = 0   wait for MIN bytes, or as many as are asked for
 *   MIN > 0, TIME > 0   the same, but TIME tenths of a second after the last byte
 *                       what there is will do
 *   MIN = 0, TIME > 0   wait for a byte, TIME tenths of a second at most
 *   MIN = 0, TIME = 0   do not wait
 *
 * Bytes are taken from the queue in pieces, with tty_lock, and copied without it.
 * After a hangup there is end of file.
 *
 * Ref: POSIX.1-2017 11.1.4 to 11.1.7.
 */
#include <sys/param.h>
#include <sys/conf.h>
#include <sys/errno.h>
#include <sys/event.h>
#include <sys/kernel.h>
#include <sys/poll.h>
#include <sys/signal.h>
#include <sys/select.h>
#include <sys/systm.h>
#include <sys/uio.h>
#include <sys/vnode.h>

#include <rump-private/knote.h>

#include "tty_var.h"

#define PIECE	256

/* ------------------------------------------------------------------ waiting */

/* Ticks until TIME is over, counted from start; 0: it is. */
static int
ticks_left(const struct tty *tp, int start)
{
	const int whole = MAX(tp->t_cc[VTIME] * hz / 10, 1);
	const int gone = getticks() - start;

	return gone >= whole ? 0 : whole - gone;
}

/* Wait for bytes, want of them being asked for.  0 also at the end of file. */
static int
await_bytes(struct tty *tp, size_t want, int flag)
{
	int start = getticks(), seen = tp->t_rawq.c_cc, ticks, min, error = 0;

	while (error == 0 && !tty_lflag(tp, ICANON)) {
		min = tp->t_cc[VMIN];
		if (tp->t_rawq.c_cc >= (int)MIN((size_t)MAX(min, 1), want) ||
		    (min == 0 && tp->t_cc[VTIME] == 0) || tty_hungup(tp))
			break;
		if ((flag & IO_NDELAY) != 0)
			return tp->t_rawq.c_cc > 0 ? 0 : EWOULDBLOCK;
		if (tp->t_rawq.c_cc != seen) {
			seen = tp->t_rawq.c_cc;
			start = getticks();
		}
		ticks = 0;
		if (tp->t_cc[VTIME] != 0 && (min == 0 || seen > 0)) {
			ticks = ticks_left(tp, start);
			if (ticks == 0)
				break;
		}
		error = ttysleep(tp, &tp->t_rawcv, true, ticks);
		if (error == EWOULDBLOCK)
			error = 0;
	}
	return error;
}

/* Wait for a line. */
static int
await_line(struct tty *tp, int flag)
{
	int error = 0;

	while (error == 0 && tp->t_canq.c_cc == 0 && tty_lflag(tp, ICANON) &&
	    !tty_hungup(tp))
		error = (flag & IO_NDELAY) != 0 ? EWOULDBLOCK :
		    ttysleep(tp, &tp->t_cancv, true, 0);
	return error;
}

/* Wait for what the mode says, and start again if that changes meanwhile. */
static int
await_input(struct tty *tp, size_t want, int flag)
{
	tcflag_t mode;
	int error;

	do {
		error = tty_foreground(tp, SIGTTIN, flag);
		mode = tp->t_lflag & ICANON;
		if (error == 0)
			error = mode != 0 ? await_line(tp, flag) :
			    await_bytes(tp, want, flag);
	} while (error == 0 && (tp->t_lflag & ICANON) != mode);
	return error;
}

/* ------------------------------------------------------------------- taking */

/* The next of the queue is VEOF: it is not read. */
static bool
skip_eof(struct tty *tp)
{
	int c;

	if (firstc(&tp->t_canq, &c) == NULL || !tty_is(tp, c, VEOF))
		return false;
	(void)getc(&tp->t_canq);
	return true;
}

/* A delayed VDSUSP comes to be read. */
static bool
skip_dsusp(struct tty *tp)
{
	int c;

	if (!tty_lflag(tp, ISIG) || !tty_lflag(tp, IEXTEN) ||
	    firstc(&tp->t_canq, &c) == NULL || !tty_is(tp, c, VDSUSP))
		return false;
	(void)getc(&tp->t_canq);
	ttysig(tp, TTYSIG_PG1, SIGTSTP);
	return true;
}

/* Take up to n characters of a line; *endp: it ends with them. */
static size_t
take_line(struct tty *tp, u_char *buf, size_t n, bool *endp)
{
	size_t i = 0;
	int c;

	while (i < n && !*endp) {
		if (skip_dsusp(tp))
			continue;
		*endp = tp->t_canq.c_cc == 0 || skip_eof(tp);
		if (*endp)
			break;
		c = getc(&tp->t_canq);
		buf[i++] = (u_char)c;
		*endp = c == '\n' || tty_is(tp, c, VEOL) ||
		    tty_is(tp, c, VEOL2);
	}
	return i;
}

static size_t
take(struct tty *tp, u_char *buf, size_t n, bool *endp)
{
	int got;

	if (tty_lflag(tp, ICANON))
		return take_line(tp, buf, n, endp);
	got = q_to_b(&tp->t_rawq, buf, (int)n);
	*endp = tp->t_rawq.c_cc == 0;
	return (size_t)got;
}

/*
 * read(2).
 *
 * flag    IO_NDELAY: do not wait.
 *
 * Returns 0 (with nothing read: end of file), EWOULDBLOCK, EIO (in the background,
 * and nobody could continue it), EFAULT.
 */
int
ttread(struct tty *tp, struct uio *uio, int flag)
{
	u_char buf[PIECE];
	bool end = false;
	int error;
	size_t n;

	mutex_enter(&tty_lock);
	error = await_input(tp, uio->uio_resid, flag);
	while (error == 0 && uio->uio_resid > 0 && !end) {
		n = take(tp, buf, MIN(uio->uio_resid, sizeof(buf)), &end);
		/* a line that was read to its last byte leaves no empty one */
		if (n == uio->uio_resid && !end && tty_lflag(tp, ICANON))
			(void)skip_eof(tp);
		mutex_exit(&tty_lock);
		error = n > 0 ? uiomove(buf, n, uio) : 0;
		mutex_enter(&tty_lock);
	}
	tty_unthrottle(tp);
	mutex_exit(&tty_lock);
	return error == ERESTART ? 0 : error;
}

/* ------------------------------------------------------------------ readiness */

int
tty_readable(const struct tty *tp)
{

	if (tty_lflag(tp, ICANON))
		return tp->t_canq.c_cc;
	if (tp->t_cc[VTIME] == 0 && tp->t_rawq.c_cc < tp->t_cc[VMIN])
		return 0;
	return tp->t_rawq.c_cc;
}

static bool
writable(const struct tty *tp)
{

	return tp->t_outq.c_cc <= tp->t_lowat && !tty_hungup(tp);
}

int
ttpoll(struct tty *tp, int events, struct lwp *l)
{
	int revents = 0;

	mutex_enter(&tty_lock);
	if (tty_readable(tp) > 0 || tty_hungup(tp))
		revents |= events & (POLLIN | POLLRDNORM);
	if (writable(tp))
		revents |= events & (POLLOUT | POLLWRNORM);
	if (tty_hungup(tp))
		revents |= POLLHUP;
	if (revents == 0) {
		if ((events & (POLLIN | POLLRDNORM | POLLHUP)) != 0)
			selrecord(l, &tp->t_rsel);
		if ((events & (POLLOUT | POLLWRNORM)) != 0)
			selrecord(l, &tp->t_wsel);
	}
	mutex_exit(&tty_lock);
	return revents;
}

static void
enter_unless(long hint)
{

	if ((hint & NOTE_SUBMIT) == 0)
		mutex_enter(&tty_lock);
}

static void
exit_unless(long hint)
{

	if ((hint & NOTE_SUBMIT) == 0)
		mutex_exit(&tty_lock);
}

static int
note_end(struct tty *tp, struct knote *kn, int ready)
{

	if (!tty_hungup(tp))
		return ready;
	knote_change_flags(kn, EV_EOF, 0);
	return 1;
}

static int
filter_read(struct knote *kn, long hint)
{
	struct tty *tp = kn->kn_hook;
	int n, ready;

	enter_unless(hint);
	n = tty_readable(tp);
	knote_set_data(kn, n);
	ready = note_end(tp, kn, n > 0);
	exit_unless(hint);
	return ready;
}

static int
filter_write(struct knote *kn, long hint)
{
	struct tty *tp = kn->kn_hook;
	int ready;

	enter_unless(hint);
	knote_set_data(kn, MAX(tp->t_hiwat - tp->t_outq.c_cc, 0));
	ready = note_end(tp, kn, writable(tp));
	exit_unless(hint);
	return ready;
}

static void
detach_read(struct knote *kn)
{
	struct tty *tp = kn->kn_hook;

	mutex_enter(&tty_lock);
	selremove_knote(&tp->t_rsel, kn);
	mutex_exit(&tty_lock);
}

static void
detach_write(struct knote *kn)
{
	struct tty *tp = kn->kn_hook;

	mutex_enter(&tty_lock);
	selremove_knote(&tp->t_wsel, kn);
	mutex_exit(&tty_lock);
}

static const struct filterops read_filterops = {
	.f_isfd = 1,
	.f_detach = detach_read,
	.f_event = filter_read,
};

static const struct filterops write_filterops = {
	.f_isfd = 1,
	.f_detach = detach_write,
	.f_event = filter_write,
};

/* kqueue(2) of a terminal's device: EVFILT_READ and EVFILT_WRITE, else EINVAL. */
int
ttkqfilter(dev_t dev, struct knote *kn)
{
	struct tty *tp = cdev_tty(dev);
	struct selinfo *sip;

	if (tp == NULL)
		return ENXIO;
	switch (kn->kn_filter) {
	case EVFILT_READ:
		kn->kn_fop = &read_filterops;
		sip = &tp->t_rsel;
		break;
	case EVFILT_WRITE:
		kn->kn_fop = &write_filterops;
		sip = &tp->t_wsel;
		break;
	default:
		return EINVAL;
	}
	kn->kn_hook = tp;
	mutex_enter(&tty_lock);
	selrecord_knote(sip, kn);
	mutex_exit(&tty_lock);
	return 0;
}
