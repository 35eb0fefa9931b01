// SPDX-License-Identifier: GPL-2.0
/*
 * hpte_insert in a direct domain: which machine frame the processor finds, and which pages
 * are never asked of Xen.
 */
#include <array>

#include "p2m.hh"
#include "pagetable.hh"
#include "pagetable_rig.hh"
#include "window.hh"

namespace {

using namespace host;
using xen::ppc::Access;
using xen::ppc::u32;
using xen::Mfn;
using xen::P2mEntry;
using xen::Pages;
using xen::Pfn;

constexpr Page page{0x123456789, 0x4321};
constexpr u64 window = u64{1} << 30;
constexpr u64 device = 0x80010;
/* A frame of another domain's, as this hypervisor numbers them. */
constexpr u64 foreign_mfn = FakeHpt::window_first + 7;
constexpr u64 device_flags = 0x1b8 & ~u64{0x10};

const xen::ppc::P2m at_start = xen::ppc::p2m_state;

class Direct : public PageTable {
protected:
	static constexpr u64 entries = 0x9000; /* nine blocks of 16 MB */

	Direct()
	{
		using xen::ppc::p2m_state;

		start_modern();
		for (u64 pfn = 0; pfn < entries; ++pfn)
			set(pfn, pfn ^ 0x8000);
		set(0x7000, 0xffffffff);
		set(0x7001, 0x40000000 | device);
		set(0x7002, 0x80000000 | foreign_mfn);
		set(0x7003, 0xc0000123);
		set(0x7004, 0x3fffffff);
		set(0x6008, 5); /* a hole in a row */
		p2m_state.direct = true;
		p2m_state.table = xen::ppc::P2mTable{words_.data(), entries};
		p2m_state.ram_end = entries;
		p2m_state.hole_first = 0x80000;
		p2m_state.hole_pages = 0x80000;
		for (u64 pfn = 0; pfn < entries; pfn += 0x1000)
			p2m_state.blocks.examine(
				Pfn{pfn}, [](Pfn at) { return xen::ppc::p2m_state.table.ram(at); });
		boot_facts.ram_pages = entries;
		boot_facts.foreign_first = Pfn{window};
		boot_facts.foreign_pages = Pages{4096};
		xen_hpte_early();
		EXPECT_EQ(xen_hpte_start(), 1);
		xen.calls.clear();
	}
	~Direct() override
	{
		xen::ppc::window_start(Pfn{0}, Pages{0}, nullptr);
		xen::ppc::p2m_state = at_start;
	}

	void set(u64 pfn, u64 word) { words_[pfn].store(static_cast<u32>(word)); }
	long enter(const Page &at, u64 frame, u64 rflags = user_rw, u64 vflags = 0)
	{
		return xen_hpte_insert_direct(
			(vflags & second) != 0 ? at.second_group() : at.first_group(), at.vpn(),
			frame << 12, rflags, vflags, small, small, 0);
	}
	long enter_large(u64 pa)
	{
		const Page at{0x55, 0x3000};
		const u64 group = ((at.vsid ^ 3) % (FakeHpt::slots / 8)) * 8;

		return xen_hpte_insert_direct(group, at.vpn(), pa, kernel_rw, bolted, large, large,
					      0);
	}
	void expect_refused(long result)
	{
		EXPECT_EQ(result, -2);
		EXPECT_EQ(xen.count(h_enter_token), 0U);
		EXPECT_EQ(services.odd.size(), 1U);
		services.odd.clear();
	}
	void open_window()
	{
		xen::ppc::window_start(Pfn{window}, Pages{4096}, window_words_.data());
	}

