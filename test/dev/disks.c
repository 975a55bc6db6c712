/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Disks: md and vnd from a program's side, wedges on them, errors, and what goes
 * while it is in use.
 */
#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <rump/rump.h>
#include <rump/rump_syscalls.h>
#include <rump/rumpdefs.h>
#include <rump/rumpuser.h>
#include <rump/rumpuser_memdisk.h>

#include "../t.h"

#define SECTOR	512
#define DISK	(4 * 1024 * 1024)
#define BLK	(64 * 1024)

static unsigned char image[DISK], data[BLK], back[BLK];

static void
set_up(void)
{
	static int done;

	if (done++ == 0)
		T_ASSERT_EQ(rump_init(), 0);
}

static void
fill(unsigned char *p, size_t n, unsigned seed)
{

	for (size_t i = 0; i < n; i++) {
		seed = seed * 1103515245 + 12345;
		p[i] = (unsigned char)(seed >> 16);
	}
}

/* An MBR with two partitions: type, start, sectors. */
static void
put_mbr(unsigned char *disk, const unsigned (*parts)[3], int n)
{

	memset(disk, 0, SECTOR);
	for (int i = 0; i < n; i++) {
		unsigned char *e = disk + 446 + 16 * i;

		e[4] = (unsigned char)parts[i][0];
		for (int b = 0; b < 4; b++) {
			e[8 + b] = (unsigned char)(parts[i][1] >> 8 * b);
			e[12 + b] = (unsigned char)(parts[i][2] >> 8 * b);
		}
	}
	disk[510] = 0x55;
	disk[511] = 0xaa;
}

/* ----------------------------------------------------------------------- md */

static int
md_make(const char *raw, size_t size)
{
	struct rump_md_conf conf = {
		.md_size = size, .md_type = RUMP_MD_KMEM_ALLOCATED
	};
	int fd = rump_sys_open(raw, RUMP_O_RDWR);

	if (!T_CHECK(fd != -1))
		return -1;
	T_CHECK_EQ(rump_sys_ioctl(fd, RUMP_MD_SETCONF, &conf), 0);
	return fd;
}

static void
md_transfers(void)
{
	struct rump_md_conf conf;
	int64_t size;
	unsigned secsize;
	int fd, bfd;

	set_up();
	/* without a medium there is the raw partition, and nothing in it */
	T_CHECK_ERR(rump_sys_open("/dev/md0a", RUMP_O_RDWR), RUMP_ENXIO);
	fd = rump_sys_open("/dev/rmd0d", RUMP_O_RDWR);
	T_ASSERT(fd != -1);
	T_CHECK_ERR(rump_sys_pread(fd, back, SECTOR, 0), RUMP_ENXIO);
	memset(&conf, 0, sizeof(conf));
	conf.md_type = 17;
	conf.md_size = DISK;
	T_CHECK_ERR(rump_sys_ioctl(fd, RUMP_MD_SETCONF, &conf), RUMP_EINVAL);
	rump_sys_close(fd);

	fd = md_make("/dev/rmd0d", DISK);
	T_ASSERT(fd != -1);
	T_CHECK_EQ(rump_sys_ioctl(fd, RUMP_MD_GETCONF, &conf), 0);
	T_CHECK_EQ(conf.md_size, DISK);
	T_CHECK_ERR(rump_sys_ioctl(fd, RUMP_MD_SETCONF, &conf), RUMP_EINVAL);
	T_CHECK_EQ(rump_sys_ioctl(fd, RUMP_DIOCGMEDIASIZE, &size), 0);
	T_CHECK_EQ(size, DISK);
	T_CHECK_EQ(rump_sys_ioctl(fd, RUMP_DIOCGSECTORSIZE, &secsize), 0);
	T_CHECK_EQ(secsize, SECTOR);

	fill(data, sizeof(data), 1);
	T_CHECK_EQ(rump_sys_pwrite(fd, data, BLK, BLK), BLK);
	bfd = rump_sys_open("/dev/md0d", RUMP_O_RDONLY);
	T_ASSERT(bfd != -1);
	T_CHECK_EQ(rump_sys_pread(bfd, back, BLK, BLK), BLK);
	T_CHECK(memcmp(data, back, BLK) == 0);
	/* the end: a short transfer, then none */
	T_CHECK_EQ(rump_sys_pread(fd, back, BLK, DISK - SECTOR), SECTOR);
	T_CHECK_EQ(rump_sys_pread(fd, back, BLK, DISK), 0);
	T_CHECK_ERR(rump_sys_pread(fd, back, SECTOR, DISK + SECTOR),
	    RUMP_EINVAL);
	T_CHECK_ERR(rump_sys_pread(fd, back, 100, 0), RUMP_EINVAL);
	T_CHECK_ERR(rump_sys_pread(fd, back, SECTOR, 7), RUMP_EINVAL);
	rump_sys_close(bfd);
	rump_sys_close(fd);
	/* it stays over the last close; its partition a is all of it */
	fd = rump_sys_open("/dev/rmd0a", RUMP_O_RDONLY);
	T_ASSERT(fd != -1);
	T_CHECK_EQ(rump_sys_pread(fd, back, BLK, BLK), BLK);
	T_CHECK(memcmp(data, back, BLK) == 0);
	T_CHECK_ERR(rump_sys_open("/dev/rmd0e", RUMP_O_RDONLY), RUMP_ENXIO);
	rump_sys_close(fd);
}

