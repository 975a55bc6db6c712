/* SPDX-License-Identifier: BSD-2-Clause */

/*
 * Short names: eight bytes and three, in upper case.
 *
 * A name that is one but for its case is stored as one, and if all letters of
 * its basis, or of its extension, are small, de_case says so; then it needs no
 * long name.  Any other has a long name, and a short one beside it: made of its
 * letters, and if that is not all of it or is taken, with a tail as Windows
 * makes it: ~1 to ~4, then four digits of a hash of the long name and ~1 to ~9.
 *
 * Bytes above 0x7f are read as code page 850, and never written: what is not
 * ASCII is an underscore in a short name.
 *
 * Ref: FAT specification, "Basis-Name Generation", "Numeric-Tail Generation".
 */

#include "msdosfs.h"

#include <sys/systm.h>

#include <fs/msdosfs/msdosfsmount.h>

#include "cp850.h"

#define BASE		8
#define EXTENSION	3
#define PLAIN_TAILS	4

uint8_t
msdosfs_short_checksum(const uint8_t name[11])
{
	uint8_t sum = 0;
	int i;

	for (i = 0; i < BASE + EXTENSION; i++)
		sum = ((sum & 1) << 7) + (sum >> 1) + name[i];
	return sum;
}

/* ----------------------------------------------------------------- decoding */

static uint16_t
decode_byte(uint8_t c, bool lower)
{

	if (c >= 0x80)
		return cp850_units[c - 0x80];
	if (c < ' ' || c == '/' || c == 0x7f)
		return '_';
	return lower && c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c;
}

/* Without the spaces that fill it. */
static unsigned int
decode_part(const uint8_t *part, unsigned int len, bool lower, uint16_t *text)
{
	unsigned int i;

	while (len > 0 && part[len - 1] == ' ')
		len--;
	for (i = 0; i < len; i++)
		text[i] = decode_byte(part[i], lower);
	return len;
}

unsigned int
msdosfs_short_decode(const struct msdosfs_mount *mm,
    const struct fat_dirent *de, uint16_t text[12])
{
	const uint8_t flags = (mm->mm_flags & MSDOSFSMNT_NOWIN95) != 0 ?
	    0 : de->de_case;
	uint8_t name[BASE + EXTENSION];
	unsigned int len, n;

	memcpy(name, de->de_name, sizeof(name));
	if (name[0] == FAT_SLOT_E5)
		name[0] = 0xe5;
	len = decode_part(name, BASE, (flags & FAT_CASE_BASE) != 0, text);
	n = decode_part(name + BASE, EXTENSION,
	    (flags & FAT_CASE_EXTENSION) != 0, text + len + 1);
	if (n != 0) {
		text[len] = '.';
		len += n + 1;
	}
	/* What would be no name at all. */
	if (len == 0 || (text[0] == '.' && (len == 1 ||
	    (len == 2 && text[1] == '.')))) {
		text[0] = '_';
		len = 1;
	}
	return len;
}

/* ----------------------------------------------------------------- encoding */

/* What a part of a name becomes. */
struct part {
	uint8_t		pt_text[BASE];
	unsigned int	pt_len;
	bool		pt_lossy;
	bool		pt_lower;	/* has small letters */
	bool		pt_upper;	/* has capital letters */
};

static bool
is_short_char(uint16_t unit)
{

	if (unit <= ' ' || unit >= 0x7f)
		return false;
	switch (unit) {
	case '"': case '*': case '+': case ',': case '.': case '/': case ':':
	case ';': case '<': case '=': case '>': case '?': case '[': case '\\':
	case ']': case '|':
		return false;
	default:
		return true;
	}
}

static void
encode_part(struct part *part, const uint16_t *text, unsigned int len,
    unsigned int room)
{
	unsigned int i;
	uint16_t unit;

	memset(part, 0, sizeof(*part));
	memset(part->pt_text, ' ', sizeof(part->pt_text));
	for (i = 0; i < len; i++) {
		unit = text[i];
		if (unit == ' ' || unit == '.' || part->pt_len == room) {
			part->pt_lossy = true;
			continue;
		}
		if (!is_short_char(unit)) {
			part->pt_lossy = true;
			unit = '_';
		} else if (unit >= 'a' && unit <= 'z') {
			part->pt_lower = true;
			unit = unit - 'a' + 'A';
		} else if (unit >= 'A' && unit <= 'Z') {
			part->pt_upper = true;
		}
		part->pt_text[part->pt_len++] = unit;
	}
}

enum msdosfs_fit
msdosfs_short_encode(const struct msdosfs_name *name, uint8_t out[11],
    uint8_t *casep)
{
	unsigned int first = 0, dot, end = name->nm_len;
	struct part base, extension;

	while (first < end && (name->nm_text[first] == '.' ||
	    name->nm_text[first] == ' '))
		first++;
	for (dot = end; dot > first && name->nm_text[dot - 1] != '.'; dot--)
		continue;
	if (dot == first)
		dot = end + 1;		/* none: where it would be, and one */
	encode_part(&base, name->nm_text + first, dot - 1 - first, BASE);
	if (dot > end)
		dot = end;
	encode_part(&extension, name->nm_text + dot, end - dot, EXTENSION);
	if (base.pt_len == 0) {
		base.pt_text[0] = '_';
		base.pt_lossy = true;
	}
	memcpy(out, base.pt_text, BASE);
	memcpy(out + BASE, extension.pt_text, EXTENSION);
	*casep = 0;
	if (first != 0 || base.pt_lossy || extension.pt_lossy)
		return MSDOSFS_FITS_NOT;
	if ((base.pt_lower && base.pt_upper) ||
	    (extension.pt_lower && extension.pt_upper))
		return MSDOSFS_FITS_NOT_CASE;
	if (base.pt_lower)
		*casep |= FAT_CASE_BASE;
	if (extension.pt_lower)
		*casep |= FAT_CASE_EXTENSION;
	return MSDOSFS_FITS;
}

/* How much of the basis there is, at most so many bytes. */
static unsigned int
basis_length(const uint8_t basis[11], unsigned int most)
{
	unsigned int len = most;

	while (len > 0 && basis[len - 1] == ' ')
		len--;
	return len;
}

void
msdosfs_short_tail(const struct msdosfs_name *name, const uint8_t basis[11],
    unsigned int n, uint8_t out[11])
{
	unsigned int len, digit, i;
	uint16_t hash;

	memset(out, ' ', BASE);
	memcpy(out + BASE, basis + BASE, EXTENSION);
	if (n <= PLAIN_TAILS) {
		len = basis_length(basis, BASE - 2);
		digit = n;
		memcpy(out, basis, len);
	} else {
		n -= PLAIN_TAILS + 1;
		digit = n % 9 + 1;
		hash = msdosfs_name_hash(name->nm_text, name->nm_len) + n / 9;
		len = basis_length(basis, 2);
		memcpy(out, basis, len);
		for (i = 0; i < 4; i++, hash <<= 4)
			out[len++] = "0123456789ABCDEF"[hash >> 12];
	}
	out[len++] = '~';
	out[len] = '0' + digit;
}
