/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * threadpool(9): jobs in threads of a shared pool.
 *
 * There is one pool for each priority, and for each priority and CPU, made
 * when first asked for.  A job runs at most once at a time; scheduling it
 * while it waits or runs does nothing.  A waiting job lies in the pool's
 * queue; workers take jobs from it and leave when they have had nothing to do
 * for a while.  Whoever schedules a job may not sleep, and so cannot make a
 * thread: the pool's overseer does that.
 *
 * Lives: a pool lives from the first get to the last put.  A job is the
 * owner's memory; job_refcnt counts what still points to it, and
 * threadpool_job_destroy waits for that.
 *
 * Locks: the job's own lock (the owner's) covers job_thread and is taken
 * before the pool's lock, which covers the queue and the pool's counts.
 * pools_lock covers the list of pools.
 */
#include <sys/param.h>
#include <sys/atomic.h>
#include <sys/condvar.h>
#include <sys/cpu.h>
#include <sys/kernel.h>
#include <sys/kmem.h>
#include <sys/kthread.h>
#include <sys/mutex.h>
#include <sys/queue.h>
#include <sys/proc.h>
#include <sys/stdarg.h>
#include <sys/systm.h>
#include <sys/threadpool.h>

#define IDLE_SECONDS	30

struct threadpool_thread {
	struct threadpool	*tt_pool;
};

/* Stands for "waits in a queue" in job_thread. */
static struct threadpool_thread queued;

struct threadpool {
	kmutex_t	tp_lock;
	kcondvar_t	tp_work;	/* workers: a job, or the end */
	kcondvar_t	tp_oversee;	/* overseer: too few workers, or the end */
	kcondvar_t	tp_gone;	/* a thread has left */
	TAILQ_HEAD(, threadpool_job) tp_jobs;
	u_int		tp_njobs, tp_nidle, tp_nthreads;
	u_int		tp_nstarting;	/* created, not yet looking for a job */
	bool		tp_dying;
	pri_t		tp_pri;
	struct cpu_info	*tp_cpu;	/* or NULL */

	/* pools_lock */
	u_int		tp_refs;
	LIST_ENTRY(threadpool) tp_list;
};

struct threadpool_percpu {
	struct threadpool *tpp_pools[MAXCPUS];
	pri_t		tpp_pri;
	u_int		tpp_refs;	/* percpus_lock */
	LIST_ENTRY(threadpool_percpu) tpp_list;	/* percpus_lock */
};

/* percpus_lock is taken first. */
static kmutex_t percpus_lock, pools_lock;
static LIST_HEAD(, threadpool_percpu) percpus =
    LIST_HEAD_INITIALIZER(percpus);
static LIST_HEAD(, threadpool) pools = LIST_HEAD_INITIALIZER(pools);

void
threadpools_init(void)
{

	mutex_init(&percpus_lock, MUTEX_DEFAULT, IPL_NONE);
	mutex_init(&pools_lock, MUTEX_DEFAULT, IPL_NONE);
}

/* A thread of the pool leaves; the lock is held and released. */
static void
thread_leave(struct threadpool *tp)
{

	tp->tp_nthreads--;
	cv_broadcast(&tp->tp_gone);
	mutex_exit(&tp->tp_lock);
	kthread_exit(0);
}

/* The next job, or NULL if the worker should leave; the lock is held. */
static struct threadpool_job *
job_wait(struct threadpool *tp)
{
	struct threadpool_job *job;
	bool late = false;

	while ((job = TAILQ_FIRST(&tp->tp_jobs)) == NULL && !tp->tp_dying && !late) {
		tp->tp_nidle++;
		late = cv_timedwait(&tp->tp_work, &tp->tp_lock, IDLE_SECONDS * hz) != 0;
		tp->tp_nidle--;
	}
	if (job != NULL) {
		TAILQ_REMOVE(&tp->tp_jobs, job, job_entry);
		tp->tp_njobs--;
	}
	return job;
}

static void
job_release(struct threadpool_job *job)
{

	membar_release();
	atomic_dec_uint(&job->job_refcnt);
}

/* Is the job still in the queue?  Then take it out.  Both locks are held. */
static bool
job_unqueue(struct threadpool *tp, struct threadpool_job *job)
{
	struct threadpool_job *j;

	TAILQ_FOREACH(j, &tp->tp_jobs, job_entry)
		if (j == job)
			break;
	if (j == NULL)
		return false;
	TAILQ_REMOVE(&tp->tp_jobs, job, job_entry);
	tp->tp_njobs--;
	return true;
}

/*
 * Run a job that was taken off the queue, unless it was cancelled meanwhile.
 * If it was cancelled and scheduled anew, it lies in the queue again: this run
 * is the one that was asked for.
 */
static void
job_run(struct threadpool_thread *self, struct threadpool_job *job)
{
	struct threadpool *tp = self->tt_pool;

	mutex_enter(job->job_lock);
	if (job->job_thread == &queued) {
		mutex_enter(&tp->tp_lock);
		if (job_unqueue(tp, job))
			job_release(job);
		mutex_exit(&tp->tp_lock);
		job->job_thread = self;
		mutex_exit(job->job_lock);
		(*job->job_fn)(job);
		return;		/* threadpool_job_done released it */
	}
	job_release(job);
	cv_broadcast(&job->job_cv);
	mutex_exit(job->job_lock);
}

