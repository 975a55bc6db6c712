/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * rumpblk: a block and a character device over a file of the host.
 *
 * A unit is made by etfs.  Opening it opens the host's file, for reading, or if
 * the device is opened for writing then for that, which locks the file against
 * other processes; the last close closes it.  A file that the host does not let us
 * write is a device that is read-only: opening it for writing is EROFS.
 * Transfers are the host's: asynchronous, ending in any order; reads as many at
 * once as there are, writes put together where they follow one another
 * (writer.h).  A write is done when the host has it; DIOCCACHESYNC, or B_MEDIA_FUA
 * on a buffer, make it last.  A transfer that the host cuts short within the
 * disk's size (an image that was truncated) is EIO.
 *
 * A disk label is made up: one partition, the disk, under the letters a and d.
 *
 * Parameters, for tests: RUMP_BLKFAIL, n of 10,000 transfers fail, drawn from
 * RUMP_BLKFAIL_SEED; RUMP_BLKSECTSHIFT, the sector size.
 *
 * Locks: blk_lock for the table of units and for opening and closing.  What
 * strategy reads of a unit does not change while it is open.  At halt files are
 * closed under transfers: one that was counted (un_inflight) before is waited for, a
 * later one finds no descriptor.
 */
#include <sys/param.h>
#include <sys/systm.h>
#include <sys/atomic.h>
#include <sys/buf.h>
#include <sys/conf.h>
#include <sys/disk.h>
#include <sys/disklabel.h>
#include <sys/errno.h>
#include <sys/fcntl.h>
#include <sys/kmem.h>
#include <sys/mutex.h>
#include <sys/proc.h>
#include <sys/stat.h>

#include <rump/rumpuser.h>
#include <rump-private/mountdev.h>

#include "etfs/etfs.h"
#include "etfs/hostfile.h"
#include "etfs/rumpblk.h"
#include "etfs/writer.h"

#define UNITS_MOST	(1 << 16)	/* what minor numbers have room for */
#define UNITS_STEP	256		/* units that the table grows by */
#define FAIL_SCALE	10000
#define SECTSHIFT_MOST	16

struct unit {
	char		*un_path;
	uint64_t	un_begin;	/* bytes */
	uint64_t	un_asked;	/* size as asked for; ETFS_NOLIMIT */
	enum vtype	un_type;

	/* blk_lock; constant while it is open */
	u_int		un_opens[2];	/* block, character */
	int		un_readfd;	/* of hostfile; -1 */
	int		un_writefd;
	struct writer	*un_writer;	/* of un_writefd */
	uint64_t	un_size;	/* bytes, whole sectors */

	volatile u_int	un_inflight;	/* atomic: transfers of the host's */
};

static kmutex_t blk_lock;
static struct unit **units[UNITS_MOST / UNITS_STEP];
static devmajor_t blk_bmajor = NODEVMAJOR, blk_cmajor = NODEVMAJOR;
static bool attached;
static bool halted;			/* blk_lock: nothing is opened any more */

static u_int sectshift = DEV_BSHIFT;
static u_int fail_rate;			/* of FAIL_SCALE */
static uint64_t fail_state;		/* blk_lock */

/* ------------------------------------------------------------------ units */

static struct unit **
slot_of(u_int n)
{

	if (n >= UNITS_MOST || units[n / UNITS_STEP] == NULL)
		return NULL;
	return &units[n / UNITS_STEP][n % UNITS_STEP];
}

static struct unit *
unit_of(dev_t dev)
{
	struct unit **slot = slot_of(DISKUNIT(dev));

	return slot != NULL ? *slot : NULL;
}

static bool
is_open(const struct unit *un)
{

	return un->un_opens[0] + un->un_opens[1] != 0;
}

/* What transfers use.  A file that is open for writing is read that way too. */
static int
host_fd(const struct unit *un, bool write)
{
	int fd = atomic_load_acquire(&un->un_writefd);

	return fd != -1 || write ? fd : un->un_readfd;
}

