/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Advisory byte range locks (fcntl's record locks, flock).
 *
 * A file system may keep a list head for each object, as it does elsewhere; it
 * stays NULL.
 */
#ifndef _SYS_LOCKF_H_
#define _SYS_LOCKF_H_

#include <sys/types.h>

struct lockf;
struct vop_advlock_args;

void	lf_init(void);
int	lf_advlock(struct vop_advlock_args *, struct lockf **, off_t);

#endif /* _SYS_LOCKF_H_ */
