/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * genfs_getpages: GETPAGES for file systems whose files are blocks of a device.
 *
 * The way of a request, if its pages are not simply there (doc/pagecache.md has
 * the contract):
 *
 *	enter	transaction, journal, node lock; the size must not have shrunk
 *	widen	to whole file system blocks
 *	collect	make all pages busy; those that are missing are new and fake
 *	fill	read the fake ones; holes and what is past the end become zeros
 *	alloc	blocks, if the access is a write and some are missing
 *	finish	hand over what was asked for, give back the rest
 *
 * A request that does not wait (read-ahead) collects only pages that are
 * missing, up to the first that is not, and leaves after the transfers were
 * started; their end gives back the pages.
 */
#include <sys/param.h>
#include <sys/atomic.h>
#include <sys/systm.h>
#include <sys/errno.h>
#include <sys/fstrans.h>
#include <sys/kauth.h>
#include <sys/kmem.h>
#include <sys/mount.h>
#include <sys/vnode.h>

#include <miscfs/genfs/genfs.h>
#include <miscfs/genfs/genfs_node.h>

#include "genfs/pageio.h"

/* Pages of a request that need no allocation: a run and what it may widen to. */
#define FEW_PAGES	(2 * RUN_PAGES)

/* gr_state of a page */
#define PS_FAKE		0x01	/* new: to be filled */
#define PS_HOLE		0x02	/* no blocks, or not for all of it */

struct getreq {
	struct vnode	*gr_vp;
	struct uvm_object *gr_uobj;
	int		gr_flags;	/* PGO_* */
	bool		gr_write;	/* access is a write */
	bool		gr_alloc;	/* ... for which blocks may be missing */
	bool		gr_sync;
	bool		gr_overwrite;
	bool		gr_hole;	/* a page is PS_HOLE */

	voff_t		gr_off;		/* what was asked for */
	int		gr_npages;
	off_t		gr_size;	/* v_size when we looked */
	off_t		gr_memeof;	/* pages may exist up to here */
	off_t		gr_diskeof;	/* blocks may exist up to here */

	voff_t		gr_start;	/* what is worked on */
	int		gr_total;
	int		gr_first;	/* index of gr_off's page */
	struct vm_page	**gr_pages;
	uint8_t		*gr_state;
	struct vm_page	*gr_few[FEW_PAGES];
	uint8_t		gr_fewstate[FEW_PAGES];
};

/* The request's node has times to be marked.  Object locked. */
static void
mark_times(struct getreq *gr)
{
	struct mount *mp = gr->gr_vp->v_mount;
	int flags = 0;

	if ((gr->gr_flags & PGO_NOTIMESTAMP) != 0 ||
	    VTOG(gr->gr_vp)->g_op->gop_markupdate == NULL)
		return;
	if ((atomic_load_relaxed(&mp->mnt_flag) & MNT_NOATIME) == 0)
		flags |= GOP_UPDATE_ACCESSED;
	if (gr->gr_write)
		flags |= GOP_UPDATE_MODIFIED;
	if (flags != 0)
		(*VTOG(gr->gr_vp)->g_op->gop_markupdate)(gr->gr_vp, flags);
}

/*
 * Where the file ends.  EINVAL if the page that matters is after that, else the
 * request is cut there.  Object locked.
 */
static int
find_end(struct getreq *gr, int centeridx)
{
	struct vnode *vp = gr->gr_vp;
	off_t end;

	gr->gr_size = vp->v_size;
	GOP_SIZE(vp, vp->v_size, &gr->gr_diskeof, 0);
	GOP_SIZE(vp, (gr->gr_flags & PGO_PASTEOF) != 0 ?
	    MAX(vp->v_size, vp->v_writesize) : vp->v_size, &gr->gr_memeof,
	    GOP_SIZE_MEM);
	if (gr->gr_off + ptoa((voff_t)centeridx) >= gr->gr_memeof)
		return EINVAL;
	end = round_page(gr->gr_memeof);
	if (gr->gr_off + ptoa((voff_t)gr->gr_npages) > end)
		gr->gr_npages = atop(end - gr->gr_off);
	return 0;
}

/* PGO_LOCKED: what is there, without waiting, and keep the lock. */
static int
get_locked(struct getreq *gr, struct vop_getpages_args *ap)
{
	unsigned int n = gr->gr_npages;

	(void)uvn_findpages(gr->gr_uobj, gr->gr_off, &n, ap->a_m, NULL,
	    UFP_NOWAIT | UFP_NOALLOC | UFP_NOBUSY |
	    (gr->gr_write ? UFP_NORDONLY : 0));
	*ap->a_count = n;
	if (ap->a_m[ap->a_centeridx] == NULL)
		return EBUSY;
	mark_times(gr);
	return 0;
}

