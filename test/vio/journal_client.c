/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A client of the journal, see journal_client.h.
 *
 * The log is in the first part of the disk, BLOCKS blocks follow it.  Each sector of
 * a block says what was written last.  A transaction changes some blocks, frees
 * some, and puts inodes on the list or takes them off.  A block that was freed gets
 * data once the commit is over: written past the journal, and flushed.
 *
 * The model keeps the disk as of each transaction.  After a power cut it must be as
 * of one of them: not older than the last commit that succeeded.
 */
#include <sys/param.h>
#include <sys/systm.h>
#include <sys/buf.h>
#include <sys/dkio.h>
#include <sys/errno.h>
#include <sys/fcntl.h>
#include <sys/kauth.h>
#include <sys/mount.h>
#include <sys/namei.h>
#include <sys/vnode.h>
#include <sys/wapbl.h>

#include "journal_client.h"

#define LOG_AT		8			/* sectors */
#define LOG_SECTORS	512
#define BSIZE		4096
#define BLOCKS		48
#define FIRST		1024			/* sector of the first block */
#define INODES		64
#define HISTORY		256

#define FAIL		return __LINE__
#define TRY(x)		do { int line_ = (x); if (line_ != 0) return line_; } while (0)

void	rump_faultdisk_cut(unsigned int, unsigned long long);
void	rump_faultdisk_poke(unsigned int, const void *, unsigned int);
void	rump_faultdisk_powerup(void);
void	rump_faultdisk_lag(unsigned int);
long long rump_faultdisk_newest(void);
void	rump_faultdisk_fail(int, int, unsigned int, unsigned int);

struct state {
	uint32_t	block[BLOCKS];
	uint64_t	inodes;
};

static struct state history[HISTORY];	/* [0]: what the round began with */
static u_int newest;			/* the transaction that is open or ended */
static u_int durable;			/* the last that was committed */
static uint64_t freed;			/* in the open commit: given back */
static uint64_t inuse;			/* noted as freed, not given back yet */
static uint32_t stamp;
static uint64_t rng_state;

static struct mount mount;
static struct vnode *devvp;
static struct wapbl_replay *replay;

static u_int
rng(u_int n)
{

	rng_state = rng_state * 6364136223846793005ULL + 1442695040888963407ULL;
	return (u_int)((rng_state >> 33) % n);
}

static int
no_fsync(struct vnode *vp, int flags)
{

	return EOPNOTSUPP;
}

static struct vfsops ops = { .vfs_name = "journal", .vfs_fsync = no_fsync };

static daddr_t
blkno(u_int i)
{

	return FIRST + i * btodb(BSIZE);
}

static void
fill(void *data, uint32_t value)
{
	u_int i;

	memset(data, 0, BSIZE);
	for (i = 0; i < BSIZE; i += DEV_BSIZE)
		memcpy((char *)data + i, &value, sizeof(value));
}

static bool
holds(const void *data, uint32_t value)
{
	u_int i;

	for (i = 0; i < BSIZE; i += DEV_BSIZE)
		if (memcmp((const char *)data + i, &value, sizeof(value)) != 0)
			return false;
	return true;
}

/* The commit gives blocks back. */
static void
give_back(struct mount *mp, struct wapbl_dealloc *wd)
{

	for (; wd != NULL; wd = TAILQ_NEXT(wd, wd_entries))
		freed |= UINT64_C(1) << (wd->wd_blkno - FIRST) / btodb(BSIZE);
}

static void
give_up(struct mount *mp, struct wapbl_dealloc *wd)
{
}

static int
start(void)
{

	return wapbl_start(&mount.mnt_wapbl, &mount, devvp, LOG_AT, LOG_SECTORS,
	    DEV_BSIZE, replay, give_back, give_up);
}

static int
set_up(const char *device)
{
	struct pathbuf *pb = pathbuf_create(device);
	int error;

	error = vn_bdev_openpath(pb, &devvp, curlwp);
	pathbuf_destroy(pb);
	if (error != 0)
		return error;
	memset(&mount, 0, sizeof(mount));
	mount.mnt_op = &ops;
	mount.mnt_wapbl_op = &wapbl_ops;
	mount.mnt_dev_bshift = DEV_BSHIFT;
	mount.mnt_stat.f_bsize = BSIZE;
	spec_node_setmountedfs(devvp, &mount);
	return 0;
}

