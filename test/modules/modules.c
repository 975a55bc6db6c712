/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Components that come while the kernel runs: dlopen(3), and then
 * rump_pub_components_load, or a call that needs them.  A library is loaded once
 * in the life of a process, so each case is a child of its own.
 */
#include <dlfcn.h>
#include <errno.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <rump/rump.h>
#include <rump/rump_syscalls.h>
#include <rump/rumpdefs.h>

#include "../node.h"
#include "../t.h"

#define RACES	20

/* A library of ours, or one of the test's own: loaded_KIND. */
static bool
load_file(const char *path)
{

	if (dlopen(path, RTLD_NOW) != NULL)
		return true;
	printf("# %s\n", dlerror());
	return false;
}
#define component(name)	load_file(BUILD "/lib" name ".so.0")
#define loaded(kind)	load_file(LOADED "/libtest_loaded_" kind ".so.0")

/* Start or stop a module by its name; 0 or the errno. */
static int
start_flags(const char *name, int flags, const char *props)
{
	struct rump_modctl_load ml = {
		.ml_filename = name, .ml_flags = flags, .ml_props = props,
		.ml_propslen = props != NULL ? strlen(props) : 0
	};

	return rump_sys_modctl(RUMP_MODCTL_LOAD, &ml) == 0 ? 0 : errno;
}

static int
start(const char *name)
{

	return start_flags(name, 0, NULL);
}

static int
stop(const char *name)
{
	char buf[32];

	strcpy(buf, name);
	return rump_sys_modctl(RUMP_MODCTL_UNLOAD, buf) == 0 ? 0 : errno;
}

/* The node kern.loaded, which a library has; or -1. */
static int
node(void)
{
	int mib[2] = { RUMP_CTL_KERN, RUMP_CTL_QUERY }, value;
	struct node nodes[200], q = { .flags = NODE_VERSION };
	size_t len = sizeof(nodes), i, n;

	if (rump_sys___sysctl(mib, 2, nodes, &len, &q, sizeof(q)) < 0)
		return -2;
	n = len / sizeof(nodes[0]);
	for (i = 0; i < n && strcmp(nodes[i].name, "loaded") != 0; i++)
		continue;
	if (i == n)
		return -1;
	mib[1] = nodes[i].num;
	len = sizeof(value);
	return rump_sys___sysctl(mib, 2, &value, &len, NULL, 0) >= 0 ? value :
	    -3;
}

/*
 * Components start in the order of a boot, those of an absent faction not at
 * all; a module can be asked for once more, be stopped, and started by force.
 */
static void
started(void)
{

	T_ASSERT_EQ(rump_init(), 0);
	T_CHECK_EQ(rump_pub_components_load(), 0);
	T_CHECK_EQ(start("loaded_good"), RUMP_ENOENT);
	T_ASSERT(loaded("good"));
	T_CHECK_EQ(node(), -1);
	T_CHECK_EQ(rump_pub_components_load(), 0);
	T_CHECK_EQ(node(), 17 * 100 + 10 + 3);
	T_CHECK_EQ(start("loaded_good"), RUMP_EEXIST);
	T_ASSERT(loaded("good"));
	T_CHECK_EQ(rump_pub_components_load(), 0);
	T_CHECK_EQ(node(), 17 * 100 + 10 + 3);
	T_CHECK_EQ(stop("loaded_good"), 0);
	T_CHECK_EQ(stop("loaded_good"), RUMP_ENOENT);
	T_CHECK_EQ(start("loaded_good"), RUMP_EPERM);
	T_CHECK_EQ(start_flags("loaded_good", RUMP_MODCTL_LOAD_FORCE, NULL), 0);
}

/* Another module of a name that runs. */
static void
name_is_taken(void)
{

	T_ASSERT_EQ(rump_init(), 0);
	T_ASSERT(loaded("twin"));
	T_CHECK_EQ(rump_pub_components_load(), 0);
	T_ASSERT(loaded("good"));
	T_CHECK_EQ(rump_pub_components_load(), RUMP_EEXIST);
	T_CHECK_EQ(start("loaded_good"), RUMP_EEXIST);
}

