/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The extensions of the security model: mounts by users, the curtain, binding of
 * threads; and which processes are below a root (proc_isunder).
 */
#include <unistd.h>

#include "../node.h"
#include "vfs.h"

#define USER	100
#define DISK	"/disk"
#define HARMLESS	(RUMP_MNT_NOSUID | RUMP_MNT_NODEV)

int	rump_extensions_under(int pid);
int	rump_extensions_may_bind(int pid);

/* security.models.OF.NAME = value; 0 or -1. */
static int
set(const char *of, const char *name, int value)
{
	int mib[4] = { RUMP_CTL_SECURITY };

	mib[1] = node_below(mib, 1, "models");
	mib[2] = node_below(mib, 2, of);
	mib[3] = node_below(mib, 3, name);
	return rump_sys___sysctl(mib, 4, NULL, NULL, &value, sizeof(value));
}

static void
set_usermount(int value)
{
	int mib[3] = { RUMP_CTL_VFS, 0, 3 };	/* vfs.generic.usermount */

	T_ASSERT_EQ(rump_sys___sysctl(mib, 3, NULL, NULL, &value,
	    sizeof(value)), 0);
}

static void
set_level(int level)
{
	int mib[2] = { RUMP_CTL_KERN, RUMP_KERN_SECURELVL };

	T_ASSERT_EQ(rump_sys___sysctl(mib, 2, NULL, NULL, &level,
	    sizeof(level)), 0);
}

/* A process of a user's; ended by rump_pub_lwproc_releaselwp. */
static int
become(int uid)
{

	T_CHECK_EQ(rump_pub_lwproc_rfork(RUMP_RFCFDG), 0);
	T_CHECK_EQ(rump_sys_setuid((unsigned)uid), 0);
	return rump_sys_getpid();
}

static void
directories(void)
{

	if (vfs_exists("/his"))
		return;
	T_ASSERT_EQ(rump_sys_mkdir("/his", 0755), 0);
	T_ASSERT_EQ(rump_sys_chown("/his", USER, USER), 0);
	T_ASSERT_EQ(rump_sys_mkdir("/others", 0777), 0);
}

/* He may mount on what is his, without what could hurt others. */
static void
user_mounts(void)
{

	directories();
	become(USER);
	T_CHECK_ERR(vfs_mount_tmpfs("/his", HARMLESS), RUMP_EPERM);
	rump_pub_lwproc_releaselwp();
	set_usermount(1);
	become(USER);
	T_CHECK_ERR(vfs_mount_tmpfs("/his", 0), RUMP_EPERM);
	T_CHECK_ERR(vfs_mount_tmpfs("/his", RUMP_MNT_NOSUID), RUMP_EPERM);
	T_CHECK_ERR(vfs_mount_tmpfs("/his", RUMP_MNT_NODEV), RUMP_EPERM);
	T_CHECK_ERR(vfs_mount_tmpfs("/others", HARMLESS), RUMP_EPERM);
	T_CHECK_EQ(vfs_mount_tmpfs("/his", HARMLESS), 0);
	T_CHECK_ERR(vfs_mount_tmpfs("/his", RUMP_MNT_UPDATE), RUMP_EPERM);
	T_CHECK_EQ(vfs_mount_tmpfs("/his", RUMP_MNT_UPDATE | HARMLESS |
	    RUMP_MNT_NOATIME), 0);
	rump_pub_lwproc_releaselwp();
	become(USER + 1);
	T_CHECK_ERR(vfs_mount_tmpfs("/his", RUMP_MNT_UPDATE | HARMLESS),
	    RUMP_EPERM);
	T_CHECK_ERR(rump_sys_unmount("/his", 0), RUMP_EPERM);
	rump_pub_lwproc_releaselwp();
	become(USER);
	T_CHECK_EQ(rump_sys_unmount("/his", 0), 0);
	rump_pub_lwproc_releaselwp();
	set_usermount(0);
}

/* fat on a device that has no file system; the errno. */
static int
mount_device(int flags)
{
	struct rump_msdosfs_args args = { .fspec = (char *)(uintptr_t)DISK,
	    .mask = 0755, .dirmask = 0755, .version = RUMP_MSDOSFSMNT_VERSION };

	T_CHECK_EQ(rump_sys_mount("msdos", "/his", HARMLESS | flags, &args,
	    sizeof(args)), -1);
	return errno;
}