static int
tear_down(void)
{

	spec_node_setmountedfs(devvp, NULL);
	return vn_close(devvp, FREAD | FWRITE, kauth_cred_get());
}

/* Put a value into a block, by way of the journal. */
static int
change(u_int i, uint32_t value)
{
	buf_t *bp;

	if (rng(2) != 0) {
		bp = getblk(devvp, blkno(i), BSIZE, 0, 0);
	} else if (bread(devvp, blkno(i), BSIZE, B_MODIFY, &bp) != 0) {
		/* the power is off */
		bp = getblk(devvp, blkno(i), BSIZE, 0, 0);
	} else if (history[newest].block[i] != 0 &&
	    !holds(bp->b_data, history[newest].block[i])) {
		brelse(bp, 0);
		FAIL;
	}
	fill(bp->b_data, value);
	history[newest].block[i] = value;
	if (rng(3) == 0)
		(void)bwrite(bp);
	else
		bdwrite(bp);
	return 0;
}

/* Blocks that were given back get data, which last. */
static void
use_freed(void)
{
	static char data[BSIZE];
	int on = 1;
	buf_t *bp;
	u_int i;

	for (i = 1; i < BLOCKS; i++) {
		if ((freed & UINT64_C(1) << i) == 0)
			continue;
		fill(data, ++stamp);
		bp = getiobuf(devvp, true);
		bp->b_cflags = BC_BUSY;
		bp->b_data = data;
		bp->b_bufsize = bp->b_bcount = bp->b_resid = BSIZE;
		bp->b_blkno = blkno(i);
		mutex_enter(devvp->v_interlock);
		devvp->v_numoutput++;
		mutex_exit(devvp->v_interlock);
		VOP_STRATEGY(devvp, bp);
		if (biowait(bp) == 0 &&
		    VOP_IOCTL(devvp, DIOCCACHESYNC, &on, FWRITE, NOCRED) == 0)
			history[newest].block[i] = stamp;
		else
			/* who knows */
			history[newest].block[i] = 0;
		putiobuf(bp);
		inuse &= ~(UINT64_C(1) << i);
	}
	freed = 0;
}

/* A block is freed: its buffer goes, as that of a file that is removed. */
static int
free_block(struct wapbl *wl, u_int i)
{
	void *cookie;
	int error;

	error = wapbl_register_deallocation(wl, blkno(i), BSIZE, rng(4) == 0,
	    &cookie);
	if (error == EAGAIN)
		return 0;
	if (error != 0)
		FAIL;
	if (rng(8) == 0) {
		wapbl_unregister_deallocation(wl, cookie);
		return 0;
	}
	binvalbuf(devvp, blkno(i));
	inuse |= UINT64_C(1) << i;
	/* nobody looks at it until it is used again */
	history[newest].block[i] = 0;
	return 0;
}

static void
change_inode(struct wapbl *wl)
{
	const u_int i = rng(INODES);
	uint64_t *unlinked = &history[newest].inodes;

	*unlinked &= ~(UINT64_C(1) << i);
	if (rng(3) != 0) {
		wapbl_unregister_inode(wl, i + 2, S_IFREG);
		return;
	}
	*unlinked |= UINT64_C(1) << i;
	wapbl_register_inode(wl, i + 2, S_IFREG);
}

/* 0, a line, or -1: no more transactions, the disk fails. */
static int
transaction(void)
{
	struct wapbl *wl = mount.mnt_wapbl;
	u_int i, n = 1 + rng(6);

	if (WAPBL_BEGIN(&mount) != 0)
		return -1;
	wapbl_jlock_assert(wl);
	newest++;
	history[newest] = history[newest - 1];
	TRY(change(0, newest));
	while (n-- > 0) {
		i = 1 + rng(BLOCKS - 1);
		if ((inuse & UINT64_C(1) << i) != 0)
			continue;
		if (rng(5) == 0)
			TRY(free_block(wl, i));
		else
			TRY(change(i, ++stamp));
	}
	while (rng(3) == 0)
		change_inode(wl);
	WAPBL_END(&mount);
	return 0;
}

static void
flush(void)
{
	u_int upto = newest;

	wapbl_junlock_assert(mount.mnt_wapbl);
	if (wapbl_flush(mount.mnt_wapbl, rng(4) == 0) == 0) {
		durable = upto;
		use_freed();
	}
}

