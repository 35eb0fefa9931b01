/* SPDX-License-Identifier: GPL-2.0 */
/*
 * race=hpt: two vcpus collide in one group of slots, as they could historically.
 *
 * While one call has let go of the lock, the test runs another vcpu's: whatever the table
 * ends up with, the references are those of what stands in it.
 */
#include <random>

#include "hpt_guest.hh"

namespace {

using namespace rig;

class HptRace : public HptCalls {
protected:
	HptRace() { options.race = Race::Hpt; }

	Vcpu &first() { return w.domu.vcpu[0]; }
	Vcpu &second() { return w.domu.vcpu[1]; }

	/* Run @what once, when the next call has let go of the lock. */
	void meanwhile(std::function<void()> what)
	{
		machine.on_relax = [this, what] {
			machine.on_relax = nullptr;
			ran = true;
			what();
		};
	}
	s64 enter_by(Vcpu &vcpu, u64 slot, u64 number, u64 flags = 0)
	{
		return papr(hpt::enter, vcpu,
			    {flags, slot, high_of(0x10000000), number << 12 | m | 2});
	}
	u64 frame_in(u64 slot) { return (low_word(w.domu, slot) & low::rpn) >> 12; }
	bool ran = false;
};

TEST_F(HptRace, WithoutTheOptionNothingComesBetween)
{
	options.race = Race::None;
	meanwhile([] {});
	EXPECT_EQ(enter_by(first(), 8, 8200), h::success);
	EXPECT_EQ(protect(w.domu, 8, 3), h::success);
	EXPECT_EQ(papr(hpt::clear_mod, first(), {0, 8}), h::success);
	EXPECT_FALSE(ran);
}

TEST_F(HptRace, TheWindowLastsSomeMicroseconds)
{
	const u64 before = machine.timebase;

	EXPECT_EQ(enter_by(first(), 8, 8200), h::success);
	EXPECT_GE(machine.timebase - before, machine.hz / 1'000'000);
	EXPECT_LE(machine.timebase - before, machine.hz / 1'000'000 * 100);
	EXPECT_FALSE(hypervisor_lock_state.held);
}

TEST_F(HptRace, BothEnterOneSlotAndTheLaterWins)
{
	meanwhile([this] { EXPECT_EQ(enter_by(second(), 8, 8201), h::success); });
	EXPECT_EQ(enter_by(first(), 8, 8200), h::success);
	EXPECT_TRUE(ran);
	EXPECT_EQ(first().regs.gpr[4], 8u);
	EXPECT_EQ(second().regs.gpr[4], 8u);
	EXPECT_EQ(frame_in(8), w.mfn[1][8200]);
	EXPECT_EQ(refs(w.mfn[1][8200]), 1u);
	EXPECT_EQ(refs(w.mfn[1][8201]), 0u);
	EXPECT_FALSE(machine.flushes.empty()); /* the entry it overwrote was valid */
	EXPECT_TRUE(rules.only(Rule::PtegRace));
	EXPECT_EQ(first().pteg, -1);
	EXPECT_EQ(second().pteg, -1);
}

TEST_F(HptRace, AnotherGroupIsNoRace)
{
	meanwhile([this] { EXPECT_EQ(enter_by(second(), 16, 8201), h::success); });
	EXPECT_EQ(enter_by(first(), 8, 8200), h::success);
	EXPECT_TRUE(ran);
	EXPECT_EQ(references(), sum + 2);
	meanwhile([this] {
		/* The same group of another domain's table. */
		EXPECT_EQ(papr(hpt::enter, w.dom0.vcpu[0], {0, 8, high_of(0), 1 << 12 | 2}),
			  h::success);
	});
	EXPECT_EQ(enter_by(first(), 8, 8200), h::success);
	EXPECT_TRUE(rules.none());
}

TEST_F(HptRace, ProtectBringsARemovedEntryBack)
{
	ASSERT_EQ(enter_by(first(), 8, 8200), h::success);
	meanwhile([this] {
		EXPECT_EQ(papr(hpt::remove, second(), {0, 8, 0}), h::success);
		EXPECT_EQ(references(), sum + 1); /* what will be written is held already */
	});
	EXPECT_EQ(protect(w.domu, 8, 3), h::success);
	EXPECT_TRUE(ran);
	EXPECT_EQ(frame_in(8), w.mfn[1][8200]);
	EXPECT_EQ(references(), sum + 1);
	EXPECT_TRUE(rules.only(Rule::PtegRace));
}

TEST_F(HptRace, ClearModWritesAnOldEntryOverANewOne)
{
	ASSERT_EQ(enter_by(first(), 8, 8200), h::success);
	meanwhile([this] {
		EXPECT_EQ(papr(hpt::remove, second(), {0, 8, 0}), h::success);
		EXPECT_EQ(
			papr(hpt::enter, second(), {exact, 8, high_of(0, 4), u64{4096} << 12 | 2}),
			h::success);
		EXPECT_EQ(references(), sum + 1 + 4096);
	});
	EXPECT_EQ(papr(hpt::clear_mod, first(), {0, 8}), h::success);
	EXPECT_EQ(frame_in(8), w.mfn[1][8200]);
	EXPECT_EQ(references(), sum + 1);
}

TEST_F(HptRace, GrantThatEndsMeanwhile)
{
	for (const bool direct : {false, true}) {
		start(direct);
		options.race = Race::Hpt;
		Mapping &grant = w.map_grant(w.domu, 0, w.dom0, w.mfn[0][8200], 7, false);
		const u64 number = direct ? w.mfn[0][8200] : p2m::window_base(w.domu) + 7;
		const auto unmap = [&] {
			grant.active = false;
			--frames::at(grant.frame)->refs;
		};

		meanwhile(unmap);
		EXPECT_EQ(enter_by(first(), 8, number), h::rescinded);
		EXPECT_EQ(high(w.domu, 8), 0u);
		EXPECT_EQ(references(), sum);
		w.map_grant(w.domu, 0, w.dom0, w.mfn[0][8200], 7, false);
		ASSERT_EQ(enter_by(first(), 8, number), h::success);
		meanwhile([&] {
			EXPECT_EQ(papr(hpt::remove, second(), {0, 8, 0}), h::success);
			unmap();
		});
		EXPECT_EQ(protect(w.domu, 8, 2), h::not_found);
		EXPECT_EQ(high(w.domu, 8), 0u);
		EXPECT_EQ(references(), sum);
		EXPECT_EQ(hpt::audit(), 0u);
	}
}

/* Any calls at any time: the counts are those of the table, and the lock is free. */
TEST_F(HptRace, RandomCollisions)
{
	std::mt19937_64 random(20260101);
	u32 depth = 0;
	std::function<void(Vcpu &)> step = [&](Vcpu &vcpu) {
		const u64 slot = random() % 3 * 8 + random() % 3;
		const u64 number = 8192 + random() % 4;

		switch (random() % 6) {
		case 0:
		case 1:
			papr(hpt::enter, vcpu,
			     {random() & exact, slot, high_of(0), number << 12 | 2});
			break;
		case 2:
			papr(hpt::enter, vcpu, {0, slot, high_of(0, 4), u64{4096} << 12 | 2});
			break;
		case 3:
			papr(hpt::remove, vcpu, {0, slot, 0});
			break;
		case 4:
			papr(hpt::protect, vcpu, {random() & 7, slot, 0});
			break;
		default:
			papr(hpt::clear_mod, vcpu, {0, slot});
		}
	};

	for (u32 i = 0; i < 2000; ++i) {
		machine.on_relax = [&] {
			if (depth++ == 0)
				step(second());
			--depth;
		};
		step(first());
		ASSERT_FALSE(hypervisor_lock_state.held);
		u64 mapped = 0;

		for (u64 slot = 0; slot < 24; ++slot)
			if (high(w.domu, slot) & 1)
				mapped += high(w.domu, slot) & 4 ? 4096u : 1u;
		ASSERT_EQ(references(), sum + mapped) << i;
	}
	EXPECT_GT(violations(Rule::PtegRace), 100u);
}

} // namespace