/* Bytes that the host has now from where the window begins. */
static int
host_has(const struct unit *un, uint64_t *bytes)
{
	uint64_t hostsize;
	int error, type;

	error = rumpuser_getfileinfo(un->un_path, &hostsize, &type);
	if (error != 0)
		return error;
	if (type == RUMPUSER_FT_DIR)
		return EISDIR;
	if (type == RUMPUSER_FT_CHR)
		hostsize = INT64_MAX;
	if (un->un_begin > hostsize)
		return EINVAL;
	*bytes = hostsize - un->un_begin;
	return 0;
}

/* Size of the disk now: whole sectors. */
static int
measure(const struct unit *un, uint64_t *size)
{
	int error;

	if ((error = host_has(un, size)) != 0)
		return error;
	if (un->un_asked != ETFS_NOLIMIT)
		*size = un->un_asked;
	*size &= ~(((uint64_t)1 << sectshift) - 1);
	return 0;
}

/* May this be a unit: is its window within the host's file? */
static int
window_check(const struct unit *un)
{
	uint64_t bytes;
	int error;

	if ((error = host_has(un, &bytes)) != 0)
		return error;
	return un->un_asked == ETFS_NOLIMIT || un->un_asked <= bytes ? 0 : EINVAL;
}

static uint64_t
parameter(const char *name, uint64_t otherwise)
{
	char buf[32];

	if (rumpuser_getparam(name, buf, sizeof(buf)) != 0)
		return otherwise;
	return strtoull(buf, NULL, 0);
}

static void buf_done(struct buf *, size_t, int);
static int disk_open(dev_t, int, int, struct lwp *);
static int disk_close(dev_t, int, int, struct lwp *);
static void disk_strategy(struct buf *);
static int disk_control(dev_t, u_long, void *, int, struct lwp *);
static int disk_psize(dev_t);
static int disk_read(dev_t, struct uio *, int);
static int disk_write(dev_t, struct uio *, int);

static const struct bdevsw blk_bdevsw = {
	.d_open = disk_open,
	.d_close = disk_close,
	.d_strategy = disk_strategy,
	.d_ioctl = disk_control,
	.d_dump = nodump,
	.d_psize = disk_psize,
	.d_discard = nodiscard,
	.d_flag = D_DISK | D_MPSAFE,
};

static const struct cdevsw blk_cdevsw = {
	.d_open = disk_open,
	.d_close = disk_close,
	.d_read = disk_read,
	.d_write = disk_write,
	.d_ioctl = disk_control,
	.d_stop = nostop,
	.d_tty = notty,
	.d_poll = nopoll,
	.d_mmap = nommap,
	.d_kqfilter = nokqfilter,
	.d_discard = nodiscard,
	.d_flag = D_DISK | D_MPSAFE,
};

/* Nothing but a lock: the driver attaches when the first disk is made. */
void
rumpblk_init(void)
{

	mutex_init(&blk_lock, MUTEX_DEFAULT, IPL_NONE);
	hostfile_init();
}

static int
attach(void)
{
	uint64_t shift;
	int error;

	if (attached)
		return 0;
	error = devsw_attach("rumpblk", &blk_bdevsw, &blk_bmajor, &blk_cdevsw,
	    &blk_cmajor);
	if (error != 0)
		return error;
	shift = parameter("RUMP_BLKSECTSHIFT", DEV_BSHIFT);
	if (shift >= DEV_BSHIFT && shift <= SECTSHIFT_MOST)
		sectshift = (u_int)shift;
	else
		printf("rumpblk: RUMP_BLKSECTSHIFT %llu is not within %d..%d\n",
		    (unsigned long long)shift, DEV_BSHIFT, SECTSHIFT_MOST);
	fail_rate = (u_int)MIN(parameter("RUMP_BLKFAIL", 0), FAIL_SCALE);
	if (fail_rate != 0) {
		fail_state = parameter("RUMP_BLKFAIL_SEED", 0);
		printf("rumpblk: %u of %d transfers will fail, seed %llu\n",
		    fail_rate, FAIL_SCALE, (unsigned long long)fail_state);
	}
	attached = true;
	return 0;
}

