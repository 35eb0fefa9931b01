// SPDX-License-Identifier: GPL-2.0
/* Bolted entries that find both groups full, with the calls in the order Linux makes them. */
#include "pagetable_rig.hh"

namespace {

using namespace host;
using Strings = std::vector<std::string>;

constexpr Page page{0x123456789, 0x4321};

class Bolt : public PageTable {
protected:
	/* As Linux bolts: into either group, each time again if an eviction made room. */
	long bolt(const Page &at)
	{
		long place = -1;

		for (const u64 group : {at.first_group(), at.second_group()}) {
			place = enter(group, at);
			if (place != -1)
				return place;
			place = xen_hpte_remove(group);
			if (place != -1)
				place = enter(group, at);
			if (place != -1)
				return place;
		}
		return place;
	}
	/* All slots but the last @left hold somebody else's entries. */
	void fill(u64 group, u64 left, u64 vflags)
	{
		for (u64 n = 0; n < 8 - left; ++n)
			EXPECT_GE(insert(in_group(group, n), n, kernel_rw, vflags), 0);
	}
	void expect_stopped()
	{
		ASSERT_EQ(xen.count(sched_op_token), 1U);
		EXPECT_EQ(xen.calls.back().token, sched_op_token) << "nothing runs afterwards";
		EXPECT_EQ(xen.calls.back().args[0], 2U) << "SCHEDOP_shutdown";
		EXPECT_EQ(xen.calls.back().soft_mask, 0) << "under no lock";
		EXPECT_EQ(services.failed,
			  (Strings{"H_ENTER " + std::to_string(page.second_group()) + " -6"}));
	}

private:
	static long enter(u64 group, const Page &at)
	{
		return xen_hpte_insert(group, at.vpn(), 0x1000, kernel_rw, bolted, small, small, 0);
	}
};

TEST_F(Bolt, stops_the_domain_when_all_of_both_groups_is_bolted)
{
	real_mode();
	fill(page.first_group(), 0, bolted);
	fill(page.second_group(), 0, bolted);
	EXPECT_EQ(bolt(page), -1);
	expect_stopped();
}

TEST_F(Bolt, does_not_stop_a_running_kernel_that_is_full)
{
	fill(page.first_group(), 0, bolted);
	fill(page.second_group(), 0, bolted);
	EXPECT_EQ(bolt(page), -1);
	EXPECT_EQ(bolt(page), -1);
	EXPECT_EQ(xen.count(sched_op_token), 0U);
	EXPECT_TRUE(services.failed.empty());
}

TEST_F(Bolt, takes_the_last_slot_and_what_can_be_evicted)
{
	real_mode();
	fill(page.first_group(), 0, bolted);
	fill(page.second_group(), 2, bolted);
	EXPECT_EQ(bolt(page), 8 + 6);
	inserted(in_group(page.second_group(), 20), 5);
	EXPECT_EQ(bolt({page.vsid ^ u64{1} << 36, page.number}), 8 + 7) << "by eviction";
	EXPECT_EQ(xen.count(sched_op_token), 0U);
	EXPECT_EQ(bolt({page.vsid ^ u64{1} << 35, page.number}), -1);
	expect_stopped();
}

TEST_F(Bolt, a_group_that_once_was_full_may_be_anothers_first)
{
	/* @other has the two groups of @page the other way round. */
	const Page other{page.vsid ^ 0xffff, page.number};

	ASSERT_EQ(other.first_group() % (2048 * 8), page.second_group());
	real_mode();
	fill(page.first_group(), 0, bolted);
	fill(page.second_group(), 1, bolted);
	inserted(in_group(page.second_group(), 20), 5);
	EXPECT_EQ(bolt(page), 8 + 7) << "by eviction";
	xen.table[page.first_group()] = {};
	EXPECT_EQ(bolt(other), 8);
	EXPECT_EQ(xen.count(sched_op_token), 0U);
}

} // namespace
