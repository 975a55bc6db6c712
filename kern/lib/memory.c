/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Bytes: memcpy, memmove, memset, memcmp and what is near them.
 *
 * File data passes through memcpy once between user buffer and page, so it
 * decides the throughput of file systems.  Small sizes are done with a few
 * overlapping moves and no loop; middle ones by a loop of 64 bytes; where the
 * CPU has a string instruction that is faster still, large ones by that.
 *
 * The compiler may turn a struct assignment into a call of memcpy, and a loop
 * like the ones here too; the build forbids the latter.
 *
 * With an address sanitizer memcpy and relatives are its own functions: they
 * check whole ranges, which code here could only do byte by byte.
 */

#include <sys/types.h>
#include <lib/libkern/libkern.h>

#include "lib.h"

#undef memcpy
#undef memmove
#undef memset
#undef memcmp

/* Words at any address; the compiler knows what the CPU can do. */
typedef uint16_t u16 __attribute__((__aligned__(1), __may_alias__));
typedef uint32_t u32 __attribute__((__aligned__(1), __may_alias__));
typedef uint64_t u64 __attribute__((__aligned__(1), __may_alias__));
typedef uint64_t v16a
    __attribute__((__vector_size__(16), __may_alias__));
typedef uint64_t v16
    __attribute__((__vector_size__(16), __aligned__(1), __may_alias__));

#ifndef LIB_ASAN

/* From here on a string instruction wins. */
#define STRING_MIN	2048

#if defined(__x86_64__)
#define HAVE_STRING_INSTRUCTION

static void
string_copy(char *d, const char *s, size_t n)
{
	__asm volatile("rep movsb"
	    : "+D" (d), "+S" (s), "+c" (n) : : "memory");
}

static void
string_fill(char *d, int c, size_t n)
{
	__asm volatile("rep stosb"
	    : "+D" (d), "+c" (n) : "a" (c) : "memory");
}
#endif

/* Up to 64 bytes; all loads come before the stores, so overlap is harmless. */
static inline void
copy_small(char *d, const char *s, size_t n)
{
	if (n > 32) {
		v16 a = *(const v16 *)s, b = *(const v16 *)(s + 16);
		v16 y = *(const v16 *)(s + n - 32);
		v16 z = *(const v16 *)(s + n - 16);

		*(v16 *)d = a;
		*(v16 *)(d + 16) = b;
		*(v16 *)(d + n - 32) = y;
		*(v16 *)(d + n - 16) = z;
	} else if (n >= 16) {
		v16 a = *(const v16 *)s, z = *(const v16 *)(s + n - 16);

		*(v16 *)d = a;
		*(v16 *)(d + n - 16) = z;
	} else if (n >= 8) {
		uint64_t a = *(const u64 *)s, z = *(const u64 *)(s + n - 8);

		*(u64 *)d = a;
		*(u64 *)(d + n - 8) = z;
	} else if (n >= 4) {
		uint32_t a = *(const u32 *)s, z = *(const u32 *)(s + n - 4);

		*(u32 *)d = a;
		*(u32 *)(d + n - 4) = z;
	} else if (n >= 2) {
		uint16_t a = *(const u16 *)s, z = *(const u16 *)(s + n - 2);

		*(u16 *)d = a;
		*(u16 *)(d + n - 2) = z;
	} else if (n != 0)
		*d = *s;
}

/*
 * More than 64 bytes, upwards: right if d is below s or they are apart.  Head
 * and tail are loaded first and stored last, unaligned; the middle is stored
 * aligned, each round reading only what lies above all that was written.
 */
static void
copy_up(char *d, const char *s, size_t n)
{
	v16 head = *(const v16 *)s;
	v16 t0 = *(const v16 *)(s + n - 64), t1 = *(const v16 *)(s + n - 48);
	v16 t2 = *(const v16 *)(s + n - 32), t3 = *(const v16 *)(s + n - 16);
	size_t skip = 16 - ((uintptr_t)d & 15);
	char *p, *end = d + n;

	s += skip;
	for (p = d + skip; p < end - 64; p += 64, s += 64) {
		v16 a = *(const v16 *)s, b = *(const v16 *)(s + 16);
		v16 c = *(const v16 *)(s + 32), e = *(const v16 *)(s + 48);

		*(v16a *)p = a;
		*(v16a *)(p + 16) = b;
		*(v16a *)(p + 32) = c;
		*(v16a *)(p + 48) = e;
	}
	*(v16 *)(end - 64) = t0;
	*(v16 *)(end - 48) = t1;
	*(v16 *)(end - 32) = t2;
	*(v16 *)(end - 16) = t3;
	*(v16 *)d = head;
}

