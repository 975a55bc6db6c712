/* SPDX-License-Identifier: BSD-2-Clause */
/* Simple locks of old are what lock.h has. */
#ifndef _SYS_SIMPLELOCK_H_
#define _SYS_SIMPLELOCK_H_

#include <sys/lock.h>

#endif
