/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * User and group ids: the same random changes here and, in a child process, on
 * the host's kernel; outcome and ids must agree after each.  Only calls that
 * mean the same on both are used (not seteuid to what is effective already:
 * EPERM here if it is neither real nor saved); the host must let the test be
 * root.
 */
#include <errno.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <rump/rump.h>
#include <rump/rump_syscalls.h>
#include <rump/rumpdefs.h>

#include "boot.h"

#define STEPS	200
#define RUNS	20

struct step {
	int	call;		/* 0 setreuid, 1 seteuid, 2 setregid, 3 setegid */
	int	a, b;
};

struct outcome {
	int	failed;
	int	real, effective;
};

static uint64_t seed;

static unsigned
rnd(unsigned n)
{

	return t_random(&seed, n);
}

static int
some_id(void)
{
	static const int ids[] = { -1, 0, 1000, 1001, 1002 };

	return ids[rnd(5)];
}

static void
plan(struct step *steps)
{
	int i;

	for (i = 0; i < STEPS; i++) {
		steps[i].call = (int)rnd(4);
		steps[i].a = some_id();
		steps[i].b = some_id();
	}
}

static struct outcome
here(const struct step *s)
{
	struct outcome o;

	switch (s->call) {
	case 0:
		o.failed = rump_sys_setreuid((uint32_t)s->a, (uint32_t)s->b);
		break;
	case 1:
		o.failed = s->a == -1 || s->a == (int)rump_sys_geteuid() ? 0 :
		    rump_sys_seteuid((uint32_t)s->a);
		break;
	case 2:
		o.failed = rump_sys_setregid((uint32_t)s->a, (uint32_t)s->b);
		break;
	default:
		o.failed = s->a == -1 || s->a == (int)rump_sys_getegid() ? 0 :
		    rump_sys_setegid((uint32_t)s->a);
		break;
	}
	o.real = (int)(s->call < 2 ? rump_sys_getuid() : rump_sys_getgid());
	o.effective = (int)(s->call < 2 ? rump_sys_geteuid() :
	    rump_sys_getegid());
	return o;
}

/* The host's calls for this thread alone, past the C library. */
static struct outcome
there(const struct step *s)
{
	struct outcome o;

	switch (s->call) {
	case 0:
		o.failed = (int)syscall(SYS_setreuid, s->a, s->b);
		break;
	case 1:
		o.failed = (int)syscall(SYS_setresuid, -1, s->a, -1);
		break;
	case 2:
		o.failed = (int)syscall(SYS_setregid, s->a, s->b);
		break;
	default:
		o.failed = (int)syscall(SYS_setresgid, -1, s->a, -1);
		break;
	}
	o.real = (int)(s->call < 2 ? getuid() : getgid());
	o.effective = (int)(s->call < 2 ? geteuid() : getegid());
	return o;
}

/* Run the plan on the host, in a child, which writes the outcomes to us. */
static int
host_run(const struct step *steps, struct outcome *outcomes)
{
	int fds[2], status, i;
	ssize_t n = 0, got = 0;
	pid_t pid;

	if (pipe(fds) != 0 || (pid = fork()) == -1)
		return -1;
	if (pid == 0) {
		for (i = 0; i < STEPS; i++) {
			struct outcome o = there(&steps[i]);

			if (write(fds[1], &o, sizeof(o)) != sizeof(o))
				_exit(1);
		}
		_exit(0);
	}
	close(fds[1]);
	while (got < (ssize_t)(STEPS * sizeof(*outcomes)) &&
	    (n = read(fds[0], (char *)outcomes + got,
	    STEPS * sizeof(*outcomes) - (size_t)got)) > 0)
		got += n;
	close(fds[0]);
	if (waitpid(pid, &status, 0) != pid || status != 0)
		return -1;
	return 0;
}

static void
as_the_host(void)
{
	static struct step steps[STEPS];
	static struct outcome want[STEPS];
	int run, i;

	if (getuid() != 0) {
		t_skip("not root on the host");
		return;
	}
	for (run = 0; run < RUNS; run++) {
		seed = (unsigned long)run + 1;
		plan(steps);
		T_ASSERT_EQ(host_run(steps, want), 0);
		T_ASSERT_EQ(rump_pub_lwproc_rfork(RUMP_RFFDG), 0);
		for (i = 0; i < STEPS; i++) {
			struct outcome got = here(&steps[i]);

			T_ASSERT_EQ(got.failed, want[i].failed);
			T_ASSERT_EQ(got.real, want[i].real);
			T_ASSERT_EQ(got.effective, want[i].effective);
		}
		rump_pub_lwproc_releaselwp();
	}
}

