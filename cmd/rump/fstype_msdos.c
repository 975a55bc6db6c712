/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * FAT: recognise, describe, mount, make.
 *
 * The boot sector is that of Microsoft's "FAT: General Overview of On-Disk
 * Format" (1.03): all numbers are little-endian, offsets below are its.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <rump/rump_syscalls.h>
#include <rump/rumpdefs.h>

#include "fs.h"
#include "fstype.h"

#define BOOT	512		/* bytes of the boot sector that say something */
#define NAME_MOST	255	/* UTF-16 units of a long name */

struct geometry {
	uint32_t sector, cluster;	/* bytes */
	uint32_t reserved, nfats, root_entries, sectors, fat_sectors;
	uint32_t clusters;
	int	bits;			/* of a FAT entry */
};

static uint32_t
le16(const unsigned char *p)
{

	return p[0] | (uint32_t)p[1] << 8;
}

static uint32_t
le32(const unsigned char *p)
{

	return le16(p) | le16(p + 2) << 16;
}

static bool
power_of_two(uint32_t n)
{

	return n != 0 && (n & (n - 1)) == 0;
}

/* false: this is no FAT file system */
static bool
geometry_of(const unsigned char *b, struct geometry *g)
{
	uint32_t system, root;

	g->sector = le16(b + 11);
	g->cluster = b[13] * g->sector;
	g->reserved = le16(b + 14);
	g->nfats = b[16];
	g->root_entries = le16(b + 17);
	g->sectors = le16(b + 19) != 0 ? le16(b + 19) : le32(b + 32);
	g->fat_sectors = le16(b + 22) != 0 ? le16(b + 22) : le32(b + 36);
	if (!power_of_two(g->sector) || g->sector < 512 || g->sector > 4096 ||
	    !power_of_two(b[13]) || g->reserved == 0 || g->nfats == 0 || g->nfats > 4 ||
	    g->fat_sectors == 0 || g->sectors == 0 ||
	    (b[21] != 0xf0 && b[21] < 0xf8))
		return false;
	root = (g->root_entries * 32 + g->sector - 1) / g->sector;
	system = g->reserved + root;
	if (g->fat_sectors > (g->sectors - (system < g->sectors ? system : g->sectors)) / g->nfats)
		return false;
	system += g->nfats * g->fat_sectors;
	g->clusters = (g->sectors - system) / b[13];
	g->bits = g->clusters < 4085 ? 12 : g->clusters < 65525 ? 16 : 32;
	if (le16(b + 22) == 0)		/* only FAT32 has its size there */
		g->bits = 32;
	return true;
}

static bool
fat_detect(int fd, int64_t off)
{
	unsigned char b[BOOT];
	struct geometry g;

	return pread(fd, b, BOOT, off) == BOOT && geometry_of(b, &g);
}

static void
print_label(const unsigned char *p)
{
	int len = 11;

	while (len > 0 && p[len - 1] == ' ')
		len--;
	if (len == 0 || memcmp(p, "NO NAME    ", 11) == 0)
		return;
	printf("%-14s ", "label");
	for (int i = 0; i < len; i++)
		putchar(p[i] < ' ' || p[i] == 0x7f ? '?' : p[i]);
	putchar('\n');
}

static void
fat_describe(int fd, int64_t off)
{
	unsigned char b[BOOT];
	const unsigned char *ext;
	struct geometry g;

	if (pread(fd, b, BOOT, off) != BOOT || !geometry_of(b, &g))
		return;
	ext = b + (g.bits == 32 ? 64 : 36);
	printf("%-14s FAT%d\n", "kind", g.bits);
	if (ext[2] == 0x29) {		/* serial number and label follow */
		print_label(ext + 7);
		printf("%-14s %04X-%04X\n", "serial", (unsigned)le16(ext + 5),
		    (unsigned)le16(ext + 3));
	}
	printf("%-14s %u\n", "sector size", (unsigned)g.sector);
	printf("%-14s %u\n", "cluster size", (unsigned)g.cluster);
	printf("%-14s %u\n", "clusters", (unsigned)g.clusters);
	printf("%-14s %u of %u sectors\n", "FATs", (unsigned)g.nfats, (unsigned)g.fat_sectors);
	if (g.bits != 32)
		printf("%-14s %u\n", "root entries", (unsigned)g.root_entries);
}

/* Is it UTF-8 (RFC 3629: no surrogates, no longer forms than needed)? */
static bool
is_utf8(const unsigned char *p)
{

	while (*p != '\0') {
		int more = *p < 0x80 ? 0 : *p < 0xc2 ? -1 : *p < 0xe0 ? 1 : *p < 0xf0 ? 2 :
		    *p < 0xf5 ? 3 : -1;

		if (more < 0 || (*p == 0xe0 && p[1] < 0xa0) || (*p == 0xed && p[1] > 0x9f) ||
		    (*p == 0xf0 && p[1] < 0x90) || (*p == 0xf4 && p[1] > 0x8f))
			return false;
		for (p++; more > 0; more--, p++)
			if ((*p & 0xc0) != 0x80)
				return false;
	}
	return true;
}

