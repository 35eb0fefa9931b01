// SPDX-License-Identifier: GPL-2.0
/*
 * Vcpus against a Xen that has some of them, in states of its own.
 */
#include <algorithm>
#include <cstring>
#include <map>
#include <vector>

#include <gtest/gtest.h>

#include "abi/shared_info.hh"
#include "abi/vcpu.hh"
#include "abi/xencomm.hh"
#include "evtchn_glue.h"
#include "fake_boot.hh"
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

std::map<unsigned int, int> bound; /* cpu to irq */
std::map<unsigned int, int> bind_error;
std::vector<int> sent, unbound, released, messages, ipi_messages, given;
std::vector<u32> hwid;
int release_error;
int next_irq;
bool in_order;

class Smp : public ::testing::Test {
protected:
	void SetUp() override
	{
		host::reset_cpu();
		host::reset_boot();
		host::announce(Feature::Multicall);
		host::hypervisor = &xen;
		bound.clear();
		bind_error.clear();
		for (auto *list : {&sent, &unbound, &released, &messages, &ipi_messages, &given})
			list->clear();
		hwid = {0, 1, 2, 3, 4, 5, 6, 7};
		release_error = 0;
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

TEST_F(Smp, a_cpu_that_did_not_start_can_be_tried_again)
{
	hwid[1] = 9;
	xen.fault = {{1, -12}};
	EXPECT_EQ(xen_smp_kick_cpu(1), -12);
	EXPECT_TRUE(xen.vcpus[1].initialised);
	xen.fault.clear();
	messages.clear();
	EXPECT_EQ(xen_smp_kick_cpu(1), 0);
	EXPECT_TRUE(xen.vcpus[1].up);
	EXPECT_EQ(xen.vcpus[1].context.user_regs.gprs[3].load(), 9U);
	EXPECT_EQ(xen.calls.back(), (std::pair<u32, u32>{1, 1}));
	EXPECT_TRUE(messages.empty());
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

TEST_F(Smp, a_cpu_that_did_not_start_has_no_channel)
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

} // namespace

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
