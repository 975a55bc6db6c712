/* SPDX-License-Identifier: BSD-2-Clause */
/* Restartable atomic sequences: programs are the host's, so there are none. */
#ifndef _SYS_RAS_H_
#define _SYS_RAS_H_

#define RAS_INSTALL	0
#define RAS_PURGE	1
#define RAS_PURGE_ALL	2

#endif