/* Of a device he has to have the rights that the mount needs. */
static void
user_devices(void)
{
	static char host[] = "/tmp/extensions.XXXXXX";
	int fd = mkstemp(host);

	T_ASSERT(fd != -1 && ftruncate(fd, 1 << 20) == 0);
	T_ASSERT_EQ(rump_pub_etfs_register(DISK, host, RUMP_ETFS_BLK), 0);
	directories();
	set_usermount(1);
	for (int rights = 0; rights <= 6; rights += 2) {
		T_ASSERT_EQ(rump_sys_chown(DISK, USER, 0), 0);
		T_ASSERT_EQ(rump_sys_chmod(DISK, rights << 6), 0);
		become(USER);
		T_CHECK_EQ(mount_device(RUMP_MNT_RDONLY),
		    (rights & 4) != 0 ? RUMP_EINVAL : RUMP_EPERM);
		T_CHECK_EQ(mount_device(0),
		    rights == 6 ? RUMP_EINVAL : RUMP_EPERM);
		rump_pub_lwproc_releaselwp();
	}
	set_usermount(0);
	T_CHECK_EQ(rump_pub_etfs_remove(DISK), 0);
	close(fd);
	unlink(host);
}

/* A file system where nothing is executed passes that on. */
static void
no_execution(void)
{

	T_ASSERT_EQ(rump_sys_mkdir("/noexec", 0755), 0);
	T_ASSERT_EQ(vfs_mount_tmpfs("/noexec", RUMP_MNT_NOEXEC), 0);
	T_ASSERT_EQ(rump_sys_mkdir("/noexec/his", 0755), 0);
	T_ASSERT_EQ(rump_sys_chown("/noexec/his", USER, USER), 0);
	set_usermount(1);
	become(USER);
	T_CHECK_ERR(vfs_mount_tmpfs("/noexec/his", HARMLESS), RUMP_EPERM);
	T_CHECK_EQ(vfs_mount_tmpfs("/noexec/his", HARMLESS | RUMP_MNT_NOEXEC),
	    0);
	T_CHECK_EQ(rump_sys_unmount("/noexec/his", 0), 0);
	rump_pub_lwproc_releaselwp();
	set_usermount(0);
	T_CHECK_EQ(rump_sys_unmount("/noexec", 0), 0);
}

/* Behind the curtain a user does not see what others' processes do. */
static void
curtain(void)
{
	int root = rump_sys_getpid(), his;
	struct rump_timespec ts;

	his = become(USER);
	T_CHECK_EQ(rump_sys_clock_gettime(RUMP_CLOCK_PROCESS_CPUTIME_ID | root,
	    &ts), 0);
	rump_pub_lwproc_releaselwp();
	T_CHECK_EQ(set("bsd44", "curtain", 1), 0);
	his = become(USER);
	T_CHECK_ERR(rump_sys_clock_gettime(RUMP_CLOCK_PROCESS_CPUTIME_ID | root,
	    &ts), RUMP_EPERM);
	T_CHECK_EQ(rump_sys_clock_gettime(RUMP_CLOCK_PROCESS_CPUTIME_ID | his,
	    &ts), 0);
	T_CHECK_ERR(set("extensions", "curtain", 0), RUMP_EPERM);
	rump_pub_lwproc_releaselwp();
	T_CHECK_EQ(rump_sys_clock_gettime(RUMP_CLOCK_PROCESS_CPUTIME_ID | root,
	    &ts), 0);
	T_CHECK_ERR(set("extensions", "curtain", 2), RUMP_EINVAL);
	T_CHECK_EQ(set("extensions", "curtain", 0), 0);
	become(USER);
	T_CHECK_EQ(rump_sys_clock_gettime(RUMP_CLOCK_PROCESS_CPUTIME_ID | root,
	    &ts), 0);
	rump_pub_lwproc_releaselwp();
}

static int
may_bind(int pid)
{
	int error;

	rump_schedule();
	error = rump_extensions_may_bind(pid);
	rump_unschedule();
	return error;
}

