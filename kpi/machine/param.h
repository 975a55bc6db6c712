/* SPDX-License-Identifier: BSD-2-Clause */
/* Machine parameters: names, page and mbuf sizes. */
#ifndef _MACHINE_PARAM_H_
#define _MACHINE_PARAM_H_

#include <machine/vmparam.h>

#if defined(__x86_64__)
#define MACHINE		"amd64"
#define MACHINE_ARCH	"x86_64"
#elif defined(__i386__)
#define MACHINE		"i386"
#define MACHINE_ARCH	"i386"
#elif defined(__aarch64__)
#define MACHINE		"evbarm"
#define MACHINE_ARCH	"aarch64"
#elif defined(__riscv)
#define MACHINE		"riscv"
#define MACHINE_ARCH	"riscv64"
#elif defined(__s390x__)
#define MACHINE		"s390x"
#define MACHINE_ARCH	"s390x"
#elif defined(__powerpc64__)
#define MACHINE		"evbppc"
#define MACHINE_ARCH	"powerpc64"
#elif defined(__arm__)
#define MACHINE		"evbarm"
#define MACHINE_ARCH	"earmv7hf"
#elif defined(__wasm__)
#define MACHINE		"wasm"
#define MACHINE_ARCH	"wasm32"
#else
#error "no name for this CPU"
#endif

#define PGSHIFT		PAGE_SHIFT
#define NBPG		PAGE_SIZE
#define PGOFSET		PAGE_MASK
#define MAXCPUS		256

/* mbufs: the header and its data, and an external cluster. */
#if __SIZEOF_POINTER__ == 8
#define MSIZE		512
#else
#define MSIZE		256
#endif
#define MCLSHIFT	11
#define MCLBYTES	(1 << MCLSHIFT)

#define NFS_RSIZE	32768
#define NFS_WSIZE	32768
#define MSGBUFSIZE	(16 * NBPG)
#define UPAGES		4
#define USPACE		(UPAGES * NBPG)
#define NKMEMPAGES_MIN_DEFAULT	2048

#define ALIGNED_POINTER(p, t)	(((uintptr_t)(p) & (__alignof(t) - 1)) == 0)

#endif
