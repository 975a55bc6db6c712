/* SPDX-License-Identifier: BSD-2-Clause */
/* Requests to a disk and its wedges; see controls.h. */
#include "controls.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <rump/rump_syscalls.h>
#include <rump/rumpdefs.h>
#include <rump/rumpuser.h>

#define SECTOR		512
#define LABEL_SIZE	408		/* struct disklabel */
#define GET_LABEL	((unsigned long)RUMP_IOC_OUT | LABEL_SIZE << RUMP_IOCPARM_SHIFT | 'd' << RUMP_IOCGROUP_SHIFT | 101)
#define SET_LABEL	((unsigned long)RUMP_IOC_IN | LABEL_SIZE << RUMP_IOCPARM_SHIFT | 'd' << RUMP_IOCGROUP_SHIFT | 102)
#define WRITE_LABEL	(SET_LABEL + 1)
#define DEFAULT_LABEL	(GET_LABEL + 13)

static void
info(int fd)
{
	struct rump_plistref list = { NULL, 0 };

	if (rump_sys_ioctl(fd, RUMP_DIOCGDISKINFO, &list) == 0)
		rumpuser_unmap(list.pref_plist, (list.pref_len + 4095) & ~(size_t)4095);
}

static void
ask(int fd)
{
	static const unsigned long requests[] = {
		RUMP_DIOCGMEDIASIZE, RUMP_DIOCGSECTORSIZE, RUMP_DIOCGSECTORALIGN, RUMP_DIOCGPARTINFO, RUMP_DIOCGCACHE,
		RUMP_DIOCCACHESYNC, RUMP_DIOCGSTRATEGY, RUMP_DIOCGWEDGEINFO, RUMP_DIOCEJECT, RUMP_DIOCLWEDGES,
		GET_LABEL, DEFAULT_LABEL,
	};
	union { char bytes[1024]; struct rump_dkwedge_list list; } data;

	info(fd);
	for (unsigned i = 0; i < sizeof(requests) / sizeof(requests[0]); i++) {
		memset(&data, 0, sizeof(data));
		(void)rump_sys_ioctl(fd, requests[i], &data);
	}
}

static void
strategies(int fd)
{
	static const char *const names[] = { "fcfs", "disksort", "priocscan", "none" };
	struct rump_disk_strategy s;

	for (unsigned i = 0; i < 4; i++) {
		memset(&s, 0, sizeof(s));
		strcpy(s.dks_name, names[i]);
		(void)rump_sys_ioctl(fd, RUMP_DIOCSSTRATEGY, &s);
	}
}

/* What is at the partition's begin and around its end; sector 1 too, where the label may be. */
static void
transfers(const char *path, bool writes)
{
	static const int64_t places[] = { 0, SECTOR, 20 * SECTOR, 300 * SECTOR, INT64_C(0x80000000) * SECTOR, 100 };
	int fd = rump_sys_open(path, writes ? RUMP_O_RDWR : RUMP_O_RDONLY);
	char sector[SECTOR * 3];

	if (fd == -1)
		return;
	for (unsigned i = 0; i < sizeof(places) / sizeof(places[0]); i++) {
		(void)rump_sys_pread(fd, sector, sizeof(sector), places[i]);
		if (writes)
			(void)rump_sys_pwrite(fd, sector, SECTOR, places[i]);
	}
	(void)rump_sys_fdiscard(fd, SECTOR, SECTOR);
	rump_sys_close(fd);
}

static void
wedge_open_ones(int disk, const char *name)
{
	char path[64];
	int fd, n;

	snprintf(path, sizeof(path), "/dev/%.15s", name);
	transfers(path, true);
	snprintf(path, sizeof(path), "/dev/r%.15s", name);
	transfers(path, true);
	fd = rump_sys_open(path, RUMP_O_RDONLY);
	if (fd == -1)
		return;
	ask(fd);
	(void)rump_sys_ioctl(disk, RUMP_DIOCRMWEDGES, &n);
	rump_sys_close(fd);
}

void
controls_wedges(int fd, const uint8_t *disk, size_t len)
{
	struct rump_dkwedge_info dkw, again;
	int n;

	if (len < 2 * SECTOR)
		return;
	for (unsigned i = 0; i < 3; i++) {
		memcpy(&dkw, disk + len - SECTOR + i * 40, sizeof(dkw));
		dkw.dkw_wname[sizeof(dkw.dkw_wname) - 1] = '\0';
		if ((dkw.dkw_wname[0] & 1) != 0) {
			dkw.dkw_offset = (disk[i] + 9 * i) % (len / SECTOR + 2);
			dkw.dkw_size = 1 + disk[i + 3] % 8;
		}
		again = dkw;
		if (rump_sys_ioctl(fd, RUMP_DIOCAWEDGE, &dkw) == -1)
			continue;
		(void)rump_sys_ioctl(fd, RUMP_DIOCAWEDGE, &again);
		if (i == 1)
			wedge_open_ones(fd, dkw.dkw_devname);
		if (i != 2)
			(void)rump_sys_ioctl(fd, RUMP_DIOCDWEDGE, &dkw);
	}
	dkw.dkw_devname[0] = 'x';
	(void)rump_sys_ioctl(fd, RUMP_DIOCDWEDGE, &dkw);
	(void)rump_sys_ioctl(fd, RUMP_DIOCMWEDGES, &n);
}

void
controls_label(unsigned unit, int fd, const uint8_t *disk, size_t len)
{
	uint8_t label[LABEL_SIZE];
	char path[32];
	int n, last;

	ask(fd);
	strategies(fd);
	memset(label, 0, sizeof(label));
	memcpy(label, disk + (len > SECTOR ? SECTOR : 0), sizeof(label));
	for (n = 1; n >= 0; n--) {
		(void)rump_sys_ioctl(fd, RUMP_DIOCWLABEL, &n);
		(void)rump_sys_ioctl(fd, RUMP_DIOCKLABEL, &n);
		last = rump_sys_ioctl(fd, n ? SET_LABEL : WRITE_LABEL, label);
		for (char part = 'a'; part < 'q' && (last == 0 || part == 'a'); part++) {
			snprintf(path, sizeof(path), "/dev/rmd%u%c", unit, part);
			transfers(path, true);
		}
		snprintf(path, sizeof(path), "/dev/md%ua", unit);
		transfers(path, n == 1);
	}
}
