// SPDX-License-Identifier: GPL-2.0
/*
 * The xen_mc_* tracepoints: silent while nobody listens, and each on its own key.
 */
#include <string>

#include "c_callers.hh"

namespace host {

using Lines = std::vector<std::string>;

class Trace : public Multicall {
protected:
	/* Something of everything. */
	static void exercise()
	{
		constexpr auto update = number(xen::Hypercall::MmuUpdate);

		queue_here(24).mc->op = update;
		static_cast<void>(xen_mc_extend_args(update, 16));
		static_cast<void>(xen_mc_extend_args(number(xen::Hypercall::MmuextOp), 16));
		static_cast<void>(xen_mc_extend_args(update, 1 << 20));
		xen_mc_callback(note, numbered(7));
		xen_mc_flush();
	}
};

TEST_F(Trace, IsSilentWhileNobodyListens)
{
	exercise();
	EXPECT_TRUE(services.traces.empty());
	EXPECT_EQ(fake.calls.size(), 1U);
}

TEST_F(Trace, EveryTracepointHasItsSites)
{
	for (int event = 0; event < event_count; ++event)
		EXPECT_GE(listen(static_cast<Event>(event), true), 1) << "event " << event;
}

TEST_F(Trace, OfAFlush)
{
	listen(Event::Flush, true);
	exercise();
	EXPECT_EQ(services.traces, Lines{"flush 1 40 1"});
	services.traces.clear();
	// Also of one that has nothing to do: that is what a listener may look for.
	xen_mc_flush();
	EXPECT_EQ(services.traces, Lines{"flush 0 0 0"});
	EXPECT_EQ(fake.calls.size(), 1U);
}

TEST_F(Trace, OfAnEntry)
{
	listen(Event::EntryAlloc, true);
	exercise();
	EXPECT_EQ(services.traces, Lines{"entry_alloc 24"});
}

TEST_F(Trace, OfAnExtension)
{
	const std::string update = std::to_string(number(xen::Hypercall::MmuUpdate));
	const std::string other = std::to_string(number(xen::Hypercall::MmuextOp));

	listen(Event::ExtendArgs, true);
	exercise();
	EXPECT_EQ(services.traces, (Lines{"extend_args " + update + " 16 0",
					  "extend_args " + other + " 16 1",
					  "extend_args " + update + " 1048576 2"}));
}

TEST_F(Trace, OfACallback)
{
	listen(Event::Callback, true);
	exercise();
	EXPECT_EQ(services.traces,
		  Lines{"callback " + std::to_string(reinterpret_cast<unsigned long>(note)) + " 7"});
}

TEST_F(Trace, OfAReasonOnlyWhenNobodyAsked)
{
	listen(Event::FlushReason, true);
	exercise();
	EXPECT_TRUE(services.traces.empty());
}

TEST_F(Trace, StopsWhenTheListenerGoes)
{
	for (int event = 0; event < event_count; ++event) {
		listen(static_cast<Event>(event), true);
		listen(static_cast<Event>(event), false);
	}
	exercise();
	EXPECT_TRUE(services.traces.empty());
}

} // namespace host
