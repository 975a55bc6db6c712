/* SPDX-License-Identifier: BSD-2-Clause */
/* Work that threads do later, in order. */
#ifndef _SYS_WORKQUEUE_H_
#define _SYS_WORKQUEUE_H_

#include <sys/types.h>

struct cpu_info;
struct workqueue;

/* Embedded in what is to be worked on. */
struct work {
	void	*wk_dummy;
};

#define WQ_MPSAFE	0x01	/* runs without the kernel lock */
#define WQ_PERCPU	0x02	/* a thread for each CPU */
#define WQ_FPU		0x04

int	workqueue_create(struct workqueue **, const char *name,
	    void (*func)(struct work *, void *), void *arg, pri_t, int ipl,
	    int flags);
void	workqueue_destroy(struct workqueue *);
void	workqueue_enqueue(struct workqueue *, struct work *, struct cpu_info *);
void	workqueue_wait(struct workqueue *, struct work *);

#endif
