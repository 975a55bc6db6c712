/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * First sectors of disks: the PC's master boot record, and the partition map of
 * Apple computers.  On disk: the former little-endian, the latter big-endian.
 */
#ifndef _SYS_BOOTBLOCK_H_
#define	_SYS_BOOTBLOCK_H_

#include <sys/types.h>
#include <sys/cdefs.h>

/* Where things are in the sector */
#define	MBR_BBSECTOR		0
#define	MBR_BPB_OFFSET		11
#define	MBR_BOOTCODE_OFFSET	90
#define	MBR_BS_OFFSET		0x190
#define	MBR_BS_OLD_OFFSET	0x194
#define	MBR_GPT_GUID_OFFSET	0x1a8
#define	MBR_DSN_OFFSET		0x1b8
#define	MBR_BS_MAGIC_OFFSET	0x1bc
#define	MBR_PART_OFFSET		0x1be
#define	MBR_MAGIC_OFFSET	0x1fe
#define	MBR_PART_COUNT		4
#define	MBR_BS_PARTNAMESIZE	8

/* What makes it one */
#define	MBR_MAGIC		0xaa55
#define	MBR_BS_MAGIC		0xb5e1

/* A partition. */
struct mbr_partition {
	uint8_t		mbrp_flag;
	uint8_t		mbrp_shd;
	uint8_t		mbrp_ssect;
	uint8_t		mbrp_scyl;
	uint8_t		mbrp_type;
	uint8_t		mbrp_ehd;
	uint8_t		mbrp_esect;
	uint8_t		mbrp_ecyl;
	uint32_t	mbrp_start;
	uint32_t	mbrp_size;
} __packed;

/* mbrp_flag */
#define	MBR_PFLAG_ACTIVE	128

