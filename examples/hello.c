/* SPDX-License-Identifier: BSD-2-Clause */
/* The first program of README.md. */
#include <stdio.h>
#include <rump/rump.h>
#include <rump/rumpdefs.h>
#include <rump/rump_syscalls.h>

int
main(void)
{
	char buf[32];
	int fd;

	if (rump_init() != 0)			/* boots a kernel in this process */
		return 1;
	fd = rump_sys_open("/hello", RUMP_O_RDWR | RUMP_O_CREAT, 0644);
	rump_sys_write(fd, "hello, kernel\n", 14);
	rump_sys_lseek(fd, 0, RUMP_SEEK_SET);
	printf("%.*s", (int)rump_sys_read(fd, buf, sizeof(buf)), buf);
	return rump_halt();
}
