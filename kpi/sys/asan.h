/* SPDX-License-Identifier: BSD-2-Clause */
/* Hooks of an address sanitizer that lives in the kernel.  Ours is the host's. */
#ifndef _SYS_ASAN_H_
#define _SYS_ASAN_H_

#ifdef _KERNEL

#include <sys/cdefs.h>
#include <sys/types.h>

#define kasan_early_init(s)		__nothing
#define kasan_init()			__nothing
#define kasan_shadow_map(a, s)		__nothing
#define kasan_softint(l)		__nothing
#define kasan_dma_sync(m, a, s, o)	__nothing
#define kasan_dma_load(m, b, s, o)	__nothing
#define kasan_add_redzone(s)		__nothing
#define kasan_mark(p, s, l, c)		__nothing

#endif /* _KERNEL */
#endif /* _SYS_ASAN_H_ */
