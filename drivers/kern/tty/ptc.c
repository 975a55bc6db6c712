/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The control side of a pseudo terminal: what it writes is typed at the terminal, what
 * the terminal would show it reads.
 *
 *   TIOCPKT     each read begins with a byte: TIOCPKT_DATA before data, or what has
 *               happened (output stopped, queues flushed …), alone
 *   TIOCUCNTL   the same with the commands (UIOCCMD) of the slave's program
 *   TIOCREMOTE  each write is one line, whatever is in it, or with no bytes an end of file
 *
 * After the last close of the slave it reads what is left, then end of file; writing is
 * EIO.  Before the first open of the slave both wait.  When it closes, the terminal is
 * hung up.
 *
 * Ref: NetBSD pty(4).
 */
#include <sys/param.h>
#include <sys/conf.h>
#include <sys/errno.h>
#include <sys/event.h>
#include <sys/fcntl.h>
#include <sys/filio.h>
#include <sys/ioctl.h>
#include <sys/kauth.h>
#include <sys/lwp.h>
#include <sys/poll.h>
#include <sys/proc.h>
#include <sys/pty.h>
#include <sys/signal.h>
#include <sys/select.h>
#include <sys/systm.h>
#include <sys/uio.h>
#include <sys/vnode.h>

#include <rump-private/knote.h>

#include "pty_var.h"
#include "tty_var.h"

#define PIECE	256

void
pty_notify_read(struct pty *pt)
{

	KASSERT(mutex_owned(&tty_lock));
	cv_broadcast(&pt->pt_readable);
	selnotify(&pt->pt_rsel, 0, NOTE_SUBMIT);
}

void
pty_notify_write(struct pty *pt)
{

	KASSERT(mutex_owned(&tty_lock));
	cv_broadcast(&pt->pt_tty->t_rawcvf);
	selnotify(&pt->pt_wsel, 0, NOTE_SUBMIT);
}

/* What says the opposite of bits. */
static int
opposite(int bits)
{

	return ((bits & TIOCPKT_STOP) != 0 ? TIOCPKT_START : 0) |
	    ((bits & TIOCPKT_START) != 0 ? TIOCPKT_STOP : 0) |
	    ((bits & TIOCPKT_NOSTOP) != 0 ? TIOCPKT_DOSTOP : 0) |
	    ((bits & TIOCPKT_DOSTOP) != 0 ? TIOCPKT_NOSTOP : 0);
}

void
pty_packet(struct pty *pt, int bits)
{

	KASSERT(mutex_owned(&tty_lock));
	if ((pt->pt_mode & PM_PACKET) == 0)
		return;
	pt->pt_packet = (pt->pt_packet & ~opposite(bits)) | bits;
	pty_notify_read(pt);
}

/* The terminal's t_oproc: there may be output to take. */
static void
output(struct tty *tp)
{
	struct pty *pt = tp->t_sc;

	if (tty_state(tp, TS_TTSTOP))
		return;
	if ((pt->pt_packet & TIOCPKT_STOP) != 0)
		pty_packet(pt, TIOCPKT_START);
	if (tp->t_outq.c_cc > 0)
		pty_notify_read(pt);
}

static int
ptc_open(dev_t dev, int flag, int devtype, struct lwp *l)
{
	struct pty *pt = pty_get(dev);
	struct tty *tp;

	if (pt == NULL)
		return ENXIO;
	tp = pt->pt_tty;
	mutex_enter(&tty_lock);
	if (pt->pt_control) {
		mutex_exit(&tty_lock);
		return EIO;
	}
	pt->pt_control = true;
	pt->pt_mode = 0;
	pt->pt_packet = 0;
	pt->pt_command = 0;
	tp->t_oproc = output;
	ttyflush(tp, FREAD | FWRITE);
	mutex_exit(&tty_lock);
	(void)(*tp->t_linesw->l_modem)(tp, 1);
	return 0;
}

static int
ptc_close(dev_t dev, int flag, int devtype, struct lwp *l)
{
	struct pty *pt = pty_find(dev);
	struct tty *tp = pt->pt_tty;

	mutex_enter(&tty_lock);
	tp->t_oproc = NULL;
	mutex_exit(&tty_lock);
	(void)(*tp->t_linesw->l_modem)(tp, 0);
	mutex_enter(&tty_lock);
	pt->pt_control = false;
	mutex_exit(&tty_lock);
	return 0;
}

/* ------------------------------------------------------------------- reading */

/* Is there output to take? */
static bool
has_output(const struct tty *tp)
{

	return tp->t_outq.c_cc > 0 && !tty_state(tp, TS_TTSTOP);
}

/* Is the slave closed, after it was open? */
static bool
is_over(const struct tty *tp)
{

	return !tty_state(tp, TS_CARR_ON);
}

