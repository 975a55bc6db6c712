/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The kernel library against the host's C library: bytes and strings, with
 * random contents, lengths and alignments, at the very end of a mapping.
 *
 * The functions are called as they are, no kernel is started.
 */
#define _GNU_SOURCE
#define T_STDIO
#include "../t.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/mman.h>
#include <unistd.h>

#include "libtest.h"
#include "memtest.h"

#define AREA	(64 * 1024)

/* Two areas each followed by a page that cannot be touched. */
static char *area[2], *mirror;
static unsigned int seed = 1;

static char *
guarded_area(void)
{
	size_t page = (size_t)sysconf(_SC_PAGESIZE);
	char *p = mmap(NULL, AREA + page, PROT_READ | PROT_WRITE,
	    MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (p == MAP_FAILED || mprotect(p + AREA, page, PROT_NONE) != 0)
		abort();
	return p;
}

static void
setup(void)
{

	area[0] = guarded_area();
	area[1] = guarded_area();
	mirror = malloc(AREA);
	T_ASSERT(mirror != NULL);
}

static unsigned int
random_upto(unsigned int n)
{

	return memtest_random(&seed) % n;
}

/* Lengths: all the small ones often, the large ones now and then. */
static size_t
random_length(void)
{

	switch (random_upto(4)) {
	case 0:
		return random_upto(20);
	case 1:
		return random_upto(200);
	case 2:
		return random_upto(5000);
	default:
		return random_upto(AREA);
	}
}

static void
randomise(char *p, size_t n)
{

	for (size_t i = 0; i < n; i++)
		p[i] = (char)memtest_random(&seed);
}

static int
sign(int n)
{

	return n < 0 ? -1 : n > 0;
}

static void
copying(void)
{

	for (int i = 0; i < 20000; i++) {
		size_t n = random_length();
		size_t from = random_upto(2) ? AREA - n :
		    random_upto((unsigned)(AREA - n) + 1);
		size_t to = random_upto(2) ? AREA - n :
		    random_upto((unsigned)(AREA - n) + 1);

		randomise(area[0] + from, n < 300 ? n : 300);
		memcpy(mirror, area[1], AREA);
		memcpy(mirror + to, area[0] + from, n);
		T_ASSERT(rumpns_memcpy(area[1] + to, area[0] + from, n) ==
		    area[1] + to);
		T_ASSERT(memcmp(mirror, area[1], AREA) == 0);
		/* Within one area, forwards and backwards. */
		memmove(mirror, area[1], AREA);
		memmove(mirror + to, mirror + from, n);
		T_ASSERT(rumpns_memmove(area[1] + to, area[1] + from, n) ==
		    area[1] + to);
		T_ASSERT(memcmp(mirror, area[1], AREA) == 0);
	}
}

/* Every overlap of every length up to 300. */
static void
overlapping(void)
{
	char buf[1024], want[1024];

	for (int n = 0; n < 300; n++) {
		for (int shift = -n; shift <= n; shift += 1 + n / 50) {
			randomise(buf, sizeof(buf));
			memcpy(want, buf, sizeof(buf));
			memmove(want + 400 + shift, want + 400, (size_t)n);
			rumpns_memmove(buf + 400 + shift, buf + 400, (size_t)n);
			T_ASSERT(memcmp(buf, want, sizeof(buf)) == 0);
		}
	}
}

static void
filling(void)
{

	for (int i = 0; i < 20000; i++) {
		size_t n = random_length();
		size_t to = random_upto(2) ? AREA - n :
		    random_upto((unsigned)(AREA - n) + 1);
		int c = (int)random_upto(600) - 300;

		memcpy(mirror, area[0], AREA);
		memset(mirror + to, c, n);
		T_ASSERT(rumpns_memset(area[0] + to, c, n) == area[0] + to);
		T_ASSERT(memcmp(mirror, area[0], AREA) == 0);
	}
}

static void
comparing(void)
{

	for (int i = 0; i < 20000; i++) {
		size_t n = random_length() % 5000;
		char *a = area[0] + AREA - n, *b = area[1] + AREA - n;

		randomise(a, n < 100 ? n : 100);
		memcpy(b, a, n);
		if (n != 0 && random_upto(2))
			b[random_upto((unsigned)n)] ^= (char)random_upto(256);
		T_ASSERT_EQ(sign(rumpns_memcmp(a, b, n)),
		    sign(memcmp(a, b, n)));
		T_ASSERT_EQ(rumpns_consttime_memequal(a, b, n),
		    memcmp(a, b, n) == 0);
		T_ASSERT(rumpns_memchr(a, 7, n) == memchr(a, 7, n));
		T_ASSERT(rumpns_memrchr(a, 7, n) == memrchr(a, 7, n));
		T_ASSERT(rumpns_memmem(a, n, b, n / 20) ==
		    memmem(a, n, b, n / 20));
	}
}

/* A string of few letters at the end of an area, so that much is equal. */
static char *
random_string(int which, size_t n)
{
	char *s = area[which] + AREA - n - 1;

	for (size_t i = 0; i < n; i++)
		s[i] = (char)((random_upto(2) ? 'A' : 'a') + random_upto(3));
	s[n] = '\0';
	return s;
}

static void
strings(void)
{
	char got[400], want[400];

	for (int i = 0; i < 50000; i++) {
		char *a = random_string(0, random_upto(60));
		char *b = random_string(1, random_upto(4));
		size_t n = random_upto(80);
		int c = random_upto(20) == 0 ? 0 : 'a' + (int)random_upto(4);

		T_ASSERT_EQ(rumpns_strlen(a), strlen(a));
		T_ASSERT_EQ(rumpns_strnlen(a, n), strnlen(a, n));
		T_ASSERT_EQ(sign(rumpns_strcmp(a, b)), sign(strcmp(a, b)));
		T_ASSERT_EQ(sign(rumpns_strncmp(a, b, n)),
		    sign(strncmp(a, b, n)));
		T_ASSERT_EQ(sign(rumpns_strcasecmp(a, b)),
		    sign(strcasecmp(a, b)));
		T_ASSERT_EQ(sign(rumpns_strncasecmp(a, b, n)),
		    sign(strncasecmp(a, b, n)));
		T_ASSERT(rumpns_strchr(a, c) == strchr(a, c));
		T_ASSERT(rumpns_strrchr(a, c) == strrchr(a, c));
		T_ASSERT(rumpns_strstr(a, b) == strstr(a, b));
		T_ASSERT(rumpns_strpbrk(a, b) == strpbrk(a, b));
		T_ASSERT_EQ(rumpns_strspn(a, b), strspn(a, b));
		T_ASSERT_EQ(rumpns_strcspn(a, b), strcspn(a, b));

		memset(got, 1, sizeof(got));
		memset(want, 1, sizeof(want));
		rumpns_strncpy(got, a, n);
		strncpy(want, a, n);
		T_ASSERT(memcmp(got, want, sizeof(got)) == 0);
		strcpy(got, b);
		strcpy(want, b);
		rumpns_strncat(got, a, n);
		strncat(want, a, n);
		T_ASSERT(strcmp(got, want) == 0);
		rumpns_strcat(got, a);
		strcat(want, a);
		T_ASSERT(strcmp(got, want) == 0);
	}
}

/* strlcpy, strlcat, strsep by their descriptions. */
static void
bounded(void)
{
	char buf[100], *field, *rest;

	for (int i = 0; i < 5000; i++) {
		char *a = random_string(0, random_upto(60));
		size_t n = random_upto(80), len = strlen(a);

		memset(buf, 'x', sizeof(buf));
		T_ASSERT_EQ(rumpns_strlcpy(buf, a, n), len);
		if (n != 0) {
			T_ASSERT_EQ(strlen(buf), len < n ? len : n - 1);
			T_ASSERT(memcmp(buf, a, strlen(buf)) == 0);
		}
		T_ASSERT_EQ(buf[n], 'x');
		strcpy(buf, "12345");
		T_ASSERT_EQ(rumpns_strlcat(buf, a, n),
		    (n < 5 ? n : 5) + len);
		if (n > 5)
			T_ASSERT_EQ(strlen(buf), len + 5 < n ? len + 5 : n - 1);
	}
	strcpy(buf, "a,,b;c");
	rest = buf;
	field = rumpns_strsep(&rest, ",;");
	T_CHECK_STR(field, "a");
	field = rumpns_strsep(&rest, ",;");
	T_CHECK_STR(field, "");
	field = rumpns_strsep(&rest, ",;");
	T_CHECK_STR(field, "b");
	field = rumpns_strsep(&rest, ",;");
	T_CHECK_STR(field, "c");
	T_CHECK(rest == NULL && rumpns_strsep(&rest, ",") == NULL);
}

T_MAIN(T(setup), T(copying), T(overlapping), T(filling), T(comparing),
    T(strings), T(bounded))
