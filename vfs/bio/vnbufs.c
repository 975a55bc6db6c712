/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The buffers of a vnode: its lists of clean and dirty ones, and what is done
 * to all of them.
 *
 *	bgetvp, brelvp		join and leave a vnode
 *	reassignbuf		change between the lists
 *	vwakeup			one write less
 *	vflushbuf		write what is dirty
 *	vinvalbuf, vtruncbuf,
 *	binvalbuf		forget all, those from a block on, one
 *	buf_syncwait		wait for all writes of the system
 *
 * The lists are protected by bufcache_lock and the vnode's interlock, taken in
 * that order: both to change them, either to look.
 */
#include <sys/param.h>
#include <sys/systm.h>
#include <sys/buf.h>
#include <sys/condvar.h>
#include <sys/errno.h>
#include <sys/kernel.h>
#include <sys/mount.h>
#include <sys/rwlock.h>
#include <sys/vnode.h>
#include <sys/vnode_impl.h>

#include <miscfs/specfs/specdev.h>
#include <uvm/uvm_extern.h>
#include <uvm/uvm_object.h>
#include <uvm/uvm_pager.h>

#include "bufcache.h"
#include "page/pages.h"
#include "vn.h"

static void
list_enter(buf_t *bp, struct buflists *list)
{

	LIST_INSERT_HEAD(list, bp, b_vnbufs);
}

static void
list_leave(buf_t *bp)
{

	LIST_REMOVE(bp, b_vnbufs);
	LIST_NEXT(bp, b_vnbufs) = NOLIST;
}

/* When the syncer should write a vnode that has just become dirty. */
static int
delay_of(struct vnode *vp)
{

	if (vp->v_type == VDIR)
		return dirdelay;
	if (vp->v_type == VBLK && spec_node_getmountedfs(vp) != NULL)
		return metadelay;
	return filedelay;
}

void
vnode_leave_syncer(struct vnode *vp)
{

	KASSERT(mutex_owned(vp->v_interlock));
	if ((vp->v_iflag & VI_ONWORKLST) != 0 &&
	    LIST_EMPTY(&vp->v_dirtyblkhd) && uvm_obj_clean_p(&vp->v_uobj))
		vn_syncer_remove_from_worklist(vp);
}

/*
 * Make a buffer one of vp's clean ones.
 *
 * Locks:   bufcache_lock and vp's interlock held.
 */
void
bgetvp(struct vnode *vp, buf_t *bp)
{

	KASSERT(mutex_owned(&bufcache_lock));
	KASSERT(mutex_owned(vp->v_interlock));
	KASSERT(bp->b_vp == NULL);
	KASSERT(bp->b_objlock == &buffer_lock);
	vholdl(vp);
	bp->b_vp = vp;
	bp->b_dev = vp->v_type == VBLK || vp->v_type == VCHR ?
	    vp->v_rdev : NODEV;
	bp->b_objlock = vp->v_interlock;
	list_enter(bp, &vp->v_cleanblkhd);
}

/*
 * Take a buffer away from its vnode.
 *
 * Locks:   bufcache_lock and the vnode's interlock held.
 */
void
brelvp(buf_t *bp)
{
	struct vnode *vp = bp->b_vp;

	KASSERT(mutex_owned(&bufcache_lock));
	KASSERT(vp != NULL && mutex_owned(vp->v_interlock));
	if (LIST_NEXT(bp, b_vnbufs) != NOLIST)
		list_leave(bp);
	vnode_leave_syncer(vp);
	bp->b_objlock = &buffer_lock;
	bp->b_vp = NULL;
	holdrelel(vp);
}

/*
 * Put a buffer on the list of vp that BO_DELWRI says.
 *
 * Locks:   bufcache_lock and vp's interlock held.
 */
void
reassignbuf(buf_t *bp, struct vnode *vp)
{

	KASSERT(mutex_owned(&bufcache_lock));
	KASSERT(mutex_owned(vp->v_interlock));
	KASSERT((bp->b_cflags & BC_BUSY) != 0);
	if (LIST_NEXT(bp, b_vnbufs) != NOLIST)
		list_leave(bp);
	if ((bp->b_oflags & BO_DELWRI) == 0) {
		list_enter(bp, &vp->v_cleanblkhd);
		vnode_leave_syncer(vp);
		return;
	}
	list_enter(bp, &vp->v_dirtyblkhd);
	if ((vp->v_iflag & VI_ONWORKLST) == 0)
		vn_syncer_add_to_worklist(vp, delay_of(vp));
}

static void
output_done(struct vnode *vp)
{

	KASSERT(mutex_owned(vp->v_interlock));
	if (vp->v_numoutput <= 0)
		panic("vwakeup: vnode %p has no write to end", vp);
	if (--vp->v_numoutput == 0)
		cv_broadcast(&vp->v_cv);
}

/*
 * A write on the buffer's vnode has ended.
 *
 * Locks:   *b_objlock, the vnode's interlock, held.
 */
void
vwakeup(buf_t *bp)
{
	struct vnode *vp = bp->b_vp;

	if (vp == NULL)
		return;
	KASSERT(bp->b_objlock == vp->v_interlock);
	output_done(vp);
}

void
vnode_output_done(struct vnode *vp)
{

	mutex_enter(vp->v_interlock);
	output_done(vp);
	mutex_exit(vp->v_interlock);
}

/*
 * Start to write one dirty buffer of vp.  wait: also one that someone uses.
 * False: there is none.  *error: of waiting.
 */
