/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Terminals, tty(9): their lives.
 *
 *   tty_alloc, tty_free        by the driver, for as long as the device may be opened
 *   tty_attach, tty_detach     listed, or not
 *   ttylopen                   the first open, by the discipline
 *   ttylclose, ttyclose        the last close
 *   ttymodem                   the other end comes and goes
 *
 * A terminal is three queues of characters and a mode (struct termios).  What comes
 * from the driver (ttyinput) goes to t_rawq: all of it, or in canonical mode the line
 * that is being typed, which moves to t_canq when it is complete.  What programs
 * write, and the echo of what is typed, goes to t_outq, from which the driver takes
 * it when t_oproc is called.  doc/terminals.md has the whole.
 *
 * Locks: tty_lock for everything in all terminals but t_pgrp and t_session, which
 * proc_lock protects; it may be taken while tty_lock is held.  t_gen changes when the
 * terminal is closed: who slept meanwhile (ttysleep) finds that it is not his any more.
 *
 * Ref: POSIX.1-2017, chapter 11; NetBSD termios(4), tty(4).
 */
#include <sys/param.h>
#include <sys/conf.h>
#include <sys/errno.h>
#include <sys/fcntl.h>
#include <sys/kernel.h>
#include <sys/kmem.h>
#include <sys/proc.h>
#include <sys/signal.h>
#include <sys/select.h>
#include <sys/systm.h>
#include <sys/ttydefaults.h>

#include <rump-private/ttymsg.h>

#include "tty_var.h"

#define QUEUE_LEAST	1024		/* characters, also what one starts with */
#define QUEUE_MOST	65536

kmutex_t tty_lock;

static struct ttylist_head list;	/* tty_lock */
int tty_count;				/* tty_lock: in it */

/* Special characters of a terminal that nobody has set up. */
static const cc_t default_chars[NCCS] = {
	/* a line, and its editing */
	[VEOF] = CEOF, [VEOL] = CEOL, [VEOL2] = CEOL,
	[VERASE] = CERASE, [VWERASE] = CWERASE, [VKILL] = CKILL,
	[VREPRINT] = CREPRINT, [VLNEXT] = CLNEXT, [VSTATUS] = CSTATUS,
	/* signals and flow */
	[VINTR] = CINTR, [VQUIT] = CQUIT, [VSUSP] = CSUSP, [VDSUSP] = CDSUSP,
	[VSTART] = CSTART, [VSTOP] = CSTOP, [VDISCARD] = CDISCARD,
	/* not canonical */
	[VMIN] = CMIN, [VTIME] = CTIME,
	/* nobody's */
	[7] = _POSIX_VDISABLE, [19] = _POSIX_VDISABLE,
};

void
tty_init(void)
{

	mutex_init(&tty_lock, MUTEX_DEFAULT, IPL_NONE);
	TAILQ_INIT(&list);
	ttyldisc_init();
	tty_job_init();
	ttymsg_init(tty_show_message);
}

static void
queues_alloc(struct tty *tp, int size)
{

	(void)clalloc(&tp->t_rawq, size, 1);
	(void)clalloc(&tp->t_canq, size, 1);
	/* echo goes in above the high water mark */
	(void)clalloc(&tp->t_outq, size + TTMAXHIWAT, 0);
	tp->t_qsize = size;
}

static void
queues_free(struct tty *tp)
{

	clfree(&tp->t_rawq);
	clfree(&tp->t_canq);
	clfree(&tp->t_outq);
}

