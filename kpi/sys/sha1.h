/* SPDX-License-Identifier: BSD-2-Clause */
/* SHA-1 message digest.  Ref: FIPS 180-4. */
#ifndef _SYS_SHA1_H_
#define _SYS_SHA1_H_

#include <sys/types.h>

#define SHA1_BLOCK_LENGTH		64
#define SHA1_DIGEST_LENGTH		20
#define SHA1_DIGEST_STRING_LENGTH	41

typedef struct {
	uint32_t state[5];
	uint32_t count[2];		/* bits, low word first */
	uint8_t buffer[SHA1_BLOCK_LENGTH];
} SHA1_CTX;

void	SHA1Transform(uint32_t[5], const uint8_t[SHA1_BLOCK_LENGTH]);
void	SHA1Init(SHA1_CTX *);
void	SHA1Update(SHA1_CTX *, const uint8_t *, unsigned int);
void	SHA1Final(uint8_t[SHA1_DIGEST_LENGTH], SHA1_CTX *);

#endif /* _SYS_SHA1_H_ */
