/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Compiled into every component library, with COMPONENT its name.
 *
 *   rump_component_NAME   what the linker script behind -lNAME asks for
 *   a constructor         tells the kernel where the library's writable data
 *                         is, so that a halt can restore it (kern/image.c), and
 *                         its link sets (kern/component.c)
 *
 * In a static program all components share one pair of sections and register
 * the same range; a shared library has its own.
 */
#include <sys/cdefs.h>
#include <sys/null.h>
#include <sys/types.h>

#include <rump-private/image.h>

extern char __start_rump_data[] __weak __dso_hidden;
extern char __stop_rump_data[] __weak __dso_hidden;
extern char __start_rump_bss[] __weak __dso_hidden;
extern char __stop_rump_bss[] __weak __dso_hidden;

extern const char __CONCAT(rump_component_, COMPONENT)[];
const char __CONCAT(rump_component_, COMPONENT)[] = ___STRING(COMPONENT);

/* The link sets that the kernel looks for in every object. */
#define SETS(SET)							\
	SET(rump_components) SET(modules) SET(sysctl_funcs) SET(evcnts)	\
	SET(domains) SET(dkwedge_methods)

#define SET_DECLARE(name)						\
extern const void *const __start_link_set_##name[] __weak __dso_hidden;	\
extern const void *const __stop_link_set_##name[] __weak __dso_hidden;
SETS(SET_DECLARE)

#define SET_ENTRY(name)							\
	{ #name, __start_link_set_##name, __stop_link_set_##name },
static const struct rump_image_set sets[] = {
	SETS(SET_ENTRY)
	{ NULL, NULL, NULL }
};

static struct rump_image_range range __section("rump_keep");

static void __attribute__((__constructor__(101)))
image_range_register(void)
{

	range.ir_data = __start_rump_data;
	range.ir_data_end = __stop_rump_data;
	range.ir_bss = __start_rump_bss;
	range.ir_bss_end = __stop_rump_bss;
	range.ir_sets = sets;
	rump_image_register(&range);
}
