// SPDX-License-Identifier: GPL-2.0
/*
 * Glue of window_map.cc and window_tail.cc: memory, a lock, pages, and what Linux decided
 * about its linear map.
 */
#include <linux/init.h>
#include <linux/memblock.h>
#include <linux/mm.h>
#include <linux/printk.h>
#include <linux/spinlock.h>

#include <asm/mmu.h>
#include <asm/page.h>

#include <xen/xen.h>

#include "window_glue.h"

static DEFINE_RAW_SPINLOCK(window_lock);

/* From setup_arch only: what it calls is in init text. */
void __ref *xen_glue_window_memory(unsigned long bytes)
{
	return memblock_alloc(bytes, PAGE_SIZE);
}

unsigned long xen_glue_window_lock(void) __acquires(&window_lock)
{
	unsigned long flags;

	raw_spin_lock_irqsave(&window_lock, flags);
	return flags;
}

void xen_glue_window_unlock(unsigned long flags) __releases(&window_lock)
{
	raw_spin_unlock_irqrestore(&window_lock, flags);
}

int xen_glue_linear_small(void)
{
	return mmu_linear_psize == MMU_PAGE_4K;
}

int xen_glue_kernel_segment(void)
{
	return mmu_kernel_ssize;
}

unsigned long xen_glue_window_take(void)
{
	struct page *page;

	return xen_alloc_unpopulated_pages(1, &page) ? 0 : page_to_pfn(page);
}

void xen_glue_window_give(unsigned long frame)
{
	struct page *page = pfn_to_page(frame);

	xen_free_unpopulated_pages(1, &page);
}

#ifdef CONFIG_XEN_UNPOPULATED_ALLOC
static int __init keep_tail(void)
{
	if (xen_domain())
		xen_window_keep_tail();
	return 0;
}
/* After the allocator's own start, before any driver. */
subsys_initcall(keep_tail);
#endif

void xen_glue_window_message(const char *what, unsigned long frame, long code)
{
	pr_err_ratelimited("xen: %s %#lx: %ld\n", what, frame, code);
}

void xen_glue_window_found(unsigned long first, unsigned long pages, int linear_small)
{
	pr_info("xen: window for frames of other domains at %#lx, %lu pages, %s kernel addresses\n",
		first, pages, linear_small ? "with" : "without");
}