/* ---------------------------------------------------------------------- vnd */

static int
vnd_ioctl(int fd, unsigned long cmd, const char *file, int flags)
{
	struct rump_vnd_ioctl vio;
	int rv;

	memset(&vio, 0, sizeof(vio));
	vio.vnd_file = (char *)(uintptr_t)file;
	vio.vnd_flags = flags;
	rv = rump_sys_ioctl(fd, cmd, &vio);
	if (rv == 0 && cmd == RUMP_VNDIOCSET)
		T_CHECK(vio.vnd_size > 0 && vio.vnd_size == vio.vnd_osize);
	return rv;
}

static int
make_file(const char *path, const void *contents, size_t size)
{
	int fd = rump_sys_open(path, RUMP_O_RDWR | RUMP_O_CREAT | RUMP_O_TRUNC,
	    0644);

	if (!T_CHECK(fd != -1))
		return -1;
	if (contents != NULL)
		T_CHECK_EQ(rump_sys_pwrite(fd, contents, size, 0), size);
	else
		T_CHECK_EQ(rump_sys_ftruncate(fd, (int64_t)size), 0);
	return fd;
}

static void
vnd_transfers(void)
{
	struct rump_vnd_user vnu;
	struct rump_stat st;
	int fd, file;

	set_up();
	file = make_file("/disk", NULL, DISK);		/* a hole */
	fd = rump_sys_open("/dev/rvnd0d", RUMP_O_RDWR);
	T_ASSERT(fd != -1);
	T_CHECK_ERR(rump_sys_pread(fd, back, SECTOR, 0), RUMP_ENXIO);
	T_CHECK_ERR(vnd_ioctl(fd, RUMP_VNDIOCCLR, NULL, 0), RUMP_ENXIO);
	T_CHECK_ERR(vnd_ioctl(fd, RUMP_VNDIOCSET, "/none", 0), RUMP_ENOENT);
	T_CHECK_ERR(vnd_ioctl(fd, RUMP_VNDIOCSET, "/tmp", 0), RUMP_EISDIR);
	T_CHECK_ERR(vnd_ioctl(fd, RUMP_VNDIOCSET, "/disk",
	    RUMP_VNDIOF_COMP), RUMP_EOPNOTSUPP);
	vnu.vnu_unit = -1;
	T_CHECK_EQ(rump_sys_ioctl(fd, RUMP_VNDIOCGET, &vnu), 0);
	T_CHECK_EQ(vnu.vnu_ino, 0);
	T_CHECK_EQ(vnd_ioctl(fd, RUMP_VNDIOCSET, "/disk", 0), 0);
	T_CHECK_ERR(vnd_ioctl(fd, RUMP_VNDIOCSET, "/disk", 0), RUMP_EBUSY);
	T_CHECK_EQ(rump_sys_fstat(file, &st), 0);
	T_CHECK_EQ(rump_sys_ioctl(fd, RUMP_VNDIOCGET, &vnu), 0);
	T_CHECK_EQ(vnu.vnu_ino, st.st_ino);
	T_CHECK_EQ(vnu.vnu_unit, 0);

	/* what one sees the other sees */
	fill(data, sizeof(data), 2);
	T_CHECK_EQ(rump_sys_pwrite(fd, data, BLK, 3 * SECTOR), BLK);
	T_CHECK_EQ(rump_sys_pread(file, back, BLK, 3 * SECTOR), BLK);
	T_CHECK(memcmp(data, back, BLK) == 0);
	fill(data, sizeof(data), 3);
	T_CHECK_EQ(rump_sys_pwrite(file, data, BLK, BLK * 4), BLK);
	T_CHECK_EQ(rump_sys_pread(fd, back, BLK, BLK * 4), BLK);
	T_CHECK(memcmp(data, back, BLK) == 0);
	memset(data, 0, BLK);
	T_CHECK_EQ(rump_sys_pread(fd, back, BLK, BLK * 8), BLK);
	T_CHECK(memcmp(data, back, BLK) == 0);

	/* the file was cut: EIO, not zeroes */
	T_CHECK_EQ(rump_sys_ftruncate(file, DISK / 2), 0);
	T_CHECK_ERR(rump_sys_pread(fd, back, BLK, DISK - BLK), RUMP_EIO);
	T_CHECK_EQ(vnd_ioctl(fd, RUMP_VNDIOCCLR, NULL, 0), 0);
	T_CHECK_ERR(rump_sys_pread(fd, back, SECTOR, 0), RUMP_ENXIO);

	/* read-only */
	T_CHECK_EQ(vnd_ioctl(fd, RUMP_VNDIOCSET, "/disk",
	    RUMP_VNDIOF_READONLY), 0);
	T_CHECK_ERR(rump_sys_pwrite(fd, data, SECTOR, 0), RUMP_EROFS);
	T_CHECK_ERR(rump_sys_open("/dev/vnd0a", RUMP_O_RDWR), RUMP_EROFS);
	T_CHECK_EQ(rump_sys_pread(fd, back, SECTOR, 0), SECTOR);
	T_CHECK_EQ(vnd_ioctl(fd, RUMP_VNDIOCCLR, NULL, 0), 0);
	rump_sys_close(fd);
	rump_sys_close(file);
}

