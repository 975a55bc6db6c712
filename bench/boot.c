/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Boot time, memory and threads of a kernel in a new process.  Linked with
 * base, and with base and vfs.  With an argument: one boot, figures of that
 * process; without: the best of many such processes.
 */
#include "sys.h"

#include <dirent.h>
#include <sys/wait.h>

#define PROCESSES	50

static int
threads(void)
{
	DIR *d = opendir("/proc/self/task");
	int n = 0;

	while (d != NULL && readdir(d) != NULL)
		n++;
	if (d != NULL)
		closedir(d);
	return n - 2;
}

static int
boot_once(void)
{
	double before = resident_kib(), start = now(), took;

	if (KERNEL_START() != 0)
		return 1;
	took = now() - start;
	printf("%g %g %d\n", took * 1e6, resident_kib() - before, threads());
	return 0;
}

/* What a new process says of its boot; a kernel's messages come before. */
static int
boot_another(const char *cmd, double *us, double *kib, int *nthreads)
{
	FILE *p = popen(cmd, "r");
	char line[256];
	int found = 0;

	while (p != NULL && fgets(line, sizeof(line), p) != NULL)
		found = sscanf(line, "%lf %lf %d", us, kib, nthreads);
	return p != NULL && pclose(p) == 0 && found == 3;
}

int
main(int argc, char **argv)
{
	double best = 1e12, mem = 0, t, m;
	char cmd[4096];
	int nthreads = 0, n;

	if (argc > 1)
		return boot_once();
	snprintf(cmd, sizeof(cmd), "%s once", argv[0]);
	for (int i = 0; i < PROCESSES; i++) {
		if (!boot_another(cmd, &t, &m, &n))
			return 1;
		if (t < best) {
			best = t;
			mem = m;
			nthreads = n;
		}
	}
	result("boot-" BENCH_CONFIG, best / 1000, "ms");
	result("memory-" BENCH_CONFIG, mem, "KiB");
	result("threads-" BENCH_CONFIG, nthreads, "threads");
	return 0;
}
