/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Delivery of events and the way out of refhv (ABI 5.3, 5.4, 1.2).
 *
 * leave() runs on the vcpu's own core and is the only place that naps.  Whoever wakes a
 * vcpu writes its state under the lock and then kicks its core: a kick between the unlock
 * and the nap is still there when the nap begins, so that no wake-up is lost.
 */
#include "ev/upcall.hh"

#include "base/lock.hh"
#include "base/rules.hh"
#include "base/trace.hh"
#include "dom/domain.hh"
#include "machine/cpu.hh"

namespace refhv::upcall {

namespace {

using xen::ppc::Runstate;

inline constexpr u64 dec_max = 0x7fffffff;
inline constexpr u64 srr1_cleared = 0x783f0000;
/* FP PR EE FE0 SE BE FE1 IR DR PMM RI: off in an interrupt handler; VMX stays. */
inline constexpr u64 msr_cleared = msr::ee | msr::pr | msr::fp | msr::ir | msr::dr | msr::ri |
				   0x800 | 0x400 | 0x200 | 0x100 | 0x4;

bool may_run(const Vcpu &vcpu)
{
	return vcpu.initialised && vcpu.online && !vcpu.blocked && !vcpu.dom->shut_down;
}

/* A sleeping vcpu's own DEC wakes nobody but counts on: it may have run out meanwhile. */
void count_down(Vcpu &vcpu, u64 ticks)
{
	vcpu.dec_saved = true;
	if (vcpu.dec > 0)
		vcpu.dec = ticks < u64(vcpu.dec) ? vcpu.dec - s64(ticks) : 0;
}

/* Sleep until @vcpu may run.  Its own DEC is saved: here DEC is the alarm for its timers. */
void wait(Vcpu &vcpu)
{
	while (!may_run(vcpu)) {
		const bool blocked = vcpu.initialised && vcpu.online && !vcpu.dom->shut_down;
		u64 alarm = dec_max;

		time::set_state(vcpu, blocked ? Runstate::Blocked : Runstate::Offline);
		if (blocked && time::expire(vcpu))
			continue;
		if (const u64 at = blocked ? time::next(vcpu) : time::never; at != time::never) {
			const u64 now = time::now();
			const u64 ticks = at > now ? time::ticks(at - now) : 1;

			alarm = ticks < dec_max ? ticks : dec_max;
		}
		const u64 from = cpu::timebase();

		cpu::set_decrementer(s64(alarm));
		hypervisor_unlock();
		cpu::nap();
		hypervisor_lock();
		/* A tick that came due meanwhile may have ended the nap, and is gone then. */
		cpu::set_hypervisor_decrementer(time::ticks(time::tick_ns));
		count_down(vcpu, cpu::timebase() - from);
	}
	time::set_state(vcpu, Runstate::Running);
}

/* An event waits with EE on.  False: the vcpu must not go on, its domain is at an end. */
bool deliver(Vcpu &vcpu, u64 vector)
{
	if (!(vcpu.regs.msr & msr::ri)) {
		violation(Rule::EeWithoutRi, *vcpu.dom, "event with EE=1 and RI=0", vcpu.regs.pc);
		crash(*vcpu.dom, "event with EE=1 and RI=0 at", vcpu.regs.pc);
		return !vcpu.dom->shut_down;
	}
	if (vcpu.waiting && vector == trap::hypervisor_decrementer)
		++vcpu.waited;
	trace(Trace::Inject, vcpu.dom->id.raw(), vcpu.id.raw(), vcpu.regs.pc);
	inject(vcpu, trap::external, 0);
	return true;
}

} // namespace

bool pending(const Vcpu &vcpu)
{
	if (!vcpu.dom->shared_info_at.raw())
		return false;
	return __atomic_load_n(
		       &shared_info(*vcpu.dom)->vcpu_info[vcpu.id.raw()].evtchn_upcall_pending,
		       __ATOMIC_SEQ_CST) != 0;
}

void wake(Vcpu &vcpu)
{
	if (vcpu.blocked)
		time::set_state(vcpu, Runstate::Runnable);
	vcpu.blocked = false;
	vcpu.poll = Poll::No;
	if (vcpu.cpu != cpu::number())
		cpu::kick(vcpu.cpu);
}

void notify(Vcpu &vcpu)
{
	const bool own = vcpu.cpu == cpu::number();

	wake(vcpu);
	if (!own || vcpu.regs.msr & msr::ee) /* leave() of one core or the other delivers it */
		return;
	if (options.upcall == Upcall::Prompt || vcpu.regs.vector == trap::external)
		cpu::kick(vcpu.cpu);
	else
		vcpu.waiting = true;
}

void inject(Vcpu &vcpu, u64 vector, u64 srr1_bits)
{
	Regs &regs = vcpu.regs;

	cpu::set_srr(regs.pc, (regs.msr & ~srr1_cleared) | srr1_bits);
	regs.pc = vector;
	regs.msr = (regs.msr & ~msr_cleared) | msr::sf | msr::me;
}

void leave(Vcpu &vcpu, u64 vector)
{
	const bool call = vector == trap::system_call;
	const bool device = vector == trap::external || vector == trap::hypervisor_doorbell;
	const bool destroy = call || (device && vcpu.regs.msr & msr::ee);
	bool injected = false;

	for (bool settled = false; !settled;) {
		wait(vcpu);
		time::complete_wallclock(*vcpu.dom);
		if (!vcpu.entered) {
			cpu::load_context(*vcpu.dom);
			vcpu.dec = s64(dec_max);
			vcpu.dec_saved = vcpu.entered = true;
		}
		(void)time::expire(vcpu);
		if (vector == trap::hypervisor_decrementer && options.race == Race::Event &&
		    !(vcpu.regs.msr & msr::ee))
			evtchn::raise_virq(*vcpu.dom, virq_debug, vcpu.id);
		injected = pending(vcpu) && vcpu.regs.msr & msr::ee;
		settled = !injected || deliver(vcpu, vector);
	}
	if (injected || !pending(vcpu))
		vcpu.waiting = false;
	if (destroy && !injected && !options.keep_srr)
		cpu::set_srr(all_ones, all_ones);
	if (vcpu.dec_saved)
		cpu::set_decrementer(vcpu.dec);
	vcpu.dec_saved = false;
}

} // namespace refhv::upcall
