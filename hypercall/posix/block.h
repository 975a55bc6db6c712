/* SPDX-License-Identifier: BSD-2-Clause */

/*
 * The end of block I/O, for boot.c.
 */

#ifndef HYPERCALL_POSIX_BLOCK_H
#define HYPERCALL_POSIX_BLOCK_H

#include "posix.h"

/* End the threads that serve requests; none is in flight. Blocks. */
void block_stop(void);

#endif