/* A free number; its slot exists then.  UNITS_MOST: there is none. */
static u_int
free_number(void)
{
	struct unit **slot;
	u_int n;

	for (n = 0; n < UNITS_MOST; n++) {
		slot = slot_of(n);
		if (slot == NULL)
			units[n / UNITS_STEP] = kmem_zalloc(UNITS_STEP *
			    sizeof(struct unit *), KM_SLEEP);
		if (slot == NULL || *slot == NULL)
			break;
	}
	return n;
}

static void
unit_free(struct unit *un)
{

	kmem_strfree(un->un_path);
	kmem_free(un, sizeof(*un));
}

int
rumpblk_create(const char *hostpath, uint64_t begin, uint64_t size,
    enum vtype type, dev_t *dev)
{
	struct unit *un;
	int error;
	u_int n;

	un = kmem_zalloc(sizeof(*un), KM_SLEEP);
	un->un_path = kmem_strdup(hostpath, KM_SLEEP);
	un->un_begin = begin;
	un->un_asked = size;
	un->un_type = type;
	un->un_readfd = un->un_writefd = -1;
	mutex_enter(&blk_lock);
	error = attach();
	if (error == 0)
		error = window_check(un);
	if (error == 0 && (n = free_number()) == UNITS_MOST)
		error = ENXIO;
	if (error == 0) {
		*slot_of(n) = un;
		*dev = MAKEDISKDEV(type == VBLK ? blk_bmajor : blk_cmajor,
		    n, RAW_PART);
	}
	mutex_exit(&blk_lock);
	if (error != 0)
		unit_free(un);
	return error;
}

int
rumpblk_destroy(dev_t dev)
{
	struct unit *un;
	int error = 0;

	mutex_enter(&blk_lock);
	un = unit_of(dev);
	KASSERT(un != NULL);
	if (is_open(un))
		error = EBUSY;
	else
		*slot_of(DISKUNIT(dev)) = NULL;
	mutex_exit(&blk_lock);
	if (error == 0)
		unit_free(un);
	return error;
}

/* ------------------------------------------------------- opening, closing */

/* Open the host's file, unless it is.  blk_lock held. */
static int
open_host(struct unit *un, bool write)
{
	int error = 0, fd;

	if (halted)
		return ENXIO;
	if (host_fd(un, write) != -1)
		return 0;
	if (!is_open(un))
		error = measure(un, &un->un_size);
	if (error == 0)
		error = hostfile_open(un->un_path, write, &fd);
	if (error != 0)
		return error;
	if (write) {
		un->un_writer = writer_create(fd, un->un_begin, buf_done);
		atomic_store_release(&un->un_writefd, fd);
	} else {
		un->un_readfd = fd;
	}
	return 0;
}

/* What began with the descriptors that there were ends. */
static void
await_transfers(struct unit *un)
{

	membar_sync();
	while (atomic_load_relaxed(&un->un_inflight) != 0)
		kpause("blkclose", false, 1, NULL);
}

/*
 * Let go of the host's file: nothing begins any more, what is under way ends.
 * The first error counts.
 */
static int
close_host(struct unit *un)
{
	int fds[2] = { un->un_writefd, un->un_readfd }, error = 0, error1, i;

	atomic_store_relaxed(&un->un_readfd, -1);
	atomic_store_relaxed(&un->un_writefd, -1);
	await_transfers(un);
	if (un->un_writer != NULL)
		writer_destroy(un->un_writer);
	un->un_writer = NULL;
	for (i = 0; i < 2; i++) {
		if (fds[i] == -1)
			continue;
		error1 = hostfile_close(fds[i]);
		if (error == 0)
			error = error1;
	}
	return error;
}

static int
disk_open(dev_t dev, int flags, int fmt, struct lwp *l)
{
	struct unit *un;
	int error;

	mutex_enter(&blk_lock);
	un = unit_of(dev);
	error = un == NULL ? ENXIO : open_host(un, (flags & FWRITE) != 0);
	/* a driver hears of the last close only */
	if (error == 0)
		un->un_opens[fmt == S_IFBLK ? 0 : 1] = 1;
	mutex_exit(&blk_lock);
	return error;
}

