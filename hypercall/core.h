/* SPDX-License-Identifier: BSD-2-Clause */

/*
 * The core of a host: what one writes to run rump kernels somewhere new.
 *
 *   core_*   the host writes, lib/ calls
 *   hyp_*    lib/ has, the host calls
 *
 * lib/ builds every hypercall of rump/rumpuser.h on these. The kernel never sees this header,
 * and a core function never sees the kernel: where one may block, lib/ has given the virtual
 * CPU back before. So the rules are few:
 *
 *   Errors    0 or NB_E* (lib/nberrno.h), NetBSD's numbers; hyp_errno translates errno.
 *   Blocks    only a function that says so. The others may take a host lock for a moment.
 *   Context   any thread, several at once; before core_init only what says so.
 *
 * A host of one thread (fibers) gets threads, park and unpark from lib/sched.h and writes that
 * header's four functions instead. doc/add-a-host.md goes through it all in order.
 */

#ifndef HYPERCALL_CORE_H
#define HYPERCALL_CORE_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "rump/rumpuser.h"
#include "lib/nberrno.h"

#define CORE_FOREVER INT64_MAX

/* ── Start and end (boot.c) ────────────────────────────────────────────────────────────── */

/*
 * Get ready; called by each rumpuser_init, on one thread. Returns 0 or an errno.
 */
int core_init(void);

/*
 * The kernel is going: end the host's own threads, let files, memory and handles be. core_init
 * may follow. No request is in flight. Blocks.
 */
void core_fini(void);

/*
 * End the program: status as for exit(3), or abnormally if panic. From: any thread, any state.
 */
void core_exit(int status, bool panic) __attribute__((__noreturn__));

/* Raise the host's counterpart of NetBSD's signal sig. 0, NB_EINVAL (has none), NB_EOPNOTSUPP. */
int core_raise(int sig);

/* Set errno of the host's C library, if there is one. */
void core_seterrno(int error);

/* Go into the background and report later: rumpuser_daemonize_begin and _done. */
int core_daemonize_begin(void);
int core_daemonize_done(int error);

/*
 * Call fn for each loaded object: its load address, the first and last+1 addresses of what is
 * mapped of it, and its ELF dynamic section, NULL if it has none. Nothing, where objects are
 * not found at run time.
 */
typedef void (*core_object_fn)(void *arg, uintptr_t base, uintptr_t lo, uintptr_t hi,
    const void *dynamic);
void core_objects(core_object_fn fn, void *arg);

/* ── Threads (thread.c) ────────────────────────────────────────────────────────────────── */

/*
 * Start a thread on fun(arg). joinable: *thread is for core_thread_join, once. name, priority
 * (higher is more urgent) and cpu (index or -1) are hints; name is copied.
 *
 * Before a thread ends that called core_self, it calls hyp_thread_gone; also a thread that the
 * host made by other means, as far as the host can tell.
 *
 * Returns 0, NB_EAGAIN, NB_ENOMEM.
 */
int core_thread_create(void *(*fun)(void *), void *arg, const char *name, int priority, int cpu,
    bool joinable, void **thread);

/* End the calling thread, one of core_thread_create's. */
void core_thread_exit(void) __attribute__((__noreturn__));

/* Wait until it has ended and its stack is free. 0 or NB_EDEADLK. Blocks. */
int core_thread_join(void *thread);

/*
 * The calling thread's handle. What it points to stays allocated for ever and may serve
 * another thread afterwards, so that a late core_unpark does no harm.
 */
void *core_self(void);

/*
 * Wait for the calling thread's permit or until core_clock() >= deadline; take the permit.
 * Returns 0 (perhaps without reason) or NB_ETIMEDOUT. Acquires what core_unpark released. Blocks.
 */
int core_park(int64_t deadline);

/*
 * Give the thread its permit (it has one or none); wake it if it is in core_park. From:
 * anywhere, signal handlers and foreign threads included; leaves errno as it was.
 */
void core_unpark(void *thread);

/* Let other threads run for a moment. lib/ calls it when a lock of a few instructions is taken. */
void core_yield(void);

/* Barrier on all running threads of the process. 0, or always NB_EOPNOTSUPP. */
int core_membarrier(void);

/* ── Clocks (clock.c) ──────────────────────────────────────────────────────────────────── */

/* Monotonic time in ns since some start > 0. Never goes back. From: anywhere. */
int64_t core_clock(void);

/* Time of day in ns since 1970 UTC. */
int64_t core_walltime(void);

/* ── Memory (memory.c) ─────────────────────────────────────────────────────────────────── */

/* len > 0 bytes on a multiple of align, a power of two up to 1 MiB. 0, NB_ENOMEM, NB_EINVAL. */
int core_alloc(size_t len, size_t align, void **memp);
void core_free(void *mem, size_t len);

/* Zeroed pages, on a multiple of align; hint may be NULL. 0, NB_ENOMEM, NB_EACCES (exec). */
int core_map(void *hint, size_t len, size_t align, bool exec, void **memp);
void core_unmap(void *mem, size_t len);

