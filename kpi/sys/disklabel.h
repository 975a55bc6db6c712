/* SPDX-License-Identifier: BSD-2-Clause */
/* BSD disk labels: up to 22 partitions and the shape of the disk. */
#ifndef _SYS_DISKLABEL_H_
#define	_SYS_DISKLABEL_H_

#include <sys/types.h>
#if defined(_KERNEL) && !defined(__NO_MACHINE_DISKLABEL)
#include <machine/disklabel.h>
#endif

#ifndef MAXPARTITIONS
#define	MAXPARTITIONS	16
#endif
#ifndef RAW_PART
#define	RAW_PART	3
#endif
#define	MAXMAXPARTITIONS 22		/* on any machine */

/* A disk's minor number: unit and partition. */
#define	DISKUNIT(dev)	(minor(dev) / MAXPARTITIONS)
#define	DISKPART(dev)	(minor(dev) % MAXPARTITIONS)
#define	DISKMINOR(unit, part) \
	(((unit) * MAXPARTITIONS) + (part))
#define	MAKEDISKDEV(maj, unit, part) \
	(makedev((maj), DISKMINOR((unit), (part))))

#define	DISKMAGIC	((uint32_t)0x82564557)
#define	NDDATA		5
#define	NSPARE		5

/* On disk and in ioctls.  Exact layout. */
struct partition {
	uint32_t	p_size;		/* sectors */
	uint32_t	p_offset;
	union {
		uint32_t fsize;		/* fragment size */
		uint32_t cdsession;	/* ISO 9660: session offset */
	} __partition_u2;
	uint8_t		p_fstype;	/* FS_* */
	uint8_t		p_frag;
	union {
		uint16_t cpg;
		uint16_t sgs;
	} __partition_u1;
};
#define	p_fsize		__partition_u2.fsize
#define	p_cdsession	__partition_u2.cdsession
#define	p_cpg		__partition_u1.cpg
#define	p_sgs		__partition_u1.sgs

struct disklabel {
	uint32_t	d_magic;
	uint16_t	d_type;		/* DKTYPE_* */
	uint16_t	d_subtype;
	char		d_typename[16];
	union {
		char	un_d_packname[16];
		struct {
			char	*un_d_boot0;
			char	*un_d_boot1;
		} un_b;
		uint64_t un_d_pad;
	} d_un;
#define	d_packname	d_un.un_d_packname
#define	d_boot0		d_un.un_b.un_d_boot0
#define	d_boot1		d_un.un_b.un_d_boot1

	uint32_t	d_secsize;	/* bytes */
	uint32_t	d_nsectors;
	uint32_t	d_ntracks;
	uint32_t	d_ncylinders;
	uint32_t	d_secpercyl;
	uint32_t	d_secperunit;
	uint16_t	d_sparespertrack;
	uint16_t	d_sparespercyl;
	uint32_t	d_acylinders;

	uint16_t	d_rpm;
	uint16_t	d_interleave;
	uint16_t	d_trackskew;
	uint16_t	d_cylskew;
	uint32_t	d_headswitch;	/* microseconds */
	uint32_t	d_trkseek;	/* microseconds */
	uint32_t	d_flags;	/* D_* */
	uint32_t	d_drivedata[NDDATA];
	uint32_t	d_spare[NSPARE];

	uint32_t	d_magic2;
	uint16_t	d_checksum;	/* dkcksum() is 0 */
	uint16_t	d_npartitions;
	uint32_t	d_bbsize;
	uint32_t	d_sbsize;
	struct partition d_partitions[MAXPARTITIONS];
};

/* DIOCGPARTINFO */
struct partinfo {
	uint64_t	pi_offset;	/* sectors */
	uint64_t	pi_size;
	uint32_t	pi_secsize;	/* bytes */
	uint32_t	pi_bsize;
	uint8_t		pi_fstype;	/* FS_* */
	uint8_t		pi_frag;
	uint16_t	pi_cpg;
	uint32_t	pi_fsize;
};

struct format_op {
	char		*df_buf;
	int		df_count;
	daddr_t		df_startblk;
	int		df_reg[8];
};

/* d_flags */
#define	D_REMOVABLE	0x01
#define	D_ECC		0x02
#define	D_BADSECT	0x04
#define	D_RAMDISK	0x08
#define	D_CHAIN		0x10
#define	D_SCSI_MMC	0x20

/* d_drivedata of d_type DKTYPE_SMD */
#define	D_SSE		0x01

