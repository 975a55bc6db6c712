/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * proplib, from inside the kernel.  With the argument `dump' a dictionary is
 * printed as text, for another implementation to read.
 */
#include <rump/rump.h>

#include "t.h"

int	rump_test_prop(int (*)(void));
int	rump_test_prop_values(void);
int	rump_test_prop_arrays(void);
int	rump_test_prop_iterators(void);
int	rump_test_prop_text(void);
int	rump_test_prop_bad_text(void);
int	rump_test_prop_ioctl(void);
int	rump_test_prop_random(void);
char	*rump_test_prop_dump(void);

#define INSIDE(name) \
static void \
name(void) \
{ \
\
	T_CHECK_EQ(rump_test_prop(rump_test_prop_##name), 0); \
}

INSIDE(values)
INSIDE(arrays)
INSIDE(iterators)
INSIDE(text)
INSIDE(bad_text)
INSIDE(ioctl)
INSIDE(random)

int
main(int argc, char **argv)
{
	static const struct t_case cases[] = {
		T(values), T(arrays), T(iterators), T(text), T(bad_text),
		T(ioctl), T(random),
	};

	if (rump_init() != 0) {
		t_puts("Bail out! the kernel does not boot\n");
		return 1;
	}
	if (argc == 2 && t_streq(argv[1], "dump")) {
		t_puts(rump_test_prop_dump());
		return 0;
	}
	return t_main(cases, sizeof(cases) / sizeof(cases[0]), argc, argv);
}