/* Is all that was asked for there and free?  Then it is ours. */
static bool
get_resident(struct getreq *gr, struct vop_getpages_args *ap)
{
	unsigned int n = gr->gr_npages;
	int i;

	if (uvn_findpages(gr->gr_uobj, gr->gr_off, &n, ap->a_m, NULL,
	    UFP_NOWAIT | UFP_NOALLOC | (gr->gr_write ? UFP_NORDONLY : 0)) ==
	    gr->gr_npages) {
		for (i = 0; gr->gr_write && i < gr->gr_npages; i++)
			uvm_pagemarkdirty(ap->a_m[i], UVM_PAGE_STATUS_DIRTY);
		*ap->a_count = gr->gr_npages;
		mark_times(gr);
		return true;
	}
	uvm_page_unbusy(ap->a_m, gr->gr_npages);
	memset(ap->a_m, 0, gr->gr_npages * sizeof(*ap->a_m));
	return false;
}

/* Take what comes before pages are made busy.  Nothing locked. */
static int
enter(struct getreq *gr)
{
	struct mount *mp = gr->gr_vp->v_mount;
	int error;

	fstrans_start(mp);
	if (gr->gr_alloc && (gr->gr_flags & PGO_JOURNALLOCKED) == 0) {
		error = WAPBL_BEGIN(mp);
		if (error != 0) {
			fstrans_done(mp);
			return error;
		}
	}
	if ((gr->gr_flags & PGO_GLOCKHELD) != 0)
		return 0;
	if (gr->gr_alloc) {
		genfs_node_wrlock(gr->gr_vp);
	} else if (gr->gr_sync) {
		genfs_node_rdlock(gr->gr_vp);
	} else if (!genfs_node_rdtrylock(gr->gr_vp)) {
		/* nobody needs this so much that it should wait */
		fstrans_done(mp);
		return EBUSY;
	}
	return 0;
}

static void
leave(struct getreq *gr)
{
	struct mount *mp = gr->gr_vp->v_mount;

	if ((gr->gr_flags & PGO_GLOCKHELD) == 0)
		genfs_node_unlock(gr->gr_vp);
	if (gr->gr_alloc && (gr->gr_flags & PGO_JOURNALLOCKED) == 0)
		WAPBL_END(mp);
	fstrans_done(mp);
}

/*
 * Are blocks missing for what is to be overwritten?  If not, nothing else need
 * be known of them.
 */
static int
overwrite_hole(struct getreq *gr, bool *hole)
{
	off_t off, end = MIN(gr->gr_off + ptoa((voff_t)gr->gr_npages),
	    gr->gr_memeof);
	struct extent ex;
	int error;

	*hole = end > gr->gr_diskeof;
	for (off = gr->gr_off; off < end && !*hole; off += ex.ex_bytes) {
		error = pageio_map(gr->gr_vp, off, &ex);
		if (error != 0)
			return error;
		*hole = ex.ex_blkno < 0;
	}
	return 0;
}

/* Decide on what pages to work. */
static int
widen(struct getreq *gr)
{
	voff_t mask, end = gr->gr_off + ptoa((voff_t)gr->gr_npages);
	struct vnode *vp = gr->gr_vp;
	bool hole = true;
	int error;

	if (gr->gr_overwrite && gr->gr_alloc) {
		error = overwrite_hole(gr, &hole);
		if (error != 0)
			return error;
		gr->gr_hole = hole;
	}
	gr->gr_start = gr->gr_off;
	if (!gr->gr_overwrite || (gr->gr_alloc && hole)) {
		mask = vp->v_type == VBLK ? DEV_BSIZE - 1 :
		    ((voff_t)1 << vp->v_mount->mnt_fs_bshift) - 1;
		gr->gr_start = trunc_page(gr->gr_off & ~mask);
		end = round_page((end + mask) & ~mask);
		end = MIN(end, round_page(gr->gr_memeof));
	}
	gr->gr_total = atop(end - gr->gr_start);
	gr->gr_first = atop(gr->gr_off - gr->gr_start);
	return 0;
}