	std::array<xen::ppc::p2m::Entry, entries> words_{};
	std::array<xen::ppc::p2m::Entry, 4096> window_words_{};
};

TEST_F(Direct, enters_the_machines_frame)
{
	for (const u64 pfn : {u64{0}, u64{0x1234}, u64{0x8fff}}) {
		ASSERT_GE(enter(page, pfn), 0);
		EXPECT_EQ(look_up(page)->frame, pfn ^ 0x8000);
		EXPECT_EQ(look_up(page)->wimg, 2U);
		xen_hpte_invalidate(look_up(page)->slot, page.vpn(), small, small, 0, 0);
	}
	ASSERT_GE(enter(page, 0x1234, kernel_rw, bolted), 0);
	EXPECT_EQ(look_up(page)->frame, 0x1234U ^ 0x8000);
	EXPECT_TRUE(look_up(page)->bolted);
}

TEST_F(Direct, the_hook_for_all_others_is_the_same)
{
	ASSERT_GE(insert(page, 0x1234), 0);
	EXPECT_EQ(look_up(page)->frame, 0x1234U ^ 0x8000);
}

TEST_F(Direct, a_change_of_an_entry_counts_at_once)
{
	set(0x1234, 0x42);
	ASSERT_GE(enter(page, 0x1234), 0);
	EXPECT_EQ(look_up(page)->frame, 0x42U);
}

TEST_F(Direct, what_is_missing_never_reaches_xen)
{
	for (const u64 pfn :
	     {u64{0x7000}, u64{0x7003}, u64{0x7004}, entries, u64{0x100000}, window})
		expect_refused(enter(page, pfn));
	expect_refused(enter(page, u64{1} << 50));
	expect_refused(enter(page, u64{1} << 50 | 5, kernel_rw, bolted));
}

TEST_F(Direct, devices_keep_their_number_and_are_guarded)
{
	for (const u64 pfn : {device, u64{0xfffff}, u64{0x7001}}) {
		ASSERT_GE(enter(page, pfn, device_flags), 0);
		EXPECT_EQ(look_up(page)->frame, pfn == 0x7001 ? device : pfn);
		EXPECT_EQ(look_up(page)->wimg, 5U);
		xen_hpte_invalidate(look_up(page)->slot, page.vpn(), small, small, 0, 0);
	}
	/* I alone is write-combining to Linux. */
	ASSERT_GE(enter(page, device, device_flags & ~u64{8}), 0);
	EXPECT_EQ(look_up(page)->wimg, 5U);
}

TEST_F(Direct, devices_are_not_cached)
{
	expect_refused(enter(page, device));
	expect_refused(enter(page, 0x7001, kernel_rw, bolted));
}

TEST_F(Direct, foreign_frames_of_the_table_are_entered_as_they_are)
{
	xen.foreign.insert(foreign_mfn);
	ASSERT_GE(enter(page, 0x7002), 0);
	EXPECT_EQ(look_up(page)->frame, foreign_mfn);
}

TEST_F(Direct, a_frame_in_the_window_is_what_its_table_says)
{
	open_window();
	xen.foreign.insert(foreign_mfn);
	ASSERT_TRUE(
		xen::ppc::window_enter(Pfn{window + 5}, Mfn{foreign_mfn}, Access::ReadWrite).ok());
	ASSERT_GE(enter(page, window + 5), 0);
	EXPECT_EQ(look_up(page)->frame, foreign_mfn);
	EXPECT_EQ(enter({7, 7}, window + 6), -2);
	EXPECT_EQ(xen.count(h_enter_token), 1U);
}

TEST_F(Direct, a_frame_that_may_only_be_read_is_not_entered_for_writing)
{
	open_window();
	xen.foreign.insert(foreign_mfn);
	ASSERT_TRUE(
		xen::ppc::window_enter(Pfn{window + 5}, Mfn{foreign_mfn}, Access::ReadOnly).ok());
	for (const u64 flags : {kernel_rw, kernel_rw | 1, user_rw})
		expect_refused(enter(page, window + 5, flags));
	ASSERT_GE(enter(page, window + 5, user_ro), 0);
	EXPECT_EQ(look_up(page)->pp, 3U);
	ASSERT_GE(enter({7, 7}, window + 5, u64{1} << 63 | kernel_rw | 2), 0);
	EXPECT_EQ(look_up({7, 7})->pp, 6U);
}

TEST_F(Direct, a_frame_that_another_domain_numbers_like_ours_is_its_own)
{
	open_window();
	/* The machine frame 0x1234 is somebody else's here; ours is behind it. */
	ASSERT_TRUE(xen::ppc::window_enter(Pfn{window}, Mfn{0x1234}, Access::ReadWrite).ok());
	ASSERT_GE(enter(page, window), 0);
	EXPECT_EQ(look_up(page)->frame, 0x1234U);
	ASSERT_GE(enter({7, 7}, 0x1234), 0);
	EXPECT_EQ(look_up({7, 7})->frame, 0x1234U ^ 0x8000);
}

TEST_F(Direct, bolted_entries_of_an_empty_window_are_pretended)
{
	EXPECT_GE(enter(page, window, kernel_rw, bolted), 0);
	EXPECT_GE(enter_large(window << 12), 0);
	open_window();
	EXPECT_GE(enter(page, window + 4095, kernel_rw, bolted), 0);
	EXPECT_GE(enter_large(window << 12), 0);
	EXPECT_EQ(xen.calls.size(), 0U);
	EXPECT_TRUE(services.odd.empty());
	expect_refused(enter(page, window + 4096, kernel_rw, bolted));
	expect_refused(enter_large((window + 4096) << 12));
}

TEST_F(Direct, bolted_entries_of_mapped_frames_are_true)
{
	const u64 ea = XEN_LINEAR_BASE + ((window + 9) << 12);
	const Page at{kernel_vsid(ea), (ea >> 12) & 0xffff};

	open_window();
	xen.foreign.insert(foreign_mfn);
	ASSERT_TRUE(
		xen::ppc::window_enter(Pfn{window + 9}, Mfn{foreign_mfn}, Access::ReadWrite).ok());
	ASSERT_GE(enter(at, window + 9, kernel_rw, bolted), 0);
	EXPECT_EQ(look_up(at)->frame, foreign_mfn);
	EXPECT_EQ(xen_hpte_removebolted(ea, small, 0), 0);
	EXPECT_FALSE(look_up(at));
	EXPECT_EQ(xen_hpte_removebolted(ea, small, 0), -2) << "there is none any more";
	/* Once the frame is gone the entry is pretended again. */
	ASSERT_TRUE(xen::ppc::window_leave(Pfn{window + 9}).ok());
	EXPECT_EQ(xen_hpte_removebolted(ea, small, 0), 0);
	/* A large page never maps foreign frames. */
	EXPECT_GE(enter_large(window << 12), 0);
	EXPECT_EQ(xen.used(), 0U);
}

TEST_F(Direct, large_pages_map_blocks_in_a_row)
{
	ASSERT_EQ(enter_large(0x5000000), 0);
	for (const u64 offset : {u64{0}, u64{0xfff}})
		EXPECT_EQ(xen.look_up(0x55, 0x3000 + offset)->frame, (0x5000 ^ 0x8000) + offset);
}

TEST_F(Direct, large_pages_map_nothing_else)
{
	expect_refused(enter_large(0x6000000));
	expect_refused(enter_large(0x7000000));
	expect_refused(enter_large(0x9000000));
	expect_refused(enter_large(device << 12));
	xen::ppc::p2m_state.blocks.clear(Pfn{0x5000});
	expect_refused(enter_large(0x5000000));
}

TEST_F(Direct, pp0_is_tried_with_memory_of_the_domains_own)
{
	/* The fake hypervisor has no memory at the numbers that its domain uses. */
	xen::ppc::p2m_state.linear_offset = u64{0x2345} << 12;
	xen_hpte_early();
	ASSERT_GE(xen.calls.size(), 1U);
	EXPECT_EQ(xen.calls[0].token, h_enter_token);
	EXPECT_EQ(xen.calls[0].args[3] >> 12 & 0xffffff, 0x2345U);
	EXPECT_TRUE(xen::ppc::table.pp0);
}

TEST_F(Direct, the_linear_map_is_large_only_where_all_blocks_are)
{
	char large_word[] = "16m", small_word[] = "4k";

	ASSERT_EQ(xen_linear_option(large_word), 0);
	xen_hpte_early();
	EXPECT_FALSE(xen::ppc::table.large_linear) << "block 6 is in pieces";
	EXPECT_EQ(services.odd.size(), 1U);
	/* The first six blocks are not. */
	boot_facts.ram_pages = 0x6000;
	xen_hpte_early();
	EXPECT_TRUE(xen::ppc::table.large_linear);
	EXPECT_EQ(services.odd.size(), 1U);
	ASSERT_EQ(xen_linear_option(small_word), 0);
	xen_hpte_early();
	EXPECT_FALSE(xen::ppc::table.large_linear);
}

TEST_F(Direct, errors_reach_whoever_asked)
{
	for (const s64 code : {-1L, -3L, -4L, -18L}) {
		xen.fail(h_enter_token, 1, code);
		EXPECT_EQ(enter(page, 1), -2);
		EXPECT_EQ(services.failed.size(), 1U);
		services.failed.clear();
		xen.fail_none();
	}
	xen.fail(h_enter_token, 1, -6);
	EXPECT_EQ(enter(page, 1), -1);
	EXPECT_TRUE(services.failed.empty());
	EXPECT_EQ(xen.count(sched_op_token), 0U);
}

TEST_F(Direct, a_missing_frame_stops_the_boot)
{
	real_mode();
	EXPECT_EQ(enter(page, 0x7000), -2);
	EXPECT_EQ(xen.count(sched_op_token), 0U);
	EXPECT_EQ(enter(page, 0x7000, kernel_rw, bolted), -2);
	EXPECT_EQ(xen.count(sched_op_token), 1U);
}

/* ---- a translated domain has a window too ---- */

class TranslatedWindow : public PageTable {
protected:
	~TranslatedWindow() override { xen::ppc::window_start(Pfn{0}, Pages{0}, nullptr); }

