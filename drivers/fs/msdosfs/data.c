/* SPDX-License-Identifier: BSD-2-Clause */

/*
 * Contents of regular files.
 *
 * genfs keeps them in pages, in units of a sector.  The format has no holes:
 * every byte before the end has a cluster, and is on the device or in a page.
 * Clusters are there before the pages that are written to them, so writing pages
 * allocates nothing.  What lies behind the end, in the last cluster or in more
 * that the chain may have, is anything; when the file grows past it, what was not
 * written is cleared first.
 *
 * A write either has all its clusters or does nothing.
 */

#include "msdosfs.h"

#include <sys/errno.h>
#include <sys/systm.h>
#include <sys/uio.h>

#include <miscfs/genfs/genfs.h>
#include <uvm/uvm.h>
#include <uvm/uvm_extern.h>

#define PIECE		(1024 * 1024)	/* copied before writing is started */

int
msdosfs_data_read(struct vnode *vp, struct uio *uio, int ioflag)
{
	const uint64_t size = vnode_to_msdosfs(vp)->n_size;
	size_t len;
	int error = 0;

	while (error == 0 && uio->uio_resid > 0 &&
	    (uint64_t)uio->uio_offset < size) {
		len = MIN(uio->uio_resid, size - uio->uio_offset);
		error = ubc_uiomove(&vp->v_uobj, uio, len,
		    IO_ADV_DECODE(ioflag),
		    UBC_READ | UBC_PARTIALOK | UBC_VNODE_FLAGS(vp));
	}
	return error;
}

/* Start writing the whole runs of pages between two offsets. */
static void
write_behind(struct vnode *vp, uint64_t from, uint64_t to)
{

	from &= ~(uint64_t)(MAXPHYS - 1);
	to &= ~(uint64_t)(MAXPHYS - 1);
	if (from >= to)
		return;
	rw_enter(vp->v_uobj.vmobjlock, RW_WRITER);
	(void)VOP_PUTPAGES(vp, from, to, PGO_CLEANIT);
}

static void
set_size(struct vnode *vp, uint64_t size)
{
	struct msdosfs_node *node = vnode_to_msdosfs(vp);

	node->n_size = size;
	msdosfs_node_touch(node, MSDOSFS_DUE_ENTRY);
	uvm_vnp_setsize(vp, size);
}

/* Clear from the end on, up to an offset, for which there are clusters. */
static void
clear_to(struct vnode *vp, uint64_t end)
{
	uint64_t at = vnode_to_msdosfs(vp)->n_size, next;

	for (; at < end; at = next) {
		/* The rest of a page that has data, then whole pages. */
		next = MIN(end, (at & PAGE_MASK) != 0 ? round_page(at) :
		    (at & ~(uint64_t)(PIECE - 1)) + PIECE);
		uvm_vnp_setwritesize(vp, next);
		ubc_zerorange(&vp->v_uobj, at, next - at,
		    UBC_VNODE_FLAGS(vp) |
		    ((at & PAGE_MASK) == 0 ? UBC_FAULTBUSY : 0));
		set_size(vp, next);
		if (next - at >= MAXPHYS)
			write_behind(vp, at, next);
	}
}

/* Let the file have clusters for so many bytes.  All or nothing. */
static int
allocate(struct vnode *vp, uint64_t size)
{
	struct msdosfs_node *node = vnode_to_msdosfs(vp);
	struct msdosfs_mount *mm = node->n_mount;
	const uint32_t count = msdosfs_clusters(mm, size);
	const uint64_t old = node->n_size;
	uint64_t have = old;
	int error;

	/* n_mapped grows only here, with the vnode locked exclusively. */
	if (node->n_mapped >= count)
		return 0;
	genfs_node_wrlock(vp);
	error = msdosfs_enter_write(mm);
	if (error == 0) {
		error = msdosfs_extents_load_all(node);
		have = (uint64_t)node->n_mapped << mm->mm_cluster_shift;
		if (error == 0)
			error = msdosfs_extents_grow(node, count);
		msdosfs_leave(mm);
	}
	genfs_node_unlock(vp);
	/* A chain that was shorter than its file: what it got is not the file's. */
	if (error == 0 && have < old) {
		set_size(vp, have);
		clear_to(vp, old);
	}
	return error;
}