static void
arrays_alloc(struct getreq *gr)
{
	size_t n = gr->gr_total, bytes = n * sizeof(struct vm_page *);
	char *mem;

	gr->gr_pages = gr->gr_few;
	gr->gr_state = gr->gr_fewstate;
	if (n > FEW_PAGES) {
		mem = kmem_alloc(bytes + n, KM_SLEEP);
		gr->gr_pages = (struct vm_page **)mem;
		gr->gr_state = (uint8_t *)mem + bytes;
	}
	memset(gr->gr_pages, 0, bytes);
	memset(gr->gr_state, 0, n);
}

static void
arrays_free(struct getreq *gr, int total)
{

	if (gr->gr_pages != gr->gr_few)
		kmem_free(gr->gr_pages, total * (sizeof(*gr->gr_pages) + 1));
}

/* Give back pages [from, to); new ones are freed.  Object locked. */
static void
give_back(struct getreq *gr, int from, int to)
{
	struct vm_page *pg;
	int i;

	for (i = from; i < to; i++) {
		pg = gr->gr_pages[i];
		if (pg == NULL)
			continue;
		if ((pg->flags & PG_FAKE) != 0)
			pg->flags = (pg->flags & ~PG_FAKE) | PG_RELEASED;
	}
	uvm_page_unbusy(&gr->gr_pages[from], to - from);
}

/*
 * Read-ahead: keep the first pages that are missing, one after the other.
 * Object locked.  False: none is.
 */
static bool
collect_missing(struct getreq *gr)
{
	unsigned int n = gr->gr_total;
	int i, j;

	(void)uvn_findpages(gr->gr_uobj, gr->gr_start, &n, gr->gr_pages, NULL,
	    UFP_NOWAIT | UFP_NOCACHE);
	for (i = 0; i < gr->gr_total && gr->gr_pages[i] == NULL; i++)
		continue;
	for (j = i; j < gr->gr_total && gr->gr_pages[j] != NULL; j++)
		continue;
	give_back(gr, j, gr->gr_total);
	memmove(gr->gr_pages, &gr->gr_pages[i], (j - i) *
	    sizeof(*gr->gr_pages));
	gr->gr_start += ptoa((voff_t)i);
	gr->gr_total = j - i;
	return gr->gr_total > 0;
}

/*
 * Make the pages busy, and note which are new.  Object locked.  ENOENT: there are
 * none to read ahead; ENOMEM.
 */
static int
collect(struct getreq *gr)
{
	unsigned int n = gr->gr_total;
	int i;

	if (!gr->gr_sync) {
		if (!collect_missing(gr))
			return ENOENT;
	} else if (uvn_findpages(gr->gr_uobj, gr->gr_start, &n, gr->gr_pages,
	    NULL, UFP_ALL | UFP_GIVEUP) < gr->gr_total) {
		give_back(gr, 0, gr->gr_total);
		return ENOMEM;
	}
	for (i = 0; i < gr->gr_total; i++) {
		if ((gr->gr_pages[i]->flags & PG_FAKE) != 0)
			gr->gr_state[i] |= PS_FAKE;
		if ((gr->gr_pages[i]->flags & PG_RDONLY) != 0) {
			gr->gr_state[i] |= PS_HOLE;
			gr->gr_hole = true;
		}
	}
	return 0;
}

/* Is page i to be filled from disk, or with zeros? */
static bool
must_fill(const struct getreq *gr, int i)
{

	if ((gr->gr_state[i] & PS_FAKE) == 0)
		return false;
	return !gr->gr_overwrite || i < gr->gr_first ||
	    i >= gr->gr_first + gr->gr_npages;
}

/* Bytes from off on that are to be filled and lie together in memory. */
static off_t
fill_stretch(const struct getreq *gr, off_t off)
{
	int i = atop(off - gr->gr_start), n;

	for (n = 1; i + n < gr->gr_total && must_fill(gr, i + n); n++)
		if (gr->gr_pages[i + n]->phys_addr !=
		    gr->gr_pages[i + n - 1]->phys_addr + PAGE_SIZE)
			break;
	return gr->gr_start + ptoa((off_t)(i + n)) - off;
}

/* Clear bytes that have no blocks. */
static void
fill_zero(struct getreq *gr, off_t off, off_t n)
{
	int i, last = atop(off + n - 1 - gr->gr_start);

	i = atop(off - gr->gr_start);
	memset(page_data(gr->gr_pages[i]) + (off & PAGE_MASK), 0, n);
	for (; i <= last; i++) {
		/* the end of the last block is no hole, though it is zeroed */
		if (off >= gr->gr_diskeof && (off & PAGE_MASK) != 0)
			continue;
		gr->gr_state[i] |= PS_HOLE;
		gr->gr_hole = true;
	}
}

