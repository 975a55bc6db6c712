/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The vnode cache: from a file system's identity of an object to its vnode.
 *
 *   vcache_get      the vnode of (mount, key), loaded if need be
 *   vcache_new      the vnode of an object that is made for it
 *   vcache_rekey_*  an object changes its identity
 *
 * The table is split in SHARDS by hash; each shard has a lock and a table of
 * chains that doubles when there are more vnodes than chains, so neither the
 * number of CPUs nor a million vnodes make a chain long or a lock hot.  Empty
 * shards have no table: an idle kernel pays only for the locks.
 *
 * A vnode is in the table from before it is loaded until after it is
 * reclaimed, so whoever asks for an identity that is on its way in or out
 * finds it, and waits for the outcome: no two vnodes of one identity ever are
 * with the file system at a time.  While the file system reclaims it the key's
 * bytes are the cache's own copy.
 *
 * Locks: shard, then v_interlock.  A shard's lock keeps all vnodes of its
 * chains from being freed, and LOADING: while a vnode is, its file system may
 * give it the interlock of another one (vshareilock), so who finds it waits for
 * the shard and not for the vnode.
 */
#include <sys/param.h>
#include <sys/atomic.h>
#include <sys/errno.h>
#include <sys/kmem.h>
#include <sys/mount.h>
#include <sys/mutex.h>
#include <sys/pool.h>
#include <sys/systm.h>

#include <miscfs/deadfs/deadfs.h>
#include <miscfs/specfs/specdev.h>

#include "lockf.h"
#include "mount_impl.h"
#include "vnode_life.h"

#define SHARD_BITS	6
#define SHARDS		(1U << SHARD_BITS)
#define SHARD_MIN	8		/* chains of a shard's first table */

SLIST_HEAD(chain, vnode_impl);

struct shard {
	kmutex_t	lock;
	struct chain	*chains;	/* lock; NULL while there are none */
	unsigned	mask;		/* lock: number of chains - 1 */
	unsigned	count;		/* lock: vnodes in them */
	unsigned	waiting;	/* lock: threads that wait for one */
	kcondvar_t	changed;	/* ... that is no more LOADING, or gone */
} __aligned(COHERENCY_UNIT);

static struct shard shards[SHARDS];
static pool_cache_t vnode_cache;

void
vcache_boot(void)
{
	unsigned i;

	for (i = 0; i < SHARDS; i++) {
		mutex_init(&shards[i].lock, MUTEX_DEFAULT, IPL_NONE);
		cv_init(&shards[i].changed, "vload");
	}
	vnode_cache = pool_cache_init(sizeof(struct vnode_impl), COHERENCY_UNIT,
	    0, 0, "vcachepl", NULL, IPL_NONE, NULL, NULL, NULL);
}

/* ------------------------------------------------- vnodes without identity */

/*
 * Allocate a vnode of a mount: LOADING, one reference, in no table.
 *
 * mp  the mount; NULL: none yet
 *
 * Context: thread, may sleep.
 */
struct vnode *
vnode_alloc(struct mount *mp)
{
	struct vnode_impl *vip;
	struct vnode *vp;

	vlru_alloc_throttle();
	vip = pool_cache_get(vnode_cache, PR_WAITOK);
	memset(vip, 0, sizeof(*vip));
	vp = VIMPL_TO_VNODE(vip);
	uvm_obj_init(&vp->v_uobj, &uvm_vnodeops, true, 1);
	vp->v_interlock = mutex_obj_alloc(MUTEX_DEFAULT, IPL_NONE);
	cv_init(&vp->v_cv, "vnode");
	LIST_INIT(&vp->v_cleanblkhd);
	LIST_INIT(&vp->v_dirtyblkhd);
	SLIST_INIT(&vp->v_klist);
	rw_init(&vip->vi_lock);
	cache_vnode_init(vp);
	vip->vi_state = VS_LOADING;
	vp->v_type = VNON;
	vp->v_size = vp->v_writesize = VSIZENOTSET;
	vp->v_usecount = 1;
	atomic_inc_uint(&numvnodes);
	if (mp != NULL)
		vfs_insmntque(vp, mp);
	return vp;
}

