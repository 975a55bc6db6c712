/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The vfs faction: its start and its end.
 *
 * The start makes tables and the root file system, and registers system calls.
 * It creates no thread and does no I/O: threads come with the first work for
 * them.  The end writes everything back and unmounts.
 */
#include <sys/param.h>
#include <sys/dirhash.h>
#include <sys/filedesc.h>
#include <sys/fstrans.h>
#include <sys/lockf.h>
#include <sys/mount.h>
#include <sys/systm.h>
#include <sys/vnode.h>

#include <miscfs/deadfs/deadfs.h>
#include <miscfs/fifofs/fifo.h>
#include <miscfs/specfs/specdev.h>
#include <rump-sys/kern.h>
#include <rump/rumpuser.h>
#include <uvm/uvm_extern.h>

#include "calls/calls.h"
#include "etfs/etfs.h"
#include "fifofs/fifo.h"
#include "io.h"
#include "lookup.h"
#include "mount_impl.h"
#include "namecache.h"
#include "pathbuf.h"
#include "rumpfs/rumpfs_boot.h"
#include "vn.h"
#include "vnode_life.h"

/*
 * Vnodes to keep, without a wish: one takes about a kilobyte with its name and
 * what a file system has of it, so this is a sixteenth of memory.
 */
#define VNODE_MEMORY	(16 * 1024)
#define VNODES_SMALL	256
#define VNODES_LARGE	65536

/* Vectors that belong to no file system type. */
static const struct vnodeopv_desc * const special_vectors[] = {
	&dead_vnodeop_opv_desc,
	&fifo_vnodeop_opv_desc,
	&spec_vnodeop_opv_desc,
	NULL
};

/* How many vnodes to keep: RUMP_NVNODES, or as memory allows. */
static void
vnodes_param(void)
{
	uint64_t memory = (uint64_t)uvmexp.npages << PAGE_SHIFT;
	char buf[32];
	long n = 0;

	if (rumpuser_getparam("RUMP_NVNODES", buf, sizeof(buf)) == 0)
		n = strtoll(buf, NULL, 10);
	if (n <= 0 || n > VNODES_MOST)
		n = (long)MAX(VNODES_SMALL,
		    MIN(memory / VNODE_MEMORY, VNODES_LARGE));
	desiredvnodes = (int)MAX(n, VNODES_LEAST);
}

static void
tables_boot(void)
{

	vfs_hooks_init();
	vcache_boot();
	vlru_boot();
	namecache_boot();
	pathbuf_boot();
	mountlist_boot();
	fstrans_init();
	mount_boot();
	syncer_boot();
	lf_init();
	dirhash_init();
	vn_file_boot();
	fifo_boot();
}

static void
calls_boot(void)
{

	calls_open_boot();
	calls_names_boot();
	calls_stat_boot();
	calls_attr_boot();
	calls_cwd_boot();
	calls_mount_boot();
	calls_quota_boot();
	calls_data_boot();
	calls_fh_boot();
	calls_xattr_boot();
	calls_acl_boot();
}

static struct rump_halthook at_halt = {
	.hh_func = vfs_shutdown,
};

RUMP_COMPONENT(RUMP__FACTION_VFS)
{

	vnodes_param();
	tables_boot();
	vfs_io_init();
	vfs_opv_init(special_vectors);
	rumpfs_boot();
	cwd_sys_init();
	etfs_boot();
	usermount_start();
	calls_boot();
	rump_halthook_establish(&at_halt);
	rump_component_init(RUMP_COMPONENT_VFS);
}
