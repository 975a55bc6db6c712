/* SPDX-License-Identifier: BSD-2-Clause */
/* Both drivers at work: prints "Uryyb, qevire!" and "hello from a driver". */
#include <stdio.h>

#include <rump/rump.h>
#include <rump/rump_syscalls.h>
#include <rump/rumpdefs.h>

static ssize_t
show(const char *path, const char *first)
{
	char buf[128];
	int fd = rump_sys_open(path, first != NULL ? RUMP_O_RDWR : RUMP_O_RDONLY);
	ssize_t n;

	if (fd == -1)
		return -1;
	while (first != NULL && *first != '\0' && (n = rump_sys_write(fd, first, 1)) == 1)
		first++;
	n = rump_sys_read(fd, buf, sizeof(buf));
	printf("%.*s", n > 0 ? (int)n : 0, buf);
	rump_sys_close(fd);
	return n;
}

int
main(void)
{

	if (rump_init() != 0 || show("/dev/rot13", "Hello, driver!\n") <= 0)
		return 1;
	if (rump_sys_mkdir("/mnt", 0755) == -1 ||
	    rump_sys_mount("greetfs", "/mnt", RUMP_MNT_RDONLY, NULL, 0) == -1 ||
	    show("/mnt/greeting", NULL) <= 0)
		return 1;
	return rump_sys_unmount("/mnt", 0) == -1 || rump_halt() != 0;
}
