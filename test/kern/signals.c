/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Signal models: what becomes of a signal that the kernel sends to a process.
 * The model is chosen before a boot, and holds until another is chosen.  The
 * host is the judge of what it gets.
 */
#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "../t.h"

#include <rump/rump.h>
#include <rump/rump_syscalls.h>
#include <rump/rumpdefs.h>

#include "kern_test.h"

#define HOWS	4		/* ways to send one */
#define NB_SIGUSR1	30	/* NetBSD's numbers */
#define NB_SIGUSR2	31

/* As NetBSD lays it out; the public headers only name it. */
struct rump_sigevent {
	int	notify, signo;
	union { int number; void *pointer; } value;
	void	*function, *attributes;
};

/* Those that both have; what stops or ends at once is left out. */
static const struct { int netbsd, host; } pairs[] = {
	{ 1, SIGHUP }, { 2, SIGINT }, { 3, SIGQUIT }, { 13, SIGPIPE },
	{ 14, SIGALRM }, { 15, SIGTERM }, { 16, SIGURG }, { 19, SIGCONT },
	{ 20, SIGCHLD }, { 21, SIGTTIN }, { 22, SIGTTOU }, { 24, SIGXCPU },
	{ 25, SIGXFSZ }, { 26, SIGVTALRM }, { 27, SIGPROF }, { 28, SIGWINCH },
	{ NB_SIGUSR1, SIGUSR1 }, { NB_SIGUSR2, SIGUSR2 },
};
#define NPAIRS	(sizeof(pairs) / sizeof(pairs[0]))

static volatile sig_atomic_t got[65];

static void
count(int sig)
{

	got[sig]++;
}

static void
send_one(int how, int sig)
{

	rump_schedule();
	(void)rumptest_signal_send(how, sig);
	rump_unschedule();
}

static int
value_of(int sig)
{
	int value;

	rump_schedule();
	value = rumptest_signal_value(sig);
	rump_unschedule();
	return value;
}

static int
total(void)
{
	size_t i;
	int n = 0;

	for (i = 0; i < NPAIRS; i++)
		n += got[pairs[i].host];
	return n;
}

/* A process in a group of its own. */
static void
be_alone(void)
{

	T_ASSERT_EQ(rump_pub_lwproc_rfork(RUMP_RFCFDG), 0);
	T_CHECK(rump_sys_setsid() > 0);
}

static void
catch_all(void)
{
	struct sigaction sa = { .sa_handler = count };
	size_t i;

	for (i = 0; i < NPAIRS; i++) {
		T_ASSERT_EQ(sigaction(pairs[i].host, &sa, NULL), 0);
		got[pairs[i].host] = 0;
	}
}

/* All signals in all ways, to a process that a model keeps them from. */
static void
send_all(void)
{
	int how, sig;

	for (how = 0; how < HOWS; how++) {
		for (sig = 1; sig < 33; sig++)
			send_one(how, sig);
	}
}

/* The default: the host's process gets the host's number. */
static void
raised(void)
{
	size_t i;
	int how;

	catch_all();
	T_ASSERT_EQ(rump_init(), 0);
	be_alone();
	for (how = 0; how < HOWS; how++) {
		for (i = 0; i < NPAIRS; i++) {
			send_one(how, pairs[i].netbsd);
			T_CHECK_EQ(got[pairs[i].host], how + 1);
			T_CHECK_EQ(total(), how * (int)NPAIRS + (int)i + 1);
		}
	}
	i = (size_t)total();
	send_one(4, NB_SIGUSR1);
	send_one(0, 40);		/* a real-time signal: no host is sent one */
	T_CHECK_EQ(total(), i);
	T_CHECK_EQ(value_of(NB_SIGUSR1), -2);
	rump_pub_lwproc_releaselwp();
	T_CHECK_EQ(rump_halt(), 0);
}

static void
ignored(void)
{

	catch_all();
	rump_boot_setsigmodel(RUMP_SIGMODEL_IGNORE);
	T_ASSERT_EQ(rump_init(), 0);
	send_all();
	T_CHECK_EQ(total(), 0);
	T_CHECK_EQ(value_of(NB_SIGUSR1), -2);
	T_CHECK_EQ(rump_halt(), 0);
	rump_boot_setsigmodel(RUMP_SIGMODEL_RAISE);
}

/* NetBSD has given this one up, and so nothing happens. */
static void
host_no_more(void)
{

	catch_all();
	rump_boot_setsigmodel(RUMP_SIGMODEL__HOST_NOTANYMORE);
	T_ASSERT_EQ(rump_init(), 0);
	send_all();
	T_CHECK_EQ(total(), 0);
	T_CHECK_EQ(rump_halt(), 0);
	rump_boot_setsigmodel(RUMP_SIGMODEL_RAISE);
}

