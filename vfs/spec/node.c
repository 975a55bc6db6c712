/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * specfs: which vnodes are devices, and which devices vnodes share.
 *
 * A vnode of type VBLK or VCHR has a specnode from the moment it is loaded until
 * its memory is freed.  Vnodes of one device (type and number) share a specdev:
 * its opens are counted together, it is mounted once, its record locks are one
 * list.  Specnodes are found by a hash table of chains of vnodes, linked through
 * sn_next.
 *
 * Locks: device_lock protects table, specnodes and specdevs.  sd_mountpoint is
 * also read without it, by those who hold the device open.
 */
#include <sys/param.h>
#include <sys/systm.h>
#include <sys/atomic.h>
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

static vnode_t *table[CHAINS];

void
spec_init(void)
{

}

static vnode_t **
chain_of(dev_t dev)
{

	return &table[(major(dev) * 7 + minor(dev)) % CHAINS];
}

static bool
is_device(const vnode_t *vp, enum vtype type, dev_t dev)
{

	return vp->v_type == type && vp->v_rdev == dev;
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
	vnode_t *other;

	KASSERT(vp->v_type == VBLK || vp->v_type == VCHR);
	KASSERT(vp->v_specnode == NULL);
	sn = kmem_zalloc(sizeof(*sn), KM_SLEEP);
	newsd = kmem_zalloc(sizeof(*newsd), KM_SLEEP);
	sn->sn_rdev = rdev;

	mutex_enter(&device_lock);
	for (other = *chain_of(rdev); other != NULL;
	    other = other->v_specnode->sn_next)
		if (is_device(other, vp->v_type, rdev))
			break;
	if (other != NULL) {
		sd = other->v_specnode->sn_dev;
	} else {
		sd = newsd;
		sd->sd_rdev = rdev;
		newsd = NULL;
	}
	sd->sd_refcnt++;
	sn->sn_dev = sd;
	sn->sn_next = *chain_of(rdev);
	*chain_of(rdev) = vp;
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
	bool last;

	mutex_enter(&device_lock);
	for (link = chain_of(sn->sn_rdev); *link != vp;
	    link = &(*link)->v_specnode->sn_next)
		KASSERT(*link != NULL);
	*link = sn->sn_next;
	last = --sd->sd_refcnt == 0;
	mutex_exit(&device_lock);

	KASSERT(sn->sn_opencnt == 0);
	vp->v_specnode = NULL;
	if (last) {
		KASSERT(sd->sd_opencnt == 0);
		KASSERT(sd->sd_mountpoint == NULL);
		kmem_free(sd, sizeof(*sd));
	}
	kmem_free(sn, sizeof(*sn));
}

/*
 * A vnode that others still use is being reclaimed: end what is open through
 * it, as one close, and let opens that are under way fail.
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
	vnode_t *vp;
	int error;

	mutex_enter(&device_lock);
	for (vp = *chain_of(dev); vp != NULL; vp = vp->v_specnode->sn_next)
		if (is_device(vp, type, dev) && !vp->v_specnode->sn_gone)
			break;
	if (vp == NULL) {
		mutex_exit(&device_lock);
		return ENOENT;
	}
	if (type == VBLK && vp->v_specnode->sn_dev->sd_bdevvp != NULL)
		vp = vp->v_specnode->sn_dev->sd_bdevvp;
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
	vnode_t *vp = NULL;
	int error;
	u_int i;

	mutex_enter(&device_lock);
	for (i = 0; i < CHAINS && vp == NULL; i++)
		for (vp = table[i]; vp != NULL; vp = vp->v_specnode->sn_next)
			if (vp->v_type == VBLK &&
			    vp->v_specnode->sn_dev->sd_bdevvp == vp &&
			    vp->v_specnode->sn_dev->sd_mountpoint == mp)
				break;
	if (vp == NULL) {
		mutex_exit(&device_lock);
		return ENOENT;
	}
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

/* The n-th block device that is open, referenced; NULL: there are not so many. */
static vnode_t *
open_device(u_int n)
{
	vnode_t *vp, *found = NULL;
	u_int i;

	mutex_enter(&device_lock);
	for (i = 0; i < CHAINS && found == NULL; i++)
		for (vp = table[i]; vp != NULL; vp = vp->v_specnode->sn_next)
			if (vp->v_type == VBLK &&
			    vp->v_specnode->sn_dev->sd_bdevvp == vp &&
			    n-- == 0) {
				found = vp;
				break;
			}
	if (found != NULL)
		mutex_enter(found->v_interlock);
	mutex_exit(&device_lock);
	return found != NULL && vcache_vget(found) == 0 ? found : NULL;
}

void
spec_sync_all(void)
{
	vnode_t *vp;
	u_int n;

	for (n = 0; (vp = open_device(n)) != NULL; n++) {
		if (vn_lock(vp, LK_EXCLUSIVE) == 0) {
			(void)VOP_FSYNC(vp, NOCRED, FSYNC_WAIT, 0, 0);
			VOP_UNLOCK(vp);
		}
		vrele(vp);
	}
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

int
spec_device(struct vnode *vp, enum vtype *type, dev_t *dev)
{
	int error = 0;

	mutex_enter(vp->v_interlock);
	if (vdead_check(vp, VDEAD_NOWAIT) != 0)
		error = ENXIO;
	*type = vp->v_type;
	if (error == 0)
		*dev = vp->v_rdev;
	mutex_exit(vp->v_interlock);
	return error;
}
