/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * struct mount: its life, and keeping it from being unmounted.
 *
 *   vfs_mountalloc, vfs_rootmountalloc   a mount, not published yet
 *   vfs_ref, vfs_rele                    keep the memory
 *   vfs_busy, vfs_trybusy, vfs_unbusy    keep it mounted
 *   vfs_getnewfsid, vfs_getvfs           identities
 *   mount_*specific                      data of others on mounts
 *
 * A mount is allocated with one reference, which belongs to the list of mounts
 * once it is there; each of its vnodes holds another.  To be busy in it is a
 * transaction (fstrans.c) and a reference: it cannot be suspended, so it
 * cannot be unmounted.  The dead mount (dead_rootmount) is in no list: vnodes
 * that were taken from their file systems live there.
 *
 * Pointers to a mount may be followed without a reference inside a passive
 * read section (a vnode's v_mount, v_mountedhere), so the memory is freed only
 * after all sections have ended.
 */
#include <sys/param.h>
#include <sys/atomic.h>
#include <sys/errno.h>
#include <sys/fstrans.h>
#include <sys/kauth.h>
#include <sys/kernel.h>
#include <sys/kmem.h>
#include <sys/module.h>
#include <sys/mount.h>
#include <sys/mutex.h>
#include <sys/pserialize.h>
#include <sys/specificdata.h>
#include <sys/systm.h>
#include <sys/vnode.h>

#include "deadfs/dead.h"
#include "mount_impl.h"
#include "page/throttle.h"

struct mount *dead_rootmount;

static specificdata_domain_t specific_domain;
static kmutex_t id_lock;		/* of next_fsid */
static uint32_t next_fsid;
static kmutex_t free_lock;		/* of free_sections */
static pserialize_t free_sections;

void
mount_boot(void)
{

	mutex_init(&id_lock, MUTEX_DEFAULT, IPL_NONE);
	mutex_init(&free_lock, MUTEX_DEFAULT, IPL_NONE);
	free_sections = pserialize_create();
	specific_domain = specificdata_domain_create();

	dead_rootmount = vfs_mountalloc(&dead_vfsops, NULL);
	fstrans_mount_free(dead_rootmount);
	dead_rootmount->mnt_iflag = IMNT_MPSAFE;
}

/* ------------------------------------------------------------------- life */

/*
 * Allocate a mount of a type: one reference, not in the list.
 *
 * vfsops  the caller's reference to the type becomes the mount's
 * vp      the directory that it will cover, or NULL; no reference is taken
 */
struct mount *
vfs_mountalloc(struct vfsops *vfsops, struct vnode *vp)
{
	struct mount *mp = kmem_zalloc(sizeof(*mp), KM_SLEEP);

	mp->mnt_op = vfsops;
	mp->mnt_vnodecovered = vp;
	mp->mnt_refcnt = 1;
	TAILQ_INIT(&mp->mnt_vnodelist);
	mp->mnt_vnodelock = mutex_obj_alloc(MUTEX_DEFAULT, IPL_NONE);
	mp->mnt_renamelock = mutex_obj_alloc(MUTEX_DEFAULT, IPL_NONE);
	mp->mnt_updating = mutex_obj_alloc(MUTEX_DEFAULT, IPL_NONE);
	mp->mnt_tally = throttle_create(mp);
	mount_initspecific(mp);
	(void)fstrans_mount(mp);
	return mp;
}

void
mount_name(struct mount *mp, const char *type, const char *from)
{
	struct statvfs *sb = &mp->mnt_stat;

	strlcpy(sb->f_fstypename, type, sizeof(sb->f_fstypename));
	strlcpy(sb->f_mntonname, "/", sizeof(sb->f_mntonname));
	strlcpy(sb->f_mntfromname, from, sizeof(sb->f_mntfromname));
}

/*
 * Allocate a mount for the root file system: read-only, busy.
 *
 * Returns 0, or ENODEV for an unknown type.
 */
int
vfs_rootmountalloc(const char *fstypename, const char *devname,
    struct mount **mpp)
{
	struct vfsops *ops;
	struct mount *mp;
	int error;

	if ((ops = vfs_getopsbyname(fstypename)) == NULL)
		return ENODEV;
	mp = vfs_mountalloc(ops, NULL);
	if ((error = vfs_busy(mp)) != 0) {
		vfs_rele(mp);
		return error;
	}
	mp->mnt_flag = MNT_RDONLY;
	mount_name(mp, ops->vfs_name, devname);
	*mpp = mp;
	return 0;
}

static void
mount_free(struct mount *mp)
{

	KASSERT(TAILQ_EMPTY(&mp->mnt_vnodelist));
	mutex_enter(&free_lock);
	pserialize_perform(free_sections);
	mutex_exit(&free_lock);
	mount_finispecific(mp);
	fstrans_mount_free(mp);
	mutex_obj_free(mp->mnt_vnodelock);
	mutex_obj_free(mp->mnt_renamelock);
	mutex_obj_free(mp->mnt_updating);
	throttle_destroy(mp->mnt_tally);
	if (mp->mnt_op != NULL)
		vfs_delref(mp->mnt_op);
	if (mp->mnt_lower != NULL)
		vfs_rele(mp->mnt_lower);
	kmem_free(mp, sizeof(*mp));
}

/* One more reference to the memory, for one who has one. */
void
vfs_ref(struct mount *mp)
{

	KASSERT(atomic_load_relaxed(&mp->mnt_refcnt) > 0);
	atomic_inc_uint((volatile unsigned *)&mp->mnt_refcnt);
}

/* The same in a read section; false if the last reference has gone. */
bool
vfs_tryref(struct mount *mp)
{
	volatile unsigned *refs = (volatile unsigned *)&mp->mnt_refcnt;
	unsigned n, now;

	for (n = atomic_load_relaxed(refs); n != 0; n = now) {
		if ((now = atomic_cas_uint(refs, n, n + 1)) == n)
			return true;
	}
	return false;
}

/* Drop a reference.  The last one frees the mount, and waits for that. */
void
vfs_rele(struct mount *mp)
{

	membar_exit();
	if (atomic_dec_uint_nv((volatile unsigned *)&mp->mnt_refcnt) > 0)
		return;
	membar_enter();
	mount_free(mp);
}

/*
 * Make this mount a layer above another: suspended with it, and freed first.
 *
 * Returns 0, or the error of vfs_busy(): the lower one is gone.
 */
int
vfs_set_lowermount(struct mount *mp, struct mount *lower)
{
	struct mount *old = mp->mnt_lower;
	int error;

	if (lower != NULL) {
		if ((error = vfs_busy(lower)) != 0)
			return error;
		vfs_ref(lower);
		fstrans_mount_share(mp, lower);
		mp->mnt_lower = lower;
		vfs_unbusy(lower);
	} else {
		fstrans_mount_free(mp);
		mp->mnt_lower = NULL;
		(void)fstrans_mount(mp);
	}
	if (old != NULL)
		vfs_rele(old);
	return 0;
}

/* ------------------------------------------------------------------- busy */

static int
busy(struct mount *mp, bool wait)
{
	int error;

	if (wait)
		fstrans_start(mp);
	else if ((error = fstrans_start_nowait(mp)) != 0)
		return error;
	if (__predict_false((atomic_load_relaxed(&mp->mnt_iflag) & IMNT_GONE) !=
	    0)) {
		fstrans_done(mp);
		return ENOENT;
	}
	vfs_ref(mp);
	return 0;
}

/*
 * Keep a mount from going away, waiting while it is suspended.  Nests.
 *
 * Returns 0, or ENOENT: it has been unmounted.
 * Locks: the caller has a reference.
 */
int
vfs_busy(struct mount *mp)
{

	return busy(mp, true);
}

/* The same, but EBUSY instead of waiting. */
int
vfs_trybusy(struct mount *mp)
{

	return busy(mp, false);
}

/* Undo vfs_busy(), by the same thread. */
void
vfs_unbusy(struct mount *mp)
{

	fstrans_done(mp);
	vfs_rele(mp);
}

/*
 * The directory that the mount of vp covers, referenced; NULL if vp is not the
 * root of its mount, or that covers nothing.
 */
struct vnode *
vnode_covered(struct vnode *vp)
{
	struct mount *mp;
	struct vnode *covered = NULL;

	if ((vp->v_vflag & VV_ROOT) == 0)
		return NULL;
	/* in a transaction the mount stays, and what it covers */
	mp = vnode_fstrans_start(vp);
	if ((vp->v_vflag & VV_ROOT) != 0 &&
	    (covered = mp->mnt_vnodecovered) != NULL)
		vref(covered);
	fstrans_done(mp);
	return covered;
}

/* ------------------------------------------------------------- identities */

/*
 * A small number for a type's name: the same in every boot, as it becomes part
 * of NFS file handles.
 */
long
makefstype(const char *type)
{
	unsigned id = 0;

	while (*type != '\0')
		id = (id * 31 + (unsigned char)*type++) & 0xffff;
	return (long)id;
}

/* Is this identity taken? */
static bool
fsid_taken(const fsid_t *id)
{
	fsid_t copy = *id;

	return vfs_getvfs(&copy) != NULL;
}

/* Give a mount an identity that no other has. */
void
vfs_getnewfsid(struct mount *mp)
{
	long type = makefstype(mp->mnt_op->vfs_name);
	fsid_t *id = &mp->mnt_stat.f_fsidx;

	do {
		mutex_enter(&id_lock);
		/* device numbers stay below these: no file system has both */
		id->__fsid_val[0] = (int32_t)(0x7f000000u |
		    ((uint32_t)(type & 0xff) << 16) | (++next_fsid & 0xffff));
		mutex_exit(&id_lock);
		id->__fsid_val[1] = (int32_t)type;
	} while (fsid_taken(id));
	mp->mnt_stat.f_fsid = (unsigned long)id->__fsid_val[0];
}

/* -------------------------------------------------------- data of others */

int
mount_specific_key_create(specificdata_key_t *keyp, specificdata_dtor_t dtor)
{

	return specificdata_key_create(specific_domain, keyp, dtor);
}

void
mount_specific_key_delete(specificdata_key_t key)
{

	specificdata_key_delete(specific_domain, key);
}

void
mount_initspecific(struct mount *mp)
{

	(void)specificdata_init(specific_domain, &mp->mnt_specdataref);
}

void
mount_finispecific(struct mount *mp)
{

	specificdata_fini(specific_domain, &mp->mnt_specdataref);
}

void *
mount_getspecific(struct mount *mp, specificdata_key_t key)
{

	return specificdata_getspecific(specific_domain, &mp->mnt_specdataref,
	    key);
}

void
mount_setspecific(struct mount *mp, specificdata_key_t key, void *data)
{

	specificdata_setspecific(specific_domain, &mp->mnt_specdataref, key,
	    data);
}
