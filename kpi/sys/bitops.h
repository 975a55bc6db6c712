/* SPDX-License-Identifier: BSD-2-Clause */
/* bitops(3): first and last set bits, logarithms, bit maps of words. */
#ifndef _SYS_BITOPS_H_
#define _SYS_BITOPS_H_

#include <sys/cdefs.h>
#include <sys/stdint.h>

/* Number of the lowest (ffs) or highest (fls) set bit, from 1; 0 if none. */
static __inline __unused int
ffs32(uint32_t n)
{

	return __builtin_ffs((int)n);
}

static __inline __unused int
ffs64(uint64_t n)
{

	return __builtin_ffsll((long long)n);
}

static __inline __unused int
fls32(uint32_t n)
{

	return n == 0 ? 0 : 32 - __builtin_clz(n);
}

static __inline __unused int
fls64(uint64_t n)
{

	return n == 0 ? 0 : 64 - __builtin_clzll(n);
}

/* Logarithm to base 2, rounded down; -1 for 0. */
#define ilog2(n)	((int)(sizeof(n) > 4 ? fls64((uint64_t)(n)) : \
			    fls32((uint32_t)(n))) - 1)

/*
 * Division by a divisor that is known early.  The prepared form is kept by the
 * caller; the compiler's own division is used, so m, s1 and s2 stay zero.
 */
static __inline __unused void
fast_divide32_prepare(uint32_t div, uint32_t *m, uint8_t *s1, uint8_t *s2)
{

	(void)div;
	*m = 0;
	*s1 = *s2 = 0;
}

static __inline __unused uint32_t
fast_divide32(uint32_t v, uint32_t div, uint32_t m, uint8_t s1, uint8_t s2)
{

	(void)m, (void)s1, (void)s2;
	return v / div;
}

static __inline __unused uint32_t
fast_remainder32(uint32_t v, uint32_t div, uint32_t m, uint8_t s1, uint8_t s2)
{

	(void)m, (void)s1, (void)s2;
	return v % div;
}

/* A map of n bits in words of type t. */
#define __BITMAP_BITS(v)	(8 * sizeof((v)->_b[0]))
#define __BITMAP_WORD(n, v)	((n) / __BITMAP_BITS(v))
#define __BITMAP_BIT(n, v)	((__typeof__((v)->_b[0]))1 << ((n) % __BITMAP_BITS(v)))
#define __BITMAP_SIZE(t, n)	(((n) + 8 * sizeof(t) - 1) / (8 * sizeof(t)))
#define __BITMAP_TYPE(s, t, n)	struct s { t _b[__BITMAP_SIZE(t, n)]; }
#define __BITMAP_SET(n, v)	((v)->_b[__BITMAP_WORD(n, v)] |= __BITMAP_BIT(n, v))
#define __BITMAP_CLR(n, v)	((v)->_b[__BITMAP_WORD(n, v)] &= ~__BITMAP_BIT(n, v))
#define __BITMAP_ISSET(n, v)	((v)->_b[__BITMAP_WORD(n, v)] & __BITMAP_BIT(n, v))
#define __BITMAP_ZERO(v)	((void)__builtin_memset((v), 0, sizeof(*(v))))

#endif
