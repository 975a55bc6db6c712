/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Kernel tracing: records as programs read them, and the points where a kernel
 * would make them.
 */
#ifndef _SYS_KTRACE_H_
#define _SYS_KTRACE_H_

#include <sys/param.h>
#include <sys/signal.h>
#include <sys/time.h>
#include <sys/uio.h>

/* ktrace(2): operation, and flag. */
#define KTROP_SET	0
#define KTROP_CLEAR	1
#define KTROP_CLEARFILE	2
#define KTROP_MASK	0x3
#define KTRFLAG_DESCEND	0x4

struct ktr_header {
	int	ktr_len;		/* bytes after the header */
	short	ktr_type;
	short	ktr_version;		/* which member of _v */
	pid_t	ktr_pid;
	char	ktr_comm[MAXCOMLEN + 1];
	union {
		struct {
			struct {
				int32_t tv_sec;
				long tv_usec;
			} _tv;
			const void *_buf;
		} _v0;
		struct {
			struct {
				int32_t tv_sec;
				long tv_nsec;
			} _ts;
			lwpid_t _lid;
		} _v1;
		struct {
			struct timespec _ts;
			lwpid_t _lid;
		} _v2;
	} _v;
};
#define ktr_lid		_v._v2._lid
#define ktr_time	_v._v2._ts
#define ktr_ts		_v._v2._ts
#define ktr_otv		_v._v0._tv
#define ktr_unused	_v._v0._buf
#define ktr_olid	_v._v1._lid
#define ktr_ots		_v._v1._ts
#define KTR_SHIMLEN	offsetof(struct ktr_header, ktr_pid)

/* Types of record, with what follows the header. */
#define KTR_SYSCALL	1
struct ktr_syscall {
	int	ktr_code;
	int	ktr_argsize;		/* then the arguments */
};
#define KTR_SYSRET	2
struct ktr_sysret {
	short	ktr_code;
	short	ktr_eosys;
	int	ktr_error;
	__register_t ktr_retval;
	__register_t ktr_retval_1;
};
#define KTR_NAMEI	3		/* the path */
#define KTR_GENIO	4
struct ktr_genio {
	int	ktr_fd;
	enum uio_rw ktr_rw;		/* then the data */
};
#define KTR_PSIG	5
struct ktr_psig {
	int	signo;
	sig_t	action;
	sigset_t mask;
	int	code;			/* then a siginfo_t, if code is not 0 */
};
#define KTR_CSW		6
struct ktr_csw {
	int	out;
	int	user;
};
#define KTR_EMUL	7		/* name of the emulation */
#define KTR_USER	8
#define KTR_USER_MAXIDLEN	20
#define KTR_USER_MAXLEN	2048
struct ktr_user {
	char	ktr_id[KTR_USER_MAXIDLEN];	/* then the data */
};
#define KTR_EXEC_ARG	10
#define KTR_EXEC_ENV	11
#define KTR_SAUPCALL	13
struct ktr_saupcall {
	int	ktr_type;
	int	ktr_nevent;
	int	ktr_nint;
	void	*ktr_sas;
	void	*ktr_ap;
};
#define KTR_MIB		14		/* sysctl name */
#define KTR_EXEC_FD	15
struct ktr_execfd {
	int	ktr_fd;
	u_int	ktr_dtype;
};

/* Facilities: bits of p_traceflag, one a type. */
#define KTRFAC_MASK	0x00ffffff
#define KTRFAC_SYSCALL	(1 << KTR_SYSCALL)
#define KTRFAC_SYSRET	(1 << KTR_SYSRET)
#define KTRFAC_NAMEI	(1 << KTR_NAMEI)
#define KTRFAC_GENIO	(1 << KTR_GENIO)
#define KTRFAC_PSIG	(1 << KTR_PSIG)
#define KTRFAC_CSW	(1 << KTR_CSW)
#define KTRFAC_EMUL	(1 << KTR_EMUL)
#define KTRFAC_USER	(1 << KTR_USER)
#define KTRFAC_EXEC_ARG	(1 << KTR_EXEC_ARG)
#define KTRFAC_EXEC_ENV	(1 << KTR_EXEC_ENV)
#define KTRFAC_MIB	(1 << KTR_MIB)
#define KTRFAC_EXEC_FD	(1 << KTR_EXEC_FD)
#define KTRFAC_PERSISTENT	0x80000000
#define KTRFAC_INHERIT	0x40000000
#define KTRFAC_TRC_EMUL	0x10000000
#define KTRFAC_VER_MASK	0x0f000000
#define KTRFAC_VER_SHIFT	24
#define KTRFACv0	(0 << KTRFAC_VER_SHIFT)
#define KTRFACv1	(1 << KTRFAC_VER_SHIFT)
#define KTRFACv2	(2 << KTRFAC_VER_SHIFT)
#define KTRFAC_VERSION(tf)	(((tf) & KTRFAC_VER_MASK) >> KTRFAC_VER_SHIFT)

#ifdef _KERNEL

#include <sys/lwp.h>
#include <sys/proc.h>

/* How a record is made. */
#define KTA_NOWAIT	0x0000
#define KTA_WAITOK	0x0001
#define KTA_LARGE	0x0002

/*
 * Nothing can be traced here: ktrace(2) is no system call of this kernel.  So
 * the points are compiled away.
 */
#define ktrace_on	0

#define KTRPOINT(p, type)	(((p)->p_traceflag & (1 << (type))) != 0)

#define ktrpoint(fac)				((void)(fac), false)
#define ktr_point(fac)				((void)(fac), false)

static __inline __unused void
ktr_genio(int fd, enum uio_rw rw, const void *buf, size_t len, int error)
{
}

static __inline __unused void
ktr_geniov(int fd, enum uio_rw rw, struct iovec *iov, size_t n, int error)
{
}

static __inline __unused void
ktr_kuser(const char *id, const void *buf, size_t len)
{
}

static __inline __unused void
ktr_namei(const char *path, size_t len)
{
}

static __inline __unused void
ktr_namei2(const char *root, size_t rootlen, const char *path, size_t len)
{
}

static __inline __unused void
ktr_syscall(register_t code, const register_t *args, int narg)
{
}

static __inline __unused void
ktr_sysret(register_t code, int error, register_t *retval)
{
}

static __inline __unused void
ktr_mib(const int *name, u_int len)
{
}

static __inline __unused void
ktr_mibio(int fd, enum uio_rw rw, const void *buf, size_t len, int error)
{
}

#define ktrgenio	ktr_genio
#define ktrgeniov	ktr_geniov
#define ktrkuser	ktr_kuser
#define ktrnamei	ktr_namei
#define ktrnamei2	ktr_namei2
#define ktrsyscall	ktr_syscall
#define ktrsysret	ktr_sysret
#define ktrmib		ktr_mib
#define ktrmibio	ktr_mibio

#endif /* _KERNEL */
#endif
