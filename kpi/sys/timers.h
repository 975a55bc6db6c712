/* SPDX-License-Identifier: BSD-2-Clause */
/* Interval and per-process timers: see time.h and timevar.h. */
#ifndef _SYS_TIMERS_H_
#define _SYS_TIMERS_H_

#include <sys/timevar.h>

#endif
