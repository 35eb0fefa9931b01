// SPDX-License-Identifier: GPL-2.0
/*
 * Glue of boot.cc, and the platform: what Linux's early boot lends, and the table of
 * hooks that Linux calls.
 *
 * The services run in real mode on the boot cpu, once, before anything is allocated; what
 * they call is in init text, and so are they in all but name (__ref).
 */
#include <linux/init.h>
#include <linux/kernel.h>
#include <linux/libfdt.h>
#include <linux/memblock.h>
#include <linux/of_fdt.h>
#include <linux/notifier.h>
#include <linux/panic.h>
#include <linux/panic_notifier.h>
#include <linux/pm.h>
#include <linux/printk.h>

#include <asm/firmware.h>
#include <asm/machdep.h>
#include <asm/mmu.h>
#include <asm/page.h>
#include <asm/sections.h>
#include <asm/setup.h>
#include <asm/time.h>
#include <asm/udbg.h>
#include <asm/xen/early.h>

#include "boot_glue.h"
#include "platform.h"

int __ref xen_glue_fdt_node(const char *name)
{
	int node = of_get_flat_dt_subnode_by_name(of_get_flat_dt_root(), "xen");

	return node < 0 || !name ? node : of_get_flat_dt_subnode_by_name(node, name);
}

const void __ref *xen_glue_fdt_property(int node, const char *name, int *bytes)
{
	return of_get_flat_dt_prop(node, name, bytes);
}

unsigned long xen_glue_memory_end(void)
{
	return memblock_end_of_DRAM();
}

unsigned long __ref xen_glue_memory_bytes(void)
{
	return memblock_phys_mem_size();
}

int xen_glue_has_memory(unsigned long start, unsigned long bytes)
{
	return memblock_overlaps_region(&memblock.memory, start, bytes);
}

int xen_glue_is_memory(unsigned long start, unsigned long bytes)
{
	return memblock_is_region_memory(start, bytes);
}

unsigned long xen_glue_rma_end(void)
{
	return ppc64_rma_size;
}

unsigned long xen_glue_kernel_end(void)
{
	return __pa(_end);
}

void *xen_glue_linear(unsigned long address)
{
	return __va(address);
}

int xen_glue_reserve(unsigned long start, unsigned long bytes)
{
	return memblock_reserve(start, bytes);
}

static int panic_event(struct notifier_block *block, unsigned long event, void *message)
{
	xen_ppc_panic(message);
	return NOTIFY_DONE;
}

/* The last one: it does not return. */
static struct notifier_block panic_block = {
	.notifier_call	= panic_event,
	.priority	= INT_MIN,
};

void __ref xen_glue_on_xen(void)
{
	/* LPAR keeps Linux from registers that are the hypervisor's. */
	powerpc_firmware_features |= FW_FEATURE_XEN | FW_FEATURE_LPAR;
	/* Not ppc_md.panic: a panic before the platform is chosen must end as well. */
	atomic_notifier_chain_register(&panic_notifier_list, &panic_block);
	udbg_putc = xen_udbg_putc;
	register_early_udbg_console();
}

void xen_glue_boot_refused(const char *why, unsigned long value)
{
	panic("xen: %s %#lx", why, value);
}

void xen_glue_boot_odd(const char *what, unsigned long value)
{
	pr_warn("xen: %s %#lx; not used\n", what, value);
}

void xen_glue_boot_found(unsigned long shared_info, unsigned int domain, unsigned int features,
			 unsigned int reserved, int direct)
{
	pr_info("xen: domain %u on Xen/PPC, %s mode; shared_info at %#lx, features %#x, %u reserved ranges\n",
		domain, direct ? "direct" : "translated", shared_info, features, reserved);
}

static int __init xen_probe(void)
{
	if (!xen_boot_found())
		return 0;
	xen_smp_clone_cpu_nodes();
	pm_power_off = xen_ppc_power_off;
	return 1;
}

static void __init xen_setup_arch(void)
{
	xen_guest_init();
	xen_smp_init();
	xen_time_init();
}

define_machine(xen) {
	.name		= "Xen",
	.probe		= xen_probe,
	.setup_arch	= xen_setup_arch,
	.init_IRQ	= xen_ppc_init_irq,
	.get_irq	= xen_ppc_get_irq,
	.restart	= xen_ppc_restart,
	.halt		= xen_ppc_halt,
	.calibrate_decr	= generic_calibrate_decr,
	.get_boot_time	= xen_get_boot_time,
	.set_rtc_time	= xen_set_rtc_time,
	.power_save	= xen_idle,
	.set_dabr	= xen_set_dabr,
	.set_dawr	= xen_set_dawr,
	.enable_pmcs	= xen_enable_pmcs,
};