/*
 * Fill from off on: start a transfer, clear, or pass over.  *n: bytes dealt
 * with; *skipped: those for which no transfer was started.
 */
static int
fill_some(struct getreq *gr, buf_t *mbp, off_t off, off_t *n, off_t *skipped)
{
	int error, i = atop(off - gr->gr_start);
	struct extent ex;
	char *data;

	if (!must_fill(gr, i)) {
		*n = PAGE_SIZE - (off & PAGE_MASK);
		*skipped += *n;
		return 0;
	}
	if (off >= gr->gr_diskeof) {
		*n = PAGE_SIZE - (off & PAGE_MASK);
		fill_zero(gr, off, *n);
		*skipped += *n;
		return 0;
	}
	error = pageio_map(gr->gr_vp, off, &ex);
	if (error != 0)
		return error;
	*n = MIN(MIN(ex.ex_bytes, fill_stretch(gr, off)),
	    gr->gr_diskeof - off);
	data = page_data(gr->gr_pages[i]) + (off & PAGE_MASK);
	if (ex.ex_blkno < 0) {
		fill_zero(gr, off, *n);
		*skipped += *n;
	} else {
		pageio_start(mbp, off - gr->gr_start, data, (int)*n, &ex);
	}
	return 0;
}

/* A read-ahead that found holes says so before its pages can be seen. */
static void
mark_holes(struct getreq *gr)
{
	int i;

	if (!gr->gr_hole)
		return;
	rw_enter(gr->gr_uobj->vmobjlock, RW_WRITER);
	for (i = 0; i < gr->gr_total; i++)
		if ((gr->gr_state[i] & PS_HOLE) != 0)
			gr->gr_pages[i]->flags |= PG_RDONLY;
	rw_exit(gr->gr_uobj->vmobjlock);
}

/* Fill the new pages; sync: wait for it.  Nothing but the node locked. */
static int
fill(struct getreq *gr)
{
	off_t end = gr->gr_start + ptoa((off_t)gr->gr_total), off, n;
	off_t skipped = 0;
	int error = 0, i;
	buf_t *mbp;

	for (i = 0; i < gr->gr_total && !must_fill(gr, i); i++)
		continue;
	if (i == gr->gr_total)
		return 0;
	mbp = pageio_begin(gr->gr_vp, gr->gr_start, gr->gr_total,
	    end - gr->gr_start, false, gr->gr_sync);
	if (mbp == NULL)
		return ENOMEM;
	for (off = gr->gr_start; off < end; off += n) {
		error = fill_some(gr, mbp, off, &n, &skipped);
		if (error != 0)
			break;
	}
	skipped += end - off;
	if (!gr->gr_sync)
		mark_holes(gr);
	/* an async request may be over after this, its pages gone */
	pageio_skip(mbp, skipped, error);
	return gr->gr_sync ? pageio_wait(mbp) : 0;
}

/* Blocks for a write, if some are missing.  Pages busy, object not locked. */
static int
allocate_blocks(struct getreq *gr)
{
	off_t len;

	if (!gr->gr_alloc || !gr->gr_hole)
		return 0;
	len = MIN(ptoa((off_t)gr->gr_total), gr->gr_memeof - gr->gr_start);
	return GOP_ALLOC(gr->gr_vp, gr->gr_start, len, 0, kauth_cred_get());
}

/* What becomes of page i of a request that went well.  Object locked. */
static void
finish_page(struct getreq *gr, int i)
{
	bool asked = i >= gr->gr_first && i < gr->gr_first + gr->gr_npages;
	bool hole = (gr->gr_state[i] & PS_HOLE) != 0;
	struct vm_page *pg = gr->gr_pages[i];

	pg->flags &= ~PG_FAKE;
	if ((asked && gr->gr_write) || (hole && gr->gr_alloc)) {
		/* new blocks hold what was there before: zeros must go there */
		pg->flags &= ~PG_RDONLY;
		uvm_pagemarkdirty(pg, UVM_PAGE_STATUS_DIRTY);
	} else if (hole) {
		pg->flags |= PG_RDONLY;
	}
	uvm_pagelock(pg);
	if (asked)
		uvm_pageactivate(pg);
	else
		uvm_pageenqueue(pg);
	uvm_pageunlock(pg);
}

