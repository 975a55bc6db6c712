/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Transactions of mounts, and suspending a mount.
 *
 *   fstrans_start, _nowait, _lazy, _done   a thread is busy in a mount
 *   fstrans_setstate                       admit no more, wait for the rest
 *   vfs_suspend, vfs_resume                the same through the file system
 *   fscow_*                                hooks before a block is overwritten
 *
 * Nearly every operation on a vnode begins and ends a transaction, and mounts
 * are suspended once in their life.  So the thread that begins one only counts
 * in a record of its own (one for each mount that it uses, kept on the lwp)
 * and looks at the state of the mount; it changes nothing that others read.
 * Who suspends changes the state, makes all CPUs pass a memory barrier, and
 * then looks at all records:
 *
 *	thread				suspender
 *	count = 1			state = SUSPENDED
 *	(compiler barrier)		barrier on all CPUs
 *	state is NORMAL?		count of all records 0?
 *
 * One of them sees the other; and the same holds for the thread that leaves.
 *
 * A record with a count admits its thread again whatever the state, so only
 * the outermost transaction ever waits; the owner of a suspension is always
 * admitted.  A lazy transaction is admitted while the state is SUSPENDING.
 *
 * The state of a mount is an object of its own with a reference count: records
 * point to it, so that a thread may sleep for a mount that goes away.  A layer
 * shares the state of the mount below.  The dead mount has none: it is never
 * suspended.
 */
#include <sys/param.h>
#include <sys/atomic.h>
#include <sys/buf.h>
#include <sys/condvar.h>
#include <sys/errno.h>
#include <sys/fstrans.h>
#include <sys/kmem.h>
#include <sys/lwp.h>
#include <sys/mount.h>
#include <sys/mutex.h>
#include <sys/pool.h>
#include <sys/pserialize.h>
#include <sys/queue.h>
#include <sys/rwlock.h>
#include <sys/specificdata.h>
#include <sys/systm.h>
#include <sys/vnode.h>
#include <sys/xcall.h>

#include <miscfs/genfs/genfs.h>
#include <miscfs/specfs/specdev.h>

#include "mount_impl.h"
#include "vnode_life.h"

/* A copy-before-write hook. */
struct cow_hook {
	LIST_ENTRY(cow_hook) link;		/* trans.cow_lock */
	int	(*func)(void *, struct buf *, bool);
	void	*arg;
};

/* The transactions of a mount. */
struct trans {
	volatile unsigned	refs;		/* atomic: mounts, records */
	volatile enum fstrans_state state;	/* lock to change */
	lwp_t *volatile		owner;		/* lock to change */
	volatile bool		gone;		/* lock to change: unmounted */
	LIST_HEAD(, fstrans_lwp_info) records;	/* lock */
	krwlock_t		cow_lock;
	LIST_HEAD(, cow_hook)	cow_hooks;	/* cow_lock */
};

/* A thread's transactions of one mount. */
struct fstrans_lwp_info {
	struct trans		*trans;		/* constant, a reference */
	lwp_t			*lwp;		/* constant */
	struct fstrans_lwp_info	*next;		/* of the lwp; its own */
	volatile unsigned	count;		/* the lwp's; others read */
	volatile bool		lazy;		/* the outermost one is lazy */
	LIST_ENTRY(fstrans_lwp_info) link;	/* lock: trans.records */
};

static kmutex_t lock;
static kcondvar_t admitted;	/* a mount is NORMAL again */
static kcondvar_t drained;	/* somebody left a mount that is not */
static kmutex_t suspending;	/* held by who has suspended a mount */
static pool_cache_t record_cache;
static specificdata_key_t exit_key;


/* ----------------------------------------------------- states and records */

static struct trans *
trans_alloc(void)
{
	struct trans *t = kmem_zalloc(sizeof(*t), KM_SLEEP);

	t->refs = 1;
	t->state = FSTRANS_NORMAL;
	LIST_INIT(&t->records);
	LIST_INIT(&t->cow_hooks);
	rw_init(&t->cow_lock);
	return t;
}

static void
trans_rele(struct trans *t)
{

	membar_exit();
	if (atomic_dec_uint_nv(&t->refs) > 0)
		return;
	membar_enter();
	KASSERT(LIST_EMPTY(&t->records) && LIST_EMPTY(&t->cow_hooks));
	rw_destroy(&t->cow_lock);
	kmem_free(t, sizeof(*t));
}

