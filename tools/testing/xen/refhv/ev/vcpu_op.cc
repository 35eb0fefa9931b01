/* SPDX-License-Identifier: GPL-2.0 */
/*
 * vcpu_op: a domain's own vcpus, their registers, timers and accounting (ABI 7; layouts 7.2).
 *
 * Registers of another vcpu are written only while it has never run: its core sleeps in
 * upcall::leave until then, so that nothing of its state is in a processor.
 */
#include "ev/vcpu_op.hh"

#include "base/rules.hh"
#include "call/hypercall.hh"
#include "dom/domain.hh"
#include "machine/cpu.hh"

namespace refhv {

namespace {

using namespace xen::ppc;
namespace err = xen::err;

/* SF ISF VMX EE PR FP ME FE0 SE BE FE1 IR DR PMM RI: what a 970's guest may have. */
inline constexpr u64 msr_allowed = msr::sf | u64{1} << 61 | u64{1} << 25 | msr::ee | msr::pr |
				   msr::fp | msr::me | 0x800 | 0x400 | 0x200 | 0x100 | msr::ir |
				   msr::dr | 0x4 | msr::ri;

s64 initialise(Memory &mem, Vcpu &vcpu, u64 handle)
{
	VcpuGuestContext context;

	if (!xencomm::get(mem, handle, context))
		return err::fault.to_linux();
	return vcpu.initialised ? err::exist.to_linux() : vcpu_op::set_context(vcpu, context);
}

s64 up(Vcpu &vcpu)
{
	if (!vcpu.initialised)
		return err::inval.to_linux();
	if (!vcpu.online) {
		time::start_period(vcpu, vcpu.timer.period);
		time::set_state(vcpu, vcpu.blocked ? Runstate::Blocked : Runstate::Runnable);
	}
	vcpu.online = true;
	cpu::kick(vcpu.cpu);
	return 0;
}

/* A vcpu that runs elsewhere stops at its next exit, which the kick brings about. */
s64 down(const Vcpu &caller, Vcpu &vcpu)
{
	vcpu.online = false;
	if (&vcpu != &caller)
		cpu::kick(vcpu.cpu);
	return 0;
}

s64 runstate(Memory &mem, const Vcpu &vcpu, u64 handle)
{
	RunstateInfo info{};

	info.state.store(vcpu.state);
	info.state_entry_time.store(vcpu.state_since);
	for (u32 s = 0; s < 4; ++s)
		info.time[s].store(time::state_time(vcpu, static_cast<Runstate>(s)));
	return xencomm::put(mem, handle, info) ? 0 : err::fault.to_linux();
}

s64 set_periodic(Memory &mem, Vcpu &vcpu, u64 handle)
{
	SetPeriodicTimer arg;

	if (!xencomm::get(mem, handle, arg))
		return err::fault.to_linux();
	if (arg.period_ns.load() < min_period_ns)
		return err::inval.to_linux();
	time::start_period(vcpu, arg.period_ns.load());
	return 0;
}

s64 set_singleshot(Memory &mem, Vcpu &vcpu, u64 handle)
{
	SetSingleshotTimer arg;

	if (!xencomm::get(mem, handle, arg))
		return err::fault.to_linux();
	if (arg.flags.load() & singleshot_future && arg.timeout_abs_ns.load() < time::now())
		return err::time.to_linux();
	time::arm(vcpu, arg.timeout_abs_ns.load());
	return 0;
}

} // namespace

s64 vcpu_op::set_context(Vcpu &vcpu, const VcpuGuestContext &context)
{
	const CpuUserRegs &from = context.user_regs;
	Regs &regs = vcpu.regs;

	if (!vcpu.dom->rma_bytes || !vcpu.dom->hpt.slots) {
		violation(Rule::DangerousCall, *vcpu.dom, "vcpu without RMA or hash table",
			  vcpu.id.raw());
		return err::inval.to_linux();
	}
	if (from.msr.load() & ~msr_allowed)
		violation(Rule::VcpuContext, *vcpu.dom, "MSR bits that a guest cannot have",
			  from.msr.load());
	for (u32 r = 0; r < 32; ++r)
		regs.gpr[r] = from.gprs[r].load();
	regs.pc = from.pc.load();
	regs.msr = from.msr.load() & msr_allowed;
	regs.lr = from.lr.load();
	regs.ctr = from.ctr.load();
	regs.xer = from.xer.load();
	regs.cr = from.cr.load();
	time::copy_wallclock(*vcpu.dom);
	vcpu.initialised = true;
	return 0;
}

s64 do_vcpu_op(Call &call)
{
	const u32 number = u32(call.arg[1]);
	const u64 handle = call.arg[2];
	Domain &dom = *call.vcpu.dom;

	if (number >= xen::ppc::max_vcpus)
		return err::inval.to_linux();
	if (number >= dom.nr_vcpus)
		return err::noent.to_linux();

	Vcpu &vcpu = dom.vcpu[number];
	const bool own = &vcpu == &call.vcpu;

	switch (static_cast<VcpuOp>(u32(call.arg[0]))) {
	case VcpuOp::Initialise:
		return initialise(call.mem, vcpu, handle);
	case VcpuOp::Up:
		return up(vcpu);
	case VcpuOp::Down:
		return down(call.vcpu, vcpu);
	case VcpuOp::IsUp:
		return vcpu.online;
	case VcpuOp::GetRunstateInfo:
		return runstate(call.mem, vcpu, handle);
	case VcpuOp::SetPeriodicTimer:
		return set_periodic(call.mem, vcpu, handle);
	case VcpuOp::StopPeriodicTimer:
		time::start_period(vcpu, 0);
		return 0;
	case VcpuOp::SetSingleshotTimer:
		return own ? set_singleshot(call.mem, vcpu, handle) : err::inval.to_linux();
	case VcpuOp::StopSingleshotTimer:
		if (!own)
			return err::inval.to_linux();
		vcpu.timer.deadline = 0;
		return 0;
	case VcpuOp::RegisterRunstateMemoryArea:
	case VcpuOp::RegisterVcpuInfo:
		break;
	}
	return err::nosys.to_linux();
}

} // namespace refhv