static void
vnd_geometry(void)
{
	struct rump_vnd_ioctl vio;
	int64_t size;
	unsigned secsize;
	int fd, file;

	set_up();
	file = make_file("/geometry", NULL, DISK);
	fd = rump_sys_open("/dev/rvnd0d", RUMP_O_RDWR);
	T_ASSERT(fd != -1);
	memset(&vio, 0, sizeof(vio));
	vio.vnd_file = (char *)(uintptr_t)"/geometry";
	vio.vnd_flags = RUMP_VNDIOF_HASGEOM;
	vio.vnd_geom.vng_nsectors = 8;
	vio.vnd_geom.vng_ntracks = 4;
	vio.vnd_geom.vng_ncylinders = 10;
	static const unsigned bad[] = { 0, 1, 511, 513, 768, 1 << 30 };
	for (unsigned i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		vio.vnd_geom.vng_secsize = bad[i];
		T_CHECK_ERR(rump_sys_ioctl(fd, RUMP_VNDIOCSET, &vio),
		    RUMP_EINVAL);
	}
	vio.vnd_geom.vng_secsize = 4096;
	vio.vnd_geom.vng_ncylinders = 1u << 31;
	T_CHECK_ERR(rump_sys_ioctl(fd, RUMP_VNDIOCSET, &vio), RUMP_EINVAL);
	vio.vnd_geom.vng_ncylinders = 10;
	T_CHECK_EQ(rump_sys_ioctl(fd, RUMP_VNDIOCSET, &vio), 0);
	T_CHECK_EQ(rump_sys_ioctl(fd, RUMP_DIOCGMEDIASIZE, &size), 0);
	T_CHECK_EQ(size, 320 * 4096);
	T_CHECK_EQ(rump_sys_ioctl(fd, RUMP_DIOCGSECTORSIZE, &secsize), 0);
	T_CHECK_EQ(secsize, 4096);
	T_CHECK_ERR(rump_sys_pread(fd, back, SECTOR, 0), RUMP_EINVAL);
	T_CHECK_EQ(rump_sys_pread(fd, back, 4096, 319 * 4096), 4096);
	T_CHECK_EQ(vnd_ioctl(fd, RUMP_VNDIOCCLR, NULL, 0), 0);
	rump_sys_close(fd);
	rump_sys_close(file);
}

