/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The other PAPR calls on the hashed page table, and the table itself (ABI 3.2): remove,
 * read, protect, clear, bulk remove, the hidden entries of the real-mode area, audit.
 */
#include "hpt_guest.hh"

namespace {

using namespace rig;

constexpr u64 rc = low::referenced | low::changed;

TEST_F(HptCalls, RemoveComparesAndReturnsTheEntry)
{
	const u64 v = high_of(0x10000000, 0x10);

	ASSERT_EQ(enter(w.domu, 9, 8200, m | 2, exact, v), h::success);
	EXPECT_EQ(remove(w.domu, 9, flag::avpn, v + 0x80), h::not_found);
	EXPECT_EQ(remove(w.domu, 9, flag::andcond, 0x10), h::not_found);
	EXPECT_EQ(refs(w.mfn[1][8200]), 1u);
	EXPECT_TRUE(machine.flushes.empty());
	EXPECT_EQ(remove(w.domu, 9, flag::avpn | flag::andcond, (v & ~u64{0x7f})), h::not_found);
	EXPECT_EQ(remove(w.domu, 9, flag::avpn, v | 0x7f), h::success); /* AVPN bits only */
	EXPECT_EQ(gpr(w.domu, 4), v);
	EXPECT_EQ(gpr(w.domu, 5), w.mfn[1][8200] << 12 | rc | m | 2);
	EXPECT_EQ(machine.flushes.size(), 1u);
	EXPECT_EQ(refs(w.mfn[1][8200]), 0u);
	EXPECT_EQ(high(w.domu, 9) | low_word(w.domu, 9), 0u);
	/* An invalid entry is removed as well, with a tlbie. */
	EXPECT_EQ(remove(w.domu, 9), h::success);
	EXPECT_EQ(gpr(w.domu, 4) | gpr(w.domu, 5), 0u);
	EXPECT_EQ(machine.flushes.size(), 2u);
	EXPECT_EQ(remove(w.domu, 9, flag::avpn, v), h::not_found);
	ASSERT_EQ(enter(w.domu, 9, 1, m | 2, exact, v), h::success);
	EXPECT_EQ(remove(w.domu, 9, flag::andcond, 0x20), h::success);
}

TEST_F(HptCalls, TlbieNamesTheAddress)
{
	/* Segment 0x1234567, page 0xabc: hash by hand, primary and secondary, and a large page. */
	const u64 va = u64{0x1234567} << 28 | u64{0xabcd} << 12;
	const u64 hash = (0x1234567 ^ 0xabcd) & 2047;

	ASSERT_EQ(enter(w.domu, hash * 8 + 3, 1, m | 2, exact, high_of(va)), h::success);
	ASSERT_EQ(remove(w.domu, hash * 8 + 3), h::success);
	EXPECT_EQ(machine.flushes.back(), va);
	ASSERT_EQ(enter(w.domu, (2047 - hash) * 8, 1, m | 2, exact, high_of(va, 2)), h::success);
	ASSERT_EQ(remove(w.domu, (2047 - hash) * 8), h::success);
	EXPECT_EQ(machine.flushes.back(), va);
	ASSERT_EQ(enter(w.domu, 77, 4096, m | 2, exact, high_of(va, 4)), h::success);
	ASSERT_EQ(remove(w.domu, 77), h::success);
	EXPECT_EQ(machine.flushes.back(), (va & ~u64{0x7fffff}) | 1);
}

TEST_F(HptCalls, ReadOneOrFour)
{
	Vcpu &v = w.domu.vcpu[0];

	for (u64 i = 0; i < 4; ++i)
		ASSERT_EQ(enter(w.domu, 4 + i, i), h::success);
	EXPECT_EQ(papr(hpt::read, v, {0, 6, 99, 99}), h::success);
	EXPECT_EQ(gpr(w.domu, 4), high(w.domu, 6));
	EXPECT_EQ(gpr(w.domu, 5), w.mfn[1][2] << 12 | rc | m | 2); /* a machine frame */
	EXPECT_EQ(gpr(w.domu, 6), 99u);
	EXPECT_EQ(papr(hpt::read, v, {flag::read_4, 6}), h::success);
	for (u32 i = 0; i < 4; ++i) {
		EXPECT_EQ(gpr(w.domu, 4 + 2 * i), high(w.domu, 4 + i));
		EXPECT_EQ(gpr(w.domu, 5 + 2 * i), low_word(w.domu, 4 + i));
	}
	options.historical = true; /* inverted */
	EXPECT_EQ(papr(hpt::read, v, {flag::read_4, 6, 99, 99}), h::success);
	EXPECT_EQ(gpr(w.domu, 5), low_word(w.domu, 4));
	EXPECT_EQ(gpr(w.domu, 6), 99u);
	EXPECT_EQ(papr(hpt::read, v, {0, 6}), h::success);
	EXPECT_EQ(gpr(w.domu, 5), low_word(w.domu, 6));
	EXPECT_EQ(gpr(w.domu, 7), low_word(w.domu, 7));
	EXPECT_EQ(gpr(w.domu, 9), 0u);
	/* Four from the last slot: nothing lies behind the table. */
	EXPECT_EQ(papr(hpt::read, v, {0, slots - 1, 9, 9, 9, 9, 9, 9}), h::success);
	for (u32 r = 4; r < 12; ++r)
		EXPECT_EQ(gpr(w.domu, r), 0u);
}

TEST_F(HptCalls, ProtectChangesProtectionOnly)
{
	const u64 v = high_of(0x10000000, 0x10), rpn = w.mfn[1][8200] << 12;

	ASSERT_EQ(enter(w.domu, 9, 8200, m | 2, exact, v), h::success);
	EXPECT_EQ(protect(w.domu, 9, flag::avpn | 3, v + 0x80), h::not_found);
	EXPECT_EQ(protect(w.domu, 8, 3), h::not_found); /* invalid */
	EXPECT_TRUE(machine.flushes.empty());
	EXPECT_EQ(protect(w.domu, 9, flag::avpn | flag::pp0 | flag::n | 1 | 1 << 5, v), h::success);
	EXPECT_EQ(high(w.domu, 9), v);
	EXPECT_EQ(low_word(w.domu, 9), low::pp0 | rpn | rc | m | low::no_execute | 1);
	EXPECT_EQ(machine.flushes.size(), 1u);
	EXPECT_EQ(protect(w.domu, 9, 2), h::success);
	EXPECT_EQ(low_word(w.domu, 9), rpn | rc | m | 2);
	EXPECT_EQ(refs(w.mfn[1][8200]), 1u);
	options.historical = true; /* R goes, pp0 is not touched */
	EXPECT_EQ(protect(w.domu, 9, flag::pp0 | 3), h::success);
	EXPECT_EQ(low_word(w.domu, 9), rpn | low::changed | m | 3);
	EXPECT_TRUE(rules.none());
}

TEST_F(HptCalls, ClearModAndRef)
{
	Vcpu &v = w.domu.vcpu[0];
	const u64 before = w.mfn[1][8200] << 12 | rc | m | 2;

	for (const Call call : {hpt::clear_mod, hpt::clear_ref})
		EXPECT_EQ(papr(call, v, {0, 9}), h::not_found);
	ASSERT_EQ(enter(w.domu, 9, 8200), h::success);
	EXPECT_EQ(papr(hpt::clear_mod, v, {0, 9}), h::success);
	EXPECT_EQ(gpr(w.domu, 4), before);
	EXPECT_EQ(low_word(w.domu, 9), before & ~low::changed);
	EXPECT_EQ(machine.flushes.size(), 1u);
	EXPECT_EQ(papr(hpt::clear_ref, v, {0, 9}), h::success);
	EXPECT_EQ(gpr(w.domu, 4), before & ~low::changed);
	EXPECT_EQ(low_word(w.domu, 9), before & ~rc);
	EXPECT_EQ(machine.flushes.size(), 2u);
	EXPECT_EQ(refs(w.mfn[1][8200]), 1u);
	for (const Call call : {hpt::clear_mod, hpt::clear_ref}) {
		EXPECT_EQ(papr(call, v, {0, 9}), h::success);
		EXPECT_EQ(gpr(w.domu, 4), before & ~rc);
	}
	EXPECT_EQ(machine.flushes.size(), 2u); /* clear already */
	options.historical = true;
	EXPECT_EQ(papr(hpt::clear_mod, v, {77, 10}), h::success); /* invalid, no matter */
	EXPECT_EQ(gpr(w.domu, 4), 0u);
	EXPECT_EQ(high(w.domu, 10), 0u);
}

TEST_F(HptCalls, BulkRemove)
{
	const u64 request = u64{1} << 62, end = u64{3} << 62, v = high_of(0x10000000);
	Vcpu &c = w.domu.vcpu[0];

	for (u64 i = 0; i < 4; ++i)
		ASSERT_EQ(enter(w.domu, 40 + i, 8200 + i), h::success);
	ASSERT_EQ(papr(hpt::clear_mod, c, {0, 41}), h::success);
	machine.flushes.clear();
	EXPECT_EQ(papr(hpt::bulk_remove, c,
		       {request | 40, 0, request | 41, 0, request | 1ul << 57 | 42, v,
			request | 1ul << 56 | 43, 1}),
		  h::success);
	EXPECT_EQ(gpr(w.domu, 4), u64{0x8c} << 56 | 40);  /* done, R and C */
	EXPECT_EQ(gpr(w.domu, 6), u64{0x88} << 56 | 41);  /* done, R */
	EXPECT_EQ(gpr(w.domu, 8), u64{0x8e} << 56 | 42);  /* the flags stay */
	EXPECT_EQ(gpr(w.domu, 10), u64{0x91} << 56 | 43); /* not found: V was to be zero */
	EXPECT_EQ(machine.flushes.size(), 1u);
	EXPECT_EQ(references(), sum + 1);
	EXPECT_EQ(papr(hpt::bulk_remove, c, {request | 40, 0, end, 0, request | 43, 0, 77, 0}),
		  h::success);
	EXPECT_EQ(gpr(w.domu, 4), u64{0x90} << 56 | 40); /* invalid: not found */
	EXPECT_EQ(gpr(w.domu, 6), end);
	EXPECT_EQ(gpr(w.domu, 8), request | 43);
	EXPECT_EQ(gpr(w.domu, 10), 77u);
	EXPECT_EQ(machine.flushes.size(), 1u); /* nothing removed, no tlbie */
	EXPECT_TRUE(rules.none());
	EXPECT_EQ(papr(hpt::bulk_remove, c, {request | slots, 0, request | 43, 0, end, 0, end, 0}),
		  h::parameter);
	EXPECT_EQ(gpr(w.domu, 4), u64{0xa0} << 56 | slots);
	EXPECT_EQ(gpr(w.domu, 6), request | 43);
	EXPECT_TRUE(rules.only(Rule::SlotOutOfRange));
	for (const u64 bad : {u64{0}, u64{2} << 62 | 43, request | u64{3} << 56 | 43}) {
		EXPECT_EQ(papr(hpt::bulk_remove, c, {bad, 0, end, 0, end, 0, end, 0}),
			  h::parameter);
		EXPECT_EQ(gpr(w.domu, 4) >> 60, 0xau);
	}
	EXPECT_EQ(high(w.domu, 43), v);
	options.historical = true;
	EXPECT_EQ(papr(hpt::bulk_remove, c, {request | 43, 0, end, 0, end, 0, end, 0}),
		  h::parameter);
	EXPECT_EQ(gpr(w.domu, 4), request | 43);
	EXPECT_EQ(high(w.domu, 43), v);
}

TEST_F(HptCalls, RealModeAreaIsInvisible)
{
	Vcpu &c = w.domu.vcpu[0];
	/* 16 MB of a 1 TB segment: 26 bits of AVPN zero, VSID above them; hash by hand. */
	const u64 slot = ((0x1ffffff ^ u64{0x1ffffff} << 25) & 2047) * 8 + 7;

	hpt::map_vrma(w.domu);
	EXPECT_EQ(w.domu.hpt.vrma, 1u);
	EXPECT_EQ(high(w.domu, slot), 1ul << 62 | 0x1fffffful << 24 | 0x15);
	EXPECT_EQ(low_word(w.domu, slot), w.mfn[1][0] << 12 | rc | m | 2);
	EXPECT_EQ(references(), sum + 4096);
	EXPECT_EQ(enter(w.domu, slot, 1), h::pteg_full);
	EXPECT_EQ(remove(w.domu, slot), h::not_found);
	EXPECT_EQ(protect(w.domu, slot, 3), h::not_found);
	for (const Call call : {hpt::clear_mod, hpt::clear_ref})
		EXPECT_EQ(papr(call, c, {0, slot}), h::not_found);
	EXPECT_EQ(papr(hpt::read, c, {0, slot}), h::success);
	EXPECT_EQ(gpr(w.domu, 4) | gpr(w.domu, 5), 0u);
	EXPECT_EQ(papr(hpt::bulk_remove, c,
		       {1ul << 62 | slot, 0, 3ul << 62, 0, 3ul << 62, 0, 3ul << 62, 0}),
		  h::success);
	EXPECT_EQ(gpr(w.domu, 4) >> 60, 9u);
	EXPECT_EQ(high(w.domu, slot) & 1, 1u);
	EXPECT_TRUE(rules.none());
}

TEST_F(HptCalls, Create)
{
	const u64 free = frames::free_count();
	Domain &dom = domains[2];

	EXPECT_EQ(hpt::create(w.domu, 18), -22); /* there is one */
	EXPECT_EQ(hpt::create(dom, 17), -22);
	EXPECT_EQ(hpt::create(dom, 35), -22);
	EXPECT_EQ(hpt::create(dom, 30), -12);
	EXPECT_EQ(frames::free_count(), free);
	EXPECT_EQ(hpt::window_mappings(dom, 0), 0u); /* no table */
	EXPECT_EQ(papr(hpt::remove, w.dom0.vcpu[0], {0, slots, 0}), h::parameter);
	EXPECT_TRUE(rules.only(Rule::SlotOutOfRange));
	ASSERT_EQ(hpt::create(dom, 20), 0);
	EXPECT_EQ(dom.hpt.slots, 65536u);
	EXPECT_EQ(dom.hpt.log2_bytes, 20u);
	EXPECT_EQ(dom.hpt.base.raw() % (1 << 20), 0u);
	EXPECT_EQ(dom.hpt.window[65535], 0xffffffffu);
	EXPECT_EQ(dom.hpt.entered[65535], 0u);
	EXPECT_EQ(frames::free_count(), free - 256 - 64 - 64);
}

TEST_F(HptCalls, CreateNeedsRoomForAllThree)
{
	const Mfn run = frames::allocate(8, owner_xen, FrameType::Xen);

	frames::reserve(Mfn{0}, frames::count());
	for (const u32 pages : {0u, 64u, 80u}) { /* then: + its window slots, + counts */
		frames::release(run, 0);
		for (u32 i = 0; i < pages; ++i)
			frames::release(run + Pages{i}, 0);
		EXPECT_EQ(hpt::create(domains[2], 18), -12) << pages;
		frames::reserve(Mfn{0}, frames::count());
	}
	frames::release(run, 8);
	EXPECT_EQ(hpt::create(domains[2], 18), 0);
	EXPECT_EQ(frames::free_count(), 256u - 64 - 16 - 64);
}

TEST_F(HptCalls, AuditSeesEveryWrongCount)
{
	w.map_grant(w.dom0, 0, w.domu, w.mfn[1][8200], 7, false);
	ASSERT_EQ(enter(w.dom0, 1, p2m::window_base(w.dom0) + 7), h::success);
	EXPECT_EQ(hpt::audit(), 0u);
	for (const u64 f : {w.mfn[1][8200], w.mfn[0][5]}) {
		++frames::at(Mfn{f})->refs;
		EXPECT_EQ(hpt::audit(), 1u);
		frames::at(Mfn{f})->refs -= 2;
		EXPECT_EQ(hpt::audit(), 1u);
		++frames::at(Mfn{f})->refs;
		++frames::at(Mfn{f})->foreign;
		EXPECT_EQ(hpt::audit(), 1u);
		--frames::at(Mfn{f})->foreign;
	}
	EXPECT_EQ(hpt::audit(), 0u);
	for (const u32 slot : {7u, 65535u}) {
		++w.dom0.hpt.entered[slot];
		EXPECT_EQ(hpt::audit(), 1u);
		--w.dom0.hpt.entered[slot];
	}
}

} // namespace
