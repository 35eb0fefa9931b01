/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Entries of the hashed page table as types: what stands in which bits of the two words
 * of H_ENTER, and where an address may stand in the table.
 *
 * Linux names an address by its virtual page number: VSID and page inside the segment,
 * without the lowest 12 bits, whatever the page size.  The AVPN of an entry omits 11 more
 * bits, which the hash holds, and of a large page also those that are its offset: both
 * sides of a comparison must be made by the same function, avpn().
 *
 * Pure functions of words; no state, any context.
 */
#ifndef ARCH_POWERPC_XEN_HPTE_HH
#define ARCH_POWERPC_XEN_HPTE_HH

#include <xen/core/bits.hh>
#include <xen/core/id.hh>

#include <abi/hpte.hh>

#include "layout.h"

namespace xen::ppc {

/* A virtual page number: 78 bits of virtual address without the lowest 12. */
using Vpn = Id<struct VpnTag, u64>;

/* Page sizes that Xen/PPC knows, by Linux's index; base and actual size are the same. */
enum class PageSize : int {
	Small = XEN_MMU_PAGE_4K,
	Large = XEN_MMU_PAGE_16M,
};

[[nodiscard]] constexpr unsigned int shift_of(PageSize size) noexcept
{
	return size == PageSize::Small ? page_shift : large_page_shift;
}

/* Segment sizes, by the number that the B field of an AVPN has. */
enum class Segment : int {
	Megabytes256 = XEN_MMU_SEGSIZE_256M,
	Terabyte = XEN_MMU_SEGSIZE_1T,
};

[[nodiscard]] constexpr unsigned int shift_of(Segment size) noexcept
{
	return size == Segment::Megabytes256 ? 28 : 40;
}

/* The high word. */
namespace high {
using AvpnField = Field<u64, hpte_high::avpn_shift, 57>; /* B in its upper two bits */
using SegmentField = Field<u64, 62, 2>;
using BoltedField = Field<u64, 4, 1, bool>;
using LargeField = Field<u64, 2, 1, bool>;
using SecondaryField = Field<u64, 1, 1, bool>;
using ValidField = Field<u64, 0, 1, bool>;

static_assert(AvpnField::mask == hpte_high::avpn && BoltedField::mask == hpte_high::bolted);
static_assert(LargeField::mask == hpte_high::large && ValidField::mask == hpte_high::valid);
static_assert(SecondaryField::mask == hpte_high::secondary);
} // namespace high

/* The low word. */
namespace low {
using Pp0Field = Field<u64, 63, 1, bool>;
using FrameField = Field<u64, hpte_low::rpn_shift, 50>;
using PpField = Field<u64, 0, 2>;

static_assert(Pp0Field::mask == hpte_low::pp0 && FrameField::mask == hpte_low::rpn);
static_assert(PpField::mask == hpte_low::pp);

/* What H_PROTECT changes, and where its flags have it. */
inline constexpr u64 protection = hpte_low::pp | hpte_low::no_execute;
inline constexpr unsigned int pp0_to_flag = 55;
} // namespace low

/* The two words of an entry. */
struct HpteWords {
	u64 high;
	u64 low;

	[[nodiscard]] constexpr bool valid() const noexcept { return high::ValidField::get(high); }
	[[nodiscard]] constexpr bool bolted() const noexcept
	{
		return high::BoltedField::get(high);
	}
	[[nodiscard]] constexpr bool pp0() const noexcept { return low::Pp0Field::get(low); }
};

/**
 * avpn - what an entry's high word says about @vpn: AVPN and segment size
 *
 * The form that H_ENTER, H_PROTECT, H_REMOVE and H_BULK_REMOVE take: bits 0 to 6 are zero.
 */
[[nodiscard, gnu::always_inline]] constexpr u64 avpn(Vpn vpn, PageSize size,
						     Segment segment) noexcept
{
	constexpr unsigned int omitted = 23; /* address bits below an AVPN */
	constexpr u64 offset = (u64{1} << (large_page_shift - omitted)) - 1;
	const u64 number = vpn.raw() >> (omitted - page_shift);
	const u64 page = size == PageSize::Large ? number & ~offset : number;

	return page << hpte_high::avpn_shift | static_cast<u64>(segment) << 62;
}

/** same_page - does the valid entry with this high word map what avpn() gave? */
[[nodiscard]] constexpr bool same_page(u64 high_word, u64 wanted) noexcept
{
	return high::ValidField::get(high_word) && ((high_word ^ wanted) & hpte_high::avpn) == 0;
}

/** low_word - a frame's address, aligned for its page size, and protection and WIMG */
[[nodiscard, gnu::always_inline]] constexpr u64 low_word(u64 address, PageSize size,
							 u64 flags) noexcept
{
	/* A large page's size is encoded in the lowest bits of its frame: zeros for 16 MB. */
	const u64 aligned =
		size == PageSize::Large ? address & ~((u64{1} << large_page_shift) - 1) : address;

	return (aligned & hpte_low::rpn) | flags;
}

/** may_write - do these flags of the low word let anybody write, user or kernel? */
[[nodiscard]] constexpr bool may_write(u64 flags) noexcept
{
	const u64 protection = low::PpField::get(flags);

	return protection != 3 && !(low::Pp0Field::get(flags) && protection == 2);
}

/** protect_flags - the part of H_PROTECT's flags that says the new protection */
[[nodiscard, gnu::always_inline]] constexpr u64 protect_flags(u64 protection) noexcept
{
	return (protection & low::protection) | (protection & hpte_low::pp0) >> low::pp0_to_flag;
}

/** hash_of - the primary hash of a page; its complement is the secondary one */
[[nodiscard, gnu::always_inline]] constexpr u64 hash_of(Vpn vpn, unsigned int page_bits,
							Segment segment) noexcept
{
	const unsigned int pages = shift_of(segment) - page_shift;
	const u64 vsid = vpn.raw() >> pages;
	const u64 page = (vpn.raw() & ((u64{1} << pages) - 1)) >> (page_bits - page_shift);

	return (segment == Segment::Terabyte ? vsid ^ vsid << 25 : vsid) ^ page;
}

/** group_of - the first slot of a hash's group in a table of @slots entries */
[[nodiscard, gnu::always_inline]] constexpr u64 group_of(u64 hash, u64 slots) noexcept
{
	return (hash * pteg_size) & (slots - 1);
}

} // namespace xen::ppc

#endif
