/* SPDX-License-Identifier: BSD-2-Clause */

/*
 * Limits: how much memory a mount uses, and how much it may.
 *
 * Everything that grows with what users store is charged: nodes, names, tables
 * of names, targets of links, pages.  The sum is exact: when all files are gone
 * it is what it was when the file system was mounted.
 *
 * A limit of 0 means what the machine has to give, but for a reserve: that
 * changes with time, so it is asked each time.
 *
 * Ref: mount_tmpfs(8) (-s, and the reserve of four megabytes).
 */

#include "tmpfs.h"

#include <sys/errno.h>
#include <sys/kmem.h>
#include <sys/systm.h>

#include <uvm/uvm_extern.h>

#define RESERVE		((uint64_t)4 << 20)

static uint64_t
machine_free(void)
{
	const uint64_t available = ptoa((uint64_t)MAX(uvm_availmem(true), 0));

	return available > RESERVE ? available - RESERVE : 0;
}

static uint64_t
bytes_free_locked(const struct tmpfs_mount *tm)
{

	KASSERT(mutex_owned(&tm->tm_lock));
	if (tm->tm_bytes_max == 0)
		return machine_free();
	return tm->tm_bytes_max > tm->tm_bytes ?
	    tm->tm_bytes_max - tm->tm_bytes : 0;
}

uint64_t
tmpfs_bytes_free(struct tmpfs_mount *tm)
{
	uint64_t bytes;

	mutex_enter(&tm->tm_lock);
	bytes = bytes_free_locked(tm);
	mutex_exit(&tm->tm_lock);
	return bytes;
}

int
tmpfs_charge(struct tmpfs_mount *tm, uint64_t bytes)
{
	int error = ENOSPC;

	mutex_enter(&tm->tm_lock);
	if (bytes <= bytes_free_locked(tm)) {
		tm->tm_bytes += bytes;
		error = 0;
	}
	mutex_exit(&tm->tm_lock);
	return error;
}

void
tmpfs_uncharge(struct tmpfs_mount *tm, uint64_t bytes)
{

	mutex_enter(&tm->tm_lock);
	KASSERT(bytes <= tm->tm_bytes);
	tm->tm_bytes -= bytes;
	mutex_exit(&tm->tm_lock);
}

void *
tmpfs_alloc(struct tmpfs_mount *tm, size_t size)
{

	if (tmpfs_charge(tm, size) != 0)
		return NULL;
	return kmem_alloc(size, KM_SLEEP);
}

void
tmpfs_free(struct tmpfs_mount *tm, void *memory, size_t size)
{

	kmem_free(memory, size);
	tmpfs_uncharge(tm, size);
}
