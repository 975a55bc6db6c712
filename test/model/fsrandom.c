/* SPDX-License-Identifier: BSD-2-Clause */

/*
 * fsrandom - random operations on a file system, compared with a model
 *
 *   fsrandom [-c] [-n operations] [-s seed] [-r runs] [-j threads]
 *            [-m bytes] [-w seconds] [type [image]]
 *
 * Boots a kernel in this process, mounts a file system of the type (tmpfs;
 * others on the image, which is written to) and does random system calls on it and on a
 * model in memory (model.h).  Each answer is compared; from time to time,
 * at the end, and once more after unmounting and mounting again, the whole
 * tree is.  Prints TAP: one result per run and thread.
 *
 *   -c   name files in either case, where the file system does not mind
 *   -n   operations per run and thread (10000)
 *   -s   seed of the first run (1); run i of thread j uses s + i + 1000 j
 *   -r   runs, one after the other, each on a new directory (1)
 *   -j   threads at once, each in a directory of its own (1)
 *   -m   bytes that a file may grow to (200000)
 *   -w   watchdog: the process is ended after this many seconds (300)
 *
 * The same seed makes the same calls: a failure with -j 1 repeats exactly.
 */

#include <err.h>
#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <rump/rump.h>
#include <rump/rump_syscalls.h>
#include <rump/rumpdefs.h>

#include "world.h"

#ifndef DEFAULT_KIND
#define DEFAULT_KIND	"tmpfs"
#endif

#define MOUNT_POINT	"/fsrandom"
#define DEVICE		"/fsrandom.img"

enum { VERIFICATIONS = 20 };

static struct {
	const struct fskind *kind;
	const char *image;
	unsigned long operations, seed, runs, threads, watchdog;
	size_t file_max;
	bool spellings;
} options = {
	.operations = 10000, .seed = 1, .runs = 1, .threads = 1,
	.watchdog = 300, .file_max = 200000,
};

struct worker {
	struct world *world;
	char top[64];
	pthread_t thread;
};

static unsigned tests, failures;

static void
result(bool ok, const struct world *world, const char *when)
{

	failures += !ok;
	printf("%sok %u - %s seed %lu: %lu operations, %s\n",
	    ok ? "" : "not ", ++tests, world->kind->name, world->seed,
	    world->op, when);
	fflush(stdout);
}

static int
mount_again(void)
{

	return options.kind->mount(options.image != NULL ? DEVICE : NULL,
	    MOUNT_POINT, 0);
}

static void
setup(void)
{

	if (rump_init() != 0)
		errx(2, "rump_init failed");
	if (rump_sys_mkdir(MOUNT_POINT, 0755) != 0)
		errx(2, "mkdir %s: errno %d", MOUNT_POINT, errno);
	if (options.image != NULL && rump_pub_etfs_register(DEVICE,
	    options.image, RUMP_ETFS_BLK) != 0)
		errx(2, "%s: cannot be registered", options.image);
	if (mount_again() != 0)
		errx(2, "mount %s: errno %d", options.kind->name, errno);
}

static void *
work(void *arg)
{
	struct world *world = ((struct worker *)arg)->world;
	unsigned long part = options.operations / VERIFICATIONS + 1;

	rump_pub_lwproc_rfork(RUMP_RFFDG);
	for (unsigned long i = 0; i < options.operations; i++) {
		if (world->failed)
			break;
		world_op(world);
		if (i % part == part - 1)
			world_verify(world);
	}
	world_close_all(world);
	world_verify(world);
	rump_pub_lwproc_releaselwp();
	return NULL;
}

static void
begin(struct worker *worker, unsigned long run, unsigned long which)
{

	snprintf(worker->top, sizeof(worker->top), "%s/run%lu.%lu",
	    MOUNT_POINT, run, which);
	if (rump_sys_mkdir(worker->top, 0755) != 0)
		errx(2, "mkdir %s: errno %d", worker->top, errno);
	worker->world = world_create(options.kind, worker->top,
	    options.seed + run + 1000 * which, options.file_max);
	worker->world->spellings =
	    options.spellings && options.kind->casefold;
}

/* One worker runs in this thread: a host may have no others. */
static void
run_workers(struct worker *workers)
{

	if (options.threads == 1) {
		work(workers);
		return;
	}
	for (unsigned long i = 0; i < options.threads; i++)
		if (pthread_create(&workers[i].thread, NULL, work,
		    &workers[i]) != 0)
			errx(2, "cannot start a thread");
	for (unsigned long i = 0; i < options.threads; i++)
		pthread_join(workers[i].thread, NULL);
}

/* Unmount, mount again and look whether all is still there. */
static void
verify_again(struct worker *workers)
{

	if (!options.kind->image)
		return;
	if (rump_sys_unmount(MOUNT_POINT, 0) != 0)
		errx(2, "unmount: errno %d", errno);
	if (mount_again() != 0)
		errx(2, "mount again: errno %d", errno);
	for (unsigned long i = 0; i < options.threads; i++) {
		struct world *world = workers[i].world;

		if (world->failed)
			continue;
		world_verify(world);
		result(!world->failed, world, "mounted again");
	}
}

static void
run_once(unsigned long run)
{
	struct worker *workers = calloc(options.threads, sizeof(*workers));

	if (workers == NULL)
		err(2, "workers");
	for (unsigned long i = 0; i < options.threads; i++)
		begin(&workers[i], run, i);
	run_workers(workers);
	for (unsigned long i = 0; i < options.threads; i++)
		result(!workers[i].world->failed, workers[i].world, "compared");
	verify_again(workers);
	for (unsigned long i = 0; i < options.threads; i++)
		world_destroy(workers[i].world);
	free(workers);
}

static unsigned long
number(const char *text)
{
	char *end;
	unsigned long value = strtoul(text, &end, 0);

	if (end == text || *end != '\0')
		errx(2, "%s: not a number", text);
	return value;
}

static void
usage(void)
{

	fprintf(stderr, "usage: fsrandom [-c] [-n operations] [-s seed] "
	    "[-r runs] [-j threads] [-m bytes] [-w seconds] [type [image]]\n");
	exit(2);
}

static void
parse(int argc, char **argv)
{
	int c;

	while ((c = getopt(argc, argv, "cj:m:n:r:s:w:")) != -1)
		switch (c) {
		case 'c':
			options.spellings = true;
			break;
		case 'j':
			options.threads = number(optarg);
			break;
		case 'm':
			options.file_max = number(optarg);
			break;
		case 'n':
			options.operations = number(optarg);
			break;
		case 'r':
			options.runs = number(optarg);
			break;
		case 's':
			options.seed = number(optarg);
			break;
		case 'w':
			options.watchdog = number(optarg);
			break;
		default:
			usage();
		}
	options.kind = fskind_find(optind < argc ? argv[optind] : DEFAULT_KIND);
	if (options.kind == NULL)
		usage();
	options.image = optind < argc ? argv[optind + 1] : NULL;
	if (options.kind->readonly)
		usage();
	if (options.kind->image != (options.image != NULL))
		usage();
	if (options.file_max < 65536 || options.threads == 0)
		usage();
}

int
main(int argc, char **argv)
{

	parse(argc, argv);
	alarm((unsigned)options.watchdog);
	setup();
	for (unsigned long run = 0; run < options.runs; run++)
		run_once(run);
	if (options.kind->image && rump_sys_unmount(MOUNT_POINT, 0) != 0) {
		printf("# unmount: errno %d\n", errno);
		failures++;
	}
	printf("1..%u\n", tests);
	return failures != 0;
}
