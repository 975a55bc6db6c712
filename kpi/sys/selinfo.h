/* SPDX-License-Identifier: BSD-2-Clause */
/* What an object remembers of those who poll it. */
#ifndef _SYS_SELINFO_H_
#define _SYS_SELINFO_H_

#include <sys/types.h>
#include <sys/queue.h>
#include <sys/event.h>

struct lwp;

struct selinfo {
	/* Protected by the lock that the object holds around selrecord. */
	struct klist	sel_klist;	/* knotes */
	/* Protected by the selector cluster's lock. */
	void		*sel_cluster;
	struct lwp	*sel_lwp;	/* first poller, NULL if none */
	uintptr_t	sel_fdinfo;	/* its descriptor and how it polls */
	SLIST_ENTRY(selinfo) sel_chain;	/* objects that sel_lwp polls */
	uint64_t	sel_collision;	/* there are more: bit of clusters */
	uintptr_t	sel_reserved[2];
};

#endif /* _SYS_SELINFO_H_ */
