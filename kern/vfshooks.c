/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Where the vfs faction puts its functions for components that want names in
 * the root file system.  Without it there is none, and they are told so.
 */
#include <sys/types.h>
#include <sys/errno.h>

#include <rump-sys/vfs.h>

static int
no_devnode(dev_t devtype, const char *path, devmajor_t majnum,
    devminor_t minnum)
{

	return ENXIO;
}

static int
no_devnodes(dev_t devtype, const char *basename, char minchar,
    devmajor_t majnum, devminor_t minnum, int nnodes)
{

	return ENXIO;
}

static int
no_symlink(const char *target, const char *path)
{

	return ENXIO;
}

int (*rump_vfs_makeonedevnode)(dev_t, const char *, devmajor_t, devminor_t) =
    no_devnode;
int (*rump_vfs_makedevnodes)(dev_t, const char *, char, devmajor_t,
    devminor_t, int) = no_devnodes;
int (*rump_vfs_makesymlink)(const char *, const char *) = no_symlink;