static void
wrong_version(void)
{

	T_ASSERT_EQ(rump_init(), 0);
	T_ASSERT(loaded("old"));
	T_CHECK_EQ(rump_pub_components_load(), RUMP_EPROGMISMATCH);
	T_CHECK_EQ(start("loaded_old"), RUMP_EPROGMISMATCH);
	T_CHECK_EQ(start_flags("loaded_old", RUMP_MODCTL_LOAD_FORCE, NULL),
	    RUMP_EPROGMISMATCH);
	T_CHECK_EQ(stop("loaded_old"), RUMP_ENOENT);
}

/* What another requires is busy as long as that runs. */
static void
dependency(void)
{

	T_ASSERT_EQ(rump_init(), 0);
	T_ASSERT(loaded("needs"));
	T_CHECK_EQ(rump_pub_components_load(), RUMP_ENOENT);
	T_CHECK_EQ(start("loaded_needs"), RUMP_ENOENT);
	T_ASSERT(loaded("base"));
	T_CHECK_EQ(start("loaded_needs"), 0);
	T_CHECK_EQ(start("loaded_base"), RUMP_EEXIST);
	T_CHECK_EQ(stop("loaded_base"), RUMP_EBUSY);
	T_CHECK_EQ(stop("loaded_needs"), 0);
	T_CHECK_EQ(stop("loaded_base"), 0);
	/* neither comes back unasked */
	T_CHECK_EQ(start("loaded_needs"), RUMP_EPERM);
	T_CHECK_EQ(start_flags("loaded_needs", RUMP_MODCTL_LOAD_FORCE, NULL), 0);
	T_CHECK_EQ(stop("loaded_base"), RUMP_EBUSY);
}

/* The first two starts fail; what was loaded beside it is started. */
static void
start_fails(void)
{

	T_ASSERT_EQ(rump_init(), 0);
	T_ASSERT(loaded("fails"));
	T_ASSERT(loaded("base"));
	T_CHECK_EQ(rump_pub_components_load(), RUMP_EIO);
	T_CHECK_EQ(start("loaded_base"), RUMP_EEXIST);
	T_CHECK_EQ(rump_pub_components_load(), 0);
	T_CHECK_EQ(start("loaded_fails"), RUMP_EIO);
	T_CHECK_EQ(start("loaded_fails"), 0);
}

static void
properties(void)
{
	static const char good[] = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
	    "<plist version=\"1.0\"><dict><key>answer</key><integer>42</integer>"
	    "</dict></plist>";
	static char huge[5000];

	memset(huge, ' ', sizeof(huge) - 1);
	T_ASSERT_EQ(rump_init(), 0);
	T_ASSERT(loaded("base"));
	T_CHECK_EQ(start_flags("loaded_base", 0, "no list"), RUMP_EINVAL);
	T_CHECK_EQ(start_flags("loaded_base", 0, huge), RUMP_ENOMEM);
	T_CHECK_EQ(start_flags("loaded_base", RUMP_MODCTL_NO_PROP, good),
	    RUMP_EINVAL);
	T_CHECK_EQ(start_flags("loaded_base", 0, good), 0);
	T_CHECK_EQ(node(), 42);
}

/* A faction is too late, and nothing that came after it can start. */
static void
faction(void)
{

	T_ASSERT_EQ(rump_init(), 0);
	T_ASSERT(loaded("good"));
	T_ASSERT(loaded("late"));
	T_ASSERT(loaded("base"));
	T_CHECK_EQ(rump_pub_components_load(), RUMP_EOPNOTSUPP);
	T_CHECK_EQ(start("loaded_good"), RUMP_EEXIST);
	T_CHECK_EQ(start("loaded_base"), RUMP_ENOENT);
	T_CHECK_EQ(rump_pub_components_load(), RUMP_EOPNOTSUPP);
}

