/* SPDX-License-Identifier: BSD-2-Clause */

/*
 * Contents of regular files.
 *
 * They are pages of an anonymous memory object (fi_data), made at the first
 * write.  read(2) and write(2) copy between those pages and the caller
 * (ubc_uiomove), and the vnode's page operations hand out the same pages, so
 * there is one copy.  The object stays when the vnode goes, and shares its lock
 * with whatever vnode is loaded.  The vnode's own object never has pages.
 *
 * A page that was never written does not exist, and reads as zeroes.  What
 * exists is described by three invariants, with the vnode lock held:
 *	- no page lies wholly behind the end of the file;
 *	- in the last page, the bytes behind the end are zero;
 *	- as many pages exist as the file needs, if and only if it has no hole.
 *	  So a file without holes, and writing at its end, need no look at pages.
 *
 * Space: the pages that a write may add are charged before (reserve), and what
 * was not added is given back after (settle).  fi_charged is what exists plus
 * what is reserved.
 */

#include "tmpfs.h"

#include <sys/atomic.h>
#include <sys/errno.h>
#include <sys/systm.h>
#include <sys/uio.h>

#include <uvm/uvm.h>
#include <uvm/uvm_extern.h>

#define FILE_MAX	((uint64_t)trunc_page(INT64_MAX) - PAGE_SIZE)

static const uint8_t zeroes[PAGE_SIZE];

/* -------------------------------------------------------------- the object */

static inline struct uvm_object *
data_of(struct vnode *vp)
{

	return atomic_load_consume(&vnode_to_tmpfs(vp)->tn_file.fi_data);
}

/* The same, made if there is none. */
static struct uvm_object *
data_make(struct vnode *vp)
{
	struct tmpfs_file *fi = &vnode_to_tmpfs(vp)->tn_file;
	krwlock_t *lock = vp->v_uobj.vmobjlock;
	struct uvm_object *data = data_of(vp);

	if (data != NULL)
		return data;
	data = uao_create(FILE_MAX + PAGE_SIZE, 0);
	rw_obj_hold(lock);
	uvm_obj_setlock(data, lock);

	rw_enter(lock, RW_WRITER);
	if (fi->fi_data == NULL) {
		atomic_store_release(&fi->fi_data, data);
		data = NULL;
	}
	rw_exit(lock);
	if (data != NULL)
		uao_detach(data);
	return fi->fi_data;
}

/* A vnode is loaded for a node that has data. */
void
tmpfs_data_load(struct vnode *vp)
{
	struct uvm_object *data = data_of(vp);

	if (data == NULL)
		return;
	rw_obj_hold(data->vmobjlock);
	uvm_obj_setlock(&vp->v_uobj, data->vmobjlock);
}

void
tmpfs_data_destroy(struct tmpfs_mount *tm, struct tmpfs_node *node)
{
	struct tmpfs_file *fi = &node->tn_file;

	KASSERT(fi->fi_reserved == 0);
	if (fi->fi_data != NULL)
		uao_detach(fi->fi_data);
	fi->fi_data = NULL;
	tmpfs_uncharge(tm, ptoa((uint64_t)fi->fi_charged));
	fi->fi_charged = 0;
}

/* ------------------------------------------------------------------- space */

static inline bool
is_dense(const struct vnode *vp, const struct uvm_object *data)
{

	return data->uo_npages == atop(round_page((uint64_t)vp->v_size));
}

/*
 * Pages that do not exist between two page boundaries; the object lock is held.
 * Not looked at one by one if there must be more than `enough` of them.
 */
