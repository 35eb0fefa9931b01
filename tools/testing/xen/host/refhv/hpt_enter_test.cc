/* SPDX-License-Identifier: GPL-2.0 */
/*
 * H_ENTER and rights to frames: results, rules, references (ABI 3.3; protocol 7.1 to 7.7).
 *
 * After each test all references are recounted.
 */
#include "hpt_guest.hh"

namespace {

using namespace rig;

constexpr u64 rc = low::referenced | low::changed;

TEST_F(HptCalls, EnterTranslatesAndHoldsAReference)
{
	const u64 f = w.mfn[1][8200];

	ASSERT_EQ(enter(w.domu, 3, 8200), h::success);
	EXPECT_EQ(gpr(w.domu, 4), 3u);
	EXPECT_EQ(high(w.domu, 3), high_of(0x10000000));
	EXPECT_EQ(low_word(w.domu, 3), f << 12 | rc | m | 2);
	EXPECT_EQ(refs(f), 1u);
	EXPECT_EQ(foreign(f), 0u);
	EXPECT_TRUE(machine.flushes.empty());
	ASSERT_EQ(enter(w.domu, 4, 8200), h::success);
	EXPECT_EQ(refs(f), 2u);
	EXPECT_EQ(references(), sum + 2);
	EXPECT_TRUE(rules.none());
}

TEST_F(HptCalls, TheWordsLieInMemoryBigEndian)
{
	ASSERT_EQ(enter(w.domu, 3, 8200), h::success);
	const u8 *at = phys(w.domu.hpt.base) + 3 * 16;

	EXPECT_EQ(at[7] & 1, 1);
	EXPECT_EQ(at[15] & 0x83, 0x82);
}

TEST_F(HptCalls, EnterKeepsAndDropsTheRightBits)
{
	const u64 all = ~low::rpn & ~(low::write_through | low::inhibited);

	ASSERT_EQ(enter(w.domu, 0, 9, all, exact, high_of(0x10000000, 0x7a)), h::success);
	/* lock and reserved bits go, bolted, software and secondary stay */
	EXPECT_EQ(high(w.domu, 0), high_of(0x10000000, 0x1a));
	EXPECT_EQ(low_word(w.domu, 0) & ~low::rpn,
		  low::pp0 | low::ac | rc | m | low::guarded | low::no_execute | 3);
	options.historical = true;
	ASSERT_EQ(enter(w.domu, 1, 9, low::pp0 | 2), h::success);
	EXPECT_EQ(low_word(w.domu, 1) & ~low::rpn, rc | 2);
}

TEST_F(HptCalls, GroupsFillUpAndAreExactOnRequest)
{
	for (u64 i = 0; i < 8; ++i) {
		if (i == 5)
			continue;
		ASSERT_EQ(enter(w.domu, 16 + i, 1), h::success);
	}
	EXPECT_EQ(enter(w.domu, 17, 1), h::pteg_full);
	ASSERT_EQ(enter(w.domu, 23, 1, m | 2, 0), h::success); /* from the group's first slot on */
	EXPECT_EQ(gpr(w.domu, 4), 21u);
	EXPECT_EQ(enter(w.domu, 16, 1, m | 2, 0), h::pteg_full);
	EXPECT_EQ(high(w.domu, 24), 0u);
	EXPECT_EQ(high(w.domu, 15), 0u);
	ASSERT_EQ(remove(w.domu, 18), h::success);
	ASSERT_EQ(enter(w.domu, 20, 2, m | 2, 0), h::success);
	EXPECT_EQ(gpr(w.domu, 4), 18u);
	EXPECT_EQ(refs(w.mfn[1][1]), 7u);
}

TEST_F(HptCalls, SlotBeyondTheTable)
{
	for (const u64 slot : {slots, slots + 1, all_ones}) {
		EXPECT_EQ(enter(w.domu, slot, 1), h::parameter);
		EXPECT_TRUE(rules.only(Rule::SlotOutOfRange));
		EXPECT_EQ(enter(w.domu, slot, 1, 2, 0), h::parameter);
		EXPECT_EQ(remove(w.domu, slot), h::parameter);
		EXPECT_EQ(protect(w.domu, slot, 2), h::parameter);
		for (const Call call : {hpt::read, hpt::clear_mod, hpt::clear_ref})
			EXPECT_EQ(papr(call, w.domu.vcpu[0], {0, slot}), h::parameter);
		EXPECT_TRUE(rules.only(Rule::SlotOutOfRange, 6));
	}
	EXPECT_EQ(enter(w.domu, slots - 1, 1), h::success);
	EXPECT_EQ(enter(w.dom0, slots - 1, 1, 2, 0), h::success);
}

TEST_F(HptCalls, BadWords)
{
	EXPECT_EQ(enter(w.domu, 0, 1, 2, exact, high_of(0x10000000) & ~u64{1}), h::parameter);
	EXPECT_EQ(enter_large(w.domu, 0, 4096 | 1), h::parameter); /* another page size */
	EXPECT_TRUE(rules.none());
	for (const u64 b : {1ul << 62, 1ul << 63, 3ul << 62}) {
		EXPECT_EQ(enter(w.domu, 0, 1, 2, exact, high_of(0x10000000, b)), h::parameter);
		EXPECT_TRUE(rules.only(Rule::FacilityUse));
	}
	EXPECT_EQ(high(w.domu, 0), 0u);
}

TEST_F(HptCalls, FramesThatAreNot)
{
	EXPECT_EQ(enter(w.domu, 0, hole_pfn), h::parameter);
	EXPECT_TRUE(rules.only(Rule::FrameOutOfRange));
	EXPECT_EQ(enter(w.domu, 0, (u64{1} << 50) - 1), h::parameter);
	EXPECT_TRUE(rules.only(Rule::FrameOutOfRange));
	EXPECT_EQ(enter(w.dom0, 0, w.mfn[0][8200]), h::parameter); /* own, by machine frame */
	EXPECT_TRUE(rules.only(Rule::FrameNotOwned));
	start(true);
	EXPECT_EQ(enter(w.domu, 0, w.mfn[0][1]), h::privilege);
	EXPECT_TRUE(rules.only(Rule::ForeignNotGranted));
	EXPECT_EQ(enter(w.domu, 0, w.domu.hpt.base.raw() >> 12), h::privilege);
	EXPECT_TRUE(rules.only(Rule::FrameNotOwned));
	EXPECT_EQ(enter(w.domu, 0, 0x80000, io), h::parameter);
	EXPECT_TRUE(rules.only(Rule::FrameOutOfRange));
	EXPECT_EQ(references(), sum);
}

TEST_F(HptCalls, LargePageHoldsAllItsFrames)
{
	ASSERT_EQ(enter_large(w.domu, 0, 4096), h::success);
	EXPECT_EQ(low_word(w.domu, 0), w.mfn[1][4096] << 12 | rc | m | 2);
	for (u64 i = 4096; i < 8192; ++i)
		ASSERT_EQ(refs(w.mfn[1][i]), 1u) << i;
	EXPECT_EQ(references(), sum + 4096);
	ASSERT_EQ(remove(w.domu, 0), h::success);
	EXPECT_EQ(references(), sum);
	EXPECT_TRUE(rules.none());
}

TEST_F(HptCalls, LargePageMustBeAlignedAndWhole)
{
	EXPECT_EQ(enter_large(w.domu, 0, 4096 + 2), h::parameter);
	EXPECT_TRUE(rules.only(Rule::LargePageUnchecked));
	/* One frame elsewhere, the last of them; then one missing. */
	const u32 last = w.domu.p2m.entry[8191];

	w.domu.p2m.entry[8191] = static_cast<u32>(w.mfn[1][8200]);
	EXPECT_EQ(enter_large(w.domu, 0, 4096), h::parameter);
	EXPECT_TRUE(rules.only(Rule::LargePageUnchecked));
	w.domu.p2m.entry[8191] = last;
	w.domu.p2m.entry[4097] = p2m_invalid;
	EXPECT_EQ(enter_large(w.domu, 0, 4096), h::parameter);
	EXPECT_TRUE(rules.only(Rule::LargePageUnchecked));
	/* In order, but the machine's frames not aligned. */
	for (u32 i = 0; i < 4096; ++i)
		w.domu.p2m.entry[4096 + i] = static_cast<u32>(w.mfn[1][2048 + i]);
	EXPECT_EQ(enter_large(w.domu, 0, 4096), h::parameter);
	EXPECT_TRUE(rules.only(Rule::LargePageUnchecked));
	EXPECT_EQ(references(), sum);
}

TEST_F(HptCalls, LargePageHistoricallyAlignedDownButStillWhole)
{
	options.historical = true;
	ASSERT_EQ(enter_large(w.domu, 0, 4096 + 2), h::success);
	EXPECT_EQ(low_word(w.domu, 0) & low::rpn, w.mfn[1][4096] << 12);
	w.domu.p2m.entry[5000] = p2m_invalid;
	EXPECT_EQ(enter_large(w.domu, 1, 4096), h::parameter);
	EXPECT_TRUE(rules.only(Rule::LargePageUnchecked));
}

TEST_F(HptCalls, LargePageOfForeignOrGrantFramesIsRefused)
{
	EXPECT_EQ(enter_large(w.dom0, 0, w.mfn[1][4096]), h::parameter);
	EXPECT_TRUE(rules.only(Rule::LargePageUnchecked));
	start(true);
	EXPECT_EQ(enter_large(w.dom0, 0, w.mfn[1][4096]), h::privilege);
	EXPECT_TRUE(rules.only(Rule::LargePageUnchecked));
	/* One frame of an own run belongs to somebody else. */
	Frame &f = *frames::at(Mfn{w.mfn[1][6000]});

	f.owner = w.dom0.id;
	EXPECT_EQ(enter_large(w.domu, 0, w.mfn[1][4096]), h::privilege);
	EXPECT_TRUE(rules.only(Rule::LargePageUnchecked));
	f.owner = w.domu.id;
	EXPECT_EQ(enter_large(w.domu, 0, w.mfn[1][4096]), h::success);
}

TEST_F(HptCalls, DeviceFrames)
{
	EXPECT_EQ(enter(w.dom0, 0, 0x80001, io | 2), h::success);
	EXPECT_EQ(low_word(w.dom0, 0), u64{0x80001} << 12 | rc | io | 2);
	EXPECT_EQ(references(), sum); /* no memory */
	for (const u64 wimg : {u64{0}, m, low::guarded, low::inhibited, io | low::write_through})
		EXPECT_EQ(enter(w.dom0, 1, 0x80001, wimg | 2), h::parameter);
	EXPECT_TRUE(rules.only(Rule::IoAttributes, 5));
	EXPECT_EQ(enter(w.dom0, 1, 0x80001, io | m | 2), h::success); /* M is free */
	EXPECT_EQ(enter(w.domu, 0, 0x80001, io | 2), h::parameter);
	EXPECT_TRUE(rules.only(Rule::FrameOutOfRange));
	EXPECT_EQ(enter_large(w.dom0, 2, 0x81000, io | 2), h::success);
	EXPECT_EQ(enter_large(w.dom0, 3, 0x80000, io | 2),
		  h::parameter); /* the hole's first page */
	EXPECT_TRUE(rules.only(Rule::FrameOutOfRange));
	EXPECT_EQ(remove(w.dom0, 0), h::success);
	EXPECT_EQ(remove(w.dom0, 2), h::success);
	EXPECT_EQ(references(), sum);
}

TEST_F(HptCalls, MemoryIsCacheable)
{
	for (const u64 wimg : {low::write_through, low::inhibited, io, low::wimg}) {
		EXPECT_EQ(enter(w.domu, 0, 1, wimg | 2), h::parameter);
		EXPECT_TRUE(rules.only(Rule::RamAttributes));
	}
	EXPECT_EQ(enter(w.domu, 0, 1, low::guarded | m | 2), h::success);
	options.historical = true;
	EXPECT_EQ(enter(w.domu, 1, 1, low::wimg | 2), h::success);
	EXPECT_EQ(low_word(w.domu, 1) & low::wimg, low::wimg);
}

TEST_F(HptCalls, GrantFramesBecomeCacheable)
{
	const u64 f = w.domu.grants.frames.raw();

	ASSERT_EQ(enter(w.domu, 0, frames::count(), low::wimg | 2), h::success);
	EXPECT_EQ(low_word(w.domu, 0), f << 12 | rc | m | 2);
	EXPECT_EQ(refs(f), 1u);
	EXPECT_EQ(foreign(f), 0u);
	options.historical = true;
	ASSERT_EQ(enter(w.domu, 1, frames::count() + 3, low::wimg | 2), h::success);
	EXPECT_EQ(low_word(w.domu, 1), (f + 3) << 12 | rc | low::write_through | m | 2);
	ASSERT_EQ(remove(w.domu, 0), h::success);
	EXPECT_EQ(refs(f), 0u);
}

TEST_F(HptCalls, ForeignFramesAreCountedAsSuch)
{
	const u64 f = w.mfn[1][8200];

	ASSERT_EQ(enter(w.dom0, 0, f), h::success);
	EXPECT_EQ(refs(f), 1u);
	EXPECT_EQ(foreign(f), 1u);
	ASSERT_EQ(enter(w.domu, 0, 8200), h::success);
	EXPECT_EQ(refs(f), 2u);
	EXPECT_EQ(foreign(f), 1u);
	ASSERT_EQ(remove(w.dom0, 0), h::success);
	EXPECT_EQ(refs(f), 1u);
	EXPECT_EQ(foreign(f), 0u);
	w.domu.present = false;
	EXPECT_EQ(enter(w.dom0, 0, f), h::rescinded);
	EXPECT_EQ(references(), sum + 1);
	EXPECT_TRUE(rules.none());
}

TEST_F(HptCalls, WindowEntriesRememberTheirSlot)
{
	const u64 f = w.mfn[1][8200], base = p2m::window_base(w.dom0);

	w.map_grant(w.dom0, 0, w.domu, f, 7, false);
	EXPECT_EQ(hpt::window_mappings(w.dom0, 7), 0u);
	ASSERT_EQ(enter(w.dom0, 5, base + 7), h::success);
	ASSERT_EQ(enter(w.dom0, 6, f), h::success); /* the same frame, not by the window */
	EXPECT_EQ(w.dom0.hpt.window[5], 7u);
	EXPECT_EQ(w.dom0.hpt.window[6], 0xffffffffu);
	EXPECT_EQ(hpt::window_mappings(w.dom0, 7), 1u);
	EXPECT_EQ(hpt::window_mappings(w.dom0, 8), 0u);
	EXPECT_EQ(refs(f), 3u); /* the mapping's and two entries' */
	EXPECT_EQ(foreign(f), 2u);
	ASSERT_EQ(protect(w.dom0, 5, 3), h::success);
	EXPECT_EQ(hpt::window_mappings(w.dom0, 7), 1u);
	ASSERT_EQ(remove(w.dom0, 5), h::success);
	EXPECT_EQ(hpt::window_mappings(w.dom0, 7), 0u);
	EXPECT_EQ(w.dom0.hpt.window[5], 0xffffffffu);
	/* Granted to oneself: no foreign entry, yet one of the window's. */
	w.map_grant(w.dom0, 1, w.dom0, w.mfn[0][8201], 9, false);
	ASSERT_EQ(enter(w.dom0, 5, base + 9), h::success);
	EXPECT_EQ(foreign(w.mfn[0][8201]), 0u);
	EXPECT_EQ(hpt::window_mappings(w.dom0, 9), 1u);
	/* Overwritten, cleared, removed in bulk: each entry is counted while it stands. */
	ASSERT_EQ(enter(w.dom0, 8, base + 9), h::success);
	ASSERT_EQ(papr(hpt::clear_mod, w.dom0.vcpu[0], {0, 8}), h::success);
	EXPECT_EQ(hpt::window_mappings(w.dom0, 9), 2u);
	ASSERT_EQ(papr(hpt::bulk_remove, w.dom0.vcpu[0],
		       {1ul << 62 | 5, 0, 1ul << 62 | 8, 0, 3ul << 62, 0, 3ul << 62, 0}),
		  h::success);
	EXPECT_EQ(hpt::window_mappings(w.dom0, 9), 0u);
	options.historical = true; /* an entry may outlive its mapping there */
	w.map_grant(w.dom0, 2, w.domu, f, 11, false);
	ASSERT_EQ(enter(w.dom0, 5, base + 11), h::success);
	w.dom0.grants.mapping[2].active = false;
	--frames::at(Mfn{f})->refs;
	EXPECT_EQ(hpt::window_mappings(w.dom0, 11), 1u);
	ASSERT_EQ(remove(w.dom0, 5), h::success);
	EXPECT_EQ(hpt::window_mappings(w.dom0, 11), 0u);
	EXPECT_EQ(hpt::window_mappings(w.dom0, 65536), 0u);
	EXPECT_EQ(hpt::window_mappings(w.dom0, 0xffffffff), 0u);
}

/* Every combination of pp and pp0 against a read-only grant, by H_ENTER and H_PROTECT. */
TEST_F(HptCalls, ReadOnlyGrants)
{
	for (const bool direct : {false, true}) {
		start(direct);
		const u64 f = w.mfn[1][8200];
		const u64 number = direct ? f : p2m::window_base(w.dom0) + 7;

		w.map_grant(w.dom0, 0, w.domu, f, 7, true);
		for (u64 pp = 0; pp < 8; ++pp) {
			const u64 bits = (pp & 4 ? low::pp0 : 0) | (pp & 3);
			const u64 flags = (pp & 4 ? flag::pp0 : 0) | (pp & 3);
			const bool reads_only = pp == 3 || pp == 6;

			EXPECT_EQ(enter(w.dom0, pp, number, m | bits),
				  reads_only ? h::success : h::privilege)
				<< pp;
			EXPECT_TRUE(reads_only ? rules.none() : rules.only(Rule::WriteNotGranted));
			ASSERT_EQ(enter(w.dom0, 100 + pp, number, m | 3), h::success);
			EXPECT_EQ(protect(w.dom0, 100 + pp, flags),
				  reads_only ? h::success : h::privilege)
				<< pp;
			EXPECT_TRUE(reads_only ? rules.none() : rules.only(Rule::WriteNotGranted));
			EXPECT_EQ(low_word(w.dom0, 100 + pp) & (low::pp0 | 3),
				  reads_only ? bits : 3);
		}
		/* Without pp0 its read-only page would be writable. */
		options.historical = true;
		EXPECT_EQ(enter(w.dom0, 50, number, m | low::pp0 | 2), h::privilege);
		EXPECT_TRUE(rules.only(Rule::WriteNotGranted));
		EXPECT_EQ(protect(w.dom0, 100, flag::pp0 | 2), h::privilege);
		EXPECT_TRUE(rules.only(Rule::WriteNotGranted));
		EXPECT_EQ(hpt::audit(), 0u);
	}
}

TEST_F(HptCalls, ZeroPageClearsJustThePage)
{
	const u64 f = w.mfn[1][8200];

	/* The next frame is refhv's: see World. */
	std::memset(w.page(f - 1), 0xa5, 3 * page_bytes);
	ASSERT_EQ(enter(w.domu, 0, 8200, m | 2, exact | flag::zero_page), h::success);
	EXPECT_EQ(w.page(f)[0] | w.page(f)[4095], 0);
	EXPECT_EQ(w.page(f - 1)[4095], 0xa5);
	EXPECT_EQ(w.page(f + 1)[0], 0xa5);
	EXPECT_TRUE(rules.none());
	/* Foreign frames stay as they are; so does a page whose entry finds no slot. */
	w.page(f)[7] = 1;
	ASSERT_EQ(enter(w.dom0, 0, f, m | 2, exact | flag::zero_page), h::success);
	EXPECT_EQ(enter(w.domu, 0, 8200, m | 2, exact | flag::zero_page), h::pteg_full);
	EXPECT_EQ(w.page(f)[7], 1);
	std::memset(w.page(w.mfn[1][4096]), 0xa5, large_bytes);
	ASSERT_EQ(papr(hpt::enter, w.domu.vcpu[0],
		       {exact | flag::zero_page, 1, high_of(0, 4), u64{4096} << 12 | m | 2}),
		  h::success);
	EXPECT_EQ(w.page(w.mfn[1][4096])[0] | w.page(w.mfn[1][8191])[4095], 0);
	options.historical = true;
	ASSERT_EQ(enter(w.domu, 2, 8200, m | 2, exact | flag::zero_page), h::success);
	EXPECT_TRUE(rules.only(Rule::DangerousCall));
	EXPECT_EQ(w.page(f)[7], 0);
	EXPECT_EQ(w.page(f + 1)[0], 0xa5);
}

} // namespace
