/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Checksums: CRC-32 and those of disk labels.
 *
 * Ref: ISO 3309; disklabel(5).
 */

#include <sys/types.h>
#include <sys/disklabel.h>
#include <lib/libkern/libkern.h>

/* Effect of each half byte that leaves the register; polynomial 0xedb88320. */
static const uint32_t nibble[16] = {
	0x00000000, 0x1db71064, 0x3b6e20c8, 0x26d930ac,
	0x76dc4190, 0x6b6b51f4, 0x4db26158, 0x5005713c,
	0xedb88320, 0xf00f9344, 0xd6d6a3e8, 0xcb61b38c,
	0x9b64c2b0, 0x86d3d2d4, 0xa00ae278, 0xbdbdf21c
};

/* Continue a CRC-32 over len bytes; start with 0. */
uint32_t
crc32(uint32_t crc, const uint8_t *p, size_t len)
{
	if (p == NULL)
		return 0;
	crc = ~crc;
	while (len-- != 0) {
		crc ^= *p++;
		crc = crc >> 4 ^ nibble[crc & 15];
		crc = crc >> 4 ^ nibble[crc & 15];
	}
	return ~crc;
}

/*
 * The checksum of a disk label with so many partitions: all its words, its own
 * checksum included, combined by exclusive or.  0 means a good label.
 */
uint16_t
dkcksum_sized(const struct disklabel *lp, size_t npartitions)
{
	const char *p = (const char *)lp;
	const char *end = (const char *)(lp->d_partitions + npartitions);
	uint16_t sum = 0, w;

	for (; p < end; p += sizeof(w)) {
		memcpy(&w, p, sizeof(w));
		sum ^= w;
	}
	return sum;
}

uint16_t
dkcksum(const struct disklabel *lp)
{
	return dkcksum_sized(lp, lp->d_npartitions);
}
