/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Extended attributes: name spaces, commands, and who may use them.
 */
#ifndef _SYS_EXTATTR_H_
#define _SYS_EXTATTR_H_

#include <sys/types.h>
#include <sys/syslimits.h>

#define EXTATTR_NAMESPACE_EMPTY		0x00000000
#define EXTATTR_NAMESPACE_EMPTY_STRING	"empty"
#define EXTATTR_NAMESPACE_USER		0x00000001
#define EXTATTR_NAMESPACE_USER_STRING	"user"
#define EXTATTR_NAMESPACE_SYSTEM	0x00000002
#define EXTATTR_NAMESPACE_SYSTEM_STRING	"system"

#ifdef _KERNEL
#include <sys/param.h>
#include <sys/kauth.h>

#define EXTATTR_MAXNAMELEN	KERNEL_NAME_MAX

/* VFS_EXTATTRCTL */
#define EXTATTR_CMD_START	0x00000001
#define EXTATTR_CMD_STOP	0x00000002

/* VOP_LISTEXTATTR: each name is preceded by its length, not followed by NUL */
#define EXTATTR_LIST_LENPREFIX	0x00000001

struct vnode;
int	extattr_check_cred(struct vnode *, int, kauth_cred_t, int);
#endif /* _KERNEL */

#endif /* _SYS_EXTATTR_H_ */
