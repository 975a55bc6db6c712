/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Terminals: input.  A character that the driver has received goes through a row of
 * stages, each of which may use it up:
 *
 *   errors    a break or a bad parity: BRKINT, IGNBRK, IGNPAR, INPCK, PARMRK
 *   ISTRIP
 *   literal   what follows VLNEXT means nothing but itself
 *   flow      VSTOP, VSTART with IXON; with IXANY any character starts output
 *   IEXTEN    VLNEXT, VDISCARD
 *   ISIG      VINTR, VQUIT, VSUSP
 *   mapping   IGNCR, ICRNL, INLCR
 *   ICANON    VERASE, VWERASE, VKILL, VREPRINT, VSTATUS
 *   storing   with IMAXBEL a bell if there is no room; echo
 *
 * A line is complete with NL, VEOL, VEOL2 (which belong to it) or VEOF (a mark that is
 * not read).  A character of it that is in the queue with TTY_QUOTE ends nothing.
 *
 * Ref: POSIX.1-2017 11.1.5 to 11.1.9, 11.2.2, 11.2.5; NetBSD termios(4).
 */
#include <sys/param.h>
#include <sys/fcntl.h>
#include <sys/signal.h>
#include <sys/systm.h>

#include "tty_var.h"

/* Room that is kept for a mark of an error, or of parity: three characters. */
#define SPARE	3

static int
waiting(const struct tty *tp)
{

	return tp->t_rawq.c_cc + tp->t_canq.c_cc;
}

bool
tty_input_room(const struct tty *tp)
{

	/* a line that is too long must be let go on: nobody can read it */
	return waiting(tp) + SPARE <= tp->t_qsize ||
	    (tty_lflag(tp, ICANON) && tp->t_canq.c_cc == 0);
}

/* ------------------------------------------------------------------ storing */

static bool
ends_line(const struct tty *tp, int c)
{

	return c == '\n' || tty_is(tp, c, VEOF) || tty_is(tp, c, VEOL) ||
	    tty_is(tp, c, VEOL2);
}

/* The cursor goes back over ^D: it was not part of anything. */
static void
echo_eof(struct tty *tp, int c)
{
	int moved = tp->t_column;

	tty_echo(tp, c);
	for (moved = tp->t_column - moved; moved > 0; moved--)
		(void)ttyoutput('\b', tp);
}

/* Show a character that was stored as the line's last. */
static void
echo_stored(struct tty *tp, int c, int column)
{

	if (!tty_lflag(tp, ECHO)) {
		tty_echo(tp, c);	/* ECHONL */
		return;
	}
	if (tp->t_rocount == 0)
		tp->t_rocol = (short)column;
	tp->t_rocount++;
	tty_echo(tp, c);
}

static void
complete_line(struct tty *tp, int c)
{

	catq(&tp->t_rawq, &tp->t_canq);
	ttwakeup(tp);
	tp->t_rocount = 0;
	if (tty_is(tp, c, VEOF) && tty_lflag(tp, ECHO))
		echo_eof(tp, c);
	else
		tty_echo(tp, c);
}

static void
no_room(struct tty *tp)
{

	if (tty_iflag(tp, IMAXBEL))
		(void)ttyoutput(CTRL('g'), tp);
}

/* c, perhaps with TTY_QUOTE, is for the reader. */
static void
store(struct tty *tp, int c)
{

	if (waiting(tp) + SPARE > tp->t_qsize && !(tty_lflag(tp, ICANON) &&
	    ends_line(tp, c) && waiting(tp) < tp->t_qsize)) {
		no_room(tp);
		return;
	}
	if (tty_iflag(tp, PARMRK) && !tty_iflag(tp, ISTRIP) &&
	    (c & TTY_CHARMASK) == 0377)
		(void)putc(0377 | TTY_QUOTE, &tp->t_rawq);
	(void)putc(c, &tp->t_rawq);
	if (!tty_lflag(tp, ICANON)) {
		ttwakeup(tp);
		tty_echo(tp, c);
	} else if (ends_line(tp, c)) {
		complete_line(tp, c);
	} else {
		echo_stored(tp, c, tp->t_column);
	}
	tty_throttle(tp);
}

