/* SPDX-License-Identifier: BSD-2-Clause */
/* Bodies of file system calls for callers inside the kernel. */
#ifndef _SYS_VFS_SYSCALLS_H_
#define	_SYS_VFS_SYSCALLS_H_

#include <sys/types.h>
#include <sys/uio.h>

struct lwp;

int	do_sys_mount(struct lwp *l, const char *type, enum uio_seg type_seg,
	    const char *path, int flags, void *data, enum uio_seg data_seg,
	    size_t data_len, register_t *retval);
int	do_sys_unlink(const char *path, enum uio_seg seg);

#endif /* !_SYS_VFS_SYSCALLS_H_ */
