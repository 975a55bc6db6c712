/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What is left of exec in a kernel that executes no programs: the description
 * of an executable format, which processes point to.
 */
#ifndef _SYS_EXEC_H_
#define _SYS_EXEC_H_

#include <sys/types.h>

struct coredump_iostate;
struct emul;
struct exec_package;
struct lwp;
struct proc;
struct vnode;

/* Where a program's arguments and environment stand in its memory. */
struct ps_strings {
	char	**ps_argvstr;
	int	ps_nargvstr;
	char	**ps_envstr;
	int	ps_nenvstr;
};

#ifdef _KERNEL

typedef int (*exec_makecmds_fcn)(struct lwp *, struct exec_package *);
typedef int (*execve_fetch_element_t)(char *const *, size_t, char **);

struct execsw {
	u_int	es_hdrsz;
	exec_makecmds_fcn es_makecmds;
	union {
		int	(*elf_probe_func)(struct lwp *, struct exec_package *,
			    void *, char *, vaddr_t *);
		int	(*ecoff_probe_func)(struct lwp *, struct exec_package *);
	} u;
	struct emul *es_emul;
	int	es_prio;
	int	es_arglen;
	int	(*es_copyargs)(struct lwp *, struct exec_package *,
		    struct ps_strings *, char **, void *);
	void	(*es_setregs)(struct lwp *, struct exec_package *, vaddr_t);
	int	(*es_coredump)(struct lwp *, struct coredump_iostate *);
	int	(*es_setup_stack)(struct lwp *, struct exec_package *);
};

#define EXECSW_PRIO_ANY		0x000
#define EXECSW_PRIO_FIRST	0x001
#define EXECSW_PRIO_LAST	0x002

#define EXEC_INDIR	0x0001
#define EXEC_HASFD	0x0002
#define EXEC_HASARGL	0x0004
#define EXEC_SKIPARG	0x0008
#define EXEC_DESTR	0x0010
#define EXEC_32		0x0020
#define EXEC_FORCEAUX	0x0040
#define EXEC_TOPDOWN_VM	0x0080
#define EXEC_FROM32	0x0100

#define EXEC_DEFAULT_VMCMD_SETSIZE	9
#define VMCMD_RELATIVE	0x0001
#define VMCMD_BASE	0x0002
#define VMCMD_FIXED	0x0004
#define VMCMD_STACK	0x0008

int	copy_procargs(struct proc *, int oid, size_t *limit,
	    int (*cb)(void *, const void *, size_t, size_t), void *);

#endif /* _KERNEL */
#endif
