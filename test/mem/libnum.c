/* SPDX-License-Identifier: BSD-2-Clause */
/* The kernel library: numbers, formatted text, digests.  See lib.c. */
#define _GNU_SOURCE
#define T_STDIO
#include "../t.h"

#include <arpa/inet.h>
#include <errno.h>
#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "libtest.h"
#include "memtest.h"

/* NetBSD's numbers of the errors that strtoi reports. */
#define NB_EINVAL	22
#define NB_ERANGE	34
#define NB_ENOTSUP	86
#define NB_ECANCELED	87

static unsigned int seed = 99;

static unsigned int
random_upto(unsigned int n)
{

	return memtest_random(&seed) % n;
}

/* A number, or something that is nearly one. */
static void
random_number(char *s)
{
	static const char letters[] = "0123456789abcdefxXzZ+- ";
	int n = (int)random_upto(22), i;

	switch (random_upto(4)) {
	case 0:
		sprintf(s, "%" PRId64, (int64_t)((uint64_t)
		    memtest_random(&seed) << random_upto(33)));
		break;
	case 1:
		sprintf(s, "%s0x%" PRIx64 "g", random_upto(2) ? "-" : " ",
		    (uint64_t)memtest_random(&seed) << random_upto(33));
		break;
	default:
		for (i = 0; i < n; i++)
			s[i] = letters[random_upto(sizeof(letters) - 1)];
		s[n] = '\0';
		break;
	}
}

static void
integers(void)
{
	char s[64], *got, *want;

	for (int i = 0; i < 100000; i++) {
		int base = random_upto(3) ? 0 : (int)random_upto(38);

		if (base == 1 || base > 36)
			base = 10;
		random_number(s);
		T_ASSERT_EQ(rumpns_strtol(s, &got, base),
		    strtol(s, &want, base));
		T_ASSERT(got == want);
		T_ASSERT_EQ(rumpns_strtoull(s, &got, base),
		    strtoull(s, &want, base));
		T_ASSERT(got == want);
		T_ASSERT_EQ(rumpns_strtoul(s, NULL, base),
		    strtoul(s, NULL, base));
		T_ASSERT_EQ(rumpns_strtoll(s, NULL, base),
		    strtoll(s, NULL, base));
	}
	T_CHECK_EQ(rumpns_strtoll("9223372036854775807", NULL, 10), LLONG_MAX);
	T_CHECK_EQ(rumpns_strtoll("-9223372036854775808", NULL, 10),
	    LLONG_MIN);
	T_CHECK_EQ(rumpns_strtoll("-9223372036854775809", NULL, 10),
	    LLONG_MIN);
	T_CHECK(rumpns_strtoull("18446744073709551616", NULL, 10) ==
	    ULLONG_MAX);
	for (int i = 0; i < 10000; i++) {
		uint64_t v = (uint64_t)memtest_random(&seed) << 32 |
		    memtest_random(&seed);

		T_ASSERT_EQ(rumpns_popcount64(v), __builtin_popcountll(v));
		T_ASSERT_EQ(rumpns_popcount32((uint32_t)v),
		    __builtin_popcount((uint32_t)v));
	}
}

static void
ranges(void)
{
	static const struct {
		const char *s;
		int base;
		intmax_t lo, hi, v;
		int error;
	} cases[] = {
		{ "5", 10, 0, 10, 5, 0 },
		{ "-1", 10, 0, 10, 0, NB_ERANGE },
		{ "11", 10, 0, 10, 10, NB_ERANGE },
		{ "", 10, 0, 10, 0, NB_ECANCELED },
		{ "x", 10, 0, 10, 0, NB_ECANCELED },
		{ "7x", 10, 0, 10, 7, NB_ENOTSUP },
		{ "70x", 10, 0, 10, 10, NB_ERANGE },
		{ "0x1f", 0, 0, 100, 31, 0 },
		{ "99999999999999999999", 10, 0, 10, 10, NB_ERANGE },
	};
	char *end;
	int error;

	for (unsigned i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		T_CHECK_EQ(rumpns_strtoi(cases[i].s, &end, cases[i].base,
		    cases[i].lo, cases[i].hi, &error), cases[i].v);
		T_CHECK_EQ(error, cases[i].error);
	}
	rumpns_strtoi("1", NULL, 37, 0, 10, &error);
	T_CHECK_EQ(error, NB_EINVAL);
	T_CHECK_EQ(rumpns_strtou("300", NULL, 10, 1, 255, &error), 255);
	T_CHECK_EQ(error, NB_ERANGE);
}

