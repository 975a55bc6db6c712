/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * kmem(9): general purpose memory for kernel code in thread context.
 *
 * The caller remembers the size; allocation and release must name the same
 * one.  Memory is aligned to 16 bytes, and to COHERENCY_UNIT if the size is a
 * multiple of that.  KM_SLEEP requests do not fail.  kmem_intr_* may also be
 * used by soft interrupts and by whoever may not sleep, with KM_NOSLEEP.
 */
#ifndef _SYS_KMEM_H_
#define _SYS_KMEM_H_

#include <sys/types.h>
#include <sys/cdefs.h>
#include <sys/stdarg.h>

typedef unsigned int km_flag_t;

#define KM_SLEEP	0x00000001
#define KM_NOSLEEP	0x00000002

void	*kmem_alloc(size_t, km_flag_t);
void	*kmem_zalloc(size_t, km_flag_t);
void	 kmem_free(void *, size_t);

void	*kmem_intr_alloc(size_t, km_flag_t);
void	*kmem_intr_zalloc(size_t, km_flag_t);
void	 kmem_intr_free(void *, size_t);

/* A buffer of the caller is used when it is large enough, else memory. */
void	*kmem_tmpbuf_alloc(size_t, void *, size_t, km_flag_t);
void	 kmem_tmpbuf_free(void *, size_t, void *);

/* Strings: released by kmem_strfree. */
char	*kmem_asprintf(const char *, ...) __printflike(1, 2);
char	*kmem_strdupsize(const char *, size_t *, km_flag_t);
char	*kmem_strndup(const char *, size_t, km_flag_t);
void	 kmem_strfree(char *);
#define kmem_strdup(s, f)	kmem_strdupsize((s), NULL, (f))

size_t	kmem_roundup_size(size_t);
void	kmem_init(void);

#endif /* _SYS_KMEM_H_ */