/* mbrp_type */
#define	MBR_PTYPE_UNUSED		0x00
#define	MBR_PTYPE_FAT12			0x01
#define	MBR_PTYPE_XENIX_ROOT		0x02
#define	MBR_PTYPE_XENIX_USR		0x03
#define	MBR_PTYPE_FAT16S		0x04
#define	MBR_PTYPE_EXT			0x05
#define	MBR_PTYPE_FAT16B		0x06
#define	MBR_PTYPE_NTFS			0x07
#define	MBR_PTYPE_DELL			0x08
#define	MBR_PTYPE_AIX_BOOT		0x09
#define	MBR_PTYPE_OS2_BOOT		0x0a
#define	MBR_PTYPE_FAT32			0x0b
#define	MBR_PTYPE_FAT32L		0x0c
#define	MBR_PTYPE_7XXX			0x0d
#define	MBR_PTYPE_FAT16L		0x0e
#define	MBR_PTYPE_EXT_LBA		0x0f
#define	MBR_PTYPE_OPUS			0x10
#define	MBR_PTYPE_OS2_DOS12		0x11
#define	MBR_PTYPE_COMPAQ_DIAG		0x12
#define	MBR_PTYPE_OS2_DOS16S		0x14
#define	MBR_PTYPE_OS2_DOS16B		0x16
#define	MBR_PTYPE_OS2_IFS		0x17
#define	MBR_PTYPE_AST_SWAP		0x18
#define	MBR_PTYPE_WILLOWTECH		0x19
#define	MBR_PTYPE_HID_FAT32		0x1b
#define	MBR_PTYPE_HID_FAT32_LBA		0x1c
#define	MBR_PTYPE_HID_FAT16_LBA		0x1d
#define	MBR_PTYPE_WILLOWSOFT		0x20
#define	MBR_PTYPE_RESERVED_x21		0x21
#define	MBR_PTYPE_RESERVED_x23		0x23
#define	MBR_PTYPE_RESERVED_x24		0x24
#define	MBR_PTYPE_RESERVED_x26		0x26
#define	MBR_PTYPE_RESERVED_x31		0x31
#define	MBR_PTYPE_NOS			0x32
#define	MBR_PTYPE_RESERVED_x33		0x33
#define	MBR_PTYPE_RESERVED_x34		0x34
#define	MBR_PTYPE_OS2_JFS		0x35
#define	MBR_PTYPE_RESERVED_x36		0x36
#define	MBR_PTYPE_THEOS			0x38
#define	MBR_PTYPE_PLAN9			0x39
#define	MBR_PTYPE_THEOS_4GB		0x3a
#define	MBR_PTYPE_THEOS_EXT		0x3b
#define	MBR_PTYPE_PMRECOVERY		0x3c
#define	MBR_PTYPE_HID_NETWARE		0x3d
#define	MBR_PTYPE_VENIX			0x40
#define	MBR_PTYPE_PREP			0x41
#define	MBR_PTYPE_DRDOS_LSWAP		0x42
#define	MBR_PTYPE_DRDOS_LINUX		0x43
#define	MBR_PTYPE_GOBACK		0x44
#define	MBR_PTYPE_BOOT_US		0x45
#define	MBR_PTYPE_EUMEL_x46		0x46
#define	MBR_PTYPE_EUMEL_x47		0x47
#define	MBR_PTYPE_EUMEL_x48		0x48
#define	MBR_PTYPE_ALFS_THIN		0x4a
#define	MBR_PTYPE_OBERON		0x4c
#define	MBR_PTYPE_QNX4X			0x4d
#define	MBR_PTYPE_QNX4X_2		0x4e
#define	MBR_PTYPE_QNX4X_3		0x4f
#define	MBR_PTYPE_DM			0x50
#define	MBR_PTYPE_DM6_AUX1		0x51
#define	MBR_PTYPE_CPM			0x52
#define	MBR_PTYPE_DM6_AUX3		0x53
#define	MBR_PTYPE_DM6_DDO		0x54
#define	MBR_PTYPE_EZDRIVE		0x55
#define	MBR_PTYPE_GOLDEN_BOW		0x56
#define	MBR_PTYPE_DRIVE_PRO		0x57
#define	MBR_PTYPE_PRIAM_EDISK		0x5c
#define	MBR_PTYPE_SPEEDSTOR		0x61
#define	MBR_PTYPE_HURD			0x63
#define	MBR_PTYPE_NOVELL_2XX		0x64
#define	MBR_PTYPE_NOVELL_3XX		0x65
#define	MBR_PTYPE_NOVELL_386		0x66
#define	MBR_PTYPE_NOVELL_x67		0x67
#define	MBR_PTYPE_NOVELL_x68		0x68
#define	MBR_PTYPE_NOVELL_x69		0x69
#define	MBR_PTYPE_DISKSECURE		0x70
#define	MBR_PTYPE_RESERVED_x71		0x71
#define	MBR_PTYPE_RESERVED_x73		0x73
#define	MBR_PTYPE_RESERVED_x74		0x74
#define	MBR_PTYPE_PCIX			0x75
#define	MBR_PTYPE_RESERVED_x76		0x76
#define	MBR_PTYPE_M2FS_M2CS		0x77
#define	MBR_PTYPE_XOSL_FS		0x78
#define	MBR_PTYPE_MINIX_14A		0x80
#define	MBR_PTYPE_MINIX_14B		0x81
#define	MBR_PTYPE_LNXSWAP		0x82
#define	MBR_PTYPE_LNXEXT2		0x83
#define	MBR_PTYPE_OS2_C			0x84
#define	MBR_PTYPE_EXT_LNX		0x85
#define	MBR_PTYPE_NTFATVOL		0x86
#define	MBR_PTYPE_NTFSVOL		0x87
#define	MBR_PTYPE_LNX_KERNEL		0x8a
#define	MBR_PTYPE_FT_FAT32		0x8b
#define	MBR_PTYPE_FT_FAT32_EXT		0x8c
#define	MBR_PTYPE_HID_FR_FD_12		0x8d
#define	MBR_PTYPE_LNX_LVM		0x8e
#define	MBR_PTYPE_HID_FR_FD_16		0x90
#define	MBR_PTYPE_HID_FR_FD_EXT		0x91
#define	MBR_PTYPE_HID_FR_FD_16B		0x92
#define	MBR_PTYPE_AMOEBA_FS		0x93
#define	MBR_PTYPE_AMOEBA_BAD		0x94
#define	MBR_PTYPE_MIT_EXOPC		0x95
#define	MBR_PTYPE_HID_FR_FD_32		0x97
#define	MBR_PTYPE_DATALIGHT		0x98
#define	MBR_PTYPE_MYLEX			0x99
#define	MBR_PTYPE_HID_FR_FD_16L		0x9a
#define	MBR_PTYPE_HID_FR_FD_EXL		0x9b
#define	MBR_PTYPE_BSDI			0x9f
#define	MBR_PTYPE_IBM_HIB		0xa0
#define	MBR_PTYPE_HP_VOL_xA1		0xa1
#define	MBR_PTYPE_HP_VOL_xA3		0xa3
#define	MBR_PTYPE_HP_VOL_xA4		0xa4
#define	MBR_PTYPE_386BSD		0xa5
#define	MBR_PTYPE_OPENBSD		0xa6
#define	MBR_PTYPE_NEXTSTEP_486		0xa7
#define	MBR_PTYPE_APPLE_UFS		0xa8
#define	MBR_PTYPE_NETBSD		0xa9
#define	MBR_PTYPE_OLIVETTI		0xaa
#define	MBR_PTYPE_APPLE_BOOT		0xab
#define	MBR_PTYPE_SHAG_OS		0xae
#define	MBR_PTYPE_APPLE_HFS		0xaf
#define	MBR_PTYPE_BOOTSTAR_DUM		0xb0
#define	MBR_PTYPE_RESERVED_xB1		0xb1
#define	MBR_PTYPE_RESERVED_xB3		0xb3
#define	MBR_PTYPE_RESERVED_xB4		0xb4
#define	MBR_PTYPE_RESERVED_xB6		0xb6
#define	MBR_PTYPE_BSDI_386		0xb7
#define	MBR_PTYPE_BSDI_SWAP		0xb8
#define	MBR_PTYPE_BOOT_WIZARD		0xbb
#define	MBR_PTYPE_SOLARIS_8		0xbe
#define	MBR_PTYPE_SOLARIS		0xbf
#define	MBR_PTYPE_CTOS			0xc0
#define	MBR_PTYPE_DRDOS_FAT12		0xc1
#define	MBR_PTYPE_HID_LNX		0xc2
#define	MBR_PTYPE_HID_LNX_SWAP		0xc3
#define	MBR_PTYPE_DRDOS_FAT16S		0xc4
#define	MBR_PTYPE_DRDOS_EXT		0xc5
#define	MBR_PTYPE_DRDOS_FAT16B		0xc6
#define	MBR_PTYPE_SYRINX		0xc7
#define	MBR_PTYPE_DRDOS_8_xC8		0xc8
#define	MBR_PTYPE_DRDOS_8_xC9		0xc9
#define	MBR_PTYPE_DRDOS_8_xCA		0xca
#define	MBR_PTYPE_DRDOS_74_CHS		0xcb
#define	MBR_PTYPE_DRDOS_74_LBA		0xcc
#define	MBR_PTYPE_CTOS_MEMDUMP		0xcd
#define	MBR_PTYPE_DRDOS_74_16X		0xce
#define	MBR_PTYPE_DRDOS_74_EXT		0xcf
#define	MBR_PTYPE_REAL32		0xd0
#define	MBR_PTYPE_MDOS_FAT12		0xd1
#define	MBR_PTYPE_MDOS_FAT16S		0xd4
#define	MBR_PTYPE_MDOS_EXT		0xd5
#define	MBR_PTYPE_MDOS_FAT16B		0xd6
#define	MBR_PTYPE_CPM_86		0xd8
#define	MBR_PTYPE_CONCURRENT		0xdb
#define	MBR_PTYPE_HID_CTOS_MEM		0xdd
#define	MBR_PTYPE_DELL_UTIL		0xde
#define	MBR_PTYPE_DGUX_VIRTUAL		0xdf
#define	MBR_PTYPE_STMICROELEC		0xe0
#define	MBR_PTYPE_DOS_ACCESS		0xe1
#define	MBR_PTYPE_STORDIM		0xe3
#define	MBR_PTYPE_SPEEDSTOR_16S		0xe4
#define	MBR_PTYPE_RESERVED_xE5		0xe5
#define	MBR_PTYPE_RESERVED_xE6		0xe6
#define	MBR_PTYPE_BEOS			0xeb
#define	MBR_PTYPE_PMBR			0xee
#define	MBR_PTYPE_EFI			0xef
#define	MBR_PTYPE_LNX_PA_RISC		0xf0
#define	MBR_PTYPE_SPEEDSTOR_X		0xf1
#define	MBR_PTYPE_DOS33_SEC		0xf2
#define	MBR_PTYPE_RESERVED_xF3		0xf3
#define	MBR_PTYPE_SPEEDSTOR_L		0xf4
#define	MBR_PTYPE_PROLOGUE		0xf5
#define	MBR_PTYPE_RESERVED_xF6		0xf6
#define	MBR_PTYPE_PCACHE		0xf9
#define	MBR_PTYPE_BOCHS			0xfa
#define	MBR_PTYPE_VMWARE		0xfb
#define	MBR_PTYPE_VMWARE_SWAP		0xfc
#define	MBR_PTYPE_LNX_RAID		0xfd
#define	MBR_PTYPE_LANSTEP		0xfe
#define	MBR_PTYPE_XENIX_BAD		0xff

