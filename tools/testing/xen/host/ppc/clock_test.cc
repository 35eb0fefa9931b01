// SPDX-License-Identifier: GPL-2.0
/* The clock's cases, and its one hypercall: the end of Xen's ticker. */
#include <gtest/gtest.h>

#include "clock.hh"
#include "clock_cases.hh"
#include "fake_boot.hh"
#include "fake_paca.hh"
#include "hypercall.hh"
#include "idle_glue.h"

namespace {

using namespace xen::ppc;

u64 hz;
unsigned int refused_vcpu;
s64 refused_status;

struct Xen : host::Hypervisor {
	s64 answer = 0;
	u64 came[4]{};

	void trap(u64 *r) override
	{
		std::copy(r, r + 4, came);
		r[0] = static_cast<u64>(answer);
	}
};

void report(void *, const xen_case_failure *f)
{
	ADD_FAILURE_AT(f->file, static_cast<int>(f->line))
		<< f->what << ": " << f->left << ", " << f->right;
}

TEST(Clock, cases)
{
	for (const auto &c : xen::cases::ppc_clock::suite.cases) {
		SCOPED_TRACE(c.name);
		xen::cases::Context cx(report, nullptr);
		c.run(cx);
		EXPECT_GT(cx.checks(), 0U);
	}
}

TEST(Clock, waits_for_the_frequency_and_remembers_it)
{
	hz = 0;
	EXPECT_EQ(clock::ns_per_tick(), 0U);
	hz = 33'000'000;
	EXPECT_EQ(clock::ns_per_tick(), 30U);
	hz = 1;
	EXPECT_EQ(clock::ns_per_tick(), 30U);
}

TEST(Clock, stops_the_boot_cpus_ticker)
{
	Xen xen;

	host::reset_cpu();
	host::hypervisor = &xen;
	host::reset_boot();
	host::announce(Feature::BulkRemove);
	refused_status = 0;
	xen_time_init();
	EXPECT_EQ(host::traps(), 1U);
	EXPECT_EQ(xen.came[0], 0xffffffffffff0018U);
	EXPECT_EQ(xen.came[1], 7U);
	EXPECT_EQ(xen.came[2], 0U);
	EXPECT_EQ(refused_status, 0);
}

TEST(Clock, leaves_the_ticker_of_a_hypervisor_that_loses_ticks)
{
	Xen xen;

	host::reset_cpu();
	host::hypervisor = &xen;
	host::reset_boot();
	xen_time_init();
	EXPECT_EQ(host::traps(), 0U);
}

TEST(Clock, says_so_when_the_ticker_stays)
{
	Xen xen;

	host::reset_cpu();
	host::reset_boot();
	host::announce(Feature::Multicall);
	host::hypervisor = &xen;
	xen.answer = -38;
	clock::stop_ticker(xen::VcpuId{3});
	EXPECT_EQ(xen.came[2], 3U);
	EXPECT_EQ(refused_vcpu, 3U);
	EXPECT_EQ(refused_status, -38);
}

} // namespace

unsigned long xen_glue_timebase_hz() noexcept
{
	return hz;
}

void xen_glue_ticker_refused(unsigned int vcpu, long status) noexcept
{
	refused_vcpu = vcpu;
	refused_status = status;
}
