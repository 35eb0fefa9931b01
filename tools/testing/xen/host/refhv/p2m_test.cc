/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What frame numbers mean: the five tests of ABI 4.2 in their order, and direct mode.
 */
#include <gtest/gtest.h>

#include "world.hh"

namespace {

using namespace rig;

constexpr u64 max_page = 65536; /* 256 MB */
constexpr u64 window = u64{1} << 22;
constexpr u64 hole = 0x80000, hole_end = 0x100000;

void expect(const Domain &dom, u64 number, FrameKind kind, u64 mfn = all_ones, bool writable = true)
{
	const Resolved r = p2m::resolve(dom, number);

	EXPECT_EQ(static_cast<int>(r.kind), static_cast<int>(kind)) << std::hex << number;
	if (kind == FrameKind::Invalid)
		return;
	EXPECT_EQ(r.mfn.raw(), mfn) << std::hex << number;
	EXPECT_EQ(r.writable, writable) << std::hex << number;
}

void expect_invalid(const Domain &dom, u64 number)
{
	expect(dom, number, FrameKind::Invalid);
}

TEST(P2mTranslated, OwnMemory)
{
	World w;

	for (const Domain *dom : {&w.dom0, &w.domu})
		for (u64 pfn = 0; pfn < hole_pfn; ++pfn)
			expect(*dom, pfn, FrameKind::Ram, w.mfn[dom == &w.domu][pfn]);
	for (u64 pfn = hole_pfn; pfn < all_pages; ++pfn) {
		/* Below the array's end an invalid entry is the answer, for dom0 too. */
		expect_invalid(w.dom0, pfn);
		expect_invalid(w.domu, pfn);
	}
	expect_invalid(w.domu, all_pages); /* the array ends here */
}

TEST(P2mTranslated, StaleEntryOfAFrameThatIsNoLongerOwn)
{
	World w;

	frames::at(Mfn{w.mfn[1][8200]})->owner = w.dom0.id;
	expect_invalid(w.domu, 8200);
}

TEST(P2mTranslated, GrantFrames)
{
	World w;

	for (const Domain *dom : {&w.dom0, &w.domu}) {
		for (u64 i = 0; i < 4; ++i)
			expect(*dom, max_page + i, FrameKind::Grant, dom->grants.frames.raw() + i);
		expect_invalid(*dom, max_page + 4);
	}
	expect_invalid(w.domu, max_page - 1);
	w.domu.grants.frames = Mfn{0}; /* as long as there is no table */
	expect_invalid(w.domu, max_page);
}

TEST(P2mTranslated, IoHoleWithoutItsFirstPage)
{
	World w;

	expect_invalid(w.dom0, hole);
	expect(w.dom0, hole + 1, FrameKind::Io, hole + 1);
	expect(w.dom0, hole_end - 1, FrameKind::Io, hole_end - 1);
	expect_invalid(w.dom0, hole_end);
	expect_invalid(w.dom0, hole - 1);
	for (const u64 n : {hole, hole + 1, hole_end - 1})
		expect_invalid(w.domu, n);
}

TEST(P2mTranslated, MachineFramesOfOthersForThePrivileged)
{
	World w;
	const u64 theirs = w.mfn[1][8200];

	ASSERT_GE(theirs, all_pages);
	expect(w.dom0, theirs, FrameKind::Foreign, theirs);
	EXPECT_EQ(p2m::resolve(w.dom0, theirs).window, 0xffffffffu);
	expect_invalid(w.domu, w.mfn[0][8200]);		     /* not privileged */
	expect_invalid(w.dom0, w.mfn[0][8200]);		     /* its own, as a machine frame */
	expect_invalid(w.dom0, w.domu.grants.frames.raw());  /* another's grant table */
	expect_invalid(w.dom0, w.dom0.hpt.base.raw() >> 12); /* refhv's */
	const Mfn nobodys = frames::allocate(0, DomId{9}, FrameType::Ram);
	frames::release(nobodys, 0);
	ASSERT_GE(nobodys.raw(), all_pages);
	expect_invalid(w.dom0, nobodys.raw());
	expect_invalid(w.dom0, all_ones);
	/* A number below the array's end is a pfn, whatever the machine has there. */
	EXPECT_NE(p2m::resolve(w.dom0, 4096).kind, FrameKind::Foreign);
}

TEST(P2mTranslated, WindowHoldsActiveHostMappings)
{
	World w;
	const u64 f = w.mfn[1][100];

	EXPECT_EQ(p2m::window_base(w.dom0), window);
	EXPECT_EQ(p2m::window_pages(w.dom0), 65536u);
	w.map_grant(w.dom0, 3, w.domu, f, 0, false);
	w.map_grant(w.dom0, 4, w.domu, f, 65535, true);
	expect(w.dom0, window, FrameKind::Foreign, f);
	expect(w.dom0, window + 65535, FrameKind::Foreign, f, false);
	EXPECT_EQ(p2m::resolve(w.dom0, window + 65535).window, 65535u);
	for (const u64 n : {window - 1, window + 1, window + 65534, window + 65536})
		expect_invalid(w.dom0, n);
	expect_invalid(w.domu, window); /* another domain's window is its own */
	w.dom0.grants.mapping[3].active = false;
	expect_invalid(w.dom0, window);
}

TEST(P2mTranslated, HistoricalWindowIsABit)
{
	World w;
	const u64 f = w.mfn[1][100];

	options.historical = true;
	EXPECT_EQ(p2m::window_pages(w.dom0), 2048u);
	w.map_grant(w.dom0, 0, w.domu, f, 2047, false);
	w.map_grant(w.dom0, 1, w.domu, f, 2048, false);
	expect(w.dom0, window + 2047, FrameKind::Foreign, f);
	/* Historically the end of the hypervisor. */
	for (const u64 n : {window + 2048, window | 1 << 21, window * 3, window | hole, all_ones})
		expect_invalid(w.dom0, n);
}

/* The order of the tests: memory reaches into what other tests claim. */
TEST(P2mTranslated, EarlierTestsWin)
{
	World w;
	std::vector<u32> array(window + 16, static_cast<u32>(w.mfn[0][0]));

	w.dom0.p2m.entry = array.data();
	w.dom0.p2m.entries = array.size();
	expect(w.dom0, max_page - 1, FrameKind::Ram, w.mfn[0][0]);
	expect(w.dom0, max_page, FrameKind::Grant, w.dom0.grants.frames.raw());
	expect(w.dom0, max_page + 4, FrameKind::Ram, w.mfn[0][0]);
	expect(w.dom0, hole, FrameKind::Ram, w.mfn[0][0]);
	expect(w.dom0, hole + 1, FrameKind::Io, hole + 1);
	expect(w.dom0, window - 1, FrameKind::Ram, w.mfn[0][0]);
	expect_invalid(w.dom0, window);
}

TEST(P2mTranslated, SetAndClear)
{
	World w;
	const Mfn f = frames::allocate(0, w.domu.id, FrameType::Ram);

	p2m::set(w.domu, Pfn{hole_pfn}, f);
	expect(w.domu, hole_pfn, FrameKind::Ram, f.raw());
	EXPECT_EQ(frames::at(f)->gfn, hole_pfn);
	p2m::clear(w.domu, hole_pfn);
	expect_invalid(w.domu, hole_pfn);
	EXPECT_EQ(frames::at(f)->gfn, 0xffffffffu);
	p2m::clear(w.domu, hole_pfn);
	p2m::clear(w.domu, all_ones);
	p2m::set(w.domu, Pfn{all_pages}, f); /* beyond the array: nothing is written */
}

TEST(P2mDirect, Judgement)
{
	World w(true);
	const u64 ours = w.mfn[1][8200], theirs = w.mfn[0][8200];

	expect(w.domu, ours, FrameKind::Ram, ours);
	expect_invalid(w.domu, theirs);
	expect(w.dom0, ours, FrameKind::Foreign, ours);
	for (u64 i = 0; i < 4; ++i) {
		const u64 grant = w.domu.grants.frames.raw() + i;

		expect(w.domu, grant, FrameKind::Grant, grant);
		expect_invalid(w.dom0, grant);
	}
	for (const u64 n : {w.domu.hpt.base.raw() >> 12, u64{0}, u64{256}, max_page, all_ones}) {
		expect_invalid(w.domu, n);
		expect_invalid(w.dom0, n);
	}
	for (const u64 n : {hole, hole + 1, hole_end - 1}) {
		expect(w.dom0, n, FrameKind::Io, n);
		expect_invalid(w.domu, n);
	}
	expect_invalid(w.dom0, hole_end);
	/* Shared with somebody else, next to one's own or with its owner's name on it. */
	const u64 next = w.domu.grants.frames.raw() + 4;

	*frames::at(Mfn{next}) = {owner_xen, FrameType::Shared, 0, 0, 0, 0};
	expect_invalid(w.domu, next);
	*frames::at(Mfn{next}) = {w.domu.id, FrameType::Shared, 0, 0, 0, 0};
	expect_invalid(w.dom0, next);
	EXPECT_EQ(p2m::window_base(w.dom0), u64{1} << 30);
	EXPECT_EQ(p2m::window_pages(w.dom0), 65536u);
	expect_invalid(w.dom0, u64{1} << 30); /* a window page is the guest's own affair */
}

TEST(P2mDirect, GrantsDecideBeforePrivilege)
{
	World w(true);
	const u64 f = w.mfn[1][100], g = w.mfn[0][100];

	w.map_grant(w.dom0, 0, w.domu, f, 5, true);
	expect(w.dom0, f, FrameKind::Foreign, f, false);
	w.map_grant(w.dom0, 1, w.domu, f, 6, false);
	expect(w.dom0, f, FrameKind::Foreign, f, true);
	w.map_grant(w.domu, 0, w.dom0, g, 5, true);
	expect(w.domu, g, FrameKind::Foreign, g, false);
	w.domu.grants.mapping[0].active = false;
	expect_invalid(w.domu, g);
}

TEST(P2mDirect, SetAndClearTouchTheFrameOnly)
{
	World w(true);
	const Mfn f{w.mfn[1][8200]};

	p2m::set(w.domu, Pfn{77}, f);
	EXPECT_EQ(frames::at(f)->gfn, 77u);
	p2m::clear(w.domu, f.raw());
	EXPECT_EQ(frames::at(f)->gfn, 0xffffffffu);
	p2m::clear(w.domu, all_ones);
}

TEST(P2m, RefusalsNameTheirRule)
{
	using namespace xen::ppc;

	for (const bool direct : {false, true}) {
		World w(direct);
		Rules rules;
		const s64 refused = direct ? h::privilege : h::parameter;

		EXPECT_EQ(p2m::refuse(w.dom0, all_ones), h::parameter);
		EXPECT_TRUE(rules.only(Rule::FrameOutOfRange));
		EXPECT_EQ(p2m::refuse(w.dom0, w.dom0.hpt.base.raw() >> 12), refused);
		EXPECT_TRUE(rules.only(Rule::FrameNotOwned));
		EXPECT_EQ(p2m::refuse(w.dom0, w.domu.grants.frames.raw()), refused);
		EXPECT_TRUE(rules.only(Rule::FrameNotOwned));
		frames::at(w.domu.grants.frames)->owner = w.domu.id; /* shared all the same */
		EXPECT_EQ(p2m::refuse(w.dom0, w.domu.grants.frames.raw()), refused);
		EXPECT_TRUE(rules.only(Rule::FrameNotOwned));
		EXPECT_EQ(p2m::refuse(w.domu, w.mfn[0][8200]), refused);
		EXPECT_TRUE(rules.only(direct ? Rule::ForeignNotGranted : Rule::FrameOutOfRange));
	}
}

TEST(P2m, OwnRamIsRamOnly)
{
	for (const bool direct : {false, true}) {
		World w(direct);
		const u64 own = direct ? w.mfn[0][9] : 9;
		const u64 grant = direct ? w.dom0.grants.frames.raw() : max_page;

		EXPECT_EQ(p2m::own_ram(w.dom0, own).raw(), w.mfn[0][9]);
		for (const u64 n : {grant, hole + 1, w.mfn[1][8200], all_ones})
			EXPECT_EQ(p2m::own_ram(w.dom0, n), frames::none);
	}
}

} // namespace