/* A BSD label with one partition, a, in sectors of secsize; this host's order. */
static void
put_label(unsigned char *p, uint32_t secsize, uint32_t offset, uint32_t size)
{
	const uint32_t magic = 0x82564557;
	uint16_t sum = 0, word;

	memset(p, 0, 148 + 4 * 16);
	memcpy(p, &magic, 4);
	memcpy(p + 40, &secsize, 4);
	memcpy(p + 56, &(uint32_t){ 64 }, 4);
	memcpy(p + 60, &(uint32_t){ DISK / secsize }, 4);
	memcpy(p + 132, &magic, 4);
	memcpy(p + 138, &(uint16_t){ 4 }, 2);
	memcpy(p + 148, &size, 4);
	memcpy(p + 152, &offset, 4);
	p[160] = 7;
	for (int i = 0; i < 148 + 4 * 16; i += 2) {
		memcpy(&word, p + i, 2);
		sum ^= word;
	}
	memcpy(p + 136, &sum, 2);
}

/* Transfers are counted, and programs see it. */
static void
statistics(void)
{
	const int mib[] = { RUMP_CTL_HW, RUMP_HW_IOSTATS,
	    sizeof(struct rump_io_sysctl) };
	const int names[] = { RUMP_CTL_HW, RUMP_HW_DISKNAMES };
	struct rump_io_sysctl before[8], after[8];
	size_t len = sizeof(before), len2 = sizeof(after), size;
	char text[256];
	unsigned i;
	int fd, file;

	set_up();
	file = make_file("/counted", NULL, DISK);
	rump_sys_close(file);
	fd = rump_sys_open("/dev/rvnd0d", RUMP_O_RDWR);
	T_ASSERT(fd != -1);
	T_CHECK_EQ(vnd_ioctl(fd, RUMP_VNDIOCSET, "/counted", 0), 0);
	T_CHECK(rump_sys___sysctl(mib, 3, before, &len, NULL, 0) != -1);
	T_CHECK_EQ(rump_sys_pread(fd, back, BLK, 0), BLK);
	T_CHECK_EQ(rump_sys_pwrite(fd, back, SECTOR, 0), SECTOR);
	T_CHECK(rump_sys___sysctl(mib, 3, after, &len2, NULL, 0) != -1);
	T_CHECK_EQ(len, len2);
	for (i = 0; i < len / sizeof(before[0]); i++)
		if (strcmp(after[i].name, "vnd0") == 0)
			break;
	T_ASSERT(i < len / sizeof(before[0]));
	T_CHECK_EQ(after[i].type, RUMP_IOSTAT_DISK);
	T_CHECK_EQ(after[i].rxfer - before[i].rxfer, 1);
	T_CHECK_EQ(after[i].rbytes - before[i].rbytes, BLK);
	T_CHECK_EQ(after[i].wbytes - before[i].wbytes, SECTOR);
	T_CHECK_EQ(after[i].bytes - before[i].bytes, BLK + SECTOR);
	/* too little room: what fits, and an error */
	len2 = sizeof(after[0]) + 1;
	T_CHECK_ERR(rump_sys___sysctl(mib, 3, after, &len2, NULL, 0),
	    RUMP_ENOMEM);
	T_CHECK_EQ(len2, sizeof(after[0]));
	T_CHECK(rump_sys___sysctl(mib, 3, NULL, &size, NULL, 0) != -1);
	T_CHECK_EQ(size, len);
	len2 = sizeof(text);
	T_CHECK(rump_sys___sysctl(names, 2, text, &len2, NULL, 0) != -1);
	T_CHECK(strstr(text, "vnd0") != NULL);
	T_CHECK_EQ(vnd_ioctl(fd, RUMP_VNDIOCCLR, NULL, 0), 0);
	rump_sys_close(fd);
}