/* Until the power has gone, or the history is full. */
static int
work(void)
{
	int line;

	while (newest < HISTORY - 1) {
		line = transaction();
		if (line > 0)
			return line;
		if (line < 0 && wapbl_flush(mount.mnt_wapbl, 0) != 0)
			break;
		if (rng(4) == 0)
			flush();
		/* the disk has an order of its own */
		if (rng(4) == 0)
			(void)rump_faultdisk_newest();
	}
	return 0;
}

static int
compare(u_int t)
{
	uint64_t inodes = 0;
	buf_t *bp;
	int i;

	for (i = 1; i < BLOCKS; i++) {
		if (bread(devvp, blkno(i), BSIZE, 0, &bp) != 0)
			FAIL;
		if (history[t].block[i] != 0 &&
		    !holds(bp->b_data, history[t].block[i]))
			FAIL;
		brelse(bp, 0);
	}
	for (i = 0; i < replay->wr_inodescnt; i++)
		inodes |= UINT64_C(1) << (replay->wr_inodes[i].wr_inumber - 2);
	return inodes == history[t].inodes ? 0 : __LINE__;
}

/* What is on the disk is where the next round begins; t as of the model. */
static int
adopt(u_int t)
{
	buf_t *bp;
	int i;

	history[0].inodes = history[t].inodes;
	for (i = 0; i < BLOCKS; i++) {
		if (bread(devvp, blkno(i), BSIZE, 0, &bp) != 0)
			FAIL;
		memcpy(&history[0].block[i], bp->b_data, sizeof(uint32_t));
		/* of one that was being written, no two sectors may agree */
		if (!holds(bp->b_data, history[0].block[i]))
			history[0].block[i] = 0;
		brelse(bp, 0);
	}
	newest = durable = 0;
	freed = inuse = 0;
	return 0;
}

/* As WAPBL_REPLAY_READ sees block 0, so it must be afterwards. */
static int
replay_log(uint32_t *t)
{
	static char before[BSIZE];
	bool ours;
	buf_t *bp;

	if (wapbl_replay_start(&replay, devvp, LOG_AT, LOG_SECTORS,
	    DEV_BSIZE) != 0)
		FAIL;
	ours = wapbl_replay_can_read(replay, blkno(0), BSIZE) != 0;
	if (wapbl_replay_read(replay, before, blkno(0), BSIZE) != 0 ||
	    wapbl_replay_write(replay, devvp) != 0)
		FAIL;
	if (bread(devvp, blkno(0), BSIZE, 0, &bp) != 0)
		FAIL;
	memcpy(t, bp->b_data, sizeof(*t));
	if (memcmp(before, bp->b_data, BSIZE) != 0 || !holds(before, *t) ||
	    (!ours && *t != history[0].block[0] && *t > newest)) {
		brelse(bp, 0);
		FAIL;
	}
	brelse(bp, 0);
	wapbl_replay_stop(replay);
	return 0;
}

/* The journal ends with its disk, which comes back without it. */
static int
power_off(void)
{

	rump_faultdisk_lag(0);
	(void)wapbl_flush(mount.mnt_wapbl, 0);
	if (wapbl_stop(mount.mnt_wapbl, 1) != 0)
		FAIL;
	mount.mnt_wapbl = NULL;
	rump_faultdisk_powerup();
	vn_lock(devvp, LK_EXCLUSIVE | LK_RETRY);
	(void)vinvalbuf(devvp, 0, NOCRED, curlwp, false, 0);
	VOP_UNLOCK(devvp);
	return 0;
}

/* Work until the power goes; then see what is there. */
static int
one_cut(int faults, int round)
{
	uint32_t t;

	if (start() != 0)
		FAIL;
	if (replay != NULL)
		wapbl_replay_free(replay);
	replay = NULL;
	rump_faultdisk_cut(1 + rng(400), (uint64_t)round << 32 | rng(~0u));
	/* blocks come to their places late: the log is longer then */
	rump_faultdisk_lag(rng(3));
	if (faults)
		rump_faultdisk_fail(1, EIO, rng(200), 1 + rng(4));
	TRY(work());
	rump_faultdisk_fail(1, EIO, 0, 0);
	rump_faultdisk_cut(1, rng(~0u));
	TRY(power_off());
	TRY(replay_log(&t));
	/* no transaction of this round may have come that far */
	if (durable == 0 && t == history[0].block[0])
		t = 0;
	if (t < durable || t > newest)
		FAIL;
	TRY(compare(t));
	return adopt(t);
}

