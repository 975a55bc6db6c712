/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Messages of the kernel for terminals: the base formats them (kern/lib/ttymsg.c) and
 * knows which terminal the console's are for; a component that has terminals shows them.
 */
#ifndef _RUMP_PRIVATE_TTYMSG_H_
#define _RUMP_PRIVATE_TTYMSG_H_

#include <sys/types.h>

struct session;
struct tty;

/*
 * Show text on a terminal, as far as there is room.
 *
 * tp, ss  the terminal, or else the session whose terminal it is; both NULL: the one
 *         that has the console's messages.
 *
 * Returns whether there is such a terminal, and it is open.
 * Context: thread or soft interrupt, may sleep; takes tty_lock.
 */
typedef bool ttymsg_show_t(struct tty *tp, struct session *ss,
	    const char *text, size_t len);

/* Say who shows.  Until then nobody does. */
void	ttymsg_init(ttymsg_show_t *show);

/*
 * Messages for the console go to a terminal from now on (TIOCCONS).
 *
 * Returns 0, or EBUSY: they go to another one.
 * Locks:   tty_lock.
 */
int	constty_set(struct tty *tp);

/* They do not any more, if they did: what it has not shown goes to the host. */
void	constty_clear(struct tty *tp);

/* Where they go; NULL: to the host's console. */
struct tty *constty_get(void);

/*
 * Keep a character of a message for that terminal.
 *
 * Returns false: there is none, or no room; it is the host's.
 * Locks:   that of printing (kprintf_lock), unless there is a panic.
 */
bool	constty_put(int ch);

#endif
