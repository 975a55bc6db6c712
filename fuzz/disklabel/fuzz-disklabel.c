/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Fuzz partition tables: GPT, MBR, BSD labels; and the wedges made of them.
 *
 * An input is a disk behind one byte of options.  Each is read twice: listed from a
 * block device, and as wedges of a memory disk, which are opened and read.  What is
 * told must lie within the disk, and what a wedge reads must be what is there.  Each
 * has a memory disk of its own; when these are used up the kernel is halted and
 * booted.
 *
 * Options: 1, 2: give the first, the second GPT right checksums, which no mutation
 * finds by itself; 4: give a label in sector 1 a right sum; 8: all other requests,
 * with wedges and a label of the input (controls.h).
 */
#include <endian.h>
#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <rump/rump.h>
#include <rump/rump_syscalls.h>
#include <rump/rumpdefs.h>
#include <rump/rumpdisk.h>
#include <rump/rumpdisk_if_pub.h>
#include <rump/rumpuser_memdisk.h>

#include "controls.h"

#define SECTOR		512
#define DISK_MOST	(256 * 1024)
#define PARTS_MOST	4096
#define WEDGES_MOST	24
#define DEVICE		"/dev/fuzz"
#define UNITS		60		/* of md, for one boot */

static struct rump_partition parts[PARTS_MOST];
static struct rump_dkwedge_info wedges[WEDGES_MOST];
static unsigned unit;

int	LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
must(int good, const char *what)
{

	if (good)
		return;
	fprintf(stderr, "fuzz-disklabel: %s: errno %d\n", what, errno);
	abort();
}

/* ---------------------------------------------------------------- checksums */

/* Numbers as they are in a GPT. */
static uint32_t
get32(const void *where)
{
	uint32_t le;

	memcpy(&le, where, sizeof(le));
	return le32toh(le);
}

static void
put32(void *where, uint32_t v)
{
	const uint32_t le = htole32(v);

	memcpy(where, &le, sizeof(le));
}

/* ISO 3309, bit by bit. */
static uint32_t
crc_of(const uint8_t *p, size_t len)
{
	uint32_t crc = ~0u;

	while (len-- > 0) {
		crc ^= *p++;
		for (int i = 0; i < 8; i++)
			crc = crc >> 1 ^ (crc & 1 ? 0xedb88320 : 0);
	}
	return ~crc;
}

static void
mend_gpt(uint8_t *disk, size_t len, size_t at)
{
	uint64_t table, bytes;
	uint8_t *h = disk + at;

	if (at + SECTOR > len)
		return;
	table = (get32(h + 72) | (uint64_t)get32(h + 76) << 32);
	bytes = (uint64_t)get32(h + 80) * get32(h + 84);
	if (table < len / SECTOR && bytes <= len - table * SECTOR)
		put32(h + 88, crc_of(disk + table * SECTOR, bytes));
	if (get32(h + 12) > SECTOR)
		return;
	put32(h + 16, 0);
	put32(h + 16, crc_of(h, get32(h + 12)));
}

static void
mend_label(uint8_t *disk, size_t len)
{
	uint8_t *p = disk + SECTOR;
	uint16_t sum = 0;
	unsigned n;

	if (len < 3 * SECTOR)
		return;
	n = p[138] | p[139] << 8;
	if (n > 22)
		return;
	p[136] = p[137] = 0;
	for (unsigned i = 0; i < 148 + 16 * n; i += 2)
		sum ^= (uint16_t)(p[i] | p[i + 1] << 8);
	p[136] = (uint8_t)sum;
	p[137] = (uint8_t)(sum >> 8);
}

/* --------------------------------------------------------------------- runs */

static void
list(size_t len)
{
	size_t n = 0;
	int error;

	error = rump_pub_disk_partitions(DEVICE, parts, PARTS_MOST, &n);
	must(error == 0 || n == 0, "an error, and partitions");
	must(n <= PARTS_MOST, "too many");
	for (size_t i = 0; i < n; i++) {
		must(parts[i].rp_size != 0 && parts[i].rp_offset < len &&
		    parts[i].rp_size <= len - parts[i].rp_offset,
		    "a partition is not within the disk");
		must(parts[i].rp_offset % SECTOR == 0 &&
		    parts[i].rp_size % SECTOR == 0, "a part of a sector");
		must(memchr(parts[i].rp_name, 0, sizeof(parts[i].rp_name)) !=
		    NULL, "a name without end");
	}
}

