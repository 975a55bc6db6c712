/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * deadfs: the operations of vnodes that were revoked or reclaimed.
 */
#ifndef _MISCFS_DEADFS_DEADFS_H_
#define _MISCFS_DEADFS_DEADFS_H_

struct vnodeopv_desc;

extern int (**dead_vnodeop_p)(void *);
extern const struct vnodeopv_desc dead_vnodeop_opv_desc;

#endif /* _MISCFS_DEADFS_DEADFS_H_ */
