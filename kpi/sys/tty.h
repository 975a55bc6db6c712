/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Terminals: character queues, the terminal itself, and what drivers and line
 * disciplines call.
 */
#ifndef _SYS_TTY_H_
#define _SYS_TTY_H_

#include <sys/termios.h>
#include <sys/queue.h>
#include <sys/selinfo.h>
#include <sys/mutex.h>
#include <sys/condvar.h>
#include <sys/callout.h>
#include <sys/signal.h>
#include <sys/ttycom.h>

struct lwp;
struct pgrp;
struct session;
struct uio;

/* A ring of characters, each with a bit that says whether it is quoted. */
struct clist {
	u_char	*c_cf;		/* first */
	u_char	*c_cl;		/* past the last */
	u_char	*c_cs;		/* storage */
	u_char	*c_ce;		/* its end */
	u_char	*c_cq;		/* quote bits */
	int	c_cc;		/* characters in it */
	int	c_cn;		/* characters it can hold */
};

enum ttysigtype {
	TTYSIG_PG1,
	TTYSIG_PG2,
	TTYSIG_LEADER,
	TTYSIG_COUNT
};

struct tty {
	TAILQ_ENTRY(tty) tty_link;
	struct clist t_rawq;
	long t_rawcc;
	kcondvar_t t_rawcv;
	kcondvar_t t_rawcvf;
	struct clist t_canq;
	long t_cancc;
	kcondvar_t t_cancv;
	kcondvar_t t_cancvf;
	struct clist t_outq;
	long t_outcc;
	kcondvar_t t_outcv;
	kcondvar_t t_outcvf;
	kcondvar_t t_jobcv;		/* background processes wait */
	callout_t t_rstrt_ch;
	struct linesw *t_linesw;
	dev_t t_dev;
	int t_state;
	int t_wopen;
	int t_flags;
	int t_qsize;
	struct pgrp *t_pgrp;
	struct session *t_session;
	struct selinfo t_rsel;
	struct selinfo t_wsel;
	struct termios t_termios;
	struct winsize t_winsize;
	void (*t_oproc)(struct tty *);
	int (*t_param)(struct tty *, struct termios *);
	int (*t_hwiflow)(struct tty *, int);
	void *t_sc;
	short t_column;
	short t_rocount;
	short t_rocol;
	int t_hiwat;
	int t_lowat;
	short t_gen;
	sigset_t t_sigs[3];
	int t_sigcount;
	TAILQ_ENTRY(tty) t_sigqueue;
	void *t_softc;
};
#define t_cflag		t_termios.c_cflag
#define t_ospeed	t_termios.c_ospeed
#define t_ispeed	t_termios.c_ispeed
#define t_iflag		t_termios.c_iflag
#define t_oflag		t_termios.c_oflag
#define t_lflag		t_termios.c_lflag
#define t_cc		t_termios.c_cc

/* t_state: what drivers see, then what the discipline keeps there. */
#define TS_SIGINFO	0x1
#define TS_ASYNC	0x2
#define TS_BUSY		0x4
#define TS_CARR_ON	0x8
#define TS_DIALOUT	0x10
#define TS_FLUSH	0x20
#define TS_ISOPEN	0x40
#define TS_TBLOCK	0x80
#define TS_TIMEOUT	0x100
#define TS_TTSTOP	0x200
#define TS_XCLUDE	0x400
#define TS_BKSL		0x800
#define TS_CNTTB	0x1000
#define TS_ERASE	0x2000
#define TS_LNCH		0x4000
#define TS_TYPEN	0x8000
#define TS_KERN_ONLY	0x10000
#define TS_LOCAL	(TS_BKSL | TS_CNTTB | TS_ERASE | TS_LNCH | TS_TYPEN)

/* Limits of the queues. */
#define TTYHOG		tp->t_qsize
#define OBUFSIZ		100
#define TTMINHIWAT	roundup(100, 64)
#define TTMAXHIWAT	roundup(2048, 64)
#define TTMAXLOWAT	256
#define TTMASK	15
#define TTIPRI	25
#define TTOPRI	26
#define TTROUND	64

