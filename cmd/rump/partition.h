/* SPDX-License-Identifier: BSD-2-Clause */
/* Partitions of an image, as the kernel finds them. */
#ifndef CMD_RUMP_PARTITION_H
#define CMD_RUMP_PARTITION_H

#include <stdbool.h>
#include <stdio.h>

/*
 * Set image.offset and image.size to those of image.partition: a number, a name,
 * or a type of which there is one.  Boots the kernel.  false after a message.
 */
bool	partition_find(void);

/* Print what partitions there are: how many, or -1 after a message. */
int	partition_list(FILE *to);

#endif
