/* SPDX-License-Identifier: BSD-2-Clause */

/*
 * Start and end: versions, a second life, nothing after the end.
 */

#include "kernel.h"

static const struct rumpuser_hyperup no_upcalls;

static void
version_must_match(void)
{

	T_CHECK(rumpuser_init(RUMPUSER_VERSION - 1, &no_upcalls) != 0);
	T_CHECK(rumpuser_init(RUMPUSER_VERSION + 1, &no_upcalls) != 0);
	T_CHECK_EQ(rumpuser_init(RUMPUSER_VERSION, &no_upcalls), 0);
}

static void
second_version_must_match(void)
{
	static const struct rumpuser2_hyperup up;

	T_CHECK_EQ(rumpuser2_init(RUMPUSER2_VERSION + 1, &up), K_EINVAL);
	T_CHECK_EQ(rumpuser2_init(RUMPUSER2_VERSION, &up), 0);
	rumpuser2_fini();
}

static void
nothing(void *arg)
{

	(void)arg;
}

static void
lives_again(void)
{
	struct runner r;

	for (int life = 0; life < 3; life++) {
		kernel_boot(2);
		runner_start(&r, nothing, NULL);
		runner_join(&r);
		kernel_halt();
	}
	T_CHECK(kernel_lwp() == NULL);
}

static void
server_is_refused(void)
{
	char buf[8];
	size_t len = sizeof(buf);
	void *addr;

	kernel_boot(1);
	T_CHECK_EQ(rumpuser_sp_init("unix://x", "NetBSD", "9", "amd64"), K_EOPNOTSUPP);
	T_CHECK_EQ(rumpuser_sp_copyin(NULL, buf, buf, 1), K_EOPNOTSUPP);
	T_CHECK_EQ(rumpuser_sp_copyinstr(NULL, buf, buf, &len), K_EOPNOTSUPP);
	T_CHECK_EQ(rumpuser_sp_copyout(NULL, buf, buf, 1), K_EOPNOTSUPP);
	T_CHECK_EQ(rumpuser_sp_copyoutstr(NULL, buf, buf, &len), K_EOPNOTSUPP);
	T_CHECK_EQ(rumpuser_sp_anonmmap(NULL, 4096, &addr), K_EOPNOTSUPP);
	T_CHECK_EQ(rumpuser_sp_raise(NULL, 1), K_EOPNOTSUPP);
	rumpuser_sp_fini(NULL);
	kernel_halt();
}

T_MAIN(T(version_must_match), T(second_version_must_match), T(lives_again), T(server_is_refused))
