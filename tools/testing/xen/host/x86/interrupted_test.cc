// SPDX-License-Identifier: GPL-2.0
/*
 * An event between any two instructions of a unit is neither lost nor let in early.
 *
 * This is what the order of a store and a load in the flag hooks is about, and no
 * other test can see it.
 */
#include <vector>

#include "fixture.hh"
#include "stepping.hh"

namespace host {

namespace {

unsigned long enable()
{
	xen_irq_enable_direct();
	return 0;
}

unsigned long disable()
{
	xen_irq_disable_direct();
	return 0;
}

unsigned long save_flags()
{
	return xen_save_fl_direct();
}

unsigned long safe_halt()
{
	xen_safe_halt();
	return 0;
}

unsigned long flush()
{
	xen_mc_flush();
	return 0;
}

/* Queued before each run: what a flush has to do. */
void queue(unsigned int n)
{
	for (unsigned int i = 0; i < n; ++i)
		__xen_mc_entry(0).mc->op = xen::number_of(xen::Hypercall::StackSwitch);
}

} // namespace

class Interrupted : public Unit {
protected:
	/*
	 * Calls @function again and again, with an event at its first boundary, its
	 * second and so on (or every @stride-th), until it has no more; @check looks at
	 * each run.  Returns how many boundaries it has.
	 */
	template <class Prepare, class Check>
	static int everywhere(unsigned long (*function)(), Prepare prepare, Check check,
			      int stride = 1)
	{
		int at = 0;

		for (;; at += stride) {
			// Steps are dear, and their number grows with the square.
			if (at > 1200) {
				ADD_FAILURE() << "this takes far more instructions than it should";
				break;
			}
			reset_cpus();
			fake = FakeXen{};
			prepare();
			const Stepped run = run_stepped(function, at);

			if (!run.raised || HasFailure())
				break;
			SCOPED_TRACE("event at boundary " + std::to_string(at));
			check(run);
			expect_no_event_lost();
			EXPECT_TRUE(fake.upcalls_masked);
		}
		return at;
	}
};

TEST_F(Interrupted, EnableLosesNoEvent)
{
	const int boundaries = everywhere(
		enable, [] {},
		[](const Stepped &) {
			EXPECT_EQ(mask_byte(), 0);
			EXPECT_EQ(fake.delivered, 1U);
		});

	EXPECT_GE(boundaries, 4);
}

TEST_F(Interrupted, EnableOnTheSlowPathLosesNoSecondEvent)
{
	const int boundaries = everywhere(
		enable, [] { pending_byte() = 1; },
		[](const Stepped &) {
			EXPECT_EQ(mask_byte(), 0);
			EXPECT_GE(fake.delivered, 1U);
			EXPECT_EQ(pending_byte(), 0);
		});

	EXPECT_GE(boundaries, 10);
}

TEST_F(Interrupted, DisableKeepsLateEventsOut)
{
	bool came_early = false, came_late = false;

	everywhere(
		disable, [] { mask_byte() = 0; },
		[&](const Stepped &) {
			EXPECT_EQ(mask_byte(), 1);
			EXPECT_NE(fake.delivered == 1, pending_byte() == 1);
			came_early = came_early || fake.delivered == 1;
			came_late = came_late || fake.delivered == 0;
			EXPECT_FALSE(came_late && fake.delivered == 1) << "let in after the mask";
			EXPECT_TRUE(fake.calls.empty());
		});
	EXPECT_TRUE(came_early);
	EXPECT_TRUE(came_late);
}

TEST_F(Interrupted, SaveFlIsRightAllTheWay)
{
	for (const bool mask : {false, true})
		everywhere(
			save_flags, [mask] { mask_byte() = mask; },
			[mask](const Stepped &run) {
				EXPECT_EQ(run.result, mask ? 0 : interrupts_on);
				EXPECT_EQ(fake.delivered, mask ? 0U : 1U);
				EXPECT_EQ(mask_byte(), mask);
			});
}

TEST_F(Interrupted, SafeHaltLosesNoEvent)
{
	everywhere(
		safe_halt, [] {},
		[](const Stepped &) {
			EXPECT_EQ(mask_byte(), 0);
			EXPECT_EQ(fake.delivered, 1U);
		});
}

TEST_F(Interrupted, RefusedSafeHaltLosesNoEvent)
{
	everywhere(
		safe_halt, [] { fake.block_error = xen_eperm; },
		[](const Stepped &) {
			EXPECT_EQ(mask_byte(), 0);
			EXPECT_EQ(fake.delivered, 1U);
		});
}

TEST_F(Interrupted, FlushIsNeverSeenHalfWay)
{
	bool before = false, after = false;

	everywhere(
		flush,
		[] {
			queue(2);
			mask_byte() = 0;
		},
		[&](const Stepped &) {
			EXPECT_EQ(mask_byte(), 0);
			EXPECT_EQ(fake.delivered, 1U);
			ASSERT_FALSE(fake.calls.empty());
			EXPECT_EQ(fake.calls[0].op, xen::number_of(xen::Hypercall::Multicall));
			EXPECT_TRUE(fake.calls[0].masked);
			EXPECT_EQ(fake.entries().size(), 2U + on(0, xen_forced_callbacks));
			// At once, or at the end of the flush.
			before = before || on(0, xen_forced_callbacks) == 0;
			after = after || on(0, xen_forced_callbacks) == 1;
		});
	EXPECT_TRUE(before);
	EXPECT_TRUE(after);
}

TEST_F(Interrupted, FlushWithEventsOffKeepsThemOff)
{
	// A flush is long, and no boundary of this one is special.
	constexpr int stride = 11;

	everywhere(
		flush, [] { queue(2); },
		[](const Stepped &) {
			EXPECT_EQ(mask_byte(), 1);
			EXPECT_EQ(pending_byte(), 1);
			EXPECT_EQ(fake.delivered, 0U);
		},
		stride);
}

} // namespace host
