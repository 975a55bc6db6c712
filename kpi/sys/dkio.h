/* SPDX-License-Identifier: BSD-2-Clause */
/* ioctls of disks. */
#ifndef _SYS_DKIO_H_
#define	_SYS_DKIO_H_

#include <sys/ioccom.h>
#include <prop/plistref.h>

/* Size and shape. */
#define	DIOCGMEDIASIZE	_IOR('d', 132, off_t)		/* bytes */
#define	DIOCGSECTORSIZE	_IOR('d', 133, u_int)
#define	DIOCGSECTORALIGN _IOR('d', 135, struct disk_sectoralign)
#define	DIOCGDISKINFO	_IOR('d', 127, struct plistref)

/* Labels and partitions. */
#define	DIOCGDINFO	_IOR('d', 101, struct disklabel)
#define	DIOCSDINFO	_IOW('d', 102, struct disklabel)	/* memory */
#define	DIOCWDINFO	_IOW('d', 103, struct disklabel)	/* and disk */
#define	DIOCGPARTINFO	_IOW('d', 104, struct partinfo)
#define	DIOCGDEFLABEL	_IOR('d', 114, struct disklabel)
#define	DIOCWLABEL	_IOW('d', 109, int)	/* allow label writes */
#define	DIOCKLABEL	_IOW('d', 119, int)	/* keep after last close */
#define	DIOCCLRLABEL	_IO('d', 115)

/* Formatting, bad sectors, retries. */
#define	DIOCRFORMAT	_IOWR('d', 105, struct format_op)
#define	DIOCWFORMAT	_IOWR('d', 106, struct format_op)
#define	DIOCSSTEP	_IOW('d', 107, int)
#define	DIOCSRETRIES	_IOW('d', 108, int)
#define	DIOCSBAD	_IOW('d', 110, struct dkbad)
#define	DIOCBSLIST	_IOWR('d', 119, struct disk_badsecinfo)
#define	DIOCBSFLUSH	_IO('d', 120)

/* Removable media. */
#define	DIOCEJECT	_IOW('d', 112, int)
#define	ODIOCEJECT	_IO('d', 112)
#define	DIOCLOCK	_IOW('d', 113, int)
#define	DIOCTUR		_IOR('d', 128, int)	/* is a medium there */

/* The device's cache. */
#define	DIOCGCACHE	_IOR('d', 116, int)
#define	DIOCSCACHE	_IOW('d', 117, int)
#define	DIOCCACHESYNC	_IOW('d', 118, int)

#define	DKCACHE_READ	0x000001	/* reads are cached */
#define	DKCACHE_WRITE	0x000002	/* writes are done when cached */
#define	DKCACHE_RCHANGE	0x000100	/* the former can be changed */
#define	DKCACHE_WCHANGE	0x000200	/* the latter can be changed */
#define	DKCACHE_SAVE	0x010000	/* settings survive power off */
#define	DKCACHE_FUA	0x020000	/* B_MEDIA_FUA works */
#define	DKCACHE_DPO	0x040000	/* B_MEDIA_DPO works */

/* Of a set of disks: what any caches for writing, and what all can do. */
#define	DKCACHE_COMBINE(a, b)						\
	(((a) & (b)) |							\
	    (((a) | (b)) & (DKCACHE_WRITE | DKCACHE_WCHANGE)))

/* Wedges. */
#define	DIOCAWEDGE	_IOWR('d', 121, struct dkwedge_info)
#define	DIOCGWEDGEINFO	_IOR('d', 122, struct dkwedge_info)
#define	DIOCDWEDGE	_IOW('d', 123, struct dkwedge_info)
#define	DIOCLWEDGES	_IOWR('d', 124, struct dkwedge_list)
#define	DIOCMWEDGES	_IOR('d', 131, int)
#define	DIOCRMWEDGES	_IOR('d', 134, int)

/* Order of requests. */
#define	DIOCGSTRATEGY	_IOR('d', 125, struct disk_strategy)
#define	DIOCSSTRATEGY	_IOW('d', 126, struct disk_strategy)

#endif /* !_SYS_DKIO_H_ */
