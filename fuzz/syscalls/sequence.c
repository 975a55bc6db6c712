/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * System calls by a script of bytes.
 *
 * Most answers of the script (script.h) make sense and some do not: descriptors that are not
 * open, negative and huge lengths, flags that do not exist, NULL.  Pointers that are
 * not NULL are good, for a bad one is a program's own fault; what they point to has
 * exactly the length that the kernel is told, so that a sanitizer sees when it goes
 * beyond.  Everything is non-blocking, since there is only one thread.
 *
 * The files lie in a small tmpfs or on a small FAT volume, as the first byte says, and on
 * the root file system.
 */
#include <errno.h>
#include <string.h>

#include <rump/rump.h>
#include <rump/rump_syscalls.h>
#include <rump/rumpdefs.h>
#include <rump/rumpuser_memdisk.h>

#include "calls.h"
#include "fat.h"
#include "script.h"
#include "sequence.h"

#define CALLS_MAX	400
#define ERRNO_LAST	98

static uint8_t volume[FAT_VOLUME];

static void
mount_tmpfs(void)
{
	struct rump_tmpfs_args args = {
		.ta_version = RUMP_TMPFS_ARGS_VERSION, .ta_nodes_max = 60,
		.ta_size_max = 1 << 20, .ta_root_mode = 0777,
	};

	must(rump_sys_mount("tmpfs", "/t", 0, &args, sizeof(args)) == 0, "mount of tmpfs", errno);
}

static void
mount_fat(void)
{
	static char device[] = "/dev/fuzz";
	struct rump_msdosfs_args args = {
		.fspec = device, .mask = 0777, .dirmask = 0777, .version = 3,
		.flags = RUMP_MSDOSFSMNT_VERSIONED | RUMP_MSDOSFSMNT_LONGNAME,
	};

	fat_make(volume);
	must(rumpuser_memdisk_add("fuzz", volume, sizeof(volume), 0) == 0, "memory disk", 0);
	must(rump_pub_etfs_register(device, "memdisk:fuzz", RUMP_ETFS_BLK) == 0, "etfs", 0);
	must(rump_sys_mount("msdos", "/t", 0, &args, sizeof(args)) == 0, "mount of FAT", errno);
}

static void
begin(bool fat)
{
	int fd;

	must(rump_init() == 0, "rump_init", 0);
	processes_forget();
	rump_boot_setsigmodel(RUMP_SIGMODEL_RECORD);
	must(rump_sys_mkdir("/t", 0777) == 0, "mkdir", errno);
	if (fat)
		mount_fat();
	else
		mount_tmpfs();
	must(rump_sys_chdir("/t") == 0, "chdir", errno);
	for (fd = 0; fd < 3; fd++)		/* the console is not for this */
		must(rump_sys_close(fd) == 0, "close", errno);
}

void
sequence_run(const uint8_t *bytes, size_t len)
{
	unsigned calls;
	bool fat;
	long r;

	script.at = bytes;
	script.end = bytes + len;
	fat = pick(2) != 0;
	begin(fat);
	for (calls = 0; calls < CALLS_MAX && script.at < script.end; calls++) {
		errno = 0;
		r = one_call();
		must(r >= -2 && (r != -1 || (errno >= 0 && errno <= ERRNO_LAST)),
		    "a result that cannot be", r == -1 ? errno : r);
	}
	must(rump_halt() == 0, "rump_halt", 0);
	if (fat)
		must(rumpuser_memdisk_remove("fuzz") == 0, "memory disk's removal", 0);
}
