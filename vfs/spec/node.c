/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * specfs: which vnodes are devices, which devices vnodes share, and who is inside a
 * driver.
 *
 * A vnode of type VBLK or VCHR has a specnode from the moment it is loaded until
 * its memory is freed.  Vnodes of one device (type and number) share a specdev:
 * its opens are counted together, it is mounted once, its record locks are one
 * list.  Specdevs are found by a hash table; each has a list of its vnodes.
 *
 * A call of a driver's function through a vnode is counted: it is a reference to the
 * specdev.  Calls run with the vnode unlocked, so a vnode can be revoked under them;
 * a driver that detaches revokes first, so that no call begins, and then waits until
 * those that began are over (vdevgone).  Only then may its memory go.  A thread
 * does not wait for its own calls: a driver may detach its device in its close.
 *
 * Locks: device_lock protects table, specnodes and specdevs, but sd_refcnt, which is
 * atomic and drops to 0 with device_lock held only.  sd_mountpoint is also read
 * without it, by those who hold the device open.
 */
#include <sys/param.h>
#include <sys/systm.h>
#include <sys/atomic.h>
#include <sys/condvar.h>
#include <sys/conf.h>
#include <sys/disk.h>
#include <sys/errno.h>
#include <sys/fcntl.h>
#include <sys/kauth.h>
#include <sys/kmem.h>
#include <sys/mount.h>
#include <sys/mutex.h>
#include <sys/vnode.h>
#include <sys/vnode_impl.h>

#include <miscfs/specfs/specdev.h>

#include "spec/spec.h"

#define CHAINS	64

static specdev_t *table[CHAINS];
static u_int drainers;		/* device_lock: threads in spec_drain */
kcondvar_t spec_cv;

void
spec_init(void)
{

	cv_init(&spec_cv, "specdev");
}

static specdev_t **
chain_of(dev_t dev)
{

	return &table[(major(dev) * 7 + minor(dev)) % CHAINS];
}

static specdev_t *
specdev_find(enum vtype type, dev_t dev)
{
	specdev_t *sd;

	KASSERT(mutex_owned(&device_lock));
	for (sd = *chain_of(dev); sd != NULL; sd = sd->sd_next)
		if (sd->sd_type == type && sd->sd_rdev == dev)
			break;
	return sd;
}

/* Drop a reference of a vnode or call. */
static void
specdev_rele(specdev_t *sd)
{
	u_int n = atomic_load_relaxed(&sd->sd_refcnt), was;
	specdev_t **link;
	bool last;

	/* what was done to it comes before */
	membar_exit();
	for (; n > 1; n = was) {
		was = atomic_cas_uint(&sd->sd_refcnt, n, n - 1);
		if (was == n)
			return;
	}
	mutex_enter(&device_lock);
	last = atomic_dec_uint_nv(&sd->sd_refcnt) == 0;
	if (last) {
		for (link = chain_of(sd->sd_rdev); *link != sd;
		    link = &(*link)->sd_next)
			KASSERT(*link != NULL);
		*link = sd->sd_next;
	}
	mutex_exit(&device_lock);
	if (!last)
		return;
	KASSERT(sd->sd_opencnt == 0);
	KASSERT(sd->sd_mountpoint == NULL);
	kmem_free(sd, sizeof(*sd));
}

/*
 * Give a vnode its device identity.
 *
 * vp      VBLK or VCHR, while it is loaded.
 */
void
spec_node_init(vnode_t *vp, dev_t rdev)
{
	specdev_t *sd, *newsd;
	specnode_t *sn;

	KASSERT(vp->v_type == VBLK || vp->v_type == VCHR);
	KASSERT(vp->v_specnode == NULL);
	sn = kmem_zalloc(sizeof(*sn), KM_SLEEP);
	newsd = kmem_zalloc(sizeof(*newsd), KM_SLEEP);
	sn->sn_rdev = rdev;

	mutex_enter(&device_lock);
	sd = specdev_find(vp->v_type, rdev);
	if (sd == NULL) {
		sd = newsd;
		sd->sd_type = vp->v_type;
		sd->sd_rdev = rdev;
		sd->sd_next = *chain_of(rdev);
		*chain_of(rdev) = sd;
		newsd = NULL;
	}
	atomic_inc_uint(&sd->sd_refcnt);
	sd->sd_vnodecnt++;
	sn->sn_dev = sd;
	sn->sn_next = sd->sd_vnodes;
	sd->sd_vnodes = vp;
	vp->v_specnode = sn;
	mutex_exit(&device_lock);

	if (newsd != NULL)
		kmem_free(newsd, sizeof(*newsd));
}

