/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What file systems ask of the device that they are mounted from: getdisksize and
 * getdiskinfo.
 */
#include <sys/param.h>
#include <sys/systm.h>
#include <sys/conf.h>
#include <sys/device.h>
#include <sys/disk.h>
#include <sys/disklabel.h>
#include <sys/errno.h>
#include <sys/fcntl.h>
#include <sys/kauth.h>
#include <sys/vnode.h>

#include <miscfs/specfs/specdev.h>
#include <rump-private/disktype.h>

static const struct {
	uint8_t		fstype;
	const char	*ptype;
} ptypes[] = {
	{ FS_UNUSED, DKW_PTYPE_UNUSED }, { FS_SWAP, DKW_PTYPE_SWAP },
	{ FS_V6, DKW_PTYPE_V6 }, { FS_V7, DKW_PTYPE_V7 },
	{ FS_SYSV, DKW_PTYPE_SYSV }, { FS_V71K, DKW_PTYPE_V71K },
	{ FS_V8, DKW_PTYPE_V8 }, { FS_BSDFFS, DKW_PTYPE_FFS },
	{ FS_MSDOS, DKW_PTYPE_FAT }, { FS_BSDLFS, DKW_PTYPE_LFS },
	{ FS_OTHER, DKW_PTYPE_OTHER }, { FS_HPFS, DKW_PTYPE_HPFS },
	{ FS_ISO9660, DKW_PTYPE_ISO9660 }, { FS_BOOT, DKW_PTYPE_BOOT },
	{ FS_ADOS, DKW_PTYPE_AMIGADOS }, { FS_HFS, DKW_PTYPE_APPLEHFS },
	{ FS_FILECORE, DKW_PTYPE_FILECORE }, { FS_EX2FS, DKW_PTYPE_EXT2FS },
	{ FS_NTFS, DKW_PTYPE_NTFS }, { FS_RAID, DKW_PTYPE_RAIDFRAME },
	{ FS_CCD, DKW_PTYPE_CCD }, { FS_JFS2, DKW_PTYPE_JFS2 },
	{ FS_APPLEUFS, DKW_PTYPE_APPLEUFS }, { FS_VINUM, DKW_PTYPE_VINUM },
	{ FS_UDF, DKW_PTYPE_UDF }, { FS_SYSVBFS, DKW_PTYPE_SYSVBFS },
	{ FS_EFS, DKW_PTYPE_EFS }, { FS_NILFS, DKW_PTYPE_NILFS },
	{ FS_CGD, DKW_PTYPE_CGD }, { FS_MINIXFS3, DKW_PTYPE_MINIXFS3 },
	{ FS_VMKCORE, DKW_PTYPE_VMKCORE }, { FS_VMFS, DKW_PTYPE_VMFS },
	{ FS_VMWRESV, DKW_PTYPE_VMWRESV }, { FS_ZFS, DKW_PTYPE_ZFS },
};

const char *
disk_ptype(uint8_t fstype)
{
	u_int i;

	for (i = 0; i < __arraycount(ptypes); i++)
		if (ptypes[i].fstype == fstype)
			return ptypes[i].ptype;
	return DKW_PTYPE_UNKNOWN;
}

static int
ask(struct vnode *vp, u_long cmd, void *data)
{

	return VOP_IOCTL(vp, cmd, data, FREAD | FKIOCTL, NOCRED);
}

/*
 * Size of the partition, or else of the medium, and of its sectors.
 *
 * vp      open device.
 * nsecs   out: sectors.
 * secsize out: bytes in one.
 *
 * Returns 0, the driver's error, or EINVAL: what it says makes no sense.
 */
int
getdisksize(struct vnode *vp, uint64_t *nsecs, unsigned int *secsize)
{
	struct partinfo pi;
	uint64_t count;
	off_t bytes;
	u_int size;
	int error;

	if (ask(vp, DIOCGPARTINFO, &pi) == 0) {
		size = pi.pi_secsize;
		count = pi.pi_size;
	} else {
		error = ask(vp, DIOCGSECTORSIZE, &size);
		if (error == 0)
			error = ask(vp, DIOCGMEDIASIZE, &bytes);
		if (error != 0)
			return error;
		count = size == 0 || bytes < 0 ? 0 : (uint64_t)bytes / size;
	}
	if (size < DEV_BSIZE || size > MAXPHYS || !powerof2(size) ||
	    count == 0)
		return EINVAL;
	*nsecs = count;
	*secsize = size;
	return 0;
}

/*
 * Name, size and type of a disk's partition, as if it were a wedge.
 *
 * Returns 0, ENODEV for what is no device, or the driver's error.
 */
int
getdiskinfo(struct vnode *vp, struct dkwedge_info *dkw)
{
	struct partinfo pi;
	const char *name;
	dev_t dev;
	int error;

	if (vp->v_type != VBLK && vp->v_type != VCHR)
		return ENODEV;
	if (ask(vp, DIOCGWEDGEINFO, dkw) == 0)
		return 0;
	error = ask(vp, DIOCGPARTINFO, &pi);
	if (error != 0)
		return error;
	dev = vp->v_rdev;
	name = vp->v_type == VBLK ? devsw_blk2name(major(dev)) :
	    devsw_chr2name(major(dev));
	memset(dkw, 0, sizeof(*dkw));
	snprintf(dkw->dkw_parent, sizeof(dkw->dkw_parent), "%s%d",
	    name != NULL ? name : "", (int)DISKUNIT(dev));
	snprintf(dkw->dkw_devname, sizeof(dkw->dkw_devname), "%s%c",
	    dkw->dkw_parent, 'a' + (int)DISKPART(dev));
	strlcpy((char *)dkw->dkw_wname, dkw->dkw_devname,
	    sizeof(dkw->dkw_wname));
	dkw->dkw_offset = pi.pi_offset;
	dkw->dkw_size = pi.pi_size;
	strlcpy(dkw->dkw_ptype, disk_ptype(pi.pi_fstype),
	    sizeof(dkw->dkw_ptype));
	return 0;
}