/* The calling thread's record, if it has one; the last one used comes first. */
static inline struct fstrans_lwp_info *
record_find(const struct trans *t)
{
	lwp_t *l = curlwp;
	struct fstrans_lwp_info *r = l->l_fstrans, **prev;

	if (__predict_true(r != NULL && r->trans == t))
		return r;
	for (prev = &l->l_fstrans; (r = *prev) != NULL; prev = &r->next) {
		if (r->trans == t) {
			*prev = r->next;
			r->next = l->l_fstrans;
			l->l_fstrans = r;
			return r;
		}
	}
	return NULL;
}

static void
record_free(struct fstrans_lwp_info *r)
{

	KASSERT(r->count == 0);
	mutex_enter(&lock);
	LIST_REMOVE(r, link);
	mutex_exit(&lock);
	trans_rele(r->trans);
	pool_cache_put(record_cache, r);
}

/* Drop this thread's records of mounts that are gone. */
static void
records_prune(lwp_t *l)
{
	struct fstrans_lwp_info **prev = &l->l_fstrans, *r;

	while ((r = *prev) != NULL) {
		if (r->count == 0 && r->trans->gone) {
			*prev = r->next;
			record_free(r);
		} else {
			prev = &r->next;
		}
	}
}

/*
 * See that this thread's records are freed with it.  Threads whose first
 * transaction is one that may not wait call this before.
 */
void
fstrans_thread_init(void)
{

	if (lwp_getspecific(exit_key) == NULL)
		lwp_setspecific(exit_key, curlwp);
}

/* Make a record for the calling thread; NULL only if it may not wait. */
static struct fstrans_lwp_info *
record_make(struct trans *t, bool wait)
{
	lwp_t *l = curlwp;
	struct fstrans_lwp_info *r;

	if (wait)
		fstrans_thread_init();
	else if (lwp_getspecific(exit_key) == NULL)
		return NULL;
	r = pool_cache_get(record_cache, wait ? PR_WAITOK : PR_NOWAIT);
	if (r == NULL)
		return NULL;
	records_prune(l);
	atomic_inc_uint(&t->refs);
	r->trans = t;
	r->lwp = l;
	r->count = 0;
	r->lazy = false;
	mutex_enter(&lock);
	LIST_INSERT_HEAD(&t->records, r, link);
	mutex_exit(&lock);
	r->next = l->l_fstrans;
	l->l_fstrans = r;
	return r;
}

/*
 * The lwp is going away.
 *
 * Context: its thread, or that which frees it; it is in no transaction.
 */
void
fstrans_lwp_dtor(struct lwp *l)
{
	struct fstrans_lwp_info *r;

	while ((r = l->l_fstrans) != NULL) {
		l->l_fstrans = r->next;
		record_free(r);
	}
}

static void
lwp_is_gone(void *l)
{

	fstrans_lwp_dtor(l);
}

void
fstrans_init(void)
{

	mutex_init(&lock, MUTEX_DEFAULT, IPL_NONE);
	mutex_init(&suspending, MUTEX_DEFAULT, IPL_NONE);
	cv_init(&admitted, "fstrans");
	cv_init(&drained, "fssuspnd");
	record_cache = pool_cache_init(sizeof(struct fstrans_lwp_info),
	    COHERENCY_UNIT, 0, 0, "fstrans", NULL, IPL_NONE, NULL, NULL, NULL);
	lwp_specific_key_create(&exit_key, lwp_is_gone);
}

/* ---------------------------------------------------- begin, end: on states */

/* May this thread begin a transaction, which it has already counted? */
static inline bool
is_admitted(const struct trans *t, bool lazy)
{

	const enum fstrans_state state = atomic_load_relaxed(&t->state);

	return __predict_true(state == FSTRANS_NORMAL) ||
	    (lazy && state == FSTRANS_SUSPENDING) ||
	    atomic_load_relaxed(&t->owner) == curlwp;
}

/* Begin if that needs no memory and no waiting. */
static inline bool
begin_fast(struct trans *t, bool lazy)
{
	struct fstrans_lwp_info *r = record_find(t);

	if (__predict_false(r == NULL))
		return false;
	if (r->count > 0) {
		atomic_store_relaxed(&r->count, r->count + 1);
		return true;
	}
	atomic_store_relaxed(&r->lazy, lazy);
	atomic_store_relaxed(&r->count, 1);
	__insn_barrier();
	if (is_admitted(t, lazy))
		return true;
	atomic_store_relaxed(&r->count, 0);
	return false;
}

