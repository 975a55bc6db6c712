/* SPDX-License-Identifier: BSD-2-Clause */
/* Where the kernel's formatted output goes, for the code that makes it. */
#ifndef _SYS_KPRINTF_H_
#define _SYS_KPRINTF_H_

#include <sys/cdefs.h>
#include <sys/types.h>
#include <sys/stdarg.h>

#define TOCONS		0x0001
#define TOTTY		0x0002
#define TOLOG		0x0004
#define TOBUFONLY	0x0008
#define TODDB		0x0010
#define NOLOCK		0x1000
#define NOTSTAMP	0x2000

/* Room for a 64-bit number in octal with its NUL. */
#define KPRINTF_BUFSIZE	(sizeof(quad_t) * NBBY / 3 + 2)

#ifdef _KERNEL
struct tty;

int	kprintf(const char *, int, void *, char *, va_list)
	    __printflike(1, 0);
void	kprintf_lock(void);
void	kprintf_unlock(void);
void	kprintf_init(void);
void	putchar(int, int, struct tty *);
void	klogpri(int);
#endif

#endif /* _SYS_KPRINTF_H_ */