/* What a process that is nobody special may not do. */
static void
no_rights(void)
{
	struct rump_timespec ts = { 1, 0 };
	struct rump_rlimit rl;
	uint32_t group = 5;
	char name[] = "tmpfs";

	T_ASSERT_EQ(rump_pub_lwproc_rfork(RUMP_RFFDG), 0);
	T_ASSERT_EQ(rump_sys_setgid(1000), 0);
	T_ASSERT_EQ(rump_sys_setuid(1000), 0);
	T_CHECK_EQ(rump_sys_getuid(), 1000);
	T_CHECK_EQ(rump_sys_geteuid(), 1000);
	T_CHECK_EQ(rump_sys_issetugid(), 1);
	T_CHECK_ERR(rump_sys_setuid(0), RUMP_EPERM);
	T_CHECK_ERR(rump_sys_seteuid(0), RUMP_EPERM);
	T_CHECK_ERR(rump_sys_setgid(0), RUMP_EPERM);
	T_CHECK_ERR(rump_sys_setgroups(1, &group), RUMP_EPERM);
	T_CHECK_ERR(rump_sys___setlogin("toor"), RUMP_EPERM);
	T_CHECK_ERR(rump_sys_clock_settime(RUMP_CLOCK_REALTIME, &ts),
	    RUMP_EPERM);
	T_CHECK_ERR(rump_sys_reboot(0, NULL), RUMP_EPERM);
	T_CHECK_ERR(rump_sys_modctl(RUMP_MODCTL_UNLOAD, name), RUMP_EPERM);
	T_ASSERT_EQ(rump_sys_getrlimit(RUMP_RLIMIT_NOFILE, &rl), 0);
	rl.rlim_max = 500;
	rl.rlim_cur = 400;
	T_CHECK_EQ(rump_sys_setrlimit(RUMP_RLIMIT_NOFILE, &rl), 0);
	rl.rlim_max = 501;
	T_CHECK_ERR(rump_sys_setrlimit(RUMP_RLIMIT_NOFILE, &rl), RUMP_EPERM);
	rump_pub_lwproc_releaselwp();
}

/* A process's limits are its own once it changed them. */
static void
limits_are_private(void)
{
	struct rump_rlimit before, mine, after;

	T_ASSERT_EQ(rump_sys_getrlimit(RUMP_RLIMIT_CORE, &before), 0);
	T_ASSERT_EQ(rump_pub_lwproc_rfork(RUMP_RFFDG), 0);
	mine.rlim_cur = 1234;
	mine.rlim_max = 5678;
	T_CHECK_EQ(rump_sys_setrlimit(RUMP_RLIMIT_CORE, &mine), 0);
	T_CHECK_EQ(rump_sys_getrlimit(RUMP_RLIMIT_CORE, &after), 0);
	T_CHECK_EQ(after.rlim_cur, 1234);
	rump_pub_lwproc_releaselwp();
	T_CHECK_EQ(rump_sys_getrlimit(RUMP_RLIMIT_CORE, &after), 0);
	T_CHECK_EQ(after.rlim_cur, before.rlim_cur);
}

static void
groups(void)
{
	uint32_t set[3] = { 7, 8, 9 }, got[16] = { 0 };

	T_ASSERT_EQ(rump_pub_lwproc_rfork(RUMP_RFFDG), 0);
	T_CHECK_EQ(rump_sys_setgroups(3, set), 0);
	T_CHECK_EQ(rump_sys_getgroups(0, NULL), 3);
	T_CHECK_ERR(rump_sys_getgroups(2, got), RUMP_EINVAL);
	T_CHECK_EQ(rump_sys_getgroups(16, got), 3);
	T_CHECK(got[0] == 7 && got[1] == 8 && got[2] == 9);
	rump_pub_lwproc_releaselwp();
}

/* Sessions and process groups. */
static void
sessions(void)
{
	char name[17] = "";
	int pid, parent = rump_sys_getpid();

	T_ASSERT_EQ(rump_pub_lwproc_rfork(RUMP_RFFDG), 0);
	pid = rump_sys_getpid();
	T_CHECK(pid != parent);
	T_CHECK_EQ(rump_sys_getppid(), parent);
	T_CHECK(rump_sys_getpgrp() != pid);
	T_CHECK_EQ(rump_sys_setsid(), pid);
	T_CHECK_EQ(rump_sys_getpgrp(), pid);
	T_CHECK_EQ(rump_sys_getsid(0), pid);
	T_CHECK_ERR(rump_sys_setsid(), RUMP_EPERM);
	T_CHECK_ERR(rump_sys_setpgid(0, 0), RUMP_EPERM);
	T_CHECK_ERR(rump_sys_getpgid(29999), RUMP_ESRCH);
	T_CHECK_ERR(rump_sys_setpgid(0, -1), RUMP_EINVAL);
	T_CHECK_EQ(rump_sys___setlogin("haunch"), 0);
	T_CHECK_EQ(rump_sys___getlogin(name, sizeof(name) - 1), 0);
	T_CHECK_STR(name, "haunch");
	T_CHECK_ERR(rump_sys___setlogin("a-login-name-that-is-too-long"),
	    RUMP_EINVAL);
	rump_pub_lwproc_releaselwp();
}

BOOT_MAIN(
	T(as_the_host),
	T(no_rights),
	T(limits_are_private),
	T(groups),
	T(sessions)
)
