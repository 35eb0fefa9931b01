/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A guest's view of the calls on the page table, for the hpt*_test.cc.
 */
#ifndef REFHV_TEST_HPT_GUEST_HH
#define REFHV_TEST_HPT_GUEST_HH

#include <gtest/gtest.h>

#include "world.hh"

namespace rig {

namespace h = xen::ppc::h;
namespace flag = xen::ppc::hflag;
namespace low = xen::ppc::hpte_low;

inline constexpr u64 exact = flag::exact;
inline constexpr u64 m = low::coherent;
inline constexpr u64 io = low::inhibited | low::guarded;
inline constexpr u64 slots = 16384; /* of World's tables */

/* The high word for virtual page @va, valid; @bits: L and the like. */
inline u64 high_of(u64 va, u64 bits = 0)
{
	return (va >> 23) << 7 | bits | 1;
}

class HptCalls : public ::testing::Test {
protected:
	World w;
	Rules rules;
	u64 sum = 0; /* of all references in the frame table, when the test began */

	HptCalls() { start(false); }
	void start(bool direct)
	{
		w.~World();
		new (&w) World(direct);
		rules = Rules{};
		sum = references();
	}
	static u64 references()
	{
		u64 n = 0;

		for (u64 i = 0; i < frames::count(); ++i)
			n += frames::at(Mfn{i})->refs;
		return n;
	}
	u64 refs(u64 mfn) { return frames::at(Mfn{mfn})->refs; }
	u64 foreign(u64 mfn) { return frames::at(Mfn{mfn})->foreign; }

	s64 enter(Domain &dom, u64 slot, u64 number, u64 attributes = m | 2, u64 flags = exact,
		  u64 high = high_of(0x10000000))
	{
		return papr(hpt::enter, dom.vcpu[0],
			    {flags, slot, high, number << 12 | attributes});
	}
	s64 enter_large(Domain &dom, u64 slot, u64 number, u64 attributes = m | 2)
	{
		return enter(dom, slot, number, attributes, exact, high_of(0x10000000, 4));
	}
	s64 remove(Domain &dom, u64 slot, u64 flags = 0, u64 word = 0)
	{
		return papr(hpt::remove, dom.vcpu[0], {flags, slot, word});
	}
	s64 protect(Domain &dom, u64 slot, u64 flags, u64 word = 0)
	{
		return papr(hpt::protect, dom.vcpu[0], {flags, slot, word});
	}
	u64 gpr(Domain &dom, u32 r) { return dom.vcpu[0].regs.gpr[r]; }
	/* The table's own words. */
	u64 high(Domain &dom, u64 slot) { return dom.hpt.entry[slot].high.load(); }
	u64 low_word(Domain &dom, u64 slot) { return dom.hpt.entry[slot].low.load(); }

	void TearDown() override { EXPECT_EQ(hpt::audit(), 0u); }
};

} // namespace rig

#endif