/*
 * Free a vnode that nobody can find: no reference, no hold, dead or never
 * alive, in no table and in the name cache no more.
 */
void
vnode_free(struct vnode *vp)
{
	struct vnode_impl *vip = VNODE_TO_VIMPL(vp);

	KASSERT(vrefcnt(vp) == 0 && vp->v_holdcnt == 0);
	KASSERT(vp->v_writecount == 0 && vp->v_numoutput == 0);
	KASSERT(LIST_EMPTY(&vp->v_cleanblkhd) && LIST_EMPTY(&vp->v_dirtyblkhd));
	KASSERT((vp->v_iflag & VI_ONWORKLST) == 0);
	lf_vnode_free(vp);
	vlru_remove(vp);
	if (vp->v_mount != NULL)
		vfs_insmntque(vp, NULL);
	if ((vp->v_type == VBLK || vp->v_type == VCHR) && vp->v_specnode != NULL)
		spec_node_destroy(vp);
	cache_vnode_fini(vp);
	uvm_obj_destroy(&vp->v_uobj, true);
	cv_destroy(&vp->v_cv);
	rw_destroy(&vip->vi_lock);
	mutex_obj_free(vp->v_interlock);
	pool_cache_put(vnode_cache, vip);
	atomic_dec_uint(&numvnodes);
}

/* A place holder in a mount's list of vnodes. */
vnode_t *
vnalloc_marker(struct mount *mp)
{
	struct vnode_impl *vip;

	vip = pool_cache_get(vnode_cache, PR_WAITOK);
	memset(vip, 0, sizeof(*vip));
	vip->vi_state = VS_MARKER;
	vip->vi_vnode.v_mount = mp;
	vip->vi_vnode.v_type = VBAD;
	return VIMPL_TO_VNODE(vip);
}

void
vnfree_marker(vnode_t *vp)
{

	KASSERT(vnis_marker(vp));
	pool_cache_put(vnode_cache, VNODE_TO_VIMPL(vp));
}

bool
vnis_marker(vnode_t *vp)
{

	return VNODE_TO_VIMPL(vp)->vi_state == VS_MARKER;
}

/*
 * Let vp use the interlock of another vnode, a layer that of what is below.  Its
 * data are that one's, too, when it comes to holding up who writes too much.
 *
 * Locks: vp is being loaded and not visible.
 */
void
vshareilock(struct vnode *vp, struct vnode *from)
{
	kmutex_t *old = vp->v_interlock;

	mutex_obj_hold(from->v_interlock);
	vp->v_interlock = from->v_interlock;
	vp->v_uobj.uo_tally = from->v_uobj.uo_tally;
	mutex_obj_free(old);
}

/* ------------------------------------------------------------- the table */

static uint32_t
key_hash(const struct mount *mp, const void *key, size_t len)
{
	const uint8_t *p = key;
	uint64_t h = ((uintptr_t)mp >> 6) * 0x9e3779b97f4a7c15ULL + len, w;
	size_t n;

	/* multiply-and-fold, eight bytes at a time */
	for (; len > 0; p += n, len -= n) {
		w = 0;
		n = MIN(len, sizeof(w));
		memcpy(&w, p, n);
		h = (h ^ w) * 0xff51afd7ed558ccdULL;
		h ^= h >> 32;
	}
	h *= 0x9e3779b97f4a7c15ULL;
	return (uint32_t)(h >> 32);
}

static struct shard *
shard_of(uint32_t hash)
{

	return &shards[hash >> (32 - SHARD_BITS)];
}

static struct chain *
chain_of(struct shard *s, uint32_t hash)
{

	return &s->chains[hash & s->mask];
}

