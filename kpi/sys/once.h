/* SPDX-License-Identifier: BSD-2-Clause */
/* One-time initialisation. */
#ifndef _SYS_ONCE_H_
#define _SYS_ONCE_H_

#include <sys/types.h>

typedef struct once_t {
	int16_t	o_error;	/* what the initialiser returned */
	uint16_t o_refcnt;
	int	o_status;
} once_t;

#define ONCE_VIRGIN	0
#define ONCE_RUNNING	1
#define ONCE_DONE	2

#define ONCE_DECL(o)	once_t (o) = { .o_refcnt = 0, .o_status = ONCE_VIRGIN };

void	once_init(void);
int	_init_once(once_t *, int (*)(void));
void	_fini_once(once_t *, void (*)(void));

/* Run fn unless it has run; its result, then and later. */
#define RUN_ONCE(o, fn)	_init_once((o), (fn))
/* Undo, when as many have asked for it as for RUN_ONCE. */
#define INIT_ONCE(o, fn)	_init_once((o), (fn))
#define FINI_ONCE(o, fn)	_fini_once((o), (fn))

#endif
