/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Messages for terminals.
 *
 *   ttyprintf                 to a terminal
 *   uprintf, uprintf_locked   to the calling process's terminal
 *   tprintf                   to a session's terminal, and the log
 *   constty_…                 the console's messages, when a terminal has them
 *
 * The component with terminals shows them (ttymsg_init); without it, and without
 * a terminal, what is for terminals alone is dropped.  It is formatted a piece at a time,
 * without the lock of printing: a terminal's lock is one that is slept on.
 *
 * For the same reason a console's message, which may be printed anywhere, waits in a ring
 * for a soft interrupt, which shows it.  What finds the ring full, and what is printed
 * while the kernel halts or panics, goes to the host's console, what waited before it.
 *
 * Locks: kprintf_lock for constty and the ring; taken inside tty_lock.
 *
 * Ref: printf(9), tprintf(9), tty(4).
 */
#include <sys/param.h>
#include <sys/systm.h>
#include <sys/atomic.h>
#include <sys/errno.h>
#include <sys/intr.h>
#include <sys/kprintf.h>
#include <sys/proc.h>
#include <sys/syslog.h>
#include <sys/tprintf.h>

#include <rump/rumpuser.h>
#include <rump-private/log.h>
#include <rump-private/ttymsg.h>

#include "boot.h"
#include "lib.h"

static ttymsg_show_t *show;

void
ttymsg_init(ttymsg_show_t *func)
{

	atomic_store_release(&show, func);
}

/* ------------------------------------------------------------- to terminals */

/* A message on its way to a terminal. */
struct piece {
	struct format_sink sink;
	struct tty	*tp;
	struct session	*ss;
	size_t		len;
	char		text[128];
};

static void
flush(struct piece *p)
{

	if (p->len != 0)
		(void)(*show)(p->tp, p->ss, p->text, p->len);
	p->len = 0;
}

static void
piece_put(struct format_sink *sink, int ch)
{
	struct piece *p = container_of(sink, struct piece, sink);

	if (p->len == sizeof(p->text))
		flush(p);
	p->text[p->len++] = (char)ch;
}

static void __printflike(3, 0)
print(struct tty *tp, struct session *ss, const char *fmt, va_list ap)
{
	struct piece p;

	if (atomic_load_acquire(&show) == NULL)
		return;
	p.sink.put = piece_put;
	p.tp = tp;
	p.ss = ss;
	p.len = 0;
	(void)format(&p.sink, fmt, ap);
	flush(&p);
}

void
ttyprintf(struct tty *tp, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	print(tp, NULL, fmt, ap);
	va_end(ap);
}

/* The session of p, held, if that has a terminal that is p's. */
tpr_t
tprintf_open(struct proc *p)
{
	struct session *ss = NULL;

	mutex_enter(&proc_lock);
	if ((p->p_lflag & PL_CONTROLT) != 0 && p->p_session->s_ttyp != NULL) {
		ss = p->p_session;
		proc_sesshold(ss);
	}
	mutex_exit(&proc_lock);
	return ss;
}

void
tprintf_close(tpr_t ss)
{

	if (ss == NULL)
		return;
	mutex_enter(&proc_lock);
	proc_sessrele(ss);
}

void
tprintf(tpr_t ss, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	kprintf_lock();
	(void)kprintf(fmt, TOLOG, NULL, NULL, ap);
	kprintf_unlock();
	logwakeup();
	va_end(ap);
	if (ss == NULL)
		return;
	va_start(ap, fmt);
	print(NULL, ss, fmt, ap);
	va_end(ap);
}

static void __printflike(1, 0)
vuprintf(const char *fmt, va_list ap)
{
	tpr_t ss = tprintf_open(curproc);

	if (ss != NULL)
		print(NULL, ss, fmt, ap);
	tprintf_close(ss);
}

void
uprintf(const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	vuprintf(fmt, ap);
	va_end(ap);
}

/* By who has the lock of printing, and does without meanwhile. */
void
uprintf_locked(const char *fmt, ...)
{
	va_list ap;

	kprintf_unlock();
	va_start(ap, fmt);
	vuprintf(fmt, ap);
	va_end(ap);
	kprintf_lock();
}

/* ------------------------------------------------------------ the console's */

#define RING	1024
#define TAKE	128

static struct tty *constty;
static char ring[RING];
static u_int ring_first, ring_count;
static void *ring_softint;		/* tty_lock */

/* Up to TAKE characters that wait. */
static size_t
take_locked(char text[TAKE])
{
	size_t n;

	for (n = 0; n < TAKE && ring_count != 0; n++, ring_count--)
		text[n] = ring[ring_first++ % RING];
	return n;
}

static void
to_host(const char *text, size_t n)
{

	while (n-- > 0)
		rumpuser_putchar(*text++);
}

static void
ring_to_host_locked(void)
{
	char text[TAKE];
	size_t n;

	while ((n = take_locked(text)) != 0)
		to_host(text, n);
}

/* The soft interrupt. */
static void
ring_show(void *arg)
{
	char text[TAKE];
	size_t n;

	for (;;) {
		kprintf_lock();
		n = take_locked(text);
		kprintf_unlock();
		if (n == 0)
			return;
		if (!(*show)(NULL, NULL, text, n))
			to_host(text, n);
	}
}

bool
constty_put(int ch)
{

	if (constty == NULL)
		return false;
	if (panicstr != NULL || kern_halting)
		ring_to_host_locked();
	if (panicstr != NULL || kern_halting || ring_count == RING)
		return false;
	ring[(ring_first + ring_count++) % RING] = (char)ch;
	if (ring_count == 1)
		softint_schedule(ring_softint);
	return true;
}

int
constty_set(struct tty *tp)
{
	int error = 0;

	if (ring_softint == NULL)
		ring_softint = softint_establish(SOFTINT_SERIAL |
		    SOFTINT_MPSAFE, ring_show, NULL);
	kprintf_lock();
	if (constty != NULL && constty != tp)
		error = EBUSY;
	else
		constty = tp;
	kprintf_unlock();
	return error;
}

void
constty_clear(struct tty *tp)
{

	kprintf_lock();
	if (constty == tp) {
		constty = NULL;
		ring_to_host_locked();
	}
	kprintf_unlock();
}

struct tty *
constty_get(void)
{
	struct tty *tp;

	kprintf_lock();
	tp = constty;
	kprintf_unlock();
	return tp;
}