static void
end(struct trans *t)
{
	struct fstrans_lwp_info *r = record_find(t);

	KASSERTMSG(r != NULL && r->count > 0, "fstrans_done without a start");
	/* what was done in the transaction comes before its end */
	membar_exit();
	atomic_store_relaxed(&r->count, r->count - 1);
	__insn_barrier();
	if (r->count == 0 && __predict_false(atomic_load_relaxed(&t->state) !=
	    FSTRANS_NORMAL)) {
		mutex_enter(&lock);
		cv_broadcast(&drained);
		mutex_exit(&lock);
	}
}

/*
 * Begin, with all that it takes.
 *
 * Returns 0; EBUSY if it may not wait and the mount is suspended, or there is
 * no memory for the record.
 */
static int
begin_slow(struct trans *t, bool lazy, bool wait)
{

	if (record_find(t) == NULL && record_make(t, wait) == NULL)
		return EBUSY;
	while (!begin_fast(t, lazy)) {
		mutex_enter(&lock);
		/* the suspender may have seen our count */
		cv_broadcast(&drained);
		while (wait && !is_admitted(t, lazy))
			cv_wait(&admitted, &lock);
		mutex_exit(&lock);
		if (!wait)
			return EBUSY;
	}
	return 0;
}

/* -------------------------------------------------- begin, end: on mounts */

/*
 * Begin a transaction, waiting while the mount is suspended by another thread.
 * Nests.  Each needs its fstrans_done() by the same thread.
 *
 * Context: thread, may sleep.
 */
void
fstrans_start(struct mount *mp)
{
	struct trans *t = mp->mnt_transinfo;

	if (t != NULL && !begin_fast(t, false))
		(void)begin_slow(t, false, true);
}

/* The same, but EBUSY instead of waiting. */
int
fstrans_start_nowait(struct mount *mp)
{
	struct trans *t = mp->mnt_transinfo;

	if (t == NULL || begin_fast(t, false))
		return 0;
	return begin_slow(t, false, false);
}

/* The same, admitted also while the mount is only about to be suspended. */
void
fstrans_start_lazy(struct mount *mp)
{
	struct trans *t = mp->mnt_transinfo;

	if (t != NULL && !begin_fast(t, true))
		(void)begin_slow(t, true, true);
}

void
fstrans_done(struct mount *mp)
{

	if (mp->mnt_transinfo != NULL)
		end(mp->mnt_transinfo);
}

/*
 * Begin a transaction of the mount that vp is in at the moment.
 *
 * wait  or return EBUSY
 *
 * The mount is looked at inside a read section, and its memory goes only when
 * all sections that might have seen it have ended.  To sleep we leave the
 * section, with a reference to the state.
 */
static int
vnode_begin(struct vnode *vp, bool wait, struct mount **mpp)
{
	bool begun, moved;
	struct trans *t;
	int s, error;

	for (;;) {
		s = pserialize_read_enter();
		/* who sees that it is the dead one sees a vnode that is dead */
		*mpp = atomic_load_acquire(&vp->v_mount);
		t = (*mpp)->mnt_transinfo;
		begun = t == NULL || begin_fast(t, false);
		if (__predict_true(begun &&
		    *mpp == atomic_load_acquire(&vp->v_mount))) {
			pserialize_read_exit(s);
			return 0;
		}
		if (t != NULL)
			atomic_inc_uint(&t->refs);
		pserialize_read_exit(s);
		if (t == NULL)
			continue;
		error = begun ? 0 : begin_slow(t, false, wait);
		moved = error == 0 &&
		    *mpp != atomic_load_acquire(&vp->v_mount);
		if (moved)
			end(t);
		trans_rele(t);
		if (!moved)
			return error;
	}
}

struct mount *
vnode_fstrans_start(struct vnode *vp)
{
	struct mount *mp;

	(void)vnode_begin(vp, true, &mp);
	return mp;
}

int
vnode_fstrans_trystart(struct vnode *vp, struct mount **mpp)
{

	return vnode_begin(vp, false, mpp);
}

/* For assertions: is this thread in a transaction of mp? */
int
fstrans_held(struct mount *mp)
{
	struct trans *t = mp->mnt_transinfo;
	struct fstrans_lwp_info *r;

	if (t == NULL)
		return 1;
	r = record_find(t);
	return r != NULL && r->count > 0;
}

