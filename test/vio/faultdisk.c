/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * faultdisk, see faultdisk.h.  Transfers end in strategy, unless held; writes go to `now`,
 * a flush copies that to `stable`, a loss of power the other way.
 */
#include <sys/param.h>
#include <sys/systm.h>
#include <sys/atomic.h>
#include <sys/buf.h>
#include <sys/callout.h>
#include <sys/conf.h>
#include <sys/disk.h>
#include <sys/disklabel.h>
#include <sys/errno.h>

#include "faultdisk.h"

#define KINDS	3

static char now[FAULTDISK_BYTES], stable[FAULTDISK_BYTES];
static kmutex_t plan_lock;
static struct {
	int	error;
	u_int	after, times, count;
} plan[KINDS];			/* plan_lock */
static TAILQ_HEAD(held, buf) held;	/* plan_lock: writes that wait */
static bool holding;			/* plan_lock */
static u_int lag_ticks;			/* plan_lock */
static callout_t lag;			/* lets go of those that lag */
static u_int cut_after;			/* plan_lock: writes; 0: no cut */
static uint64_t cut_seed;
static bool power_off;		/* plan_lock */
static devmajor_t bmajor = NODEVMAJOR, cmajor = NODEVMAJOR;

/* Some of the sectors that were not flushed are written. */
static void
power_fails(void)
{
	u_int i;

	for (i = 0; i < FAULTDISK_BYTES; i += DEV_BSIZE) {
		cut_seed = cut_seed * 6364136223846793005ULL + 1442695040888963407ULL;
		if ((cut_seed >> 40) % 2 == 0)
			memcpy(now + i, stable + i, DEV_BSIZE);
	}
	memcpy(stable, now, sizeof(stable));
	power_off = true;
}

/* One more of a kind: does it fail? */
static int
next(int what)
{
	int error = 0;

	mutex_enter(&plan_lock);
	plan[what].count++;
	if (power_off)
		error = EIO;
	else if (plan[what].times > 0 && plan[what].after > 0)
		plan[what].after--;
	else if (plan[what].times > 0) {
		plan[what].times--;
		error = plan[what].error;
	}
	mutex_exit(&plan_lock);
	return error;
}

static void
transfer(struct buf *bp)
{
	off_t off = dbtob(bp->b_blkno);
	bool write = BUF_ISWRITE(bp);

	KASSERT(off >= 0 && off + bp->b_bcount <= FAULTDISK_BYTES);
	bp->b_resid = bp->b_bcount;
	bp->b_error = next(write ? FAULTDISK_WRITE : FAULTDISK_READ);
	if (bp->b_error == 0) {
		if (write)
			memcpy(now + off, bp->b_data, bp->b_bcount);
		else
			memcpy(bp->b_data, now + off, bp->b_bcount);
		bp->b_resid = 0;
	}
	mutex_enter(&plan_lock);
	if (write && cut_after > 0 && --cut_after == 0)
		power_fails();
	if (power_off)
		bp->b_error = EIO;
	mutex_exit(&plan_lock);
	biodone(bp);
}

static void
strategy(struct buf *bp)
{

	mutex_enter(&plan_lock);
	if (BUF_ISWRITE(bp) && (holding ||
	    (lag_ticks != 0 && (bp->b_flags & B_ASYNC) != 0))) {
		if (!holding && TAILQ_EMPTY(&held))
			callout_schedule(&lag, (int)lag_ticks);
		TAILQ_INSERT_TAIL(&held, bp, b_actq);
		bp = NULL;
	}
	mutex_exit(&plan_lock);
	if (bp != NULL)
		transfer(bp);
}

void
rump_faultdisk_hold(void)
{

	mutex_enter(&plan_lock);
	holding = true;
	mutex_exit(&plan_lock);
}

void
rump_faultdisk_letgo(void)
{
	struct buf *bp;

	mutex_enter(&plan_lock);
	holding = false;
	while ((bp = TAILQ_FIRST(&held)) != NULL) {
		TAILQ_REMOVE(&held, bp, b_actq);
		mutex_exit(&plan_lock);
		transfer(bp);
		mutex_enter(&plan_lock);
	}
	mutex_exit(&plan_lock);
}

