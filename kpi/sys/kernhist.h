/* SPDX-License-Identifier: BSD-2-Clause */
/* Kernel history: drivers' trace points.  They compile to nothing here. */
#ifndef _SYS_KERNHIST_H_
#define	_SYS_KERNHIST_H_

#if defined(_KERNEL_OPT)
#include "opt_ddb.h"
#include "opt_kernhist.h"
#endif

#define	KERNHIST_DECL(NAME)
#define	KERNHIST_DEFINE(NAME)
#define	KERNHIST_INIT(NAME, N)
#define	KERNHIST_INITIALIZER(NAME, BUF)
#define	KERNHIST_INIT_STATIC(NAME, BUF)
#define	KERNHIST_LINK_STATIC(NAME)
#define	KERNHIST_FUNC(FNAME)
#define	KERNHIST_CALLED(NAME)
#define	KERNHIST_CALLARGS(NAME, FMT, A, B, C, D)
#define	KERNHIST_CALLARGN(NAME, N, FMT, A, B, C, D)
#define	KERNHIST_LOG(NAME, FMT, A, B, C, D)
#define	KERNHIST_LOGN(NAME, N, FMT, A, B, C, D)
#define	KERNHIST_DUMP(NAME)

#endif /* !_SYS_KERNHIST_H_ */
