/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Entry of all cores, exception vectors, exit to the guest, nap.
 *
 * HSPRG0 of a core points to the struct Regs (regs.hh) of what it runs: its vcpu, or
 * before that its own.  Vectors save everything there, load refhv's stack and call
 * hv_trap(Regs *); what that returns to is hv_resume.  refhv itself runs in real mode
 * with EE = 0, so that an exception taken in refhv is an error of refhv's own and may
 * overwrite the Regs.  r13 belongs to nobody in refhv: C++ never uses it.
 */
	/* Offsets in struct Regs; regs.hh asserts them. */
	.set	REGS_PC, 0x100
	.set	REGS_MSR, 0x108
	.set	REGS_LR, 0x110
	.set	REGS_CTR, 0x118
	.set	REGS_XER, 0x120
	.set	REGS_CR, 0x128
	.set	REGS_VECTOR, 0x130
	.set	REGS_STACK, 0x138
	.set	REGS_NAPPING, 0x148
	.set	REGS_NAP_LR, 0x150

	.set	MAX_CPUS, 8		/* both asserted by smp.cc */
	.set	STACK_SHIFT, 14

.macro address reg, symbol		/* the image lies below 2 GB */
	lis	\reg, \symbol@h
	ori	\reg, \reg, \symbol@l
.endm

.macro save special, at			/* both clobber r11 */
	mf\special %r11
	std	%r11, \at(%r13)
.endm
.macro restore special, at
	ld	%r11, \at(%r13)
	mt\special %r11
.endm

	.machine power8
	.section .vectors, "ax"
	.globl	_start
_start:
	b	.			/* nobody jumps to 0 but by mistake */

/* All cores at once: in r3 the machine's tree, MSR = SF|HV; every register is free. */
	.org	0x10
	b	start_core

/* Vectors.  Clobber nothing that is not saved: HSPRG1 holds r13, Regs r12. */
.macro vectors kind, list:vararg
	.irp	at, \list
	.org	\at
	mthsprg1 %r13
	mfhsprg0 %r13
	std	%r12, 12 * 8(%r13)
	li	%r12, \at
	b	save_\kind
	.endr
.endm

/*
 * System reset: how a nap ends.  Otherwise an exception like the others, with CR0 lost.
 * A napping vcpu's Regs may be written by others: r12 waits in the dead REGS_VECTOR.
 */
	.org	0x100
	mthsprg1 %r13
	mfhsprg0 %r13
	std	%r12, REGS_VECTOR(%r13)
	ld	%r12, REGS_NAPPING(%r13)
	cmpdi	%r12, 0
	bne	nap_end
	ld	%r12, REGS_VECTOR(%r13)
	std	%r12, 12 * 8(%r13)
	li	%r12, 0x100
	b	save_srr

	vectors	srr, 0x200, 0x300, 0x380, 0x400, 0x480
	vectors	hsrr, 0x500
	vectors	srr, 0x600, 0x700, 0x800, 0x900
	vectors	hsrr, 0x980
	vectors	srr, 0xa00, 0xb00, 0xc00, 0xd00
	vectors	hsrr, 0xe00, 0xe20, 0xe40, 0xe60, 0xe80, 0xea0
	vectors	srr, 0xf00, 0xf20, 0xf40, 0xf60
	vectors	hsrr, 0xf80
	vectors	srr, 0x1300
	vectors	hsrr, 0x1500
	vectors	srr, 0x1700

	.org	0x2000

/*
 * save_srr, save_hsrr - the common part of all vectors
 * In:	r12 vector, r13 Regs, HSPRG1 the interrupted r13, Regs r12.
 * Out:	all of Regs up to REGS_VECTOR; r1, r2 refhv's; calls hv_trap.
 */
save_hsrr:
	std	%r11, 11 * 8(%r13)
	save	hsrr0, REGS_PC
	save	hsrr1, REGS_MSR
	b	save_all
save_srr:
	std	%r11, 11 * 8(%r13)
	save	srr0, REGS_PC
	save	srr1, REGS_MSR
save_all:
	std	%r12, REGS_VECTOR(%r13)
	.irp	n, 0,1,2,3,4,5,6,7,8,9,10,14,15,16,17,18,19,20,21,22,23,24,25,26,27,28,29,30,31
	std	\n, \n * 8(%r13)
	.endr
	save	hsprg1, 13 * 8
	save	lr, REGS_LR
	save	ctr, REGS_CTR
	save	xer, REGS_XER
	save	cr, REGS_CR
	ld	%r1, REGS_STACK(%r13)
	address	%r2, .TOC.
	mr	%r3, %r13
	bl	hv_trap

/*
 * hv_resume - go on where the Regs behind HSPRG0 say; does not return
 * In:	nothing but HSPRG0.  Clobbers REGS_VECTOR, HSRR0, HSRR1.
 */
	.globl	hv_resume
hv_resume:
	mfhsprg0 %r13
	li	%r11, REGS_VECTOR
	stdcx.	%r11, %r11, %r13	/* ABI 1.2: the guest's reservation is lost */
	restore	hsrr0, REGS_PC
	ld	%r11, REGS_MSR(%r13)
	rldicl	%r11, %r11, 4, 1	/* never HV = 1, whatever the units made of it */
	rotldi	%r11, %r11, 60
	mthsrr1	%r11
	restore	lr, REGS_LR
	restore	ctr, REGS_CTR
	restore	xer, REGS_XER
	restore	cr, REGS_CR
	.irp n, 0,1,2,3,4,5,6,7,8,9,10,11,12,14,15,16,17,18,19,20,21,22,23,24,25,26,27,28,29,30,31
	ld	\n, \n * 8(%r13)
	.endr
	ld	%r13, 13 * 8(%r13)
	hrfid
	b	.

/*
 * hv_nap - sleep until an event of LPCR[PECE]; an event that is there already ends it
 * Out:	r3 SRR1, which says what woke the core.  Clobbers SRR0, SRR1, HSPRG1, r0, r4, r12,
 *	r13, CR0 and REGS_VECTOR.
 */
	.globl	hv_nap
hv_nap:
	mfhsprg0 %r4
	mflr	%r0
	std	%r0, REGS_NAP_LR(%r4)
	li	%r0, 1
	std	%r0, REGS_NAPPING(%r4)
	ptesync
	ld	%r0, REGS_NAPPING(%r4)	/* the book's sequence: the load has completed */
1:	cmpd	%r0, %r0
	bne	1b
	nap
	b	.
nap_end:
	li	%r12, 0
	std	%r12, REGS_NAPPING(%r13)
	ld	%r12, REGS_NAP_LR(%r13)
	mtlr	%r12
	mfsrr1	%r3
	blr

/*
 * start_core - number the cores, give each a stack
 * In:	r3 the machine's tree.  Calls hv_start(number, tree), which does not return.
 */
start_core:
	address	%r4, cores
1:	lwarx	%r5, 0, %r4
	addi	%r6, %r5, 1
	stwcx.	%r6, 0, %r4
	bne-	1b
	isync
	cmpwi	%r5, MAX_CPUS
	bge	.			/* more cores than refhv has room for do nothing */
	mr	%r4, %r3
	mr	%r3, %r5
	address	%r1, "hv_stacks + (1 << STACK_SHIFT) - 128"
	sldi	%r0, %r3, STACK_SHIFT
	add	%r1, %r1, %r0
	address	%r2, .TOC.
	bl	hv_start

	.data
	.balign	4
cores:		.long	0
