/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Terminals: ioctl(2), as termios(4) and tty(4) have it.
 *
 * A process in the background that would change the terminal is told so first, by
 * SIGTTOU, and waits until it is in the foreground (unless it ignores or masks it).
 *
 * Requests are found in a table: number, who may, function.  What is not in it is the
 * driver's (EPASSTHROUGH).
 */
#include <sys/param.h>
#include <sys/conf.h>
#include <sys/errno.h>
#include <sys/fcntl.h>
#include <sys/filio.h>
#include <sys/ioctl.h>
#include <sys/kauth.h>
#include <sys/kmem.h>
#include <sys/proc.h>
#include <sys/signal.h>
#include <sys/systm.h>

#include <rump-private/ttymsg.h>

#include "tty_var.h"

struct request {
	u_long	rq_cmd;
	bool	rq_changes;	/* not from the background */
	int	(*rq_func)(struct tty *, void *data, struct lwp *);
};

/* ------------------------------------------------------------------- modes */

/* Speeds, and what must be so for the queues. */
static void
after_change(struct tty *tp, const struct termios *old, struct clist *spare)
{
	const bool was = (old->c_lflag & ICANON) != 0;

	if (was && !tty_lflag(tp, ICANON))
		tty_uncook(tp);
	if (tty_lflag(tp, ICANON) && (!was || tty_lflag(tp, PENDIN))) {
		tp->t_lflag &= ~PENDIN;
		tty_retype(tp, spare);
	}
	tp->t_lflag &= ~(tcflag_t)PENDIN;
	if (!tty_iflag(tp, IXON) && tty_state(tp, TS_TTSTOP))
		tty_output_start(tp);
	ttsetwater(tp);
	/* what waits may be enough now, or other than it was */
	ttwakeup(tp);
	(void)ttstart(tp);
}

/* Install a mode; tty_lock. */
static int
set_mode_locked(struct tty *tp, const struct termios *new, struct clist *spare)
{
	struct termios old = tp->t_termios, wanted = *new;
	int error;

	/* output that is thrown away is a state, not a mode */
	wanted.c_lflag &= ~FLUSHO;
	wanted.c_lflag |= old.c_lflag & FLUSHO;
	if (tp->t_param != NULL &&
	    (error = (*tp->t_param)(tp, &wanted)) != 0)
		return error;
	tp->t_termios = wanted;
	if (wanted.c_ispeed == 0)
		tp->t_ispeed = wanted.c_ospeed;
	after_change(tp, &old, spare);
	return 0;
}

/* TCSANOW; with TCIOFLUSH's FREAD, what was not read goes. */
static int
set_mode(struct tty *tp, const struct termios *new, int flush)
{
	struct clist spare;
	int error;

	if (new->c_ispeed < 0 || new->c_ospeed < 0)
		return EINVAL;
	(void)clalloc(&spare, tp->t_qsize, 1);
	mutex_enter(&tty_lock);
	if (flush != 0)
		ttyflush(tp, flush);
	error = set_mode_locked(tp, new, &spare);
	mutex_exit(&tty_lock);
	clfree(&spare);
	return error;
}

static int
get_mode(struct tty *tp, void *data, struct lwp *l)
{

	mutex_enter(&tty_lock);
	*(struct termios *)data = tp->t_termios;
	mutex_exit(&tty_lock);
	return 0;
}

static int
set_mode_now(struct tty *tp, void *data, struct lwp *l)
{

	return set_mode(tp, data, 0);
}

static int
set_mode_sent(struct tty *tp, void *data, struct lwp *l)
{
	int error = ttywait(tp);

	return error != 0 ? error : set_mode(tp, data, 0);
}

static int
set_mode_flushed(struct tty *tp, void *data, struct lwp *l)
{
	int error = ttywait(tp);

	return error != 0 ? error : set_mode(tp, data, FREAD);
}

/* ------------------------------------------------------------------- queues */

static int
count(struct tty *tp, void *data, int n)
{

	*(int *)data = n;
	return 0;
}

static int
to_read(struct tty *tp, void *data, struct lwp *l)
{

	return count(tp, data, tty_lflag(tp, ICANON) ? tp->t_canq.c_cc :
	    tp->t_rawq.c_cc);
}

static int
to_send(struct tty *tp, void *data, struct lwp *l)
{

	return count(tp, data, tp->t_outq.c_cc);
}

static int
room_to_send(struct tty *tp, void *data, struct lwp *l)
{

	return count(tp, data, MAX(tp->t_hiwat - tp->t_outq.c_cc, 0));
}

static int
drop(struct tty *tp, void *data, struct lwp *l)
{
	int rw = *(int *)data;

	rw = rw == 0 ? FREAD | FWRITE : rw & (FREAD | FWRITE);
	mutex_enter(&tty_lock);
	ttyflush(tp, rw);
	mutex_exit(&tty_lock);
	return 0;
}

static int
drain(struct tty *tp, void *data, struct lwp *l)
{

	return ttywait(tp);
}

