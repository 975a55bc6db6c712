/* SPDX-License-Identifier: BSD-2-Clause */

/*
 * Block requests, for the hypercalls that make them.
 *
 *   bio = bio_get();
 *   iov_init(&bio->bio_cursor, …);  bio->bio_done = …;  bio->bio_donearg = …;
 *   bio_begin(bio, fd, op, off, 0);
 */

#ifndef HYPERCALL_LIB_BIO_H
#define HYPERCALL_LIB_BIO_H

#include "hyp.h"

/* A request; NULL only in a callback, and if memory is short. May give the virtual CPU up and wait. */
struct bio_request *bio_get(void);

/* Start a request; one with an error only reports that. op: RUMPUSER_BIO_*, all combinations that make sense. */
void bio_begin(struct bio_request *bio, int fd, int op, int64_t off, int error);

/* Whether op makes sense, for so many buffers at this offset. */
bool bio_op_valid(int op, size_t iovlen, int64_t off);

/* hyp_bio_deliver by a thread that has a virtual CPU; the list is not empty. */
void bio_deliver_entered(struct bio_request *finished);

#endif
