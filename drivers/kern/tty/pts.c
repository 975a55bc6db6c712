/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The slave side of a pseudo terminal: a terminal whose driver is the control side.
 *
 * It can be opened once the control side is open; else the opener waits, unless with
 * O_NONBLOCK.  The first open sets it to the default mode.  When the last closes it, what
 * it wrote is still there for the control side to read.
 */
#include <sys/param.h>
#include <sys/conf.h>
#include <sys/errno.h>
#include <sys/fcntl.h>
#include <sys/ioctl.h>
#include <sys/kauth.h>
#include <sys/lwp.h>
#include <sys/pty.h>
#include <sys/systm.h>
#include <sys/ttydefaults.h>

#include "pty_var.h"
#include "tty_var.h"

static void
set_defaults(struct tty *tp)
{

	ttychars(tp);
	tp->t_iflag = TTYDEF_IFLAG;
	tp->t_oflag = TTYDEF_OFLAG;
	tp->t_lflag = TTYDEF_LFLAG;
	tp->t_cflag = TTYDEF_CFLAG;
	tp->t_ispeed = tp->t_ospeed = TTYDEF_SPEED;
	tp->t_column = 0;
	ttsetwater(tp);
}

/* Until the control side is there. */
static int
await_control(struct tty *tp, int flag)
{
	int error = 0;

	if (tp->t_oproc != NULL)
		tp->t_state |= TS_CARR_ON;
	while (error == 0 && (flag & O_NONBLOCK) == 0 &&
	    !tty_state(tp, TS_CARR_ON)) {
		tp->t_wopen++;
		error = ttysleep(tp, &tp->t_rawcv, true, 0);
		tp->t_wopen--;
	}
	return error;
}

static int
pts_open(dev_t dev, int flag, int devtype, struct lwp *l)
{
	struct pty *pt = pty_get(dev);
	struct tty *tp;
	int error;

	if (pt == NULL)
		return ENXIO;
	tp = pt->pt_tty;
	if (kauth_authorize_device_tty(l->l_cred, KAUTH_DEVICE_TTY_OPEN,
	    tp) != 0)
		return EBUSY;
	mutex_enter(&tty_lock);
	if (!tty_state(tp, TS_ISOPEN) && tp->t_wopen == 0)
		set_defaults(tp);
	error = await_control(tp, flag);
	mutex_exit(&tty_lock);
	if (error != 0)
		return error;
	error = (*tp->t_linesw->l_open)(dev, tp);
	mutex_enter(&tty_lock);
	pty_notify_read(pt);
	pty_notify_write(pt);
	mutex_exit(&tty_lock);
	return error;
}

static int
pts_close(dev_t dev, int flag, int devtype, struct lwp *l)
{
	struct pty *pt = pty_find(dev);
	struct tty *tp = pt->pt_tty;
	int error;

	error = (*tp->t_linesw->l_close)(tp, flag | FNONBLOCK);
	mutex_enter(&tty_lock);
	if (!pt->pt_control)
		ttyflush(tp, FWRITE);
	tty_closed(tp);
	pty_notify_read(pt);
	pty_notify_write(pt);
	mutex_exit(&tty_lock);
	return error;
}

static int
pts_read(dev_t dev, struct uio *uio, int flag)
{
	struct tty *tp = pty_find(dev)->pt_tty;

	return (*tp->t_linesw->l_read)(tp, uio, flag);
}

static int
pts_write(dev_t dev, struct uio *uio, int flag)
{
	struct tty *tp = pty_find(dev)->pt_tty;

	return (*tp->t_linesw->l_write)(tp, uio, flag);
}

static int
pts_poll(dev_t dev, int events, struct lwp *l)
{
	struct tty *tp = pty_find(dev)->pt_tty;

	return (*tp->t_linesw->l_poll)(tp, events, l);
}

static struct tty *
pts_tty(dev_t dev)
{
	struct pty *pt = pty_find(dev);

	return pt != NULL ? pt->pt_tty : NULL;
}

/* Is it so that VSTOP and VSTART do what they always do? */
static bool
usual_flow(const struct tty *tp)
{

	return tty_iflag(tp, IXON) && tp->t_cc[VSTOP] == CTRL('s') &&
	    tp->t_cc[VSTART] == CTRL('q');
}

/* Say in packet mode what a request has changed. */
static void
tell_changes(struct pty *pt, u_long cmd)
{
	struct tty *tp = pt->pt_tty;
	const bool mode = cmd == TIOCSETA || cmd == TIOCSETAW ||
	    cmd == TIOCSETAF;

	KASSERT(mutex_owned(&tty_lock));
	if (mode && tty_lflag(tp, EXTPROC))
		pty_packet(pt, TIOCPKT_IOCTL);
	if (usual_flow(tp) && (pt->pt_mode & PM_NOSTOP) != 0) {
		pt->pt_mode &= ~PM_NOSTOP;
		pty_packet(pt, TIOCPKT_DOSTOP);
	} else if (!usual_flow(tp) && (pt->pt_mode & PM_NOSTOP) == 0) {
		pt->pt_mode |= PM_NOSTOP;
		pty_packet(pt, TIOCPKT_NOSTOP);
	}
}

/* A command of the slave's program for the control side; 0 only asks. */
static int
user_command(struct pty *pt, u_long cmd)
{

	mutex_enter(&tty_lock);
	if ((cmd & 0xff) != 0) {
		pt->pt_command = cmd & 0xff;
		pty_notify_read(pt);
	}
	mutex_exit(&tty_lock);
	return 0;
}

int
pty_request(struct pty *pt, u_long cmd, void *data, int flag, struct lwp *l,
    int (*terminal)(struct tty *, u_long, void *, int, struct lwp *))
{
	struct tty *tp = pt->pt_tty;
	int error;

	error = (*tp->t_linesw->l_ioctl)(tp, cmd, data, flag, l);
	if (error == EPASSTHROUGH)
		error = (*terminal)(tp, cmd, data, flag, l);
	if (error == EPASSTHROUGH && (pt->pt_mode & PM_USER) != 0 &&
	    (cmd & ~0xffUL) == UIOCCMD(0))
		return user_command(pt, cmd);
	if (error == 0) {
		mutex_enter(&tty_lock);
		tell_changes(pt, cmd);
		mutex_exit(&tty_lock);
	}
	return error;
}

static int
pts_ioctl(dev_t dev, u_long cmd, void *data, int flag, struct lwp *l)
{

	return pty_request(pty_find(dev), cmd, data, flag, l, ttioctl);
}

/* Output stops or starts (0), or is thrown away (FREAD, FWRITE). */
static void
pts_stop(struct tty *tp, int rw)
{
	struct pty *pt = tp->t_sc;
	int bits;

	if (rw == 0) {
		bits = TIOCPKT_STOP;
	} else {
		bits = ((rw & FREAD) != 0 ? TIOCPKT_FLUSHREAD : 0) |
		    ((rw & FWRITE) != 0 ? TIOCPKT_FLUSHWRITE : 0);
	}
	pty_packet(pt, bits);
	if ((rw & FREAD) != 0)
		pty_notify_write(pt);
}

const struct cdevsw pts_cdevsw = {
	.d_open = pts_open,
	.d_close = pts_close,
	.d_read = pts_read,
	.d_write = pts_write,
	.d_ioctl = pts_ioctl,
	.d_stop = pts_stop,
	.d_tty = pts_tty,
	.d_poll = pts_poll,
	.d_mmap = nommap,
	.d_kqfilter = ttkqfilter,
	.d_discard = nodiscard,
	.d_flag = D_TTY | D_MPSAFE,
};
