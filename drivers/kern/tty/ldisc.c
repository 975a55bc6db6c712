/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Line disciplines: what stands between a terminal's driver and its device.
 *
 *   ttyldisc_attach, _detach          a discipline comes, and goes
 *   ttyldisc_lookup, _lookup_bynum    a reference; ttyldisc_release gives it back
 *   ttyldisc_default
 *
 * The one of POSIX terminals, "termios", is number TTYDISC and is always there.
 * Others ("ppp", "slip") are drivers'.  The table of calls is struct linesw.
 *
 * Locks: table_lock; l_refcnt too is under it.  The default one is not counted.
 */
#include <sys/param.h>
#include <sys/conf.h>
#include <sys/errno.h>
#include <sys/mutex.h>
#include <sys/poll.h>
#include <sys/systm.h>
#include <sys/tty.h>

#include "tty_var.h"

static kmutex_t table_lock;
static LIST_HEAD(, linesw) table;

static struct linesw termios_discipline = {
	.l_name = "termios",
	.l_no = TTYDISC,
	.l_open = ttylopen,
	.l_close = ttylclose,
	.l_read = ttread,
	.l_write = ttwrite,
	.l_ioctl = ttynullioctl,
	.l_rint = ttyinput,
	.l_start = ttstart,
	.l_modem = ttymodem,
	.l_poll = ttpoll,
};

void
ttyldisc_init(void)
{

	mutex_init(&table_lock, MUTEX_DEFAULT, IPL_NONE);
	LIST_INIT(&table);
	(void)ttyldisc_attach(&termios_discipline);
}

static struct linesw *
find(const char *name, int number)
{
	struct linesw *disc;

	KASSERT(mutex_owned(&table_lock));
	LIST_FOREACH(disc, &table, l_list)
		if (name != NULL ? strcmp(disc->l_name, name) == 0 :
		    disc->l_no == number)
			return disc;
	return NULL;
}

/* The lowest number that no discipline has. */
static int
free_number(void)
{
	int n = 0;

	while (find(NULL, n) != NULL)
		n++;
	return n;
}

/*
 * Make a discipline known.
 *
 * disc     the caller's for good; all calls set; l_no -1: any number.
 *
 * Returns 0 or EEXIST (name or number is taken).
 */
int
ttyldisc_attach(struct linesw *disc)
{
	int error = 0;

	KASSERT(disc->l_name != NULL);
	mutex_enter(&table_lock);
	if (find(disc->l_name, 0) != NULL ||
	    (disc->l_no != -1 && find(NULL, disc->l_no) != NULL)) {
		error = EEXIST;
	} else {
		if (disc->l_no == -1)
			disc->l_no = free_number();
		disc->l_refcnt = 0;
		LIST_INSERT_HEAD(&table, disc, l_list);
	}
	mutex_exit(&table_lock);
	return error;
}

/* EBUSY: a terminal uses it. */
int
ttyldisc_detach(struct linesw *disc)
{
	int error = 0;

	KASSERT(disc != &termios_discipline);
	mutex_enter(&table_lock);
	if (disc->l_refcnt != 0)
		error = EBUSY;
	else
		LIST_REMOVE(disc, l_list);
	mutex_exit(&table_lock);
	return error;
}

static struct linesw *
lookup(const char *name, int number)
{
	struct linesw *disc;

	mutex_enter(&table_lock);
	disc = find(name, number);
	if (disc != NULL && disc != &termios_discipline)
		disc->l_refcnt++;
	mutex_exit(&table_lock);
	return disc;
}

struct linesw *
ttyldisc_lookup(const char *name)
{

	return lookup(name, 0);
}

struct linesw *
ttyldisc_lookup_bynum(int number)
{

	return lookup(NULL, number);
}

void
ttyldisc_release(struct linesw *disc)
{

	if (disc == NULL || disc == &termios_discipline)
		return;
	mutex_enter(&table_lock);
	KASSERT(disc->l_refcnt > 0);
	disc->l_refcnt--;
	mutex_exit(&table_lock);
}

/* No reference: it cannot go. */
struct linesw *
ttyldisc_default(void)
{

	return &termios_discipline;
}

/*
 * Fillers of a discipline that lacks a call.
 */

int
ttyerrpoll(struct tty *tp, int events, struct lwp *l)
{

	return POLLERR;
}

/* Not one of its requests: the terminal's. */
int
ttynullioctl(struct tty *tp, u_long cmd, void *data, int flag, struct lwp *l)
{

	return EPASSTHROUGH;
}

int
ttyerrinput(int c, struct tty *tp)
{

	return ENODEV;
}

int
ttyerrstart(struct tty *tp)
{

	return ENODEV;
}

int
ttynodisc(dev_t dev, struct tty *tp)
{

	return ENODEV;
}