/* d_type */
enum {
	DKTYPE_UNKNOWN = 0,
	DKTYPE_SMD = 1,
	DKTYPE_MSCP = 2,
	DKTYPE_DEC = 3,
	DKTYPE_SCSI = 4,
	DKTYPE_ESDI = 5,
	DKTYPE_ST506 = 6,
	DKTYPE_HPIB = 7,
	DKTYPE_HPFL = 8,
	DKTYPE_TYPE_9 = 9,
	DKTYPE_FLOPPY = 10,
	DKTYPE_CCD = 11,
	DKTYPE_VND = 12,
	DKTYPE_ATAPI = 13,
	DKTYPE_RAID = 14,
	DKTYPE_LD = 15,
	DKTYPE_JFS2 = 16,
	DKTYPE_CGD = 17,
	DKTYPE_VINUM = 18,
	DKTYPE_FLASH = 19,
	DKTYPE_DM = 20,
	DKTYPE_RUMPD = 21,
	DKTYPE_MD = 22,
	DKMAXTYPES = 23
};

/*
 * p_fstype.  FSTYPE_DEFN(x) expands x(tag, number, name, fsck, mount) for each;
 * fsck and mount are the names of the type's programs, or NULL.
 */
#define	FSTYPE_DEFN(x)							\
	x(UNUSED, 0, "unused", NULL, NULL)				\
	x(SWAP, 1, "swap", NULL, NULL)					\
	x(V6, 2, "Version 6", NULL, NULL)				\
	x(V7, 3, "Version 7", "v7fs", "v7fs")				\
	x(SYSV, 4, "System V", NULL, NULL)				\
	x(V71K, 5, "4.1BSD", NULL, NULL)				\
	x(V8, 6, "Eighth Edition", NULL, NULL)				\
	x(BSDFFS, 7, "4.2BSD", "ffs", "ffs")				\
	x(MSDOS, 8, "MSDOS", "msdos", "msdos")				\
	x(BSDLFS, 9, "4.4LFS", "lfs", "lfs")				\
	x(OTHER, 10, "unknown", NULL, NULL)				\
	x(HPFS, 11, "HPFS", NULL, NULL)					\
	x(ISO9660, 12, "ISO9660", NULL, "cd9660")			\
	x(BOOT, 13, "boot", NULL, NULL)					\
	x(ADOS, 14, "ADOS", NULL, "ados")				\
	x(HFS, 15, "HFS", NULL, NULL)					\
	x(FILECORE, 16, "FILECORE", NULL, "filecore")			\
	x(EX2FS, 17, "Linux Ext2", "ext2fs", "ext2fs")			\
	x(NTFS, 18, "NTFS", NULL, "ntfs")				\
	x(RAID, 19, "RAID", NULL, NULL)					\
	x(CCD, 20, "ccd", NULL, NULL)					\
	x(JFS2, 21, "jfs", NULL, NULL)					\
	x(APPLEUFS, 22, "Apple UFS", "ffs", "ffs")			\
	x(VINUM, 23, "vinum", NULL, NULL)				\
	x(UDF, 24, "UDF", NULL, "udf")					\
	x(SYSVBFS, 25, "SysVBFS", NULL, "sysvbfs")			\
	x(EFS, 26, "EFS", NULL, "efs")					\
	x(NILFS, 27, "NiLFS", NULL, "nilfs")				\
	x(CGD, 28, "cgd", NULL, NULL)					\
	x(MINIXFS3, 29, "MINIX FSv3", NULL, NULL)			\
	x(VMKCORE, 30, "VMware vmkcore", NULL, NULL)			\
	x(VMFS, 31, "VMware VMFS", NULL, NULL)				\
	x(VMWRESV, 32, "VMware reserved", NULL, NULL)			\
	x(ZFS, 33, "ZFS", NULL, "zfs")

#define	_FSTYPE_NUMBER(tag, number, name, fsck, mount) \
	FS_##tag = (number),
enum {
	FSTYPE_DEFN(_FSTYPE_NUMBER)
	FSMAXTYPES = 34
};
#undef _FSTYPE_NUMBER

#ifdef _KERNEL
struct buf;
struct cpu_disklabel;
struct disk;

void	diskerr(const struct buf *bp, const char *dname, const char *what,
	    int pri, int blkdone, const struct disklabel *lp);
int	setdisklabel(struct disklabel *olp, struct disklabel *nlp,
	    u_long openmask, struct cpu_disklabel *clp);
const char *readdisklabel(dev_t dev, void (*strategy)(struct buf *),
	    struct disklabel *lp, struct cpu_disklabel *clp);
int	writedisklabel(dev_t dev, void (*strategy)(struct buf *),
	    struct disklabel *lp, struct cpu_disklabel *clp);
const char *convertdisklabel(struct disklabel *lp,
	    void (*strategy)(struct buf *), struct buf *bp,
	    uint32_t secperunit);
int	bounds_check_with_label(struct disk *dk, struct buf *bp, int wlabel);
int	bounds_check_with_mediasize(struct buf *bp, int secsize,
	    uint64_t mediasize);
const char *getfstypename(int fstype);
#endif

#endif /* !_SYS_DISKLABEL_H_ */