static int
disk_close(dev_t dev, int flags, int fmt, struct lwp *l)
{
	struct unit *un;
	int error = 0;

	mutex_enter(&blk_lock);
	un = unit_of(dev);
	un->un_opens[fmt == S_IFBLK ? 0 : 1] = 0;
	if (!is_open(un))
		error = close_host(un);
	mutex_exit(&blk_lock);
	return error;
}

/*
 * A write to a disk that was opened for reading: a file system that was mounted
 * read-only writes, because it is no longer or to repair itself.
 */
static int
open_to_write(struct unit *un)
{
	int error;

	mutex_enter(&blk_lock);
	error = open_host(un, true);
	mutex_exit(&blk_lock);
	return error;
}

/*
 * Who has the block device open writes no more (DIOCNOWRITE): the host need not keep
 * the file for us.  It is not let go of in between, for it may have no name any more.
 *
 * Returns 0, EBUSY (the character device is open, perhaps for writing), or the host's
 * error: all is as it was.
 */
static int
close_to_write(struct unit *un)
{
	int error = 0, readfd = -1, fd;

	mutex_enter(&blk_lock);
	fd = un->un_writefd;
	if (un->un_opens[1] != 0)
		error = EBUSY;
	else if (fd != -1 && un->un_readfd == -1)
		error = hostfile_open(un->un_path, false, &readfd);
	if (error == 0 && fd != -1) {
		if (readfd != -1)
			atomic_store_release(&un->un_readfd, readfd);
		atomic_store_release(&un->un_writefd, -1);
		await_transfers(un);
		writer_destroy(un->un_writer);
		un->un_writer = NULL;
		(void)hostfile_close(fd);
	}
	mutex_exit(&blk_lock);
	return error;
}

void
rumpblk_shutdown(void)
{
	u_int i, j;

	mutex_enter(&blk_lock);
	halted = true;
	for (i = 0; i < __arraycount(units); i++)
		for (j = 0; units[i] != NULL && j < UNITS_STEP; j++)
			if (units[i][j] != NULL)
				(void)close_host(units[i][j]);
	mutex_exit(&blk_lock);
}

/* -------------------------------------------------------------- transfers */

