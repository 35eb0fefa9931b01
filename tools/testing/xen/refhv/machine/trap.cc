/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Every entry into refhv from a guest, and every failure of refhv itself.
 *
 * Takes the hypervisor lock for all that follows.  An exception that found HV = 1 is
 * refhv's own: it may hold the lock, so that the message is printed without it.
 */
#include "base/lock.hh"
#include "base/print.hh"
#include "base/rules.hh"
#include "call/hypercall.hh"
#include "dom/domain.hh"
#include "dom/firmware.hh"
#include "ev/time.hh"
#include "ev/upcall.hh"
#include "machine/core.hh"

namespace refhv {

extern "C" {
void hv_trap(Regs &regs);
u64 hv_nap();
}

namespace {

/* How the processor tells the reason to 0x300, 0x400 and 0x700. */
constexpr u64 illegal_instruction = 0x80000, protection = 0x08000000, store = 0x02000000;
constexpr u64 wake_reason = 0x3c0000, wake_external = 0x200000;

static_assert(offsetof(Vcpu, regs) == 0);

void print_registers(const Regs &regs)
{
	print("refhv: cpu ", regs.cpu, " vector ", hex(regs.vector), " pc ", hex(regs.pc), " msr ",
	      hex(regs.msr), " lr ", hex(regs.lr), "\nrefhv: srr0 ", hex(spr::get<spr::srr0>()),
	      " srr1 ", hex(spr::get<spr::srr1>()), " dar ", hex(spr::get<spr::dar>()), " dsisr ",
	      hex(spr::get<spr::dsisr>()), " hdar ", hex(spr::get<spr::hdar>()), " hdsisr ",
	      hex(spr::get<spr::hdsisr>()));
	for (u32 i = 0; i < 32; i++)
		print(i % 4 ? " r" : "\nrefhv: r", i, " ", hex(regs.gpr[i]));
	print("\n");
}

/* A failure while this prints must not print again, nor for ever. */
[[noreturn]] void die(const Regs &regs, const char *why)
{
	static constinit u32 failures;

	if (__atomic_fetch_add(&failures, 1, __ATOMIC_RELAXED))
		board::power_off();
	to_trace(false);
	print_registers(regs);
	finish(why, true);
}

void serve_external()
{
	Domain *dom0 = find_domain(DomId{0});

	if (board::serve_interrupt() && dom0)
		evtchn::raise_virq(*dom0, virq_console, VcpuId{0});
}

void dispatch(Vcpu &vcpu)
{
	Regs &regs = vcpu.regs;

	switch (regs.vector) {
	case trap::system_call:
		if (firmware::is_call(vcpu))
			firmware::call(vcpu);
		else
			hypercall::enter(vcpu);
		break;
	case trap::hypervisor_decrementer:
		cpu::set_hypervisor_decrementer(time::ticks(time::tick_ns));
		(void)time::expire(vcpu);
		if (vcpu.id == VcpuId{0})
			check_reserved(*vcpu.dom);
		break;
	case trap::external:
		serve_external();
		break;
	case trap::hypervisor_doorbell: /* a kick: the way out does what there is to do */
		break;
	case trap::hypervisor_data: /* from here on: what a 970 gives to the guest itself */
		spr::set<spr::dar>(spr::get<spr::hdar>());
		spr::set<spr::dsisr>(protection | (spr::get<spr::hdsisr>() & store));
		upcall::inject(vcpu, 0x300, 0);
		break;
	case trap::hypervisor_instruction:
		upcall::inject(vcpu, 0x400, protection);
		break;
	case trap::hypervisor_facility:
		violation(Rule::FacilityUse, *vcpu.dom, "facility of a later processor",
			  spr::get<spr::hfscr>() >> 56);
		[[fallthrough]];
	case trap::hypervisor_illegal:
		upcall::inject(vcpu, 0x700, illegal_instruction);
		break;
	case trap::machine_check:
		crash(*vcpu.dom, "machine check", regs.pc);
		break;
	default:
		die(regs, "exception that no guest can cause");
	}
}

} // namespace

/*
 * nap - as cpu.hh has it.  Here because a device interrupt that ends a nap is no
 * exception: nobody else would serve it, and the next nap would end at once.
 */
void cpu::nap()
{
	const u64 srr0 = spr::get<spr::srr0>(), srr1 = spr::get<spr::srr1>();
	const u64 reason = hv_nap() & wake_reason;

	set_srr(srr0, srr1);
	if (reason == wake_external) {
		hypervisor_lock();
		serve_external();
		hypervisor_unlock();
	}
}

/* What the vectors call, on this core's stack from its top; returns to hv_resume. */
void hv_trap(Regs &regs)
{
	if (regs.msr & msr::hv)
		die(regs, smp::stack_intact() ? "exception in refhv" : "stack overflow");
	hypervisor_lock();

	Vcpu &vcpu = *reinterpret_cast<Vcpu *>(&regs);
	const u64 vector = regs.vector; /* a vcpu that is started anew loses its own */

	vcpu.dec = cpu::decrementer();
	vcpu.dec_saved = true;
	dispatch(vcpu);
	if (!smp::stack_intact())
		die(regs, "stack overflow");
	upcall::leave(vcpu, vector);
	hypervisor_unlock();
}

} // namespace refhv
