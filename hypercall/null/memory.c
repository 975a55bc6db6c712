/* SPDX-License-Identifier: BSD-2-Clause */

/*
 * No memory; and the functions that a compiler may call in freestanding code, which every host has to have.
 */

#include "core.h"

int
core_alloc(size_t len, size_t align, void **memp)
{

	return NB_ENOMEM;
}

void
core_free(void *mem, size_t len)
{
}

int
core_map(void *hint, size_t len, size_t align, bool exec, void **memp)
{

	return NB_ENOMEM;
}

void
core_unmap(void *mem, size_t len)
{
}

void *memcpy(void *restrict dst, const void *restrict src, size_t len);
void *memset(void *dst, int c, size_t len);
size_t strlen(const char *s);
int strcmp(const char *a, const char *b);
int strncmp(const char *a, const char *b, size_t len);

void *
memcpy(void *restrict dst, const void *restrict src, size_t len)
{
	const char *s = src;
	char *d = dst;

	while (len-- > 0)
		*d++ = *s++;
	return dst;
}

void *
memset(void *dst, int c, size_t len)
{
	char *d = dst;

	while (len-- > 0)
		*d++ = (char)c;
	return dst;
}

size_t
strlen(const char *s)
{
	size_t len = 0;

	while (s[len] != '\0')
		len++;
	return len;
}

int
strncmp(const char *a, const char *b, size_t len)
{

	for (; len-- > 0; a++, b++)
		if (*a != *b || *a == '\0')
			return (unsigned char)*a - (unsigned char)*b;
	return 0;
}

int
strcmp(const char *a, const char *b)
{

	return strncmp(a, b, SIZE_MAX);
}