/* What is said of a disk in a dictionary: a medium's, and of none. */
static void
disk_info(void)
{
	struct rump_plistref pref;
	int fd, file;

	set_up();
	file = make_file("/info", NULL, DISK);
	rump_sys_close(file);
	fd = rump_sys_open("/dev/rvnd0d", RUMP_O_RDWR);
	T_ASSERT(fd != -1);
	T_CHECK_ERR(rump_sys_ioctl(fd, RUMP_DIOCGDISKINFO, &pref), RUMP_ENXIO);
	T_CHECK_EQ(vnd_ioctl(fd, RUMP_VNDIOCSET, "/info", 0), 0);
	T_CHECK_EQ(rump_sys_ioctl(fd, RUMP_DIOCGDISKINFO, &pref), 0);
	T_CHECK_EQ(strlen(pref.pref_plist) + 1, pref.pref_len);
	T_CHECK(strstr(pref.pref_plist, "<key>geometry</key>") != NULL);
	T_CHECK(strstr(pref.pref_plist, "<key>sectors-per-unit</key>") != NULL);
	T_CHECK(strstr(pref.pref_plist, "<integer>8192</integer>") != NULL);
	T_CHECK(strstr(pref.pref_plist, "<string>vnd</string>") != NULL);
	rumpuser_unmap(pref.pref_plist, (pref.pref_len + 4095) & ~(size_t)4095);
	T_CHECK_EQ(vnd_ioctl(fd, RUMP_VNDIOCCLR, NULL, 0), 0);
	rump_sys_close(fd);
}

/* A label counts in its own sectors, which need not be the disk's. */
static void
label_sectors(void)
{
	static const struct { uint32_t secsize, offset, size; } labels[] = {
		{ SECTOR, 32, 64 }, { 2048, 8, 16 }, { 4096, 4, 8 },
	};
	const int64_t size = 64 * SECTOR;
	int fd, file, part;

	set_up();
	fd = rump_sys_open("/dev/rvnd0d", RUMP_O_RDWR);
	T_ASSERT(fd != -1);
	for (unsigned i = 0; i < sizeof(labels) / sizeof(labels[0]); i++) {
		fill(image, sizeof(image), i);
		memset(image, 0, 16 * SECTOR);
		put_label(image + SECTOR, labels[i].secsize, labels[i].offset,
		    labels[i].size);
		file = make_file("/label", image, sizeof(image));
		rump_sys_close(file);
		T_CHECK_EQ(vnd_ioctl(fd, RUMP_VNDIOCSET, "/label", 0), 0);
		part = rump_sys_open("/dev/rvnd0a", RUMP_O_RDONLY);
		T_ASSERT(part != -1);
		T_CHECK_EQ(rump_sys_pread(part, back, BLK, 0), size);
		T_CHECK(memcmp(back, image + 32 * SECTOR, (size_t)size) == 0);
		T_CHECK_EQ(rump_sys_pread(part, back, SECTOR, size), 0);
		T_CHECK_ERR(rump_sys_pread(part, back, SECTOR, size + SECTOR),
		    RUMP_EINVAL);
		rump_sys_close(part);
		T_CHECK_EQ(vnd_ioctl(fd, RUMP_VNDIOCCLR, NULL, 0), 0);
	}
	rump_sys_close(fd);
}

/* ------------------------------------------------------------------- wedges */

static const unsigned two[][3] = { { 0x0c, 64, 1001 }, { 0x83, 2048, 2000 } };

static int
wedges_of(int fd, struct rump_dkwedge_info *info, unsigned most)
{
	struct rump_dkwedge_list list = {
		.dkwl_buf = info, .dkwl_bufsize = most * sizeof(*info)
	};

	if (rump_sys_ioctl(fd, RUMP_DIOCLWEDGES, &list) != 0)
		return -1;
	T_CHECK(list.dkwl_ncopied <= most);
	return (int)list.dkwl_nwedges;
}

/* vnd0 on a file with two partitions, and their wedges; the raw descriptor. */
static int
two_wedges(struct rump_dkwedge_info *info)
{
	int fd, file, n;

	fill(image, sizeof(image), 5);
	put_mbr(image, two, 2);
	file = make_file("/two", image, sizeof(image));
	rump_sys_close(file);
	fd = rump_sys_open("/dev/rvnd0d", RUMP_O_RDWR);
	if (!T_CHECK(fd != -1))
		return -1;
	T_CHECK_EQ(vnd_ioctl(fd, RUMP_VNDIOCSET, "/two", 0), 0);
	T_CHECK_EQ(rump_sys_ioctl(fd, RUMP_DIOCMWEDGES, &n), 0);
	T_CHECK_EQ(n, 2);
	T_CHECK_EQ(wedges_of(fd, info, 2), 2);
	return fd;
}

