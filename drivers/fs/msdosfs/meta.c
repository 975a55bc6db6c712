/* SPDX-License-Identifier: BSD-2-Clause */

/*
 * Metadata in memory: pieces of the FAT and of directories.
 *
 * A block is at most 4 KiB, and never more than a cluster, so no block holds
 * both a directory and the data of a file.  Blocks are found by position; clean
 * ones that were not used for long go when there are too many.  Changes stay in
 * memory until msdosfs_meta_flush, which writes them in an order that leaves a
 * sound volume wherever it is interrupted (doc/filesystems.md):
 *
 *	1. the FAT: what was allocated.  At worst clusters are lost.
 *	2. directories: what refers to that, and no more to what is to be freed.
 *	3. the FAT again: what is free now (msdosfs_pending_apply).
 *
 * Each step is waited for.  mm_lock is held throughout, so that nothing changes
 * between the steps.
 *
 * The device's own buffers are not used: they are written in any order.
 */

#include "msdosfs.h"

#include <sys/atomic.h>
#include <sys/buf.h>
#include <sys/dkio.h>
#include <sys/errno.h>
#include <sys/fcntl.h>
#include <sys/kmem.h>
#include <sys/lwp.h>
#include <sys/systm.h>
#include <sys/syslog.h>

#include <uvm/uvm_extern.h>

#define TRANSFER_MAX	MAXPHYS
#define TRANSFERS	16		/* under way at once */

#define BLOCKS_MIN	64
#define BLOCKS_MAX	4096
#define MEMORY_SHARE	32		/* of the machine's: so small a part */

void
msdosfs_complain(struct msdosfs_mount *mm, enum msdosfs_complaint what,
    const char *format, ...)
{
	const unsigned int bit = 1U << what;
	char text[160];
	va_list args;

	/* Two threads may both find the bit clear: then it is told twice. */
	if ((mm->mm_complained & bit) != 0)
		return;
	atomic_or_uint(&mm->mm_complained, bit);

	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	log(LOG_ERR, "msdosfs: %s: %s\n", mm->mm_mp->mnt_stat.f_mntfromname,
	    text);
}

/* ---------------------------------------------------------------- transfers */

static struct buf *
transfer_start(struct msdosfs_mount *mm, uint64_t position, void *data,
    uint32_t size, bool write)
{
	struct vnode *devvp = mm->mm_devvp;
	struct buf *bp;

	KASSERT(size <= TRANSFER_MAX);
	bp = getiobuf(devvp, true);
	bp->b_flags = write ? B_WRITE : B_READ;
	bp->b_cflags |= BC_BUSY;
	bp->b_data = data;
	bp->b_bufsize = bp->b_bcount = bp->b_resid = size;
	bp->b_blkno = bp->b_lblkno = position >> DEV_BSHIFT;
	BIO_SETPRIO(bp, BPRIO_TIMECRITICAL);
	if (write) {
		mutex_enter(devvp->v_interlock);
		devvp->v_numoutput++;
		mutex_exit(devvp->v_interlock);
	}
	(void)VOP_STRATEGY(devvp, bp);
	return bp;
}

static int
transfer_wait(struct msdosfs_mount *mm, struct buf *bp)
{
	int error;

	error = biowait(bp);
	if (error == 0 && bp->b_resid != 0)
		error = EIO;
	if (error != 0)
		msdosfs_complain(mm, MSDOSFS_IO_ERROR,
		    "error %d at byte %#jx of the device", error,
		    (uintmax_t)bp->b_blkno << DEV_BSHIFT);
	putiobuf(bp);
	return error;
}

static int
transfer(struct msdosfs_mount *mm, uint64_t position, void *data,
    uint32_t size, bool write)
{

	if (position > mm->mm_device_size ||
	    size > mm->mm_device_size - position) {
		msdosfs_complain(mm, MSDOSFS_BEYOND_END,
		    "byte %#jx is beyond the end of the device",
		    (uintmax_t)position + size);
		return EIO;
	}
	return transfer_wait(mm, transfer_start(mm, position, data, size,
	    write));
}

