/* SPDX-License-Identifier: BSD-2-Clause */
/* Read-ahead, for ubc_uiomove. */
#ifndef _VFS_PAGE_READAHEAD_H_
#define _VFS_PAGE_READAHEAD_H_

#include <sys/types.h>

struct vnode;

/*
 * Should a reader that has just copied len bytes from off, all of them in
 * memory, ask uvm_ra_request for what comes next?
 */
bool	readahead_due(struct vnode *vp, off_t off, size_t len);

#endif
