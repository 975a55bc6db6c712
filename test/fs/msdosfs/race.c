/* SPDX-License-Identifier: BSD-2-Clause */

/*
 * race - a file is renamed to and fro while it is opened by its handles
 *
 *   race IMAGE RENAMES
 *
 * A FAT file has another handle in each directory.  One thread renames; the other
 * opens by both handles, and keeps what it got until the next rename is over: a
 * second vnode of the file would stop that rename for ever.  Exit status 0 if all
 * renames succeed; 77: nothing was opened.
 */

#include <err.h>
#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include <rump/rump.h>
#include <rump/rump_syscalls.h>
#include <rump/rumpdefs.h>

static const char *const paths[] = { "/fat/D/f", "/fat/E/f" };
static struct {
	char	bytes[128];
	size_t	len;
} handles[2];
static atomic_long renames;
static atomic_bool over;

static void
get_handle(int which)
{

	handles[which].len = sizeof(handles[which].bytes);
	if (rump_sys_getfh(paths[which], handles[which].bytes,
	    &handles[which].len) == -1)
		err(1, "getfh");
}

static void
move(int from)
{

	if (rump_sys_rename(paths[from], paths[!from]) == -1)
		err(1, "rename");
	renames++;
}

static void *
open_by_handles(void *arg)
{
	long seen, opened = 0;
	int fd, which;

	if (rump_pub_lwproc_rfork(RUMP_RFFDG) != 0)
		errx(1, "rfork");
	for (which = 0; !over; which = !which) {
		seen = renames;
		fd = rump_sys_fhopen(handles[which].bytes, handles[which].len,
		    RUMP_O_RDWR);
		if (fd == -1)
			continue;
		opened++;
		while (renames == seen && !over)
			sched_yield();
		rump_sys_close(fd);
	}
	rump_pub_lwproc_releaselwp();
	*(long *)arg = opened;
	return NULL;
}

static void
mount_image(char *image)
{
	static char device[] = "/dev/fat";
	struct rump_msdosfs_args args;

	memset(&args, 0, sizeof(args));
	args.fspec = device;
	args.mask = args.dirmask = 0755;
	args.flags = RUMP_MSDOSFSMNT_VERSIONED | RUMP_MSDOSFSMNT_LONGNAME;
	args.version = 3;
	if (rump_init() != 0 || rump_pub_etfs_register(device, image,
	    RUMP_ETFS_BLK) != 0 || rump_sys_mkdir("/fat", 0755) == -1 ||
	    rump_sys_mount("msdos", "/fat", 0, &args, sizeof(args)) == -1)
		err(1, "mount");
}

int
main(int argc, char **argv)
{
	pthread_t opener;
	long opened;
	int fd;

	if (argc != 3)
		errx(2, "usage: race IMAGE RENAMES");
	mount_image(argv[1]);
	if (rump_sys_mkdir("/fat/D", 0755) == -1 ||
	    rump_sys_mkdir("/fat/E", 0755) == -1 ||
	    (fd = rump_sys_open(paths[0], RUMP_O_CREAT | RUMP_O_RDWR,
	    0644)) == -1 || rump_sys_write(fd, "contents", 8) != 8)
		err(1, "create");
	rump_sys_close(fd);
	get_handle(0);
	move(0);
	get_handle(1);
	move(1);
	if (pthread_create(&opener, NULL, open_by_handles, &opened) != 0)
		errx(1, "pthread_create");
	for (long n = strtol(argv[2], NULL, 0); n > 0; n -= 2) {
		move(0);
		move(1);
	}
	over = true;
	pthread_join(opener, NULL);
	if (rump_sys_unmount("/fat", 0) == -1)
		err(1, "unmount");
	return opened > 0 ? 0 : 77;
}
