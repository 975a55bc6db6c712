/* SPDX-License-Identifier: BSD-2-Clause */
/* md(4), inside: what its files share. */
#ifndef _DRIVERS_DEV_MD_MD_VAR_H_
#define _DRIVERS_DEV_MD_MD_VAR_H_

#include <sys/buf.h>
#include <sys/condvar.h>
#include <sys/device.h>

#include <dev/dkvar.h>
#include <dev/md.h>

struct md_softc {
	struct dk_softc	sc_dksc;	/* first */

	/* sc_lock */
	kmutex_t	sc_lock;
	struct md_conf	sc_conf;
	bool		sc_changing;	/* someone configures it */

	/* sc_lock: MD_UMEM_SERVER */
	kcondvar_t	sc_cv;
	TAILQ_HEAD(, buf) sc_queue;	/* for the server */
	bool		sc_serving;	/* what is queued will be done */
};

/* server.c: lend the memory of the calling process, until it is interrupted. */
int	md_serve(struct md_softc *sc);
void	md_server_put_locked(struct md_softc *sc, struct buf *bp);

#endif
