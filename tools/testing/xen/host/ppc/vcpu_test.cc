// SPDX-License-Identifier: GPL-2.0
/*
 * Vcpus against a Xen that has some of them, in states of its own.
 */
#include <algorithm>
#include <cstdint>
#include <cstring>
#include <functional>
#include <map>
#include <vector>

#include <gtest/gtest.h>

#include "abi/evtchn.hh"
#include "abi/shared_info.hh"
#include "abi/vcpu.hh"
#include "abi/xencomm.hh"
#include "evtchn_glue.h"
#include "fake_boot.hh"
#include "fake_paca.hh"
#include "guest_glue.h"
#include "hypercall.hh"
#include "idle_glue.h"
#include "shutdown_glue.h"
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

	std::vector<u32> sent;	       /* ports, refused ones too */
	std::vector<s64> send_answers; /* of the next sends; taken when there is none */
	std::function<void()> before_send;

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

	s64 send(u64 handle)
	{
		EXPECT_EQ(handle >> 63, 1U);
		sent.push_back(
			reinterpret_cast<const EvtchnSend *>(handle & inline_address)->port.load());
		if (before_send)
			before_send();
		if (send_answers.empty())
			return 0;

		const s64 answer = send_answers.front();

		send_answers.erase(send_answers.begin());
		return answer;
	}

	void trap(u64 *r) override
	{
		if (r[0] == 0xffffffffffff0020U) {
			EXPECT_EQ(r[1], 4U);
			r[0] = static_cast<u64>(send(r[2]));
			return;
		}
		EXPECT_EQ(r[0], 0xffffffffffff0018U);
		calls.emplace_back(u32(r[1]), u32(r[2]));
		r[0] = static_cast<u64>(op(u32(r[1]), u32(r[2]), r[3]));
	}
};

std::map<unsigned int, int> bound; /* cpu to irq */
std::map<unsigned int, int> bind_error;
std::map<u32, int> ports; /* to irq */
std::vector<int> unbound, released, messages, ipi_messages, given;

struct Unsent {
	int cpu;
	long status;
	int times;
	bool operator==(const Unsent &) const = default;
};
std::vector<Unsent> repeated, lost;
unsigned int stopped; /* how often the domain was ended; here it goes on */
std::vector<u32> hwid;
int release_error;
int next_irq;
u32 next_port;
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
		ports.clear();
		repeated.clear();
		lost.clear();
		stopped = 0;
		for (auto *list : {&unbound, &released, &messages, &ipi_messages, &given})
			list->clear();
		hwid = {0, 1, 2, 3, 4, 5, 6, 7};
		release_error = 0;
		next_irq = 20;
		next_port = 4091;
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

/* The port that a test's cpu is called by. */
u32 port_of(unsigned int cpu)
{
	for (const auto &[port, irq] : ports)
		if (irq == bound.at(cpu))
			return port;
	ADD_FAILURE() << "cpu " << cpu << " has no port";
	return 0;
}

TEST_F(Smp, messages_go_by_the_cpus_own_channel)
{
	EXPECT_EQ(xen_smp_prepare_cpu(0), 0);
	EXPECT_EQ(xen_smp_prepare_cpu(3), 0);
	EXPECT_EQ(xen_smp_prepare_cpu(3), 0);
	EXPECT_EQ(bound.size(), 2U);
	ports[7] = -1;
	xen_smp_cause_ipi(3);
	xen_smp_cause_ipi(0);
	EXPECT_EQ(xen.sent, (std::vector<u32>{port_of(3), port_of(0)}));
	EXPECT_NE(port_of(3), port_of(0));
}

TEST_F(Smp, a_message_is_one_hypercall)
{
	EXPECT_EQ(xen_smp_prepare_cpu(0), 0);
	const unsigned long before = host::traps();

	xen_smp_cause_ipi(0);
	EXPECT_EQ(host::traps(), before + 1);
	EXPECT_TRUE(repeated.empty() && lost.empty());
	EXPECT_EQ(stopped, 0U);
}

