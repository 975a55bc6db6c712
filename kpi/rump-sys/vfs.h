/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What components ask of the vfs faction.  The pointers are the base's
 * (kern/vfshooks.c); without the faction the functions answer ENXIO.
 */
#ifndef _RUMP_SYS_VFS_H_
#define _RUMP_SYS_VFS_H_

#include <sys/types.h>

/*
 * Names in the root file system: one device node; nnodes device nodes whose
 * names end in successive letters; a symbolic link.  Directories in the path
 * must be there.  0, ENXIO (no faction), ENOENT, EEXIST.
 */
extern int (*rump_vfs_makeonedevnode)(dev_t devtype, const char *path,
    devmajor_t majnum, devminor_t minnum);
extern int (*rump_vfs_makedevnodes)(dev_t devtype, const char *basename,
    char minchar, devmajor_t majnum, devminor_t minnum, int nnodes);
extern int (*rump_vfs_makesymlink)(const char *target, const char *path);

#endif /* _RUMP_SYS_VFS_H_ */
