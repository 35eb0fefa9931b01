/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The first instructions of a probe, its exception vectors, and what C++ cannot say.
 *
 * SPRG3 points to the vcpu's struct Cpu, SPRG0 is scratch of the vectors.  All code runs
 * at its link address in both real mode and translated mode.
 */
#include "probe/offsets.hh"

#define TRAP_FRAME_BYTES 320

.macro save_gprs base, area, first, last
	.set	n, \first
	.rept	\last - \first + 1
	std	n, \area + 8 * n(\base)
	.set	n, n + 1
	.endr
.endm

.macro load_gprs base, area, first, last
	.set	n, \first
	.rept	\last - \first + 1
	ld	n, \area + 8 * n(\base)
	.set	n, n + 1
	.endr
.endm

/* Non-volatile registers, LR, CR and the TOC pointer to a new stack frame, and back. */
.macro push
	mflr	0
	std	0, 16(1)
	mfcr	0
	std	0, 8(1)
	stdu	1, -TRAP_FRAME_BYTES(1)
	std	2, 24(1)
	save_gprs 1, 64, 14, 31
.endm

.macro pop
	load_gprs 1, 64, 14, 31
	ld	2, 24(1)
	addi	1, 1, TRAP_FRAME_BYTES
	ld	0, 8(1)
	mtcr	0
	ld	0, 16(1)
	mtlr	0
.endm

/* ---- Vectors: one stub for every 32 bytes from 0x100 to 0xfe0 ---- */

	.section .vectors, "ax"
	.set	at, 0x100
	.org	at
	.rept	(0x1000 - 0x100) / 0x20
	.org	at
	mtsprg	0, 1
	mfsprg	1, 3
	std	3, 24(1)
	li	3, at
	std	3, FRAME_VECTOR(1)
	b	vector_common
	.set	at, at + 0x20
	.endr

	.org	0x1000
/* in: r1 = struct Cpu, old r1 in SPRG0, r3 and the vector saved */
vector_common:
	std	0, 0(1)
	std	2, 16(1)
	save_gprs 1, 0, 4, 31
	mfsprg	3, 0
	std	3, 8(1)
	mflr	3
	std	3, FRAME_LR(1)
	mfctr	3
	std	3, FRAME_CTR(1)
	mfxer	3
	std	3, FRAME_XER(1)
	mfcr	3
	std	3, FRAME_CR(1)
	mfsrr0	3
	std	3, FRAME_PC(1)
	mfsrr1	3
	std	3, FRAME_MSR(1)
	mfdar	3
	std	3, FRAME_DAR(1)
	mfdsisr	3
	std	3, FRAME_DSISR(1)
	mfmsr	3
	std	3, FRAME_HANDLER_MSR(1)
	mr	3, 1
	ld	1, CPU_TRAP_STACK(1)
	lis	2, .TOC.@ha
	addi	2, 2, .TOC.@l
	bl	probe_trap
	nop
	mfsprg	1, 3
	ld	3, FRAME_LR(1)
	mtlr	3
	ld	3, FRAME_CTR(1)
	mtctr	3
	ld	3, FRAME_XER(1)
	mtxer	3
	ld	3, FRAME_CR(1)
	mtcr	3
	ld	3, FRAME_PC(1)
	mtsrr0	3
	ld	3, FRAME_MSR(1)
	mtsrr1	3
	ld	0, 0(1)
	load_gprs 1, 0, 2, 31
	ld	1, 8(1)
	rfid

/* ---- Start ---- */

.macro save_entry area
	save_gprs 0, \area, 0, 31
	mfmsr	0
	std	0, \area + ENTRY_MSR(0)
	mflr	0
	std	0, \area + ENTRY_LR(0)
	mfctr	0
	std	0, \area + ENTRY_CTR(0)
	mfxer	0
	std	0, \area + ENTRY_XER(0)
	mfcr	0
	std	0, \area + ENTRY_CR(0)
	.set	n, 0
	.rept	4
	mfsprg	0, n
	std	0, \area + ENTRY_SPRG + 8 * n(0)
	.set	n, n + 1
	.endr
	mfdar	0
	std	0, \area + ENTRY_DAR(0)
	mfdec	0
	std	0, \area + ENTRY_DEC(0)
	bcl	20, 31, 1f
1:	mflr	4
	addi	4, 4, -(1b - 0b)
	std	4, \area + ENTRY_PC(0)
	/* 64-bit mode; RI before EE can ever be on. */
	li	0, 1
	sldi	0, 0, 63
	mfmsr	4
	or	4, 4, 0
	ori	4, 4, 2
	mtmsrd	4
	isync
	mfdec	0
	std	0, \area + ENTRY_DEC + 8(0)
	lis	2, .TOC.@ha
	addi	2, 2, .TOC.@l
.endm

	.section .text.head, "ax"
	.globl	_start
_start:
0:	save_entry ENTRY_AREA
	lis	3, probe_cpus@ha
	addi	3, 3, probe_cpus@l
	lis	4, first_stack_end@ha
	addi	4, 4, first_stack_end@l
	std	4, CPU_TRAP_STACK(3)
	mtsprg	3, 3
	addi	1, 4, -8192
	li	0, 0
	std	0, 0(1)
	std	0, 0(4)
	bl	probe_start
	nop
	b	.

