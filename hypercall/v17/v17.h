/* SPDX-License-Identifier: BSD-2-Clause */

/*
 * What the files of v17 share.
 *
 *   Between v17_parking_begin and _end the calling thread, which holds no virtual CPU, may make
 *   hypercalls of the foreign library that block: the library's word about CPUs does not reach the kernel.
 */

#ifndef HYPERCALL_V17_V17_H
#define HYPERCALL_V17_V17_H

#include "lib/hyp.h"

void v17_parking_begin(void);
void v17_parking_end(void);

/* End the thread that flushes. */
void v17_block_stop(void);

#endif
