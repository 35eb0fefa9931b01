/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Facts about the calls on the hashed page table: each with good and with bad arguments,
 * and what the words read back hold (ABI 3.2, 3.3; protocol 7).
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

constexpr u64 ea =
	mmu::plain + 0x40000;	   /* the address of this file; others have its group's siblings */
constexpr u64 nothing = 0x2000000; /* a frame number that is none, without the window's bit */
constexpr u64 hole = 0x80000, hole_end = 0x100000;
constexpr u64 sentinel = 0x5a5a5a5a5a5a5a5a;

constinit u64 frame; /* own RAM */

PaprResult code(const Regs &regs)
{
	return papr_result(static_cast<s64>(regs.r3));
}

Regs enter_at(u64 flags, u64 slot, u64 high, u64 low)
{
	return papr(Papr::Enter, flags, slot, high, low);
}

u64 low_of(u64 number, u64 bits = mmu::low_ram)
{
	return number << hl::rpn_shift | bits;
}

/* put_enter - enter, print the code, remove again */
void put_enter(const char *name, u64 number, u64 low, u64 at = ea, u64 flags = 0)
{
	const Regs regs = mmu::enter(at, number, low, flags);

	fact(name, code(regs));
	if (!regs.r3)
		mmu::remove(at, regs.r4);
}

Regs read(u64 slot)
{
	return papr(Papr::Read, 0, slot);
}

void entering()
{
	const u64 group = mmu::group(ea), high = mmu::high(ea);
	const Regs first = enter_at(0, group + 3, high, low_of(frame));

	fact("hpt.enter", code(first), first.r4 == group ? " first of the group" : " elsewhere");
	const Regs exact = enter_at(hf::exact, group + 5, high, low_of(frame));

	fact("hpt.enter.exact", code(exact), exact.r4 == group + 5 ? " that slot" : " elsewhere");
	fact("hpt.enter.exact.taken", code(enter_at(hf::exact, group + 5, high, low_of(frame))));

	u32 more = 0;
	Regs last;

	do
		last = enter_at(0, group, high, low_of(frame));
	while (!last.r3 && ++more < 2 * abi::pteg_size);
	fact("hpt.enter.full", more, " more, then ", code(last));
	for (u64 i = 0; i < abi::pteg_size; i++)
		(void)papr(Papr::Remove, 0, group + i);

	const u64 end = mmu::slots();

	/* Some slots of the last group may be the hypervisor's own. */
	last = enter_at(0, end - 1, high, low_of(frame));
	fact("hpt.enter.group.last", code(last));
	if (!last.r3)
		(void)papr(Papr::Remove, hf::avpn, last.r4, mmu::avpn(ea));
	if (daring())
		fact("hpt.enter.slot.end", code(enter_at(hf::exact, end, high, low_of(frame))));
	else
		absent("hpt.enter.slot.end");
	fact("hpt.enter.slot.beyond", code(enter_at(hf::exact, end + 8, high, low_of(frame))));
	put_enter("hpt.enter.icache-flags", frame, mmu::low_ram, ea,
		  hf::icache_invalidate | hf::icache_sync);
	put_enter("hpt.enter.copy_page", frame, mmu::low_ram, ea, hf::copy_page);
}

/* frames and attributes */
void frames()
{
	constexpr u64 io = hl::inhibited | hl::guarded;

	put_enter("hpt.enter.frame.none", nothing, mmu::low_ram);
	put_enter("hpt.enter.io", hole_end - 16, io);
	put_enter("hpt.enter.io.cached", hole_end - 16, mmu::low_ram);
	put_enter("hpt.enter.io.unguarded", hole_end - 16, hl::inhibited);
	put_enter("hpt.enter.io.write-through", hole_end - 16, io | hl::write_through);
	put_enter("hpt.enter.io.end", hole_end, io);
	put_enter("hpt.enter.ram.inhibited", frame, hl::inhibited);
	put_enter("hpt.enter.ram.write-through", frame, hl::write_through | hl::coherent);
	put_enter("hpt.enter.ram.guarded", frame, hl::guarded | hl::coherent);
	if (daring())
		/* Translated: beyond the own numbers a privileged caller names machine frames. */
		put_enter("hpt.enter.frame.nobody", maximum_ram_page() - 1, mmu::low_ram);
	else
		absent("hpt.enter.frame.nobody");
	if (direct_mode())
		put_enter("hpt.enter.frame.hypervisor", 0, mmu::low_ram);
	else
		absent("hpt.enter.frame.hypervisor");

	/* Own grant frames: cacheable whatever was asked. */
	if (direct_mode())
		return absent("hpt.enter.grant.wimg");
	const Regs regs =
		mmu::enter(ea, maximum_ram_page(), hl::inhibited | hl::guarded | hl::coherent);

	if (regs.r3)
		return fact("hpt.enter.grant.wimg", code(regs));
	fact("hpt.enter.grant.wimg", hex(read(regs.r4).r5 & hl::wimg));
	mmu::remove(ea, regs.r4);
}

