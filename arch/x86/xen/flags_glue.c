// SPDX-License-Identifier: GPL-2.0
/*
 * Glue of flags.cc: the table of hooks, the per-cpu counter, one message.
 *
 * The table holds until xen_setup_vcpu_info_placement() puts the direct hooks
 * in: before that events are off, and everybody who asks is told so.
 */
#include <linux/export.h>
#include <linux/init.h>
#include <linux/irqflags.h>
#include <linux/percpu.h>
#include <linux/printk.h>

#include <asm/paravirt.h>
#include <asm/x86_init.h>
#include <asm/xen/hypervisor.h>

#include <xen/events.h>

#include "xen-ops.h"
#include "glue.h"

DEFINE_PER_CPU(unsigned long, xen_forced_callbacks);

#if IS_MODULE(CONFIG_XEN_PV_CXX_KUNIT_TEST)
EXPORT_PER_CPU_SYMBOL_GPL(xen_forced_callbacks);
EXPORT_PER_CPU_SYMBOL_GPL(xen_vcpu);
#endif

static const struct pv_irq_ops early_irq_ops __initconst = {
	.halt		= xen_halt,
	.safe_halt	= xen_safe_halt,
	.irq_enable	= __PV_IS_CALLEE_SAVE(paravirt_BUG),
	.irq_disable	= __PV_IS_CALLEE_SAVE(paravirt_nop),
	.save_fl	= __PV_IS_CALLEE_SAVE(paravirt_ret0),
};

void __init xen_init_irq_ops(void)
{
	pv_ops.irq = early_irq_ops;
	/*
	 * Events are off until Xen is told of the vcpu_info: say so where xen_vcpu
	 * points until the shared page is mapped, and where flags.hh looks.
	 */
	xen_dummy_shared_info.vcpu_info[0].evtchn_upcall_mask = 1;
	this_cpu_write(xen_vcpu_info.evtchn_upcall_mask, 1);
	x86_init.irqs.intr_init = xen_init_IRQ;
}

void xen_glue_halt_refused(long error)
{
	pr_err_once("xen: the hypervisor refused to halt this vcpu (%ld); it spins\n", error);
}

void xen_glue_trace_events_off(void)
{
	trace_hardirqs_off();
}

void xen_glue_trace_events_on(void)
{
	trace_hardirqs_on();
}

unsigned long xen_glue_forced_callbacks(int cpu)
{
	return per_cpu(xen_forced_callbacks, cpu);
}