/* More than 64 bytes, downwards: right if d is above s.  Only the head waits. */
static void
copy_down(char *d, const char *s, size_t n)
{
	v16 h0 = *(const v16 *)s, h1 = *(const v16 *)(s + 16);
	v16 h2 = *(const v16 *)(s + 32), h3 = *(const v16 *)(s + 48);
	char *p;

	s += n;
	for (p = d + n; p > d + 64; p -= 64, s -= 64) {
		v16 a = *(const v16 *)(s - 16), b = *(const v16 *)(s - 32);
		v16 c = *(const v16 *)(s - 48), e = *(const v16 *)(s - 64);

		*(v16 *)(p - 16) = a;
		*(v16 *)(p - 32) = b;
		*(v16 *)(p - 48) = c;
		*(v16 *)(p - 64) = e;
	}
	*(v16 *)d = h0;
	*(v16 *)(d + 16) = h1;
	*(v16 *)(d + 32) = h2;
	*(v16 *)(d + 48) = h3;
}

#ifdef HAVE_STRING_INSTRUCTION
/* Large and apart: align the destination to a cache line, then let it run. */
static void
copy_large(char *d, const char *s, size_t n)
{
	size_t skip = 64 - ((uintptr_t)d & 63);

	copy_small(d, s, 64);
	string_copy(d + skip, s + skip, n - skip);
}
#else
#define copy_large	copy_up
#endif

/* Copy n bytes between ranges that do not overlap.  Ref: C11 7.24.2.1. */
void *
memcpy(void *dst, const void *src, size_t n)
{
	if (n <= 64)
		copy_small(dst, src, n);
	else if (n < STRING_MIN)
		copy_up(dst, src, n);
	else
		copy_large(dst, src, n);
	return dst;
}

/* Copy n bytes between ranges that may overlap.  Ref: C11 7.24.2.2. */
void *
memmove(void *dst, const void *src, size_t n)
{
	uintptr_t up = (uintptr_t)dst - (uintptr_t)src;

	if (n <= 64)
		copy_small(dst, src, n);
	else if (up >= n && -up >= n && n >= STRING_MIN)
		copy_large(dst, src, n);
	else if (up >= n)
		copy_up(dst, src, n);
	else
		copy_down(dst, src, n);
	return dst;
}

/* Set up to 64 bytes. */
static inline void
fill_small(char *d, uint64_t word, size_t n)
{
	v16 v = { word, word };

	if (n > 32) {
		*(v16 *)d = v;
		*(v16 *)(d + 16) = v;
		*(v16 *)(d + n - 32) = v;
		*(v16 *)(d + n - 16) = v;
	} else if (n >= 16) {
		*(v16 *)d = v;
		*(v16 *)(d + n - 16) = v;
	} else if (n >= 8) {
		*(u64 *)d = word;
		*(u64 *)(d + n - 8) = word;
	} else if (n >= 4) {
		*(u32 *)d = (uint32_t)word;
		*(u32 *)(d + n - 4) = (uint32_t)word;
	} else if (n >= 2) {
		*(u16 *)d = (uint16_t)word;
		*(u16 *)(d + n - 2) = (uint16_t)word;
	} else if (n != 0)
		*d = (char)word;
}

/* More than 64 bytes. */
static void
fill_loop(char *d, uint64_t word, size_t n)
{
	v16 v = { word, word };
	char *p = d + (16 - ((uintptr_t)d & 15)), *end = d + n;

	*(v16 *)d = v;
	for (; p < end - 64; p += 64) {
		*(v16a *)p = v;
		*(v16a *)(p + 16) = v;
		*(v16a *)(p + 32) = v;
		*(v16a *)(p + 48) = v;
	}
	*(v16 *)(end - 64) = v;
	*(v16 *)(end - 48) = v;
	*(v16 *)(end - 32) = v;
	*(v16 *)(end - 16) = v;
}

