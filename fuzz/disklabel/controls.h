/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef FUZZ_DISKLABEL_CONTROLS_H
#define FUZZ_DISKLABEL_CONTROLS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * Requests that programs make of a disk, open for writing at fd, with what the input says: wedges
 * as its last sector has them, a label as sector 1 has it.  What is on the disk afterwards is
 * undefined; that nothing else is touched is the sanitizer's.
 */
void	controls_wedges(int fd, const uint8_t *disk, size_t len);
void	controls_label(unsigned unit, int fd, const uint8_t *disk, size_t len);

#endif
