/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The name cache: which vnode a name in a directory stands for.
 *
 *   cache_lookup, cache_lookup_raw   what is known of a name
 *   cache_enter, cache_enter_id      what a file system has found out
 *   cache_purge1, cache_purgevfs     forget it
 *   cache_revlookup                  the parent and name of a vnode
 *
 * An entry is in three places: the table of its directory, where it is found;
 * the list of its vnode's names, so that it goes when the vnode goes; and a
 * queue that a sweep goes through when there are too many.  The cache holds no
 * references: entries that name a vnode, and those inside it, are purged when
 * it is reclaimed.  A look-up takes its reference through the vnode's gate, or
 * gives up.
 *
 * Each directory has its own lock and its own table, so look-ups in different
 * directories share nothing.  A hit writes nothing but the lock word, the
 * reference, and a flag that tells the sweep to pass the entry over once.
 *
 * Locks: vi_nc_lock of the directory, vi_nc_listlock of the vnode, a queue's
 *        lock.  The sweep comes the other way and only tries.
 */
#include <sys/param.h>
#include <sys/atomic.h>
#include <sys/cpu.h>
#include <sys/errno.h>
#include <sys/kauth.h>
#include <sys/kmem.h>
#include <sys/mount.h>
#include <sys/mutex.h>
#include <sys/namei.h>
#include <sys/pool.h>
#include <sys/rwlock.h>
#include <sys/systm.h>

#include <miscfs/genfs/genfs.h>

#include "namecache.h"

#define QUEUES		16
#define DIR_MIN		8			/* chains of a first table */
#define SMALL_SIZE	128			/* entries that come from the pool */
#define SMALL_NAME	(SMALL_SIZE - offsetof(struct namecache, nc_name))