static void
worker(void *arg)
{
	struct threadpool *tp = arg;
	struct threadpool_thread self = { tp };
	struct threadpool_job *job;

	mutex_enter(&tp->tp_lock);
	tp->tp_nstarting--;
	while ((job = job_wait(tp)) != NULL) {
		mutex_exit(&tp->tp_lock);
		job_run(&self, job);
		mutex_enter(&tp->tp_lock);
	}
	thread_leave(tp);
}

static void
overseer(void *arg)
{
	struct threadpool *tp = arg;
	int error;

	mutex_enter(&tp->tp_lock);
	while (!tp->tp_dying) {
		if (tp->tp_njobs <= tp->tp_nidle + tp->tp_nstarting) {
			cv_wait(&tp->tp_oversee, &tp->tp_lock);
			continue;
		}
		tp->tp_nthreads++;
		tp->tp_nstarting++;
		mutex_exit(&tp->tp_lock);
		error = kthread_create(tp->tp_pri, KTHREAD_MPSAFE, tp->tp_cpu, worker, tp,
		    NULL, "pool/%d", (int)tp->tp_pri);
		if (error != 0)
			kpause("thrplnew", false, hz, NULL);
		mutex_enter(&tp->tp_lock);
		if (error != 0) {
			tp->tp_nthreads--;
			tp->tp_nstarting--;
		}
	}
	thread_leave(tp);
}

static int
pool_create(struct threadpool **tpp, pri_t pri, struct cpu_info *ci)
{
	struct threadpool *tp = kmem_zalloc(sizeof(*tp), KM_SLEEP);
	int error;

	mutex_init(&tp->tp_lock, MUTEX_DEFAULT, IPL_VM);
	cv_init(&tp->tp_work, "thrpljob");
	cv_init(&tp->tp_oversee, "thrplovr");
	cv_init(&tp->tp_gone, "thrplend");
	TAILQ_INIT(&tp->tp_jobs);
	tp->tp_pri = pri;
	tp->tp_cpu = ci;
	tp->tp_refs = 1;
	tp->tp_nthreads = 1;
	error = kthread_create(pri, KTHREAD_MPSAFE, ci, overseer, tp, NULL,
	    "pooloverseer/%d", (int)pri);
	if (error != 0) {
		mutex_destroy(&tp->tp_lock);
		kmem_free(tp, sizeof(*tp));
		return error;
	}
	*tpp = tp;
	return 0;
}

static void
pool_destroy(struct threadpool *tp)
{

	mutex_enter(&tp->tp_lock);
	KASSERT(TAILQ_EMPTY(&tp->tp_jobs));
	tp->tp_dying = true;
	cv_broadcast(&tp->tp_work);
	cv_broadcast(&tp->tp_oversee);
	while (tp->tp_nthreads > 0)
		cv_wait(&tp->tp_gone, &tp->tp_lock);
	mutex_exit(&tp->tp_lock);
	cv_destroy(&tp->tp_work);
	cv_destroy(&tp->tp_oversee);
	cv_destroy(&tp->tp_gone);
	mutex_destroy(&tp->tp_lock);
	kmem_free(tp, sizeof(*tp));
}

static int
pool_get(struct threadpool **tpp, pri_t pri, struct cpu_info *ci)
{
	struct threadpool *tp;
	int error = 0;

	mutex_enter(&pools_lock);
	LIST_FOREACH(tp, &pools, tp_list)
		if (tp->tp_pri == pri && tp->tp_cpu == ci)
			break;
	if (tp != NULL)
		tp->tp_refs++;
	else if ((error = pool_create(&tp, pri, ci)) == 0)
		LIST_INSERT_HEAD(&pools, tp, tp_list);
	mutex_exit(&pools_lock);
	*tpp = tp;
	return error;
}

/* The pool of a priority; threadpool_put gives it back. */
int
threadpool_get(struct threadpool **tpp, pri_t pri)
{

	return pool_get(tpp, pri, NULL);
}

void
threadpool_put(struct threadpool *tp, pri_t pri)
{
	bool last;

	KASSERT(tp->tp_pri == pri);
	mutex_enter(&pools_lock);
	last = --tp->tp_refs == 0;
	if (last)
		LIST_REMOVE(tp, tp_list);
	mutex_exit(&pools_lock);
	if (last)
		pool_destroy(tp);
}

static int
percpu_create(struct threadpool_percpu **tppp, pri_t pri)
{
	struct threadpool_percpu *tpp = kmem_zalloc(sizeof(*tpp), KM_SLEEP);
	struct cpu_info *ci;
	u_int i;
	int error;

	for (i = 0; (ci = cpu_lookup(i)) != NULL; i++)
		if ((error = pool_get(&tpp->tpp_pools[i], pri, ci)) != 0)
			goto undo_pools;
	tpp->tpp_pri = pri;
	tpp->tpp_refs = 1;
	*tppp = tpp;
	return 0;

undo_pools:
	while (i-- > 0)
		threadpool_put(tpp->tpp_pools[i], pri);
	kmem_free(tpp, sizeof(*tpp));
	return error;
}

