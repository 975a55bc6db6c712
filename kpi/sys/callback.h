/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Chains of callbacks: each round visits the registered functions once, in
 * turn, until one says ABORT or all have been asked.
 */
#ifndef _SYS_CALLBACK_H_
#define _SYS_CALLBACK_H_

#include <sys/types.h>
#include <sys/condvar.h>
#include <sys/mutex.h>
#include <sys/queue.h>

struct callback_entry {
	TAILQ_ENTRY(callback_entry) ce_q;
	int	(*ce_func)(struct callback_entry *, void *obj, void *arg);
	void	*ce_obj;
};

struct callback_head {
	kmutex_t	ch_lock;
	kcondvar_t	ch_cv;
	TAILQ_HEAD(, callback_entry) ch_q;
	struct callback_entry *ch_next;	/* where the next round begins */
	int		ch_nentries;
	int		ch_running;	/* rounds under way */
};

#define CALLBACK_CHAIN_CONTINUE	0
#define CALLBACK_CHAIN_ABORT	1

int	callback_run_roundrobin(struct callback_head *, void *arg);
void	callback_register(struct callback_head *, struct callback_entry *,
	    void *obj, int (*func)(struct callback_entry *, void *, void *));
void	callback_unregister(struct callback_head *, struct callback_entry *);
void	callback_head_init(struct callback_head *, int ipl);
void	callback_head_destroy(struct callback_head *);

#endif
