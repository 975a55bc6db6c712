/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The message buffer: a ring of the last messages.
 *
 * Printing writes, log_read takes; what is not taken in time is overwritten,
 * oldest first.  All of it, but the cursor of writing, which the print lock
 * covers too, is protected by log_lock.
 */

#include <sys/types.h>
#include <sys/condvar.h>
#include <sys/errno.h>
#include <sys/msgbuf.h>
#include <sys/mutex.h>
#include <sys/syslog.h>
#include <sys/systm.h>

#include <rump-private/log.h>

#define LOG_SIZE	16384

static struct {
	struct kern_msgbuf header;
	char text[LOG_SIZE];
} storage;

int msgbufmapped;
int msgbufenabled;
struct kern_msgbuf *msgbufp;

static kmutex_t log_lock;
static kcondvar_t log_cv;		/* log_read waits */
static bool log_waiting;

void
initmsgbuf(void *buf, size_t size)
{
	struct kern_msgbuf *m = buf;

	m->msg_magic = MSG_MAGIC;
	m->msg_bufx = m->msg_bufr = 0;
	m->msg_bufs = size - offsetof(struct kern_msgbuf, msg_bufc);
	msgbufp = m;
	msgbufmapped = msgbufenabled = 1;
}

void
loginit(void)
{
	mutex_init(&log_lock, MUTEX_DEFAULT, IPL_HIGH);
	cv_init(&log_cv, "klog");
	initmsgbuf(&storage, sizeof(storage));
}

void
logputchar(int ch)
{
	struct kern_msgbuf *m = msgbufp;
	bool locked;

	if (!logenabled(m))
		return;
	locked = panicstr == NULL;
	if (locked)
		mutex_enter(&log_lock);
	m->msg_bufc[m->msg_bufx] = ch;
	m->msg_bufx = (m->msg_bufx + 1) % m->msg_bufs;
	if (m->msg_bufx == m->msg_bufr)
		m->msg_bufr = (m->msg_bufr + 1) % m->msg_bufs;
	if (locked)
		mutex_exit(&log_lock);
}

void
logwakeup(void)
{
	if (log_waiting && panicstr == NULL) {
		mutex_enter(&log_lock);
		log_waiting = false;
		cv_broadcast(&log_cv);
		mutex_exit(&log_lock);
	}
}

/* Unread bytes; log_lock held. */
static size_t
pending(const struct kern_msgbuf *m)
{
	return (m->msg_bufx - m->msg_bufr + m->msg_bufs) % m->msg_bufs;
}

size_t
log_pending(void)
{
	size_t n;

	mutex_enter(&log_lock);
	n = pending(msgbufp);
	mutex_exit(&log_lock);
	return n;
}

int
log_read(char *buf, size_t len, bool wait, size_t *done)
{
	struct kern_msgbuf *m = msgbufp;
	int error = 0;

	*done = 0;
	mutex_enter(&log_lock);
	while (pending(m) == 0 && error == 0) {
		if (!wait)
			error = EWOULDBLOCK;
		else {
			log_waiting = true;
			error = cv_wait_sig(&log_cv, &log_lock);
		}
	}
	for (; *done < len && pending(m) != 0; (*done)++) {
		buf[*done] = m->msg_bufc[m->msg_bufr];
		m->msg_bufr = (m->msg_bufr + 1) % m->msg_bufs;
	}
	mutex_exit(&log_lock);
	return *done != 0 ? 0 : error;
}