static void
wedges_are_found(void)
{
	struct rump_dkwedge_info info[2], own;
	char path[64];
	int64_t size;
	int fd, wfd, n;

	set_up();
	fd = two_wedges(info);
	T_ASSERT(fd != -1);
	for (int i = 0; i < 2; i++) {
		T_CHECK_EQ(info[i].dkw_offset, two[i][1]);
		T_CHECK_EQ(info[i].dkw_size, two[i][2]);
		T_CHECK_STR(info[i].dkw_parent, "vnd0");
		snprintf(path, sizeof(path), "/dev/r%.15s", info[i].dkw_devname);
		wfd = rump_sys_open(path, RUMP_O_RDWR);
		T_ASSERT(wfd != -1);
		T_CHECK_EQ(rump_sys_ioctl(wfd, RUMP_DIOCGWEDGEINFO, &own), 0);
		T_CHECK(memcmp(&own, &info[i], sizeof(own)) == 0);
		T_CHECK_EQ(rump_sys_ioctl(wfd, RUMP_DIOCGMEDIASIZE, &size), 0);
		T_CHECK_EQ(size, (int64_t)two[i][2] * SECTOR);
		T_CHECK_EQ(rump_sys_pread(wfd, back, BLK, 0), BLK);
		T_CHECK(memcmp(back, image + two[i][1] * SECTOR, BLK) == 0);
		/* writes land where they belong, and end at the end */
		fill(data, sizeof(data), 7 + (unsigned)i);
		T_CHECK_EQ(rump_sys_pwrite(wfd, data, BLK, size - SECTOR),
		    SECTOR);
		T_CHECK_ERR(rump_sys_pwrite(wfd, data, SECTOR, size +
		    SECTOR), RUMP_EINVAL);
		T_CHECK_EQ(rump_sys_pread(fd, back, 2 * SECTOR,
		    (int64_t)two[i][1] * SECTOR + size - SECTOR), 2 * SECTOR);
		T_CHECK(memcmp(back, data, SECTOR) == 0);
		T_CHECK(memcmp(back + SECTOR, image + two[i][1] * SECTOR +
		    size, SECTOR) == 0);
		rump_sys_close(wfd);
		/* the block device, whose last block is not whole, twice */
		snprintf(path, sizeof(path), "/dev/%.15s", info[i].dkw_devname);
		wfd = rump_sys_open(path, RUMP_O_RDWR);
		T_ASSERT(wfd != -1);
		for (int twice = 0; twice < 2; twice++) {
			T_CHECK_EQ(rump_sys_pread(wfd, back, BLK,
			    size - SECTOR), SECTOR);
			T_CHECK(memcmp(back, data, SECTOR) == 0);
		}
		T_CHECK_EQ(rump_sys_pwrite(wfd, data + SECTOR, SECTOR,
		    size - SECTOR), SECTOR);
		T_CHECK_EQ(rump_sys_fsync_range(wfd, RUMP_FDATASYNC, 0, 0), 0);
		rump_sys_close(wfd);
		T_CHECK_EQ(rump_sys_pread(fd, back, 2 * SECTOR,
		    (int64_t)two[i][1] * SECTOR + size - SECTOR), 2 * SECTOR);
		T_CHECK(memcmp(back, data + SECTOR, SECTOR) == 0);
		T_CHECK(memcmp(back + SECTOR, image + two[i][1] * SECTOR +
		    size, SECTOR) == 0);
	}
	T_CHECK_STR((const char *)info[0].dkw_wname, "vnd0e");
	T_CHECK_STR(info[0].dkw_ptype, "msdos");
	T_CHECK_STR((const char *)info[1].dkw_wname, "vnd0f");
	T_CHECK_STR(info[1].dkw_ptype, "ext2fs");
	/* partitions of the label and wedges exclude each other */
	T_CHECK_ERR(rump_sys_open("/dev/vnd0a", RUMP_O_RDONLY), RUMP_EBUSY);
	T_CHECK_EQ(rump_sys_ioctl(fd, RUMP_DIOCRMWEDGES, &n), 0);
	T_CHECK_EQ(n, 0);
	T_CHECK_EQ(wedges_of(fd, NULL, 0), 0);
	T_CHECK_ERR(rump_sys_open("/dev/dk0", RUMP_O_RDONLY), RUMP_ENXIO);
	T_CHECK_EQ(vnd_ioctl(fd, RUMP_VNDIOCCLR, NULL, 0), 0);
	rump_sys_close(fd);
}

