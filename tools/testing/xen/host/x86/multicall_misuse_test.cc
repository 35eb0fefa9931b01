// SPDX-License-Identifier: GPL-2.0
/* Mistakes of the kernel's own code stop it, and say which. */
#include "c_callers.hh"

namespace host {

class MulticallMisuseDeathTest : public Multicall {};

#define EXPECT_BROKEN(statement, words) EXPECT_DEATH(statement, "broken invariant: .*" words)

TEST_F(MulticallMisuseDeathTest, CallbackThatQueues)
{
	xen_mc_callback([](void *) { queue(1); }, nullptr);
	EXPECT_BROKEN(xen_mc_flush(), "no callback queues one");
}

TEST_F(MulticallMisuseDeathTest, CallbackThatDefers)
{
	xen_mc_callback([](void *) { xen_mc_callback(note, nullptr); }, nullptr);
	EXPECT_BROKEN(xen_mc_flush(), "no callback of a batch queues another");
}

TEST_F(MulticallMisuseDeathTest, CallbackThatFlushes)
{
	xen_mc_callback([](void *) { xen_mc_flush(); }, nullptr);
	EXPECT_BROKEN(xen_mc_flush(), "nobody flushes from a batch's callback");
}

TEST_F(MulticallMisuseDeathTest, EntryLargerThanABatch)
{
	EXPECT_BROKEN(queue_here(1 << 20), "a multicall entry fits into a batch");
	EXPECT_TRUE(fake.calls.empty());
}

TEST_F(MulticallMisuseDeathTest, PreemptibleCaller)
{
	services.preemptible = 1;
	if (has_preempt_count) {
		EXPECT_BROKEN(xen_mc_flush(), "preemption off");
		EXPECT_BROKEN(queue(1), "preemption off");
		EXPECT_BROKEN(xen_mc_callback(note, nullptr), "preemption off");
		EXPECT_BROKEN(xen_mc_extend_args(1, 16), "preemption off");
	} else {
		// A kernel without the count cannot tell, and does not ask.
		queue(1);
		xen_mc_flush();
		EXPECT_EQ(fake.calls.size(), 1U);
	}
}

} // namespace host
