/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * One UTF-16 unit to and from UTF-8.
 *
 * Units of a surrogate pair are converted one by one (three bytes each), so
 * that every name of 16-bit units has a form in bytes, and back.
 */
#ifndef _FS_UNICODE_H_
#define _FS_UNICODE_H_

#include <sys/types.h>

/*
 * Take one unit from a UTF-8 string.
 *
 * str    where the string goes on; advanced.
 * sz     bytes left, at least 1; lowered.
 *
 * Returns the unit.  A byte that does not begin a well-formed sequence of at
 * most three bytes stands for itself, as in Latin-1.
 */
static inline u_int16_t
wget_utf8(const char **str, size_t *sz)
{
	const unsigned char *p = (const unsigned char *)*str;
	unsigned int lead = p[0], unit = lead;
	size_t i, len = 1;

	if (lead >= 0xc2 && lead <= 0xdf)
		len = 2;
	else if (lead >= 0xe0 && lead <= 0xef)
		len = 3;
	if (len > *sz)
		len = 1;
	if (len > 1) {
		unit = lead & (0xffu >> (len + 1));
		for (i = 1; i < len; i++) {
			if ((p[i] & 0xc0) != 0x80)
				break;
			unit = unit << 6 | (p[i] & 0x3f);
		}
		/* cut short, or longer than need be: not UTF-8 */
		if (i < len || (len == 3 && unit < 0x800)) {
			unit = lead;
			len = 1;
		}
	}
	*str += len;
	*sz -= len;
	return (u_int16_t)unit;
}

/*
 * Put one unit as UTF-8.
 *
 * s      where to
 * n      room there, in bytes
 *
 * Returns the bytes stored, 0 if they do not fit.
 */
static inline int
wput_utf8(char *s, size_t n, u_int16_t wc)
{
	unsigned int unit = wc;
	int len = unit < 0x80 ? 1 : unit < 0x800 ? 2 : 3;

	if (n < (size_t)len)
		return 0;
	switch (len) {
	case 1:
		s[0] = (char)unit;
		break;
	case 2:
		s[0] = (char)(0xc0 | unit >> 6);
		s[1] = (char)(0x80 | (unit & 0x3f));
		break;
	default:
		s[0] = (char)(0xe0 | unit >> 12);
		s[1] = (char)(0x80 | (unit >> 6 & 0x3f));
		s[2] = (char)(0x80 | (unit & 0x3f));
		break;
	}
	return len;
}

#endif /* _FS_UNICODE_H_ */
