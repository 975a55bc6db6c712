/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Passive serialisation: readers pay almost nothing, who unlinks something
 * waits in pserialize_perform until no reader can still see it.
 */
#ifndef _SYS_PSERIALIZE_H_
#define _SYS_PSERIALIZE_H_

#include <sys/types.h>

struct pserialize;
typedef struct pserialize *pserialize_t;

#ifdef _KERNEL
void	pserialize_init(void);
pserialize_t pserialize_create(void);
void	pserialize_destroy(pserialize_t);
void	pserialize_perform(pserialize_t);

int	pserialize_read_enter(void);
void	pserialize_read_exit(int);

/* For assertions. */
bool	pserialize_in_read_section(void);
bool	pserialize_not_in_read_section(void);
#endif

#endif
