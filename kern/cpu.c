/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Virtual CPUs as objects.  All are made at boot, before memory management,
 * and stay until halt; none is ever offline.
 */
#include "cpu.h"

#include <sys/cpu.h>
#include <sys/device.h>
#include <sys/kernel.h>
#include <sys/lock.h>
#include <sys/lwp.h>
#include <sys/mutex.h>
#include <sys/reboot.h>
#include <sys/systm.h>

#include <rump/rumpuser.h>

#include "biglock.h"
#include "kthread.h"
#include "sched.h"

u_int maxcpus = MAXCPUS;
const int schedppq = 1;
int ncpu, ncpuonline;
struct cpu_info **cpu_infos;
struct cpu_info *rump_bootcpu;
kmutex_t cpu_lock;
int64_t cpu_counts[CPU_COUNT_MAX];

/* All of them in one piece: the pointers, then the CPUs. */
static void *block;
static size_t block_size;

/* As many as the host's parameter says; nonsense counts as one. */
static u_int
count_wanted(void)
{
	char buf[16];
	u_int n = 0;
	const char *p;

	if (rumpuser_getparam(RUMPUSER_PARAM_NCPU, buf, sizeof(buf)) != 0)
		return 1;
	for (p = buf; *p >= '0' && *p <= '9' && n <= MAXCPUS; p++)
		n = n * 10 + (u_int)(*p - '0');
	return n == 0 ? 1 : MIN(n, MAXCPUS);
}

static void
cpu_name_set(struct cpu_info *ci, u_int n)
{
	char *p = ci->ci_data.cpu_name;
	u_int div = 1;

	*p++ = 'c', *p++ = 'p', *p++ = 'u';
	while (n / div >= 10)
		div *= 10;
	for (; div > 0; div /= 10)
		*p++ = (char)('0' + n / div % 10);
	*p = '\0';
}

static void
cpu_fill(struct cpu_info *ci, u_int i)
{

	ci->ci_self = ci;
	ci->ci_cpuid = i;
	ci->ci_data.cpu_index = i;
	ci->ci_data.cpu_core_id = i;
	ci->ci_schedstate.spc_flags = SPCF_RUNNING;
	TAILQ_INIT(&ci->ci_data.cpu_biodone);
	cpu_name_set(ci, i);
}

int
cpus_create(void)
{
	u_int i, n = count_wanted();
	size_t pointers = roundup2(n * sizeof(cpu_infos[0]), COHERENCY_UNIT);
	struct cpu_info *ci;
	int error;

	block_size = pointers + n * sizeof(*ci);
	error = rumpuser_malloc(block_size, COHERENCY_UNIT, &block);
	if (error != 0)
		return error;
	memset(block, 0, block_size);
	cpu_infos = block;
	ci = (struct cpu_info *)((char *)block + pointers);
	for (i = 0; i < n; i++) {
		cpu_fill(&ci[i], i);
		cpu_infos[i] = &ci[i];
	}
	rump_bootcpu = &ci[0];
	ncpu = ncpuonline = (int)n;
	return 0;
}

void
cpus_destroy(void)
{

	rumpuser_free(block, block_size);
}

struct cpu_info *
cpu_lookup(u_int idx)
{

	return idx < (u_int)ncpu ? cpu_infos[idx] : NULL;
}

/* No kernel code runs in a hardware interrupt. */
bool
cpu_intr_p(void)
{

	return false;
}

bool
cpu_softintr_p(void)
{

	return (curlwp->l_pflag & LP_INTR) != 0;
}

bool
cpu_kpreempt_disabled(void)
{

	return curlwp->l_nopreempt != 0;
}

/*
 * Counters: each CPU's own, and their sums as of the last sync.
 */

void
cpu_count(enum cpu_count idx, int64_t delta)
{

	curcpu()->ci_data.cpu_counts[idx] += delta;
}

void
cpu_count_sync(bool poll)
{
	int64_t sum;
	u_int i, idx;

	for (idx = 0; idx < CPU_COUNT_MAX; idx++) {
		sum = 0;
		for (i = 0; i < (u_int)ncpu; i++)
			sum += __atomic_load_n(
			    &cpu_infos[i]->ci_data.cpu_counts[idx],
			    __ATOMIC_RELAXED);
		cpu_counts[idx] = sum;
	}
}

/*
 * Preemption: a thread keeps its CPU until it gives it up.
 */

void
kpreempt_disable(void)
{

	KPREEMPT_DISABLE(curlwp);
}

void
kpreempt_enable(void)
{

	KPREEMPT_ENABLE(curlwp);
}

bool
kpreempt_disabled(void)
{

	return curlwp->l_nopreempt != 0;
}

bool
kpreempt(uintptr_t where)
{

	return false;
}

bool
preempt_needed(void)
{

	return __atomic_load_n(&sched_nwaiting, __ATOMIC_RELAXED) != 0 ||
	    __atomic_load_n(&kern_halting, __ATOMIC_RELAXED);
}

void
yield(void)
{
	struct lwp *l = curlwp;
	int nlocks;

	KASSERT(l->l_nopreempt == 0 && l->l_spinlocks == 0);
	rump_kernel_bigwrap(&nlocks);
	if (kthread_must_leave(l)) {
		sched_leave(sched_holder(l));
		kthread_leave(l);
	}
	sched_yield();
	rump_kernel_bigunwrap(nlocks);
	l->l_nivcsw++;
}

void
preempt(void)
{

	yield();
}

void
preempt_point(void)
{

	if (__predict_false(preempt_needed()))
		yield();
}

void
cpu_need_resched(struct cpu_info *ci, struct lwp *l, int flags)
{

	/* Nothing to interrupt: who waits is seen at the next exit. */
}

void
suspendsched(void)
{

	/* Kernel threads are stopped by rump_halt; programs are the host's. */
}

const char *
cpu_getmodel(void)
{

	return "virtual (rump kernel)";
}
