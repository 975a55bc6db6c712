/* SPDX-License-Identifier: BSD-2-Clause */

/*
 * Names of directory entries.
 *
 * Plain ISO 9660: "NAME.EXT;VERSION", in capitals as a rule.  Shown as
 * "name.ext": no version, no dot at the end, small letters (not with the mount
 * option nocasetrans).
 * Joliet: the same in 16-bit characters, high byte first, with letters as they
 * are.  Shown in UTF-8.  Surrogate pairs, which some programs write although
 * the specification has none, become one character; lone halves U+FFFD.
 *
 * Both are looked up without regard to the case of ASCII letters, a name that
 * is the same to the letter first.  Rock Ridge names are not, but for the mount
 * option rrcaseins.
 *
 * No name that a program sees has a slash or a NUL in it, is empty, or is "."
 * or "..": what a disc has there is shown as underscores.
 *
 * Ref: ECMA-119 7.5, 7.6; Joliet Specification, "Character Set Specification";
 *      mount_cd9660(8); RFC 3629 (UTF-8).
 */

#include "names.h"

#include <sys/hash.h>
#include <sys/systm.h>

#include <fs/cd9660/cd9660_mount.h>

#include "cd9660.h"

#define REPLACEMENT	0xfffd
#define VERSION_MAX	32767		/* ECMA-119 7.5.1 */

bool
cd9660_is_dot(const struct iso_record *record)
{

	return record->dr_name_length == 1 && record->dr_name[0] == 0;
}

bool
cd9660_is_dotdot(const struct iso_record *record)
{

	return record->dr_name_length == 1 && record->dr_name[0] == 1;
}

static inline char
fold(char c)
{

	return c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c;
}

/*
 * Where does a version begin?  At a semicolon that only digits follow.
 * Returns len, and version 0, if there is none.
 */
static size_t
find_version(const char *text, size_t len, unsigned int *versionp)
{
	unsigned int version = 0, scale = 1;
	size_t i;

	*versionp = 0;
	for (i = len; i > 0 && text[i - 1] >= '0' && text[i - 1] <= '9'; i--) {
		if (scale <= VERSION_MAX) {
			version += (text[i - 1] - '0') * scale;
			scale *= 10;
		}
	}
	if (i == 0 || text[i - 1] != ';')
		return len;
	*versionp = MIN(version, VERSION_MAX);
	return i - 1;
}

void
cd9660_name_split(const struct cd9660_mount *cm, const char *text, size_t len,
    size_t *basep, unsigned int *versionp)
{

	*basep = len;
	*versionp = 0;
	if (cm->cm_style != CD9660_RRIP)
		*basep = find_version(text, len, versionp);
	/* "README" and "README." are the same plain name. */
	if (cm->cm_style == CD9660_PLAIN && *basep > 1 &&
	    text[*basep - 1] == '.')
		--*basep;
}

/* Write a character in UTF-8; returns the number of bytes, at most 4. */
static unsigned int
put_utf8(uint32_t c, char *out)
{

	if (c < 0x80) {
		out[0] = c;
		return 1;
	}
	if (c < 0x800) {
		out[0] = 0xc0 | c >> 6;
		out[1] = 0x80 | (c & 0x3f);
		return 2;
	}
	if (c < 0x10000) {
		out[0] = 0xe0 | c >> 12;
		out[1] = 0x80 | (c >> 6 & 0x3f);
		out[2] = 0x80 | (c & 0x3f);
		return 3;
	}
	out[0] = 0xf0 | c >> 18;
	out[1] = 0x80 | (c >> 12 & 0x3f);
	out[2] = 0x80 | (c >> 6 & 0x3f);
	out[3] = 0x80 | (c & 0x3f);
	return 4;
}

/*
 * Joliet to UTF-8.  Names of the specification's length, 64 characters, fit;
 * longer ones, which some programs write, may have to be cut.
 */
