/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Kernel-side halves of the tests of memory: each runs in the kernel, on a
 * virtual CPU, compares what an allocator does with a model of it, and returns
 * NULL or what went wrong.
 */
#ifndef TEST_MEM_MEMTEST_H
#define TEST_MEM_MEMTEST_H

/* seed: of the random operations. */
const char *rump_test_pool(unsigned int seed);
const char *rump_test_pool_cache(unsigned int seed);
const char *rump_test_pool_limits(unsigned int seed);
const char *rump_test_growth(unsigned int seed);
const char *rump_test_kmem(unsigned int seed);
const char *rump_test_mallocs(unsigned int seed);
const char *rump_test_pages(unsigned int seed);
const char *rump_test_aobj(unsigned int seed);
const char *rump_test_small_objects(unsigned int seed);
const char *rump_test_vmem(unsigned int seed);
const char *rump_test_vmem_import(unsigned int seed);
const char *rump_test_vmem_import_rules(unsigned int seed);
const char *rump_test_extent(unsigned int seed);
const char *rump_test_radixtree(unsigned int seed);
const char *rump_test_rbtree(unsigned int seed);
const char *rump_test_tree(unsigned int seed);

/* With RUMP_MEMLIMIT set: memory runs out, and comes back. */
const char *rump_test_limit(unsigned int seed);
const char *rump_test_reserve(unsigned int seed);

/* For several threads at a time; and when they are gone. */
const char *rump_test_stress(unsigned int seed);
void	rump_test_stress_end(void);

/* Do something that a memory checker must notice; returns if it did not. */
void	rump_test_plant(const char *which);

/* One step of a simple generator (xorshift). */
static inline unsigned int
memtest_random(unsigned int *state)
{
	unsigned int x = *state != 0 ? *state : 1;

	x ^= x << 13;
	x ^= x >> 17;
	x ^= x << 5;
	return *state = x;
}

#define MEMTEST_STR2(x)	#x
#define MEMTEST_STR(x)	MEMTEST_STR2(x)

/* Give up with the text of what does not hold. */
#define EXPECT(cond)							\
do {									\
	if (!(cond))							\
		return __FILE__ ":" MEMTEST_STR(__LINE__) ": " #cond;	\
} while (0)

#endif
