// SPDX-License-Identifier: GPL-2.0
/*
 * Glue of vcpu.cc: smp_ops, the channels' handlers.
 */
#include <linux/cpu.h>
#include <linux/cpuhotplug.h>
#include <linux/interrupt.h>
#include <linux/printk.h>
#include <linux/smp.h>

#include <asm/code-patching.h>
#include <asm/smp.h>

#include <xen/events.h>

#include "platform.h"
#include "vcpu_glue.h"

/* ---- starting ---- */

unsigned int xen_glue_cpu_hwid(int cpu)
{
	return get_hard_smp_processor_id(cpu);
}

unsigned long xen_glue_secondary_entry(void)
{
	return ppc_function_entry(generic_secondary_smp_init);
}

int xen_glue_release_cpu(int cpu)
{
	return smp_generic_kick_cpu(cpu);
}

void xen_glue_vcpu_refused(const char *operation, int cpu, long status)
{
	pr_err("xen: vcpu_op %s of vcpu %d refused (%ld)\n", operation, cpu, status);
}

/* ---- messages between cpus ---- */

static irqreturn_t handle_ipi(int irq, void *unused)
{
	return smp_ipi_demux();
}

int xen_glue_bind_ipi(unsigned int cpu)
{
	return bind_ipi_to_irqhandler(XEN_SMP_IPI, cpu, handle_ipi, IRQF_PERCPU | IRQF_NO_THREAD,
				      "xen-ipi", NULL);
}

void xen_glue_unbind_ipi(int irq)
{
	unbind_from_irqhandler(irq, NULL);
}

int xen_glue_port_irq(unsigned int port)
{
	return irq_from_evtchn(port);
}

void xen_glue_ipi_refused(unsigned int cpu, int error)
{
	pr_err("xen: no event channel for messages to cpu %u (%d)\n", cpu, error);
}

/* Both deferred: who sends a message may hold the locks that a console's wake-up takes. */
void xen_glue_ipi_repeated(int cpu, long status, int times)
{
	printk_deferred_once(
		KERN_WARNING "xen: event_channel_op, send (4), to cpu %d: refused with %ld, %d times, then taken\n",
		cpu, status, times);
}

void xen_glue_ipi_lost(int cpu, long status, int times)
{
	printk_deferred(
		KERN_EMERG "xen: event_channel_op, send (4), to cpu %d: refused with %ld, all of %d times; it would be waited for without end: stopping\n",
		cpu, status, times);
}

/*
 * Channels are not made in smp_ops.prepare_cpu: Linux has locked the descriptors of
 * interrupts there.
 */
static void __init smp_probe(void)
{
	int error = cpuhp_setup_state_nocalls(CPUHP_XEN_PREPARE, "powerpc/xen:prepare",
					      xen_smp_prepare_cpu, xen_smp_cpu_dead);

	if (error)
		pr_err("xen: no other cpu can start (%d)\n", error);
	else
		xen_smp_prepare_cpu(smp_processor_id());
}

static struct smp_ops_t xen_smp_ops __refdata = {
	.cause_ipi	= xen_smp_cause_ipi,
	.probe		= smp_probe,
	.kick_cpu	= xen_smp_kick_cpu,
	.cpu_bootable	= smp_generic_cpu_bootable,
};

void __init xen_smp_init(void)
{
	smp_ops = &xen_smp_ops;
}
