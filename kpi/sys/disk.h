/* SPDX-License-Identifier: BSD-2-Clause */
/* Disks, and wedges: partitions with a device of their own. */
#ifndef _SYS_DISK_H_
#define	_SYS_DISK_H_

#include <sys/types.h>
#include <sys/dkio.h>
#include <sys/time.h>
#include <sys/queue.h>
#ifdef _KERNEL
#include <sys/condvar.h>
#include <sys/mutex.h>
#include <sys/iostat.h>
#include <sys/device.h>
#include <prop/proplib.h>
#endif

struct buf;
struct cpu_disklabel;
struct disk;
struct disklabel;
struct dkwedge_softc;
struct lwp;
struct vnode;

/* Structures of ioctls.  Exact layout. */
#define	DK_STRATEGYNAMELEN	32

struct disk_geom {
	int64_t		dg_secperunit;		/* size in sectors */
	uint32_t	dg_secsize;		/* bytes in a sector */
	uint32_t	dg_nsectors;		/* in a track */
	uint32_t	dg_ntracks;		/* in a cylinder */
	uint32_t	dg_ncylinders;		/* in use */
	uint32_t	dg_secpercyl;
	uint32_t	dg_pcylinders;		/* in all */
	uint32_t	dg_sparespertrack;
	uint32_t	dg_sparespercyl;
	uint32_t	dg_acylinders;
};

struct disk_sectoralign {			/* in sectors */
	uint32_t	dsa_firstaligned;
	uint32_t	dsa_alignment;
};

struct disk_strategy {
	char		dks_name[DK_STRATEGYNAMELEN];
	char		*dks_param;
	size_t		dks_paramlen;
};

struct disk_badsecinfo {
	uint32_t	dbsi_bufsize;		/* in: of dbsi_buffer */
	uint32_t	dbsi_skip;		/* in: entries to leave out */
	uint32_t	dbsi_copied;		/* out */
	uint32_t	dbsi_left;		/* out */
	void		*dbsi_buffer;
};

struct disk_badsectors {
	SLIST_ENTRY(disk_badsectors) dbs_next;
	daddr_t		dbs_min;
	daddr_t		dbs_max;
	struct timeval	dbs_failedat;
};

struct dkwedge_info {
	char		dkw_devname[16];
	uint8_t		dkw_wname[128];		/* UTF-8 */
	char		dkw_parent[16];
	daddr_t		dkw_offset;		/* sectors of the parent */
	uint64_t	dkw_size;
	char		dkw_ptype[32];		/* DKW_PTYPE_* */
};

struct dkwedge_list {
	void		*dkwl_buf;
	size_t		dkwl_bufsize;
	u_int		dkwl_nwedges;
	u_int		dkwl_ncopied;
};

/* dkw_ptype */
#define	DKW_PTYPE_UNKNOWN	""
#define	DKW_PTYPE_UNUSED	"unused"
#define	DKW_PTYPE_OTHER		"other"
#define	DKW_PTYPE_BOOT		"boot"
#define	DKW_PTYPE_SWAP		"swap"
#define	DKW_PTYPE_FFS		"ffs"
#define	DKW_PTYPE_BSDFFS	DKW_PTYPE_FFS
#define	DKW_PTYPE_LFS		"lfs"
#define	DKW_PTYPE_BSDLFS	DKW_PTYPE_LFS
#define	DKW_PTYPE_APPLEUFS	"appleufs"
#define	DKW_PTYPE_EXT2FS	"ext2fs"
#define	DKW_PTYPE_EX2FS		DKW_PTYPE_EXT2FS
#define	DKW_PTYPE_FAT		"msdos"
#define	DKW_PTYPE_MSDOS		DKW_PTYPE_FAT
#define	DKW_PTYPE_NTFS		"ntfs"
#define	DKW_PTYPE_HPFS		"hpfs"
#define	DKW_PTYPE_APPLEHFS	"hfs"
#define	DKW_PTYPE_HFS		"hfs"
#define	DKW_PTYPE_AMIGADOS	"ados"
#define	DKW_PTYPE_ADOS		DKW_PTYPE_AMIGADOS
#define	DKW_PTYPE_ISO9660	"cd9660"
#define	DKW_PTYPE_UDF		"udf"
#define	DKW_PTYPE_FILECORE	"filecore"
#define	DKW_PTYPE_EFS		"efs"
#define	DKW_PTYPE_JFS2		"jfs2"
#define	DKW_PTYPE_MINIXFS3	"minixfs3"
#define	DKW_PTYPE_NILFS		"nilfs"
#define	DKW_PTYPE_SYSVBFS	"sysvbfs"
#define	DKW_PTYPE_SYSV		"sysv"
#define	DKW_PTYPE_V6		"v6"
#define	DKW_PTYPE_V7		"v7"
#define	DKW_PTYPE_V71K		"v71k"
#define	DKW_PTYPE_V8		"v8"
#define	DKW_PTYPE_ZFS		"zfs"
#define	DKW_PTYPE_RAIDFRAME	"raidframe"
#define	DKW_PTYPE_RAID		DKW_PTYPE_RAIDFRAME
#define	DKW_PTYPE_CCD		"ccd"
#define	DKW_PTYPE_CGD		"cgd"
#define	DKW_PTYPE_VINUM		"vinum"
#define	DKW_PTYPE_VMFS		"vmfs"
#define	DKW_PTYPE_VMKCORE	"vmkcore"
#define	DKW_PTYPE_VMWRESV	"vmwresv"