/* ------------------------------------------------------------------- errors */

/* A mark that the reader can tell from what was received. */
static void
store_mark(struct tty *tp, int c)
{

	if (waiting(tp) + SPARE > tp->t_qsize) {
		no_room(tp);
		return;
	}
	(void)putc(0377 | TTY_QUOTE, &tp->t_rawq);
	(void)putc(0 | TTY_QUOTE, &tp->t_rawq);
	(void)putc(c | TTY_QUOTE, &tp->t_rawq);
	if (!tty_lflag(tp, ICANON))
		ttwakeup(tp);
}

static void
store_nul(struct tty *tp)
{

	store(tp, 0 | TTY_QUOTE);
}

static void
input_break(struct tty *tp)
{

	if (tty_iflag(tp, IGNBRK))
		return;
	if (tty_iflag(tp, BRKINT)) {
		ttyflush(tp, FREAD | FWRITE);
		ttysig(tp, TTYSIG_PG1, SIGINT);
	} else if (tty_iflag(tp, PARMRK)) {
		store_mark(tp, 0);
	} else {
		store_nul(tp);
	}
}

/* Returns whether c was used up. */
static bool
input_error(struct tty *tp, int error, int c)
{

	if ((error & TTY_FE) != 0 && c == 0) {
		input_break(tp);
		return true;
	}
	if (!tty_iflag(tp, INPCK) && (error & TTY_FE) == 0)
		return false;
	if (tty_iflag(tp, IGNPAR))
		return true;
	if (tty_iflag(tp, PARMRK))
		store_mark(tp, c);
	else
		store_nul(tp);
	return true;
}

/* ------------------------------------------------------------------- stages */

static bool
stage_flow(struct tty *tp, int c)
{
	const bool stopped = tty_state(tp, TS_TTSTOP);

	if (tty_try_xonxoff(tp, (u_char)c) != 0)
		return true;
	if (stopped && tty_iflag(tp, IXANY))
		tty_output_start(tp);
	return false;
}

/* VLNEXT looks like ^ under the cursor until the next character. */
static void
literal_next(struct tty *tp, int c)
{

	const bool wipes = tty_lflag(tp, ECHO) && tty_lflag(tp, ECHOE);

	tty_echo(tp, wipes ? '^' : c);
	if (wipes)
		(void)ttyoutput('\b', tp);
	tp->t_state |= TS_LNCH;
}

/* Throw output away until it is asked for again. */
static void
discard(struct tty *tp, int c)
{

	const bool begins = !tty_lflag(tp, FLUSHO);

	if (begins) {
		ttyflush(tp, FWRITE);
		tty_echo(tp, c);
		if (tp->t_rawq.c_cc != 0)
			tty_reprint(tp);
	}
	tp->t_lflag ^= FLUSHO;
}

static bool
stage_extensions(struct tty *tp, int c)
{

	if (!tty_lflag(tp, IEXTEN))
		return false;
	if (tty_is(tp, c, VLNEXT)) {
		literal_next(tp, c);
		return true;
	}
	if (tty_is(tp, c, VDISCARD)) {
		discard(tp, c);
		return true;
	}
	return false;
}

static bool
stage_signals(struct tty *tp, int c)
{
	int sig;

	if (!tty_lflag(tp, ISIG))
		return false;
	if (tty_is(tp, c, VINTR))
		sig = SIGINT;
	else if (tty_is(tp, c, VQUIT))
		sig = SIGQUIT;
	else if (tty_is(tp, c, VSUSP))
		sig = SIGTSTP;
	else
		return false;
	if (!tty_lflag(tp, NOFLSH))
		ttyflush(tp, FREAD | FWRITE);
	tty_interrupt_echo(tp);
	tty_echo(tp, c);
	ttysig(tp, TTYSIG_PG1, sig);
	return true;
}