/* A terminal that nobody knows, with the standard discipline. */
struct tty *
tty_alloc(void)
{
	struct tty *tp = kmem_zalloc(sizeof(*tp), KM_SLEEP);

	callout_init(&tp->t_rstrt_ch, CALLOUT_MPSAFE);
	callout_setfunc(&tp->t_rstrt_ch, ttrstrt, tp);
	queues_alloc(tp, QUEUE_LEAST);
	cv_init(&tp->t_rawcv, "ttyraw");
	cv_init(&tp->t_rawcvf, "ttyrawf");
	cv_init(&tp->t_cancv, "ttycan");
	cv_init(&tp->t_cancvf, "ttycanf");
	cv_init(&tp->t_outcv, "ttyout");
	cv_init(&tp->t_outcvf, "ttyoutf");
	cv_init(&tp->t_jobcv, "ttybg");
	selinit(&tp->t_rsel);
	selinit(&tp->t_wsel);
	tp->t_dev = NODEV;
	tp->t_linesw = ttyldisc_default();
	ttsetwater(tp);
	return tp;
}

void
tty_free(struct tty *tp)
{

	callout_halt(&tp->t_rstrt_ch, NULL);
	callout_destroy(&tp->t_rstrt_ch);
	ttyldisc_release(tp->t_linesw);
	seldestroy(&tp->t_rsel);
	seldestroy(&tp->t_wsel);
	cv_destroy(&tp->t_jobcv);
	cv_destroy(&tp->t_outcvf);
	cv_destroy(&tp->t_outcv);
	cv_destroy(&tp->t_cancvf);
	cv_destroy(&tp->t_cancv);
	cv_destroy(&tp->t_rawcvf);
	cv_destroy(&tp->t_rawcv);
	queues_free(tp);
	kmem_free(tp, sizeof(*tp));
}

void
tty_attach(struct tty *tp)
{

	mutex_enter(&tty_lock);
	TAILQ_INSERT_TAIL(&list, tp, tty_link);
	tty_count++;
	mutex_exit(&tty_lock);
}

void
tty_detach(struct tty *tp)
{

	mutex_enter(&tty_lock);
	TAILQ_REMOVE(&list, tp, tty_link);
	tty_count--;
	mutex_exit(&tty_lock);
}

int
tty_unit(dev_t dev)
{

	return (int)TTUNIT(dev);
}

/*
 * Make the queues hold size characters; only while they are empty.
 *
 * Returns 0, EINVAL, EBUSY.
 */
int
tty_set_qsize(struct tty *tp, int size)
{
	struct tty new = { .t_qsize = 0 }, old;

	if (size < QUEUE_LEAST || size > QUEUE_MOST)
		return EINVAL;
	queues_alloc(&new, size);
	mutex_enter(&tty_lock);
	if (tp->t_rawq.c_cc + tp->t_canq.c_cc + tp->t_outq.c_cc != 0) {
		mutex_exit(&tty_lock);
		queues_free(&new);
		return EBUSY;
	}
	old.t_rawq = tp->t_rawq;
	old.t_canq = tp->t_canq;
	old.t_outq = tp->t_outq;
	tp->t_rawq = new.t_rawq;
	tp->t_canq = new.t_canq;
	tp->t_outq = new.t_outq;
	tp->t_qsize = size;
	ttsetwater(tp);
	mutex_exit(&tty_lock);
	queues_free(&old);
	return 0;
}

/* The default special characters. */
void
ttychars(struct tty *tp)
{

	memcpy(tp->t_cc, default_chars, sizeof(tp->t_cc));
}

/*
 * The marks between which output waits: about a second's, and half a second's,
 * within what the queue holds.
 */
void
ttsetwater(struct tty *tp)
{
	const int second = (int)(MIN(tp->t_ospeed, 1000000) / 10);
	const int most = MIN(TTMAXHIWAT, tp->t_qsize - OBUFSIZ);

	tp->t_lowat = MAX(TTMINHIWAT / 2, MIN(second / 2, TTMAXLOWAT));
	tp->t_hiwat = MAX(TTMINHIWAT, MIN(tp->t_lowat + second, most));
	tp->t_hiwat = rounddown(tp->t_hiwat, TTROUND);
}

