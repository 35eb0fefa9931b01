// SPDX-License-Identifier: GPL-2.0
/*
 * Glue of grant.cc: Linux's idea of an auto-translated domain's grant table.
 */
#include <linux/errno.h>
#include <linux/init.h>
#include <linux/io.h>
#include <linux/pfn.h>
#include <linux/printk.h>

#include <xen/grant_table.h>
#include <xen/xen.h>

#include "grant_glue.h"

int xen_glue_grant_map(unsigned long first, unsigned int frames)
{
	xen_auto_xlat_grant_frames.vaddr =
		memremap(PFN_PHYS(first), frames << XEN_PAGE_SHIFT, MEMREMAP_WB);
	return xen_auto_xlat_grant_frames.vaddr ? 0 : -ENOMEM;
}

void xen_glue_grant_publish(const unsigned long long *frame, unsigned int frames)
{
	xen_auto_xlat_grant_frames.pfn = (xen_pfn_t *)frame;
	xen_auto_xlat_grant_frames.count = frames;
}

void xen_glue_grant_message(const char *what, long value)
{
	pr_info("xen: %s %ld\n", what, value);
}

int arch_gnttab_init(unsigned long nr_shared, unsigned long nr_status)
{
	return xen_grant_frames() ? 0 : -ENODEV;
}

/* Auto-translated domains never come here. */
int arch_gnttab_map_shared(xen_pfn_t *frames, unsigned long nr_gframes,
			   unsigned long max_nr_gframes, void **__shared)
{
	return -ENOSYS;
}

int arch_gnttab_map_status(uint64_t *frames, unsigned long nr_gframes,
			   unsigned long max_nr_gframes, grant_status_t **__shared)
{
	return -ENOSYS;
}

void arch_gnttab_unmap(void *shared, unsigned long nr_gframes)
{
}

/* Linux leaves it to the platform: its own call is for PV domains. */
static int __init grant_init(void)
{
	if (!xen_domain())
		return 0;
	xen_grant_init();
	return gnttab_init();
}
core_initcall(grant_init);