/* Free what is behind a new end. */
static int
shrink(struct vnode *vp, uint64_t size)
{
	struct msdosfs_node *node = vnode_to_msdosfs(vp);
	struct msdosfs_mount *mm = node->n_mount;
	int error;

	genfs_node_wrlock(vp);
	set_size(vp, size);
	error = msdosfs_enter_write(mm);
	if (error == 0) {
		/*
		 * The entry must not promise what the chain no longer has: it
		 * comes first, and is in memory then for what the cut changes.
		 */
		error = msdosfs_node_update(node);
		if (error == 0)
			error = msdosfs_extents_cut(node,
			    msdosfs_clusters(mm, size));
		if (error == 0)
			error = msdosfs_node_update(node);
		msdosfs_leave(mm);
	}
	node->n_overlong = error != 0;
	genfs_node_unlock(vp);
	return error;
}

void
msdosfs_data_settle(struct vnode *vp)
{
	struct msdosfs_node *node = vnode_to_msdosfs(vp);

	if (node->n_overlong)
		(void)shrink(vp, node->n_size);
}

int
msdosfs_data_resize(struct vnode *vp, uint64_t size)
{
	struct msdosfs_node *node = vnode_to_msdosfs(vp);
	int error;

	if (size > FAT_FILE_MAX)
		return EFBIG;
	if (size <= node->n_size)
		return size == node->n_size ? 0 : shrink(vp, size);
	error = allocate(vp, size);
	if (error == 0)
		clear_to(vp, size);
	return error;
}

/*
 * Copy in what uio has, as far as end.  Pages behind the present end that are
 * filled from their first byte need not be read or cleared first.
 */
static int
copy_in(struct vnode *vp, struct uio *uio, uint64_t end, int ioflag)
{
	const uint64_t start = uio->uio_offset;
	const uint64_t fresh = MIN(end,
	    round_page(MAX(start, (uint64_t)vnode_to_msdosfs(vp)->n_size)));
	int error = 0;

	if (start < fresh)
		error = ubc_uiomove(&vp->v_uobj, uio, fresh - start,
		    IO_ADV_DECODE(ioflag),
		    UBC_WRITE | UBC_PARTIALOK | UBC_VNODE_FLAGS(vp));
	if (error == 0 && fresh < end)
		error = ubc_uiomove(&vp->v_uobj, uio, end - fresh,
		    IO_ADV_DECODE(ioflag),
		    UBC_WRITE | UBC_FAULTBUSY | UBC_VNODE_FLAGS(vp));
	return error;
}

/* All that uio has, in pieces.  There are clusters for it. */
static int
write_pieces(struct vnode *vp, struct uio *uio, uint64_t end, int ioflag)
{
	struct msdosfs_node *node = vnode_to_msdosfs(vp);
	uint64_t start, next;
	int error = 0;

	while (error == 0 && (uint64_t)uio->uio_offset < end) {
		start = uio->uio_offset;
		next = MIN(end, (start & ~(uint64_t)(PIECE - 1)) + PIECE);
		if (next > node->n_size)
			uvm_vnp_setwritesize(vp, next);
		error = copy_in(vp, uio, next, ioflag);
		if ((uint64_t)uio->uio_offset > node->n_size)
			set_size(vp, uio->uio_offset);
		else if (next > node->n_size)
			uvm_vnp_setsize(vp, node->n_size);
		if (end - start >= MAXPHYS || (next & (MAXPHYS - 1)) == 0)
			write_behind(vp, start, uio->uio_offset);
	}
	return error;
}

int
msdosfs_data_write(struct vnode *vp, struct uio *uio, int ioflag)
{
	struct msdosfs_node *node = vnode_to_msdosfs(vp);
	const uint64_t old = node->n_size;
	const size_t len = uio->uio_resid;
	uint64_t end;
	int error;

	if ((ioflag & IO_APPEND) != 0)
		uio->uio_offset = old;
	if (len > FAT_FILE_MAX ||
	    (uint64_t)uio->uio_offset > FAT_FILE_MAX - len)
		return EFBIG;
	end = uio->uio_offset + len;
	error = allocate(vp, MAX(end, old));
	if (error != 0)
		return error;
	if ((uint64_t)uio->uio_offset > old)
		clear_to(vp, uio->uio_offset);
	error = write_pieces(vp, uio, end, ioflag);
	if (error != 0 && (ioflag & IO_UNIT) != 0) {
		uio->uio_offset -= len - uio->uio_resid;
		uio->uio_resid = len;
	}
	/* The clusters of what was not written. */
	if (error != 0 && end > old)
		(void)shrink(vp, (ioflag & IO_UNIT) != 0 ? old : node->n_size);
	return error;
}
