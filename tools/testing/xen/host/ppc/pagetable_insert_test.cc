// SPDX-License-Identifier: GPL-2.0
/* hpte_insert: what the processor finds afterwards, and what is never asked of Xen. */
#include "pagetable.hh"
#include "pagetable_rig.hh"

namespace {

using namespace host;
using Strings = std::vector<std::string>;

constexpr Page page{0x123456789, 0x4321};

class Insert : public PageTable {
protected:
	void expect_refused(long result, unsigned long messages = 1)
	{
		EXPECT_EQ(result, -2);
		EXPECT_EQ(xen.count(h_enter_token), 0U);
		EXPECT_EQ(services.odd.size(), messages);
	}
};

TEST_F(Insert, maps_a_page_in_its_primary_group)
{
	EXPECT_EQ(insert(page, 0x1234), 0);

	const auto found = look_up(page);

	ASSERT_TRUE(found);
	EXPECT_EQ(found->frame, 0x1234U);
	EXPECT_EQ(found->slot, page.first_group());
	EXPECT_EQ(found->pp, 2U);
	EXPECT_FALSE(found->no_execute);
	EXPECT_EQ(found->wimg, 2U);
	EXPECT_FALSE(found->bolted);
	EXPECT_EQ(xen.calls.size(), 1U);
}

TEST_F(Insert, tells_neighbours_apart)
{
	/* Pages that differ in bits of the hash only, of the AVPN only, and of the VSID. */
	const Page others[] = {{page.vsid, page.number ^ 1},
			       {page.vsid, page.number ^ 0x800},
			       {page.vsid ^ 1, page.number},
			       {page.vsid ^ u64{1} << 36, page.number}};
	u64 frame = 0x100;

	for (const Page &other : others)
		inserted(other, frame++);
	frame = 0x100;
	for (const Page &other : others)
		EXPECT_EQ(look_up(other)->frame, frame++);
	EXPECT_FALSE(look_up(page));
}

TEST_F(Insert, maps_in_the_secondary_group_with_its_bit)
{
	EXPECT_EQ(insert(page, 0x1234, user_rw, second), 8);
	ASSERT_TRUE(look_up(page));
	EXPECT_EQ(look_up(page)->slot, page.second_group());
}

TEST_F(Insert, reports_the_slot_inside_the_group)
{
	for (u64 n = 0; n < 8; ++n)
		EXPECT_EQ(insert(in_group(80, n), n), static_cast<long>(n));
	EXPECT_EQ(insert(in_group(80, 8), 8), -1);
	EXPECT_TRUE(services.failed.empty());
	for (u64 n = 0; n < 8; ++n)
		EXPECT_EQ(look_up(in_group(80, n))->frame, n);
}

TEST_F(Insert, keeps_protection)
{
	struct {
		u64 rflags;
		u64 pp;
		bool no_execute;
	} const rows[] = {{kernel_rw, 0, false},
			  {user_ro & ~u64{2}, 1, false},
			  {user_rw, 2, false},
			  {user_ro, 3, false},
			  {user_ro | 4, 3, true}};
	u64 n = 0;

	for (const auto &row : rows) {
		const Page at{0x77, n++};

		inserted(at, 5, row.rflags);
		EXPECT_EQ(look_up(at)->pp, row.pp);
		EXPECT_EQ(look_up(at)->no_execute, row.no_execute);
	}
}

TEST_F(Insert, guards_what_is_not_cached)
{
	/* I alone is write-combining to Linux; Xen takes devices guarded only. */
	inserted(page, 0x80010, 0x1b2 & ~u64{0x10});
	EXPECT_EQ(look_up(page)->wimg, 5U);
}

TEST_F(Insert, refuses_strongly_ordered_pages)
{
	expect_refused(insert(page, 1, user_rw | 0x70));
}

TEST_F(Insert, refuses_pp0_where_it_would_be_lost)
{
	expect_refused(insert(page, 1, u64{1} << 63 | kernel_rw | 2));
}

TEST_F(Insert, passes_pp0_where_it_is_kept)
{
	start_modern();
	inserted(page, 1, u64{1} << 63 | kernel_rw | 2);
	EXPECT_EQ(look_up(page)->pp, 6U);
}

TEST_F(Insert, refuses_keys_and_other_bits)
{
	for (const u64 bits : {u64{1} << 62, u64{1} << 61, u64{0x200}, u64{0x400}, u64{0x800}})
		EXPECT_EQ(insert(page, 1, user_rw | bits), -2);
	EXPECT_EQ(xen.calls.size(), 0U);
}

TEST_F(Insert, knows_two_page_sizes)
{
	const int sizes[][2] = {{2, 2}, {small, large}, {large, small}, {14, 14}, {-1, -1}};

	for (const auto &size : sizes)
		EXPECT_EQ(xen_hpte_insert(0, 0, 0, kernel_rw, bolted, size[0], size[1], 0), -2);
	/* Xen looks at the first frame of a large page only: not for user pages. */
	EXPECT_EQ(xen_hpte_insert(0, 0, 0, user_rw, 0, large, large, 0), -2);
	EXPECT_EQ(xen.calls.size(), 0U);
}

TEST_F(Insert, maps_a_large_page_as_a_whole)
{
	const Page at{0x55, 0x3000};
	const u64 group = ((at.vsid ^ 3) % (FakeHpt::slots / 8)) * 8;

	EXPECT_EQ(xen_hpte_insert(group, at.vpn(), 0x5000000, kernel_rw, bolted, large, large, 0),
		  0);
	for (const u64 offset : {u64{0}, u64{1}, u64{0x7ff}, u64{0x800}, u64{0xfff}}) {
		const auto found = xen.look_up(at.vsid, at.number + offset);

		ASSERT_TRUE(found) << offset;
		EXPECT_EQ(found->frame, 0x5000 + offset);
		EXPECT_TRUE(found->bolted);
	}
	EXPECT_FALSE(xen.look_up(at.vsid, at.number + 0x1000));
	EXPECT_FALSE(xen.look_up(at.vsid, at.number - 1));
}

TEST_F(Insert, gives_a_bolted_entry_the_bit_of_its_group)
{
	/* htab_bolt_mapping() names the secondary group and does not say so. */
	EXPECT_EQ(xen_hpte_insert(page.second_group(), page.vpn(), 0x1000, kernel_rw, bolted, small,
				  small, 0),
		  8);
	ASSERT_TRUE(look_up(page));
	EXPECT_TRUE(look_up(page)->bolted);
}

TEST_F(Insert, names_segments_of_a_terabyte)
{
	xen_hpte_insert(0, u64{0x1234567} << 11, 0x1000, user_rw, 0, small, small, 1);
	ASSERT_EQ(xen.calls.size(), 1U);
	EXPECT_EQ(xen.calls[0].args[2] >> 7, u64{1} << 55 | 0x1234567);
}

TEST_F(Insert, stays_inside_the_table)
{
	EXPECT_EQ(xen_hpte_insert(FakeHpt::slots - 8, page.vpn(), 0, user_rw, 0, small, small, 0),
		  0);
	xen.calls.clear();
	expect_refused(xen_hpte_insert(FakeHpt::slots, page.vpn(), 0, user_rw, 0, small, small, 0));
}

TEST_F(Insert, learns_the_size_of_the_table_with_the_first_entry)
{
	/* Linux reads it from the device tree after it has chosen its hooks. */
	xen::ppc::table.slots = 0;
	services.hpt_shift = 0;
	expect_refused(insert(page, 1), 2);
	services.hpt_shift = 18;
	EXPECT_EQ(insert(page, 1), 0);
}

TEST_F(Insert, sees_window_frames_that_hold_something)
{
	const u64 frame = FakeHpt::window_first + 5;

	xen.foreign.insert(frame);
	inserted(page, frame);
	EXPECT_EQ(look_up(page)->frame, frame);
	EXPECT_EQ(insert({9, 9}, frame + 1), -2);
	EXPECT_EQ(services.failed.size(), 1U);
}

TEST_F(Insert, pretends_bolted_entries_of_the_whole_window)
{
	/* Linux works in sections of 16 MB; the historical window is half of one. */
	for (const u64 index : {u64{0}, u64{2047}, u64{2048}, u64{4095}})
		EXPECT_GE(insert(page, FakeHpt::window_first + index, kernel_rw, bolted), 0);
	EXPECT_EQ(xen.calls.size(), 0U);
	EXPECT_TRUE(services.odd.empty());
}

TEST_F(Insert, never_names_a_frame_behind_the_window)
{
	expect_refused(insert(page, FakeHpt::window_first + 2048));
	EXPECT_EQ(insert(page, FakeHpt::window_first + 4096, kernel_rw, bolted), -2);
	EXPECT_EQ(insert(page, FakeHpt::window_first * 3), -2);
	EXPECT_EQ(xen.calls.size(), 0U);
}

TEST_F(Insert, never_enters_another_frame_than_the_one_named)
{
	/* 50 bits of a frame number fit into an entry. */
	expect_refused(insert(page, u64{1} << 50));
	expect_refused(insert(page, u64{3} << 50 | 5, kernel_rw, bolted), 2);
	EXPECT_EQ(insert(page, u64{1} << 49), -2);
	EXPECT_EQ(xen.count(h_enter_token), 1U) << "the hypervisor judges what fits";
}

TEST_F(Insert, names_the_call_that_failed)
{
	for (const s64 code : {-1L, -3L, -4L, -18L, 1L}) {
		xen.fail(h_enter_token, 1, code);
		EXPECT_EQ(insert(page, 1), -2);
		EXPECT_EQ(services.failed,
			  (Strings{"H_ENTER " + std::to_string(page.first_group()) + " " +
				   std::to_string(code)}));
		services.failed.clear();
		xen.fail_none();
	}
	EXPECT_EQ(xen.count(sched_op_token), 0U);
	EXPECT_EQ(insert(page, 1), 0);
}

TEST_F(Insert, believes_no_slot_of_another_group)
{
	xen.answer_slot = page.first_group() + 8;
	EXPECT_EQ(insert(page, 1), -2);
	EXPECT_EQ(services.failed.size(), 1U);
}

TEST_F(Insert, stops_the_domain_when_boot_cannot_go_on)
{
	real_mode();
	xen.fail(h_enter_token, 0, -1);
	EXPECT_EQ(insert(page, 1, user_rw), -2);
	EXPECT_EQ(xen.count(sched_op_token), 0U) << "not for what is not bolted";
	EXPECT_EQ(insert(page, 1, kernel_rw, bolted), -2);
	EXPECT_EQ(services.failed.size(), 2U);
	ASSERT_EQ(xen.count(sched_op_token), 1U);
	EXPECT_EQ(xen.calls.back().args[0], 2U) << "SCHEDOP_shutdown";
}

TEST_F(Insert, does_not_stop_a_running_kernel)
{
	xen.fail(h_enter_token, 0, -1);
	EXPECT_EQ(insert(page, 1, kernel_rw, bolted), -2);
	EXPECT_EQ(xen.count(sched_op_token), 0U);
}

TEST_F(Insert, says_so_when_a_bolted_entry_finds_no_room_at_boot)
{
	real_mode();
	for (u64 n = 0; n < 8; ++n) {
		inserted(in_group(page.first_group(), n), n);
		inserted(in_group(page.second_group(), n), n);
	}
	/* Linux: each group twice; the room made between was taken by somebody else. */
	EXPECT_EQ(insert(page, 1, kernel_rw, bolted), -1);
	EXPECT_EQ(insert(page, 1, kernel_rw, bolted), -1);
	EXPECT_EQ(insert(page, 1, kernel_rw, bolted | second), -1);
	EXPECT_EQ(xen.count(sched_op_token), 0U);
	EXPECT_EQ(insert(page, 1, kernel_rw, bolted | second), -1);
	EXPECT_EQ(xen.count(sched_op_token), 1U);
	EXPECT_EQ(services.failed,
		  (Strings{"H_ENTER " + std::to_string(page.second_group()) + " -6"}));
}

} // namespace
