/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * entropy(9): the system's pool.  The host is asked at boot, so the pool is
 * full from then on and nobody waits.
 */
#ifndef _SYS_ENTROPY_H_
#define _SYS_ENTROPY_H_

#ifdef _KERNEL

#include <sys/types.h>


#define ENTROPY_CAPACITY	32

#define ENTROPY_WAIT		0x01
#define ENTROPY_SIG		0x02
#define ENTROPY_HARDFAIL	0x04

void	entropy_init(void);
void	entropy_bootrequest(void);
unsigned int entropy_epoch(void);
bool	entropy_ready(void);
int	entropy_extract(void *, size_t, int);
int	entropy_poll(int);
int	entropy_ioctl(unsigned long, void *);

#endif /* _KERNEL */
#endif /* _SYS_ENTROPY_H_ */
