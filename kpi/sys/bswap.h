/* SPDX-License-Identifier: BSD-2-Clause */
/* bswap(3): reverse the bytes of a 16, 32 or 64 bit word; constants fold. */
#ifndef _SYS_BSWAP_H_
#define _SYS_BSWAP_H_

#include <sys/stdint.h>

#define bswap16(x)	((uint16_t)__builtin_bswap16(x))
#define bswap32(x)	((uint32_t)__builtin_bswap32(x))
#define bswap64(x)	((uint64_t)__builtin_bswap64(x))

#endif