static void
read_wedge(const struct rump_dkwedge_info *dkw, const uint8_t *disk, size_t len)
{
	uint8_t sector[SECTOR];
	int64_t last;
	char path[64];
	int fd;

	must(dkw->dkw_size != 0 && (uint64_t)dkw->dkw_offset < len / SECTOR &&
	    dkw->dkw_size <= len / SECTOR - dkw->dkw_offset,
	    "a wedge is not within the disk");
	snprintf(path, sizeof(path), "/dev/r%.15s", dkw->dkw_devname);
	fd = rump_sys_open(path, RUMP_O_RDWR);
	must(fd != -1, "open of a wedge");
	last = (int64_t)(dkw->dkw_size - 1) * SECTOR;
	must(rump_sys_pread(fd, sector, SECTOR, last) == SECTOR &&
	    memcmp(sector, disk + dkw->dkw_offset * SECTOR + last,
	    SECTOR) == 0, "a wedge's last sector");
	must(rump_sys_pread(fd, sector, SECTOR, last + SECTOR) == 0,
	    "past a wedge's end");
	rump_sys_close(fd);
}

static void
make_wedges(const uint8_t *disk, size_t len, bool more)
{
	struct rump_md_conf conf = {
		.md_size = len, .md_type = RUMP_MD_KMEM_ALLOCATED
	};
	struct rump_dkwedge_list dkwl = {
		.dkwl_buf = wedges, .dkwl_bufsize = sizeof(wedges)
	};
	char path[32];
	int fd, n;

	snprintf(path, sizeof(path), "/dev/rmd%ud", unit);
	fd = rump_sys_open(path, RUMP_O_RDWR);
	must(fd != -1 && rump_sys_ioctl(fd, RUMP_MD_SETCONF, &conf) == 0, "md");
	must(rump_sys_pwrite(fd, disk, len, 0) == (ssize_t)len, "write");
	must(rump_sys_ioctl(fd, RUMP_DIOCMWEDGES, &n) == 0, "DIOCMWEDGES");
	must(rump_sys_ioctl(fd, RUMP_DIOCLWEDGES, &dkwl) == 0, "DIOCLWEDGES");
	for (unsigned i = 0; i < dkwl.dkwl_ncopied; i++)
		read_wedge(&wedges[i], disk, len);
	if (more)
		controls_wedges(fd, disk, len);
	must(rump_sys_ioctl(fd, RUMP_DIOCRMWEDGES, &n) == 0 && n == 0,
	    "DIOCRMWEDGES");
	if (more)
		controls_label(unit, fd, disk, len);
	rump_sys_close(fd);
	/* the label that is made of it, and its partitions */
	for (char part = 'a'; part < 'q'; part++) {
		uint8_t sector[SECTOR];

		snprintf(path, sizeof(path), "/dev/rmd%u%c", unit, part);
		fd = rump_sys_open(path, RUMP_O_RDONLY);
		if (fd == -1)
			continue;
		(void)rump_sys_pread(fd, sector, SECTOR, 0);
		rump_sys_close(fd);
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	size_t len;
	uint8_t *disk;

	if (size < 1 + SECTOR || size > 1 + DISK_MOST)
		return -1;
	len = (size - 1) / SECTOR * SECTOR;
	disk = malloc(len);
	memcpy(disk, data + 1, len);
	if ((data[0] & 1) != 0)
		mend_gpt(disk, len, SECTOR);
	if ((data[0] & 2) != 0)
		mend_gpt(disk, len, len - SECTOR);
	if ((data[0] & 4) != 0)
		mend_label(disk, len);
	if (unit == 0)
		must(rump_init() == 0, "rump_init");
	must(rumpuser_memdisk_add("fuzz", disk, len,
	    RUMPUSER_MEMDISK_RDONLY) == 0, "memory disk");
	must(rump_pub_etfs_register(DEVICE, "memdisk:fuzz",
	    RUMP_ETFS_BLK) == 0, "etfs");
	list(len);
	make_wedges(disk, len, (data[0] & 8) != 0);
	must(rump_pub_etfs_remove(DEVICE) == 0, "etfs_remove");
	if (++unit == UNITS) {
		must(rump_halt() == 0, "rump_halt");
		unit = 0;
	}
	must(rumpuser_memdisk_remove("fuzz") == 0, "memory disk's removal");
	free(disk);
	return 0;
}
