/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Everything that runs at once in a kernel, run at once: threads of the program
 * that work on files of a tmpfs, callouts that come again, soft interrupts of
 * two levels, a work queue.  Nothing may be lost, and no thread may see what
 * another has half done: this is what the thread sanitizer is let loose on.
 *
 * HAUNCH_ROUNDS: rounds of each thread; default ROUNDS.
 */
#include <pthread.h>
#include <stdatomic.h>

#include "../vfs/vfs.h"

#include "kern_test.h"

#define THREADS	8
#define ROUNDS	150
#define NAMES	5

static atomic_int wrong;
static int nrounds;

/* A file of the thread's own, which others come and look at. */
static void
use_files(int me, int i)
{
	char name[32], other[32], buf[600], back[600];
	int fd;

	snprintf(name, sizeof(name), "/m/%d.%d", me, i % NAMES);
	snprintf(other, sizeof(other), "/m/%d.%d", (me + i) % THREADS,
	    i % NAMES);
	memset(buf, 'a' + me, sizeof(buf));
	fd = rump_sys_open(name, RUMP_O_RDWR | RUMP_O_CREAT, 0644);
	if (fd == -1 ||
	    rump_sys_pwrite(fd, buf, sizeof(buf), i * 100) != sizeof(buf) ||
	    rump_sys_pread(fd, back, sizeof(back), i * 100) != sizeof(back) ||
	    memcmp(buf, back, sizeof(buf)) != 0 || rump_sys_close(fd) != 0)
		atomic_fetch_add(&wrong, 1);
	fd = rump_sys_open(other, RUMP_O_RDONLY);
	if (fd != -1) {
		(void)rump_sys_read(fd, back, sizeof(back));
		(void)rump_sys_close(fd);
	}
	if (i % NAMES == NAMES - 1 && rump_sys_unlink(name) != 0)
		atomic_fetch_add(&wrong, 1);
}

static void *
worker(void *arg)
{
	int i, me = (int)(intptr_t)arg;

	if (me % 2 != 0 && rump_pub_lwproc_rfork(RUMP_RFCFDG) != 0)
		atomic_fetch_add(&wrong, 1);
	for (i = 0; i < nrounds; i++) {
		use_files(me, i);
		rump_schedule();
		rumptest_mix_work();
		rump_unschedule();
	}
	if (me % 2 != 0)
		rump_pub_lwproc_releaselwp();
	return NULL;
}

static void
mix(void)
{
	const char *s = getenv("HAUNCH_ROUNDS");
	pthread_t thread[THREADS];
	int i, lost;

	nrounds = s != NULL ? atoi(s) : ROUNDS;
	T_ASSERT_EQ(rump_init(), 0);
	T_ASSERT_EQ(rump_sys_mkdir("/m", 0755), 0);
	T_ASSERT_EQ(vfs_mount_tmpfs("/m", 0), 0);
	rump_schedule();
	rumptest_mix_start();
	rump_unschedule();
	for (i = 0; i < THREADS; i++)
		pthread_create(&thread[i], NULL, worker, (void *)(intptr_t)i);
	for (i = 0; i < THREADS; i++)
		pthread_join(thread[i], NULL);
	rump_schedule();
	lost = rumptest_mix_stop(THREADS * nrounds);
	rump_unschedule();
	T_CHECK_EQ(lost, 0);
	T_CHECK_EQ(atomic_load(&wrong), 0);
	T_CHECK_EQ(rump_sys_unmount("/m", 0), 0);
	T_CHECK_EQ(rump_halt(), 0);
}

T_MAIN(T(mix))