static int
stop(struct tty *tp, void *data, struct lwp *l)
{

	mutex_enter(&tty_lock);
	tty_output_stop(tp);
	mutex_exit(&tty_lock);
	return 0;
}

static int
start(struct tty *tp, void *data, struct lwp *l)
{

	mutex_enter(&tty_lock);
	tty_output_start(tp);
	mutex_exit(&tty_lock);
	return 0;
}

static int
get_qsize(struct tty *tp, void *data, struct lwp *l)
{

	return count(tp, data, tp->t_qsize);
}

static int
set_qsize(struct tty *tp, void *data, struct lwp *l)
{

	return tty_set_qsize(tp, *(int *)data);
}

/* A character as if it had been typed. */
static int
type(struct tty *tp, void *data, struct lwp *l)
{
	int error = kauth_authorize_device_tty(l->l_cred, KAUTH_DEVICE_TTY_STI,
	    tp);

	if (error == 0)
		(*tp->t_linesw->l_rint)(*(u_char *)data, tp);
	return error;
}

static int
show_status(struct tty *tp, void *data, struct lwp *l)
{

	mutex_enter(&tty_lock);
	ttyinfo(tp, *(int *)data);
	mutex_exit(&tty_lock);
	return 0;
}

/* -------------------------------------------------------------------- flags */

static int
set_state(struct tty *tp, int state, bool on)
{

	mutex_enter(&tty_lock);
	if (on)
		tp->t_state |= state;
	else
		tp->t_state &= ~state;
	mutex_exit(&tty_lock);
	return 0;
}

static int
set_async(struct tty *tp, void *data, struct lwp *l)
{

	return set_state(tp, TS_ASYNC, *(int *)data != 0);
}

/* The file has the flag. */
static int
set_nonblock(struct tty *tp, void *data, struct lwp *l)
{

	return 0;
}

static int
set_exclusive(struct tty *tp, void *data, struct lwp *l)
{

	return set_state(tp, TS_XCLUDE, true);
}

static int
clear_exclusive(struct tty *tp, void *data, struct lwp *l)
{

	return set_state(tp, TS_XCLUDE, false);
}

static int
get_window(struct tty *tp, void *data, struct lwp *l)
{

	*(struct winsize *)data = tp->t_winsize;
	return 0;
}

static int
set_window(struct tty *tp, void *data, struct lwp *l)
{

	mutex_enter(&tty_lock);
	if (memcmp(&tp->t_winsize, data, sizeof(tp->t_winsize)) != 0) {
		tp->t_winsize = *(struct winsize *)data;
		ttysig(tp, TTYSIG_PG1, SIGWINCH);
	}
	mutex_exit(&tty_lock);
	return 0;
}

/* --------------------------------------------------------------------- jobs */

static int
take_terminal(struct tty *tp, void *data, struct lwp *l)
{
	int error;

	mutex_enter(&tty_lock);
	error = tty_become_controlling(tp, l->l_proc);
	mutex_exit(&tty_lock);
	return error;
}

static int
set_pgrp(struct tty *tp, void *data, struct lwp *l)
{
	int error;

	mutex_enter(&tty_lock);
	error = tty_set_pgrp(tp, l->l_proc, *(int *)data);
	mutex_exit(&tty_lock);
	return error;
}

static int
get_pgrp(struct tty *tp, void *data, struct lwp *l)
{

	return tty_get_pgrp(tp, l->l_proc, false, data);
}

/* F_SETOWN: a group, negative, or the group of a process. */
static int
set_owner(struct tty *tp, void *data, struct lwp *l)
{
	const int owner = *(int *)data;
	int pgid, error;
	struct proc *p;

	if (owner == INT_MIN)
		return EINVAL;
	pgid = -owner;
	mutex_enter(&tty_lock);
	mutex_enter(&proc_lock);
	if (pgid < 0) {
		p = proc_find(-pgid);
		pgid = p != NULL ? p->p_pgid : 0;
	}
	mutex_exit(&proc_lock);
	error = tty_set_pgrp(tp, l->l_proc, pgid);
	mutex_exit(&tty_lock);
	return error;
}

static int
get_owner(struct tty *tp, void *data, struct lwp *l)
{
	pid_t pgid = 0;
	int error;

	error = tty_get_pgrp(tp, l->l_proc, false, &pgid);
	if (error == 0)
		*(int *)data = pgid == NO_PGID ? 0 : -pgid;
	return error;
}

static int
get_session(struct tty *tp, void *data, struct lwp *l)
{

	return tty_get_session(tp, l->l_proc, data);
}

/* -------------------------------------------------------------- disciplines */

/* Use another; the reference to it is consumed. */
static int
change_discipline(struct tty *tp, struct linesw *disc)
{
	struct linesw *old = tp->t_linesw;
	int error;

	if (disc == NULL)
		return ENXIO;
	if (disc == old) {
		ttyldisc_release(disc);
		return 0;
	}
	(void)(*old->l_close)(tp, FNONBLOCK);
	error = (*disc->l_open)(tp->t_dev, tp);
	if (error != 0) {
		(void)(*old->l_open)(tp->t_dev, tp);
		ttyldisc_release(disc);
		return error;
	}
	tp->t_linesw = disc;
	ttyldisc_release(old);
	return 0;
}

