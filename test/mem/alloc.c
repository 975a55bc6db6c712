/* SPDX-License-Identifier: BSD-2-Clause */
/* Allocators against models, in a kernel with all the memory it wants. */
#include "../t.h"

#include <rump/rump.h>

#include "memtest.h"

#define SEEDS	4

/* Run in the kernel with several seeds; the first failure is told. */
static void
run(const char *(*test)(unsigned int))
{
	const char *wrong = NULL;
	unsigned int seed;

	rump_schedule();
	for (seed = 1; seed <= SEEDS && wrong == NULL; seed++)
		wrong = test(seed * 7919);
	rump_unschedule();
	T_CHECK_STR(wrong == NULL ? "" : wrong, "");
}

#define CASE(name)							\
static void								\
name(void)								\
{									\
									\
	run(rump_test_##name);						\
}

CASE(pool)
CASE(pool_cache)
CASE(pool_limits)
CASE(growth)
CASE(kmem)
CASE(mallocs)
CASE(pages)
CASE(aobj)
CASE(small_objects)
CASE(vmem)
CASE(vmem_import)
CASE(vmem_import_rules)
CASE(extent)
CASE(radixtree)
CASE(rbtree)
CASE(tree)

static void
boot(void)
{

	T_ASSERT_EQ(rump_init(), 0);
}

static void
halt(void)
{

	T_CHECK_EQ(rump_halt(), 0);
}

T_MAIN(T(boot), T(pool), T(pool_cache), T(pool_limits), T(growth), T(kmem),
    T(mallocs), T(pages), T(aobj), T(small_objects), T(vmem), T(vmem_import),
    T(vmem_import_rules), T(extent), T(radixtree),
    T(rbtree), T(tree), T(halt))
