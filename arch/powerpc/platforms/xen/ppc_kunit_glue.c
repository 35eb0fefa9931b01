// SPDX-License-Identifier: GPL-2.0
/*
 * KUnit suites that watch the port at work in a live domain on Xen/PPC.
 *
 * The suites of ppc_cases.cc are C++; here each is a KUnit suite with one parameterised
 * case.  The others are in C, because what is under test is the kernel's own call sites.
 * Outside a domain every case is skipped but those that need none.
 *
 * The events' cases have an event channel of their own, bound to the first cpu, and run
 * there.  No case waits for an event longer than the instruction that has to bring it.
 */
#include <kunit/test.h>
#include <linux/cpumask.h>
#include <linux/delay.h>
#include <linux/hrtimer.h>
#include <linux/interrupt.h>
#include <linux/irqflags.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/preempt.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include <linux/smp.h>
#include <linux/sort.h>
#include <linux/string.h>
#include <linux/timekeeping.h>
#include <linux/vmalloc.h>
#include <linux/workqueue.h>

#include <asm/code-patching.h>
#include <asm/hw_irq.h>
#include <asm/mmu.h>
#include <asm/paca.h>
#include <asm/time.h>
#include <asm/xen/hypercall.h>
#include <asm/xen/hypervisor.h>

#include <xen/events.h>
#include <xen/grant_table.h>
#include <xen/interface/event_channel.h>
#include <xen/interface/memory.h>
#include <xen/interface/sched.h>
#include <xen/interface/version.h>
#include <xen/xen.h>

#include "evtchn_glue.h"
#include "ppc_cases_glue.h"
#include "ppc_kunit_glue.h"

MODULE_IMPORT_NS(XEN_CXX_KUNIT);

#define ROUNDS		50
#define PATIENCE_NS	(2 * NSEC_PER_SEC)

static int in_domain(struct kunit *test)
{
	if (!xen_domain())
		kunit_skip(test, "not a domain on Xen");
	return 0;
}

static int on_first_cpu(struct kunit *test)
{
	in_domain(test);
	KUNIT_ASSERT_EQ(test, set_cpus_allowed_ptr(current, cpumask_of(0)), 0);
	return 0;
}

static void on_any_cpu(struct kunit *test)
{
	set_cpus_allowed_ptr(current, cpu_possible_mask);
}

/* ---- the C++ suites ---- */

/* Parameters are case numbers from 1, dressed as pointers: 0 ends the walk. */
static const void *next_case(const char *suite, const void *previous, char *description)
{
	const char *name = xen_ppc_case_name(suite, (unsigned long)previous);

	if (!name)
		return NULL;
	strscpy(description, name, KUNIT_PARAM_DESC_SIZE);
	return (const void *)((unsigned long)previous + 1);
}

static void report(void *cookie, const struct xen_case_failure *f)
{
	struct kunit *test = cookie;

	if (f->has_values)
		KUNIT_FAIL(test, "%s:%u: %s (%#llx, %#llx)", f->file, f->line, f->what,
			   f->left, f->right);
	else
		KUNIT_FAIL(test, "%s:%u: %s", f->file, f->line, f->what);
}

static void run_case(struct kunit *test, const char *suite)
{
	unsigned int number = (unsigned long)test->param_value - 1;

	/* A case that checks nothing proves nothing. */
	KUNIT_EXPECT_NE(test, xen_ppc_case_run(suite, number, report, test), 0UL);
}

#define CXX_SUITE(suite, cases_of, init_fn)						\
static const void *suite##_next(const void *previous, char *description)		\
{											\
	return next_case(cases_of, previous, description);				\
}											\
static void suite(struct kunit *test)							\
{											\
	run_case(test, cases_of);							\
}											\
static struct kunit_case suite##_cases[] = { KUNIT_CASE_PARAM(suite, suite##_next), {} }; \
static struct kunit_suite suite##_suite = {						\
	.name = "xen_ppc_" #suite,							\
	.init = init_fn,								\
	.test_cases = suite##_cases,							\
}