static uint64_t
count_missing(struct vnode *vp, uint64_t from, uint64_t to, uint64_t enough)
{
	struct uvm_object *data = vnode_to_tmpfs(vp)->tn_file.fi_data;
	uint64_t pages = atop(to - from), offset;

	if (data == NULL || data->uo_npages == 0)
		return pages;
	if (pages > (uint64_t)data->uo_npages &&
	    pages - data->uo_npages > enough)
		return pages - data->uo_npages;
	if (is_dense(vp, data)) {
		from = MAX(from, round_page((uint64_t)vp->v_size));
		return to > from ? atop(to - from) : 0;
	}
	for (offset = from; offset < to; offset += PAGE_SIZE) {
		if (uvm_pagelookup(data, offset) != NULL)
			pages--;
	}
	return pages;
}

/* Charge for all pages that a range may add.  0, ENOSPC. */
static int
reserve(struct vnode *vp, uint64_t from, uint64_t to, size_t *reservedp)
{
	struct tmpfs_mount *tm = mount_to_tmpfs(vp->v_mount);
	struct tmpfs_file *fi = &vnode_to_tmpfs(vp)->tn_file;
	uint64_t pages;
	int error;

	rw_enter(vp->v_uobj.vmobjlock, RW_READER);
	pages = count_missing(vp, trunc_page(from), round_page(to),
	    atop(tmpfs_bytes_free(tm)));
	rw_exit(vp->v_uobj.vmobjlock);

	*reservedp = pages;
	if (pages == 0)
		return 0;
	error = tmpfs_charge(tm, ptoa(pages));
	if (error != 0)
		return error;
	mutex_enter(&tm->tm_lock);
	fi->fi_charged += pages;
	fi->fi_reserved += pages;
	mutex_exit(&tm->tm_lock);
	return 0;
}

/* Let the charge be what exists, and what others have reserved. */
static void
settle(struct vnode *vp, size_t reserved)
{
	struct tmpfs_mount *tm = mount_to_tmpfs(vp->v_mount);
	struct tmpfs_file *fi = &vnode_to_tmpfs(vp)->tn_file;
	size_t exist = 0;

	rw_enter(vp->v_uobj.vmobjlock, RW_READER);
	if (fi->fi_data != NULL)
		exist = fi->fi_data->uo_npages;
	mutex_enter(&tm->tm_lock);
	KASSERT(fi->fi_reserved >= reserved);
	fi->fi_reserved -= reserved;
	tm->tm_bytes += ptoa((uint64_t)exist + fi->fi_reserved);
	tm->tm_bytes -= ptoa((uint64_t)fi->fi_charged);
	fi->fi_charged = exist + fi->fi_reserved;
	mutex_exit(&tm->tm_lock);
	rw_exit(vp->v_uobj.vmobjlock);
}

/* Does the page with this byte exist? */
static bool
page_exists(struct vnode *vp, uint64_t offset)
{
	struct uvm_object *data = data_of(vp);
	bool exists;

	if (data == NULL)
		return false;
	rw_enter(data->vmobjlock, RW_READER);
	exists = uvm_pagelookup(data, trunc_page(offset)) != NULL;
	rw_exit(data->vmobjlock);
	return exists;
}

/* Zero bytes of one page, if it exists. */
static void
zero_within(struct vnode *vp, uint64_t from, uint64_t to)
{

	KASSERT(from >= to || trunc_page(from) == trunc_page(to - 1));
	if (from < to && page_exists(vp, from))
		ubc_zerorange(data_of(vp), from, to - from,
		    UBC_VNODE_FLAGS(vp));
}

/* Free the pages between two page boundaries; to 0: all after from. */
static void
free_pages(struct vnode *vp, uint64_t from, uint64_t to)
{
	struct uvm_object *data = data_of(vp);

	if (data == NULL)
		return;
	rw_enter(data->vmobjlock, RW_WRITER);
	(void)(*data->pgops->pgo_put)(data, from, to, PGO_FREE);
	settle(vp, 0);
}

/* ----------------------------------------------------------------- reading */

/*
 * Bytes from offset on, at most len, that are all there or all hole.
 */
