// SPDX-License-Identifier: GPL-2.0
/* hpte_updateboltedpp and hpte_removebolted: entries found by address. */
#include "pagetable_rig.hh"

namespace {

using namespace host;

constexpr u64 address = 0xc000000001234000;
constexpr u64 large_address = 0xc000000045000000;
constexpr long no_entry = -2; /* -ENOENT */

Page page_of(u64 ea)
{
	return {kernel_vsid(ea), (ea >> 12) & 0xffff};
}

class Bolted : public PageTable {
protected:
	/* As Linux's linear map has it, in the group of one hash or the other. */
	u64 bolt(u64 ea, bool secondary = false)
	{
		return inserted(page_of(ea), (ea & 0xfffffff) >> 12, kernel_rw,
				bolted | (secondary ? second : 0));
	}
	void bolt_large(u64 ea)
	{
		const Page at = page_of(ea);
		const u64 group = ((at.vsid ^ at.number >> 12) % (FakeHpt::slots / 8)) * 8;

		ASSERT_GE(xen_hpte_insert(group, at.vpn(), ea & 0xfffffff, kernel_rw, bolted, large,
					  large, 0),
			  0);
	}
	void protect(u64 ea, u64 pp, int size = small) { xen_hpte_updateboltedpp(pp, ea, size, 0); }
};

TEST_F(Bolted, protects_in_either_group)
{
	for (const bool secondary : {false, true}) {
		const u64 ea = address + (secondary ? 0x1000 : 0);

		bolt(ea, secondary);
		for (u64 pp = 0; pp < 8; ++pp) {
			protect(ea, pp);
			EXPECT_EQ(look_up(page_of(ea))->pp, pp & 3);
			EXPECT_EQ(look_up(page_of(ea))->no_execute, pp >= 4);
		}
		EXPECT_EQ(look_up(page_of(ea))->frame, (ea & 0xfffffff) >> 12);
	}
	EXPECT_TRUE(services.odd.empty());
}

TEST_F(Bolted, protects_in_any_slot_of_a_full_group)
{
	const Page at = page_of(address);

	for (u64 n = 0; n < 7; ++n)
		inserted(in_group(at.first_group(), n), n);
	bolt(address);
	protect(address, 3);
	EXPECT_EQ(look_up(at)->pp, 3U);
	for (u64 n = 0; n < 7; ++n)
		EXPECT_EQ(look_up(in_group(at.first_group(), n))->pp, 2U);
}

TEST_F(Bolted, protects_and_removes_large_pages)
{
	bolt_large(large_address);
	bolt_large(large_address + 0x1000000);
	protect(large_address + 0x800000, 3, large);
	EXPECT_EQ(look_up(page_of(large_address))->pp, 3U);
	EXPECT_EQ(look_up(page_of(large_address + 0x1000000))->pp, 0U);
	EXPECT_EQ(xen_hpte_removebolted(large_address, large, 0), 0);
	EXPECT_FALSE(look_up(page_of(large_address)));
	EXPECT_TRUE(look_up(page_of(large_address + 0x1000000)));
}

TEST_F(Bolted, reads_right_from_either_hypervisor)
{
	xen.historical = false;
	bolt(address);
	protect(address, 3);
	EXPECT_EQ(look_up(page_of(address))->pp, 3U);
	for (const auto &call : xen.calls) {
		if (call.token == h_read_token) {
			EXPECT_EQ(call.args[0], 0U) << "H_READ_4 means two different things";
		}
	}
}

TEST_F(Bolted, leaves_entries_alone_that_only_look_alike)
{
	const Page at = page_of(address);
	const u64 slot = inserted(at, 1); /* the same page, not bolted */

	protect(address, 3);
	EXPECT_EQ(look_up(at)->pp, 2U);
	EXPECT_EQ(services.odd.size(), 1U);
	EXPECT_EQ(xen_hpte_removebolted(address, small, 0), no_entry);
	EXPECT_TRUE(xen.table[slot].valid());
	/* In the primary group with H: another page's. */
	xen.table[slot].high |= bolted | second;
	EXPECT_EQ(xen_hpte_removebolted(address, small, 0), no_entry);
	/* Not valid. */
	xen.table[slot].high &= ~(second | 1);
	EXPECT_EQ(xen_hpte_removebolted(address, small, 0), no_entry);
	EXPECT_EQ(xen.count(h_protect_token), 0U);
	EXPECT_EQ(xen.count(h_remove_token), 0U);
}

TEST_F(Bolted, removes_and_says_when_there_is_nothing)
{
	bolt(address);
	EXPECT_EQ(xen_hpte_removebolted(address, small, 0), 0);
	EXPECT_EQ(xen.used(), 0U);
	EXPECT_EQ(xen_hpte_removebolted(address, small, 0), no_entry);
	EXPECT_TRUE(services.failed.empty());
	EXPECT_TRUE(services.odd.empty());
}

TEST_F(Bolted, pretends_for_the_window)
{
	const u64 window = 0xc000000000000000 + (FakeHpt::window_first << 12);

	for (const u64 page : {u64{0}, u64{2047}, u64{4095}}) {
		EXPECT_EQ(xen_hpte_removebolted(window + (page << 12), small, 0), 0);
		protect(window + (page << 12), 3);
	}
	EXPECT_EQ(xen.calls.size(), 0U);
	EXPECT_EQ(xen_hpte_removebolted(window + 0x1000000, small, 0), no_entry);
	EXPECT_EQ(xen_hpte_removebolted(window - 0x1000, small, 0), no_entry);
	EXPECT_TRUE(services.odd.empty());
}

TEST_F(Bolted, goes_on_after_a_read_that_fails)
{
	const Page at = page_of(address);

	inserted(in_group(at.first_group(), 0), 1);
	bolt(address);
	for (int n = 0; n < 4; ++n)
		xen.fail(h_read_token, 1, -1);
	protect(address, 3);
	EXPECT_EQ(look_up(at)->pp, 3U);
	EXPECT_EQ(services.failed,
		  std::vector<std::string>{"H_READ " + std::to_string(at.first_group()) + " -1"});
}

TEST_F(Bolted, reads_again_what_it_could_not_read)
{
	bolt(address);
	for (int n = 0; n < 3; ++n)
		xen.fail(h_read_token, 1, -1);
	EXPECT_EQ(xen_hpte_removebolted(address, small, 0), 0);
	EXPECT_EQ(xen.used(), 0U);
	EXPECT_TRUE(services.failed.empty());
}

TEST_F(Bolted, does_not_leave_an_entry_behind_that_it_cannot_read)
{
	bolt(address);
	for (int n = 0; n < 4; ++n)
		xen.fail(h_read_token, 1, -1);
	static_cast<void>(xen_hpte_removebolted(address, small, 0));
	EXPECT_EQ(services.stale.size(), 1U) << "the kernel would have stopped";
	EXPECT_EQ(xen.used(), 1U);
}

TEST_F(Bolted, names_the_protect_that_failed)
{
	const u64 slot = bolt(address);

	xen.fail(h_protect_token, 1, -4);
	protect(address, 3);
	EXPECT_EQ(services.failed,
		  std::vector<std::string>{"H_PROTECT " + std::to_string(slot) + " -4"});
	EXPECT_TRUE(look_up(page_of(address))) << "the kernel lives there";
}

TEST_F(Bolted, never_makes_a_kernel_page_writable_for_users)
{
	bolt(address);
	protect(address, u64{1} << 63 | 2);
	EXPECT_EQ(look_up(page_of(address))->pp, 0U);
	EXPECT_EQ(services.odd.size(), 1U);

	xen.table = {};
	start_modern();
	services.odd.clear();
	bolt(address);
	protect(address, u64{1} << 63 | 2);
	EXPECT_EQ(look_up(page_of(address))->pp, 6U);
	EXPECT_TRUE(services.odd.empty());
}

} // namespace
