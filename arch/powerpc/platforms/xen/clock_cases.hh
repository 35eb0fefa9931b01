/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Cases of Xen's time and of how long to sleep.
 *
 * Expected numbers are from tables, or from whether the times around them sleep: nothing
 * here divides or clamps as the unit does.
 */
#ifndef ARCH_POWERPC_XEN_CLOCK_CASES_HH
#define ARCH_POWERPC_XEN_CLOCK_CASES_HH

#include "cases.hh"
#include "clock.hh"

namespace xen::cases::ppc_clock {

using namespace xen::ppc;
using clock::Wait;
using How = clock::Wait::How;

XEN_CASE(a_tick_has_whole_nanoseconds)
{
	CHECK_EQ(clock::scale(opaque(u64{14'318'000})), 69U);
	CHECK_EQ(clock::scale(opaque(u64{33'333'333})), 30U);
	CHECK_EQ(clock::scale(opaque(u64{512'000'000})), 1U);
	CHECK_EQ(clock::scale(opaque(u64{500'000'000})), 2U);
	CHECK_EQ(clock::scale(opaque(u64{1})), 1'000'000'000U);
}

XEN_CASE(a_fast_timebase_still_counts)
{
	CHECK_EQ(clock::scale(opaque(u64{1'000'000'000})), 1U);
	CHECK_EQ(clock::scale(opaque(u64{1'000'000'001})), 1U);
	CHECK_EQ(clock::scale(opaque(~u64{0})), 1U);
}

XEN_CASE(without_a_frequency_nobody_sleeps)
{
	CHECK_EQ(clock::scale(opaque(u64{0})), 0U);
	CHECK(clock::wait_for(opaque(u64{100}), opaque(u64{1} << 40), 0).how == How::Not);
	CHECK(clock::wait_for(opaque(u64{100}), clock::stopped, 0).how == How::Not);
}

XEN_CASE(time_does_not_wrap)
{
	CHECK_EQ(clock::to_ns(opaque(u64{3}), 30), 90U);
	CHECK_EQ(clock::to_ns(opaque(u64{1} << 63), 2), ~u64{0});
	CHECK_EQ(clock::to_ns(opaque(~u64{0}), 1), ~u64{0});
}

XEN_CASE(a_stopped_clock_event_waits_for_events)
{
	const Wait wait = clock::wait_for(opaque(u64{5}), clock::stopped, 30);

	CHECK(wait.how == How::Events);
	CHECK_EQ(wait.until_ns, 0U);
}

XEN_CASE(what_is_due_is_not_waited_for)
{
	CHECK(clock::wait_for(opaque(u64{1000}), 1000, 30).how == How::Not);
	CHECK(clock::wait_for(opaque(u64{1000}), 999, 30).how == How::Not);
	CHECK(clock::wait_for(opaque(~u64{0} - 1), 1, 30).how == How::Not);
}

XEN_CASE(what_is_near_is_not_waited_for)
{
	/* 20 us: 1000 ticks of 20 ns, 20000 of 1 ns. */
	CHECK(clock::wait_for(opaque(u64{7'000'000}), 7'000'999, 20).how == How::Not);
	CHECK(clock::wait_for(opaque(u64{7'000'000}), 7'001'000, 20).how == How::Until);
	CHECK(clock::wait_for(opaque(u64{7'000'000}), 7'019'999, 1).how == How::Not);
	CHECK(clock::wait_for(opaque(u64{7'000'000}), 7'020'000, 1).how == How::Until);
}

XEN_CASE(the_deadline_is_the_events_own_time)
{
	/* Not now plus a span: that would round twice. */
	CHECK_EQ(clock::wait_for(opaque(u64{1'000'000}), 1'234'567, 69).until_ns, 85'185'123U);
	CHECK_EQ(clock::wait_for(opaque(u64{0}), 512'000'000, 1).until_ns, 512'000'000U);
}

XEN_CASE(nothing_is_too_far_for_xen)
{
	constexpr u64 limit = u64{1} << 50;

	for (const u64 ns : {u64{1}, u64{2}, u64{30}, u64{69}}) {
		const u64 now = 123'456'789;
		const Wait wait = clock::wait_for(opaque(now), clock::stopped - 1, ns);

		CHECK(wait.how == How::Until);
		CHECK(wait.until_ns <= now * ns + limit);
		CHECK(wait.until_ns > now * ns + limit - 2 * ns);
	}
}

XEN_CASE(what_is_overdue_interrupts_at_once)
{
	CHECK_EQ(clock::rearm(opaque(u64{1000}), 1000, 0x7fffffff, 20), 1U);
	CHECK_EQ(clock::rearm(opaque(u64{1000}), 3, 0x7fffffff, 20), 1U);
	CHECK_EQ(clock::rearm(opaque(u64{1000}), 3, 5, 20), 1U);
	CHECK_EQ(clock::rearm(opaque(u64{1000}), clock::stopped, opaque(0), 20), 1U);
	CHECK_EQ(clock::rearm(opaque(u64{1000}), clock::stopped, opaque(-1), 20), 1U);
	CHECK_EQ(clock::rearm(opaque(u64{1000}), 2000, opaque(-0x7fffffff - 1), 0), 1U);
}

XEN_CASE(a_late_decrementer_is_brought_back)
{
	CHECK_EQ(clock::rearm(opaque(u64{1000}), 6000, 0x7fffffff, 20), 5000U);
	CHECK_EQ(clock::rearm(opaque(u64{1000}), 1001, 0x7fffffff, 20), 1U);
	/* 20 us: 1000 ticks of 20 ns. */
	CHECK_EQ(clock::rearm(opaque(u64{1000}), 6000, 6000, 20), 5000U);
	CHECK_EQ(clock::rearm(opaque(u64{1000}), 6000, 5999, 20), 0U);
}

XEN_CASE(an_early_decrementer_stays)
{
	CHECK_EQ(clock::rearm(opaque(u64{1000}), 6000, 5000, 20), 0U);
	CHECK_EQ(clock::rearm(opaque(u64{1000}), 6000, 1, 20), 0U);
	CHECK_EQ(clock::rearm(opaque(u64{1000}), clock::stopped, 1, 20), 0U);
	CHECK_EQ(clock::rearm(opaque(u64{0}), clock::stopped, 0x7fffffff, 1), 0U);
}

XEN_CASE(a_decrementer_at_its_end)
{
	CHECK(clock::at_end(opaque(0), 20));
	CHECK(clock::at_end(opaque(-0x7fffffff - 1), 20));
	CHECK(clock::at_end(opaque(999), 20));
	CHECK(!clock::at_end(opaque(1000), 20));
	CHECK(!clock::at_end(opaque(0x7fffffff), 1));
}

inline constexpr Case all[] = {
	XEN_LIST(a_tick_has_whole_nanoseconds),
	XEN_LIST(a_fast_timebase_still_counts),
	XEN_LIST(without_a_frequency_nobody_sleeps),
	XEN_LIST(time_does_not_wrap),
	XEN_LIST(a_stopped_clock_event_waits_for_events),
	XEN_LIST(what_is_due_is_not_waited_for),
	XEN_LIST(what_is_near_is_not_waited_for),
	XEN_LIST(the_deadline_is_the_events_own_time),
	XEN_LIST(nothing_is_too_far_for_xen),
	XEN_LIST(what_is_overdue_interrupts_at_once),
	XEN_LIST(a_late_decrementer_is_brought_back),
	XEN_LIST(an_early_decrementer_stays),
	XEN_LIST(a_decrementer_at_its_end),
};
inline constexpr Suite suite{"ppc_clock", all};

} // namespace xen::cases::ppc_clock

#endif