/*
 * 7.1 of the document for long names; "." and ".." cannot be meant here.
 * UTF-16 units: a sequence of four bytes of UTF-8 makes two, others one.
 */
static const char *
fat_name_problem(const char *name)
{
	size_t units = 0;

	for (const unsigned char *p = (const unsigned char *)name; *p != '\0'; p++) {
		if (*p < ' ' || *p == 0x7f)
			return "control characters are not allowed";
		if (strchr("\"*/:<>?\\|", *p) != NULL)
			return "\" * / : < > ? \\ | are not allowed";
		units += (*p & 0xc0) != 0x80;
		units += *p >= 0xf0;
	}
	if (units > NAME_MOST)
		return "it is longer than 255 characters";
	if (*name != '\0' && name[strspn(name, ". ")] == '\0')
		return "dots and spaces alone are not allowed";
	return is_utf8((const unsigned char *)name) ? NULL : "it is not UTF-8";
}

static const struct fsoption fat_options[] = {
	{ "shortnames", RUMP_MSDOSFSMNT_SHORTNAME },
	{ "longnames", RUMP_MSDOSFSMNT_LONGNAME },
	{ "nowin95", RUMP_MSDOSFSMNT_NOWIN95 },
	{ "gemdos", RUMP_MSDOSFSMNT_GEMDOSFS },
	{ NULL, 0 }
};

static int
fat_mount(const char *dev, const char *dir, int flags, char *opts, const char **badopt)
{
	struct rump_msdosfs_args args;
	int64_t value;

	memset(&args, 0, sizeof(args));
	args.fspec = (void *)(uintptr_t)dev;
	args.mask = args.dirmask = 0755;
	args.flags = RUMP_MSDOSFSMNT_VERSIONED | RUMP_MSDOSFSMNT_UTF8 | RUMP_MSDOSFSMNT_LONGNAME;
	args.version = RUMP_MSDOSFSMNT_VERSION;
	if (fsoption_value(opts, "uid", &value))
		args.uid = (uint32_t)value;
	if (fsoption_value(opts, "gid", &value))
		args.gid = (uint32_t)value;
	if (fsoption_value(opts, "mask", &value))
		args.mask = (uint32_t)value & 07777;
	if (fsoption_value(opts, "dirmask", &value))
		args.dirmask = (uint32_t)value & 07777;
	if (fsoption_value(opts, "gmtoff", &value))
		args.gmtoff = (int32_t)value;
	if ((*badopt = fsoptions_parse(opts, fat_options, &args.flags, &flags)) != NULL)
		return EINVAL;
	if (args.flags & RUMP_MSDOSFSMNT_SHORTNAME)
		args.flags &= ~RUMP_MSDOSFSMNT_LONGNAME;
	if (rump_sys_mount("msdos", dir, flags, &args, sizeof(args)) == -1)
		return errno;
	return 0;
}

/* mkfs.vfat(8) of dosfstools; it counts the size in KiB, the offset in sectors. */
static char **
fat_make(struct fsmake *m)
{
	char **argv;
	size_t extra = 0, n = 0;

	while (m->extra != NULL && m->extra[extra] != NULL)
		extra++;
	argv = xalloc((extra + 12) * sizeof(*argv));
	argv[n++] = (char *)"mkfs.vfat";
	if (m->label != NULL) {
		argv[n++] = (char *)"-n";
		argv[n++] = (char *)m->label;
	}
	snprintf(m->word[0], sizeof(m->word[0]), "--offset=%lld", (long long)m->offset / 512);
	snprintf(m->word[1], sizeof(m->word[1]), "%lld", (long long)m->size / 1024);
	if (!m->whole)
		argv[n++] = m->word[0];
	for (size_t i = 0; i < extra; i++)
		argv[n++] = m->extra[i];
	argv[n++] = (char *)m->path;
	if (!m->whole)
		argv[n++] = m->word[1];
	argv[n] = NULL;
	return argv;
}

const struct fstype fstype_msdos = {
	.name = "msdos",
	.title = "FAT",
	.options = "uid=N, gid=N, mask=MODE, dirmask=MODE, gmtoff=SECONDS, shortnames, longnames, nowin95, gemdos",
	.flags = FS_WRITE | FS_NOCASE,
	.detect = fat_detect,
	.describe = fat_describe,
	.mount = fat_mount,
	.name_problem = fat_name_problem,
	.make = fat_make,
};
