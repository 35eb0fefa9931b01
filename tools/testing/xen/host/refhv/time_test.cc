/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Xen time and what it does to a vcpu: the ns formula, deadline, ticker, set_timer_op's
 * odd values, the wall clock, accounting (ABI 6; layouts 7.8).
 */
#include <gtest/gtest.h>

#include "event_world.hh"

namespace {

using namespace event_world;

constexpr u64 ms = 1'000'000;

class Time : public ::testing::Test {
protected:
	Time() { own.timer.period = 0; }
	s64 set_timer(u64 at) { return w.call(own, do_set_timer_op, {at}); }
	/* HDEC after @ns; DEC as the guest then has it. */
	s64 tick(u64 ns)
	{
		machine.timebase += ns;
		w.enter(own, 0x980, 5000);
		w.leave(own);
		return dec(0);
	}

	World w;
	Vcpu &own = w.vcpu(0, 0);
	const u64 start = machine.timebase;
};

/* floor(1e9 / Hz), not real time: 14.318 MHz counts 69 ns a tick. */
TEST_F(Time, Formula)
{
	const struct {
		u64 hz, ns;
	} row[] = {{512'000'000, 1},
		   {14'318'000, 69},
		   {33'333'333, 30},
		   {1'000'000'000, 1},
		   {1'000'000, 1000},
		   {2'000'000'000, 1},
		   {0, 1}};

	for (const auto &each : row) {
		machine.hz = each.hz;
		machine.timebase = 1'000'003;
		EXPECT_EQ(refhv::time::now(), 1'000'003 * each.ns) << each.hz;
		EXPECT_EQ(refhv::time::ticks(each.ns * 10), 10u);
		EXPECT_EQ(refhv::time::ticks(each.ns * 10 + 1), each.ns == 1 ? 11u : 11u);
		EXPECT_EQ(refhv::time::ticks(0), 0u);
		EXPECT_EQ(refhv::time::ticks(~u64{0}),
			  ~u64{0} / each.ns + (~u64{0} % each.ns != 0));
	}
}

TEST_F(Time, DeadlineForcesDecOnce)
{
	EXPECT_EQ(set_timer(start + 3 * ms), 0);
	EXPECT_EQ(tick(3 * ms - 1), 5000);
	EXPECT_EQ(tick(1), 1);
	EXPECT_EQ(tick(10 * ms), 5000) << "it fires once";
}

TEST_F(Time, DeadlineIsReplacedAndStopped)
{
	EXPECT_EQ(set_timer(start + 3 * ms), 0);
	EXPECT_EQ(set_timer(start + 30 * ms), 0);
	EXPECT_EQ(tick(10 * ms), 5000);
	EXPECT_EQ(set_timer(0), 0);
	EXPECT_EQ(tick(100 * ms), 5000);
	EXPECT_EQ(set_timer(1), 0) << "long past: at once";
	EXPECT_EQ(tick(0), 1);
}

TEST_F(Time, OddTimeoutsBecome100Ms)
{
	const u64 far = start + (u64{1} << 50);

	for (const u64 odd : {~u64{0}, u64{1} << 63, far + 1}) {
		EXPECT_EQ(set_timer(odd), 0);
		EXPECT_EQ(own.timer.deadline, start + 100 * ms) << odd;
	}
	EXPECT_EQ(set_timer(far), 0);
	EXPECT_EQ(own.timer.deadline, far);
}

TEST_F(Time, TickerOf100HzUntilStopped)
{
	refhv::time::init(own);
	EXPECT_EQ(tick(10 * ms - 1), 5000);
	EXPECT_EQ(tick(1), 1);
	EXPECT_EQ(tick(9 * ms), 5000);
	EXPECT_EQ(tick(ms), 1);
	EXPECT_EQ(tick(1000 * ms), 1) << "late: one, not a hundred";
	EXPECT_EQ(tick(0), 5000);
	refhv::time::start_period(own, 0);
	EXPECT_EQ(tick(1000 * ms), 5000);
	refhv::time::start_period(own, ~u64{0});
	EXPECT_EQ(tick(1000 * ms), 5000) << "a huge period does not wrap";
}

/* HDEC is never early, but the code behind it takes its time: no tick may be lost by that. */
TEST_F(Time, TickerKeepsItsRateWithAnUnevenHdec)
{
	refhv::time::init(own);
	for (u32 i = 0; i < 100; ++i)
		EXPECT_EQ(tick(10 * ms + (i % 2 ? u64(-400) : 500)), 1) << i;
}

TEST_F(Time, WallClockIsDom0s)
{
	u8 *const from = w.shared(0), *const to = w.shared(1);

	for (u32 at = 0xa00; at < 0xa18; ++at)
		from[at] = u8(at);
	refhv::time::copy_wallclock(w.dom(1));
	for (u32 at = 0xa04; at < 0xa18; ++at) {
		const bool pad = at >= 0xa0c && at < 0xa10;

		EXPECT_EQ(to[at], pad ? 0 : u8(at)) << at;
	}
	EXPECT_EQ(to[0xa00], 0) << "wc_version is not used";
	w.dom(1).shared_info_at = MachAddr{0};
	refhv::time::copy_wallclock(w.dom(1)); /* nowhere to write to */
	EXPECT_EQ(host_ram[0xa08], 0);
}

TEST_F(Time, AccountingAddsUp)
{
	using xen::ppc::Runstate;
	u64 expected[4] = {};
	u32 state = 3;

	refhv::time::init(own);
	for (u32 i = 0; i < 200; ++i) {
		const u32 span = i * 7919 % 1000, next = i * 31 / 7 % 4;

		machine.timebase += span;
		expected[state] += span;
		for (u32 s = 0; s < 4; ++s)
			EXPECT_EQ(refhv::time::state_time(own, static_cast<Runstate>(s)),
				  expected[s]);
		refhv::time::set_state(own, static_cast<Runstate>(next));
		state = next;
	}
}

} // namespace