CXX_SUITE(calls, "ppc_calls", NULL);
CXX_SUITE(clock, "ppc_clock", NULL);
CXX_SUITE(pagetable, "pagetable", NULL);
CXX_SUITE(live, "live", on_first_cpu);

static void every_suite_is_run(struct kunit *test)
{
	static const char * const run[] = { "ppc_calls", "ppc_clock", "pagetable", "live" };
	unsigned int i;

	KUNIT_EXPECT_EQ(test, xen_ppc_case_suites(), (unsigned int)ARRAY_SIZE(run));
	for (i = 0; i < ARRAY_SIZE(run); i++)
		KUNIT_EXPECT_NOT_NULL(test, xen_ppc_case_name(run[i], 0));
}

static struct kunit_case table_cases[] = { KUNIT_CASE(every_suite_is_run), {} };

static struct kunit_suite table_suite = {
	.name		= "xen_ppc_table",
	.test_cases	= table_cases,
};

/* ---- events ---- */

static struct {
	evtchn_port_t port;
	int irq;
	unsigned int seen;
} event;

static irqreturn_t count_event(int irq, void *unused)
{
	event.seen++;
	return IRQ_HANDLED;
}

static int open_event(struct kunit *test)
{
	struct evtchn_bind_ipi bind = { .vcpu = 0 };

	on_first_cpu(test);
	KUNIT_ASSERT_EQ(test, HYPERVISOR_event_channel_op(EVTCHNOP_bind_ipi, &bind), 0);
	event.port = bind.port;
	event.seen = 0;
	event.irq = bind_evtchn_to_irqhandler(event.port, count_event, 0, "xen-kunit", NULL);
	KUNIT_ASSERT_GT(test, event.irq, 0);
	return 0;
}

static void close_event(struct kunit *test)
{
	if (event.irq > 0)
		unbind_from_irqhandler(event.irq, NULL);
	event.irq = 0;
	on_any_cpu(test);
}

/* One event of our own, raised with interrupts disabled; how far it came by when. */
struct passage {
	unsigned int masked;	/* handled before interrupts were enabled */
	unsigned int enabled;	/* handled when local_irq_enable() was back */
	unsigned long replayed;	/* upcalls of it that Linux replayed */
};

static struct passage raise(bool hard)
{
	struct xen_case_events before, after;
	unsigned int seen, masked, enabled;

	preempt_disable();
	local_irq_disable();
	if (hard)
		hard_irq_disable();
	seen = READ_ONCE(event.seen);
	xen_ppc_case_events(0, &before);
	notify_remote_via_evtchn(event.port);
	masked = READ_ONCE(event.seen);
	local_irq_enable();
	/* No wait here: there is no tick between these instructions. */
	enabled = READ_ONCE(event.seen);
	xen_ppc_case_events(0, &after);
	preempt_enable();
	return (struct passage){ masked - seen, enabled - seen, after.replayed - before.replayed };
}

static void event_while_soft_disabled_is_replayed(struct kunit *test)
{
	unsigned int i;

	for (i = 0; i < ROUNDS; i++) {
		struct passage p = raise(false);

		KUNIT_EXPECT_EQ(test, p.masked, 0U);
		KUNIT_EXPECT_EQ(test, p.enabled, 1U);
		KUNIT_EXPECT_GE(test, p.replayed, 1UL);
	}
}

static void event_while_hard_disabled_is_replayed(struct kunit *test)
{
	unsigned int i;

	for (i = 0; i < ROUNDS; i++) {
		struct passage p = raise(true);

		KUNIT_EXPECT_EQ(test, p.masked, 0U);
		KUNIT_EXPECT_EQ(test, p.enabled, 1U);
		KUNIT_EXPECT_GE(test, p.replayed, 1UL);
	}
}

static void event_while_enabled_is_injected(struct kunit *test)
{
	unsigned int i, before, after;

	for (i = 0; i < ROUNDS; i++) {
		preempt_disable();
		before = READ_ONCE(event.seen);
		notify_remote_via_evtchn(event.port);
		after = READ_ONCE(event.seen);
		preempt_enable();
		KUNIT_EXPECT_EQ(test, after, before + 1);
	}
}

