// SPDX-License-Identifier: GPL-2.0
/*
 * KUnit suites that watch the x86 port at work in a live PV domain.
 *
 * In C, because what is under test is the kernel's own call sites: the macros
 * of <linux/irqflags.h>, patched to call our hooks, and the batch as Linux's C
 * callers use it.  Outside a PV domain every case is skipped.
 *
 * The flags' cases have an event channel of their own: notified with events
 * masked, it is a real event of the hypervisor that stays pending until the mask
 * goes.
 */
#include <kunit/test.h>
#include <linux/interrupt.h>
#include <linux/irqflags.h>
#include <linux/module.h>
#include <linux/preempt.h>
#include <linux/sched.h>

#include <asm/nospec-branch.h>
#include <asm/paravirt.h>
#include <asm/xen/hypercall.h>
#include <asm/xen/hypervisor.h>

#include <xen/events.h>
#include <xen/interface/event_channel.h>
#include <xen/interface/version.h>
#include <xen/xen.h>

#include "multicalls.h"
#include "glue.h"

MODULE_IMPORT_NS(XEN_CXX_KUNIT);

#define CANARY 0x5aa5c33c0ff0e11eUL

static int in_pv_domain(struct kunit *test)
{
	if (!xen_pv_domain())
		kunit_skip(test, "not a PV domain");
	return 0;
}

/* An event channel of this domain's own, bound to the first vcpu. */
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

	in_pv_domain(test);
	/* The channel belongs to the first cpu, and so does the test. */
	KUNIT_ASSERT_EQ(test, set_cpus_allowed_ptr(current, cpumask_of(0)), 0);
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
}

/* ---- interrupt flags ---- */

static void mask_byte_follows_the_flag(struct kunit *test)
{
	unsigned long outer, inner;
	u8 masked, nested, unmasked;
	bool off, on;

	preempt_disable();
	local_irq_save(outer);
	masked = READ_ONCE(this_cpu_read(xen_vcpu)->evtchn_upcall_mask);
	off = irqs_disabled();
	local_irq_save(inner);
	local_irq_restore(inner);
	nested = READ_ONCE(this_cpu_read(xen_vcpu)->evtchn_upcall_mask);
	local_irq_restore(outer);
	unmasked = READ_ONCE(this_cpu_read(xen_vcpu)->evtchn_upcall_mask);
	on = !irqs_disabled();
	preempt_enable();

	KUNIT_EXPECT_EQ(test, masked, (u8)1);
	KUNIT_EXPECT_TRUE(test, off);
	KUNIT_EXPECT_EQ(test, nested, (u8)1);
	KUNIT_EXPECT_EQ(test, unmasked, (u8)0);
	KUNIT_EXPECT_TRUE(test, on);
	KUNIT_EXPECT_TRUE(test, outer & X86_EFLAGS_IF);
	KUNIT_EXPECT_FALSE(test, inner & X86_EFLAGS_IF);
}

static void pending_event_is_delivered_on_unmask(struct kunit *test)
{
	unsigned int before, masked, after;
	unsigned long forced;
	u8 pending, left;

	preempt_disable();
	local_irq_disable();
	before = READ_ONCE(event.seen);
	forced = this_cpu_read(xen_forced_callbacks);
	notify_remote_via_evtchn(event.port);
	pending = READ_ONCE(this_cpu_read(xen_vcpu)->evtchn_upcall_pending);
	masked = READ_ONCE(event.seen);
	local_irq_enable();
	/* No wait here: Xen delivers on its way out of the forced callback. */
	after = READ_ONCE(event.seen);
	left = READ_ONCE(this_cpu_read(xen_vcpu)->evtchn_upcall_pending);
	forced = this_cpu_read(xen_forced_callbacks) - forced;
	preempt_enable();

	KUNIT_EXPECT_EQ(test, pending, (u8)1);
	KUNIT_EXPECT_EQ(test, masked, before);
	KUNIT_EXPECT_EQ(test, after, before + 1);
	KUNIT_EXPECT_EQ(test, left, (u8)0);
	KUNIT_EXPECT_GE(test, forced, 1UL);
}

