/* SPDX-License-Identifier: BSD-2-Clause */
/* Types of vnodes, as programs and the vfs faction name them to each other. */
#ifndef _RUMP_RUMPVFS_TYPES_H_
#define _RUMP_RUMPVFS_TYPES_H_

enum rump_vtype {
	RUMP_VNON, RUMP_VREG, RUMP_VDIR, RUMP_VBLK, RUMP_VCHR, RUMP_VLNK,
	RUMP_VSOCK, RUMP_VFIFO, RUMP_VBAD
};

/* Flags of vn_lock, for RUMP_VOP_LOCK and rump_pub_vfs_root. */
#define RUMP_LK_SHARED		0x00000001
#define RUMP_LK_EXCLUSIVE	0x00000002
#define RUMP_LK_NOWAIT		0x00000010
#define RUMP_LK_RETRY		0x00020000

#endif
