/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Facts about time and waiting (ABI 5.4, 6, layouts 7.1, 7.2).
 *
 * Spans are in Xen ns, which are timebase ticks times floor(1e9 / Hz) and not real ones;
 * "late" leaves room for the hypervisor's 10 ms tick and a slow machine.
 */
#include <abi/sched.hh>
#include <abi/vcpu.hh>

#include "probe/events.hh"
#include "probe/facts.hh"

namespace probe {

namespace {

using abi::VcpuOp;

constexpr u64 ms = 1'000'000;	/* Xen ns */
constexpr u64 slack = 400 * ms; /* an emulator's host has other things to do */

s64 vcpu_op(VcpuOp op, u32 vcpu, u64 handle = 0)
{
	return xen_call(XenCall::VcpuOp, static_cast<u64>(op), vcpu, handle);
}

s64 sched_op(abi::SchedOp op, u64 handle = 0)
{
	return xen_call(XenCall::SchedOp, static_cast<u64>(op), handle);
}

s64 set_timer(u64 at)
{
	return xen_call(XenCall::SetTimerOp, at);
}

s64 periodic(u64 ns, u32 vcpu = 0)
{
	abi::SetPeriodicTimer a{};

	a.period_ns.store(ns);
	return vcpu_op(VcpuOp::SetPeriodicTimer, vcpu, inline_handle(&a));
}

s64 singleshot(u64 at, u32 flags = 0, u32 vcpu = 0)
{
	abi::SetSingleshotTimer a{};

	a.timeout_abs_ns.store(at);
	a.flags.store(flags);
	return vcpu_op(VcpuOp::SetSingleshotTimer, vcpu, inline_handle(&a));
}

/* stop_all - no timer of any kind, DEC far away, EE off */
void stop_all()
{
	ee_off();
	(void)set_timer(0);
	(void)vcpu_op(VcpuOp::StopPeriodicTimer, 0);
	(void)vcpu_op(VcpuOp::StopSingleshotTimer, 0);
	set_dec(dec_never);
	ev::quiet();
	ee_on(); /* takes a decrementer that is due already */
	spin_us(50);
	ee_off();
	set_dec(dec_never);
}

u64 decrements()
{
	return seen(0).decrements;
}

/* count - decrementer interrupts in @ns Xen ns with the DEC set far away */
u64 count(u64 ns)
{
	const u64 end = xen_ns() + ns, before = decrements();

	set_dec(dec_never);
	ee_on();
	while (xen_ns() < end)
		;
	ee_off();
	return decrements() - before;
}

const char *judge(u64 came, u64 low, u64 high)
{
	return came < low ? "too early" : came > high ? "too late" : "in time";
}

/* timer - from a deadline to its decrementer interrupt */
const char *wait_timer(u64 due, u64 limit_ms)
{
	const u64 before = decrements();

	ee_on();
	const bool came = wait_until([&] { return decrements() != before; }, limit_ms);
	ee_off();
	const u64 at = seen(0).decrement_timebase * (1'000'000'000 / timebase_hz());

	return came ? judge(at, due, due + slack) : "lost";
}

/*
 * best_count - the most that any of a few windows of @ns saw, the first with @enough at best:
 * an emulator that is not running loses interrupts, and never adds one.
 */
u64 best_count(u64 ns, u64 enough)
{
	u64 best = 0;

	for (u32 window = 0; window < 10 && best < enough; ++window)
		if (const u64 now = count(ns); now > best)
			best = now;
	return best;
}

/* The ticker that every vcpu starts with, and periods of one's own. */
void ticker()
{
	const u64 first = best_count(200 * ms, 16);

	fact("time.ticker.at_start", first >= 16 && first <= 25 ? "100 Hz" : first ? "odd" : "none");
	fact("time.ticker.stop", xen_result(vcpu_op(VcpuOp::StopPeriodicTimer, 0)));
	(void)count(20 * ms);
	fact("time.ticker.stopped", count(100 * ms));
	fact("time.periodic.20ms", xen_result(periodic(20 * ms)));
	const u64 slow = best_count(400 * ms, 15);

	fact("time.periodic.20ms.rate", slow >= 15 && slow <= 24);
	fact("time.periodic.1ms", xen_result(periodic(abi::min_period_ns)));
	fact("time.periodic.too_fast", xen_result(periodic(abi::min_period_ns - 1)), " ",
	     xen_result(periodic(0)));
	(void)vcpu_op(VcpuOp::StopPeriodicTimer, 0);
	fact("time.periodic.fault", xen_result(vcpu_op(VcpuOp::SetPeriodicTimer, 0, 0)));
	fact("time.periodic.no_vcpu", xen_result(periodic(20 * ms, 31)), " ",
	     xen_result(periodic(20 * ms, 32)), " ", xen_result(periodic(20 * ms, 0xffffffff)));
	stop_all();
}

void timer()
{
	u32 port = 0;
	const s64 bound = ev::bind_virq(0, 0, port);
	const u32 before = events(port);
	u64 due = xen_ns() + 20 * ms;

	fact("time.timer.set", xen_result(set_timer(due)));
	fact("time.timer.decrementer", wait_timer(due, 500));
	fact("time.timer.once", count(60 * ms));
	fact("time.timer.no_virq", xen_result(bound), " ", events(port) - before, " pending ",
	     ev::pending(port));
	(void)ev::close(port);
	(void)set_timer(xen_ns() + 20 * ms);
	const s64 cleared_result = set_timer(0);
	fact("time.timer.cleared", xen_result(cleared_result), " ", count(60 * ms));
	(void)set_timer(xen_ns() + 2000 * ms);
	due = xen_ns() + 10 * ms;
	(void)set_timer(due);
	fact("time.timer.replaced", wait_timer(due, 500));
	due = xen_ns();
	(void)set_timer(due - ms);
	fact("time.timer.past", wait_timer(due - ms, 500));
	due = xen_ns() + 100 * ms; /* more than about 13 days ahead, or negative: 100 ms */
	(void)set_timer(xen_ns() + (u64{1} << 51));
	fact("time.timer.far", wait_timer(due, 2000));
	due = xen_ns() + 100 * ms;
	(void)set_timer(none);
	fact("time.timer.negative", wait_timer(due, 2000));
	/* A guest that reads its DEC sees the forced 1 run down, never a rewound one. */
	stop_all();
	(void)set_timer(xen_ns() + 5 * ms);
	fact("time.timer.dec_forced", wait_until([] { return dec() < 0; }, 1000));
	stop_all();
}

void singleshots()
{
	u64 due = xen_ns() + 20 * ms;

	fact("time.singleshot.set", xen_result(singleshot(due)));
	fact("time.singleshot.decrementer", wait_timer(due, 500));
	fact("time.singleshot.future", xen_result(singleshot(xen_ns() + 20 * ms, 1)));
	const s64 stop_result = vcpu_op(VcpuOp::StopSingleshotTimer, 0);
	fact("time.singleshot.stop", xen_result(stop_result), " ", count(60 * ms));
	fact("time.singleshot.past_future", xen_result(singleshot(1, 1)));
	due = xen_ns() - ms;
	const s64 past_result = singleshot(due);
	fact("time.singleshot.past", xen_result(past_result), " ", wait_timer(due, 500));
	fact("time.singleshot.fault", xen_result(vcpu_op(VcpuOp::SetSingleshotTimer, 0, 0)));
	fact("time.singleshot.no_vcpu", xen_result(singleshot(1, 0, 31)), " ",
	     xen_result(singleshot(1, 0, 32)));
	/* set_timer_op and the singleshot timer are one: the later call counts. */
	(void)set_timer(xen_ns() + 20 * ms);
	due = xen_ns() + 100 * ms;
	(void)singleshot(due);
	const char *replaced = wait_timer(due, 500);
	fact("time.singleshot.replaces_set_timer", replaced, " ", count(60 * ms));
	(void)singleshot(xen_ns() + 20 * ms);
	const s64 set_timer_stops_it_result = set_timer(0);
	fact("time.singleshot.set_timer_stops_it", xen_result(set_timer_stops_it_result), " ",
	     count(60 * ms));
	if (vcpus() > 1)
		fact("time.singleshot.other_vcpu", xen_result(singleshot(1, 0, 1)), " ",
		     xen_result(vcpu_op(VcpuOp::StopSingleshotTimer, 1)));
	stop_all();
}

/* block_for - block until @due at the latest; how long it really was */
u64 block_until(u64 due)
{
	(void)set_timer(due);
	const u64 from = xen_ns();
	const s64 result = sched_op(abi::SchedOp::Block);
	const u64 span = xen_ns() - from;

	ee_off();
	if (result)
		fact("time.block.failed", xen_result(result));
	return span;
}

void block()
{
	stop_all();
	u64 due = xen_ns() + 50 * ms;
	fact("time.block.timer", judge(block_until(due), 45 * ms, 50 * ms + slack));

	ee_off();
	/* Far enough that it is not lost (ABI 5.4) when the emulator's host stands still. */
	due = xen_ns() + 80 * ms;
	(void)set_timer(due);
	const s64 result = sched_op(abi::SchedOp::Block);
	fact("time.block.result", xen_result(result), " ee ", (get_msr() & msr::ee) != 0);
	stop_all();

	/* Its own DEC, not yet due, does not wake it: the timer does, 200 ms later. */
	set_dec(static_cast<s64>(ticks_of_us(60'000)));
	due = xen_ns() + 200 * ms;
	fact("time.block.own_dec", block_until(due) > 150 * ms ? "sleeps on" : "wakes");
	stop_all();
	(void)periodic(10 * ms);
	due = xen_ns() + 200 * ms;
	fact("time.block.ticker", block_until(due) > 150 * ms ? "sleeps on" : "wakes");
	stop_all();

	u32 port = 0;
	(void)ev::bind_ipi(0, port);
	ev::quiet();
	(void)ev::send(port);
	due = xen_ns() + 300 * ms;
	fact("time.block.pending_event",
	     block_until(due) < 100 * ms ? "returns at once" : "sleeps");
	ev::quiet();
	ev::mask(port, true);
	(void)ev::send(port);
	due = xen_ns() + 200 * ms;
	fact("time.block.masked_event", block_until(due) < 100 * ms ? "returns at once" : "sleeps");
	ev::mask(port, false);
	ev::clear(port);
	(void)ev::close(port);
	stop_all();
}

s64 poll(Be<u32> *ports, u32 nr, u64 timeout)
{
	abi::SchedPoll a{};

	a.ports.store(nr ? inline_handle(ports) : 0);
	a.nr_ports.store(nr);
	a.timeout.store(timeout);
	return sched_op(abi::SchedOp::Poll, inline_handle(&a));
}

void polls()
{
	auto *list = reinterpret_cast<Be<u32> *>(page());
	u32 port = 0;

	(void)ev::bind_ipi(0, port);
	ev::quiet();
	list[0].store(port);
	u64 from = xen_ns();
	s64 result = poll(list, 1, from + 50 * ms);
	fact("time.poll.timeout", xen_result(result), " ",
	     judge(xen_ns() - from, 45 * ms, 50 * ms + slack));
	fact("time.poll.ee_stays_off", (get_msr() & msr::ee) == 0);
	stop_all();
	ev::mask(port, true);
	(void)ev::send(port);
	from = xen_ns();
	result = poll(list, 1, from + 300 * ms);
	fact("time.poll.pending", xen_result(result), " ",
	     xen_ns() - from < 100 * ms ? "returns at once" : "sleeps");
	ev::mask(port, false);
	ev::quiet();
	ev::clear(port);
	from = xen_ns();
	result = poll(list, 0, from + 20 * ms);
	fact("time.poll.no_ports", xen_result(result), " ",
	     judge(xen_ns() - from, 15 * ms, 20 * ms + slack));
	/* A decrementer that is far from due runs on while the vcpu does not (ABI 6). */
	const s64 before = 1'000'000'000;
	set_dec(before);
	(void)poll(list, 0, xen_ns() + 100 * ms);
	const u64 gone = static_cast<u64>(before - dec());
	fact("time.dec.while_asleep",
	     gone * (1'000'000'000 / timebase_hz()) > 80 * ms ? "runs on" : "stands still");
	set_dec(dec_never);
	result = poll(list, 1, 1);
	fact("time.poll.past", xen_result(result));
	fact("time.poll.too_many", xen_result(poll(list, 129, 1)));
	list[0].store(4096);
	fact("time.poll.bad_port", xen_result(poll(list, 1, 1)));
	list[0].store(0xffffffff);
	fact("time.poll.port_all_ones", xen_result(poll(list, 1, 1)));
	fact("time.poll.fault", xen_result(sched_op(abi::SchedOp::Poll, 0)));
	(void)ev::close(port);
	stop_all();
}

void scheduling()
{
	abi::SchedRemoteShutdown a{};

	fact("time.yield", xen_result(sched_op(abi::SchedOp::Yield)));
	fact("time.yield.old_number", xen_result(xen_call(XenCall::SchedOpCompat, 0)));
	fact("time.sched.shutdown_fault", xen_result(sched_op(abi::SchedOp::Shutdown, 0)));
	fact("time.sched.remote_fault", xen_result(sched_op(abi::SchedOp::RemoteShutdown, 0)));
	a.domain_id.store(domid_nobody);
	fact("time.sched.remote_unknown",
	     xen_result(sched_op(abi::SchedOp::RemoteShutdown, inline_handle(&a))));
	fact("time.sched.operation_5", xen_result(xen_call(XenCall::SchedOp, 5, 0)));
	fact("time.sched.operation_huge", xen_result(xen_call(XenCall::SchedOp, 0x80000000, 0)));
}

void clocks()
{
	const volatile abi::SharedInfo &shared = shared_info();
	u64 sum = 0;

	for (const volatile abi::VcpuInfo &v : shared.vcpu_info)
		for (u32 i = 0; i < sizeof(abi::VcpuTimeInfo); i++)
			sum |= reinterpret_cast<const volatile u8 *>(&v.time)[i];
	fact("time.vcpu_time_info", sum ? "written" : "zero");
	const auto *wc = reinterpret_cast<const volatile u32 *>(&shared.wc_version);

	fact("time.wallclock.dom0", wc[0] | wc[1] | wc[2] | wc[4] | wc[5] ? "written" : "zero");
	const u64 a = xen_ns(), b = xen_ns();

	fact("time.timebase.runs", b >= a);
}

} // namespace

void facts_time()
{
	clocks();
	(void)periodic(10 * ms); /* as every vcpu starts; an earlier group may have stopped it */
	ticker();
	timer();
	singleshots();
	block();
	polls();
	scheduling();
	stop_all();
}

} // namespace probe
