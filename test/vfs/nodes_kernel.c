/* SPDX-License-Identifier: BSD-2-Clause */
/* nodes, see nodes.h. */
#include <sys/param.h>
#include <sys/acl.h>
#include <sys/atomic.h>
#include <sys/errno.h>
#include <sys/kauth.h>
#include <sys/kmem.h>
#include <sys/module.h>
#include <sys/mount.h>
#include <sys/namei.h>
#include <sys/proc.h>
#include <sys/statvfs.h>
#include <sys/syscall.h>
#include <sys/syscallargs.h>
#include <sys/systm.h>
#include <sys/vnode.h>

#include <miscfs/genfs/genfs.h>
#include <rump-sys/kern.h>

#include "nodes.h"

MODULE(MODULE_CLASS_VFS, nodes, NULL);

VFS_PROTOS(nodes);

#define ROOT	0
#define MOVED	(2 * NODES_STATIC)	/* added to a number that was changed */

struct node {
	uint64_t	id;
};

/* How many vnodes are loaded of each number: none or one. */
static unsigned int loaded[NODES_MANY];
static unsigned int total;
static struct mount *mounted;
static unsigned int inactivated;
static bool serve;		/* what the last mount asked for */
static bool serving;		/* mount(2) lasts until unmount(2) */

static int (**nodes_vnodeop_p)(void *);

#define CHECK(cond)	do { if (!(cond)) return __LINE__; } while (0)

/* -------------------------------------------------------------- operations */

static int
nodes_inactive(void *v)
{
	struct vop_inactive_v2_args *ap = v;
	struct node *n = ap->a_vp->v_data;

	KASSERT(VOP_ISLOCKED(ap->a_vp) == LK_EXCLUSIVE);
	KASSERT(loaded[n->id] == 1);
	atomic_inc_uint(&inactivated);
	/* some are not worth keeping */
	*ap->a_recycle = n->id % 16 == 15;
	return 0;
}

static int
nodes_reclaim(void *v)
{
	struct vop_reclaim_v2_args *ap = v;
	struct node *n = ap->a_vp->v_data;

	KASSERT(VOP_ISLOCKED(ap->a_vp) == LK_EXCLUSIVE);
	VOP_UNLOCK(ap->a_vp);
	KASSERT(loaded[n->id] == 1);
	loaded[n->id] = 0;
	atomic_dec_uint(&total);
	ap->a_vp->v_data = NULL;
	kmem_free(n, sizeof(*n));
	return 0;
}

static int
nodes_nothing(void *v)
{

	return 0;
}

/* One list, whatever it is of. */
static struct acl the_list;
static bool has_list;

static int
nodes_getacl(void *v)
{
	struct vop_getacl_args *ap = v;

	KASSERT(VOP_ISLOCKED(ap->a_vp) == LK_EXCLUSIVE);
	if (!has_list)
		return ENOENT;
	*ap->a_aclp = the_list;
	return 0;
}

static int
nodes_setacl(void *v)
{
	struct vop_setacl_args *ap = v;

	KASSERT(VOP_ISLOCKED(ap->a_vp) == LK_EXCLUSIVE);
	has_list = ap->a_aclp != NULL;
	if (has_list)
		the_list = *ap->a_aclp;
	return 0;
}

static int
nodes_aclcheck(void *v)
{
	struct vop_aclcheck_args *ap = v;

	return ap->a_aclp->acl_cnt == 0 ? EINVAL : 0;
}

static const struct vnodeopv_entry_desc nodes_entries[] = {
	{ &vop_default_desc, vn_default_error },
	{ &vop_getacl_desc, nodes_getacl },
	{ &vop_setacl_desc, nodes_setacl },
	{ &vop_aclcheck_desc, nodes_aclcheck },
	{ &vop_inactive_desc, nodes_inactive },
	{ &vop_reclaim_desc, nodes_reclaim },
	{ &vop_lock_desc, genfs_lock },
	{ &vop_unlock_desc, genfs_unlock },
	{ &vop_islocked_desc, genfs_islocked },
	{ &vop_fsync_desc, nodes_nothing },
	{ &vop_putpages_desc, genfs_null_putpages },
	{ &vop_close_desc, nodes_nothing },
	{ NULL, NULL }
};
static const struct vnodeopv_desc nodes_vnodeop_opv_desc = {
	&nodes_vnodeop_p, nodes_entries
};