void large()
{
	const u64 at = mmu::large,
		  number = frame_number(high_pfn(0)); /* RMA's end: aligned to 16 MB */

	put_enter("hpt.large", number, mmu::low_ram, at);
	put_enter("hpt.large.encoding", number | 1, mmu::low_ram, at);
	put_enter("hpt.large.misaligned", number + 16, mmu::low_ram, at);
	put_enter("hpt.large.none", nothing, mmu::low_ram, at);
}

/* words - what H_READ and H_REMOVE give back of what was entered */
void words()
{
	const u64 soft = hh::bolted | hh::sw | hh::lock | hh::res;
	const u64 junk = hl::pp0 | hl::ts | hl::reserved;
	const u64 bits = hl::coherent | hl::guarded | hl::no_execute | 1;
	Regs regs = enter_at(0, mmu::group(ea), mmu::high(ea, soft), low_of(frame, bits | junk));

	if (regs.r3)
		return fact("hpt.read", code(regs));
	const u64 slot = regs.r4;
	const Regs words = read(slot);

	fact("hpt.read", code(words));
	fact("hpt.read.avpn", (words.r4 & hh::avpn) == mmu::avpn(ea));
	fact("hpt.read.high", hex(words.r4 & 0x7f));
	fact("hpt.read.low", hex(words.r5 & 0xfff & ~(hl::referenced | hl::changed)));
	fact("hpt.read.pp0", (words.r5 & hl::pp0) != 0 ? "kept" : "dropped");
	fact("hpt.read.ts", (words.r5 & hl::ts) != 0 ? "kept" : "dropped");
	const u64 number = (words.r5 & hl::rpn) >> hl::rpn_shift;

	fact("hpt.read.frame", number == frame ? "as entered" : "the machine's");
	fact("hpt.read.beyond", code(read(mmu::slots() + 8)));
	regs = papr(Papr::Remove, hf::avpn, slot, mmu::avpn(ea));
	fact("hpt.remove.words",
	     regs.r4 == words.r4 && (regs.r5 | hl::referenced | hl::changed) ==
					    (words.r5 | hl::referenced | hl::changed));
	regs = read(slot);
	fact("hpt.remove.read", hex(regs.r4 & hh::valid));
}

/* put_count - how many entries H_READ gave */
void put_count(const char *name, u64 flags, u64 slot)
{
	Regs regs{static_cast<u64>(Papr::Read),
		  flags,
		  slot,
		  sentinel,
		  sentinel,
		  sentinel,
		  sentinel,
		  sentinel,
		  sentinel};

	probe_sc1(&regs);
	if (regs.r3)
		return fact(name, code(regs));
	const u32 given = regs.r6 == sentinel ? 1 : regs.r10 == sentinel ? 2 : 4;

	fact(name, given, (regs.r4 & hh::valid) ? " valid first" : " invalid first");
}

void reading()
{
	const u64 group = mmu::group(ea);

	/* Slots 4 and 5 of the group are taken; 4 is a multiple of four. */
	(void)enter_at(hf::exact, group + 4, mmu::high(ea), low_of(frame));
	(void)enter_at(hf::exact, group + 5, mmu::high(ea), low_of(frame));
	put_count("hpt.read.plain", 0, group + 5);
	put_count("hpt.read.read_4", hf::read_4, group + 5);
	(void)papr(Papr::Remove, 0, group + 4);
	put_count("hpt.read.read_4.aligned", hf::read_4, group + 5);
	(void)papr(Papr::Remove, 0, group + 5);
}

