/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The buffer cache against a model, from inside the kernel.
 *
 * A device of small blocks; the model knows what each block holds, as far as the
 * cache should, and what the device should hold at least after a flush.
 */
#include <sys/param.h>
#include <sys/systm.h>
#include <sys/buf.h>
#include <sys/errno.h>
#include <sys/fcntl.h>
#include <sys/kauth.h>
#include <sys/kmem.h>
#include <sys/namei.h>
#include <sys/vnode.h>

#include "blockfs.h"

#define BSIZE	2048
#define NBLOCKS	512

static uint32_t model[NBLOCKS];		/* what each word of a block is */
static uint32_t ondisk[NBLOCKS];	/* since the last forgetting */
static uint64_t rng_state;

static uint32_t
rng(uint32_t n)
{

	rng_state = rng_state * UINT64_C(6364136223846793005) + 1442695040888963407;
	return (uint32_t)(rng_state >> 33) % n;
}

static daddr_t
blkno(int i)
{

	return (daddr_t)i * (BSIZE / DEV_BSIZE);
}

static void
fill(buf_t *bp, uint32_t value)
{
	uint32_t *p = bp->b_data;
	int i;

	for (i = 0; i < BSIZE / 4; i++)
		p[i] = value;
}

static bool
holds(const buf_t *bp, uint32_t value)
{
	const uint32_t *p = bp->b_data;
	int i;

	for (i = 0; i < BSIZE / 4; i++)
		if (p[i] != value)
			return false;
	return true;
}

/* Open a device by its path; vn_close undoes it. */
static int
open_device(const char *device, struct vnode **vpp)
{
	struct pathbuf *pb = pathbuf_create(device);
	int error;

	error = vn_bdev_openpath(pb, vpp, curlwp);
	pathbuf_destroy(pb);
	return error;
}

static int
write_block(struct vnode *vp, int i)
{
	uint32_t value = rng(UINT32_MAX) | 1;
	buf_t *bp;
	int error = 0;

	if (rng(2) == 0) {
		bp = getblk(vp, blkno(i), BSIZE, 0, 0);
		if (bp == NULL)
			return __LINE__;
	} else if (bread(vp, blkno(i), BSIZE, B_MODIFY, &bp) != 0) {
		return __LINE__;
	} else if (!holds(bp, model[i])) {
		brelse(bp, 0);
		return __LINE__;
	}
	fill(bp, value);
	model[i] = value;
	switch (rng(3)) {
	case 0:
		error = bwrite(bp);
		ondisk[i] = value;
		break;
	case 1:
		bawrite(bp);
		ondisk[i] = value;
		break;
	default:
		bdwrite(bp);
		break;
	}
	return error != 0 ? __LINE__ : 0;
}

/* Begin with what is there. */
static int
begin_block(struct vnode *vp, int i)
{
	buf_t *bp;

	if (bread(vp, blkno(i), BSIZE, 0, &bp) != 0)
		return __LINE__;
	model[i] = ondisk[i] = *(uint32_t *)bp->b_data;
	brelse(bp, 0);
	return write_block(vp, i);
}

static int
read_block(struct vnode *vp, int i)
{
	daddr_t ra[4];
	int sizes[4], n, j, error;
	buf_t *bp;

	n = rng(5);
	for (j = 0; j < n; j++) {
		ra[j] = blkno(rng(NBLOCKS));
		sizes[j] = BSIZE;
	}
	error = n == 0 ? bread(vp, blkno(i), BSIZE, 0, &bp) :
	    breadn(vp, blkno(i), BSIZE, ra, sizes, n, 0, &bp);
	if (error != 0)
		return __LINE__;
	if (!holds(bp, model[i])) {
		printf("block %d: %x, not %x (on disk: %x)\n", i,
		    *(uint32_t *)bp->b_data, model[i], ondisk[i]);
		brelse(bp, 0);
		return __LINE__;
	}
	brelse(bp, rng(4) == 0 ? BC_AGE : 0);
	return 0;
}

/* Throw away what is cached of a block: what is on disk counts again. */
static int
forget_block(struct vnode *vp, int i)
{

	if (model[i] != ondisk[i])
		return 0;	/* it may have been written by now, or not */
	binvalbuf(vp, blkno(i));
	return 0;
}

