// SPDX-License-Identifier: GPL-2.0
/*
 * Idle against a small Xen that keeps to the order of its own poll: the vcpu is marked as
 * waiting, then the ports are looked at, then it sleeps.  Events are raised at every place
 * between two steps, and a vcpu that sleeps with one of its ports pending has failed,
 * unless that poll has a hole there: then the sleep has an end.
 */
#include <functional>
#include <set>
#include <vector>

#include <gtest/gtest.h>

#include "abi/sched.hh"
#include "abi/shared_info.hh"
#include "abi/xencomm.hh"
#include "clock.hh"
#include "evtchn.hh"
#include "fake_boot.hh"
#include "fake_paca.hh"
#include "hypercall.hh"
#include "idle_glue.h"

using namespace xen::ppc;

extern "C" {
xen_events_storage xen_events_cpu;
xen::VcpuInfoHead *xen_vcpu;
SharedInfo *HYPERVISOR_shared_info;
}

namespace {

constexpr u64 hz = 33'000'000; /* 30 ns */

alignas(4096) SharedInfo page;
u64 timebase, next_timebase;
bool begin_refuses;
unsigned int begun, ended, low;
u32 decrementer;
std::vector<u32> rearmed;
s64 refused;
std::function<void()> at_timebase;

auto &maps()
{
	return *reinterpret_cast<xen::evtchn::Bitmaps *>(reinterpret_cast<u8 *>(&page) +
							 offsetof(SharedInfo, evtchn_pending));
}

/* As Xen does: pending; if not masked, the byte. */
void raise_event(u32 port)
{
	const bool was = maps().pending(xen::Port{port});

	maps().set_pending(xen::Port{port});
	if (!was && !maps().masked(xen::Port{port}))
		page.vcpu_info[0].evtchn_upcall_pending = 1;
}

void open_port(u32 port, bool own = true)
{
	maps().clear_mask(xen::Port{port});
	if (own)
		this_event_cpu().scanner.bind(xen::Port{port});
}

struct Xen : host::Hypervisor {
	s64 answer = 0;
	u64 timeout = 0;
	std::set<u32> ports;
	std::function<void()> before, asleep;
	bool slept = false, woken = false;
	bool hole = false; /* the event comes where poll does not look */

	void trap(u64 *r) override
	{
		EXPECT_EQ(r[0], 0xffffffffffff001dU);
		EXPECT_EQ(r[1], 3U);
		EXPECT_EQ(xen_host_msr & XEN_MSR_EE, 0U) << "an interrupt could come in between";
		EXPECT_EQ(r[2] >> 63, 1U);
		r[0] = static_cast<u64>(answer);
		if (answer != 0)
			return;

		const auto poll = *reinterpret_cast<const SchedPoll *>(r[2] & inline_address);
		const u64 list = poll.ports.load();

		timeout = poll.timeout.load();
		ASSERT_LE(poll.nr_ports.load(), 128U);
		if (before)
			before();
		for (u32 i = 0; i < poll.nr_ports.load(); ++i) {
			const u32 port =
				reinterpret_cast<const xen::Be<u32> *>(list & inline_address)[i]
					.load();

			EXPECT_TRUE(ports.insert(port).second) << "twice: " << port;
			woken |= maps().pending(xen::Port{port});
		}
		if (woken)
			return;
		slept = true;
		for (u32 p = 0; p < nr_ports && !hole; ++p)
			EXPECT_FALSE(maps().pending(xen::Port{p}) && !maps().masked(xen::Port{p}) &&
				     this_event_cpu().scanner.bound(xen::Port{p}))
				<< "sleeps with port " << p << " pending";
		if (asleep)
			asleep();
	}
};

class Idle : public ::testing::Test {
protected:
	void SetUp() override
	{
		host::reset_cpu();
		host::reset_boot();
		host::announce(Feature::Multicall);
		host::hypervisor = &xen;
		page = SharedInfo{};
		for (u32 p = 0; p < nr_ports; ++p)
			maps().mask(xen::Port{p});
		xen_events_cpu = xen_events_storage{};
		HYPERVISOR_shared_info = &page;
		host::paca_set<const u8 *>(XEN_PACA_UPCALL_PENDING,
					   &page.vcpu_info[0].evtchn_upcall_pending);
		timebase = 1'000'000;
		next_timebase = clock::stopped;
		begin_refuses = false;
		begun = ended = low = 0;
		decrementer = 0x7fffffff;
		rearmed.clear();
		refused = 0;
		at_timebase = nullptr;
	}