/*
 * Another cpu raises the event while this one has MSR[EE] clear and makes no hypercall:
 * there is a byte and nothing else.
 */
static struct {
	struct work_struct work;
	bool ready, go, sent;
} helper;

static void raise_from_there(struct work_struct *unused)
{
	u64 end = ktime_get_ns() + PATIENCE_NS;

	WRITE_ONCE(helper.ready, true);
	while (!READ_ONCE(helper.go))
		if (ktime_get_ns() > end)
			return;
	notify_remote_via_evtchn(event.port);
	WRITE_ONCE(helper.sent, true);
}

/* Have the helper wait for its sign on another cpu. */
static bool helper_waits(unsigned int cpu)
{
	u64 end = ktime_get_ns() + PATIENCE_NS;

	helper.ready = false;
	helper.go = false;
	helper.sent = false;
	schedule_work_on(cpu, &helper.work);
	while (!READ_ONCE(helper.ready) && ktime_get_ns() < end)
		;
	return READ_ONCE(helper.ready);
}

/* With MSR[EE] clear: until the event is there.  The byte alone may be some other's. */
static bool helper_raises(void)
{
	u64 end = get_tb() + tb_ticks_per_sec, settled;

	WRITE_ONCE(helper.go, true);
	while (!(READ_ONCE(helper.sent) && READ_ONCE(*local_paca->xen_upcall_pending)))
		if (get_tb() > end)
			return false;
	/* What Xen does to this cpu because of it shall be over before MSR[EE] is set. */
	settled = get_tb() + tb_ticks_per_sec / MSEC_PER_SEC;
	while (get_tb() < settled)
		;
	return true;
}

static void event_from_another_cpu_is_noticed(struct kunit *test)
{
	unsigned int other = cpumask_next(0, cpu_online_mask), i, seen, after;
	bool ready, raised;

	if (other >= nr_cpu_ids)
		kunit_skip(test, "only one cpu");
	INIT_WORK_ONSTACK(&helper.work, raise_from_there);
	for (i = 0; i < ROUNDS; i++) {
		ready = helper_waits(other);
		preempt_disable();
		local_irq_disable();
		hard_irq_disable();
		seen = READ_ONCE(event.seen);
		raised = helper_raises();
		local_irq_enable();
		after = READ_ONCE(event.seen);
		preempt_enable();
		flush_work(&helper.work);

		KUNIT_EXPECT_TRUE(test, ready);
		KUNIT_EXPECT_TRUE(test, raised);
		KUNIT_EXPECT_EQ(test, after, seen + 1);
	}
	destroy_work_on_stack(&helper.work);
}

/*
 * What Xen raises by itself, at a tick of its own, while MSR[EE] is clear.  Shorter than the
 * time between two timer interrupts, whose returns would notice as well.
 */
static void event_of_xens_own_is_noticed(struct kunit *test)
{
	unsigned int i;
	u64 end;
	u8 left;

	for (i = 0; i < 2 * ROUNDS; i++) {
		preempt_disable();
		local_irq_disable();
		hard_irq_disable();
		end = get_tb() + 3 * tb_ticks_per_sec / MSEC_PER_SEC;
		while (!READ_ONCE(*local_paca->xen_upcall_pending) && get_tb() < end)
			;
		local_irq_enable();
		left = READ_ONCE(*local_paca->xen_upcall_pending);
		preempt_enable();
		KUNIT_EXPECT_EQ(test, left, (u8)0);
	}
}

/* An event from another cpu at the end of an interrupt, which returns to enabled interrupts. */
static struct {
	struct hrtimer timer;
	bool done, raised;
	unsigned int seen;
} at_exit;

static enum hrtimer_restart raise_at_exit(struct hrtimer *unused)
{
	hard_irq_disable();
	at_exit.seen = READ_ONCE(event.seen);
	at_exit.raised = helper_raises();
	WRITE_ONCE(at_exit.done, true);
	return HRTIMER_NORESTART;
}