#define	MBR_IS_EXTENDED(x) \
	((x) == MBR_PTYPE_EXT || (x) == MBR_PTYPE_EXT_LBA || \
	 (x) == MBR_PTYPE_EXT_LNX)

/* Parameter blocks of FAT file systems. */
struct mbr_bpbFAT12 {
	uint16_t	bpbBytesPerSec;
	uint8_t		bpbSecPerClust;
	uint16_t	bpbResSectors;
	uint8_t		bpbFATs;
	uint16_t	bpbRootDirEnts;
	uint16_t	bpbSectors;
	uint8_t		bpbMedia;
	uint16_t	bpbFATsecs;
	uint16_t	bpbSecPerTrack;
	uint16_t	bpbHeads;
	uint16_t	bpbHiddenSecs;
} __packed;

struct mbr_bpbFAT16 {
	uint16_t	bpbBytesPerSec;
	uint8_t		bpbSecPerClust;
	uint16_t	bpbResSectors;
	uint8_t		bpbFATs;
	uint16_t	bpbRootDirEnts;
	uint16_t	bpbSectors;
	uint8_t		bpbMedia;
	uint16_t	bpbFATsecs;
	uint16_t	bpbSecPerTrack;
	uint16_t	bpbHeads;
	uint32_t	bpbHiddenSecs;
	uint32_t	bpbHugeSectors;
	uint8_t		bsDrvNum;
	uint8_t		bsReserved1;
	uint8_t		bsBootSig;
	uint8_t		bsVolID[4];
	uint8_t		bsVolLab[11];
	uint8_t		bsFileSysType[8];
} __packed;

