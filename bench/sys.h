/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * One source, three kernels: this rump kernel, NetBSD's (same public API, with
 * BENCH_NETBSD), and the host's own (BENCH_HOST).
 *
 * Each program prints lines "NAME VALUE UNIT"; run.sh sets them side by side.
 */
#ifndef BENCH_SYS_H
#define BENCH_SYS_H

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#ifdef BENCH_HOST
#define SYS(name)	name
#define K_O_RDWR	O_RDWR
#define K_O_CREAT	O_CREAT
#define KERNEL_START()	0
#else
#include <rump/rump.h>
#include <rump/rump_syscalls.h>
#ifdef BENCH_NETBSD
#include "netbsd.h"	/* the constants and structures of mounts, from that system's headers */
#else
#include <rump/rumpdefs.h>
#endif
#define SYS(name)	rump_sys_##name
#define K_O_RDWR	0x0002
#define K_O_CREAT	0x0200
#define KERNEL_START()	rump_init()
#endif

static inline double
now(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (double)ts.tv_sec + (double)ts.tv_nsec / 1e9;
}

static inline void
result(const char *name, double value, const char *unit)
{

	printf("%s %.6g %s\n", name, value, unit);
}

#define MUST(expr) do { \
	if ((expr) == -1) { \
		fprintf(stderr, "%s:%d: %s: errno %d\n", __FILE__, __LINE__, #expr, errno); \
		exit(1); \
	} \
} while (0)

/* Resident memory of this process, in KiB; 0 where /proc is not there. */
static inline double
resident_kib(void)
{
	long total = 0, resident = 0;
	FILE *f = fopen("/proc/self/statm", "r");

	if (f == NULL)
		return 0;
	if (fscanf(f, "%ld %ld", &total, &resident) != 2)
		resident = 0;
	fclose(f);
	return (double)resident * (double)sysconf(_SC_PAGESIZE) / 1024;
}

#endif
