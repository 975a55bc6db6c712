/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Memory of processes that live elsewhere.  A program in this process has its
 * memory here: its addresses are used as they are.  The server for remote
 * clients sets usermem_remote when it starts.
 */
#ifndef _RUMP_PRIVATE_USERMEM_H_
#define _RUMP_PRIVATE_USERMEM_H_

#include <sys/types.h>

struct vmspace;

/*
 * Each returns 0 or an errno (EFAULT; the strings also ENAMETOOLONG) and may
 * sleep.  *lenp is the room for a string on entry, and what was copied, NUL
 * included, on return.
 */
struct usermem_ops {
	int	(*um_copyin)(struct vmspace *vm, const void *uaddr,
		    void *kaddr, size_t len);
	int	(*um_copyout)(struct vmspace *vm, const void *kaddr,
		    void *uaddr, size_t len);
	int	(*um_copyinstr)(struct vmspace *vm, const void *uaddr,
		    void *kaddr, size_t *lenp);
	int	(*um_copyoutstr)(struct vmspace *vm, const void *kaddr,
		    void *uaddr, size_t *lenp);
};

extern const struct usermem_ops *usermem_remote;

#endif
