/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What components tell the vfs faction, and what it gives the base.
 *
 * The pointers are the base's; without the faction they point to functions
 * that answer ENXIO, or are NULL.
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

/* The page daemon wants so many bytes of buffers back; NULL: there are none. */
extern void (*rump_vfs_drainbufs)(int npages);

#endif /* _RUMP_SYS_VFS_H_ */