/* A further vcpu, with r3 = its number. */
	.globl	probe_secondary_start
probe_secondary_start:
0:	save_entry SECONDARY_AREA
	ld	5, SECONDARY_AREA + 24(0)
	lis	3, probe_cpus@ha
	addi	3, 3, probe_cpus@l
	mulli	4, 5, CPU_BYTES
	add	3, 3, 4
	mtsprg	3, 3
	ld	1, CPU_STACK(3)
	mr	3, 5
	bl	probe_secondary
	nop
	b	.

/* ---- Hypercalls ---- */

/* void probe_sc1(Regs *r3): r3 .. r11 from there and back; clobbers what C may */
	.text
	.globl	probe_sc1
probe_sc1:
	std	3, -8(1)
	load_gprs 3, -24, 4, 11
	ld	3, 0(3)
	sc	1
	ld	12, -8(1)
	save_gprs 12, -24, 3, 11
	blr

/*
 * void probe_sc1_all(u64 *r3): all registers but r1 from there, sc 1, and all back.
 * EE must be off: there is no stack in between.
 */
	.globl	probe_sc1_all
probe_sc1_all:
	push
	mtsprg	1, 1
	mr	1, 3
	ld	0, ALL_LR(1)
	mtlr	0
	ld	0, ALL_CTR(1)
	mtctr	0
	ld	0, ALL_XER(1)
	mtxer	0
	ld	0, ALL_CR(1)
	mtcr	0
	ld	0, 0(1)
	load_gprs 1, 0, 2, 31
	sc	1
	std	0, 0(1)
	save_gprs 1, 0, 2, 31
	mflr	0
	std	0, ALL_LR(1)
	mfctr	0
	std	0, ALL_CTR(1)
	mfxer	0
	std	0, ALL_XER(1)
	mfcr	0
	std	0, ALL_CR(1)
	mfsprg	1, 1
	pop
	blr

/*
 * u64 probe_sc1_reservation(u64 *r3, u64 r4): take a reservation on *r3, make the call
 * of number r4, store conditionally; 1 if the reservation was still there
 */
	.globl	probe_sc1_reservation
probe_sc1_reservation:
	mr	12, 3
	ldarx	11, 0, 12
	mr	3, 4
	li	4, 0
	li	5, 0
	sc	1
	stdcx.	11, 0, 12
	li	3, 0
	bnelr
	li	3, 1
	blr

/* void probe_sc1_srr(u64 *r3, u64 r4): set SRR0/1, make call r4, SRR0/1 to r3[0], r3[1]; EE off */
	.globl	probe_sc1_srr
probe_sc1_srr:
	mr	12, 3
	lis	11, 0x1234
	mtsrr0	11
	mtsrr1	11
	mr	3, 4
	li	4, 0
	li	5, 0
	sc	1
	mfsrr0	3
	std	3, 0(12)
	mfsrr1	3
	std	3, 8(12)
	blr

/*
 * u64 probe_watch_srr(u64 *r3, u64 r4): set SRR0/1 and read them for r4 timebase ticks;
 * ends early when they change: then r3[0], r3[1] have the new values and 1 is returned
 */
	.globl	probe_watch_srr
probe_watch_srr:
	mftb	5
	add	4, 4, 5
	lis	11, 0x1234
	mtsrr0	11
	mtsrr1	11
1:	mfsrr0	6
	mfsrr1	7
	cmpd	6, 11
	bne	2f
	cmpd	7, 11
	bne	2f
	mftb	5
	cmpld	5, 4
	blt	1b
	li	3, 0
	blr
2:	std	6, 0(3)
	std	7, 8(3)
	li	3, 1
	blr

/* ---- Firmware ---- */

/* s64 probe_of(void *block, u64 entry): the OF client interface keeps to itself what it likes */
	.globl	probe_of
probe_of:
	push
	mtctr	4
	bctrl
	pop
	blr

/* ---- Problem state ---- */

/* void probe_user(f, argument, msr, stack): see mmu::problem_state; ends in probe_user_resume */
	.globl	probe_user
probe_user:
	push
	mfsprg	7, 3
	std	1, CPU_USER_R1(7)
	mfmsr	8
	std	8, CPU_USER_MSR(7)
	mtctr	3
	mr	12, 3
	mr	3, 4
	mr	1, 6
	lis	8, 1f@ha
	addi	8, 8, 1f@l
	/* EE stays off between here and rfid: SRR0 and SRR1 are live. */
	mtsrr0	8
	mtsrr1	5
	rfid
1:	bctrl
	sc
	.globl	probe_user_done
probe_user_done:
	b	.
	.globl	probe_user_resume
probe_user_resume:
	pop
	blr

/* ---- Memory that has no C++ owner ---- */

	.section .low, "aw"
	.org	ENTRY_AREA - 0x2000
	.globl	probe_entry
probe_entry:
	.org	SECONDARY_AREA - 0x2000
	.globl	probe_secondary_entry
probe_secondary_entry:
	.org	0x800

	.bss
	.balign	4096
	.space	3 * 8192 - 64
first_stack_end:
	.space	64