static struct vnode_impl *
chain_find(struct shard *s, uint32_t hash, const struct vcache_key *k)
{
	struct vnode_impl *vip;

	KASSERT(mutex_owned(&s->lock));
	if (s->chains == NULL)
		return NULL;
	SLIST_FOREACH(vip, chain_of(s, hash), vi_hash) {
		if (vip->vi_keyhash == hash &&
		    vip->vi_key.vk_mount == k->vk_mount &&
		    vip->vi_key.vk_key_len == k->vk_key_len &&
		    memcmp(vip->vi_key.vk_key, k->vk_key, k->vk_key_len) == 0)
			return vip;
	}
	return NULL;
}

/*
 * See that the shard has room for one vnode more: twice as many chains when
 * there are as many vnodes as chains.
 *
 * Locks: s->lock held, dropped while memory is allocated.
 */
static void
shard_grow(struct shard *s)
{
	struct chain *old, *new;
	unsigned oldn, n, i;
	struct vnode_impl *vip;

	oldn = s->chains == NULL ? 0 : s->mask + 1;
	if (s->count < oldn)
		return;
	n = oldn == 0 ? SHARD_MIN : oldn * 2;
	mutex_exit(&s->lock);
	new = kmem_zalloc(n * sizeof(*new), KM_SLEEP);
	mutex_enter(&s->lock);
	if ((s->chains == NULL ? 0 : s->mask + 1) != oldn) {
		/* somebody else was here */
		kmem_free(new, n * sizeof(*new));
		return;
	}
	old = s->chains;
	s->chains = new;
	s->mask = n - 1;
	for (i = 0; i < oldn; i++) {
		while ((vip = SLIST_FIRST(&old[i])) != NULL) {
			SLIST_REMOVE_HEAD(&old[i], vi_hash);
			SLIST_INSERT_HEAD(chain_of(s, vip->vi_keyhash), vip,
			    vi_hash);
		}
	}
	if (old != NULL)
		kmem_free(old, oldn * sizeof(*old));
}

static void
chain_insert(struct shard *s, struct vnode_impl *vip)
{

	SLIST_INSERT_HEAD(chain_of(s, vip->vi_keyhash), vip, vi_hash);
	s->count++;
}

static void
chain_remove(struct shard *s, struct vnode_impl *vip)
{

	SLIST_REMOVE(chain_of(s, vip->vi_keyhash), vip, vnode_impl, vi_hash);
	s->count--;
}

static void
key_set(struct vnode_impl *vip, const struct vcache_key *k, uint32_t hash)
{

	vip->vi_key = *k;
	vip->vi_keyhash = hash;
}

/* A vnode whose key has this length is in the table. */
static bool
has_identity(struct vnode_impl *vip)
{

	return vip->vi_key.vk_key_len != 0;
}

/* A vnode of the shard has been loaded, or is gone. */
static void
shard_changed(struct shard *s)
{

	KASSERT(mutex_owned(&s->lock));
	if (__predict_false(s->waiting > 0))
		cv_broadcast(&s->changed);
}

/* Take the vnode out of the table; look-ups no longer find it. */
void
vcache_remove(struct vnode *vp)
{
	struct vnode_impl *vip = VNODE_TO_VIMPL(vp);
	struct shard *s;

	if (!has_identity(vip))
		return;
	s = shard_of(vip->vi_keyhash);
	mutex_enter(&s->lock);
	chain_remove(s, vip);
	memset(&vip->vi_key, 0, sizeof(vip->vi_key));
	shard_changed(s);
	mutex_exit(&s->lock);
}

/*
 * Make the key's bytes a copy, for the file system is going to free its own.
 *
 * copyp, lenp  out: what to kmem_free() after vcache_remove(), or NULL
 */