static int
random_cuts(u_int cuts, int faults)
{
	u_int i;

	memset(history, 0, sizeof(history[0]));
	newest = durable = 0;
	TRY(adopt(0));
	history[0].inodes = 0;
	for (i = 0; i < cuts; i++)
		TRY(one_cut(faults, i));
	if (replay != NULL)
		wapbl_replay_free(replay);
	replay = NULL;
	return 0;
}

int
rump_journal_random(const char *device, unsigned int seed, unsigned int cuts,
    int faults)
{
	int line;

	if (set_up(device) != 0)
		FAIL;
	rng_state = seed;
	line = random_cuts(cuts, faults);
	if (line != 0)
		return line;
	return tear_down() == 0 ? 0 : __LINE__;
}

/* A disk whose blocks are as they are, and what is done with it. */
static int
on_disk(const char *device, int (*what)(void))
{
	int line;

	if (set_up(device) != 0)
		FAIL;
	rng_state = 1;
	memset(history, 0, sizeof(history));
	line = adopt(0);
	if (line == 0)
		line = what();
	if (line != 0)
		return line;
	return tear_down() == 0 ? 0 : __LINE__;
}

/*
 * Some blocks are committed; one gets to its place, the others do not, so that the
 * log keeps all.  That one is freed, which is committed, and used past the journal.
 */
static int
reuse(u_int *used)
{
	struct wapbl *wl = mount.mnt_wapbl;
	void *cookie;
	u_int i;

	if (WAPBL_BEGIN(&mount) != 0)
		FAIL;
	newest = 1;
	for (i = 1; i <= 3; i++)
		TRY(change(i, 10 + i));
	WAPBL_END(&mount);
	rump_faultdisk_lag(hz * 3600);
	if (wapbl_flush(wl, 0) != 0)
		FAIL;
	*used = (u_int)((rump_faultdisk_newest() - FIRST) / btodb(BSIZE));
	if (*used < 1 || *used > 3)
		FAIL;
	if (WAPBL_BEGIN(&mount) != 0)
		FAIL;
	newest = 2;
	history[2] = history[1];
	if (wapbl_register_deallocation(wl, blkno(*used), BSIZE, false,
	    &cookie) != 0)
		FAIL;
	binvalbuf(devvp, blkno(*used));
	WAPBL_END(&mount);
	if (wapbl_flush(wl, 0) != 0 || freed != UINT64_C(1) << *used)
		FAIL;
	stamp = 20;
	use_freed();
	return history[2].block[*used] == 21 ? 0 : __LINE__;
}

/* A block that was freed and used again is not as the log had it. */
static int
revocation(void)
{
	u_int used;

	if (start() != 0)
		FAIL;
	TRY(reuse(&used));
	rump_faultdisk_cut(1, 1);
	TRY(power_off());
	if (wapbl_replay_start(&replay, devvp, LOG_AT, LOG_SECTORS,
	    DEV_BSIZE) != 0)
		FAIL;
	/* the others are in the log, and with them this one's old copy */
	if (wapbl_replay_can_read(replay, blkno(used == 1 ? 2 : 1), BSIZE) == 0)
		FAIL;
	if (wapbl_replay_write(replay, devvp) != 0)
		FAIL;
	wapbl_replay_stop(replay);
	TRY(compare(2));
	wapbl_replay_free(replay);
	replay = NULL;
	return 0;
}

int
rump_journal_revocation(const char *device)
{

	return on_disk(device, revocation);
}

