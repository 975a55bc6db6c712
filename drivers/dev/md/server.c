/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * md(4): media in the memory of a process.  The process stays in its ioctl and
 * copies; the disk is there until a signal ends that.  Whatever waits then fails.
 */
#include <sys/param.h>
#include <sys/systm.h>
#include <sys/errno.h>

#include "md_var.h"

static struct buf *
take(struct md_softc *sc)
{
	struct buf *bp = TAILQ_FIRST(&sc->sc_queue);

	KASSERT(mutex_owned(&sc->sc_lock));
	if (bp != NULL)
		TAILQ_REMOVE(&sc->sc_queue, bp, b_actq);
	return bp;
}

static void
done(struct md_softc *sc, struct buf *bp, int error)
{

	bp->b_error = error;
	bp->b_resid = error != 0 ? bp->b_bcount : 0;
	dk_done(&sc->sc_dksc, bp);
}

/* A transfer for the server; fails if it has gone.  sc_lock dropped meanwhile. */
void
md_server_put_locked(struct md_softc *sc, struct buf *bp)
{

	KASSERT(mutex_owned(&sc->sc_lock));
	if (sc->sc_serving) {
		TAILQ_INSERT_TAIL(&sc->sc_queue, bp, b_actq);
		cv_signal(&sc->sc_cv);
		return;
	}
	mutex_exit(&sc->sc_lock);
	done(sc, bp, EIO);
	mutex_enter(&sc->sc_lock);
}

/* Returns why it ended: EINTR, or EFAULT: the memory is not there. */
int
md_serve(struct md_softc *sc)
{
	struct buf *bp;
	void *where;
	int error = 0;

	mutex_enter(&sc->sc_lock);
	KASSERT(sc->sc_serving);
	while (error == 0) {
		bp = take(sc);
		if (bp == NULL) {
			error = cv_wait_sig(&sc->sc_cv, &sc->sc_lock);
			if (error == ERESTART)
				error = EINTR;
			continue;
		}
		mutex_exit(&sc->sc_lock);
		/* the program's word for it: not to be trusted to be memory */
		where = (void *)((uintptr_t)sc->sc_conf.md_addr +
		    (uintptr_t)dbtob(bp->b_rawblkno));
		if (BUF_ISREAD(bp))
			error = copyin(where, bp->b_data, bp->b_bcount);
		else
			error = copyout(bp->b_data, where, bp->b_bcount);
		done(sc, bp, error != 0 ? EIO : 0);
		mutex_enter(&sc->sc_lock);
	}
	sc->sc_serving = false;
	while ((bp = take(sc)) != NULL) {
		mutex_exit(&sc->sc_lock);
		done(sc, bp, EIO);
		mutex_enter(&sc->sc_lock);
	}
	mutex_exit(&sc->sc_lock);
	return error;
}
