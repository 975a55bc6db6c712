/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Modes as chmod(1) takes them (POSIX, "chmod", extended description):
 *
 *	mode    := octal | clause [, clause]...
 *	clause  := [ugoa]... action [action]...
 *	action  := (+ | - | =) ([rwxXst]... | u | g | o)
 *
 * Without who, the bits of the usual umask, 022, are left alone.
 */
#include <stdlib.h>
#include <string.h>

#include "fs.h"

#define UMASK	022

static uint32_t
who_bits(char c)
{

	switch (c) {
	case 'u': return 04700;
	case 'g': return 02070;
	case 'o': return 01007;
	case 'a': return 07777;
	default: return 0;
	}
}

/* The bits of one class for all three; c is u, g or o. */
static uint32_t
copied_bits(char c, uint32_t mode)
{
	uint32_t three = c == 'u' ? mode >> 6 & 7 : c == 'g' ? mode >> 3 & 7 : mode & 7;

	return three << 6 | three << 3 | three;
}

static uint32_t
permission_bits(char c, uint32_t mode, bool *known)
{

	*known = true;
	switch (c) {
	case 'r': return 0444;
	case 'w': return 0222;
	case 'x': return 0111;
	case 'X': return (mode & RUMP_S_IFMT) == RUMP_S_IFDIR || (mode & 0111) != 0 ? 0111 : 0;
	case 's': return 06000;
	case 't': return 01000;
	case 'u': case 'g': case 'o': return copied_bits(c, mode);
	default: *known = false; return 0;
	}
}

/* One action at *s; who is 0 if none was named. */
static uint32_t
action_apply(const char **s, uint32_t who, uint32_t mode)
{
	char op = *(*s)++;
	uint32_t bits = 0, b;
	uint32_t mask = who != 0 ? who : 07777 & ~(uint32_t)UMASK;
	bool known = true;

	while (**s != '\0') {
		b = permission_bits(**s, mode, &known);
		if (!known)
			break;
		bits |= b;
		(*s)++;
	}
	/* the sticky bit belongs to nobody in particular */
	if (who == 0 || who == 07777)
		mask |= 01000;
	bits &= mask;
	if (op == '+')
		return mode | bits;
	if (op == '-')
		return mode & ~bits;
	/* "=" leaves a directory's set-id bits unless they are named */
	b = who != 0 ? who : 07777;
	if ((mode & RUMP_S_IFMT) == RUMP_S_IFDIR)
		b &= ~UINT32_C(06000);
	return (mode & ~b) | bits;
}

static bool
octal(const char *s, uint32_t mode, uint32_t *out)
{
	char *end;
	unsigned long n = strtoul(s, &end, 8);

	if (*end != '\0' || n > 07777)
		return false;
	*out = (mode & RUMP_S_IFMT) | (uint32_t)n;
	/* as GNU chmod: only five digits clear what a directory hands down */
	if ((mode & RUMP_S_IFMT) == RUMP_S_IFDIR && end - s < 5)
		*out |= mode & 06000;
	return true;
}

bool
mode_change(const char *s, uint32_t mode, uint32_t *out)
{

	if (*s >= '0' && *s <= '7')
		return octal(s, mode, out);
	for (;;) {
		uint32_t who = 0;

		while (who_bits(*s) != 0)
			who |= who_bits(*s++);
		if (*s != '+' && *s != '-' && *s != '=')
			return false;
		while (*s == '+' || *s == '-' || *s == '=')
			mode = action_apply(&s, who, mode);
		if (*s == '\0')
			break;
		if (*s++ != ',')
			return false;
	}
	*out = mode;
	return true;
}
