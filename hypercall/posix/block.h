/* SPDX-License-Identifier: BSD-2-Clause */

/*
 * Block requests of the posix host: between block.c, boot.c, and io_uring where that was found when this was
 * built (uring.c, else uring_other.c).
 */

#ifndef HYPERCALL_POSIX_BLOCK_H
#define HYPERCALL_POSIX_BLOCK_H

#include "core.h"

/* End the threads that serve requests; none is in flight. Blocks. */
void block_stop(void);

/*
 * io_uring. uring_start: whether it works on this machine. uring_submit takes one step of a
 * request, as core_bio_start. uring_stop waits for its thread; no request is in flight.
 */
bool uring_start(void);
void uring_submit(struct bio_request *bio);
void uring_stop(void);

#endif
