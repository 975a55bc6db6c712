/* SPDX-License-Identifier: BSD-2-Clause */

/*
 * Mutexes, for condition variables: without the virtual CPU, and in which order with it.
 */

#ifndef HYPERCALL_LIB_MUTEX_H
#define HYPERCALL_LIB_MUTEX_H

struct rumpuser_mtx;

/* After a wait: where taking the mutex again stands to taking a CPU. */
enum mutex_order { MUTEX_BEFORE_CPU, MUTEX_AFTER_CPU };

enum mutex_order mutex_order(const struct rumpuser_mtx *mtx);

/* Enter and exit that leave the virtual CPU alone. */
void mutex_lock(struct rumpuser_mtx *mtx);
void mutex_unlock(struct rumpuser_mtx *mtx);

#endif
