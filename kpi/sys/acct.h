/* SPDX-License-Identifier: BSD-2-Clause */
/* Process accounting. */
#ifndef _SYS_ACCT_H_
#define _SYS_ACCT_H_

#include <sys/types.h>

/* 3 bits of base-8 exponent, 13 bits of fraction; 1/AHZ seconds. */
typedef uint16_t comp_t;

struct acct {
	char	ac_comm[16];
	comp_t	ac_utime;
	comp_t	ac_stime;
	comp_t	ac_etime;
	time_t	ac_btime;
	uid_t	ac_uid;
	gid_t	ac_gid;
	uint16_t ac_mem;
	comp_t	ac_io;
	dev_t	ac_tty;
	uint8_t	ac_flag;
};
#define AFORK	0x1
#define ASU	0x2
#define ACOMPAT	0x4
#define ACORE	0x8
#define AXSIG	0x10
#define AHZ	0x40

#ifdef _KERNEL
struct lwp;
struct vnode;
void	acct_init(void);
int	acct_process(struct lwp *);
#endif

#endif /* _SYS_ACCT_H_ */