/* -------------------------------------------------------------- the mount */

int
nodes_mount(struct mount *mp, const char *path, void *data, size_t *len)
{

	serve = ((struct nodes_args *)data)->serve != 0;
	mp->mnt_stat.f_namemax = KERNEL_NAME_MAX;
	vfs_getnewfsid(mp);
	mp->mnt_iflag |= IMNT_MPSAFE;
	mounted = mp;
	return set_statvfs_info(path, UIO_USERSPACE, "nodes", UIO_SYSSPACE,
	    "nodes", mp, curlwp);
}

int
nodes_start(struct mount *mp, int flags)
{

	atomic_store_relaxed(&serving, serve);
	while (atomic_load_relaxed(&serving))
		(void)kpause("nodes", false, 1, NULL);
	return 0;
}

int
nodes_unmount(struct mount *mp, int flags)
{
	int error;

	error = vflush(mp, NULLVP, (flags & MNT_FORCE) != 0 ? FORCECLOSE : 0);
	if (error == 0)
		atomic_store_relaxed(&serving, false);
	return error;
}

int
rump_nodes_serving(void)
{

	return atomic_load_relaxed(&serving);
}

int
nodes_loadvnode(struct mount *mp, struct vnode *vp, const void *key,
    size_t len, const void **newkey)
{
	struct node *n;
	uint64_t id;

	KASSERT(len == sizeof(id));
	memcpy(&id, key, sizeof(id));
	if (id == (ROOT | MOVED) || (id & ~(uint64_t)MOVED) >= NODES_STATIC)
		return ENOENT;
	/* others ask for it meanwhile */
	if (id % 256 == 1)
		kpause("loading", false, 1, NULL);
	else if (id % 4 == 1)
		yield();
	/* as a layer does; nobody may be waiting for the interlock before */
	if (id % 4 == 1)
		vshareilock(vp, rootvnode);
	n = kmem_alloc(sizeof(*n), KM_SLEEP);
	n->id = id;
	if (atomic_inc_uint_nv(&loaded[id]) != 1)
		panic("nodes: %d is loaded twice", (int)id);
	atomic_inc_uint(&total);
	vp->v_tag = VT_NON;
	vp->v_type = id == ROOT ? VDIR : VREG;
	if (id == ROOT)
		vp->v_vflag |= VV_ROOT;
	vp->v_vflag |= VV_MPSAFE;
	vp->v_op = nodes_vnodeop_p;
	vp->v_data = n;
	uvm_vnp_setsize(vp, 0);
	*newkey = &n->id;
	return 0;
}

static int
get(uint64_t id, struct vnode **vpp)
{

	return vcache_get(mounted, &id, sizeof(id), vpp);
}

int
nodes_root(struct mount *mp, int lktype, struct vnode **vpp)
{
	int error;

	if ((error = get(ROOT, vpp)) == 0 && lktype != LK_NONE)
		error = vn_lock(*vpp, lktype | LK_RETRY);
	return error;
}

int
nodes_statvfs(struct mount *mp, struct statvfs *sb)
{

	copy_statvfs_info(sb, mp);
	return 0;
}

int
nodes_sync(struct mount *mp, int waitfor, kauth_cred_t cred)
{

	return 0;
}

void
nodes_init(void)
{
}

/* We know nothing of suspending, and are suspended all the same. */
int
nodes_suspendctl(struct mount *mp, int cmd)
{

	return EOPNOTSUPP;
}

static const struct vnodeopv_desc *const nodes_opv_descs[] = {
	&nodes_vnodeop_opv_desc,
	NULL
};

static struct vfsops nodes_vfsops = {
	.vfs_name = "nodes",
	.vfs_min_mount_data = sizeof(struct nodes_args),
	.vfs_opv_descs = nodes_opv_descs,
	.vfs_init = nodes_init,
	.vfs_done = nodes_init,
	.vfs_mount = nodes_mount,
	.vfs_start = nodes_start,
	.vfs_unmount = nodes_unmount,
	.vfs_root = nodes_root,
	.vfs_statvfs = nodes_statvfs,
	.vfs_sync = nodes_sync,
	.vfs_loadvnode = nodes_loadvnode,
	.vfs_suspendctl = nodes_suspendctl,
	.vfs_renamelock_enter = genfs_renamelock_enter,
	.vfs_renamelock_exit = genfs_renamelock_exit,
	.vfs_extattrctl = vfs_stdextattrctl,
};