void removing()
{
	const u64 avpn = mmu::avpn(ea);
	const Regs entered = mmu::enter(ea, frame);
	const u64 slot = entered.r4;

	fact("hpt.remove.avpn.wrong", code(papr(Papr::Remove, hf::avpn, slot, avpn ^ 0x80)));
	fact("hpt.remove.andcond.hit", code(papr(Papr::Remove, hf::andcond, slot, hh::valid)));
	fact("hpt.remove.andcond.miss", code(papr(Papr::Remove, hf::andcond, slot, hh::bolted)));
	fact("hpt.remove.invalid", code(papr(Papr::Remove, 0, slot)));
	fact("hpt.remove.beyond", code(papr(Papr::Remove, 0, mmu::slots() + 8)));
}

void protecting()
{
	const u64 avpn = mmu::avpn(ea);
	const u64 slot = mmu::enter(ea, frame).r4;
	const u64 bits = hl::pp0 | hl::no_execute | hl::pp;

	fact("hpt.protect", code(papr(Papr::Protect, hf::avpn | hf::n | hf::pp1, slot, avpn)));
	fact("hpt.protect.low", hex(read(slot).r5 & bits));
	(void)papr(Papr::Protect, hf::pp0 | hf::pp2, slot);
	fact("hpt.protect.pp0", hex(read(slot).r5 & bits));
	fact("hpt.protect.avpn.wrong", code(papr(Papr::Protect, hf::avpn | 1, slot, avpn ^ 0x80)));
	(void)papr(Papr::Remove, 0, slot);
	fact("hpt.protect.invalid", code(papr(Papr::Protect, 1, slot)));
	fact("hpt.protect.beyond", code(papr(Papr::Protect, 1, mmu::slots() + 8)));
}

void bulk()
{
	using namespace abi::bulk;
	const u64 request = TypeField::make(Type::Request), avpn = mmu::avpn(ea);

	if (!has("bulk-remove"))
		return fact("hpt.bulk.absent", code(papr(Papr::BulkRemove, request)));

	const u64 one = mmu::enter(ea, frame).r4, two = mmu::enter(ea, frame).r4;
	Regs regs{static_cast<u64>(Papr::BulkRemove),
		  request | one,
		  0,
		  request | AvpnField::make(true) | two,
		  avpn ^ 0x80,
		  request | AvpnField::make(true) | two,
		  avpn,
		  TypeField::make(Type::End),
		  0};

	probe_sc1(&regs);
	fact("hpt.bulk", code(regs));
	fact("hpt.bulk.removed", hex(regs.r4 >> 60), " slot ", (regs.r4 & SlotField::max) == one);
	fact("hpt.bulk.not-found", hex(regs.r6 >> 60));
	fact("hpt.bulk.avpn", hex(regs.r8 >> 60));
	fact("hpt.bulk.end", hex(regs.r10 >> 60));
	fact("hpt.bulk.read", hex((read(one).r4 | read(two).r4) & hh::valid));
	regs = papr(Papr::BulkRemove, request | SlotField::make(mmu::slots()), 0);
	fact("hpt.bulk.beyond", code(regs), " ", hex(regs.r4 >> 60));
	regs = papr(Papr::BulkRemove, TypeField::make(Type::Unused), 0);
	fact("hpt.bulk.unused", code(regs));
	regs = papr(Papr::BulkRemove,
		    request | AvpnField::make(true) | AndcondField::make(true) | one, 0);
	fact("hpt.bulk.both", code(regs), " ", hex(regs.r4 >> 60));
}

void zero_page()
{
	if (!daring())
		return absent("hpt.enter.zero_page");
	u8 *two = pages(2);

	fill(two, 0xa5, 2 * page_bytes);
	const Regs regs = mmu::enter(ea, frame_number(pfn_of(two)), mmu::low_ram, hf::zero_page);
	u64 zeros = 0;

	for (u64 i = 0; i < 2 * page_bytes; i++)
		zeros += static_cast<volatile u8 *>(two)[i] == 0;
	fact("hpt.enter.zero_page", code(regs), " ", zeros, " bytes");
	mmu::remove(ea, regs.r4);
}

} // namespace

void facts_hpt()
{
	frame = frame_number(high_pfn(0x101));
	info("hpt.slots", mmu::slots());
	entering();
	frames();
	large();
	words();
	reading();
	removing();
	protecting();
	bulk();
	zero_page();
}

} // namespace probe
