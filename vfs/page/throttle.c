/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Limits to what is dirty.
 *
 *	throttle_writer		after each write(2): start write-back, or wait for it
 *	vm.dirty		bytes of files that are not on disk yet
 *	vm.dirty_background	from here on writers start write-back
 *	vm.dirty_limit		what all mounts together may have
 *
 * Every page of a file that is dirty, or on its way to the disk, is counted, for
 * its mount (struct page_tally) and for all.  Below the background mark that is all
 * that happens; a write looks at one number.  Above it:
 *
 * - Each stretch of a file that was written is the occasion to start writing the
 *   file, and each time that a quarter of the mark has been written to a mount, all
 *   of its files are started.  Nobody waits for these transfers.
 *
 * - A mount may have as many pages as the limit leaves free.  So one alone has half
 *   of the limit, two that want more than they get have a third each: a slow disk
 *   never takes all, and who writes to a fast one finds room.  A writer whose mount
 *   has more waits until as many pages of it have been written as he has just
 *   added.  That is the pace of his disk, shared among its writers by what they
 *   write.  Who adds nothing does not wait.
 *
 * A write that fails counts as one that ended: a disk that takes nothing holds up
 * nobody for ever.  Its pages stay dirty, and when memory is short the page daemon
 * throws them away, with an error (doc/pagecache.md).  The daemon and the threads that
 * end transfers never come here.  One write(2) is not cut, whatever its size; the
 * daemon sees to memory meanwhile.
 *
 * Locks: a writer comes without any, but in a transaction of the vnode's mount, that
 * keeps mount and tally; transfers that are under way end without one.  pt_lock, a
 * leaf, protects what waiters look at.
 *
 * Ref: A. Choudhury, E. Hahne, Dynamic Queue Length Thresholds for Shared-Memory
 *      Packet Switches, IEEE/ACM Transactions on Networking 6 (1998).
 */
#include <sys/param.h>
#include <sys/systm.h>
#include <sys/atomic.h>
#include <sys/errno.h>
#include <sys/fstrans.h>
#include <sys/kmem.h>
#include <sys/mount.h>
#include <sys/sysctl.h>
#include <sys/vnode.h>

#include <rump-private/pages.h>
#include <uvm/uvm.h>

#include "mount_impl.h"
#include "page/throttle.h"

/* The longest stretch of a file between two starts of its write-back. */
#define STRETCH_MAX	(1024 * 1024)

/* In pages; any values are safe, so they are read and changed without a lock. */
static u_int background, limit;

struct page_tally *
throttle_create(struct mount *mp)
{
	struct page_tally *tally = kmem_zalloc(sizeof(*tally), KM_SLEEP);

	tally->pt_mount = mp;
	mutex_init(&tally->pt_lock, MUTEX_DEFAULT, IPL_NONE);
	cv_init(&tally->pt_cv, "dirty");
	return tally;
}

void
throttle_destroy(struct page_tally *tally)
{

	KASSERT(tally->pt_unwritten == 0);
	cv_destroy(&tally->pt_cv);
	mutex_destroy(&tally->pt_lock);
	kmem_free(tally, sizeof(*tally));
}

void
throttle_init(void)
{

	limit = page_file_most() / 2;
	background = limit / 4;
}

void
throttle_began(struct page_tally *tally, u_int n)
{

	if (tally == NULL)
		return;
	mutex_enter(&tally->pt_lock);
	tally->pt_writing += n;
	mutex_exit(&tally->pt_lock);
}

void
throttle_ended(struct page_tally *tally, u_int n)
{

	if (tally == NULL)
		return;
	mutex_enter(&tally->pt_lock);
	/* a file system may have written pages in its own way */
	tally->pt_writing -= MIN(n, tally->pt_writing);
	tally->pt_ended += n;
	cv_broadcast(&tally->pt_cv);
	mutex_exit(&tally->pt_lock);
}

/* --------------------------------------------------------------- write-back */

static void
start_file(struct vnode *vp)
{

	rw_enter(vp->v_uobj.vmobjlock, RW_WRITER);
	(void)VOP_PUTPAGES(vp, 0, 0, PGO_CLEANIT | PGO_ALLPAGES);
}

static bool
to_be_written(void *arg, struct vnode *vp)
{

	return vp->v_type == VREG && (vp->v_iflag & VI_ONWORKLST) != 0;
}

static void
start_mount(struct mount *mp)
{
	struct vnode_iterator *it;
	struct vnode *vp;

	vfs_vnode_iterator_init(mp, &it);
	while ((vp = vfs_vnode_iterator_next(it, to_be_written, NULL)) !=
	    NULL) {
		start_file(vp);
		vrele(vp);
	}
	vfs_vnode_iterator_destroy(it);
}

