/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Further vcpus: one that has nothing to do takes itself down, so that it costs nothing.
 */
#include <abi/vcpu.hh>

#include "probe/cpu.hh"

extern "C" char probe_secondary_start[];

namespace probe {

namespace {

constexpr u64 stack_pages = 3; /* two for C++, one for traps */

s64 vcpu_op(abi::VcpuOp op, u32 vcpu, u64 handle = 0)
{
	return xen_call(abi::XenCall::VcpuOp, static_cast<u64>(op), vcpu, handle);
}

Work state_of(const Cpu &cpu)
{
	return __atomic_load_n(&cpu.state, __ATOMIC_ACQUIRE);
}

/* first_start - give vcpu @number its context, as XenLinux did (ABI 7): MSR 0, r3 the number */
s64 first_start(u32 number)
{
	auto *context = reinterpret_cast<abi::VcpuGuestContext *>(page());
	u8 *stack = pages(stack_pages);
	Cpu &cpu = probe_cpus[number];

	cpu.number = number;
	cpu.trap_stack = reinterpret_cast<u64>(stack) + stack_pages * page_bytes - 64;
	cpu.stack = cpu.trap_stack - page_bytes;
	for (u32 i = 0; i < 32; i++)
		context->user_regs.gprs[i].store(0x5500 + i);
	context->user_regs.gprs[3].store(number);
	context->user_regs.lr.store(0x5601);
	context->user_regs.ctr.store(0x5602);
	context->user_regs.cr.store(0x12345678);
	context->user_regs.pc.store(reinterpret_cast<u64>(probe_secondary_start));
	return vcpu_op(abi::VcpuOp::Initialise, number, inline_handle(context));
}

} // namespace

u32 vcpus()
{
	u32 count = 0;

	while (count < MAX_VCPUS && vcpu_op(abi::VcpuOp::IsUp, count) >= 0)
		count++;
	return count;
}

u32 this_vcpu()
{
	return this_cpu().number;
}

s64 on_vcpu(u32 number, void (*work)(u64), u64 argument)
{
	Cpu &cpu = probe_cpus[number];
	s64 result = 0;

	if (state_of(cpu) == Work::Never)
		result = first_start(number);
	else if (state_of(cpu) != Work::Done || !vcpu_done(number, 1000))
		result = -16;
	if (result)
		return result;
	cpu.work = work;
	cpu.argument = argument;
	__atomic_store_n(&cpu.state, Work::Posted, __ATOMIC_RELEASE);
	return vcpu_op(abi::VcpuOp::Up, number);
}

bool vcpu_done(u32 number, u64 ms)
{
	/* Down as well: it must not go down after its next work was posted. */
	return wait_until(
		[&] {
			return state_of(probe_cpus[number]) == Work::Done &&
			       vcpu_op(abi::VcpuOp::IsUp, number) == 0;
		},
		ms);
}

/* The loop of a further vcpu; EE is off between two works. */
extern "C" [[noreturn]] void probe_secondary(u64 number)
{
	Cpu &me = this_cpu();

	set_dec(dec_never);
	for (;;) {
		while (state_of(me) != Work::Posted)
			;
		__atomic_store_n(&me.state, Work::Running, __ATOMIC_RELAXED);
		me.work(me.argument);
		ee_off();
		__atomic_store_n(&me.state, Work::Done, __ATOMIC_RELEASE);
		vcpu_op(abi::VcpuOp::Down, static_cast<u32>(number));
	}
}

} // namespace probe