static int
flush(struct vnode *vp, bool forget)
{
	int error;

	vn_lock(vp, LK_EXCLUSIVE | LK_RETRY);
	error = forget ? vinvalbuf(vp, V_SAVE, NOCRED, curlwp, false, 0) :
	    VOP_FSYNC(vp, NOCRED, FSYNC_WAIT, 0, 0);
	VOP_UNLOCK(vp);
	if (error != 0)
		return __LINE__;
	if (!LIST_EMPTY(&vp->v_dirtyblkhd) || vp->v_numoutput != 0)
		return __LINE__;
	if (forget && !LIST_EMPTY(&vp->v_cleanblkhd))
		return __LINE__;
	memcpy(ondisk, model, sizeof(model));
	return 0;
}

/* A buffer that grows and shrinks keeps what is in it. */
static int
resize(void)
{
	buf_t *bp = geteblk(1024);
	int line = 0;

	memset(bp->b_data, 0x5a, 1024);
	if (allocbuf(bp, 8192, 1) != 0 || bp->b_bcount != 8192)
		line = __LINE__;
	else if (((char *)bp->b_data)[1023] != 0x5a)
		line = __LINE__;
	else if (allocbuf(bp, 512, 1) != 0 ||
	    ((char *)bp->b_data)[511] != 0x5a)
		line = __LINE__;
	brelse(bp, 0);
	return line;
}

static int
random_op(struct vnode *vp)
{
	int i = rng(NBLOCKS);

	switch (rng(64)) {
	case 0:
		return flush(vp, false);
	case 1:
		return flush(vp, true);
	case 2:
		(void)buf_drain(rng(32));
		return 0;
	case 3:
		return resize();
	case 4 ... 7:
		return forget_block(vp, i);
	case 8 ... 31:
		return write_block(vp, i);
	default:
		return read_block(vp, i);
	}
}

int
rump_bufcache_random(const char *device, unsigned int seed, unsigned int ops)
{
	u_long limit = bufmem_hiwater;
	struct vnode *vp;
	int i, line = 0;

	if (open_device(device, &vp) != 0)
		return __LINE__;
	rng_state = seed;
	/* less memory than blocks, so that buffers change owners */
	if (buf_setvalimit(1024 * 1024) != 0)
		return __LINE__;
	for (i = 0; i < NBLOCKS && line == 0; i++)
		line = begin_block(vp, i);
	for (; ops > 0 && line == 0; ops--)
		line = random_op(vp);
	if (line == 0)
		line = flush(vp, true);
	for (i = 0; i < NBLOCKS && line == 0; i++)
		line = read_block(vp, i);
	if (line == 0 && bufmem > 2 * bufmem_hiwater)
		line = __LINE__;
	(void)buf_setvalimit(limit);
	if (vn_close(vp, FREAD | FWRITE, kauth_cred_get()) != 0 && line == 0)
		line = __LINE__;
	return line;
}

/*
 * On a device where every transfer fails: reads and waiting writes say so, a
 * delayed write is reported by the next flush, once, and nothing hangs.
 */
int
rump_bufcache_errors(const char *device)
{
	struct vnode *vp;
	buf_t *bp;
	int error;

	if (open_device(device, &vp) != 0)
		return __LINE__;
	if (bread(vp, 0, BSIZE, 0, &bp) != EIO || bp != NULL)
		return __LINE__;
	bp = getblk(vp, 0, BSIZE, 0, 0);
	fill(bp, 1);
	if (bwrite(bp) != EIO)
		return __LINE__;
	bp = getblk(vp, 0, BSIZE, 0, 0);
	fill(bp, 2);
	bdwrite(bp);
	vn_lock(vp, LK_EXCLUSIVE | LK_RETRY);
	error = VOP_FSYNC(vp, NOCRED, FSYNC_WAIT, 0, 0);
	if (error == EIO)
		error = VOP_FSYNC(vp, NOCRED, FSYNC_WAIT, 0, 0) == 0 ?
		    EIO : -1;
	VOP_UNLOCK(vp);
	if (error != EIO)
		return __LINE__;
	bp = getblk(vp, 0, BSIZE, 0, 0);
	fill(bp, 3);
	bdwrite(bp);
	/* the close is the last who can be told */
	if (vn_close(vp, FREAD | FWRITE, kauth_cred_get()) != EIO)
		return __LINE__;
	return 0;
}
