/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What Linux's lazy interrupt masking does differently on Xen.
 *
 * Xen injects an external interrupt when it returns to a guest that has MSR[EE] set
 * and an event pending.  An event that comes while MSR[EE] is clear only sets a byte
 * in shared_info, and setting MSR[EE] does not trap.
 */
#ifndef _ASM_POWERPC_XEN_UPCALL_H
#define _ASM_POWERPC_XEN_UPCALL_H

#include <linux/compiler.h>

#include <asm/firmware.h>
#include <asm/paca.h>

#ifdef CONFIG_PPC_XEN

/* Enters Xen for nothing, so that it injects what is pending.  MSR[EE] is set. */
void xen_enter_for_upcall(void);

/* To be called after MSR[EE] was set: takes an event that came before. */
static __always_inline void xen_take_upcall(void)
{
	if (firmware_has_feature(FW_FEATURE_XEN) && local_paca->xen_upcall_pending &&
	    unlikely(READ_ONCE(*local_paca->xen_upcall_pending)))
		xen_enter_for_upcall();
}

/* SRR0 and SRR1 may be gone at any time: do not trust them, and do not compare them. */
static __always_inline bool xen_srrs_lost(void)
{
	if (!firmware_has_feature(FW_FEATURE_XEN))
		return false;
	local_paca->srr_valid = 0;
	return true;
}

#else

static __always_inline void xen_take_upcall(void) {}
static __always_inline bool xen_srrs_lost(void) { return false; }

#endif
#endif