/* What was loaded is there in the next kernel, as new as on the first day. */
static void
next_boot(void)
{
	int i;

	T_ASSERT_EQ(rump_init(), 0);
	T_ASSERT(loaded("good"));
	T_CHECK_EQ(rump_pub_components_load(), 0);
	T_CHECK_EQ(node(), 1713);
	for (i = 0; i < 3; i++) {
		T_ASSERT_EQ(rump_halt(), 0);
		if (i == 1)		/* loaded while there is no kernel */
			T_ASSERT(loaded("base"));
		T_ASSERT_EQ(rump_init(), 0);
		T_CHECK_EQ(node(), 1713);
		T_CHECK_EQ(start("loaded_good"), RUMP_EEXIST);
		T_CHECK_EQ(start("loaded_base"), i > 0 ? RUMP_EEXIST :
		    RUMP_ENOENT);
	}
	/* loaded, and never taken up by that kernel */
	T_ASSERT(loaded("needs"));
	T_ASSERT_EQ(rump_halt(), 0);
	T_ASSERT_EQ(rump_init(), 0);
	T_CHECK_EQ(start("loaded_needs"), RUMP_EEXIST);
}

/* A file system that is needed: the name is enough, and mounted it is busy. */
static void
file_system(void)
{
	struct rump_tmpfs_args args = { .ta_version = RUMP_TMPFS_ARGS_VERSION,
	    .ta_root_mode = 0755 };
	int fd;

	T_ASSERT_EQ(rump_init(), 0);
	T_ASSERT_EQ(rump_sys_mkdir("/mnt", 0755), 0);
	T_CHECK_ERR(rump_sys_mount("tmpfs", "/mnt", 0, &args, sizeof(args)),
	    RUMP_ENODEV);
	T_ASSERT(component("rumpfs_tmpfs"));
	T_ASSERT_EQ(rump_sys_mount("tmpfs", "/mnt", 0, &args, sizeof(args)), 0);
	fd = rump_sys_open("/mnt/file", RUMP_O_RDWR | RUMP_O_CREAT, 0644);
	T_CHECK_EQ(rump_sys_write(fd, "data", 4), 4);
	T_CHECK_EQ(rump_sys_close(fd), 0);
	T_CHECK_EQ(stop("tmpfs"), RUMP_EBUSY);
	T_CHECK_EQ(rump_sys_unmount("/mnt", 0), 0);
	T_CHECK_EQ(stop("tmpfs"), 0);
	/* stopped by hand, it does not come back by itself */
	T_CHECK_ERR(rump_sys_mount("tmpfs", "/mnt", 0, &args, sizeof(args)),
	    RUMP_ENODEV);
	T_CHECK_EQ(start_flags("tmpfs", RUMP_MODCTL_LOAD_FORCE, NULL), 0);
	T_CHECK_EQ(rump_sys_mount("tmpfs", "/mnt", 0, &args, sizeof(args)), 0);
	T_CHECK_EQ(rump_halt(), 0);
	T_ASSERT_EQ(rump_init(), 0);
	T_ASSERT_EQ(rump_sys_mkdir("/mnt", 0755), 0);
	T_CHECK_EQ(rump_sys_mount("tmpfs", "/mnt", 0, &args, sizeof(args)), 0);
}

/* A driver with its nodes in /dev, and a library that it needs. */
static void
disk_driver(void)
{
	struct rump_stat st;

	T_ASSERT_EQ(rump_init(), 0);
	T_CHECK_ERR(rump_sys_stat("/dev/rmd0d", &st), RUMP_ENOENT);
	T_ASSERT(component("rumpdev_md"));
	T_CHECK_EQ(rump_pub_components_load(), 0);
	T_CHECK_EQ(rump_sys_stat("/dev/rmd0d", &st), 0);
	T_CHECK(RUMP_S_ISCHR(st.st_mode));
	T_CHECK(rump_sys_open("/dev/rmd0d", RUMP_O_RDWR) >= 0);
}

