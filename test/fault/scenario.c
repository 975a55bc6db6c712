/* SPDX-License-Identifier: BSD-2-Clause */
/* What a program does while the host refuses it things: see fault.h. */
#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <rump/rump.h>
#include <rump/rump_syscalls.h>
#include <rump/rumpdefs.h>
#include <rump/rumpuser_memdisk.h>

#define T_STDIO
#include "../t.h"
#include "fault.h"

#define FILES	6
#define FAT	"/fat"
#define TMP	"/tmp"

/* A file of a pattern; sure: every call for it has succeeded, fsync last. */
static struct file {
	char	name[40];
	size_t	size;
	int	seed;		/* of its pattern */
	bool	there, sure;
} files[2 * FILES];

static enum fault refused;
static char data[96 * 1024], back[96 * 1024];

/* May a call fail so? */
static bool
befits(int error)
{

	switch (refused) {
	case FAULT_MEMORY:
		return error == RUMP_ENOMEM;
	case FAULT_THREAD:
		return error == RUMP_ENOMEM || error == RUMP_EAGAIN;
	default:
		return error == RUMP_EIO;
	}
}

/* The result of a call, -1 with errno. */
static bool
outcome(long long value, int error, int line)
{

	if (value != -1)
		return true;
	if (fault_armed ? !befits(error) : true) {
		t_state.failures++;
		t_where(__FILE__, line, fault_armed ? "failed with " :
		    "failed while all is well, with ");
		t_putnum(error);
		t_putc('\n');
	}
	return false;
}
static long long result;
#define TRY(call)	(errno = 0, result = (call), outcome(result, errno, __LINE__))

static void
pattern(struct file *f)
{
	size_t i;

	for (i = 0; i < f->size; i++)
		data[i] = (char)(f->seed * 31 + (int)i * 7 + (int)i / 251);
}

static void
file_write(struct file *f)
{
	long long n = 0, done;
	int fd;

	pattern(f);
	if (!TRY(fd = rump_sys_open(f->name, RUMP_O_RDWR | RUMP_O_CREAT, 0644)))
		return;
	f->there = true;
	for (done = 0; done < (long long)f->size; done += n) {
		n = rump_sys_write(fd, data + done, f->size - (size_t)done);
		if (!outcome(n, errno, __LINE__) || !T_CHECK(n > 0))
			break;
	}
	f->sure = done == (long long)f->size;
	f->sure &= TRY(rump_sys_fsync(fd));
	f->sure &= TRY(rump_sys_close(fd));
}

/* What can be read is right, even if reading fails at times. */
static void
file_verify(struct file *f)
{
	long long n, done = 0;
	int fd;

	if (!f->sure)
		return;
	pattern(f);
	if (!TRY(fd = rump_sys_open(f->name, RUMP_O_RDONLY)))
		return;
	memset(back, 'x', f->size);
	do {
		n = rump_sys_pread(fd, back + done, sizeof(back) - (size_t)done,
		    done);
		if (!outcome(n, errno, __LINE__))
			break;
		done += n;
	} while (n > 0);
	if (n == 0)
		T_CHECK_EQ(done, f->size);
	T_CHECK(memcmp(back, data, (size_t)done) == 0);
	(void)TRY(rump_sys_close(fd));
}

static void
file_rename(struct file *f, const char *name)
{
	bool sure = f->sure;

	if (!f->there)
		return;
	f->sure = false;		/* who knows what it is called */
	if (TRY(rump_sys_rename(f->name, name))) {
		strcpy(f->name, name);
		f->sure = sure;
	}
}

/* What is between an old end and what is written behind it reads as zeros. */
static void
gap(const char *top)
{
	const size_t old = 700, behind = 60000;
	char name[40];
	long long n;
	size_t i;
	int fd;

	snprintf(name, sizeof(name), "%s/gap", top);
	if (!TRY(fd = rump_sys_open(name, RUMP_O_RDWR | RUMP_O_CREAT, 0644)))
		return;
	memset(data, 'g', sizeof(data));
	if (TRY(rump_sys_pwrite(fd, data, old, 0)) &&
	    TRY(rump_sys_pwrite(fd, data, old, (int64_t)behind)) &&
	    TRY(n = rump_sys_pread(fd, back, sizeof(back), 0))) {
		T_CHECK_EQ(n, (long long)(behind + old));
		for (i = old; i < behind && back[i] == 0; i++)
			continue;
		T_CHECK_EQ(i, behind);
	}
	(void)TRY(rump_sys_close(fd));
	(void)TRY(rump_sys_unlink(name));
}

static void
list(const char *dir)
{
	char buf[4096];
	int fd, n;

	if (!TRY(fd = rump_sys_open(dir, RUMP_O_RDONLY | RUMP_O_DIRECTORY)))
		return;
	do
		n = rump_sys_getdents(fd, buf, sizeof(buf));
	while (outcome(n, errno, __LINE__) && n > 0);
	(void)TRY(rump_sys_close(fd));
}

