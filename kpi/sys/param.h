/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Parameters of the system: version, sizes, priorities, and small arithmetic.
 */
#ifndef _SYS_PARAM_H_
#define _SYS_PARAM_H_

/* NetBSD 9.99.88's interface is what this kernel offers (MMmmrrpp00). */
#define __NetBSD_Version__	999008800
#define __NetBSD_Prereq__(M, m, p) \
	((M) * 100000000 + (m) * 1000000 + (p) * 100 <= __NetBSD_Version__)
#define NetBSD	199905
#define BSD	199506
#define BSD4_3	1
#define BSD4_4	1

#include <sys/null.h>
#include <sys/inttypes.h>
#include <sys/types.h>
#include <sys/syslimits.h>
#include <sys/signal.h>
#include <machine/param.h>
#include <machine/limits.h>

/* Caches of the CPU: what two threads write to is kept this far apart. */
#define COHERENCY_UNIT		64
#define CACHE_LINE_SIZE		64
#define MIN_LWP_ALIGNMENT	64
extern size_t coherency_unit;

/* Names and paths. */
#define MAXCOMLEN	16
#define MAXINTERP	PATH_MAX
#define MAXLOGNAME	(LOGIN_NAME_MAX - 1)
#define MAXPATHLEN	PATH_MAX
#define MAXSYMLINKS	32
#define MAXHOSTNAMELEN	256
#define KERNEL_NAME_MAX	255

/* Users and processes. */
#define NGROUPS		NGROUPS_MAX
#define NOGROUP		65535
#define NOFILE		OPEN_MAX
#define NCARGS		ARG_MAX
#define MAXUPRC		CHILD_MAX
#define MAX_LWP_PER_PROC	8000
#define CMASK		022
#define NODEV		((dev_t)-1)

/* Files and devices. */
#define DEV_BSHIFT	9
#define DEV_BSIZE	(1 << DEV_BSHIFT)
#define BLKDEV_IOSIZE	2048
#define MAXPHYS		(64 * 1024)
#define MAXBSIZE	MAXPHYS
#define MAXFRAG		8
#define BUFCACHE_VA_MAXPCT	20
#define UBC_WINSHIFT	16
#define UBC_NWINS	1024
#define VNODE_COST	2048
#define VNODE_KMEM_MAXPCT	60
#define MINBUCKET	5
#define MAXALLOCSAVE	(2 * NBPG)

/* Load averages are scaled by this. */
#define FSHIFT		11
#define FSCALE		(1 << FSHIFT)

/* Sleeping: old priorities, and flags that go with them. */
#define PSWP		0
#define PVM		4
#define PINOD		8
#define PRIBIO		16
#define PVFS		20
#define PZERO		22
#define PSOCK		24
#define PWAIT		32
#define PLOCK		36
#define PPAUSE		40
#define PUSER		50
#define MAXPRI		127
#define PRIMASK		0x0ff
#define PCATCH		0x100
#define PNORELOCK	0x200

/* Priorities of lwps: 0..63 user, 64..95 kernel, 96..127 threads, then real time. */
#define PRI_NONE	(-1)
#define PRI_USER	0
#define NPRI_USER	64
#define MAXPRI_USER	(PRI_USER + NPRI_USER - 1)
#define PRI_KERNEL	64
#define NPRI_KERNEL	32
#define MAXPRI_KERNEL	(PRI_KERNEL + NPRI_KERNEL - 1)
#define PRI_KTHREAD	96
#define NPRI_KTHREAD	32
#define MAXPRI_KTHREAD	(PRI_KTHREAD + NPRI_KTHREAD - 1)
#define PRI_USER_RT	128
#define NPRI_USER_RT	64
#define MAXPRI_USER_RT	(PRI_USER_RT + NPRI_USER_RT - 1)
#define PRI_KERNEL_RT	192
#define NPRI_KERNEL_RT	32
#define MAXPRI_KERNEL_RT	(PRI_KERNEL_RT + NPRI_KERNEL_RT - 1)
#define PRI_COUNT	224
#define PRI_IDLE	PRI_USER
#define SCHED_PRI_MIN	0
#define SCHED_PRI_MAX	63

extern const int schedppq;
#define PRI_SOFTSERIAL	MAXPRI_KERNEL_RT
#define PRI_SOFTNET	(MAXPRI_KERNEL_RT - schedppq)
#define PRI_SOFTBIO	(MAXPRI_KERNEL_RT - 2 * schedppq)
#define PRI_SOFTCLOCK	(MAXPRI_KERNEL_RT - 3 * schedppq)
#define PRI_XCALL	MAXPRI_KTHREAD
#define PRI_PGDAEMON	(MAXPRI_KTHREAD - schedppq)
#define PRI_VM		(MAXPRI_KTHREAD - 2 * schedppq)
#define PRI_IOFLUSH	(MAXPRI_KTHREAD - 3 * schedppq)
#define PRI_BIO		(MAXPRI_KTHREAD - 4 * schedppq)

/* Arithmetic. */
#define MIN(a, b)	((a) < (b) ? (a) : (b))
#define MAX(a, b)	((a) > (b) ? (a) : (b))
#define howmany(x, y)	(((x) + ((y) - 1)) / (y))
#define roundup(x, y)	(howmany((x), (y)) * (y))
#define rounddown(x, y)	((x) - (x) % (y))
#define roundup2(x, m)	((((x) - 1) | ((__typeof__(x))(m) - 1)) + 1)
#define rounddown2(x, m)	((x) & ~((__typeof__(x))(m) - 1))
#define powerof2(x)	(((x) & ((x) - 1)) == 0)

#define ALIGNBYTES	(sizeof(register_t) - 1)
#define __ALIGNBYTES	ALIGNBYTES
#define ALIGN(p)	(((uintptr_t)(p) + ALIGNBYTES) & ~(uintptr_t)ALIGNBYTES)
#ifdef __NO_STRICT_ALIGNMENT
#define ACCESSIBLE_POINTER(p, t)	1
#else
#define ACCESSIBLE_POINTER(p, t)	ALIGNED_POINTER(p, t)
#endif

/* Bit maps of bytes. */
#define __KPI_MAPBYTE(a, i)	(((uint8_t *)(a))[(i) / NBBY])
#define __KPI_MAPBIT(i)		(1 << ((i) % NBBY))
#define setbit(a, i)	(__KPI_MAPBYTE(a, i) |= __KPI_MAPBIT(i))
#define clrbit(a, i)	(__KPI_MAPBYTE(a, i) &= ~__KPI_MAPBIT(i))
#define isset(a, i)	(((const uint8_t *)(a))[(i) / NBBY] & __KPI_MAPBIT(i))
#define isclr(a, i)	(isset(a, i) == 0)

/* Bytes, pages, and blocks of 512. */
#define ctob(x)		((x) << PGSHIFT)
#define btoc(x)		(((x) + PGOFSET) >> PGSHIFT)
#define dbtob(x)	((x) << DEV_BSHIFT)
#define btodb(x)	((x) >> DEV_BSHIFT)

/* Milliseconds to ticks, rounded down; exact for long times as well. */
#define mstohz(ms) \
	((ms) >= 0x20000u ? ((ms) + 0u) / 1000u * hz : (hz * ((ms) + 0u)) / 1000u)
extern int hz;

/* What this header brings along, for the many that include little else. */
#if defined(_KERNEL) && !defined(_LOCORE)
#include <sys/errno.h>
#include <sys/time.h>
#include <sys/resource.h>
#include <sys/ucred.h>
#include <sys/uio.h>
#include <sys/systm.h>
#include <uvm/uvm_param.h>
#endif

#endif
