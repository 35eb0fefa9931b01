// SPDX-License-Identifier: GPL-2.0
/*
 * Glue of the hashed page table: the table of Linux's hooks, and what opens Linux's
 * structures for pagetable*.cc.
 */
#include <linux/init.h>
#include <linux/kernel.h>
#include <linux/panic.h>
#include <linux/percpu.h>
#include <linux/printk.h>

#include <asm/cputable.h>
#include <asm/hw_irq.h>
#include <asm/mmu.h>
#include <asm/page.h>
#include <asm/tlbflush.h>
#include <asm/udbg.h>
#include <asm/xen/early.h>

#include "pagetable_glue.h"

/*
 * hugepage_invalidate stays NULL: transparent huge pages need pages of 64 KB, which Xen/PPC
 * does not know.  resize_hpt stays NULL: a table has the size its domain was built with.
 */
static const struct mmu_hash_ops xen_hash_ops __initconst = {
	.hpte_insert		= xen_hpte_insert_translated,
	.hpte_remove		= xen_hpte_remove,
	.hpte_updatepp		= xen_hpte_updatepp,
	.hpte_updateboltedpp	= xen_hpte_updateboltedpp,
	.hpte_removebolted	= xen_hpte_removebolted,
	.hpte_invalidate	= xen_hpte_invalidate,
	.flush_hash_range	= xen_hpte_flush_range,
	.hpte_clear_all		= xen_hpte_clear_all,
};

void __init xen_hpte_init(void)
{
	mmu_hash_ops = xen_hash_ops;
	if (xen_hpte_start())
		mmu_hash_ops.hpte_insert = xen_hpte_insert_direct;
}

early_param("xen_linear", xen_linear_option);

unsigned long xen_glue_hpt_shift(void)
{
	return ppc64_pft_size;
}

unsigned long xen_glue_kernel_vpn(unsigned long ea, int ssize)
{
	return hpt_vpn(ea, get_kernel_vsid(ea, ssize), ssize);
}

const void *xen_glue_flush_batch(void)
{
	return this_cpu_ptr(&ppc64_tlb_batch);
}

void xen_glue_irqs_enable(void)
{
	arch_local_irq_restore(IRQS_ENABLED);
}

void xen_glue_no_kernel_ro(void)
{
	cur_cpu_spec->mmu_features &= ~MMU_FTR_KERNEL_RO;
}

void xen_glue_no_page_size(int psize)
{
	mmu_psize_defs[psize].shift = 0;
}

void xen_glue_no_large_pages(void)
{
	cur_cpu_spec->mmu_features &= ~MMU_FTR_16M_PAGE;
}

void xen_glue_hpt_failed(const char *call, unsigned long slot, long code)
{
	pr_err_ratelimited("xen: %s of slot %#lx failed: %ld\n", call, slot, code);
}

void xen_glue_hpt_odd(const char *what, unsigned long value)
{
	pr_err_ratelimited("xen: page table: %s %#lx\n", what, value);
}

void xen_glue_hpt_stale(const char *call, unsigned long slot, long code)
{
	panic("xen: %s of slot %#lx failed: %ld; its translation cannot be removed",
	      call, slot, code);
}

void xen_glue_hpt_not_cleared(unsigned long entries, long code)
{
	udbg_printf("xen: H_REMOVE of %lu entries failed: %ld\n", entries, code);
}

void xen_glue_hpt_found(int large_linear, int kernel_ro, int locks, int bulk)
{
	pr_info("xen: linear map in pages of %s, PP0 %s, groups %s, %s\n",
		large_linear ? "16 MB" : "4 KB",
		kernel_ro ? "kept" : "not used",
		locks ? "locked by us" : "locked by Xen",
		bulk ? "bulk removal" : "single removal");
}
