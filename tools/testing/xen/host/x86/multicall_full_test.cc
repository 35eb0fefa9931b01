// SPDX-License-Identifier: GPL-2.0
/*
 * A full batch makes room by itself: of entries, of argument bytes, of callbacks.
 *
 * How large it is, is a matter of measurement and not of these tests: they fill until
 * Xen is entered.  Tracepoints say why.
 */
#include "c_callers.hh"

namespace host {

namespace {

/* More than any batch holds. */
constexpr unsigned int plenty = 5000;

} // namespace

class MulticallFull : public Multicall {
protected:
	void SetUp() override
	{
		Multicall::SetUp();
		listen(Event::FlushReason, true);
	}

	/* Calls @step(i) until Xen is entered; how often that was. */
	template <class Step> static unsigned int until_flushed(Step step)
	{
		unsigned int i = 0;

		while (fake.calls.empty() && notes.empty() && i < plenty)
			step(i++);
		return i;
	}
};

TEST_F(MulticallFull, OfEntries)
{
	const unsigned int filled = until_flushed([](unsigned int i) { queue(0x1000 + 0x10 * i); });

	ASSERT_LT(filled, plenty);
	EXPECT_GE(filled, 32U);
	// All but the one that did not fit, in order; that one comes with the next.
	ASSERT_EQ(fake.entries().size(), filled - 1);
	EXPECT_EQ(services.traces, std::vector<std::string>{"flush_reason 1"});
	xen_mc_flush();
	ASSERT_EQ(fake.entries().size(), filled);
	for (unsigned int i = 0; i < filled; ++i)
		expect_arguments(fake.entries()[i], 0x1000 + 0x10 * i);
}

TEST_F(MulticallFull, OfArguments)
{
	const unsigned int filled = until_flushed([](unsigned int i) {
		const multicall_space space = queue_here(512);

		space.mc->op = number(xen::Hypercall::StackSwitch);
		space.mc->args[0] = i;
	});

	ASSERT_LT(filled, 64U);
	EXPECT_EQ(fake.entries().size(), filled - 1);
	EXPECT_EQ(services.traces, std::vector<std::string>{"flush_reason 2"});
	xen_mc_flush();
	ASSERT_EQ(fake.entries().size(), filled);
	EXPECT_EQ(fake.entries().back().args[0], filled - 1);
}

TEST_F(MulticallFull, OfCallbacks)
{
	queue(0x10);
	const unsigned int filled = until_flushed(
		[](unsigned int i) { xen_mc_callback(note, numbered(static_cast<int>(i))); });

	ASSERT_LT(filled, plenty);
	EXPECT_EQ(fake.calls.size(), 1U);
	EXPECT_EQ(notes.size(), filled - 1);
	EXPECT_EQ(services.traces, std::vector<std::string>{"flush_reason 3"});
	xen_mc_flush();
	ASSERT_EQ(notes.size(), filled);
	for (unsigned int i = 0; i < filled; ++i)
		EXPECT_EQ(notes[i].number, static_cast<int>(i));
}

TEST_F(MulticallFull, GrowingDoesNotFlush)
{
	constexpr auto update = number(xen::Hypercall::MmuUpdate);
	unsigned int grown = 0;

	queue(1, xen::Hypercall::MmuUpdate);
	while (grown < plenty && xen_mc_extend_args(update, 16).mc != nullptr)
		++grown;
	EXPECT_LT(grown, plenty);
	EXPECT_GE(grown, 32U);
	EXPECT_TRUE(fake.calls.empty());
	EXPECT_TRUE(services.traces.empty());
	xen_mc_flush();
	EXPECT_EQ(fake.entries().size(), 1U);
}

TEST_F(MulticallFull, CallerIsKnownAlsoWhenItsEntryFlushed)
{
	const unsigned int filled = until_flushed(
		[](unsigned int i) { queue(i, xen::Hypercall::StackSwitch, queue_there); });

	ASSERT_LT(filled, plenty);
	fake.answer = [](const Call &) { return xen_eperm; };
	xen_mc_flush();
	ASSERT_EQ(services.failures.size(), 1U);
	EXPECT_EQ(services.failures[0].caller, queued_there);
}

TEST_F(MulticallFull, EventsAreOffWhenItFlushesInTheMiddle)
{
	// As between xen_mc_batch() and xen_mc_issue().
	mask_byte() = 1;
	fake.event_during_call = true;
	until_flushed([](unsigned int i) { queue(i); });
	EXPECT_EQ(mask_byte(), 1);
	EXPECT_EQ(fake.delivered, 0U);
	EXPECT_EQ(pending_byte(), 1);
}

} // namespace host
