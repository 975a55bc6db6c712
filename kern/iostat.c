/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Statistics of transfers, for disks, tapes and network file systems.
 *
 *   iostat_alloc, iostat_free, iostat_rename, iostat_find   by name
 *   iostat_wait, iostat_busy, iostat_unbusy   a transfer queues, starts, ends
 *
 * Locks: list_lock for the list.  Counters belong to the driver, which calls
 * with its own lock held; who prints them reads without a lock.
 *
 * Times: io_busytime is how long at least one transfer was under way; io_busysum
 * the same, each transfer counted; so for those that wait.
 */
#include <sys/param.h>
#include <sys/iostat.h>
#include <sys/kmem.h>
#include <sys/mutex.h>
#include <sys/once.h>
#include <sys/systm.h>
#include <sys/time.h>

static kmutex_t list_lock;
static struct iostatlist_head list = TAILQ_HEAD_INITIALIZER(list);
static ONCE_DECL(list_once);

static int
list_init(void)
{

	mutex_init(&list_lock, MUTEX_DEFAULT, IPL_NONE);
	return 0;
}

void
iostat_init(void)
{

	RUN_ONCE(&list_once, list_init);
}

static void
set_name(struct io_stats *stats, const char *name)
{

	strlcpy(stats->io_name, name, sizeof(stats->io_name));
}

struct io_stats *
iostat_alloc(int32_t type, void *parent, const char *name)
{
	struct io_stats *stats = kmem_zalloc(sizeof(*stats), KM_SLEEP);

	iostat_init();
	stats->io_type = type;
	stats->io_parent = parent;
	set_name(stats, name);
	getmicrouptime(&stats->io_attachtime);
	mutex_enter(&list_lock);
	TAILQ_INSERT_TAIL(&list, stats, io_link);
	mutex_exit(&list_lock);
	return stats;
}

void
iostat_free(struct io_stats *stats)
{

	mutex_enter(&list_lock);
	TAILQ_REMOVE(&list, stats, io_link);
	mutex_exit(&list_lock);
	kmem_free(stats, sizeof(*stats));
}

void
iostat_rename(struct io_stats *stats, const char *name)
{

	mutex_enter(&list_lock);
	set_name(stats, name);
	mutex_exit(&list_lock);
}

/* By name; nothing keeps it. */
struct io_stats *
iostat_find(const char *name)
{
	struct io_stats *stats;

	iostat_init();
	mutex_enter(&list_lock);
	TAILQ_FOREACH(stats, &list, io_link)
		if (strcmp(stats->io_name, name) == 0)
			break;
	mutex_exit(&list_lock);
	return stats;
}

/* Add count times the time since *stamp to *sum, and to *any if count > 0. */
static void
account(int count, struct timeval *stamp, struct timeval *sum,
    struct timeval *any)
{
	struct timeval now, diff;
	uint64_t usec;

	getmicrouptime(&now);
	timersub(&now, stamp, &diff);
	*stamp = now;
	if (count <= 0)
		return;
	timeradd(any, &diff, any);
	usec = ((uint64_t)diff.tv_sec * 1000000 + diff.tv_usec) * count;
	diff.tv_sec = usec / 1000000;
	diff.tv_usec = usec % 1000000;
	timeradd(sum, &diff, sum);
}

static void
account_wait(struct io_stats *stats)
{

	account(stats->io_wait, &stats->io_waitstamp, &stats->io_waitsum,
	    &stats->io_waittime);
}

static void
account_busy(struct io_stats *stats)
{

	account(stats->io_busy, &stats->io_busystamp, &stats->io_busysum,
	    &stats->io_busytime);
	stats->io_timestamp = stats->io_busystamp;
}

/* A transfer is queued. */
void
iostat_wait(struct io_stats *stats)
{

	account_wait(stats);
	stats->io_wait++;
}

/* A transfer starts, perhaps from the queue. */
void
iostat_busy(struct io_stats *stats)
{

	if (stats->io_wait > 0) {
		account_wait(stats);
		stats->io_wait--;
	}
	account_busy(stats);
	stats->io_busy++;
}

/* A transfer that was started ends: bcount bytes were moved. */
void
iostat_unbusy(struct io_stats *stats, long bcount, int read)
{

	KASSERT(stats->io_busy > 0);
	account_busy(stats);
	stats->io_busy--;
	if (bcount <= 0)
		return;
	if (read) {
		stats->io_rxfer++;
		stats->io_rbytes += bcount;
	} else {
		stats->io_wxfer++;
		stats->io_wbytes += bcount;
	}
}

bool
iostat_isbusy(struct io_stats *stats)
{

	return stats->io_busy != 0;
}

void
iostat_seek(struct io_stats *stats)
{

	stats->io_seek++;
}
