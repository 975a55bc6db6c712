/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Byte order: htobe32(3) and relatives convert values; be32enc(3) and
 * relatives read and write unaligned words in memory.
 */
#ifndef _SYS_ENDIAN_H_
#define _SYS_ENDIAN_H_

#include <sys/ansi.h>
#include <sys/bswap.h>
#include <sys/cdefs.h>
#include <sys/stdint.h>

#define _LITTLE_ENDIAN	1234
#define _BIG_ENDIAN	4321
#define _PDP_ENDIAN	3412
#define LITTLE_ENDIAN	_LITTLE_ENDIAN
#define BIG_ENDIAN	_BIG_ENDIAN
#define PDP_ENDIAN	_PDP_ENDIAN

typedef __in_addr_t	in_addr_t;
typedef __in_port_t	in_port_t;

#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
#define _BYTE_ORDER	_LITTLE_ENDIAN
#define _QUAD_HIGHWORD	1
#define _QUAD_LOWWORD	0
#define __KPI_TO_BE(bits, x)	__CONCAT(bswap, bits)(x)
#define __KPI_TO_LE(bits, x)	((uint##bits##_t)(x))
#else
#define _BYTE_ORDER	_BIG_ENDIAN
#define _QUAD_HIGHWORD	0
#define _QUAD_LOWWORD	1
#define __KPI_TO_BE(bits, x)	((uint##bits##_t)(x))
#define __KPI_TO_LE(bits, x)	__CONCAT(bswap, bits)(x)
#endif
#define BYTE_ORDER	_BYTE_ORDER

#define htobe16(x)	__KPI_TO_BE(16, x)
#define htobe32(x)	__KPI_TO_BE(32, x)
#define htobe64(x)	__KPI_TO_BE(64, x)
#define htole16(x)	__KPI_TO_LE(16, x)
#define htole32(x)	__KPI_TO_LE(32, x)
#define htole64(x)	__KPI_TO_LE(64, x)
#define be16toh(x)	htobe16(x)
#define be32toh(x)	htobe32(x)
#define be64toh(x)	htobe64(x)
#define le16toh(x)	htole16(x)
#define le32toh(x)	htole32(x)
#define le64toh(x)	htole64(x)
#define htons(x)	htobe16(x)
#define htonl(x)	htobe32(x)
#define ntohs(x)	htobe16(x)
#define ntohl(x)	htobe32(x)

/* In place. */
#define HTONS(x)	((x) = htons((uint16_t)(x)))
#define HTONL(x)	((x) = htonl((uint32_t)(x)))
#define NTOHS(x)	((x) = ntohs((uint16_t)(x)))
#define NTOHL(x)	((x) = ntohl((uint32_t)(x)))
#define HTOBE16(x)	((x) = htobe16(x))
#define HTOBE32(x)	((x) = htobe32(x))
#define HTOBE64(x)	((x) = htobe64(x))
#define HTOLE16(x)	((x) = htole16(x))
#define HTOLE32(x)	((x) = htole32(x))
#define HTOLE64(x)	((x) = htole64(x))
#define BE16TOH(x)	HTOBE16(x)
#define BE32TOH(x)	HTOBE32(x)
#define BE64TOH(x)	HTOBE64(x)
#define LE16TOH(x)	HTOLE16(x)
#define LE32TOH(x)	HTOLE32(x)
#define LE64TOH(x)	HTOLE64(x)

/* A word at any address, in the named order. */
#define __KPI_ENCDEC(order, bits)					\
static __inline __unused void						\
order##bits##enc(void *p, uint##bits##_t v)				\
{									\
	uint##bits##_t w = hto##order##bits(v);				\
									\
	__builtin_memcpy(p, &w, sizeof(w));				\
}									\
static __inline __unused uint##bits##_t					\
order##bits##dec(const void *p)						\
{									\
	uint##bits##_t w;						\
									\
	__builtin_memcpy(&w, p, sizeof(w));				\
	return order##bits##toh(w);					\
}
__KPI_ENCDEC(be, 16)
__KPI_ENCDEC(be, 32)
__KPI_ENCDEC(be, 64)
__KPI_ENCDEC(le, 16)
__KPI_ENCDEC(le, 32)
__KPI_ENCDEC(le, 64)
#undef __KPI_ENCDEC

#endif
