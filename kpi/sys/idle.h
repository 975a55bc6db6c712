/* SPDX-License-Identifier: BSD-2-Clause */
/* Idle loops: a virtual CPU that nobody wants runs nothing. */
#ifndef _SYS_IDLE_H_
#define _SYS_IDLE_H_

struct cpu_info;
struct lwp;

struct lwp *idle_pick(struct cpu_info *);

#endif
