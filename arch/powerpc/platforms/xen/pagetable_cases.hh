/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Cases of the words of a page-table entry (hpte.hh).
 *
 * An address is put together here from VSID, page and byte as the architecture names them,
 * 80 bits in two words, and what an entry says of it is cut out of those again.
 */
#ifndef ARCH_POWERPC_XEN_PAGETABLE_CASES_HH
#define ARCH_POWERPC_XEN_PAGETABLE_CASES_HH

#include "cases.hh"
#include "hpte.hh"

namespace xen::cases::pagetable {

using ppc::HpteWords;
using ppc::PageSize;
using ppc::Segment;
using ppc::u64;
using ppc::Vpn;

/* Addresses of both segment sizes, with all bits of each part used by one of them. */
struct Sample {
	u64 vsid;
	u64 page; /* of 4 KB, in its segment */
};
inline constexpr Sample samples[] = {
	{0, 0},
	{1, 1},
	{0x1fffffffff, 0xffff},
	{0x0123456789, 0x0800},
	{0x1edcba9876, 0x07ff},
	{0x1000000000, 0x1000},
	{0x0abcdef012, 0x8fff},
};

constexpr Vpn vpn_of(const Sample &sample, unsigned int page_bits = 16) noexcept
{
	return Vpn{sample.vsid << page_bits | sample.page};
}

XEN_CASE(avpn_is_the_address_without_23_bits)
{
	for (const Sample &sample : samples) {
		/* 28 bits of a segment: 12 of byte and 11 of page are left out, 5 stay. */
		const u64 expected = sample.vsid * 32 + sample.page / 2048;

		CHECK_EQ(ppc::avpn(opaque(vpn_of(sample)), PageSize::Small, Segment::Megabytes256),
			 expected * 128);
	}
}

XEN_CASE(avpn_of_a_large_page_has_no_bit_of_its_offset)
{
	for (const Sample &sample : samples) {
		/* A large page is 4096 small ones; its number has one bit more than an AVPN's. */
		const u64 expected = sample.vsid * 32 + sample.page / 4096 * 2;

		CHECK_EQ(ppc::avpn(opaque(vpn_of(sample)), PageSize::Large, Segment::Megabytes256),
			 expected * 128);
	}
}

XEN_CASE(avpn_names_the_segment_size)
{
	for (const Sample &sample : samples) {
		/* A VSID of a terabyte has 26 bits here; its pages have 28. */
		const Sample wide{sample.vsid & 0x3ffffff, sample.page << 12 | sample.page >> 4};
		const u64 expected = wide.vsid * 131072 + wide.page / 2048;

		CHECK_EQ(ppc::avpn(opaque(vpn_of(wide, 28)), PageSize::Small, Segment::Terabyte),
			 0x4000000000000000 | expected * 128);
	}
}

XEN_CASE(hash_mixes_vsid_and_page)
{
	for (const Sample &sample : samples) {
		const Vpn vpn = opaque(vpn_of(sample));

		CHECK_EQ(ppc::hash_of(vpn, 12, Segment::Megabytes256), sample.vsid ^ sample.page);
		CHECK_EQ(ppc::hash_of(vpn, 24, Segment::Megabytes256),
			 sample.vsid ^ sample.page / 4096);
	}
	CHECK_EQ(ppc::hash_of(opaque(Vpn{5ULL << 28 | 0x1234567}), 12, Segment::Terabyte),
		 (5ULL + 5ULL * 0x2000000) ^ 0x1234567);
}

XEN_CASE(groups_are_eight_slots_of_the_table)
{
	CHECK_EQ(ppc::group_of(opaque(u64{0}), 16384), 0U);
	CHECK_EQ(ppc::group_of(opaque(u64{3}), 16384), 24U);
	CHECK_EQ(ppc::group_of(opaque(u64{2048}), 16384), 0U);
	CHECK_EQ(ppc::group_of(~opaque(u64{0}), 16384), 16376U);
	/* The two groups of an address never are the same. */
	for (const Sample &sample : samples) {
		const u64 hash = ppc::hash_of(vpn_of(sample), 12, Segment::Megabytes256);

		CHECK_EQ(ppc::group_of(hash, 16384) + ppc::group_of(~hash, 16384), 16376U);
	}
}

XEN_CASE(pages_are_the_same_by_avpn_only)
{
	const u64 wanted = ppc::avpn(Vpn{0x12345678}, PageSize::Small, Segment::Megabytes256);

	CHECK(ppc::same_page(opaque(wanted | 1), wanted));
	CHECK(ppc::same_page(opaque(wanted | 0x7f), wanted));
	CHECK(!ppc::same_page(opaque(wanted), wanted));
	CHECK(!ppc::same_page(opaque(wanted | 0x7e), wanted));
	CHECK(!ppc::same_page(opaque(wanted ^ 0x80) | 1, wanted));
	CHECK(!ppc::same_page(opaque(wanted ^ 1ULL << 63) | 1, wanted));
}

XEN_CASE(low_word_holds_an_aligned_frame)
{
	CHECK_EQ(ppc::low_word(opaque(u64{0x12345000}), PageSize::Small, 0x192), 0x12345192U);
	CHECK_EQ(ppc::low_word(opaque(u64{0x12345000}), PageSize::Large, 0x190), 0x12000190U);
	CHECK_EQ(ppc::low_word(opaque(~u64{0}), PageSize::Small, 0), 0x3ffffffffffff000U);
	CHECK_EQ(ppc::low_word(0, PageSize::Small, 1ULL << 63 | 2), 0x8000000000000002U);
}

XEN_CASE(words_have_named_bits)
{
	CHECK((HpteWords{opaque(u64{0x11}), 0}).valid());
	CHECK((HpteWords{opaque(u64{0x11}), 0}).bolted());
	CHECK(!(HpteWords{opaque(u64{0xfffffffffffffffe}), 0}).valid());
	CHECK(!(HpteWords{opaque(~u64{0x10}), 0}).bolted());
	CHECK((HpteWords{0, opaque(1ULL << 63)}).pp0());
	CHECK(!(HpteWords{0, opaque(~(1ULL << 63))}).pp0());
}

XEN_CASE(protection_travels_in_flags)
{
	for (u64 bits = 0; bits < 8; ++bits) {
		CHECK_EQ(ppc::protect_flags(opaque(bits)), bits);
		CHECK_EQ(ppc::protect_flags(opaque(bits | 0x1f8)), bits);
		CHECK_EQ(ppc::protect_flags(opaque(bits | 1ULL << 63)), bits | 0x100);
	}
	/* No other bit may come out as a flag of some other meaning. */
	CHECK_EQ(ppc::protect_flags(opaque(0x7ffffffffffffff8ULL)), 0U);
}

inline constexpr Case all[] = {
	XEN_LIST(avpn_is_the_address_without_23_bits),
	XEN_LIST(avpn_of_a_large_page_has_no_bit_of_its_offset),
	XEN_LIST(avpn_names_the_segment_size),
	XEN_LIST(hash_mixes_vsid_and_page),
	XEN_LIST(groups_are_eight_slots_of_the_table),
	XEN_LIST(pages_are_the_same_by_avpn_only),
	XEN_LIST(low_word_holds_an_aligned_frame),
	XEN_LIST(words_have_named_bits),
	XEN_LIST(protection_travels_in_flags),
};
inline constexpr Suite suite{"pagetable", all};

} // namespace xen::cases::pagetable

#endif
