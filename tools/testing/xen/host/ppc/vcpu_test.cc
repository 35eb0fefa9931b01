// SPDX-License-Identifier: GPL-2.0
/*
 * Vcpus against a Xen that has some of them, in states of its own, and a device tree that
 * is a list of numbers.
 */
#include <algorithm>
#include <cstring>
#include <functional>
#include <map>
#include <vector>

#include <gtest/gtest.h>

#include "abi/shared_info.hh"
#include "abi/vcpu.hh"
#include "abi/xencomm.hh"
#include "evtchn_glue.h"
#include "fake_paca.hh"
#include "guest_glue.h"
#include "hypercall.hh"
#include "idle_glue.h"
#include "vcpu_glue.h"

using namespace xen::ppc;

namespace {

constexpr u64 entry = 0xc000000000001230;
constexpr s64 no_entry = -2, exists_already = -17, invalid = -22;

struct Vcpu {
	bool initialised = false, up = false, ticker = true;
	VcpuGuestContext context{};
};

struct Xen : host::Hypervisor {
	std::vector<Vcpu> vcpus;
	std::map<u32, s64> fault; /* by sub-operation */
	std::vector<std::pair<u32, u32>> calls;
	std::function<void()> on_is_up;

	explicit Xen(std::size_t count) : vcpus(count) { vcpus[0] = {true, true, true, {}}; }

	s64 op(u32 number, u32 id, u64 handle)
	{
		if (const auto f = fault.find(number); f != fault.end())
			return f->second;
		if (id >= vcpus.size())
			return no_entry;
		Vcpu &v = vcpus[id];

		switch (number) {
		case 0:
			if (v.initialised)
				return exists_already;
			std::memcpy(&v.context,
				    reinterpret_cast<const void *>(handle & inline_address),
				    sizeof v.context);
			v.initialised = true;
			return 0;
		case 1:
			if (!v.initialised)
				return invalid;
			v.up = true;
			return 0;
		case 2:
			v.up = false;
			return 0;
		case 3:
			if (on_is_up)
				on_is_up();
			return v.up;
		case 7:
			EXPECT_FALSE(v.up) << "ticks until it is stopped";
			v.ticker = false;
			return 0;
		default:
			ADD_FAILURE() << number;
			return -38;
		}
	}

	void trap(u64 *r) override
	{
		EXPECT_EQ(r[0], 0xffffffffffff0018U);
		calls.emplace_back(u32(r[1]), u32(r[2]));
		r[0] = static_cast<u64>(op(u32(r[1]), u32(r[2]), r[3]));
	}
};

std::vector<u32> tree;
u32 max_cpus;
bool no_memory;
unsigned int odd;
std::map<unsigned int, int> bound; /* cpu to irq */
std::map<unsigned int, int> bind_error;
std::vector<int> sent, unbound, released, messages, ipi_messages, given;
std::vector<u32> hwid;
int release_error, this_cpu, pauses, dead;
std::function<void()> on_pause, on_wanted;
bool wanted;
int next_irq;
bool in_order;

class Smp : public ::testing::Test {
protected:
	void SetUp() override
	{
		host::reset_cpu();
		host::hypervisor = &xen;
		tree = {0};
		max_cpus = 8;
		no_memory = wanted = false;
		odd = 0;
		bound.clear();
		bind_error.clear();
		for (auto *list : {&sent, &unbound, &released, &messages, &ipi_messages, &given})
			list->clear();
		hwid = {0, 1, 2, 3, 4, 5, 6, 7};
		release_error = this_cpu = pauses = dead = 0;
		on_pause = on_wanted = nullptr;
		next_irq = 20;
		in_order = true;
	}
	void TearDown() override
	{
		for (const auto &[cpu, irq] : bound)
			static_cast<void>(xen_smp_cpu_dead(cpu));
	}

