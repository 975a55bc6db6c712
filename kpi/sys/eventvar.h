/* SPDX-License-Identifier: BSD-2-Clause */
/* Inside a kqueue. */
#ifndef _SYS_EVENTVAR_H_
#define _SYS_EVENTVAR_H_

#include <sys/selinfo.h>
#include <sys/condvar.h>
#include <sys/mutex.h>
#include <sys/filedesc.h>

/* Events copied at once; growth of arrays; longest filter name. */
#define KQ_NEVENTS	0x8
#define KFILTER_EXTENT	0x8
#define KQ_EXTENT	0x100
#define KFILTER_MAXNAME	0x100

struct kqueue {
	TAILQ_HEAD(kqlist, knote) kq_head;	/* active knotes */
	kmutex_t	kq_lock;
	filedesc_t	*kq_fdp;
	struct selinfo	kq_sel;			/* pollers of the kqueue */
	kcondvar_t	kq_cv;
	u_int		kq_count;		/* active, and KQ_RESTART */
};
#define KQ_RESTART	0x80000000U
#define KQ_MAXCOUNT	(KQ_RESTART - 1)

#endif /* _SYS_EVENTVAR_H_ */