void
vcache_key_hold(struct vnode *vp, void **copyp, size_t *lenp)
{
	struct vnode_impl *vip = VNODE_TO_VIMPL(vp);
	size_t len = vip->vi_key.vk_key_len;
	struct shard *s;

	*copyp = NULL;
	*lenp = len;
	if (!has_identity(vip))
		return;
	*copyp = kmem_alloc(len, KM_SLEEP);
	memcpy(*copyp, vip->vi_key.vk_key, len);
	s = shard_of(vip->vi_keyhash);
	mutex_enter(&s->lock);
	vip->vi_key.vk_key = *copyp;
	mutex_exit(&s->lock);
}

/* ------------------------------------------------------------ vcache_get */

/*
 * Find a loaded vnode, waiting while the one that is found changes its state.
 *
 * Returns 0; ENOENT if there is none; EAGAIN if it has to be looked for again.
 * Locks: s->lock held; released if the result is not ENOENT.
 */
static int
find_and_get(struct shard *s, uint32_t hash, const struct vcache_key *k,
    struct vnode **vpp)
{
	struct vnode_impl *vip;
	struct vnode *vp;

	if ((vip = chain_find(s, hash, k)) == NULL)
		return ENOENT;
	vp = VIMPL_TO_VNODE(vip);
	if (__predict_true(vcache_tryvget(vp) == 0)) {
		mutex_exit(&s->lock);
		*vpp = vp;
		return 0;
	}
	if (atomic_load_acquire(&vip->vi_state) == VS_LOADING) {
		s->waiting++;
		cv_wait(&s->changed, &s->lock);
		s->waiting--;
		mutex_exit(&s->lock);
		return EAGAIN;
	}
	mutex_enter(vp->v_interlock);
	mutex_exit(&s->lock);
	if (vcache_vget(vp) != 0)
		return EAGAIN;
	*vpp = vp;
	return 0;
}

/* Loading or making a vnode failed: undo, nobody else has a reference. */
static void
abandon(struct vnode *vp)
{

	vcache_remove(vp);
	KASSERT(vp->v_data == NULL);
	/* Type and operations may have been set before it failed. */
	vp->v_type = VBAD;
	vp->v_tag = VT_NON;
	vp->v_op = dead_vnodeop_p;
	vp->v_vflag |= VV_LOCKSWORK | VV_MPSAFE;
	vfs_insmntque(vp, dead_rootmount);
	mutex_enter(vp->v_interlock);
	vstate_change(vp, VS_LOADING, VS_RECLAIMED);
	vrelel(vp, 0, LK_NONE);
}

/*
 * The file system has filled the vnode in: everybody may have it.
 *
 * Locks: the vnode's shard held, released.
 */
static void
loaded(struct shard *s, struct vnode *vp)
{

	KASSERTMSG(vp->v_op != NULL, "vnode %p has no operations", vp);
	KASSERTMSG(vp->v_size != VSIZENOTSET && vp->v_writesize != VSIZENOTSET,
	    "vnode %p of %s has no size", vp, vp->v_mount->mnt_op->vfs_name);
	KASSERT(mutex_owned(&s->lock));
	mutex_enter(vp->v_interlock);
	vstate_change(vp, VS_LOADING, VS_LOADED);
	mutex_exit(vp->v_interlock);
	shard_changed(s);
	mutex_exit(&s->lock);
}

/* A vnode that was allocated for nothing; nobody ever saw it. */
static void
discard(struct vnode *vp)
{

	mutex_enter(vp->v_interlock);
	vstate_change(vp, VS_LOADING, VS_RECLAIMED);
	vrelel(vp, 0, LK_NONE);
}