/*
 * Take it away again, when the vnode's memory is to be freed.
 */
void
spec_node_destroy(vnode_t *vp)
{
	specnode_t *sn = vp->v_specnode;
	specdev_t *sd = sn->sn_dev;
	vnode_t **link;

	mutex_enter(&device_lock);
	for (link = &sd->sd_vnodes; *link != vp;
	    link = &(*link)->v_specnode->sn_next)
		KASSERT(*link != NULL);
	*link = sn->sn_next;
	sd->sd_vnodecnt--;
	mutex_exit(&device_lock);

	KASSERT(sn->sn_opencnt == 0);
	vp->v_specnode = NULL;
	specdev_rele(sd);
	kmem_free(sn, sizeof(*sn));
}

/*
 * A vnode that others still use is being reclaimed: end what is open through
 * it, as one close.  Opens that are under way notice when they come back.
 *
 * Locks:   vp locked exclusively.
 */
void
spec_node_revoke(vnode_t *vp)
{
	specnode_t *sn = vp->v_specnode;
	bool open;

	mutex_enter(&device_lock);
	KASSERT(!sn->sn_gone);
	sn->sn_gone = true;
	cv_broadcast(&spec_cv);
	open = sn->sn_opencnt != 0;
	if (open) {
		sn->sn_dev->sd_opencnt -= sn->sn_opencnt - 1;
		sn->sn_opencnt = 1;
	}
	mutex_exit(&device_lock);
	if (open)
		(void)VOP_CLOSE(vp, FNONBLOCK, NOCRED);
}

/*
 * Find a vnode of a device; of a block device that is open, the one that is.
 *
 * Returns 0 and a referenced vnode, or ENOENT.
 */
int
spec_node_lookup_by_dev(enum vtype type, dev_t dev, vnode_t **vpp)
{
	vnode_t *vp = NULL;
	specdev_t *sd;
	int error;

	mutex_enter(&device_lock);
	sd = specdev_find(type, dev);
	if (sd != NULL)
		for (vp = sd->sd_vnodes; vp != NULL && vp->v_specnode->sn_gone;
		    vp = vp->v_specnode->sn_next)
			continue;
	if (vp == NULL) {
		mutex_exit(&device_lock);
		return ENOENT;
	}
	if (sd->sd_bdevvp != NULL)
		vp = sd->sd_bdevvp;
	mutex_enter(vp->v_interlock);
	mutex_exit(&device_lock);
	error = vcache_vget(vp);
	if (error == 0)
		*vpp = vp;
	return error;
}

/* Find the open block device that mp is mounted from; as above. */
int
spec_node_lookup_by_mount(struct mount *mp, vnode_t **vpp)
{
	specdev_t *sd = NULL;
	vnode_t *vp;
	int error;
	u_int i;

	mutex_enter(&device_lock);
	for (i = 0; i < CHAINS && sd == NULL; i++)
		for (sd = table[i]; sd != NULL; sd = sd->sd_next)
			if (sd->sd_bdevvp != NULL && sd->sd_mountpoint == mp)
				break;
	if (sd == NULL) {
		mutex_exit(&device_lock);
		return ENOENT;
	}
	vp = sd->sd_bdevvp;
	mutex_enter(vp->v_interlock);
	mutex_exit(&device_lock);
	error = vcache_vget(vp);
	if (error == 0)
		*vpp = vp;
	return error;
}

/* What is mounted from a block device, or NULL.  No reference. */
struct mount *
spec_node_getmountedfs(vnode_t *devvp)
{

	KASSERT(devvp->v_type == VBLK);
	if (devvp->v_specnode == NULL)
		return NULL;
	return atomic_load_relaxed(&devvp->v_specnode->sn_dev->sd_mountpoint);
}

/*
 * A file system was mounted from a block device (mp), or no longer is (NULL).
 * The name of a wedge becomes the mount's.
 */
void
spec_node_setmountedfs(vnode_t *devvp, struct mount *mp)
{
	specdev_t *sd = devvp->v_specnode->sn_dev;
	struct dkwedge_info dkw;

	KASSERT(devvp->v_type == VBLK);
	KASSERT(sd->sd_mountpoint == NULL || mp == NULL);
	mutex_enter(&device_lock);
	atomic_store_relaxed(&sd->sd_mountpoint, mp);
	mutex_exit(&device_lock);
	if (mp == NULL)
		return;
	if (bdev_type(devvp->v_rdev) == D_DISK &&
	    bdev_ioctl(devvp->v_rdev, DIOCGWEDGEINFO, &dkw, FREAD | FKIOCTL,
	    curlwp) == 0)
		strlcpy(mp->mnt_stat.f_mntfromlabel,
		    (const char *)dkw.dkw_wname,
		    sizeof(mp->mnt_stat.f_mntfromlabel));
}

