/* SPDX-License-Identifier: BSD-2-Clause */

/*
 * The file systems that the test knows.  The argument structures are those
 * that mount(2) takes, as programs see them.
 */

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <rump/rump_syscalls.h>

#include "fskind.h"

struct tmpfs_mount {
	int32_t version;		/* 1 */
	uint64_t nodes_max;		/* 0: no limit but memory */
	int64_t size_max;
	uint32_t uid, gid, mode;	/* of the root directory */
};

struct msdosfs_mount {
	const char *device;
	char export[128];
	uint32_t uid, gid;		/* of all files */
	uint32_t mask;
	int32_t flags;			/* 2: write long names */
	int32_t version;		/* 3 */
	uint32_t dirmask;
	int32_t gmtoff;
};

struct ufs_mount {
	const char *device;
};

struct iso_mount {
	const char *device;
	char export[128];
	int32_t flags;			/* 0: all extensions */
};

struct null_mount {
	const char *target;
	char export[128];
};

enum { READ_ONLY = 1 };
enum { LONG_NAMES = 2, WITH_VERSION = 16 };

static int
mount_tmpfs(const char *device, const char *dir, int flags)
{
	struct tmpfs_mount args = { .version = 1, .mode = 0755 };

	(void)device;
	return rump_sys_mount("tmpfs", dir, flags, &args, sizeof(args));
}

/* A null file system over a tmpfs. */
static int
mount_null(const char *device, const char *dir, int flags)
{
	struct null_mount args = { .target = "/below" };

	if (rump_sys_mkdir("/below", 0755) != 0 ||
	    mount_tmpfs(device, "/below", 0) != 0)
		return -1;
	return rump_sys_mount("null", dir, flags, &args, sizeof(args));
}

static int
mount_msdos(const char *device, const char *dir, int flags)
{
	struct msdosfs_mount args = {
		.device = device,
		.mask = 0755,
		.dirmask = 0755,
		.flags = LONG_NAMES | WITH_VERSION,
		.version = 3,
	};

	return rump_sys_mount("msdos", dir, flags, &args, sizeof(args));
}

static int
mount_ufs(const char *type, const char *device, const char *dir, int flags)
{
	struct ufs_mount args = { .device = device };

	return rump_sys_mount(type, dir, flags, &args, sizeof(args));
}

static int
mount_ffs(const char *device, const char *dir, int flags)
{

	return mount_ufs("ffs", device, dir, flags);
}

static int
mount_ext2fs(const char *device, const char *dir, int flags)
{

	return mount_ufs("ext2fs", device, dir, flags);
}

static int
mount_cd9660(const char *device, const char *dir, int flags)
{
	struct iso_mount args = { .device = device };

	return rump_sys_mount("cd9660", dir, flags | READ_ONLY, &args,
	    sizeof(args));
}

/* The root file system itself, where nothing is mounted. */
static int
mount_rumpfs(const char *device, const char *dir, int flags)
{

	(void)device, (void)dir, (void)flags;
	return 0;
}

static const struct fskind kinds[] = {
	{
		.name = "tmpfs", .links = true, .symlinks = true,
		.dirlinks = true, .attributes = true, .name_max = 255, .name_made = 255,
		.mount = mount_tmpfs,
	}, {
		.name = "null", .links = true, .symlinks = true,
		.dirlinks = true, .attributes = true, .name_max = 255, .name_made = 255,
		.mount = mount_null,
	}, {
		.name = "rumpfs", .symlinks = true, .attributes = true,
		.name_max = 255, .name_made = 255, .mount = mount_rumpfs,
	}, {
		.name = "msdos", .image = true, .casefold = true,
		.name_max = 255, .name_made = 200, .mount = mount_msdos,
	}, {
		.name = "cd9660", .image = true, .readonly = true,
		.symlinks = true, .attributes = true, .name_max = 255,
		.mount = mount_cd9660,
	}, {
		.name = "ffs", .image = true, .links = true, .symlinks = true,
		.dirlinks = true, .attributes = true, .name_max = 255, .name_made = 255,
		.mount = mount_ffs,
	}, {
		.name = "ext2fs", .image = true, .links = true,
		.symlinks = true, .dirlinks = true, .attributes = true,
		.name_max = 255, .name_made = 255, .mount = mount_ext2fs,
	},
};

const struct fskind *
fskind_find(const char *name)
{

	for (unsigned i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
		if (strcmp(kinds[i].name, name) == 0)
			return &kinds[i];
	return NULL;
}
