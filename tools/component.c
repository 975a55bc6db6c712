/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Compiled into every component library, with COMPONENT its name.
 *
 *   rump_component_NAME   what the linker script behind -lNAME asks for
 *   a constructor         tells the kernel where the library's writable data
 *                         is, so that a halt can restore it (kern/image.c)
 *
 * In a static program all components share one pair of sections and register
 * the same range; a shared library has its own.
 */
#include <sys/cdefs.h>
#include <sys/types.h>

#include <rump-private/image.h>

extern char __start_rump_data[] __weak __dso_hidden;
extern char __stop_rump_data[] __weak __dso_hidden;
extern char __start_rump_bss[] __weak __dso_hidden;
extern char __stop_rump_bss[] __weak __dso_hidden;

extern const char __CONCAT(rump_component_, COMPONENT)[];
const char __CONCAT(rump_component_, COMPONENT)[] = ___STRING(COMPONENT);

static struct rump_image_range range;

static void __attribute__((__constructor__(101)))
image_range_register(void)
{

	range.ir_data = __start_rump_data;
	range.ir_data_end = __stop_rump_data;
	range.ir_bss = __start_rump_bss;
	range.ir_bss_end = __stop_rump_bss;
	rump_image_register(&range);
}
