/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Kernel halves of the tests in this folder: each function is called by a
 * program between rump_schedule() and rump_unschedule(), and returns 0 if all
 * was well.
 */
#ifndef TEST_KERN_TEST_H
#define TEST_KERN_TEST_H

#ifdef _KERNEL
#include <sys/types.h>

int64_t	rumpuser2_clock(void);
#define rumptest_now()	rumpuser2_clock()
#endif

/* locks_kern.c */
int	rumptest_mutex(int spin);
int	rumptest_mutex_sleep(void);
int	rumptest_mutex_states(void);
int	rumptest_rwlock(void);
int	rumptest_rwlock_change(void);
int	rumptest_rwlock_states(void);
int	rumptest_cv_pass(void);
int	rumptest_cv_signal(void);
int	rumptest_cv_timeout(void);
int	rumptest_kernel_lock(void);
int	rumptest_tsleep(void);
int	rumptest_lockobj(void);

/* threads_kern.c */
int	rumptest_kthread_join(void);
int	rumptest_kthread_many(void);
int	rumptest_kthread_bound(void);
int	rumptest_workqueue(int percpu);
int	rumptest_threadpool(void);
int	rumptest_xcall(void);
int	rumptest_percpu(void);
int	rumptest_pserialize(void);
int	rumptest_psref(void);
int	rumptest_localcount(void);
int	rumptest_once(void);
int	rumptest_yield(void);

/* signals_kern.c */
int	rumptest_signal_send(int how, int sig);
int	rumptest_signal_value(int sig);
void	rumptest_signal_clear(int sig);
int	rumptest_signal_masks(void);

/* small_kern.c */
int	rumptest_kcpuset(void);
int	rumptest_rates(void);
int	rumptest_log(void);
int	rumptest_scopes(void);

/* timers_kern.c */
int	rumptest_callout_order(void);
int	rumptest_callout_far(void);
int	rumptest_callout_stop(void);
int	rumptest_callout_halt(void);
int	rumptest_callout_self(void);
int	rumptest_callout_many(void);
int	rumptest_softint_inline(void);
int	rumptest_softint_inline_done(void);
int	rumptest_softint_sleep(void);
int	rumptest_softint_block(void);
int	rumptest_softint_remote(void);
int	rumptest_time(void);

/* sched_kern.c */
int	rumptest_cpu_claim(void);
void	rumptest_pause(void);
void	rumptest_hog(volatile int *arrived, int enough);
int	rumptest_pid(void);
int	rumptest_nprocs(void);
int	rumptest_nlwps(void);
void	rumptest_stay(volatile int *left);
int	rumptest_dirty(void);
void	rumptest_spinner(void);
void	rumptest_keep(void);
int	rumptest_no_threads(void);
int	rumptest_no_threads_ran(void);

/* component_kern.c, and cpu_claim and pid of sched_kern.c */
int	rumptest_component_call(int depth);
int	rumptest_devices_over(void);
int	rumptest_devices_bad(void);
void	rumptest_device_visit(int n);
void	rumptest_devices_start(void *(*func)(void *));

/* races_kern.c */
int	rumptest_rwlock_many(void);
void	rumptest_exit_softint_begin(void);
void	rumptest_exit_softint_arm(void);
int	rumptest_exit_softint_end(void);
void	rumptest_stuck_init(void);
void	rumptest_stuck_begin(void);
void	rumptest_stuck_here(void);
void	rumptest_stuck_wait(void);
void	rumptest_stuck_end(void);
void	rumptest_halt_softint(void);
void	rumptest_halt_exits(void);
int	rumptest_softint_levels(void);
int	rumptest_bound(void);

void	rumptest_park_lock(void);
void	rumptest_park_unlock(void);
int	rumptest_park_waiters(void);

/* mix_kern.c */
void	rumptest_mix_start(void);
void	rumptest_mix_work(void);
int	rumptest_mix_stop(int jobs);

/* lockdebug_kern.c: 0 if LOCKDEBUG said of a plant what it should. */
extern const int rump_lockdebug;
int	rumptest_plant(int which);
void	rumptest_plant_leave(void);
int	rumptest_plant_left(void);
void	rumptest_plant_softint(void);
int	rumptest_plant_softint_ran(void);

#endif
