/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * ISO 9660: recognise, describe, mount.
 *
 * ECMA-119 section 8: volume descriptors of 2048 bytes begin at sector 16 and
 * end with type 255; numbers are stored in both byte orders, of which the
 * little-endian half is read here.
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

#define SECTOR		2048
#define FIRST_SECTOR	16
#define MAX_DESCRIPTORS	64

enum { VD_BOOT = 0, VD_PRIMARY = 1, VD_SUPPLEMENTARY = 2, VD_END = 255 };

static bool
descriptor_read(int fd, int64_t off, unsigned n, unsigned char *vd)
{

	return pread(fd, vd, SECTOR, off + (FIRST_SECTOR + n) * (off_t)SECTOR) == SECTOR &&
	    memcmp(vd + 1, "CD001", 5) == 0;
}

static bool
iso_detect(int fd, int64_t off)
{
	unsigned char vd[SECTOR];

	return descriptor_read(fd, off, 0, vd);
}

static uint32_t
le32(const unsigned char *p)
{

	return p[0] | p[1] << 8 | p[2] << 16 | (uint32_t)p[3] << 24;
}

static void
print_padded(const char *label, const unsigned char *p, int len)
{

	while (len > 0 && (p[len - 1] == ' ' || p[len - 1] == '\0'))
		len--;
	if (len == 0)
		return;
	printf("%-14s ", label);
	for (int i = 0; i < len; i++)
		putchar(p[i] < ' ' || p[i] == 0x7f ? '?' : p[i]);
	putchar('\n');
}

/* ECMA-119 8.4.26.1: digits of date and time, "0000..." if not given. */
static void
print_date(const char *label, const unsigned char *p)
{

	if (p[0] < '0' || p[0] > '9' || memcmp(p, "0000000000000000", 16) == 0)
		return;
	printf("%-14s %.4s-%.2s-%.2s %.2s:%.2s:%.2s\n", label, p, p + 4, p + 6,
	    p + 8, p + 10, p + 12);
}

static void
primary_describe(const unsigned char *vd)
{

	print_padded("volume", vd + 40, 32);
	print_padded("system", vd + 8, 32);
	print_padded("volume set", vd + 190, 128);
	print_padded("publisher", vd + 318, 128);
	print_padded("preparer", vd + 446, 128);
	print_padded("application", vd + 574, 128);
	print_date("created", vd + 813);
	print_date("modified", vd + 830);
	printf("%-14s %u\n", "block size", vd[128] | vd[129] << 8);
	printf("%-14s %u\n", "blocks", le32(vd + 80));
}

/* Joliet (UCS-2 levels 1 to 3) is named by an escape sequence at byte 88. */
static bool
is_joliet(const unsigned char *vd)
{

	return vd[88] == '%' && vd[89] == '/' &&
	    (vd[90] == '@' || vd[90] == 'C' || vd[90] == 'E');
}

/* SUSP 5.3: the root's first record carries an SP entry where Rock Ridge is. */
static bool
has_susp(int fd, int64_t off, const unsigned char *vd)
{
	unsigned char dir[SECTOR];
	off_t at = off + (off_t)le32(vd + 156 + 2) * (vd[128] | vd[129] << 8);

	return pread(fd, dir, SECTOR, at) == SECTOR && dir[0] >= 34 + 7 &&
	    dir[34] == 'S' && dir[35] == 'P';
}

static void
iso_describe(int fd, int64_t off)
{
	unsigned char vd[SECTOR];
	bool joliet = false, boot = false, susp = false;

	for (unsigned n = 0; n < MAX_DESCRIPTORS && descriptor_read(fd, off, n, vd) &&
	    vd[0] != VD_END; n++) {
		if (vd[0] == VD_PRIMARY) {
			primary_describe(vd);
			susp = has_susp(fd, off, vd);
		}
		joliet |= vd[0] == VD_SUPPLEMENTARY && is_joliet(vd);
		boot |= vd[0] == VD_BOOT && memcmp(vd + 7, "EL TORITO", 9) == 0;
	}
	printf("%-14s%s%s%s%s\n", "extensions", susp ? " Rock Ridge" : "",
	    joliet ? " Joliet" : "", boot ? " El Torito" : "",
	    !susp && !joliet && !boot ? " none" : "");
}

static const struct fsoption iso_options[] = {
	{ "norrip", RUMP_ISOFSMNT_NORRIP },
	{ "nojoliet", RUMP_ISOFSMNT_NOJOLIET },
	{ "gens", RUMP_ISOFSMNT_GENS },
	{ "extatt", RUMP_ISOFSMNT_EXTATT },
	{ "nomaplcase", RUMP_ISOFSMNT_NOCASETRANS },
	{ "rrcaseins", RUMP_ISOFSMNT_RRCASEINS },
	{ NULL, 0 }
};

static int
iso_mount(const char *dev, const char *dir, int flags, char *opts, const char **badopt)
{
	struct rump_iso_args args;

	memset(&args, 0, sizeof(args));
	if ((*badopt = fsoptions_parse(opts, iso_options, &args.flags, &flags)) != NULL)
		return EINVAL;
	args.fspec = dev;
	if (rump_sys_mount("cd9660", dir, flags | RUMP_MNT_RDONLY, &args, sizeof(args)) == -1)
		return errno;
	return 0;
}

/* Made of a folder: arguments after "--" name it. */
static char **
iso_make(struct fsmake *m)
{
	static const char *const base[] = { "xorriso", "-as", "mkisofs", "-quiet", "-R", "-J" };
	const size_t nbase = sizeof(base) / sizeof(base[0]);
	size_t n = 0, extra = 0;
	char **argv;

	while (m->extra != NULL && m->extra[extra] != NULL)
		extra++;
	if (!m->whole || extra == 0)
		return NULL;
	argv = xalloc((nbase + extra + 5) * sizeof(*argv));
	for (; n < nbase; n++)
		argv[n] = (char *)base[n];
	if (m->label != NULL) {
		argv[n++] = (char *)"-V";
		argv[n++] = (char *)m->label;
	}
	argv[n++] = (char *)"-o";
	argv[n++] = (char *)m->path;
	memcpy(argv + n, m->extra, (extra + 1) * sizeof(*argv));
	return argv;
}

const struct fstype fstype_cd9660 = {
	.name = "cd9660",
	.title = "ISO 9660",
	.options = "norrip, nojoliet, gens, extatt, nomaplcase, rrcaseins",
	.flags = FS_OWNERS | FS_LINKS | FS_SYMLINKS,
	.detect = iso_detect,
	.describe = iso_describe,
	.mount = iso_mount,
	.make = iso_make,
};