static int
nodes_modcmd(modcmd_t cmd, void *arg)
{

	switch (cmd) {
	case MODULE_CMD_INIT:
		return vfs_attach(&nodes_vfsops);
	case MODULE_CMD_FINI:
		return vfs_detach(&nodes_vfsops);
	default:
		return ENOTTY;
	}
}

/* ------------------------------------------------------------------ stress */

struct worker {
	uint64_t	state;
	unsigned int	ids;
};

static unsigned int
rnd(struct worker *w, unsigned int n)
{

	w->state = w->state * UINT64_C(6364136223846793005) +
	    UINT64_C(1442695040888963407);
	return (unsigned int)(w->state >> 33) % n;
}

/* Lock it, and see whether it is what it is to be.  Or dead. */
static int
look(struct vnode *vp, uint64_t id, int lktype)
{
	const struct node *n;
	int line = 0;

	if (vn_lock(vp, lktype) != 0)
		return 0;
	n = vp->v_data;
	if ((n->id != id && n->id != (id ^ MOVED)) || loaded[n->id] != 1)
		line = __LINE__;
	VOP_UNLOCK(vp);
	return line;
}

/* Two vnodes that were found by one number: not both have it. */
static int
differ(struct vnode *vp, struct vnode *vq, uint64_t id)
{
	int line = 0;

	if (vp == vq || vn_lock(vp, LK_SHARED) != 0)
		return 0;
	if (((struct node *)vp->v_data)->id == id) {
		/* then the other's is another one, or it is dead */
		if (vn_lock(vq, LK_SHARED | LK_NOWAIT) == 0) {
			if (((struct node *)vq->v_data)->id == id)
				line = __LINE__;
			VOP_UNLOCK(vq);
		}
	}
	VOP_UNLOCK(vp);
	return line;
}

/* Give it its other number, unless somebody has that. */
static int
move(struct vnode *vp)
{
	uint64_t from, to;
	struct node *n;
	int error;

	if (vn_lock(vp, LK_EXCLUSIVE) != 0)
		return 0;
	n = vp->v_data;
	from = n->id;
	to = from ^ MOVED;
	if (from == ROOT) {
		VOP_UNLOCK(vp);
		return 0;
	}
	error = vcache_rekey_enter(mounted, vp, &from, sizeof(from), &to,
	    sizeof(to));
	if (error == 0) {
		/* who asks for either number now waits, or gets this one */
		if (to % 4 == 1)
			yield();
		n->id = to;
		atomic_dec_uint(&loaded[from]);
		if (atomic_inc_uint_nv(&loaded[to]) != 1)
			panic("nodes: %d is moved and loaded", (int)to);
		vcache_rekey_exit(mounted, vp, &from, sizeof(from), &n->id,
		    sizeof(n->id));
	}
	VOP_UNLOCK(vp);
	return error == 0 || error == EEXIST ? 0 : __LINE__;
}

static bool
odd(void *cookie, struct vnode *vp)
{

	KASSERT(mutex_owned(vp->v_interlock));
	return vp->v_data != NULL && ((struct node *)vp->v_data)->id % 2 == 1;
}

static int
walk(void)
{
	struct vnode_iterator *it;
	struct vnode *vp;
	int line = 0;

	vfs_vnode_iterator_init(mounted, &it);
	while ((vp = vfs_vnode_iterator_next(it, odd, NULL)) != NULL) {
		if (vn_lock(vp, LK_SHARED) == 0) {
			if (((struct node *)vp->v_data)->id % 2 != 1)
				line = __LINE__;
			VOP_UNLOCK(vp);
		}
		vrele(vp);
	}
	vfs_vnode_iterator_destroy(it);
	return line;
}

