/* SPDX-License-Identifier: BSD-2-Clause */
/* Threads, work queues, cross calls and what rests on them, in the kernel. */
#include <sys/param.h>
#include <sys/atomic.h>
#include <sys/cpu.h>
#include <sys/kernel.h>
#include <sys/kmem.h>
#include <sys/kthread.h>
#include <sys/localcount.h>
#include <sys/once.h>
#include <sys/percpu.h>
#include <sys/proc.h>
#include <sys/pserialize.h>
#include <sys/psref.h>
#include <sys/systm.h>
#include <sys/threadpool.h>
#include <sys/workqueue.h>
#include <sys/xcall.h>

#include "kern_test.h"

static kmutex_t mtx;
static kcondvar_t cv;
static volatile u_int count;
static volatile int errors;

static void
start(void)
{

	mutex_init(&mtx, MUTEX_DEFAULT, IPL_NONE);
	cv_init(&cv, "test");
	count = 0;
	errors = 0;
}

static int
finish(int bad)
{

	cv_destroy(&cv);
	mutex_destroy(&mtx);
	return bad + errors;
}

static void
count_up(void)
{

	mutex_enter(&mtx);
	count++;
	cv_broadcast(&cv);
	mutex_exit(&mtx);
}

static void
wait_for(u_int n)
{

	mutex_enter(&mtx);
	while (count < n)
		cv_wait(&cv, &mtx);
	mutex_exit(&mtx);
}

/*
 * Threads.
 */

static void
thread_simple(void *arg)
{

	if (curproc != &proc0 || curlwp->l_stat != LSONPROC)
		errors++;
	count_up();
	kthread_exit(0);
}

int
rumptest_kthread_join(void)
{
	struct lwp *l;
	int i;

	start();
	for (i = 0; i < 100; i++) {
		if (kthread_create(PRI_NONE, KTHREAD_MPSAFE | KTHREAD_MUSTJOIN,
		    NULL, thread_simple, NULL, &l, "join") != 0)
			errors++;
		kthread_join(l);
	}
	return finish(count != 100);
}

int
rumptest_kthread_many(void)
{
	int i;

	start();
	for (i = 0; i < 40; i++) {
		if (kthread_create(PRI_NONE, 0, NULL, thread_simple, NULL,
		    NULL, "many%d", i) != 0)
			errors++;
	}
	wait_for(40);
	return finish(0);
}

static void
thread_bound(void *arg)
{
	struct cpu_info *ci = arg;
	int i;

	for (i = 0; i < 50; i++) {
		if (curcpu() != ci)
			errors++;
		if (i % 10 == 0)
			kpause("bound", false, 1, NULL);
		else
			yield();
	}
	count_up();
	kthread_exit(0);
}

int
rumptest_kthread_bound(void)
{
	u_int i;

	start();
	for (i = 0; i < (u_int)ncpu; i++) {
		if (kthread_create(PRI_NONE, KTHREAD_MPSAFE, cpu_lookup(i),
		    thread_bound, cpu_lookup(i), NULL, "bound") != 0)
			errors++;
	}
	wait_for((u_int)ncpu);
	return finish(0);
}

/* More threads than CPUs, none of which sleeps: all get on. */
static void
thread_yielding(void *arg)
{
	int i;

	for (i = 0; i < 2000; i++) {
		atomic_inc_uint(&count);
		preempt_point();
	}
	kthread_exit(0);
}

int
rumptest_yield(void)
{
	struct lwp *l[8];
	int i;

	start();
	for (i = 0; i < 8; i++)
		kthread_create(PRI_NONE, KTHREAD_MPSAFE | KTHREAD_MUSTJOIN,
		    NULL, thread_yielding, NULL, &l[i], "yield");
	for (i = 0; i < 8; i++)
		kthread_join(l[i]);
	return finish(count != 8 * 2000);
}

/*
 * Work queues, thread pools.
 */

static struct work items[64];
static void *done[64];

static void
work_func(struct work *wk, void *arg)
{

	mutex_enter(&mtx);
	if (count < __arraycount(done))
		done[count] = wk;
	mutex_exit(&mtx);
	count_up();
}