/* Symbols of shared libraries are known to the kernel, by their plain names. */
static void
symbols(void)
{

	T_ASSERT_EQ(rump_init(), 0);
	T_ASSERT(loaded("good"));
	T_CHECK_EQ(rump_pub_components_load(), 0);
	T_CHECK_EQ(start("loaded_symbols"), RUMP_ENOENT);
	T_ASSERT(loaded("symbols"));
	T_CHECK_EQ(start("loaded_symbols"), 0);
	T_CHECK_EQ(node(), 1713);
}

#ifdef HOST_POSIX
/*
 * Two threads load and start at the same time, and after that start and stop.
 */
static pthread_barrier_t both;
static int balance[2];

static void *
loader(void *arg)
{
	int n = *(int *)arg, i, error;

	pthread_barrier_wait(&both);
	if (n == 0 ? !loaded("base") : !loaded("needs"))
		return NULL;
	(void)rump_pub_components_load();
	pthread_barrier_wait(&both);
	for (i = 0; i < 50; i++) {
		error = start_flags("loaded_needs", RUMP_MODCTL_LOAD_FORCE,
		    NULL);
		T_CHECK(error == 0 || error == RUMP_EEXIST);
		balance[n] += error == 0;
		error = stop("loaded_needs");
		T_CHECK(error == 0 || error == RUMP_ENOENT);
		balance[n] -= error == 0;
		error = stop("loaded_base");
		T_CHECK(error == 0 || error == RUMP_ENOENT ||
		    error == RUMP_EBUSY);
	}
	return NULL;
}

static void
race(void)
{
	static int numbers[2] = { 0, 1 };
	pthread_t threads[2];
	int i, left;

	T_ASSERT_EQ(rump_init(), 0);
	T_ASSERT_EQ(pthread_barrier_init(&both, NULL, 2), 0);
	for (i = 0; i < 2; i++)
		T_ASSERT_EQ(pthread_create(&threads[i], NULL, loader,
		    &numbers[i]), 0);
	for (i = 0; i < 2; i++)
		T_CHECK_EQ(pthread_join(threads[i], NULL), 0);
	left = balance[0] + balance[1];
	T_CHECK(left == 0 || left == -1);	/* it may have run before */
	T_CHECK_EQ(stop("loaded_needs"), RUMP_ENOENT);
	T_CHECK_EQ(start_flags("loaded_needs", RUMP_MODCTL_LOAD_FORCE, NULL), 0);
	T_CHECK_EQ(start("loaded_base"), RUMP_EEXIST);
	T_CHECK_EQ(rump_halt(), 0);
}
#endif

/* A process for a case, which halts what it leaves running. */
static void
child(void (*func)(void))
{
	int status = -1;
	pid_t pid;

	pid = fork();
	if (pid == 0) {
		(*func)();
		(void)rump_halt();
		fflush(stdout);
		_exit(t_state.failures != 0);
	}
	T_ASSERT(pid != -1 && waitpid(pid, &status, 0) == pid);
	T_CHECK_EQ(status, 0);
}

#define CASE(name) static void c_##name(void) { child(name); }
CASE(started)
CASE(name_is_taken)
CASE(wrong_version)
CASE(dependency)
CASE(start_fails)
CASE(properties)
CASE(faction)
CASE(next_boot)
CASE(file_system)
CASE(disk_driver)
CASE(symbols)

#ifdef HOST_POSIX
static void
c_race(void)
{
	int i;

	for (i = 0; i < RACES; i++)
		child(race);
}
#define RACE	, T(c_race)
#else
#define RACE
#endif

T_MAIN(T(c_started), T(c_name_is_taken), T(c_wrong_version), T(c_dependency),
    T(c_start_fails), T(c_properties), T(c_faction), T(c_next_boot),
    T(c_file_system), T(c_disk_driver), T(c_symbols) RACE)