/* ── Console, randomness, parameters (console.c, random.c, param.c) ────────────────────── */

/* Write len bytes; hyp_putchar has collected a line if it could. From: any thread. */
void core_console_write(const char *buf, size_t len);

/* Print the stack of the caller by rumpuser_dprintf, or nothing. From: any thread, any state. */
void core_backtrace(void);

/*
 * Up to len random bytes, *got of them; hard: a true source. wait: block until there are some.
 * 0, NB_EAGAIN, NB_EIO. Blocks if wait.
 */
int core_random(void *buf, size_t len, bool hard, bool wait, size_t *got);

/* Parameter as a string: 0, NB_ENOENT, NB_ERANGE. Knows RUMPUSER_PARAM_NCPU and _HOSTNAME. */
int core_param(const char *name, char *buf, size_t len);

/* ── Files and block I/O (block.c) ─────────────────────────────────────────────────────── */

/* As rumpuser_open, rumpuser_close, rumpuser_getfileinfo. The first two block. */
int core_open(const char *name, int mode, int *fd);
int core_close(int fd);
int core_fileinfo(const char *name, uint64_t *size, int *type);

/*
 * Read as core_rw, but only what is at hand: *moved bytes, perhaps 0, without waiting. Nothing is
 * said about errors and the end; who wants to know starts a request for the rest.
 */
void core_read_nowait(int fd, const struct rumpuser_iovec *iov, size_t iovlen, int64_t off,
    size_t *moved);

/*
 * Move bytes and wait for it: one attempt, may be short. off < 0: at the current position.
 * iovlen <= CORE_IOV_MAX. Returns 0 with *moved (0 when reading: the end), or an errno. Blocks.
 */
#define CORE_IOV_MAX 256
int core_rw(int fd, bool write, const struct rumpuser_iovec *iov, size_t iovlen, int64_t off,
    size_t *moved);

/* Buffers, and how far one has come in them; see lib/iov.h. */
struct iov_cursor {
	const struct rumpuser_iovec *ic_rest;
	size_t ic_restlen;
	struct rumpuser_iovec ic_one;
};

/*
 * A block request, one step of which the host is to do. It belongs to the host from
 * core_bio_start until hyp_bio_complete.
 */
enum bio_step {
	BIO_STEP_NONE,   /* nothing: complete it */
	BIO_STEP_READ,
	BIO_STEP_WRITE,
	BIO_STEP_FLUSH   /* all that was written to fd goes to stable storage */
};

struct bio_request {
	/* the step: set by lib/, read by the host */
	enum bio_step bio_step;
	int bio_fd;
	const struct rumpuser_iovec *bio_iov;
	size_t bio_iovlen;  /* <= CORE_IOV_MAX */
	int64_t bio_off;

	/* the host's own */
	struct bio_request *bio_next;
	int64_t bio_result;

	/* lib/bio.c's own */
	int bio_op;
	int bio_error;
	size_t bio_moved;
	struct iov_cursor bio_cursor;
	struct bio_request *bio_link;
	rump_biodone_fn bio_done;
	void *bio_donearg;
};

/*
 * Start one step: a single attempt, which may move less than asked for. Never fails and never
 * blocks, queues instead; hyp_bio_complete is called later, on a thread of the host.
 */
void core_bio_start(struct bio_request *bio);

/* ── What lib/ gives a host ────────────────────────────────────────────────────────────── */

/*
 * The step is over: n bytes moved, or an error. NB_EINTR has the step repeated. A request that
 * is done with goes on *finished (start with NULL), for hyp_bio_deliver.
 */
void hyp_bio_complete(struct bio_request *bio, size_t n, int error, struct bio_request **finished);

/*
 * Tell the kernel of all requests on the list: takes a virtual CPU for as long as it takes.
 * Call it soon after hyp_bio_complete, with no lock held. Blocks.
 */
void hyp_bio_deliver(struct bio_request *finished);

/* A thread of the host that will deliver begins and ends: it gets an lwp where a kernel needs that. Block. */
void hyp_worker_begin(void);
void hyp_worker_end(void);

/* A thread that called core_self ends; its rumpuser2_tls is still there. Blocks. */
void hyp_thread_gone(void);

/* Translations: of the host's errno, and of NetBSD's signal number (0: there is none). */
int hyp_errno(int hosterrno);
int hyp_signal(int sig);

/* Print on the console, as rumpuser_dprintf does. hyp_panic then ends the program abnormally. */
void hyp_vprintf(const char *fmt, va_list ap) __attribute__((__format__(__printf__, 1, 0)));
void hyp_panic(const char *fmt, ...)
    __attribute__((__noreturn__, __format__(__printf__, 1, 2)));

/* Write out what the console holds back. */
void hyp_console_flush(void);

/* Decimal or 0x… number of a parameter; dflt if it is not set or no number. */
uint64_t hyp_param_number(const char *name, uint64_t dflt);

/* Copy a string with its NUL: 0 or NB_ERANGE. */
int hyp_strcopy(char *buf, size_t len, const char *s);

#endif /* HYPERCALL_CORE_H */
