/* SPDX-License-Identifier: BSD-2-Clause */
/* An empty FAT12 volume (Microsoft, FAT: General Overview of On-Disk Format, 1.03). */
#include "fat.h"

#include <string.h>

#define SECTOR		512
#define FAT_SECTORS	2
#define MEDIA		0xf8

static void
put16(uint8_t *p, unsigned v)
{

	p[0] = (uint8_t)v;
	p[1] = (uint8_t)(v >> 8);
}

void
fat_make(uint8_t *volume)
{
	uint8_t *fat = volume + SECTOR;

	memset(volume, 0, FAT_VOLUME);
	memcpy(volume, "\xeb\x3c\x90" "FUZZ    ", 11);
	put16(volume + 11, SECTOR);
	volume[13] = 1;				/* sectors in a cluster */
	put16(volume + 14, 1);			/* reserved: this one */
	volume[16] = 2;				/* FATs */
	put16(volume + 17, 64);			/* entries of the root */
	put16(volume + 19, FAT_VOLUME / SECTOR);
	volume[21] = MEDIA;
	put16(volume + 22, FAT_SECTORS);
	put16(volume + 24, 32);			/* a geometry */
	put16(volume + 26, 2);
	put16(volume + 510, 0xaa55);
	for (int i = 0; i < 2; i++, fat += FAT_SECTORS * SECTOR)
		memcpy(fat, "\xf8\xff\xff", 3);
}
