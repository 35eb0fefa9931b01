// SPDX-License-Identifier: GPL-2.0
/*
 * Glue of vcpu.cc: cpu nodes of the device tree, smp_ops, the channels' handlers.
 */
#include <linux/cpu.h>
#include <linux/cpuhotplug.h>
#include <linux/delay.h>
#include <linux/interrupt.h>
#include <linux/kernel.h>
#include <linux/memblock.h>
#include <linux/of.h>
#include <linux/printk.h>
#include <linux/sched/hotplug.h>
#include <linux/smp.h>
#include <linux/spinlock.h>
#include <linux/string.h>

#include <asm/hw_irq.h>
#include <asm/ppc_asm.h>
#include <asm/code-patching.h>
#include <asm/smp.h>

#include <xen/events.h>

#include "platform.h"
#include "vcpu_glue.h"

/* ---- the tree, at boot ---- */

/* A copy of a node, in one piece of memory that is never given back. */
struct cpu_clone {
	struct device_node node;
	char name[32];
	__be32 number;
	struct property property[];
};

static struct device_node *cpu_node(unsigned int index)
{
	struct device_node *node;

	for_each_of_cpu_node(node)
		if (!index--)
			break;
	return node;
}

int xen_glue_cpu_number(unsigned int index, unsigned int *number)
{
	struct device_node *node = cpu_node(index);
	int error = node ? 0 : -ENOENT;

	/* Linux takes cpus without a number in the order of their nodes. */
	if (node && of_property_read_u32(node, "reg", number))
		*number = index;
	of_node_put(node);
	return error;
}

/* Those that say who a node is; the phandle stays the first one's. */
static bool is_phandle(const struct property *from)
{
	return !strcmp(from->name, "phandle") || !strcmp(from->name, "linux,phandle") ||
	       !strcmp(from->name, "ibm,phandle");
}

static bool is_number(const struct property *from)
{
	return !strcmp(from->name, "reg") || !strcmp(from->name, "ibm,ppc-interrupt-server#s");
}

static void clone_properties(struct cpu_clone *to, const struct device_node *from)
{
	struct property **end = &to->node.properties, *copy = to->property;
	const struct property *p;

	for (p = from->properties; p; p = p->next) {
		if (is_phandle(p))
			continue;
		*copy = (struct property){ .name = p->name, .value = p->value, .length = p->length };
		if (is_number(p)) {
			copy->value = &to->number;
			copy->length = sizeof(to->number);
		}
		*end = copy;
		end = &copy->next;
		copy++;
	}
}

/* Behind the last one: the boot cpu has to stay the first. */
static void attach_cpu(struct device_node *node)
{
	struct device_node *last = NULL, *next;
	unsigned long flags;

	for_each_of_cpu_node(next)
		last = next;
	raw_spin_lock_irqsave(&devtree_lock, flags);
	node->parent = last->parent;
	node->sibling = last->sibling;
	last->sibling = node;
	raw_spin_unlock_irqrestore(&devtree_lock, flags);
}

int __ref xen_glue_clone_cpu(unsigned int number)
{
	struct device_node *first = cpu_node(0);
	const struct property *p;
	struct cpu_clone *clone;
	size_t count = 0;

	for (p = first->properties; p; p = p->next)
		count++;
	clone = memblock_alloc(struct_size(clone, property, count), SMP_CACHE_BYTES);
	if (!clone) {
		of_node_put(first);
		return -ENOMEM;
	}
	snprintf(clone->name, sizeof(clone->name), "%.*s@%x",
		 (int)(strchrnul(first->full_name, '@') - first->full_name), first->full_name,
		 number);
	clone->number = cpu_to_be32(number);
	clone->node.name = first->name;
	clone->node.full_name = clone->name;
	of_node_init(&clone->node);
	clone_properties(clone, first);
	attach_cpu(&clone->node);
	of_node_put(first);
	return 0;
}

unsigned int xen_glue_max_cpus(void)
{
	return nr_cpu_ids;
}

void xen_glue_cpus_odd(const char *what, unsigned int number)
{
	pr_warn("xen: %s %u\n", what, number);
}

/* ---- starting and stopping ---- */

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

#ifdef CONFIG_HOTPLUG_CPU
void xen_glue_cpu_dead(int cpu)
{
	hard_irq_disable();
	idle_task_exit();
	generic_set_cpu_dead(cpu);
	smp_wmb();
}

int xen_glue_cpu_wanted(int cpu)
{
	return generic_check_cpu_restart(cpu);
}
#endif

void xen_glue_pause(void)
{
	mdelay(1);
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

void xen_glue_send_ipi(int irq)
{
	notify_remote_via_irq(irq);
}

void xen_glue_ipi_refused(unsigned int cpu, int error)
{
	pr_err("xen: no event channel for messages to cpu %u (%d)\n", cpu, error);
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
#ifdef CONFIG_HOTPLUG_CPU
	.cpu_disable	= generic_cpu_disable,
	.cpu_die	= generic_cpu_die,
	.cpu_offline_self = xen_smp_offline_self,
#endif
};

void __init xen_smp_init(void)
{
	smp_ops = &xen_smp_ops;
}
