/* SPDX-License-Identifier: GPL-2.0 */
/* Segments and page table entries of the probes (ABI 3.3): hash, words, entering, modes. */
#include "probe/mmu.hh"

#include <abi/hpte.hh>

#include "probe/cpu.hh"

extern "C" void probe_user(void (*f)(probe::u64), probe::u64 argument, probe::u64 msr,
			   probe::u64 stack);

namespace probe {

namespace mmu {

namespace {

namespace hh = abi::hpte_high;
namespace hl = abi::hpte_low;

constexpr u64 slb_ks = 0x800, slb_kp = 0x400, slb_l = 0x100, slb_valid = u64{1} << 27;
constexpr u64 first_vsid = 0x1001;
constexpr u64 segment_flags[] = {
	slb_kp | slb_l,	 /* 0: ourselves */
	slb_kp,		 /* plain */
	slb_ks | slb_kp, /* keyed */
	slb_kp | slb_l,	 /* large */
};

u64 segment_of(u64 ea)
{
	const u64 segment = ea >> 28;

	if (segment >= sizeof(segment_flags) / sizeof(segment_flags[0]))
		fail("no such segment", ea);
	return segment;
}

bool is_large(u64 ea)
{
	return (segment_flags[segment_of(ea)] & slb_l) != 0;
}

u64 va(u64 ea)
{
	return (first_vsid + segment_of(ea)) << 28 | (ea & 0xfffffff);
}

void load_slb()
{
	u64 index = 0;

	for (u64 flags : segment_flags) {
		asm volatile("isync; slbmte %0,%1; isync" ::"r"((first_vsid + index) << 12 | flags),
			     "r"(index << 28 | slb_valid | index)
			     : "memory");
		index++;
	}
}

/* map_self - the 16 MB that the probe lives in, once */
void map_self()
{
	static constinit bool mapped = false;

	if (mapped)
		return;
	const Regs regs = enter(0, frame_number(0), hl::coherent | 2);

	if (regs.r3)
		fail("cannot map ourselves", regs.r3);
	mapped = true;
}

} // namespace

u64 slots()
{
	static constinit u64 count = 0;

	if (!count)
		count = (u64{1} << tree::u32_at(cpu_node(), "ibm,pft-size", 1)) / 16;
	return count;
}

u64 group(u64 ea, bool secondary)
{
	const u64 page =
		(ea & 0xfffffff) >> (is_large(ea) ? abi::large_page_shift : abi::page_shift);
	u64 hash = (first_vsid + segment_of(ea)) ^ page;

	if (secondary)
		hash = ~hash;
	return (hash & (slots() / abi::pteg_size - 1)) * abi::pteg_size;
}

u64 avpn(u64 ea)
{
	/* The number of the page within its segment below 8 MB (16 MB) is not part of it. */
	return (va(ea) >> 23 & ~u64{is_large(ea)}) << hh::avpn_shift;
}

u64 high(u64 ea, u64 bits)
{
	return avpn(ea) | (is_large(ea) ? hh::large : 0) | hh::valid | bits;
}

Regs enter(u64 ea, u64 frame, u64 low, u64 flags)
{
	return papr(abi::Papr::Enter, flags, group(ea), high(ea), frame << hl::rpn_shift | low);
}

s64 remove(u64 ea, u64 slot)
{
	return static_cast<s64>(papr(abi::Papr::Remove, abi::hflag::avpn, slot, avpn(ea)).r3);
}

void enable()
{
	map_self();
	load_slb();
	set_msr(get_msr() | msr::ir | msr::dr);
}

void disable()
{
	set_msr(get_msr() & ~(msr::ir | msr::dr));
}

Trap problem_state(void (*f)(u64), u64 argument)
{
	static constinit u8 *stack = nullptr;

	if (!stack)
		stack = page();
	map_self();
	load_slb();
	begin_expecting();
	this_cpu().in_user = true;
	ee_off();
	probe_user(f, argument,
		   (get_msr() | msr::pr | msr::ee | msr::ri | msr::ir | msr::dr) & ~msr::me,
		   reinterpret_cast<u64>(stack) + page_bytes - 128);
	return end_expecting();
}

} // namespace mmu

} // namespace probe