static size_t
find_run(struct vnode *vp, uint64_t offset, size_t len, bool *holep)
{
	struct uvm_object *data = data_of(vp);
	uint64_t next = trunc_page(offset);

	*holep = true;
	if (data == NULL)
		return len;
	rw_enter(data->vmobjlock, RW_READER);
	if (is_dense(vp, data)) {
		*holep = false;
		next = offset + len;
	} else {
		*holep = uvm_pagelookup(data, next) == NULL;
		do
			next += PAGE_SIZE;
		while (next < offset + len &&
		    (uvm_pagelookup(data, next) == NULL) == *holep);
	}
	rw_exit(data->vmobjlock);
	return MIN(len, next - offset);
}

static int
read_hole(struct uio *uio, size_t len)
{
	size_t n;
	int error = 0;

	for (; error == 0 && len > 0; len -= n) {
		n = MIN(len, sizeof(zeroes));
		error = uiomove(__UNCONST(zeroes), n, uio);
	}
	return error;
}

int
tmpfs_data_read(struct vnode *vp, struct uio *uio, int ioflag)
{
	const struct tmpfs_node *node = vnode_to_tmpfs(vp);
	size_t len;
	bool hole;
	int error = 0;

	while (error == 0 && uio->uio_resid > 0 &&
	    (uint64_t)uio->uio_offset < node->tn_size) {
		len = MIN(uio->uio_resid, node->tn_size - uio->uio_offset);
		len = find_run(vp, uio->uio_offset, len, &hole);
		if (hole)
			error = read_hole(uio, len);
		else
			error = ubc_uiomove(data_of(vp), uio, len,
			    IO_ADV_DECODE(ioflag),
			    UBC_READ | UBC_PARTIALOK | UBC_VNODE_FLAGS(vp));
	}
	return error;
}

/* ----------------------------------------------------------------- writing */

static void
set_size(struct vnode *vp, uint64_t size)
{

	vnode_to_tmpfs(vp)->tn_size = size;
	uvm_vnp_setsize(vp, size);
}

/*
 * Let nothing be behind a new end of the file.
 */
static void
cut(struct vnode *vp, uint64_t size)
{

	zero_within(vp, size, round_page(size));
	free_pages(vp, round_page(size), 0);
}

/*
 * Copy in what uio has for [start, end).  Pages behind the present end that are
 * filled from their first byte need not be zeroed first.
 */
static int
copy_in(struct vnode *vp, struct uio *uio, uint64_t end, int advice)
{
	const uint64_t start = uio->uio_offset;
	const uint64_t fresh = MIN(end,
	    round_page(MAX(start, vnode_to_tmpfs(vp)->tn_size)));
	struct uvm_object *data = data_make(vp);
	int error = 0;

	if (start < fresh)
		error = ubc_uiomove(data, uio, fresh - start, advice,
		    UBC_WRITE | UBC_PARTIALOK | UBC_VNODE_FLAGS(vp));
	if (error == 0 && fresh < end)
		error = ubc_uiomove(data, uio, end - fresh, advice,
		    UBC_WRITE | UBC_FAULTBUSY | UBC_VNODE_FLAGS(vp));
	return error;
}

int
tmpfs_data_write(struct vnode *vp, struct uio *uio, int ioflag)
{
	const uint64_t old = vnode_to_tmpfs(vp)->tn_size;
	const size_t len = uio->uio_resid;
	uint64_t end;
	size_t reserved;
	int error;

	if ((ioflag & IO_APPEND) != 0)
		uio->uio_offset = old;
	if (len > FILE_MAX || (uint64_t)uio->uio_offset > FILE_MAX - len)
		return EFBIG;
	end = uio->uio_offset + len;
	error = reserve(vp, uio->uio_offset, end, &reserved);
	if (error != 0)
		return error;

	error = copy_in(vp, uio, end, IO_ADV_DECODE(ioflag));
	if (error != 0) {
		if ((ioflag & IO_UNIT) != 0) {
			uio->uio_offset -= len - uio->uio_resid;
			uio->uio_resid = len;
		}
		end = uio->uio_resid == len ? old : uio->uio_offset;
	}
	if (end > old)
		set_size(vp, end);
	if (error != 0)
		cut(vp, MAX(old, end));
	if (reserved != 0)
		settle(vp, reserved);
	return error;
}

