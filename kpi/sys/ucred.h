/* SPDX-License-Identifier: BSD-2-Clause */
/* Credentials as user programs and wire formats see them. */
#ifndef _SYS_UCRED_H_
#define _SYS_UCRED_H_

#include <sys/types.h>
#include <sys/param.h>

struct uucred {
	unsigned short cr_unused;
	uid_t cr_uid;
	gid_t cr_gid;
	short cr_ngroups;
	gid_t cr_groups[16];
};

struct ki_ucred {
	uint32_t	cr_ref;
	uint32_t	cr_uid;
	uint32_t	cr_gid;
	uint32_t	cr_ngroups;
	uint32_t	cr_groups[NGROUPS];
};

struct ki_pcred {
	void		*p_pad;
	uint32_t	p_ruid;
	uint32_t	p_svuid;
	uint32_t	p_rgid;
	uint32_t	p_svgid;
	int		p_refcnt;
};

#endif /* _SYS_UCRED_H_ */
