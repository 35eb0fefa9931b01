// SPDX-License-Identifier: GPL-2.0
/* Giving the processor up: who blocks, who stops, and what happens if Xen refuses. */
#include <xen/core/abi_vcpu.hh>

#include "fixture.hh"

namespace host {

class Halt : public Unit {
protected:
	static void expect_call(const Call &call, xen::Hypercall which, unsigned long first)
	{
		EXPECT_EQ(call.op, xen::number_of(which));
		EXPECT_EQ(call.args[0], first);
	}

	static constexpr auto block = static_cast<unsigned long>(xen::SchedOp::Block);
	static constexpr auto down = static_cast<unsigned long>(xen::VcpuOp::Down);
};

TEST_F(Halt, SafeHaltBlocksWithEventsMaskedUntilXenLetsThemIn)
{
	xen_safe_halt();
	ASSERT_EQ(fake.calls.size(), 1U);
	expect_call(fake.calls[0], xen::Hypercall::SchedOp, block);
	EXPECT_TRUE(fake.calls[0].masked) << "an event before the block would be slept over";
	EXPECT_EQ(mask_byte(), 0);
	EXPECT_EQ(fake.slept, 1U);
	EXPECT_TRUE(services.halts_refused.empty());
}

TEST_F(Halt, SafeHaltDoesNotSleepOverAPendingEvent)
{
	pending_byte() = 1;
	xen_safe_halt();
	EXPECT_EQ(fake.slept, 0U);
	EXPECT_EQ(fake.delivered, 1U);
	EXPECT_EQ(mask_byte(), 0);
	EXPECT_EQ(fake.calls.size(), 1U) << "the block itself delivers";
}

TEST_F(Halt, RefusedSafeHaltLetsEventsInAndSaysSo)
{
	fake.block_error = xen_eperm;
	pending_byte() = 1;
	xen_safe_halt();
	EXPECT_EQ(services.halts_refused, std::vector<long>{xen_eperm});
	EXPECT_EQ(mask_byte(), 0);
	EXPECT_EQ(fake.delivered, 1U);
	EXPECT_EQ(on(0, xen_forced_callbacks), 1UL);
}

TEST_F(Halt, RefusedSafeHaltWithNothingPendingReturns)
{
	fake.block_error = xen_enosys;
	xen_safe_halt();
	mask_byte() = 1;
	xen_safe_halt();
	EXPECT_EQ(services.halts_refused, (std::vector<long>{xen_enosys, xen_enosys}));
	EXPECT_EQ(mask_byte(), 0);
	EXPECT_EQ(fake.calls.size(), 2U) << "nothing pending is no forced callback";
}

TEST_F(Halt, HaltWithEventsOnBlocks)
{
	mask_byte() = 0;
	xen_halt();
	ASSERT_EQ(fake.calls.size(), 1U);
	expect_call(fake.calls[0], xen::Hypercall::SchedOp, block);
	EXPECT_TRUE(fake.taken_down.empty());
}

TEST_F(Halt, HaltWithEventsOffTakesThisVcpuDown)
{
	for (int cpu = 0; cpu < cpu_count; ++cpu) {
		run_on(cpu);
		xen_halt();
		expect_call(fake.calls.back(), xen::Hypercall::VcpuOp, down);
		EXPECT_EQ(fake.taken_down.back(), on(cpu, xen_vcpu_id));
		EXPECT_EQ(fake.calls.back().args[2], 0UL);
	}
	EXPECT_EQ(fake.calls.size(), 2U);
	EXPECT_EQ(fake.slept, 0U);
	EXPECT_TRUE(services.halts_refused.empty());
}

TEST_F(Halt, RefusedDownIsSaid)
{
	fake.down_error = xen_eperm;
	xen_halt();
	EXPECT_EQ(services.halts_refused, std::vector<long>{xen_eperm});
	EXPECT_EQ(mask_byte(), 1) << "halted with events off, they stay off";
}

TEST_F(Halt, HaltLooksAtTheMaskXenLooksAt)
{
	// Before the vcpu_info is placed that is the one in the shared page.
	on(0, xen_vcpu) = &shared_page();
	mask_byte() = 0;
	xen_halt();
	EXPECT_EQ(fake.taken_down.size(), 1U);
	EXPECT_EQ(fake.slept, 0U);
}

} // namespace host
