/* SPDX-License-Identifier: BSD-2-Clause */

/*
 * Errno and signal numbers of the host and of NetBSD.
 *
 * The one file of lib/ that includes headers of the host: those two that define its numbers.
 * A name that the host lacks has no entry; where it gives two names one number (EAGAIN and
 * EWOULDBLOCK, ENOTSUP and EOPNOTSUPP on some), the first of the list counts. That rules out a switch.
 */

#include "core.h"

/* The host's names are macros, by the C standard, and hide these; 0 is no error and no signal. */
#define ABSENT(name, number) name = 0,
enum { NB_ERRNO_LIST(ABSENT) NB_SIGNAL_LIST(ABSENT) };

#include <errno.h>
#include <signal.h>

struct pair {
	int host, netbsd;
};

#define PAIR(name, number) { name, number },

static const struct pair errnos[] = { NB_ERRNO_LIST(PAIR) };
static const struct pair signals[] = { NB_SIGNAL_LIST(PAIR) };

int
hyp_errno(int hosterrno)
{

	for (size_t i = 0; i < sizeof(errnos) / sizeof(errnos[0]); i++)
		if (errnos[i].host == hosterrno && hosterrno != 0)
			return errnos[i].netbsd;
	return hosterrno == 0 ? 0 : NB_EIO;
}

int
hyp_signal(int sig)
{

	for (size_t i = 0; i < sizeof(signals) / sizeof(signals[0]); i++)
		if (signals[i].netbsd == sig)
			return signals[i].host;
	return 0;
}
