/* SPDX-License-Identifier: BSD-2-Clause */

/*
 * Errno and signal numbers of the host and of NetBSD.
 *
 * The one file of lib/ that includes headers of the host: those two that define its numbers.
 * A name that the host lacks has no entry; where it gives two names one number (EAGAIN and
 * EWOULDBLOCK, ENOTSUP and EOPNOTSUPP on some), the first of the list counts. That rules out a switch.
 */

#include <errno.h>
#include <signal.h>

#include "core.h"

struct pair {
	int host, netbsd;
};

/* Names that not all hosts have; 0 is no error and no signal. */
#ifndef ENOTBLK
#define ENOTBLK 0
#endif
#ifndef ESOCKTNOSUPPORT
#define ESOCKTNOSUPPORT 0
#endif
#ifndef EPFNOSUPPORT
#define EPFNOSUPPORT 0
#endif
#ifndef ESHUTDOWN
#define ESHUTDOWN 0
#endif
#ifndef ETOOMANYREFS
#define ETOOMANYREFS 0
#endif
#ifndef EHOSTDOWN
#define EHOSTDOWN 0
#endif
#ifndef EPROCLIM
#define EPROCLIM 0
#endif
#ifndef EUSERS
#define EUSERS 0
#endif
#ifndef EREMOTE
#define EREMOTE 0
#endif
#ifndef EBADRPC
#define EBADRPC 0
#endif
#ifndef ERPCMISMATCH
#define ERPCMISMATCH 0
#endif
#ifndef EPROGUNAVAIL
#define EPROGUNAVAIL 0
#endif
#ifndef EPROGMISMATCH
#define EPROGMISMATCH 0
#endif
#ifndef EPROCUNAVAIL
#define EPROCUNAVAIL 0
#endif
#ifndef EFTYPE
#define EFTYPE 0
#endif
#ifndef EAUTH
#define EAUTH 0
#endif
#ifndef ENEEDAUTH
#define ENEEDAUTH 0
#endif
#ifndef ENODATA
#define ENODATA 0
#endif
#ifndef ENOSR
#define ENOSR 0
#endif
#ifndef ENOSTR
#define ENOSTR 0
#endif
#ifndef ETIME
#define ETIME 0
#endif
#ifndef ENOATTR
#define ENOATTR 0
#endif
#ifndef EMULTIHOP
#define EMULTIHOP 0
#endif
#ifndef ENOLINK
#define ENOLINK 0
#endif
#ifndef EOWNERDEAD
#define EOWNERDEAD 0
#endif
#ifndef ENOTRECOVERABLE
#define ENOTRECOVERABLE 0
#endif
#ifndef SIGEMT
#define SIGEMT 0
#endif
#ifndef SIGIO
#define SIGIO 0
#endif
#ifndef SIGWINCH
#define SIGWINCH 0
#endif
#ifndef SIGINFO
#define SIGINFO 0
#endif
#ifndef SIGPWR
#define SIGPWR 0
#endif

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
