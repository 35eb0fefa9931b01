/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What only assembly can do: the way into the fake hypervisor with the registers of
 * the ABI, and calls of a hook that watch every register or every instruction.
 *
 * Nothing here is instrumented.  Stack alignment is made here, because a unit calls
 * from an asm statement and promises none.
 */
	.text

/*
 * The static call behind which Linux keeps its hypercall instruction.  The number is
 * in rax, arguments are in rdi, rsi, rdx, r10, r8.  The result comes in rax; the five
 * argument registers come back with rubbish, so that a caller that goes on using one
 * is found; everything else is kept (Linux's stub saves rcx and r11 for `syscall`).
 */
	.globl	__SCT__xen_hypercall, xen_entered
	.type	__SCT__xen_hypercall, @function
__SCT__xen_hypercall:
	push	%rbp
xen_entered:				/* from here on it is not the guest that runs */
	mov	%rsp, %rbp
	push	%rcx
	push	%r9
	push	%r11
	/* struct HypercallFrame */
	push	%r8
	push	%r10
	push	%rdx
	push	%rsi
	push	%rdi
	push	%rax
	mov	%rsp, %rdi
	sub	$512, %rsp
	and	$-64, %rsp
	fxsave	(%rsp)
	cld
	call	fake_xen_enter
	fxrstor	(%rsp)
	lea	-24(%rbp), %rsp
	pop	%r11
	pop	%r9
	pop	%rcx
	mov	$0xbad0bad0bad0bad1, %rdi
	mov	$0xbad0bad0bad0bad2, %rsi
	mov	$0xbad0bad0bad0bad3, %rdx
	mov	$0xbad0bad0bad0bad4, %r10
	mov	$0xbad0bad0bad0bad5, %r8
	pop	%rbp
	cmpb	$0, stepping_suspended(%rip)
	je	1f
	movb	$0, stepping_suspended(%rip)
	pushfq
	orl	$0x100, (%rsp)
	popfq				/* the next trap is at the instruction after the call */
1:	ret
	.size	__SCT__xen_hypercall, . - __SCT__xen_hypercall

/*
 * void call_with_registers(struct Registers *, void (*hook)())
 *
 * Calls the hook with all general registers but rsp from the structure and leaves
 * there what the hook left in them.
 */
	.globl	call_with_registers
	.type	call_with_registers, @function
call_with_registers:
	push	%rbx
	push	%rbp
	push	%r12
	push	%r13
	push	%r14
	push	%r15
	push	%rdi
	push	%rsi
	sub	$8, %rsp
	mov	0(%rdi), %rax
	mov	8(%rdi), %rbx
	mov	16(%rdi), %rcx
	mov	24(%rdi), %rdx
	mov	32(%rdi), %rsi
	mov	48(%rdi), %rbp
	mov	56(%rdi), %r8
	mov	64(%rdi), %r9
	mov	72(%rdi), %r10
	mov	80(%rdi), %r11
	mov	88(%rdi), %r12
	mov	96(%rdi), %r13
	mov	104(%rdi), %r14
	mov	112(%rdi), %r15
	mov	40(%rdi), %rdi
	call	*8(%rsp)
	push	%rax
	mov	24(%rsp), %rax
	mov	%rbx, 8(%rax)
	mov	%rcx, 16(%rax)
	mov	%rdx, 24(%rax)
	mov	%rsi, 32(%rax)
	mov	%rdi, 40(%rax)
	mov	%rbp, 48(%rax)
	mov	%r8, 56(%rax)
	mov	%r9, 64(%rax)
	mov	%r10, 72(%rax)
	mov	%r11, 80(%rax)
	mov	%r12, 88(%rax)
	mov	%r13, 96(%rax)
	mov	%r14, 104(%rax)
	mov	%r15, 112(%rax)
	pop	%rbx
	mov	%rbx, 0(%rax)
	add	$24, %rsp
	pop	%r15
	pop	%r14
	pop	%r13
	pop	%r12
	pop	%rbp
	pop	%rbx
	ret
	.size	call_with_registers, . - call_with_registers

/*
 * unsigned long call_stepped(unsigned long (*function)())
 *
 * Calls the function with the trap flag set: SIGTRAP comes before each of its
 * instructions and at call_stepped_end, where the handler ends it.
 */
	.globl	call_stepped, call_stepped_end
	.type	call_stepped, @function
call_stepped:
	sub	$8, %rsp
	pushfq
	orl	$0x100, (%rsp)
	popfq
	call	*%rdi
call_stepped_end:
	add	$8, %rsp
	ret
	.size	call_stepped, . - call_stepped

/*
 * struct multicall_space queue_here(size_t), queue_there(size_t): two C callers of
 * the batch whose return addresses are known.
 */
	.globl	queue_here, queued_here, queue_there, queued_there
	.type	queue_here, @function
	.type	queue_there, @function
queue_here:
	sub	$8, %rsp
	call	__xen_mc_entry
queued_here:
	add	$8, %rsp
	ret
	.size	queue_here, . - queue_here
queue_there:
	sub	$8, %rsp
	call	__xen_mc_entry
queued_there:
	add	$8, %rsp
	ret
	.size	queue_there, . - queue_there

	.section .note.GNU-stack, "", @progbits