/* Formats that both understand, with every flag, width and precision. */
static void
format_random(void)
{
	static const char conversions[] = "diuoxX";
	static const char *const lengths[] = {
		"hh", "h", "", "l", "ll", "j", "z"
	};
	char fmt[64], got[300], want[300];

	for (int i = 0; i < 100000; i++) {
		uint64_t v = ((uint64_t)memtest_random(&seed) << 32 |
		    memtest_random(&seed)) >> random_upto(64);
		unsigned length = random_upto(7);
		char conversion = conversions[random_upto(6)];
		int n, m;

		if (random_upto(10) == 0)
			v = 0;
		n = sprintf(fmt, "<%%%s%s%s%s%s", random_upto(3) ? "" : "#",
		    random_upto(3) ? "" : "-", random_upto(3) ? "" : "0",
		    random_upto(3) ? "" : "+", random_upto(3) ? "" : " ");
		if (random_upto(2))
			n += sprintf(fmt + n, "%u", 1 + random_upto(30));
		if (random_upto(3) == 0)
			n += sprintf(fmt + n, ".%u", random_upto(25));
		sprintf(fmt + n, "%s%c>", lengths[length], conversion);
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
		if (length < 3) {
			n = rumpns_snprintf(got, 40, fmt, (int)v);
			m = snprintf(want, 40, fmt, (int)v);
		} else {
			n = rumpns_snprintf(got, 40, fmt, v);
			m = snprintf(want, 40, fmt, v);
		}
#pragma GCC diagnostic pop
		if (strcmp(got, want) != 0 || n != m)
			printf("# %s of %" PRIx64 "\n", fmt, v);
		T_CHECK_STR(got, want);
		T_ASSERT_EQ(n, m);
	}
}

static void
format_cases(void)
{
	char got[100], want[100];
	int n = -1;

#define SAME(...)							\
	T_CHECK_EQ(rumpns_snprintf(got, sizeof(got), __VA_ARGS__),	\
	    snprintf(want, sizeof(want), __VA_ARGS__));			\
	T_CHECK_STR(got, want)

	SAME("%s|%10s|%-10s|%.2s|%5.1s", "abc", "abc", "abc", "abc", "abc");
	SAME("%c%3c%-3c|", 'a', 'b', 'c');
	SAME("%*d|%-*d|%.*d", 5, 42, 5, 42, 5, 42);
	SAME("%*d|%.*d", -5, 42, -1, 42);
	SAME("%%|%p", (void *)0x1234);
	SAME("%.3s", "abcdef");
	T_CHECK_EQ(rumpns_snprintf(got, sizeof(got), "abc%n", &n), 3);
	T_CHECK_EQ(n, 3);
	T_CHECK_EQ(rumpns_snprintf(got, 4, "abcdef"), 6);
	T_CHECK_STR(got, "abc");
	T_CHECK_EQ(rumpns_snprintf(NULL, 0, "%d", 12345), 5);
}