/* The discipline's open: the terminal is in use from now on.  Returns 0. */
int
ttylopen(dev_t dev, struct tty *tp)
{

	mutex_enter(&tty_lock);
	tp->t_dev = dev;
	if (!tty_state(tp, TS_ISOPEN)) {
		tp->t_state |= TS_ISOPEN;
		memset(&tp->t_winsize, 0, sizeof(tp->t_winsize));
	}
	mutex_exit(&tty_lock);
	return 0;
}

/*
 * The discipline's close: wait until all is sent, and drop what was not read.
 *
 * flag     FNONBLOCK: do not wait; ttyclose, which follows, drops it.
 */
int
ttylclose(struct tty *tp, int flag)
{

	if ((flag & FNONBLOCK) == 0)
		return ttywflush(tp);
	mutex_enter(&tty_lock);
	ttyflush(tp, FREAD);
	mutex_exit(&tty_lock);
	return 0;
}

/* Everybody who sleeps looks again. */
static void
wake_all(struct tty *tp)
{

	cv_broadcast(&tp->t_rawcv);
	cv_broadcast(&tp->t_cancv);
	cv_broadcast(&tp->t_outcv);
	cv_broadcast(&tp->t_jobcv);
	selnotify(&tp->t_rsel, 0, NOTE_SUBMIT);
	selnotify(&tp->t_wsel, 0, NOTE_SUBMIT);
}

void
tty_closed(struct tty *tp)
{

	KASSERT(mutex_owned(&tty_lock));
	tp->t_gen++;
	tp->t_state = 0;
	wake_all(tp);
	constty_clear(tp);
	tty_leave_session(tp);
}

/* The driver's last close: nothing of it is left.  Returns 0. */
int
ttyclose(struct tty *tp)
{

	mutex_enter(&tty_lock);
	ttyflush(tp, FREAD | FWRITE);
	tty_closed(tp);
	mutex_exit(&tty_lock);
	return 0;
}

bool
tty_hungup(const struct tty *tp)
{

	return tp->t_oproc == NULL ||
	    (!tty_state(tp, TS_CARR_ON) && (tp->t_cflag & CLOCAL) == 0);
}

/*
 * The modem's carrier comes (flag 1) or goes (0), or with MDMBUF says when to send.
 * When it goes, the session's leader is told, and nothing more is read or sent.
 *
 * Returns 0 if the driver is to hang up too, else 1.
 */
int
ttymodem(struct tty *tp, int flag)
{
	int keep = 1;

	mutex_enter(&tty_lock);
	if ((tp->t_cflag & MDMBUF) != 0) {
		if (flag != 0)
			tty_output_start(tp);
		else
			tty_output_stop(tp);
	} else if (flag != 0) {
		tp->t_state |= TS_CARR_ON;
		wake_all(tp);
	} else {
		tp->t_state &= ~TS_CARR_ON;
		if (tty_state(tp, TS_ISOPEN) && tty_hungup(tp)) {
			ttysig(tp, TTYSIG_LEADER, SIGHUP);
			ttyflush(tp, FREAD | FWRITE);
			keep = 0;
		}
		wake_all(tp);
	}
	mutex_exit(&tty_lock);
	return keep;
}

/* Send on a driver's request (discipline's start).  Returns 0. */
int
ttstart(struct tty *tp)
{

	KASSERT(mutex_owned(&tty_lock));
	if (tp->t_oproc != NULL)
		(*tp->t_oproc)(tp);
	return 0;
}

/* A delay in output is over. */
void
ttrstrt(void *arg)
{
	struct tty *tp = arg;

	mutex_enter(&tty_lock);
	tp->t_state &= ~TS_TIMEOUT;
	(void)ttstart(tp);
	mutex_exit(&tty_lock);
}

/* The code of a speed in a driver's table that ends with -1; -1: not in it. */
int
ttspeedtab(int speed, const struct speedtab *table)
{

	for (; table->sp_speed != -1; table++)
		if (table->sp_speed == speed)
			return table->sp_code;
	return -1;
}