static void event_at_the_end_of_an_interrupt_is_noticed(struct kunit *test)
{
	unsigned int other = cpumask_next(0, cpu_online_mask), i, after;
	bool ready, done;
	u64 end;

	if (other >= nr_cpu_ids)
		kunit_skip(test, "only one cpu");
	INIT_WORK_ONSTACK(&helper.work, raise_from_there);
	hrtimer_init(&at_exit.timer, CLOCK_MONOTONIC, HRTIMER_MODE_REL_PINNED_HARD);
	at_exit.timer.function = raise_at_exit;
	for (i = 0; i < ROUNDS; i++) {
		ready = helper_waits(other);
		preempt_disable();
		at_exit.done = false;
		at_exit.raised = false;
		hrtimer_start(&at_exit.timer, 200 * NSEC_PER_USEC, HRTIMER_MODE_REL_PINNED_HARD);
		end = get_tb() + tb_ticks_per_sec;
		do {
			done = READ_ONCE(at_exit.done);
		} while (!done && get_tb() < end);
		after = READ_ONCE(event.seen);
		preempt_enable();
		hrtimer_cancel(&at_exit.timer);
		flush_work(&helper.work);

		KUNIT_EXPECT_TRUE(test, ready && done);
		KUNIT_EXPECT_TRUE(test, at_exit.raised);
		KUNIT_EXPECT_EQ(test, after, at_exit.seen + 1);
	}
	destroy_work_on_stack(&helper.work);
}

static void interrupts_come_where_they_can_be_returned_from(struct kunit *test)
{
	struct xen_case_events before, after;
	unsigned int i;

	xen_ppc_case_events(0, &before);
	for (i = 0; i < ROUNDS; i++) {
		notify_remote_via_evtchn(event.port);
		raise(i & 1);
	}
	xen_ppc_case_events(0, &after);
	KUNIT_EXPECT_GE(test, after.upcalls - before.upcalls, 2UL * ROUNDS);
	KUNIT_EXPECT_GE(test, after.events - before.events, 2UL * ROUNDS);
	KUNIT_EXPECT_EQ(test, xen_events_ri_lost(), 0UL);
}

static void masked_port_waits_for_its_unmask(struct kunit *test)
{
	unsigned int before, masked, after;

	disable_irq(event.irq);
	/* Linux masks lazily: the first event masks the port, the second finds it so. */
	before = READ_ONCE(event.seen);
	notify_remote_via_evtchn(event.port);
	notify_remote_via_evtchn(event.port);
	masked = READ_ONCE(event.seen);
	enable_irq(event.irq);
	after = READ_ONCE(event.seen);

	KUNIT_EXPECT_EQ(test, masked, before);
	KUNIT_EXPECT_GE(test, after, before + 1);
}

static struct kunit_case event_cases[] = {
	KUNIT_CASE(event_while_soft_disabled_is_replayed),
	KUNIT_CASE(event_while_hard_disabled_is_replayed),
	KUNIT_CASE(event_while_enabled_is_injected),
	KUNIT_CASE(event_from_another_cpu_is_noticed),
	KUNIT_CASE(event_of_xens_own_is_noticed),
	KUNIT_CASE(event_at_the_end_of_an_interrupt_is_noticed),
	KUNIT_CASE(interrupts_come_where_they_can_be_returned_from),
	KUNIT_CASE(masked_port_waits_for_its_unmask),
	{}
};

static struct kunit_suite event_suite = {
	.name		= "xen_ppc_events",
	.init		= open_event,
	.exit		= close_event,
	.test_cases	= event_cases,
};

/* ---- hypercalls, memory, time, cpus ---- */

/* Not in the linear map: modules are in vmalloc space. */
static char module_data[XEN_EXTRAVERSION_LEN];

