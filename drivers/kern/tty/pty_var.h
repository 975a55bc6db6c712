/* SPDX-License-Identifier: BSD-2-Clause */
/* What the files of pseudo terminals share: pty.c, ptc.c, pts.c, ptm.c, bsdpty.c. */
#ifndef _PTY_VAR_H_
#define _PTY_VAR_H_

#include <sys/types.h>
#include <sys/condvar.h>
#include <sys/selinfo.h>
#include <sys/tty.h>

struct ptm_pty;

struct pty {
	/* for good */
	struct tty	*pt_tty;
	int		pt_unit;

	/* tty_lock */
	bool		pt_control;	/* the control side is open */
	int		pt_mode;	/* PM_* */
	int		pt_packet;	/* TIOCPKT_* that were not read yet */
	u_char		pt_command;	/* UIOCCMD that was not read; 0: none */
	kcondvar_t	pt_readable;	/* the control side waits to read */
	struct selinfo	pt_rsel, pt_wsel;	/* its pollers */
};

/* pt_mode: TIOCPKT, TIOCUCNTL, TIOCREMOTE; and in packet mode TIOCPKT_DOSTOP said. */
#define PM_PACKET	0x01
#define PM_USER		0x02
#define PM_REMOTE	0x04
#define PM_NOSTOP	0x08

/* The pseudo terminal of a device; NULL: there is none.  It stays for good. */
struct pty *pty_find(dev_t);
/* The same, made if it may be. */
struct pty *pty_get(dev_t);

/* Tell the control side: something to read; room to write.  tty_lock is held. */
void	pty_notify_read(struct pty *);
void	pty_notify_write(struct pty *);
/* Say TIOCPKT_* bits in packet mode.  tty_lock is held. */
void	pty_packet(struct pty *, int bits);

extern const struct cdevsw ptc_cdevsw, pts_cdevsw;

/*
 * A request that is not the control side's alone; terminal does what the terminal knows:
 * ttioctl, or for the control side, which no job control stops, tty_request.
 */
int	pty_request(struct pty *, u_long cmd, void *data, int flag, struct lwp *l,
	    int (*terminal)(struct tty *, u_long, void *, int, struct lwp *));

/* How pseudo terminals are named when no file system does it: bsdpty.c. */
extern struct ptm_pty bsdpty_handler;

/* ptm.c: TIOCPTSNAME and TIOCGRANTPT of a control side. */
int	pty_describe(struct pty *, struct lwp *, void *data);
int	pty_grant(struct pty *, struct lwp *);

#endif
