// SPDX-License-Identifier: GPL-2.0
/*
 * The p2m: a builder's tables, good ones up to the largest and bad ones of every kind, and
 * what is behind a frame afterwards.
 *
 * The good tables are made by fake_tree.cc from the rules of Documentation/xen/p2m-rma.rst.
 */
#include <abi/p2m.hh>

#include "p2m_rig.hh"

namespace {

using host::pair;
using host::Tree;
using host::word;
using namespace xen::ppc;
using xen::Mfn;
using xen::P2mEntry;
using xen::Pages;
using xen::Pfn;
using xen::PhysAddr;

using P2mTest = host::P2mTest;

/* ---- what the builder may leave ---- */

TEST_F(P2mTest, a_domain_without_a_table_is_translated)
{
	EXPECT_EQ(read(host::historical_tree()), "");
	EXPECT_FALSE(is_direct());
	EXPECT_EQ(kept_.bytes, 0U);
	EXPECT_EQ(p2m_state.ram_end, 0xc000U);
	EXPECT_EQ(translate(Pfn{0xbfff}).value_or(xen::Gfn{0}), xen::Gfn{0xbfff});
	EXPECT_EQ(translate(Pfn{0xc000}).error(), xen::err::fault);
	EXPECT_EQ(machine_address(PhysAddr{0x1234567}), 0x1234567U);
	EXPECT_EQ(what_is(Pfn{0x10}), P2mEntry::ram(Mfn{0x10}));
	EXPECT_EQ(what_is(Pfn{0xc000}), P2mEntry::io(Mfn{0xc000}));
	EXPECT_TRUE(contiguous(Pfn{0}, Pages{0xc000}));
	EXPECT_FALSE(contiguous(Pfn{0xbfff}, Pages{2}));
}

TEST_F(P2mTest, a_table_is_taken)
{
	EXPECT_EQ(read(host::direct_tree({})), "");
	EXPECT_TRUE(is_direct());
	EXPECT_EQ(kept_.start, PhysAddr{tree_.table_at});
	EXPECT_EQ(kept_.bytes, 0x30000U);
	EXPECT_EQ(p2m_state.table.entries(), 0xc000U);
	for (const u64 pfn : {u64{0}, u64{0x3fff}, u64{0x4000}, u64{0x4fff}, u64{0xbfff}}) {
		EXPECT_EQ(translate(Pfn{pfn}).value_or(xen::Gfn{0}), xen::Gfn{tree_.entry(pfn)});
		EXPECT_EQ(what_is(Pfn{pfn}), P2mEntry::ram(Mfn{tree_.entry(pfn)}));
	}
	EXPECT_EQ(translate(PhysAddr{0x4000123}).value_or(0),
		  (u64{tree_.entry(0x4000)} << 12) + 0x123);
	EXPECT_EQ(translate(Pfn{0xc000}).error(), xen::err::fault);
	EXPECT_EQ(translate(Pfn{0x80000}).error(), xen::err::fault);
	EXPECT_EQ(translate(Pfn{~u64{0}}).error(), xen::err::fault);
}

TEST_F(P2mTest, addresses_work_from_the_first_peek_on)
{
	tree_ = host::direct_tree({});
	host::tree = &tree_;
	p2m_peek(xen_glue_fdt_node(nullptr));
	EXPECT_EQ(machine_address(PhysAddr{0x3ffffff}), 0x30000000U + 0x3ffffff);
	EXPECT_FALSE(is_direct());
	EXPECT_EQ(read(tree_), "");
	EXPECT_EQ(machine_address(PhysAddr{0x10}), 0x30000010U);
	EXPECT_EQ(machine_address(PhysAddr{0x4000010}), (u64{tree_.entry(0x4000)} << 12) + 0x10);
}

TEST_F(P2mTest, a_peek_believes_nothing)
{
	Tree given = host::direct_tree({});

	given.enter(0, 0xffffffff);
	for (const Tree &bad : {given, given.with("p2m-table", pair(~u64{3}, 4096)),
				given.with("p2m-table", pair(0x3fc0000, 0)),
				given.with("p2m-table", pair(0x3fc0000, ~u64{0})),
				given.with("p2m-table", word(0x3fc0000, 8)),
				given.with("p2m-table", pair(0x3fc0002, 4096)),
				given.with("p2m-table", pair(0x4000000, 4096))}) {
		tree_ = bad;
		host::tree = &tree_;
		p2m_state = host::p2m_at_start;
		p2m_peek(xen_glue_fdt_node(nullptr));
		EXPECT_EQ(machine_address(PhysAddr{0x1000}), 0x1000U);
	}
}

TEST_F(P2mTest, blocks_are_contiguous_and_their_order_is_free)
{
	EXPECT_EQ(read(host::direct_tree({})), "");
	for (u64 pfn = 0; pfn < 0xc000; pfn += 0x1000) {
		EXPECT_TRUE(p2m_state.blocks.holds(Pfn{pfn}));
		EXPECT_TRUE(contiguous(Pfn{pfn}, Pages{0x1000}));
	}
	EXPECT_FALSE(p2m_state.blocks.holds(Pfn{0xc000}));
	EXPECT_TRUE(contiguous(Pfn{0}, Pages{0x4000}));
	EXPECT_FALSE(contiguous(Pfn{0x3fff}, Pages{2}));
	EXPECT_FALSE(contiguous(Pfn{0x4fff}, Pages{2}));
	EXPECT_FALSE(contiguous(Pfn{0xbfff}, Pages{2}));
	EXPECT_TRUE(contiguous(Pfn{0xffffff}, Pages{0}));
}

TEST_F(P2mTest, memory_goes_on_behind_the_hole)
{
	const host::DirectPlan plan{.memory_mb = 3 << 10, .rma_mb = 64, .rma_mfn = 0x30000};

	EXPECT_EQ(read(host::direct_tree(plan)), "");
	EXPECT_EQ(p2m_state.ram_end, u64{5} << 18);
	EXPECT_EQ(what_is(Pfn{0x80000}), P2mEntry::io(Mfn{0x80000}));
	EXPECT_EQ(what_is(Pfn{0xfffff}), P2mEntry::io(Mfn{0xfffff}));
	EXPECT_EQ(translate(Pfn{0x80000}).error(), xen::err::fault);
	EXPECT_TRUE(what_is(Pfn{0x100000}).is(P2mEntry::Kind::Ram));
	EXPECT_TRUE(what_is(Pfn{0x13ffff}).is(P2mEntry::Kind::Ram));
	EXPECT_FALSE(what_is(Pfn{0x140000}).present());
	EXPECT_TRUE(p2m_state.blocks.holds(Pfn{0x13ffff}));
	EXPECT_FALSE(p2m_state.blocks.holds(Pfn{0x80000}));
	/* A tree that does not name the hole has it in the table all the same. */
	EXPECT_EQ(read(host::direct_tree(plan).without("io-hole")), "");
	EXPECT_EQ(what_is(Pfn{0x80001}), P2mEntry::io(Mfn{0x80001}));
}

TEST_F(P2mTest, what_is_behind_the_window_is_the_windows)
{
	p2m::Entry words[4096];

	EXPECT_EQ(read(host::direct_tree({})), "");
	EXPECT_FALSE(what_is(Pfn{u64{1} << 30}).present());
	window_start(Pfn{u64{1} << 30}, Pages{4096}, words);
	EXPECT_FALSE(what_is(Pfn{u64{1} << 30}).present());
	EXPECT_TRUE(window_enter(Pfn{(u64{1} << 30) + 5}, Mfn{5}, Access::ReadWrite).ok());
	EXPECT_EQ(what_is(Pfn{(u64{1} << 30) + 5}), P2mEntry::foreign(Mfn{5}));
	EXPECT_NE(what_is(Pfn{5}), P2mEntry::foreign(Mfn{5}));
	EXPECT_EQ(translate(Pfn{(u64{1} << 30) + 5}).error(), xen::err::fault);
}

TEST_F(P2mTest, only_memory_is_translated)
{
	Tree given = host::direct_tree({});

	given.memory[1].second -= 0x1000000;
	given.enter(0xb000, 0x40080000);
	given.enter(0xb001, 0x80012345);
	given.enter(0xb002, 0xc0012345);
	given.enter(0xb003, 0x3fffffff);
	given.enter(0xb004, 0xffffffff);
	EXPECT_EQ(read(given), "");
	for (u64 pfn = 0xb000; pfn <= 0xb004; ++pfn)
		EXPECT_EQ(translate(Pfn{pfn}).error(), xen::err::fault);
	EXPECT_EQ(what_is(Pfn{0xb000}), P2mEntry::io(Mfn{0x80000}));
	EXPECT_EQ(what_is(Pfn{0xb001}), P2mEntry::foreign(Mfn{0x12345}));
	EXPECT_FALSE(what_is(Pfn{0xb002}).present());
	EXPECT_FALSE(what_is(Pfn{0xb003}).present());
	EXPECT_FALSE(what_is(Pfn{0xb004}).present());
	EXPECT_FALSE(p2m_state.blocks.holds(Pfn{0xb000}));
}

/* ---- how large ---- */

TEST_F(P2mTest, sizes_up_to_the_limit_of_each_real_mode_area)
{
	struct {
		u64 gb, rma_mb;
	} const sizes[] = {{1, 64},  {2, 64},  {4, 64},	 {8, 128},
			   {24, 64}, {27, 64}, {8, 256}, {91, 128}};

	for (const auto &[gb, rma_mb] : sizes) {
		EXPECT_EQ(read(host::direct_tree({gb << 10, rma_mb, 0x30000})), "") << gb;
		EXPECT_TRUE(is_direct());
		EXPECT_EQ(p2m_state.ram_end, (gb > 2 ? gb + 2 : gb) << 18);
		EXPECT_TRUE(p2m_state.blocks.holds(Pfn{p2m_state.ram_end - 1}));
		EXPECT_EQ(p2m_state.linear_limit, rma_mb << 20);
	}
}

/* The largest direct domain there is: 222 GB of frame numbers, 2 GB of them in the hole. */
TEST_F(P2mTest, the_largest_real_mode_area_has_a_table_for_225264_mb)
{
	EXPECT_EQ(read(host::direct_tree({225264, 256, 0x30000})), "");
	EXPECT_TRUE(is_direct());
	EXPECT_EQ(kept_.start, PhysAddr{0x2200000});
	EXPECT_EQ(kept_.bytes, 0xddfc000U);
	EXPECT_EQ(p2m_state.ram_end, 0x377f000U);
	EXPECT_EQ(p2m_state.table.entries(), 0x377f000U);
	EXPECT_EQ(p2m_state.linear_limit, 0x10000000U);
	EXPECT_TRUE(p2m_state.blocks.holds(Pfn{0x377efff}));
	EXPECT_EQ(what_is(Pfn{0x377efff}), P2mEntry::ram(Mfn{tree_.entry(0x377efff)}));
	EXPECT_EQ(translate(Pfn{0x377f000}).error(), xen::err::fault);
}

/* Each by one block: the table would begin at 0x21f0000. */
TEST_F(P2mTest, larger_ones_are_refused)
{
	expect_refused(host::direct_tree({28672, 64, 0x30000}), "real-mode area is too small");
	expect_refused(host::direct_tree({94208, 128, 0x30000}), "real-mode area is too small");
	expect_refused(host::direct_tree({225280, 256, 0x30000}), "real-mode area is too small");
}

TEST_F(P2mTest, more_than_a_kernel_can_track_is_refused)
{
	/* In a real-mode area as no hypervisor makes one. */
	Tree given = host::direct_tree({1 << 10, 1 << 10, 0x30000});
	const u64 bytes = (u64{256} << 20) + 4096;

	given.table_at = u64{512} << 20;
	given.table.resize(bytes / 4);
	given = given.with("p2m-table", pair(given.table_at, bytes));
	expect_refused(given.with("p2m-entries", word(bytes / 4, 8)), "more than a kernel can use");
	EXPECT_EQ(read(given.with("p2m-entries", word(u64{64} << 20, 8))), "");
}

/* ---- what it may not leave ---- */

TEST_F(P2mTest, a_table_out_of_place_is_refused)
{
	const Tree good = host::direct_tree({});

	expect_refused(good.with("p2m-table", word(0x3fc0000, 8)), "no pair");
	expect_refused(good.with("p2m-table", ""), "no pair");
	expect_refused(good.with("p2m-table", pair(0x4000000, 0x30000)),
		       "outside of the real-mode");
	expect_refused(good.with("p2m-table", pair(0x3fe0000, 0x30000)),
		       "outside of the real-mode");
	expect_refused(good.with("p2m-table", pair(~u64{0xffff}, 0x30000)),
		       "outside of the real-mode");
	expect_refused(good.with("p2m-table", pair(0x3fc0000, ~u64{0})),
		       "outside of the real-mode");
	expect_refused(good.with("p2m-table", pair(0x3fc0000, 0)), "outside of the real-mode");
	expect_refused(good.with("p2m-table", pair(0x3fc1000, 0x30000)), "not aligned");
	expect_refused(good.with("p2m-table", pair(0x2190000, 0x30000)), "too small");

	Tree large_kernel = good;

	large_kernel.kernel_end = 0x3fc0001;
	expect_refused(large_kernel, "too small");
	large_kernel.kernel_end = 0x3fc0000;
	EXPECT_EQ(read(large_kernel), "");
}

TEST_F(P2mTest, a_format_that_is_not_known_is_refused)
{
	const Tree good = host::direct_tree({});

	expect_refused(good.without("p2m-format"), "p2m-format is missing");
	expect_refused(good.with("p2m-format", word(1, 4)), "p2m-format is missing or odd");
	expect_refused(good.with("p2m-format", word(2, 4) + word(2, 4)), "unknown version");
	expect_refused(good.with("p2m-format", word(1, 4) + word(3, 4)), "unknown size");
}

TEST_F(P2mTest, entries_that_do_not_suffice_are_refused)
{
	const Tree good = host::direct_tree({});

	expect_refused(good.without("p2m-entries"), "p2m-entries is missing");
	expect_refused(good.with("p2m-entries", word(0xc000, 4)), "p2m-entries is missing or odd");
	expect_refused(good.with("p2m-entries", word(0xc001, 8)), "no room");
	expect_refused(good.with("p2m-entries", word(~u64{0}, 8)), "no room");
	expect_refused(good.with("p2m-entries", word(0xbfff, 8)), "end of memory");
	expect_refused(good.with("p2m-entries", word(0, 8)), "end of memory");
}

TEST_F(P2mTest, odd_numbers_are_refused)
{
	const Tree good = host::direct_tree({});

	expect_refused(good.without("p2m-contig-order"), "p2m-contig-order is missing");
	expect_refused(good.with("p2m-contig-order", word(1, 4)), "too small for a stack");
	EXPECT_EQ(read(good.with("p2m-contig-order", word(2, 4))), "");
	EXPECT_EQ(read(good.with("p2m-contig-order", word(0xffffffff, 4))), "");
	expect_refused(good.without("max-mfn"), "max-mfn is missing");
	expect_refused(good.with("max-mfn", word(0x40000000, 8)), "does not fit");
	EXPECT_EQ(read(good.with("max-mfn", word(0x78000, 8))), "");
	expect_refused(good.with("max-mfn", word(0x77fff, 8)), "behind max-mfn");
	EXPECT_EQ(read(good.with("max-mfn", word(0x3fffffff, 8))), "");
	expect_refused(good.with("io-hole", word(0x80000, 8)), "io-hole is no pair");
	expect_refused(good.with("io-hole", pair(0x80000, 0)), "no range");
	expect_refused(good.with("io-hole", pair(0x80000, ~u64{0})), "no range");
	expect_refused(good.with("io-hole", pair(0x3fffffff, 1)), "no range");
	expect_refused(good.with("io-hole", pair(0x80000, 0x3ff80000)), "no range");
	expect_refused(good.with("io-hole", pair(0x3fff, 2)), "real-mode area");
	expect_refused(good.with("io-hole", pair(0xbfff, 2)), "no memory for frame 0xbfff");
	EXPECT_EQ(read(good.with("io-hole", pair(0x80000, 0x3ff7ffff))), "");
}

TEST_F(P2mTest, a_flag_for_machine_frames_must_not_be_a_bit_of_others)
{
	const Tree good = host::direct_tree({});

	EXPECT_EQ(read(good.with("mfn-flag", word(31, 8))), "");
	EXPECT_EQ(read(good.with("mfn-flag", word(29, 8))), "");
	EXPECT_EQ(read(good.with("mfn-flag", word(16, 8))), "");
	expect_refused(good.with("mfn-flag", word(30, 8)), "bit of the window's");
	expect_refused(good.with("mfn-flag", word(15, 8)), "bit of the domain's own");
	expect_refused(good.with("mfn-flag", word(64, 8)), "bit of the domain's own");
	expect_refused(good.with("mfn-flag", word(31, 4)), "no number");
	expect_refused(good.with("mfn-flag", word(16, 8)).with("foreign-map", pair(30, 65537)),
		       "bit of the window's");
	EXPECT_EQ(read(good.with("mfn-flag", word(30, 8)).without("foreign-map")), "");
}

TEST_F(P2mTest, memory_without_an_entry_is_refused)
{
	for (const u64 pfn : {u64{0}, u64{1}, u64{0x3fff}, u64{0x4000}, u64{0xbfff}})
		for (const u32 entry :
		     {0xffffffffU, 0x40000000U, 0x80000000U | 0x30000U, 0xc0000000U, 0x3fffffffU}) {
			Tree bad = host::direct_tree({});

			bad.enter(pfn, entry);
			expect_refused(bad, "no memory for frame");
		}
}

TEST_F(P2mTest, a_real_mode_area_in_pieces_is_refused)
{
	for (const u64 pfn : {u64{1}, u64{0x1000}, u64{0x3fff}}) {
		Tree bad = host::direct_tree({}).with("p2m-contig-order", word(2, 4));

		bad.enter(pfn, bad.entry(0x4000));
		expect_refused(bad, "not contiguous");
	}
}

TEST_F(P2mTest, runs_are_as_long_as_announced)
{
	Tree swapped = host::direct_tree({});
	const u32 left = swapped.entry(0x5000), right = swapped.entry(0x5004);

	/* Two runs of four pages change places. */
	for (u32 i = 0; i < 4; ++i) {
		swapped.enter(0x5000 + i, right + i);
		swapped.enter(0x5004 + i, left + i);
	}
	expect_refused(swapped, "breaks p2m-contig-order, frame 0x5000");
	expect_refused(swapped.with("p2m-contig-order", word(3, 4)), "breaks p2m-contig-order");
	EXPECT_EQ(read(swapped.with("p2m-contig-order", word(2, 4))), "");
	EXPECT_FALSE(p2m_state.blocks.holds(Pfn{0x5000}));
	EXPECT_TRUE(p2m_state.blocks.holds(Pfn{0x4000}));
	EXPECT_TRUE(p2m_state.blocks.holds(Pfn{0x6000}));

	/* In a row, but not aligned. */
	Tree shifted = host::direct_tree({}).with("p2m-contig-order", word(2, 4));

	for (u32 i = 0; i < 0x1000; ++i)
		shifted.enter(0x5000 + i, 0x20001 + i);
	expect_refused(shifted, "breaks p2m-contig-order, frame 0x5000");
	for (u32 i = 0; i < 0x1000; ++i)
		shifted.enter(0x5000 + i, 0x20004 + i);
	EXPECT_EQ(read(shifted), "");
	EXPECT_FALSE(p2m_state.blocks.holds(Pfn{0x5000}));
}

TEST_F(P2mTest, memory_that_is_no_multiple_of_a_block_is_looked_at_too)
{
	Tree given = host::direct_tree({});

	given.memory[1].second -= 0x3000; /* three pages less */
	for (u64 pfn = 0xbffd; pfn < 0xc000; ++pfn)
		given.enter(pfn, 0xffffffff);
	EXPECT_EQ(read(given), "");
	EXPECT_FALSE(p2m_state.blocks.holds(Pfn{0xb000}));
	EXPECT_TRUE(translate(Pfn{0xbffc}).ok());
	/* A stack there must be contiguous too. */
	Tree torn = given;

	torn.enter(0xbff9, torn.entry(0xbff5));
	torn.enter(0xbff5, given.entry(0xbff9));
	expect_refused(torn, "breaks p2m-contig-order, frame 0xbff5");
	given.enter(0xbffc, 0xffffffff);
	expect_refused(given, "no memory for frame 0xbffc");
}

TEST_F(P2mTest, the_way_back_is_searched)
{
	Tree given = host::direct_tree({}).with("p2m-contig-order", word(2, 4));

	for (u32 i = 0; i < 0x1000; ++i)
		given.enter(0x5000 + i, 0x20004 + i);
	ASSERT_EQ(read(given), "");
	for (const u64 pfn : {u64{0}, u64{0x3fff}, u64{0x4000}, u64{0x5000}, u64{0x5fff}, u64{0xbfff}})
		EXPECT_EQ(own_frame_of(xen::Gfn{given.entry(pfn)}).value_or(Pfn{0}), Pfn{pfn});
	EXPECT_EQ(own_frame_of(xen::Gfn{0x20003}).error(), xen::err::noent);
	EXPECT_EQ(own_frame_of(xen::Gfn{0x21004}).error(), xen::err::noent);
	EXPECT_EQ(own_frame_of(xen::Gfn{~u64{0}}).error(), xen::err::noent);
}

} // namespace
