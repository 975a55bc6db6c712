/* SPDX-License-Identifier: BSD-2-Clause */

/*
 * Fibers on x86-64; see fiber.h.
 *
 * A fiber at rest: rsp points to mxcsr and the x87 control word (8 bytes), then rbx, rbp, r12
 * to r15, and the address to go on at.
 *
 * Ref: System V ABI, AMD64 supplement, 3.2: registers that a called function preserves, and
 * rsp + 8 a multiple of 16 on entry to a function.
 */

	.text

/* void fiber_swap(void **save [rdi], void *to [rsi]) */
	.globl	fiber_swap
	.hidden	fiber_swap
	.type	fiber_swap, @function
fiber_swap:
	.cfi_startproc
	pushq	%r15
	pushq	%r14
	pushq	%r13
	pushq	%r12
	pushq	%rbp
	pushq	%rbx
	subq	$8, %rsp
	stmxcsr	(%rsp)
	fnstcw	4(%rsp)
	movq	%rsp, (%rdi)
	movq	%rsi, %rsp
	ldmxcsr	(%rsp)
	fldcw	4(%rsp)
	addq	$8, %rsp
	popq	%rbx
	popq	%rbp
	popq	%r12
	popq	%r13
	popq	%r14
	popq	%r15
	ret
	.cfi_endproc
	.size	fiber_swap, . - fiber_swap

/* void *fiber_prepare(void *stack [rdi], size_t len [rsi], void (*entry)(void) [rdx]) */
	.globl	fiber_prepare
	.hidden	fiber_prepare
	.type	fiber_prepare, @function
fiber_prepare:
	.cfi_startproc
	leaq	(%rdi,%rsi), %rax
	andq	$-16, %rax
	movq	$0, -8(%rax)		/* where entry would return to: the end of backtraces */
	movq	%rdx, -16(%rax)
	leaq	-72(%rax), %rax
	movq	$0, 8(%rax)		/* rbx, rbp, r12 … r15 */
	movq	$0, 16(%rax)
	movq	$0, 24(%rax)
	movq	$0, 32(%rax)
	movq	$0, 40(%rax)
	movq	$0, 48(%rax)
	stmxcsr	(%rax)
	fnstcw	4(%rax)
	ret
	.cfi_endproc
	.size	fiber_prepare, . - fiber_prepare

	.section .note.GNU-stack, "", @progbits