	Xen xen{4};
};

TEST_F(Smp, every_vcpu_gets_a_node)
{
	xen_smp_clone_cpu_nodes();
	EXPECT_EQ(tree, (std::vector<u32>{0, 1, 2, 3}));
	EXPECT_EQ(odd, 0U);
	EXPECT_TRUE(messages.empty());
}

TEST_F(Smp, nodes_that_exist_are_not_made_again)
{
	tree = {0, 1, 2, 3};
	xen_smp_clone_cpu_nodes();
	EXPECT_EQ(tree.size(), 4U);
}

TEST_F(Smp, numbers_are_unique)
{
	tree = {8, 40};
	xen_smp_clone_cpu_nodes();
	EXPECT_EQ(tree, (std::vector<u32>{8, 40, 41, 42}));
}

TEST_F(Smp, the_kernels_limit_is_kept_and_named)
{
	max_cpus = 2;
	xen_smp_clone_cpu_nodes();
	EXPECT_EQ(tree.size(), 2U);
	EXPECT_EQ(odd, 1U);
}

TEST_F(Smp, the_abis_limit_is_kept)
{
	max_cpus = 64;
	xen.vcpus.resize(40);
	xen_smp_clone_cpu_nodes();
	EXPECT_EQ(tree.size(), 32U);
}

TEST_F(Smp, an_answer_for_ever_yes_ends)
{
	max_cpus = 8;
	xen.fault[3] = 1;
	xen_smp_clone_cpu_nodes();
	EXPECT_EQ(tree.size(), 8U);
}

TEST_F(Smp, a_refusal_leaves_one_cpu)
{
	xen.fault[3] = -38;
	xen_smp_clone_cpu_nodes();
	EXPECT_EQ(tree.size(), 1U);
	EXPECT_EQ(messages, std::vector<int>{-38});
}

TEST_F(Smp, a_tree_without_room_is_reported)
{
	no_memory = true;
	xen_smp_clone_cpu_nodes();
	EXPECT_EQ(tree.size(), 1U);
	EXPECT_EQ(odd, 1U);
	no_memory = false;
	tree = {0xffff};
	xen_smp_clone_cpu_nodes();
	EXPECT_EQ(tree.size(), 1U);
	EXPECT_EQ(odd, 2U);
	tree.clear();
	xen_smp_clone_cpu_nodes();
	EXPECT_TRUE(tree.empty());
	EXPECT_EQ(odd, 3U);
}

TEST_F(Smp, a_cpu_starts)
{
	hwid[2] = 42;
	EXPECT_EQ(xen_smp_prepare_cpu(0), 0);
	ASSERT_EQ(xen_smp_prepare_cpu(2), 0);
	ASSERT_EQ(xen_smp_kick_cpu(2), 0);

	const Vcpu &v = xen.vcpus[2];

	EXPECT_TRUE(v.up);
	EXPECT_FALSE(v.ticker);
	EXPECT_EQ(v.context.user_regs.pc.load(), 0x1230U);
	EXPECT_EQ(v.context.user_regs.gprs[3].load(), 42U);
	EXPECT_EQ(v.context.user_regs.msr.load(), 0U);
	EXPECT_EQ(v.context.user_regs.gprs[13].load(), 0U);
	EXPECT_EQ(released, std::vector<int>{2});
	EXPECT_TRUE(in_order) << "a channel before the cpu has its part of shared_info";
	EXPECT_EQ(pauses, 0);
	EXPECT_TRUE(messages.empty());
}

TEST_F(Smp, a_refusal_leaves_the_cpu_down)
{
	for (const u32 op : {0U, 1U}) {
		messages.clear();
		xen.fault = {{op, -12}};
		EXPECT_EQ(xen_smp_kick_cpu(1), -12);
		EXPECT_FALSE(xen.vcpus[1].up);
		EXPECT_EQ(messages, std::vector<int>{-12});
	}
	xen.fault = {{0, 5}};
	EXPECT_EQ(xen_smp_kick_cpu(1), -5) << "no errno";
}

TEST_F(Smp, a_cpu_that_xen_does_not_have_is_refused)
{
	EXPECT_EQ(xen_smp_kick_cpu(5), no_entry);
	EXPECT_EQ(xen_smp_kick_cpu(-1), invalid);
	EXPECT_EQ(xen_smp_kick_cpu(32), invalid);
	EXPECT_EQ(xen_smp_prepare_cpu(32), invalid);
}

TEST_F(Smp, linux_can_refuse_too)
{
	release_error = -22;
	EXPECT_EQ(xen_smp_kick_cpu(1), -22);
	EXPECT_FALSE(xen.vcpus[1].up);
}

TEST_F(Smp, a_second_start_waits_for_the_stop)
{
	Vcpu &v = xen.vcpus[1];

	v.initialised = v.up = true;
	v.ticker = false;
	xen.fault[7] = 0;
	on_pause = [&v] {
		if (pauses == 3)
			v.up = false;
	};
	EXPECT_EQ(xen_smp_kick_cpu(1), 0);
	EXPECT_EQ(pauses, 3);
	EXPECT_TRUE(v.up);
	EXPECT_EQ(xen.calls.back(), (std::pair<u32, u32>{1, 1}));
	EXPECT_EQ(released.size(), 1U);
}

TEST_F(Smp, a_second_start_does_not_wait_for_ever)
{
	xen.vcpus[1].initialised = xen.vcpus[1].up = true;
	xen.fault[7] = 0;
	EXPECT_EQ(xen_smp_kick_cpu(1), 0);
	EXPECT_EQ(pauses, 100);
}

TEST_F(Smp, messages_go_by_the_cpus_own_channel)
{
	EXPECT_EQ(xen_smp_prepare_cpu(0), 0);
	EXPECT_EQ(xen_smp_prepare_cpu(3), 0);
	EXPECT_EQ(xen_smp_prepare_cpu(3), 0);
	EXPECT_EQ(bound.size(), 2U);
	xen_smp_cause_ipi(3);
	xen_smp_cause_ipi(0);
	EXPECT_EQ(sent, (std::vector<int>{bound[3], bound[0]}));
	EXPECT_NE(bound[3], bound[0]);
}

TEST_F(Smp, messages_to_nobody_go_nowhere)
{
	EXPECT_EQ(xen_smp_prepare_cpu(0), 0);
	for (const int cpu : {1, 31, 32, -1})
		xen_smp_cause_ipi(cpu);
	EXPECT_TRUE(sent.empty());
}

TEST_F(Smp, no_channel_no_cpu)
{
	EXPECT_EQ(xen_smp_prepare_cpu(0), 0);
	bind_error[1] = -28;
	EXPECT_EQ(xen_smp_prepare_cpu(1), -28);
	EXPECT_EQ(ipi_messages, std::vector<int>{-28});
	bind_error.clear();
	EXPECT_EQ(xen_smp_prepare_cpu(1), 0);
}

TEST_F(Smp, a_boot_cpu_that_nobody_can_call_stays_alone)
{
	bind_error[0] = -28;
	EXPECT_EQ(xen_smp_prepare_cpu(0), -28);
	EXPECT_EQ(xen_smp_prepare_cpu(1), -19);
}

TEST_F(Smp, a_stopped_cpu_has_no_channel)
{
	EXPECT_EQ(xen_smp_prepare_cpu(0), 0);
	EXPECT_EQ(xen_smp_prepare_cpu(1), 0);
	const int irq = bound[1];

	EXPECT_EQ(xen_smp_cpu_dead(1), 0);
	EXPECT_EQ(xen_smp_cpu_dead(1), 0);
	EXPECT_EQ(unbound, std::vector<int>{irq});
	xen_smp_cause_ipi(1);
	EXPECT_TRUE(sent.empty());
}

TEST_F(Smp, a_cpu_stops_until_it_is_wanted)
{
	int asked = 0;

	this_cpu = 2;
	xen.vcpus[2].up = true;
	on_wanted = [&asked] {
		wanted = ++asked == 3;
	};
	xen_smp_offline_self();
	EXPECT_EQ(xen.calls, (std::vector<std::pair<u32, u32>>{{2, 2}, {2, 2}}));
	EXPECT_EQ(dead, 1);
	EXPECT_TRUE(messages.empty());
}

TEST_F(Smp, a_cpu_that_may_not_stop_spins)
{
	int asked = 0;

	xen.fault[2] = -38;
	on_wanted = [&asked] {
		wanted = ++asked == 10;
	};
	xen_smp_offline_self();
	EXPECT_EQ(messages, std::vector<int>{-38});
	EXPECT_EQ(pauses, 9);
}

} // namespace

