/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Event channels as Linux's drivers for Xen use them.
 */
#ifndef _ASM_POWERPC_XEN_EVENTS_H
#define _ASM_POWERPC_XEN_EVENTS_H

#include <asm/cmpxchg.h>
#include <asm/hw_irq.h>
#include <asm/ptrace.h>

/* All messages between cpus are multiplexed onto one event channel. */
enum ipi_vector {
	XEN_SMP_IPI,

	XEN_NR_IPIS,
};

static inline int xen_irqs_disabled(struct pt_regs *regs)
{
	return arch_irq_disabled_regs(regs);
}

#define xchg_xen_ulong(ptr, val)	xchg((ptr), (val))

/* Event channels move between vcpus. */
static inline bool xen_support_evtchn_rebind(void)
{
	return true;
}

#endif /* _ASM_POWERPC_XEN_EVENTS_H */
