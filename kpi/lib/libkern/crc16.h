/* SPDX-License-Identifier: BSD-2-Clause */
/* CRC-16 with polynomial x^16 + x^15 + x^2 + 1, bits reflected. */
#ifndef _LIB_LIBKERN_CRC16_H_
#define _LIB_LIBKERN_CRC16_H_

#include <sys/types.h>

/* Continue crc (start: what the user's format says) over len bytes. */
static __inline uint16_t
crc16(uint16_t crc, const uint8_t *data, size_t len)
{
	unsigned int bit;

	for (; len != 0; len--) {
		crc ^= *data++;
		for (bit = 0; bit < 8; bit++)
			crc = (crc >> 1) ^ ((crc & 1) != 0 ? 0xa001 : 0);
	}
	return crc;
}

#endif /* _LIB_LIBKERN_CRC16_H_ */
