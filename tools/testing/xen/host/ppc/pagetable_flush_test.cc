// SPDX-License-Identifier: GPL-2.0
/* flush_hash_range by single and by bulk calls, and hpte_clear_all. */
#include <cstring>

#include "pagetable_rig.hh"

namespace {

using namespace host;
using xen::ppc::Feature;

class Flush : public PageTable {
protected:
	/* Enters @page and puts it into Linux's batch at @index, as its PTE says. */
	u64 batch(u64 index, const Page &page, bool secondary = false)
	{
		const long place = insert(page, 0x100 + index, user_rw, secondary ? second : 0);

		EXPECT_GE(place, 0);
		put(index, page, static_cast<u64>(place));
		return (secondary ? page.second_group() : page.first_group()) +
		       static_cast<u64>(place) % 8;
	}
	void put(u64 index, const Page &page, u64 place)
	{
		/* A PTE is big-endian; other bits of it are set as well. */
		const u64 pte = (place << 53 | 0xc000000012345386) & 0xdfffffffffffffff;
		const u64 vpn = page.vpn();
		unsigned char bytes[8];

		for (unsigned int i = 0; i < 8; ++i)
			bytes[i] = static_cast<unsigned char>(pte >> (56 - 8 * i));
		std::memcpy(services.batch + XEN_BATCH_PTE + 8 * index, bytes, sizeof bytes);
		std::memcpy(services.batch + XEN_BATCH_VPN + 8 * index, &vpn, sizeof vpn);
	}
	static Page numbered(u64 n) { return {0x98765 + n * 0x10001, n * 77 % 0x10000}; }
	void sizes()
	{
		const unsigned int psize = small;
		const int ssize = 0;

		std::memcpy(services.batch + XEN_BATCH_PSIZE, &psize, sizeof psize);
		std::memcpy(services.batch + XEN_BATCH_SSIZE, &ssize, sizeof ssize);
	}
	void SetUp() override { sizes(); }
};

TEST_F(Flush, removes_exactly_the_first_entries)
{
	for (const bool bulk : {false, true}) {
		if (bulk)
			start_modern();
		for (u64 number = 0; number <= 14; ++number) {
			for (u64 n = 0; n < 16; ++n)
				batch(n, numbered(n), n % 3 == 1);
			xen.calls.clear();
			xen_hpte_flush_range(number, 0);
			for (u64 n = 0; n < 16; ++n)
				EXPECT_EQ(look_up(numbered(n)).has_value(), n >= number)
					<< n << " of " << number;
			EXPECT_EQ(xen.calls.size(), bulk ? (number + 3) / 4 : number);
			xen.table = {};
		}
	}
	EXPECT_TRUE(services.failed.empty());
}

TEST_F(Flush, one_entry_needs_no_bulk_call)
{
	start_modern();
	batch(0, numbered(0));
	xen_hpte_flush_range(1, 1);
	EXPECT_EQ(xen.count(h_bulk_token), 0U);
	EXPECT_EQ(xen.used(), 0U);
}

TEST_F(Flush, spares_what_stands_there_instead)
{
	start_modern();
	for (u64 n = 0; n < 8; ++n)
		batch(n, numbered(n));
	/* The second is gone, the third was replaced by another page of its group. */
	const u64 gone = look_up(numbered(1))->slot, replaced = look_up(numbered(2))->slot;

	xen.table[gone] = {};
	xen.table[replaced] = {};
	const Page other = in_group(replaced / 8 * 8, 3);

	inserted(other, 0x50);
	xen_hpte_flush_range(8, 0);
	EXPECT_TRUE(look_up(other));
	EXPECT_EQ(xen.used(), 1U);
	EXPECT_TRUE(services.failed.empty());
}

TEST_F(Flush, does_one_by_one_what_a_bulk_call_left_undone)
{
	start_modern();
	for (const s64 code : {-4L, -1L, -2L, 1L}) {
		for (u64 n = 0; n < 6; ++n)
			batch(n, numbered(n));
		xen.fail(h_bulk_token, 1, code);
		xen_hpte_flush_range(6, 0);
		EXPECT_EQ(xen.used(), 0U);
		EXPECT_EQ(services.failed.size(), 1U);
		EXPECT_NE(services.failed[0].find("H_BULK_REMOVE"), std::string::npos);
		services.failed.clear();
		xen.fail_none();
	}
	EXPECT_TRUE(services.stale.empty());
}

TEST_F(Flush, looks_at_each_answer_of_a_call_that_succeeded)
{
	start_modern();
	for (unsigned int skipped = 0; skipped < 4; ++skipped) {
		xen.bulk_skips = skipped;
		for (u64 n = 0; n < 8; ++n)
			batch(n, numbered(n));
		xen.calls.clear();
		xen_hpte_flush_range(8, 0);
		EXPECT_EQ(xen.used(), 0U) << skipped;
		EXPECT_EQ(xen.count(h_remove_token), 2U);
	}
	EXPECT_TRUE(services.failed.empty());
}

TEST_F(Flush, stops_the_kernel_when_an_entry_cannot_be_removed)
{
	start_modern();
	for (u64 n = 0; n < 4; ++n)
		batch(n, numbered(n));
	xen.fail(h_bulk_token, 0, -1);
	xen.fail(h_remove_token, 0, -1);
	xen_hpte_flush_range(4, 0);
	EXPECT_EQ(services.stale.size(), 4U) << "the first of them panics";
}

TEST_F(Flush, uses_no_bulk_call_where_groups_need_locks)
{
	xen.historical = false;
	start({Feature::BulkRemove});
	EXPECT_EQ(services.found, "small locks");
	for (u64 n = 0; n < 8; ++n)
		batch(n, numbered(n));
	xen_hpte_flush_range(8, 0);
	EXPECT_EQ(xen.count(h_bulk_token), 0U);
	EXPECT_EQ(xen.used(), 0U);
}

TEST_F(Flush, clears_the_whole_table)
{
	for (const bool bulk : {false, true}) {
		if (bulk)
			start_modern();
		inserted({1, 1}, 1);
		inserted({2, 2}, 2, kernel_rw, bolted);
		xen.table[0] = xen.table[FakeHpt::slots - 1] = Entry{0x12345681, 0x190};
		xen.calls.clear();
		xen_hpte_clear_all();
		EXPECT_EQ(xen.used(), 0U);
		EXPECT_EQ(xen.calls.size(), bulk ? FakeHpt::slots / 4 : FakeHpt::slots);
		for (const auto &call : xen.calls)
			ASSERT_EQ(call.soft_mask, 0) << "kexec takes no locks";
	}
	EXPECT_EQ(services.not_cleared, 0U);
}

TEST_F(Flush, clears_what_a_bulk_call_left_undone)
{
	start_modern();
	for (unsigned int skipped = 0; skipped < 4; ++skipped) {
		xen.bulk_skips = skipped;
		for (auto &entry : xen.table)
			entry = Entry{0x12345681, 0x190};
		xen.calls.clear();
		xen_hpte_clear_all();
		EXPECT_EQ(xen.used(), 0U) << skipped;
		EXPECT_EQ(xen.count(h_remove_token), FakeHpt::slots / 4);
	}
	EXPECT_EQ(services.not_cleared, 0U);

	/* And what refuses to go is counted. */
	xen.fail(h_remove_token, 3, -1);
	inserted({1, 1}, 1);
	xen_hpte_clear_all();
	EXPECT_EQ(services.not_cleared, 1U);
}

TEST_F(Flush, clears_what_it_can)
{
	inserted({1, 1}, 1);
	xen.fail(h_remove_token, 5, -1);
	xen.fail(h_remove_token, 8, -3);
	xen_hpte_clear_all();
	EXPECT_EQ(services.not_cleared, 2U);
	EXPECT_EQ(xen.used(), 0U);

	xen.fail_none();
	start_modern();
	inserted({1, 1}, 1);
	xen.fail(h_bulk_token, 0, -1);
	services.not_cleared = 0;
	xen_hpte_clear_all();
	EXPECT_EQ(services.not_cleared, 0U);
	EXPECT_EQ(xen.used(), 0U);
}

} // namespace
