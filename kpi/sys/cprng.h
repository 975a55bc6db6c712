/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * cprng(9): random numbers that nobody can predict.
 *
 * One generator (ChaCha20 with fast key erasure, per CPU, keyed by the host)
 * stands behind all of these; a cprng_strong_t is a name.
 */
#ifndef _SYS_CPRNG_H_
#define _SYS_CPRNG_H_

#include <sys/types.h>

#ifdef _KERNEL
#include <crypto/cprng_fast/cprng_fast.h>
#endif

#define CPRNG_MAX_LEN	65536

#define CPRNG_INIT_ANY	0x00000001
#define CPRNG_REKEY_ANY	0x00000002
#define CPRNG_USE_CV	0x00000004
#define CPRNG_HARD	0x00000008
#define CPRNG_FMT	"\177\020b\0INIT_ANY\0b\1REKEY_ANY\0b\2USE_CV\0b\3HARD\0"

#ifdef _KERNEL

typedef struct cprng_strong cprng_strong_t;

extern cprng_strong_t *kern_cprng;
extern cprng_strong_t *user_cprng;

void	cprng_init(void);
cprng_strong_t *cprng_strong_create(const char *, int, int);
void	cprng_strong_destroy(cprng_strong_t *);
size_t	cprng_strong(cprng_strong_t *, void *, size_t, int);
uint32_t cprng_strong32(void);
uint64_t cprng_strong64(void);

#endif /* _KERNEL */
#endif /* _SYS_CPRNG_H_ */
