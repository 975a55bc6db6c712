/* SPDX-License-Identifier: BSD-2-Clause */
/* The I/O half of the faction: its start, and what it gives back. */
#include <sys/param.h>
#include <sys/systm.h>
#include <sys/buf.h>
#include <sys/bufq.h>

#include <miscfs/specfs/specdev.h>
#include <rump-private/memory.h>
#include <rump-sys/kern.h>
#include <uvm/uvm.h>

#include "etfs/etfs.h"
#include "io.h"
#include "mount_impl.h"
#include "page/throttle.h"
#include "spec/spec.h"

/* The page daemon wants memory: clean buffers that nobody uses. */
static size_t
reclaim_buffers(size_t pages)
{

	return buf_drain((int)MIN(pages, INT_MAX));
}

static struct mem_reclaimer buffers = {
	.mr_reclaim = reclaim_buffers,
	.mr_begin = fstrans_thread_init,	/* it begins transactions to write */
};

/* After all file systems were unmounted: devices that a program left open. */
static void
shut_down(void)
{

	spec_sync_all();
	etfs_shutdown();
}

static struct rump_halthook at_halt = {
	.hh_func = shut_down,
};

void
vfs_io_init(void)
{

	bufinit();
	bufinit2();
	bufq_init();
	uvm_pager_init();
	uvm_ra_init();
	ubc_init();
	throttle_init();
	spec_init();
	etfs_init();
	mem_reclaimer_add(&buffers);
	rump_halthook_establish(&at_halt);
}
