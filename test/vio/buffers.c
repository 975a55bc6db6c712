/* SPDX-License-Identifier: BSD-2-Clause */
/* The buffer cache and bufq(9), from inside the kernel: bufcache.c, bufqueues.c. */
#include <rump/rump.h>
#include <rump/rumpuser_memdisk.h>

#include "../t.h"
#include "blockfs.h"

#define DISK_BYTES	(1024 * 1024)

static void
set_up(void)
{
	static int done;

	if (done++)
		return;
	T_ASSERT_EQ(rump_init(), 0);
	T_ASSERT_EQ(rumpuser_memdisk_add("disk", NULL, DISK_BYTES, 0), 0);
	T_ASSERT_EQ(rump_pub_etfs_register("/disk", "memdisk:disk",
	    RUMP_ETFS_BLK), 0);
}

static void
random_operations(void)
{

	set_up();
	for (unsigned seed = 1; seed <= 5; seed++) {
		rump_schedule();
		int line = rump_bufcache_random("/disk", seed, 20000);
		rump_unschedule();
		T_CHECK_EQ(line, 0);
	}
}

static void
queues(void)
{

	set_up();
	rump_schedule();
	int line = rump_bufq_test();
	rump_unschedule();
	T_CHECK_EQ(line, 0);
}

T_MAIN(T(random_operations), T(queues))
