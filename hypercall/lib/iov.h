/* SPDX-License-Identifier: BSD-2-Clause */

/*
 * Walking an array of buffers by transfers that may be short, without changing the array.
 *
 * ic_rest[0..ic_restlen) is not moved yet, except that where ic_one is not empty it is what is left of
 * ic_rest[0]. A step is what one call of the host may be given.
 */

#ifndef HYPERCALL_LIB_IOV_H
#define HYPERCALL_LIB_IOV_H

#include "core.h"

/* Begin with an array, which stays valid; or with one buffer, which is copied. */
void iov_init(struct iov_cursor *ic, const struct rumpuser_iovec *iov, size_t iovlen);
void iov_init_one(struct iov_cursor *ic, void *base, size_t len);

/* Buffers of the next step, *iovlen of them, 0 at the end. */
const struct rumpuser_iovec *iov_step(const struct iov_cursor *ic, size_t *iovlen);

/* n bytes of the step were moved. */
void iov_advance(struct iov_cursor *ic, size_t n);

/* Bytes in all, or false if they exceed SSIZE_MAX or, unless empty buffers are all right, one is empty. */
bool iov_total(const struct rumpuser_iovec *iov, size_t iovlen, bool empty, size_t *total);

#endif
