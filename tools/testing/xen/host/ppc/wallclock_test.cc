// SPDX-License-Identifier: GPL-2.0
/* The wall clock, as another domain reads it: version, sum, and who may write. */
#include <gtest/gtest.h>

#include "abi/shared_info.hh"
#include "fake_boot.hh"
#include "idle_glue.h"
#include "wallclock_glue.h"

using namespace xen::ppc;

extern "C" {
SharedInfo *HYPERVISOR_shared_info;
}

namespace {

constexpr u64 hz = 1000;
constexpr s64 in_2007 = 1186000000;

alignas(4096) SharedInfo page;
u64 timebase;
bool locked;
unsigned int outside; /* reads of the timebase without the lock */
u32 version_inside;
s64 odd;

/* What a reader makes of it. */
s64 seconds_now()
{
	return page.wc_sec.load() + static_cast<s64>((timebase - page.boot_timebase.load()) / hz);
}

class Wallclock : public ::testing::Test {
protected:
	void SetUp() override
	{
		host::reset_boot();
		page = SharedInfo{};
		HYPERVISOR_shared_info = &page;
		timebase = 5'000'000;
		locked = false;
		version_inside = 0;
		odd = 0;
	}
};

TEST_F(Wallclock, tells_what_time_it_is_and_when)
{
	EXPECT_EQ(xen_wallclock_write(in_2007, 123), 0);
	EXPECT_EQ(page.wc_sec.load(), u32{1186000000});
	EXPECT_EQ(page.wc_nsec.load(), 123U);
	EXPECT_EQ(page.boot_timebase.load(), 5'000'000U);
	timebase += 60 * hz;
	EXPECT_EQ(seconds_now(), in_2007 + 60);
}

TEST_F(Wallclock, is_marked_while_it_changes)
{
	EXPECT_EQ(xen_wallclock_write(in_2007, 0), 0);
	EXPECT_EQ(version_inside & 1, 1U);
	EXPECT_EQ(page.wc_version.load(), 2U);
	EXPECT_EQ(xen_wallclock_write(in_2007, 0), 0);
	EXPECT_EQ(version_inside, 3U);
	EXPECT_EQ(page.wc_version.load(), 4U);
	EXPECT_FALSE(locked);
}

TEST_F(Wallclock, ends_a_change_that_never_ended)
{
	page.wc_version.store(7);
	EXPECT_EQ(xen_wallclock_write(in_2007, 0), 0);
	EXPECT_EQ(page.wc_version.load(), 8U);
}

TEST_F(Wallclock, is_dom0s_to_write)
{
	host::boot_facts.initdomain = false;
	EXPECT_EQ(xen_wallclock_write(in_2007, 0), -1);
	EXPECT_EQ(xen_wallclock_correct(in_2007, 0), -1);
	EXPECT_EQ(page.wc_version.load(), 0U);
	EXPECT_EQ(page.wc_sec.load(), 0U);
}

TEST_F(Wallclock, refuses_what_does_not_fit)
{
	EXPECT_EQ(xen_wallclock_write(0x100000000, 0), -34);
	EXPECT_EQ(odd, 0x100000000);
	EXPECT_EQ(xen_wallclock_write(in_2007, 1'000'000'000), -34);
	EXPECT_EQ(xen_wallclock_correct(in_2007, 1'000'000'000), -34);
	EXPECT_EQ(xen_wallclock_correct(0x100000000, 0), -34);
	EXPECT_EQ(xen_wallclock_correct(17, 0), -34);
	EXPECT_EQ(page.wc_version.load(), 0U);
	EXPECT_EQ(xen_wallclock_write(0xffffffff, 999'999'999), 0);
}

TEST_F(Wallclock, does_not_believe_a_clock_that_nobody_set)
{
	EXPECT_EQ(xen_wallclock_write(17, 0), -34);
	EXPECT_EQ(xen_wallclock_write(-1, 0), -34);
	EXPECT_EQ(odd, 0);
	EXPECT_EQ(page.wc_version.load(), 0U);
}

TEST_F(Wallclock, boots_with_the_trees_time)
{
	host::boot_facts.start_time = static_cast<u64>(in_2007);
	EXPECT_EQ(xen_get_boot_time(), in_2007);
	EXPECT_EQ(seconds_now(), in_2007);
	EXPECT_NE(page.wc_version.load(), 0U);
}

TEST_F(Wallclock, boots_without_a_time)
{
	EXPECT_EQ(xen_get_boot_time(), 0);
	EXPECT_EQ(page.wc_version.load(), 0U);
}

/* The timebase's ticks are 1 ms here. */
TEST_F(Wallclock, keeps_what_is_right)
{
	EXPECT_EQ(xen_wallclock_write(in_2007, 999'500'000), 0);
	timebase += 1000 * hz + 1;
	EXPECT_EQ(xen_wallclock_correct(in_2007 + 1001, 500'000), 0);
	EXPECT_EQ(xen_wallclock_correct(in_2007 + 1001, 1'500'000), 0);
	EXPECT_EQ(xen_wallclock_correct(in_2007 + 1000, 999'500'000), 0);
	EXPECT_EQ(page.wc_version.load(), 2U);
	EXPECT_EQ(page.wc_nsec.load(), 999'500'000U);
	EXPECT_FALSE(locked);
}

TEST_F(Wallclock, takes_a_correction_of_less_than_a_second)
{
	EXPECT_EQ(xen_wallclock_write(in_2007, 0), 0);
	timebase += 660 * hz;
	EXPECT_EQ(xen_wallclock_correct(in_2007 + 660, 33'000'000), 0);
	EXPECT_EQ(seconds_now(), in_2007 + 660);
	EXPECT_EQ(page.wc_nsec.load(), 33'000'000U);
	EXPECT_EQ(xen_wallclock_correct(in_2007 + 660, 31'000'000), 0);
	EXPECT_EQ(page.wc_nsec.load(), 31'000'000U);
}

TEST_F(Wallclock, takes_a_correction)
{
	EXPECT_EQ(xen_wallclock_correct(in_2007, 7), 0);
	EXPECT_EQ(seconds_now(), in_2007);
	EXPECT_EQ(page.wc_nsec.load(), 7U);
	timebase += 1000 * hz;
	EXPECT_EQ(xen_wallclock_correct(in_2007 + 1002, 0), 0);
	EXPECT_EQ(seconds_now(), in_2007 + 1002);
	EXPECT_EQ(xen_wallclock_correct(in_2007 + 900, 0), 0);
	EXPECT_EQ(seconds_now(), in_2007 + 900);
}

TEST_F(Wallclock, corrects_what_is_not_to_be_believed)
{
	const auto corrected = [](auto &&spoil) {
		EXPECT_EQ(xen_wallclock_write(in_2007, 0), 0);
		spoil();
		EXPECT_EQ(xen_wallclock_correct(in_2007, 0), 0);
		EXPECT_EQ(page.wc_version.load() & 1, 0U);
		EXPECT_EQ(page.wc_sec.load(), u32{1186000000});
		EXPECT_EQ(page.wc_nsec.load(), 0U);
		EXPECT_EQ(page.boot_timebase.load(), timebase);
	};

	corrected([] { page.wc_version.store(page.wc_version.load() + 1); });
	corrected([] { page.wc_nsec.store(1'000'000'000); });
	corrected([] { page.boot_timebase.store(timebase + 1); });
	corrected([] { timebase = ~u64{0}; });
	corrected([] { page.boot_timebase.store(0); });
}

/* A writer on another cpu is not looked at in the middle. */
TEST_F(Wallclock, compares_under_the_lock)
{
	EXPECT_EQ(xen_wallclock_write(in_2007, 0), 0);
	outside = 0;
	EXPECT_EQ(xen_wallclock_correct(in_2007, 0), 0);
	EXPECT_EQ(outside, 0U);
}

} // namespace

unsigned long xen_glue_wallclock_lock() noexcept
{
	EXPECT_FALSE(locked);
	locked = true;
	return 42;
}

void xen_glue_wallclock_unlock(unsigned long flags) noexcept
{
	EXPECT_EQ(flags, 42U);
	EXPECT_EQ(page.wc_version.load() & 1, 0U);
	locked = false;
}

void xen_glue_wallclock_odd(long long seconds) noexcept
{
	odd = seconds;
}

unsigned long xen_glue_timebase() noexcept
{
	if (locked)
		version_inside = page.wc_version.load();
	else
		++outside;
	return timebase;
}

unsigned long xen_glue_timebase_hz() noexcept
{
	return hz;
}