static void
use(const char *top, struct file *f)
{
	struct rump_stat st;
	char name[40], other[40];
	bool dir;
	int i, fd;

	snprintf(name, sizeof(name), "%s/dir", top);
	dir = TRY(rump_sys_mkdir(name, 0755));
	for (i = 0; i < FILES; i++) {
		snprintf(f[i].name, sizeof(f[i].name), "%s/%c a long name.txt",
		    top, 'a' + i);
		f[i].seed = i + top[1];
		f[i].size = (size_t)(i * 7919 + 1) * 2;
		file_write(&f[i]);
	}
	for (i = 0; i < FILES; i++)
		file_verify(&f[i]);
	snprintf(other, sizeof(other), "%s/zzz", top);
	file_rename(&f[0], other);
	file_rename(&f[1], f[0].name);
	if (f[0].there && f[1].there)
		f[0].there = f[0].sure = false;
	if (f[2].there && TRY(rump_sys_unlink(f[2].name)))
		f[2].there = false;
	f[2].sure = false;
	if (f[3].there && TRY(rump_sys_truncate(f[3].name, 100))) {
		f[3].size = 100;
		file_verify(&f[3]);
	} else
		f[3].sure = false;
	snprintf(other, sizeof(other), "%s/dir/%c", top, 'x');
	if (dir && TRY(fd = rump_sys_open(other, RUMP_O_RDWR | RUMP_O_CREAT, 0600))) {
		(void)TRY(rump_sys_ftruncate(fd, 50000));
		(void)TRY(rump_sys_fstat(fd, &st));
		(void)TRY(rump_sys_close(fd));
		(void)TRY(rump_sys_unlink(other));
	}
	gap(top);
	list(top);
	rump_sys_sync();
}

/* What needs no file system. */
static void
others(void)
{
	struct rump_itimerval far = { { 0, 0 }, { 1000, 0 } }, off = { 0 };
	struct rump_timespec nap = { 0, 100000 };
	int fds[2], kq;
	char c;

	if (TRY(rump_sys_pipe(fds))) {
		if (TRY(rump_sys_write(fds[1], "x", 1)))
			(void)TRY(rump_sys_read(fds[0], &c, 1));
		(void)TRY(rump_sys_close(fds[0]));
		(void)TRY(rump_sys_close(fds[1]));
	}
	if (TRY(kq = rump_sys_kqueue()))
		(void)TRY(rump_sys_close(kq));
	if (TRY(rump_sys_setitimer(0, &far, NULL)))
		(void)TRY(rump_sys_setitimer(0, &off, NULL));
	(void)TRY(rump_sys_nanosleep(&nap, NULL));
	errno = rump_pub_lwproc_rfork(RUMP_RFFDG);
	if (errno == 0)
		rump_pub_lwproc_releaselwp();
	else
		(void)outcome(-1, errno, __LINE__);
}

static bool
mount_fat(void)
{
	struct rump_msdosfs_args args = { .fspec = (char *)(uintptr_t)"/disk",
	    .mask = 0755, .dirmask = 0755, .version = RUMP_MSDOSFSMNT_VERSION,
	    .flags = RUMP_MSDOSFSMNT_LONGNAME };

	return TRY(rump_sys_mount("msdos", FAT, 0, &args, sizeof(args)));
}

static bool
mount_tmp(void)
{
	struct rump_tmpfs_args args = { .ta_version = RUMP_TMPFS_ARGS_VERSION,
	    .ta_root_mode = 0755 };

	return TRY(rump_sys_mount("tmpfs", TMP, 0, &args, sizeof(args)));
}

static bool
register_disk(void)
{
	int error = rump_pub_etfs_register("/disk", "memdisk:disk",
	    RUMP_ETFS_BLK);

	return outcome(error == 0 ? 0 : -1, error, __LINE__);
}

static bool
make_dir(const char *dir)
{
	struct rump_stat st;

	return rump_sys_stat(dir, &st) == 0 || TRY(rump_sys_mkdir(dir, 0755));
}

/* Unmount and mount again: what is certain is on the disk. */
static void
again(void)
{
	int i;

	T_CHECK_EQ(rump_sys_unmount(FAT, 0), 0);
	T_ASSERT(mount_fat());
	for (i = 0; i < FILES; i++)
		file_verify(&files[i]);
	list(FAT);
	T_CHECK_EQ(rump_sys_unmount(FAT, 0), 0);
}

static void
scenario(void)
{
	bool fat = false, tmp = false, disk = false;
	int error, i;

	T_ASSERT_EQ(rumpuser_memdisk_add("disk", fault_disk, fault_disk_size, 0),
	    0);
	fault_armed = true;
	error = rump_init();
	if (error != 0) {
		T_CHECK(befits(error));
		fault_armed = false;
		T_ASSERT_EQ(rump_init(), 0);
	}
	disk = register_disk();
	if (make_dir(FAT) && disk && (fat = mount_fat()))
		use(FAT, files);
	if (make_dir(TMP) && (tmp = mount_tmp()))
		use(TMP, files + FILES);
	others();
	for (i = 0; i < 2 * FILES; i++)
		file_verify(&files[i]);
	if (tmp && TRY(rump_sys_unmount(TMP, 0)))
		tmp = false;
	if (fat && TRY(rump_sys_unmount(FAT, 0)))
		fat = false;

	/* All is well again. */
	fault_armed = false;
	T_ASSERT(disk || register_disk());
	T_ASSERT(rump_sys_mkdir(FAT, 0755) == 0 || errno == RUMP_EEXIST);
	T_ASSERT(fat || mount_fat());
	again();
	if (tmp)
		T_CHECK_EQ(rump_sys_unmount(TMP, 0), 0);
	fault_armed = true;
	T_ASSERT_EQ(rump_halt(), 0);
	fault_armed = false;
	T_ASSERT_EQ(rump_init(), 0);
	T_CHECK_EQ(rump_halt(), 0);
}

unsigned int
scenario_run(enum fault what)
{

	refused = what;
	scenario();
	return t_state.failures;
}
