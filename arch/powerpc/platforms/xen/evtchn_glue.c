// SPDX-License-Identifier: GPL-2.0
/*
 * Glue of evtchn.cc and irq.cc: Linux's table of event operations, the irq, per-cpu
 * memory, the counters in /sys/kernel/debug/xen/cxx/events ("name value" a line).
 *
 * struct evtchn_ops and the function that takes an event are declared in a header that
 * drivers/xen/events keeps for itself; the Makefile adds its folder for this file.
 */
#include <linux/debugfs.h>
#include <linux/init.h>
#include <linux/interrupt.h>
#include <linux/irq.h>
#include <linux/percpu.h>
#include <linux/printk.h>
#include <linux/seq_file.h>
#include <linux/smp.h>
#include <linux/topology.h>

#include <xen/xen.h>
#include <xen/xen-ops.h>
#include <xen/events.h>
#include <xen/interface/event_channel.h>

#include <asm/irq_regs.h>
#include <asm/ptrace.h>

#include "events_internal.h"

#include "evtchn_glue.h"
#include "hypercall_counters_glue.h"

/* evtchn.hh has the declaration that matters. */
DECLARE_PER_CPU(struct xen_events_storage, xen_events_cpu);
DEFINE_PER_CPU(struct xen_events_storage, xen_events_cpu);

static const struct evtchn_ops xen_port_ops = {
	.max_channels	= xen_port_max,
	.nr_channels	= xen_port_max,
	.remove		= xen_port_remove,
	.bind_to_cpu	= xen_port_bind_to_cpu,
	.clear_pending	= xen_port_clear_pending,
	.set_pending	= xen_port_set_pending,
	.is_pending	= xen_port_is_pending,
	.mask		= xen_port_mask,
	.unmask		= xen_port_unmask,
	.handle_events	= xen_port_handle,
	.resume		= xen_port_resume,
	.percpu_deinit	= xen_port_percpu_deinit,
};

static void event_irq_handler(struct irq_desc *desc)
{
	xen_upcall();
}

int __ref xen_glue_init_irq(void)
{
	int irq;

	/* Xen/PPC knows the two-level ABI only; the next line then asks for no other. */
	xen_fifo_events = false;
	xen_init_IRQ();
	/* Nothing has been bound: the operations that Linux chose know of no port. */
	evtchn_ops = &xen_port_ops;

	irq = irq_alloc_desc(numa_node_id());
	if (irq < 0)
		return irq;
	irq_set_status_flags(irq, IRQ_PER_CPU);
	irq_set_chip(irq, &dummy_irq_chip);
	irq_set_chained_handler(irq, event_irq_handler);
	return irq;
}

struct xen_events_storage *xen_glue_events(unsigned int cpu)
{
	return &per_cpu(xen_events_cpu, cpu);
}

int xen_glue_events_next_cpu(int cpu)
{
	cpu = cpumask_next(cpu, cpu_possible_mask);

	return cpu < nr_cpu_ids ? cpu : -1;
}

unsigned int xen_glue_this_cpu(void)
{
	return smp_processor_id();
}

static void rescan(void *unused)
{
	xen_port_rescan();
}

static DEFINE_PER_CPU(call_single_data_t, rescan_request) = CSD_INIT(rescan, NULL);

void xen_glue_rescan_on(unsigned int cpu)
{
	int err = smp_call_function_single_async(cpu, &per_cpu(rescan_request, cpu));

	/* Busy: the cpu has yet to begin, and will see what this caller has changed. */
	if (err && err != -EBUSY)
		pr_warn_ratelimited("xen: cpu %u cannot be told of an event: %d\n", cpu, err);
}

unsigned int xen_glue_port_cpu(unsigned int port)
{
	return cpu_from_evtchn(port);
}

void xen_glue_port_event(unsigned int port, struct evtchn_loop_ctrl *ctrl)
{
	handle_irq_for_port(port, ctrl);
}

unsigned long xen_glue_irq_msr(void)
{
	struct pt_regs *regs = get_irq_regs();

	return regs ? regs->msr : 0;
}

void xen_glue_unmask_refused(unsigned int port, long error)
{
	pr_warn_ratelimited("xen: event_channel_op unmask of port %u: %ld; unmasked without it\n",
			    port, error);
}

void xen_glue_port_absent(const char *what, unsigned int port)
{
	pr_warn_ratelimited("xen: port %u, which does not exist, was %s\n", port, what);
}

void xen_glue_ri_lost(unsigned long msr)
{
	pr_err_once("xen: an event came with MSR %#lx: EE without RI, which stops Xen\n", msr);
}

void xen_glue_no_event_irq(int error)
{
	pr_emerg("xen: no irq for events (%d): there will be no interrupts\n", error);
}

void xen_glue_events_show(struct xen_events_sink *sink, const char *name, int cpu,
			  unsigned long value)
{
	struct seq_file *m = (struct seq_file *)sink;

	if (cpu < 0)
		seq_printf(m, "%s %lu\n", name, value);
	else
		seq_printf(m, "%s%d %lu\n", name, cpu, value);
}

static int events_show(struct seq_file *m, void *unused)
{
	xen_events_show((struct xen_events_sink *)m);
	return 0;
}
DEFINE_SHOW_ATTRIBUTE(events);

static int __init events_debugfs(void)
{
	if (xen_domain())
		debugfs_create_file("events", 0444, xen_ppc_debugfs(), NULL, &events_fops);
	return 0;
}
late_initcall(events_debugfs);
