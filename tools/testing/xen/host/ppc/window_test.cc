// SPDX-License-Identifier: GPL-2.0
/* The window: its table, and frames of other domains that go in and out. */
#include <gtest/gtest.h>

#include "fake_boot.hh"
#include "fake_hpt_glue.hh"
#include "fake_window.hh"
#include "p2m.hh"
#include "pagetable.hh"
#include "translate.hh"
#include "window.hh"
#include "window_glue.h"
#include "window_map.hh"

/* As gfn.cc lends them to Linux. */
extern "C" unsigned long xen_frame_to_gfn(unsigned long pfn) noexcept;
extern "C" unsigned long xen_frame_to_bfn(unsigned long pfn) noexcept;
extern "C" unsigned long xen_gfn_to_frame(unsigned long gfn) noexcept;

namespace {

using namespace xen::ppc;
using host::boot_facts;
using host::window_glue;
using host::WindowXen;
using xen::Mfn;
using xen::Pages;
using xen::Pfn;
using xen::Result;

constexpr int eperm = 1, enoent = 2, esrch = 3, eio = 5, enomem = 12, ebusy = 16, einval = 22;

class Window : public ::testing::Test {
protected:
	static constexpr u64 first = u64{1} << 22;

	Window() : usual(p2m_state)
	{
		host::reset_calls();
		boot_facts.foreign_pages = Pages{8192};
		host::hypervisor = &xen;
		host::set_window();
		xen.frames = {{70000, true}, {70001, true}, {70002, false}};
	}
	~Window() override
	{
		p2m_state = usual;
		EXPECT_TRUE(xen.broken.empty()) << xen.broken.begin()->first;
		EXPECT_EQ(window_glue.locked, 0);
		EXPECT_TRUE(host::stale_translations.empty());
		EXPECT_TRUE(window_glue.memory.empty() ||
			    window_glue.memory.back() == 0x1234567812345678U)
			<< "written behind the table";
		host::hypervisor = nullptr;
	}

	static int map(u64 pfn, u64 frame, Access access = Access::ReadWrite)
	{
		const Result<void> done = map_foreign(Pfn{pfn}, Mfn{frame}, access);

		return done ? 0 : done.error().number();
	}
	static int unmap(u64 pfn)
	{
		const Result<void> done = unmap_foreign(Pfn{pfn});

		return done ? 0 : done.error().number();
	}
	static bool empty(u64 pfn) { return !window_entry(Pfn{pfn}).present(); }
	/* What is behind a place, if it is somebody else's. */
	static u64 behind(u64 pfn)
	{
		const xen::P2mEntry entry = window_entry(Pfn{pfn});

		EXPECT_TRUE(entry.is(xen::P2mEntry::Kind::Foreign));
		return entry.present() ? entry.mfn().raw() : 0;
	}

