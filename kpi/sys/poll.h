/* SPDX-License-Identifier: BSD-2-Clause */
/* poll(2). */
#ifndef _SYS_POLL_H_
#define _SYS_POLL_H_

#include <sys/cdefs.h>

typedef unsigned int nfds_t;

struct pollfd {
	int	fd;
	short	events;		/* what is asked for */
	short	revents;	/* what is so */
};

/* Ready for ... */
#define POLLIN		0x1
#define POLLPRI		0x2
#define POLLOUT		0x4
#define POLLRDNORM	0x40
#define POLLRDBAND	0x80
#define POLLWRBAND	0x100
#define POLLWRNORM	POLLOUT
/* Reported whether asked for or not. */
#define POLLERR		0x8
#define POLLHUP		0x10
#define POLLNVAL	0x20

#define INFTIM	(-1)

#endif /* _SYS_POLL_H_ */
