/* SPDX-License-Identifier: BSD-2-Clause */
/* Names, modes, sizes and times as ls(1) shows them. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include <rump/rump_syscalls.h>
#include <rump/rumpdefs.h>

#include "fs.h"

/* Control characters in names must not reach a terminal. */
void
print_name(const char *name)
{
	static int tty = -1;

	if (tty == -1)
		tty = isatty(STDOUT_FILENO);
	if (!tty) {
		fputs(name, stdout);
		return;
	}
	for (; *name != '\0'; name++)
		putchar((unsigned char)*name < ' ' || *name == 0x7f ? '?' : *name);
}

static const struct {
	uint32_t	mode;
	char		letter, suffix;
	const char	*word;
} types[] = {
	{ RUMP_S_IFREG, '-', 0, "regular file" },
	{ RUMP_S_IFDIR, 'd', '/', "directory" },
	{ RUMP_S_IFLNK, 'l', '@', "symbolic link" },
	{ RUMP_S_IFCHR, 'c', 0, "character special file" },
	{ RUMP_S_IFBLK, 'b', 0, "block special file" },
	{ RUMP_S_IFIFO, 'p', '|', "fifo" },
	{ RUMP_S_IFSOCK, 's', '=', "socket" },
};

char
type_letter(uint32_t mode)
{

	for (size_t i = 0; i < sizeof(types) / sizeof(types[0]); i++)
		if ((mode & RUMP_S_IFMT) == types[i].mode)
			return types[i].letter;
	return '?';
}

const char *
type_word(uint32_t mode)
{

	for (size_t i = 0; i < sizeof(types) / sizeof(types[0]); i++)
		if ((mode & RUMP_S_IFMT) == types[i].mode)
			return types[i].word;
	return "unknown";
}

static void
mode_triple(char *out, uint32_t bits, bool special, char with_x, char without)
{

	out[0] = bits & 4 ? 'r' : '-';
	out[1] = bits & 2 ? 'w' : '-';
	out[2] = special ? (bits & 1 ? with_x : without) : (bits & 1 ? 'x' : '-');
}

/* "drwxr-xr-x" */
void
mode_string(uint32_t mode, char out[11])
{

	out[0] = type_letter(mode);
	mode_triple(out + 1, mode >> 6, mode & 04000, 's', 'S');
	mode_triple(out + 4, mode >> 3, mode & 02000, 's', 'S');
	mode_triple(out + 7, mode, mode & 01000, 't', 'T');
	out[10] = '\0';
}

/* "1.5K": powers of 1024, rounded up, as du -h and ls -h do. */
void
size_human(uint64_t bytes, char *out, size_t len)
{
	static const char units[] = "BKMGTPE";
	unsigned unit = 0;
	uint64_t scale = 1;

	while (unit + 1 < sizeof(units) - 1 && bytes / scale >= 1024) {
		scale <<= 10;
		unit++;
	}
	if (unit == 0) {
		snprintf(out, len, "%llu", (unsigned long long)bytes);
		return;
	}
	uint64_t tenths = bytes / scale * 10 + (bytes % scale * 10 + scale - 1) / scale;

	if (tenths < 100)
		snprintf(out, len, "%llu.%llu%c", (unsigned long long)(tenths / 10),
		    (unsigned long long)(tenths % 10), units[unit]);
	else
		snprintf(out, len, "%llu%c", (unsigned long long)((tenths + 9) / 10), units[unit]);
}

/* The year replaces the hour for times more than half a year away. */
void
time_short(const struct rump_timespec *ts, char *out, size_t len)
{
	const long long half_year = 182LL * 24 * 3600;
	time_t t = (time_t)ts->tv_sec, now = time(NULL);
	struct tm tm;

	if (localtime_r(&t, &tm) == NULL) {
		snprintf(out, len, "%lld", (long long)ts->tv_sec);
		return;
	}
	strftime(out, len, t > now || t < now - half_year ? "%b %e  %Y" : "%b %e %H:%M", &tm);
}

/* "2026-11-22 18:33:55.123456789 +0000" */
void
time_full(const struct rump_timespec *ts, char *out, size_t len)
{
	time_t t = (time_t)ts->tv_sec;
	char day[40] = "?", zone[10] = "";
	struct tm tm;

	if (localtime_r(&t, &tm) != NULL) {
		strftime(day, sizeof(day), "%Y-%m-%d %H:%M:%S", &tm);
		strftime(zone, sizeof(zone), "%z", &tm);
	}
	snprintf(out, len, "%s.%09ld %s", day, (long)ts->tv_nsec, zone);
}

/* What a symbolic link says, to be freed; NULL with errno set on failure. */
char *
link_target(const char *path)
{
	char buf[RUMP_MAXPATHLEN + 1];
	ssize_t n = rump_sys_readlink(path, buf, sizeof(buf) - 1);

	return n == -1 ? NULL : strndup(buf, (size_t)n);
}

bool
size_parse(const char *s, int64_t *bytes)
{
	static const char units[] = "KMGTPE";
	const char *unit;
	char *end;
	long long n = strtoll(s, &end, 10);
	int shift = 0;

	if (end == s || n < 0 || *s == '-' || *s == '+')
		return false;
	if (*end != '\0' && (unit = strchr(units, *end & ~0x20)) != NULL) {
		shift = 10 * (int)(unit - units + 1);
		end++;
		/* "MiB" says the same */
		if (end[0] == 'i' && end[1] == 'B')
			end += 2;
	}
	if (*end != '\0' || n > INT64_MAX >> shift)
		return false;
	*bytes = (int64_t)n << shift;
	return true;
}
