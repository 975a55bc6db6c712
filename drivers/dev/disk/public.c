/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * For programs: rump_pub_disk_partitions, the partitions of a device or of an
 * image in a file.  No wedge is made, and nothing stays open.
 */
#include <sys/param.h>
#include <sys/systm.h>
#include <sys/device.h>
#include <sys/errno.h>
#include <sys/fcntl.h>
#include <sys/kauth.h>
#include <sys/namei.h>
#include <sys/stat.h>
#include <sys/vnode.h>

#include <rump-private/disk_if.h>
#include <rump/rumpdisk.h>

#include "ptable.h"

#define FILE_SECTOR	512

static int
read_vnode(void *cookie, uint64_t offset, void *buf, size_t len)
{
	struct vnode *vp = cookie;
	size_t left;
	int error;

	error = vn_rdwr(UIO_READ, vp, buf, (int)len, (off_t)offset,
	    UIO_SYSSPACE, 0, kauth_cred_get(), &left, curlwp);
	return error != 0 ? error : left != 0 ? EIO : 0;
}

/* Size of an open vnode, in whole sectors. */
static int
measure(struct vnode *vp, struct ptable_source *ps)
{
	uint64_t sectors;
	struct vattr va;
	int error;

	if (vp->v_type == VREG) {
		error = VOP_GETATTR(vp, &va, kauth_cred_get());
		ps->ps_secsize = FILE_SECTOR;
		sectors = error == 0 ? va.va_size / FILE_SECTOR : 0;
	} else {
		error = getdisksize(vp, &sectors, &ps->ps_secsize);
	}
	ps->ps_size = error == 0 ? sectors * ps->ps_secsize : 0;
	return error;
}

/* Look a path up and open what is there for reading; returned locked. */
static int
open_path(const char *path, struct vnode **vpp)
{
	struct vnode *vp;
	int error;

	error = namei_simple_kernel(path, NSM_FOLLOW_TRYEMULROOT, &vp);
	if (error != 0)
		return error;
	if (vp->v_type != VREG && vp->v_type != VBLK && vp->v_type != VCHR)
		error = vp->v_type == VDIR ? EISDIR : EOPNOTSUPP;
	else
		error = vn_lock(vp, LK_EXCLUSIVE);
	if (error != 0) {
		vrele(vp);
		return error;
	}
	error = VOP_OPEN(vp, FREAD, kauth_cred_get());
	if (error != 0) {
		vput(vp);
		return error;
	}
	*vpp = vp;
	return 0;
}

static void
describe(const struct part *pa, uint32_t secsize, struct rump_partition *rp)
{
	static const char *const schemes[] = {
		[PTABLE_MBR] = "mbr", [PTABLE_GPT] = "gpt",
		[PTABLE_BSD] = "bsd",
	};

	CTASSERT(PART_EXTENDED == RUMP_PARTITION_EXTENDED);
	CTASSERT(PART_BACKUP == RUMP_PARTITION_BACKUP);
	CTASSERT(PART_ACTIVE == RUMP_PARTITION_ACTIVE);
	CTASSERT(PART_NESTED == RUMP_PARTITION_NESTED);
	*rp = (struct rump_partition){
		.rp_number = pa->pa_number, .rp_parent = pa->pa_parent,
		.rp_flags = pa->pa_flags, .rp_secsize = secsize,
		.rp_offset = pa->pa_offset, .rp_size = pa->pa_size,
	};
	strlcpy(rp->rp_scheme, schemes[pa->pa_scheme], sizeof(rp->rp_scheme));
	strlcpy(rp->rp_type, pa->pa_type, sizeof(rp->rp_type));
	strlcpy(rp->rp_fstype, pa->pa_ptype, sizeof(rp->rp_fstype));
	strlcpy(rp->rp_name, pa->pa_name, sizeof(rp->rp_name));
}

/*
 * The partitions of a disk.
 *
 * path   block device, or a regular file that holds an image.
 * parts  out: the first max of them, in the order of the table.
 * n      out: how many there are; 0: it has no table.
 *
 * Returns 0; EINVAL: a table is there, but no copy of it is sound; EBUSY: the
 * device is open or mounted; or the error of looking up, opening, reading.
 */
int
rump_disk_partitions(const char *path, struct rump_partition *parts,
    size_t max, size_t *n)
{
	struct ptable_source ps = { .ps_read = read_vnode };
	struct ptable pt;
	struct vnode *vp;
	size_t i;
	int error;

	*n = 0;
	error = open_path(path, &vp);
	if (error != 0)
		return error;
	error = measure(vp, &ps);
	VOP_UNLOCK(vp);
	if (error == 0) {
		ps.ps_cookie = vp;
		error = ptable_read(&ps, &pt);
		*n = error == 0 ? pt.pt_count : 0;
		for (i = 0; i < *n && i < max; i++)
			describe(&pt.pt_parts[i], ps.ps_secsize, &parts[i]);
		ptable_fini(&pt);
	}
	(void)vn_close(vp, FREAD, kauth_cred_get());
	return error;
}
