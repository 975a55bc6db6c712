/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * workqueue(9): functions that threads run later, in order.
 *
 * A workqueue has one queue, or with WQ_PERCPU one for each CPU, and each
 * queue one thread.  The item is the caller's memory and only its link is
 * used: after the function has been entered for it, it is not looked at again,
 * so that the function may free or queue it anew.  workqueue_wait() therefore
 * compares addresses only.
 *
 * Locks: q_lock covers all of a queue; it is taken at the workqueue's level.
 */
#include <sys/param.h>
#include <sys/condvar.h>
#include <sys/cpu.h>
#include <sys/kmem.h>
#include <sys/kthread.h>
#include <sys/mutex.h>
#include <sys/queue.h>
#include <sys/systm.h>
#include <sys/workqueue.h>

/* The link that fits into struct work. */
struct work_link {
	SIMPLEQ_ENTRY(work_link) wl_entry;
};
__CTASSERT(sizeof(struct work_link) <= sizeof(struct work));

struct workqueue_queue {
	kmutex_t	q_lock;
	kcondvar_t	q_work;		/* something to do, or the end */
	kcondvar_t	q_done;		/* an item was finished */
	SIMPLEQ_HEAD(, work_link) q_pending;
	const void	*q_running;	/* address of the item in work */
	bool		q_exit;
	struct lwp	*q_thread;
	struct workqueue *q_wq;
	char		q_pad[COHERENCY_UNIT];	/* not in the next one's way */
};

struct workqueue {
	void		(*wq_func)(struct work *, void *);
	void		*wq_arg;
	int		wq_flags;
	u_int		wq_nqueues;
	struct workqueue_queue *wq_queues;
};

static void
queue_thread(void *arg)
{
	struct workqueue_queue *q = arg;
	struct workqueue *wq = q->q_wq;
	struct work_link *wl;

	mutex_enter(&q->q_lock);
	for (;;) {
		while ((wl = SIMPLEQ_FIRST(&q->q_pending)) == NULL && !q->q_exit)
			cv_wait(&q->q_work, &q->q_lock);
		if (wl == NULL)
			break;
		SIMPLEQ_REMOVE_HEAD(&q->q_pending, wl_entry);
		q->q_running = wl;
		mutex_exit(&q->q_lock);
		(*wq->wq_func)((struct work *)wl, wq->wq_arg);
		mutex_enter(&q->q_lock);
		q->q_running = NULL;
		cv_broadcast(&q->q_done);
	}
	mutex_exit(&q->q_lock);
	kthread_exit(0);
}

static int
queue_init(struct workqueue_queue *q, struct workqueue *wq, const char *name,
    pri_t pri, int ipl, struct cpu_info *ci)
{
	int flags = KTHREAD_MUSTJOIN | (wq->wq_flags & WQ_MPSAFE ? KTHREAD_MPSAFE : 0);
	int error;

	mutex_init(&q->q_lock, MUTEX_DEFAULT, ipl);
	cv_init(&q->q_work, name);
	cv_init(&q->q_done, "wqdone");
	SIMPLEQ_INIT(&q->q_pending);
	q->q_wq = wq;
	error = kthread_create(pri, flags, ci, queue_thread, q, &q->q_thread, "%s", name);
	if (error != 0) {
		mutex_destroy(&q->q_lock);
		cv_destroy(&q->q_work);
		cv_destroy(&q->q_done);
	}
	return error;
}

/* Finish what is queued, end the thread, free what queue_init made. */
static void
queue_fini(struct workqueue_queue *q)
{

	mutex_enter(&q->q_lock);
	q->q_exit = true;
	cv_broadcast(&q->q_work);
	mutex_exit(&q->q_lock);
	kthread_join(q->q_thread);
	mutex_destroy(&q->q_lock);
	cv_destroy(&q->q_work);
	cv_destroy(&q->q_done);
}

static void
workqueue_free(struct workqueue *wq)
{

	kmem_free(wq->wq_queues, wq->wq_nqueues * sizeof(*wq->wq_queues));
	kmem_free(wq, sizeof(*wq));
}

/*
 * Make a workqueue: func(item, arg) will run for each item.
 *
 * ipl	 highest level at which items will be queued.
 * flags WQ_MPSAFE: func runs without KERNEL_LOCK.  WQ_PERCPU: a queue per CPU.
 *
 * Returns 0, or an errno of kthread_create.
 * Context: thread, may sleep.
 */
int
workqueue_create(struct workqueue **wqp, const char *name,
    void (*func)(struct work *, void *), void *arg, pri_t pri, int ipl, int flags)
{
	struct workqueue *wq = kmem_zalloc(sizeof(*wq), KM_SLEEP);
	u_int i;
	int error;

	wq->wq_func = func;
	wq->wq_arg = arg;
	wq->wq_flags = flags;
	wq->wq_nqueues = flags & WQ_PERCPU ? (u_int)ncpu : 1;
	wq->wq_queues = kmem_zalloc(wq->wq_nqueues * sizeof(*wq->wq_queues), KM_SLEEP);
	for (i = 0; i < wq->wq_nqueues; i++) {
		error = queue_init(&wq->wq_queues[i], wq, name, pri, ipl,
		    flags & WQ_PERCPU ? cpu_lookup(i) : NULL);
		if (error != 0)
			goto undo_queues;
	}
	*wqp = wq;
	return 0;

undo_queues:
	while (i-- > 0)
		queue_fini(&wq->wq_queues[i]);
	workqueue_free(wq);
	return error;
}

/* End a workqueue; what is still queued is worked on first. */
void
workqueue_destroy(struct workqueue *wq)
{

	for (u_int i = 0; i < wq->wq_nqueues; i++)
		queue_fini(&wq->wq_queues[i]);
	workqueue_free(wq);
}

/*
 * Queue an item.  It must not be queued already.
 *
 * ci	with WQ_PERCPU: the CPU, or NULL for this one; else NULL.
 * Context: any up to the level of the workqueue.
 */
void
workqueue_enqueue(struct workqueue *wq, struct work *wk, struct cpu_info *ci)
{
	struct work_link *wl = (struct work_link *)wk;
	struct workqueue_queue *q = wq->wq_queues;

	if (wq->wq_flags & WQ_PERCPU)
		q += cpu_index(ci != NULL ? ci : curcpu());
	else
		KASSERT(ci == NULL);
	mutex_enter(&q->q_lock);
	KASSERT(!q->q_exit);
	SIMPLEQ_INSERT_TAIL(&q->q_pending, wl, wl_entry);
	cv_signal(&q->q_work);
	mutex_exit(&q->q_lock);
}

static bool
queue_has(const struct workqueue_queue *q, const void *item)
{
	const struct work_link *wl;

	if (q->q_running == item)
		return true;
	SIMPLEQ_FOREACH(wl, &q->q_pending, wl_entry)
		if (wl == item)
			return true;
	return false;
}

/*
 * Wait until an item is neither queued nor running; the caller sees to it that
 * it is not queued anew.  Not from the function itself.
 *
 * Context: thread, may sleep.
 */
void
workqueue_wait(struct workqueue *wq, struct work *wk)
{

	for (u_int i = 0; i < wq->wq_nqueues; i++) {
		struct workqueue_queue *q = &wq->wq_queues[i];

		KASSERT(q->q_thread != curlwp);
		mutex_enter(&q->q_lock);
		while (queue_has(q, wk))
			cv_wait(&q->q_done, &q->q_lock);
		mutex_exit(&q->q_lock);
	}
}