	WindowXen xen;
	P2m usual;
};

TEST_F(Window, nothing_is_in_it_at_first)
{
	EXPECT_EQ(window_frames().first.raw(), first);
	EXPECT_EQ(window_frames().pages.raw(), 8192U);
	EXPECT_EQ(window_glue.found_pages, 8192U);
	for (u64 i = 0; i < 8192; ++i)
		ASSERT_TRUE(in_window(Pfn{first + i}) && empty(first + i));
	EXPECT_FALSE(in_window(Pfn{first - 1}));
	EXPECT_FALSE(in_window(Pfn{first + 8192}));
	EXPECT_FALSE(in_window(Pfn{0}));
	EXPECT_FALSE(in_window(Pfn{~u64{0}}));
	EXPECT_TRUE(empty(first - 1) && empty(first + 8192) && empty(~u64{0}));
	EXPECT_EQ(window_glue.memory_bytes, 8192U * 5);
	EXPECT_EQ(private_frame().error().number(), 95) << "only a direct domain has some";
}

TEST_F(Window, linux_gets_whole_sections_and_not_more_than_there_is_memory)
{
	boot_facts.foreign_pages = Pages{2048};
	host::set_window();
	EXPECT_EQ(window_frames().pages.raw(), 4096U);
	EXPECT_TRUE(grant_frame_fits(Pfn{first + 2047}));
	EXPECT_FALSE(grant_frame_fits(Pfn{first + 2048})) << "stops the historical hypervisor";
	EXPECT_EQ(map(first + 4095, 70000), 0) << "named by the machine's frame";

	boot_facts.foreign_pages = Pages{u64{1} << 40};
	boot_facts.ram_pages = 50000;
	host::set_window();
	EXPECT_EQ(window_frames().pages.raw(), 49152U);
	boot_facts.ram_pages = 1000;
	host::set_window();
	EXPECT_EQ(window_frames().pages.raw(), 4096U);
}

/* What the allocator holds of a section, @from to its end. */
void fill_allocator(u64 from, u64 end)
{
	window_glue.unused.clear();
	for (u64 frame = from; frame < end; ++frame)
		window_glue.unused.push_back(frame);
}

TEST_F(Window, pages_that_no_grant_fits_are_never_handed_out)
{
	boot_facts.foreign_pages = Pages{2048};
	host::set_window();
	fill_allocator(first, first + 4096);
	xen_window_keep_tail();
	EXPECT_EQ(window_glue.unused.size(), 2048U);
	EXPECT_EQ(window_glue.unused.back(), first + 2047);
	EXPECT_TRUE(window_glue.messages.empty());

	/* The allocator has fewer, or hands out others. */
	fill_allocator(first + 4000, first + 4096);
	xen_window_keep_tail();
	EXPECT_TRUE(window_glue.unused.empty());
	EXPECT_EQ(window_glue.messages.size(), 1U);
	fill_allocator(first, first + 100);
	xen_window_keep_tail();
	EXPECT_EQ(window_glue.unused.size(), 100U);
	EXPECT_EQ(window_glue.given, 1U);
	EXPECT_EQ(window_glue.messages.size(), 2U);
}

TEST_F(Window, a_window_of_whole_sections_keeps_nothing_back)
{
	fill_allocator(first, first + 4096);
	xen_window_keep_tail();
	EXPECT_EQ(window_glue.unused.size(), 4096U);
}

TEST_F(Window, without_a_window_every_frame_is_refused)
{
	const auto none = [](const char *why) {
		EXPECT_EQ(window_frames().pages.raw(), 0U) << why;
		EXPECT_FALSE(in_window(Pfn{first})) << why;
		EXPECT_FALSE(in_window(Pfn{0})) << why;
		EXPECT_FALSE(grant_frame_fits(Pfn{first})) << why;
		EXPECT_EQ(map(first, 70000), einval) << why;
		EXPECT_EQ(unmap(first), einval) << why;
	};

	boot_facts.foreign_pages = Pages{0};
	host::set_window();
	none("the device tree has none");
	boot_facts.foreign_pages = Pages{8192};
	boot_facts.foreign_first = Pfn{u64{1} << 34};
	host::set_window();
	none("beyond the kernel's addresses");
	EXPECT_EQ(window_glue.messages.size(), 1U);
	boot_facts.foreign_first = Pfn{first};
	window_setup();
	EXPECT_EQ(map(first, 70000), 0);
	window_glue.no_memory = true;
	window_setup();
	none("no memory");
	EXPECT_EQ(window_glue.messages.size(), 2U);
}

TEST_F(Window, a_mapped_frame_has_its_linear_address)
{
	xen.on_enter = [&] {
		EXPECT_EQ(behind(first + 5), 70000U) << "a fault that follows must find it";
		EXPECT_EQ(window_glue.locked, 1);
	};
	ASSERT_EQ(map(first + 5, 70000), 0);
	EXPECT_EQ(behind(first + 5), 70000U);
	ASSERT_TRUE(xen.linear(first + 5));
	EXPECT_EQ(xen.linear(first + 5)->frame(), 70000U);
	EXPECT_TRUE(xen.linear(first + 5)->bolted());
	EXPECT_FALSE(xen.linear(first + 5)->read_only());
	EXPECT_EQ(xen.used(), 1U);
	EXPECT_TRUE(empty(first + 4) && empty(first + 6));

	xen.on_remove = [&] {
		EXPECT_EQ(behind(first + 5), 70000U) << "first the page table's entry goes";
	};
	EXPECT_EQ(unmap(first + 5), 0);
	EXPECT_TRUE(empty(first + 5));
	EXPECT_EQ(xen.used(), 0U);
	EXPECT_EQ(unmap(first + 5), enoent);
}

TEST_F(Window, all_places_at_once_and_again)
{
	for (u64 i = 0; i < 1000; ++i)
		xen.frames[80000 + i] = true;
	for (int again = 0; again < 2; ++again) {
		for (u64 i = 0; i < 1000; ++i)
			ASSERT_EQ(map(first + 8 * i, 80000 + i), 0) << i;
		EXPECT_EQ(xen.used(), 1000U);
		for (u64 i = 0; i < 1000; ++i) {
			ASSERT_TRUE(xen.linear(first + 8 * i)) << i;
			ASSERT_EQ(xen.linear(first + 8 * i)->frame(), 80000 + i);
			ASSERT_EQ(behind(first + 8 * i), 80000 + i);
		}
		for (u64 i = 1000; i-- > 0;)
			ASSERT_EQ(unmap(first + 8 * i), 0) << i;
		EXPECT_EQ(xen.used(), 0U);
	}
}

TEST_F(Window, a_taken_place_keeps_its_frame)
{
	ASSERT_EQ(map(first, 70000), 0);
	EXPECT_EQ(map(first, 70001), ebusy);
	EXPECT_EQ(behind(first), 70000U);
	EXPECT_EQ(xen.linear(first)->frame(), 70000U);
	EXPECT_EQ(xen.used(), 1U);
}

TEST_F(Window, one_frame_may_be_in_two_places)
{
	ASSERT_EQ(map(first, 70000), 0);
	ASSERT_EQ(map(first + 1, 70000), 0);
	EXPECT_EQ(unmap(first), 0);
	EXPECT_EQ(behind(first + 1), 70000U);
	EXPECT_TRUE(xen.linear(first + 1));
}

TEST_F(Window, a_refused_frame_is_an_errno_and_leaves_nothing)
{
	const std::pair<s64, int> answers[] = {{-4, einval}, {-3, eperm}, {-11, eperm},
					       {-18, esrch}, {-1, eio},	  {-2, eio},
					       {1, eio},     {-7, eio}};

	for (const bool small : {true, false})
		for (const auto &[code, error] : answers) {
			window_glue.linear_small = small;
			xen.refused[70000] = code;
			EXPECT_EQ(map(first + 3, 70000), error) << code;
			EXPECT_TRUE(empty(first + 3));
			EXPECT_EQ(xen.used(), 0U);
			xen.refused.clear();
			EXPECT_EQ(map(first + 3, 70000), 0) << "the place is as good as before";
			EXPECT_EQ(unmap(first + 3), 0);
		}
}

TEST_F(Window, frames_that_no_entry_can_hold_do_not_reach_xen)
{
	EXPECT_EQ(map(first, (u64{1} << 30) - 1), einval);
	EXPECT_EQ(map(first, u64{1} << 30), einval);
	EXPECT_EQ(map(first, ~u64{0}), einval);
	EXPECT_EQ(map(first - 1, 70000), einval);
	EXPECT_EQ(map(first + 8192, 70000), einval);
	EXPECT_EQ(map(70000, 70000), einval);
	EXPECT_EQ(unmap(first - 1), einval);
	EXPECT_EQ(xen.enters, 0U);
	EXPECT_TRUE(empty(first));
}

TEST_F(Window, room_is_made_among_what_can_go)
{
	const auto groups = WindowXen::groups_of(first + 9);

	xen.fill(groups[0], false);
	ASSERT_EQ(map(first + 9, 70000), 0);
	EXPECT_EQ(xen.linear(first + 9)->high & 2, 0U);
	EXPECT_EQ(xen.used(), 8U);
	EXPECT_EQ(unmap(first + 9), 0);
	EXPECT_EQ(xen.used(), 7U);

	xen.fill(groups[0], true);
	ASSERT_EQ(map(first + 9, 70000), 0);
	EXPECT_EQ(xen.linear(first + 9)->high & 2, 2U) << "the second group's entries say so";
	EXPECT_EQ(unmap(first + 9), 0);
	EXPECT_EQ(xen.used(), 8U);

	xen.fill(groups[1], true);
	EXPECT_EQ(map(first + 9, 70000), enomem);
	EXPECT_TRUE(empty(first + 9));
	EXPECT_EQ(xen.used(), 16U);
}

TEST_F(Window, an_answer_outside_of_the_group_is_not_believed)
{
	xen.answer_slot = 12345;
	EXPECT_EQ(map(first, 70000), eio);
	EXPECT_TRUE(empty(first));
}

TEST_F(Window, what_may_only_be_read_cannot_be_written_by_its_linear_address)
{
	ASSERT_EQ(map(first, 70002, Access::ReadOnly), 0);
	ASSERT_TRUE(xen.linear(first));
	EXPECT_TRUE(xen.linear(first)->read_only());
	EXPECT_EQ(behind(first), 70002U);
	EXPECT_FALSE(window_writable(Pfn{first}));
	EXPECT_EQ(window_read_only_frames(), 1U);
	EXPECT_EQ(map(first + 1, 70001), 0);
	xen.refused[70003] = -4;
	EXPECT_EQ(map(first + 2, 70003, Access::ReadOnly), einval);
	EXPECT_EQ(map(first + 2, ~u64{0}, Access::ReadOnly), einval);
	EXPECT_EQ(window_read_only_frames(), 1U);
	EXPECT_EQ(unmap(first + 1), 0);
	EXPECT_EQ(unmap(first), 0);
	EXPECT_EQ(window_read_only_frames(), 0U);
	EXPECT_FALSE(window_writable(Pfn{first})) << "nothing is there";
	EXPECT_EQ(xen.used(), 0U);

	/* Without PP0 such an entry would be open to users, or to writing. */
	xen.enters = 0;
	table.pp0 = false;
	ASSERT_EQ(map(first, 70002, Access::ReadOnly), 0);
	EXPECT_EQ(behind(first), 70002U);
	EXPECT_EQ(xen.used(), 0U);
	EXPECT_EQ(xen.enters, 1U) << "tried all the same";
	EXPECT_EQ(unmap(first), 0);
	ASSERT_EQ(map(first, 70000), 0);
	EXPECT_TRUE(xen.linear(first));
	EXPECT_TRUE(window_writable(Pfn{first}));
	EXPECT_FALSE(window_writable(Pfn{5}));
}

TEST_F(Window, with_a_linear_map_of_large_pages_frames_are_only_tried)
{
	window_glue.linear_small = false;
	for (const u64 frame : {70000UL, 70002UL}) {
		const Access access = frame == 70000 ? Access::ReadWrite : Access::ReadOnly;

		xen.enters = xen.removes = 0;
		ASSERT_EQ(map(first, frame, access), 0);
		EXPECT_EQ(behind(first), frame);
		EXPECT_EQ(xen.enters, 1U);
		EXPECT_EQ(xen.removes, 1U);
		EXPECT_EQ(xen.used(), 0U);
		EXPECT_EQ(unmap(first), 0);
		EXPECT_EQ(xen.removes, 1U);
	}
}

TEST_F(Window, a_translation_that_cannot_be_removed_stops_the_kernel)
{
	ASSERT_EQ(map(first, 70000), 0);
	xen.remove_answer = -1;
	EXPECT_EQ(unmap(first), 0);
	EXPECT_FALSE(host::stale_translations.empty());
	host::stale_translations.clear();
}

TEST_F(Window, groups_are_locked_where_xen_locks_none)
{
	table.locks = true;
	xen.on_enter = xen.on_remove = [] {
		unsigned int taken = 0;

		for (const auto &word : pteg_locks)
			taken += word.owner != 0;
		EXPECT_EQ(taken, 1U);
	};
	ASSERT_EQ(map(first, 70000), 0);
	EXPECT_EQ(unmap(first), 0);
}

TEST_F(Window, a_frame_whose_number_is_also_an_own_one_stays_apart)
{
	host::set_direct(1000, 90000);
	host::set_window();

	const u64 window = u64{1} << 30;

	/* Machine frame 5 is another domain's; frame 5 of the domain is machine frame 1005. */
	xen.frames[5] = true;
	ASSERT_EQ(map(window, 5), 0);
	EXPECT_EQ(what_is(Pfn{window}), xen::P2mEntry::foreign(Mfn{5}));
	EXPECT_EQ(what_is(Pfn{5}), xen::P2mEntry::ram(Mfn{1005}));
	EXPECT_EQ(xen.linear(window)->frame(), 5U);
	EXPECT_FALSE(translate(Pfn{window})) << "no hypercall may be given another's memory";
	EXPECT_EQ(unmap(window), 0);
}

TEST_F(Window, a_direct_domain_has_private_frames_behind_it)
{
	host::set_direct(1000, 90000);
	host::set_window();

	const u64 end = (u64{1} << 30) + 8192;

	ASSERT_TRUE(private_frame());
	EXPECT_EQ(private_frame().value().raw(), end);
	EXPECT_EQ(window_frames().pages.raw(), 8192U) << "Linux does not get them";
	EXPECT_TRUE(in_window(Pfn{end + 3}));
	EXPECT_FALSE(in_window(Pfn{end + 4}));
	EXPECT_EQ(map(end, 70000), einval);
	ASSERT_TRUE(window_enter(Pfn{end + 3}, Mfn{70000}, Access::ReadWrite));
	EXPECT_EQ(behind(end + 3), 70000U);
	EXPECT_EQ(unmap(end + 3), einval);
	EXPECT_TRUE(window_leave(Pfn{end + 3}));
	EXPECT_TRUE(empty(end + 3));
	EXPECT_FALSE(window_enter(Pfn{end + 4}, Mfn{70000}, Access::ReadWrite));
	EXPECT_FALSE(window_leave(Pfn{end + 4}));
	EXPECT_FALSE(grant_frame_fits(Pfn{end}));
	EXPECT_TRUE(grant_frame_fits(Pfn{end - 1}));
}

TEST_F(Window, drivers_exchange_the_numbers_that_xen_takes)
{
	EXPECT_EQ(xen_frame_to_gfn(77), 77U);
	EXPECT_EQ(xen_gfn_to_frame(77), 77U);
	EXPECT_EQ(xen_frame_to_gfn(first + 3), first + 3);

	host::set_direct(1000, 90000);
	host::set_window();

	const u64 window = u64{1} << 30;

	EXPECT_EQ(xen_frame_to_gfn(77), 1077U);
	EXPECT_EQ(xen_gfn_to_frame(1077), 77U);
	EXPECT_EQ(xen_frame_to_gfn(boot_facts.ram_pages), ~0UL);
	EXPECT_EQ(xen_gfn_to_frame(999), ~0UL);
	EXPECT_EQ(xen_frame_to_gfn(window + 3), window + 3) << "where something is to be mapped";
	EXPECT_EQ(xen_gfn_to_frame(window + 3), window + 3);
	EXPECT_EQ(xen_frame_to_bfn(77), 1077U);
	EXPECT_EQ(xen_frame_to_bfn(window + 3), ~0UL);
	ASSERT_EQ(map(window + 3, 70000), 0);
	EXPECT_EQ(xen_frame_to_bfn(window + 3), 70000U);
	EXPECT_EQ(unmap(window + 3), 0);
}

} // namespace