static unsigned int
read_joliet(const uint8_t *text, unsigned int len, char *out)
{
	unsigned int i, n = 0;
	uint32_t c, low;

	for (i = 0; i + 1 < len && n <= KERNEL_NAME_MAX - 4; i += 2) {
		c = be16dec(text + i);
		if (c >= 0xd800 && c < 0xe000) {
			low = i + 3 < len ? be16dec(text + i + 2) : 0;
			if (c < 0xdc00 && low >= 0xdc00 && low < 0xe000) {
				c = 0x10000 + ((c - 0xd800) << 10) +
				    (low - 0xdc00);
				i += 2;
			} else {
				c = REPLACEMENT;
			}
		}
		n += put_utf8(c, out + n);
	}
	return n;
}

static void
replace_senseless(struct cd9660_name *name)
{
	unsigned int i;

	for (i = 0; i < name->nm_len; i++) {
		if (name->nm_text[i] == '/' || name->nm_text[i] == '\0')
			name->nm_text[i] = '_';
	}
	if (name->nm_base == 0 || strcmp(name->nm_text, ".") == 0 ||
	    strcmp(name->nm_text, "..") == 0) {
		memcpy(name->nm_text, "_", 2);
		name->nm_base = name->nm_len = 1;
	}
}

void
cd9660_name_read(const struct cd9660_mount *cm, const struct iso_record *record,
    struct cd9660_name *name)
{
	unsigned int i, len = record->dr_name_length;
	size_t base;

	if (cm->cm_style == CD9660_JOLIET)
		len = read_joliet(record->dr_name, len, name->nm_text);
	else
		memcpy(name->nm_text, record->dr_name, len);

	/* A directory has no version. */
	base = len;
	name->nm_version = 0;
	if ((record->dr_flags & ISO_FLAG_DIRECTORY) == 0)
		base = find_version(name->nm_text, len, &name->nm_version);
	if (cm->cm_style != CD9660_JOLIET) {
		if (base > 1 && name->nm_text[base - 1] == '.') {
			base--;
			memmove(name->nm_text + base, name->nm_text + base + 1,
			    len - base - 1);
			len--;
		}
		if ((cm->cm_flags & ISOFSMNT_NOCASETRANS) == 0) {
			for (i = 0; i < base; i++)
				name->nm_text[i] = fold(name->nm_text[i]);
		}
	}
	name->nm_base = base;
	name->nm_len = base;
	if ((cm->cm_flags & ISOFSMNT_GENS) != 0 && cm->cm_style != CD9660_RRIP)
		name->nm_len = len;
	name->nm_text[name->nm_len] = '\0';
	replace_senseless(name);
}

void
cd9660_name_set(struct cd9660_name *name, const char *text, size_t len)
{

	KASSERT(len <= KERNEL_NAME_MAX);
	memcpy(name->nm_text, text, len);
	name->nm_text[len] = '\0';
	name->nm_len = name->nm_base = len;
	name->nm_version = 0;
}

enum cd9660_match
cd9660_name_match(const struct cd9660_mount *cm,
    const struct cd9660_name *name, const char *text, size_t base)
{
	size_t i;

	if (name->nm_base != base)
		return CD9660_DIFFERENT;
	if (memcmp(name->nm_text, text, base) == 0)
		return CD9660_SAME;
	if (cm->cm_style == CD9660_RRIP &&
	    (cm->cm_flags & ISOFSMNT_RRCASEINS) == 0)
		return CD9660_DIFFERENT;
	for (i = 0; i < base; i++) {
		if (fold(name->nm_text[i]) != fold(text[i]))
			return CD9660_DIFFERENT;
	}
	return CD9660_ALIKE;
}

uint32_t
cd9660_name_hash(const char *text, size_t base)
{
	uint32_t hash = HASH32_BUF_INIT;
	size_t i;
	char c;

	for (i = 0; i < base; i++) {
		c = fold(text[i]);
		hash = hash32_buf(&c, 1, hash);
	}
	return hash;
}
