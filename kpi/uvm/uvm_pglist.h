/* SPDX-License-Identifier: BSD-2-Clause */
/* Lists of pages, linked through pageq.queue. */
#ifndef _UVM_UVM_PGLIST_H_
#define _UVM_UVM_PGLIST_H_

#include <sys/queue.h>

struct vm_page;

TAILQ_HEAD(pglist, vm_page);
LIST_HEAD(pgflist, vm_page);

#define PGFL_MAX_BUCKETS	8

#endif /* _UVM_UVM_PGLIST_H_ */
