/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef FUZZ_SYSCALLS_FAT_H
#define FUZZ_SYSCALLS_FAT_H

#include <stdint.h>

#define FAT_VOLUME	(256 * 1024)

/* Make an empty FAT12 volume of that many bytes. */
void	fat_make(uint8_t *volume);

#endif
