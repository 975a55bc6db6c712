/* SPDX-License-Identifier: BSD-2-Clause */
/* Trace points of block I/O, on kernhist. */
#ifndef _SYS_BIOHIST_H_
#define	_SYS_BIOHIST_H_

#include <sys/kernhist.h>

#define	BIOHIST_DECL(NAME)
#define	BIOHIST_DEFINE(NAME)
#define	BIOHIST_INIT(NAME, N)
#define	BIOHIST_FUNC(FNAME)
#define	BIOHIST_CALLED(NAME)
#define	BIOHIST_CALLARGS(NAME, FMT, A, B, C, D)
#define	BIOHIST_LOG(NAME, FMT, A, B, C, D)

#endif /* !_SYS_BIOHIST_H_ */