static int
wedge_add(int fd, const char *name, int64_t offset, uint64_t size,
    struct rump_dkwedge_info *info)
{

	memset(info, 0, sizeof(*info));
	strcpy((char *)info->dkw_wname, name);
	strcpy(info->dkw_ptype, "ffs");
	info->dkw_offset = offset;
	info->dkw_size = size;
	return rump_sys_ioctl(fd, RUMP_DIOCAWEDGE, info);
}

static void
wedges_by_hand(void)
{
	struct rump_dkwedge_info a, b, info[4];
	int fd, n, wfd;
	char path[64];

	set_up();
	fd = md_make("/dev/rmd1d", DISK);
	T_ASSERT(fd != -1);
	T_CHECK_EQ(wedge_add(fd, "one", 100, 100, &a), 0);
	T_CHECK_ERR(wedge_add(fd, "one", 100, 100, &b), RUMP_EEXIST);
	T_CHECK_ERR(wedge_add(fd, "one", 300, 100, &b), RUMP_EEXIST);
	T_CHECK_ERR(wedge_add(fd, "two", 199, 1, &b), RUMP_EINVAL);
	T_CHECK_ERR(wedge_add(fd, "two", 0, 101, &b), RUMP_EINVAL);
	T_CHECK_ERR(wedge_add(fd, "two", 0, 0, &b), RUMP_EINVAL);
	T_CHECK_ERR(wedge_add(fd, "two", -1, 10, &b), RUMP_EINVAL);
	T_CHECK_ERR(wedge_add(fd, "two", 8000, 193, &b), RUMP_EINVAL);
	T_CHECK_ERR(wedge_add(fd, "two", 200, UINT64_MAX, &b), RUMP_EINVAL);
	T_CHECK_EQ(wedge_add(fd, "two", 8000, 192, &b), 0);
	T_CHECK_EQ(wedge_add(fd, "one", 100, 150, &a), 0);	/* grows */
	T_CHECK_EQ(wedges_of(fd, info, 1), 2);
	T_CHECK_EQ(info[0].dkw_size, 150);
	/* an open wedge stays */
	snprintf(path, sizeof(path), "/dev/r%.15s", info[0].dkw_devname);
	wfd = rump_sys_open(path, RUMP_O_RDONLY);
	T_ASSERT(wfd != -1);
	T_CHECK_ERR(rump_sys_ioctl(fd, RUMP_DIOCDWEDGE, &info[0]), RUMP_EBUSY);
	T_CHECK_EQ(rump_sys_ioctl(fd, RUMP_DIOCRMWEDGES, &n), 0);
	T_CHECK_EQ(n, 1);
	rump_sys_close(wfd);
	T_CHECK_EQ(rump_sys_ioctl(fd, RUMP_DIOCDWEDGE, &info[0]), 0);
	T_CHECK_ERR(rump_sys_ioctl(fd, RUMP_DIOCDWEDGE, &info[0]), RUMP_ESRCH);
	rump_sys_close(fd);
	fd = rump_sys_open("/dev/rmd1d", RUMP_O_RDONLY);
	T_CHECK_ERR(wedge_add(fd, "x", 1, 1, &a), RUMP_EBADF);
	rump_sys_close(fd);
}

