/* SPDX-License-Identifier: BSD-2-Clause */
/* A set of inodes; empty is NULL. */
#ifndef CMD_RUMP_INODES_H
#define CMD_RUMP_INODES_H

#include <stdbool.h>
#include <stdint.h>

/* Put one into *set; false: it is there already. */
bool	inodes_add(void **set, uint64_t dev, uint64_t ino);
void	inodes_free(void *set);

#endif
