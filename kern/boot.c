/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Boot.
 *
 * rump_init() is the table below, from top to bottom.  The first rows are run
 * by lwp0, which holds CPU 0; each row may rely on those above it and on
 * nothing else.  No row starts a thread.  When all is done the caller leaves
 * the kernel, and has no lwp that it could see.
 *
 * A boot that fails is undone as a halt undoes a kernel, and can be tried again.
 * It fails where the host gives nothing to begin with, where a row says so
 * (boot_fail), or when a row had to draw on the reserve of memory, which cannot be
 * filled up again: then the row was done, and the next one might not be.
 */
#include "boot.h"

#include <sys/callout.h>
#include <sys/cprng.h>
#include <sys/cpu.h>
#include <sys/entropy.h>
#include <sys/evcnt.h>
#include <sys/kcpuset.h>
#include <sys/kernel.h>
#include <sys/kprintf.h>
#include <sys/ksyms.h>
#include <sys/kthread.h>
#include <sys/msgbuf.h>
#include <sys/once.h>
#include <sys/percpu.h>
#include <sys/proc.h>
#include <sys/pserialize.h>
#include <sys/psref.h>
#include <sys/reboot.h>
#include <sys/signalvar.h>
#include <sys/sysctl.h>
#include <sys/systm.h>
#include <sys/threadpool.h>
#include <sys/timevar.h>
#include <sys/xcall.h>

#include <rump-private/files.h>
#include <rump-private/memory.h>
#include <rump-sys/kern.h>
#include <rump/rump.h>
#include <rump/rumpuser.h>

#include "component.h"
#include "cpu.h"
#include "entry.h"
#include "gate.h"
#include "image.h"
#include "kthread.h"
#include "lwp.h"
#include "proc.h"
#include "sched.h"
#include "softint.h"
#include "thr/hooks.h"

int cold = 1;
int shutting_down;
int doing_shutdown;		/* its other name */
int boothowto = AB_SILENT;
int rump_threads = 1;
char hostname[MAXHOSTNAMELEN];
int hostnamelen;
char domainname[MAXHOSTNAMELEN];
int domainnamelen;
long hostid;

/* Boots so far: over halts. */
static uint64_t nboots __rump_keep;

static void (*cpu_callback)(void);

/* What the program wants: over halts, too. */
static int chosen_howto __rump_keep = AB_SILENT;

/* Why the boot fails, or 0. */
static int boot_error;

void
boot_fail(int error)
{

	boot_error = error;
}

static void
memory_start(void)
{

	boot_error = mem_init(ncpu);
}

static void
hostname_init(void)
{

	if (rumpuser_getparam(RUMPUSER_PARAM_HOSTNAME, hostname,
	    sizeof(hostname)) != 0)
		strlcpy(hostname, "rump", sizeof(hostname));
	hostnamelen = (int)strlen(hostname) + 1;
}

static void
verbosity_init(void)
{
	char buf[8];

	boothowto = chosen_howto;
	if (rumpuser_getparam("RUMP_VERBOSE", buf, sizeof(buf)) == 0 &&
	    buf[0] != '0' && buf[0] != '\0')
		boothowto = AB_VERBOSE;
}

/* 0: no kernel threads, as with a host that has none. */
static void
threads_param_init(void)
{
	char buf[8];

	if (rumpuser_getparam("RUMP_THREADS", buf, sizeof(buf)) == 0)
		rump_threads = strcmp(buf, "0") != 0;
}

static void
caller_callback(void)
{

	if (cpu_callback != NULL)
		(*cpu_callback)();
}

void
evcnt_attach_one(const void *item, void *arg)
{

	evcnt_attach_static(__UNCONST(item));
}

static void
evcnts_attach(void)
{

	rump_linkset_foreach("evcnts", evcnt_attach_one, NULL);
}

static void
warm(void)
{

	cold = 0;
}

static void
init_process(void)
{

	proc_start_init();
	entry_switch_implicit();
}

static void kern_components(void) { rump_component_init(RUMP_COMPONENT_KERN); }
static void vfs_faction(void) { rump_component_init(RUMP__FACTION_VFS); }
static void net_faction(void) { rump_component_init(RUMP__FACTION_NET); }
static void dev_faction(void) { rump_component_init(RUMP__FACTION_DEV); }
static void vfs_users(void) { rump_component_init(RUMP_COMPONENT_KERN_VFS); }
static void postinit(void) { rump_component_init(RUMP_COMPONENT_POSTINIT); }
static void syscalls(void) { rump_component_init(RUMP_COMPONENT_SYSCALL); }