/* Bit names: the examples of snprintb(3), and edges. */
static void
bits(void)
{
	char buf[200];

	rumpns_snprintb(buf, sizeof(buf), "\10\2BITTWO\1BITONE", 3);
	T_CHECK_STR(buf, "03<BITTWO,BITONE>");
	rumpns_snprintb(buf, sizeof(buf),
	    "\20\x10NOTBOOT\x0f""FPP\x0eSDVMA\x0cVIDEO"
	    "\x0bLORES\x0a""FPA\x09""DIAG\x07""CACHE"
	    "\x06IOCACHE\x05LOOPBACK\x04""DBGCACHE", 0xe860);
	T_CHECK_STR(buf, "0xe860<NOTBOOT,FPP,SDVMA,VIDEO,CACHE,IOCACHE>");
	rumpns_snprintb(buf, sizeof(buf),
	    "\177\020b\0LSB\0b\1_BITONE\0f\4\4NIBBLE2\0"
	    "f\x10\4BURST\0=\4FOUR\0=\xf""FIFTEEN\0b\x1fMSB\0\0",
	    0x800f0701);
	T_CHECK_STR(buf, "0x800f0701<LSB,NIBBLE2=0,BURST=0xf=FIFTEEN,MSB>");
	T_CHECK_EQ(rumpns_snprintb(buf, sizeof(buf), "\20\1A", 0), 3);
	T_CHECK_STR(buf, "0x0");
	T_CHECK_EQ(rumpns_snprintb(buf, 5, "\20\1LONGNAME", 1), 13);
	T_CHECK_STR(buf, "0x1<");
}

static void
sizes(void)
{
	char buf[32];

	rumpns_format_bytes(buf, 20, 512);
	T_CHECK_STR(buf, "512 bytes");
	rumpns_humanize_number(buf, 10, 123456789, "B", 1024);
	T_CHECK_STR(buf, "120563 KB");
	rumpns_humanize_number(buf, 8, 123456789, "B", 1000);
	T_CHECK_STR(buf, "123 MB");
	T_CHECK_EQ(rumpns_humanize_number(buf, 3, 1, "bytes", 1000), -1);
}

static void
visible(void)
{
	char buf[32];

	T_CHECK_EQ(rumpns_strnvisx(buf, sizeof(buf), "a\n\\b\377", 5, 0), 12);
	T_CHECK_STR(buf, "a\\012\\\\b\\377");
	T_CHECK_EQ(rumpns_strnvisx(buf, sizeof(buf), "  name \0\0 ", 10, 0x40),
	    4);
	T_CHECK_STR(buf, "name");
	T_CHECK_EQ(rumpns_strnvisx(buf, 4, "abcd", 4, 0), -1);
}

static int
compare_ints(const void *a, const void *b)
{
	int x = *(const int *)a, y = *(const int *)b;

	return x < y ? -1 : x > y;
}

static void
sorting(void)
{
	static int got[1000], want[1000];
	int spare;

	for (int i = 0; i < 300; i++) {
		size_t n = random_upto(1000);
		int key = (int)random_upto(500);

		for (size_t k = 0; k < n; k++)
			got[k] = want[k] = (int)random_upto(500);
		T_ASSERT_EQ(rumpns_kheapsort(got, n, sizeof(int), compare_ints,
		    &spare), 0);
		qsort(want, n, sizeof(int), compare_ints);
		T_ASSERT(memcmp(got, want, n * sizeof(int)) == 0);
		T_ASSERT((rumpns_bsearch(&key, got, n, sizeof(int),
		    compare_ints) != NULL) == (bsearch(&key, want, n,
		    sizeof(int), compare_ints) != NULL));
	}
}

static void
hex(char *out, const unsigned char *digest, size_t n)
{

	for (size_t i = 0; i < n; i++)
		sprintf(out + 2 * i, "%02x", digest[i]);
}

