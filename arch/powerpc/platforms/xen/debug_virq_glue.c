// SPDX-License-Identifier: GPL-2.0
/*
 * Glue of debug_virq.cc: one channel for each cpu, the line that is printed.
 */
#include <linux/cpuhotplug.h>
#include <linux/init.h>
#include <linux/interrupt.h>
#include <linux/percpu.h>
#include <linux/printk.h>
#include <linux/ratelimit.h>
#include <linux/smp.h>

#include <xen/events.h>
#include <xen/interface/xen.h>
#include <xen/xen.h>

#include "debug_virq_glue.h"

/* A machine's worth of vcpus may answer at once; a storm says no more than that. */
#define DEBUG_VIRQ_LINES	8

static DEFINE_PER_CPU(int, debug_irq);

static irqreturn_t handle_debug_virq(int irq, void *unused)
{
	xen_debug_virq();
	return IRQ_HANDLED;
}

void xen_glue_event_state(const struct xen_event_state *s)
{
	static struct ratelimit_state limit = RATELIMIT_STATE_INIT_FLAGS("xen_debug_virq",
			DEFAULT_RATELIMIT_INTERVAL, DEBUG_VIRQ_LINES, RATELIMIT_MSG_ON_RELEASE);

	if (__ratelimit(&limit))
		pr_info("xen: cpu %d: upcall pending %d, selector %#lx, %u ports bound, %u of them pending, %u pending in all\n",
			smp_processor_id(), s->upcall_pending, s->selector, s->bound, s->pending,
			s->all_pending);
}

static int bind_debug_virq(unsigned int cpu)
{
	int irq = bind_virq_to_irqhandler(VIRQ_DEBUG, cpu, handle_debug_virq,
					  IRQF_PERCPU | IRQF_NOBALANCING, "xen-debug", NULL);

	if (irq < 0)
		pr_warn("xen: cpu %u has no debug interrupt (%d)\n", cpu, irq);
	per_cpu(debug_irq, cpu) = irq;
	return 0;
}

static int unbind_debug_virq(unsigned int cpu)
{
	if (per_cpu(debug_irq, cpu) > 0)
		unbind_from_irqhandler(per_cpu(debug_irq, cpu), NULL);
	per_cpu(debug_irq, cpu) = 0;
	return 0;
}

static int __init debug_virq_init(void)
{
	int state;

	if (!xen_domain())
		return 0;
	state = cpuhp_setup_state(CPUHP_AP_ONLINE_DYN, "powerpc/xen:debug", bind_debug_virq,
				  unbind_debug_virq);
	return state < 0 ? state : 0;
}
device_initcall(debug_virq_init);