/* Have the file system fill in vp, which is in the table and LOADING. */
static int
load(struct vnode *vp, const struct vcache_key *k)
{
	struct vnode_impl *vip = VNODE_TO_VIMPL(vp);
	struct shard *s = shard_of(vip->vi_keyhash);
	const void *newkey = NULL;
	int error;

	error = VFS_LOADVNODE(k->vk_mount, vp, k->vk_key, k->vk_key_len,
	    &newkey);
	if (error != 0) {
		abandon(vp);
		return error;
	}
	KASSERT(newkey != NULL &&
	    memcmp(newkey, k->vk_key, k->vk_key_len) == 0);
	mutex_enter(&s->lock);
	vip->vi_key.vk_key = newkey;
	loaded(s, vp);
	return 0;
}

/*
 * The vnode of an identity that was not there a moment ago.
 *
 * Locks: in a transaction of the mount, so that it is not unmounted meanwhile.
 */
static int
get_missing(const struct vcache_key *k, uint32_t hash, struct vnode **vpp)
{
	struct shard *s = shard_of(hash);
	struct vnode *vp;
	int error;

	vp = vnode_alloc(k->vk_mount);
	do {
		mutex_enter(&s->lock);
		shard_grow(s);
		error = find_and_get(s, hash, k, vpp);
	} while (error == EAGAIN);
	if (error == 0) {
		discard(vp);
		return 0;
	}
	key_set(VNODE_TO_VIMPL(vp), k, hash);
	chain_insert(s, VNODE_TO_VIMPL(vp));
	mutex_exit(&s->lock);
	if ((error = load(vp, k)) == 0)
		*vpp = vp;
	return error;
}

/*
 * The vnode of an object.
 *
 * mp, key, len  its identity; the bytes are compared as they are
 * vpp           out: referenced, not locked; NULL on error
 *
 * Returns 0, ENOENT (the mount is gone), or what VFS_LOADVNODE said.
 * Locks:   none that VFS_LOADVNODE or VOP_RECLAIM of this mount needs.
 * Context: thread, may sleep.
 */
int
vcache_get(struct mount *mp, const void *key, size_t len, struct vnode **vpp)
{
	const struct vcache_key k = {
		.vk_mount = mp, .vk_key = key, .vk_key_len = len,
	};
	const uint32_t hash = key_hash(mp, key, len);
	struct shard *s = shard_of(hash);
	int error;

	*vpp = NULL;
	mutex_enter(&s->lock);
	error = find_and_get(s, hash, &k, vpp);
	if (__predict_true(error == 0))
		return 0;
	if (error == ENOENT)
		mutex_exit(&s->lock);
	if ((error = vfs_busy(mp)) != 0)
		return error;
	error = get_missing(&k, hash, vpp);
	vfs_unbusy(mp);
	return error;
}

/* ------------------------------------------------------------ vcache_new */

/* Enter a new identity, waiting while an old vnode of it is still dying. */
static void
enter_new(struct vnode *vp, const struct vcache_key *k)
{
	const uint32_t hash = key_hash(k->vk_mount, k->vk_key, k->vk_key_len);
	struct shard *s = shard_of(hash);
	struct vnode *old;

	/* nobody can have found it, so it is loaded when it can be found */
	for (;;) {
		mutex_enter(&s->lock);
		shard_grow(s);
		switch (find_and_get(s, hash, k, &old)) {
		case ENOENT:
			key_set(VNODE_TO_VIMPL(vp), k, hash);
			chain_insert(s, VNODE_TO_VIMPL(vp));
			loaded(s, vp);
			return;
		case 0:
			/*
			 * Found by its number (NFS) while its object was
			 * being removed; it goes when that is over.
			 */
			vrele(old);
			kpause("vnewkey", false, 1, NULL);
			break;
		}
	}
}

/*
 * Make an object and its vnode.
 *
 * dvp    directory it will be in; NULL if the file system allows it
 * vap    its attributes; extra is the file system's own business
 * vpp    out: referenced, not locked, in no directory yet; NULL on error
 *
 * Returns 0 or what VFS_NEWVNODE said.
 * Context: thread, may sleep.
 */
