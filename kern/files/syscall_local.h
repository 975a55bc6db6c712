/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * How the stubs of programs in this process run a system call: enter the
 * kernel, call the handler, leave.  An error becomes -1 and errno, through the
 * host, outside the kernel.
 *
 *   syscall_word     for results of a register or less
 *   syscall_wide     for off_t
 *   syscall_value    for calls that cannot fail, or whose result is the error
 */
#ifndef _FILES_SYSCALL_LOCAL_H_
#define _FILES_SYSCALL_LOCAL_H_

#include <sys/types.h>

/* args has the layout of the call's sys_NAME_args, or is NULL. */
register_t	syscall_word(int number, const void *args);
int64_t		syscall_wide(int number, const void *args);
register_t	syscall_value(int number, const void *args);

#endif
