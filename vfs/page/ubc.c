/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Copying between callers' memory and the pages of an object.
 *
 *	ubc_uiomove	the copy of read(2) and write(2)
 *	ubc_zerorange	clear a range
 *	ubc_purge	nothing is kept between calls, so nothing to do
 *
 * A request is cut at run boundaries.  A piece whose pages are in memory is
 * copied with the object locked, as reader to read, as writer to write: while
 * that lock is held a page that is not busy stays what it is.  Pages that are
 * not there, or not fit to be written, are asked of the object's pager, which
 * hands them over busy; for a write they are filled while they are ours.
 *
 * Copying with a lock held is possible because the memory is the kernel's or
 * that of a program in this process.  Data of remote clients go through a buffer
 * of one run, so that no lock and no page is held while a client is asked.
 *
 * A write finds out that memory is missing (a null pointer, a client that gives
 * less) before it touches pages, so that a page whose contents were not read,
 * because the write covers it, is always filled.
 */
#include <sys/param.h>
#include <sys/systm.h>
#include <sys/atomic.h>
#include <sys/errno.h>
#include <sys/kmem.h>
#include <sys/proc.h>
#include <sys/rwlock.h>
#include <sys/uio.h>
#include <sys/vnode.h>

#include <uvm/uvm.h>
#include <uvm/uvm_readahead.h>

#include "page/pages.h"
#include "page/readahead.h"
#include "uiomem.h"

/* Most that is copied without letting go of the object's lock. */
#define HOLD_MOST	(4 * RUN_BYTES)

/* Pause before a pager that is out of resources is asked again. */
#define RETRY_TICKS	(hz / 4 + 1)
#define ZERO_TRIES	40

/* Pages that a pager handed over, and the part of them that is meant. */
struct piece {
	struct vm_page	*pc_pages[RUN_PAGES];
	int		pc_npages;
	voff_t		pc_off;		/* of the first page */
};

/* A copy from or to a uio, or zeros (uio NULL). */
static int
move(char *data, size_t n, struct uio *uio)
{

	if (uio != NULL)
		return uiomove(data, n, uio);
	memset(data, 0, n);
	return 0;
}

/* May a page be copied from; to? */
static inline bool
readable(const struct vm_page *pg)
{

	return (pg->flags & (PG_BUSY | PG_FAKE)) == 0;
}

static inline bool
writable(const struct vm_page *pg)
{

	/*
	 * A clean page of a file may need blocks or a place in a transaction:
	 * its file system knows.  One that is dirty has been there.
	 */
	return (pg->flags & (PG_BUSY | PG_FAKE | PG_RDONLY)) == 0 &&
	    ((pg->flags & PG_FILE) == 0 || (pg->flags & PG_DIRTY) != 0);
}

/*
 * How many pages, at most max, follow pg in file and memory (and count it),
 * all fit to be copied from or to.
 */
static u_int
fit_stretch(struct vm_page *pg, u_int max, bool write)
{
	u_int n = 0;

	while (pg != NULL && n < max &&
	    (write ? writable(pg) : readable(pg))) {
		n++;
		pg = page_next(pg);
	}
	return n;
}

/*
 * Pages of a file are used: the page daemon should take others.  The look without
 * the page lock may miss a mark that is just being taken off; it will be set by
 * the next use.
 */
static void
mark_used(struct vm_page *pg, u_int n)
{
	u_int i;

	if ((pg->flags & PG_FILE) == 0)
		return;
	for (i = 0; i < n; i++)
		if ((atomic_load_relaxed(&pg[i].pqflags) & PQ_PRIVATE) == 0)
			break;
	if (i == n)
		return;
	uvm_pagelock(pg);
	for (; i < n; i++)
		uvm_pageactivate(&pg[i]);
	uvm_pageunlock(pg);
}

static void
mark_dirty(struct vm_page *pg, u_int n)
{

	for (; n > 0; n--, pg++)
		if ((pg->flags & PG_DIRTY) == 0)
			uvm_pagemarkdirty(pg, UVM_PAGE_STATUS_DIRTY);
}

/*
 * Copy what is in memory of [off, off + len), from the start.  *done: bytes.
 * Object locked: as reader for a read, else as writer.
 */
static int
copy_resident(struct uvm_object *uobj, struct uio *uio, voff_t off,
    size_t len, bool write, size_t *done)
{
	struct vm_page *pg = NULL;
	size_t n, skip;
	int error = 0;
	u_int npages;

	for (*done = 0; *done < len && error == 0; *done += n) {
		skip = (off + *done) & PAGE_MASK;
		pg = uvm_pagelookup(uobj, off + *done - skip);
		npages = fit_stretch(pg,
		    atop(round_page(skip + (len - *done))), write);
		if (npages == 0)
			break;
		n = MIN(len - *done, ptoa((size_t)npages) - skip);
		mark_used(pg, npages);
		if (write)
			mark_dirty(pg, npages);
		error = move(page_data(pg) + skip, n, uio);
	}
	return error;
}