static void
binding(void)
{
	int root = rump_sys_getpid(), his;

	T_CHECK_EQ(may_bind(root), 0);
	his = become(USER);
	T_CHECK_EQ(may_bind(his), RUMP_EPERM);
	rump_pub_lwproc_releaselwp();
	T_CHECK_EQ(set("extensions", "user_set_cpu_affinity", 1), 0);
	his = become(USER);
	T_CHECK_EQ(may_bind(his), 0);
	T_CHECK_EQ(may_bind(root), RUMP_EPERM);
	rump_pub_lwproc_releaselwp();
	T_CHECK_EQ(set("extensions", "user_set_cpu_affinity", 0), 0);
}

/* Above securelevel 0 switches go only where less is permitted. */
static void
levels(void)
{

	set_level(1);
	T_CHECK_ERR(set("extensions", "usermount", 1), RUMP_EPERM);
	T_CHECK_ERR(set("extensions", "user_set_cpu_affinity", 1), RUMP_EPERM);
	T_CHECK_EQ(set("extensions", "usermount", 0), 0);
	T_CHECK_EQ(set("extensions", "curtain", 1), 0);
	T_CHECK_ERR(set("extensions", "curtain", 0), RUMP_EPERM);
	set_level(0);
	T_CHECK_EQ(set("extensions", "curtain", 0), 0);
}

static int
under(int pid)
{
	int yes;

	rump_schedule();
	yes = rump_extensions_under(pid);
	rump_unschedule();
	return yes;
}

/* Who has a root sees processes whose root is that or below. */
static void
roots(void)
{
	int outer = rump_sys_getpid(), middle, inner;
	struct lwp *l, *last;

	T_ASSERT_EQ(rump_sys_mkdir("/jail", 0755), 0);
	T_ASSERT_EQ(rump_sys_mkdir("/jail/cell", 0755), 0);
	T_ASSERT_EQ(rump_pub_lwproc_rfork(RUMP_RFCFDG), 0);
	middle = rump_sys_getpid();
	l = rump_pub_lwproc_curlwp();
	T_ASSERT_EQ(rump_sys_chroot("/jail"), 0);
	T_CHECK_EQ(under(middle), 1);
	T_CHECK_EQ(under(outer), 0);
	T_ASSERT_EQ(rump_pub_lwproc_rfork(RUMP_RFCFDG), 0);
	inner = rump_sys_getpid();
	T_CHECK_EQ(under(middle), 1);	/* the same root, passed on */
	T_ASSERT_EQ(rump_sys_chroot("/cell"), 0);
	T_CHECK_EQ(under(middle), 0);
	T_CHECK_EQ(under(inner), 1);
	last = rump_pub_lwproc_curlwp();
	rump_pub_lwproc_switch(l);
	T_CHECK_EQ(under(inner), 1);
	rump_pub_lwproc_switch(last);
	rump_pub_lwproc_releaselwp();
	rump_pub_lwproc_switch(l);
	rump_pub_lwproc_releaselwp();
	T_CHECK_EQ(under(outer), 1);
}

/* A directory that was open before does not lead out of a root. */
static void
escape(void)
{
	int fd;

	T_ASSERT_EQ(rump_pub_lwproc_rfork(RUMP_RFCFDG), 0);
	T_ASSERT_EQ(rump_sys_mkdir("/small", 0755), 0);
	fd = rump_sys_open("/", RUMP_O_RDONLY | RUMP_O_DIRECTORY);
	T_ASSERT(fd != -1);
	T_ASSERT_EQ(rump_sys_chroot("/small"), 0);
	/* the working directory was outside */
	T_CHECK(!vfs_exists("small") && !vfs_exists("../small"));
	T_CHECK_ERR(rump_sys_fchdir(fd), RUMP_EPERM);
	T_CHECK(!vfs_exists("small") && !vfs_exists("/small"));
	rump_pub_lwproc_releaselwp();
}

VFS_MAIN(
	T(user_mounts),
	T(user_devices),
	T(no_execution),
	T(curtain),
	T(binding),
	T(levels),
	T(roots),
	T(escape)
)
