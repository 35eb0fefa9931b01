/* SPDX-License-Identifier: GPL-2.0 */
#include "event_world.hh"

namespace event_world {

World::World()
{
	restart();
}

void World::restart()
{
	machine = {};
	options = {};
	reset_rules();
	hypervisor_lock_state.held = 1;
	for (u32 d = 0; d < 2; ++d) {
		Domain &dom = domains[d];

		dom.present = true;
		dom.shut_down = false;
		dom.privileged = d == 0;
		std::memset(static_cast<void *>(dom.vcpu), 0, sizeof(dom.vcpu));
		std::memset(shared(d), 0, page_bytes);
		for (u32 v = 0; v < 2; ++v) {
			Vcpu &vcpu = dom.vcpu[v];

			vcpu.dom = &dom;
			vcpu.id = VcpuId{v};
			vcpu.cpu = dom.first_cpu + v;
			vcpu.initialised = vcpu.online = vcpu.entered = true;
			vcpu.regs.msr = msr_shut;
			vcpu.regs.vector = 0xc00;
		}
		evtchn::init(dom);
	}
}

u8 *World::memory(u32 d, u64 guest_physical)
{
	return phys(MachAddr{domains[d].rma.raw() + guest_physical});
}

u8 *World::memory_of(Vcpu &vcpu, u64 guest_physical)
{
	return phys(MachAddr{vcpu.dom->rma.raw() + guest_physical});
}

s64 World::call(Vcpu &vcpu, Handler handler, const u64 (&args)[6])
{
	refhv::Call call{vcpu, Memory{*vcpu.dom}, {}};

	std::memcpy(call.arg, args, sizeof(args));
	machine.cpu = vcpu.cpu;
	return handler(call);
}

void World::enter(Vcpu &vcpu, u64 vector, s64 dec)
{
	machine.cpu = vcpu.cpu;
	vcpu.regs.vector = vector;
	vcpu.dec = dec;
	vcpu.dec_saved = true;
}

void World::leave(Vcpu &vcpu)
{
	machine.cpu = vcpu.cpu;
	if (!hypervisor_locked()) /* a sleep for ever was left by an exception, unlocked */
		hypervisor_lock();
	upcall::leave(vcpu, vcpu.regs.vector);
}

u8 *World::shared(u32 d)
{
	return phys(domains[d].shared_info_at);
}

bool World::bit(u32 d, u64 offset, u32 n)
{
	return shared(d)[offset + n / 64 * 8 + 7 - n % 64 / 8] >> n % 8 & 1;
}

void World::set_bit(u32 d, u64 offset, u32 n, bool on)
{
	u8 &byte = shared(d)[offset + n / 64 * 8 + 7 - n % 64 / 8];
	const u8 mask = static_cast<u8>(1 << n % 8);

	byte = static_cast<u8>(on ? byte | mask : byte & ~mask);
}

} // namespace event_world
