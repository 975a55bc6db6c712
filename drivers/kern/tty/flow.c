/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Terminals: the flow of characters, and waiting for it.
 *
 *   tty_output_stop, _start        VSTOP and VSTART, TIOCSTOP and TIOCSTART
 *   tty_try_xonxoff                what a driver asks of a character first
 *   tty_throttle, tty_unthrottle   the same for the sender: IXOFF, hardware
 *   ttysleep, ttwakeup
 *   ttywait, ttywflush, ttyflush   until all is sent; and drop what is queued
 *
 * Ref: POSIX.1-2017 11.2.2, 11.2.3 (IXON, IXANY, IXOFF); NetBSD termios(4).
 */
#include <sys/param.h>
#include <sys/conf.h>
#include <sys/errno.h>
#include <sys/fcntl.h>
#include <sys/signal.h>
#include <sys/select.h>
#include <sys/systm.h>

#include "tty_var.h"

/* Marks of the input queue: the sender stops above, and goes on below. */
#define INPUT_HIGH(tp)	((tp)->t_qsize / 2)
#define INPUT_LOW(tp)	((tp)->t_qsize / 4)

void
tty_output_stop(struct tty *tp)
{

	KASSERT(mutex_owned(&tty_lock));
	if (tty_state(tp, TS_TTSTOP))
		return;
	tp->t_state |= TS_TTSTOP;
	cdev_stop(tp, 0);
}

void
tty_output_start(struct tty *tp)
{

	KASSERT(mutex_owned(&tty_lock));
	tp->t_lflag &= ~FLUSHO;
	tp->t_state &= ~TS_TTSTOP;
	(void)ttstart(tp);
}

/*
 * Is c, as a driver has it before it is queued, VSTART or VSTOP?  Then do that.
 *
 * Returns 1 if so, else 0.
 */
int
tty_try_xonxoff(struct tty *tp, unsigned char c)
{

	KASSERT(mutex_owned(&tty_lock));
	if (!tty_iflag(tp, IXON))
		return 0;
	if (tty_is(tp, c, VSTOP) &&
	    !(tty_is(tp, c, VSTART) && tty_state(tp, TS_TTSTOP))) {
		tty_output_stop(tp);
		return 1;
	}
	if (tty_is(tp, c, VSTART)) {
		tty_output_start(tp);
		return 1;
	}
	return 0;
}

/* Send c, VSTART or VSTOP, before it is asked for; false: no room for it. */
static bool
send_flow_char(struct tty *tp, int place)
{
	const int c = tp->t_cc[place];

	if (c == _POSIX_VDISABLE || putc(c, &tp->t_outq) != 0)
		return false;
	(void)ttstart(tp);
	return true;
}

static bool
hardware_flow(struct tty *tp, int block)
{

	return (tp->t_cflag & CHWFLOW) != 0 && tp->t_hwiflow != NULL &&
	    (*tp->t_hwiflow)(tp, block) != 0;
}

void
tty_throttle(struct tty *tp)
{
	bool told;

	KASSERT(mutex_owned(&tty_lock));
	if (tty_state(tp, TS_TBLOCK) ||
	    tp->t_rawq.c_cc + tp->t_canq.c_cc < INPUT_HIGH(tp))
		return;
	/* a line that is not complete is not read, so it cannot be waited for */
	if (tty_lflag(tp, ICANON) && tp->t_canq.c_cc == 0)
		return;
	told = tty_iflag(tp, IXOFF) && send_flow_char(tp, VSTOP);
	told |= hardware_flow(tp, 1);
	if (told)
		tp->t_state |= TS_TBLOCK;
}

void
tty_unthrottle(struct tty *tp)
{

	KASSERT(mutex_owned(&tty_lock));
	/* a driver may have characters of its own to put in: pty.c */
	cv_broadcast(&tp->t_rawcvf);
	if (!tty_state(tp, TS_TBLOCK) ||
	    tp->t_rawq.c_cc + tp->t_canq.c_cc > INPUT_LOW(tp))
		return;
	tp->t_state &= ~TS_TBLOCK;
	if (tty_iflag(tp, IXOFF))
		(void)send_flow_char(tp, VSTART);
	(void)hardware_flow(tp, 0);
}

/*
 * Sleep on cv.
 *
 * intr    as cv_wait_sig; timo in ticks, 0: no limit.
 *
 * Returns 0, EWOULDBLOCK, EINTR, or ERESTART: the terminal was closed meanwhile.
 * Locks:   tty_lock, given up meanwhile.
 */
int
ttysleep(struct tty *tp, kcondvar_t *cv, bool intr, int timo)
{
	const short gen = tp->t_gen;
	int error;

	KASSERT(mutex_owned(&tty_lock));
	error = intr ? cv_timedwait_sig(cv, &tty_lock, timo) :
	    cv_timedwait(cv, &tty_lock, timo);
	return tp->t_gen != gen ? ERESTART : error;
}

/* There is something to read: wake who waits for it. */
void
ttwakeup(struct tty *tp)
{

	KASSERT(mutex_owned(&tty_lock));
	selnotify(&tp->t_rsel, 0, NOTE_SUBMIT);
	if (tty_state(tp, TS_ASYNC))
		ttysig(tp, TTYSIG_PG2, SIGIO);
	cv_broadcast(&tp->t_rawcv);
	cv_broadcast(&tp->t_cancv);
}

static int
wait_sent(struct tty *tp)
{
	int error = 0;

	KASSERT(mutex_owned(&tty_lock));
	while (error == 0 && !tty_hungup(tp) &&
	    (tp->t_outq.c_cc != 0 || tty_state(tp, TS_BUSY))) {
		(void)ttstart(tp);
		if (tp->t_outq.c_cc != 0 || tty_state(tp, TS_BUSY))
			error = ttysleep(tp, &tp->t_outcv, true, 0);
	}
	return error;
}

/* Wait until all output is sent, or cannot be.  0, EINTR, ERESTART. */
int
ttywait(struct tty *tp)
{
	int error;

	mutex_enter(&tty_lock);
	error = wait_sent(tp);
	mutex_exit(&tty_lock);
	return error;
}

/* The same, and drop input that was not read. */
int
ttywflush(struct tty *tp)
{
	int error;

	mutex_enter(&tty_lock);
	error = wait_sent(tp);
	if (error == 0)
		ttyflush(tp, FREAD);
	mutex_exit(&tty_lock);
	return error;
}

static void
flush_input(struct tty *tp)
{

	ndflush(&tp->t_canq, tp->t_canq.c_cc);
	ndflush(&tp->t_rawq, tp->t_rawq.c_cc);
	tp->t_rocount = tp->t_rocol = 0;
	tp->t_state &= ~TS_LOCAL;
	tty_unthrottle(tp);
	ttwakeup(tp);
}

/* Drop what is queued: rw is FREAD, FWRITE or both. */
void
ttyflush(struct tty *tp, int rw)
{

	KASSERT(mutex_owned(&tty_lock));
	if ((rw & FREAD) != 0)
		flush_input(tp);
	if ((rw & FWRITE) != 0)
		tp->t_state &= ~TS_TTSTOP;
	cdev_stop(tp, rw);
	if ((rw & FWRITE) != 0) {
		ndflush(&tp->t_outq, tp->t_outq.c_cc);
		cv_broadcast(&tp->t_outcv);
		selnotify(&tp->t_wsel, 0, NOTE_SUBMIT);
	}
}
