/* SPDX-License-Identifier: BSD-2-Clause */
/* ptyfs: names that come and go, whose they are, and what /dev/ptmx says. */
#include "pair.h"

static struct rump_ptyfs_args args = {
	.version = RUMP_PTYFS_ARGSVERSION, .gid = 5, .mode = 0620
};

static int
mount_at(const char *path)
{

	if (rump_sys_mkdir(path, 0755) != 0 && errno != RUMP_EEXIST)
		return -1;
	return rump_sys_mount(RUMP_MOUNT_PTYFS, path, 0, &args, sizeof(args));
}

/* The names in a directory, each followed by a blank. */
static const char *
names(const char *path)
{
	static char list[256];
	char buf[1024];
	long n, at;
	int fd = rump_sys_open(path, RUMP_O_RDONLY);

	list[0] = '\0';
	while ((n = rump_sys_getdents(fd, buf, sizeof(buf))) > 0) {
		for (at = 0; at < n;) {
			struct rump_dirent *d = (struct rump_dirent *)(buf + at);

			strcat(list, d->d_name);
			strcat(list, " ");
			at += d->d_reclen;
		}
	}
	rump_sys_close(fd);
	return list;
}

static void
come_and_go(void)
{
	struct pair a, b;
	struct rump_stat st, fst;

	T_ASSERT_EQ(mount_at("/pts"), 0);
	T_CHECK_STR(names("/pts"), ". .. ");
	T_ASSERT_EQ(pair_open(&a, 0), 0);
	T_ASSERT_EQ(pair_open(&b, 0), 0);
	T_CHECK_STR(a.name, "/pts/0");
	T_CHECK_STR(b.name, "/pts/1");
	T_CHECK_STR(names("/pts"), ". .. 0 1 ");
	T_CHECK_EQ(rump_sys_stat("/pts/1", &st), 0);
	T_CHECK_EQ(rump_sys_fstat(b.slave, &fst), 0);
	T_CHECK(st.st_ino == fst.st_ino && st.st_rdev == fst.st_rdev);
	T_CHECK_EQ(st.st_mode, RUMP_S_IFCHR | 0620);
	T_CHECK_EQ(st.st_gid, 5);
	put(b.control, "typed\n");
	T_CHECK_STR(all(b.slave), "typed\n");
	pair_close(&a);
	T_CHECK_STR(names("/pts"), ". .. 1 ");
	T_CHECK_ERR(rump_sys_stat("/pts/0", &st), RUMP_ENOENT);
	T_CHECK_ERR(rump_sys_stat("/pts/01", &st), RUMP_ENOENT);
	T_CHECK_ERR(rump_sys_unlink("/pts/1"), RUMP_EROFS);
	T_CHECK_ERR(rump_sys_mkdir("/pts/x", 0777), RUMP_EROFS);
	T_CHECK_ERR(rump_sys_open("/pts/x", RUMP_O_RDWR | RUMP_O_CREAT, 0666),
	    RUMP_EROFS);
	T_CHECK_ERR(rump_sys_unmount("/pts", 0), RUMP_EBUSY);
	pair_close(&b);
	T_CHECK_EQ(rump_sys_unmount("/pts", 0), 0);
	T_ASSERT_EQ(pair_open(&a, 0), 0);
	T_CHECK_STR(a.name, "/dev/ttyp0");
	pair_close(&a);
}

/* More than there are nodes in /dev. */
static void
many(void)
{
	static struct pair p[64];
	unsigned i;

	T_ASSERT_EQ(mount_at("/pts"), 0);
	for (i = 0; i < 64; i++) {
		T_ASSERT_EQ(pair_open(&p[i], 0), 0);
		put(p[i].slave, p[i].name);
	}
	for (i = 0; i < 64; i++) {
		T_CHECK_STR(all(p[i].control), p[i].name);
		pair_close(&p[i]);
	}
	T_CHECK_STR(names("/pts"), ". .. ");
	T_CHECK_EQ(rump_sys_unmount("/pts", 0), 0);
}

/* Who opens /dev/ptmx gets the slave; the next finds nothing of him. */
static void
owners(void)
{
	struct rump_ptmget n;
	struct rump_stat st;
	int control;

	T_ASSERT_EQ(mount_at("/pts"), 0);
	T_ASSERT_EQ(rump_pub_lwproc_rfork(RUMP_RFCFDG), 0);
	T_CHECK_EQ(rump_sys_setuid(7), 0);
	control = rump_sys_open("/dev/ptmx", RUMP_O_RDWR);
	T_CHECK(control >= 0);
	T_CHECK_ERR(rump_sys_open("/pts/0", RUMP_O_RDWR), RUMP_EACCES);
	T_CHECK_EQ(rump_sys_ioctl(control, RUMP_TIOCGRANTPT, 0), 0);
	T_CHECK_EQ(rump_sys_ioctl(control, RUMP_TIOCPTSNAME, &n), 0);
	T_CHECK_STR(n.sn, "/pts/0");
	T_CHECK_EQ(rump_sys_stat(n.sn, &st), 0);
	T_CHECK_EQ(st.st_uid, 7);
	T_CHECK(rump_sys_open(n.sn, RUMP_O_RDWR) >= 0);
	T_CHECK_EQ(rump_sys_chmod(n.sn, 0666), 0);
	T_CHECK_ERR(rump_sys_chown(n.sn, 8, 0), RUMP_EPERM);
	rump_pub_lwproc_releaselwp();
	control = rump_sys_open("/dev/ptmx", RUMP_O_RDWR);
	T_CHECK_EQ(rump_sys_stat("/pts/0", &st), 0);
	T_CHECK_EQ(st.st_uid, 0);
	T_CHECK_EQ(st.st_mode & 0777, 0600);
	rump_sys_close(control);
	T_CHECK_EQ(rump_sys_unmount("/pts", 0), 0);
}

