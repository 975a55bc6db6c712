/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A directory of a million files: made, looked at with room for all vnodes and
 * with room for few, removed; and the memory that a file takes.
 */
#include "tmpfs.h"

#define FILES	1000000
#define STEP	7919		/* prime: an order that is not that of the names */

/* Call do_it for each file, in that order; files a second. */
static void
each(const char *what, const char *dir, void (*do_it)(const char *))
{
	double start = now();
	char path[128];

	for (unsigned n = 0, i = 0; n < FILES; n++, i = (i + STEP) % FILES) {
		snprintf(path, sizeof(path), "%s/file-%u", dir, i);
		do_it(path);
	}
	result(what, FILES / (now() - start) / 1000, "k/s");
}

static void
make(const char *path)
{
	int fd;

	MUST(fd = SYS(open)(path, K_O_RDWR | K_O_CREAT, 0644));
	MUST(SYS(close)(fd));
}

static void
look(const char *path)
{
#ifdef BENCH_HOST
	struct stat st;
#else
	struct rump_stat st;
#endif

	MUST(SYS(stat)(path, &st));
}

static void
take_away(const char *path)
{

	MUST(SYS(unlink)(path));
}

#ifndef BENCH_HOST
/* How many vnodes are kept. */
static void
vnodes(int n)
{
	const int name[] = { RUMP_CTL_KERN, RUMP_KERN_MAXVNODES };

	MUST(rump_sys___sysctl(name, 2, NULL, NULL, &n, sizeof(n)));
}
#endif

int
main(void)
{
	const char *dir;
#ifndef BENCH_HOST
	double before;
#endif

	if (KERNEL_START() != 0)
		return 1;
	dir = directory();
#ifndef BENCH_HOST
	vnodes(FILES + 100);
	before = resident_kib();
#endif
	each("many-creates", dir, make);
#ifndef BENCH_HOST
	result("many-memory", (resident_kib() - before) * 1024 / FILES, "B/file");
#endif
	each("many-stat", dir, look);
#ifndef BENCH_HOST
	vnodes(1000);
	each("many-stat-few-vnodes", dir, look);
#endif
	each("many-unlinks", dir, take_away);
#ifdef BENCH_HOST
	rmdir(dir);
#endif
	return 0;
}
