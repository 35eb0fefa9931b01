/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Facts about further vcpus (ABI 7, layouts 7.2, 8.1).
 *
 * Vcpu 1 leaves what it saw in a Report; vcpu 0 prints it.  With one vcpu only the
 * refusals are facts and the rest is absent.
 */
#include <abi/vcpu.hh>

#include "probe/events.hh"
#include "probe/facts.hh"

namespace probe {

namespace {

using abi::VcpuOp;

constexpr u64 rounds = 2'000;

s64 vcpu_op(VcpuOp op, u32 vcpu, u64 handle = 0)
{
	return xen_call(XenCall::VcpuOp, static_cast<u64>(op), vcpu, handle);
}

struct Report {
	u64 failures, done, value;
	u64 stop;
	u32 port;
};
volatile Report report;

void refusals()
{
	static constexpr u32 nobody[] = {31, 32, 0xffffffff};

	fact("smp.is_up.0", xen_result(vcpu_op(VcpuOp::IsUp, 0)));
	static constexpr u32 ops[] = {0, 1, 2, 3, 4, 7};
	for (const u32 op : ops) {
		put("smp.absent.");
		put_unsigned(op);
		fact("", xen_result(xen_call(XenCall::VcpuOp, op, nobody[0], 0)), " ",
		     xen_result(xen_call(XenCall::VcpuOp, op, nobody[1], 0)), " ",
		     xen_result(xen_call(XenCall::VcpuOp, op, nobody[2], 0)));
	}
	fact("smp.initialise.running",
	     xen_result(vcpu_op(VcpuOp::Initialise, 0, inline_handle(page()))));
	fact("smp.initialise.fault", xen_result(vcpu_op(VcpuOp::Initialise, 0, 0)));
	fact("smp.up.running", xen_result(vcpu_op(VcpuOp::Up, 0)));
	fact("smp.runstate.fault", xen_result(vcpu_op(VcpuOp::GetRunstateInfo, 0, 0)));
	fact("smp.register_runstate",
	     xen_result(vcpu_op(VcpuOp::RegisterRunstateMemoryArea, 0, inline_handle(page()))));
	fact("smp.register_vcpu_info",
	     xen_result(vcpu_op(VcpuOp::RegisterVcpuInfo, 0, inline_handle(page()))));
	fact("smp.operation_11", xen_result(xen_call(XenCall::VcpuOp, 11, 0, 0)));
	fact("smp.operation_huge", xen_result(xen_call(XenCall::VcpuOp, 0x80000000, 0, 0)));
}

void runstate(const char *name, u32 vcpu)
{
	abi::RunstateInfo a{};
	const s64 result = vcpu_op(VcpuOp::GetRunstateInfo, vcpu, inline_handle(&a));

	fact(name, xen_result(result), " state ", a.state.load(), " entered ",
	     a.state_entry_time.load() <= xen_ns());
}

u32 state_of(u32 vcpu)
{
	abi::RunstateInfo a{};

	(void)vcpu_op(VcpuOp::GetRunstateInfo, vcpu, inline_handle(&a));
	return a.state.load();
}

void nothing(u64) {}

void first_time()
{
	fact("smp.is_up.1", xen_result(vcpu_op(VcpuOp::IsUp, 1)));
	fact("smp.up.uninitialised", xen_result(vcpu_op(VcpuOp::Up, 1)));
	fact("smp.initialise.1.fault", xen_result(vcpu_op(VcpuOp::Initialise, 1, 0)));
	runstate("smp.runstate.down", 1);
	fact("smp.start", xen_result(on_vcpu(1, nothing, 0)));
	fact("smp.start.done", vcpu_done(1, 2000));
	fact("smp.initialise.twice",
	     xen_result(vcpu_op(VcpuOp::Initialise, 1, inline_handle(page()))));
	fact("smp.is_up.after_down", xen_result(vcpu_op(VcpuOp::IsUp, 1)));
	fact("smp.down.again", xen_result(vcpu_op(VcpuOp::Down, 1)));
}

/* The first instruction's registers: the context's, to the bit. */
void entry_registers()
{
	const Entry *found = &probe_secondary_entry;
	u32 wrong = 0;

	for (u32 i = 0; i < 32; i++)
		wrong += found->gpr[i] != (i == 3 ? 1 : 0x5500 + i);
	fact("smp.entry.gprs_wrong", wrong);
	fact("smp.entry.msr", hex(found->msr));
	fact("smp.entry.lr_ctr_cr_xer", hex(found->lr), " ", hex(found->ctr), " ",
	     hex(found->cr & 0xffffffff), " ", hex(found->xer));
}

void wait_event(u64 port)
{
	ee_on();
	report.value = wait_until([&] { return events(static_cast<u32>(port)) != 0; }, 2000);
	ee_off();
	report.done = seen(1).upcalls;
}

/* send_to_self - with EE off, so that in faithful mode the vcpu's next tick must bring it */
void send_to_self(u64 port)
{
	report.value = static_cast<u64>(ev::send(static_cast<u32>(port)));
	ee_on();
	report.done = wait_until([&] { return events(static_cast<u32>(port)) != 0; }, 1000);
	ee_off();
}

void sleep_event(u64 port)
{
	for (int i = 0; i < 100 && !events(static_cast<u32>(port)); i++) {
		(void)xen_call(XenCall::SetTimerOp, xen_ns() + 2'000'000'000);
		(void)xen_call(XenCall::SchedOp, 1);
		ee_off();
		scan_events(1);
	}
	report.value = events(static_cast<u32>(port)) != 0;
}

void to_the_other()
{
	u32 port = 0, back = 0, virq = 0;

	fact("smp.ipi.bind", xen_result(ev::bind_ipi(1, port)));
	events(port) = 0; /* the number may have been another group's */
	fact("smp.ipi.work", xen_result(on_vcpu(1, wait_event, port)));
	spin_us(2000);
	const u64 mine = seen(0).upcalls;
	fact("smp.ipi.send", xen_result(ev::send(port)));
	const bool arrived_done = vcpu_done(1, 4000);
	fact("smp.ipi.arrived", arrived_done, " ", static_cast<u64>(report.value));
	fact("smp.ipi.not_here", seen(0).upcalls - mine, " selector ", hex(ev::selector(0)));
	events(port) = 0;
	fact("smp.late.work", xen_result(on_vcpu(1, send_to_self, port)));
	const bool late_done = vcpu_done(1, 4000);
	fact("smp.late", late_done, " ", xen_result(static_cast<s64>(report.value)), " ",
	     report.done ? "comes" : "lost");
	events(port) = 0;
	fact("smp.wake.work", xen_result(on_vcpu(1, sleep_event, port)));
	(void)wait_until([] { return state_of(1) == 2; }, 2000);
	runstate("smp.wake.asleep", 1);
	const u64 from = xen_ns();
	(void)ev::send(port);
	const bool woke = vcpu_done(1, 4000);
	fact("smp.wake.woke", woke, " ", static_cast<u64>(report.value), " ",
	     xen_ns() - from < 1'000'000'000 ? "soon" : "late");
	events(port) = 0;
	(void)ev::close(port);

	/* The other way, and channels that are moved. */
	(void)ev::bind_ipi(0, back);
	events(back) = 0;
	const s64 work = on_vcpu(
		1, [](u64 p) { report.value = static_cast<u64>(ev::send(static_cast<u32>(p))); },
		back);
	ee_on();
	const bool came = wait_until([&] { return events(back) != 0; }, 2000);
	ee_off();
	(void)vcpu_done(1, 2000);
	fact("smp.back", xen_result(work), " ", xen_result(static_cast<s64>(report.value)), " ",
	     came ? "came" : "lost");
	(void)ev::close(back);
	fact("smp.virq.debug", xen_result(ev::bind_virq(1, 1, virq)));
	fact("smp.virq.debug.bind_vcpu", xen_result(ev::bind_vcpu(virq, 0)));
	(void)ev::close(virq);
	u32 a = 0, b = 0;
	(void)ev::alloc(domid_self, domid_self, a);
	(void)ev::bind_interdomain(domid_self, a, b);
	ev::quiet(0);
	ev::quiet(1);
	fact("smp.bind_vcpu", xen_result(ev::bind_vcpu(a, 1)));
	(void)ev::send(b);
	fact("smp.bind_vcpu.tells", "0: ", static_cast<u32>(ev::info(0).evtchn_upcall_pending),
	     " 1: ", static_cast<u32>(ev::info(1).evtchn_upcall_pending));
	(void)ev::close(a);
	(void)ev::close(b);
	ev::quiet(0);
	ev::quiet(1);
}

/* send_later - an event to @port after 400 ms of Xen ns */
void send_later(u64 port)
{
	const u64 end = xen_ns() + 400'000'000;

	while (xen_ns() < end)
		;
	report.value = static_cast<u64>(ev::send(static_cast<u32>(port)));
}

/* A timer that expires between set_timer_op and block is lost (ABI 5.4): the event wakes. */
void lost_wakeup()
{
	u32 port = 0;

	(void)ev::bind_ipi(0, port);
	ev::quiet();
	(void)xen_call(XenCall::VcpuOp, 7, 0);
	(void)on_vcpu(1, send_later, port);
	(void)xen_call(XenCall::SetTimerOp, xen_ns() + 5'000'000);
	const u64 from = xen_ns();

	while (xen_ns() < from + 80'000'000)
		;
	const s64 result = xen_call(XenCall::SchedOp, 1);
	const u64 span = xen_ns() - from;

	ee_off();
	fact("smp.block.timer_expired_before", xen_result(result), " ",
	     span > 300'000'000 ? "lost" : "returns at once");
	(void)vcpu_done(1, 2000);
	set_dec(dec_never);
	ev::quiet();
	(void)ev::close(port);
}

void own_decrementer(u64)
{
	const u64 before = seen(1).decrements;

	set_dec(1000);
	ee_on();
	report.value = wait_until([&] { return seen(1).decrements != before; }, 1000);
	ee_off();
}

void decrementers()
{
	const u64 mine = seen(0).decrements;

	(void)xen_call(XenCall::VcpuOp, 7, 0);
	(void)xen_call(XenCall::VcpuOp, 7, 1);
	set_dec(dec_never);
	(void)on_vcpu(1, own_decrementer, 0);
	ee_on();
	const bool done = vcpu_done(1, 3000);
	ee_off();
	fact("smp.dec.own", done, " ", static_cast<u64>(report.value), " here ",
	     seen(0).decrements - mine);
}

/* enter_remove - @rounds times one HPTE in a group that the other vcpu never uses */
u64 enter_remove(u64 ea, u64 frame)
{
	u64 failures = 0;

	for (u64 i = 0; i < rounds; i++) {
		const Regs e = mmu::enter(ea, frame);

		failures += e.r3 != 0;
		failures += xen_call(XenCall::XenVersion, 0) <= 0;
		if (!e.r3)
			failures += mmu::remove(ea, e.r4) != 0;
	}
	return failures;
}

void other_side(u64 frame)
{
	report.failures = enter_remove(mmu::plain + 0x40000, frame);
}

void together()
{
	const u64 frame = frame_number(pfn_of(page()));

	(void)mmu::slots(); /* asks the tree once; OF is not for two vcpus at a time */
	report.failures = none;
	fact("smp.together.start", xen_result(on_vcpu(1, other_side, frame)));
	const u64 here = enter_remove(mmu::plain + 0x80000, frame);
	const bool done = vcpu_done(1, 20'000);

	fact("smp.together.failures", here, " ", done, " ", static_cast<u64>(report.failures));
}

/* running - another vcpu's state while it spins; then taken down from here */
void spin(u64)
{
	report.value = 2;
	while (!report.stop)
		;
}

void down_from_here()
{
	report.stop = 0;
	report.value = 0;
	(void)on_vcpu(1, spin, 0);
	(void)wait_until([] { return report.value == 2; }, 2000);
	runstate("smp.runstate.running", 1);
	runstate("smp.runstate.self", 0);
	fact("smp.is_up.running", xen_result(vcpu_op(VcpuOp::IsUp, 1)));
	report.stop = 1;
	fact("smp.done", vcpu_done(1, 2000));
}

} // namespace

void facts_smp()
{
	refusals();
	if (vcpus() < 2)
		return absent("smp.second_vcpu");
	first_time();
	entry_registers();
	to_the_other();
	decrementers();
	lost_wakeup();
	together();
	down_from_here();
}

} // namespace probe