/* ------------------------------------------------------------------- blocks */

static struct msdosfs_chain *
chain_of(struct msdosfs_mount *mm, uint64_t position)
{
	/* Blocks may be as small as a sector. */
	const uint64_t n = position >> DEV_BSHIFT;

	return &mm->mm_table[(n ^ n >> 9 ^ n >> 18) % MSDOSFS_META_CHAINS];
}

static struct msdosfs_block *
block_find(struct msdosfs_mount *mm, uint64_t position)
{
	struct msdosfs_block *block;

	LIST_FOREACH(block, chain_of(mm, position), mb_hash) {
		if (block->mb_position == position)
			return block;
	}
	return NULL;
}

static struct msdosfs_block *
block_create(struct msdosfs_mount *mm, enum msdosfs_kind kind,
    uint64_t position, uint32_t size)
{
	struct msdosfs_block *block;

	block = kmem_alloc(sizeof(*block), KM_SLEEP);
	block->mb_data = kmem_alloc(size, KM_SLEEP);
	block->mb_position = position;
	block->mb_size = size;
	block->mb_kind = kind;
	block->mb_dirty = false;
	LIST_INSERT_HEAD(chain_of(mm, position), block, mb_hash);
	TAILQ_INSERT_TAIL(&mm->mm_blocks, block, mb_use);
	mm->mm_nblocks++;
	return block;
}

static void
block_destroy(struct msdosfs_mount *mm, struct msdosfs_block *block)
{

	LIST_REMOVE(block, mb_hash);
	if (block->mb_dirty) {
		TAILQ_REMOVE(&mm->mm_dirty[block->mb_kind], block, mb_dirtied);
		mm->mm_ndirty--;
	} else {
		TAILQ_REMOVE(&mm->mm_blocks, block, mb_use);
	}
	mm->mm_nblocks--;
	kmem_free(block->mb_data, block->mb_size);
	kmem_free(block, sizeof(*block));
}

/* The first copy of the FAT that can be read will do. */
static int
block_read(struct msdosfs_mount *mm, struct msdosfs_block *block)
{
	unsigned int copy, copies;
	int error = 0;

	copies = block->mb_kind == MSDOSFS_META_FAT ? mm->mm_fats : 1;
	for (copy = 0; copy < copies; copy++) {
		error = transfer(mm, block->mb_position +
		    copy * mm->mm_fat_size, block->mb_data, block->mb_size,
		    false);
		if (error == 0)
			break;
	}
	return error;
}

int
msdosfs_meta_get(struct msdosfs_mount *mm, enum msdosfs_kind kind,
    uint64_t position, uint32_t size, struct msdosfs_block **blockp)
{
	struct msdosfs_block *block;
	int error;

	KASSERT(rw_write_held(&mm->mm_lock));
	block = block_find(mm, position);
	if (block != NULL && block->mb_size == size) {
		if (!block->mb_dirty &&
		    block != TAILQ_LAST(&mm->mm_blocks, msdosfs_blocks)) {
			TAILQ_REMOVE(&mm->mm_blocks, block, mb_use);
			TAILQ_INSERT_TAIL(&mm->mm_blocks, block, mb_use);
		}
		*blockp = block;
		return 0;
	}
	if (block != NULL)
		return EIO;	/* one place in two roles: a damaged volume */
	block = block_create(mm, kind, position, size);
	error = block_read(mm, block);
	if (error != 0) {
		block_destroy(mm, block);
		return error;
	}
	*blockp = block;
	return 0;
}

void
msdosfs_meta_new(struct msdosfs_mount *mm, enum msdosfs_kind kind,
    uint64_t position, uint32_t size, struct msdosfs_block **blockp)
{
	struct msdosfs_block *block;

	block = block_find(mm, position);
	if (block != NULL)
		block_destroy(mm, block);
	block = block_create(mm, kind, position, size);
	memset(block->mb_data, 0, size);
	*blockp = block;
}