static int
one(struct worker *w)
{
	struct vnode *vp, *again;
	uint64_t id = rnd(w, w->ids);
	int line, error, kind = (int)rnd(w, 1000);

	if (kind == 0)
		return walk();
	if (id != ROOT && rnd(w, 4) == 0)
		id |= MOVED;
	if ((error = get(id, &vp)) != 0)
		return __LINE__;
	if (kind == 1) {
		vrevoke(vp);
		vrele(vp);
	} else if (kind < 50) {
		if ((line = move(vp)) != 0)
			return line;
		vrele(vp);
	} else if (kind < 100) {
		if (!vrecycle(vp))
			vrele(vp);
	} else if (kind < 300) {
		/* while it is referenced it is the only one */
		CHECK(get(id, &again) == 0);
		if ((line = differ(vp, again, id)) != 0)
			return line;
		vrele(vp);
		vrele(again);
	} else if (kind < 400) {
		vref(vp);
		vhold(vp);
		vrele(vp);
		holdrele(vp);
		vrele(vp);
	} else {
		if ((line = look(vp, id, rnd(w, 2) ? LK_SHARED :
		    LK_EXCLUSIVE)) != 0)
			return line;
		if (kind < 700 && vn_lock(vp, LK_EXCLUSIVE) == 0)
			vput(vp);
		else if (kind < 750)
			vrele_async(vp);
		else
			vrele(vp);
	}
	return 0;
}

int
rump_nodes_stress(unsigned int seed, unsigned int ops, unsigned int ids)
{
	struct worker w = { seed, ids };
	unsigned int i;
	int line = 0;

	for (i = 0; line == 0 && i < ops; i++)
		line = one(&w);
	return line;
}

/* --------------------------------------------------------------- the tests */

int
rump_nodes_identity(void)
{
	const uint64_t from = 20, to = NODES_STATIC + 20, used = 21;
	struct vnode *vp, *other;
	struct node *n;

	CHECK(get(to, &vp) == ENOENT && vp == NULL);
	CHECK(get(from, &vp) == 0);
	CHECK(get(from, &other) == 0);
	CHECK(vp == other);
	vrele(other);
	CHECK(get(used, &other) == 0);
	CHECK(vp != other);
	CHECK(vcache_rekey_enter(mounted, vp, &from, sizeof(from), &used,
	    sizeof(used)) == EEXIST);
	vrele(other);
	/* the identity moves, the vnode stays */
	CHECK(vcache_rekey_enter(mounted, vp, &from, sizeof(from), &to,
	    sizeof(to)) == 0);
	n = vp->v_data;
	loaded[n->id]--;
	n->id = to;
	loaded[n->id]++;
	CHECK(get(from, &other) == 0 && other == vp);
	vrele(other);
	vcache_rekey_exit(mounted, vp, &from, sizeof(from), &n->id,
	    sizeof(n->id));
	CHECK(get(to, &other) == 0 && other == vp);
	vrele(other);
	CHECK(get(from, &other) == 0 && other != vp);
	CHECK(loaded[from] == 1 && loaded[to] == 1);
	vrele(other);
	/* nobody finds it once it is dead, not even who has it still */
	vref(vp);
	CHECK(!vrecycle(vp));
	vrele(vp);
	CHECK(vrecycle(vp));
	CHECK(get(to, &vp) == ENOENT);
	CHECK(loaded[to] == 0);
	return 0;
}

/* A name that is not cached, of which a whiteout is not known either. */
int
rump_nodes_miss(void)
{
	struct vnode *dvp, *vp = NULL;
	int iswht = 1;
	bool hit;

	CHECK(nodes_root(mounted, LK_SHARED, &dvp) == 0);
	hit = cache_lookup(dvp, "none", 4, LOOKUP, ISLASTCN, &iswht, &vp);
	vput(dvp);
	CHECK(!hit && iswht == 0);
	return 0;
}

/* The three that take a list have the same arguments, and one more. */
static int
list_call(int number, const char *path, acl_type_t type, struct acl *list)
{
	struct sys___acl_get_file_args args;
	register_t rv[2];

	SCARG(&args, path) = path;
	SCARG(&args, type) = type;
	SCARG(&args, aclp) = list;
	return rump_syscall(number, &args, sizeof(args), rv);
}

