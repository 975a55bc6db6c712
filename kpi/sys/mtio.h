/* SPDX-License-Identifier: BSD-2-Clause */
/* ioctls of magnetic tapes.  Exact layouts. */
#ifndef _SYS_MTIO_H_
#define	_SYS_MTIO_H_

#include <sys/types.h>
#include <sys/ioccom.h>

/* MTIOCTOP: do something, mt_count times */
struct mtop {
	short		mt_op;
	int32_t		mt_count;
};

/* mt_op: move over marks and records, forward and backward */
#define	MTFSF		1
#define	MTBSF		2
#define	MTFSR		3
#define	MTBSR		4
#define	MTREW		5
#define	MTEOM		10
#define	MTNBSF		11

/* mt_op: write and wipe */
#define	MTWEOF		0
#define	MTERASE		9

/* mt_op: the drive */
#define	MTOFFL		6
#define	MTNOP		7
#define	MTRETEN		8
#define	MTCACHE		12
#define	MTNOCACHE	13
#define	MTSETBSIZ	14
#define	MTSETDNSTY	15
#define	MTCMPRESS	16
#define	MTEWARN		17

/* MTIOCGET: what the tape is doing */
struct mtget {
	short		mt_type;
	short		mt_dsreg;
	short		mt_erreg;
	short		mt_resid;
	int32_t		mt_fileno;
	int32_t		mt_blkno;
	int32_t		mt_blksiz;
	int32_t		mt_density;
	int32_t		mt_mblksiz[4];
	int32_t		mt_mdensity[4];
};

/* mt_dsreg */
#define	MT_DS_RDONLY	16
#define	MT_DS_MOUNTED	3

/* mt_type; some numbers are used twice */
#define	MT_ISTS		1
#define	MT_ISHT		2
#define	MT_ISTM		3
#define	MT_ISMT		4
#define	MT_ISUT		5
#define	MT_ISCPC	6
#define	MT_ISAR		7
#define	MT_ISTMSCP	8
#define	MT_ISCY		9
#define	MT_ISCT		10
#define	MT_ISFHP	11
#define	MT_ISEXA8200	12
#define	MT_ISEXABYTE	12
#define	MT_ISEXA8500	13
#define	MT_ISVIPER1	14
#define	MT_ISPYTHON	15
#define	MT_ISHPDAT	16
#define	MT_ISMFOUR	17
#define	MT_ISWANGTEK	17
#define	MT_ISCALIPER	18
#define	MT_ISTK50	18
#define	MT_ISMT02	19
#define	MT_ISWTEK5099	19
#define	MT_ISVIPER2525	20

/* The ioctls */
#define	MTIOCTOP	_IOW('m', 1, struct mtop)
#define	MTIOCGET	_IOR('m', 2, struct mtget)
#define	MTIOCIEOT	_IO('m', 3)
#define	MTIOCEEOT	_IO('m', 4)
#define	MTIOCRDSPOS	_IOR('m', 5, uint32_t)
#define	MTIOCRDHPOS	_IOR('m', 6, uint32_t)
#define	MTIOCSLOCATE	_IOW('m', 5, uint32_t)
#define	MTIOCHLOCATE	_IOW('m', 6, uint32_t)

/* Bits of a tape's minor number */
#define	T_UNIT		3
#define	T_NOREWIND	4
#define	T_DENSEL	24
#define	T_800BPI	0
#define	T_1600BPI	8
#define	T_6250BPI	16
#define	T_BADBPI	24

#endif /* !_SYS_MTIO_H_ */
