/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Types of partitions: what kind of file system each scheme's stand for.
 *
 * Several types stand for what may be one of several (0x07 is NTFS, exFAT or
 * HPFS; Microsoft's basic data is FAT or NTFS): the most common is told.
 *
 * Ref: UEFI Specification 2.10, table 5-7; sgdisk --list-types; disklabel(5).
 */
#include <sys/param.h>
#include <sys/systm.h>
#include <sys/bootblock.h>
#include <sys/disk.h>
#include <sys/disklabel.h>
#include <sys/uuid.h>

#include <rump-private/disktype.h>

#include "ptable.h"

static const struct {
	uint8_t	type;
	uint8_t	fstype;
} mbr_types[] = {
	{ MBR_PTYPE_FAT12, FS_MSDOS },
	{ MBR_PTYPE_FAT16S, FS_MSDOS },
	{ MBR_PTYPE_FAT16B, FS_MSDOS },
	{ MBR_PTYPE_FAT16L, FS_MSDOS },
	{ MBR_PTYPE_FAT32, FS_MSDOS },
	{ MBR_PTYPE_FAT32L, FS_MSDOS },
	{ MBR_PTYPE_OS2_DOS12, FS_MSDOS },
	{ MBR_PTYPE_OS2_DOS16S, FS_MSDOS },
	{ MBR_PTYPE_OS2_DOS16B, FS_MSDOS },
	{ MBR_PTYPE_HID_FAT32, FS_MSDOS },
	{ MBR_PTYPE_HID_FAT32_LBA, FS_MSDOS },
	{ MBR_PTYPE_HID_FAT16_LBA + 1, FS_MSDOS },
	{ MBR_PTYPE_EFI, FS_MSDOS },
	{ MBR_PTYPE_NTFS, FS_NTFS },
	{ MBR_PTYPE_LNXSWAP, FS_SWAP },
	{ MBR_PTYPE_LNXEXT2, FS_EX2FS },
	{ MBR_PTYPE_MINIX_14A, FS_MINIXFS3 },
	{ MBR_PTYPE_MINIX_14B, FS_MINIXFS3 },
	{ MBR_PTYPE_386BSD, FS_BSDFFS },
	{ MBR_PTYPE_OPENBSD, FS_BSDFFS },
	{ MBR_PTYPE_NETBSD, FS_BSDFFS },
	{ MBR_PTYPE_APPLE_UFS, FS_APPLEUFS },
	{ MBR_PTYPE_APPLE_HFS, FS_HFS },
	{ MBR_PTYPE_VMWARE, FS_VMFS },
	{ MBR_PTYPE_VMWARE_SWAP, FS_VMKCORE },
};

static const struct {
	const char *guid;
	uint8_t	fstype;
} gpt_types[] = {
	/* of the specification, and Microsoft's */
	{ "c12a7328-f81f-11d2-ba4b-00a0c93ec93b", FS_MSDOS },
	{ "ebd0a0a2-b9e5-4433-87c0-68b6b72699c7", FS_MSDOS },
	{ "21686148-6449-6e6f-744e-656564454649", FS_BOOT },
	/* Linux: data, swap, home, boot loader, root of some machines */
	{ "0fc63daf-8483-4772-8e79-3d69d8477de4", FS_EX2FS },
	{ "0657fd6d-a4ab-43c4-84e5-0933c84b4f4f", FS_SWAP },
	{ "933ac7e1-2eb4-4f13-b844-0e14e2aef915", FS_EX2FS },
	{ "bc13c2ff-59e6-4262-a352-b275fd6f7172", FS_MSDOS },
	{ "44479540-f297-41b2-9af7-d131d5f0458a", FS_EX2FS },
	{ "4f68bce3-e8cd-4db1-96e7-fbcaf984b709", FS_EX2FS },
	{ "b921b045-1df0-41c3-af44-4c6f280d3fae", FS_EX2FS },
	/* BSD systems: boot, swap, data */
	{ "83bd6b9d-7f41-11dc-be0b-001560b84f0f", FS_BOOT },
	{ "516e7cb5-6ecf-11d6-8ff8-00022d09712b", FS_SWAP },
	{ "516e7cb6-6ecf-11d6-8ff8-00022d09712b", FS_BSDFFS },
	{ "516e7cb8-6ecf-11d6-8ff8-00022d09712b", FS_VINUM },
	{ "516e7cba-6ecf-11d6-8ff8-00022d09712b", FS_ZFS },
	{ "824cc7a0-36a8-11e3-890a-952519ad3f61", FS_BSDFFS },
	{ "49f48d32-b10e-11dc-b99b-0019d1879648", FS_SWAP },
	{ "49f48d5a-b10e-11dc-b99b-0019d1879648", FS_BSDFFS },
	{ "49f48d82-b10e-11dc-b99b-0019d1879648", FS_BSDLFS },
	{ "49f48daa-b10e-11dc-b99b-0019d1879648", FS_RAID },
	{ "2db519c4-b10f-11dc-b99b-0019d1879648", FS_CCD },
	{ "2db519ec-b10f-11dc-b99b-0019d1879648", FS_CGD },
	/* Apple, Sun, VMware */
	{ "48465300-0000-11aa-aa11-00306543ecac", FS_HFS },
	{ "55465300-0000-11aa-aa11-00306543ecac", FS_APPLEUFS },
	{ "6a898cc3-1dd2-11b2-99a6-080020736631", FS_ZFS },
	{ "9d275380-40ad-11db-bf97-000c2911d1b8", FS_VMKCORE },
	{ "aa31e02a-400f-11db-9590-000c2911d1b8", FS_VMFS },
	{ "9198effc-31c0-11db-8f78-000c2911d1b8", FS_VMWRESV },
};

static struct parttype
of_fstype(uint8_t fstype)
{

	return (struct parttype){ disk_ptype(fstype), fstype };
}

struct parttype
parttype_mbr(uint8_t type)
{
	u_int i;

	for (i = 0; i < __arraycount(mbr_types); i++)
		if (mbr_types[i].type == type)
			return of_fstype(mbr_types[i].fstype);
	return (struct parttype){ DKW_PTYPE_UNKNOWN, FS_OTHER };
}

struct parttype
parttype_bsd(uint8_t fstype)
{

	return of_fstype(fstype);
}

struct parttype
parttype_gpt(const uint8_t guid[16])
{
	char text[37];
	u_int i;

	guid_format(guid, text);
	for (i = 0; i < __arraycount(gpt_types); i++)
		if (strcmp(gpt_types[i].guid, text) == 0)
			return of_fstype(gpt_types[i].fstype);
	return (struct parttype){ DKW_PTYPE_UNKNOWN, FS_OTHER };
}

void
guid_format(const uint8_t guid[16], char text[37])
{
	struct uuid uuid;

	uuid_dec_le(guid, &uuid);
	(void)uuid_snprintf(text, 37, &uuid);
}
