/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What debug_virq.cc and debug_virq_glue.c lend each other.  Compiles as C11 and C++20.
 */
#ifndef ARCH_POWERPC_XEN_DEBUG_VIRQ_GLUE_H
#define ARCH_POWERPC_XEN_DEBUG_VIRQ_GLUE_H

#include <xen/glue.h>

/* How a vcpu stands with its events; counts are of ports. */
struct xen_event_state {
	int upcall_pending;
	unsigned long selector;
	unsigned int bound;		/* handled by this vcpu and not masked */
	unsigned int pending;		/* of these: pending */
	unsigned int all_pending;	/* of all ports of the domain, masked ones too */
};

XEN_GLUE_BEGIN

/** xen_debug_virq - VIRQ_DEBUG was raised for this cpu; interrupts off */
void xen_debug_virq(void) XEN_NOEXCEPT;

/** xen_glue_event_state - print it, a few lines in five seconds at most; any context */
void xen_glue_event_state(const struct xen_event_state *state) XEN_NOEXCEPT;

XEN_GLUE_END

#endif
