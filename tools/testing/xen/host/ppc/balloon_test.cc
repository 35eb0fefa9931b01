// SPDX-License-Identifier: GPL-2.0
/*
 * The balloon against a Linux and a hypervisor that fail in every place: after each step
 * every frame is the domain's with one entry, or the hypervisor's with none.
 */
#include "balloon_rig.hh"

namespace {

using namespace xen::ppc;
using host::all_sections;
using host::Balloon;
using host::none;
using host::rma_sections;
using host::section;
using host::Use;
using host::World;

/* The real-mode area, 64 MB, and 14 MB of 448, in whole sections that stay. */
constexpr u64 floor_sections = 9;

/* Only where entries change. */
class Direct : public Balloon {};

TEST_P(Balloon, down_and_up)
{
	for (unsigned int round = 0; round < 3; ++round) {
		World::target(20);
		EXPECT_EQ(world.run(), 9U);
		EXPECT_EQ(World::current(), 20U);
		EXPECT_EQ(world.used(), 20U);
		World::target(all_sections);
		EXPECT_EQ(world.run(), 9U);
		EXPECT_EQ(World::current(), all_sections);
		EXPECT_EQ(world.used(), all_sections);
	}
	EXPECT_TRUE(world.messages.empty());
	EXPECT_EQ(xen_ppc_balloon_step(), -1) << "nothing is left to do";
}

TEST_P(Balloon, a_target_is_rounded_down_and_limited)
{
	const auto reads = [](u64 kb) {
		EXPECT_EQ(xen_ppc_balloon_set(XEN_BALLOON_TARGET, kb), 0);
		return xen_ppc_balloon_get(XEN_BALLOON_TARGET);
	};

	EXPECT_EQ(reads(448 * 1024), 448U * 1024);
	EXPECT_EQ(reads(448 * 1024 - 1), 432U * 1024);
	EXPECT_EQ(reads(432 * 1024), 432U * 1024);
	EXPECT_EQ(reads(433 * 1024), 432U * 1024);
	EXPECT_EQ(reads(~u64{0}), 448U * 1024) << "never more than at the start";
	EXPECT_EQ(reads(0), floor_sections * 16 * 1024) << "the kernel has to live";
	EXPECT_EQ(world.woken, 6U);
	world.run();
	EXPECT_EQ(World::current(), floor_sections);
}

TEST_P(Balloon, the_real_mode_area_and_what_is_fixed_stay)
{
	for (u64 i = rma_sections; i < all_sections; ++i)
		if (i % 2 == 0)
			world.odd_pages[i * section + 4095] = XEN_PAGE_FIXED;
	World::target(floor_sections);
	world.run();
	EXPECT_EQ(World::current(), all_sections - 12);
	for (u64 i = 0; i < all_sections; ++i)
		EXPECT_EQ(world.use[i] == Use::Used, i < rma_sections || i % 2 == 0) << i;
}

TEST_P(Balloon, the_section_with_the_fewest_held_pages_goes)
{
	for (u64 i = rma_sections; i < all_sections; ++i)
		for (u64 page = 0; page < (i == 17 ? 3 : 5 + i); ++page)
			world.odd_pages[i * section + page] = XEN_PAGE_HELD;
	World::target(all_sections - 1);
	world.run();
	EXPECT_EQ(world.use[17], Use::Gone);
}

TEST_P(Balloon, the_same_sections_go_again)
{
	for (unsigned int round = 0; round < 4; ++round) {
		World::target(25);
		world.run();
		for (u64 i = 0; i < all_sections; ++i)
			EXPECT_EQ(world.use[i] == Use::Gone, i >= 25) << i;
		World::target(all_sections);
		world.run();
	}
	EXPECT_EQ(xen_glue_memory_movable(), 3 * section);
}

TEST_P(Balloon, half_of_the_memory_stays_for_everything)
{
	World::target(floor_sections);
	world.run();
	World::target(all_sections);
	while (xen_ppc_balloon_step() == 0)
		EXPECT_LE(2 * xen_glue_memory_movable(), xen_glue_memory_used());
	EXPECT_EQ(xen_glue_memory_movable(), all_sections / 2 * section);
}

TEST_P(Balloon, without_free_memory_nothing_is_emptied)
{
	world.available = 2 * section - 1;
	World::target(20);
	EXPECT_GT(xen_ppc_balloon_step(), 0);
	EXPECT_EQ(World::current(), all_sections);
	EXPECT_TRUE(world.calls.empty());
	world.available = 2 * section;
	EXPECT_EQ(xen_ppc_balloon_step(), 0);
}

TEST_P(Balloon, attempts_wait_longer_and_end)
{
	EXPECT_EQ(xen_ppc_balloon_set(XEN_BALLOON_MAX_ATTEMPTS, 5), 0);
	EXPECT_EQ(xen_ppc_balloon_set(XEN_BALLOON_MAX_DELAY, 5), 0);
	world.failing = {"remove"};
	World::target(20);
	for (const long ms : {1000, 2000, 4000, 5000})
		EXPECT_EQ(xen_ppc_balloon_step(), ms);
	EXPECT_EQ(xen_ppc_balloon_step(), -1);
	EXPECT_EQ(world.stopped, 1U);
	EXPECT_EQ(xen_ppc_balloon_get(XEN_BALLOON_ATTEMPTS), 5U);
	World::target(21);
	EXPECT_EQ(xen_ppc_balloon_step(), 1000) << "another target is another start";
	world.failing.clear();
	world.run();
	EXPECT_EQ(World::current(), 21U);
	EXPECT_EQ(xen_ppc_balloon_get(XEN_BALLOON_ATTEMPTS), 0U);
}

TEST_P(Balloon, sections_that_cannot_be_emptied_are_not_the_only_ones_tried)
{
	world.failing = {"remove"};
	World::target(20);
	static_cast<void>(xen_ppc_balloon_step());
	EXPECT_EQ(std::count(world.asked.begin(), world.asked.end(), "remove"), 4);
	world.failing.clear();
	EXPECT_EQ(xen_ppc_balloon_step(), 0);
	EXPECT_EQ(world.use[all_sections - 5], Use::Gone) << "four were tried before";
}

TEST_P(Balloon, a_refused_section_is_used_again)
{
	for (const auto &more : std::vector<std::string>{"", "add", "online"}) {
		world.failing = {"decrease", more};
		World::target(20);
		EXPECT_GT(xen_ppc_balloon_step(), 0);
		world.check();
		EXPECT_EQ(World::current(), all_sections);
		EXPECT_EQ(world.used(), all_sections - !more.empty());
		world.failing.clear();
		World::target(all_sections);
		world.run();
		EXPECT_EQ(world.used(), all_sections) << "after " << more;
	}
}

/* How the hypervisor knows a section. */
u64 number_of(const World &world, u64 index)
{
	return world.direct ? world.word(index * section) : index * section;
}

TEST_P(Balloon, a_section_that_the_hypervisor_keeps_refusing_is_not_in_the_way)
{
	/* As it was emptied before, it stays the easiest one. */
	for (u64 i = rma_sections; i < all_sections - 1; ++i)
		world.odd_pages[i * section] = XEN_PAGE_HELD;
	world.kept = {number_of(world, all_sections - 1)};
	World::target(20);
	EXPECT_EQ(xen_ppc_balloon_step(), 1000);
	world.run();
	EXPECT_EQ(World::current(), 20U);
	EXPECT_EQ(world.use[all_sections - 1], Use::Used);
	EXPECT_EQ(world.messages.size(), 1U) << "asked once";
}

TEST_P(Balloon, sections_that_cannot_be_emptied_are_tried_again_after_all_others)
{
	for (u64 i = rma_sections; i < all_sections - 2; ++i)
		world.odd_pages[i * section] = XEN_PAGE_FIXED;
	world.kept = {number_of(world, all_sections - 1)};
	World::target(all_sections - 2);
	EXPECT_GT(xen_ppc_balloon_step(), 0);
	EXPECT_EQ(xen_ppc_balloon_step(), 0);
	EXPECT_EQ(world.use[all_sections - 2], Use::Gone);
	EXPECT_GT(xen_ppc_balloon_step(), 0) << "no other is left";
	world.kept.clear();
	world.run();
	EXPECT_EQ(World::current(), all_sections - 2);
}

TEST_P(Balloon, what_is_spare_goes_first)
{
	world.failing = {"decrease", "online"};
	World::target(27);
	static_cast<void>(xen_ppc_balloon_step());
	EXPECT_EQ(world.use[all_sections - 1], Use::Offline);
	world.failing.clear();
	world.asked.clear();
	EXPECT_EQ(xen_ppc_balloon_step(), 0);
	EXPECT_EQ(world.asked, (std::vector<std::string>{"remove", "decrease"}));
	EXPECT_EQ(world.use[all_sections - 1], Use::Gone);
	EXPECT_EQ(World::current(), 27U);
}

TEST_P(Balloon, memory_that_linux_does_not_take_goes_back)
{
	for (const auto &step : std::vector<std::string>{"add", "online"}) {
		World::target(27);
		world.run();
		world.failing = {step};
		World::target(all_sections);
		EXPECT_GT(xen_ppc_balloon_step(), 0);
		world.check();
		EXPECT_EQ(World::current(), 27U) << step;
		EXPECT_EQ(world.used(), 27U);
		/* Not even that: it waits. */
		world.failing = {step, "decrease", "remove"};
		static_cast<void>(xen_ppc_balloon_step());
		world.check();
		EXPECT_EQ(World::current(), all_sections) << step;
		world.failing.clear();
		world.run();
		EXPECT_EQ(world.used(), all_sections);
	}
}

TEST_P(Balloon, a_hypervisor_without_memory_is_asked_again_later)
{
	World::target(27);
	world.run();
	world.failing = {"populate"};
	World::target(all_sections);
	EXPECT_EQ(xen_ppc_balloon_step(), 1000);
	EXPECT_EQ(xen_ppc_balloon_step(), 2000);
	EXPECT_EQ(World::current(), 27U);
	EXPECT_EQ(world.calls.size(), 3U);
	world.failing.clear();
	world.run();
	EXPECT_EQ(World::current(), all_sections);
}

TEST_P(Balloon, frames_of_an_unclear_answer_are_not_touched)
{
	world.decrease_answer = 4096;
	World::target(27);
	EXPECT_EQ(xen_ppc_balloon_step(), 0);
	world.check();
	EXPECT_EQ(world.messages.size(), 1U);
	EXPECT_EQ(World::current(), 27U);
}

TEST_P(Balloon, more_memory_than_asked_for_ends_the_growth)
{
	World::target(26);
	world.run();
	world.populate_answer = 2;
	World::target(all_sections);
	EXPECT_EQ(xen_ppc_balloon_step(), -1);
	world.populate_answer = 1;
	EXPECT_EQ(xen_ppc_balloon_step(), -1) << "each attempt would cost the machine 16 MB";
	EXPECT_EQ(World::current(), 26U);
	EXPECT_EQ(world.used(), 26U);
	World::target(25);
	EXPECT_EQ(xen_ppc_balloon_step(), 0) << "it may still shrink";
	EXPECT_EQ(World::current(), 25U);
}

TEST_P(Balloon, limits_are_checked)
{
	const auto set = xen_ppc_balloon_set;

	EXPECT_EQ(set(XEN_BALLOON_MAX_DELAY, 0), -22);
	EXPECT_EQ(set(XEN_BALLOON_MAX_DELAY, 3601), -22);
	EXPECT_EQ(set(XEN_BALLOON_MAX_DELAY, 3600), 0);
	EXPECT_EQ(xen_ppc_balloon_get(XEN_BALLOON_MAX_DELAY), 3600U);
	EXPECT_EQ(set(XEN_BALLOON_MAX_ATTEMPTS, 1000001), -22);
	EXPECT_EQ(set(XEN_BALLOON_MAX_ATTEMPTS, 0), 0);
	EXPECT_EQ(set(XEN_BALLOON_CURRENT, 5), -22);
	EXPECT_EQ(set(XEN_BALLOON_DELAY, 5), -22);
	EXPECT_EQ(set(XEN_BALLOON_ATTEMPTS, 5), -22);
}

TEST_P(Balloon, a_size_has_a_suffix_and_fits)
{
	constexpr u64 kb432 = 432 * 1024, kb448 = 448 * 1024;
	const std::pair<const char *, u64> sizes[] = {
		{"452984832", kb432},  {"0x1B000000\n", kb432},
		{"0X1b000000", kb432}, {"03300000000", kb432},
		{"442368k", kb432},    {"432M \t\n", kb432},
		{"432m\n", kb432},     {"1G", kb448},
		{"1t", kb448},	       {"16383P", kb448},
		{"15E\n", kb448},      {"18014398509481983K", kb448},
		{"0x1b0M", kb432},     {"18446744073709551615", kb448}};

	for (const auto &[text, kb] : sizes) {
		World::target(20);
		EXPECT_EQ(xen_ppc_balloon_set_bytes(text), 0) << text;
		EXPECT_EQ(xen_ppc_balloon_get(XEN_BALLOON_TARGET), kb) << text;
	}
	World::target(25);
	world.woken = 0;
	for (const auto *text : {"", "\n", "K", "much", "1Q", "1KK", "-1", "+1", "0x", "0xg", "08",
				 "1 M", " 1", "1\n1", "99999999999999999999Q"})
		EXPECT_EQ(xen_ppc_balloon_set_bytes(text), -22) << text;
	for (const auto *text :
	     {"16E", "16384P\n", "0x1000000T", "18014398509481984K", "18446744073709551616",
	      "18446744073709551616K", "0x10000000000000000", "36893488147419103232",
	      "02000000000000000000000"})
		EXPECT_EQ(xen_ppc_balloon_set_bytes(text), -34) << text;
	EXPECT_EQ(xen_ppc_balloon_get(XEN_BALLOON_TARGET), 25U * 16 * 1024) << "nothing changed";
	EXPECT_EQ(world.woken, 0U);
}

TEST_P(Balloon, the_historical_hypervisor_has_none)
{
	host::boot_facts.features = 0;
	EXPECT_EQ(xen_ppc_balloon_init(), -19);
	host::announce(Feature::Multicall);
	host::boot_facts.found = false;
	EXPECT_EQ(xen_ppc_balloon_init(), -19);
	host::boot_facts.found = true;
	world.failing = {"bytes"};
	EXPECT_EQ(xen_ppc_balloon_init(), -12);
}

TEST_P(Balloon, everything_fails_now_and_then)
{
	EXPECT_EQ(xen_ppc_balloon_set(XEN_BALLOON_MAX_ATTEMPTS, 0), 0);
	for (unsigned int step = 0; step < 250 && !HasFatalFailure(); ++step) {
		if (step % 40 == 0)
			world.chance = static_cast<unsigned int>(world.random() % 60);
		if (step % 25 == 0)
			World::target(floor_sections + world.random() % 24);
		static_cast<void>(xen_ppc_balloon_step());
		world.check();
	}
	world.chance = 0;
	World::target(all_sections);
	for (unsigned int i = 0; i < 10; ++i)
		world.run();
	EXPECT_EQ(World::current(), all_sections);
	EXPECT_EQ(world.used(), all_sections);
}

INSTANTIATE_TEST_SUITE_P(Modes, Balloon, ::testing::Bool(),
			 [](const auto &mode) { return mode.param ? "direct" : "translated"; });

TEST_P(Direct, a_section_in_pieces_stays)
{
	const u64 other = world.word(20 * section + 7);

	world.set_word(20 * section + 7, world.word(21 * section + 7));
	world.set_word(21 * section + 7, other);
	ASSERT_EQ(xen_ppc_balloon_init(), 0);
	World::target(floor_sections);
	world.run();
	EXPECT_EQ(world.use[20], Use::Used);
	EXPECT_EQ(world.use[21], Use::Used);
}

TEST_P(Direct, the_large_pages_are_told)
{
	const xen::Pfn first{(all_sections - 1) * section};

	World::target(27);
	world.run();
	EXPECT_FALSE(p2m_state.blocks.holds(first));
	World::target(all_sections);
	world.run();
	EXPECT_TRUE(p2m_state.blocks.holds(first));
}

/* What it says it gives, and whether it may be given back. */
TEST_P(Direct, impossible_frames_are_neither_used_nor_given)
{
	const u64 max = host::machine_sections * section;

	for (const u64 frame :
	     {max, max - 1, max - section + 1, u64{1} << 40, ~u64{0} - 1, world.word(5),
	      world.word(10 * section), world.word(10 * section) + 1,
	      world.word(10 * section) - section + 1, u64{0x3fffffff}}) {
		ASSERT_EQ(xen_ppc_balloon_init(), 0);
		World::target(27);
		world.run();

		const u64 owned = world.owned();

		world.offered = frame;
		world.calls.clear();
		World::target(all_sections);
		/* The hypervisor counts what it gave in vain; the domain's own stay. */
		const std::vector<bool> mine = world.mine;

		EXPECT_EQ(xen_ppc_balloon_step(), -1) << std::hex << frame;
		EXPECT_EQ(world.calls.size(), 1U) << std::hex << frame;
		EXPECT_EQ(World::current(), 27U);
		EXPECT_EQ(world.word((all_sections - 1) * section), none);
		world.mine = mine;
		EXPECT_EQ(world.owned(), owned);

		/* Back to a whole domain. */
		world.offered = none;
		const u64 pfn = (all_sections - 1) * section;
		for (u64 i = 0; i < section; ++i) {
			world.set_word(pfn + i, 60 * section + i);
			world.mine[60 * section + i] = true;
		}
		world.use[all_sections - 1] = Use::Used;
	}
}

TEST_P(Direct, frames_that_are_not_aligned_go_back)
{
	World::target(27);
	world.run();
	world.offered = 50 * section + 16;
	world.really = true;
	/* What comes and goes was never used. */
	World::target(all_sections);
	world.settled = true;
	EXPECT_EQ(xen_ppc_balloon_step(), -1);
	world.check();
	EXPECT_EQ(World::current(), 27U);
	ASSERT_EQ(world.calls.size(), 3U);
	EXPECT_EQ(world.calls[2].arg[0], 1U);
}

INSTANTIATE_TEST_SUITE_P(Modes, Direct, ::testing::Values(true),
			 [](const auto &) { return "direct"; });

} // namespace
