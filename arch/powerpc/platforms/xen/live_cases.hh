/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Cases that need a live domain: the hypervisor's page table through Linux's hooks, and
 * what every hypercall leaves behind.
 *
 * Entries are made for a virtual page that Linux never uses (its VSID is 0) and are bolted,
 * so that no other cpu evicts them meanwhile.  Each case removes what it entered.
 */
#ifndef ARCH_POWERPC_XEN_LIVE_CASES_HH
#define ARCH_POWERPC_XEN_LIVE_CASES_HH

#include <optional>

#include <abi/version.hh>

#include "cases.hh"
#include "pagetable.hh"
#include "ppc_cases_glue.h"
#include "xencomm.hh"

namespace xen::cases::ppc_live {

using namespace xen::ppc;

inline constexpr int small = XEN_MMU_PAGE_4K, m256 = XEN_MMU_SEGSIZE_256M;
inline constexpr u64 flags = hpte_low::referenced | hpte_low::changed | hpte_low::coherent;
/* Of the low word: no access for the user, read-only for all. */
inline constexpr u64 kernel_only = 0, read_only = 3;

inline PhysAddr spare_address() noexcept
{
	return linear_address(xen_glue_case_page());
}

/* A page of the unused segment, and where its entry may stand. */
struct Spare {
	u64 page;

