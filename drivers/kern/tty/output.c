/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Terminals: output.
 *
 *   ttyoutput      one character, as OPOST has it, to the output queue
 *   ttwrite        what a program writes
 *   ttycheckoutq   is there room?
 *   tputchar       the kernel's own messages, also tty_show_message
 *
 * With OPOST, in this order:
 *
 *   NL   CR NL with ONLCR
 *   CR   not sent in column 0 with ONOCR, unless OCRNL makes it NL
 *   TAB  blanks up to the next multiple of 8 with OXTABS
 *   EOT  not sent with ONOEOT
 *
 * The column is followed as the terminal has it: NL alone does not change it unless
 * ONLRET; control characters take no room; others, bytes above 0x7f too, take one.
 *
 * ttwrite fills the queue up to the high water mark, and goes on when it has fallen to
 * the low one.  Above the mark there is room for echo; echo that finds none is lost.
 *
 * Ref: POSIX.1-2017 11.2.3; NetBSD termios(4).
 */
#include <sys/param.h>
#include <sys/errno.h>
#include <sys/fcntl.h>
#include <sys/proc.h>
#include <sys/signal.h>
#include <sys/systm.h>
#include <sys/uio.h>
#include <sys/vnode.h>

#include <rump-private/ttymsg.h>

#include "tty_var.h"

#define TABSTOP		8
#define EOT		CTRL('d')

static void
follow_column(struct tty *tp, int c, bool returned)
{

	switch (c) {
	case '\b':
		if (tp->t_column > 0)
			tp->t_column--;
		break;
	case '\t':
		tp->t_column = (short)((tp->t_column | (TABSTOP - 1)) + 1);
		break;
	case '\n':
		if (returned || tty_oflag(tp, ONLRET))
			tp->t_column = 0;
		break;
	case '\r':
		tp->t_column = 0;
		break;
	default:
		if (c >= ' ' && c != 0177)
			tp->t_column++;
		break;
	}
}

/* Blanks up to the next stop. */
static int
expand_tab(struct tty *tp)
{
	int n;

	for (n = TABSTOP - tp->t_column % TABSTOP; n > 0; n--) {
		if (putc(' ', &tp->t_outq) != 0)
			return '\t';
		tp->t_column++;
	}
	return -1;
}

/* c with OPOST. */
static int
process(struct tty *tp, int c)
{
	const bool returned = c == '\n' && tty_oflag(tp, ONLCR);

	if (c == '\t' && tty_oflag(tp, OXTABS))
		return expand_tab(tp);
	if (c == EOT && tty_oflag(tp, ONOEOT))
		return -1;
	if (c == '\r' && tty_oflag(tp, OCRNL))
		c = '\n';
	else if (c == '\r' && tty_oflag(tp, ONOCR) && tp->t_column == 0)
		return -1;
	if (returned && putc('\r', &tp->t_outq) != 0)
		return c;
	if (putc(c, &tp->t_outq) != 0)
		return c;
	follow_column(tp, c, returned);
	return -1;
}

/*
 * Put a character in the output queue.
 *
 * Returns -1, or the character if there was no room.
 * Locks:   tty_lock.
 */
int
ttyoutput(int c, struct tty *tp)
{

	KASSERT(mutex_owned(&tty_lock));
	if (tty_lflag(tp, FLUSHO))
		return -1;
	c &= TTY_CHARMASK;
	if (tty_oflag(tp, OPOST))
		return process(tp, c);
	if (putc(c, &tp->t_outq) != 0)
		return c;
	follow_column(tp, c, false);
	return -1;
}

void
tty_interrupt_echo(struct tty *tp)
{

	tp->t_rocount = 0;
}

/* Queue as much as goes below the mark; returns how much that was. */
static size_t
emit(struct tty *tp, const u_char *p, size_t n)
{
	size_t i;

	if (n > 0)
		tty_interrupt_echo(tp);
	for (i = 0; i < n && tp->t_outq.c_cc < tp->t_hiwat; i++)
		(void)ttyoutput(p[i], tp);
	(void)ttstart(tp);
	return i;
}