int
vcache_new(struct mount *mp, struct vnode *dvp, struct vattr *vap,
    kauth_cred_t cred, void *extra, struct vnode **vpp)
{
	struct vcache_key k = { .vk_mount = mp };
	struct vnode *vp;
	int error;

	*vpp = NULL;
	if ((error = vfs_busy(mp)) != 0)
		return error;
	vp = vnode_alloc(mp);
	error = VFS_NEWVNODE(mp, dvp, vp, vap, cred, extra, &k.vk_key_len,
	    &k.vk_key);
	if (error != 0) {
		abandon(vp);
		vfs_unbusy(mp);
		return error;
	}
	KASSERT(k.vk_key != NULL && k.vk_key_len > 0);
	enter_new(vp, &k);
	vfs_unbusy(mp);
	*vpp = vp;
	return 0;
}

/* ---------------------------------------------------------- vcache_rekey */

/*
 * Begin to change the identity of vp.  Until vcache_rekey_exit(), whoever asks
 * for the new identity waits, and the old one finds vp.
 *
 * oldkey  a copy of the present key that stays until then; the file system may
 *         overwrite the key inside its inode
 *
 * Returns 0, or EEXIST if the new identity is in use.
 * Context: thread, may sleep.  vp referenced.
 */
int
vcache_rekey_enter(struct mount *mp, struct vnode *vp, const void *oldkey,
    size_t oldlen, const void *newkey, size_t newlen)
{
	const struct vcache_key k = {
		.vk_mount = mp, .vk_key = newkey, .vk_key_len = newlen,
	};
	const uint32_t hash = key_hash(mp, newkey, newlen);
	struct vnode_impl *vip = VNODE_TO_VIMPL(vp);
	struct vnode *holder = vnode_alloc(NULL);
	struct shard *s = shard_of(hash);
	bool taken;

	mutex_enter(&s->lock);
	shard_grow(s);
	taken = chain_find(s, hash, &k) != NULL;
	if (!taken) {
		key_set(VNODE_TO_VIMPL(holder), &k, hash);
		chain_insert(s, VNODE_TO_VIMPL(holder));
	}
	mutex_exit(&s->lock);
	if (taken) {
		discard(holder);
		return EEXIST;
	}
	KASSERT(oldlen == vip->vi_key.vk_key_len &&
	    memcmp(oldkey, vip->vi_key.vk_key, oldlen) == 0);
	s = shard_of(vip->vi_keyhash);
	mutex_enter(&s->lock);
	vip->vi_key.vk_key = oldkey;
	mutex_exit(&s->lock);
	return 0;
}

/*
 * End what vcache_rekey_enter() began.
 *
 * newkey  the same identity as there; these bytes stay as long as the vnode
 */
void
vcache_rekey_exit(struct mount *mp, struct vnode *vp, const void *oldkey,
    size_t oldlen, const void *newkey, size_t newlen)
{
	const struct vcache_key k = {
		.vk_mount = mp, .vk_key = newkey, .vk_key_len = newlen,
	};
	const uint32_t hash = key_hash(mp, newkey, newlen);
	struct vnode_impl *vip = VNODE_TO_VIMPL(vp), *holder;
	struct shard *from = shard_of(vip->vi_keyhash), *to = shard_of(hash);

	/* both locks, the lower address first */
	mutex_enter(&MIN(from, to)->lock);
	if (from != to)
		mutex_enter(&MAX(from, to)->lock);
	holder = chain_find(to, hash, &k);
	KASSERT(holder != NULL && holder->vi_state == VS_LOADING);
	chain_remove(to, holder);
	memset(&holder->vi_key, 0, sizeof(holder->vi_key));
	chain_remove(from, vip);
	key_set(vip, &k, hash);
	chain_insert(to, vip);
	shard_changed(to);
	if (from != to)
		mutex_exit(&MAX(from, to)->lock);
	mutex_exit(&MIN(from, to)->lock);

	discard(VIMPL_TO_VNODE(holder));
}