/* Is this one of the transfers that a test wants to fail? */
static bool
chosen_to_fail(void)
{
	uint64_t x;

	if (fail_rate == 0)
		return false;
	/* splitmix64 (Steele, Lea, Flood 2014) */
	mutex_enter(&blk_lock);
	x = fail_state += UINT64_C(0x9e3779b97f4a7c15);
	mutex_exit(&blk_lock);
	x = (x ^ (x >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
	x = (x ^ (x >> 27)) * UINT64_C(0x94d049bb133111eb);
	x ^= x >> 31;
	return x % FAIL_SCALE < fail_rate;
}

/* Is this a transfer of whole sectors? */
static bool
is_aligned(const struct buf *bp, off_t off)
{

	return ((off | bp->b_bcount) & ((1 << sectshift) - 1)) == 0;
}

static void
finish(struct buf *bp, int moved, int error)
{

	bp->b_error = error;
	bp->b_resid = bp->b_bcount - moved;
	biodone(bp);
}

/* How many of a buffer's bytes are within the disk, given where it begins. */
static int
within(const struct unit *un, const struct buf *bp, off_t off)
{

	return (int)MIN((uint64_t)bp->b_bcount, un->un_size - off);
}

/* A buffer's transfer is over. */
static void
buf_done(struct buf *bp, size_t bytes, int error)
{

	/* first: once it is finished, nothing keeps the unit */
	atomic_dec_uint(&unit_of(bp->b_dev)->un_inflight);
	finish(bp, (int)bytes, error);
}

/* The host is done with a buffer that went there by itself. */
static void
host_done(void *arg, size_t bytes, int error)
{
	struct buf *bp = arg;
	struct unit *un = unit_of(bp->b_dev);

	if (error == 0 &&
	    bytes < (size_t)within(un, bp, dbtob(bp->b_rawblkno)))
		error = EIO;
	buf_done(bp, bytes, error);
}

/*
 * What is wrong with a transfer; 0: nothing.  -1: it has nothing to do, being
 * at the end.
 */
static int
check(const struct unit *un, const struct buf *bp, off_t off)
{
	uint64_t size;

	if (un == NULL || host_fd(un, false) == -1)
		return ENXIO;
	size = un->un_size;
	if (bp->b_blkno < 0 || bp->b_blkno > btodb((off_t)INT64_MAX) ||
	    !is_aligned(bp, off))
		return EINVAL;
	if (bp->b_bcount == 0)
		return -1;
	/* only who sees b_resid may write a part */
	if (BUF_ISWRITE(bp) && (uint64_t)off + ((bp->b_flags & B_PHYS) != 0 ?
	    0 : bp->b_bcount - 1) >= size)
		return ENOSPC;
	if ((uint64_t)off < size)
		return 0;
	return (uint64_t)off == size ? -1 : EINVAL;
}

/* May a write wait for others, to go to the host together with them? */
static bool
may_wait(const struct unit *un, const struct buf *bp, off_t off)
{

	return BUF_ISWRITE(bp) && (bp->b_flags & B_MEDIA_FUA) == 0 &&
	    within(un, bp, off) == bp->b_bcount;
}

/*
 * Does somebody wait for this and nothing else?  Then the thread that is here had
 * better read itself than have others do it and wake it.
 */
static bool
waited_for(const struct buf *bp)
{

	return BUF_ISREAD(bp) && BIO_GETPRIO(bp) == BPRIO_TIMECRITICAL;
}

/* Read n bytes, here and now. */
static void
read_now(struct unit *un, struct buf *bp, off_t off, size_t n)
{
	struct rumpuser_iovec iov;
	size_t done = 0, moved;
	int error;

	do {
		iov.iov_base = (char *)bp->b_data + done;
		iov.iov_len = n - done;
		error = rumpuser_iovread(host_fd(un, false), &iov, 1,
		    (int64_t)(un->un_begin + off + done), &moved);
		done += error == 0 ? moved : 0;
	} while (error == 0 && moved != 0 && done < n);
	host_done(bp, done, error);
}

/* Give a transfer to the host by itself. */
static void
start_alone(struct unit *un, struct buf *bp, off_t off)
{
	struct rumpuser_iovec iov;
	int error, n, op;

	n = within(un, bp, off);
	iov.iov_base = bp->b_data;
	iov.iov_len = n;
	/* what is past the end of the disk is nobody's memory */
	if (n < bp->b_bcount && BUF_ISREAD(bp) && (bp->b_flags & B_PHYS) == 0)
		memset((char *)bp->b_data + n, 0, bp->b_bcount - n);
	if (waited_for(bp)) {
		read_now(un, bp, off, n);
		return;
	}
	op = BUF_ISREAD(bp) ? RUMPUSER_BIO_READ : RUMPUSER_BIO_WRITE;
	if (op == RUMPUSER_BIO_WRITE && (bp->b_flags & B_MEDIA_FUA) != 0)
		op |= RUMPUSER_BIO_SYNC;
	/* as after an error, biodone may be called before this returns */
	op |= RUMPUSER_BIO_INLINE;
	error = rumpuser2_biov(host_fd(un, BUF_ISWRITE(bp)), op, &iov, 1,
	    (int64_t)(un->un_begin + off), host_done, bp);
	if (error != 0)
		buf_done(bp, 0, error);
}

/*
 * Count a transfer; the file stays open then, and no lock is taken until it is
 * uncounted.  false: it was closed.
 */
static bool
enter_host(struct unit *un, bool write)
{

	atomic_inc_uint(&un->un_inflight);
	/* close_host sees the count, or we see its descriptors */
	membar_sync();
	if (host_fd(un, write) != -1)
		return true;
	atomic_dec_uint(&un->un_inflight);
	return false;
}

static void
disk_strategy(struct buf *bp)
{
	struct unit *un = unit_of(bp->b_dev);
	off_t off = dbtob(bp->b_blkno);
	int error;

	error = check(un, bp, off);
	if (error == 0 && BUF_ISWRITE(bp) && host_fd(un, true) == -1)
		error = open_to_write(un);
	if (error == 0 && chosen_to_fail())
		error = EIO;
	if (error == 0 && !enter_host(un, BUF_ISWRITE(bp)))
		error = ENXIO;
	if (error != 0) {
		finish(bp, 0, error == -1 ? 0 : error);
		return;
	}
	bp->b_rawblkno = bp->b_blkno;
	if (!may_wait(un, bp, off)) {
		start_alone(un, bp, off);
		return;
	}
	/* one for the buffer, one for us: the writer stays while we are in it */
	atomic_inc_uint(&un->un_inflight);
	writer_start(un->un_writer, bp);
	atomic_dec_uint(&un->un_inflight);
}

static int
disk_read(dev_t dev, struct uio *uio, int flags)
{

	return physio(disk_strategy, NULL, dev, B_READ, minphys, uio);
}

static int
disk_write(dev_t dev, struct uio *uio, int flags)
{

	return physio(disk_strategy, NULL, dev, B_WRITE, minphys, uio);
}

/* ----------------------------------------------------------------- ioctls */

/* The label of a disk that has none. */
static void
make_label(const struct unit *un, struct disklabel *lp)
{
	uint32_t sectors = (uint32_t)MIN(un->un_size >> sectshift, UINT32_MAX);
	struct partition *pp;

	memset(lp, 0, sizeof(*lp));
	strlcpy(lp->d_typename, "rumpblk", sizeof(lp->d_typename));
	strlcpy(lp->d_packname, "fictitious", sizeof(lp->d_packname));
	lp->d_type = DKTYPE_RUMPD;
	lp->d_secsize = 1u << sectshift;
	lp->d_nsectors = sectors;
	lp->d_ntracks = lp->d_ncylinders = 1;
	lp->d_secpercyl = lp->d_secperunit = sectors;
	lp->d_rpm = 1;
	lp->d_interleave = 1;
	lp->d_npartitions = RAW_PART + 1;
	pp = &lp->d_partitions[RAW_PART];
	pp->p_size = sectors;
	pp->p_fstype = FS_UNUSED;
	lp->d_partitions[0] = *pp;
	lp->d_partitions[0].p_fstype = FS_BSDFFS;
	lp->d_magic = lp->d_magic2 = DISKMAGIC;
	lp->d_checksum = dkcksum(lp);
}

static void
make_partinfo(const struct unit *un, struct partinfo *pi)
{

	memset(pi, 0, sizeof(*pi));
	pi->pi_size = un->un_size >> sectshift;
	pi->pi_secsize = 1u << sectshift;
	pi->pi_bsize = MAX(BLKDEV_IOSIZE, pi->pi_secsize);
	pi->pi_fstype = FS_BSDFFS;
}

static int
disk_control(dev_t dev, u_long cmd, void *data, int flag, struct lwp *l)
{
	struct unit *un = unit_of(dev);

	if (un == NULL)
		return ENXIO;
	switch (cmd) {
	case DIOCGDINFO:
	case DIOCGDEFLABEL:
		make_label(un, data);
		return 0;
	case DIOCGPARTINFO:
		make_partinfo(un, data);
		return 0;
	case DIOCGMEDIASIZE:
		*(off_t *)data = un->un_size;
		return 0;
	case DIOCGSECTORSIZE:
		*(u_int *)data = 1u << sectshift;
		return 0;
	case DIOCGCACHE:
		*(int *)data = DKCACHE_READ | DKCACHE_WRITE | DKCACHE_FUA;
		return 0;
	case DIOCCACHESYNC:
		if (host_fd(un, true) == -1)
			return 0;
		return rumpuser_syncfd(host_fd(un, true), RUMPUSER_SYNCFD_WRITE |
		    RUMPUSER_SYNCFD_BARRIER | RUMPUSER_SYNCFD_SYNC, 0, 0);
	case DIOCNOWRITE:
		return (flag & FKIOCTL) == 0 ? ENOTTY : close_to_write(un);
	default:
		return EPASSTHROUGH;
	}
}

/* Size in blocks of DEV_BSIZE; -1: there is no such disk. */
static int
disk_psize(dev_t dev)
{
	struct unit *un = unit_of(dev);

	if (un == NULL)
		return -1;
	return (int)MIN(un->un_size >> DEV_BSHIFT, INT_MAX);
}