/* Characters as drivers pass them up; output classes; modem commands. */
#define TTY_CHARMASK	0xff
#define TTY_QUOTE	0x100
#define TTY_FE		0x1000000
#define TTY_PE		0x2000000
#define TTY_ERRORMASK	0xff000000U
#define ORDINARY	0
#define CONTROL		1
#define BACKSPACE	2
#define NEWLINE		3
#define TAB		4
#define VTAB		5
#define RETURN		6
#define DMSET	0
#define DMBIS	1
#define DMBIC	2
#define DMGET	3

/* Minor numbers: unit, call-unit and dial-out. */
#define TTUNIT_MASK	0x3ffff
#define TTCALLUNIT_MASK	0x40000
#define TTDIALOUT_MASK	0x80000
#define TTUNIT(d)	(minor(d) & TTUNIT_MASK)
#define TTCALLUNIT(d)	(minor(d) & TTCALLUNIT_MASK)
#define TTDIALOUT(d)	(minor(d) & TTDIALOUT_MASK)

#define isctty(p, tp) \
	((p)->p_session == (tp)->t_session && ((p)->p_lflag & PL_CONTROLT))
#define isbackground(p, tp) \
	(isctty((p), (tp)) && (p)->p_pgrp != (tp)->t_pgrp)

#ifdef _KERNEL

TAILQ_HEAD(ttylist_head, tty);
extern kmutex_t	tty_lock;
extern int	tty_count;

/* Queues of characters. */
int b_to_q(const u_char *, int, struct clist *);
int getc(struct clist *);
int putc(int, struct clist *);
int unputc(struct clist *);
int	clalloc(struct clist *, int, int);
void	clfree(struct clist *);
void	clinit(void);
void	catq(struct clist *, struct clist *);
int	q_to_b(struct clist *, u_char *, int);
int	ndqb(struct clist *, int);
void	ndflush(struct clist *, int);
u_char	*firstc(struct clist *, int *);
u_char	*nextc(struct clist *, u_char *, int *);

/* Speeds as a chip's registers name them. */
struct speedtab {
	int	sp_speed;
	int	sp_code;
};

/* Life of a terminal. */
void	tty_init(void);
struct tty *tty_alloc(void);
void	tty_attach(struct tty *);
void	tty_detach(struct tty *);
void	tty_free(struct tty *);
int	tty_unit(dev_t);
int	tty_set_qsize(struct tty *, int);

/* The standard discipline. */
int	ttioctl(struct tty *, u_long, void *, int, struct lwp *);
int	ttylopen(dev_t, struct tty *);
int	ttylclose(struct tty *, int);
int	ttread(struct tty *, struct uio *, int);
int	ttwrite(struct tty *, struct uio *, int);
int	ttpoll(struct tty *, int, struct lwp *);
int	ttkqfilter(dev_t, struct knote *);
int	ttyinput(int, struct tty *);
int	ttyinput_wlock(int, struct tty *);
int	ttstart(struct tty *);
int	ttymodem(struct tty *, int);
int	ttyoutput(int, struct tty *);
int	ttyclose(struct tty *);
extern kmutex_t tty_lock;
int tty_try_xonxoff(struct tty *, unsigned char);
void ttyflush(struct tty *, int);
int ttymodem(struct tty *, int);
int ttysleep(struct tty *, kcondvar_t *, bool, int);
void ttwakeup(struct tty *);
void	ttsetwater(struct tty *);
void	ttychars(struct tty *);
int	ttycheckoutq(struct tty *, int);
struct speedtab;
int	ttspeedtab(int, const struct speedtab *);
int	ttywait(struct tty *);
int	ttywflush(struct tty *);
void	ttysig(struct tty *, enum ttysigtype, int);
void	ttgetinfo(struct tty *, char *, size_t);
void	ttyinfo(struct tty *, int);
int	tputchar(int, int, struct tty *);
int	ttyclose(struct tty *);
void	ttrstrt(void *);

#endif /* _KERNEL */
#endif /* _SYS_TTY_H_ */