/* May curproc write now?  0, EIO (hung up, or nobody could continue it) … */
static int
may_write(struct tty *tp, int flag)
{

	if (tty_hungup(tp))
		return EIO;
	if (!tty_lflag(tp, TOSTOP))
		return 0;
	return tty_foreground(tp, SIGTTOU, flag);
}

/* Wait until the queue has fallen to the low mark. */
static int
await_room(struct tty *tp, int flag)
{
	int error = 0;

	while (error == 0 && tp->t_outq.c_cc > tp->t_lowat && !tty_hungup(tp))
		error = (flag & IO_NDELAY) != 0 ? EWOULDBLOCK :
		    ttysleep(tp, &tp->t_outcv, true, 0);
	return error;
}

/*
 * write(2).
 *
 * flag    IO_NDELAY: do not wait.
 *
 * Returns 0, EIO (hung up; or in the background, with TOSTOP, and nobody could
 * continue it), EWOULDBLOCK, EFAULT.
 */
int
ttwrite(struct tty *tp, struct uio *uio, int flag)
{
	u_char buf[OBUFSIZ];
	size_t have = 0, sent = 0;
	int error = 0;

	mutex_enter(&tty_lock);
	while (error == 0 && (sent < have || uio->uio_resid > 0)) {
		error = may_write(tp, flag);
		if (error == 0 && sent == have) {
			have = MIN(uio->uio_resid, sizeof(buf));
			sent = 0;
			mutex_exit(&tty_lock);
			error = uiomove(buf, have, uio);
			mutex_enter(&tty_lock);
			if (error != 0)
				have = 0;
			/* much may have changed */
			continue;
		}
		if (error == 0)
			sent += emit(tp, buf + sent, have - sent);
		if (error == 0 && sent < have)
			error = await_room(tp, flag);
	}
	mutex_exit(&tty_lock);
	uio->uio_resid += have - sent;
	return error == ERESTART ? EIO : error;
}

/*
 * Is there room for output that the kernel makes?
 *
 * wait    wait a second for it.
 */
int
ttycheckoutq(struct tty *tp, int wait)
{
	bool room;

	mutex_enter(&tty_lock);
	if (tp->t_outq.c_cc > tp->t_hiwat) {
		(void)ttstart(tp);
		if (wait && tp->t_outq.c_cc > tp->t_hiwat)
			(void)ttysleep(tp, &tp->t_outcv, true, hz);
	}
	room = tp->t_outq.c_cc <= tp->t_hiwat;
	mutex_exit(&tty_lock);
	return room;
}

/* A character of a message of the kernel; -1: the terminal is not open. */
static int
put_locked(int c, struct tty *tp)
{

	if (tty_hungup(tp) || !tty_state(tp, TS_ISOPEN))
		return -1;
	tty_interrupt_echo(tp);
	(void)ttyoutput(c, tp);
	return 0;
}

int
tputchar(int c, int flags, struct tty *tp)
{
	int error;

	mutex_enter(&tty_lock);
	error = put_locked(c, tp);
	if (error == 0)
		(void)ttstart(tp);
	mutex_exit(&tty_lock);
	return error;
}

/* Whose terminal is it?  NULL: it has none. */
static struct tty *
terminal_of(struct session *ss)
{
	struct tty *tp;

	mutex_enter(&proc_lock);
	tp = ss->s_ttyp;
	mutex_exit(&proc_lock);
	return tp;
}

/* Messages of the kernel: <rump-private/ttymsg.h>. */
bool
tty_show_message(struct tty *tp, struct session *ss, const char *text,
    size_t len)
{
	size_t i;

	mutex_enter(&tty_lock);
	if (tp == NULL)
		tp = ss != NULL ? terminal_of(ss) : constty_get();
	for (i = 0; i < len && tp != NULL; i++)
		if (put_locked((u_char)text[i], tp) != 0)
			tp = NULL;
	if (tp != NULL)
		(void)ttstart(tp);
	mutex_exit(&tty_lock);
	return tp != NULL;
}
