/* SPDX-License-Identifier: BSD-2-Clause */
/* What a walk does not do to an image; see image.h. */
#include "image.h"

#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <rump/rump.h>
#include <rump/rump_syscalls.h>
#include <rump/rumpdefs.h>

#define VNODES_FEW	64

void
image_fail(unsigned rate, unsigned seed)
{
	char text[16];

	snprintf(text, sizeof(text), "%u", rate);
	setenv("RUMP_BLKFAIL", text, 1);
	snprintf(text, sizeof(text), "%u", seed);
	setenv("RUMP_BLKFAIL_SEED", text, 1);
}

void
image_forget(void)
{
	static const int mib[] = { RUMP_CTL_KERN, RUMP_KERN_MAXVNODES };
	int few = VNODES_FEW;

	(void)rump_sys___sysctl(mib, 2, NULL, NULL, &few, sizeof(few));
}

/* The object of a handle, and of one that is not quite it. */
static void
by_handle(const char *path)
{
	struct rump_stat st;
	uint8_t fh[64];
	size_t size = sizeof(fh);

	if (rump_sys_getfh(path, fh, &size) == -1)
		return;
	for (size_t i = 0; i < size; i += i < 8 ? 8 : 1) {
		int fd = rump_sys_fhopen(fh, size, RUMP_O_RDONLY | RUMP_O_NONBLOCK);

		if (fd != -1)
			rump_sys_close(fd);
		fh[i == 0 ? size - 1 : i] ^= 1;
		(void)rump_sys_fhstat(fh, size, &st);
		if (i % 3)
			fh[i] ^= 1;
	}
}

static void
ask(const char *path)
{
	struct rump_flock lock = { .l_start = 10, .l_len = 10, .l_type = RUMP_F_RDLCK };
	int64_t number;
	char data[512];
	int fd;

	for (int i = 0; i < 8; i++)
		(void)rump_sys_access(path, i);
	for (int i = 0; i < 25; i++)
		(void)rump_sys_pathconf(path, i);
	by_handle(path);
	(void)rump_sys_readlink(path, data, sizeof(data));
	fd = rump_sys_open(path, RUMP_O_RDONLY | RUMP_O_NONBLOCK);
	if (fd == -1)
		return;
	(void)rump_sys_fcntl(fd, RUMP_F_SETLK, &lock);
	(void)rump_sys_fcntl(fd, RUMP_F_GETLK, &lock);
	number = 0;
	(void)rump_sys_ioctl(fd, RUMP_FIOSEEKDATA, &number);
	(void)rump_sys_ioctl(fd, RUMP_FIOSEEKHOLE, &number);
	(void)rump_sys_pread(fd, data, sizeof(data), 0);
	(void)rump_sys_fsync(fd);
	/* pages go, and are read again */
	(void)rump_sys_posix_fadvise(fd, 0, 0, RUMP_POSIX_FADV_DONTNEED);
	(void)rump_sys_pread(fd, data, sizeof(data), 0);
	(void)rump_sys_lseek(fd, 0, RUMP_SEEK_SET);
	for (int i = 0; i < 40 && rump_sys_getdents(fd, data, 40) > 0; i++)
		continue;
	rump_sys_close(fd);
}

static void
attributes(const char *path)
{
	static const struct rump_timespec times[2] = { { 1000000000, 7 }, { 5000000000, 0 } };
	static const int64_t sizes[] = { 0, 3, 40000, INT64_C(0x100000000), -1 };

	(void)rump_sys_chmod(path, 0444);
	(void)rump_sys_chmod(path, 0644);
	(void)rump_sys_chown(path, 1, 1);
	(void)rump_sys_chown(path, 0, 0);
	(void)rump_sys_chflags(path, RUMP_SF_ARCHIVED);
	(void)rump_sys_chflags(path, 0);
	(void)rump_sys_utimensat(RUMP_AT_FDCWD, path, times, 0);
	(void)rump_sys_utimensat(RUMP_AT_FDCWD, path, NULL, 0);
	for (unsigned i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++)
		(void)rump_sys_truncate(path, sizes[i]);
}

