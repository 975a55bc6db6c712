/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Strings that end in NUL.
 *
 * Ref: C11 7.24; strlcpy(3); strsep(3).
 */

#include <sys/types.h>
#include <lib/libkern/libkern.h>

#undef strlen
#undef strcpy
#undef strcmp

/* Words that can alias anything, at aligned addresses. */
typedef unsigned long word __attribute__((__may_alias__));

#define ONES	((word)-1 / 0xff)	/* 0x01 in each byte */
#define HIGHS	(ONES * 0x80)

/*
 * Length.  Whole words are read: they may reach beyond the end of the string,
 * never across a page, so a sanitizer must not look.
 */
__noasan size_t
strlen(const char *s)
{
	const char *p = s;
	const word *w;

	for (; ((uintptr_t)p & (sizeof(*w) - 1)) != 0; p++) {
		if (*p == '\0')
			return p - s;
	}
	for (w = (const word *)(const void *)p;
	    ((*w - ONES) & ~*w & HIGHS) == 0; w++)
		continue;
	for (p = (const char *)w; *p != '\0'; p++)
		continue;
	return p - s;
}

/* Length, but no more than max, and looking at no more than max bytes. */
size_t
strnlen(const char *s, size_t max)
{
	size_t n;

	for (n = 0; n < max && s[n] != '\0'; n++)
		continue;
	return n;
}

char *
strcpy(char *dst, const char *src)
{
	memcpy(dst, src, strlen(src) + 1);
	return dst;
}

/* Exactly n bytes: src, cut or padded with NUL. */
char *
strncpy(char *dst, const char *src, size_t n)
{
	size_t len = strnlen(src, n);

	memcpy(dst, src, len);
	memset(dst + len, 0, n - len);
	return dst;
}

char *
strcat(char *dst, const char *src)
{
	strcpy(dst + strlen(dst), src);
	return dst;
}

char *
strncat(char *dst, const char *src, size_t n)
{
	size_t at = strlen(dst), len = strnlen(src, n);

	memcpy(dst + at, src, len);
	dst[at + len] = '\0';
	return dst;
}

/* Copy what fits in size bytes with the NUL; returns the length of src. */
size_t
strlcpy(char *dst, const char *src, size_t size)
{
	size_t len = strlen(src);

	if (size != 0) {
		size_t n = len < size ? len : size - 1;

		memcpy(dst, src, n);
		dst[n] = '\0';
	}
	return len;
}

/* Append what fits; returns the length that was wanted. */
size_t
strlcat(char *dst, const char *src, size_t size)
{
	size_t at = strnlen(dst, size);

	if (at == size)
		return size + strlen(src);
	return at + strlcpy(dst + at, src, size - at);
}

int
strcmp(const char *a, const char *b)
{
	while (*a == *b && *a != '\0') {
		a++;
		b++;
	}
	return (unsigned char)*a - (unsigned char)*b;
}

int
strncmp(const char *a, const char *b, size_t n)
{
	for (; n != 0; n--, a++, b++) {
		if (*a != *b || *a == '\0')
			return (unsigned char)*a - (unsigned char)*b;
	}
	return 0;
}

int
strcasecmp(const char *a, const char *b)
{
	return strncasecmp(a, b, SIZE_MAX);
}

int
strncasecmp(const char *a, const char *b, size_t n)
{
	for (; n != 0; n--, a++, b++) {
		int x = tolower((unsigned char)*a);
		int y = tolower((unsigned char)*b);

		if (x != y || x == '\0')
			return x - y;
	}
	return 0;
}

char *
strchr(const char *s, int c)
{
	for (; *s != (char)c; s++) {
		if (*s == '\0')
			return NULL;
	}
	return __UNCONST(s);
}

char *
strrchr(const char *s, int c)
{
	return memrchr(s, c, strlen(s) + 1);
}

char *
strstr(const char *s, const char *find)
{
	return memmem(s, strlen(s), find, strlen(find));
}

/* strstr within the first n bytes of s. */
char *
strnstr(const char *s, const char *find, size_t n)
{
	return memmem(s, strnlen(s, n), find, strlen(find));
}

/* How many bytes at the start of s are (not: are not) in the set. */
static size_t
span(const char *s, const char *set, bool in)
{
	unsigned char member[256 / 8] = { 0 };
	size_t n;

	for (; *set != '\0'; set++)
		member[(unsigned char)*set / 8] |= 1 << ((unsigned char)*set % 8);
	for (n = 0; s[n] != '\0'; n++) {
		unsigned char c = s[n];

		if (((member[c / 8] >> (c % 8)) & 1) != in)
			break;
	}
	return n;
}

size_t
strspn(const char *s, const char *set)
{
	return span(s, set, true);
}

size_t
strcspn(const char *s, const char *set)
{
	return span(s, set, false);
}

char *
strpbrk(const char *s, const char *set)
{
	s += strcspn(s, set);
	return *s != '\0' ? __UNCONST(s) : NULL;
}

/* Cut off the first field, ended by a byte of delim; *sp is NULL after the last. */
char *
strsep(char **sp, const char *delim)
{
	char *field = *sp, *end;

	if (field == NULL)
		return NULL;
	end = field + strcspn(field, delim);
	if (*end == '\0')
		*sp = NULL;
	else {
		*end = '\0';
		*sp = end + 1;
	}
	return field;
}
