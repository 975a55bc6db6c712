/* SPDX-License-Identifier: BSD-2-Clause */

/*
 * The hypercalls: all that a rump kernel asks of its host.
 *
 *   first set    NetBSD's interface, version 17: every function of rumpuser(3), with NetBSD's
 *                names, numbers and types, and rumpuser_mutex_spin_p of 9.99.88
 *   second set   rumpuser2_*, numbered on its own: park and unpark, the current lwp as a
 *                variable, a thread-exit hook, a cheap clock, vectored block I/O
 *
 * Our kernel calls these functions and nothing else. A library that has both sets carries
 * our kernel and NetBSD's; hypercall/v17 makes the second set out of the first.
 *
 * Rules that hold for all of them, unless a function says otherwise:
 *
 *   Errors    an int result is 0 or an errno in NetBSD's numbering, whatever the host's is.
 *             A void function cannot fail: where the host fails inside, it ends the program.
 *   CPU       the caller holds a virtual CPU. "keeps": still holds it, and the call is short.
 *             "releases": the library gives it back by hyp_backend_unschedule before it
 *             blocks and takes one by hyp_backend_schedule before it returns, so that the
 *             caller may find itself on another CPU, and the kernel's giant lock, if held, is
 *             given up meanwhile. "tries": keeps it if the call need not block, else releases.
 *             "none": the caller must not hold one, or it does not matter.
 *   From      a thread of the kernel: one made by rumpuser_thread_create, or a host thread
 *             that has entered by hyp_schedule or a public function. Never a signal handler.
 *
 * The library enters the kernel only by the upcalls of rumpuser_init and rumpuser2_init, the
 * start functions of threads, and completion callbacks.
 *
 * The header needs no libc: with _KERNEL it takes its types from the kernel's sys/types.h,
 * else from the compiler's freestanding headers. Process numbers are int32_t, as pid_t is.
 *
 * Ref: rumpuser(3); A. Kantee, Flexible Operating System Internals (2012), 2.3.2.
 */

#ifndef _RUMP_RUMPUSER_H_
#define _RUMP_RUMPUSER_H_

#ifdef _KERNEL
#include <sys/types.h>
#else
#include <stddef.h>
#include <stdint.h>
#endif

struct lwp;
struct modinfo;
struct rump_component;
struct evcnt;

