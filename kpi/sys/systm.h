/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What every part of the kernel uses: output, panic, the kernel lock, copies
 * between kernel and user memory, hash tables, hooks, identity of the system.
 */
#ifndef _SYS_SYSTM_H_
#define _SYS_SYSTM_H_

#include <sys/types.h>
#include <sys/cdefs.h>
#include <sys/stdarg.h>
#include <sys/stdbool.h>
#include <sys/device_if.h>
#include <machine/endian.h>
#include <machine/intr.h>

#include <lib/libkern/libkern.h>

struct cpu_info;
struct device;
struct disklabel;
struct lwp;
struct proc;
struct timeval;
struct tty;
struct uio;
struct vmspace;
struct vnode;

/*
 * Identity and state of the system.
 */
extern const char copyright[];
extern const char version[];
extern const char buildinfo[];
extern const char osrelease[];
extern const char ostype[];
extern const char kernel_ident[];
extern char machine[];
extern char machine_arch[];

extern const char *panicstr;		/* format of the first panic, or NULL */
extern int doing_shutdown;
extern int boothowto;			/* RB_*, AB_* of <sys/reboot.h> */
#define bootverbose	(boothowto & AB_VERBOSE)
extern bool mp_online;
extern int ncpu;
extern int ncpuonline;
extern psize_t physmem;			/* pages */
extern int maxmem;

/* Where the root is. */
extern dev_t rootdev;
extern struct vnode *rootvp;
extern device_t root_device;
extern device_t booted_device;
extern device_t booted_wedge;
extern int booted_partition;
extern const char *rootspec;
extern const char *rootfstype;
#define ROOT_FSTYPE_ANY	"?"
extern dev_t dumpdev;
extern dev_t dumpcdev;
extern const dev_t zerodev;
extern struct vnode *swapdev_vp;

extern const char hexdigits[];		/* "0123456789abcdef" */
extern const char HEXDIGITS[];

/*
 * System calls.
 */
typedef int sy_call_t(struct lwp *, const void *, register_t *);

struct sysent {
	uint16_t sy_narg;		/* arguments */
	uint16_t sy_argsize;		/* their size in bytes */
	int sy_flags;			/* SYCALL_* */
	sy_call_t *sy_call;
	uint32_t sy_entry;
	uint32_t sy_return;
};

extern struct sysent sysent[];
extern const uint32_t sysent_nomodbits[];

/* An argument, kept in a slot of a register's size. */
#if BYTE_ORDER == BIG_ENDIAN
#define SCARG(p, k)	((p)->k.be.datum)
#else
#define SCARG(p, k)	((p)->k.le.datum)
#endif

#define SYCALL_INDIRECT		0x0000002
#define SYCALL_NARGS64_MASK	0x000f000
#define SYCALL_RET_64		0x0010000
#define SYCALL_ARG0_64		0x0020000
#define SYCALL_ARG1_64		0x0040000
#define SYCALL_ARG2_64		0x0080000
#define SYCALL_ARG3_64		0x0100000
#define SYCALL_ARG4_64		0x0200000
#define SYCALL_ARG5_64		0x0400000
#define SYCALL_ARG6_64		0x0800000
#define SYCALL_ARG7_64		0x1000000
#define SYCALL_NOSYS		0x2000000
#define SYCALL_ARG_PTR		0x4000000
#define SYCALL_NARGS64(n)	((n) << 12)
#define SYCALL_ARG_64(n)	(SYCALL_ARG0_64 << (n))

/*
 * Functions for tables: they do nothing but return their errno.
 */
int	nullop(void *);
int	voidop(void);
int	enodev(void);
int	enosys(void);
int	enoioctl(void);
int	enxio(void);
int	eopnotsupp(void);

int	seltrue(dev_t, int, struct lwp *);
int	sys_nosys(struct lwp *, const void *, register_t *);
int	sys_nomodule(struct lwp *, const void *, register_t *);

#ifdef _KERNEL

/*
 * Panic and messages.
 */
void	panic(const char *, ...) __dead __printflike(1, 2);
void	vpanic(const char *, va_list) __dead __printflike(1, 0);
void	printf(const char *, ...) __printflike(1, 2);
void	vprintf(const char *, va_list) __printflike(1, 0);
void	printf_nolog(const char *, ...) __printflike(1, 2);
void	printf_tolog(const char *, ...) __printflike(1, 2);
void	printf_nostamp(const char *, ...) __printflike(1, 2);
void	uprintf(const char *, ...) __printflike(1, 2);
void	uprintf_locked(const char *, ...) __printflike(1, 2);
void	ttyprintf(struct tty *, const char *, ...) __printflike(2, 3);
void	device_printf(device_t, const char *fmt, ...) __printflike(2, 3);
void	tablefull(const char *, const char *);