/*
 * The block devices that are open, referenced: at most room, but counted all.  One
 * that is being revoked is left out.
 */
static u_int
open_devices(vnode_t **vps, u_int room, u_int *count)
{
	u_int n = 0, open = 0, i;
	specdev_t *sd;

	mutex_enter(&device_lock);
	for (i = 0; i < CHAINS; i++)
		for (sd = table[i]; sd != NULL; sd = sd->sd_next) {
			if (sd->sd_bdevvp == NULL)
				continue;
			open++;
			if (n < room && vcache_tryvget(sd->sd_bdevvp) == 0)
				vps[n++] = sd->sd_bdevvp;
		}
	mutex_exit(&device_lock);
	*count = open;
	return n;
}

static void
sync_one(vnode_t *vp)
{

	if (vn_lock(vp, LK_EXCLUSIVE) == 0) {
		(void)VOP_FSYNC(vp, NOCRED, FSYNC_WAIT, 0, 0);
		VOP_UNLOCK(vp);
	}
}

void
spec_sync_all(void)
{
	u_int room = 0, count, n, i;
	vnode_t **vps = NULL;

	for (;;) {
		n = open_devices(vps, room, &count);
		if (count <= room)
			break;
		for (i = 0; i < n; i++)
			vrele(vps[i]);
		if (vps != NULL)
			kmem_free(vps, room * sizeof(*vps));
		room = count;
		vps = kmem_alloc(room * sizeof(*vps), KM_SLEEP);
	}
	for (i = 0; i < n; i++) {
		sync_one(vps[i]);
		vrele(vps[i]);
	}
	if (vps != NULL)
		kmem_free(vps, room * sizeof(*vps));
}

/* Is it a device that shows kernel memory? */
bool
iskmemvp(struct vnode *vp)
{
	const char *name;

	if (vp->v_type != VCHR)
		return false;
	name = cdevsw_getname(major(vp->v_rdev));
	return name != NULL && strcmp(name, "mem") == 0 &&
	    minor(vp->v_rdev) <= 1;
}

/* -------------------------------------------------------------------- calls */

void
spec_call_begin(struct vnode *vp, struct spec_call *call)
{
	struct lwp *l = curlwp;

	call->sp_type = vp->v_type;
	call->sp_dev = vp->v_rdev;
	call->sp_specdev = vp->v_specnode->sn_dev;
	call->sp_outer = l->l_devcalls;
	l->l_devcalls = call;
	atomic_inc_uint(&call->sp_specdev->sd_refcnt);
}

int
spec_call_enter(struct vnode *vp, struct spec_call *call)
{
	int error = 0;

	/* who revokes it passes the interlock before it looks for calls */
	mutex_enter(vp->v_interlock);
	if (vdead_check(vp, VDEAD_NOWAIT) != 0)
		error = ENXIO;
	else
		spec_call_begin(vp, call);
	mutex_exit(vp->v_interlock);
	return error;
}

/* The vnode may be gone by now: that of a buffer goes when its transfer is over. */
void
spec_call_exit(struct spec_call *call)
{

	KASSERT(curlwp->l_devcalls == call);
	curlwp->l_devcalls = call->sp_outer;
	specdev_rele(call->sp_specdev);
	/* either this thread sees a drainer, or that sees the call gone */
	membar_sync();
	if (__predict_true(atomic_load_relaxed(&drainers) == 0))
		return;
	mutex_enter(&device_lock);
	cv_broadcast(&spec_cv);
	mutex_exit(&device_lock);
}

/* Is a thread other than this one inside the device's driver? */
static bool
others_call(const specdev_t *sd)
{
	const struct spec_call *call;
	u_int own = sd->sd_vnodecnt;

	KASSERT(mutex_owned(&device_lock));
	for (call = curlwp->l_devcalls; call != NULL; call = call->sp_outer)
		own += call->sp_specdev == sd;
	return atomic_load_relaxed(&sd->sd_refcnt) != own;
}

void
spec_drain(enum vtype type, dev_t dev)
{
	const specdev_t *sd;

	mutex_enter(&device_lock);
	atomic_store_relaxed(&drainers, drainers + 1);
	membar_sync();
	while ((sd = specdev_find(type, dev)) != NULL && others_call(sd))
		cv_wait(&spec_cv, &device_lock);
	atomic_store_relaxed(&drainers, drainers - 1);
	mutex_exit(&device_lock);
}
