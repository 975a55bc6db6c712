/* SPDX-License-Identifier: BSD-2-Clause */

/*
 * What the files of v17 share.
 *
 *   struct v17_thread   what v17 knows of a thread that asked for its handle, which this is
 *   v17_here            the calling thread's, or NULL, with rumpuser2_tls being its own again
 *
 * A library may switch threads inside its calls without the compiler's thread-local storage noticing: fibers
 * on one host thread. What it does keep apart is the current lwp, as the first set knows it, which our
 * kernel does without; so there v17 puts the handle. Whenever control comes from the library,
 * by a return of what may have waited or by an upcall, v17_here compares, and exchanges the contents of
 * rumpuser2_tls if they are another thread's.
 */

#ifndef HYPERCALL_V17_V17_H
#define HYPERCALL_V17_V17_H

#include "lib/hyp.h"

struct v17_thread {
	/* the thread's own */
	struct rumpuser2_thread th_saved;  /* its rumpuser2_tls, while that is another's */
	bool th_parking;      /* it holds no virtual CPU: the library's word about CPUs is not passed on */
	bool th_without_lwp;  /* the library asked for one by newlwp(0) */
	bool th_calling;      /* such a one calls back: it is inside */
	struct bio_request *th_starting;  /* being given to rumpuser_bio */

	/* for parking */
	struct rumpuser_mtx *th_mtx;
	struct rumpuser_cv *th_cv;
	bool th_permit;  /* under th_mtx */

	struct v17_thread *th_next;  /* on the free list */
};

struct v17_thread *v17_here(void);

/* End the thread that flushes. */
void v17_block_stop(void);

#endif