#ifdef __cplusplus
extern "C" {
#endif
#pragma GCC visibility push(default)

/* ── Start ─────────────────────────────────────────────────────────────────────────────── */

#define RUMPUSER_VERSION 17

/*
 * Upcalls: how the library enters the kernel.
 *
 * hyp_schedule            take a virtual CPU, from outside the kernel; a thread without an
 *                         lwp gets one for the visit. hyp_unschedule gives both back.
 * hyp_backend_unschedule  inside a hypercall that will block: give the virtual CPU back.
 *                         keeplocks != 0: the giant lock stays held; else it is dropped and
 *                         *nlocks is set to how often it was held. interlock: the rumpuser_mtx
 *                         that the caller holds and will wait with, or NULL.
 * hyp_backend_schedule    the inverse: take a virtual CPU, and the giant lock nlocks times.
 * hyp_lwproc_switch       make an lwp the current thread's; hyp_lwproc_release frees the
 *                         current one. hyp_lwproc_newlwp(pid) makes one in a process and
 *                         sets it; hyp_lwproc_curlwp tells it.
 * hyp_lwproc_rfork        a new process for a client (cookie), with an lwp, made current.
 * hyp_syscall             system call num with packed arguments; results in retval[2].
 * hyp_lwpexit             the client is gone: end its lwps. hyp_execnotify: it called exec.
 * hyp_getpid              process number of the current lwp.
 *
 * The last five, and rfork, fail with ENXIO in a kernel without a system call server.
 */
struct rumpuser_hyperup {
	void (*hyp_schedule)(void);
	void (*hyp_unschedule)(void);
	void (*hyp_backend_unschedule)(int keeplocks, int *nlocks, void *interlock);
	void (*hyp_backend_schedule)(int nlocks, void *interlock);
	void (*hyp_lwproc_switch)(struct lwp *l);
	void (*hyp_lwproc_release)(void);
	int (*hyp_lwproc_rfork)(void *cookie, int flags, const char *comm);
	int (*hyp_lwproc_newlwp)(int32_t pid);
	struct lwp *(*hyp_lwproc_curlwp)(void);
	int (*hyp_syscall)(int num, void *args, long *retval);
	void (*hyp_lwpexit)(void);
	void (*hyp_execnotify)(const char *comm);
	int32_t (*hyp_getpid)(void);
	void *hyp__extra[8];
};

/*
 * Start the library. The first hypercall of all; again after a halt, before the next boot.
 *
 * version   what the kernel expects: RUMPUSER_VERSION and nothing else.
 * hyp       upcalls; the library copies the table.
 *
 * Returns  0, EINVAL (another version), or what kept the host from starting.
 * Blocks:  no.  CPU: none held yet.  From: one thread, before all else.
 */
int rumpuser_init(int version, const struct rumpuser_hyperup *hyp);

/* ── Memory ────────────────────────────────────────────────────────────────────────────── */

/*
 * Allocate len bytes, contents undefined.
 *
 * alignment   power of two, up to the host's page size at least; 0: any type fits.
 * memp        out: the memory.
 *
 * Returns  0, ENOMEM (the kernel then frees what it can and asks again), EINVAL.
 * Blocks:  no.  CPU: keeps.
 */
int rumpuser_malloc(size_t len, int alignment, void **memp);

/*
 * Free what rumpuser_malloc gave; len is what was asked for then.
 *
 * Blocks:  no.  CPU: keeps.
 */
void rumpuser_free(void *mem, size_t len);

/*
 * Map size bytes of zeroed anonymous memory.
 *
 * prefaddr   where the kernel would like it, or NULL: a wish.
 * alignbit   the address is a multiple of 1 << alignbit; 0: of a page.
 * exec       non-zero: code will run there.
 *
 * Returns  0, ENOMEM, EACCES (this host maps nothing executable), EINVAL.
 * Blocks:  no.  CPU: keeps.
 */
int rumpuser_anonmmap(void *prefaddr, size_t size, int alignbit, int exec, void **memp);

/*
 * Undo rumpuser_anonmmap; the whole of what it mapped.
 *
 * Blocks:  no.  CPU: keeps.
 */
void rumpuser_unmap(void *addr, size_t len);

/* ── Host files and block I/O ──────────────────────────────────────────────────────────── */

#define RUMPUSER_OPEN_RDONLY 0
#define RUMPUSER_OPEN_WRONLY 1
#define RUMPUSER_OPEN_RDWR 2
#define RUMPUSER_OPEN_ACCMODE 3
#define RUMPUSER_OPEN_CREATE 4  /* make it if it is not there */
#define RUMPUSER_OPEN_EXCL 8    /* with CREATE: EEXIST if it is there */
#define RUMPUSER_OPEN_BIO 16    /* a disk: for rumpuser_bio and rumpuser2_biov */

/*
 * Open a name of the host for I/O. What a name stands for is the host's affair.
 *
 * mode   RUMPUSER_OPEN_* bits. With BIO, opening for writing keeps out others that do the same,
 *        in this process and in others, until it is closed; where the host has locks, and for what
 *        keeps data.
 * fdp    out: descriptor >= 0 for the calls below.
 *
 * Returns  0, ENOENT, EEXIST, EACCES, EROFS, EISDIR, EMFILE …, EBUSY (somebody has the disk open for
 *          writing), EINVAL (mode), EOPNOTSUPP (no files here).
 * Blocks:  may.  CPU: releases.
 */
int rumpuser_open(const char *name, int mode, int *fdp);

/*
 * Close a descriptor on which no request is in flight.
 *
 * Returns  0, EBADF, EIO (a write that the host had held back failed now).
 * Blocks:  may.  CPU: releases.
 */
int rumpuser_close(int fd);

#define RUMPUSER_FT_OTHER 0
#define RUMPUSER_FT_DIR 1
#define RUMPUSER_FT_REG 2
#define RUMPUSER_FT_BLK 3
#define RUMPUSER_FT_CHR 4

/*
 * Size in bytes and type of what a name stands for; either out pointer may be NULL. The size
 * of a block device is the medium's.
 *
 * Returns  0, ENOENT, EACCES …, EOPNOTSUPP (no files here).
 * Blocks:  briefly, as a path lookup does.  CPU: keeps.
 */
int rumpuser_getfileinfo(const char *name, uint64_t *size, int *type);

#define RUMPUSER_BIO_READ 1
#define RUMPUSER_BIO_WRITE 2
#define RUMPUSER_BIO_SYNC 4     /* complete only when it is on stable storage */
#define RUMPUSER_BIO_BARRIER 8  /* second set only, see rumpuser2_biov */
#define RUMPUSER_BIO_INLINE 16  /* the same */

/*
 * A request is complete. bytes were moved, from the start of the buffers; error is 0 or an
 * errno, and bytes is valid with both. bytes < length with error 0: end of the medium.
 *
 * The library calls it once for each request, on a host thread of its own that holds a
 * virtual CPU; never on the thread that started the request before that call returned, unless it
 * was allowed to by RUMPUSER_BIO_INLINE.
 */
typedef void (*rump_biodone_fn)(void *donearg, size_t bytes, int error);

/*
 * Start a block transfer and return; data stays the library's until biodone is called.
 * Requests may complete in any order.
 *
 * op      RUMPUSER_BIO_READ or _WRITE, the latter with _SYNC or not.
 * dlen    bytes, a multiple of 512.   off   bytes, >= 0.
 *
 * Errors   come through biodone: EBADF, EINVAL, EIO, ENOSPC, EFBIG …
 * Blocks:  only where memory for a request is short.  CPU: tries.
 */
void rumpuser_bio(int fd, int op, void *data, size_t dlen, int64_t off,
    rump_biodone_fn biodone, void *donearg);

struct rumpuser_iovec {
	void *iov_base;
	size_t iov_len;
};

#define RUMPUSER_IOV_NOSEEK (-1)

/*
 * Read into, or write from, iovlen buffers in turn, and wait for it.
 *
 * off    byte offset >= 0, or RUMPUSER_IOV_NOSEEK: at the current position (pipe, terminal).
 *        The two kinds are not mixed on one descriptor.
 * retv   out: bytes moved, set even on error. With an offset, short only at the end of the
 *        file or on error; without one, whatever the host had at once.
 *
 * Returns  0, EBADF, EINVAL, EIO, ENOSPC, EPIPE …
 * Blocks:  may.  CPU: releases.
 */
int rumpuser_iovread(int fd, struct rumpuser_iovec *iov, size_t iovlen, int64_t off, size_t *retv);
int rumpuser_iovwrite(int fd, const struct rumpuser_iovec *iov, size_t iovlen, int64_t off,
    size_t *retv);

#define RUMPUSER_SYNCFD_READ 1     /* the next read sees what others wrote */
#define RUMPUSER_SYNCFD_WRITE 2    /* flush writes that the host holds back */
#define RUMPUSER_SYNCFD_BOTH (RUMPUSER_SYNCFD_READ | RUMPUSER_SYNCFD_WRITE)
#define RUMPUSER_SYNCFD_BARRIER 4  /* requests before and after do not pass this point */
#define RUMPUSER_SYNCFD_SYNC 8     /* return when it is done; without, a host may return earlier */

/*
 * Bring a descriptor and its storage into agreement.
 *
 * flags   READ, WRITE or both; BARRIER and SYNC as needed.
 * start   byte offset; len bytes, 0: to the end. A host may do more than this range.
 *
 * Returns  0, EBADF, EINVAL (neither READ nor WRITE), EIO. If it returns early, the next
 *          call with SYNC reports what went wrong after that. This library never does.
 * Blocks:  may.  CPU: releases.
 */
int rumpuser_syncfd(int fd, int flags, uint64_t start, uint64_t len);

/* ── Clocks ────────────────────────────────────────────────────────────────────────────── */

enum rumpclock { RUMPUSER_CLOCK_RELWALL, RUMPUSER_CLOCK_ABSMONO };

/*
 * Read a clock: RELWALL, time of day since 1970 UTC; ABSMONO, never goes back.
 *
 * Returns  0, EINVAL (no such clock).
 * Blocks:  no.  CPU: keeps.
 */
int rumpuser_clock_gettime(int enum_rumpclock, int64_t *sec, long *nsec);

/*
 * Sleep: RELWALL, for at least this long; ABSMONO, until that clock shows this time.
 *
 * Returns  0, EINVAL (no such clock; nsec not in 0..999999999).
 * Blocks:  yes.  CPU: releases.
 */
int rumpuser_clock_sleep(int enum_rumpclock, int64_t sec, long nsec);

/* ── Parameters, end, console, randomness ──────────────────────────────────────────────── */

/* Names with an underscore first are ones that every host knows. */
#define RUMPUSER_PARAM_NCPU "_RUMPUSER_NCPU"          /* virtual CPUs, in decimal */
#define RUMPUSER_PARAM_HOSTNAME "_RUMPUSER_HOSTNAME"  /* a name for this instance */

/*
 * Read a parameter as a string that ends in NUL. Elsewhere than in NetBSD, too, hosts with an
 * environment take parameters from it.
 *
 * Returns  0, ENOENT (not set), ERANGE (buf too small; nothing of use in it).
 * Blocks:  no.  CPU: keeps.
 */
int rumpuser_getparam(const char *name, void *buf, size_t buflen);

/*
 * Set errno of the host's C library for the calling thread, after a local system call
 * failed. The value is NetBSD's number and is not translated.
 *
 * Blocks:  no.  CPU: none needed.
 */
void rumpuser_seterrno(int error);

#define RUMPUSER_PID_SELF ((int64_t)-1)

/*
 * Send the process that contains the kernel a signal. sig is NetBSD's number; pid is a hint
 * and may be RUMPUSER_PID_SELF. A kernel takes no notice of the result.
 *
 * Returns  0, EINVAL (the host has no such signal), EOPNOTSUPP (or none at all).
 * Blocks:  no, but the program's handler may run.  CPU: keeps.
 */
int rumpuser_kill(int64_t pid, int sig);

#define RUMPUSER_PANIC (-1)

/*
 * End the program with status value, as exit(3) does; with RUMPUSER_PANIC so that it can be
 * examined: a core dump or what is nearest to it. Console output is written out first.
 *
 * Does not return.  CPU: does not matter.  From: any thread.
 */
void rumpuser_exit(int value) __attribute__((__noreturn__));

/*
 * Print one character (0..255) on the console. A host may hold it back until a line is complete.
 *
 * Blocks:  as the console does.  CPU: keeps.  From: any thread.
 */
void rumpuser_putchar(int ch);

/*
 * Print for debugging, past the kernel: no lock of the kernel and no virtual CPU is involved.
 * Knows flags, width, precision, the length modifiers hh h l ll j z t and the conversions
 * d i u o x X c s p %.
 *
 * Blocks:  as the console does.  CPU: none needed, keeps.  From: any thread.
 */
void rumpuser_dprintf(const char *fmt, ...) __attribute__((__format__(__printf__, 1, 2)));

#define RUMPUSER_RANDOM_HARD 1    /* from a true source */
#define RUMPUSER_RANDOM_NOWAIT 2  /* do not wait for it */

/*
 * Fill buf with up to buflen random bytes.
 *
 * retp   out: bytes written, may be fewer than asked for.
 *
 * Returns  0 with *retp > 0 (if buflen > 0), EAGAIN (NOWAIT, and there are none now), EIO.
 * Blocks:  may, without NOWAIT.  CPU: releases without NOWAIT, keeps with it.
 */
int rumpuser_getrandom(void *buf, size_t buflen, int flags, size_t *retp);

/* ── Threads ───────────────────────────────────────────────────────────────────────────── */

/*
 * Start a host thread that runs fun(arg). fun ends by rumpuser_thread_exit. The new
 * thread holds no virtual CPU and has no lwp; signals of the program are not delivered on it.
 *
 * name       for debuggers, may be shortened.
 * mustjoin   non-zero: *cookie goes to rumpuser_thread_join, once. Else cookie may be NULL.
 * priority   higher is more urgent; cpuidx: virtual CPU that it is bound to, or -1. Hints.
 *
 * Returns  0, EAGAIN or ENOMEM (no more threads).
 * Blocks:  no.  CPU: keeps; none needed.
 */
int rumpuser_thread_create(void *(*fun)(void *), void *arg, const char *name, int mustjoin,
    int priority, int cpuidx, void **cookie);

/*
 * End the calling thread, one that rumpuser_thread_create made.
 *
 * Does not return.  CPU: none held.
 */
void rumpuser_thread_exit(void) __attribute__((__noreturn__));

/*
 * Wait until the thread has ended; its stack is gone then.
 *
 * Returns  0, EDEADLK (it is the caller), EINVAL (NULL).
 * Blocks:  yes.  CPU: releases.
 */
int rumpuser_thread_join(void *cookie);

enum rumplwpop {
	RUMPUSER_LWP_CREATE,   /* l may be set from now on; for the host's information */
	RUMPUSER_LWP_DESTROY,  /* l may no longer be set; it is set nowhere */
	RUMPUSER_LWP_SET,      /* l becomes the calling thread's; it has none now */
	RUMPUSER_LWP_CLEAR     /* the calling thread's is l, and becomes none */
};

/*
 * Keep the calling thread's current lwp. A kernel that uses the second set writes rt_curlwp instead:
 * hypercall/v17 has a use of its own for this.
 *
 * Blocks:  no.  CPU: keeps; none needed.  Breaking the rules above ends the program.
 */
void rumpuser_curlwpop(int enum_rumplwpop, struct lwp *l);

/*
 * The calling thread's current lwp, NULL if none is set. The same value as
 * rumpuser2_thread()->rt_curlwp, but above hypercall/v17.
 *
 * Blocks:  no.  CPU: none needed.  From: any thread.
 */
struct lwp *rumpuser_curlwp(void);

/* ── Mutexes ───────────────────────────────────────────────────────────────────────────── */

struct rumpuser_mtx;

#define RUMPUSER_MTX_SPIN 1    /* never give up the virtual CPU to wait for it */
#define RUMPUSER_MTX_KMUTEX 2  /* its owner, an lwp, can be asked for */

/*
 * Make a mutex; flags is one or both of the above. It is free.
 *
 * Blocks:  no.  CPU: keeps. Lack of memory ends the program.
 */
void rumpuser_mutex_init(struct rumpuser_mtx **mtxp, int flags);

/*
 * Take the mutex, waiting for it if need be. It is not recursive.
 *
 * Blocks:  may.  CPU: tries; keeps it even while it waits if the mutex is SPIN.
 */
void rumpuser_mutex_enter(struct rumpuser_mtx *mtx);

/*
 * The same for locks inside the kernel's scheduler.
 *
 * Blocks:  may.  CPU: keeps, while it waits too; none needed.
 */
void rumpuser_mutex_enter_nowrap(struct rumpuser_mtx *mtx);

/*
 * Take the mutex if it is free.
 *
 * Returns  0, EBUSY.
 * Blocks:  no.  CPU: keeps; none needed.
 */
int rumpuser_mutex_tryenter(struct rumpuser_mtx *mtx);

/*
 * Give the mutex back, on the thread that took it.
 *
 * Blocks:  no.  CPU: keeps; none needed.
 */
void rumpuser_mutex_exit(struct rumpuser_mtx *mtx);

/*
 * Free a mutex that nobody holds or waits for.
 *
 * Blocks:  no.  CPU: keeps.
 */
void rumpuser_mutex_destroy(struct rumpuser_mtx *mtx);

/*
 * The lwp that holds a KMUTEX, in *lp; NULL if it is free. Right for the holder itself; for
 * others a glimpse.
 *
 * Blocks:  no.  CPU: keeps. A mutex that is no KMUTEX ends the program.
 */
void rumpuser_mutex_owner(struct rumpuser_mtx *mtx, struct lwp **lp);

/*
 * Whether the mutex was made with SPIN. In 9.99.88, not in 7.99.34.
 *
 * Blocks:  no.  CPU: keeps; none needed.
 */
int rumpuser_mutex_spin_p(struct rumpuser_mtx *mtx);

/* ── Reader/writer locks ───────────────────────────────────────────────────────────────── */

struct rumpuser_rw;

enum rumprwlock { RUMPUSER_RW_READER, RUMPUSER_RW_WRITER };

/*
 * Make a lock that any number of readers or one writer may hold. It is free.
 *
 * Blocks:  no.  CPU: keeps. Lack of memory ends the program.
 */
void rumpuser_rw_init(struct rumpuser_rw **rwp);

/*
 * Take the lock in either mode. A reader waits behind a writer that waits, so that writers
 * do not starve: reading is not recursive.
 *
 * Blocks:  may.  CPU: tries.
 */
void rumpuser_rw_enter(int enum_rumprwlock, struct rumpuser_rw *rw);

/*
 * Take the lock if that needs no waiting.
 *
 * Returns  0, EBUSY.
 * Blocks:  no.  CPU: keeps.
 */
int rumpuser_rw_tryenter(int enum_rumprwlock, struct rumpuser_rw *rw);

/*
 * A reader becomes the writer, if it is the only one; else it stays a reader. A host may refuse always.
 *
 * Returns  0, EBUSY.
 * Blocks:  no.  CPU: keeps.
 */
int rumpuser_rw_tryupgrade(struct rumpuser_rw *rw);

/*
 * The writer becomes a reader; no other writer can come between.
 *
 * Blocks:  no in this library, may in others.  CPU: tries.
 */
void rumpuser_rw_downgrade(struct rumpuser_rw *rw);

/*
 * Give the lock back, in the mode that the caller holds it in.
 *
 * Blocks:  no.  CPU: keeps.
 */
void rumpuser_rw_exit(struct rumpuser_rw *rw);

/*
 * Free a lock that nobody holds or waits for.
 *
 * Blocks:  no.  CPU: keeps.
 */
void rumpuser_rw_destroy(struct rumpuser_rw *rw);

/*
 * *heldp: for WRITER, whether the calling lwp holds it; for READER, whether any reader does.
 *
 * Blocks:  no.  CPU: keeps.
 */
void rumpuser_rw_held(int enum_rumprwlock, struct rumpuser_rw *rw, int *heldp);

/* ── Condition variables ───────────────────────────────────────────────────────────────── */

struct rumpuser_cv;

/*
 * Make a condition variable.
 *
 * Blocks:  no.  CPU: keeps. Lack of memory ends the program.
 */
void rumpuser_cv_init(struct rumpuser_cv **cvp);

/*
 * Free one that nobody waits for.
 *
 * Blocks:  no.  CPU: keeps.
 */
void rumpuser_cv_destroy(struct rumpuser_cv *cv);

/*
 * Give up mtx and the virtual CPU, wait for a signal, take both again. A wake-up may be
 * spurious. The order of taking again: a mutex that is SPIN and KMUTEX after the CPU; one
 * that is only SPIN before the CPU; others as the host likes. mtx is the upcalls' interlock.
 *
 * Blocks:  yes.  CPU: releases.
 */
void rumpuser_cv_wait(struct rumpuser_cv *cv, struct rumpuser_mtx *mtx);

/*
 * The same for the kernel's scheduler, without a word to the upcalls.
 *
 * Blocks:  yes.  CPU: none held.
 */
void rumpuser_cv_wait_nowrap(struct rumpuser_cv *cv, struct rumpuser_mtx *mtx);

/*
 * rumpuser_cv_wait for at most sec seconds and nsec nanoseconds from now.
 *
 * Returns  0 (signalled, or spurious), ETIMEDOUT. mtx and a CPU are held again in both cases.
 * Blocks:  yes.  CPU: releases.
 */
int rumpuser_cv_timedwait(struct rumpuser_cv *cv, struct rumpuser_mtx *mtx, int64_t sec,
    int64_t nsec);

/*
 * Wake one waiter, or all. The caller may hold the mutex or not.
 *
 * Blocks:  no.  CPU: keeps; none needed.
 */
void rumpuser_cv_signal(struct rumpuser_cv *cv);
void rumpuser_cv_broadcast(struct rumpuser_cv *cv);

/*
 * *waitersp: how many wait that no signal was meant for yet.
 *
 * Blocks:  no.  CPU: keeps.
 */
void rumpuser_cv_has_waiters(struct rumpuser_cv *cv, int *waitersp);

/* ── Components and symbols of the program ─────────────────────────────────────────────── */

typedef void (*rump_modinit_fn)(const struct modinfo *const *mip, size_t nmodinfo);
typedef int (*rump_symload_fn)(void *symtab, uint64_t symsize, char *strtab, uint64_t strsize);
typedef void (*rump_compload_fn)(const struct rump_component *rc);
typedef void (*rump_evcntattach_fn)(struct evcnt *ev);

/*
 * Hand the kernel what the program and its shared objects contain: the link sets `modules`
 * and `rump_components` of each, one symbol table of all, and the link set `evcnts`.
 *
 * evattach   in 9.99.88; 7.99.34 has no such argument, and what stands in its place is not
 *            looked at unless the caller is known to be new enough to pass it: its object
 *            refers to rumpuser_mutex_spin_p, or it called rumpuser2_init.
 *
 * A host without such tables does nothing.
 *
 * Blocks:  no.  CPU: keeps.  From: a thread, once in a kernel's life. The callbacks run on it.
 */
void rumpuser_dl_bootstrap(rump_modinit_fn domodinit, rump_symload_fn symload,
    rump_compload_fn compload, rump_evcntattach_fn evattach);

/* ── Servers ───────────────────────────────────────────────────────────────────────────── */

/*
 * Go into the background, before rumpuser_init: the program continues in a child, and the parent waits.
 *
 * Returns  0 (in the child), EBUSY (begun already), EAGAIN or ENOMEM, EOPNOTSUPP.
 * Blocks:  no.  CPU: none held.  From: the only thread.
 */
int rumpuser_daemonize_begin(void);

/*
 * Tell the waiting parent how it went: it exits with 0 if error is 0, else it prints the
 * error and exits with 1. The child lets go of its terminal.
 *
 * Returns  0, EINVAL (not begun), EIO (the parent is gone).
 * Blocks:  no.  CPU: none needed.
 */
int rumpuser_daemonize_done(int error);

/*
 * Serve system calls to other processes; the strings describe the kernel to its clients.
 * A host without a server refuses by EOPNOTSUPP here and in all of the following.
 *
 * Returns  0, EINVAL (url), EADDRINUSE …, EOPNOTSUPP (no server in this library).
 * Blocks:  no.  CPU: keeps.
 */
int rumpuser_sp_init(const char *url, const char *ostype, const char *osrelease,
    const char *machine);

/*
 * Move len bytes from (in) or to (out) the address space of a client. The string
 * variants stop after a NUL: *lenp is room on entry, bytes with the NUL on return.
 *
 * Returns  0, EFAULT, ENAMETOOLONG (no NUL in time), EOPNOTSUPP.
 * Blocks:  yes.  CPU: releases.
 */
int rumpuser_sp_copyin(void *client, const void *raddr, void *laddr, size_t len);
int rumpuser_sp_copyinstr(void *client, const void *raddr, void *laddr, size_t *lenp);
int rumpuser_sp_copyout(void *client, const void *laddr, void *raddr, size_t len);
int rumpuser_sp_copyoutstr(void *client, const void *laddr, void *raddr, size_t *lenp);

/*
 * Map len bytes of zeroed memory in a client; *addrp is its address there.
 *
 * Returns  0, ENOMEM, EOPNOTSUPP.
 * Blocks:  yes.  CPU: releases.
 */
int rumpuser_sp_anonmmap(void *client, size_t len, void **addrp);

/*
 * Raise a signal (NetBSD's number) in a client.
 *
 * Returns  0, ESRCH, EOPNOTSUPP.
 * Blocks:  may.  CPU: releases.
 */
int rumpuser_sp_raise(void *client, int sig);

/*
 * Part from a client; NULL: from all, and stop serving. Nothing to do without a server.
 *
 * Blocks:  may.  CPU: releases.
 */
void rumpuser_sp_fini(void *client);

/* ══ The second set ═════════════════════════════════════════════════════════════════════ */

#define RUMPUSER2_VERSION 1

/*
 * What a kernel keeps per host thread.
 *
 * rt_curlwp   the current lwp; NULL outside the kernel. What rumpuser_curlwp returns.
 * rt_cache    the kernel's, NULL at first; handed to hup_threadexit if non-NULL when the thread ends.
 */
#ifndef RUMPUSER2_THREAD_DECLARED /* machine/cpu.h needs it without this header */
#define RUMPUSER2_THREAD_DECLARED
struct rumpuser2_thread {
	struct lwp *rt_curlwp;
	void *rt_cache;
};
#endif

/*
 * The calling thread's, as a variable (hosts with compiler TLS; the cheapest), and by a call
 * (all hosts; images of many kernels in a process). Both name the same object. The address
 * is the thread's for as long as it runs on a host that switches real threads; a host of fibers
 * exchanges the contents instead, so read it again after each call that may block. Before a thread
 * has called rumpuser2_self it may be another's on hypercall/v17: write to it only afterwards.
 *
 * Blocks:  no.  CPU: none needed.  From: any thread.
 */
#ifndef RUMPUSER2_NO_TLS
extern __thread struct rumpuser2_thread rumpuser2_tls __attribute__((__tls_model__("initial-exec")));
#endif
struct rumpuser2_thread *rumpuser2_thread(void);

/*
 * Upcalls of the second set.
 *
 * hup_threadexit   a host thread that called rumpuser2_self ends with rt_cache != NULL; it is
 *                  that value. Runs on that thread, without a virtual CPU; it may park. Is
 *                  called after rumpuser2_fini as well: the kernel must cope with that.
 * hup_schedule, hup_unschedule
 *                  rumpuser_component_schedule and _unschedule, on whichever thread, of whichever time: the
 *                  kernel knows whether it comes from outside, or back, or to a kernel that is gone.
 */
struct rumpuser2_hyperup {
	void (*hup_threadexit)(void *cache);
	void *(*hup_unschedule)(void);
	void (*hup_schedule)(void *cookie);
};

/*
 * The table of upcalls to give to rumpuser_init, which see. Here it is hyp itself; where the
 * second set is built on a foreign library (hypercall/v17), it is one that knows which threads
 * hold no virtual CPU. Call it first: rumpuser_init(17, rumpuser2_hyperup(&hyp)).
 *
 * Blocks:  no.  CPU: none.  From: boot.
 */
const struct rumpuser_hyperup *rumpuser2_hyperup(const struct rumpuser_hyperup *hyp);

/*
 * Start the second set, after rumpuser_init. The table is copied.
 *
 * Returns  0, EINVAL (the library does not have this version).
 * Blocks:  no.  CPU: none needed.  From: boot, once for each rumpuser_init.
 */
int rumpuser2_init(int version, const struct rumpuser2_hyperup *up);

/*
 * What this library does beyond what every one must; always the same.
 *
 * RUMPUSER2_THREADEXIT   hup_threadexit runs for threads of the program, too. Without, a kernel that keeps
 *                        something for a thread that visits never gets it back.
 * RUMPUSER2_ALIGNS       rumpuser_anonmmap heeds alignbit. Without, it may complain on the console.
 *
 * Blocks:  no.  CPU: none needed.
 */
#define RUMPUSER2_THREADEXIT 1
#define RUMPUSER2_ALIGNS 2
int rumpuser2_features(void);

/*
 * Let the kernel go: requests in flight are waited for, the library's own threads end
 * (hup_threadexit runs for those). Afterwards no upcall is made but hup_threadexit, since threads of
 * the program go on and end.
 * Handles of rumpuser2_self stay valid.
 *
 * Blocks:  yes.  CPU: none held.  From: the thread that halts the kernel; the only one in it.
 */
void rumpuser2_fini(void);

/*
 * A handle of the calling host thread for rumpuser2_unpark; the same each time. The first
 * call makes the thread known to the library, and with that hup_threadexit run for it.
 *
 * Blocks:  no.  CPU: none needed.  From: any thread. Lack of memory ends the program.
 */
void *rumpuser2_self(void);

/*
 * Give the handle back: the thread is as one that never asked for it, and its rumpuser2_thread() is empty. For
 * a library without RUMPUSER2_THREADEXIT, which would keep the handle of a thread that has ended;
 * a library with it does nothing, and the contents must be empty already.
 *
 * Blocks:  no.  CPU: none held.  From: any thread that is about to end, or to leave the kernel.
 */
void rumpuser2_self_put(void);

/*
 * Wait until the calling thread is unparked, or the monotonic clock (rumpuser2_clock) reaches
 * deadline_ns; INT64_MAX: no deadline. One permit: an unpark that came before is not lost, two count as one.
 * A park can return without reason, and any other hypercall that blocks or meets contention, or
 * an upcall that waits for a CPU, can use a permit up: look at the condition right before each park.
 *
 * What the unparker wrote before its unpark is visible after the park that it ends.
 *
 * Returns  0 (unparked, or spurious), ETIMEDOUT (60; the deadline has passed).
 * Blocks:  yes.  CPU: none held.  From: any thread.
 */
int rumpuser2_park(int64_t deadline_ns);

/*
 * Give a thread its permit, and wake it if it is parked. Harmless if the thread has ended: the
 * handle stays an address that may be used, and at worst another thread's park returns without reason.
 *
 * Blocks:  no.  CPU: none needed.  From: anywhere, signal handlers and threads unknown to the
 *          kernel included (not signal handlers where built by hypercall/v17).
 */
void rumpuser2_unpark(void *thread);

/*
 * A full memory barrier on every thread of the process that is running: each executes one at
 * some point between the call and its return.
 *
 * Returns  0, EOPNOTSUPP (no cheap way here; always the same answer).
 * Blocks:  briefly.  CPU: keeps; none needed.
 */
int rumpuser2_membarrier(void);

/*
 * The ABSMONO clock in nanoseconds; never goes back, and does not fail.
 *
 * Blocks:  no.  CPU: none needed.  From: anywhere.
 */
int64_t rumpuser2_clock(void);

/*
 * Start a block transfer over several buffers and return. The memory that iov names, and iov itself
 * if it has more than one element, stay the library's until done is called, which happens as for
 * rumpuser_bio. Many requests may be in flight.
 *
 * op     RUMPUSER_BIO_READ or _WRITE, or neither with iovlen 0: nothing is moved. And:
 *        _SYNC     complete only when this and all writes that completed before it was started
 *                  are on stable storage; an error of that is the request's.
 *        _BARRIER  starts when all requests of this descriptor that were started before it are
 *                  complete, and is complete before any that are started after it start.
 *        _INLINE   done may be called by the calling thread before this call returns, where the host
 *                  has the data at hand: a cached read then costs no change of threads.
 *        Without SYNC and BARRIER, requests complete in any order, also where they overlap.
 * off    byte offset >= 0; lengths are in bytes and > 0; devices want multiples of 512.
 *
 * Returns  0, and done will be called, with an error or not: EBADF, EIO, ENOSPC, EFBIG …;
 *          EINVAL (op, off or a length makes no sense) or ENOMEM (inside a callback only), and
 *          it will not.
 * Blocks:  only where memory for a request is short.  CPU: tries.
 */
int rumpuser2_biov(int fd, int op, const struct rumpuser_iovec *iov, size_t iovlen, int64_t off,
    rump_biodone_fn done, void *donearg);

/*
 * Print the caller's stack on the console, innermost call first, as well as the host can.
 *
 * Blocks:  as the console does.  CPU: none needed.  From: any thread, in any state.
 */
void rumpuser2_backtrace(void);

#pragma GCC visibility pop
#ifdef __cplusplus
}
#endif

#endif /* _RUMP_RUMPUSER_H_ */