int
rumptest_workqueue(int percpu)
{
	struct workqueue *wq;
	u_int i, n = __arraycount(items);
	int bad;

	start();
	bad = workqueue_create(&wq, "test", work_func, NULL, PRI_NONE,
	    IPL_NONE, WQ_MPSAFE | (percpu ? WQ_PERCPU : 0));
	if (bad != 0)
		return bad;
	for (i = 0; i < n; i++)
		workqueue_enqueue(wq, &items[i],
		    percpu ? cpu_lookup(i % (u_int)ncpu) : NULL);
	for (i = 0; i < n; i++)
		workqueue_wait(wq, &items[i]);
	bad += count != n;
	for (i = 0; !percpu && i < n; i++)
		bad += done[i] != &items[i];
	workqueue_destroy(wq);
	return finish(bad);
}

static struct threadpool_job job;

static void
job_func(struct threadpool_job *j)
{

	mutex_enter(&mtx);
	count++;
	cv_broadcast(&cv);
	threadpool_job_done(j);
	mutex_exit(&mtx);
}

/* All who ask for the pools of a priority share them. */
static int
percpu_pools(void)
{
	struct threadpool_percpu *one, *two, *other;
	int bad;

	if (threadpool_percpu_get(&one, PRI_NONE) != 0 ||
	    threadpool_percpu_get(&two, PRI_NONE) != 0 ||
	    threadpool_percpu_get(&other, PRI_KTHREAD) != 0)
		return 1;
	bad = one != two || one == other;
	bad += threadpool_percpu_ref(one) !=
	    threadpool_percpu_ref_remote(two, curcpu());
	threadpool_percpu_put(two, PRI_NONE);
	threadpool_percpu_put(one, PRI_NONE);
	threadpool_percpu_put(other, PRI_KTHREAD);
	return bad;
}

int
rumptest_threadpool(void)
{
	struct threadpool *pool;
	u_int i;
	int bad;

	start();
	bad = percpu_pools();
	if (bad != 0 || (bad = threadpool_get(&pool, PRI_NONE)) != 0)
		return bad;
	threadpool_job_init(&job, job_func, &mtx, "test");
	for (i = 1; i <= 20; i++) {
		mutex_enter(&mtx);
		threadpool_schedule_job(pool, &job);
		while (count < i)
			cv_wait(&cv, &mtx);
		mutex_exit(&mtx);
	}
	mutex_enter(&mtx);
	threadpool_cancel_job(pool, &job);
	mutex_exit(&mtx);
	threadpool_job_destroy(&job);
	threadpool_put(pool, PRI_NONE);
	return finish(bad);
}

/*
 * Other CPUs.
 */

static volatile u_int visited;

static void
visit(void *arg1, void *arg2)
{

	atomic_or_uint(&visited, 1u << cpu_index(curcpu()));
	atomic_inc_uint(&count);
}

int
rumptest_xcall(void)
{
	u_int all = (1u << ncpu) - 1;
	int bad = 0;

	start();
	visited = 0;
	xc_wait(xc_broadcast(0, visit, NULL, NULL));
	bad += visited != all || count != (u_int)ncpu;
	visited = 0;
	xc_wait(xc_broadcast(XC_HIGHPRI, visit, NULL, NULL));
	bad += visited != all;
	xc_barrier(0);
	return finish(bad);
}

static void
percpu_check(void *p, void *arg, struct cpu_info *ci)
{
	u_int *value = p;

	if (*value != cpu_index(ci))
		errors++;
}

static void
percpu_set(void *p, void *arg, struct cpu_info *ci)
{
	u_int *value = p;

	*value = cpu_index(ci);
}

int
rumptest_percpu(void)
{
	percpu_t *pc = percpu_create(sizeof(u_int), percpu_set, NULL, NULL);
	u_int *value;

	start();
	value = percpu_getref(pc);
	if (*value != cpu_index(curcpu()))
		errors++;
	percpu_putref(pc);
	percpu_foreach(pc, percpu_check, NULL);
	percpu_foreach_xcall(pc, 0, percpu_check, NULL);
	percpu_free(pc, sizeof(u_int));
	return finish(0);
}

/*
 * Readers without locks: an object is poisoned when no reader can see it.
 */

struct object {
	volatile int	alive;
	struct psref_target target;
	struct localcount lc;
};
static struct object *volatile current;
static volatile bool stop;
static pserialize_t psz;
static struct psref_class *class;

static void
psz_reader(void *arg)
{
	struct object *o;
	int s;

	while (!atomic_load_relaxed(&stop)) {
		s = pserialize_read_enter();
		o = atomic_load_consume(&current);
		if (o->alive != 1)
			errors++;
		if (o->alive != 1)
			errors++;
		pserialize_read_exit(s);
		yield();
	}
	kthread_exit(0);
}