void
msdosfs_meta_prefetch(struct msdosfs_mount *mm, enum msdosfs_kind kind,
    uint64_t position, uint32_t size, unsigned int count)
{
	struct msdosfs_block *block;
	uint8_t *data;
	unsigned int i;

	while (count > 0 && block_find(mm, position) != NULL) {
		position += size;
		count--;
	}
	count = MIN(count, TRANSFER_MAX / size);
	if (count < 2)
		return;
	data = kmem_alloc(count * size, KM_SLEEP);
	if (transfer(mm, position, data, count * size, false) == 0) {
		for (i = 0; i < count; i++, position += size) {
			if (block_find(mm, position) != NULL)
				continue;
			block = block_create(mm, kind, position, size);
			memcpy(block->mb_data, data + i * size, size);
		}
	}
	kmem_free(data, count * size);
}

void
msdosfs_meta_dirty(struct msdosfs_mount *mm, struct msdosfs_block *block)
{

	KASSERT(rw_write_held(&mm->mm_lock));
	KASSERT(!mm->mm_readonly);
	if (block->mb_dirty)
		return;
	block->mb_dirty = true;
	TAILQ_REMOVE(&mm->mm_blocks, block, mb_use);
	TAILQ_INSERT_TAIL(&mm->mm_dirty[block->mb_kind], block, mb_dirtied);
	mm->mm_ndirty++;
}

static void
block_clean(struct msdosfs_mount *mm, struct msdosfs_block *block)
{

	if (!block->mb_dirty)
		return;
	block->mb_dirty = false;
	TAILQ_REMOVE(&mm->mm_dirty[block->mb_kind], block, mb_dirtied);
	TAILQ_INSERT_TAIL(&mm->mm_blocks, block, mb_use);
	mm->mm_ndirty--;
}

void
msdosfs_meta_forget(struct msdosfs_mount *mm, uint64_t from, uint64_t to)
{
	const uint32_t size = MIN(MSDOSFS_META_SIZE, msdosfs_cluster_size(mm));
	struct msdosfs_block *block;

	if (mm->mm_nblocks == 0)
		return;
	for (; from < to; from += size) {
		block = block_find(mm, from);
		if (block != NULL)
			block_destroy(mm, block);
	}
}

void
msdosfs_meta_forget_cluster(struct msdosfs_mount *mm, uint32_t cluster)
{
	const uint64_t position = msdosfs_cluster_position(mm, cluster);

	msdosfs_meta_forget(mm, position, position + msdosfs_cluster_size(mm));
}

void
msdosfs_meta_trim(struct msdosfs_mount *mm)
{
	struct msdosfs_block *block;

	while (mm->mm_nblocks > mm->mm_blocks_max &&
	    (block = TAILQ_FIRST(&mm->mm_blocks)) != NULL)
		block_destroy(mm, block);
}

/* ------------------------------------------------------------------ writing */

/* Blocks that lie together and are written with one transfer. */
struct cluster {
	struct msdosfs_block **cl_blocks;
	unsigned int	cl_count;
	uint32_t	cl_size;
	uint8_t		*cl_data;	/* of all, if there are several */
	struct buf	*cl_bp;
};

/* Take the next blocks of a sorted array that lie together. */
static unsigned int
cluster_gather(struct cluster *cl, struct msdosfs_block **blocks,
    unsigned int count)
{
	uint32_t size = blocks[0]->mb_size, at = 0;
	unsigned int n, i;

	for (n = 1; n < count; n++) {
		if (blocks[n]->mb_position != blocks[0]->mb_position + size ||
		    size + blocks[n]->mb_size > TRANSFER_MAX)
			break;
		size += blocks[n]->mb_size;
	}
	cl->cl_blocks = blocks;
	cl->cl_count = n;
	cl->cl_size = size;
	cl->cl_data = NULL;
	if (n == 1)
		return 1;
	cl->cl_data = kmem_alloc(size, KM_SLEEP);
	for (i = 0; i < n; at += blocks[i++]->mb_size)
		memcpy(cl->cl_data + at, blocks[i]->mb_data,
		    blocks[i]->mb_size);
	return n;
}

