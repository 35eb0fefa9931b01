// SPDX-License-Identifier: GPL-2.0
/*
 * KUnit suite of the events in a live domain: none is lost, and each comes at once.
 *
 * The cases have an event channel of their own, bound to the first cpu, and run there.  No
 * case waits for an event longer than the instruction that has to bring it.  Cases run one
 * after the other, so that what they share needs no lock.
 */
#include <kunit/test.h>
#include <linux/cpumask.h>
#include <linux/hrtimer.h>
#include <linux/interrupt.h>
#include <linux/irqflags.h>
#include <linux/preempt.h>
#include <linux/timekeeping.h>
#include <linux/workqueue.h>

#include <asm/hw_irq.h>
#include <asm/paca.h>
#include <asm/time.h>
#include <asm/xen/hypercall.h>

#include <xen/events.h>
#include <xen/interface/event_channel.h>

#include "evtchn_glue.h"
#include "ppc_cases_glue.h"
#include "ppc_kunit.h"

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

struct kunit_suite xen_ppc_event_suite = {
	.name		= "xen_ppc_events",
	.init		= open_event,
	.exit		= close_event,
	.test_cases	= event_cases,
};
