// SPDX-License-Identifier: GPL-2.0
/*
 * KUnit suite of what Linux has of Xen in a live domain: time, cpus, reserved memory and
 * grants.  The cases of its hypercalls and of its page table are in files of their own.
 */
#include <kunit/test.h>
#include <linux/cpumask.h>
#include <linux/gfp.h>
#include <linux/hrtimer.h>
#include <linux/mm.h>
#include <linux/sched.h>
#include <linux/smp.h>
#include <linux/sort.h>
#include <linux/timekeeping.h>

#include <asm/time.h>
#include <asm/xen/hypervisor.h>

#include <xen/grant_table.h>
#include <xen/xen.h>

#include "ppc_cases_glue.h"
#include "ppc_kunit.h"

static void wall_clock_is_written_for_all_domains(struct kunit *test)
{
	struct xen_case_clock before, after;
	struct timespec64 now;
	s64 told;

	if (!xen_initial_domain())
		kunit_skip(test, "not dom0");
	xen_ppc_case_clock(&before);
	ktime_get_real_ts64(&now);
	/* A time that nobody has set so far is not written. */
	if (now.tv_sec < 1577836800)
		now.tv_sec = 1577836800;
	KUNIT_ASSERT_EQ(test, do_settimeofday64(&now), 0);
	xen_ppc_case_clock(&after);
	KUNIT_EXPECT_EQ(test, after.version & 1, 0U);
	KUNIT_EXPECT_EQ(test, after.version, before.version + 2);
	KUNIT_EXPECT_GT(test, after.timebase, before.timebase);
	told = after.seconds + (get_tb() - after.timebase) / tb_ticks_per_sec;
	KUNIT_EXPECT_LE(test, abs(ktime_get_real_seconds() - told), 1LL);
}

static int by_size(const void *left, const void *right)
{
	return *(const s32 *)left - *(const s32 *)right;
}

/* Never early; on an idle machine late by much less than a tick that helps out. */
static void timers_come_in_time(struct kunit *test)
{
	s32 late_us[21];
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(late_us); i++) {
		ktime_t wait = ns_to_ktime(3 * NSEC_PER_MSEC + i * 100 * NSEC_PER_USEC);
		ktime_t start = ktime_get();

		set_current_state(TASK_UNINTERRUPTIBLE);
		schedule_hrtimeout_range(&wait, 0, HRTIMER_MODE_REL);
		late_us[i] = ktime_us_delta(ktime_get(), ktime_add(start, wait));
		KUNIT_EXPECT_GE(test, late_us[i], 0);
	}
	sort(late_us, ARRAY_SIZE(late_us), sizeof(late_us[0]), by_size, NULL);
	kunit_info(test, "timers late by %d us (median), %d us (worst)\n",
		   late_us[ARRAY_SIZE(late_us) / 2], late_us[ARRAY_SIZE(late_us) - 1]);
	KUNIT_EXPECT_LT(test, late_us[ARRAY_SIZE(late_us) / 2], 20 * 1000);
}

static void note_cpu(void *cpu)
{
	*(int *)cpu = smp_processor_id();
}

static void every_cpu_can_be_called(struct kunit *test)
{
	int cpu, i, answered;

	for (i = 0; i < ROUNDS; i++) {
		for_each_online_cpu(cpu) {
			answered = -1;
			KUNIT_EXPECT_EQ(test,
					smp_call_function_single(cpu, note_cpu, &answered, 1), 0);
			KUNIT_EXPECT_EQ(test, answered, cpu);
		}
	}
	KUNIT_EXPECT_EQ(test, num_online_cpus(), num_possible_cpus());
}

static void what_xen_keeps_was_never_free(struct kunit *test)
{
	KUNIT_ASSERT_NE(test, xen_start_info->shared_info, 0UL);
	KUNIT_EXPECT_TRUE(test, PageReserved(pfn_to_page(PHYS_PFN(xen_start_info->shared_info))));
}

static void pages_can_be_granted(struct kunit *test)
{
	struct page *page = alloc_page(GFP_KERNEL | __GFP_ZERO);
	int ref;

	KUNIT_ASSERT_NOT_NULL(test, page);
	KUNIT_EXPECT_GT(test, gnttab_max_grant_frames(), 0U);
	ref = gnttab_grant_foreign_access(0, page_to_pfn(page), 1);
	KUNIT_EXPECT_GT(test, ref, 0);
	if (ref > 0) {
		KUNIT_EXPECT_EQ(test, gnttab_end_foreign_access_ref(ref), 1);
		gnttab_free_grant_reference(ref);
	}
	__free_page(page);
}

static struct kunit_case domain_cases[] = {
	KUNIT_CASE(arguments_may_be_anywhere_in_the_kernel),
	KUNIT_CASE(user_addresses_never_reach_xen),
	KUNIT_CASE(privcmd_refuses_pointers),
	KUNIT_CASE(read_only_pages_cannot_be_written),
	KUNIT_CASE(users_have_no_access_to_the_kernel),
	KUNIT_CASE(wall_clock_is_written_for_all_domains),
	KUNIT_CASE(timers_come_in_time),
	KUNIT_CASE(every_cpu_can_be_called),
	KUNIT_CASE(what_xen_keeps_was_never_free),
	KUNIT_CASE(pages_can_be_granted),
	KUNIT_CASE(groups_are_changed_by_one_cpu_at_a_time),
	{}
};

struct kunit_suite xen_ppc_domain_suite = {
	.name		= "xen_ppc_domain",
	.init		= in_domain,
	.test_cases	= domain_cases,
};
