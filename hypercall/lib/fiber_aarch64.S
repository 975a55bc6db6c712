/* SPDX-License-Identifier: BSD-2-Clause */

/*
 * Fibers on AArch64; see fiber.h.
 *
 * A fiber at rest: sp points to x19 … x28, x29, x30 (where to go on), d8 … d15: 160 bytes.
 *
 * Ref: Procedure Call Standard for the Arm 64-bit Architecture, 6.1: callee-saved registers,
 * sp a multiple of 16.
 */

	.text

/* void fiber_swap(void **save [x0], void *to [x1]) */
	.globl	fiber_swap
	.hidden	fiber_swap
	.type	fiber_swap, %function
fiber_swap:
	.cfi_startproc
	sub	sp, sp, #160
	stp	x19, x20, [sp, #0]
	stp	x21, x22, [sp, #16]
	stp	x23, x24, [sp, #32]
	stp	x25, x26, [sp, #48]
	stp	x27, x28, [sp, #64]
	stp	x29, x30, [sp, #80]
	stp	d8, d9, [sp, #96]
	stp	d10, d11, [sp, #112]
	stp	d12, d13, [sp, #128]
	stp	d14, d15, [sp, #144]
	mov	x2, sp
	str	x2, [x0]
	mov	sp, x1
	ldp	x19, x20, [sp, #0]
	ldp	x21, x22, [sp, #16]
	ldp	x23, x24, [sp, #32]
	ldp	x25, x26, [sp, #48]
	ldp	x27, x28, [sp, #64]
	ldp	x29, x30, [sp, #80]
	ldp	d8, d9, [sp, #96]
	ldp	d10, d11, [sp, #112]
	ldp	d12, d13, [sp, #128]
	ldp	d14, d15, [sp, #144]
	add	sp, sp, #160
	ret
	.cfi_endproc
	.size	fiber_swap, . - fiber_swap

/* A new fiber begins here, entry in x19; x30 of entry says where backtraces end. */
	.type	fiber_begin, %function
fiber_begin:
	.cfi_startproc
	.cfi_undefined x30
	mov	x29, xzr
	mov	x30, xzr
	br	x19
	.cfi_endproc
	.size	fiber_begin, . - fiber_begin

/* void *fiber_prepare(void *stack [x0], size_t len [x1], void (*entry)(void) [x2]) */
	.globl	fiber_prepare
	.hidden	fiber_prepare
	.type	fiber_prepare, %function
fiber_prepare:
	.cfi_startproc
	add	x0, x0, x1
	and	x0, x0, #-16
	sub	x0, x0, #160
	stp	x2, xzr, [x0, #0]
	stp	xzr, xzr, [x0, #16]
	stp	xzr, xzr, [x0, #32]
	stp	xzr, xzr, [x0, #48]
	stp	xzr, xzr, [x0, #64]
	adr	x3, fiber_begin
	stp	xzr, x3, [x0, #80]
	stp	xzr, xzr, [x0, #96]
	stp	xzr, xzr, [x0, #112]
	stp	xzr, xzr, [x0, #128]
	stp	xzr, xzr, [x0, #144]
	ret
	.cfi_endproc
	.size	fiber_prepare, . - fiber_prepare

	.section .note.GNU-stack, "", %progbits
