/* SPDX-License-Identifier: BSD-2-Clause */
/* Hooks of a memory sanitizer that lives in the kernel.  Ours is the host's. */
#ifndef _SYS_MSAN_H_
#define _SYS_MSAN_H_

#ifdef _KERNEL

#include <sys/cdefs.h>
#include <sys/types.h>

#define KMSAN_STATE_UNINIT	0xff
#define KMSAN_STATE_INITED	0x00
#define KMSAN_TYPE_STACK	0
#define KMSAN_TYPE_KMEM		1
#define KMSAN_TYPE_MALLOC	2
#define KMSAN_TYPE_POOL		3
#define KMSAN_TYPE_UVM		4

#define kmsan_init(s)			__nothing
#define kmsan_shadow_map(a, s)		__nothing
#define kmsan_lwp_alloc(l)		__nothing
#define kmsan_lwp_free(l)		__nothing
#define kmsan_dma_sync(m, a, s, o)	__nothing
#define kmsan_dma_load(m, b, s, o)	__nothing
#define kmsan_orig(p, s, c, a)		__nothing
#define kmsan_mark(p, s, c)		__nothing
#define kmsan_check_mbuf(m)		__nothing
#define kmsan_check_buf(b)		__nothing

#endif /* _KERNEL */
#endif /* _SYS_MSAN_H_ */