struct mbr_bpbFAT32 {
	uint16_t	bpbBytesPerSec;
	uint8_t		bpbSecPerClust;
	uint16_t	bpbResSectors;
	uint8_t		bpbFATs;
	uint16_t	bpbRootDirEnts;
	uint16_t	bpbSectors;
	uint8_t		bpbMedia;
	uint16_t	bpbFATsecs;
	uint16_t	bpbSecPerTrack;
	uint16_t	bpbHeads;
	uint32_t	bpbHiddenSecs;
	uint32_t	bpbHugeSectors;
	uint32_t	bpbBigFATsecs;
	uint16_t	bpbExtFlags;
	uint16_t	bpbFSVers;
	uint32_t	bpbRootClust;
	uint16_t	bpbFSInfo;
	uint16_t	bpbBackup;
	uint8_t		bsReserved[12];
	uint8_t		bsDrvNum;
	uint8_t		bsReserved1;
	uint8_t		bsBootSig;
	uint8_t		bsVolID[4];
	uint8_t		bsVolLab[11];
	uint8_t		bsFileSysType[8];
} __packed;

/* bpbExtFlags, bpbFSVers */
#define	MBR_FAT32_FATMIRROR	128
#define	MBR_FAT32_FATNUM	15
#define	MBR_FAT32_FSVERS	0

/* The boot selector. */
struct mbr_bootsel {
	uint8_t		mbrbs_defkey;
	uint8_t		mbrbs_flags;
	uint16_t	mbrbs_timeo;
	char		mbrbs_nametab[MBR_PART_COUNT][MBR_BS_PARTNAMESIZE + 1];
} __packed;

/* mbrbs_flags */
#define	MBR_BS_ACTIVE		1
#define	MBR_BS_EXTINT13		2
#define	MBR_BS_READ_LBA		4
#define	MBR_BS_EXTLBA		8
#define	MBR_BS_ASCII		16
#define	MBR_BS_NEWMBR		128

/* The sector. */
struct mbr_sector {
	uint8_t		mbr_jmpboot[3];
	uint8_t		mbr_oemname[8];
	union {
		struct mbr_bpbFAT12	bpb12;
		struct mbr_bpbFAT16	bpb16;
		struct mbr_bpbFAT32	bpb32;
	} mbr_bpb;
	uint8_t		mbr_bootcode[310];
	struct mbr_bootsel	mbr_bootsel;
	uint32_t	mbr_dsn;
	uint16_t	mbr_bootsel_magic;
	struct mbr_partition	mbr_parts[MBR_PART_COUNT];
	uint16_t	mbr_magic;
} __packed;

/* Apple: block 0, */
struct apple_drvr_descriptor {
	uint32_t	descBlock;
	uint16_t	descSize;
	uint16_t	descType;
} __packed;