/* Names below dir that no honest program would give. */
static void
names(const char *dir, const char *file)
{
	static const char *const tails[] = {
		"", ".", "..", "x/", "a. ", "...", "q\"*", "a:b", "\xf0\x9f\x98\x80", "\xed\xa0\x80", "\xff", "\xc3\xa9\xc3\x89",
		"\xe4\xb8\xad", "AUX.TXT", "lower.UPP", "LONGNAME.four", "+,;=[].t", "a b", "\1", "\xf4\x90\x80\x80", "SHORT.TXT",
		"short.txt", "Short.Txt", "abcdefgh.ij", "ABCDEFGHI",
	};
	char path[IMAGE_PATH_SIZE + 64], longest[IMAGE_PATH_SIZE + 400];
	struct rump_stat st;

	for (unsigned i = 0; i < sizeof(tails) / sizeof(tails[0]); i++) {
		snprintf(path, sizeof(path), "%s/%s", dir, tails[i]);
		(void)rump_sys_stat(path, &st);
		(void)rump_sys_mkdir(path, 0700);
		(void)rump_sys_rename(path, file);
		(void)rump_sys_rename(file, path);
		(void)rump_sys_unlink(path);
		(void)rump_sys_rmdir(path);
	}
	for (unsigned n = 254; n < 258; n++) {
		snprintf(longest, sizeof(longest), "%s/%0*u", dir, (int)n, n);
		(void)rump_sys_mkdir(longest, 0700);
	}
	snprintf(path, sizeof(path), "%s/..", dir);
	(void)rump_sys_rename(dir, path);
	snprintf(path, sizeof(path), "%s/below", dir);
	(void)rump_sys_rename(dir, path);
	snprintf(path, sizeof(path), "%s/none", file);
	(void)rump_sys_stat(path, &st);
	(void)rump_sys_link(file, IMAGE_DIR "/link");
	(void)rump_sys_symlink(file, IMAGE_DIR "/symlink");
	(void)rump_sys_mkfifo(IMAGE_DIR "/fifo", 0600);
	(void)rump_sys_mknod(IMAGE_DIR "/node", RUMP_S_IFCHR | 0600, 5);
	(void)rump_sys_open(dir, RUMP_O_RDWR);
}

/* By somebody who may not. */
static void
as_user(const char *path)
{

	if (rump_pub_lwproc_rfork(RUMP_RFCFDG) != 0)
		return;
	(void)rump_sys_setuid(1);
	(void)rump_sys_chmod(path, 0777);
	(void)rump_sys_utimensat(RUMP_AT_FDCWD, path, NULL, 0);
	(void)rump_sys_truncate(path, 1);
	(void)rump_sys_unlink(path);
	(void)rump_sys_mkdir(IMAGE_DIR "/users", 0700);
	rump_pub_lwproc_releaselwp();
}

void
image_try(const char *dir, const char *file)
{

	if (*dir == '\0')
		dir = IMAGE_DIR;
	if (*file == '\0')
		file = IMAGE_DIR "/none";
	ask(dir);
	ask(file);
	as_user(file);
	attributes(dir);
	attributes(file);
	names(dir, file);
	rump_sys_sync();
}

void
image_update(const char *type, const void *args, size_t len)
{
	static const int flags[] = {
		RUMP_MNT_GETARGS, RUMP_MNT_UPDATE | RUMP_MNT_RDONLY, RUMP_MNT_UPDATE, RUMP_MNT_UPDATE | RUMP_MNT_RELOAD, 0,
	};
	void *room = malloc(len);

	must(room != NULL, "no memory");
	for (unsigned i = 0; i < sizeof(flags) / sizeof(flags[0]); i++) {
		memcpy(room, args, len);
		(void)rump_sys_mount(type, IMAGE_DIR, flags[i], room, len);
		memcpy(room, args, len);
		(void)rump_sys_mount(type, IMAGE_DIR, flags[i], room, len - 1);
		/* no device: the mount's own */
		memset(room, 0, sizeof(char *));
		(void)rump_sys_mount(type, IMAGE_DIR, flags[i], room, len);
	}
	free(room);
}