TEST_F(Smp, messages_to_nobody_go_nowhere)
{
	EXPECT_EQ(xen_smp_prepare_cpu(0), 0);
	for (const int cpu : {1, 31, 32, -1})
		xen_smp_cause_ipi(cpu);
	EXPECT_TRUE(xen.sent.empty());
}

TEST_F(Smp, a_message_that_was_refused_is_sent_again)
{
	EXPECT_EQ(xen_smp_prepare_cpu(0), 0);
	EXPECT_EQ(xen_smp_prepare_cpu(2), 0);
	for (std::size_t refusals = 1; refusals < 8; ++refusals) {
		xen.sent.clear();
		repeated.clear();
		xen.send_answers.assign(refusals, -22);
		xen.send_answers.back() = -11;
		xen_smp_cause_ipi(2);
		EXPECT_EQ(xen.sent, std::vector<u32>(refusals + 1, port_of(2)));
		EXPECT_EQ(repeated, (std::vector<Unsent>{{2, -11, static_cast<int>(refusals)}}));
	}
	EXPECT_TRUE(lost.empty());
	EXPECT_EQ(stopped, 0U);
}

TEST_F(Smp, a_message_that_stays_refused_stops_the_domain)
{
	EXPECT_EQ(xen_smp_prepare_cpu(0), 0);
	for (const s64 answer : {s64{-22}, s64{-1}, s64{7}, INT64_MIN}) {
		xen.sent.clear();
		lost.clear();
		stopped = 0;
		xen.send_answers.assign(100, answer);
		xen_smp_cause_ipi(0);
		EXPECT_EQ(xen.sent.size(), 8U) << "a bounded number of times";
		EXPECT_EQ(lost, (std::vector<Unsent>{{0, answer, 8}}));
		EXPECT_EQ(stopped, 1U);
	}
	EXPECT_TRUE(repeated.empty());
}

TEST_F(Smp, a_refusal_because_the_cpu_is_gone_does_not)
{
	next_port = 1;
	EXPECT_EQ(xen_smp_prepare_cpu(0), 0);
	for (std::size_t at = 1; at <= 8; ++at) {
		ASSERT_EQ(xen_smp_prepare_cpu(1), 0);
		xen.sent.clear();
		xen.send_answers.assign(100, -22);
		xen.before_send = [this, at] {
			if (xen.sent.size() == at)
				static_cast<void>(xen_smp_cpu_dead(1));
		};
		xen_smp_cause_ipi(1);
		EXPECT_EQ(xen.sent.size(), at);
	}
	EXPECT_TRUE(lost.empty() && repeated.empty());
	EXPECT_EQ(stopped, 0U);
}

TEST_F(Smp, a_channel_without_a_port_is_none)
{
	next_port = 4096;
	EXPECT_EQ(xen_smp_prepare_cpu(0), -5);
	EXPECT_EQ(unbound, std::vector<int>{bound[0]});
	EXPECT_EQ(ipi_messages, std::vector<int>{-5});
	xen_smp_cause_ipi(0);
	EXPECT_TRUE(xen.sent.empty());
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
	EXPECT_TRUE(xen.sent.empty());
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
	ports[next_port++] = next_irq;
	return bound[cpu] = next_irq++;
}

void xen_glue_unbind_ipi(int irq) noexcept
{
	unbound.push_back(irq);
	std::erase_if(ports, [irq](const auto &of) { return of.second == irq; });
}

int xen_glue_port_irq(unsigned int port) noexcept
{
	EXPECT_TRUE(port > 0 && port < 4096) << port;
	const auto found = ports.find(port);

	return found != ports.end() ? found->second : -1;
}

void xen_glue_ipi_repeated(int cpu, long status, int times) noexcept
{
	repeated.push_back({cpu, status, times});
}

void xen_glue_ipi_lost(int cpu, long status, int times) noexcept
{
	EXPECT_EQ(stopped, 0U) << "said before the domain ends";
	lost.push_back({cpu, status, times});
}

void xen_ppc_panic(char *) noexcept
{
	++stopped;
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
