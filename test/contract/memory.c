/* SPDX-License-Identifier: BSD-2-Clause */

/*
 * Memory: alignment, use of every byte, refusal, mappings.
 */

#include "kernel.h"

#include <string.h>

static void
alignment(void)
{
	static const size_t lengths[] = { 1, 24, 512, 4096, 5000, 65536, 300000, 1 << 20, (4 << 20) + 1 };
	void *mem[2];

	kernel_boot(1);
	for (size_t i = 0; i < sizeof(lengths) / sizeof(lengths[0]); i++)
		for (int align = 0; align <= 1 << 20; align = align == 0 ? 1 : align * 4)
			for (int n = 0; n < 2; n++) {
				T_ASSERT_EQ(rumpuser_malloc(lengths[i], align, &mem[n]), 0);
				T_CHECK_EQ((uintptr_t)mem[n] % (align == 0 ? _Alignof(max_align_t) : (size_t)align), 0);
				memset(mem[n], 0x5a, lengths[i]);
				if (n == 0)
					continue;
				T_CHECK(mem[0] != mem[1]);
				rumpuser_free(mem[0], lengths[i]);
				T_CHECK_EQ(((unsigned char *)mem[1])[lengths[i] - 1], 0x5a);
				rumpuser_free(mem[1], lengths[i]);
			}
	kernel_halt();
}

static void
refusal(void)
{
	void *mem;

	kernel_boot(1);
	T_CHECK_EQ(rumpuser_malloc(SIZE_MAX - (2 << 20), 0, &mem), K_ENOMEM);
	T_CHECK_EQ(rumpuser_malloc(16, 3, &mem), K_EINVAL);
	T_CHECK_EQ(rumpuser_malloc(16, -8, &mem), K_EINVAL);
	T_CHECK_EQ(rumpuser_anonmmap(NULL, 0, 0, 0, &mem), K_EINVAL);
	T_CHECK_EQ(rumpuser_anonmmap(NULL, 4096, -1, 0, &mem), K_EINVAL);
	T_CHECK_EQ(rumpuser_anonmmap(NULL, SIZE_MAX - (2 << 20), 0, 0, &mem), K_ENOMEM);
	rumpuser_free(NULL, 10);
	kernel_halt();
}

static void
mapping(void)
{
	unsigned char *p;
	void *mem;

	kernel_boot(1);
	for (int bit = 0; bit <= 20; bit += 5) {
		T_ASSERT_EQ(rumpuser_anonmmap(NULL, 10000, bit, 0, &mem), 0);
		T_CHECK_EQ((uintptr_t)mem & (((uintptr_t)1 << bit) - 1), 0);
		p = mem;
		for (int i = 0; i < 10000; i++)
			T_ASSERT(p[i] == 0);
		memset(p, 0xff, 10000);
		rumpuser_unmap(mem, 10000);
	}
	kernel_halt();
}

/* A function for x86-64 and AArch64 that returns 42, where it may run. */
static void
executable_mapping(void)
{
#if defined(__x86_64__)
	static const unsigned char code[] = { 0xb8, 42, 0, 0, 0, 0xc3 };
#elif defined(__aarch64__)
	static const unsigned char code[] = { 0x40, 0x05, 0x80, 0x52, 0xc0, 0x03, 0x5f, 0xd6 };
#else
	static const unsigned char code[1];
#endif
	void *mem;
	int error;

	kernel_boot(1);
	error = rumpuser_anonmmap(NULL, 4096, 12, 1, &mem);
	if (kernel_fibers())
		T_CHECK_EQ(error, K_EACCES);
	else if (sizeof(code) > 1 && T_CHECK_EQ(error, 0)) {
		memcpy(mem, code, sizeof(code));
		__builtin___clear_cache(mem, (char *)mem + sizeof(code));
		T_CHECK_EQ(((int (*)(void))(uintptr_t)mem)(), 42);
		rumpuser_unmap(mem, 4096);
	}
	kernel_halt();
}

T_MAIN(T(alignment), T(refusal), T(mapping), T(executable_mapping))
