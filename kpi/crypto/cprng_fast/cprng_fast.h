/* SPDX-License-Identifier: BSD-2-Clause */
/* cprng(9): the functions that may be called from anywhere. */
#ifndef _CRYPTO_CPRNG_FAST_CPRNG_FAST_H_
#define _CRYPTO_CPRNG_FAST_CPRNG_FAST_H_

#include <sys/types.h>

void	cprng_fast_init(void);
size_t	cprng_fast(void *, size_t);
uint32_t cprng_fast32(void);
uint64_t cprng_fast64(void);

#endif /* _CRYPTO_CPRNG_FAST_CPRNG_FAST_H_ */