/* Has this thread suspended mp? */
int
fstrans_is_owner(struct mount *mp)
{
	struct trans *t = mp->mnt_transinfo;

	return t != NULL && atomic_load_relaxed(&t->owner) == curlwp;
}

/* Give a mount its state.  Returns 0. */
int
fstrans_mount(struct mount *mp)
{

	KASSERT(mp->mnt_transinfo == NULL);
	mp->mnt_transinfo = trans_alloc();
	return 0;
}

/* The mount is gone; threads drop what they remember of it. */
void
fstrans_unmount(struct mount *mp)
{
	struct trans *t = mp->mnt_transinfo;

	if (t == NULL || mp->mnt_lower != NULL)
		return;
	mutex_enter(&lock);
	t->gone = true;
	mutex_exit(&lock);
}

/* A layer is suspended together with what is below it. */
void
fstrans_mount_share(struct mount *mp, struct mount *lower)
{
	struct trans *old = mp->mnt_transinfo, *t = lower->mnt_transinfo;

	if (t != NULL)
		atomic_inc_uint(&t->refs);
	mp->mnt_transinfo = t;
	if (old != NULL)
		trans_rele(old);
}

void
fstrans_mount_free(struct mount *mp)
{

	if (mp->mnt_transinfo != NULL)
		trans_rele(mp->mnt_transinfo);
	mp->mnt_transinfo = NULL;
}

/* ------------------------------------------------------------- suspending */

/* Do other threads' transactions stand against the state?  lock held. */
static bool
others_busy(const struct trans *t, enum fstrans_state state)
{
	const struct fstrans_lwp_info *r;

	LIST_FOREACH(r, &t->records, link) {
		if (r->lwp == curlwp || atomic_load_relaxed(&r->count) == 0)
			continue;
		if (state == FSTRANS_SUSPENDING && atomic_load_relaxed(&r->lazy))
			continue;
		return true;
	}
	return false;
}

/* Wait until no transaction stands against the state; lock held. */
static int
wait_drained(struct trans *t, enum fstrans_state state)
{
	int error;

	while (others_busy(t, state)) {
		if ((error = cv_wait_sig(&drained, &lock)) != 0)
			return error;
	}
	return 0;
}

/*
 * Change the state of a mount, and wait for the transactions that it does not
 * admit.  The first change away from NORMAL makes this thread the owner, the
 * change back ends that.
 *
 * Returns 0, or EINTR or ERESTART with the state as before.
 * Context: thread, may sleep; from VFS_SUSPENDCTL.
 */
int
fstrans_setstate(struct mount *mp, enum fstrans_state state)
{
	struct trans *t = mp->mnt_transinfo;
	enum fstrans_state old;
	int error = 0;

	if (t == NULL)
		return EOPNOTSUPP;
	mutex_enter(&lock);
	KASSERTMSG(t->owner == NULL || t->owner == curlwp,
	    "mount %p is suspended by another thread", mp);
	old = t->state;
	atomic_store_relaxed(&t->owner, curlwp);
	atomic_store_relaxed(&t->state, state);
	mutex_exit(&lock);
	if (state != FSTRANS_NORMAL) {
		xc_barrier(0);
		mutex_enter(&lock);
		if ((error = wait_drained(t, state)) != 0)
			atomic_store_relaxed(&t->state, old);
		mutex_exit(&lock);
	}
	mutex_enter(&lock);
	if (t->state == FSTRANS_NORMAL)
		atomic_store_relaxed(&t->owner, NULL);
	/* lazy ones may begin even when it is not NORMAL yet */
	cv_broadcast(&admitted);
	mutex_exit(&lock);
	return error;
}

enum fstrans_state
fstrans_getstate(struct mount *mp)
{
	struct trans *t = mp->mnt_transinfo;

	return t == NULL ? FSTRANS_NORMAL : t->state;
}

/*
 * Through the file system, which may have work of its own before transactions
 * stop.  One that knows nothing of suspending has none; nor has one that was
 * unmounted, and has a layer above that is still there.
 */
static int
suspendctl(struct mount *mp, int cmd)
{
	int error = EOPNOTSUPP;

	if ((atomic_load_relaxed(&mp->mnt_iflag) & IMNT_GONE) == 0)
		error = VFS_SUSPENDCTL(mp, cmd);
	return error == EOPNOTSUPP ? genfs_suspendctl(mp, cmd) : error;
}