int	snprintf(char *, size_t, const char *, ...) __printflike(3, 4);
int	vsnprintf(char *, size_t, const char *, va_list) __printflike(3, 0);
int	vasprintf(char **, const char *, va_list) __printflike(2, 0);
int	humanize_number(char *, size_t, uint64_t, const char *, int);
int	format_bytes(char *, size_t, uint64_t);

/* Messages of autoconfiguration: chosen by how much the user wants to read. */
void	aprint_normal(const char *, ...) __printflike(1, 2);
void	aprint_error(const char *, ...) __printflike(1, 2);
void	aprint_naive(const char *, ...) __printflike(1, 2);
void	aprint_verbose(const char *, ...) __printflike(1, 2);
void	aprint_debug(const char *, ...) __printflike(1, 2);
void	aprint_normal_dev(device_t, const char *, ...) __printflike(2, 3);
void	aprint_error_dev(device_t, const char *, ...) __printflike(2, 3);
void	aprint_naive_dev(device_t, const char *, ...) __printflike(2, 3);
void	aprint_verbose_dev(device_t, const char *, ...) __printflike(2, 3);
void	aprint_debug_dev(device_t, const char *, ...) __printflike(2, 3);

struct ifnet;
void	aprint_normal_ifnet(struct ifnet *, const char *, ...)
	    __printflike(2, 3);
void	aprint_error_ifnet(struct ifnet *, const char *, ...)
	    __printflike(2, 3);
void	aprint_naive_ifnet(struct ifnet *, const char *, ...)
	    __printflike(2, 3);
void	aprint_verbose_ifnet(struct ifnet *, const char *, ...)
	    __printflike(2, 3);
void	aprint_debug_ifnet(struct ifnet *, const char *, ...)
	    __printflike(2, 3);
int	aprint_get_error_count(void);

/*
 * Hash tables: arrays of list heads, a power of two of them.
 */
enum hashtype {
	HASH_LIST,
	HASH_SLIST,
	HASH_TAILQ,
	HASH_PSLIST
};

void	*hashinit(u_int, enum hashtype, bool, u_long *);
void	 hashdone(void *, enum hashtype, u_long);

/* A value that stands for secret bytes, the same for equal bytes. */
void	 hash_value(void *, size_t, const void *, size_t);
bool	 get_expose_address(struct proc *);
void	 hash_value_ensure_initialized(void);

/* Set dst to src, or to a stand-in where the reader may not see addresses. */
#define COND_SET_VALUE(dst, src, allow)					\
do {									\
	if (allow)							\
		(dst) = (src);						\
	else {								\
		uint64_t cond_value_ = (uint64_t)(src);			\
		hash_value(&(dst), sizeof(dst), &cond_value_,		\
		    sizeof(cond_value_));				\
	}								\
} while (0)

/*
 * Between kernel and user memory: 0 or EFAULT (the string ones: also
 * ENAMETOOLONG).  May sleep.
 */
typedef int (*copyin_t)(const void *, void *, size_t);
typedef int (*copyout_t)(const void *, void *, size_t);

int	copystr(const void *, void *, size_t, size_t *);
int	copyinstr(const void *, void *, size_t, size_t *);
int	copyoutstr(const void *, void *, size_t, size_t *);
int	copyin(const void *, void *, size_t);
int	copyout(const void *, void *, size_t);
int	kcopy(const void *, void *, size_t);
int	copyin_proc(struct proc *, const void *, void *, size_t);
int	copyout_proc(struct proc *, const void *, void *, size_t);
int	copyin_pid(pid_t, const void *, void *, size_t);
int	copyin_vmspace(struct vmspace *, const void *, void *, size_t);
int	copyout_vmspace(struct vmspace *, const void *, void *, size_t);
int	ioctl_copyin(int, const void *, void *, size_t);
int	ioctl_copyout(int, const void *, void *, size_t);

int	uiomove(void *, size_t, struct uio *);
int	uiomove_frombuf(void *, size_t, struct uio *);

int	ufetch_8(const uint8_t *, uint8_t *);
int	ufetch_16(const uint16_t *, uint16_t *);
int	ufetch_32(const uint32_t *, uint32_t *);
int	ufetch_char(const unsigned char *, unsigned char *);
int	ufetch_short(const unsigned short *, unsigned short *);
int	ufetch_int(const unsigned int *, unsigned int *);
int	ufetch_long(const unsigned long *, unsigned long *);
int	ufetch_ptr(const void **, void **);
int	ustore_8(uint8_t *, uint8_t);
int	ustore_16(uint16_t *, uint16_t);
int	ustore_32(uint32_t *, uint32_t);
int	ustore_char(unsigned char *, unsigned char);
int	ustore_short(unsigned short *, unsigned short);
int	ustore_int(unsigned int *, unsigned int);
int	ustore_long(unsigned long *, unsigned long);
int	ustore_ptr(void **, void *);
int	ucas_32(volatile uint32_t *, uint32_t, uint32_t, uint32_t *);
int	ucas_int(volatile unsigned int *, unsigned int, unsigned int,
	    unsigned int *);
