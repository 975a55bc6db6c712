/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Eight threads of the host, each with an lwp of its own, on four virtual CPUs, use
 * all there is at once: a tmpfs and a FAT volume, their own files and names that
 * all change, counters under locks, logs that all append to, pipes with kqueues
 * and poll(2), while two other file systems come and go, by force, and flags of
 * mounts change.  Every call may only do what it may; afterwards all that must be
 * there is there, also when it is mounted again, fsck.fat finds the volumes in
 * order, and nothing is left.
 *
 * So that it can run on hosts whose threads take turns, threads are made by the
 * hypercall; what a worker does is bounded by a number of steps.
 *
 * HAUNCH_ROUNDS: steps of each thread; default ROUNDS.  SEED: another run.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <rump/rump.h>
#include <rump/rump_syscalls.h>
#include <rump/rumpdefs.h>
#include <rump/rumpuser.h>

#include "../t.h"
#include "scenario.h"

#define ROUNDS	1200
#define VOLUMES	2			/* the second is mounted on OTHER */

const char *const kinds[KINDS] = { "/t", "/f" };
static struct worker workers[THREADS];
static char image[VOLUMES][40];
static unsigned rounds = ROUNDS;
static uint64_t seed = 1;
static int leader;			/* the test's process */
static bool mounted;			/* something on OTHER */

void
wrong(struct worker *w, int line)
{

	if (w->line != 0)
		return;
	w->line = line;
	w->error = errno;
}

unsigned
pick(struct worker *w, unsigned n)
{

	return t_random(&w->random, n);
}

/* --------------------------------------------------------------------- mounts */

static int
mount_tmpfs(const char *dir, int flags)
{
	struct rump_tmpfs_args args = {
		.ta_version = RUMP_TMPFS_ARGS_VERSION, .ta_root_mode = 0755
	};

	return rump_sys_mount("tmpfs", dir, flags, &args, sizeof(args));
}

static int
mount_fat(unsigned volume, const char *dir, int flags)
{
	char device[] = "/fat0";
	struct rump_msdosfs_args args = {
		.fspec = device, .mask = 0755, .dirmask = 0755,
		.version = RUMP_MSDOSFSMNT_VERSION,
		.flags = RUMP_MSDOSFSMNT_LONGNAME,
	};

	device[4] += (char)volume;
	return rump_sys_mount("msdos", dir, flags, &args, sizeof(args));
}

static void
make_dirs(const char *top, int exist)
{
	char path[40];
	unsigned i;

	for (i = 0; i < DIRS; i++) {
		snprintf(path, sizeof(path), "%s/d%u", top, i);
		if (rump_sys_mkdir(path, 0755) != 0)
			T_CHECK(exist && errno == RUMP_EEXIST);
	}
}

/* The first worker's work: to mount, and to unmount under whoever is in it. */
static void
come_and_go(struct worker *w, unsigned n)
{
	if (!mounted) {
		if ((n % 3 == 0 ? mount_fat(1, OTHER, 0) :
		    mount_tmpfs(OTHER, 0)) != 0)
			WRONG(w);
		make_dirs(OTHER, n % 3 == 0);
		mounted = true;
		return;
	}
	if (rump_sys_unmount(OTHER, 0) != 0 && (errno != RUMP_EBUSY ||
	    rump_sys_unmount(OTHER, RUMP_MNT_FORCE) != 0))
		WRONG(w);
	mounted = false;
}

/* The second's: flags that everybody reads. */
static void
change_flags(struct worker *w, unsigned n)
{
	static const int flags[] = { RUMP_MNT_NOATIME, RUMP_MNT_ASYNC, 0 };

	if (mount_tmpfs(kinds[0], RUMP_MNT_UPDATE | flags[n % 3]) != 0 ||
	    mount_fat(0, kinds[1], RUMP_MNT_UPDATE | flags[n % 3]) != 0)
		WRONG(w);
}

/* -------------------------------------------------------------------- workers */

static void
steps(struct worker *w)
{
	unsigned i;

	for (i = 0; i < rounds && w->line == 0; i++) {
		names_step(w);
		if (i % 4 == 0)
			talk_step(w);
		if (w->me == 0 && i % 16 == 0)
			come_and_go(w, i / 32);
		if (w->me == 1 && i % 64 == 0)
			change_flags(w, i / 64);
		/* where threads take turns: another's */
		if (i % 8 == 0)
			rump_sys_nanosleep(&(struct rump_timespec){ 0, 1000 },
			    NULL);
	}
}