static struct mount *
lowest(struct mount *mp)
{

	while (mp->mnt_lower != NULL)
		mp = mp->mnt_lower;
	return mp;
}

/*
 * Suspend a file system: afterwards no other thread is in it, and this thread
 * owns it until vfs_resume().  One at a time in the whole kernel.
 *
 * nowait  EWOULDBLOCK if another one is suspended
 *
 * Returns 0, EWOULDBLOCK, EOPNOTSUPP (the dead mount), ENOENT (unmounted), or
 * an error of the file system.
 * Context: thread, may sleep; no transaction of another mount whose holder
 *          this one might wait for.
 */
int
vfs_suspend(struct mount *mp, int nowait)
{
	int error;

	if (lowest(mp) == dead_rootmount)
		return EOPNOTSUPP;
	if (nowait && !mutex_tryenter(&suspending))
		return EWOULDBLOCK;
	if (!nowait)
		mutex_enter(&suspending);
	error = (atomic_load_relaxed(&mp->mnt_iflag) & IMNT_GONE) != 0 ? ENOENT :
	    suspendctl(lowest(mp), SUSPEND_SUSPEND);
	if (error != 0)
		mutex_exit(&suspending);
	return error;
}

void
vfs_resume(struct mount *mp)
{

	(void)suspendctl(lowest(mp), SUSPEND_RESUME);
	mutex_exit(&suspending);
	vlru_resumed();
}

/* ------------------------------------------------------ copy before write */

/*
 * Have func(arg, bp, data_valid) called before a buffer of mp is modified for
 * the first time since it was clean.
 *
 * Returns 0, or EOPNOTSUPP for a mount that has no transactions.
 */
int
fscow_establish(struct mount *mp, int (*func)(void *, struct buf *, bool),
    void *arg)
{
	struct trans *t = mp->mnt_transinfo;
	struct cow_hook *h;

	if (t == NULL)
		return EOPNOTSUPP;
	h = kmem_alloc(sizeof(*h), KM_SLEEP);
	h->func = func;
	h->arg = arg;
	rw_enter(&t->cow_lock, RW_WRITER);
	LIST_INSERT_HEAD(&t->cow_hooks, h, link);
	rw_exit(&t->cow_lock);
	return 0;
}

/* Undo fscow_establish(); when it returns the hook does not run any more. */
int
fscow_disestablish(struct mount *mp, int (*func)(void *, struct buf *, bool),
    void *arg)
{
	struct trans *t = mp->mnt_transinfo;
	struct cow_hook *h;

	if (t == NULL)
		return EINVAL;
	rw_enter(&t->cow_lock, RW_WRITER);
	LIST_FOREACH(h, &t->cow_hooks, link) {
		if (h->func == func && h->arg == arg)
			break;
	}
	if (h != NULL)
		LIST_REMOVE(h, link);
	rw_exit(&t->cow_lock);
	if (h == NULL)
		return EINVAL;
	kmem_free(h, sizeof(*h));
	return 0;
}

/* The mount whose block a buffer holds, or NULL. */
static struct mount *
mount_of(struct buf *bp)
{

	if (bp->b_vp == NULL)
		return NULL;
	if (bp->b_vp->v_type == VBLK)
		return spec_node_getmountedfs(bp->b_vp);
	return bp->b_vp->v_mount;
}

/*
 * Run the hooks for a buffer that is about to be modified, once.
 *
 * data_valid  the buffer has what is on disk now
 *
 * Returns 0, or a hook's error: then the buffer must not be written.
 * Locks: bp busy.
 */
int
fscow_run(struct buf *bp, bool data_valid)
{
	struct mount *mp;
	struct cow_hook *h;
	struct trans *t;
	int error = 0;

	if ((bp->b_flags & B_COWDONE) != 0)
		return 0;
	mp = mount_of(bp);
	t = mp == NULL ? NULL : mp->mnt_transinfo;
	if (t != NULL && !LIST_EMPTY(&t->cow_hooks)) {
		rw_enter(&t->cow_lock, RW_READER);
		LIST_FOREACH(h, &t->cow_hooks, link) {
			if ((error = h->func(h->arg, bp, data_valid)) != 0)
				break;
		}
		rw_exit(&t->cow_lock);
	}
	if (error == 0)
		bp->b_flags |= B_COWDONE;
	return error;
}
