/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * wedgefs IMAGE N TYPE OP...: a file system in the N-th wedge (from 0) of an image,
 * which is a file of the host, under vnd.
 *
 *	get NAME	its contents to standard output
 *	put NAME SIZE	a file of SIZE bytes, of a pattern
 *	pull NAME	force the medium out while the file is open and written
 */
#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <rump/rump.h>
#include <rump/rump_syscalls.h>
#include <rump/rumpdefs.h>

#define MOST	64

static int raw;

static void
must(int rv, const char *what)
{

	if (rv != -1)
		return;
	fprintf(stderr, "%s: error %d\n", what, errno);
	_exit(1);
}

static void
mount_wedge(const char *image, int n, const char *type)
{
	struct rump_dkwedge_info info[MOST];
	struct rump_dkwedge_list list = {
		.dkwl_buf = info, .dkwl_bufsize = sizeof(info)
	};
	struct rump_vnd_ioctl vio = { .vnd_file = (char *)(uintptr_t)"/image" };
	struct rump_iso_args iso;
#ifdef WITH_FAT
	struct rump_msdosfs_args fat;
#endif
	static char path[64];
	int found;

	if (rump_pub_etfs_register("/image", image, RUMP_ETFS_REG) != 0)
		must(-1, "etfs");
	must(raw = rump_sys_open("/dev/rvnd0d", RUMP_O_RDWR), "rvnd0d");
	must(rump_sys_ioctl(raw, RUMP_VNDIOCSET, &vio), "VNDIOCSET");
	must(rump_sys_ioctl(raw, RUMP_DIOCMWEDGES, &found), "DIOCMWEDGES");
	must(rump_sys_ioctl(raw, RUMP_DIOCLWEDGES, &list), "DIOCLWEDGES");
	if (n >= (int)list.dkwl_ncopied) {
		fprintf(stderr, "%u wedges\n", list.dkwl_nwedges);
		_exit(1);
	}
	snprintf(path, sizeof(path), "/dev/%.15s", info[n].dkw_devname);
	must(rump_sys_mkdir("/mnt", 0755), "mkdir");
	memset(&iso, 0, sizeof(iso));
	iso.fspec = path;
	if (strcmp(type, "cd9660") == 0) {
		must(rump_sys_mount(type, "/mnt", RUMP_MNT_RDONLY, &iso,
		    sizeof(iso)), "mount");
		return;
	}
#ifdef WITH_FAT
	memset(&fat, 0, sizeof(fat));
	fat.fspec = path;
	fat.mask = fat.dirmask = 0755;
	fat.version = 3;
	must(rump_sys_mount(type, "/mnt", 0, &fat, sizeof(fat)), "mount");
#else
	fprintf(stderr, "%s: not built in\n", type);
	_exit(1);
#endif
}

static void
get(const char *name)
{
	static char buf[65536];
	ssize_t n;
	int fd;

	must(fd = rump_sys_open(name, RUMP_O_RDONLY), name);
	while ((n = rump_sys_read(fd, buf, sizeof(buf))) > 0)
		if (fwrite(buf, 1, (size_t)n, stdout) != (size_t)n)
			_exit(1);
	must((int)n, "read");
	rump_sys_close(fd);
}

static int
put(const char *name, size_t size)
{
	char *buf = malloc(size);
	int fd;

	for (size_t i = 0; i < size; i++)
		buf[i] = (char)(i * 7 + i / 251);
	must(fd = rump_sys_open(name, RUMP_O_RDWR | RUMP_O_CREAT, 0644), name);
	if (rump_sys_write(fd, buf, size) != (ssize_t)size)
		must(-1, "write");
	free(buf);
	return fd;
}

/* Take the medium away under the file system: errors, no hang, an unmount. */
static void
pull(const char *name)
{
	struct rump_vnd_ioctl vio = { .vnd_flags = RUMP_VNDIOF_FORCE };
	char buf[512] = "x";
	int fd = put(name, 1024 * 1024);

	must(rump_sys_ioctl(raw, RUMP_VNDIOCCLR, &vio), "VNDIOCCLR");
	if (rump_sys_pwrite(fd, buf, sizeof(buf), 0) != -1 &&
	    rump_sys_fsync(fd) == 0) {
		fprintf(stderr, "written without a medium\n");
		_exit(1);
	}
	rump_sys_close(fd);
	must(rump_sys_unmount("/mnt", RUMP_MNT_FORCE), "unmount");
	printf("pulled\n");
}

int
main(int argc, char **argv)
{
	struct rump_vnd_ioctl vio = { .vnd_flags = 0 };
	char name[256];

	if (argc < 6 || rump_init() != 0)
		return 2;
	mount_wedge(argv[1], atoi(argv[2]), argv[3]);
	snprintf(name, sizeof(name), "/mnt/%s", argv[5]);
	if (strcmp(argv[4], "pull") == 0) {
		pull(name);
		return rump_halt();
	}
	if (strcmp(argv[4], "get") == 0)
		get(name);
	else
		must(rump_sys_close(put(name, (size_t)atol(argv[6]))), "close");
	/* busy while mounted; free afterwards */
	if (rump_sys_ioctl(raw, RUMP_VNDIOCCLR, &vio) != -1 ||
	    errno != RUMP_EBUSY) {
		fprintf(stderr, "not busy\n");
		return 1;
	}
	must(rump_sys_unmount("/mnt", 0), "unmount");
	must(rump_sys_ioctl(raw, RUMP_VNDIOCCLR, &vio), "VNDIOCCLR");
	return rump_halt();
}
