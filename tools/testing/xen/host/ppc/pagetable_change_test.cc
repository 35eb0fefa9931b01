// SPDX-License-Identifier: GPL-2.0
/* hpte_remove, hpte_updatepp and hpte_invalidate. */
#include "pagetable_rig.hh"
#include "window.hh"

namespace {

using namespace host;

constexpr Page page{0x1d2c3b4a5, 0xbeef};
constexpr Page other{0x1d2c3b4a5, 0xbeef ^ 0x1000};

class Change : public PageTable {
protected:
	long update(u64 slot, u64 newpp, const Page &at = page)
	{
		return xen_hpte_updatepp(slot, newpp, at.vpn(), small, small, 0, 0);
	}
	void invalidate(u64 slot, const Page &at = page)
	{
		xen_hpte_invalidate(slot, at.vpn(), small, small, 0, 0);
	}
	void fill(u64 group, u64 bolted_slots)
	{
		for (u64 n = 0; n < 8; ++n)
			inserted(in_group(group, n), n, kernel_rw,
				 (bolted_slots >> n & 1) != 0 ? bolted : 0);
	}
};

TEST_F(Change, eviction_frees_the_slot_that_it_names)
{
	fill(16, 0);
	const long slot = xen_hpte_remove(16);

	ASSERT_GE(slot, 0);
	ASSERT_LT(slot, 8);
	EXPECT_FALSE(xen.table[16 + static_cast<u64>(slot)].valid());
	EXPECT_EQ(xen.used(), 7U);
}

TEST_F(Change, eviction_spares_bolted_entries)
{
	for (u64 only = 0; only < 8; ++only) {
		xen.table = {};
		fill(16, 0xff & ~(u64{1} << only));
		EXPECT_EQ(xen_hpte_remove(16), static_cast<long>(only));
		EXPECT_EQ(xen_hpte_remove(16), static_cast<long>(only)) << "free counts as removed";
	}
	EXPECT_TRUE(services.failed.empty());
}

TEST_F(Change, eviction_gives_up_when_all_are_bolted)
{
	fill(16, 0xff);
	EXPECT_EQ(xen_hpte_remove(16), -1);
	EXPECT_EQ(xen.used(), 8U);
	EXPECT_TRUE(services.stale.empty());
}

TEST_F(Change, eviction_does_not_always_take_the_same)
{
	std::set<long> taken;

	for (int n = 0; n < 8; ++n) {
		xen.table = {};
		fill(16, 0);
		taken.insert(xen_hpte_remove(16));
	}
	EXPECT_GT(taken.size(), 4U);
}

TEST_F(Change, eviction_goes_on_after_a_failure_and_stops_after_eight)
{
	fill(16, 0);
	xen.fail(h_remove_token, 1, -1);
	EXPECT_GE(xen_hpte_remove(16), 0);
	EXPECT_TRUE(services.stale.empty());
	xen.fail(h_remove_token, 0, -1);
	EXPECT_EQ(xen_hpte_remove(16), -1);
	EXPECT_EQ(services.stale.size(), 1U) << "Linux would ask for ever";
	EXPECT_EQ(xen_hpte_remove(FakeHpt::slots), -1);
}

TEST_F(Change, protection_changes_pp_and_n_only)
{
	const u64 slot = inserted(page, 0x777);

	for (u64 pp = 0; pp < 8; ++pp) {
		EXPECT_EQ(update(slot, pp | 0x190), 0);
		EXPECT_EQ(look_up(page)->pp, pp & 3);
		EXPECT_EQ(look_up(page)->no_execute, (pp & 4) != 0);
		EXPECT_EQ(look_up(page)->frame, 0x777U);
		EXPECT_EQ(look_up(page)->wimg, 2U);
	}
}

TEST_F(Change, protection_by_pp0_where_it_is_kept)
{
	start_modern();
	const u64 slot = inserted(page, 0x777);

	EXPECT_EQ(update(slot, u64{1} << 63 | 2), 0);
	EXPECT_EQ(look_up(page)->pp, 6U);
	EXPECT_EQ(update(slot, 2), 0);
	EXPECT_EQ(look_up(page)->pp, 2U);
}

TEST_F(Change, protection_by_pp0_elsewhere_removes_the_entry)
{
	const u64 slot = inserted(page, 0x777);

	EXPECT_EQ(update(slot, u64{1} << 63 | 2), -1);
	EXPECT_FALSE(look_up(page));
	EXPECT_EQ(xen.count(h_protect_token), 0U);
	EXPECT_EQ(services.odd.size(), 1U);
}

TEST_F(Change, protection_touches_no_other_page)
{
	const u64 slot = inserted(other, 0x777);

	EXPECT_EQ(update(slot, 3, page), -1);
	EXPECT_EQ(look_up(other)->pp, 2U);
	EXPECT_EQ(update(slot + 1, 3, page), -1) << "an empty slot";
	EXPECT_TRUE(services.failed.empty());
	EXPECT_EQ(update(FakeHpt::slots, 3), -1);
	EXPECT_TRUE(services.stale.empty());
}

TEST_F(Change, protection_that_fails_removes_the_entry)
{
	const u64 slot = inserted(page, 0x777);

	xen.fail(h_protect_token, 1, -1);
	EXPECT_EQ(update(slot, 3), -1);
	EXPECT_FALSE(look_up(page)) << "Linux would enter the page twice";
	EXPECT_EQ(services.failed,
		  std::vector<std::string>{"H_PROTECT " + std::to_string(slot) + " -1"});
}

/* A window with one frame that may only be read, as long as it lives. */
class ReadOnlyFrame {
public:
	ReadOnlyFrame()
	{
		xen::ppc::window_start(first, xen::Pages{2}, words_.data());
		EXPECT_TRUE(
			xen::ppc::window_enter(first, xen::Mfn{0x4321}, xen::ppc::Access::ReadOnly)
				.ok());
	}
	~ReadOnlyFrame() { xen::ppc::window_start(xen::Pfn{0}, xen::Pages{0}, nullptr); }
	ReadOnlyFrame(const ReadOnlyFrame &) = delete;
	ReadOnlyFrame &operator=(const ReadOnlyFrame &) = delete;

