/* SPDX-License-Identifier: BSD-2-Clause */
/* Parts of the file layer that drivers use, tested from inside the kernel. */
#include <errno.h>
#include <string.h>

#include <rump/rump.h>
#include <rump/rump_syscalls.h>
#include <rump/rumpdefs.h>

#include "boot.h"

int	rump_test_uio(void);
int	rump_test_strings(void);
int	rump_test_devsw(void);
int	rump_test_kauth(void);
int	rump_test_sysctl(void);
int	rump_test_hook(void);
int	rump_test_modules(void);
int	rump_test_establish(void);
int	rump_test_run(int (*)(void));

/* 0, or the line of parts_kernel.c where a check failed. */
#define INSIDE(name) \
static void \
name(void) \
{ \
\
	T_CHECK_EQ(rump_test_run(rump_test_##name), 0); \
}

INSIDE(uio)
INSIDE(strings)
INSIDE(devsw)
INSIDE(kauth)
INSIDE(sysctl)
INSIDE(hook)
INSIDE(modules)
INSIDE(establish)

/* What modctl lists: the test's own modules among others. */
static void
module_list(void)
{
	static struct {
		int	count;
		char	rest[32768];
	} list;
	struct iovec { void *base; size_t len; } iov = { &list, sizeof(list) };
	struct rump_modstat ms;
	int i, found = 0;

	T_ASSERT_EQ(rump_sys_modctl(RUMP_MODCTL_STAT, &iov), 0);
	T_CHECK(iov.len < sizeof(list) && list.count >= 4);
	for (i = 0; i < list.count; i++) {
		memcpy(&ms, list.rest + (size_t)i * sizeof(ms), sizeof(ms));
		if (strcmp(ms.ms_name, "test_beta") != 0)
			continue;
		found++;
		T_CHECK_EQ(ms.ms_class, RUMP_MODULE_CLASS_MISC);
		T_CHECK(ms.ms_reqoffset != 0);
		T_CHECK_STR(list.rest + (size_t)list.count * sizeof(ms) +
		    ms.ms_reqoffset, "test_alpha");
	}
	T_CHECK_EQ(found, 1);
}

BOOT_MAIN(
	T(uio),
	T(strings),
	T(devsw),
	T(kauth),
	T(sysctl),
	T(hook),
	T(modules),
	T(establish),
	T(module_list)
)
