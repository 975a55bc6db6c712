/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Listings of a directory that changes meanwhile, against a model.
 *
 * Several listings of one directory go on at the same time, in steps of some
 * entries, while names come and go; now and then one goes back to a place where
 * it has been.  A name that was there all the time of a listing is given once;
 * any other at most as often as it was there; one that was not, never.
 *
 * Then the same with many entries: FILES in the environment says how many.  SEED
 * makes another run.
 */
#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <rump/rump.h>
#include <rump/rump_syscalls.h>
#include <rump/rumpdefs.h>

#include "../../t.h"

#define NAMES		600
#define LISTINGS	4
#define OPS		30000
#define BUFFER		1024

struct listing {
	int		fd;
	unsigned char	steady[NAMES];	/* there since it began */
	unsigned char	lives[NAMES];	/* how often it was there since then */
	unsigned char	given[NAMES];
	long long	place;		/* to go back to; -1 */
	unsigned char	given_then[NAMES];
};

static struct listing listings[LISTINGS];
static unsigned char there[NAMES];
static unsigned full;			/* listings that came to their end */
static uint64_t state;

static unsigned
rng(unsigned n)
{

	return t_random(&state, n);
}

static uint64_t
seed(void)
{

	return getenv("SEED") != NULL ? strtoull(getenv("SEED"), NULL, 0) : 1;
}

static void
name_of(char *path, unsigned i)
{

	/* of all lengths, so that entries do not come to lie alike */
	sprintf(path, "/dir/%u-%.*s", i, (int)(i * 7 % 60),
	    "abcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrstuvwxyzabcdefghijkl");
}

static void
begin(struct listing *ls)
{

	T_CHECK_EQ(rump_sys_lseek(ls->fd, 0, RUMP_SEEK_SET), 0);
	memcpy(ls->steady, there, sizeof(there));
	memcpy(ls->lives, there, sizeof(there));
	memset(ls->given, 0, sizeof(ls->given));
	ls->place = -1;
}

static int
is_complete(const struct listing *ls)
{

	for (unsigned i = 0; i < NAMES; i++)
		if (ls->steady[i] && ls->given[i] != 1)
			return 0;
	return 1;
}

/* Note what a buffer has; 0, or the line of what is wrong. */
static int
note(struct listing *ls, const char *buf, int n)
{
	const struct rump_dirent *d;
	unsigned i;

	for (int at = 0; at < n; at += d->d_reclen) {
		d = (const void *)(buf + at);
		if (d->d_name[0] == '.')
			continue;
		i = (unsigned)strtoul(d->d_name, NULL, 10);
		if (i >= NAMES || ++ls->given[i] > ls->lives[i])
			return __LINE__;
	}
	return 0;
}

/* One step of a listing, or at its end the beginning of the next. */
static int
step(struct listing *ls)
{
	char buf[BUFFER] __attribute__((__aligned__(8)));
	int n = rump_sys_getdents(ls->fd, buf, sizeof(buf));

	if (n == -1)
		return __LINE__;
	if (n > 0)
		return note(ls, buf, n);
	if (!is_complete(ls))
		return __LINE__;
	full++;
	begin(ls);
	return 0;
}

/* Remember where a listing is, or take it back to where it was. */
static int
jump(struct listing *ls)
{

	if (ls->place == -1) {
		ls->place = rump_sys_lseek(ls->fd, 0, RUMP_SEEK_CUR);
		memcpy(ls->given_then, ls->given, sizeof(ls->given));
		return ls->place != -1 ? 0 : __LINE__;
	}
	if (rump_sys_lseek(ls->fd, ls->place, RUMP_SEEK_SET) != ls->place)
		return __LINE__;
	memcpy(ls->given, ls->given_then, sizeof(ls->given));
	ls->place = -1;
	return 0;
}