static bool
flush_one(struct vnode *vp, bool wait)
{
	buf_t *bp;

	mutex_enter(&bufcache_lock);
again:
	LIST_FOREACH(bp, &vp->v_dirtyblkhd, b_vnbufs) {
		/* a journal writes its own */
		if ((bp->b_flags & B_LOCKED) != 0)
			continue;
		if ((bp->b_cflags & BC_BUSY) == 0 || wait)
			break;
	}
	if (bp == NULL) {
		mutex_exit(&bufcache_lock);
		return false;
	}
	if (bbusy(bp, false, 0, NULL) != 0) {
		if (buf_pagedaemon()) {
			mutex_exit(&bufcache_lock);
			return false;
		}
		goto again;
	}
	bp->b_cflags |= BC_VFLUSH;
	mutex_exit(&bufcache_lock);
	bawrite(bp);
	return true;
}

void
vnode_await_output(struct vnode *vp)
{

	mutex_enter(vp->v_interlock);
	while (vp->v_numoutput != 0)
		cv_wait(&vp->v_cv, vp->v_interlock);
	mutex_exit(vp->v_interlock);
}

/*
 * Write the dirty pages and buffers of a vnode.
 *
 * flags   FSYNC_WAIT: return when all is written; FSYNC_LAZY.
 *
 * Returns, with FSYNC_WAIT, the first error of this or an earlier write that
 * nobody waited for; else 0.
 * Locks:   vp locked.
 * Context: thread, may sleep.
 */
int
vflushbuf(struct vnode *vp, int flags)
{
	bool wait = (flags & FSYNC_WAIT) != 0;
	int error, error1, pflags;

	pflags = PGO_CLEANIT | PGO_ALLPAGES | (wait ? PGO_SYNCIO : 0) |
	    ((flags & FSYNC_LAZY) != 0 ? PGO_LAZY : 0);
	rw_enter(vp->v_uobj.vmobjlock, RW_WRITER);
	error = VOP_PUTPAGES(vp, 0, 0, pflags);

	while (flush_one(vp, wait))
		continue;
	if (!wait)
		return 0;
	vnode_await_output(vp);
	error1 = vn_wberror_take(vp);
	return error != 0 ? error : error1;
}

/*
 * Forget the buffers of a list whose block is at or after lbn.  EPASSTHROUGH:
 * the list changed, begin anew.  bufcache_lock held.
 */
static int
inval_list(struct buflists *list, daddr_t lbn, bool all, bool intr, int timeo)
{
	buf_t *bp, *next;
	int error;

	for (bp = LIST_FIRST(list); bp != NULL; bp = next) {
		next = LIST_NEXT(bp, b_vnbufs);
		if (!all && bp->b_lblkno < lbn)
			continue;
		error = bbusy(bp, intr, timeo, NULL);
		if (error != 0)
			return error;
		brelsel(bp, BC_INVAL | BC_VFLUSH);
	}
	return 0;
}

static int
inval_vnode(struct vnode *vp, daddr_t lbn, bool all, bool intr, int timeo)
{
	int error;

	mutex_enter(&bufcache_lock);
	do {
		error = inval_list(&vp->v_dirtyblkhd, lbn, all, intr, timeo);
		if (error == 0)
			error = inval_list(&vp->v_cleanblkhd, lbn, all, intr,
			    timeo);
	} while (error == EPASSTHROUGH);
	mutex_exit(&bufcache_lock);
	return error;
}

/*
 * Forget all pages and buffers of a vnode.
 *
 * flags     V_SAVE: write those that are dirty first, else they are lost.
 * catch_p   a signal ends waits; slptimeo: ticks, 0 for ever.
 *
 * Returns 0, or the error of a write or wait; then some may remain.
 * Locks:   vp locked exclusively.
 * Context: thread, may sleep.
 */
int
vinvalbuf(struct vnode *vp, int flags, kauth_cred_t cred, struct lwp *l,
    bool catch_p, int slptimeo)
{
	int error, pflags;

	pflags = PGO_ALLPAGES | PGO_FREE | PGO_SYNCIO |
	    ((flags & V_SAVE) != 0 ? PGO_CLEANIT | PGO_RECLAIM : 0);
	rw_enter(vp->v_uobj.vmobjlock, RW_WRITER);
	error = VOP_PUTPAGES(vp, 0, 0, pflags);
	if (error != 0)
		return error;
	if ((flags & V_SAVE) != 0) {
		error = VOP_FSYNC(vp, cred, FSYNC_WAIT | FSYNC_RECLAIM, 0, 0);
		if (error != 0)
			return error;
	}
	return inval_vnode(vp, 0, true, catch_p, slptimeo);
}

/*
 * Forget the pages and buffers of a vnode from a logical block on, dirty or
 * not, after the file was made shorter.
 *
 * lbn     file system block.
 *
 * Returns 0, or the error of a wait.
 * Locks:   vp locked exclusively.
 */
int
vtruncbuf(struct vnode *vp, daddr_t lbn, bool catch_p, int slptimeo)
{
	voff_t off;
	int error;

	off = round_page((voff_t)lbn << vp->v_mount->mnt_fs_bshift);
	rw_enter(vp->v_uobj.vmobjlock, RW_WRITER);
	error = VOP_PUTPAGES(vp, off, 0, PGO_FREE | PGO_SYNCIO);
	if (error != 0)
		return error;
	return inval_vnode(vp, lbn, false, catch_p, slptimeo);
}

/*
 * Forget the buffer of one logical block, dirty or not.
 */
void
binvalbuf(struct vnode *vp, daddr_t blkno)
{
	buf_t *bp;

	mutex_enter(&bufcache_lock);
	while ((bp = incore(vp, blkno)) != NULL)
		if (bbusy(bp, false, 0, NULL) == 0) {
			brelsel(bp, BC_INVAL);
			break;
		}
	mutex_exit(&bufcache_lock);
}