int
tmpfs_data_resize(struct vnode *vp, uint64_t size)
{
	const uint64_t old = vnode_to_tmpfs(vp)->tn_size;

	if (size > FILE_MAX)
		return EFBIG;
	if (size < old)
		cut(vp, size);
	set_size(vp, size);
	return 0;
}

int
tmpfs_data_allocate(struct vnode *vp, uint64_t from, uint64_t to)
{
	struct uvm_object *data;
	size_t reserved, len;
	bool hole;
	int error;

	if (to > FILE_MAX)
		return EFBIG;
	error = reserve(vp, from, to, &reserved);
	if (error != 0)
		return error;
	data = data_make(vp);
	if (to > vnode_to_tmpfs(vp)->tn_size)
		set_size(vp, to);
	for (from = trunc_page(from); from < to; from += len) {
		len = find_run(vp, from, round_page(to) - from, &hole);
		if (hole)
			ubc_zerorange(data, from, len, UBC_VNODE_FLAGS(vp));
	}
	settle(vp, reserved);
	return 0;
}

void
tmpfs_data_discard(struct vnode *vp, uint64_t from, uint64_t to)
{
	const uint64_t first = round_page(from), last = trunc_page(to);

	if (first > last) {
		zero_within(vp, from, to);
		return;
	}
	zero_within(vp, from, first);
	zero_within(vp, last, to);
	if (first < last)
		free_pages(vp, first, last);
}

/* ------------------------------------------------------------- page operations */

/*
 * Hand out pages of the data, as VOP_GETPAGES asks for; the object lock is
 * held, and released but for PGO_LOCKED.
 */
int
tmpfs_getpages(void *v)
{
	struct vop_getpages_args *ap = v;
	struct vnode *vp = ap->a_vp;
	krwlock_t *lock = vp->v_uobj.vmobjlock;
	struct uvm_object *data = vnode_to_tmpfs(vp)->tn_file.fi_data;
	const uint64_t end = round_page((uint64_t)vp->v_size);
	const bool past_end = (ap->a_flags & PGO_PASTEOF) != 0;
	const uint64_t wanted = ap->a_offset + ptoa((uint64_t)ap->a_centeridx);
	size_t reserved;
	int error;

	KASSERT(vp->v_type == VREG);
	KASSERT(rw_lock_held(lock));
	if ((ap->a_flags & PGO_LOCKED) != 0) {
		if (data == NULL || (wanted >= end && !past_end))
			return EBUSY;
		return (*data->pgops->pgo_get)(data, ap->a_offset, ap->a_m,
		    ap->a_count, ap->a_centeridx, ap->a_access_type,
		    ap->a_advice, ap->a_flags);
	}
	rw_exit(lock);
	if (wanted >= end && !past_end)
		return EINVAL;
	if ((ap->a_flags & PGO_SYNCIO) == 0)
		return 0;		/* there is nothing to read ahead */
	if (!past_end)
		*ap->a_count = MIN(*ap->a_count, atop(end - ap->a_offset));

	error = reserve(vp, ap->a_offset,
	    ap->a_offset + ptoa((uint64_t)*ap->a_count), &reserved);
	if (error != 0)
		return error;
	data = data_make(vp);
	rw_enter(lock, RW_WRITER);
	error = (*data->pgops->pgo_get)(data, ap->a_offset, ap->a_m,
	    ap->a_count, ap->a_centeridx, ap->a_access_type, ap->a_advice,
	    ap->a_flags);
	settle(vp, reserved);
	return error;
}
