// SPDX-License-Identifier: GPL-2.0
/* The interrupt flag: the mask byte under each hook, and the event that waits. */
#include "fixture.hh"

namespace host {

class Flags : public Unit {};

TEST_F(Flags, SaveFlReadsTheMask)
{
	mask_byte() = 1;
	EXPECT_EQ(xen_save_fl_direct(), 0UL);
	mask_byte() = 0;
	EXPECT_EQ(xen_save_fl_direct(), interrupts_on);
	pending_byte() = 1;
	EXPECT_EQ(xen_save_fl_direct(), interrupts_on);
	// Xen takes any value but zero as masked.
	for (const unsigned int value : {2U, 0x80U, 0xffU}) {
		mask_byte() = static_cast<std::uint8_t>(value);
		EXPECT_EQ(xen_save_fl_direct(), 0UL) << "mask byte " << value;
	}
	EXPECT_TRUE(fake.calls.empty());
}

TEST_F(Flags, SaveFlChangesNothing)
{
	for (const bool value : {false, true}) {
		mask_byte() = value;
		static_cast<void>(xen_save_fl_direct());
		EXPECT_EQ(mask_byte(), value);
		EXPECT_EQ(pending_byte(), 0);
	}
}

TEST_F(Flags, DisableMasks)
{
	mask_byte() = 0;
	xen_irq_disable_direct();
	EXPECT_EQ(mask_byte(), 1);
	xen_irq_disable_direct();
	EXPECT_EQ(mask_byte(), 1);
	EXPECT_TRUE(fake.calls.empty());
}

TEST_F(Flags, DisableLeavesAPendingEventAlone)
{
	pending_byte() = 1;
	xen_irq_disable_direct();
	EXPECT_EQ(pending_byte(), 1);
	EXPECT_EQ(fake.delivered, 0U);
	EXPECT_TRUE(fake.calls.empty());
}

TEST_F(Flags, EnableWithNothingPendingStaysOutOfXen)
{
	for (int i = 0; i < 100; ++i) {
		xen_irq_disable_direct();
		xen_irq_enable_direct();
		EXPECT_EQ(mask_byte(), 0);
	}
	EXPECT_TRUE(fake.calls.empty());
	EXPECT_EQ(on(0, xen_forced_callbacks), 0UL);
}

TEST_F(Flags, EnableDeliversWhatIsPending)
{
	pending_byte() = 1;
	xen_irq_enable_direct();
	EXPECT_EQ(fake.delivered, 1U);
	EXPECT_EQ(pending_byte(), 0);
	EXPECT_EQ(mask_byte(), 0);
	ASSERT_EQ(fake.calls.size(), 1U);
	EXPECT_EQ(fake.calls[0].op, xen::number_of(xen::Hypercall::XenVersion));
	EXPECT_FALSE(fake.calls[0].masked);
	EXPECT_EQ(on(0, xen_forced_callbacks), 1UL);

	xen_irq_enable_direct();
	EXPECT_EQ(fake.calls.size(), 1U) << "once is enough";
}

TEST_F(Flags, EnableWhileEnabledStillLooksForEvents)
{
	mask_byte() = 0;
	pending_byte() = 1;
	xen_irq_enable_direct();
	EXPECT_EQ(fake.delivered, 1U);
	EXPECT_EQ(fake.calls.size(), 1U);
}

TEST_F(Flags, ForcedCallbackAsksForTheVersion)
{
	mask_byte() = 0;
	xen_force_evtchn_callback();
	ASSERT_EQ(fake.calls.size(), 1U);
	EXPECT_EQ(fake.calls[0].op, xen::number_of(xen::Hypercall::XenVersion));
	// XENVER_version, which takes no argument and cannot fail.
	EXPECT_EQ(fake.calls[0].args[0], 0UL);
	EXPECT_EQ(fake.calls[0].args[1], 0UL);
	EXPECT_EQ(on(0, xen_forced_callbacks), 1UL);
}

TEST_F(Flags, WhatTheForcedCallbackAnswersDoesNotMatter)
{
	for (const long answer : {-1L, 0L, 1L, xen_enosys, -4096L}) {
		fake.answer = [answer](const Call &) { return answer; };
		mask_byte() = 1;
		pending_byte() = 1;
		xen_irq_enable_direct();
		EXPECT_EQ(pending_byte(), 0);
		EXPECT_EQ(mask_byte(), 0);
	}
}

TEST_F(Flags, EachProcessorHasItsOwn)
{
	run_on(1);
	mask_byte() = 0;
	xen_irq_disable_direct();
	EXPECT_EQ(mask_byte(), 1);
	run_on(0);
	pending_byte() = 1;
	xen_irq_enable_direct();
	EXPECT_EQ(fake.delivered, 1U);
	run_on(1);
	EXPECT_EQ(mask_byte(), 1);
	EXPECT_EQ(xen_save_fl_direct(), 0UL);
	EXPECT_EQ(on(0, xen_forced_callbacks), 1UL);
	EXPECT_EQ(on(1, xen_forced_callbacks), 0UL);
}

TEST_F(Flags, ForcedCallbacksAreSummedOverAllProcessors)
{
	for (int cpu = 0; cpu < cpu_count; ++cpu) {
		run_on(cpu);
		for (int i = 0; i <= cpu; ++i)
			xen_force_evtchn_callback();
	}
	run_on(0);
	EXPECT_EQ(shown_by(xen_flags_show), (Counters{{"forced_callbacks", 3}}));
}

} // namespace host