	static void leave() { EXPECT_TRUE(xen::ppc::window_leave(first).ok()); }

private:
	static constexpr xen::Pfn first{FakeHpt::window_first};

	std::array<xen::ppc::p2m::Entry, 2> words_{};
};

/* Nobody knows which frame an entry leads to, so that insert has to judge it again. */
TEST_F(Change, no_entry_is_widened_while_frames_may_only_be_read)
{
	const ReadOnlyFrame frame;

	for (const u64 wider : {user_rw, kernel_rw, u64{1}}) {
		const u64 slot = inserted(page, 0x777, user_ro);
		const u64 beside = inserted(other, 0x778, user_ro);

		xen.calls.clear();
		EXPECT_EQ(update(slot, wider), -1) << wider;
		EXPECT_FALSE(look_up(page)) << "Linux would enter the page twice";
		EXPECT_EQ(xen.count(h_protect_token), 0U) << "another cpu could write meanwhile";
		EXPECT_EQ(update(beside, wider, page), -1) << "not this page's any more";
		EXPECT_EQ(look_up(other)->pp, 3U);
		invalidate(beside, other);
	}
	EXPECT_TRUE(services.failed.empty());
}

TEST_F(Change, entries_are_narrowed_in_place_while_frames_may_only_be_read)
{
	const ReadOnlyFrame frame;
	const u64 slot = inserted(page, 0x777);

	EXPECT_EQ(update(slot, user_ro), 0);
	EXPECT_EQ(look_up(page)->pp, 3U);
	EXPECT_EQ(look_up(page)->slot, slot);
	frame.leave();
	EXPECT_EQ(update(slot, user_rw), 0) << "no such frame is left";
	EXPECT_EQ(look_up(page)->pp, 2U);
}

TEST_F(Change, invalidation_removes_the_page_and_no_other)
{
	const u64 slot = inserted(page, 1);
	const u64 place = inserted(other, 2);

	invalidate(place, page);
	EXPECT_TRUE(look_up(other));
	invalidate(slot);
	EXPECT_FALSE(look_up(page));
	EXPECT_TRUE(look_up(other));
	invalidate(slot);
	EXPECT_TRUE(services.failed.empty());
	xen.calls.clear();
	invalidate(FakeHpt::slots);
	EXPECT_EQ(xen.calls.size(), 0U);
}

TEST_F(Change, invalidation_finds_a_large_page_from_any_of_its_pages)
{
	const Page at{0x55, 0x3000};
	const u64 group = ((at.vsid ^ 3) % (FakeHpt::slots / 8)) * 8;

	for (const u64 offset : {u64{0}, u64{0x7ff}, u64{0x800}, u64{0xfff}}) {
		ASSERT_EQ(xen_hpte_insert(group, at.vpn() + offset, 0x5000000, kernel_rw, bolted,
					  large, large, 0),
			  0);
		EXPECT_EQ(xen_hpte_updatepp(group, 3, at.vpn() + (offset ^ 0x800), large, large, 0,
					    0),
			  0);
		xen_hpte_invalidate(group, at.vpn() + (offset ^ 0xfff), large, large, 0, 0);
		EXPECT_EQ(xen.used(), 0U) << offset;
	}
	/* The next large page has the same bits but one. */
	ASSERT_EQ(xen_hpte_insert(group, at.vpn(), 0x5000000, kernel_rw, bolted, large, large, 0),
		  0);
	xen_hpte_invalidate(group, at.vpn() ^ 0x1000, large, large, 0, 0);
	EXPECT_EQ(xen.used(), 1U);
}

TEST_F(Change, invalidation_is_tried_again_and_then_stops_the_kernel)
{
	const u64 slot = inserted(page, 1);

	xen.fail(h_remove_token, 1, 1);
	invalidate(slot);
	EXPECT_FALSE(look_up(page));
	EXPECT_EQ(services.failed.size(), 1U);
	EXPECT_TRUE(services.stale.empty());

	inserted(page, 1);
	xen.fail(h_remove_token, 0, -1);
	xen.calls.clear();
	invalidate(slot);
	EXPECT_EQ(services.stale,
		  std::vector<std::string>{"H_REMOVE " + std::to_string(slot) + " -1"});
	EXPECT_LE(xen.calls.size(), 8U);
}

} // namespace