static void nothing_pending_is_no_hypercall(struct kunit *test)
{
	unsigned long before, after;
	unsigned int i;

	preempt_disable();
	before = this_cpu_read(xen_forced_callbacks);
	for (i = 0; i < 1000; i++) {
		local_irq_disable();
		local_irq_enable();
	}
	after = this_cpu_read(xen_forced_callbacks);
	preempt_enable();

	/* A timer may fall into a masked stretch now and then, not a thousand times. */
	KUNIT_EXPECT_LT(test, after - before, 100UL);
}

/*
 * Call sites of the hooks save nothing: rcx, rdx, rsi, rdi and r8 to r11 must
 * come back as they were, on the slow path as well.  The bits say which did not.
 */
static unsigned long registers_lost(void *hook)
{
	unsigned long lost;

	asm volatile("mov %[canary], %%rcx; mov %%rcx, %%rdx; mov %%rcx, %%rsi; mov %%rcx, %%rdi\n\t"
		     "mov %%rcx, %%r8; mov %%rcx, %%r9; mov %%rcx, %%r10; mov %%rcx, %%r11\n\t"
		     ANNOTATE_RETPOLINE_SAFE "call *%[hook]\n\t"
		     "xor %%ebx, %%ebx\n\t"
		     "xor %[canary], %%rcx; or %%rcx, %%rbx\n\t"
		     "xor %[canary], %%rdx; or %%rdx, %%rbx\n\t"
		     "xor %[canary], %%rsi; or %%rsi, %%rbx\n\t"
		     "xor %[canary], %%rdi; or %%rdi, %%rbx\n\t"
		     "xor %[canary], %%r8; or %%r8, %%rbx\n\t"
		     "xor %[canary], %%r9; or %%r9, %%rbx\n\t"
		     "xor %[canary], %%r10; or %%r10, %%rbx\n\t"
		     "xor %[canary], %%r11; or %%r11, %%rbx"
		     : "=&b" (lost), ASM_CALL_CONSTRAINT
		     : [hook] "r" (hook), [canary] "r" (CANARY)
		     : "rax", "rcx", "rdx", "rsi", "rdi", "r8", "r9", "r10", "r11", "cc", "memory");
	return lost;
}

static void hooks_keep_registers(struct kunit *test)
{
	unsigned long save, off, on, slow;
	unsigned int before, after;

	preempt_disable();
	save = registers_lost(pv_ops.irq.save_fl.func);
	off = registers_lost(pv_ops.irq.irq_disable.func);
	on = registers_lost(pv_ops.irq.irq_enable.func);
	local_irq_disable();
	before = READ_ONCE(event.seen);
	notify_remote_via_evtchn(event.port);
	slow = registers_lost(pv_ops.irq.irq_enable.func);
	after = READ_ONCE(event.seen);
	preempt_enable();

	KUNIT_EXPECT_EQ(test, save, 0UL);
	KUNIT_EXPECT_EQ(test, off, 0UL);
	KUNIT_EXPECT_EQ(test, on, 0UL);
	KUNIT_EXPECT_EQ(test, slow, 0UL);
	KUNIT_EXPECT_EQ(test, after, before + 1);
}

static struct kunit_case flags_cases[] = {
	KUNIT_CASE(mask_byte_follows_the_flag),
	KUNIT_CASE(pending_event_is_delivered_on_unmask),
	KUNIT_CASE(nothing_pending_is_no_hypercall),
	KUNIT_CASE(hooks_keep_registers),
	{}
};

static struct kunit_suite flags_suite = {
	.name		= "xen_pv_flags",
	.init		= open_event,
	.exit		= close_event,
	.test_cases	= flags_cases,
};

/* ---- multicall batch ---- */

static struct multicall_entry *queue_version(void)
{
	struct multicall_space mcs = __xen_mc_entry(0);

	mcs.mc->op = __HYPERVISOR_xen_version;
	mcs.mc->args[0] = XENVER_version;
	mcs.mc->args[1] = 0;
	return mcs.mc;
}

static void note_callback(void *data)
{
	++*(unsigned int *)data;
}

/* As xen_mc_batch() and xen_mc_issue() do, whose tracepoints modules cannot reach. */
static unsigned long begin(void)
{
	unsigned long flags;

	local_irq_save(flags);
	xen_mc_flush();
	return flags;
}