/* Statistics, for each CPU its own; approximate, as exactness would cost. */
#define COUNTERS	8
static struct {
	struct nchstats	stats;
} __aligned(COHERENCY_UNIT) counters[COUNTERS];
#define COUNT(what) \
	(counters[cpu_index(curcpu()) % COUNTERS].stats.ncs_##what++)

static struct queue {
	kmutex_t	lock;
	TAILQ_HEAD(, namecache) entries;	/* lock: oldest first */
	unsigned	count;			/* lock */
} __aligned(COHERENCY_UNIT) queues[QUEUES];

static pool_cache_t entry_cache;

void
namecache_boot(void)
{
	int i;

	for (i = 0; i < QUEUES; i++) {
		mutex_init(&queues[i].lock, MUTEX_DEFAULT, IPL_NONE);
		TAILQ_INIT(&queues[i].entries);
	}
	entry_cache = pool_cache_init(SMALL_SIZE, COHERENCY_UNIT, 0, 0,
	    "namecache", NULL, IPL_NONE, NULL, NULL, NULL);
}

void
cache_vnode_init(vnode_t *vp)
{
	struct vnode_impl *vip = VNODE_TO_VIMPL(vp);

	rw_init(&vip->vi_nc_lock);
	mutex_init(&vip->vi_nc_listlock, MUTEX_DEFAULT, IPL_NONE);
	TAILQ_INIT(&vip->vi_nc_list);
	vip->vi_nc_mode = (mode_t)VNOVAL;
}

void
cache_vnode_fini(vnode_t *vp)
{
	struct vnode_impl *vip = VNODE_TO_VIMPL(vp);

	KASSERT(vip->vi_nc_dir == NULL && TAILQ_EMPTY(&vip->vi_nc_list));
	rw_destroy(&vip->vi_nc_lock);
	mutex_destroy(&vip->vi_nc_listlock);
}

/* ---------------------------------------------------------------- entries */

uint32_t
namecache_hash(const char *name, size_t len)
{
	uint64_t h = len * 0x9e3779b97f4a7c15ULL, w;
	size_t n;

	for (; len > 0; name += n, len -= n) {
		w = 0;
		n = MIN(len, sizeof(w));
		memcpy(&w, name, n);
		h = (h ^ w) * 0xff51afd7ed558ccdULL;
		h ^= h >> 29;
	}
	return (uint32_t)(h ^ h >> 32);
}

static struct namecache *
entry_alloc(size_t len)
{

	if (len <= SMALL_NAME)
		return pool_cache_get(entry_cache, PR_WAITOK);
	return kmem_alloc(sizeof(struct namecache) + len, KM_SLEEP);
}

static void
entry_free(struct namecache *nc)
{

	if (nc->nc_nlen <= SMALL_NAME)
		pool_cache_put(entry_cache, nc);
	else
		kmem_free(nc, sizeof(*nc) + nc->nc_nlen);
}

static struct queue *
queue_of(const struct namecache *nc)
{

	return &queues[nc->nc_hash % QUEUES];
}

struct namecache *
namecache_find(struct vnode_impl *dvip, const char *name, size_t len,
    uint32_t hash)
{
	struct nchdir *nd = dvip->vi_nc_dir;
	struct namecache *nc;

	if (nd == NULL)
		return NULL;
	LIST_FOREACH(nc, &nd->nd_chain[hash & nd->nd_mask], nc_link) {
		if (nc->nc_hash == hash && nc->nc_nlen == len &&
		    memcmp(nc->nc_name, name, len) == 0)
			return nc;
	}
	return NULL;
}

static size_t
dir_size(unsigned chains)
{

	return sizeof(struct nchdir) + chains * sizeof(struct nchchain);
}

/* Room for one more name; the directory's lock is held as writer. */
static void
dir_grow(struct vnode_impl *dvip)
{
	struct nchdir *old = dvip->vi_nc_dir, *new;
	struct namecache *nc;
	unsigned n, i;

	if (old != NULL && old->nd_count <= old->nd_mask)
		return;
	n = old == NULL ? DIR_MIN : 2 * (old->nd_mask + 1);
	new = kmem_zalloc(dir_size(n), KM_SLEEP);
	new->nd_mask = n - 1;
	for (i = 0; old != NULL && i <= old->nd_mask; i++) {
		while ((nc = LIST_FIRST(&old->nd_chain[i])) != NULL) {
			LIST_REMOVE(nc, nc_link);
			LIST_INSERT_HEAD(&new->nd_chain[nc->nc_hash &
			    new->nd_mask], nc, nc_link);
		}
	}
	if (old != NULL) {
		new->nd_count = old->nd_count;
		kmem_free(old, dir_size(old->nd_mask + 1));
	}
	dvip->vi_nc_dir = new;
}

/* A name less; the directory's lock is held as writer. */
static void
dir_shrink(struct vnode_impl *dvip)
{
	struct nchdir *nd = dvip->vi_nc_dir;

	if (--nd->nd_count == 0) {
		dvip->vi_nc_dir = NULL;
		kmem_free(nd, dir_size(nd->nd_mask + 1));
	}
}

/* An entry becomes one of its vnode's names, or stops being one. */
static void
count_name(struct namecache *nc, bool is_name)
{
	struct vnode_impl *vip;

	if (nc->nc_vp == NULL)
		return;
	vip = VNODE_TO_VIMPL(nc->nc_vp);
	mutex_enter(&vip->vi_nc_listlock);
	if (is_name)
		TAILQ_INSERT_HEAD(&vip->vi_nc_list, nc, nc_list);
	else
		TAILQ_REMOVE(&vip->vi_nc_list, nc, nc_list);
	mutex_exit(&vip->vi_nc_listlock);
}

static void
entry_insert(struct vnode_impl *dvip, struct namecache *nc)
{
	struct queue *q = queue_of(nc);
	struct nchdir *nd;

	dir_grow(dvip);
	nd = dvip->vi_nc_dir;
	LIST_INSERT_HEAD(&nd->nd_chain[nc->nc_hash & nd->nd_mask], nc, nc_link);
	nd->nd_count++;
	count_name(nc, true);
	mutex_enter(&q->lock);
	TAILQ_INSERT_TAIL(&q->entries, nc, nc_lru);
	q->count++;
	mutex_exit(&q->lock);
}

/* Remove an entry; the directory's lock is held as writer. */
static void
entry_remove(struct vnode_impl *dvip, struct namecache *nc)
{
	struct queue *q = queue_of(nc);

	KASSERT(rw_write_held(&dvip->vi_nc_lock));
	count_name(nc, false);
	mutex_enter(&q->lock);
	TAILQ_REMOVE(&q->entries, nc, nc_lru);
	q->count--;
	mutex_exit(&q->lock);
	LIST_REMOVE(nc, nc_link);
	dir_shrink(dvip);
	entry_free(nc);
}

/* ------------------------------------------------------------------ sweep */

/*
 * Take an entry out, coming from its queue, whose lock is held.
 *
 * Returns false if some lock is busy.  The entry keeps the directory and the
 * vnode from being freed, for its removal needs the queue's lock.
 */
static bool
sweep_remove(struct queue *q, struct namecache *nc)
{
	struct vnode_impl *dvip = VNODE_TO_VIMPL(nc->nc_dvp), *vip = NULL;

	if (!rw_tryenter(&dvip->vi_nc_lock, RW_WRITER))
		return false;
	if (nc->nc_vp != NULL) {
		vip = VNODE_TO_VIMPL(nc->nc_vp);
		if (!mutex_tryenter(&vip->vi_nc_listlock)) {
			rw_exit(&dvip->vi_nc_lock);
			return false;
		}
		TAILQ_REMOVE(&vip->vi_nc_list, nc, nc_list);
		mutex_exit(&vip->vi_nc_listlock);
	}
	TAILQ_REMOVE(&q->entries, nc, nc_lru);
	q->count--;
	LIST_REMOVE(nc, nc_link);
	dir_shrink(dvip);
	rw_exit(&dvip->vi_nc_lock);
	entry_free(nc);
	return true;
}

/* Bring a queue to its limit: entries not used since the last sweep go. */
static void
sweep(struct queue *q)
{
	const unsigned limit = MAX(16u, 2u * (unsigned)desiredvnodes / QUEUES);
	struct namecache *nc;
	unsigned budget;

	/* entries come one by one, so this keeps up */
	for (budget = 8; q->count > limit && budget > 0; budget--) {
		nc = TAILQ_FIRST(&q->entries);
		if (!atomic_load_relaxed(&nc->nc_used) && sweep_remove(q, nc))
			continue;
		atomic_store_relaxed(&nc->nc_used, false);
		TAILQ_REMOVE(&q->entries, nc, nc_lru);
		TAILQ_INSERT_TAIL(&q->entries, nc, nc_lru);
	}
}

/* ---------------------------------------------------------------- look-up */

/* Remove a name, if it is there. */
static void
forget(struct vnode_impl *dvip, const char *name, size_t len)
{
	struct namecache *nc;

	rw_enter(&dvip->vi_nc_lock, RW_WRITER);
	nc = namecache_find(dvip, name, len, namecache_hash(name, len));
	if (nc != NULL)
		entry_remove(dvip, nc);
	rw_exit(&dvip->vi_nc_lock);
}

/*
 * What is known of a name in a directory?
 *
 * iswht  out: 1 if it is absent because of a whiteout; NULL: none here
 * vpp    out: the vnode, referenced and unlocked; NULL: absent
 *
 * Returns true if something is known.
 * Locks: dvp locked, shared or exclusively.
 */
bool
cache_lookup_raw(struct vnode *dvp, const char *name, size_t len,
    uint32_t flags, int *iswht, struct vnode **vpp)
{
	struct vnode_impl *dvip = VNODE_TO_VIMPL(dvp);
	struct namecache *nc;
	bool known = false;

	if (iswht != NULL)
		*iswht = 0;
	*vpp = NULL;
	if (len > NCHNAMLEN) {
		COUNT(long);
		return false;
	}
	rw_enter(&dvip->vi_nc_lock, RW_READER);
	nc = namecache_find(dvip, name, len, namecache_hash(name, len));
	if (nc == NULL) {
		COUNT(miss);
	} else if (nc->nc_vp == NULL) {
		known = true;
		if (iswht != NULL)
			*iswht = nc->nc_whiteout;
		COUNT(neghits);
	} else if (vcache_tryvget(nc->nc_vp) == 0) {
		known = true;
		*vpp = nc->nc_vp;
		COUNT(goodhits);
	} else {
		COUNT(falsehits);
	}
	if (known && !atomic_load_relaxed(&nc->nc_used))
		atomic_store_relaxed(&nc->nc_used, true);
	rw_exit(&dvip->vi_nc_lock);
	return known;
}

/*
 * The same for VOP_LOOKUP: an entry that the operation will make wrong is
 * forgotten, and not told of.
 *
 * nameiop, flags  of the componentname.  Without MAKEENTRY the name is about
 *                 to go; CREATE needs the directory's slot, not the news that
 *                 the name is absent.
 */
bool
cache_lookup(struct vnode *dvp, const char *name, size_t len,
    uint32_t nameiop, uint32_t flags, int *iswht, struct vnode **vpp)
{
	const bool creates = nameiop == CREATE && (flags & ISLASTCN) != 0;
	int wht;

	if (iswht != NULL)
		*iswht = 0;		/* drivers look at it after a miss */
	if (__predict_false((flags & MAKEENTRY) == 0)) {
		*vpp = NULL;
		if (len <= NCHNAMLEN)
			forget(VNODE_TO_VIMPL(dvp), name, len);
		COUNT(badhits);
		return false;
	}
	if (!cache_lookup_raw(dvp, name, len, flags, &wht, vpp))
		return false;
	if (*vpp == NULL && creates) {
		forget(VNODE_TO_VIMPL(dvp), name, len);
		COUNT(badhits);
		return false;
	}
	if (iswht != NULL)
		*iswht = wht;
	return true;
}

/*
 * Remember what a name stands for.
 *
 * vp     NULL: it is absent (a whiteout if flags has ISWHITEOUT)
 * flags  without MAKEENTRY nothing happens
 *
 * Locks: dvp locked, so that entry and directory agree; vp referenced.
 */
void
cache_enter(struct vnode *dvp, struct vnode *vp, const char *name, size_t len,
    uint32_t flags)
{
	struct vnode_impl *dvip = VNODE_TO_VIMPL(dvp);
	struct namecache *nc, *old;
	struct queue *q;

	if ((flags & MAKEENTRY) == 0 || len > NCHNAMLEN)
		return;
	nc = entry_alloc(len);
	nc->nc_dvp = dvp;
	nc->nc_vp = vp;
	nc->nc_hash = namecache_hash(name, len);
	nc->nc_nlen = (uint16_t)len;
	nc->nc_whiteout = vp == NULL && (flags & ISWHITEOUT) != 0;
	nc->nc_used = false;
	memcpy(nc->nc_name, name, len);
	q = queue_of(nc);

	rw_enter(&dvip->vi_nc_lock, RW_WRITER);
	old = namecache_find(dvip, name, len, nc->nc_hash);
	if (old != NULL)
		entry_remove(dvip, old);
	entry_insert(dvip, nc);
	rw_exit(&dvip->vi_nc_lock);

	mutex_enter(&q->lock);
	sweep(q);
	mutex_exit(&q->lock);
}

/*
 * Remember who may search a directory, so that walking a path need not ask the
 * file system.  To be called on load and on every change.
 *
 * valid  false: only the file system can tell (access control lists)
 */
void
cache_enter_id(struct vnode *vp, mode_t mode, uid_t uid, gid_t gid, bool valid)
{
	struct vnode_impl *vip = VNODE_TO_VIMPL(vp);

	if (vp->v_type != VDIR)
		return;
	rw_enter(&vip->vi_nc_lock, RW_WRITER);
	vip->vi_nc_mode = valid ? mode : (mode_t)VNOVAL;
	vip->vi_nc_uid = uid;
	vip->vi_nc_gid = gid;
	rw_exit(&vip->vi_nc_lock);
}

bool
cache_have_id(struct vnode *vp)
{

	return vp->v_type == VDIR && vp->v_mount != NULL &&
	    (atomic_load_relaxed(&vp->v_mount->mnt_iflag) & IMNT_NCLOOKUP) != 0 &&
	    VNODE_TO_VIMPL(vp)->vi_nc_mode != (mode_t)VNOVAL;
}

/* ------------------------------------------------------------------ purge */

/*
 * Forget all names in a directory.  The lock is taken even if there are none:
 * a walk may stand here without a reference (lookup_walk.c), and must have
 * left before the directory is freed.
 */
static void
purge_children(struct vnode_impl *dvip)
{
	struct namecache *nc;
	unsigned i = 0;

	if (VIMPL_TO_VNODE(dvip)->v_type != VDIR)
		return;
	rw_enter(&dvip->vi_nc_lock, RW_WRITER);
	/* the table goes with its last entry */
	while (dvip->vi_nc_dir != NULL) {
		nc = LIST_FIRST(&dvip->vi_nc_dir->nd_chain[i]);
		if (nc != NULL)
			entry_remove(dvip, nc);
		else
			i++;
	}
	rw_exit(&dvip->vi_nc_lock);
}

/*
 * Wait until the lock of a directory was free, coming from an entry in it.
 *
 * Locks: vi_nc_listlock of a vnode with a name in dvp, released.  It kept dvp
 *        from being freed.
 */
static void
wait_for_directory(struct vnode *dvp, kmutex_t *listlock)
{
	struct vnode_impl *dvip = VNODE_TO_VIMPL(dvp);

	if (vcache_tryvget(dvp) == 0) {
		mutex_exit(listlock);
		rw_enter(&dvip->vi_nc_lock, RW_WRITER);
		rw_exit(&dvip->vi_nc_lock);
		vrele_async(dvp);
	} else {
		/* it is being reclaimed, and purges the entry itself */
		mutex_exit(listlock);
		kpause("ncpurge", false, 1, NULL);
	}
}

/* Forget all names of a vnode. */
static void
purge_parents(struct vnode_impl *vip)
{
	struct namecache *nc;
	struct vnode *dvp;

	mutex_enter(&vip->vi_nc_listlock);
	while ((nc = TAILQ_FIRST(&vip->vi_nc_list)) != NULL) {
		dvp = nc->nc_dvp;
		if (!rw_tryenter(&VNODE_TO_VIMPL(dvp)->vi_nc_lock, RW_WRITER)) {
			wait_for_directory(dvp, &vip->vi_nc_listlock);
			mutex_enter(&vip->vi_nc_listlock);
			continue;
		}
		/* with the directory's lock the entry stays */
		mutex_exit(&vip->vi_nc_listlock);
		entry_remove(VNODE_TO_VIMPL(dvp), nc);
		rw_exit(&VNODE_TO_VIMPL(dvp)->vi_nc_lock);
		mutex_enter(&vip->vi_nc_listlock);
	}
	mutex_exit(&vip->vi_nc_listlock);
}

/*
 * Forget names.
 *
 * vp     a directory, or any vnode for PURGE_PARENTS alone
 * name   only this name in it; NULL: see flags
 * flags  PURGE_PARENTS: the names of vp; PURGE_CHILDREN: all names in it
 *
 * Context: thread, no name cache lock held.
 */
void
cache_purge1(struct vnode *vp, const char *name, size_t len, int flags)
{
	struct vnode_impl *vip = VNODE_TO_VIMPL(vp);

	if ((flags & PURGE_PARENTS) != 0)
		purge_parents(vip);
	if ((flags & PURGE_CHILDREN) != 0)
		purge_children(vip);
	if (name != NULL && len <= NCHNAMLEN)
		forget(vip, name, len);
}

static bool
has_children(void *arg, struct vnode *vp)
{

	return VNODE_TO_VIMPL(vp)->vi_nc_dir != NULL;
}

/* Forget all names of a mount.  The caller keeps it from being unmounted. */
void
cache_purgevfs(struct mount *mp)
{
	struct vnode_iterator *it;
	struct vnode *vp;

	vfs_vnode_iterator_init(mp, &it);
	while ((vp = vfs_vnode_iterator_next(it, has_children, NULL)) != NULL) {
		purge_children(VNODE_TO_VIMPL(vp));
		vrele(vp);
	}
	vfs_vnode_iterator_destroy(it);
}

/* ----------------------------------------------------------- the other way */

/* The name of a vnode that is neither "." nor ".."; list lock held. */
static struct namecache *
proper_name(struct vnode_impl *vip)
{
	struct namecache *nc;

	TAILQ_FOREACH(nc, &vip->vi_nc_list, nc_list) {
		if (nc->nc_nlen > 2 || nc->nc_name[0] != '.' ||
		    (nc->nc_nlen == 2 && nc->nc_name[1] != '.'))
			return nc;
	}
	return NULL;
}

/*
 * May the caller have this access to a directory, as far as is remembered?
 *
 * Returns 0, EACCES, or -1: ask the file system.
 */
static int
remembered_access(struct vnode *dvp, accmode_t accmode)
{
	struct vnode_impl *dvip = VNODE_TO_VIMPL(dvp);
	kauth_cred_t cred = kauth_cred_get();
	int error = -1;

	rw_enter(&dvip->vi_nc_lock, RW_READER);
	if (cache_have_id(dvp)) {
		error = genfs_can_access(dvp, cred, dvip->vi_nc_uid,
		    dvip->vi_nc_gid, dvip->vi_nc_mode, NULL, accmode);
		error = kauth_authorize_vnode(cred,
		    KAUTH_ACCESS_ACTION(accmode, VDIR,
		    dvip->vi_nc_mode & ALLPERMS), dvp, NULL, error);
	}
	rw_exit(&dvip->vi_nc_lock);
	return error;
}

/*
 * Find a vnode's directory, and put its name before *bpp.
 *
 * dvpp     out: the directory, referenced
 * bpp      in: where the name is to end; out: where it begins
 * buf      start of the buffer
 * check    accmode is needed on the directory
 *
 * Returns 0, -1 (the cache does not know), ERANGE (no room), or EACCES.
 */
int
cache_revlookup(struct vnode *vp, struct vnode **dvpp, char **bpp, char *buf,
    bool check, accmode_t accmode)
{
	struct vnode_impl *vip = VNODE_TO_VIMPL(vp);
	struct namecache *nc;
	struct vnode *dvp = NULL;
	char *bp = *bpp;
	int error = -1;

	*dvpp = NULL;
	mutex_enter(&vip->vi_nc_listlock);
	nc = proper_name(vip);
	if (nc != NULL && (size_t)(bp - buf) <= nc->nc_nlen) {
		error = ERANGE;
	} else if (nc != NULL && vcache_tryvget(nc->nc_dvp) == 0) {
		dvp = nc->nc_dvp;
		bp -= nc->nc_nlen;
		memcpy(bp, nc->nc_name, nc->nc_nlen);
		error = 0;
	}
	mutex_exit(&vip->vi_nc_listlock);
	if (error == -1)
		COUNT(revmiss);
	if (error != 0)
		return error;
	if (check && (error = remembered_access(dvp, accmode)) != 0) {
		vrele(dvp);
		COUNT(denied);
		return error;
	}
	COUNT(revhits);
	*bpp = bp;
	*dvpp = dvp;
	return 0;
}

/* File systems count here how they resolve "..". */
void
namecache_count_pass2(void)
{

	COUNT(pass2);
}

void
namecache_count_2passes(void)
{

	COUNT(2passes);
}

/* The statistics of all CPUs together. */
void
namecache_stats(struct nchstats *sum)
{
	uint64_t *to = (uint64_t *)sum;
	const uint64_t *from;
	size_t i, j;

	memset(sum, 0, sizeof(*sum));
	for (i = 0; i < COUNTERS; i++) {
		from = (const uint64_t *)&counters[i].stats;
		for (j = 0; j < sizeof(*sum) / sizeof(*to); j++)
			to[j] += from[j];
	}
}

/* For debuggers: the names of a vnode. */
void
namecache_print(struct vnode *vp, void (*pr)(const char *, ...))
{
	struct namecache *nc;

	TAILQ_FOREACH(nc, &VNODE_TO_VIMPL(vp)->vi_nc_list, nc_list)
		(*pr)("name %.*s in vnode %p\n", nc->nc_nlen, nc->nc_name,
		    nc->nc_dvp);
}
