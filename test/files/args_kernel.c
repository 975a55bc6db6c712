/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Argument structures and numbers of system calls, against NetBSD's layout: a
 * few of each shape (words, 64-bit arguments with and without padding).
 */
#include <sys/types.h>
#include <sys/syscall.h>
#include <sys/syscallargs.h>

#include <rump-private/syscall.h>

#ifdef _LP64
#define BYTES(amd64, i386)	(amd64)
#else
#define BYTES(amd64, i386)	(i386)
#endif
#define SIZE(call, amd64, i386) \
	_Static_assert(sizeof(struct sys_##call##_args) == \
	    BYTES(amd64, i386), #call)
#define AT(call, arg, amd64, i386) \
	_Static_assert(__offsetof(struct sys_##call##_args, arg) == \
	    BYTES(amd64, i386), #call "." #arg)

SIZE(pread, 40, 24);
AT(pread, fd, 0, 0);
AT(pread, buf, 8, 4);
AT(pread, nbyte, 16, 8);
AT(pread, PAD, 24, 12);
AT(pread, offset, 32, 16);

SIZE(lseek, 32, 20);
AT(lseek, fd, 0, 0);
AT(lseek, PAD, 8, 4);
AT(lseek, offset, 16, 8);
AT(lseek, whence, 24, 16);

SIZE(mknodat, 40, 24);
AT(mknodat, fd, 0, 0);
AT(mknodat, path, 8, 4);
AT(mknodat, mode, 16, 8);
AT(mknodat, PAD, 24, 12);
AT(mknodat, dev, 32, 16);

SIZE(__mount50, 40, 20);
AT(__mount50, type, 0, 0);
AT(__mount50, path, 8, 4);
AT(__mount50, flags, 16, 8);
AT(__mount50, data, 24, 12);
AT(__mount50, data_len, 32, 16);

SIZE(fsync_range, 32, 24);
AT(fsync_range, fd, 0, 0);
AT(fsync_range, flags, 8, 4);
AT(fsync_range, start, 16, 8);
AT(fsync_range, length, 24, 16);

SIZE(linkat, 40, 20);
AT(linkat, fd1, 0, 0);
AT(linkat, name1, 8, 4);
AT(linkat, fd2, 16, 8);
AT(linkat, name2, 24, 12);
AT(linkat, flags, 32, 16);

_Static_assert(SYS_read == 3 && SYS_open == 5 && SYS_getpid == 20, "");
_Static_assert(SYS___sysctl == 202 && SYS_modctl == 246, "");
_Static_assert(SYS___stat50 == 439 && SYS_openat == 468, "");
_Static_assert(SYS___getvfsstat90 == 483 && SYS_lpathconf == 499, "");

/* The program asks: the size of a call's arguments in the table. */
int	rump_test_argsize(int);
int
rump_test_argsize(int number)
{

	return rump_sysent[number].sy_argsize;
}

/* And: run a call by number, with arguments in words. */
int	rump_test_syscall(int, long *, size_t, long *);
int
rump_test_syscall(int number, long *args, size_t size, long *result)
{
	register_t retval[2] = { 0, 0 };
	int error;

	rump_schedule();
	error = rump_syscall(number, args, size, retval);
	rump_unschedule();
	*result = retval[0];
	return error;
}