static int
add(unsigned i)
{
	char path[128];
	int fd;

	name_of(path, i);
	fd = rump_sys_open(path, RUMP_O_RDWR | RUMP_O_CREAT | RUMP_O_EXCL, 0644);
	if (fd == -1 || rump_sys_close(fd) != 0)
		return __LINE__;
	there[i] = 1;
	for (int l = 0; l < LISTINGS; l++)
		if (listings[l].lives[i] < UINT8_MAX)
			listings[l].lives[i]++;
	return 0;
}

static int
take_away(unsigned i)
{
	char path[128];

	name_of(path, i);
	if (rump_sys_unlink(path) != 0)
		return __LINE__;
	there[i] = 0;
	for (int l = 0; l < LISTINGS; l++)
		listings[l].steady[i] = 0;
	return 0;
}

static int
operation(void)
{
	unsigned which = rng(100), i = rng(NAMES);

	if (which < 80)
		return there[i] ? take_away(i) : add(i);
	if (which < 98)
		return step(&listings[rng(LISTINGS)]);
	return jump(&listings[rng(LISTINGS)]);
}

static void
do_mount(void)
{
	struct rump_tmpfs_args args = { .ta_version = 1, .ta_root_mode = 0755 };
	static int done;

	if (!done++) {
		T_ASSERT_EQ(rump_init(), 0);
		T_ASSERT_EQ(rump_sys_mkdir("/dir", 0755), 0);
	}
	T_ASSERT_EQ(rump_sys_mount("tmpfs", "/dir", 0, &args, sizeof(args)), 0);
}

static void
changing(void)
{
	int line = 0;

	do_mount();
	state = seed();
	for (unsigned i = 0; i < NAMES; i += 2)
		T_ASSERT_EQ(add(i), 0);
	for (int l = 0; l < LISTINGS; l++) {
		listings[l].fd = rump_sys_open("/dir", RUMP_O_RDONLY);
		T_ASSERT(listings[l].fd != -1);
		begin(&listings[l]);
	}
	for (unsigned op = 0; op < OPS && line == 0; op++)
		line = operation();
	T_CHECK_EQ(line, 0);
	T_CHECK(full > OPS / 500);
	for (int l = 0; l < LISTINGS; l++)
		T_CHECK_EQ(rump_sys_close(listings[l].fd), 0);
	T_CHECK_EQ(rump_sys_unmount("/dir", 0), 0);
}

/* Each second one goes while a listing passes; all others are given, once. */
static void
many(void)
{
	unsigned n = getenv("FILES") != NULL ?
	    (unsigned)strtoul(getenv("FILES"), NULL, 0) : 20000, i, given = 0;
	char buf[BUFFER] __attribute__((__aligned__(8))), path[64];
	const struct rump_dirent *d;
	int fd, got;

	do_mount();
	for (i = 0; i < n; i++) {
		sprintf(path, "/dir/%u", i);
		fd = rump_sys_open(path, RUMP_O_RDWR | RUMP_O_CREAT, 0644);
		T_ASSERT(fd != -1);
		T_ASSERT_EQ(rump_sys_close(fd), 0);
	}
	fd = rump_sys_open("/dir", RUMP_O_RDONLY);
	while ((got = rump_sys_getdents(fd, buf, sizeof(buf))) > 0)
		for (int at = 0; at < got; at += d->d_reclen) {
			d = (const void *)(buf + at);
			if (d->d_name[0] == '.')
				continue;
			given++;
			i = (unsigned)strtoul(d->d_name, NULL, 10);
			sprintf(path, "/dir/%u", i);
			if (i % 2 != 0)
				T_ASSERT_EQ(rump_sys_unlink(path), 0);
		}
	T_CHECK_EQ(got, 0);
	T_CHECK_EQ(given, n);
	T_CHECK_EQ(rump_sys_close(fd), 0);
	for (i = 0; i < n; i++) {
		sprintf(path, "/dir/%u", i);
		T_ASSERT_EQ(rump_sys_access(path, RUMP_F_OK), i % 2 == 0 ?
		    0 : -1);
	}
	T_CHECK_EQ(rump_sys_unmount("/dir", 0), 0);
}

T_MAIN(T(changing), T(many))