static bool
is_readable(const struct pty *pt)
{

	return pt->pt_packet != 0 || pt->pt_command != 0 ||
	    has_output(pt->pt_tty);
}

static int
await_output(struct pty *pt, int flag)
{
	int error = 0;

	while (error == 0 && !is_readable(pt) && !is_over(pt->pt_tty))
		error = (flag & IO_NDELAY) != 0 ? EWOULDBLOCK :
		    cv_wait_sig(&pt->pt_readable, &tty_lock);
	return error;
}

/*
 * What a read begins with, if it is more than data: returns how many bytes.
 * *alonep: no data follow.
 */
static size_t
take_head(struct pty *pt, u_char *head, bool *alonep)
{
	const struct termios *mode = &pt->pt_tty->t_termios;
	size_t n = 0;

	*alonep = pt->pt_packet != 0 || pt->pt_command != 0;
	if (pt->pt_packet != 0) {
		head[n++] = (u_char)pt->pt_packet;
		if ((pt->pt_packet & TIOCPKT_IOCTL) != 0) {
			memcpy(head + n, mode, sizeof(*mode));
			n += sizeof(*mode);
		}
		pt->pt_packet = 0;
	} else if (pt->pt_command != 0) {
		head[n++] = pt->pt_command;
		pt->pt_command = 0;
	} else if ((pt->pt_mode & (PM_PACKET | PM_USER)) != 0 &&
	    has_output(pt->pt_tty)) {
		head[n++] = TIOCPKT_DATA;
	}
	return n;
}

/* Output was taken: who waits to write may go on. */
static void
output_taken(struct tty *tp)
{

	if (tp->t_outq.c_cc <= tp->t_lowat) {
		cv_broadcast(&tp->t_outcv);
		selnotify(&tp->t_wsel, 0, NOTE_SUBMIT);
	}
}

static int
ptc_read(dev_t dev, struct uio *uio, int flag)
{
	struct pty *pt = pty_find(dev);
	struct tty *tp = pt->pt_tty;
	u_char buf[PIECE];
	bool alone = false;
	size_t n;
	int error;

	if (uio->uio_resid == 0)
		return 0;
	mutex_enter(&tty_lock);
	error = await_output(pt, flag);
	n = error == 0 ? take_head(pt, buf, &alone) : 0;
	while (error == 0 && uio->uio_resid > 0) {
		if (!alone && has_output(tp))
			n += (size_t)q_to_b(&tp->t_outq, buf + n,
			    (int)MIN(uio->uio_resid, sizeof(buf)) - (int)n);
		if (n == 0)
			break;
		output_taken(tp);
		mutex_exit(&tty_lock);
		error = uiomove(buf, MIN(n, uio->uio_resid), uio);
		mutex_enter(&tty_lock);
		if (alone)
			break;
		n = 0;
	}
	mutex_exit(&tty_lock);
	return error;
}

/* ------------------------------------------------------------------- writing */

/* Wait until the slave is open and may be typed at. */
static int
await_input_room(struct pty *pt, int flag, bool (*room)(const struct tty *))
{
	struct tty *tp = pt->pt_tty;
	int error = 0;

	while (error == 0 && !is_over(tp) &&
	    !(tty_state(tp, TS_ISOPEN) && (*room)(tp))) {
		if ((flag & IO_NDELAY) != 0)
			error = EWOULDBLOCK;
		else
			error = cv_wait_sig(&tp->t_rawcvf, &tty_lock);
	}
	return error == 0 && is_over(tp) ? EIO : error;
}

/* Type characters; sets how many. */
static int
type(struct pty *pt, const u_char *buf, size_t n, int flag, size_t *donep)
{
	struct tty *tp = pt->pt_tty;
	int error = 0;
	size_t i;

	for (i = 0; i < n; i++) {
		mutex_enter(&tty_lock);
		error = await_input_room(pt, flag, tty_input_room);
		mutex_exit(&tty_lock);
		if (error != 0)
			break;
		(void)(*tp->t_linesw->l_rint)(buf[i], tp);
	}
	*donep = i;
	return error;
}

static int
write_typed(struct pty *pt, struct uio *uio, int flag)
{
	u_char buf[PIECE];
	size_t n, done;
	int error = 0;

	while (error == 0 && uio->uio_resid > 0) {
		n = MIN(uio->uio_resid, sizeof(buf));
		error = uiomove(buf, n, uio);
		if (error != 0)
			break;
		error = type(pt, buf, n, flag, &done);
		uio->uio_resid += n - done;
	}
	return error;
}

/* No record waits to be read. */
static bool
nothing_waits(const struct tty *tp)
{

	return tp->t_canq.c_cc == 0;
}