/* The digests of "abc", and of a million times "a" in pieces of 997. */
#define DIGEST(init, update, final, size, abc, million)			\
do {									\
	union rumpns_digest ctx;					\
	unsigned char digest[64];					\
	char text[129], piece[997];					\
	unsigned n, k;							\
									\
	init(&ctx);							\
	update(&ctx, "abc", 3);						\
	final(digest, &ctx);						\
	hex(text, digest, size);					\
	T_CHECK_STR(text, abc);						\
	memset(piece, 'a', sizeof(piece));				\
	init(&ctx);							\
	for (n = 0; n < 1000000; n += k) {				\
		k = 1000000 - n < 997 ? 1000000 - n : 997;		\
		update(&ctx, piece, k);					\
	}								\
	final(digest, &ctx);						\
	hex(text, digest, size);					\
	T_CHECK_STR(text, million);					\
} while (0)

static void
digests(void)
{

	DIGEST(rumpns_MD4Init, rumpns_MD4Update, rumpns_MD4Final, 16,
	    "a448017aaf21d8525fc10ae87aa6729d",
	    "bbce80cc6bb65e5c6745e30d4eeca9a4");
	DIGEST(rumpns_MD5Init, rumpns_MD5Update, rumpns_MD5Final, 16,
	    "900150983cd24fb0d6963f7d28e17f72",
	    "7707d6ae4e027c70eea2a935c2296f21");
	DIGEST(rumpns_SHA1Init, rumpns_SHA1Update, rumpns_SHA1Final, 20,
	    "a9993e364706816aba3e25717850c26c9cd0d89d",
	    "34aa973cd4c4daa4f61eeb2bdbad27316534016f");
	DIGEST(rumpns_SHA224_Init, rumpns_SHA224_Update, rumpns_SHA224_Final,
	    28, "23097d223405d8228642a477bda255b32aadbce4bda0b3f7e36c9da7",
	    "20794655980c91d8bbb4c1ea97618a4bf03f42581948b2ee4ee7ad67");
	DIGEST(rumpns_SHA256_Init, rumpns_SHA256_Update, rumpns_SHA256_Final,
	    32, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61"
	    "f20015ad", "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e"
	    "046d39ccc7112cd0");
	DIGEST(rumpns_SHA384_Init, rumpns_SHA384_Update, rumpns_SHA384_Final,
	    48, "cb00753f45a35e8bb5a03d699ac65007272c32ab0eded1631a8b605a"
	    "43ff5bed8086072ba1e7cc2358baeca134c825a7",
	    "9d0e1809716474cb086e834e310a4a1ced149e9c00f248527972cec5704c2a5b"
	    "07b8b3dc38ecc4ebae97ddd87f3d8985");
	DIGEST(rumpns_SHA512_Init, rumpns_SHA512_Update, rumpns_SHA512_Final,
	    64, "ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee6"
	    "4b55d39a2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9a"
	    "c94fa54ca49f", "e718483d0ce769644e2e42c7bc15b4638e1f98b13b20"
	    "44285632a803afa973ebde0ff244877ea60a4cb0432ce577c31beb009c5c"
	    "2c49aa2e4eadb217ad8cc09b");
}

static void
checksums(void)
{
	const uint8_t *digits = (const uint8_t *)"123456789";

	T_CHECK_EQ(rumpns_crc32(0, NULL, 0), 0);
	T_CHECK_EQ(rumpns_crc32(0, digits, 9), 0xcbf43926);
	T_CHECK_EQ(rumpns_crc32(rumpns_crc32(0, digits, 4), digits + 4, 5),
	    0xcbf43926);
}

