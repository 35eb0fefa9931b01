// SPDX-License-Identifier: GPL-2.0
/* Areas of /dev/xen/xencomm: their life. */
#include <gtest/gtest.h>

#include "area.hh"
#include "fake_area.hh"
#include "fake_boot.hh"

namespace {

using namespace xen::ppc;
using host::process;

constexpr int eperm = -1, enxio = -6, e2big = -7, enomem = -12, eacces = -13, ebusy = -16,
	      einval = -22, enospc = -28, eopnotsupp = -95;
constexpr u64 base = 0x10000000;

class Area : public ::testing::Test {
protected:
	void SetUp() override { host::reset_area(); }
	void TearDown() override
	{
		xen_area_release(&area);
		EXPECT_EQ(process.live_pages, 0U) << "pages were lost";
		for (const auto &[owner, holds] : process.held)
			EXPECT_EQ(holds, 0);
	}

	int map(u64 start, u64 pages, u64 first, bool writable, bool shared = true)
	{
		const xen_area_mapping mapping{start, pages, first, shared, writable, nullptr};

		process.sealed = false;
		return xen_area_map(&area, &mapping);
	}
	int map_header(u64 start = base) { return map(start, 1, 0, false); }
	int map_data(u64 pages, u64 start = base + 4096) { return map(start, pages, 1, true); }

	/** header_handle - as of an argument at the end of page 0, to look at the header */
	u64 header_handle() const
	{
		return u64{1} << 62 |
		       (reinterpret_cast<u64>(area.page[0]) + host::machine_offset + 4088);
	}

