/* SPDX-License-Identifier: BSD-2-Clause */
/* POSIX select(2): sets of descriptors. */
#ifndef _SYS_FD_SET_H_
#define _SYS_FD_SET_H_

#include <sys/ansi.h>
#include <sys/cdefs.h>

#define __NFDBITS	32
#define __NFD_SHIFT	5
#define __NFD_MASK	(__NFDBITS - 1)
#define __NFD_SIZE	(FD_SETSIZE / __NFDBITS)
#ifndef FD_SETSIZE
#define FD_SETSIZE	256
#endif
#define NFDBITS		__NFDBITS

typedef __uint32_t __fd_mask;
typedef struct fd_set {
	__fd_mask	fds_bits[FD_SETSIZE / __NFDBITS];
} fd_set;

#define __FD_WORD(n, p)	((p)->fds_bits[(unsigned)(n) >> __NFD_SHIFT])
#define __FD_BIT(n)	((__fd_mask)1 << ((unsigned)(n) & __NFD_MASK))
#define FD_SET(n, p)	(__FD_WORD(n, p) |= __FD_BIT(n))
#define FD_CLR(n, p)	(__FD_WORD(n, p) &= ~__FD_BIT(n))
#define FD_ISSET(n, p)	((__FD_WORD(n, p) & __FD_BIT(n)) != 0)
#define FD_ZERO(p)	((void)__builtin_memset((p), 0, sizeof(*(p))))
#define FD_COPY(f, t)	((void)__builtin_memcpy((t), (f), sizeof(*(f))))

#endif
