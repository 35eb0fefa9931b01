// SPDX-License-Identifier: GPL-2.0
/*
 * Glue of xencomm.cc: the kernel's page tables and interrupts.
 */
#include <linux/io.h>
#include <linux/irqflags.h>
#include <linux/mm.h>
#include <linux/vmalloc.h>

#include "xencomm_glue.h"

unsigned long xen_glue_mapped_address(const void *at)
{
	struct page *page = is_vmalloc_or_module_addr(at) ? vmalloc_to_page(at) : NULL;

	return page ? page_to_phys(page) + offset_in_page(at) : ~0UL;
}

unsigned long xen_glue_irqs_off(void)
{
	unsigned long flags;

	local_irq_save(flags);
	return flags;
}

void xen_glue_irqs_restore(unsigned long flags)
{
	local_irq_restore(flags);
}
