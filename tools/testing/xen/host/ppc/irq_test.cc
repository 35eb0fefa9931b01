// SPDX-License-Identifier: GPL-2.0
/* The interrupt of the events: when there is one, what is replayed, what is counted. */
#include <map>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "fake_events.hh"

namespace {

using namespace host::events;

TEST_F(Events, an_event_is_one_interrupt)
{
	bind(17);
	EXPECT_EQ(xen_ppc_get_irq(), 0U);
	raise_port(17);
	EXPECT_EQ(xen_ppc_get_irq(), unsigned{irq_of_events});
	xen_upcall();
	EXPECT_EQ(kernel.handled, (std::vector<uint32_t>{17}));
	EXPECT_EQ(xen_ppc_get_irq(), 0U);
	EXPECT_FALSE(xen_port_is_pending(17));
	EXPECT_EQ(counter("upcalls"), 1U);
	EXPECT_EQ(counter("events"), 1U);
	EXPECT_EQ(counter("upcalls_spurious"), 0U);
	EXPECT_EQ(xen.entries, 0U);
}

TEST_F(Events, a_second_vcpus_byte_is_not_ours)
{
	bind(17, 1);
	raise_port(17, 1);
	EXPECT_EQ(xen_ppc_get_irq(), 0U);
}

TEST_F(Events, what_was_marked_for_replay_and_handled_is_not_replayed)
{
	bind(9);
	raise_port(9);
	host::paca_set<u8>(XEN_PACA_IRQ_HAPPENED, XEN_IRQ_HARD_DIS | XEN_IRQ_EE);
	xen_upcall();
	EXPECT_EQ(happened(), XEN_IRQ_HARD_DIS);
	EXPECT_EQ(counter("replays_saved"), 1U);
}

TEST_F(Events, what_came_after_the_loop_is_replayed)
{
	bind(9);
	raise_port(9);
	host::paca_set<u8>(XEN_PACA_IRQ_HAPPENED, XEN_IRQ_HARD_DIS | XEN_IRQ_EE);
	kernel.after_loop = [] {
		raise_port(9);
	};
	xen_upcall();
	EXPECT_EQ(happened(), XEN_IRQ_HARD_DIS | XEN_IRQ_EE);
	EXPECT_EQ(counter("replays_saved"), 0U);
}

TEST_F(Events, with_interrupts_hard_enabled_the_mark_is_not_touched)
{
	bind(9);
	raise_port(9);
	xen_host_msr = XEN_MSR_EE | XEN_MSR_RI;
	host::paca_set<u8>(XEN_PACA_IRQ_HAPPENED, XEN_IRQ_EE);
	xen_upcall();
	EXPECT_EQ(happened(), XEN_IRQ_EE);
}

TEST_F(Events, replays_and_interrupts_without_events_are_counted)
{
	bind(9);
	raise_port(9);
	host::paca_set<u8>(XEN_PACA_IRQ_HAPPENED, XEN_IRQ_HARD_DIS | XEN_IRQ_REPLAYING);
	xen_upcall();
	EXPECT_EQ(happened(), XEN_IRQ_HARD_DIS | XEN_IRQ_REPLAYING);
	raise_port(9);
	xen_upcall();
	host::paca_set<u8>(XEN_PACA_IRQ_HAPPENED, XEN_IRQ_HARD_DIS);
	byte_of(0) = 1;
	xen_upcall();
	EXPECT_EQ(counter("upcalls"), 3U);
	EXPECT_EQ(counter("upcalls_replayed"), 2U);
	EXPECT_EQ(counter("upcalls_spurious"), 1U);
	EXPECT_EQ(counter("passes_empty"), 1U);
}

TEST_F(Events, ee_without_ri_is_noticed)
{
	const struct {
		unsigned long msr;
		bool ok;
	} rows[] = {
		{XEN_MSR_EE | XEN_MSR_RI, true},
		{XEN_MSR_RI, true},
		{0, true},
		{XEN_MSR_EE, false},
	};

	for (const auto &row : rows) {
		kernel.interrupted_msr = row.msr;
		EXPECT_EQ(xen_upcall_ri_ok(), row.ok) << row.msr;
	}
	EXPECT_EQ(xen_events_ri_lost(), 1U);
	EXPECT_EQ(counter("ri_lost"), 1U);
	raise_port(9);
	xen_upcall();
	EXPECT_EQ(xen_events_ri_lost(), 2U);
	EXPECT_EQ(kernel.messages, (std::vector<std::string>{"ri lost", "ri lost"}));
}

TEST_F(Events, counters_are_those_of_all_cpus)
{
	event_cpu(1).upcalls = 5;
	event_cpu(0).upcalls = 7;
	EXPECT_EQ(counter("upcalls"), 12U);
	EXPECT_EQ(counters().size(), 13U);
}

TEST_F(Events, a_missing_irq_is_said)
{
	kernel.irq = -12;
	xen_ppc_init_irq();
	EXPECT_EQ(kernel.messages, (std::vector<std::string>{"no irq -12"}));
}

} // namespace
