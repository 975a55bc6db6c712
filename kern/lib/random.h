/* SPDX-License-Identifier: BSD-2-Clause */
/* The root of all random numbers, for the code that collects entropy. */
#ifndef _KERN_LIB_RANDOM_H_
#define _KERN_LIB_RANDOM_H_

#include <sys/types.h>

/* Mix data into the root; every generator is keyed anew. */
void	random_stir(const void *data, size_t len);

/* How often the root was keyed or stirred; never 0 after boot. */
unsigned int random_epoch(void);

/* Fill buf straight from the root. */
void	random_extract(void *buf, size_t len);

#endif /* _KERN_LIB_RANDOM_H_ */
