/* SPDX-License-Identifier: BSD-2-Clause */

/*
 * Where io_uring was not found when this was built.
 */

#include "block.h"

bool
uring_start(void)
{

	return false;
}

void
uring_submit(struct bio_request *bio)
{

	hyp_panic("request %p for an io_uring that was not started", (void *)bio);
}

void
uring_stop(void)
{
}