/* In the test's process, or in one of its own with the same descriptors. */
static void *
work(void *arg)
{
	struct worker *w = arg;
	struct lwp *first;

	if (rump_pub_lwproc_newlwp(leader) != 0) {
		WRONG(w);
		return NULL;
	}
	first = rump_pub_lwproc_curlwp();
	if (w->me % 4 < 2 && rump_pub_lwproc_rfork(RUMP_RFFDG) != 0)
		WRONG(w);
	talk_start(w);
	steps(w);
	talk_end(w);
	if (rump_pub_lwproc_curlwp() != first) {
		rump_pub_lwproc_releaselwp();
		rump_pub_lwproc_switch(first);
	}
	rump_pub_lwproc_releaselwp();
	return NULL;
}

static void
run(void)
{
	int fds[2], i;

	for (i = 0; i < THREADS; i++) {
		T_ASSERT_EQ(rump_sys_pipe2(fds, RUMP_O_NONBLOCK), 0);
		workers[i].out = fds[1];
		workers[(i + 1) % THREADS].in = fds[0];
	}
	for (i = 0; i < THREADS; i++) {
		workers[i].me = (unsigned)i;
		workers[i].random = seed * THREADS + (unsigned)i;
	}
	leader = rump_sys_getpid();
	rump_schedule();
	for (i = 0; i < THREADS; i++)
		T_CHECK_EQ(rumpuser_thread_create(work, &workers[i], "worker",
		    1, 0, -1, &workers[i].thread), 0);
	for (i = 0; i < THREADS; i++)
		T_CHECK_EQ(rumpuser_thread_join(workers[i].thread), 0);
	rump_unschedule();
}

/* Who found something wrong, and where. */
static void
judge(void)
{
	char text[80];
	int i;

	for (i = 0; i < THREADS; i++) {
		if (workers[i].line == 0)
			continue;
		snprintf(text, sizeof(text), "worker %d, line %d, errno %d", i,
		    workers[i].line, workers[i].error);
		T_CHECK(!"a worker found all right");
		t_where(__FILE__, __LINE__, text);
		t_puts("\n");
	}
}

/* -------------------------------------------------------------------- volumes */

static bool
command(const char *format, unsigned volume)
{
	char line[400];

	snprintf(line, sizeof(line), format, image[volume]);
	return system(line) == 0;
}

static bool
volumes_make(void)
{
	unsigned i;
	int fd;

	for (i = 0; i < VOLUMES; i++) {
		strcpy(image[i], "/tmp/haunch-scenario.XXXXXX");
		if ((fd = mkstemp(image[i])) == -1 ||
		    ftruncate(fd, 4 << 20) != 0 || close(fd) != 0 ||
		    !command("PATH=$PATH:/sbin:/usr/sbin mkfs.fat -F 12 -s 2 %1$s "
		    ">/dev/null", i))
			return false;
	}
	return true;
}

static void
volumes_check(void)
{
	unsigned i;

	for (i = 0; i < VOLUMES; i++)
		T_CHECK(command("PATH=$PATH:/sbin:/usr/sbin fsck.fat -n %1$s "
		    ">%1$s.out 2>&1 || { cat %1$s.out; false; }", i));
}

/* Remove what is below a directory. */
static void
remove_below(const char *dir)
{
	char path[700], buf[8000];
	struct rump_dirent *d;
	int fd, n, at;

	fd = rump_sys_open(dir, RUMP_O_RDONLY);
	n = rump_sys_getdents(fd, buf, sizeof(buf));
	T_CHECK(n > 0 && n < 7000);
	(void)rump_sys_close(fd);
	for (at = 0; at < n; at += d->d_reclen) {
		d = (void *)(buf + at);
		if (strcmp(d->d_name, ".") == 0 || strcmp(d->d_name, "..") == 0)
			continue;
		snprintf(path, sizeof(path), "%s/%s", dir, d->d_name);
		if (d->d_type == RUMP_DT_DIR) {
			remove_below(path);
			T_CHECK_EQ(rump_sys_rmdir(path), 0);
		} else
			T_CHECK_EQ(rump_sys_unlink(path), 0);
	}
}

/* ----------------------------------------------------------------- the whole */

static unsigned
vnodes(void)
{
	unsigned n;

	rump_schedule();
	n = rump_scenario_vnodes();
	rump_unschedule();
	return n;
}

