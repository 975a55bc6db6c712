/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Partitions, for programs: what rump_pub_disk_partitions tells of each
 * (component rumpdev_disk).
 */
#ifndef _RUMP_RUMPDISK_H_
#define _RUMP_RUMPDISK_H_

#include <rump/rump.h>

struct rump_partition {
	char		rp_scheme[8];	/* "mbr", "gpt", "bsd" */
	uint32_t	rp_number;	/* from 1; MBR: from 5, logical ones */
	uint32_t	rp_flags;	/* RUMP_PARTITION_* */
	uint32_t	rp_parent;	/* bsd in an MBR partition: its number */
	uint32_t	rp_secsize;	/* of the device, bytes */
	uint64_t	rp_offset;	/* bytes */
	uint64_t	rp_size;	/* bytes */
	char		rp_type[40];	/* "0x0c", a GUID, a number (FS_*) */
	char		rp_fstype[32];	/* "msdos", "ext2fs" ...; "": unknown */
	char		rp_name[112];	/* gpt, UTF-8 */
};

#define RUMP_PARTITION_EXTENDED	0x1	/* contains logical ones: no data */
#define RUMP_PARTITION_BACKUP	0x2	/* gpt: the first copy is damaged */
#define RUMP_PARTITION_ACTIVE	0x4	/* mbr: marked for booting */
#define RUMP_PARTITION_NESTED	0x8	/* bsd: within rp_parent */

#endif
