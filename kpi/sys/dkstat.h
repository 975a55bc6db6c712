/* SPDX-License-Identifier: BSD-2-Clause */
/* Counters that statistics programs read. */
#ifndef _SYS_DKSTAT_H_
#define	_SYS_DKSTAT_H_

#include <sys/types.h>

#ifdef _KERNEL
extern uint64_t tk_nin;		/* characters read from terminals */
extern uint64_t tk_nout;	/* characters written to terminals */
extern uint64_t tk_cancc;
extern uint64_t tk_rawcc;
#endif

#endif /* !_SYS_DKSTAT_H_ */
