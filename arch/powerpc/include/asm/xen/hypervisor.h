/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What Linux's drivers for Xen ask of an architecture beside hypercalls.
 */
#ifndef _ASM_POWERPC_XEN_HYPERVISOR_H
#define _ASM_POWERPC_XEN_HYPERVISOR_H

#include <linux/init.h>
#include <linux/jump_label.h>
#include <linux/static_call.h>
#include <linux/types.h>

/* Made from the device tree: Xen/PPC has no such page. */
extern struct start_info *xen_start_info;

/* Written by Xen and by this domain; set by xen_guest_init(). */
extern struct shared_info *HYPERVISOR_shared_info;

/* Interrupts below this number belong to the architecture, not to event channels: none. */
static inline int nr_legacy_irqs(void)
{
	return 0;
}

#ifdef CONFIG_HOTPLUG_CPU
static inline void xen_arch_register_cpu(int num)
{
}

static inline void xen_arch_unregister_cpu(int num)
{
}
#endif

/*
 * Named by drivers/xen/time.c.  Stolen time is not counted: Xen/PPC refuses the
 * runstate area that it would come from.
 */
u64 xen_native_steal_clock(int cpu);
DECLARE_STATIC_CALL(pv_steal_clock, xen_native_steal_clock);
extern struct static_key paravirt_steal_enabled;
extern struct static_key paravirt_steal_rq_enabled;

#endif /* _ASM_POWERPC_XEN_HYPERVISOR_H */
