/* SPDX-License-Identifier: BSD-2-Clause */
/* rump fs touch and truncate. */
#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <rump/rump_syscalls.h>

#include "fs.h"

static struct {
	bool	nocreate, nofollow;
	struct rump_timespec times[2];	/* of access, of change */
	char	sign;			/* of -s: 0, '+' or '-' */
	int64_t	size;
} opt;

/* The file, made if need be; -1: there is none; *status tells why. */
static int
open_file(const char *path, int *status)
{
	int fd = rump_sys_open(path, RUMP_O_WRONLY | (opt.nocreate ? 0 : RUMP_O_CREAT), 0666);

	if (fd == -1 && !(opt.nocreate && errno == RUMP_ENOENT)) {
		complain_name(path, errno);
		*status = EXIT_SOME;
	}
	return fd;
}

/* --------------------------------------------------------------- touching */

static int
touch_one(const char *path)
{
	int fd, flag = opt.nofollow ? RUMP_AT_SYMLINK_NOFOLLOW : 0, status = EXIT_OK;

	if (rump_sys_utimensat(RUMP_AT_FDCWD, path, opt.times, flag) == 0)
		return EXIT_OK;
	if (errno != RUMP_ENOENT || opt.nocreate) {
		if (errno == RUMP_ENOENT)
			return EXIT_OK;
		complain_name(path, errno);
		return EXIT_SOME;
	}
	if ((fd = open_file(path, &status)) == -1)
		return status;
	if (rump_sys_futimens(fd, opt.times) == -1) {
		complain(path, errno);
		status = EXIT_SOME;
	}
	rump_sys_close(fd);
	return status;
}

/* "@SECONDS", "YYYY-MM-DD", "YYYY-MM-DD[ T]HH:MM[:SS]", with a fraction; local time. */
static bool
time_parse(const char *s, struct rump_timespec *ts)
{
	static const char *const forms[] = {
		"%Y-%m-%d %H:%M:%S", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M", "%Y-%m-%dT%H:%M",
		"%Y-%m-%d", "@%s",
	};

	for (size_t i = 0; i < sizeof(forms) / sizeof(forms[0]); i++) {
		struct tm tm;
		const char *end;
		long scale = 100000000;

		memset(&tm, 0, sizeof(tm));
		tm.tm_isdst = -1;
		if ((end = strptime(s, forms[i], &tm)) == NULL)
			continue;
		ts->tv_sec = mktime(&tm);
		ts->tv_nsec = 0;
		if (*end == '.')
			for (end++; *end >= '0' && *end <= '9'; end++, scale /= 10)
				ts->tv_nsec += (*end - '0') * scale;
		if (*end == 'Z' && end[1] == '\0') {
			ts->tv_sec = timegm(&tm);
			end++;
		}
		if (*end == '\0')
			return true;
	}
	return false;
}

static void
time_now(struct rump_timespec *ts)
{
	struct timespec now;

	clock_gettime(CLOCK_REALTIME, &now);
	ts->tv_sec = now.tv_sec;
	ts->tv_nsec = now.tv_nsec;
}

static int
touch_options(int argc, char **argv)
{
	bool access = false, change = false;
	struct rump_stat st;
	int c;

	memset(&opt, 0, sizeof(opt));
	time_now(&opt.times[0]);
	opt.times[1] = opt.times[0];
	while ((c = getopt(argc, argv, "acd:hmr:")) != -1)
		switch (c) {
		case 'a': access = true; break;
		case 'c': opt.nocreate = true; break;
		case 'h': opt.nofollow = true; break;
		case 'm': change = true; break;
		case 'd':
			if (!time_parse(optarg, &opt.times[0])) {
				fprintf(stderr, "rump fs: touch: '%s' is no time\n", optarg);
				return EXIT_USAGE;
			}
			opt.times[1] = opt.times[0];
			break;
		case 'r':
			if (rump_sys_stat(optarg, &st) == -1) {
				complain(optarg, errno);
				return EXIT_SOME;
			}
			opt.times[0] = st.st_atim;
			opt.times[1] = st.st_mtim;
			break;
		default: return BAD_USAGE;
		}
	if (access && !change)
		opt.times[1].tv_nsec = RUMP_UTIME_OMIT;
	if (change && !access)
		opt.times[0].tv_nsec = RUMP_UTIME_OMIT;
	return EXIT_OK;
}

int
cmd_touch(int argc, char **argv)
{
	int status;
	struct paths p;

	if ((status = touch_options(argc, argv)) != EXIT_OK)
		return status;
	if (optind == argc)
		return BAD_USAGE;
	p = paths_expand(argc - optind, argv + optind);
	for (size_t i = 0; i < p.n && !interrupted(); i++)
		status |= touch_one(p.list[i]);
	paths_free(&p);
	return status;
}

/* ------------------------------------------------------------------ sizes */

static int
truncate_one(const char *path)
{
	int64_t size = opt.size;
	int fd, status = EXIT_OK;
	struct rump_stat st;

	if ((fd = open_file(path, &status)) == -1)
		return status;
	if (opt.sign != 0 && rump_sys_fstat(fd, &st) == 0)
		size = opt.sign == '+' ? st.st_size + size : st.st_size - size;
	if (size < 0)
		size = 0;
	if (rump_sys_ftruncate(fd, size) == -1) {
		complain(path, errno);
		status = EXIT_SOME;
	}
	rump_sys_close(fd);
	return status;
}

int
cmd_truncate(int argc, char **argv)
{
	int c, status = EXIT_OK;
	const char *size = NULL;
	struct paths p;

	memset(&opt, 0, sizeof(opt));
	while ((c = getopt(argc, argv, "cs:")) != -1)
		switch (c) {
		case 'c': opt.nocreate = true; break;
		case 's': size = optarg; break;
		default: return BAD_USAGE;
		}
	if (optind == argc || size == NULL)
		return BAD_USAGE;
	if (*size == '+' || *size == '-')
		opt.sign = *size++;
	if (!size_parse(size, &opt.size)) {
		fprintf(stderr, "rump fs: truncate: '%s' is no size\n", size);
		return EXIT_USAGE;
	}
	p = paths_expand(argc - optind, argv + optind);
	for (size_t i = 0; i < p.n && !interrupted(); i++)
		status |= truncate_one(p.list[i]);
	paths_free(&p);
	return status;
}