/* What a kernel is made of, in the order of its making. */
static const struct boot_step {
	const char	*name;
	void		(*func)(void);
} steps[] = {
	{ "memory",		memory_start },
	{ "message buffer",	loginit },
	{ "printing",		kprintf_init },
	{ "symbols",		ksyms_init },
	{ "randomness",		cprng_init },
	{ "random sources",	entropy_init },
	{ "time",		time_init },
	{ "time's lock",	time_init2 },
	{ "kernel lock",	kernel_lock_init },
	{ "verbosity",		verbosity_init },
	{ "threads or none",	threads_param_init },
	{ "host's name",	hostname_init },
	{ "event counters",	evcnt_init },
	{ "one-time code",	once_init },
	{ "hooks",		hooks_init },
	{ "kernel threads",	kthread_init },
	{ "CPU sets",		kcpuset_sysinit },
	{ "per-CPU data",	percpu_init },
	{ "cross calls",	xc_init },
	{ "pserialize",		pserialize_init },
	{ "passive references",	psref_init },
	{ "lwps",		lwp_init },
	{ "processes",		proc_init },
	{ "signals",		signal_init },
	{ "credentials",	files_init_cred },
	{ "files of process 0",	proc0_files },
	{ "soft interrupts",	softint_init },
	{ "page daemon",	mem_start },
	{ "callouts",		callout_startup },
	{ "thread pools",	threadpools_init },
	{ "sysctl",		files_init_sysctl },
	{ "files",		files_init },
	{ "static counters",	evcnts_attach },
	{ "caller's function",	caller_callback },

	{ "components",		kern_components },
	{ "vfs",		vfs_faction },
	{ "net",		net_faction },
	{ "dev",		dev_faction },
	{ "users of vfs",	vfs_users },
	{ "warm",		warm },
	{ "sysctl's end",	sysctl_finalize },
	{ "modules",		files_init_modules },
	{ "process 1",		init_process },
	{ "late components",	postinit },
	{ "system calls",	syscalls },
	{ "console",		files_init_console },
};

/* The caller becomes lwp0, on a CPU. */
static int
host_start(void)
{
	int error;

	error = rumpuser_init(RUMPUSER_VERSION,
	    rumpuser2_hyperup(&entry_upcalls));
	if (error == 0)
		error = rumpuser2_init(RUMPUSER2_VERSION, &entry_upcalls2);
	if (error == 0) {
		component_init();
		error = image_save();
	}
	if (error == 0)
		error = lwp_memory_init();
	if (error == 0)
		error = cpus_create();
	if (error != 0)
		return error;
	__atomic_store_n(&sched_bootgen, ++nboots, __ATOMIC_RELAXED);
	lwp0_setup();
	sched_init();
	rump_thread_self()->rt_curlwp = &lwp0;
	return 0;
}

/* Make the kernel; 0, or the error with which it was undone. */
static int
steps_run(void)
{
	bool threads = false;
	u_int i;
	int error;

	for (i = 0; i < __arraycount(steps); i++) {
		(*steps[i].func)();
		if (boot_error == 0 && !reserve_ok())
			boot_error = ENOMEM;
		if (boot_error != 0)
			break;
		threads |= steps[i].func == mem_start;
	}
	error = boot_error;
	if (error != 0)
		kernel_abandon(threads);
	return error;
}

int
rump_init_callback(void (*cpuinit)(void))
{
	int error;

	if (gate_state() != KERN_UP && entry_inside()) {
		rumpuser_dprintf("rump_init: not from here\n");
		rumpuser_exit(RUMPUSER_PANIC);
	}
	if (!gate_change(KERN_STARTING))
		return 0;
	error = host_start();
	if (error != 0) {
		gate_set(KERN_DOWN);
		return error;
	}
	cpu_callback = cpuinit;
	error = steps_run();
	if (error != 0)
		return error;
	gate_set(KERN_UP);
	rump_unschedule();
	return 0;
}

int
rump_init(void)
{

	return rump_init_callback(NULL);
}

/* Serve system calls to other processes as well. */
int
rump_init_server(const char *url)
{
	int error = rump_init();

	return error != 0 ? error :
	    rumpuser_sp_init(url, ostype, osrelease, MACHINE);
}

int
rump_boot_gethowto(void)
{

	return gate_state() == KERN_UP ? boothowto : chosen_howto;
}

void
rump_boot_sethowto(int howto)
{

	boothowto = chosen_howto = howto;
}

int
rump_getversion(void)
{

	return __NetBSD_Version__;
}

int
rump_pub_getversion(void)
{

	return rump_getversion();
}

/* Binary modules of NetBSD cannot be loaded: structures differ. */
int
rump_nativeabi_p(void)
{

	return 0;
}

int
rump_daemonize_begin(void)
{

	return rumpuser_daemonize_begin();
}

int
rump_daemonize_done(int error)
{

	return rumpuser_daemonize_done(error);
}