long long
rump_faultdisk_newest(void)
{
	struct buf *bp;
	long long sector = -1;

	mutex_enter(&plan_lock);
	bp = TAILQ_LAST(&held, held);
	if (bp != NULL)
		TAILQ_REMOVE(&held, bp, b_actq);
	mutex_exit(&plan_lock);
	if (bp != NULL) {
		sector = bp->b_blkno;
		transfer(bp);
	}
	return sector;
}

static void
lag_over(void *arg)
{

	rump_faultdisk_letgo();
}

void
rump_faultdisk_lag(unsigned int ticks)
{

	mutex_enter(&plan_lock);
	lag_ticks = ticks;
	mutex_exit(&plan_lock);
	if (ticks == 0)
		rump_faultdisk_letgo();
}

static int
open_close(dev_t dev, int flags, int fmt, struct lwp *l)
{

	return 0;
}

static int
control(dev_t dev, u_long cmd, void *data, int flag, struct lwp *l)
{
	struct partinfo *pi = data;
	int error;

	switch (cmd) {
	case DIOCGPARTINFO:
		memset(pi, 0, sizeof(*pi));
		pi->pi_size = FAULTDISK_BYTES >> DEV_BSHIFT;
		pi->pi_secsize = DEV_BSIZE;
		pi->pi_bsize = BLKDEV_IOSIZE;
		return 0;
	case DIOCCACHESYNC:
		error = next(FAULTDISK_FLUSH);
		mutex_enter(&plan_lock);
		/* a write that lags may have cut the power since */
		if (power_off)
			error = EIO;
		if (error == 0)
			memcpy(stable, now, sizeof(stable));
		mutex_exit(&plan_lock);
		return error;
	default:
		return EPASSTHROUGH;
	}
}

static int
psize(dev_t dev)
{

	return FAULTDISK_BYTES >> DEV_BSHIFT;
}

static const struct bdevsw bdevsw = {
	.d_open = open_close, .d_close = open_close, .d_strategy = strategy,
	.d_ioctl = control, .d_dump = nodump, .d_psize = psize,
	.d_discard = nodiscard, .d_flag = D_DISK | D_MPSAFE
};

static const struct cdevsw cdevsw = {
	.d_open = open_close, .d_close = open_close, .d_read = noread,
	.d_write = nowrite, .d_ioctl = control, .d_stop = nostop,
	.d_tty = notty, .d_poll = nopoll, .d_mmap = nommap,
	.d_kqfilter = nokqfilter, .d_discard = nodiscard,
	.d_flag = D_DISK | D_MPSAFE
};

long long
rump_faultdisk_attach(void)
{

	mutex_init(&plan_lock, MUTEX_DEFAULT, IPL_NONE);
	TAILQ_INIT(&held);
	holding = false;
	callout_init(&lag, CALLOUT_MPSAFE);
	callout_setfunc(&lag, lag_over, NULL);
	if (devsw_attach("faultdisk", &bdevsw, &bmajor, &cdevsw,
	    &cmajor) != 0)
		return -1;
	return (long long)MAKEDISKDEV(bmajor, 0, RAW_PART);
}

void
rump_faultdisk_fail(int what, int error, unsigned int after,
    unsigned int times)
{

	mutex_enter(&plan_lock);
	plan[what].error = error;
	plan[what].after = after;
	plan[what].times = times;
	mutex_exit(&plan_lock);
}

unsigned int
rump_faultdisk_count(int what)
{

	return plan[what].count;
}

void
rump_faultdisk_cut(unsigned int after, unsigned long long seed)
{

	mutex_enter(&plan_lock);
	cut_after = after;
	cut_seed = seed;
	mutex_exit(&plan_lock);
}

void
rump_faultdisk_poke(unsigned int off, const void *bytes, unsigned int len)
{

	memcpy(now + off, bytes, len);
	memcpy(stable + off, bytes, len);
}

void
rump_faultdisk_powerup(void)
{

	mutex_enter(&plan_lock);
	power_off = false;
	cut_after = 0;
	mutex_exit(&plan_lock);
}

void
rump_faultdisk_crash(void)
{

	memcpy(now, stable, sizeof(now));
}