static void
create(const char *top)
{
	static const char zeros[4];
	char path[40];
	int fd;

	make_dirs(top, 0);
	snprintf(path, sizeof(path), "%s/count", top);
	fd = rump_sys_open(path, RUMP_O_RDWR | RUMP_O_CREAT, 0644);
	T_CHECK_EQ(rump_sys_write(fd, zeros, sizeof(zeros)), sizeof(zeros));
	T_CHECK_EQ(rump_sys_close(fd), 0);
	snprintf(path, sizeof(path), "%s/log", top);
	fd = rump_sys_open(path, RUMP_O_RDWR | RUMP_O_CREAT, 0644);
	T_CHECK_EQ(rump_sys_close(fd), 0);
}

static void
boot(void)
{
	char device[] = "/fat0";
	unsigned i;

	T_ASSERT_EQ(rump_init(), 0);
	for (i = 0; i < VOLUMES; i++, device[4]++)
		T_ASSERT_EQ(rump_pub_etfs_register(device, image[i],
		    RUMP_ETFS_BLK), 0);
	T_ASSERT_EQ(rump_sys_mkdir(kinds[0], 0755), 0);
	T_ASSERT_EQ(rump_sys_mkdir(kinds[1], 0755), 0);
	T_ASSERT_EQ(rump_sys_mkdir(OTHER, 0755), 0);
	T_ASSERT_EQ(rump_pub_lwproc_rfork(RUMP_RFCFDG), 0);
}

static void
all_there(void)
{
	unsigned i;

	for (i = 0; i < THREADS; i++)
		names_verify(&workers[i]);
	names_sums(workers);
	judge();
}

static void
at_once(void)
{
	struct rump_statvfs before[KINDS], after;
	unsigned none, k;

	memset(workers, 0, sizeof(workers));
	boot();
	T_ASSERT_EQ(mount_fat(1, OTHER, 0), 0);
	T_ASSERT_EQ(rump_sys_unmount(OTHER, 0), 0);
	T_ASSERT_EQ(mount_fat(0, kinds[1], 0), 0);
	T_ASSERT_EQ(rump_sys_unmount(kinds[1], 0), 0);
	none = vnodes();
	T_ASSERT_EQ(mount_tmpfs(kinds[0], 0), 0);
	T_ASSERT_EQ(mount_fat(0, kinds[1], 0), 0);
	for (k = 0; k < KINDS; k++) {
		T_CHECK_EQ(rump_sys_statvfs1(kinds[k], &before[k], 0), 0);
		create(kinds[k]);
	}
	run();
	judge();
	if (mounted)
		come_and_go(&workers[0], 0);
	all_there();
	T_CHECK_EQ(rump_sys_unmount(kinds[1], 0), 0);
	volumes_check();
	T_ASSERT_EQ(mount_fat(0, kinds[1], 0), 0);
	all_there();
	for (k = 0; k < KINDS; k++) {
		remove_below(kinds[k]);
		T_CHECK_EQ(rump_sys_statvfs1(kinds[k], &after, 0), 0);
		T_CHECK_EQ(after.f_blocks - after.f_bfree,
		    before[k].f_blocks - before[k].f_bfree);
		T_CHECK_EQ(after.f_files - after.f_ffree,
		    before[k].f_files - before[k].f_ffree);
		T_CHECK_EQ(rump_sys_unmount(kinds[k], 0), 0);
	}
	/* those of the root may have been reclaimed */
	T_CHECK(vnodes() <= none);
	rump_pub_lwproc_releaselwp();
	T_CHECK_EQ(rump_halt(), 0);
	volumes_check();
}

/* In a kernel that is booted a second time, on the volumes as they are. */
static void
at_once_again(void)
{

	seed++;
	at_once();
}

int
main(int argc, char **argv)
{
	static const struct t_case cases[] = { T(at_once), T(at_once_again) };
	const char *s;
	unsigned i;
	int status;

	if ((s = getenv("HAUNCH_ROUNDS")) != NULL)
		rounds = (unsigned)strtoul(s, NULL, 10);
	if ((s = getenv("SEED")) != NULL)
		seed = strtoull(s, NULL, 10);
	setenv("RUMP_NCPU", "4", 0);
	setenv("RUMP_NVNODES", "100", 0);
	if (!volumes_make())
		return 1;
	status = t_main(cases, sizeof(cases) / sizeof(cases[0]), argc, argv);
	for (i = 0; i < VOLUMES; i++)
		(void)command("rm -f %1$s %1$s.out", i);
	return status;
}
