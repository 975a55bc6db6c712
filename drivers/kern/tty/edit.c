/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Terminals: the line that is being typed, and how it looks.
 *
 *   tty_echo         show a character that was typed
 *   tty_erase        VERASE
 *   tty_erase_word   VWERASE; with ALTWERASE, letters and signs are different words
 *   tty_kill         VKILL
 *   tty_reprint      VREPRINT
 *
 * The line is t_rawq.  The display shows its last t_rocount characters without
 * anything between them; the first of those is in column t_rocol.  Other output ends
 * that (tty_interrupt_echo), and what is erased then is not there to be wiped: so the
 * line is shown again.
 *
 * Control characters look like ^A with ECHOCTL, and like nothing without.  TAB and NL
 * are sent as they are unless they are quoted.
 *
 * Ref: POSIX.1-2017 11.1.9, 11.2.5; NetBSD termios(4).
 */
#include <sys/param.h>
#include <sys/systm.h>

#include "tty_var.h"

#define DEL	0177

/* Does c, perhaps quoted, look like ^ and a letter? */
static bool
looks_like_two(const struct tty *tp, int c)
{
	const int bare = c & TTY_CHARMASK;

	if (!tty_lflag(tp, ECHOCTL))
		return false;
	return bare == DEL || (bare < ' ' && c != '\t' && c != '\n');
}

/* How many columns c takes that begins in a column. */
static int
width(const struct tty *tp, int c, int column)
{
	const int bare = c & TTY_CHARMASK;

	if (looks_like_two(tp, c))
		return 2;
	if (bare == '\t')
		return TTY_WIDEST - column % TTY_WIDEST;
	return bare < ' ' || bare == DEL ? 0 : 1;
}

static void
show(struct tty *tp, int c)
{

	if (looks_like_two(tp, c)) {
		(void)ttyoutput('^', tp);
		c = (c & TTY_CHARMASK) ^ 0100;
	}
	(void)ttyoutput(c, tp);
}

/* End a run of erased characters, shown between \ and / with ECHOPRT. */
static void
end_erased(struct tty *tp)
{

	if (!tty_state(tp, TS_ERASE))
		return;
	tp->t_state &= ~TS_ERASE;
	(void)ttyoutput('/', tp);
}

void
tty_echo(struct tty *tp, int c)
{

	if (tty_lflag(tp, EXTPROC | FLUSHO))
		return;
	if (!tty_lflag(tp, ECHO) && !(c == '\n' &&
	    tty_lflag(tp, ECHONL) && tty_lflag(tp, ICANON)))
		return;
	end_erased(tp);
	show(tp, c);
}

/* The line, on a new line of the display. */
static void
show_line(struct tty *tp)
{
	u_char *p;
	int c;

	(void)ttyoutput('\n', tp);
	tp->t_rocol = tp->t_column;
	for (p = firstc(&tp->t_rawq, &c); p != NULL;
	    p = nextc(&tp->t_rawq, p, &c))
		tty_echo(tp, c);
	tp->t_rocount = (short)tp->t_rawq.c_cc;
}

void
tty_reprint(struct tty *tp)
{

	if (!tty_lflag(tp, ECHO))
		return;
	if (tp->t_cc[VREPRINT] != _POSIX_VDISABLE)
		tty_echo(tp, tp->t_cc[VREPRINT]);
	show_line(tp);
}

/* The column behind the line, as far as it is shown. */
static int
end_column(struct tty *tp)
{
	int unseen = tp->t_rawq.c_cc - tp->t_rocount;
	int c, column = tp->t_rocol;
	u_char *p;

	for (p = firstc(&tp->t_rawq, &c); p != NULL;
	    p = nextc(&tp->t_rawq, p, &c))
		if (unseen-- <= 0)
			column += width(tp, c, column);
	return column;
}

/* Wipe c, which was the last of the line and is no longer in it. */
static void
wipe(struct tty *tp, int c)
{
	int n;

	tp->t_rocount--;
	if ((c & TTY_CHARMASK) == '\t' && !looks_like_two(tp, c)) {
		n = tp->t_column - end_column(tp);
		for (n = MIN(n, TTY_WIDEST); n > 0; n--)
			(void)ttyoutput('\b', tp);
		return;
	}
	for (n = width(tp, c, 0); n > 0; n--) {
		(void)ttyoutput('\b', tp);
		(void)ttyoutput(' ', tp);
		(void)ttyoutput('\b', tp);
	}
}

/* Show that c was erased; key is the character that did it. */
static void
show_erased(struct tty *tp, int c, int key)
{

	if (!tty_lflag(tp, ECHO) || tty_lflag(tp, EXTPROC))
		return;
	if (tty_lflag(tp, ECHOPRT)) {
		if (!tty_state(tp, TS_ERASE))
			(void)ttyoutput('\\', tp);
		show(tp, c);
		tp->t_state |= TS_ERASE;
		if (tp->t_rocount > 0)
			tp->t_rocount--;
	} else if (!tty_lflag(tp, ECHOE)) {
		tty_echo(tp, tp->t_cc[key]);
		if (tp->t_rocount > 0)
			tp->t_rocount--;
	} else if (tp->t_rocount == 0) {
		show_line(tp);
	} else {
		wipe(tp, c);
	}
}

/* Take the last character off the line. */
static void
erase_last(struct tty *tp, int key)
{
	const int c = unputc(&tp->t_rawq);

	if (c != -1)
		show_erased(tp, c, key);
}

/* The last character; -1: the line is empty. */
static int
last(struct tty *tp)
{
	int c = unputc(&tp->t_rawq);

	if (c != -1)
		(void)putc(c, &tp->t_rawq);
	return c;
}

void
tty_erase(struct tty *tp)
{

	erase_last(tp, VERASE);
}

static bool
is_blank(int c)
{

	return c == ' ' || c == '\t';
}

static bool
is_alnum(int c)
{

	c &= TTY_CHARMASK;
	return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') ||
	    (c >= 'a' && c <= 'z') || c == '_';
}

void
tty_erase_word(struct tty *tp)
{
	bool alnum;

	while (is_blank(last(tp)))
		erase_last(tp, VWERASE);
	if (last(tp) == -1)
		return;
	alnum = is_alnum(last(tp));
	do {
		erase_last(tp, VWERASE);
	} while (last(tp) != -1 && !is_blank(last(tp)) &&
	    (!tty_lflag(tp, ALTWERASE) || is_alnum(last(tp)) == alnum));
}

void
tty_kill(struct tty *tp)
{

	if (tty_lflag(tp, ECHOKE) && !tty_lflag(tp, ECHOPRT) &&
	    tp->t_rocount == tp->t_rawq.c_cc) {
		while (tp->t_rawq.c_cc > 0)
			wipe(tp, unputc(&tp->t_rawq));
	} else if (tty_lflag(tp, ECHO) && tp->t_rawq.c_cc > 0) {
		tty_echo(tp, tp->t_cc[VKILL]);
		if (tty_lflag(tp, ECHOK | ECHOKE))
			tty_echo(tp, '\n');
	}
	ndflush(&tp->t_rawq, tp->t_rawq.c_cc);
	tp->t_rocount = 0;
	tp->t_state &= ~TS_LOCAL;
}