/* A line as it is: quoted, and ended by VEOF, which is not read. */
static int
put_record(struct pty *pt, const u_char *buf, size_t n, int flag)
{
	struct tty *tp = pt->pt_tty;
	const bool lines = tty_lflag(tp, ICANON);
	int error;
	size_t i;

	error = await_input_room(pt, flag, lines ? nothing_waits :
	    tty_input_room);
	for (i = 0; i < n && error == 0; i++)
		if (putc(buf[i] | TTY_QUOTE, lines ? &tp->t_canq :
		    &tp->t_rawq) != 0)
			break;
	if (error == 0 && lines && tp->t_cc[VEOF] != _POSIX_VDISABLE)
		(void)putc(tp->t_cc[VEOF], &tp->t_canq);
	if (error == 0)
		ttwakeup(tp);
	return error;
}

/* What is too long for a record becomes several. */
static int
write_records(struct pty *pt, struct uio *uio, int flag)
{
	u_char buf[PIECE];
	size_t n;
	int error;

	do {
		n = MIN(uio->uio_resid, sizeof(buf));
		error = uiomove(buf, n, uio);
		if (error != 0)
			break;
		mutex_enter(&tty_lock);
		error = put_record(pt, buf, n, flag);
		mutex_exit(&tty_lock);
		if (error != 0)
			uio->uio_resid += n;
	} while (error == 0 && uio->uio_resid > 0);
	return error;
}

static int
ptc_write(dev_t dev, struct uio *uio, int flag)
{
	struct pty *pt = pty_find(dev);

	return (pt->pt_mode & PM_REMOTE) != 0 ?
	    write_records(pt, uio, flag) : write_typed(pt, uio, flag);
}

/* ------------------------------------------------------------------- control */

static int
set_pt_mode(struct pty *pt, int mode, bool on)
{
	const int other = PM_PACKET | PM_USER;
	int error = 0;

	mutex_enter(&tty_lock);
	if (on && (mode & other) != 0 &&
	    (pt->pt_mode & other & ~mode) != 0) {
		error = EINVAL;		/* one kind of first byte at a time */
	} else if (on) {
		pt->pt_mode |= mode;
	} else {
		pt->pt_mode &= ~mode;
	}
	mutex_exit(&tty_lock);
	return error;
}

static int
set_remote(struct pty *pt, bool on)
{

	mutex_enter(&tty_lock);
	ttyflush(pt->pt_tty, FREAD | FWRITE);
	mutex_exit(&tty_lock);
	return set_pt_mode(pt, PM_REMOTE, on);
}

/* A signal for the foreground, as if its character had been typed. */
static int
send_signal(struct pty *pt, int sig)
{
	struct tty *tp = pt->pt_tty;

	if (sig <= 0 || sig >= NSIG)
		return EINVAL;
	mutex_enter(&tty_lock);
	if (!tty_lflag(tp, NOFLSH))
		ttyflush(tp, FREAD | FWRITE);
	ttysig(tp, TTYSIG_PG1, sig);
	mutex_exit(&tty_lock);
	return 0;
}

/* Characters are processed by whoever is behind the control side, or here again. */
static int
set_external(struct pty *pt, bool on)
{
	struct tty *tp = pt->pt_tty;

	mutex_enter(&tty_lock);
	if (on)
		tp->t_lflag |= EXTPROC;
	else
		tp->t_lflag &= ~EXTPROC;
	pty_packet(pt, TIOCPKT_IOCTL);
	mutex_exit(&tty_lock);
	return 0;
}

static int
ptc_ioctl(dev_t dev, u_long cmd, void *data, int flag, struct lwp *l)
{
	struct pty *pt = pty_find(dev);
	struct tty *tp = pt->pt_tty;

	switch (cmd) {
	case TIOCPKT:
		return set_pt_mode(pt, PM_PACKET, *(int *)data != 0);
	case TIOCUCNTL:
		return set_pt_mode(pt, PM_USER, *(int *)data != 0);
	case TIOCREMOTE:
		return set_remote(pt, *(int *)data != 0);
	case TIOCEXT:
		return set_external(pt, *(int *)data != 0);
	case TIOCSIG:
		return send_signal(pt, (int)(intptr_t)*(void **)data);
	case TIOCPTSNAME:
		return pty_describe(pt, l, data);
	case TIOCGRANTPT:
		return pty_grant(pt, l);
	case TIOCGPGRP:
		return tty_get_pgrp(tp, l->l_proc, true, data);
	case FIONREAD:
		*(int *)data = tp->t_outq.c_cc;
		return 0;
	case TIOCSETAW:
	case TIOCSETAF:
		/* who would take the output is who waits for it */
		mutex_enter(&tty_lock);
		ttyflush(tp, FWRITE | (cmd == TIOCSETAF ? FREAD : 0));
		mutex_exit(&tty_lock);
		return pty_request(pt, TIOCSETA, data, flag, l, tty_request);
	case TIOCDRAIN:
		return 0;	/* what it has written was typed */
	case TIOCSCTTY:
		return ENOTTY;	/* nobody sits here: the terminal is the slave */
	default:
		return pty_request(pt, cmd, data, flag, l, tty_request);
	}
}

