/* SPDX-License-Identifier: BSD-2-Clause */

/*
 * Names: UTF-8 of programs, UTF-16 of the disk, and when two are one.
 *
 * Names match without case: each unit is mapped to its simple upper case
 * (upcase.h, made by tools/gen-upcase.py), as Windows does; what is outside the
 * Basic Multilingual Plane is compared as it is, and no letter outside ASCII
 * becomes one of ASCII.
 *
 * A surrogate without its half, which only other systems write, is shown and
 * found as its three bytes.
 *
 * Ref: Unicode 3.9 (D91, D92); FAT specification, "FAT Long Directory Entries".
 */

#include "msdosfs.h"

#include <sys/errno.h>
#include <sys/hash.h>
#include <sys/systm.h>

#include "upcase.h"

#define IS_HIGH(u)	((u) >= 0xd800 && (u) <= 0xdbff)
#define IS_LOW(u)	((u) >= 0xdc00 && (u) <= 0xdfff)

/* ------------------------------------------------------------------ folding */

uint16_t
msdosfs_fold(uint16_t unit)
{
	const struct upcase_range *r;
	unsigned int low = 0, high = __arraycount(upcase_ranges), middle;

	if (unit < 0x80)
		return unit >= 'a' && unit <= 'z' ? unit - 'a' + 'A' : unit;
	while (low < high) {
		middle = (low + high) / 2;
		r = &upcase_ranges[middle];
		if (unit < r->first)
			high = middle;
		else if (unit > r->last)
			low = middle + 1;
		else
			return (unit - r->first) % r->step == 0 ?
			    (uint16_t)(unit + r->distance) : unit;
	}
	return unit;
}

uint32_t
msdosfs_name_hash(const uint16_t *text, unsigned int len)
{
	uint32_t hash = HASH32_BUF_INIT;
	unsigned int i;

	for (i = 0; i < len; i++)
		hash = (hash ^ msdosfs_fold(text[i])) * 0x9e3779b1U +
		    (hash >> 15);
	return hash ^ hash >> 16;
}

bool
msdosfs_name_equal(const uint16_t *a, unsigned int alen, const uint16_t *b,
    unsigned int blen)
{
	unsigned int i;

	if (alen != blen)
		return false;
	for (i = 0; i < alen; i++) {
		if (a[i] != b[i] && msdosfs_fold(a[i]) != msdosfs_fold(b[i]))
			return false;
	}
	return true;
}

/* ------------------------------------------------------------------- UTF-8 */

/* One code point; 0: no UTF-8. */
static size_t
utf8_get(const uint8_t *text, size_t len, uint32_t *codep)
{
	static const uint32_t least[] = { 0, 0, 0x80, 0x800, 0x10000 };
	uint32_t code = text[0];
	size_t n, i;

	n = code < 0x80 ? 1 : code >= 0xc2 && code <= 0xdf ? 2 :
	    code >= 0xe0 && code <= 0xef ? 3 :
	    code >= 0xf0 && code <= 0xf4 ? 4 : 0;
	if (n == 0 || n > len)
		return 0;
	if (n > 1)
		code &= 0xff >> (n + 1);
	for (i = 1; i < n; i++) {
		if ((text[i] & 0xc0) != 0x80)
			return 0;
		code = code << 6 | (text[i] & 0x3f);
	}
	if (code < least[n] || code > 0x10ffff)
		return 0;
	*codep = code;
	return n;
}

int
msdosfs_name_parse(const char *text, size_t len, struct msdosfs_name *name)
{
	const uint8_t *p = (const uint8_t *)text;
	unsigned int units = 0;
	uint32_t code;
	size_t n;

	for (; len > 0; p += n, len -= n) {
		n = utf8_get(p, len, &code);
		if (n == 0)
			return EINVAL;
		if (units + (code > 0xffff) >= FAT_NAME_MAX)
			return ENAMETOOLONG;
		if (code > 0xffff) {
			code -= 0x10000;
			name->nm_text[units++] = 0xd800 | code >> 10;
			code = 0xdc00 | (code & 0x3ff);
		}
		name->nm_text[units++] = code;
	}
	name->nm_len = units;
	return 0;
}

static size_t
utf8_put(uint32_t code, uint8_t out[4])
{

	if (code < 0x80) {
		out[0] = code;
		return 1;
	}
	if (code < 0x800) {
		out[0] = 0xc0 | code >> 6;
		out[1] = 0x80 | (code & 0x3f);
		return 2;
	}
	if (code < 0x10000) {
		out[0] = 0xe0 | code >> 12;
		out[1] = 0x80 | (code >> 6 & 0x3f);
		out[2] = 0x80 | (code & 0x3f);
		return 3;
	}
	out[0] = 0xf0 | code >> 18;
	out[1] = 0x80 | (code >> 12 & 0x3f);
	out[2] = 0x80 | (code >> 6 & 0x3f);
	out[3] = 0x80 | (code & 0x3f);
	return 4;
}

size_t
msdosfs_name_print(const uint16_t *text, unsigned int len, char *buffer,
    size_t room)
{
	uint8_t bytes[4];
	uint32_t code;
	unsigned int i;
	size_t n, at = 0;

	for (i = 0; i < len; i++) {
		code = text[i];
		if (code == 0 || code == '/')
			return 0;
		if (IS_HIGH(code) && i + 1 < len && IS_LOW(text[i + 1]))
			code = 0x10000 + ((code & 0x3ff) << 10 |
			    (text[++i] & 0x3ff));
		n = utf8_put(code, bytes);
		if (n > room - at)
			return 0;
		memcpy(buffer + at, bytes, n);
		at += n;
	}
	if ((at == 1 || at == 2) && buffer[0] == '.' && buffer[at - 1] == '.')
		return 0;
	return at;
}

/* ---------------------------------------------------------------- new names */

static bool
is_illegal(uint16_t unit)
{

	if (unit < ' ')
		return true;
	switch (unit) {
	case '"': case '*': case '/': case ':': case '<': case '>': case '?':
	case '\\': case '|':
		return true;
	default:
		return false;
	}
}

/* A half of a surrogate pair alone? */
static bool
is_broken(const struct msdosfs_name *name, unsigned int i)
{
	const uint16_t unit = name->nm_text[i];

	if (IS_HIGH(unit))
		return i + 1 == name->nm_len || !IS_LOW(name->nm_text[i + 1]);
	return IS_LOW(unit) && (i == 0 || !IS_HIGH(name->nm_text[i - 1]));
}

int
msdosfs_name_check(const struct msdosfs_name *name)
{
	unsigned int i;
	uint16_t last;

	if (name->nm_len == 0)
		return EINVAL;
	for (i = 0; i < name->nm_len; i++) {
		if (is_illegal(name->nm_text[i]) || is_broken(name, i))
			return EINVAL;
	}
	/* Other systems cut these off, and would not find it. */
	last = name->nm_text[name->nm_len - 1];
	return last == '.' || last == ' ' ? EINVAL : 0;
}
