// SPDX-License-Identifier: GPL-2.0
/* The operations under Linux's event channels. */
#include <array>
#include <cstring>
#include <set>
#include <vector>

#include <gtest/gtest.h>

#include "fake_events.hh"

namespace {

using namespace host::events;

/* Beside the ABI's last one, in the next row of Linux's table, negative as an int. */
constexpr std::array<uint32_t, 4> absent{4096, 5000, 0x7fffffff, 0xffffffff};

TEST_F(Events, all_ports_at_once_are_handled_in_one_interrupt)
{
	for (uint32_t port = 0; port < 4096; ++port) {
		bind(port);
		raise_port(port);
	}
	xen_upcall();

	std::set<uint32_t> once(kernel.handled.begin(), kernel.handled.end());

	EXPECT_EQ(kernel.handled.size(), 4096U);
	EXPECT_EQ(once.size(), 4096U);
	EXPECT_EQ(byte_of(0), 0);
	EXPECT_EQ(counter("passes"), 16U);
	EXPECT_EQ(counter("passes_resumed"), 15U);
	EXPECT_EQ(counter("events_cpu0"), 4096U);
	EXPECT_EQ(counter("events_cpu1"), 0U);
}

TEST_F(Events, an_event_raised_by_a_handler_is_handled_before_the_interrupt_ends)
{
	bind(8);
	bind(4);
	kernel.in_handler = [](uint32_t port) {
		if (port == 8)
			raise_port(4);
	};
	raise_port(8);
	xen_upcall();
	EXPECT_EQ(kernel.handled, (std::vector<uint32_t>{8, 4}));
}

TEST_F(Events, unmasking_an_idle_port_is_no_hypercall)
{
	bind(70);
	xen_port_mask(70);
	xen_port_unmask(70);
	EXPECT_FALSE(test(mask(), 70));
	EXPECT_EQ(xen.entries, 0U);
	EXPECT_EQ(byte_of(0), 0);
}

TEST_F(Events, unmasking_a_pending_port_has_it_replayed)
{
	bind(70);
	xen_port_mask(70);
	raise_port(70);
	EXPECT_EQ(byte_of(0), 0);
	xen_port_unmask(70);
	EXPECT_EQ(xen.unmasked, (std::vector<uint32_t>{70}));
	EXPECT_FALSE(test(mask(), 70));
	EXPECT_EQ(happened(), XEN_IRQ_HARD_DIS | XEN_IRQ_EE);
	xen_upcall();
	EXPECT_EQ(kernel.handled, (std::vector<uint32_t>{70}));
	EXPECT_EQ(counter("unmask_calls"), 1U);
	EXPECT_EQ(counter("unmask_failed"), 0U);
}

TEST_F(Events, unmasking_another_cpus_port_tells_that_cpu)
{
	bind(200, 1);
	xen_port_mask(200);
	raise_port(200, 1);
	xen_port_unmask(200);
	EXPECT_EQ(xen.unmasked, (std::vector<uint32_t>{200}));
	EXPECT_EQ(byte_of(1), 1);
	EXPECT_EQ(selector(1), 1U << 3);
	EXPECT_EQ(byte_of(0), 0);
	EXPECT_EQ(happened(), XEN_IRQ_HARD_DIS);
	/* Pending or not: whether it is can change until Xen looks. */
	reset(pending(), 200);
	xen_port_mask(200);
	xen_port_unmask(200);
	EXPECT_EQ(xen.unmasked.size(), 2U);
}

TEST_F(Events, a_refused_unmask_loses_nothing)
{
	bind(70);
	xen_port_mask(70);
	raise_port(70);
	xen.refusal = -1;
	xen_port_unmask(70);
	EXPECT_FALSE(test(mask(), 70));
	EXPECT_EQ(happened(), XEN_IRQ_HARD_DIS | XEN_IRQ_EE);
	ASSERT_EQ(kernel.messages.size(), 1U);
	EXPECT_EQ(kernel.messages[0], "refused 70 -1");
	xen_upcall();
	EXPECT_EQ(kernel.handled, (std::vector<uint32_t>{70}));
	EXPECT_EQ(counter("unmask_failed"), 1U);
}

TEST_F(Events, a_refused_unmask_for_another_cpu_is_announced_to_it)
{
	bind(70, 1);
	xen_port_mask(70);
	raise_port(70, 1);
	for (const s64 refusal : {s64{-38}, s64{1}, s64{1} << 40}) {
		byte_of(1) = 0;
		selector(1) = 0;
		xen_port_mask(70);
		xen.refusal = refusal;
		xen_port_unmask(70);
		EXPECT_FALSE(test(mask(), 70));
		/* Marked here they would keep Xen from notifying it of its interrupt. */
		EXPECT_EQ(byte_of(1), 0);
		EXPECT_EQ(selector(1), 0U);
		EXPECT_EQ(byte_of(0), 0);
	}
	EXPECT_EQ(kernel.messages.size(), 3U);
	EXPECT_EQ(kernel.rescans, (std::vector<unsigned int>{1, 1, 1}));
}

TEST_F(Events, a_cpu_that_is_told_to_looks_at_all_its_ports)
{
	bind(70);
	bind(4095);
	/* Pending and unmasked, but nobody has announced them. */
	set(pending(), 70);
	set(pending(), 4095);
	xen_port_rescan();
	EXPECT_EQ(happened(), XEN_IRQ_HARD_DIS | XEN_IRQ_EE);
	xen_upcall();
	EXPECT_EQ(kernel.handled, (std::vector<uint32_t>{70, 4095}));
}

TEST_F(Events, a_cpu_that_is_told_to_in_the_loop_goes_round_again)
{
	bind(3);
	bind(2);
	kernel.in_handler = [](uint32_t port) {
		if (port == 3) {
			set(pending(), 2);
			xen_port_rescan();
		}
	};
	raise_port(3);
	xen_upcall();
	EXPECT_EQ(kernel.handled, (std::vector<uint32_t>{3, 2}));
	EXPECT_EQ(byte_of(0), 0);
}

TEST_F(Events, a_refused_unmask_of_an_idle_port_announces_nothing)
{
	bind(70, 1);
	xen_port_mask(70);
	xen.refusal = -1;
	xen_port_unmask(70);
	EXPECT_FALSE(test(mask(), 70));
	EXPECT_EQ(byte_of(1), 0);
	EXPECT_EQ(selector(1), 0U);
	EXPECT_TRUE(kernel.rescans.empty());
}

TEST_F(Events, a_port_goes_to_another_cpu)
{
	bind(33);
	bind(33, 1);
	raise_port(33);
	xen_upcall();
	EXPECT_TRUE(kernel.handled.empty());
	bind(33, 0);
	announce(33, 0);
	xen_upcall();
	EXPECT_EQ(kernel.handled.size(), 1U);
	xen_port_remove(33, 0);
	raise_port(33);
	xen_upcall();
	EXPECT_EQ(kernel.handled.size(), 1U);
	EXPECT_EQ(counter("upcalls_spurious"), 2U);
}

TEST_F(Events, cpus_go_offline_and_domains_resume_with_nothing_bound)
{
	bind(33);
	bind(34, 1);
	EXPECT_EQ(xen_port_percpu_deinit(1), 0);
	EXPECT_FALSE(event_cpu(1).scanner.bound(xen::Port{34}));
	EXPECT_TRUE(event_cpu(0).scanner.bound(xen::Port{33}));
	bind(34, 1);
	xen_port_resume();
	EXPECT_FALSE(event_cpu(1).scanner.bound(xen::Port{34}));
	EXPECT_FALSE(event_cpu(0).scanner.bound(xen::Port{33}));
}

TEST_F(Events, the_highest_port_works)
{
	EXPECT_EQ(xen_port_max(), 4096U);
	bind(4095);
	xen_port_set_pending(4095);
	EXPECT_TRUE(xen_port_is_pending(4095));
	EXPECT_EQ(pending()[63], uint64_t{1} << 63);
	xen_port_mask(4095);
	EXPECT_EQ(mask()[63], uint64_t{1} << 63);
	xen_port_clear_pending(4095);
	EXPECT_FALSE(xen_port_is_pending(4095));
}

/* Xen's answer to a bind goes into some of these before Linux looks at it. */
TEST_F(Events, ports_that_do_not_exist_touch_nothing)
{
	SharedInfo before;
	const xen_events_storage first = xen_events_cpu;
	const xen_events_storage second = second_cpu;

	std::memcpy(static_cast<void *>(&before), &the_page, sizeof before);
	for (const uint32_t port : absent) {
		xen_port_bind_to_cpu(port, 0, 1);
		xen_port_remove(port, 1);
		xen_port_set_pending(port);
		xen_port_clear_pending(port);
		EXPECT_FALSE(xen_port_is_pending(port));
		xen_port_mask(port);
		xen_port_unmask(port);
	}
	EXPECT_EQ(std::memcmp(&before, &the_page, sizeof before), 0);
	EXPECT_EQ(std::memcmp(&first, &xen_events_cpu, sizeof first), 0);
	EXPECT_EQ(std::memcmp(&second, &second_cpu, sizeof second), 0);
	EXPECT_EQ(xen.entries, 0U);
	EXPECT_EQ(kernel.messages.size(), 7 * absent.size());
}

} // namespace
