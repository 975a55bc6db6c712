/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Numbers: from text to integers, and bits counted.
 *
 * Errors of the strto* functions cannot be told by errno here: a number out
 * of range becomes the nearest limit.  strtoi and strtou report them.
 *
 * Ref: C11 7.22.1.4; strtoi(3).
 */

#include <sys/param.h>
#include <sys/errno.h>
#include <lib/libkern/libkern.h>

/* What parse found. */
struct parsed {
	uintmax_t magnitude;
	bool negative;
	bool overflow;			/* magnitude is more than max */
	const char *end;		/* behind the number; the start if none */
};

/* The value of a digit, or 36 for what is none. */
static unsigned int
digit(char c)
{
	if (isdigit((unsigned char)c))
		return c - '0';
	if (isalpha((unsigned char)c))
		return tolower((unsigned char)c) - 'a' + 10;
	return 36;
}

/* Skip what comes before digits; returns the base, 0 if base is no base. */
static unsigned int
prefix(const char **sp, int base, struct parsed *r)
{
	const char *s = *sp;

	if (base < 0 || base == 1 || base > 36)
		return 0;
	while (isspace((unsigned char)*s))
		s++;
	r->negative = *s == '-';
	if (*s == '-' || *s == '+')
		s++;
	if ((base == 0 || base == 16) && s[0] == '0' &&
	    (s[1] | 0x20) == 'x' && digit(s[2]) < 16) {
		s += 2;
		base = 16;
	} else if (base == 0)
		base = *s == '0' ? 8 : 10;
	*sp = s;
	return base;
}

/* Read a number of at most max (maxneg if negative). */
static void
parse(const char *s, int base, uintmax_t max, uintmax_t maxneg,
    struct parsed *r)
{
	unsigned int b, d;

	*r = (struct parsed){ .end = s };
	b = prefix(&s, base, r);
	if (r->negative)
		max = maxneg;
	for (; b != 0 && (d = digit(*s)) < b; s++) {
		if (r->magnitude > (max - d) / b || d > max)
			r->overflow = true;
		else
			r->magnitude = r->magnitude * b + d;
		r->end = s + 1;
	}
	if (r->overflow)
		r->magnitude = max;
}

static intmax_t
parse_signed(const char *s, char **ep, int base, uintmax_t max)
{
	struct parsed r;

	parse(s, base, max, max + 1, &r);
	if (ep != NULL)
		*ep = __UNCONST(r.end);
	return r.negative ? (intmax_t)-r.magnitude : (intmax_t)r.magnitude;
}

static uintmax_t
parse_unsigned(const char *s, char **ep, int base, uintmax_t max)
{
	struct parsed r;

	parse(s, base, max, max, &r);
	if (ep != NULL)
		*ep = __UNCONST(r.end);
	return r.negative && !r.overflow ? (-r.magnitude & max) : r.magnitude;
}

long
strtol(const char *s, char **ep, int base)
{
	return parse_signed(s, ep, base, LONG_MAX);
}

long long
strtoll(const char *s, char **ep, int base)
{
	return parse_signed(s, ep, base, LLONG_MAX);
}

intmax_t
strtoimax(const char *s, char **ep, int base)
{
	return parse_signed(s, ep, base, INTMAX_MAX);
}

unsigned long
strtoul(const char *s, char **ep, int base)
{
	return parse_unsigned(s, ep, base, ULONG_MAX);
}

unsigned long long
strtoull(const char *s, char **ep, int base)
{
	return parse_unsigned(s, ep, base, ULLONG_MAX);
}

uintmax_t
strtoumax(const char *s, char **ep, int base)
{
	return parse_unsigned(s, ep, base, UINTMAX_MAX);
}

/* The error of a number that was read: none, bad base, or text left over. */
static int
leftover(const char *s, const struct parsed *r, int base)
{
	if (base < 0 || base == 1 || base > 36)
		return EINVAL;
	if (r->end == s)
		return ECANCELED;
	return *r->end != '\0' ? ENOTSUP : 0;
}

/*
 * A number between lo and hi, the nearest of them if it is out of range.
 *
 * *errp  out, may be NULL: 0, EINVAL (base), ECANCELED (no number), ERANGE,
 *        ENOTSUP (text after the number).
 */
intmax_t
strtoi(const char *s, char **ep, int base, intmax_t lo, intmax_t hi,
    int *errp)
{
	struct parsed r;
	intmax_t v;
	int error;

	parse(s, base, INTMAX_MAX, (uintmax_t)INTMAX_MAX + 1, &r);
	v = r.negative ? (intmax_t)-r.magnitude : (intmax_t)r.magnitude;
	error = leftover(s, &r, base);
	if (error != EINVAL && (r.overflow || v < lo || v > hi)) {
		error = error == ECANCELED ? error : ERANGE;
		v = v < lo ? lo : v > hi ? hi : v;
	}
	if (ep != NULL)
		*ep = __UNCONST(r.end);
	if (errp != NULL)
		*errp = error;
	return v;
}

/* The same for unsigned numbers. */
uintmax_t
strtou(const char *s, char **ep, int base, uintmax_t lo, uintmax_t hi,
    int *errp)
{
	struct parsed r;
	uintmax_t v;
	int error;

	parse(s, base, UINTMAX_MAX, UINTMAX_MAX, &r);
	v = r.negative && !r.overflow ? -r.magnitude : r.magnitude;
	error = leftover(s, &r, base);
	if (error != EINVAL && (r.overflow || v < lo || v > hi)) {
		error = error == ECANCELED ? error : ERANGE;
		v = v < lo ? lo : v > hi ? hi : v;
	}
	if (ep != NULL)
		*ep = __UNCONST(r.end);
	if (errp != NULL)
		*errp = error;
	return v;
}

/* Number of the lowest bit set, from 1; 0 if none is.  Not by __builtin_ffs, which calls this on some CPUs. */
int
(ffs)(int x)
{
	return x == 0 ? 0 : __builtin_ctz(x) + 1;
}

/* Bits set.  Pairs, then nibbles, then bytes are added up in place. */
unsigned int
popcount32(uint32_t v)
{
	v -= (v >> 1) & 0x55555555;
	v = (v & 0x33333333) + ((v >> 2) & 0x33333333);
	v = (v + (v >> 4)) & 0x0f0f0f0f;
	return v * 0x01010101 >> 24;
}

unsigned int
popcount64(uint64_t v)
{
	return popcount32((uint32_t)v) + popcount32((uint32_t)(v >> 32));
}

unsigned int
popcount(unsigned int v)
{
	return popcount32(v);
}

unsigned int
popcountl(unsigned long v)
{
	return popcount64(v);
}

unsigned int
popcountll(unsigned long long v)
{
	return popcount64(v);
}