static int
errors(void)
{
	struct wapbl *wl;
	void *cookie;
	int i;

	if (wapbl_start(&wl, &mount, devvp, LOG_AT, LOG_SECTORS, 100, NULL,
	    give_back, give_up) != EINVAL)
		FAIL;
	if (wapbl_replay_start(&replay, devvp, FIRST, LOG_SECTORS,
	    DEV_BSIZE) != EINVAL)
		FAIL;
	if (start() != 0)
		FAIL;
	wl = mount.mnt_wapbl;
	if (WAPBL_BEGIN(&mount) != 0)
		FAIL;
	/* a limit, unless forced */
	for (i = 0; i < LOG_SECTORS; i++)
		if (wapbl_register_deallocation(wl, blkno(i % BLOCKS), BSIZE,
		    false, &cookie) != 0)
			break;
	if (i == 0 || i == LOG_SECTORS || wapbl_register_deallocation(wl,
	    blkno(0), BSIZE, true, &cookie) != 0)
		FAIL;
	wapbl_register_inode(wl, 5, S_IFREG);
	wapbl_register_inode(wl, 5, S_IFREG);
	newest = 1;
	TRY(change(1, 77));
	WAPBL_END(&mount);
	/* inodes in no directory: not yet */
	if (wapbl_stop(wl, 0) != EBUSY)
		FAIL;
	if (WAPBL_BEGIN(&mount) != 0)
		FAIL;
	wapbl_unregister_inode(wl, 5, S_IFREG);
	wapbl_unregister_inode(wl, 5, S_IFREG);
	TRY(change(1, 78));
	WAPBL_END(&mount);
	/* the second change goes, the first is there */
	WAPBL_DISCARD(&mount);
	history[1].block[1] = 77;
	if (WAPBL_BEGIN(&mount) != 0)
		FAIL;
	TRY(change(1, 77));
	WAPBL_END(&mount);
	if (wapbl_stop(wl, 0) != 0)
		FAIL;
	mount.mnt_wapbl = NULL;
	return 0;
}

int
rump_journal_errors(const char *device)
{

	return on_disk(device, errors);
}

/* A log with something in it, which is left as after a crash. */
static int
leave_log(void)
{
	int i;

	if (start() != 0)
		FAIL;
	for (i = 0; i < 12; i++)
		TRY(transaction());
	if (wapbl_flush(mount.mnt_wapbl, 0) != 0)
		FAIL;
	wapbl_discard(mount.mnt_wapbl);
	/* nothing is given up any more: the newest header counts */
	rump_faultdisk_cut(1, 1);
	(void)wapbl_stop(mount.mnt_wapbl, 1);
	mount.mnt_wapbl = NULL;
	rump_faultdisk_powerup();
	return 0;
}

/* Numbers that a head of a record has, at an edge or any. */
static void
scribble(void)
{
	static const uint64_t edges[] = {
		0, 1, UINT64_MAX, INT64_MAX, 0x7fffffff, 0x80000000, 0x10000,
		DEV_BSIZE, BSIZE, INT64_MAX / DEV_BSIZE,
	};
	uint64_t value = rng(4) ? edges[rng(__arraycount(edges))] : rng(~0u);
	u_int sector = LOG_AT + rng(rng(2) ? 3 : 64);

	rump_faultdisk_poke(dbtob(sector) + 4 * rng(rng(2) ? 24 : 126), &value,
	    rng(2) ? sizeof(uint32_t) : sizeof(value));
}

/* Whatever a log says, it is replayed or refused. */
static int
damage(u_int rounds)
{
	static char saved[DEV_BSIZE * 80], data[BSIZE];
	struct wapbl_replay *wr;
	u_int i, replayed = 0, refused = 0;
	buf_t *bp;
	int error;

	for (i = 0; i < 80; i++) {
		if (bread(devvp, LOG_AT + i, DEV_BSIZE, 0, &bp) != 0)
			FAIL;
		memcpy(saved + i * DEV_BSIZE, bp->b_data, DEV_BSIZE);
		brelse(bp, BC_INVAL);
	}
	for (i = 0; i < rounds; i++) {
		rump_faultdisk_poke(dbtob(LOG_AT), saved, sizeof(saved));
		do
			scribble();
		while (rng(3) != 0);
		error = wapbl_replay_start(&wr, devvp, LOG_AT, LOG_SECTORS, DEV_BSIZE);
		if (error == EINVAL) {
			refused++;
			continue;
		}
		if (error != 0)
			FAIL;
		replayed++;
		(void)wapbl_replay_can_read(wr, blkno(0), BSIZE);
		(void)wapbl_replay_read(wr, data, blkno(0), BSIZE);
		/* wherever it says, or an error of the device */
		if (rng(4) == 0)
			(void)wapbl_replay_write(wr, devvp);
		wapbl_replay_stop(wr);
		wapbl_replay_free(wr);
	}
	return replayed != 0 && refused != 0 ? 0 : __LINE__;
}

int
rump_journal_damage(const char *device, unsigned int seed, unsigned int rounds)
{
	int line;

	if (set_up(device) != 0)
		FAIL;
	rng_state = seed;
	memset(history, 0, sizeof(history));
	line = adopt(0);
	if (line == 0)
		line = leave_log();
	if (line == 0)
		line = damage(rounds);
	if (line != 0)
		return line;
	return tear_down() == 0 ? 0 : __LINE__;
}