#ifdef _KERNEL
/* What a driver supplies.  The members after d_close serve dksubr. */
struct dkdriver {
	void	(*d_strategy)(struct buf *bp);
	void	(*d_minphys)(struct buf *bp);
	int	(*d_open)(dev_t dev, int flags, int fmt, struct lwp *l);
	int	(*d_close)(dev_t dev, int flags, int fmt, struct lwp *l);
	int	(*d_diskstart)(device_t self, struct buf *bp);
	void	(*d_iosize)(device_t self, int *count);
	int	(*d_dumpblocks)(device_t self, void *va, daddr_t blkno,
		    int nblk);
	int	(*d_lastclose)(device_t self);
	int	(*d_discard)(device_t self, off_t pos, off_t len);
	int	(*d_firstopen)(device_t self, dev_t dev, int flags, int fmt);
	void	(*d_label)(device_t self, struct disklabel *lp);
};

struct disk {
	TAILQ_ENTRY(disk) dk_link;	/* in the list of disks */
	const char	*dk_name;
	prop_dictionary_t dk_info;	/* for DIOCGDISKINFO */
	struct disk_geom dk_geom;

	/* dk_openlock */
	int		dk_bopenmask;	/* partitions open as block devices */
	int		dk_copenmask;	/* ... as character devices */
	int		dk_openmask;	/* either */
	int		dk_state;	/* DK_* */
	int		dk_blkshift;	/* DEV_BSIZE to sectors */
	int		dk_byteshift;	/* bytes to sectors */

	struct io_stats	*dk_stats;	/* the driver's I/O lock */
	const struct dkdriver *dk_driver;

	kmutex_t	dk_rawlock;	/* of dk_rawbusy */
	kcondvar_t	dk_rawcv;
	bool		dk_rawbusy;	/* a wedge is being opened or closed */

	/* whoever set dk_rawbusy */
	u_int		dk_rawopens;
	struct vnode	*dk_rawvp;
	int		dk_rawmode;	/* how it is open: FREAD, FWRITE */

	kmutex_t	dk_openlock;
	u_int		dk_nwedges;
	LIST_HEAD(, dkwedge_softc) dk_wedges;

	daddr_t		dk_labelsector;
	struct disklabel *dk_label;	/* contents: dk_openlock and dk_labellock to
					   change them, one of them to look */
	struct cpu_disklabel *dk_cpulabel;
	kmutex_t	dk_labellock;
};

/* dk_state */
#define	DK_CLOSED	0
#define	DK_WANTOPEN	1
#define	DK_WANTOPENRAW	2
#define	DK_RDLABEL	3
#define	DK_OPEN		4
#define	DK_OPENRAW	5

#define	DK_DEV_BSIZE_OK(b) \
	((b) >= DEV_BSIZE && (b) <= MAXPHYS && ((b) % DEV_BSIZE) == 0)

void	disk_init(struct disk *dk, const char *name,
	    const struct dkdriver *driver);
void	disk_attach(struct disk *dk);
int	disk_begindetach(struct disk *dk, int (*lastclose)(device_t),
	    device_t self, int flags);
void	disk_detach(struct disk *dk);
void	disk_destroy(struct disk *dk);
struct disk *disk_find(const char *name);
void	disk_rename(struct disk *dk, const char *name);
void	disk_set_info(device_t dev, struct disk *dk, const char *type);
int	disk_ioctl(struct disk *dk, dev_t dev, u_long cmd, void *data,
	    int flag, struct lwp *l);
void	disk_wait(struct disk *dk);
void	disk_busy(struct disk *dk);
void	disk_unbusy(struct disk *dk, long bcount, int read);
bool	disk_isbusy(struct disk *dk);

/* Wedges. */
struct dkwedge_discovery_method {
	LIST_ENTRY(dkwedge_discovery_method) ddm_list;
	const char	*ddm_name;
	int		ddm_priority;	/* lowest is asked first */
	int		(*ddm_discover)(struct disk *dk, struct vnode *vp);
};

#define	DKWEDGE_DISCOVERY_METHOD_DECL(name, prio, discover)		\
static struct dkwedge_discovery_method name##_ddm = {			\
	.ddm_name = #name,						\
	.ddm_priority = (prio),						\
	.ddm_discover = (discover),					\
};									\
__link_set_add_data(dkwedge_methods, name##_ddm)

void	dkwedge_init(void);
int	dkwedge_add(struct dkwedge_info *dkw);
int	dkwedge_del(struct dkwedge_info *dkw);
void	dkwedge_delall(struct disk *dk);
void	dkwedge_delidle(struct disk *dk);
void	dkwedge_discover(struct disk *dk);
int	dkwedge_list(struct disk *dk, struct dkwedge_list *dkwl,
	    struct lwp *l);
int	dkwedge_read(struct disk *dk, struct vnode *vp, daddr_t blkno,
	    void *buf, size_t len);
device_t dkwedge_find_by_wname(const char *wname);
device_t dkwedge_find_by_parent(const char *name, size_t *i);
const char *dkwedge_get_parent_name(dev_t dev);
void	dkwedge_print_wnames(void);
#endif /* _KERNEL */

#endif /* !_SYS_DISK_H_ */
