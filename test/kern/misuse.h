/* SPDX-License-Identifier: BSD-2-Clause */
/* Misuses that a kernel ends on: misuse.c. */
#ifndef TEST_KERN_MISUSE_H
#define TEST_KERN_MISUSE_H

/*
 * name, what the panic says, who finds it: ALL kernels, or those that are CHECKED, with
 * diagnostics.
 */
#define MISUSES(X) \
	X(vmem_free_twice, "is not allocated", ALL) \
	X(vmem_free_other, "is not allocated", ALL) \
	X(vmem_free_size, "has size", ALL) \
	X(vmem_destroy_used, "still allocated", ALL) \
	X(vmem_destroyed, "destroyed mutex", CHECKED) \
	X(extent_free_twice, "is not allocated", ALL) \
	X(extent_free_other, "is not allocated", ALL) \
	X(extent_free_more, "is not allocated", ALL) \
	X(extent_free_part, "is not allocated", ALL) \
	X(extent_destroyed, "destroyed mutex", CHECKED) \
	X(percpu_free_size, "percpu_free", CHECKED) \
	X(percpu_free_twice, "percpu_free", CHECKED) \
	X(percpu_freed, "was freed", CHECKED) \
	X(cv_destroy_waited, "has waiters", CHECKED) \
	X(cv_destroyed, "was not initialised", CHECKED) \
	X(cv_unlocked, "is not held", CHECKED) \
	X(alloc_softint, "!cpu_softintr_p()", CHECKED) \
	X(alloc_spin, "a spin mutex is held", CHECKED) \
	X(alloc_nopreempt, "preemption is off", CHECKED) \
	X(sleep_nopreempt, "preemption off", CHECKED) \
	X(sleep_section, "in a read section", CHECKED) \
	X(alloc_section, "in a read section", CHECKED) \
	X(section_exit, "cpu_psz_read_depth > 0", CHECKED) \
	X(section_perform, "pserialize_not_in_read_section", CHECKED) \
	X(psref_unbound, "by an unbound lwp", CHECKED) \
	X(psref_class, "of another class", CHECKED) \
	X(psref_target, "of another target", CHECKED) \
	X(psref_class_used, "destroyed with references", CHECKED) \
	X(localcount_undrained, "not drained", CHECKED) \
	X(localcount_drained, "while draining", CHECKED) \
	X(localcount_released, "more often than acquired", CHECKED) \
	X(callout_unknown, "was not initialised", CHECKED) \
	X(callout_waiting, "callout_destroy", CHECKED)

#define MISUSE_NUMBER(name, text, who)	MISUSE_##name,
enum misuse { MISUSES(MISUSE_NUMBER) };

void	rumptest_misuse(int which);

#endif
