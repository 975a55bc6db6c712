/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Statistics of transfers, for disks, tapes and network file systems.
 *
 *   iostat_alloc, iostat_free, iostat_rename, iostat_find   by name
 *   iostat_wait, iostat_busy, iostat_unbusy   a transfer queues, starts, ends
 *   hw.iostats, hw.iostatnames, hw.disknames  what programs see, sysctl(7)
 *
 * Locks: list_lock for the list.  Counters belong to the driver, which calls
 * with its own lock held; who prints them reads without a lock.
 *
 * Times: io_busytime is how long at least one transfer was under way; io_busysum
 * the same, each transfer counted; so for those that wait.
 */
#include <sys/param.h>
#include <sys/errno.h>
#include <sys/iostat.h>
#include <sys/kmem.h>
#include <sys/mutex.h>
#include <sys/once.h>
#include <sys/sysctl.h>
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

/* ----------------------------------------------------------- what programs see */

static void
show(const struct io_stats *stats, struct io_sysctl *io)
{

	memset(io, 0, sizeof(*io));
	strlcpy(io->name, stats->io_name, sizeof(io->name));
	io->type = stats->io_type;
	io->busy = stats->io_busy;
	io->rxfer = stats->io_rxfer;
	io->wxfer = stats->io_wxfer;
	io->xfer = io->rxfer + io->wxfer;
	io->rbytes = stats->io_rbytes;
	io->wbytes = stats->io_wbytes;
	io->bytes = io->rbytes + io->wbytes;
	io->seek = stats->io_seek;
	io->attachtime_sec = (uint32_t)stats->io_attachtime.tv_sec;
	io->attachtime_usec = (uint32_t)stats->io_attachtime.tv_usec;
	io->timestamp_sec = (uint32_t)stats->io_timestamp.tv_sec;
	io->timestamp_usec = (uint32_t)stats->io_timestamp.tv_usec;
	io->time_sec = (uint32_t)stats->io_busytime.tv_sec;
	io->time_usec = (uint32_t)stats->io_busytime.tv_usec;
	io->busysum_sec = (uint32_t)stats->io_busysum.tv_sec;
	io->busysum_usec = (uint32_t)stats->io_busysum.tv_usec;
	io->wait_sec = (uint32_t)stats->io_waittime.tv_sec;
	io->wait_usec = (uint32_t)stats->io_waittime.tv_usec;
	io->waitsum_sec = (uint32_t)stats->io_waitsum.tv_sec;
	io->waitsum_usec = (uint32_t)stats->io_waitsum.tv_usec;
}

/* The n-th of those of a type (NULL: any); false: there are not so many. */
static bool
show_nth(u_int n, const int *type, struct io_sysctl *io)
{
	const struct io_stats *stats;

	mutex_enter(&list_lock);
	TAILQ_FOREACH(stats, &list, io_link)
		if ((type == NULL || stats->io_type == *type) && n-- == 0)
			break;
	if (stats != NULL)
		show(stats, io);
	mutex_exit(&list_lock);
	return stats != NULL;
}

/*
 * hw.iostats: a structure for each.  One number may follow: the size of what the
 * program knows as the structure, whose end may be missing.
 */
static int
sysctl_iostats(SYSCTLFN_ARGS)
{
	size_t size = sizeof(struct io_sysctl), used = 0;
	const size_t room = oldp != NULL ? *oldlenp : 0;
	struct io_sysctl io;
	int error = 0;
	u_int n;

	if (newp != NULL)
		return EPERM;
	if (namelen > 1)
		return ENOENT;
	if (namelen == 1) {
		if (name[0] <= 0 || (size_t)name[0] > sizeof(io))
			return EINVAL;
		size = name[0];
	}
	iostat_init();
	for (n = 0; error == 0 && show_nth(n, NULL, &io); n++, used += size) {
		if (oldp != NULL && size > room - used) {
			error = ENOMEM;
			break;
		}
		if (oldp != NULL)
			error = sysctl_copyout(l, &io, (char *)oldp + used,
			    size);
	}
	*oldlenp = used;
	return error;
}

/* hw.iostatnames, hw.disknames: names with spaces between. */
static int
sysctl_names(SYSCTLFN_ARGS)
{
	static const int disks = IOSTAT_DISK;
	const int *type = rnode->sysctl_num == HW_DISKNAMES ? &disks : NULL;
	struct sysctlnode node = *rnode;
	struct io_sysctl io;
	size_t size = 1;
	char *names;
	u_int n, i;
	int error;

	iostat_init();
	for (n = 0; show_nth(n, type, &io); n++)
		size += sizeof(io.name) + 1;
	names = kmem_zalloc(size, KM_SLEEP);
	for (i = 0; i < n && show_nth(i, type, &io); i++) {
		if (i > 0)
			strlcat(names, " ", size);
		strlcat(names, io.name, size);
	}
	node.sysctl_data = names;
	node.sysctl_size = strlen(names) + 1;
	error = sysctl_lookup(SYSCTLFN_CALL(&node));
	kmem_free(names, size);
	return error;
}

SYSCTL_SETUP(sysctl_iostat_setup, "statistics of transfers")
{

	sysctl_createv(clog, 0, NULL, NULL, CTLFLAG_PERMANENT, CTLTYPE_STRING,
	    "disknames", SYSCTL_DESCR("Disks that have statistics"),
	    sysctl_names, 0, NULL, 0, CTL_HW, HW_DISKNAMES, CTL_EOL);
	sysctl_createv(clog, 0, NULL, NULL, CTLFLAG_PERMANENT, CTLTYPE_STRING,
	    "iostatnames", SYSCTL_DESCR("What has statistics of transfers"),
	    sysctl_names, 0, NULL, 0, CTL_HW, HW_IOSTATNAMES, CTL_EOL);
	sysctl_createv(clog, 0, NULL, NULL, CTLFLAG_PERMANENT, CTLTYPE_STRUCT,
	    "iostats", SYSCTL_DESCR("Statistics of transfers"), sysctl_iostats,
	    0, NULL, 0, CTL_HW, HW_IOSTATS, CTL_EOL);
}