/* The medium goes while its wedge is open and another descriptor, too. */
static void
removal(void)
{
	struct rump_dkwedge_info info[2];
	int fd, wfd, bfd;
	char path[64];

	set_up();
	fd = two_wedges(info);
	T_ASSERT(fd != -1);
	snprintf(path, sizeof(path), "/dev/%.15s", info[0].dkw_devname);
	bfd = rump_sys_open(path, RUMP_O_RDWR);
	T_ASSERT(bfd != -1);
	T_CHECK_EQ(rump_sys_pread(bfd, back, BLK, 0), BLK);
	fill(data, sizeof(data), 9);
	T_CHECK_EQ(rump_sys_pwrite(bfd, data, BLK, BLK), BLK);
	snprintf(path, sizeof(path), "/dev/r%.15s", info[1].dkw_devname);
	wfd = rump_sys_open(path, RUMP_O_RDWR);
	T_ASSERT(wfd != -1);
	T_CHECK_ERR(vnd_ioctl(fd, RUMP_VNDIOCCLR, NULL, 0), RUMP_EBUSY);
	T_CHECK_EQ(vnd_ioctl(fd, RUMP_VNDIOCCLR, NULL, RUMP_VNDIOF_FORCE), 0);
	T_CHECK(rump_sys_pread(wfd, back, SECTOR, 0) == -1);
	T_CHECK(rump_sys_pread(bfd, back, SECTOR, 1024 * SECTOR) == -1);
	T_CHECK(rump_sys_pwrite(wfd, data, SECTOR, 0) == -1);
	rump_sys_close(wfd);
	rump_sys_close(bfd);
	T_CHECK_ERR(rump_sys_pread(fd, back, SECTOR, 0), RUMP_ENXIO);
	/* and the unit is as good as new */
	T_CHECK_EQ(vnd_ioctl(fd, RUMP_VNDIOCSET, "/two", 0), 0);
	T_CHECK_EQ(rump_sys_pread(fd, back, SECTOR, 0), SECTOR);
	T_CHECK(memcmp(back, image, SECTOR) == 0);
	T_CHECK_EQ(vnd_ioctl(fd, RUMP_VNDIOCCLR, NULL, 0), 0);
	rump_sys_close(fd);
}

/* A disk in a file in a file system on a disk in a file, and wedges of wedges. */
static void
stacks(void)
{
	struct rump_dkwedge_info info[2];
	struct rump_vnd_ioctl vio;
	int fd, fd2;

	set_up();
	fd = two_wedges(info);
	T_ASSERT(fd != -1);
	/* a wedge has no wedges of its own */
	fd2 = rump_sys_open("/dev/rvnd1d", RUMP_O_RDWR);
	T_ASSERT(fd2 != -1);
	memset(&vio, 0, sizeof(vio));
	vio.vnd_file = (char *)(uintptr_t)"/two";
	vio.vnd_flags = RUMP_VNDIOF_READONLY;
	T_CHECK_EQ(rump_sys_ioctl(fd2, RUMP_VNDIOCSET, &vio), 0);
	T_CHECK_EQ(rump_sys_pread(fd2, back, SECTOR, 0), SECTOR);
	T_CHECK(memcmp(back, image, SECTOR) == 0);
	T_CHECK_EQ(vnd_ioctl(fd2, RUMP_VNDIOCCLR, NULL, 0), 0);
	rump_sys_close(fd2);
	T_CHECK_EQ(vnd_ioctl(fd, RUMP_VNDIOCCLR, NULL, 0), 0);
	rump_sys_close(fd);
}

/* Halt with everything open; the next boot knows nothing of it. */
static void
halt_and_boot(void)
{
	struct rump_dkwedge_info info[2];
	char path[64];
	int fd;

	set_up();
	fd = two_wedges(info);
	T_ASSERT(fd != -1);
	snprintf(path, sizeof(path), "/dev/%.15s", info[0].dkw_devname);
	T_ASSERT(rump_sys_open(path, RUMP_O_RDWR) != -1);
	T_ASSERT_EQ(rump_halt(), 0);
	T_ASSERT_EQ(rump_init(), 0);
	T_CHECK_ERR(rump_sys_open("/dev/dk0", RUMP_O_RDONLY), RUMP_ENOENT);
	T_CHECK_ERR(rump_sys_open("/dev/vnd0a", RUMP_O_RDONLY), RUMP_ENXIO);
	fd = two_wedges(info);
	T_ASSERT(fd != -1);
	T_CHECK_STR(info[1].dkw_devname, "dk1");
	T_CHECK_EQ(vnd_ioctl(fd, RUMP_VNDIOCCLR, NULL, 0), 0);
	rump_sys_close(fd);
}

T_MAIN(T(md_transfers), T(vnd_transfers), T(vnd_geometry), T(statistics), T(disk_info), T(label_sectors), T(wedges_are_found),
    T(wedges_by_hand), T(removal), T(stacks), T(halt_and_boot))
