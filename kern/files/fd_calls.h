/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The file layer's system calls, by the file that has them: each X_register
 * puts its handlers into the table at boot.
 */
#ifndef _FILES_FD_CALLS_H_
#define _FILES_FD_CALLS_H_

#include <sys/types.h>
#include <sys/uio.h>

void	rw_register(void);		/* read, write and their relatives */
void	fd_calls_register(void);	/* close, dup, fcntl, fstat, ioctl */
void	ids_register(void);		/* users, groups, sessions */
void	resource_register(void);	/* limits and usage */
void	pipe_register(void);		/* pipe, pipe2 */
void	select_init(void);
void	select_register(void);		/* select, poll */
void	sysctl_register(void);
void	time_register(void);
void	timers_register(void);
void	module_register_calls(void);	/* modctl */
void	misc_register(void);		/* reboot, getrandom, … */

/* readv or writev, by rw; see do_filereadv. */
int	do_filevectors(int fd, const struct iovec *iovp, int iovcnt,
	    off_t *offset, int flags, enum uio_rw rw, register_t *retval);

#endif