static void end(unsigned long flags)
{
	xen_mc_flush();
	local_irq_restore(flags);
}

static void xen_executes_a_batch(struct kunit *test)
{
	long direct = HYPERVISOR_xen_version(XENVER_version, NULL);
	struct multicall_entry *a, *b;
	unsigned int called = 0, early;
	unsigned long flags;
	long first, second;

	flags = begin();
	a = queue_version();
	b = queue_version();
	xen_mc_callback(note_callback, &called);
	early = called;
	xen_mc_flush();
	/* The entries' memory is still theirs: nothing was queued since. */
	first = a->result;
	second = b->result;
	end(flags);

	KUNIT_EXPECT_GT(test, direct, 0L);
	KUNIT_EXPECT_EQ(test, first, direct);
	KUNIT_EXPECT_EQ(test, second, direct);
	KUNIT_EXPECT_EQ(test, early, 0U);
	KUNIT_EXPECT_EQ(test, called, 1U);
}

static void a_refused_entry_stops_nobody(struct kunit *test)
{
	long direct = HYPERVISOR_xen_version(XENVER_version, NULL);
	struct multicall_entry *a, *bad, *b;
	unsigned int called = 0;
	long before, refused, after;
	unsigned long flags;

	flags = begin();
	a = queue_version();
	bad = __xen_mc_entry(0).mc;
	bad->op = __HYPERVISOR_sched_op;
	bad->args[0] = 0x7fff;	/* no such operation */
	bad->args[1] = 0;
	xen_mc_callback(note_callback, &called);
	b = queue_version();
	xen_mc_flush();
	before = a->result;
	refused = bad->result;
	after = b->result;
	end(flags);

	KUNIT_EXPECT_EQ(test, before, direct);
	KUNIT_EXPECT_EQ(test, refused, (long)-ENOSYS);
	KUNIT_EXPECT_EQ(test, after, direct);
	KUNIT_EXPECT_EQ(test, called, 1U);
}

static void a_full_batch_flushes_itself(struct kunit *test)
{
	long direct = HYPERVISOR_xen_version(XENVER_version, NULL);
	unsigned int called = 0, early, i;
	struct multicall_entry *last = NULL;
	unsigned long flags;
	long result;

	flags = begin();
	xen_mc_callback(note_callback, &called);
	for (i = 0; i < 1000; i++)
		last = queue_version();
	early = called;
	xen_mc_flush();
	result = last->result;
	end(flags);

	KUNIT_EXPECT_EQ(test, early, 1U);
	KUNIT_EXPECT_EQ(test, result, direct);
	KUNIT_EXPECT_EQ(test, called, 1U);
}

static void arguments_grow_in_place(struct kunit *test)
{
	struct multicall_space first, more, other;
	unsigned long flags;

	flags = begin();
	first = __xen_mc_entry(16);
	first.mc->op = __HYPERVISOR_mmu_update;
	more = xen_mc_extend_args(__HYPERVISOR_mmu_update, 16);
	other = xen_mc_extend_args(__HYPERVISOR_mmuext_op, 16);
	/* Nothing of this is for Xen: the entry becomes a harmless one. */
	first.mc->op = __HYPERVISOR_xen_version;
	first.mc->args[0] = XENVER_version;
	first.mc->args[1] = 0;
	end(flags);

	KUNIT_EXPECT_PTR_EQ(test, more.mc, first.mc);
	KUNIT_EXPECT_PTR_EQ(test, more.args, first.args + 16);
	KUNIT_EXPECT_NULL(test, other.mc);
}

static struct kunit_case batch_cases[] = {
	KUNIT_CASE(xen_executes_a_batch),
	KUNIT_CASE(a_refused_entry_stops_nobody),
	KUNIT_CASE(a_full_batch_flushes_itself),
	KUNIT_CASE(arguments_grow_in_place),
	{}
};

static struct kunit_suite batch_suite = {
	.name		= "xen_pv_batch",
	.init		= in_pv_domain,
	.test_cases	= batch_cases,
};

kunit_test_suites(&flags_suite, &batch_suite);

MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("KUnit suites of the Xen port in a live PV domain");
