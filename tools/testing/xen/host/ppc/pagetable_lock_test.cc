// SPDX-License-Identifier: GPL-2.0
/* The locks of groups: who is excluded, what is masked, and what must not deadlock. */
#include <random>
#include <thread>

#include "pagetable.hh"
#include "pagetable_rig.hh"

namespace {

using namespace host;
using xen::ppc::Feature;

constexpr u64 group = 8 * 37;

class Lock : public PageTable {
protected:
	/* Several cpus work on one group: insert, evict, protect, invalidate. */
	void crowd()
	{
		std::vector<std::thread> cpus;

		xen.slow = true;
		for (u64 cpu = 0; cpu < 3; ++cpu)
			cpus.emplace_back([this, cpu] { work(cpu); });
		for (auto &cpu : cpus)
			cpu.join();
	}

private:
	void work(u64 cpu)
	{
		std::mt19937_64 random{cpu};

		be_a_cpu();
		for (u64 n = 0; n < 60; ++n) {
			const Page page = in_group(group, cpu * 1000 + n);
			const long place = insert(page, 0x10 + cpu);

			if (place == -1) {
				xen_hpte_remove(group);
				continue;
			}
			const u64 slot = group + static_cast<u64>(place);

			if (random() % 2 == 0)
				xen_hpte_updatepp(slot, 3, page.vpn(), small, small, 0, 0);
			if (random() % 4 != 0)
				xen_hpte_invalidate(slot, page.vpn(), small, small, 0, 0);
		}
	}
};

TEST_F(Lock, one_cpu_at_a_time_works_on_a_group)
{
	crowd();
	EXPECT_EQ(xen.broken.size(), 0U);
	EXPECT_GT(xen.calls.size(), 180U);
}

TEST_F(Lock, without_them_the_group_would_be_shared)
{
	/* The same with a hypervisor that lies: the rule of the test above can be broken. */
	rules_matter = false;
	start({Feature::AtomicHpt});
	/* On a busy machine the threads may take turns by themselves. */
	for (int i = 0; i < 100 && xen.broken["two cpus in one group"] == 0; ++i)
		crowd();
	EXPECT_GT(xen.broken["two cpus in one group"], 0U);
}

TEST_F(Lock, masks_interrupts_and_brings_them_back)
{
	const u64 slot = inserted({1, 1}, 1);

	EXPECT_EQ(xen.calls.back().soft_mask, XEN_IRQS_ALL_DISABLED);
	EXPECT_EQ(services.irqs_enabled, 1U) << "by Linux, which replays what came";
	EXPECT_EQ(paca_get<u8>(XEN_PACA_SOFT_MASK), 0);

	for (const u8 before : {u8{1}, u8{3}}) {
		paca_set<u8>(XEN_PACA_SOFT_MASK, before);
		xen_hpte_updatepp(slot, 3, Page{1, 1}.vpn(), small, small, 0, 0);
		EXPECT_EQ(xen.calls.back().soft_mask, XEN_IRQS_ALL_DISABLED);
		EXPECT_EQ(paca_get<u8>(XEN_PACA_SOFT_MASK), before);
	}
	EXPECT_EQ(services.irqs_enabled, 1U);
}

TEST_F(Lock, cost_nothing_where_xen_excludes_its_callers)
{
	start_modern();
	const u64 slot = inserted({1, 1}, 1);

	xen_hpte_updatepp(slot, 3, Page{1, 1}.vpn(), small, small, 0, 0);
	xen_hpte_invalidate(slot, Page{1, 1}.vpn(), small, small, 0, 0);
	xen_hpte_remove(slot / 8 * 8);
	for (const auto &call : xen.calls)
		EXPECT_EQ(call.soft_mask, 0);
	EXPECT_EQ(services.irqs_enabled, 0U);
}

TEST_F(Lock, a_fault_of_its_owner_does_not_wait_for_itself)
{
	/* A machine check in the middle of H_ENTER, whose handler needs the same group. */
	xen.meanwhile = [this] {
		EXPECT_EQ(insert(in_group(group, 1), 0x22), 0);
		EXPECT_EQ(paca_get<u8>(XEN_PACA_SOFT_MASK), XEN_IRQS_ALL_DISABLED);
	};
	/* The fake's slot was chosen before: what it overwrites is not at stake here. */
	insert(in_group(group, 0), 0x11);
	EXPECT_EQ(xen.count(h_enter_token), 2U);
	EXPECT_EQ(services.irqs_enabled, 1U);
}

TEST_F(Lock, a_waiting_cpu_offers_its_processor)
{
	auto &word = xen::ppc::pteg_locks[group / 8 % xen::ppc::nr_pteg_locks];

	word.owner = 0x1234;
	std::thread other{[&] {
		while (traps() == 0)
			std::this_thread::yield();
		__atomic_store_n(&word.owner, 0, __ATOMIC_RELEASE);
	}};

	EXPECT_EQ(insert(in_group(group, 0), 1), 0);
	other.join();
	EXPECT_GT(xen.count(sched_op_token), 0U);
	for (const auto &call : xen.calls) {
		if (call.token == sched_op_token) {
			EXPECT_EQ(call.args[0], 0U) << "SCHEDOP_yield";
		}
	}
}

TEST_F(Lock, two_groups_do_not_wait_for_each_other)
{
	auto &word = xen::ppc::pteg_locks[group / 8 % xen::ppc::nr_pteg_locks];

	word.owner = 0x1234;
	EXPECT_EQ(insert(in_group(group + 8, 0), 1), 0);
	EXPECT_EQ(word.owner, 0x1234U);
	word.owner = 0;
}

} // namespace
