/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What the files of drivers/kern/tty share.  What is declared in <sys/tty.h> and
 * <sys/conf.h> is the KPI's; this is between them.
 *
 * All are called with tty_lock but tty_init, tty_request, tty_show_message and the ctty_,
 * pty_ and ptm_ functions.
 */
#ifndef _TTY_VAR_H_
#define _TTY_VAR_H_

#include <sys/param.h>
#include <sys/tty.h>

struct lwp;
struct proc;
struct session;

/* Room for the widest thing that one character may become: a tab. */
#define TTY_WIDEST	8

static __inline __unused bool
tty_iflag(const struct tty *tp, tcflag_t flag)
{

	return (tp->t_iflag & flag) != 0;
}

static __inline __unused bool
tty_oflag(const struct tty *tp, tcflag_t flag)
{

	return (tp->t_oflag & flag) != 0;
}

static __inline __unused bool
tty_lflag(const struct tty *tp, tcflag_t flag)
{

	return (tp->t_lflag & flag) != 0;
}

static __inline __unused bool
tty_state(const struct tty *tp, int state)
{

	return (tp->t_state & state) != 0;
}

/* Is c, a character that is not quoted, the special one of this place in c_cc? */
static __inline __unused bool
tty_is(const struct tty *tp, int c, int place)
{

	return c == tp->t_cc[place] && c != _POSIX_VDISABLE;
}

/* tty.c: lives */
/* Who is at the other end has gone: nothing will come, nothing can be sent. */
bool	tty_hungup(const struct tty *);
/* It is not open any more: as ttyclose, but what is in t_outq stays there. */
void	tty_closed(struct tty *);

/* flow.c */
/* Tell the sender to wait if the input queue is filling up; to go on. */
void	tty_throttle(struct tty *);
void	tty_unthrottle(struct tty *);
/* Stop and start output, as VSTOP and VSTART do. */
void	tty_output_stop(struct tty *);
void	tty_output_start(struct tty *);

/* edit.c: the line that is being typed, and how it looks */
void	tty_echo(struct tty *, int c);
void	tty_erase(struct tty *);
void	tty_erase_word(struct tty *);
void	tty_kill(struct tty *);
void	tty_reprint(struct tty *);

/* output.c: other output comes between what was echoed and what will be */
void	tty_interrupt_echo(struct tty *);
/* A message of the kernel; ttymsg.h. */
bool	tty_show_message(struct tty *, struct session *, const char *text,
	    size_t len);

/* input.c */
/* May a character be put in?  False: who types must wait until somebody reads. */
bool	tty_input_room(const struct tty *);
/*
 * The mode is canonical from now on: bytes that came before are typed again.  spare is
 * an empty queue, as large as the input queue.
 */
void	tty_retype(struct tty *, struct clist *spare);
/* The mode is no longer canonical: what is waiting is bytes. */
void	tty_uncook(struct tty *);

/* read.c: how much can be read; read(2) would not wait */
int	tty_readable(const struct tty *);

/* ioctl.c: as ttioctl, from wherever the caller is; without tty_lock */
int	tty_request(struct tty *, u_long cmd, void *data, int flag,
	    struct lwp *);

/* job.c: jobs and sessions */
/*
 * Wait until curproc is in the foreground; sig is SIGTTIN or SIGTTOU.
 *
 * flag    IO_NDELAY: do not wait.
 *
 * Returns 0 (or it is not its terminal, or SIGTTOU is ignored or masked), EIO (nobody
 * could continue it), EWOULDBLOCK, ERESTART (hung up).
 * Locks:   tty_lock, given up meanwhile.
 */
int	tty_foreground(struct tty *, int sig, int flag);
int	tty_become_controlling(struct tty *, struct proc *);
int	tty_set_pgrp(struct tty *, struct proc *, pid_t);
int	tty_get_pgrp(struct tty *, struct proc *, bool any, pid_t *);
int	tty_get_session(struct tty *, struct proc *, pid_t *);
void	tty_leave_session(struct tty *);
void	tty_job_init(void);

/* devices and files */
void	ctty_init(void);		/* ctty.c: /dev/tty */
void	pty_init(void);			/* pty.c */
void	ptm_init(void);			/* ptm.c */

#endif
