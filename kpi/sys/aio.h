/* SPDX-License-Identifier: BSD-2-Clause */
/* Asynchronous I/O: the request block as programs fill it in, and its states. */
#ifndef _SYS_AIO_H_
#define _SYS_AIO_H_

#include <sys/types.h>
#include <sys/signal.h>

/* aio_cancel's results. */
#define AIO_CANCELED	1
#define AIO_NOTCANCELED	2
#define AIO_ALLDONE	3

/* lio_listio: mode, and operation of each entry. */
#define LIO_NOWAIT	0
#define LIO_WAIT	1
#define LIO_NOP		0
#define LIO_WRITE	1
#define LIO_READ	2

struct aiocb {
	off_t		aio_offset;
	volatile void	*aio_buf;
	size_t		aio_nbytes;
	int		aio_fildes;
	int		aio_lio_opcode;
	int		aio_reqprio;
	struct sigevent	aio_sigevent;
	int		_state;		/* kernel: JOB_* */
	int		_errno;
	ssize_t		_retval;
};

#ifdef _KERNEL
#define AIO_LISTIO_MAX	512
#define AIO_MAX		(AIO_LISTIO_MAX * 16)

#define AIO_LIO		0x00
#define AIO_READ	0x01
#define AIO_WRITE	0x02
#define AIO_SYNC	0x04
#define AIO_DSYNC	0x08

#define JOB_NONE	0x0
#define JOB_WIP		0x1
#define JOB_DONE	0x2
#endif

#endif
