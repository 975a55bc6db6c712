/* SPDX-License-Identifier: BSD-2-Clause */
/* Whose memory a uio names. */
#ifndef _VFS_UIOMEM_H_
#define _VFS_UIOMEM_H_

#include <sys/types.h>
#include <sys/proc.h>
#include <sys/uio.h>
#include <uvm/uvm_extern.h>

#include <rump-sys/kern.h>

/*
 * Can the kernel address the memory?  True for its own and for that of programs
 * it is linked with: then uiomove() is a copy that does not sleep and asks
 * nobody.  False for that of a remote client, which a hypercall reaches.
 */
static inline bool
uio_addressable(const struct uio *uio)
{

	return VMSPACE_IS_KERNEL_P(uio->uio_vmspace) ||
	    uio->uio_vmspace == rump_vmspace_local;
}

#endif /* !_VFS_UIOMEM_H_ */