static struct tty *
ptc_tty(dev_t dev)
{
	struct pty *pt = pty_find(dev);

	return pt != NULL ? pt->pt_tty : NULL;
}

/* ----------------------------------------------------------------- readiness */

static bool
is_writable(const struct pty *pt)
{
	const struct tty *tp = pt->pt_tty;

	return tty_state(tp, TS_ISOPEN) && ((pt->pt_mode & PM_REMOTE) != 0 &&
	    tty_lflag(tp, ICANON) ? nothing_waits(tp) : tty_input_room(tp));
}

static int
ptc_poll(dev_t dev, int events, struct lwp *l)
{
	struct pty *pt = pty_find(dev);
	int revents = 0;

	mutex_enter(&tty_lock);
	if (is_readable(pt) || is_over(pt->pt_tty))
		revents |= events & (POLLIN | POLLRDNORM);
	if (is_writable(pt))
		revents |= events & (POLLOUT | POLLWRNORM);
	if (is_over(pt->pt_tty))
		revents |= POLLHUP;
	if (revents == 0) {
		if ((events & (POLLIN | POLLRDNORM | POLLHUP)) != 0)
			selrecord(l, &pt->pt_rsel);
		if ((events & (POLLOUT | POLLWRNORM)) != 0)
			selrecord(l, &pt->pt_wsel);
	}
	mutex_exit(&tty_lock);
	return revents;
}

static int
filter(struct knote *kn, bool (*ready)(const struct pty *), int data)
{
	struct pty *pt = kn->kn_hook;
	int result;

	knote_set_data(kn, data);
	result = (*ready)(pt);
	if (is_over(pt->pt_tty)) {
		knote_change_flags(kn, EV_EOF, 0);
		result = 1;
	}
	return result;
}

static int
filter_read(struct knote *kn, long hint)
{
	struct pty *pt = kn->kn_hook;
	int n, result;

	if ((hint & NOTE_SUBMIT) == 0)
		mutex_enter(&tty_lock);
	n = has_output(pt->pt_tty) ? pt->pt_tty->t_outq.c_cc : 0;
	/* the byte that data begin with, or that is alone */
	if (is_readable(pt) && (pt->pt_mode & (PM_PACKET | PM_USER)) != 0)
		n++;
	result = filter(kn, is_readable, n);
	if ((hint & NOTE_SUBMIT) == 0)
		mutex_exit(&tty_lock);
	return result;
}

static int
filter_write(struct knote *kn, long hint)
{
	struct pty *pt = kn->kn_hook;
	const struct tty *tp = pt->pt_tty;
	int result;

	if ((hint & NOTE_SUBMIT) == 0)
		mutex_enter(&tty_lock);
	result = filter(kn, is_writable,
	    MAX(tp->t_qsize - tp->t_canq.c_cc - tp->t_rawq.c_cc, 0));
	if ((hint & NOTE_SUBMIT) == 0)
		mutex_exit(&tty_lock);
	return result;
}

static void
detach_read(struct knote *kn)
{
	struct pty *pt = kn->kn_hook;

	mutex_enter(&tty_lock);
	selremove_knote(&pt->pt_rsel, kn);
	mutex_exit(&tty_lock);
}

static void
detach_write(struct knote *kn)
{
	struct pty *pt = kn->kn_hook;

	mutex_enter(&tty_lock);
	selremove_knote(&pt->pt_wsel, kn);
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

static int
ptc_kqfilter(dev_t dev, struct knote *kn)
{
	struct pty *pt = pty_find(dev);
	const bool reads = kn->kn_filter == EVFILT_READ;

	if (!reads && kn->kn_filter != EVFILT_WRITE)
		return EINVAL;
	kn->kn_fop = reads ? &read_filterops : &write_filterops;
	kn->kn_hook = pt;
	mutex_enter(&tty_lock);
	selrecord_knote(reads ? &pt->pt_rsel : &pt->pt_wsel, kn);
	mutex_exit(&tty_lock);
	return 0;
}

const struct cdevsw ptc_cdevsw = {
	.d_open = ptc_open,
	.d_close = ptc_close,
	.d_read = ptc_read,
	.d_write = ptc_write,
	.d_ioctl = ptc_ioctl,
	.d_stop = nullstop,
	.d_tty = ptc_tty,
	.d_poll = ptc_poll,
	.d_mmap = nommap,
	.d_kqfilter = ptc_kqfilter,
	.d_discard = nodiscard,
	.d_flag = D_OTHER | D_MPSAFE,
};