static void arguments_may_be_anywhere_in_the_kernel(struct kunit *test)
{
	char *linear = kunit_kzalloc(test, XEN_EXTRAVERSION_LEN, GFP_KERNEL);
	char *pages = vzalloc(2 * PAGE_SIZE);
	char *across = pages + PAGE_SIZE - 3;
	struct xen_changeset_info *whole = kunit_kzalloc(test, sizeof(*whole), GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, linear);
	KUNIT_ASSERT_NOT_NULL(test, whole);
	KUNIT_ASSERT_NOT_NULL(test, pages);
	KUNIT_ASSERT_FALSE(test, virt_addr_valid(module_data));
	memset(module_data, 0x55, sizeof(module_data));
	memset(pages, 0x55, 2 * PAGE_SIZE);
	KUNIT_EXPECT_EQ(test, HYPERVISOR_xen_version(XENVER_extraversion, linear), 0);
	KUNIT_EXPECT_EQ(test, HYPERVISOR_xen_version(XENVER_extraversion, module_data), 0);
	KUNIT_EXPECT_STREQ(test, module_data, linear);
	/* An object in two pages, which need not be neighbours. */
	KUNIT_EXPECT_EQ(test, HYPERVISOR_xen_version(XENVER_changeset, whole), 0);
	KUNIT_EXPECT_EQ(test, HYPERVISOR_xen_version(XENVER_changeset, across), 0);
	KUNIT_EXPECT_EQ(test, memcmp(across, whole, sizeof(*whole)), 0);
	KUNIT_EXPECT_EQ(test, (int)across[-1], 0x55);
	KUNIT_EXPECT_EQ(test, (int)across[sizeof(*whole)], 0x55);
	vfree(pages);
}

static void user_addresses_never_reach_xen(struct kunit *test)
{
	void *user = (void *)0x10000000UL;

	KUNIT_EXPECT_EQ(test, HYPERVISOR_xen_version(XENVER_extraversion, user), -EFAULT);
	KUNIT_EXPECT_EQ(test, HYPERVISOR_memory_op(XENMEM_populate_physmap, user), -EFAULT);
	KUNIT_EXPECT_EQ(test, HYPERVISOR_sched_op(SCHEDOP_poll, user), -EFAULT);
	KUNIT_EXPECT_EQ(test, HYPERVISOR_event_channel_op(EVTCHNOP_send, user), -EFAULT);
}

static void privcmd_refuses_pointers(struct kunit *test)
{
	long user = 0x10000000;

	KUNIT_EXPECT_GT(test, privcmd_call(__HYPERVISOR_xen_version, XENVER_version, 0, 0, 0, 0),
			0L);
	KUNIT_EXPECT_EQ(test, privcmd_call(__HYPERVISOR_xen_version, XENVER_extraversion, user, 0,
					   0, 0), (long)-EOPNOTSUPP);
	KUNIT_EXPECT_EQ(test, privcmd_call(__HYPERVISOR_sched_op, SCHEDOP_poll, user, 0, 0, 0),
			(long)-EOPNOTSUPP);
	KUNIT_EXPECT_EQ(test, privcmd_call(__HYPERVISOR_sched_op, SCHEDOP_shutdown, user, 0, 0, 0),
			(long)-EOPNOTSUPP);
	KUNIT_EXPECT_EQ(test, privcmd_call(__HYPERVISOR_event_channel_op, EVTCHNOP_send, user, 0,
					   0, 0), (long)-EOPNOTSUPP);
	KUNIT_EXPECT_EQ(test, privcmd_call(__HYPERVISOR_sysctl, user, 0, 0, 0, 0),
			(long)-EOPNOTSUPP);
}

/* Read-only by PP0 and 2 where the processor has it and Xen keeps it, else by 3. */
static void read_only_pages_cannot_be_written(struct kunit *test)
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
static void users_have_no_access_to_the_kernel(struct kunit *test)
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

static void groups_are_changed_by_one_cpu_at_a_time(struct kunit *test)
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

static struct kunit_suite domain_suite = {
	.name		= "xen_ppc_domain",
	.init		= in_domain,
	.test_cases	= domain_cases,
};

kunit_test_suites(&table_suite, &calls_suite, &clock_suite, &pagetable_suite, &live_suite,
		  &event_suite, &domain_suite);

MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("KUnit suites of the Xen/PPC port in a live domain");