static void
cluster_start(struct msdosfs_mount *mm, struct cluster *cl, uint64_t distance)
{

	cl->cl_bp = transfer_start(mm, cl->cl_blocks[0]->mb_position +
	    distance, cl->cl_data != NULL ? cl->cl_data :
	    cl->cl_blocks[0]->mb_data, cl->cl_size, true);
}

/* Start some transfers, and wait for them all. */
static int
clusters_write(struct msdosfs_mount *mm, struct cluster *cl, unsigned int n,
    uint64_t distance)
{
	unsigned int i;
	int error = 0, e;

	for (i = 0; i < n; i++)
		cluster_start(mm, &cl[i], distance);
	for (i = 0; i < n; i++) {
		e = transfer_wait(mm, cl[i].cl_bp);
		if (error == 0)
			error = e;
	}
	return error;
}

/* As many sorted blocks as fit in a batch of transfers.  *donep: how many. */
static int
write_batch(struct msdosfs_mount *mm, struct msdosfs_block **blocks,
    unsigned int count, unsigned int *donep)
{
	struct cluster cl[TRANSFERS];
	unsigned int n, done, copy, copies, i;
	int error = 0;

	for (n = done = 0; n < TRANSFERS && done < count; n++)
		done += cluster_gather(&cl[n], blocks + done, count - done);
	copies = blocks[0]->mb_kind == MSDOSFS_META_FAT ? mm->mm_fats : 1;
	for (copy = 0; copy < copies && error == 0; copy++)
		error = clusters_write(mm, cl, n, copy * mm->mm_fat_size);
	for (i = 0; i < n; i++) {
		if (cl[i].cl_data != NULL)
			kmem_free(cl[i].cl_data, cl[i].cl_size);
	}
	for (i = 0; i < done && error == 0; i++)
		block_clean(mm, blocks[i]);
	*donep = done;
	return error;
}

/* Shell's sort, by position. */
static void
sort_blocks(struct msdosfs_block **blocks, unsigned int count)
{
	struct msdosfs_block *block;
	unsigned int gap, i, j;

	for (gap = count / 2; gap > 0; gap = gap == 2 ? 1 : gap * 5 / 11) {
		for (i = gap; i < count; i++) {
			block = blocks[i];
			for (j = i; j >= gap && blocks[j - gap]->mb_position >
			    block->mb_position; j -= gap)
				blocks[j] = blocks[j - gap];
			blocks[j] = block;
		}
	}
}

static int
write_kind(struct msdosfs_mount *mm, enum msdosfs_kind kind)
{
	struct msdosfs_block **blocks, *block;
	const size_t room = mm->mm_ndirty * sizeof(struct msdosfs_block *);
	unsigned int n = 0, at, done;
	int error = 0;

	if (TAILQ_EMPTY(&mm->mm_dirty[kind]))
		return 0;
	blocks = kmem_alloc(room, KM_SLEEP);
	TAILQ_FOREACH(block, &mm->mm_dirty[kind], mb_dirtied)
		blocks[n++] = block;
	sort_blocks(blocks, n);
	for (at = 0; at < n && error == 0; at += done)
		error = write_batch(mm, blocks + at, n - at, &done);
	kmem_free(blocks, room);
	return error;
}

int
msdosfs_meta_write(struct msdosfs_mount *mm, struct msdosfs_block *block)
{
	unsigned int done;

	return write_batch(mm, &block, 1, &done);
}