/*
 * Ask the pager for pages.  Object locked as writer; released.  On success the
 * pages of the piece are busy and ours, pc_npages of them, at least one.
 */
static int
piece_get(struct uvm_object *uobj, struct piece *pc, vm_prot_t access,
    int advice, int flags)
{
	int error, want = pc->pc_npages;

	for (;;) {
		memset(pc->pc_pages, 0, sizeof(pc->pc_pages));
		pc->pc_npages = want;
		error = (*uobj->pgops->pgo_get)(uobj, pc->pc_off,
		    pc->pc_pages, &pc->pc_npages, 0, access, advice,
		    flags | PGO_SYNCIO | PGO_ALLPAGES | PGO_NOTIMESTAMP);
		if (error != EAGAIN)
			break;
		kpause("ubcget", false, RETRY_TICKS, NULL);
		rw_enter(uobj->vmobjlock, RW_WRITER);
	}
	return error;
}

/* How many pages of a piece there are from the start, one after the other. */
static int
piece_count(const struct piece *pc)
{
	int n = 0;

	while (n < pc->pc_npages && pc->pc_pages[n] != NULL &&
	    pc->pc_pages[n] != PGO_DONTCARE)
		n++;
	KASSERT(n > 0);
	return n;
}

/*
 * Make the pages of a piece everybody's; the first so many were filled.  Object
 * locked as writer.
 */
static void
piece_put(struct piece *pc, int filled)
{
	struct vm_page *pg;
	int i;

	for (i = 0; i < pc->pc_npages; i++) {
		pg = pc->pc_pages[i];
		if (pg == NULL || pg == PGO_DONTCARE)
			continue;
		if (i < filled) {
			pg->flags &= ~PG_FAKE;
			uvm_pagemarkdirty(pg, UVM_PAGE_STATUS_DIRTY);
		}
		uvm_pagelock(pg);
		uvm_pageactivate(pg);
		uvm_pageunlock(pg);
	}
	uvm_page_unbusy(pc->pc_pages, pc->pc_npages);
}

/* Copy between a uio and busy pages of ours, len bytes from off on. */
static int
piece_fill(struct piece *pc, struct uio *uio, voff_t off, size_t len)
{
	size_t n, skip = off - pc->pc_off;
	int error = 0;
	u_int i, npages;

	for (; len > 0 && error == 0; len -= n, skip += n) {
		i = atop(skip);
		npages = page_stretch(&pc->pc_pages[i], pc->pc_npages - i);
		n = MIN(len, ptoa((size_t)npages) - (skip & PAGE_MASK));
		error = move(page_data(pc->pc_pages[i]) + (skip & PAGE_MASK),
		    n, uio);
	}
	return error;
}

/* ---------------------------------------------------------------- reading */

/* Bring the pages in from off on, up to len bytes within one run. */
static int
read_in(struct uvm_object *uobj, voff_t off, size_t len, int advice)
{
	struct piece pc;
	int error;

	pc.pc_off = trunc_page(off);
	pc.pc_npages = atop(round_page(MIN(off + (voff_t)len, run_end(off))) -
	    pc.pc_off);
	rw_enter(uobj->vmobjlock, RW_WRITER);
	error = piece_get(uobj, &pc, VM_PROT_READ, advice, 0);
	if (error != 0)
		return error;
	rw_enter(uobj->vmobjlock, RW_WRITER);
	piece_put(&pc, 0);
	rw_exit(uobj->vmobjlock);
	return 0;
}

/* Start what a reader who has just copied will read next. */
static void
read_on(struct uvm_object *uobj, voff_t off, size_t len, int advice)
{
	struct vnode *vp;

	if (!UVM_OBJ_IS_VNODE(uobj) || advice == UVM_ADV_RANDOM)
		return;
	vp = vnode_of(uobj);
	if (!readahead_due(vp, off, len))
		return;
	rw_enter(uobj->vmobjlock, RW_WRITER);
	uvm_ra_request(vp->v_ractx, advice, uobj, off, len);
	rw_exit(uobj->vmobjlock);
}

static int
read_range(struct uvm_object *uobj, struct uio *uio, size_t todo, int advice)
{
	voff_t off = uio->uio_offset;
	size_t done, n;
	int error = 0;

	while (todo > 0 && error == 0) {
		n = MIN(todo, HOLD_MOST);
		rw_enter(uobj->vmobjlock, RW_READER);
		error = copy_resident(uobj, uio, off, n, false, &done);
		rw_exit(uobj->vmobjlock);
		if (error != 0)
			break;
		if (done > 0)
			read_on(uobj, off, done, advice);
		off += done;
		todo -= done;
		if (done < n)
			error = read_in(uobj, off, todo, advice);
	}
	return error;
}