int	ucas_ptr(volatile void *, void *, void *, void *);
#ifdef _LP64
int	ufetch_64(const uint64_t *, uint64_t *);
int	ustore_64(uint64_t *, uint64_t);
int	ucas_64(volatile uint64_t *, uint64_t, uint64_t, uint64_t *);
#endif

/* Old names for moves of bytes. */
#define bcopy(src, dst, len)	memcpy((dst), (src), (len))
#define bzero(src, len)		memset((src), 0, (len))
#define bcmp(a, b, len)		memcmp((a), (b), (len))

/*
 * The kernel lock: recursive, given up while its holder sleeps.
 */
void	_kernel_lock(int);
void	_kernel_unlock(int, int *);
bool	_kernel_locked_p(void);
void	kernel_lock_init(void);

#define KERNEL_LOCK(count, lwp)						\
do {									\
	const int kernel_lock_count_ = (count);				\
	if (kernel_lock_count_ != 0)					\
		_kernel_lock(kernel_lock_count_);			\
} while (0)
/* n > 0: give up n holds; 0: all, *p tells how many; -1: the last one. */
#define KERNEL_UNLOCK(n, lwp, p)	_kernel_unlock((n), (p))
#define KERNEL_LOCKED_P()		_kernel_locked_p()
#define KERNEL_UNLOCK_LAST(l)		KERNEL_UNLOCK(-1, (l), NULL)
#define KERNEL_UNLOCK_ALL(l, p)		KERNEL_UNLOCK(0, (l), (p))
#define KERNEL_UNLOCK_ONE(l)		KERNEL_UNLOCK(1, (l), NULL)

/* Staying on this CPU. */
void	kpreempt_disable(void);
void	kpreempt_enable(void);
bool	kpreempt_disabled(void);

/* Panics, in diagnostic kernels, where sleeping is forbidden. */
void	assert_sleepable(void);
#ifdef DIAGNOSTIC
#define ASSERT_SLEEPABLE()	assert_sleepable()
#else
#define ASSERT_SLEEPABLE()	do {} while (0)
#endif

/* The configuration lock: modules, system call table. */
void	kernconfig_lock_init(void);
void	kernconfig_lock(void);
void	kernconfig_unlock(void);
bool	kernconfig_is_held(void);

/*
 * Hooks: functions called at events.
 */
void	*exechook_establish(void (*)(struct proc *, void *), void *);
void	 exechook_disestablish(void *);
void	 doexechooks(struct proc *);

void	*exithook_establish(void (*)(struct proc *, void *), void *);
void	 exithook_disestablish(void *);
void	 doexithooks(struct proc *);

void	*forkhook_establish(void (*)(struct proc *, struct proc *));
void	 forkhook_disestablish(void *);
void	 doforkhooks(struct proc *, struct proc *);

void	*powerhook_establish(const char *, void (*)(int, void *), void *);
void	 powerhook_disestablish(void *);
void	 dopowerhooks(int);
#define PWR_RESUME	0
#define PWR_SUSPEND	1
#define PWR_STANDBY	2
#define PWR_SOFTRESUME	3
#define PWR_SOFTSUSPEND	4
#define PWR_SOFTSTANDBY	5
#define PWR_NAMES \
	"resume", "suspend", "standby", "softresume", "softsuspend", \
	"softstandby"

/*
 * Clocks, start, stop.
 */
void	inittodr(time_t);
void	resettodr(void);
void	setrootfstime(time_t);

void	cpu_bootconf(void);
vaddr_t	calc_cache_size(vsize_t, int, int);

#define console_debugger()	__nothing
#define Debugger()		__nothing

/*
 * Magic sequences of consoles, for drivers that look for them.
 */
typedef struct cnm_state {
	int cnm_state;
	uint16_t *cnm_magic;
} cnm_state_t;

#define CNC_BREAK	0x100
#define CNS_LEN		128
#define CNS_TERM	127
#define CNS_MAGIC_VAL(x)	((x) & 0x1ff)
#define CNS_MAGIC_NEXT(x)	(((x) >> 9) & 0x7f)

#endif /* _KERNEL */
#endif /* _SYS_SYSTM_H_ */