/* Set n bytes to (unsigned char)c.  Ref: C11 7.24.6.1. */
void *
memset(void *dst, int c, size_t n)
{
	uint64_t word = (uint8_t)c * UINT64_C(0x0101010101010101);

	if (n <= 64)
		fill_small(dst, word, n);
#ifdef HAVE_STRING_INSTRUCTION
	else if (n >= STRING_MIN)
		string_fill(dst, c, n);
#endif
	else
		fill_loop(dst, word, n);
	return dst;
}

#else /* LIB_ASAN */

void	*__asan_memcpy(void *, const void *, size_t);
void	*__asan_memmove(void *, const void *, size_t);
void	*__asan_memset(void *, int, size_t);

void *
memcpy(void *dst, const void *src, size_t n)
{
	return __asan_memcpy(dst, src, n);
}

void *
memmove(void *dst, const void *src, size_t n)
{
	return __asan_memmove(dst, src, n);
}

void *
memset(void *dst, int c, size_t n)
{
	return __asan_memset(dst, c, n);
}

#endif /* LIB_ASAN */

/* Order of two words as the bytes in memory would be compared. */
static int
word_order(uint64_t a, uint64_t b)
{
#if BYTE_ORDER == LITTLE_ENDIAN
	a = __builtin_bswap64(a);
	b = __builtin_bswap64(b);
#endif
	return a < b ? -1 : a > b;
}

/* Compare n bytes as unsigned numbers.  Ref: C11 7.24.4.1. */
int
memcmp(const void *va, const void *vb, size_t n)
{
	const char *a = va, *b = vb;

	for (; n >= 32; n -= 32, a += 32, b += 32) {
		uint64_t d = (*(const u64 *)a ^ *(const u64 *)b) |
		    (*(const u64 *)(a + 8) ^ *(const u64 *)(b + 8)) |
		    (*(const u64 *)(a + 16) ^ *(const u64 *)(b + 16)) |
		    (*(const u64 *)(a + 24) ^ *(const u64 *)(b + 24));

		if (d != 0)
			break;
	}
	for (; n >= 8; n -= 8, a += 8, b += 8) {
		uint64_t x = *(const u64 *)a, y = *(const u64 *)b;

		if (x != y)
			return word_order(x, y);
	}
	for (; n != 0; n--, a++, b++) {
		if (*a != *b)
			return (unsigned char)*a - (unsigned char)*b;
	}
	return 0;
}

/* First byte equal to (unsigned char)c, or NULL.  Ref: C11 7.24.5.1. */
void *
memchr(const void *vs, int c, size_t n)
{
	const unsigned char *s = vs;

	for (; n != 0; n--, s++) {
		if (*s == (unsigned char)c)
			return __UNCONST(s);
	}
	return NULL;
}

/* Last byte equal to (unsigned char)c, or NULL. */
void *
memrchr(const void *vs, int c, size_t n)
{
	const unsigned char *s = vs;

	while (n-- != 0) {
		if (s[n] == (unsigned char)c)
			return __UNCONST(s + n);
	}
	return NULL;
}

/* First place of the ln bytes at needle in the lh bytes at hay, or NULL. */
void *
memmem(const void *hay, size_t lh, const void *needle, size_t ln)
{
	const char *h = hay, *last;

	if (ln > lh)
		return NULL;
	for (last = h + (lh - ln); h <= last; h++) {
		if (memcmp(h, needle, ln) == 0)
			return __UNCONST(h);
	}
	return NULL;
}

/* memset that is not optimised away, for secrets. */
void *
explicit_memset(void *dst, int c, size_t n)
{
	memset(dst, c, n);
	__asm volatile("" : : "r" (dst) : "memory");
	return dst;
}

/* 1 if n bytes are equal, else 0, in a time that depends on n alone. */
int
consttime_memequal(const void *va, const void *vb, size_t n)
{
	const volatile unsigned char *a = va, *b = vb;
	unsigned int differ = 0;

	while (n-- != 0)
		differ |= *a++ ^ *b++;
	return 1 & ((differ - 1) >> 8);
}
