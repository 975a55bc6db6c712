/* SPDX-License-Identifier: BSD-2-Clause */
/* Table of bad sectors at the end of old disks. */
#ifndef _SYS_DKBAD_H_
#define	_SYS_DKBAD_H_

#include <sys/types.h>

#define	NBT_BAD		126

/* On disk.  Exact layout. */
struct bt_bad {
	uint16_t	bt_cyl;
	uint16_t	bt_trksec;	/* track in the high byte, sector */
};

struct dkbad {
	int32_t		bt_csn;		/* cartridge serial number */
	uint16_t	bt_mbz;
	uint16_t	bt_flag;
	struct bt_bad	bt_bad[NBT_BAD];
};

#define	ECC		0
#define	SSE		1
#define	BSE		2
#define	CONT		3

#ifdef _KERNEL
int	isbad(struct dkbad *bt, int cyl, int trk, int sec);
#endif

#endif /* !_SYS_DKBAD_H_ */
