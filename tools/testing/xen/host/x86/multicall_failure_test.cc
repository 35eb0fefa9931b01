// SPDX-License-Identifier: GPL-2.0
/* What Xen refuses is reported with who queued it, and stops nobody else. */
#include <string>

#include "c_callers.hh"

namespace host {

namespace {

/* Xen's word for what it does not do, by the first argument. */
void refuse(unsigned long tag, long error)
{
	fake.answer = [tag, error](const Call &call) { return call.args[0] == tag ? error : 0; };
}

void expect_failure(const xen_mc_failure &failure, unsigned int index, unsigned int total,
		    long error, const char *caller)
{
	EXPECT_EQ(failure.index, index);
	EXPECT_EQ(failure.total, total);
	EXPECT_EQ(failure.op, number(xen::Hypercall::StackSwitch));
	EXPECT_EQ(failure.error, error);
	EXPECT_EQ(failure.caller, caller);
	EXPECT_STREQ(failure.unit, "Linux");
}

constexpr long eio = -5;

} // namespace

class MulticallFailure : public Multicall {};

TEST_F(MulticallFailure, OfASingleHypercallIsReported)
{
	xen::MulticallEntry *const entry = queue(0x100);

	refuse(0x100, xen_eperm);
	xen_mc_flush();
	ASSERT_EQ(services.failures.size(), 1U);
	expect_failure(services.failures[0], 0, 1, xen_eperm, queued_here);
	for (unsigned long i = 0; i < 3; ++i)
		EXPECT_EQ(services.failures[0].args[i], 0x100 + i);
	EXPECT_TRUE(services.failures[0].kept);
	EXPECT_EQ(entry->result, xen_eperm);
}

TEST_F(MulticallFailure, NamesTheEntryAndItsCaller)
{
	queue(0x100);
	queue(0x200, xen::Hypercall::StackSwitch, queue_there);
	queue(0x300);
	refuse(0x200, xen_efault);
	xen_mc_flush();
	ASSERT_EQ(services.failures.size(), 1U);
	expect_failure(services.failures[0], 1, 3, xen_efault, queued_there);
	for (unsigned long i = 0; i < 3; ++i)
		EXPECT_EQ(services.failures[0].args[i], 0x200 + i);
	EXPECT_FALSE(services.failures[0].kept);
}

TEST_F(MulticallFailure, StopsNeitherOtherEntriesNorCallbacks)
{
	xen::MulticallEntry *const first = queue(0x100);
	queue(0x200);
	xen::MulticallEntry *const last = queue(0x300);

	xen_mc_callback(note, numbered(1));
	xen_mc_callback(note, numbered(2));
	refuse(0x200, xen_eperm);
	xen_mc_flush();
	EXPECT_EQ(fake.entries().size(), 3U);
	EXPECT_EQ(first->result, 0);
	EXPECT_EQ(last->result, 0);
	EXPECT_EQ(notes.size(), 2U);
	EXPECT_EQ(services.failures.size(), 1U);
	EXPECT_EQ(shown_by(xen_mc_show).at("failed"), 1UL);
	// And the batch goes on working.
	queue(0x400);
	xen_mc_flush();
	EXPECT_EQ(fake.entries().size(), 4U);
	EXPECT_EQ(services.failures.size(), 1U);
}

TEST_F(MulticallFailure, OfAllIsReportedForEach)
{
	for (unsigned long i = 0; i < 4; ++i)
		queue(0x100 * i);
	fake.answer = [](const Call &) { return xen_enosys; };
	xen_mc_flush();
	ASSERT_EQ(services.failures.size(), 4U);
	for (unsigned int i = 0; i < 4; ++i)
		expect_failure(services.failures[i], i, 4, xen_enosys, queued_here);
}

TEST_F(MulticallFailure, OfTheMulticallItselfFailsWhatIsUndone)
{
	for (unsigned long i = 0; i < 3; ++i)
		queue(0x100 * i);
	xen_mc_callback(note, numbered(1));
	fake.completes = 1;
	fake.multicall_error = xen_efault;
	xen_mc_flush();
	ASSERT_EQ(services.failures.size(), 2U);
	expect_failure(services.failures[0], 1, 3, xen_efault, queued_here);
	expect_failure(services.failures[1], 2, 3, xen_efault, queued_here);
	EXPECT_EQ(notes.size(), 1U);
}

TEST_F(MulticallFailure, ToFinishIsNoSuccess)
{
	queue(0x100);
	queue(0x200);
	fake.completes = 1;
	xen_mc_flush();
	ASSERT_EQ(services.failures.size(), 1U);
	expect_failure(services.failures[0], 1, 2, eio, queued_here);
}

TEST_F(MulticallFailure, PositiveResultsAreNone)
{
	queue(0x100);
	queue(0x200);
	fake.answer = [](const Call &) { return 0x7fffffffffffffffL; };
	xen_mc_flush();
	queue(0x300);
	xen_mc_flush();
	EXPECT_TRUE(services.failures.empty());
}

TEST_F(MulticallFailure, ShowsArgumentsAsQueuedInDebugMode)
{
	xen_mc_debug = true;
	fake.scribbles = true;
	queue(0x100);
	queue(0x200);
	refuse(0x200, xen_eperm);
	xen_mc_flush();
	ASSERT_EQ(services.failures.size(), 1U);
	expect_failure(services.failures[0], 1, 2, xen_eperm, queued_here);
	for (unsigned long i = 0; i < 3; ++i)
		EXPECT_EQ(services.failures[0].args[i], 0x200 + i);
	EXPECT_TRUE(services.failures[0].kept);
}

TEST_F(MulticallFailure, NamesTheCallerEvenIfXenScribbles)
{
	fake.scribbles = true;
	queue(0x100, xen::Hypercall::StackSwitch, queue_there);
	queue(0x200);
	refuse(0x100, xen_eperm);
	xen_mc_flush();
	ASSERT_EQ(services.failures.size(), 1U);
	EXPECT_EQ(services.failures[0].index, 0U);
	EXPECT_EQ(services.failures[0].error, xen_eperm);
	EXPECT_EQ(services.failures[0].caller, queued_there);
}

TEST_F(MulticallFailure, IsReportedWithEventsOff)
{
	mask_byte() = 0;
	queue(0x100);
	refuse(0x100, xen_eperm);
	fake.event_during_call = true;
	xen_mc_flush();
	EXPECT_EQ(services.failures.size(), 1U);
	EXPECT_EQ(mask_byte(), 0);
	EXPECT_EQ(fake.delivered, 1U);
}

} // namespace host