	std::array<xen::ppc::p2m::Entry, 2048> words_{};
};

TEST_F(TranslatedWindow, says_what_is_entered)
{
	xen::ppc::window_start(Pfn{FakeHpt::window_first}, Pages{2048}, words_.data());
	/* A grant is looked up by the hypervisor; a tool names a machine frame. */
	ASSERT_TRUE(xen::ppc::window_enter(Pfn{FakeHpt::window_first + 1},
					   Mfn{FakeHpt::window_first + 1}, Access::ReadWrite)
			    .ok());
	ASSERT_TRUE(xen::ppc::window_enter(Pfn{FakeHpt::window_first + 2}, Mfn{0x4321},
					   Access::ReadWrite)
			    .ok());
	xen.foreign.insert(FakeHpt::window_first + 1);
	ASSERT_GE(insert(page, FakeHpt::window_first + 1), 0);
	EXPECT_EQ(look_up(page)->frame, FakeHpt::window_first + 1);
	ASSERT_GE(insert({7, 7}, FakeHpt::window_first + 2), 0);
	EXPECT_EQ(look_up({7, 7})->frame, 0x4321U);
	EXPECT_EQ(insert({8, 8}, FakeHpt::window_first + 3), -2);
	EXPECT_GE(insert({8, 8}, FakeHpt::window_first + 3, kernel_rw, bolted), 0);
	EXPECT_EQ(xen.count(h_enter_token), 2U);
}

} // namespace
