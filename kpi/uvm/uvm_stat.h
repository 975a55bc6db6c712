/* SPDX-License-Identifier: BSD-2-Clause */
/* Kernel history of memory events: not kept. */
#ifndef _UVM_UVM_STAT_H_
#define _UVM_UVM_STAT_H_

#include <sys/kernhist.h>

#define UVMHIST_DECL(NAME)
#define UVMHIST_INIT(NAME, N)
#define UVMHIST_INIT_STATIC(NAME, BUF)
#define UVMHIST_LINK_STATIC(NAME)
#define UVMHIST_FUNC(FNAME)
#define UVMHIST_CALLARGS(NAME, FMT, A, B, C, D)
#define UVMHIST_CALLED(NAME)
#define UVMHIST_LOG(NAME, FMT, A, B, C, D)

#endif /* _UVM_UVM_STAT_H_ */