static void
remembered(void)
{
	int sig, masks;

	catch_all();
	rump_boot_setsigmodel(RUMP_SIGMODEL_RECORD);
	T_ASSERT_EQ(rump_init(), 0);
	be_alone();
	for (sig = 1; sig < 33; sig++)
		T_CHECK_EQ(value_of(sig), -2);
	/* a number is all that psignal knows */
	send_one(0, NB_SIGUSR1);
	T_CHECK_EQ(value_of(NB_SIGUSR1), -1);
	send_one(4, NB_SIGUSR2);
	T_CHECK_EQ(value_of(NB_SIGUSR2), -2);
	send_all();
	send_all();
	for (sig = 1; sig < 33; sig++)
		T_CHECK_EQ(value_of(sig), 1000 + sig);
	T_CHECK_EQ(total(), 0);
	rump_schedule();
	rumptest_signal_clear(NB_SIGUSR1);
	rump_unschedule();
	T_CHECK_EQ(value_of(NB_SIGUSR1), -2);
	T_CHECK_EQ(value_of(NB_SIGUSR2), 1000 + NB_SIGUSR2);
	rump_schedule();
	rumptest_signal_clear(0);
	masks = rumptest_signal_masks();
	rump_unschedule();
	T_CHECK_EQ(masks, 0);
	/* what is left goes with the process */
	send_all();
	rump_pub_lwproc_releaselwp();
	T_CHECK_EQ(rump_halt(), 0);
}

/* The model of the last case holds, over halts, until another is chosen. */
static void
stays(void)
{

	catch_all();
	rump_boot_setsigmodel(RUMP_SIGMODEL_RECORD);
	T_ASSERT_EQ(rump_init(), 0);
	T_ASSERT_EQ(rump_halt(), 0);
	T_ASSERT_EQ(rump_init(), 0);
	send_one(1, NB_SIGUSR1);
	T_CHECK_EQ(value_of(NB_SIGUSR1), 1000 + NB_SIGUSR1);
	T_CHECK_EQ(total(), 0);
	T_ASSERT_EQ(rump_halt(), 0);
	rump_boot_setsigmodel(RUMP_SIGMODEL_RAISE);
	T_ASSERT_EQ(rump_init(), 0);
	T_CHECK_EQ(value_of(NB_SIGUSR1), -2);	/* of a kernel that is gone */
	send_one(1, NB_SIGUSR1);
	T_CHECK_EQ(got[SIGUSR1], 1);
	T_CHECK_EQ(rump_halt(), 0);
}

/* A timer's value, as timer_create was given it. */
static void
timer_value(void)
{
	struct rump_sigevent ev = { .notify = 1, .signo = NB_SIGUSR2,
	    .value = { .number = 4711 } };
	struct rump_itimerspec its = { .it_value = { 0, 1000000 } };
	struct rump_timespec nap = { 0, 1000000 };
	int id, i;

	rump_boot_setsigmodel(RUMP_SIGMODEL_RECORD);
	T_ASSERT_EQ(rump_init(), 0);
	T_ASSERT_EQ(rump_pub_lwproc_rfork(RUMP_RFCFDG), 0);
	T_ASSERT_EQ(rump_sys_timer_create(RUMP_CLOCK_MONOTONIC, &ev, &id), 0);
	T_ASSERT_EQ(rump_sys_timer_settime(id, 0, &its, NULL), 0);
	for (i = 0; i < 10000 && value_of(NB_SIGUSR2) == -2; i++)
		(void)rump_sys_nanosleep(&nap, NULL);
	T_CHECK_EQ(value_of(NB_SIGUSR2), 4711);
	rump_pub_lwproc_releaselwp();
	T_CHECK_EQ(rump_halt(), 0);
	rump_boot_setsigmodel(RUMP_SIGMODEL_RAISE);
}

/* Any signal ends the program, by a panic. */
static void
panics(void)
{
	int how, status = 0;
	pid_t pid;

	for (how = 0; how < HOWS; how++) {
		pid = fork();
		if (pid == 0) {
			rump_boot_setsigmodel(RUMP_SIGMODEL_PANIC);
			if (rump_init() == 0)
				send_one(how, 20);	/* SIGCHLD */
			_exit(0);
		}
		T_ASSERT(pid != -1 && waitpid(pid, &status, 0) == pid);
		T_CHECK(WIFSIGNALED(status) && WTERMSIG(status) == SIGABRT);
	}
}

T_MAIN(T(panics), T(raised), T(ignored), T(host_no_more), T(remembered),
    T(stays), T(timer_value))
