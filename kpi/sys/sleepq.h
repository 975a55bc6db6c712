/* SPDX-License-Identifier: BSD-2-Clause */
/* Sleep queues: their interface is kern's own (kern/sleepq.h). */
#ifndef _SYS_SLEEPQ_H_
#define _SYS_SLEEPQ_H_

#include <sys/types.h>
#include <sys/lwp.h>
#include <sys/syncobj.h>

struct sleepq;
typedef struct sleepq sleepq_t;

#endif