static void
addresses(void)
{
	static const char *const texts[] = {
		"1.2.3.4", "127.1", "0x7f.0.0.1", "255.255.255.255", "10",
		"1.2.3", "1.2.3.256", "256.1.1.1", "", "a.b", "1..2",
		"1.2.3.4.5", "192.168.65535", "192.168.65536", "017.1"
	};

	for (unsigned i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
		T_CHECK_EQ(rumpns_inet_addr(texts[i]), inet_addr(texts[i]));
	T_CHECK_STR(rumpns_intoa(inet_addr("192.0.2.77")), "192.0.2.77");
}

static void
patterns(void)
{
	static const struct {
		const char *text, *pattern;
		int result;
	} cases[] = {
		{ "ext2fs", "ext*", 2 },
		{ "ext2fs", "e?t[0-9]*s", 2 },
		{ "ext2fs", "ext", 1 },
		{ "ext2fs", "ext[!0-9]fs", 0 },
		{ "ext2fs", "ext[0-9", -1 },
		{ "aaab", "*ab", 2 },
		{ "aaac", "*ab", 0 },
	};
	const char *end;

	for (unsigned i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		T_CHECK_EQ(rumpns_pmatch(cases[i].text, cases[i].pattern,
		    NULL), cases[i].result);
	T_CHECK_EQ(rumpns_pmatch("ext2fs", "ext", &end), 1);
	T_CHECK_STR(end, "2fs");
}

static void
scans(void)
{
	unsigned char table[256] = { [5] = 2, [6] = 4 };
	unsigned char s[] = { 1, 1, 6, 5, 9 };

	T_CHECK_EQ(rumpns_scanc(5, s, table, 2), 2);
	T_CHECK_EQ(rumpns_scanc(5, s, table, 4), 3);
	T_CHECK_EQ(rumpns_scanc(5, s, table, 8), 0);
	T_CHECK_EQ(rumpns_skpc(1, 5, s), 3);
}

static void
hashes(void)
{

	/* Values computed by the algorithm's description. */
	T_CHECK_EQ(rumpns_murmurhash2("", 0, 0), 0);
	T_CHECK(rumpns_murmurhash2("abc", 3, 0) !=
	    rumpns_murmurhash2("abd", 3, 0));
	T_CHECK(rumpns_murmurhash2("abcd", 4, 1) !=
	    rumpns_murmurhash2("abcd", 4, 2));
}

struct uuid;
int	 rumpns_uuid_snprintf(char *, size_t, const struct uuid *);
void	 rumpns_uuid_dec_le(const void *, struct uuid *);
void	 rumpns_uuid_dec_be(const void *, struct uuid *);
void	 rumpns_uuid_enc_le(void *, const struct uuid *);
void	 rumpns_uuid_enc_be(void *, const struct uuid *);

/* One identifier in both orders, and back. */
static void
uuids(void)
{
	static const uint8_t be[16] = {
		0x00, 0x11, 0x22, 0x33, 0x44, 0x55, 0x66, 0x77,
		0x88, 0x99, 0xaa, 0xbb, 0xcc, 0xdd, 0xee, 0xff
	}, le[16] = {
		0x33, 0x22, 0x11, 0x00, 0x55, 0x44, 0x77, 0x66,
		0x88, 0x99, 0xaa, 0xbb, 0xcc, 0xdd, 0xee, 0xff
	};
	static const char want[] = "00112233-4455-6677-8899-aabbccddeeff";
	uint32_t memory[4];
	struct uuid *uuid = (struct uuid *)(void *)memory;
	uint8_t back[16];
	char text[37];

	rumpns_uuid_dec_be(be, uuid);
	T_CHECK_EQ(rumpns_uuid_snprintf(text, sizeof(text), uuid), 36);
	T_CHECK_STR(text, want);
	rumpns_uuid_enc_le(back, uuid);
	T_CHECK(memcmp(back, le, sizeof(back)) == 0);
	memset(memory, 0, sizeof(memory));
	rumpns_uuid_dec_le(le, uuid);
	rumpns_uuid_enc_be(back, uuid);
	T_CHECK(memcmp(back, be, sizeof(back)) == 0);
	T_CHECK_EQ(rumpns_uuid_snprintf(text, 9, uuid), 36);
	T_CHECK_STR(text, "00112233");
}

T_MAIN(T(integers), T(ranges), T(format_random), T(format_cases), T(bits),
    T(sizes), T(visible), T(sorting), T(digests), T(checksums), T(addresses),
    T(patterns), T(scans), T(hashes), T(uuids))
