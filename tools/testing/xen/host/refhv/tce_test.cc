/* SPDX-License-Identifier: GPL-2.0 */
/*
 * H_PUT_TCE: the table's bounds, whose frames, references (ABI 3.2).
 */
#include <gtest/gtest.h>

#include "world.hh"

namespace {

using namespace rig;
namespace h = xen::ppc::h;

s64 put(Domain &dom, u64 liobn, u64 address, u64 word)
{
	return papr(tce::put, dom.vcpu[0], {liobn, address, word});
}

TEST(Tce, HoldsAReferenceUntilOverwritten)
{
	World w;
	Rules rules;
	const u64 a = w.mfn[1][8200], b = w.mfn[1][8201];

	EXPECT_EQ(put(w.domu, 0, 0x1000, 8200 << 12 | 3), h::success);
	EXPECT_EQ(w.domu.tce.entry[0][1], a << 12 | 3);
	EXPECT_EQ(frames::at(Mfn{a})->refs, 1u);
	EXPECT_EQ(put(w.domu, 15, 511 << 12, 8200 << 12 | 1), h::success);
	EXPECT_EQ(frames::at(Mfn{a})->refs, 2u);
	EXPECT_EQ(put(w.domu, 0, 0x1000, 8201 << 12 | 2), h::success);
	EXPECT_EQ(put(w.domu, 0, 0x1000, 8201 << 12 | 2), h::success);
	EXPECT_EQ(frames::at(Mfn{a})->refs, 1u);
	EXPECT_EQ(frames::at(Mfn{b})->refs, 1u);
	EXPECT_EQ(hpt::audit(), 0u);
	EXPECT_EQ(put(w.domu, 0, 0x1000, 8201 << 12), h::success); /* no access: cleared */
	EXPECT_EQ(w.domu.tce.entry[0][1], 0u);
	EXPECT_EQ(frames::at(Mfn{b})->refs, 0u);
	EXPECT_EQ(hpt::audit(), 0u);
	EXPECT_TRUE(rules.none());
}

TEST(Tce, EachBusHasItsOwnTable)
{
	World w;
	const u64 a = w.mfn[1][8200], b = w.mfn[1][8201];

	EXPECT_EQ(put(w.domu, 0, 0x1000, 8200 << 12 | 3), h::success);
	EXPECT_EQ(put(w.domu, 1, 0x1000, 8201 << 12 | 3), h::success);
	EXPECT_EQ(frames::at(Mfn{a})->refs, 1u);
	EXPECT_EQ(frames::at(Mfn{b})->refs, 1u);
	EXPECT_EQ(put(w.domu, 1, 0x1000, 0), h::success);
	EXPECT_EQ(frames::at(Mfn{a})->refs, 1u);
	EXPECT_EQ(frames::at(Mfn{b})->refs, 0u);
	EXPECT_EQ(hpt::audit(), 0u);
}

TEST(Tce, Range)
{
	World w;
	Rules rules;

	EXPECT_EQ(put(w.domu, 16, 0, 3), h::parameter);
	EXPECT_EQ(put(w.domu, all_ones, 0, 3), h::parameter);
	for (const u64 address : {u64{1}, u64{512} << 12, all_ones, all_ones << 12})
		EXPECT_EQ(put(w.domu, 0, address, 1 << 12 | 3), h::parameter);
	for (const u64 bit : {1ul << 2, 1ul << 11, 1ul << 52, 1ul << 63})
		EXPECT_EQ(put(w.domu, 0, 0, 1 << 12 | 3 | bit), h::parameter);
	EXPECT_TRUE(rules.only(Rule::TceRange, 10));
	options.historical = true;
	EXPECT_EQ(put(w.domu, 0, 0, 1 << 12 | 3 | 1ul << 52 | 4), h::success);
	EXPECT_EQ(w.domu.tce.entry[0][0], w.mfn[1][1] << 12 | 3);
}

TEST(Tce, WhoseFrames)
{
	for (const bool direct : {false, true}) {
		World w(direct);
		Rules rules;
		const s64 refused = direct ? h::privilege : h::parameter;
		const u64 theirs = w.mfn[1][8200];
		const u64 grant = direct ? w.dom0.grants.frames.raw() : frames::count();
		const u64 window = direct ? w.mfn[1][8201] : p2m::window_base(w.dom0) + 7;
		const u64 nothing = direct ? 70000 : hole_pfn;

		EXPECT_EQ(put(w.dom0, 0, 0, theirs << 12 | 3), h::success);
		EXPECT_EQ(frames::at(Mfn{theirs})->refs, 1u);
		EXPECT_EQ(frames::at(Mfn{theirs})->foreign, 0u);
		EXPECT_EQ(put(w.domu, 0, 0, w.mfn[0][8200] << 12 | 3), refused);
		EXPECT_TRUE(rules.only(direct ? Rule::ForeignNotGranted : Rule::FrameOutOfRange));
		EXPECT_EQ(put(w.dom0, 0, 0, grant << 12 | 3), h::parameter);
		EXPECT_TRUE(rules.only(Rule::SharedFrameUse));
		EXPECT_EQ(put(w.dom0, 0, 0, 0x80001ul << 12 | 3), h::parameter);
		EXPECT_TRUE(rules.only(Rule::FrameOutOfRange));
		EXPECT_EQ(put(w.dom0, 0, 0, nothing << 12 | 3), h::parameter);
		EXPECT_TRUE(rules.only(Rule::FrameOutOfRange));
		w.map_grant(w.dom0, 0, w.domu, w.mfn[1][8201], 7, true);
		EXPECT_EQ(put(w.dom0, 0, 0x1000, window << 12 | 3), h::privilege);
		EXPECT_EQ(put(w.dom0, 0, 0x1000, window << 12 | 2), h::privilege);
		EXPECT_TRUE(rules.only(Rule::WriteNotGranted, 2));
		EXPECT_EQ(put(w.dom0, 0, 0x1000, window << 12 | 1), h::success);
		w.domu.present = false;
		EXPECT_EQ(put(w.dom0, 0, 0x2000, theirs << 12 | 3), h::rescinded);
		EXPECT_EQ(w.dom0.tce.entry[0][0], theirs << 12 | 3); /* refusals change nothing */
		EXPECT_EQ(hpt::audit(), 0u);
	}
}

} // namespace
