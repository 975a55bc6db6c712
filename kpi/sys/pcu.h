/* SPDX-License-Identifier: BSD-2-Clause */
/* Per-CPU units, such as an FPU: virtual CPUs have none. */
#ifndef _SYS_PCU_H_
#define _SYS_PCU_H_

#define PCU_UNIT_COUNT	0

#endif
