// SPDX-License-Identifier: GPL-2.0
/* What is decided before the table is used: PP0, page sizes, the hypervisor's offers. */
#include <cstring>
#include <vector>

#include "fake_boot.hh"
#include "fake_tree.hh"
#include "pagetable.hh"
#include "pagetable_rig.hh"

namespace {

using namespace host;
using xen::ppc::Feature;

class Init : public PageTable {
protected:
	void early(std::initializer_list<Feature> features)
	{
		services.kernel_ro = true;
		start(features);
	}
	static int option(const char *word)
	{
		std::vector<char> copy{word, word + std::strlen(word) + 1};

		return xen_linear_option(copy.data());
	}
};

TEST_F(Init, pp0_is_not_tried_where_nobody_offers_it)
{
	xen.enter_keeps_pp0 = xen.protect_keeps_pp0 = true;
	early({});
	EXPECT_FALSE(services.kernel_ro);
	EXPECT_FALSE(xen::ppc::table.pp0);
	EXPECT_EQ(traps(), 0U);
	EXPECT_TRUE(services.odd.empty());
}

TEST_F(Init, pp0_is_used_where_it_is_offered_and_kept)
{
	xen.enter_keeps_pp0 = xen.protect_keeps_pp0 = true;
	early({Feature::Pp0Kept});
	EXPECT_TRUE(services.kernel_ro);
	EXPECT_TRUE(xen::ppc::table.pp0);
	EXPECT_EQ(xen.used(), 0U) << "what was tried is gone";
	EXPECT_TRUE(services.failed.empty());
}

TEST_F(Init, a_lie_about_pp0_is_found_out)
{
	for (const auto &[in_enter, in_protect] :
	     {std::pair{false, false}, std::pair{true, false}, std::pair{false, true}}) {
		xen.enter_keeps_pp0 = in_enter;
		xen.protect_keeps_pp0 = in_protect;
		services.odd.clear();
		early({Feature::Pp0Kept});
		EXPECT_FALSE(services.kernel_ro);
		EXPECT_FALSE(xen::ppc::table.pp0);
		EXPECT_EQ(services.odd.size(), 1U);
		EXPECT_TRUE(services.failed.empty());
		EXPECT_EQ(xen.used(), 0U);
	}
}

TEST_F(Init, pp0_is_dropped_when_it_cannot_be_tried)
{
	xen.enter_keeps_pp0 = xen.protect_keeps_pp0 = true;
	for (const u64 token : {h_enter_token, h_read_token, h_protect_token}) {
		xen.fail(token, 1, -1);
		services.failed.clear();
		early({Feature::Pp0Kept});
		EXPECT_FALSE(services.kernel_ro) << token;
		EXPECT_EQ(services.failed.size(), 1U);
		EXPECT_TRUE(services.odd.empty());
		EXPECT_EQ(xen.used(), 0U);
		xen.fail_none();
	}
}

TEST_F(Init, offers_are_taken)
{
	EXPECT_EQ(services.found, "small locks");
	start_modern();
	EXPECT_EQ(services.found, "small ro bulk");
	early({Feature::AtomicHpt});
	EXPECT_EQ(services.found, "small");
}

TEST_F(Init, the_linear_map_is_small_up_to_4_gb)
{
	for (const u64 pages : {u64{48} << 8, u64{4} << 18, (u64{4} << 18) + 4096, u64{24} << 18}) {
		const bool large_pages = pages > u64{4} << 18;

		services.page_sizes = {0, 2, 4, 10, 14};
		services.large_pages = true;
		reset_boot();
		boot_facts.ram_pages = pages;
		xen_hpte_early();
		EXPECT_EQ(services.page_sizes,
			  large_pages ? (std::set<int>{0, 10}) : (std::set<int>{0}))
			<< pages;
		EXPECT_EQ(services.large_pages, large_pages);
	}
}

/* Memory by ranges, in MB, until the end of the test. */
struct Memory {
	explicit Memory(std::vector<std::pair<u64, u64>> ranges)
	{
		u64 end = 0;

		for (auto &[first, size] : ranges) {
			ranges_.memory.emplace_back(first << 20, size << 20);
			end = first + size;
		}
		reset_boot();
		boot_facts.ram_pages = end << 8;
		tree = &ranges_;
	}
	~Memory() { tree = nullptr; }

private:
	Tree ranges_;
};

TEST_F(Init, the_hole_of_the_devices_is_no_memory)
{
	const Memory ends_above_4_gb{{{0, 2048}, {4096, 1024}}};

	services.large_pages = true;
	xen_hpte_early();
	EXPECT_FALSE(services.large_pages);
	EXPECT_TRUE(services.odd.empty());
}

TEST_F(Init, large_pages_map_whole_blocks_only)
{
	for (const auto &ranges : std::vector<std::vector<std::pair<u64, u64>>>{
		     {{0, 2048}, {4096, 4096}}, {{0, 5000}}, {{0, 2040}, {4096, 4096}}}) {
		const Memory memory{ranges};
		const bool whole = ranges.back().second == 4096 && ranges.front().second == 2048;

		services.large_pages = true;
		services.odd.clear();
		xen_hpte_early();
		EXPECT_EQ(services.large_pages, whole) << ranges.front().second;
		EXPECT_EQ(services.odd.size(), whole ? 0U : 1U);
	}
}

TEST_F(Init, a_table_has_a_size)
{
	for (const unsigned long shift : {0UL, 17UL, 47UL, 64UL, ~0UL}) {
		services.hpt_shift = shift;
		EXPECT_FALSE(xen::ppc::learn_slots()) << shift;
	}
	for (const unsigned long shift : {18UL, 29UL, 46UL}) {
		services.hpt_shift = shift;
		EXPECT_TRUE(xen::ppc::learn_slots());
		EXPECT_EQ(xen::ppc::table.slots, u64{1} << shift >> 4);
	}
}

/* Last, because the option stays: as at boot, there is no word for the default. */
TEST_F(Init, the_command_line_decides_about_the_linear_map)
{
	for (const char *word : {"4k", "4K", "16m", "16M"}) {
		const bool large_pages = word[0] == '1';

		services.large_pages = true;
		ASSERT_EQ(option(word), 0);
		reset_boot();
		boot_facts.ram_pages = large_pages ? 4096 : u64{24} << 18;
		xen_hpte_early();
		EXPECT_EQ(services.large_pages, large_pages) << word;
	}
	for (const char *word : {"", "4", "4kb", "64k", "16", "16m "})
		EXPECT_EQ(option(word), -22) << word;
	EXPECT_EQ(xen_linear_option(nullptr), -22);
}

} // namespace
