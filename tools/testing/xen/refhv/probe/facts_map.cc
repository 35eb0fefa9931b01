/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Facts about translation as loads, stores and fetches see it: what an entry allows, and
 * that a change by a call holds for the next access (ABI 1.3, 3.2, 3.3).
 */
#include <abi/hpte.hh>

#include "probe/facts.hh"
#include "probe/view.hh"

namespace probe {

namespace {

using abi::Papr;
namespace hf = abi::hflag;
namespace hh = abi::hpte_high;
namespace hl = abi::hpte_low;

constexpr u64 at = mmu::plain + 0x50000, alias = mmu::plain + 0x51000;
constexpr u64 value = 0x1122334455667788;
constexpr u64 srr1_reason = 0x783f0000;

constinit u64 frame;
constinit u64 *memory; /* the same frame in real mode */

struct Access {
	Trap load, store;
	u64 got;
};

Access access(u64 ea)
{
	Access a{};

	mmu::translated([&] {
		a.load = load(ea, a.got);
		a.store = store(ea, value);
	});
	return a;
}

void put_access(const Access &a)
{
	put(a.load ? '-' : 'r');
	put(a.store ? '-' : 'w');
}

/* put_rights - for pp 0 to 3 what a segment's addresses allow the supervisor */
void put_rights(const char *name, u64 segment, u64 more)
{
	const u64 ea = segment + 0x60000;

	put(name);
	put(':');
	for (u64 pp = 0; pp < 4; pp++) {
		const Regs regs = mmu::enter(ea, frame, hl::coherent | more | pp);

		put(' ');
		put_access(access(ea));
		mmu::remove(ea, regs.r4);
	}
	put('\n');
}

void put_user(const char *name)
{
	static constinit u64 ea = mmu::plain + 0x70000;

	put(name);
	put(':');
	for (u64 pp = 0; pp < 4; pp++) {
		const Regs regs = mmu::enter(ea, frame, hl::coherent | pp);
		const bool reads = !mmu::problem_state(
			[](u64 from) { asm volatile("ld 0,0(%0)" ::"b"(from)
						    : "r0", "memory"); },
			ea);
		const bool writes = !mmu::problem_state(
			[](u64 to) { asm volatile("std %0,0(%0)" ::"b"(to)
						  : "memory"); }, ea);

		put(' ');
		put(reads ? 'r' : '-');
		put(writes ? 'w' : '-');
		mmu::remove(ea, regs.r4);
	}
	put('\n');
}

void put_trap(const char *name, const Trap &trap)
{
	if (!trap)
		return fact(name, "no trap");
	if (trap.vector == 0x300)
		return fact(name, hex(trap.vector), " dsisr ", hex(trap.dsisr & 0xffffffff));
	if (trap.vector == 0x400)
		return fact(name, hex(trap.vector), " srr1 ", hex(trap.srr1 & srr1_reason));
	fact(name, hex(trap.vector));
}

Trap fetch(u64 ea)
{
	Trap trap{};

	mmu::translated([&] {
		trap = trapped([&] {
			asm volatile("mtctr %0; bctrl" ::"r"(ea) : "ctr", "lr", "memory");
		});
	});
	return trap;
}

/* seen - a mapping and the frame are the same memory, in both directions */
void seen_both_ways()
{
	const u64 slot = mmu::enter(at, frame).r4, other = mmu::enter(alias, frame).r4;

	memory[0] = ~value;
	asm volatile("sync" ::: "memory");
	const Access a = access(at);

	fact("map.load", !a.load && a.got == ~value);
	fact("map.store", !a.store && static_cast<volatile u64 *>(memory)[0] == value);
	fact("map.alias", access(alias).got == value);

	/* Changes by calls hold at once. */
	(void)papr(Papr::Protect, hf::avpn | 3, slot, mmu::avpn(at));
	const Access after = access(at);

	fact("map.protect.load", after.load ? "trapped" : "allowed");
	put_trap("map.protect.store", after.store);
	mmu::remove(at, slot);
	put_trap("map.remove.load", access(at).load);
	fact("map.remove.alias", access(alias).load ? "trapped" : "allowed");
	mmu::remove(alias, other);
}

void faults()
{
	u64 got = 0;
	Trap trap{};

	put_trap("map.none.load", access(at).load);
	put_trap("map.none.store", access(at).store);
	put_trap("map.none.fetch", fetch(at));
	mmu::translated([&] { trap = load(u64{9} << 28, got); });
	put_trap("map.segment.load", trap);
	put_trap("map.segment.fetch", fetch(u64{9} << 28));

	constexpr u32 blr = 0x4e800020;

	reinterpret_cast<volatile u32 *>(memory)[0] = blr;
	asm volatile("dcbst 0,%0; sync; icbi 0,%0; sync; isync" ::"r"(memory) : "memory");
	u64 slot = mmu::enter(at, frame).r4;

	put_trap("map.execute", fetch(at));
	mmu::remove(at, slot);
	slot = mmu::enter(at, frame, hl::coherent | hl::no_execute).r4;
	put_trap("map.no-execute", fetch(at));
	mmu::remove(at, slot);
}

void secondary()
{
	const Regs regs = papr(Papr::Enter, 0, mmu::group(at, true), mmu::high(at, hh::secondary),
			       frame << hl::rpn_shift | mmu::low_ram);

	fact("map.secondary", regs.r3 == 0 && !access(at).load ? "found" : "not found");
	(void)papr(Papr::Remove, 0, regs.r4);
}

/* 16 MB above the real-mode area: the page's ends, seen again through small pages */
void large_page()
{
	constexpr u64 last = 0xfffff8;
	const u64 first = high_pfn(0);
	const Regs regs = mmu::enter(mmu::large, frame_number(first));
	const Access start = access(mmu::large), end = access(mmu::large + last);

	fact("map.large", papr_result(static_cast<s64>(regs.r3)), " ",
	     !start.load && !start.store && !end.load && !end.store);
	fact("map.large.first", peek(frame_number(first), 0) == value);
	fact("map.large.last", peek(frame_number(first + 4095), last & 0xfff) == value);
	mmu::remove(mmu::large, regs.r4);
	put_trap("map.large.removed", access(mmu::large).load);
}

/* R and C by accesses, and the calls that take them away */
void referenced()
{
	const u64 slot = mmu::enter(at, frame).r4;
	const auto low = [&] {
		return papr(Papr::Read, 0, slot).r5;
	};

	(void)access(at);
	fact("map.changed", (low() & hl::changed) != 0);
	const u64 changed = papr(Papr::ClearMod, 0, slot).r4;

	fact("map.clear_mod", (changed & hl::changed) != 0, " then ", (low() & hl::changed) != 0);
	(void)access(at);
	fact("map.changed.again", (low() & hl::changed) != 0);
	fact("map.referenced", (low() & hl::referenced) != 0);
	const u64 reference = papr(Papr::ClearRef, 0, slot).r4;

	fact("map.clear_ref", (reference & hl::referenced) != 0, " then ",
	     (low() & hl::referenced) != 0);
	(void)access(at);
	fact("map.referenced.again", (low() & hl::referenced) != 0);
	(void)papr(Papr::Protect, hf::avpn | 2, slot, mmu::avpn(at));
	fact("map.protect.referenced", (low() & hl::referenced) != 0 ? "kept" : "cleared");
	mmu::remove(at, slot);
	fact("map.clear_mod.beyond",
	     papr_result(static_cast<s64>(papr(Papr::ClearMod, 0, mmu::slots() + 8).r3)));
	fact("map.clear_ref.beyond",
	     papr_result(static_cast<s64>(papr(Papr::ClearRef, 0, mmu::slots() + 8).r3)));
}

} // namespace

void facts_map()
{
	memory = reinterpret_cast<u64 *>(page());
	frame = frame_number(pfn_of(memory));
	seen_both_ways();
	faults();
	put_rights("map.rights.key0", mmu::plain, 0);
	put_rights("map.rights.key1", mmu::keyed, 0);
	put_user("map.rights.user");
	put_rights("map.rights.pp0", mmu::plain, hl::pp0);
	secondary();
	large_page();
	referenced();
}

} // namespace probe