	[[nodiscard]] Vpn vpn() const noexcept { return Vpn{page}; }
	[[nodiscard]] u64 wanted() const noexcept
	{
		return avpn(vpn(), PageSize::Small, Segment::Megabytes256);
	}
	[[nodiscard]] u64 group(bool secondary) const noexcept
	{
		const u64 hash = hash_of(vpn(), page_shift, Segment::Megabytes256);

		return group_of(secondary ? ~hash : hash, table.slots);
	}
	/* Enters it; the slot, or ~0. */
	[[nodiscard]] u64 enter(bool secondary, u64 protection) const noexcept
	{
		const u64 bits = hpte_high::bolted | (secondary ? hpte_high::secondary : 0);
		const long place = xen_hpte_insert(group(secondary), page, spare_address().raw(),
						   flags | protection, bits, small, small, m256);

		return place < 0 ? ~u64{0} : group(secondary) + static_cast<u64>(place) % pteg_size;
	}
	void remove(u64 slot) const noexcept
	{
		xen_hpte_invalidate(slot, page, small, small, m256, 0);
	}
};

/* The bolted entry of a kernel address, by reading both groups. */
inline std::optional<HpteWords> bolted_entry(u64 address, PageSize size) noexcept
{
	const int ssize = xen_glue_case_segment();
	const Vpn vpn{xen_glue_kernel_vpn(address, ssize)};
	const u64 wanted = avpn(vpn, size, Segment{ssize});
	const u64 hash = hash_of(vpn, shift_of(size), Segment{ssize});

	for (const u64 group : {group_of(hash, table.slots), group_of(~hash, table.slots)})
		for (u64 slot = group; slot < group + pteg_size; ++slot) {
			const auto [code, out] = h_read(slot);

			if (code == h::success && same_page(out[0], wanted))
				return HpteWords{out[0], out[1]};
		}
	return std::nullopt;
}

XEN_CASE(an_entry_goes_in_and_out)
{
	for (const bool secondary : {false, true}) {
		const Spare spare{secondary ? 0x123U : 0x456U};
		const u64 slot = spare.enter(secondary, kernel_only);

		if (!CHECK(slot != ~u64{0}))
			return;

		const auto entered = h_read(slot);

		CHECK_EQ(entered.code, h::success);
		CHECK(same_page(entered.out[0], spare.wanted()));
		CHECK_EQ(high::SecondaryField::get(entered.out[0]), secondary);
		CHECK(high::BoltedField::get(entered.out[0]));
		CHECK(!high::LargeField::get(entered.out[0]));
		CHECK_EQ(entered.out[1] & hpte_low::pp, kernel_only);
		CHECK_EQ(entered.out[1] & hpte_low::coherent, u64{hpte_low::coherent});
		spare.remove(slot);

		const auto removed = h_read(slot);

		CHECK_EQ(removed.code, h::success);
		CHECK(!same_page(removed.out[0], spare.wanted()));
	}
}

XEN_CASE(protection_changes_and_stays)
{
	const Spare spare{0x789};
	const u64 slot = spare.enter(false, kernel_only);

	if (!CHECK(slot != ~u64{0}))
		return;
	CHECK_EQ(xen_hpte_updatepp(slot, read_only, spare.page, small, small, m256, 0), 0L);
	CHECK_EQ(h_read(slot).out[1] & hpte_low::pp, read_only);
	/* Of another page there is nothing in this slot. */
	CHECK_EQ(xen_hpte_updatepp(slot, kernel_only, spare.page + 0x1000, small, small, m256, 0),
		 -1L);
	CHECK_EQ(h_read(slot).out[1] & hpte_low::pp, read_only);
	spare.remove(slot);
	CHECK_EQ(xen_hpte_updatepp(slot, kernel_only, spare.page, small, small, m256, 0), -1L);
}

XEN_CASE(bolted_entries_are_not_evicted)
{
	const Spare spare{0xabc};
	const u64 slot = spare.enter(false, kernel_only);

	if (!CHECK(slot != ~u64{0}))
		return;
	for (u64 i = 0; i < 2 * pteg_size; ++i)
		static_cast<void>(xen_hpte_remove(spare.group(false)));
	CHECK(same_page(h_read(slot).out[0], spare.wanted()));
	spare.remove(slot);
}

XEN_CASE(pp0_is_kept_or_refused)
{
	const Spare spare{0xdef};
	const u64 slot = spare.enter(false, hpte_low::pp0 | 2);

	if (!table.pp0) {
		CHECK_EQ(slot, ~u64{0});
		return;
	}
	if (!CHECK(slot != ~u64{0}))
		return;
	CHECK((HpteWords{0, h_read(slot).out[1]}).pp0());
	spare.remove(slot);
}

XEN_CASE(the_linear_map_has_the_chosen_pages)
{
	const u64 address = reinterpret_cast<u64>(xen_glue_case_page());
	const bool large = xen_glue_case_linear_size() == XEN_MMU_PAGE_16M;
	const auto entry = bolted_entry(address, large ? PageSize::Large : PageSize::Small);

	CHECK(large || xen_glue_case_linear_size() == XEN_MMU_PAGE_4K);
	if (!CHECK(entry.has_value()))
		return;
	CHECK(entry->bolted());
	CHECK_EQ(high::LargeField::get(entry->high), large);
	CHECK_EQ(entry->low & hpte_low::coherent, u64{hpte_low::coherent});
}

/* Interrupts that come in between clear the note as well: it is only never left set. */
XEN_CASE(hypercalls_give_srrs_up)
{
	paca::store<u8>(XEN_PACA_SRR_VALID, 1);
	CHECK(xen_call(XenCall::XenVersion, XenVersionOp::Version, u64{0}) > 0);
	CHECK_EQ(paca::load<u8>(XEN_PACA_SRR_VALID), 0);
	paca::store<u8>(XEN_PACA_SRR_VALID, 1);
	CHECK_EQ(h_read(0).code, h::success);
	CHECK_EQ(paca::load<u8>(XEN_PACA_SRR_VALID), 0);
	paca::store<u8>(XEN_PACA_SRR_VALID, 0);
}

inline constexpr Case all[] = {
	XEN_LIST(an_entry_goes_in_and_out),
	XEN_LIST(protection_changes_and_stays),
	XEN_LIST(bolted_entries_are_not_evicted),
	XEN_LIST(pp0_is_kept_or_refused),
	XEN_LIST(the_linear_map_has_the_chosen_pages),
	XEN_LIST(hypercalls_give_srrs_up),
};
inline constexpr Suite suite{"live", all};

} // namespace xen::cases::ppc_live

#endif