/* ---------------------------------------------------------------- writing */

/*
 * How much of [off, off + len), in one run, is written in one way: whole pages,
 * whose contents need not be read, or part of a page.
 */
static size_t
same_kind(voff_t off, size_t len, bool faultbusy, bool *whole)
{
	size_t n, skip = off & PAGE_MASK;

	len = MIN(len, (size_t)(run_end(off) - off));
	*whole = true;
	if (faultbusy && skip == 0)
		return len;
	if (skip == 0 && len >= PAGE_SIZE)
		return trunc_page(len);
	*whole = false;
	n = PAGE_SIZE - skip;
	return MIN(n, len);
}

/*
 * Write a piece by way of the pager.  Object locked as writer; released.
 * uio NULL: zeros.
 */
static int
write_piece(struct uvm_object *uobj, struct uio *uio, voff_t off, size_t len,
    bool whole, int advice, int flags)
{
	int error, gflags = PGO_PASTEOF, npages;
	struct piece pc;
	size_t got;

	if (whole)
		gflags |= PGO_OVERWRITE;
	if ((flags & UBC_FAULTBUSY) != 0)
		gflags |= PGO_NOBLOCKALLOC;
	pc.pc_off = trunc_page(off);
	pc.pc_npages = atop(round_page(off + (voff_t)len) - pc.pc_off);
	error = piece_get(uobj, &pc, VM_PROT_READ | VM_PROT_WRITE, advice,
	    gflags);
	if (error != 0)
		return error;
	npages = piece_count(&pc);
	got = ptoa((size_t)npages) - (off - pc.pc_off);
	if (whole && len < got) {
		/* the last page is not covered, and nothing was read */
		size_t rest = got - len;

		(void)piece_fill(&pc, NULL, off + len, rest);
	}
	error = piece_fill(&pc, uio, off, MIN(len, got));
	if (error != 0 && whole)
		(void)piece_fill(&pc, NULL, off, MIN(len, got));
	rw_enter(uobj->vmobjlock, RW_WRITER);
	piece_put(&pc, npages);
	rw_exit(uobj->vmobjlock);
	return error;
}

/*
 * Write [off, off + todo) from uio, or zeros.  *moved: bytes that are done when
 * an error ends it.
 */
static int
write_range(struct uvm_object *uobj, struct uio *uio, voff_t off, size_t todo,
    int advice, int flags, size_t *moved)
{
	size_t done, n, left;
	bool whole;
	int error;

	for (*moved = 0; *moved < todo; *moved += n) {
		left = todo - *moved;
		rw_enter(uobj->vmobjlock, RW_WRITER);
		error = copy_resident(uobj, uio, off + *moved,
		    MIN(left, HOLD_MOST), true, &n);
		if (error != 0 || n > 0) {
			rw_exit(uobj->vmobjlock);
			if (error != 0)
				return error;
			continue;
		}
		n = same_kind(off + *moved, left,
		    (flags & UBC_FAULTBUSY) != 0, &whole);
		done = uio != NULL ? uio->uio_resid : 0;
		error = write_piece(uobj, uio, off + *moved, n, whole, advice,
		    flags);
		if (error != 0)
			return error;
		if (uio != NULL)
			n = done - uio->uio_resid;
	}
	return 0;
}

/* How many of the first todo bytes of a uio have memory. */
static size_t
with_memory(const struct uio *uio, size_t todo)
{
	size_t n = 0;
	int i;

	for (i = 0; i < uio->uio_iovcnt && n < todo; i++) {
		if (uio->uio_iov[i].iov_len != 0 &&
		    uio->uio_iov[i].iov_base == NULL)
			return n;
		n += uio->uio_iov[i].iov_len;
	}
	return MIN(n, todo);
}

static int
write_local(struct uvm_object *uobj, struct uio *uio, size_t todo, int advice,
    int flags)
{
	size_t n = with_memory(uio, todo), moved;
	int error;

	error = write_range(uobj, uio, uio->uio_offset, n, advice, flags,
	    &moved);
	return error == 0 && n < todo ? EFAULT : error;
}

/* ---------------------------------------------------------------- clients */

/*
 * A request of a remote client, by way of a buffer: as much as fits in it.
 * What a failed write took from the client and did not use is given back in
 * uio_resid and uio_offset.
 */