	xen_area area{};
};

TEST_F(Area, offered_to_the_initial_domain_where_the_hypervisor_takes_areas)
{
	EXPECT_TRUE(xen_area_offered());
	EXPECT_EQ(xen_area_max_data_pages(), 255U);
	host::boot_facts.initdomain = false;
	EXPECT_FALSE(xen_area_offered());
	host::reset_boot();
	EXPECT_FALSE(xen_area_offered());
	host::announce(Feature::XencommAreaMulti);
	EXPECT_FALSE(xen_area_offered());
}

TEST_F(Area, created_once_and_within_limits)
{
	EXPECT_EQ(xen_area_create(&area, 1, 1), einval);
	EXPECT_EQ(xen_area_create(&area, 256, 0), e2big);
	EXPECT_EQ(xen_area_create(&area, ~0U, 0), e2big);
	EXPECT_EQ(process.live_pages, 0U);
	EXPECT_EQ(xen_area_create(&area, 255, 0), 0);
	EXPECT_EQ(process.live_pages, 256U);
	EXPECT_EQ(xen_area_create(&area, 1, 0), ebusy);
	EXPECT_EQ(process.live_pages, 256U);
}

TEST_F(Area, only_a_header_where_areas_have_one_page)
{
	host::reset_boot();
	host::announce(Feature::XencommArea);
	EXPECT_EQ(xen_area_max_data_pages(), 0U);
	EXPECT_EQ(xen_area_create(&area, 1, 0), eopnotsupp);
	EXPECT_EQ(xen_area_create(&area, 0, 0), 0);
	EXPECT_EQ(map_header(), 0);
	EXPECT_TRUE(area_ready(area));
	EXPECT_EQ(map_data(1), ebusy);
	EXPECT_EQ(host::SeenArea(header_handle()).pages(), 1U);
}

TEST_F(Area, all_areas_together_are_limited)
{
	constexpr unsigned int many = 16;
	xen_area others[many]{};

	ASSERT_EQ(xen_area_max_all_pages(), many * 256);
	for (unsigned int i = 0; i < many; ++i)
		EXPECT_EQ(xen_area_create(&others[i], 255, 0), 0) << i;
	EXPECT_EQ(xen_area_create(&area, 0, 0), enospc);
	EXPECT_EQ(process.live_pages, many * 256);
	xen_area_release(&others[3]);
	EXPECT_EQ(xen_area_create(&area, 255, 0), 0) << "the file may try again";
	others[3] = {};
	EXPECT_EQ(xen_area_create(&others[3], 0, 0), enospc);
	for (xen_area &other : others)
		xen_area_release(&other);
}

/* No memory at any page: all of it comes back, in the count too. */
TEST_F(Area, a_failed_creation_leaves_nothing)
{
	for (unsigned int k = 0; k < 6; ++k)
		for (unsigned int n = 0; n < 1000; ++n) {
			process.fail_page = k;
			ASSERT_EQ(xen_area_create(&area, 5, 0), enomem);
			ASSERT_EQ(process.live_pages, 0U);
			ASSERT_EQ(map_header(), enxio);
		}
	EXPECT_EQ(xen_area_create(&area, 5, 0), 0);
}

TEST_F(Area, nobody_creates_or_maps_while_another_does)
{
	int second = 0, mapped = 0;

	process.on_page = [&] {
		if (second != 0)
			return;
		second = xen_area_create(&area, 1, 0);
		mapped = map_header();
	};
	EXPECT_EQ(xen_area_create(&area, 3, 0), 0);
	EXPECT_EQ(second, ebusy);
	EXPECT_EQ(mapped, enxio);
	EXPECT_EQ(process.live_pages, 4U);
}

TEST_F(Area, mapped_in_order_once_and_whole)
{
	EXPECT_EQ(map_header(), enxio);
	EXPECT_EQ(map_data(3), enxio);
	EXPECT_EQ(xen_area_create(&area, 3, 0), 0);
	EXPECT_EQ(map_data(3), enxio) << "where it would be is not known yet";
	EXPECT_EQ(map(base, 1, 0, true), eacces);
	EXPECT_EQ(map(base, 1, 0, false, false), einval);
	EXPECT_EQ(map(base, 4, 0, false), einval);
	EXPECT_EQ(map(base, 0, 0, false), einval);
	EXPECT_TRUE(process.mapped.empty());
	EXPECT_EQ(map_header(), 0);
	EXPECT_EQ(map_header(), ebusy);
	EXPECT_FALSE(area_ready(area));
	EXPECT_EQ(map(base + 4096, 3, 1, true, false), einval);
	EXPECT_EQ(map(base + 4096, 2, 1, true), einval);
	EXPECT_EQ(map(base + 4096, 4, 1, true), einval);
	EXPECT_EQ(map(base + 8192, 3, 1, true), einval);
	EXPECT_EQ(map(base, 3, 1, true), einval);
	EXPECT_EQ(map(base + 8192, 2, 2, true), einval);
	EXPECT_EQ(map(base + 4096, 3, ~u64{0}, true), einval);
	EXPECT_EQ(process.mapped.size(), 1U);
	EXPECT_FALSE(area_ready(area));
	EXPECT_EQ(map_data(3), 0);
	EXPECT_TRUE(area_ready(area));
	EXPECT_EQ(map_data(3), ebusy);
	EXPECT_EQ(process.seals, (std::vector<bool>{true, false, false, false}));
}

TEST_F(Area, the_header_says_where_everything_is)
{
	for (const u32 pages : {0U, 1U, 2U, 255U}) {
		host::reset_area();
		area = {};
		ASSERT_EQ(xen_area_create(&area, pages, 0), 0);
		ASSERT_EQ(map_header(), 0);
		if (pages != 0) {
			ASSERT_EQ(map_data(pages), 0);
		}

		const host::SeenArea seen(header_handle());

		EXPECT_EQ(seen.virt_base(), base);
		ASSERT_EQ(seen.pages(), pages + 1);
		for (u64 i = 0; i <= pages; ++i)
			EXPECT_EQ(seen.page(i), process.mapped.at(base + i * 4096)) << i;
		xen_area_release(&area);
	}
	area = {};
}

/* The highest address at which no pointer looks like another handle, and the next. */
TEST_F(Area, mapped_below_the_flags_of_handles)
{
	EXPECT_EQ(xen_area_create(&area, 2, 0), 0);
	EXPECT_EQ(map_header((u64{1} << 62) - 2 * 4096), einval);
	EXPECT_EQ(map_header(u64{1} << 63), einval);
	EXPECT_EQ(map_header((u64{1} << 62) - 3 * 4096), 0);
	EXPECT_EQ(host::SeenArea(header_handle()).virt_base(), (u64{1} << 62) - 3 * 4096);
}

TEST_F(Area, a_failed_mapping_can_be_tried_again)
{
	EXPECT_EQ(xen_area_create(&area, 4, 0), 0);
	process.fail_insert = 0;
	EXPECT_EQ(map_header(), enomem);
	EXPECT_EQ(map_header(base + 65536), 0) << "elsewhere";
	for (unsigned int k = 0; k < 4; ++k) {
		process.fail_insert = k;
		EXPECT_EQ(map_data(4, base + 65536 + 4096), enomem);
		EXPECT_FALSE(area_ready(area));
	}
	EXPECT_EQ(map_data(4, base + 65536 + 4096), 0);
	EXPECT_TRUE(area_ready(area));
	EXPECT_EQ(host::SeenArea(header_handle()).virt_base(), base + 65536);
}

TEST_F(Area, another_process_cannot_map_the_data)
{
	const int other = 0;

	EXPECT_EQ(xen_area_create(&area, 1, 0), 0);
	EXPECT_EQ(map_header(), 0);
	EXPECT_EQ(process.held[&process], 1) << "its name must not become another's";
	process.who = &other;
	EXPECT_EQ(map_data(1), eperm);
	process.who = &process;
	EXPECT_EQ(map_data(1), 0);
}

} // namespace