/* The character that c stands for; -1: none. */
static int
stage_mapping(struct tty *tp, int c)
{

	if (c == '\r') {
		if (tty_iflag(tp, IGNCR))
			return -1;
		if (tty_iflag(tp, ICRNL))
			return '\n';
	} else if (c == '\n' && tty_iflag(tp, INLCR)) {
		return '\r';
	}
	return c;
}

static bool
stage_editing(struct tty *tp, int c)
{

	if (!tty_lflag(tp, ICANON))
		return false;
	if (tty_is(tp, c, VERASE)) {
		tty_erase(tp);
	} else if (tty_is(tp, c, VKILL)) {
		tty_kill(tp);
	} else if (!tty_lflag(tp, IEXTEN)) {
		return false;
	} else if (tty_is(tp, c, VWERASE)) {
		tty_erase_word(tp);
	} else if (tty_is(tp, c, VREPRINT)) {
		tty_reprint(tp);
	} else if (tty_is(tp, c, VSTATUS)) {
		if (tty_lflag(tp, ISIG))
			ttysig(tp, TTYSIG_PG1, SIGINFO);
		if (!tty_lflag(tp, NOKERNINFO))
			ttyinfo(tp, 0);
	} else {
		return false;
	}
	return true;
}

/* All stages behind the errors; c is bare. */
static void
input(struct tty *tp, int c)
{

	if (tty_lflag(tp, EXTPROC)) {
		/* whoever is at the other end does all that */
		if (c == '\n' || c == '\r' || !tty_lflag(tp, ICANON))
			store(tp, c);
		else
			store(tp, tty_is(tp, c, VEOF) ? c : c | TTY_QUOTE);
		return;
	}
	if (tty_iflag(tp, ISTRIP))
		c &= 0177;
	if (tty_state(tp, TS_LNCH)) {
		tp->t_state &= ~TS_LNCH;
		store(tp, c | TTY_QUOTE);
		return;
	}
	if (stage_flow(tp, c) || stage_extensions(tp, c) ||
	    stage_signals(tp, c))
		return;
	c = stage_mapping(tp, c);
	if (c != -1 && !stage_editing(tp, c))
		store(tp, c);
}

/*
 * A character has come.
 *
 * c       it, with TTY_FE or TTY_PE if it came with an error.
 *
 * Returns 0.
 * Locks:  tty_lock.
 */
int
ttyinput_wlock(int c, struct tty *tp)
{
	const int error = c & (int)TTY_ERRORMASK;

	KASSERT(mutex_owned(&tty_lock));
	if ((tp->t_cflag & CREAD) == 0)
		return 0;
	c &= TTY_CHARMASK;
	if (error == 0 || !input_error(tp, error, c))
		input(tp, c);
	(void)ttstart(tp);
	return 0;
}

int
ttyinput(int c, struct tty *tp)
{

	mutex_enter(&tty_lock);
	(void)ttyinput_wlock(c, tp);
	mutex_exit(&tty_lock);
	return 0;
}

/* ------------------------------------------------------------ changes of mode */

void
tty_retype(struct tty *tp, struct clist *spare)
{
	int c;

	KASSERT(tty_lflag(tp, ICANON));
	catq(&tp->t_rawq, spare);
	tp->t_rocount = 0;
	while ((c = getc(spare)) != -1)
		input(tp, c & TTY_CHARMASK);
}

void
tty_uncook(struct tty *tp)
{
	struct clist all = tp->t_canq;

	/* the line that is being typed comes last */
	catq(&tp->t_rawq, &all);
	tp->t_canq = tp->t_rawq;
	tp->t_rawq = all;
	tp->t_rocount = 0;
	tp->t_state &= ~TS_LOCAL;
}