/* Does [off, off + len) reach into a stretch that begins after off? */
static bool
crosses(off_t off, size_t len)
{
	const off_t stretch = MAX(MIN(STRETCH_MAX, ptoa((off_t)background) / 4),
	    PAGE_SIZE);

	return off / stretch != (off + (off_t)len) / stretch;
}

/* Has another quarter of the mark been written to the mount? */
static bool
mount_due(struct page_tally *tally, size_t len)
{
	const u_int share = MAX(background * (PAGE_SIZE / 1024) / 4, 1);
	const u_int kib = (u_int)howmany(len, 1024);
	const u_int now = atomic_add_int_nv(&tally->pt_since, (int)kib);

	return now / share != (now - kib) / share;
}

/* ------------------------------------------------------------------ waiting */

/* How many pages too many does the mount have? */
static u_int
excess(const struct page_tally *tally)
{
	const u_int mine = atomic_load_relaxed(&tally->pt_unwritten);
	const u_int all = atomic_load_relaxed(&pages_unwritten);
	const u_int most = atomic_load_relaxed(&limit);
	const u_int share = all < most ? most - all : 0;

	return mine > share ? mine - share : 0;
}

/* Is something of the mount under way? */
static bool
writing(struct page_tally *tally)
{
	bool answer;

	mutex_enter(&tally->pt_lock);
	answer = tally->pt_writing != 0;
	mutex_exit(&tally->pt_lock);
	return answer;
}

/* Wait until n more pages were written, or all is well, or nothing is under way. */
static void
await(struct page_tally *tally, u_int n)
{
	u_int begin;

	mutex_enter(&tally->pt_lock);
	begin = tally->pt_ended;
	while (tally->pt_writing != 0 && tally->pt_ended - begin < n &&
	    excess(tally) != 0)
		cv_wait(&tally->pt_cv, &tally->pt_lock);
	mutex_exit(&tally->pt_lock);
}

/* Above the mark. */
static void
hold_up(struct vnode *vp, off_t off, size_t len, bool others)
{
	struct page_tally *tally = vp->v_uobj.uo_tally;

	if (crosses(off, len))
		start_file(vp);
	if (others && mount_due(tally, len))
		start_mount(tally->pt_mount);
	if (excess(tally) == 0)
		return;
	if (!writing(tally))
		start_file(vp);
	if (!writing(tally) && others)
		start_mount(tally->pt_mount);
	await(tally, (u_int)howmany(len, PAGE_SIZE));
}

void
throttle_writer(struct vnode *vp, off_t off, size_t len, bool others)
{
	struct mount *mp;

	if (__predict_true(atomic_load_relaxed(&pages_unwritten) <=
	    atomic_load_relaxed(&background)) || vp->v_type != VREG ||
	    len == 0)
		return;
	mp = vnode_fstrans_start(vp);
	hold_up(vp, off, len, others);
	fstrans_done(mp);
}

/* ------------------------------------------------------------------- sysctl */

/* A number of pages, in bytes to the outside. */
static int
bytes(SYSCTLFN_ARGS)
{
	struct sysctlnode node = *rnode;
	u_int *pages = rnode->sysctl_data;
	quad_t value = (quad_t)ptoa((quad_t)atomic_load_relaxed(pages));
	int error;

	node.sysctl_data = &value;
	error = sysctl_lookup(SYSCTLFN_CALL(&node));
	if (error != 0 || newp == NULL)
		return error;
	if (value < 0 || atop(value) > UINT_MAX / 2)
		return EINVAL;
	atomic_store_relaxed(pages, (u_int)atop(value));
	return 0;
}

SYSCTL_SETUP(sysctl_dirty_setup, "dirty data of files")
{

	sysctl_createv(clog, 0, NULL, NULL,
	    CTLFLAG_PERMANENT | CTLFLAG_READONLY, CTLTYPE_QUAD, "dirty",
	    SYSCTL_DESCR("Bytes of files that are not on disk yet"), bytes, 0,
	    __UNVOLATILE(&pages_unwritten), 0, CTL_VM, CTL_CREATE, CTL_EOL);
	sysctl_createv(clog, 0, NULL, NULL,
	    CTLFLAG_PERMANENT | CTLFLAG_READWRITE, CTLTYPE_QUAD,
	    "dirty_background", SYSCTL_DESCR("Bytes from which on writers "
	    "start write-back"), bytes, 0, &background, 0, CTL_VM, CTL_CREATE,
	    CTL_EOL);
	sysctl_createv(clog, 0, NULL, NULL,
	    CTLFLAG_PERMANENT | CTLFLAG_READWRITE, CTLTYPE_QUAD,
	    "dirty_limit", SYSCTL_DESCR("Bytes that all mounts may have"),
	    bytes, 0, &limit, 0, CTL_VM, CTL_CREATE, CTL_EOL);
}
