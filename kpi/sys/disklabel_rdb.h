/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Rigid disk blocks: the partition tables of Amiga computers.  On disk,
 * big-endian; each block is 64 longwords whose sum is 0.
 */
#ifndef _SYS_DISKLABEL_RDB_H_
#define	_SYS_DISKLABEL_RDB_H_

#include <sys/types.h>

/* Where to look, and what ends a list */
#define	RDB_MAXBLOCKS	16
#define	RDBNULL		0xffffffff

/* id */
#define	RDBLOCK_ID	0x5244534b
#define	PARTBLOCK_ID	0x50415254

struct rdblock {
	uint32_t	id;
	uint32_t	nsumlong;
	uint32_t	chksum;
	uint32_t	hostid;
	uint32_t	nbytes;
	uint32_t	flags;
	uint32_t	badbhead;
	uint32_t	partbhead;
	uint32_t	fsbhead;
	uint32_t	driveinit;
	uint32_t	resv1[6];
	uint32_t	ncylinders;
	uint32_t	nsectors;
	uint32_t	nheads;
	uint32_t	interleave;
	uint32_t	park;
	uint32_t	resv2[3];
	uint32_t	wprecomp;
	uint32_t	reducedwrite;
	uint32_t	steprate;
	uint32_t	resv3[5];
	uint32_t	rdblowb;
	uint32_t	rdbhighb;
	uint32_t	lowcyl;
	uint32_t	highcyl;
	uint32_t	secpercyl;
	uint32_t	parkseconds;
	uint32_t	resv4[2];
	char		diskvendor[8];
	char		diskproduct[16];
	char		diskrevision[4];
	char		contvendor[8];
	char		contproduct[16];
	char		contrevision[4];
};

struct ados_environ {
	uint32_t	tabsize;
	uint32_t	sizeblock;
	uint32_t	secorg;
	uint32_t	numheads;
	uint32_t	secperblk;
	uint32_t	secpertrk;
	uint32_t	resvblocks;
	uint32_t	prefac;
	uint32_t	interleave;
	uint32_t	lowcyl;
	uint32_t	highcyl;
	uint32_t	numbufs;
	uint32_t	membuftype;
	uint32_t	maxtrans;
	uint32_t	mask;
	uint32_t	bootpri;
	uint32_t	dostype;
	uint32_t	baud;
	uint32_t	control;
	uint32_t	bootblocks;
	uint32_t	fsize;
	uint32_t	frag;
	uint32_t	cpg;
};

struct partblock {
	uint32_t	id;
	uint32_t	nsumlong;
	uint32_t	chksum;
	uint32_t	hostid;
	uint32_t	next;
	uint32_t	flags;
	uint32_t	resv1[3];
	unsigned char	partname[32];
	uint32_t	resv2[15];
	struct ados_environ	e;
};

/* dostype: four characters, the last a version */
#define	DOST_AMIX	0x554e4900
#define	DOST_DOS	0x444f5300
#define	DOST_EXT2	0x4c4e5800
#define	DOST_MUFS	0x6d754600
#define	DOST_NBR	0x4e425200
#define	DOST_NBS	0x4e425300
#define	DOST_NBU	0x4e425500
#define	DOST_RAID	0x52414900
#define	DOST_XXXBSD	0x42534400

/* What a dostype means to us */
#define	ADT_UNKNOWN	0
#define	ADT_AMIGADOS	1
#define	ADT_NETBSDROOT	2
#define	ADT_NETBSDSWAP	3
#define	ADT_NETBSDUSER	4
#define	ADT_AMIX	5
#define	ADT_EXT2	6
#define	ADT_RAID	7

#endif /* !_SYS_DISKLABEL_RDB_H_ */