static int
get_discipline(struct tty *tp, void *data, struct lwp *l)
{

	return count(tp, data, tp->t_linesw->l_no);
}

static int
set_discipline(struct tty *tp, void *data, struct lwp *l)
{

	return change_discipline(tp, ttyldisc_lookup_bynum(*(int *)data));
}

static int
get_discipline_name(struct tty *tp, void *data, struct lwp *l)
{

	strlcpy(data, tp->t_linesw->l_name, TTLINEDNAMELEN);
	return 0;
}

static int
set_discipline_name(struct tty *tp, void *data, struct lwp *l)
{
	char *name = data;

	name[TTLINEDNAMELEN - 1] = '\0';
	return change_discipline(tp, ttyldisc_lookup(name));
}

/* The console's messages come here, or (0) go back to the host. */
static int
set_console(struct tty *tp, void *data, struct lwp *l)
{
	const bool on = *(int *)data != 0;
	int error = 0;

	if (on)
		error = kauth_authorize_device_tty(l->l_cred,
		    KAUTH_DEVICE_TTY_VIRTUAL, tp);
	if (error != 0)
		return error;
	mutex_enter(&tty_lock);
	if (!on)
		constty_clear(tp);
	else
		error = tty_state(tp, TS_ISOPEN) ? constty_set(tp) : EIO;
	mutex_exit(&tty_lock);
	return error;
}

/* -------------------------------------------------------------------- table */

static const struct request requests[] = {
	{ TIOCGETA,	false,	get_mode },
	{ TIOCSETA,	true,	set_mode_now },
	{ TIOCSETAW,	true,	set_mode_sent },
	{ TIOCSETAF,	true,	set_mode_flushed },
	{ FIONREAD,	false,	to_read },
	{ FIONWRITE,	false,	to_send },
	{ FIONSPACE,	false,	room_to_send },
	{ TIOCOUTQ,	false,	to_send },
	{ TIOCFLUSH,	true,	drop },
	{ TIOCDRAIN,	true,	drain },
	{ TIOCSTOP,	true,	stop },
	{ TIOCSTART,	true,	start },
	{ TIOCGQSIZE,	false,	get_qsize },
	{ TIOCSQSIZE,	true,	set_qsize },
	{ TIOCSTI,	true,	type },
	{ TIOCSTAT,	true,	show_status },
	{ FIOASYNC,	false,	set_async },
	{ FIONBIO,	false,	set_nonblock },
	{ TIOCEXCL,	false,	set_exclusive },
	{ TIOCNXCL,	false,	clear_exclusive },
	{ TIOCGWINSZ,	false,	get_window },
	{ TIOCSWINSZ,	true,	set_window },
	{ TIOCSCTTY,	false,	take_terminal },
	{ TIOCCONS,	false,	set_console },
	{ TIOCSPGRP,	true,	set_pgrp },
	{ TIOCGPGRP,	false,	get_pgrp },
	{ TIOCGSID,	false,	get_session },
	{ FIOSETOWN,	true,	set_owner },
	{ FIOGETOWN,	false,	get_owner },
	{ TIOCGETD,	false,	get_discipline },
	{ TIOCSETD,	true,	set_discipline },
	{ TIOCGLINED,	false,	get_discipline_name },
	{ TIOCSLINED,	true,	set_discipline_name },
};

static int
await_foreground(struct tty *tp)
{
	int error;

	mutex_enter(&tty_lock);
	error = tty_foreground(tp, SIGTTOU, 0);
	mutex_exit(&tty_lock);
	return error == ERESTART ? EIO : error;
}

static const struct request *
find(u_long cmd)
{
	size_t i;

	for (i = 0; i < __arraycount(requests); i++)
		if (requests[i].rq_cmd == cmd)
			return &requests[i];
	return NULL;
}

int
tty_request(struct tty *tp, u_long cmd, void *data, int flag, struct lwp *l)
{
	const struct request *rq = find(cmd);

	if (rq == NULL)
		return EPASSTHROUGH;
	if (cmd == TIOCSTI && (flag & FREAD) == 0)
		return EPERM;
	return (*rq->rq_func)(tp, data, l);
}

/*
 * A request to a terminal that neither its discipline nor its driver knows better.
 *
 * flag    the file's; TIOCSTI needs FREAD.
 *
 * Returns 0, EPASSTHROUGH (not one of these), or the request's error.
 */
int
ttioctl(struct tty *tp, u_long cmd, void *data, int flag, struct lwp *l)
{
	const struct request *rq = find(cmd);
	int error = 0;

	if (rq != NULL && rq->rq_changes)
		error = await_foreground(tp);
	return error != 0 ? error : tty_request(tp, cmd, data, flag, l);
}
