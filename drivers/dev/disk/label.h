/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * BSD labels: as they are on disk, found, checked, in this machine's order; and the
 * one of a disk in memory, which may be replaced while partitions are in use.
 */
#ifndef _DRIVERS_DEV_DISK_LABEL_H_
#define _DRIVERS_DEV_DISK_LABEL_H_

#include <sys/types.h>
#include <sys/disklabel.h>

struct buf;
struct disk;

/* A label with as many partitions as any machine writes. */
struct disklabel_ondisk {
	struct disklabel dl_label;	/* its own d_partitions: the first 16 */
	struct partition dl_parts[MAXMAXPARTITIONS];
};

/* Bytes of a label before its partitions. */
#define LABEL_HEAD	offsetof(struct disklabel, d_partitions)

/*
 * Look for a label at each multiple of four bytes.
 *
 * lp      out: the first sound one, in this machine's byte order.
 * where   out: its place, in bytes; may be NULL.
 *
 * Returns 0; ENOENT: none; EINVAL: one whose checksum is wrong, and none else.
 */
int	label_find(const uint8_t *area, size_t len,
	    struct disklabel_ondisk *lp, size_t *where);

/* The checksum over a label with n partitions, 0 if the stored one is right. */
uint16_t label_sum(const void *label, u_int n);

/* A copy of a disk's label; another in its place (dk_openlock held). */
void	disk_label_get(struct disk *dk, struct disklabel *lp);
void	disk_label_set(struct disk *dk, const struct disklabel *lp);

/* A partition and the size of its sectors, as of one label; false: there is none. */
bool	disk_label_partition(struct disk *dk, u_int part, struct partition *p,
	    uint32_t *secsize);

/* bounds_check_with_label; out: the partition that was checked. */
int	disk_bounds_check(struct disk *dk, struct buf *bp, int wlabel,
	    struct partition *p);

#endif