/* The pools of a priority on each CPU: the same object for all who ask. */
int
threadpool_percpu_get(struct threadpool_percpu **tppp, pri_t pri)
{
	struct threadpool_percpu *tpp;
	int error = 0;

	mutex_enter(&percpus_lock);
	LIST_FOREACH(tpp, &percpus, tpp_list)
		if (tpp->tpp_pri == pri)
			break;
	if (tpp != NULL)
		tpp->tpp_refs++;
	else if ((error = percpu_create(&tpp, pri)) == 0)
		LIST_INSERT_HEAD(&percpus, tpp, tpp_list);
	mutex_exit(&percpus_lock);
	*tppp = tpp;
	return error;
}

void
threadpool_percpu_put(struct threadpool_percpu *tpp, pri_t pri)
{
	bool last;

	KASSERT(tpp->tpp_pri == pri);
	mutex_enter(&percpus_lock);
	last = --tpp->tpp_refs == 0;
	if (last)
		LIST_REMOVE(tpp, tpp_list);
	mutex_exit(&percpus_lock);
	if (!last)
		return;
	for (u_int i = 0; cpu_lookup(i) != NULL; i++)
		threadpool_put(tpp->tpp_pools[i], pri);
	kmem_free(tpp, sizeof(*tpp));
}

struct threadpool *
threadpool_percpu_ref_remote(struct threadpool_percpu *tpp, struct cpu_info *ci)
{

	return tpp->tpp_pools[cpu_index(ci)];
}

struct threadpool *
threadpool_percpu_ref(struct threadpool_percpu *tpp)
{

	return threadpool_percpu_ref_remote(tpp, curcpu());
}

/* lock: the owner's; held when a job is scheduled, cancelled, or done. */
void
threadpool_job_init(struct threadpool_job *job, threadpool_job_fn_t *fn, kmutex_t *lock,
    const char *fmt, ...)
{
	va_list ap;

	memset(job, 0, sizeof(*job));
	va_start(ap, fmt);
	vsnprintf(job->job_name, sizeof(job->job_name), fmt, ap);
	va_end(ap);
	job->job_lock = lock;
	job->job_fn = fn;
	cv_init(&job->job_cv, job->job_name);
}

/* Wait until nothing points to the job any more.  The lock is not held. */
void
threadpool_job_destroy(struct threadpool_job *job)
{

	KASSERTMSG(job->job_thread == NULL, "job %s is scheduled", job->job_name);
	mutex_enter(job->job_lock);
	while (atomic_load_acquire(&job->job_refcnt) > 0)
		cv_wait(&job->job_cv, job->job_lock);
	mutex_exit(job->job_lock);
	cv_destroy(&job->job_cv);
}

/* Called by the job's function as its last act on the job, with the lock held. */
void
threadpool_job_done(struct threadpool_job *job)
{

	KASSERT(mutex_owned(job->job_lock));
	KASSERT(job->job_thread != NULL && job->job_thread != &queued);
	job->job_thread = NULL;
	job_release(job);
	cv_broadcast(&job->job_cv);
}

/* Context: any up to the level of the lock, which is held. */
void
threadpool_schedule_job(struct threadpool *tp, struct threadpool_job *job)
{

	KASSERT(mutex_owned(job->job_lock));
	if (job->job_thread != NULL)
		return;
	job->job_thread = &queued;
	mutex_enter(&tp->tp_lock);
	KASSERT(!tp->tp_dying);
	atomic_inc_uint(&job->job_refcnt);
	TAILQ_INSERT_TAIL(&tp->tp_jobs, job, job_entry);
	tp->tp_njobs++;
	if (tp->tp_njobs > tp->tp_nidle)
		cv_signal(&tp->tp_oversee);
	cv_signal(&tp->tp_work);
	mutex_exit(&tp->tp_lock);
}

/*
 * Try to cancel without waiting.
 *
 * Returns true if the job will not run any more, false if it runs now.
 * Locks: the job's, held.
 */
bool
threadpool_cancel_job_async(struct threadpool *tp, struct threadpool_job *job)
{

	KASSERT(mutex_owned(job->job_lock));
	if (job->job_thread == NULL)
		return true;
	if (job->job_thread != &queued)
		return false;
	/* A worker that has taken it off the queue finds it cancelled. */
	job->job_thread = NULL;
	mutex_enter(&tp->tp_lock);
	if (job_unqueue(tp, job))
		job_release(job);
	mutex_exit(&tp->tp_lock);
	return true;
}

/* Cancel, or wait until the run that is under way is done; drops the lock. */
void
threadpool_cancel_job(struct threadpool *tp, struct threadpool_job *job)
{

	if (threadpool_cancel_job_async(tp, job))
		return;
	while (job->job_thread != NULL && job->job_thread != &queued)
		cv_wait(&job->job_cv, job->job_lock);
}