/* what drivers are on the disk */
#define	APPLE_DRVR_MAP_MAGIC		0x4552
#define	APPLE_DRVR_MAP_MAX_DESCRIPTORS	61
#define	APPLE_DRVR_TYPE_MACINTOSH	1

struct apple_drvr_map {
	uint16_t	sbSig;
	uint16_t	sbBlockSize;
	uint32_t	sbBlkCount;
	uint16_t	sbDevType;
	uint16_t	sbDevID;
	uint32_t	sbData;
	uint16_t	sbDrvrCount;
	struct apple_drvr_descriptor	sb_dd[APPLE_DRVR_MAP_MAX_DESCRIPTORS];
	uint16_t	pad[3];
} __packed;

/* a block for each partition, */
#define	APPLE_PART_MAP_ENTRY_MAGIC	0x504d
struct apple_part_map_entry {
	uint16_t	pmSig;
	uint16_t	pmSigPad;
	uint32_t	pmMapBlkCnt;
	uint32_t	pmPyPartStart;
	uint32_t	pmPartBlkCnt;
	uint8_t		pmPartName[32];
	uint8_t		pmPartType[32];
	uint32_t	pmLgDataStart;
	uint32_t	pmDataCnt;
	uint32_t	pmPartStatus;
	uint32_t	pmLgBootStart;
	uint32_t	pmBootSize;
	uint32_t	pmBootLoad;
	uint32_t	pmBootLoad2;
	uint32_t	pmBootEntry;
	uint32_t	pmBootEntry2;
	uint32_t	pmBootCksum;
	int8_t		pmProcessor[16];
	uint8_t		pmBootArgs[128];
	uint8_t		pad[248];
} __packed;

/* pmPartType */
#define	APPLE_PART_TYPE_DRIVER		"APPLE_DRIVER"
#define	APPLE_PART_TYPE_DRIVER43	"APPLE_DRIVER43"
#define	APPLE_PART_TYPE_DRIVERATA	"APPLE_DRIVER_ATA"
#define	APPLE_PART_TYPE_DRIVERIOKIT	"APPLE_DRIVER_IOKIT"
#define	APPLE_PART_TYPE_FREE		"APPLE_FREE"
#define	APPLE_PART_TYPE_FWB_COMPONENT	"FWB DRIVER COMPONENTS"
#define	APPLE_PART_TYPE_FWDRIVER	"APPLE_FWDRIVER"
#define	APPLE_PART_TYPE_MAC		"APPLE_HFS"
#define	APPLE_PART_TYPE_NBSD_68KBOOT	"NETBSD/MAC68K"
#define	APPLE_PART_TYPE_NBSD_PPCBOOT	"NETBSD/MACPPC"
#define	APPLE_PART_TYPE_NETBSD		"NETBSD"
#define	APPLE_PART_TYPE_PARTMAP		"APPLE_PARTITION_MAP"
#define	APPLE_PART_TYPE_PATCHES		"APPLE_PATCHES"
#define	APPLE_PART_TYPE_SCRATCH		"APPLE_SCRATCH"
#define	APPLE_PART_TYPE_UNIX		"APPLE_UNIX_SVR2"

/* pmPartStatus */
#define	APPLE_PS_VALID		1
#define	APPLE_PS_ALLOCATED	2
#define	APPLE_PS_IN_USE		4
#define	APPLE_PS_BOOT_INFO	8
#define	APPLE_PS_READABLE	16
#define	APPLE_PS_WRITABLE	32
#define	APPLE_PS_BOOT_CODE_PIC	64
#define	APPLE_PS_CC_DRVR	0x100
#define	APPLE_PS_RL_DRVR	0x200
#define	APPLE_PS_CH_DRVR	0x400
#define	APPLE_PS_AUTO_MOUNT	0x40000000
#define	APPLE_PS_STARTUP	0x80000000

/* and in pmBootArgs of Unix partitions. */
struct apple_blockzeroblock {
	uint32_t	bzbMagic;
	uint8_t		bzbCluster;
	uint8_t		bzbType;
	uint16_t	bzbBadBlockInode;
	uint16_t	bzbFlags;
	uint16_t	bzbReserved;
	uint32_t	bzbCreationTime;
	uint32_t	bzbMountTime;
	uint32_t	bzbUMountTime;
} __packed;

#define	APPLE_BZB_MAGIC		0xabadbabe
#define	APPLE_BZB_ROOTFS	0x8000
#define	APPLE_BZB_TYPEFS	1
#define	APPLE_BZB_TYPESWAP	3
#define	APPLE_BZB_USRFS		0x4000

#endif /* !_SYS_BOOTBLOCK_H_ */
