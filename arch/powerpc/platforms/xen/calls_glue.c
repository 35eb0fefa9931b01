// SPDX-License-Identifier: GPL-2.0
/*
 * Glue of the hypercall functions: exports for Linux's drivers, one message.
 */
#include <linux/export.h>
#include <linux/printk.h>
#include <linux/ratelimit.h>

#include <asm/mmu.h>
#include <asm/xen/hypercall.h>

#include "calls_glue.h"

/* In the order of asm/xen/hypercall.h. */
EXPORT_SYMBOL_GPL(privcmd_call);
EXPORT_SYMBOL_GPL(HYPERVISOR_memory_op);
EXPORT_SYMBOL_GPL(HYPERVISOR_multicall);
EXPORT_SYMBOL_GPL(HYPERVISOR_xen_version);
EXPORT_SYMBOL_GPL(HYPERVISOR_console_io);
EXPORT_SYMBOL_GPL(HYPERVISOR_grant_table_op);
EXPORT_SYMBOL_GPL(HYPERVISOR_vm_assist);
EXPORT_SYMBOL_GPL(HYPERVISOR_vcpu_op);
EXPORT_SYMBOL_GPL(HYPERVISOR_sched_op);
EXPORT_SYMBOL_GPL(HYPERVISOR_event_channel_op);
EXPORT_SYMBOL_GPL(HYPERVISOR_physdev_op);
EXPORT_SYMBOL_GPL(HYPERVISOR_hvm_op);
EXPORT_SYMBOL_GPL(HYPERVISOR_platform_op_raw);
EXPORT_SYMBOL_GPL(HYPERVISOR_dm_op);

void xen_glue_call_refused(const char *call, const char *op, unsigned int number, long status)
{
	static DEFINE_RATELIMIT_STATE(limit, DEFAULT_RATELIMIT_INTERVAL, DEFAULT_RATELIMIT_BURST);

	if (__ratelimit(&limit))
		pr_err("xen: hypercall %s, %s (%u): refused with %ld\n", call, op, number, status);
}

unsigned long xen_glue_rma_bytes(void)
{
	return ppc64_rma_size;
}
