/* SPDX-License-Identifier: BSD-2-Clause */
/* wait(2): options, and what a status word holds. */
#ifndef _SYS_WAIT_H_
#define _SYS_WAIT_H_

#include <sys/types.h>

/* In a status: bits 0-6 signal (0x7f = stopped), 7 core, 8-15 value. */
#define _WSTATUS(x)	((x) & 0177)
#define _WSTOPPED	0177
#define _WCONTINUED	0177777
#define WIFEXITED(x)	(_WSTATUS(x) == 0)
#define WEXITSTATUS(x)	(((x) >> 8) & 0xff)
#define WIFSIGNALED(x)	\
	(_WSTATUS(x) != _WSTOPPED && _WSTATUS(x) != 0 && (x) != _WCONTINUED)
#define WTERMSIG(x)	_WSTATUS(x)
#define WIFSTOPPED(x)	(_WSTATUS(x) == _WSTOPPED && (x) != _WCONTINUED)
#define WSTOPSIG(x)	(((x) >> 8) & 0xff)
#define WIFCONTINUED(x)	((x) == _WCONTINUED)
#define WCOREFLAG	0200
#define WCOREDUMP(x)	(((x) & WCOREFLAG) != 0)
#define W_EXITCODE(ret, sig)	((ret) << 8 | (sig))
#define W_STOPCODE(sig)		((sig) << 8 | _WSTOPPED)

#define WAIT_ANY	(-1)
#define WAIT_MYPGRP	0

#define WNOHANG		0x00000001
#define WSTOPPED	0x00000002
#define WUNTRACED	WSTOPPED
#define WALTSIG		0x00000004
#define WALLSIG		0x00000008
#define WCONTINUED	0x00000010
#define WEXITED		0x00000020
#define WTRAPPED	0x00000040
#define WNOWAIT		0x00010000
#define WNOZOMBIE	0x00020000
#define WSELECTOPTS	(WEXITED | WUNTRACED | WCONTINUED | WTRAPPED)
#define WALLOPTS \
	(WNOHANG | WALTSIG | WALLSIG | WNOWAIT | WNOZOMBIE | WSELECTOPTS)

union wait {
	int	w_status;
	struct {
#if _BYTE_ORDER == _LITTLE_ENDIAN
		unsigned int w_Termsig:7, w_Coredump:1, w_Retcode:8,
		    w_Filler:16;
#else
		unsigned int w_Filler:16, w_Retcode:8, w_Coredump:1,
		    w_Termsig:7;
#endif
	} w_T;
	struct {
#if _BYTE_ORDER == _LITTLE_ENDIAN
		unsigned int w_Stopval:8, w_Stopsig:8, w_Filler:16;
#else
		unsigned int w_Filler:16, w_Stopsig:8, w_Stopval:8;
#endif
	} w_S;
};
#define w_termsig	w_T.w_Termsig
#define w_coredump	w_T.w_Coredump
#define w_retcode	w_T.w_Retcode
#define w_stopval	w_S.w_Stopval
#define w_stopsig	w_S.w_Stopsig

#endif
