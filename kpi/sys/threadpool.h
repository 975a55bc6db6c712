/* SPDX-License-Identifier: BSD-2-Clause */
/* Jobs that run in threads of a shared pool, each at most once at a time. */
#ifndef _SYS_THREADPOOL_H_
#define _SYS_THREADPOOL_H_

#ifdef _KERNEL

#include <sys/types.h>
#include <sys/condvar.h>
#include <sys/mutex.h>
#include <sys/param.h>
#include <sys/queue.h>

struct cpu_info;
struct threadpool;
struct threadpool_job;
struct threadpool_percpu;
struct threadpool_thread;

typedef void threadpool_job_fn_t(struct threadpool_job *);

struct threadpool_job {
	kmutex_t	*job_lock;	/* the owner's; covers all but job_entry */
	struct threadpool_thread *job_thread;
	TAILQ_ENTRY(threadpool_job) job_entry;	/* the pool's lock */
	volatile unsigned int job_refcnt;
	kcondvar_t	job_cv;
	threadpool_job_fn_t *job_fn;
	char		job_name[MAXCOMLEN];
};

void	threadpools_init(void);

int	threadpool_get(struct threadpool **, pri_t);
void	threadpool_put(struct threadpool *, pri_t);

int	threadpool_percpu_get(struct threadpool_percpu **, pri_t);
void	threadpool_percpu_put(struct threadpool_percpu *, pri_t);
struct threadpool *threadpool_percpu_ref(struct threadpool_percpu *);
struct threadpool *threadpool_percpu_ref_remote(struct threadpool_percpu *,
	    struct cpu_info *);

void	threadpool_job_init(struct threadpool_job *, threadpool_job_fn_t *,
	    kmutex_t *, const char *fmt, ...) __printflike(4, 5);
void	threadpool_job_destroy(struct threadpool_job *);
void	threadpool_job_done(struct threadpool_job *);

void	threadpool_schedule_job(struct threadpool *, struct threadpool_job *);
void	threadpool_cancel_job(struct threadpool *, struct threadpool_job *);
bool	threadpool_cancel_job_async(struct threadpool *,
	    struct threadpool_job *);

#endif /* _KERNEL */
#endif