/* Access control lists of a file system that has them, and of one without. */
int
rump_nodes_lists(void)
{
	static struct acl list, got;
	const char *path = "/nodes", *none = "/tmp";

	memset(&list, 0, sizeof(list));
	got.acl_maxcnt = list.acl_maxcnt = ACL_MAX_ENTRIES;
	CHECK(list_call(SYS___acl_get_file, path, ACL_TYPE_ACCESS, &got) ==
	    ENOENT);
	list.acl_cnt = 2;
	list.acl_entry[1].ae_id = 77;
	CHECK(list_call(SYS___acl_set_file, path, ACL_TYPE_ACCESS, &list) == 0);
	CHECK(list_call(SYS___acl_get_link, path, ACL_TYPE_ACCESS, &got) == 0);
	CHECK(memcmp(&list, &got, sizeof(list)) == 0);
	CHECK(list_call(SYS___acl_aclcheck_file, path, ACL_TYPE_ACCESS,
	    &list) == 0);
	CHECK(list_call(SYS___acl_delete_file, path, ACL_TYPE_ACCESS,
	    NULL) == 0);
	CHECK(list_call(SYS___acl_get_file, path, ACL_TYPE_ACCESS, &got) ==
	    ENOENT);
	/* what is refused here, and what the other file system refuses */
	CHECK(list_call(SYS___acl_get_file, path, ACL_TYPE_ACCESS_OLD,
	    &got) == EINVAL);
	CHECK(list_call(SYS___acl_get_file, path, ACL_TYPE_ACCESS, NULL) ==
	    EFAULT);
	list.acl_cnt = ACL_MAX_ENTRIES + 1;
	CHECK(list_call(SYS___acl_set_file, path, ACL_TYPE_ACCESS, &list) ==
	    EINVAL);
	list.acl_maxcnt = 3;
	CHECK(list_call(SYS___acl_get_file, path, ACL_TYPE_ACCESS, &list) ==
	    EINVAL);
	CHECK(list_call(SYS___acl_get_file, none, ACL_TYPE_ACCESS, &got) ==
	    EOPNOTSUPP);
	CHECK(list_call(SYS___acl_get_file, "/missing", ACL_TYPE_ACCESS,
	    &got) == ENOENT);
	return 0;
}

static bool
all(void *cookie, struct vnode *vp)
{

	return true;
}

int
rump_nodes_iterate(void)
{
	static unsigned char seen[64];
	struct vnode_iterator *it;
	struct vnode *vps[64], *vp;
	uint64_t id;
	int i;

	for (i = 0; i < 64; i++)
		CHECK(get((uint64_t)i, &vps[i]) == 0);
	memset(seen, 0, sizeof(seen));
	vfs_vnode_iterator_init(mounted, &it);
	while ((vp = vfs_vnode_iterator_next(it, all, NULL)) != NULL) {
		id = ((struct node *)vp->v_data)->id;
		if (id < 64)
			seen[id]++;
		vrele(vp);
		/* what it has come to goes away, and comes back */
		if (id < 64 && id % 4 == 2) {
			CHECK(vrecycle(vps[id]));
			CHECK(get(id + 64, &vps[id]) == 0);
		}
	}
	vfs_vnode_iterator_destroy(it);
	for (i = 0; i < 64; i++) {
		CHECK(seen[i] == 1);
		vrele(vps[i]);
	}
	return 0;
}

/* So many at the same time, each found again. */
int
rump_nodes_many(unsigned int count)
{
	struct vnode **vps, *vp;
	unsigned int i;

	vps = kmem_alloc(count * sizeof(*vps), KM_SLEEP);
	for (i = 0; i < count; i++)
		CHECK(get(i, &vps[i]) == 0);
	for (i = 0; i < count; i++) {
		CHECK(get(i, &vp) == 0);
		CHECK(vp == vps[i]);
		vrele(vp);
	}
	for (i = 0; i < count; i++)
		vrele(vps[i]);
	kmem_free(vps, count * sizeof(*vps));
	return 0;
}

/* Inactive is called for each last release, and for no other. */
int
rump_nodes_unused(void)
{
	struct vnode *vp;
	unsigned int before;

	CHECK(get(10, &vp) == 0);
	before = inactivated;
	vref(vp);
	vrele(vp);
	CHECK(inactivated == before);
	vrele(vp);
	CHECK(inactivated == before + 1);
	/* it stays in memory, unless that is not wanted */
	CHECK(loaded[10] == 1);
	CHECK(get(15, &vp) == 0);
	CHECK(vrefcnt(vp) == 1);
	vrele(vp);
	CHECK(loaded[15] == 0);
	return 0;
}

int
rump_nodes_loaded(void)
{

	return (int)total;
}

unsigned int
rump_nodes_vnodes(void)
{

	return atomic_load_relaxed(&numvnodes);
}
