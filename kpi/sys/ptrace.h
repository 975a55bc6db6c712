/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Process tracing, as far as headers and process files need its names: there
 * are no programs here that could be traced.
 */
#ifndef _SYS_PTRACE_H_
#define _SYS_PTRACE_H_

#include <sys/types.h>
#include <sys/siginfo.h>
#include <sys/signal.h>

#define PT_TRACE_ME		0
#define PT_READ_I		1
#define PT_READ_D		2
#define PT_WRITE_I		4
#define PT_WRITE_D		5
#define PT_CONTINUE		7
#define PT_KILL			8
#define PT_ATTACH		9
#define PT_DETACH		10
#define PT_IO			11
#define PT_DUMPCORE		12
#define PT_LWPINFO		13
#define PT_SYSCALL		14
#define PT_SYSCALLEMU		15
#define PT_SET_EVENT_MASK	16
#define PT_GET_EVENT_MASK	17
#define PT_GET_PROCESS_STATE	18
#define PT_SET_SIGINFO		19
#define PT_GET_SIGINFO		20
#define PT_RESUME		21
#define PT_SUSPEND		22
#define PT_STOP			23
#define PT_LWPSTATUS		24
#define PT_LWPNEXT		25
#define PT_SET_SIGPASS		26
#define PT_GET_SIGPASS		27
#define PT_FIRSTMACH		32

/* PT_IO. */
#define PIOD_READ_D		1
#define PIOD_WRITE_D		2
#define PIOD_READ_I		3
#define PIOD_WRITE_I		4
#define PIOD_READ_AUXV		5
struct ptrace_io_desc {
	int	piod_op;
	void	*piod_offs;
	void	*piod_addr;
	size_t	piod_len;
};

/* Events, and what is told of them. */
#define PTRACE_FORK		0x0001
#define PTRACE_VFORK		0x0002
#define PTRACE_VFORK_DONE	0x0004
#define PTRACE_LWP_CREATE	0x0008
#define PTRACE_LWP_EXIT		0x0010
#define PTRACE_POSIX_SPAWN	0x0020
typedef struct ptrace_event {
	int	pe_set_event;
} ptrace_event_t;

typedef struct ptrace_state {
	int	pe_report_event;
	union {
		pid_t	_pe_other_pid;
		lwpid_t	_pe_lwp;
	} _option;
} ptrace_state_t;
#define pe_other_pid	_option._pe_other_pid
#define pe_lwp		_option._pe_lwp

typedef struct ptrace_siginfo {
	siginfo_t	psi_siginfo;
	lwpid_t		psi_lwpid;
} ptrace_siginfo_t;

#define PL_EVENT_NONE		0
#define PL_EVENT_SIGNAL		1
#define PL_EVENT_SUSPENDED	2

#define PL_LNAMELEN		20
struct ptrace_lwpstatus {
	lwpid_t		pl_lwpid;
	sigset_t	pl_sigpend;
	sigset_t	pl_sigmask;
	char		pl_name[PL_LNAMELEN];
	void		*pl_private;
};

#ifdef _KERNEL
struct lwp;
struct uio;

typedef int (*ptrace_regrfunc_t)(struct lwp *, void *, size_t *);
typedef int (*ptrace_regwfunc_t)(struct lwp *, void *, size_t);

int	process_dofpregs(struct lwp *, struct lwp *, struct uio *);
int	process_domem(struct lwp *, struct lwp *, struct uio *);
int	process_doregs(struct lwp *, struct lwp *, struct uio *);
int	process_validfpregs(struct lwp *);
int	process_validregs(struct lwp *);
#endif

#endif