	static u8 happened() { return host::paca_get<u8>(XEN_PACA_IRQ_HAPPENED); }
	static bool replayed() { return (happened() & XEN_IRQ_EE) != 0; }

	Xen xen;
};

TEST_F(Idle, does_nothing_when_something_waits_already)
{
	begin_refuses = true;
	xen_idle();
	EXPECT_EQ(host::traps(), 0U);
	EXPECT_EQ(ended, 0U);
}

TEST_F(Idle, is_one_hypercall)
{
	open_port(3);
	xen_idle();
	EXPECT_EQ(host::traps(), 1U);
	EXPECT_TRUE(xen.slept);
	EXPECT_EQ(ended, 1U);
	EXPECT_TRUE(rearmed.empty());
	EXPECT_FALSE(replayed());
}

TEST_F(Idle, names_the_ports_of_this_cpu)
{
	for (const u32 port : {1U, 63U, 64U, 700U, 4095U})
		open_port(port);
	open_port(5, false);
	open_port(4032, false);
	this_event_cpu().scanner.bind(xen::Port{9});
	xen_idle();
	EXPECT_EQ(xen.ports, (std::set<u32>{1, 9, 63, 64, 700, 4095}));
}

TEST_F(Idle, sleeps_until_the_clock_event)
{
	next_timebase = 1'500'000;
	xen_idle();
	EXPECT_EQ(xen.timeout, 45'000'000U);
}

/* Now is 30 ms. */
TEST_F(Idle, every_sleep_has_an_end)
{
	open_port(3);
	for (const u64 at : {clock::stopped, clock::stopped - 1, u64{1} << 40}) {
		next_timebase = at;
		xen.ports.clear();
		xen_idle();
		EXPECT_EQ(xen.timeout, 1'030'000'000U);
	}
	host::reset_boot();
	for (const u64 at : {clock::stopped, clock::stopped - 1, u64{2'000'000}}) {
		next_timebase = at;
		xen.ports.clear();
		xen_idle();
		EXPECT_EQ(xen.timeout, 40'000'000U);
	}
	next_timebase = 1'100'000;
	xen.ports.clear();
	xen_idle();
	EXPECT_EQ(xen.timeout, 33'000'000U);
}

/* The byte is set, the vcpu was not blocked yet: nobody wakes it again. */
TEST_F(Idle, an_event_that_poll_does_not_see_is_late_only)
{
	for (const bool old : {false, true}) {
		if (old)
			host::reset_boot();
		page.vcpu_info[0].evtchn_upcall_pending = 0;
		maps().clear_pending(xen::Port{9});
		this_event_cpu().scanner.unbind(xen::Port{9});
		xen.hole = true;
		xen.slept = false;
		xen.before = [] {
			open_port(9);
			raise_event(9);
		};
		xen.asleep = [this, old] {
			ASSERT_NE(xen.timeout, 0U) << "sleeps for ever";
			EXPECT_LE(xen.timeout, 30'000'000U + (old ? 10'000'000U : 1'000'000'000U));
		};
		xen_idle();
		EXPECT_TRUE(xen.slept);
		EXPECT_TRUE(replayed());
	}
}

TEST_F(Idle, an_unmask_behind_the_list_is_late_only)
{
	this_event_cpu().scanner.bind(xen::Port{9});
	maps().set_pending(xen::Port{9});
	xen.hole = true;
	xen.before = [] {
		maps().clear_mask(xen::Port{9});
		page.vcpu_info[0].evtchn_upcall_pending = 1;
	};
	xen_idle();
	EXPECT_TRUE(xen.slept);
	EXPECT_EQ(xen.timeout, 40'000'000U);
	EXPECT_TRUE(replayed());
}

TEST_F(Idle, sleeps_not_at_all_before_a_near_or_past_clock_event)
{
	for (const u64 at : {u64{0}, timebase - 1, timebase, timebase + 1, timebase + 600}) {
		next_timebase = at;
		xen_idle();
	}
	EXPECT_EQ(host::traps(), 0U);
	EXPECT_EQ(ended, 5U);
}

TEST_F(Idle, takes_a_timer_whose_interrupt_was_lost)
{
	/* Nobody would come for 2^31 ticks. */
	for (const u64 at : {u64{0}, timebase - 1, timebase}) {
		next_timebase = at;
		decrementer = 0x7fffffff;
		rearmed.clear();
		xen_idle();
		EXPECT_EQ(rearmed, (std::vector<u32>{1}));
	}
	next_timebase = timebase + 600;
	decrementer = 0x7fffffff;
	rearmed.clear();
	xen_idle();
	EXPECT_EQ(rearmed, (std::vector<u32>{600}));
	EXPECT_EQ(host::traps(), 0U);
}

TEST_F(Idle, does_not_sleep_over_a_decrementer_that_has_run_out)
{
	for (const u32 value : {0U, 0xffffffffU, 0x80000000U}) {
		decrementer = value;
		rearmed.clear();
		xen_idle();
		EXPECT_EQ(rearmed, (std::vector<u32>{1}));
	}
	/* Irq work: Linux has just made it interrupt. */
	decrementer = 1;
	rearmed.clear();
	xen_idle();
	EXPECT_TRUE(rearmed.empty());
	EXPECT_EQ(host::traps(), 0U);
}

TEST_F(Idle, brings_a_late_decrementer_back)
{
	next_timebase = 1'500'000;
	xen.asleep = [] {
		timebase = 1'200'000;
		decrementer = 0x7fffffff;
	};
	xen_idle();
	EXPECT_EQ(rearmed, (std::vector<u32>{300'000}));
}

TEST_F(Idle, makes_an_overdue_decrementer_interrupt)
{
	next_timebase = 1'500'000;
	xen.asleep = [] {
		timebase = 1'500'000;
	};
	xen_idle();
	EXPECT_EQ(rearmed, (std::vector<u32>{1}));
}

TEST_F(Idle, leaves_a_decrementer_that_is_not_due)
{
	next_timebase = 1'500'000;
	xen.asleep = [] {
		timebase = 1'499'999;
		decrementer = 1;
	};
	xen_idle();
	EXPECT_TRUE(rearmed.empty());
}

TEST_F(Idle, replays_an_event_from_before)
{
	open_port(7);
	raise_event(7);
	/* Whether the clock event is near or not. */
	for (const u64 at : {clock::stopped, timebase + 1}) {
		next_timebase = at;
		xen_idle();
		EXPECT_EQ(host::traps(), 0U);
		EXPECT_TRUE(replayed());
	}
	EXPECT_EQ(ended, 2U);
}

TEST_F(Idle, does_not_sleep_over_an_event_on_the_way)
{
	open_port(7);
	at_timebase = [] {
		raise_event(7);
	};
	xen_idle();
	EXPECT_FALSE(xen.slept);
	EXPECT_EQ(host::traps(), 0U);
	EXPECT_TRUE(replayed());
}

TEST_F(Idle, does_not_sleep_over_an_event_inside_xen)
{
	open_port(4095);
	xen.before = [] {
		raise_event(4095);
	};
	xen_idle();
	EXPECT_FALSE(xen.slept);
	EXPECT_TRUE(replayed());
}

TEST_F(Idle, replays_an_event_that_woke_it)
{
	open_port(64);
	xen.asleep = [] {
		raise_event(64);
	};
	xen_idle();
	EXPECT_TRUE(replayed());
	EXPECT_NE(happened() & XEN_IRQ_HARD_DIS, 0);
}

TEST_F(Idle, does_not_sleep_over_a_port_that_another_cpu_unmasks)
{
	this_event_cpu().scanner.bind(xen::Port{9});
	xen.before = [] {
		maps().clear_mask(xen::Port{9});
		raise_event(9);
	};
	xen_idle();
	EXPECT_FALSE(xen.slept);
	EXPECT_TRUE(replayed());
}

TEST_F(Idle, sleeps_in_pieces_over_a_port_that_is_held)
{
	this_event_cpu().scanner.bind(xen::Port{9});
	maps().set_pending(xen::Port{9});
	open_port(10);
	xen_idle();
	EXPECT_TRUE(xen.slept);
	EXPECT_EQ(xen.ports, (std::set<u32>{10}));
	EXPECT_EQ(xen.timeout, 40'000'000U);
}

TEST_F(Idle, sleeps_over_an_event_of_another_cpu)
{
	open_port(7, false);
	maps().set_pending(xen::Port{7});
	xen_idle();
	EXPECT_TRUE(xen.slept);
}

TEST_F(Idle, takes_as_many_ports_as_poll_takes)
{
	for (u32 port = 100; port < 228; ++port)
		open_port(port);
	xen_idle();
	EXPECT_EQ(xen.ports.size(), 128U);
	EXPECT_EQ(xen.timeout, 1'030'000'000U);
}

TEST_F(Idle, sleeps_in_pieces_when_ports_are_left_out)
{
	for (u32 port = 100; port < 229; ++port)
		open_port(port);
	xen_idle();
	EXPECT_EQ(xen.ports.size(), 128U);
	EXPECT_EQ(xen.timeout, 40'000'000U);

	xen.ports.clear();
	next_timebase = 1'100'000;
	xen_idle();
	EXPECT_EQ(xen.timeout, 33'000'000U);

	xen.ports.clear();
	next_timebase = 9'000'000;
	xen_idle();
	EXPECT_EQ(xen.timeout, 40'000'000U);
}

TEST_F(Idle, spins_when_xen_refuses)
{
	xen.answer = -38;
	next_timebase = 1'500'000;
	for (int i = 0; i < 3; ++i)
		xen_idle();
	EXPECT_EQ(refused, -38);
	EXPECT_EQ(low, 3U);
	EXPECT_EQ(ended, 3U);
	EXPECT_EQ(host::traps(), 3U);
}

} // namespace

int xen_glue_idle_begin() noexcept
{
	++begun;
	if (begin_refuses)
		return 0;
	xen_host_msr &= ~XEN_MSR_EE;
	host::paca_set<u8>(XEN_PACA_SOFT_MASK, XEN_IRQS_DISABLED);
	host::paca_set<u8>(XEN_PACA_IRQ_HAPPENED, XEN_IRQ_HARD_DIS);
	return 1;
}

void xen_glue_idle_end() noexcept
{
	EXPECT_EQ(xen_host_msr & XEN_MSR_EE, 0U);
	++ended;
}

unsigned long xen_glue_timebase() noexcept
{
	if (at_timebase)
		at_timebase();
	return timebase;
}

unsigned long xen_glue_timebase_hz() noexcept
{
	return hz;
}

unsigned long xen_glue_next_timebase() noexcept
{
	return next_timebase;
}

unsigned long xen_glue_decrementer() noexcept
{
	return decrementer;
}

void xen_glue_set_decrementer(unsigned int ticks) noexcept
{
	EXPECT_GE(ticks, 1U);
	EXPECT_LE(ticks, 0x7fffffffU);
	decrementer = ticks;
	rearmed.push_back(ticks);
}

void xen_glue_low_priority() noexcept
{
	++low;
}

void xen_glue_idle_refused(long status) noexcept
{
	EXPECT_EQ(ended, begun) << "a message inside the idle protocol";
	refused = status;
}

void xen_glue_ticker_refused(unsigned int, long) noexcept {}
