/* SPDX-License-Identifier: BSD-2-Clause */
/* Where a BSD disklabel is on a disk, and which partition is all of it. */
#ifndef _MACHINE_DISKLABEL_H_
#define _MACHINE_DISKLABEL_H_

#include <sys/dkbad.h>

#define LABELUSESMBR	1	/* the label lies in an MBR partition */
#define LABELSECTOR	1	/* sector of the partition */
#define LABELOFFSET	0	/* byte in the sector */
#define MAXPARTITIONS	16
#define RAW_PART	3	/* partition 'd' */

/* What the machine keeps beside a label: partitions and bad sectors. */
struct cpu_disklabel {
	struct dkbad	bad;
};

#endif
