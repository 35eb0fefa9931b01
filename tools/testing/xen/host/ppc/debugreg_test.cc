// SPDX-License-Identifier: GPL-2.0
/* Watchpoints and counters: what H_SET_XDABR and H_PERFMON are asked for. */
#include <gtest/gtest.h>

#include "debugreg_glue.h"
#include "fake_paca.hh"
#include "hypercall.hh"

namespace {

using namespace xen::ppc;

s64 breakpoint_code, pmcs_code;

/* As strict as the real one. */
struct Xen : host::Hypervisor {
	u64 dabr = ~u64{0}, dabrx = ~u64{0}, set = 0, reset = ~u64{0};
	s64 answer = 0;

	void trap(u64 *r) override
	{
		if (r[0] == 0x134) {
			EXPECT_NE(r[2], 0U);
			EXPECT_EQ(r[2] & ~u64{3}, 0U) << "hypervisor state, or no such bit";
			dabr = r[1];
			dabrx = r[2];
		} else {
			EXPECT_EQ(r[0], 0x7cU);
			set = r[1];
			reset = r[2];
		}
		r[0] = static_cast<u64>(answer);
	}
};

class Debugreg : public ::testing::Test {
protected:
	void SetUp() override
	{
		host::reset_cpu();
		host::hypervisor = &xen;
		breakpoint_code = pmcs_code = 0;
	}

	Xen xen;
};

TEST_F(Debugreg, dabr_goes_to_xen)
{
	EXPECT_EQ(xen_set_dabr(0x10001007, 1), 0);
	EXPECT_EQ(xen.dabr, 0x10001007U);
	EXPECT_EQ(xen.dabrx, 1U);
	EXPECT_EQ(host::traps(), 1U);
}

TEST_F(Debugreg, hypervisor_state_is_left_out)
{
	EXPECT_EQ(xen_set_dabr(0x10001007, 7), 0);
	EXPECT_EQ(xen.dabrx, 3U);
}

TEST_F(Debugreg, a_watchpoint_ends)
{
	EXPECT_EQ(xen_set_dabr(0, 0), 0);
	EXPECT_EQ(xen.dabr, 0U);
}

TEST_F(Debugreg, refusals_become_errors)
{
	const struct {
		s64 code;
		int error;
	} rows[] = {{-8, -22}, {-11, -1}, {-3, -1}, {-4, -5}, {-1, -5}, {1, -5}};

	for (const auto &row : rows) {
		xen.answer = row.code;
		EXPECT_EQ(xen_set_dabr(8, 1), row.error);
		EXPECT_EQ(breakpoint_code, row.code);
	}
}

TEST_F(Debugreg, dawr_becomes_a_dabr)
{
	/* One double word, as ptrace asks for it: translated, user state. */
	EXPECT_EQ(xen_set_dawr(0, 0x10001004, 0x40 | 0x10 | 1), 0);
	EXPECT_EQ(xen.dabr, 0x10001006U);
	EXPECT_EQ(xen.dabrx, 1U);
	EXPECT_EQ(xen_set_dawr(0, 0x10001000, 0x20 | 0x10 | 7), 0);
	EXPECT_EQ(xen.dabr, 0x10001005U);
	EXPECT_EQ(xen.dabrx, 3U);
}

TEST_F(Debugreg, dawr_ends_whatever_its_length_says)
{
	EXPECT_EQ(xen_set_dawr(0, 0, 0x3f << 10), 0);
	EXPECT_EQ(xen.dabr, 0U);
}

TEST_F(Debugreg, a_long_or_second_watchpoint_is_refused)
{
	EXPECT_EQ(xen_set_dawr(0, 0x10001000, 1 << 10 | 0x71), -95);
	EXPECT_EQ(xen_set_dawr(1, 0x10001000, 0x71), -95);
	EXPECT_EQ(host::traps(), 0U);
}

TEST_F(Debugreg, counters_are_switched_on)
{
	xen_enable_pmcs();
	EXPECT_EQ(xen.set, u64{1} << 63);
	EXPECT_EQ(xen.reset, 0U);
	EXPECT_EQ(pmcs_code, 0);
	xen.answer = -4;
	xen_enable_pmcs();
	EXPECT_EQ(pmcs_code, -4);
}

} // namespace

void xen_glue_breakpoint_refused(unsigned long, long code) noexcept
{
	breakpoint_code = code;
}

void xen_glue_pmcs_refused(long code) noexcept
{
	pmcs_code = code;
}
