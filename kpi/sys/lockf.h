/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Advisory byte range locks (fcntl's record locks, flock).
 *
 * The list head belongs to the object that is locked and starts as NULL.
 */
#ifndef _SYS_LOCKF_H_
#define _SYS_LOCKF_H_

#include <sys/types.h>

struct lockf;
struct vop_advlock_args;

void	lf_init(void);
int	lf_advlock(struct vop_advlock_args *, struct lockf **, off_t);

#endif /* _SYS_LOCKF_H_ */
