/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What every return from a system call or an interrupt does first on Xen.
 */
#ifndef _ASM_POWERPC_XEN_EXIT_H
#define _ASM_POWERPC_XEN_EXIT_H

#include <asm/asm-offsets.h>
#include <asm/feature-fixups.h>
#include <asm/firmware.h>
#include <asm/hw_irq.h>

/*
 * xen_exit_check - make SRR0 and SRR1 safe to load, notice a pending event
 *
 * In: r13 = PACA, MSR[EE] and MSR[RI] set or not; at the start of a restartable exit.
 * Out: MSR[EE] and MSR[RI] clear until rfid, so that no exit to Xen can overwrite the
 * registers any more; srr_valid clear; an event that Xen could not inject is pending
 * in irq_happened, where the code that follows looks and restarts.
 * Clobbers: r11, cr0.
 *
 * A return to the kernel that has a stack store to emulate (@may_store, r3 not 0) cannot
 * restart, and is not made to: the event waits for the next exit.
 *
 * With RI clear only the kernel stack, the PACA and shared_info are touched: their
 * segments are bolted, the last because boot.cc accepts no other.
 */
.macro xen_exit_check may_store=0
#ifdef CONFIG_PPC_XEN
BEGIN_FW_FTR_SECTION
	li	r11,0
	mtmsrd	r11,1
	stb	r11,PACASRR_VALID(r13)
	.if \may_store
	cmpdi	r3,0
	bne-	.Lxen_no_event\@
	.endif
	ld	r11,PACA_XEN_UPCALL(r13)
	cmpdi	r11,0
	beq	.Lxen_no_event\@
	lbz	r11,0(r11)
	cmpwi	r11,0
	beq+	.Lxen_no_event\@
	lbz	r11,PACAIRQHAPPENED(r13)
	ori	r11,r11,(PACA_IRQ_EE | PACA_IRQ_HARD_DIS)
	stb	r11,PACAIRQHAPPENED(r13)
.Lxen_no_event\@:
END_FW_FTR_SECTION_IFSET(FW_FEATURE_XEN)
#endif
.endm

#endif
