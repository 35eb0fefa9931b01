/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Two small domains for the tests of events: dom0 (privileged) and domain 5, two vcpus each.
 *
 * The shared pages are read and written as bytes, by the ABI's offsets: nothing of refhv
 * decides where a bit is.  Arguments go through guest memory and inline handles.
 */
#ifndef REFHV_EVENT_WORLD_HH
#define REFHV_EVENT_WORLD_HH

#include "call/hypercall.hh"
#include "ev/upcall.hh"
#include "world.hh"

namespace event_world {

using namespace refhv;
using rig::machine;
using rig::SleepsForEver;

inline constexpr u64 msr_open = msr::sf | msr::me | msr::ri | msr::ee; /* a guest with EE on */
inline constexpr u64 msr_shut = msr::sf | msr::me | msr::ri;
inline constexpr u64 argument_at = 0x10000; /* guest-physical */
using xen::ppc::inline_flag;

/* dec - what is in DEC of core @cpu */
inline s64 dec(u32 cpu)
{
	return static_cast<s64>(machine.dec_due[cpu] - machine.timebase);
}

class World {
public:
	World();
	void restart(); /* as new: the domains' events and vcpus, the machine, options and rules */

	Domain &dom(u32 d) { return domains[d]; }
	Vcpu &vcpu(u32 d, u32 v) { return domains[d].vcpu[v]; }
	u8 *memory(u32 d, u64 guest_physical);

	/* The call with its argument's handle in argument @where; the argument is read back. */
	template <class T>
	s64 call(Vcpu &vcpu, Handler handler, u64 a0, T &arg, u32 where = 1, u64 a1 = 0)
	{
		u8 *const at = memory_of(vcpu, argument_at);
		u64 args[6] = {a0, a1};

		std::memcpy(at, &arg, sizeof(arg));
		args[where] = inline_flag | argument_at;
		const s64 result = call(vcpu, handler, args);
		std::memcpy(&arg, at, sizeof(arg));
		return result;
	}
	s64 call(Vcpu &vcpu, Handler handler, const u64 (&args)[6]);

	/* Entry with @vector as the trap code does it, and the way out. */
	void enter(Vcpu &vcpu, u64 vector, s64 dec = 1000);
	void leave(Vcpu &vcpu);

	/* The shared page of domain @d. */
	bool pending(u32 d, u32 port) { return bit(d, 0x600, port); }
	bool masked(u32 d, u32 port) { return bit(d, 0x800, port); }
	bool selected(u32 d, u32 v, u32 word) { return bit(d, 0x30 * v + 8, word); }
	u8 &upcall(u32 d, u32 v) { return shared(d)[0x30 * v]; }
	void set_pending(u32 d, u32 port, bool on) { set_bit(d, 0x600, port, on); }
	void mask(u32 d, u32 port, bool on) { set_bit(d, 0x800, port, on); }
	void select(u32 d, u32 v, u32 word, bool on) { set_bit(d, 0x30 * v + 8, word, on); }
	u8 *shared(u32 d);

private:
	rig::World rig_;
	u8 *memory_of(Vcpu &vcpu, u64 guest_physical);
	bool bit(u32 d, u64 offset, u32 n);
	void set_bit(u32 d, u64 offset, u32 n, bool on);
};

} // namespace event_world

#endif
