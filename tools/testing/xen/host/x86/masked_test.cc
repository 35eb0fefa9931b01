// SPDX-License-Identifier: GPL-2.0
/*
 * Masked, the guard: events off for a scope.  Compiled for each kind of kernel, because
 * the header is: one kind tells lockdep.
 */
#include "c_callers.hh"
#include "flags.hh"
#include "layout.h"

namespace host {

class Masked : public Unit {
protected:
	/* Lockdep heard this, if it is there. */
	static void expect_told(const char *what)
	{
		EXPECT_STREQ(services.told, XEN_TRACE_IRQFLAGS ? what : "");
		EXPECT_TRUE(services.told_masked) << "lockdep is told while events are off";
	}
};

TEST_F(Masked, Nests)
{
	mask_byte() = 0;
	{
		const xen::flags::Masked outer;

		EXPECT_EQ(mask_byte(), 1);
		pending_byte() = 1;
		{
			const xen::flags::Masked inner;

			EXPECT_EQ(mask_byte(), 1);
		}
		EXPECT_EQ(mask_byte(), 1);
		EXPECT_EQ(fake.delivered, 0U);
	}
	EXPECT_EQ(mask_byte(), 0);
	EXPECT_EQ(fake.delivered, 1U);
	EXPECT_EQ(fake.calls.size(), 1U);
}

TEST_F(Masked, LeavesEventsOffThatWereOff)
{
	pending_byte() = 1;
	{
		const xen::flags::Masked guard;
	}
	EXPECT_EQ(mask_byte(), 1);
	EXPECT_EQ(fake.delivered, 0U);
	EXPECT_TRUE(fake.calls.empty());
	expect_told("");
}

TEST_F(Masked, TellsLockdepOfTheOuterOneOnly)
{
	mask_byte() = 0;
	{
		const xen::flags::Masked outer;
		const xen::flags::Masked inner;

		expect_told("-");
	}
	expect_told("-+");
}

TEST_F(Masked, TellsLockdepOfAFlush)
{
	mask_byte() = 0;
	queue(1);
	xen_mc_flush();
	expect_told("-+");
	mask_byte() = 1;
	queue(2);
	xen_mc_flush();
	expect_told("-+");
}

} // namespace host
