/* SPDX-License-Identifier: BSD-2-Clause */
/* md: a disk in memory. */
#ifndef _DEV_MD_H_
#define	_DEV_MD_H_

#include <sys/types.h>
#include <sys/ioccom.h>

/* Exact layout. */
struct md_conf {
	void		*md_addr;	/* MD_UMEM_SERVER: the server's memory */
	size_t		md_size;	/* bytes */
	int		md_type;
};

/* md_type */
#define	MD_UNCONFIGURED		0
#define	MD_KMEM_FIXED		1	/* by a hook; stays */
#define	MD_KMEM_ALLOCATED	2	/* given back at unconfiguration */
#define	MD_UMEM_SERVER		3	/* lent by the process that asks */

#define	MD_GETCONF	_IOR('r', 0, struct md_conf)
#define	MD_SETCONF	_IOW('r', 1, struct md_conf)

#ifdef _KERNEL
/* For those who bring a file system with the kernel. */
extern int md_is_root;
extern void md_attach_hook(int unit, struct md_conf *conf);
extern void md_open_hook(int unit, struct md_conf *conf);
extern void md_root_setconf(char *addr, size_t size);
#endif

#endif /* !_DEV_MD_H_ */