static void
mounts(void)
{
	struct rump_ptyfs_args old = args;
	struct rump_statvfs sv;
	struct pair p;

	T_ASSERT_EQ(mount_at("/pts"), 0);
	T_ASSERT_EQ(mount_at("/pts2"), 0);
	T_ASSERT_EQ(pair_open(&p, 0), 0);
	T_CHECK_STR(p.name, "/pts/0");
	T_CHECK_STR(names("/pts2"), ". .. 0 ");
	pair_close(&p);
	T_CHECK_EQ(rump_sys_unmount("/pts", 0), 0);
	T_ASSERT_EQ(pair_open(&p, 0), 0);
	T_CHECK_STR(p.name, "/pts2/0");
	T_CHECK_EQ(rump_sys_statvfs1("/pts2", &sv, 0), 0);
	T_CHECK_STR(sv.f_fstypename, "ptyfs");
	/* by force, with both sides open: they lose their names, no more */
	T_CHECK_EQ(rump_sys_unmount("/pts2", RUMP_MNT_FORCE), 0);
	T_CHECK_EQ(put(p.control, "x\n"), 2);
	T_CHECK_STR(all(p.slave), "x\n");
	pair_close(&p);
	old.version = 1;
	T_CHECK_ERR(rump_sys_mount(RUMP_MOUNT_PTYFS, "/pts", 0, &old,
	    sizeof(old)), RUMP_EINVAL);
	T_CHECK_ERR(rump_sys_mount(RUMP_MOUNT_PTYFS, "/pts", 0, &old, 4),
	    RUMP_EINVAL);
}

/* Below another root only what is mounted there is seen. */
static void
roots(void)
{
	struct rump_ptmget n;
	int control;

	T_ASSERT_EQ(rump_sys_mkdir("/jail", 0755), 0);
	T_ASSERT_EQ(mount_at("/jail/pts"), 0);
	T_ASSERT_EQ(mount_at("/pts"), 0);
	T_ASSERT_EQ(rump_pub_lwproc_rfork(RUMP_RFCFDG), 0);
	control = rump_sys_open("/dev/ptmx", RUMP_O_RDWR);
	T_CHECK_EQ(rump_sys_ioctl(control, RUMP_TIOCPTSNAME, &n), 0);
	T_CHECK_STR(n.sn, "/jail/pts/0");
	T_CHECK_EQ(rump_sys_chroot("/jail"), 0);
	T_CHECK_EQ(rump_sys_ioctl(control, RUMP_TIOCPTSNAME, &n), 0);
	T_CHECK_STR(n.sn, "/pts/0");
	rump_pub_lwproc_releaselwp();
	T_CHECK_EQ(rump_sys_unmount("/pts", 0), 0);
	T_CHECK_EQ(rump_sys_unmount("/jail/pts", 0), 0);
}

/* A directory has no offset below 0. */
static void
offsets(void)
{
	int fd;

	T_ASSERT_EQ(mount_at("/pts"), 0);
	fd = rump_sys_open("/pts", RUMP_O_RDONLY);
	T_CHECK_ERR(rump_sys_lseek(fd, -5, RUMP_SEEK_SET), RUMP_EINVAL);
	T_CHECK_EQ(rump_sys_lseek(fd, 5, RUMP_SEEK_SET), 5);
	rump_sys_close(fd);
	T_CHECK_EQ(rump_sys_unmount("/pts", 0), 0);
}

/* What its vfsops leave out. */
static void
what_it_has_not(void)
{
	const uint16_t idlen = 8;
	uint64_t words[8] = { 0 };
	uint8_t fh[64];
	size_t size = sizeof(fh);
	struct rump_statvfs sv;

	T_ASSERT_EQ(mount_at("/pts"), 0);
	T_CHECK_ERR(rump_sys_getfh("/pts", fh, &size), RUMP_EOPNOTSUPP);
	T_CHECK_ERR(rump_sys___quotactl("/pts", (void *)words), RUMP_EOPNOTSUPP);
	/* a handle that somebody made up: its identity, and an object of 8 bytes */
	T_ASSERT_EQ(rump_sys_statvfs1("/pts", &sv, 0), 0);
	memset(fh, 0, sizeof(fh));
	memcpy(fh, &sv.f_fsidx, sizeof(sv.f_fsidx));
	memcpy(fh + 8, &idlen, sizeof(idlen));
	T_CHECK_ERR(rump_sys_fhopen(fh, 28, RUMP_O_RDONLY), RUMP_EOPNOTSUPP);
	T_CHECK_EQ(rump_sys_unmount("/pts", 0), 0);
}

int
main(int argc, char **argv)
{
	static const struct t_case cases[] = {
		T(come_and_go), T(many), T(owners), T(mounts), T(roots),
		T(offsets), T(what_it_has_not),
	};

	rump_boot_setsigmodel(RUMP_SIGMODEL_IGNORE);
	if (rump_init() != 0) {
		t_puts("Bail out! the kernel does not boot\n");
		return 1;
	}
	return t_main(cases, sizeof(cases) / sizeof(cases[0]), argc, argv);
}