int xen_glue_cpu_number(unsigned int index, unsigned int *number) noexcept
{
	if (index >= tree.size())
		return -2;
	*number = tree[index];
	return 0;
}

int xen_glue_clone_cpu(unsigned int number) noexcept
{
	if (no_memory)
		return -12;
	tree.push_back(number);
	return 0;
}

unsigned int xen_glue_max_cpus() noexcept
{
	return max_cpus;
}

unsigned int xen_glue_cpu_hwid(int cpu) noexcept
{
	return hwid.at(static_cast<std::size_t>(cpu));
}

unsigned long xen_glue_secondary_entry() noexcept
{
	return entry;
}

int xen_glue_release_cpu(int cpu) noexcept
{
	released.push_back(cpu);
	return release_error;
}

unsigned int xen_glue_this_cpu() noexcept
{
	return static_cast<unsigned int>(this_cpu);
}

void xen_glue_cpu_dead(int cpu) noexcept
{
	EXPECT_EQ(cpu, this_cpu);
	++dead;
}

int xen_glue_cpu_wanted(int) noexcept
{
	if (on_wanted)
		on_wanted();
	return wanted;
}

void xen_glue_pause() noexcept
{
	++pauses;
	if (on_pause)
		on_pause();
}

int xen_glue_bind_ipi(unsigned int cpu) noexcept
{
	if (bind_error.count(cpu) != 0)
		return bind_error[cpu];
	in_order = in_order &&
		   std::find(given.begin(), given.end(), static_cast<int>(cpu)) != given.end();
	return bound[cpu] = next_irq++;
}

void xen_glue_unbind_ipi(int irq) noexcept
{
	unbound.push_back(irq);
}

void xen_glue_send_ipi(int irq) noexcept
{
	sent.push_back(irq);
}

void xen_glue_vcpu_refused(const char *, int, long status) noexcept
{
	messages.push_back(static_cast<int>(status));
}

void xen_glue_cpus_odd(const char *, unsigned int) noexcept
{
	++odd;
}

void xen_glue_ipi_refused(unsigned int, int error) noexcept
{
	ipi_messages.push_back(error);
}

void xen_guest_init_cpu(unsigned int cpu) noexcept
{
	given.push_back(static_cast<int>(cpu));
}

unsigned long xen_glue_timebase_hz() noexcept
{
	return 0;
}

void xen_glue_ticker_refused(unsigned int, long) noexcept {}