int
msdosfs_meta_flush(struct msdosfs_mount *mm)
{
	int error;

	KASSERT(rw_write_held(&mm->mm_lock));
	error = write_kind(mm, MSDOSFS_META_FAT);
	if (error == 0)
		error = write_kind(mm, MSDOSFS_META_DIR);
	if (error != 0)
		return error;
	if (mm->mm_npending != 0) {
		error = msdosfs_pending_apply(mm);
		if (error == 0)
			error = write_kind(mm, MSDOSFS_META_FAT);
	}
	if (error != 0)
		return error;
	mm->mm_flushes++;
	mm->mm_nremoved = 0;
	memset(mm->mm_removed, 0, sizeof(mm->mm_removed));
	return write_kind(mm, MSDOSFS_META_OTHER);
}

int
msdosfs_device_flush(struct msdosfs_mount *mm)
{
	int error, on = 1;

	error = VOP_IOCTL(mm->mm_devvp, DIOCCACHESYNC, &on, FWRITE | FKIOCTL,
	    curlwp->l_cred);
	/* A device without a cache has nothing to flush. */
	return error == EPASSTHROUGH || error == ENOTTY ||
	    error == EOPNOTSUPP || error == ENODEV ? 0 : error;
}

/* -------------------------------------------------------------------- locks */

void
msdosfs_enter(struct msdosfs_mount *mm)
{

	rw_enter(&mm->mm_lock, RW_WRITER);
}

int
msdosfs_enter_write(struct msdosfs_mount *mm)
{
	int error = 0;

	rw_enter(&mm->mm_lock, RW_WRITER);
	if (mm->mm_readonly)
		error = EROFS;
	else if (mm->mm_error != 0 && mm->mm_ndirty > mm->mm_blocks_max)
		error = mm->mm_error;	/* no more until somebody syncs */
	else if (!mm->mm_in_use)
		error = msdosfs_state_mark(mm, true);
	if (error != 0)
		rw_exit(&mm->mm_lock);
	return error;
}

/* Changes that are too many are written now: nobody waits for their error. */
void
msdosfs_leave(struct msdosfs_mount *mm)
{
	int error;

	if (mm->mm_ndirty > mm->mm_blocks_max / 2 && mm->mm_error == 0) {
		error = msdosfs_meta_flush(mm);
		if (error != 0)
			mm->mm_error = error;
	}
	if (mm->mm_nblocks > mm->mm_blocks_max)
		msdosfs_meta_trim(mm);
	rw_exit(&mm->mm_lock);
}

void
msdosfs_meta_init(struct msdosfs_mount *mm)
{
	uint64_t share;
	unsigned int i;

	rw_init(&mm->mm_lock);
	for (i = 0; i < MSDOSFS_META_CHAINS; i++)
		LIST_INIT(&mm->mm_table[i]);
	for (i = 0; i < MSDOSFS_META_KINDS; i++)
		TAILQ_INIT(&mm->mm_dirty[i]);
	TAILQ_INIT(&mm->mm_blocks);
	TAILQ_INIT(&mm->mm_indexes);
	mm->mm_flushes = 1;
	share = ptoa((uint64_t)uvm_availmem(false)) / MEMORY_SHARE;
	mm->mm_blocks_max = MIN(MAX(share / MSDOSFS_META_SIZE, BLOCKS_MIN),
	    BLOCKS_MAX);
	mm->mm_index_max = (size_t)mm->mm_blocks_max * MSDOSFS_META_SIZE;
}

void
msdosfs_meta_fini(struct msdosfs_mount *mm)
{
	struct msdosfs_block *block;
	unsigned int kind;

	for (kind = 0; kind < MSDOSFS_META_KINDS; kind++) {
		while ((block = TAILQ_FIRST(&mm->mm_dirty[kind])) != NULL)
			block_destroy(mm, block);
	}
	while ((block = TAILQ_FIRST(&mm->mm_blocks)) != NULL)
		block_destroy(mm, block);
	KASSERT(mm->mm_nblocks == 0);
	rw_destroy(&mm->mm_lock);
}
