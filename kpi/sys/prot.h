/* SPDX-License-Identifier: BSD-2-Clause */
/* Changing a process's ids: which new ids may equal which old ones. */
#ifndef _SYS_PROT_H_
#define _SYS_PROT_H_

#include <sys/types.h>

#define ID_E_EQ_E	0x1
#define ID_E_EQ_R	0x2
#define ID_E_EQ_S	0x4
#define ID_R_EQ_E	0x10
#define ID_R_EQ_R	0x20
#define ID_R_EQ_S	0x40
#define ID_S_EQ_E	0x100
#define ID_S_EQ_R	0x200
#define ID_S_EQ_S	0x400

#ifdef _KERNEL
struct lwp;
int	do_setresuid(struct lwp *, uid_t, uid_t, uid_t, u_int);
int	do_setresgid(struct lwp *, gid_t, gid_t, gid_t, u_int);
#endif

#endif /* _SYS_PROT_H_ */
