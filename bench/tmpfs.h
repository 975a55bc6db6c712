/* SPDX-License-Identifier: BSD-2-Clause */
/* A directory on a tmpfs: of the host, /dev/shm; of a rump kernel, one is mounted. */
#ifndef BENCH_TMPFS_H
#define BENCH_TMPFS_H

#include "sys.h"

static inline const char *
directory(void)
{
#ifdef BENCH_HOST
	static char dir[] = "/dev/shm/bench-XXXXXX";

	return mkdtemp(dir);
#else
	struct rump_tmpfs_args args;

	memset(&args, 0, sizeof(args));
	args.ta_version = 1;
	args.ta_root_mode = 0777;
	MUST(rump_sys_mkdir("/t", 0777));
	MUST(rump_sys_mount("tmpfs", "/t", 0, &args, sizeof(args)));
	return "/t";
#endif
}

#endif