static void
finish(struct getreq *gr, struct vop_getpages_args *ap)
{
	int i, past = gr->gr_first + gr->gr_npages;

	rw_enter(gr->gr_uobj->vmobjlock, RW_WRITER);
	for (i = 0; i < gr->gr_total; i++)
		finish_page(gr, i);
	memcpy(ap->a_m, &gr->gr_pages[gr->gr_first],
	    gr->gr_npages * sizeof(*ap->a_m));
	*ap->a_count = gr->gr_npages;
	uvm_page_unbusy(gr->gr_pages, gr->gr_first);
	uvm_page_unbusy(&gr->gr_pages[past], gr->gr_total - past);
	mark_times(gr);
	rw_exit(gr->gr_uobj->vmobjlock);
}

/*
 * The whole way, with the locks of enter().  ERESTART: the file shrank.  Nothing
 * locked on return.
 */
static int
get_slow(struct getreq *gr, struct vop_getpages_args *ap)
{
	krwlock_t *lock = gr->gr_uobj->vmobjlock;
	int error, total;

	error = widen(gr);
	if (error != 0)
		return error;
	arrays_alloc(gr);
	total = gr->gr_total;
	rw_enter(lock, RW_WRITER);
	if (gr->gr_vp->v_size < gr->gr_size) {
		rw_exit(lock);
		arrays_free(gr, total);
		return ERESTART;
	}
	error = collect(gr);
	rw_exit(lock);
	if (error != 0) {
		arrays_free(gr, total);
		return error == ENOENT ? 0 : error;
	}
	error = fill(gr);
	if (gr->gr_sync && error == 0)
		error = allocate_blocks(gr);
	if (error != 0) {
		rw_enter(lock, RW_WRITER);
		give_back(gr, 0, gr->gr_total);
		rw_exit(lock);
	} else if (gr->gr_sync) {
		finish(gr, ap);
	}
	arrays_free(gr, total);
	return error;
}

static int
alive(struct vnode *vp)
{
	int error;

	mutex_enter(vp->v_interlock);
	error = vdead_check(vp, VDEAD_NOWAIT);
	mutex_exit(vp->v_interlock);
	return error;
}

/*
 * GETPAGES for files of blocks.  The inode begins with a genfs_node.
 *
 * Contract, locks: doc/pagecache.md; VOP_GETPAGES.
 * Context: thread; sleeps unless PGO_LOCKED.
 */
int
genfs_getpages(void *v)
{
	struct vop_getpages_args *ap = v;
	struct vnode *vp = ap->a_vp;
	struct getreq gr;
	int error;

	KASSERT(vp->v_type == VREG || vp->v_type == VDIR ||
	    vp->v_type == VLNK || vp->v_type == VBLK);
	KASSERT((ap->a_offset & PAGE_MASK) == 0 && ap->a_offset >= 0);
	KASSERT(*ap->a_count > 0);
	KASSERT(rw_lock_held(vp->v_uobj.vmobjlock));
	do {
		gr.gr_vp = vp;
		gr.gr_uobj = &vp->v_uobj;
		gr.gr_flags = ap->a_flags;
		gr.gr_write = (ap->a_access_type & VM_PROT_WRITE) != 0;
		gr.gr_overwrite = (ap->a_flags & PGO_OVERWRITE) != 0;
		gr.gr_alloc = gr.gr_write &&
		    (ap->a_flags & PGO_NOBLOCKALLOC) == 0;
		gr.gr_sync = (ap->a_flags & PGO_SYNCIO) != 0;
		gr.gr_hole = false;
		gr.gr_pages = NULL;
		gr.gr_off = ap->a_offset;
		gr.gr_npages = *ap->a_count;

		error = alive(vp);
		if (error == 0)
			error = find_end(&gr, ap->a_centeridx);
		if ((ap->a_flags & PGO_LOCKED) != 0)
			return error != 0 ? error : get_locked(&gr, ap);
		if (error != 0 || (gr.gr_sync && get_resident(&gr, ap))) {
			rw_exit(vp->v_uobj.vmobjlock);
			return error;
		}
		rw_exit(vp->v_uobj.vmobjlock);
		error = enter(&gr);
		if (error != 0)
			return error;
		error = get_slow(&gr, ap);
		leave(&gr);
		if (error == ERESTART)
			rw_enter(vp->v_uobj.vmobjlock, RW_WRITER);
	} while (error == ERESTART);
	return error;
}