static void
replace(void (*reader)(void *), void (*retire)(struct object *),
    struct object *(*create)(void), int rounds)
{
	struct lwp *l[3];
	struct object *o;
	int i;

	atomic_store_relaxed(&stop, false);
	current = create();
	for (i = 0; i < 3; i++)
		kthread_create(PRI_NONE, KTHREAD_MPSAFE | KTHREAD_MUSTJOIN,
		    NULL, reader, NULL, &l[i], "reader");
	for (i = 0; i < rounds; i++) {
		o = current;
		atomic_store_release(&current, create());
		pserialize_perform(psz);
		retire(o);
		if (i % 4 == 0)
			kpause("round", false, 1, NULL);
		else
			yield();
	}
	atomic_store_relaxed(&stop, true);
	for (i = 0; i < 3; i++)
		kthread_join(l[i]);
	pserialize_perform(psz);
	retire(current);
}

static struct object *
object_new(void)
{
	struct object *o = kmem_zalloc(sizeof(*o), KM_SLEEP);

	o->alive = 1;
	return o;
}

static void
object_retire(struct object *o)
{

	o->alive = 0;
	kmem_free(o, sizeof(*o));
}

int
rumptest_pserialize(void)
{

	start();
	psz = pserialize_create();
	replace(psz_reader, object_retire, object_new, 40);
	pserialize_destroy(psz);
	return finish(0);
}

static struct object *
object_new_psref(void)
{
	struct object *o = object_new();

	psref_target_init(&o->target, class);
	return o;
}

static void
object_retire_psref(struct object *o)
{

	psref_target_destroy(&o->target, class);
	object_retire(o);
}

static void
psref_reader(void *arg)
{
	struct psref ref;
	struct object *o;
	int s, bound, n = 0;

	while (!atomic_load_relaxed(&stop)) {
		bound = curlwp_bind();
		s = pserialize_read_enter();
		o = atomic_load_consume(&current);
		psref_acquire(&ref, &o->target, class);
		pserialize_read_exit(s);
		if (o->alive != 1)
			errors++;
		if (n++ % 8 == 0)
			kpause("psref", false, 1, NULL);
		else
			yield();
		if (o->alive != 1)
			errors++;
		psref_release(&ref, &o->target, class);
		curlwp_bindx(bound);
	}
	kthread_exit(0);
}

int
rumptest_psref(void)
{

	start();
	psz = pserialize_create();
	class = psref_class_create("test", IPL_NONE);
	replace(psref_reader, object_retire_psref, object_new_psref, 30);
	psref_class_destroy(class);
	pserialize_destroy(psz);
	return finish(0);
}

static struct object *
object_new_lc(void)
{
	struct object *o = object_new();

	localcount_init(&o->lc);
	return o;
}

static void
object_retire_lc(struct object *o)
{

	mutex_enter(&mtx);
	localcount_drain(&o->lc, &cv, &mtx);
	mutex_exit(&mtx);
	localcount_fini(&o->lc);
	object_retire(o);
}

static void
lc_reader(void *arg)
{
	struct object *o;
	int s, n = 0;

	while (!atomic_load_relaxed(&stop)) {
		s = pserialize_read_enter();
		o = atomic_load_consume(&current);
		localcount_acquire(&o->lc);
		pserialize_read_exit(s);
		if (n++ % 8 == 0)
			kpause("count", false, 1, NULL);
		else
			yield();
		if (o->alive != 1)
			errors++;
		localcount_release(&o->lc, &cv, &mtx);
	}
	kthread_exit(0);
}

int
rumptest_localcount(void)
{

	start();
	psz = pserialize_create();
	replace(lc_reader, object_retire_lc, object_new_lc, 30);
	pserialize_destroy(psz);
	return finish(0);
}

static int
init_slowly(void)
{

	kpause("once", false, 2, NULL);
	count++;
	return 7;
}

static void
once_user(void *arg)
{
	static ONCE_DECL(control)

	if (RUN_ONCE(&control, init_slowly) != 7)
		errors++;
	kthread_exit(0);
}

int
rumptest_once(void)
{
	struct lwp *l[4];
	int i;

	start();
	for (i = 0; i < 4; i++)
		kthread_create(PRI_NONE, KTHREAD_MPSAFE | KTHREAD_MUSTJOIN,
		    NULL, once_user, NULL, &l[i], "once");
	for (i = 0; i < 4; i++)
		kthread_join(l[i]);
	return finish(count != 1);
}
