/* SPDX-License-Identifier: BSD-2-Clause */
/* Answers of a script; see script.h. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <rump/rump_syscalls.h>
#include <rump/rumpdefs.h>

#include "script.h"

struct script script;

void
must(bool good, const char *what, long value)
{

	if (good)
		return;
	fprintf(stderr, "fuzz: %s: %ld\n", what, value);
	abort();
}

unsigned
pick(unsigned n)
{

	return script.at == script.end ? 0 : *script.at++ % n;
}

uint64_t
word(void)
{
	uint64_t w = 0;
	unsigned i;

	for (i = 0; i < 8; i++)
		w = w << 8 | pick(256);
	return w;
}

int64_t
number(void)
{
	static const int64_t edges[] = {
		-1, INT64_MAX, INT64_MIN, INT32_MAX, INT32_MIN, 4095, 4096, 65535,
		65536, 1 << 20, INT64_MAX - 4095, (int64_t)1 << 32,
	};

	switch (pick(8)) {
	case 0:
		return edges[pick(sizeof(edges) / sizeof(edges[0]))];
	case 1:
		return (int64_t)word();
	case 2:
	case 3:
		return pick(256) * 97;
	default:
		return pick(64);
	}
}

int
small(void)
{

	return pick(16) == 0 ? (int)number() : (int)pick(16);
}

int
descriptor(void)
{

	switch (pick(12)) {
	case 0:
		return (int)number();
	case 1:
		return RUMP_AT_FDCWD;
	default:
		return (int)pick(8);
	}
}

const char *
path(void)
{
	static char longest[2000];
	static const char *const names[] = {
		"a", "b", "c", "d", "d/a", "d/b", "d/e", "d/e/f", "..", ".", "/",
		"/t", "/t/a", "/t/d", "../t/d/e", "d/../a", "s", "s/a", "loop", "",
		"a/", "d/", "/dev", "/dev/null", "/root", "p", "missing/x", "d/.",
	};

	switch (pick(24)) {
	case 0:
		return NULL;
	case 1:
		memset(longest, pick(2) ? 'n' : '/', sizeof(longest) - 1);
		longest[pick(256) * 7] = '\0';
		return longest;
	default:
		return names[pick(sizeof(names) / sizeof(names[0]))];
	}
}

unsigned
mode(void)
{

	return pick(4) == 0 ? (unsigned)word() : 0700 | pick(64);
}

int
open_flags(void)
{
	static const int flags[] = {
		RUMP_O_CREAT, RUMP_O_EXCL, RUMP_O_TRUNC, RUMP_O_APPEND,
		RUMP_O_DIRECTORY, RUMP_O_NOFOLLOW, RUMP_O_CLOEXEC, RUMP_O_SYNC,
		RUMP_O_SHLOCK, RUMP_O_EXLOCK, RUMP_O_CREAT, 0x40000000, -1,
	};
	int f = (int)pick(4), n = (int)pick(4);

	while (n-- > 0)
		f |= flags[pick(sizeof(flags) / sizeof(flags[0]))];
	return f | RUMP_O_NONBLOCK;
}

struct memory
memory(bool huge)
{
	struct memory m = { NULL, NULL, 0 };

	switch (pick(16)) {
	case 0:
		m.len = pick(100);
		return m;
	case 1:
		m.len = huge ? (size_t)-1 - pick(64) : 1;
		break;
	case 2:
		m.len = pick(256) * 257;
		break;
	default:
		m.len = pick(256);
	}
	m.base = m.freed = malloc(m.len <= 65536 ? m.len : 1);
	must(m.base != NULL, "no memory", 0);
	memset(m.base, (int)pick(256), m.len <= 65536 ? m.len : 1);
	return m;
}

void *
contents(void *p, size_t len)
{
	uint8_t *b = p;
	size_t i;

	if (pick(12) == 0)
		return NULL;
	memset(p, 0, len);
	for (i = 0; i < len; i += 1 + pick(16))
		b[i] = (uint8_t)pick(256);
	return p;
}

struct rump_timespec *
brief(struct rump_timespec *ts)
{

	if (pick(12) == 0)
		return NULL;
	ts->tv_sec = pick(8) == 0 ? -(int64_t)pick(3) : 0;
	ts->tv_nsec = pick(8) == 0 ? (long)number() % 1000000 : (long)pick(100);
	return ts;
}
