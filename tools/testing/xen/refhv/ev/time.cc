/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Xen time, a vcpu's timers and its accounting (ABI 6).
 *
 * Only values in struct Vcpu change here; upcall.cc puts DEC into the processor.
 */
#include "ev/time.hh"

#include "base/trace.hh"
#include "dom/domain.hh"
#include "machine/cpu.hh"

namespace refhv::time {

namespace {

using xen::ppc::Runstate;

/* What a tick counts: not its length, but what the historical formula makes of it. */
u64 ns_per_tick()
{
	const u64 hz = cpu::timebase_hz();

	return hz && hz < 1'000'000'000 ? 1'000'000'000 / hz : 1;
}

void force_decrementer(Vcpu &vcpu)
{
	vcpu.dec = 1;
	trace(Trace::Timer, vcpu.dom->id.raw(), vcpu.id.raw());
}

} // namespace

u64 now()
{
	return cpu::timebase() * ns_per_tick();
}

u64 ticks(u64 xen_ns)
{
	const u64 ns = ns_per_tick();

	return xen_ns / ns + (xen_ns % ns != 0);
}

void init(Vcpu &vcpu)
{
	vcpu.timer = {};
	start_period(vcpu, tick_ns);
	for (u64 &ns : vcpu.state_ns)
		ns = 0;
	vcpu.state = u32(Runstate::Offline);
	vcpu.state_since = now();
}

void arm(Vcpu &vcpu, u64 at)
{
	vcpu.timer.deadline = at ? at : 1;
}

void start_period(Vcpu &vcpu, u64 ns)
{
	const u64 at = now();

	vcpu.timer.period = ns;
	vcpu.timer.next_period = ns < never - at ? at + ns : never;
}

void lose_deadline(Vcpu &vcpu)
{
	vcpu.timer.deadline = 0;
	vcpu.timer.fired = true;
	force_decrementer(vcpu);
}

bool expire(Vcpu &vcpu)
{
	Timer &timer = vcpu.timer;
	const u64 at = now();
	const bool due = timer.deadline && timer.deadline <= at;
	const bool polled =
		vcpu.poll_deadline && vcpu.poll_deadline <= at && vcpu.poll == Poll::Waiting;

	if (due)
		lose_deadline(vcpu);
	if (due || polled) {
		vcpu.blocked = false;
		vcpu.poll = Poll::No;
	}
	if (vcpu.blocked || !timer.period || timer.next_period > at)
		return due || polled;
	/* By the grid: HDEC comes a little late each time, and every tick must find one due. */
	timer.next_period += timer.period;
	if (timer.next_period <= at)
		start_period(vcpu, timer.period);
	force_decrementer(vcpu);
	return true;
}

u64 next(const Vcpu &vcpu)
{
	const u64 deadline = vcpu.timer.deadline ? vcpu.timer.deadline : never;
	const u64 poll =
		vcpu.poll == Poll::Waiting && vcpu.poll_deadline ? vcpu.poll_deadline : never;

	return deadline < poll ? deadline : poll;
}

/* As raw words: dom0 may be writing them at this moment, and torn is what it then gets. */
void copy_wallclock(Domain &to)
{
	const Domain *dom0 = find_domain(DomId{0});

	if (!to.shared_info_at.raw() || !dom0 || !dom0->shared_info_at.raw() || &to == dom0)
		return;

	const xen::ppc::SharedInfo &from = *shared_info(*dom0);
	xen::ppc::SharedInfo &info = *shared_info(to);

	info.wc_sec = from.wc_sec;
	info.wc_nsec = from.wc_nsec;
	info.boot_timebase = from.boot_timebase;
}

void complete_wallclock(Domain &to)
{
	if (to.privileged || !to.shared_info_at.raw())
		return;

	const xen::ppc::SharedInfo &info = *shared_info(to);

	if (!info.wc_sec.load() || !info.boot_timebase.load())
		copy_wallclock(to);
}

void set_state(Vcpu &vcpu, Runstate state)
{
	const u64 at = now();

	if (vcpu.state == u32(state))
		return;
	vcpu.state_ns[vcpu.state] += at - vcpu.state_since;
	vcpu.state = u32(state);
	vcpu.state_since = at;
}

u64 state_time(const Vcpu &vcpu, Runstate state)
{
	const u64 open = vcpu.state == u32(state) ? now() - vcpu.state_since : 0;

	return vcpu.state_ns[u32(state)] + open;
}

} // namespace refhv::time
