// SPDX-License-Identifier: GPL-2.0
/*
 * memory_op: sizes, reservations in both modes, and what may not leave a domain.
 */
#include "call_guest.hh"

#include <abi/memory.hh>

namespace {

using namespace call_test;
using xen::ppc::MemoryReservation;
using xen::ppc::TranslateGpfnList;

constexpr u64 increase = 0, decrease = 1, populate = 6;
constexpr u64 free_pfn = 1000; /* nothing is there at the start */

class MemoryOp : public CallTest, public ::testing::WithParamInterface<Mode> {
protected:
	MemoryOp() { build(GetParam()); }

	bool direct() const { return GetParam() == Mode::Direct; }
	u64 tot(Guest &guest) { return guest.dom.tot_pages; }
	s64 memory(Guest &guest, u64 command)
	{
		return guest.call(XenCall::MemoryOp, {command, guest.handle(arg_at)});
	}
	/* The reservation call on the list at list_at. */
	s64 reserve(Guest &guest, u64 command, u64 count, u32 order = 0, u64 domid = self,
		    u32 bits = 0)
	{
		MemoryReservation arg{};

		arg.extent_start = Be<u64>{guest.handle(list_at)};
		arg.nr_extents.store(count);
		arg.extent_order.store(order);
		arg.address_bits.store(bits);
		arg.domid.store(static_cast<u16>(domid));
		guest.put(arg_at, arg);
		const s64 done = memory(guest, command);
		/* In direct mode the list now says where the pages are. */
		if (command == populate && direct())
			for (s64 i = 0; i < done; ++i)
				given.push_back(guest.word(list_at + static_cast<u64>(i) * 8));
		return done;
	}
	std::vector<u64> given;
};
INSTANTIATE_TEST_SUITE_P(Modes, MemoryOp, ::testing::Values(Mode::Translated, Mode::Direct),
			 [](const auto &param) {
				 return param.param == Mode::Direct ? "Direct" : "Translated";
			 });

TEST_P(MemoryOp, SizesAndWhoMayAsk)
{
	const auto size = [&](Guest &guest, u64 command, u16 domid) {
		guest.put(arg_at, Be<u16>{domid});
		return memory(guest, command);
	};

	EXPECT_EQ(dom5.call(XenCall::MemoryOp, {2, 0}), static_cast<s64>(frames::count()));
	EXPECT_EQ(size(dom5, 3, self), s64{rma_pages + ram_pages});
	EXPECT_EQ(size(dom5, 4, self), s64{limit_pages});
	EXPECT_EQ(size(dom0, 3, 5), s64{rma_pages + ram_pages});
	EXPECT_EQ(size(dom0, 3, 9), no(3));
	EXPECT_EQ(size(dom5, 3, 0), no(1));
	EXPECT_EQ(size(dom0, 14, self), no(38));
	EXPECT_EQ(size(dom5, 14, 0), no(1));
	EXPECT_EQ(dom0.call(XenCall::MemoryOp, {3, 0}), no(14));
}

TEST_P(MemoryOp, WhatPpcDoesNotHave)
{
	for (u64 command : {5ul, 7ul, 9ul, 10ul, 12ul, 13ul, 15ul})
		EXPECT_EQ(memory(dom0, command), no(38)) << command;
	EXPECT_EQ(broken(Rule::DangerousCall), 0U);
	EXPECT_EQ(memory(dom0, 11), no(38));
	EXPECT_EQ(broken(Rule::DangerousCall), 1U);
}

TEST_P(MemoryOp, PopulateAndDecreaseUndoEachOther)
{
	const u64 free = frames::free_count(), before = tot(dom0);

	dom0.put_list(list_at, {free_pfn, free_pfn + 7, free_pfn + 1});
	EXPECT_EQ(reserve(dom0, populate, 3), 3);
	EXPECT_EQ(tot(dom0), before + 3);
	EXPECT_EQ(frames::free_count(), free - 3);
	if (direct()) {
		EXPECT_TRUE(frames::ram_of(Mfn{given[1]}, DomId{0}));
		dom0.put_list(list_at, given);
	} else {
		EXPECT_EQ(dom0.word(list_at), free_pfn) << "nothing is written back";
		EXPECT_NE(domains[0].p2m.entry[free_pfn + 7], p2m_invalid);
	}
	EXPECT_EQ(reserve(dom0, decrease, 3), 3);
	EXPECT_EQ(tot(dom0), before);
	EXPECT_EQ(frames::free_count(), free);
	if (!direct()) {
		EXPECT_EQ(domains[0].p2m.entry[free_pfn + 7], p2m_invalid);
	}
	EXPECT_EQ(reserve(dom0, decrease, 3), 0) << "they are gone";
	EXPECT_EQ(broken(Rule::FrameOutOfRange) + broken(Rule::FrameNotOwned), 1U);
}

TEST_P(MemoryOp, LargeExtentsComeAndGoWhole)
{
	dom0.put_list(list_at, {4096, 8192});
	EXPECT_EQ(reserve(dom0, populate, 2, 12), 2);
	EXPECT_EQ(dom0.restarts, 1U) << "the guest may take an interrupt between them";
	EXPECT_EQ(tot(dom0), rma_pages + ram_pages + 8192);
	if (direct())
		dom0.put_list(list_at, given);
	/* A hole in the extent: nothing of it is taken. */
	const u64 middle = dom0.word(list_at) + 100;
	dom0.put_list(list_at + 0x800, {dom0.word(list_at)});
	dom0.put_list(list_at, {middle});
	EXPECT_EQ(reserve(dom0, decrease, 1), 1);
	dom0.put_list(list_at, {dom0.word(list_at + 0x800)});
	EXPECT_EQ(reserve(dom0, decrease, 1, 12), 0);
	EXPECT_EQ(tot(dom0), rma_pages + ram_pages + 8191);
	EXPECT_EQ(reserve(dom0, decrease, 1, 13), 0);
	build(GetParam());
	dom0.put_list(list_at, {4096});
	EXPECT_EQ(reserve(dom0, populate, 1, 13), 0) << "more than refhv does at once";
	EXPECT_EQ(reserve(dom0, decrease, 1, 64), 0);
}

TEST_P(MemoryOp, LongListsAreContinued)
{
	std::vector<u64> list;

	for (u64 i = 0; i < 2000; ++i)
		list.push_back(free_pfn + i);
	dom0.put_list(list_at, list);
	EXPECT_EQ(reserve(dom0, populate, 2000), 2000);
	EXPECT_EQ(dom0.restarts, 3U);
	EXPECT_EQ(tot(dom0), rma_pages + ram_pages + 2000);
	if (direct())
		dom0.put_list(list_at, given);
	EXPECT_EQ(reserve(dom0, decrease, 2000), 2000);
	/* The command's upper bits are the first extent: it counts as done. */
	dom0.put_list(list_at, {0, 0, free_pfn});
	EXPECT_EQ(reserve(dom0, populate | 2 << 4, 3), 3);
	EXPECT_EQ(tot(dom0), rma_pages + ram_pages + 1);
	EXPECT_EQ(reserve(dom0, populate | 9 << 4, 3), 9) << "beyond the list nothing happens";
}

TEST_P(MemoryOp, ATurnEndsByTimeToo)
{
	TranslateGpfnList arg{};

	rig::machine.hz = 999; /* any time at all is more than a thousandth of a second */
	dom0.put_list(list_at, {free_pfn, free_pfn + 1, free_pfn + 2, free_pfn + 3});
	EXPECT_EQ(reserve(dom0, populate, 4), 4);
	EXPECT_EQ(dom0.restarts, 3U) << "one extent at least in each";
	EXPECT_EQ(tot(dom0), rma_pages + ram_pages + 4);
	arg.domid.store(self);
	arg.nr_gpfns.store(4);
	arg.gpfn_list = arg.mfn_list = Be<u64>{dom0.handle(list_at)};
	EXPECT_EQ(dom0.with(XenCall::MemoryOp, 8, arg), 0);
	EXPECT_EQ(dom0.restarts, 3U);
}

TEST_P(MemoryOp, RefusalsShowInTheCountOnly)
{
	MemoryReservation arg{};

	dom0.put_list(list_at, {free_pfn, limit_pages, free_pfn + 1});
	EXPECT_EQ(reserve(dom0, populate, 3), 1) << "beyond the map";
	dom0.put_list(list_at, {io_hole_first});
	EXPECT_EQ(reserve(dom0, populate, 1), 0);
	dom0.put_list(list_at, {~0ul});
	EXPECT_EQ(reserve(dom0, populate, 1), 0);
	EXPECT_EQ(reserve(dom0, decrease, 1), 0);
	dom0.put_list(list_at, {free_pfn + 2});
	EXPECT_EQ(reserve(dom0, populate, 1ul << 60 | 1), 0);
	EXPECT_EQ(dom0.call(XenCall::MemoryOp, {populate, 0}), 0) << "no -EFAULT";
	dom0.put_list(list_at, {free_pfn + 2, free_pfn + 3});
	EXPECT_EQ(reserve(dom0, populate, 1, 0, 9), 0) << "no such domain";
	EXPECT_EQ(reserve(dom0, populate, 1, 0, self, 12), 0) << "12 bits of address";
	EXPECT_EQ(reserve(dom0, populate, 1, 0, self, 5), 0);
	EXPECT_EQ(reserve(dom0, populate, 1, 0, self, 13), 0) << "no frame is that low";
	EXPECT_EQ(reserve(dom0, populate, 1, 0, self, 40), 1);
	dom0.put_list(list_at, {free_pfn + 6});
	EXPECT_EQ(reserve(dom0, populate, 1, 0, self, 100), 1) << "wider than any address";
	dom0.put_list(list_at, {limit_pages - 1});
	EXPECT_EQ(reserve(dom0, populate, 1, 1), 0) << "half of it beyond the map";
	dom5.put_list(list_at, {free_pfn});
	EXPECT_EQ(reserve(dom5, populate, 1, 0, 0), 0) << "another domain, without privilege";
	EXPECT_EQ(reserve(dom5, populate, 1, 1), 0) << "an order, without privilege";
	EXPECT_EQ(reserve(dom5, populate, 1), 1);
	arg.extent_start = Be<u64>{dom0.handle(dom0.edge() - 8)};
	arg.nr_extents.store(2);
	arg.domid.store(self);
	dom0.put_list(dom0.edge() - 8, {free_pfn + 4});
	dom0.put(arg_at, arg);
	EXPECT_EQ(memory(dom0, populate), 1) << "the second element lies outside";
	domains[0].max_pages = domains[0].tot_pages;
	dom0.put_list(list_at, {free_pfn + 5});
	EXPECT_EQ(reserve(dom0, populate, 1), 0) << "over the limit";
}

TEST_P(MemoryOp, NoMemoryInTheIoHole)
{
	if (!direct())
		return; /* a translated domain ends below it */
	domains[0].p2m.entries = 0x200000;
	for (u64 pfn : {0x80000ul, 0xffffful, 0x7fffful}) {
		dom0.put_list(list_at, {pfn});
		EXPECT_EQ(reserve(dom0, populate, 1, pfn == 0x7ffff), 0) << pfn;
	}
	dom0.put_list(list_at, {0x7fffe, 0x100000});
	EXPECT_EQ(reserve(dom0, populate, 2, 1), 2);
}

TEST_P(MemoryOp, TheRmaAndReferencedFramesStay)
{
	dom0.put_list(list_at, {dom0.number(3)});
	EXPECT_EQ(reserve(dom0, decrease, 1), 0);
	EXPECT_EQ(broken(Rule::RmaFreed), 1U);

	const u64 pfn = rma_pages + 5;
	dom0.put_list(list_at, {dom0.number(pfn)});
	/* A TCE: read and write, the frame in bits 12 to 51. */
	EXPECT_EQ(dom0.papr(Papr::PutTce, {0, 0, dom0.number(pfn) << 12 | 3}), 0);
	EXPECT_EQ(reserve(dom0, decrease, 1), 0);
	EXPECT_EQ(broken(Rule::FrameReferenced), 1U);
	EXPECT_EQ(dom0.papr(Papr::PutTce, {0, 0, 0}), 0);
	EXPECT_EQ(reserve(dom0, decrease, 1), 1);

	/* An HPTE, entered by hand into group 0. */
	const u64 other = rma_pages + 6;
	dom0.put_list(list_at, {dom0.number(other)});
	EXPECT_EQ(dom0.papr(Papr::Enter, {0, 0, 0x1001, dom0.number(other) << 12 | 0x12}), 0);
	const u64 slot = domains[0].vcpu[0].regs.gpr[4];
	EXPECT_EQ(reserve(dom0, decrease, 1), 0);
	EXPECT_EQ(broken(Rule::FrameReferenced), 2U);
	EXPECT_EQ(dom0.papr(Papr::Remove, {0, slot, 0}), 0);
	EXPECT_EQ(reserve(dom0, decrease, 1), 1);
}

TEST_P(MemoryOp, ForeignAndSharedFramesAreNotOnesOwnToFree)
{
	dom5.put_list(list_at, {direct() ? dom0.frame.at(rma_pages) : frames::count()});
	EXPECT_EQ(reserve(dom5, decrease, 1), 0);
	EXPECT_EQ(broken(direct() ? Rule::ForeignNotGranted : Rule::SharedFrameUse), 1U);
	/* But dom0 may do it for another domain. */
	dom0.put_list(list_at, {dom5.number(rma_pages)});
	EXPECT_EQ(reserve(dom0, decrease, 1, 0, 5), 1);
	EXPECT_EQ(tot(dom5), rma_pages + ram_pages - 1);
}

TEST_P(MemoryOp, IncreaseGivesFramesWithoutAPlace)
{
	EXPECT_EQ(reserve(dom0, increase, 2), 2);
	EXPECT_TRUE(frames::ram_of(Mfn{dom0.word(list_at)}, DomId{0}));
	MemoryReservation arg{};
	arg.nr_extents.store(1);
	arg.domid.store(self);
	dom0.put(arg_at, arg);
	EXPECT_EQ(memory(dom0, increase), 1) << "the list may be null";
	EXPECT_EQ(tot(dom0), rma_pages + ram_pages + 3);
}

TEST_P(MemoryOp, TakenPlacesAreRefusedWithoutQuirks)
{
	if (direct())
		return; /* refhv does not read the guest's table */
	dom0.put_list(list_at, {rma_pages});
	EXPECT_EQ(reserve(dom0, populate, 1), 0);
	options.historical = true;
	EXPECT_EQ(reserve(dom0, populate, 1), 1);
	EXPECT_NE(domains[0].p2m.entry[rma_pages], dom0.frame[rma_pages]);
	dom0.put_list(list_at, {limit_pages});
	EXPECT_EQ(reserve(dom0, populate, 1), 1) << "counted, and lost";
}

TEST_P(MemoryOp, TranslateSaysWhereFramesAre)
{
	TranslateGpfnList arg{};
	std::vector<u64> list(1500, dom0.number(7));

	list[1] = free_pfn + 60000;
	dom0.put_list(list_at, list);
	arg.domid.store(self);
	arg.nr_gpfns.store(list.size());
	arg.gpfn_list = arg.mfn_list = Be<u64>{dom0.handle(list_at)};
	EXPECT_EQ(dom0.with(XenCall::MemoryOp, 8, arg), 0);
	EXPECT_EQ(dom0.restarts, 2U);
	EXPECT_EQ(dom0.word(list_at), dom0.frame[7]);
	EXPECT_EQ(dom0.word(list_at + 8), xen::ppc::no_frame);
	EXPECT_EQ(dom0.word(list_at + 1499 * 8), dom0.frame[7]);
	arg.domid.store(9);
	EXPECT_EQ(dom0.with(XenCall::MemoryOp, 8, arg), no(3));
	arg.domid.store(self);
	arg.nr_gpfns.store(1ul << 60);
	EXPECT_EQ(dom0.with(XenCall::MemoryOp, 8, arg), no(22));
	arg.nr_gpfns.store(1);
	arg.mfn_list.store(0);
	EXPECT_EQ(dom0.with(XenCall::MemoryOp, 8, arg), no(14));
	arg.domid.store(0);
	EXPECT_EQ(dom5.with(XenCall::MemoryOp, 8, arg), no(1));
}

} // namespace
