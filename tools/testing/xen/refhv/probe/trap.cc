/* SPDX-License-Identifier: GPL-2.0 */
/* Traps: what the vectors call, the default upcall and decrementer handlers, expectations. */
#include "probe/cpu.hh"

extern "C" char probe_user_done[], probe_user_resume[];

namespace probe {

namespace {

constinit Handler handlers[0x1000 / 0x20]{};
constinit volatile u32 event_counts[abi::nr_ports]{};

template <class T> volatile u64 *raw(volatile T &value)
{
	static_assert(sizeof(T) == 8);
	return reinterpret_cast<volatile u64 *>(&value);
}

void upcall(Cpu &me, Frame &frame)
{
	me.seen.upcalls++;
	me.seen.upcall_srr0 = frame.pc;
	me.seen.upcall_srr1 = frame.msr;
	me.seen.upcall_msr = frame.handler_msr;
	me.seen.upcall_timebase = timebase();
	scan_events(me.number);
}

void decrement(Cpu &me)
{
	me.seen.decrements++;
	me.seen.decrement_timebase = timebase();
	set_dec(dec_never);
}

/* leave_user - the interrupted problem state is over: back to probe_user's caller */
void leave_user(Cpu &me, Frame &frame)
{
	me.in_user = false;
	frame.gpr[1] = me.user_r1;
	frame.msr = me.user_msr;
	frame.pc = reinterpret_cast<u64>(probe_user_resume);
}

void synchronous(Cpu &me, Frame &frame)
{
	const u32 vector = static_cast<u32>(frame.vector);

	if (me.in_user && vector == 0xc00 && frame.pc == reinterpret_cast<u64>(probe_user_done))
		return leave_user(me, frame);
	if (!me.expecting || me.trap.vector) {
		const bool data = vector == 0x300 || vector == 0x380 || vector == 0x600;

		put("unexpected trap at ");
		put(hex(frame.pc));
		put(" srr1 ");
		put(hex(frame.msr));
		put(" dar ");
		put(hex(data ? frame.dar : 0));
		put(" lr ");
		put(hex(frame.lr));
		put(" vcpu ");
		put(me.number);
		fail(", vector", vector);
	}
	me.trap = Trap{vector, frame.pc, frame.msr, frame.dar, frame.dsisr};
	if (me.in_user)
		leave_user(me, frame);
	else if (vector == 0x400 || vector == 0x480)
		frame.pc = frame.lr;
	else if (vector != 0xc00)
		frame.pc += 4;
}

} // namespace

void on_trap(u32 vector, Handler handler)
{
	handlers[vector / 0x20] = handler;
	asm volatile("sync" ::: "memory");
}

volatile Seen &seen(u32 vcpu)
{
	return probe_cpus[vcpu].seen;
}

volatile u32 &events(u32 port)
{
	return event_counts[port];
}

void scan_events(u32 vcpu)
{
	volatile abi::SharedInfo &shared = shared_info();
	volatile abi::VcpuInfo &info = shared.vcpu_info[vcpu];

	/* The byte first: an event that comes later sets it again. */
	info.evtchn_upcall_pending = 0;
	asm volatile("sync" ::: "memory");
	u64 selected = __atomic_exchange_n(raw(info.evtchn_pending_sel), 0, __ATOMIC_SEQ_CST);

	for (u32 word = 0; selected; word++, selected >>= 1) {
		if (!(selected & 1))
			continue;
		volatile u64 *pending = raw(shared.evtchn_pending[word]);
		const u64 mask = *raw(shared.evtchn_mask[word]);
		u64 found = *pending & ~mask;

		__atomic_and_fetch(pending, ~found, __ATOMIC_SEQ_CST);
		for (u32 bit = 0; found; bit++, found >>= 1)
			if (found & 1)
				__atomic_add_fetch(&event_counts[word * 64 + bit], 1,
						   __ATOMIC_SEQ_CST);
	}
}

void begin_expecting()
{
	Cpu &me = this_cpu();

	me.trap = Trap{};
	me.expecting = true;
	asm volatile("" ::: "memory");
}

Trap end_expecting()
{
	Cpu &me = this_cpu();

	asm volatile("" ::: "memory");
	me.expecting = false;
	return me.trap;
}

Trap load(u64 ea, u64 &value)
{
	u64 got = 0;
	const Trap trap = trapped([&] {
		asm volatile("ld %0,0(%1)" : "+r"(got) : "b"(ea) : "memory");
	});

	value = got;
	return trap;
}

Trap store(u64 ea, u64 value)
{
	return trapped([&] { asm volatile("std %0,0(%1)" ::"r"(value), "b"(ea) : "memory"); });
}

extern "C" void probe_trap(Frame *frame)
{
	Cpu &me = this_cpu();
	const Handler handler = handlers[frame->vector / 0x20];

	if (handler)
		handler(*frame);
	else if (frame->vector == 0x500)
		upcall(me, *frame);
	else if (frame->vector == 0x900)
		decrement(me);
	else
		synchronous(me, *frame);
}

} // namespace probe