static int
move_remote(struct uvm_object *uobj, struct uio *uio, char *buf, size_t n,
    int advice, int flags)
{
	bool write = uio->uio_rw == UIO_WRITE;
	struct iovec iov = { .iov_base = buf, .iov_len = n };
	struct uio local;
	int error, error1;
	size_t unused;

	UIO_SETUP_SYSSPACE(&local);
	local.uio_iov = &iov;
	local.uio_iovcnt = 1;
	local.uio_offset = uio->uio_offset;
	local.uio_resid = n;
	local.uio_rw = uio->uio_rw;
	if (!write) {
		error = read_range(uobj, &local, n, advice);
		error1 = uiomove(buf, n - local.uio_resid, uio);
		return error != 0 ? error : error1;
	}
	error = uiomove(buf, n, uio);
	if (error != 0)
		return error;
	error = write_local(uobj, &local, n, advice, flags);
	unused = local.uio_resid;
	uio->uio_resid += unused;
	uio->uio_offset -= unused;
	return error;
}

static int
all_remote(struct uvm_object *uobj, struct uio *uio, size_t todo, int advice,
    int flags)
{
	size_t before, n;
	int error = 0;
	char *buf;

	buf = kmem_alloc(RUN_BYTES, KM_SLEEP);
	while (todo > 0 && error == 0) {
		n = MIN(todo, (size_t)(run_end(uio->uio_offset) -
		    uio->uio_offset));
		before = uio->uio_resid;
		error = move_remote(uobj, uio, buf, n, advice, flags);
		todo -= before - uio->uio_resid;
	}
	kmem_free(buf, RUN_BYTES);
	return error;
}

/* -------------------------------------------------------------- interface */

/*
 * Copy between a uio and an object, at the uio's offset.
 *
 * todo    bytes, at most uio_resid.  For a read: within the object.  For a
 *         write to a vnode: within its write size.
 * advice  UVM_ADV_*.
 * flags   UBC_READ or UBC_WRITE, as uio_rw says.
 *         UBC_PARTIALOK: after an error leave the rest as it is.
 *         UBC_FAULTBUSY: write to blocks that are allocated and that nobody
 *         else has seen: nothing is read, and after an error the rest is
 *         zeroed unless UBC_PARTIALOK.
 *
 * Returns 0, EFAULT, or the pager's error; the uio tells how far it came.
 * Locks:   vnode locked, at least shared to read, exclusively to write.  No
 *          page, node or object lock held.
 * Context: thread, may sleep.
 */
int
ubc_uiomove(struct uvm_object *uobj, struct uio *uio, vsize_t todo, int advice,
    int flags)
{
	bool write = (flags & UBC_WRITE) != 0;
	voff_t end = uio->uio_offset + todo;
	int error;

	KASSERT(todo <= uio->uio_resid);
	KASSERT(write == (uio->uio_rw == UIO_WRITE));
	if (todo == 0)
		return 0;
	if (!uio_addressable(uio))
		error = all_remote(uobj, uio, todo, advice, flags);
	else if (write)
		error = write_local(uobj, uio, todo, advice, flags);
	else
		error = read_range(uobj, uio, todo, advice);
	if (error != 0 && write && (flags & UBC_FAULTBUSY) != 0 &&
	    (flags & UBC_PARTIALOK) == 0 && uio->uio_offset < end)
		ubc_zerorange(uobj, uio->uio_offset, end - uio->uio_offset,
		    flags);
	return error;
}

/*
 * Clear [off, off + len) of an object, through its pages.
 *
 * flags   as ubc_uiomove; UBC_WRITE need not be given.
 *
 * The caller cannot be told of an error, and what is not cleared shows what was on the disk:
 * so memory is waited for again and again. What fails all the same is kept on the
 * vnode, for who waits for its writes.
 * Locks:   as ubc_uiomove for a write.
 */
void
ubc_zerorange(struct uvm_object *uobj, off_t off, size_t len, int flags)
{
	int error, tries = 0;
	size_t moved;

	for (;;) {
		error = write_range(uobj, NULL, off, len, UVM_ADV_NORMAL, flags,
		    &moved);
		off += moved;
		len -= moved;
		if (error != ENOMEM || tries++ == ZERO_TRIES)
			break;
		kpause("ubczero", false, RETRY_TICKS, NULL);
	}
	if (error != 0 && UVM_OBJ_IS_VNODE(uobj))
		vnode_note_error(vnode_of(uobj), error);
}

/* The object's pages are about to be freed. */
void
ubc_purge(struct uvm_object *uobj)
{

	KASSERT(LIST_EMPTY(&uobj->uo_ubc));
}

/* The page cache starts: the base may tell vnodes' objects from others. */
void
ubc_init(void)
{

	uvm_vnodepager = &uvm_vnodeops;
}
