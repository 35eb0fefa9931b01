// SPDX-License-Identifier: GPL-2.0
/* Pages of a process: which are held, how, and that each is given back. */
#include "user_memory.hh"

#include "calls_rig.hh"
#include "marshal_rig.hh"

namespace {

using namespace xen::ppc;
using namespace host;
namespace err = xen::err;

constexpr u64 at = 0x30000000;

INSTANTIATE_TEST_SUITE_P(Modes, UserCalls, ::testing::Bool(),
			 [](const auto &mode) { return mode.param ? "direct" : "translated"; });

TEST_P(UserCalls, pages_are_held_until_they_are_released)
{
	process.map(at, 3);
	{
		UserPages pages;

		ASSERT_TRUE(pages.take(at + 4095, 4098, true).ok());
		EXPECT_EQ(pages.held(), 3U);
		EXPECT_EQ(process.held(), 3U);
		pages.release();
		EXPECT_EQ(process.held(), 0U);
		ASSERT_TRUE(pages.take(at + 4096, 4096, false).ok()) << "again";
		EXPECT_EQ(pages.held(), 1U);
		process.unmap(at, 3);
		EXPECT_EQ(process.held(), 1U);
	}
	EXPECT_EQ(process.held(), 0U);
}

/* Each way of holding a page has its own way back, in any order of the two. */
TEST_P(UserCalls, pins_and_references_are_told_apart)
{
	for (u32 kinds = 0; kinds < 256; ++kinds) {
		for (u32 i = 0; i < 8; ++i)
			process.map(at + i * 4096, 1, {.io = (kinds >> i & 1) != 0});
		{
			UserPages pages;

			ASSERT_TRUE(pages.take(at, 8 * 4096, kinds % 2 != 0).ok());
			EXPECT_EQ(process.held(), 8U);
			for (u32 i = 0; i < 8; ++i) {
				const u64 address = pages.address(i).value();

				EXPECT_EQ(process.machine(address, false),
					  process.memory(at + i * 4096));
			}
		}
		EXPECT_EQ(process.held(), 0U) << kinds;
		process.unmap(at, 8);
	}
}

TEST_P(UserCalls, a_hole_gives_everything_back)
{
	for (u32 hole = 0; hole < 9; ++hole) {
		process.map(at, 4);
		process.map(at + 4 * 4096, 4, {.io = true});
		process.unmap(at + hole * 4096, 1);

		UserPages pages;

		EXPECT_EQ(pages.take(at, 9 * 4096, true).to_linux(), efault);
		EXPECT_EQ(pages.held(), 0U);
		EXPECT_EQ(process.held(), 0U);
	}
}

TEST_P(UserCalls, ranges_that_no_process_has_are_refused)
{
	UserPages pages;

	process.map(at, 512);
	EXPECT_EQ(pages.take(~u64{0} - 4095, 8192, false).to_linux(), efault);
	EXPECT_EQ(pages.take(0xc000000000000000, 1, false).to_linux(), efault);
	EXPECT_EQ(pages.take((u64{1} << 46) - 1, 2, false).to_linux(), efault);
	EXPECT_EQ(pages.take(at, 512 * 4096, false).to_linux(), -7);
	EXPECT_EQ(pages.take(at + 1, 511 * 4096, false).to_linux(), -7);
	EXPECT_TRUE(pages.take(at, 511 * 4096, false).ok());
	pages.release();
	process.allocations_left = 0;

	UserPages others;

	EXPECT_EQ(others.take(at, 1, false).to_linux(), -12);
}

TEST_P(UserCalls, pinning_may_come_short_and_may_fail)
{
	process.map(at, 5);
	process.pin_at_once = 2;

	UserPages pages;

	EXPECT_TRUE(pages.take(at, 5 * 4096, true).ok());
	EXPECT_EQ(process.held(), 5U);
	pages.release();
	process.pin_error = -12;
	EXPECT_EQ(pages.take(at, 4096, true).to_linux(), -12);
}

TEST_P(UserCalls, memory_of_another_domain_is_held_but_never_named)
{
	process.map(at, 1, {.own = false});

	UserPages pages;

	ASSERT_TRUE(pages.take(at, 1, false).ok());
	EXPECT_EQ(pages.address(0).error(), err::fault);
}

} // namespace
