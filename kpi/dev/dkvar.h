/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * dksubr: what disk drivers share.  A driver's softc begins with a struct
 * dk_softc; its own part is behind the functions of struct dkdriver.
 */
#ifndef _DEV_DKVAR_H_
#define	_DEV_DKVAR_H_

#include <sys/atomic.h>
#include <sys/types.h>
#include <sys/device.h>
#include <sys/disk.h>
#include <sys/mutex.h>
#include <sys/rndsource.h>

struct buf;
struct bufq_state;
struct lwp;

#define	DK_XNAME_SIZE	8

struct dk_softc {
	device_t	sc_dev;
	u_int32_t	sc_flags;	/* DKF_* */
	char		sc_xname[DK_XNAME_SIZE];
	struct disk	sc_dkdev;
	kmutex_t	sc_iolock;	/* queue, busy, statistics */
	struct bufq_state *sc_bufq;	/* the driver's, allocated by it */
	int		sc_dtype;	/* DKTYPE_* */
	struct buf	*sc_deferred;	/* refused by d_diskstart: goes first */
	int		sc_busy;	/* a thread is in dk_start */
	krndsource_t	sc_rnd_source;
};

/* sc_flags: of the driver, */
#define	DKF_INITED	0x00010000	/* usable */
#define	DKF_WARNLABEL	0x00080000	/* say what is wrong with the label */
#define	DKF_LABELSANITY	0x00100000	/* distrust a label that does not fit */
#define	DKF_NO_RND	0x01000000	/* its timing is no entropy */
#define	DKF_SLEEP	0x80000000	/* d_diskstart may sleep */
/* and of dksubr. */
#define	DKF_WLABEL	0x00020000	/* the label's sector may be written */
#define	DKF_LABELLING	0x00040000
#define	DKF_TAKEDUMP	0x00200000	/* crash dumps are welcome */
#define	DKF_KLABEL	0x00400000	/* keep the label after the last close */
#define	DKF_VLABEL	0x00800000	/* the label is sound */

#define	DK_ATTACHED(_dksc)						\
	((atomic_load_relaxed(&(_dksc)->sc_flags) & DKF_INITED) != 0)

/* Is anything open but what _pmask is, once? */
#define	DK_BUSY(_dksc, _pmask)						\
	(((_dksc)->sc_dkdev.dk_openmask & ~(_pmask)) != 0 ||		\
	    ((_dksc)->sc_dkdev.dk_bopenmask != 0 &&			\
	    (_dksc)->sc_dkdev.dk_copenmask != 0))

/* dk_dump */
#define	DK_DUMP_RECURSIVE	__BIT(0)

void	dk_init(struct dk_softc *dksc, device_t dev, int dtype);
void	dk_attach(struct dk_softc *dksc);
void	dk_detach(struct dk_softc *dksc);

int	dk_open(struct dk_softc *dksc, dev_t dev, int flags, int fmt,
	    struct lwp *l);
int	dk_close(struct dk_softc *dksc, dev_t dev, int flags, int fmt,
	    struct lwp *l);
int	dk_ioctl(struct dk_softc *dksc, dev_t dev, u_long cmd, void *data,
	    int flag, struct lwp *l);
int	dk_size(struct dk_softc *dksc, dev_t dev);
int	dk_discard(struct dk_softc *dksc, dev_t dev, off_t pos, off_t len);
int	dk_dump(struct dk_softc *dksc, dev_t dev, daddr_t blkno, void *va,
	    size_t size, int flags);
void	dk_getdisklabel(struct dk_softc *dksc, dev_t dev);
void	dk_getdefaultlabel(struct dk_softc *dksc, struct disklabel *lp);

void	dk_strategy(struct dk_softc *dksc, struct buf *bp);
int	dk_strategy_defer(struct dk_softc *dksc, struct buf *bp);
int	dk_strategy_pending(struct dk_softc *dksc);
void	dk_start(struct dk_softc *dksc, struct buf *bp);
void	dk_done(struct dk_softc *dksc, struct buf *bp);
void	dk_drain(struct dk_softc *dksc);

#endif /* !_DEV_DKVAR_H_ */
