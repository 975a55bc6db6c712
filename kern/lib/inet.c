/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * IPv4 addresses as text.  Ref: inet(3).
 */

#include <sys/types.h>
#include <sys/endian.h>
#include <sys/systm.h>

/* Dotted quad of an address in network order, in a static buffer. */
char *
intoa(u_int32_t addr)
{
	static char text[sizeof("255.255.255.255")];
	uint32_t a = be32toh(addr);

	snprintf(text, sizeof(text), "%u.%u.%u.%u", a >> 24, a >> 16 & 0xff,
	    a >> 8 & 0xff, a & 0xff);
	return text;
}

/*
 * Address in network order of "a", "a.b", "a.b.c" or "a.b.c.d", each decimal,
 * octal or hexadecimal as in C, the last one filling all bytes that remain.
 *
 * Returns all ones (255.255.255.255) if s is none.
 */
u_int32_t
inet_addr(const char *s)
{
	uint32_t addr = 0;
	int bits = 32;

	for (;;) {
		char *end;
		unsigned long long part;
		bool last;

		if (!isdigit((unsigned char)*s))
			return 0xffffffff;
		part = strtoull(s, &end, 0);
		last = *end == '\0' || isspace((unsigned char)*end);
		if (last)
			return part >> bits != 0 ? 0xffffffff :
			    htobe32(addr | (uint32_t)part);
		if (*end != '.' || part > 255 || bits == 8)
			return 0xffffffff;
		bits -= 8;
		addr |= (uint32_t)part << bits;
		s = end + 1;
	}
}
