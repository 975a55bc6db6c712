/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * System calls on files and file systems: what their files share.
 *
 * Each file registers its own calls; boot.c calls the functions below once.
 * Handlers get user addresses; where a call has variants by path, by directory
 * and descriptor, and by descriptor, the body is common (do_*).
 */
#ifndef _VFS_CALLS_CALLS_H_
#define _VFS_CALLS_CALLS_H_

#include <sys/types.h>
#include <sys/fcntl.h>
#include <sys/namei.h>
#include <sys/stat.h>
#include <sys/vnode.h>

#include <rump-private/syscall.h>

struct file;
struct lwp;

void	calls_open_boot(void);
void	calls_names_boot(void);
void	calls_stat_boot(void);
void	calls_attr_boot(void);
void	calls_cwd_boot(void);
void	calls_mount_boot(void);
void	calls_quota_boot(void);
void	calls_data_boot(void);
void	calls_fh_boot(void);
void	calls_xattr_boot(void);
void	calls_acl_boot(void);

/* at.c: look-ups that begin in the directory of a descriptor (or AT_FDCWD) */

/*
 * namei(); nd set up by NDINIT.  EBADF and ENOTDIR are about the descriptor,
 * which does not matter to an absolute path.
 */
int	call_namei(int fdat, struct nameidata *nd);
/* The same from a user's path, to the end of it: referenced, not locked. */
int	call_namei_simple(int fdat, const char *path, bool follow,
	    struct vnode **vpp);
/* Where a path begins, referenced; NULL: the process knows (absolute, cwd). */
int	call_atdir(int fdat, const struct pathbuf *pb, struct vnode **dvpp);
/* Copy a path in, look it up with op and flags.  *pbp is to be destroyed. */
int	call_namei_user(int fdat, const char *path, uint32_t op, uint32_t flags,
	    struct nameidata *nd, struct pathbuf **pbp);

/*
 * The vnode of a descriptor, the file borrowed; give it back by fd_putfile.
 */
int	call_fdvnode(int fd, struct file **fpp, struct vnode **vpp);

/*
 * Get ready to make or remove nd's last component: release what namei()
 * returned, in whatever combination.
 */
void	call_nd_release(struct nameidata *nd);

#endif /* _VFS_CALLS_CALLS_H_ */
