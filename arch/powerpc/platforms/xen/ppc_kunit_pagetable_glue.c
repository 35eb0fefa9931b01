// SPDX-License-Identifier: GPL-2.0
/*
 * KUnit cases of the page table in a live domain: what its entries keep out, and that no
 * cpu loses one of another's.
 */
#include <kunit/test.h>
#include <linux/cpumask.h>
#include <linux/delay.h>
#include <linux/gfp.h>
#include <linux/mm.h>
#include <linux/slab.h>
#include <linux/timekeeping.h>
#include <linux/vmalloc.h>
#include <linux/workqueue.h>

#include <asm/code-patching.h>
#include <asm/mmu.h>

#include "ppc_cases_glue.h"
#include "ppc_kunit.h"
#include "ppc_kunit_glue.h"

/* Read-only by PP0 and 2 where the processor has it and Xen keeps it, else by 3. */
void read_only_pages_cannot_be_written(struct kunit *test)
{
	struct page *page = alloc_page(GFP_KERNEL | __GFP_ZERO);
	u8 *mapped;

	if (mmu_has_feature(MMU_FTR_KERNEL_RO))
		KUNIT_EXPECT_TRUE(test, xen_ppc_case_pp0());
	KUNIT_ASSERT_NOT_NULL(test, page);
	mapped = vmap(&page, 1, VM_MAP, PAGE_KERNEL_RO);
	if (mapped) {
		KUNIT_EXPECT_EQ(test, (int)READ_ONCE(*mapped), 0);
		KUNIT_EXPECT_EQ(test, xen_case_write(mapped, 0x5a), -EFAULT);
		KUNIT_EXPECT_EQ(test, (int)*(u8 *)page_address(page), 0);
		vunmap(mapped);
	}
	mapped = vmap(&page, 1, VM_MAP, PAGE_KERNEL);
	if (mapped) {
		KUNIT_EXPECT_EQ(test, xen_case_write(mapped, 0x5a), 0);
		KUNIT_EXPECT_EQ(test, (int)*(u8 *)page_address(page), 0x5a);
		vunmap(mapped);
	}
	KUNIT_EXPECT_NOT_NULL(test, mapped);
	__free_page(page);
}

/* PP 0 and, with PP0, 2 and 3 shut users out; anything else lets them in. */
void users_have_no_access_to_the_kernel(struct kunit *test)
{
	const unsigned long kernel[] = {
		ppc_function_entry(kfree), (unsigned long)&loops_per_jiffy,
	};
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(kernel); i++) {
		int protection = xen_ppc_case_protection(kernel[i] & PAGE_MASK);

		KUNIT_EXPECT_TRUE(test, protection == 0 || protection == 4 + 2);
	}
}

/* Two cpus change entries of one group at the same time, and none of them loses one. */
static void contend_there(struct work_struct *work);
static DECLARE_WORK(contender, contend_there);
static unsigned long lost_there;
static bool contending;

static void contend_there(struct work_struct *work)
{
	WRITE_ONCE(contending, true);
	lost_there = xen_ppc_case_contend(1, 20 * ROUNDS);
}

void groups_are_changed_by_one_cpu_at_a_time(struct kunit *test)
{
	u64 end = ktime_get_ns() + PATIENCE_NS;
	unsigned long lost_here;
	unsigned int other;

	KUNIT_ASSERT_EQ(test, on_first_cpu(test), 0);
	other = cpumask_next(0, cpu_online_mask);
	if (other >= nr_cpu_ids) {
		on_any_cpu(test);
		kunit_skip(test, "only one cpu");
	}
	contending = false;
	schedule_work_on(other, &contender);
	while (!READ_ONCE(contending) && ktime_get_ns() < end)
		;
	lost_here = xen_ppc_case_contend(0, 20 * ROUNDS);
	flush_work(&contender);
	on_any_cpu(test);

	KUNIT_EXPECT_EQ(test, lost_here, 0UL);
	KUNIT_EXPECT_EQ(test, lost_there, 0UL);
}
