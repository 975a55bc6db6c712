/* SPDX-License-Identifier: BSD-2-Clause */

/*
 * Fibers: stacks, and switching between them. What one CPU needs written, nothing more; threads are made
 * of it in sched.c.
 *
 *   fiber_x86_64.S, fiber_aarch64.S   a few registers saved and loaded
 *   fiber_ucontext.c                  any other CPU whose C library has swapcontext(3)
 *
 * A fiber that does not run is one pointer. Calls save what the ABI has a called function
 * preserve; the rest is saved by the compiler around the call.
 */

#ifndef HYPERCALL_LIB_FIBER_H
#define HYPERCALL_LIB_FIBER_H

#include <stddef.h>

/* A new fiber on stack[0..len), which will call entry at the first swap to it. entry does not return. */
void *fiber_prepare(void *stack, size_t len, void (*entry)(void));

/* Run `to`; the caller goes on when somebody swaps to what is now *save. */
void fiber_swap(void **save, void *to);

/*
 * Sanitizers follow stacks, so they are told. struct fiber_note belongs to one fiber.
 *
 * fiber_note_leave   right before a swap to the fiber of `to`; dying: the caller never runs again
 * fiber_note_enter   right after, on the fiber that runs now, which came from `from`
 */
struct fiber_note {
	const void *stack;
	size_t len;
	void *shadow;  /* address sanitizer's */
	void *thread;  /* thread sanitizer's */
};

#if defined(__has_feature)
#if __has_feature(address_sanitizer)
#define FIBER_ASAN 1
#endif
#if __has_feature(thread_sanitizer)
#define FIBER_TSAN 1
#endif
#endif
#ifdef __SANITIZE_ADDRESS__
#define FIBER_ASAN 1
#endif
#ifdef __SANITIZE_THREAD__
#define FIBER_TSAN 1
#endif

#if defined(FIBER_ASAN)

void __sanitizer_start_switch_fiber(void **save, const void *bottom, size_t size);
void __sanitizer_finish_switch_fiber(void *saved, const void **bottom, size_t *size);

static inline void
fiber_note_create(struct fiber_note *fn, const void *stack, size_t len)
{

	*fn = (struct fiber_note){ .stack = stack, .len = len };
}

static inline void
fiber_note_destroy(struct fiber_note *fn)
{
}

static inline void
fiber_note_leave(struct fiber_note *self, const struct fiber_note *to, int dying)
{

	__sanitizer_start_switch_fiber(dying ? NULL : &self->shadow, to->stack, to->len);
}

/* The first stack of a program is not ours; where it lies is learned here. */
static inline void
fiber_note_enter(struct fiber_note *self, struct fiber_note *from)
{

	__sanitizer_finish_switch_fiber(self->shadow, &from->stack, &from->len);
}

#elif defined(FIBER_TSAN)

void *__tsan_create_fiber(unsigned flags);
void __tsan_destroy_fiber(void *fiber);
void __tsan_switch_to_fiber(void *fiber, unsigned flags);
void *__tsan_get_current_fiber(void);

static inline void
fiber_note_create(struct fiber_note *fn, const void *stack, size_t len)
{

	fn->thread = stack != NULL ? __tsan_create_fiber(0) : __tsan_get_current_fiber();
}

static inline void
fiber_note_destroy(struct fiber_note *fn)
{

	__tsan_destroy_fiber(fn->thread);
}

static inline void
fiber_note_leave(struct fiber_note *self, const struct fiber_note *to, int dying)
{

	__tsan_switch_to_fiber(to->thread, 0);
}

static inline void
fiber_note_enter(struct fiber_note *self, struct fiber_note *from)
{
}

#else

static inline void
fiber_note_create(struct fiber_note *fn, const void *stack, size_t len)
{
}

static inline void
fiber_note_destroy(struct fiber_note *fn)
{
}

static inline void
fiber_note_leave(struct fiber_note *self, const struct fiber_note *to, int dying)
{
}

static inline void
fiber_note_enter(struct fiber_note *self, struct fiber_note *from)
{
}

#endif
#endif
