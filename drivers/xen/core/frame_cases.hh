/* SPDX-License-Identifier: GPL-2.0 */
/* Cases of ids, frames, addresses and frame ranges. */
#ifndef XEN_CORE_FRAME_CASES_HH
#define XEN_CORE_FRAME_CASES_HH

#include <xen/core/frame_range.hh>

#include "cases.hh"

namespace xen::cases::frame {

XEN_CASE(ids_keep_their_number)
{
	CHECK_EQ(opaque(Port{0xffffffff}).raw(), 0xffffffffU);
	CHECK_EQ(opaque(DomId{0x7ff0}).raw(), 0x7ff0);
	CHECK_EQ(opaque(Mfn{~std::uint64_t{0}}).raw(), ~std::uint64_t{0});
	CHECK_EQ(Pfn{}.raw(), 0U);
}

XEN_CASE(ids_are_ordered_by_number)
{
	CHECK(opaque(VcpuId{1}) < VcpuId{2});
	CHECK(!(opaque(VcpuId{2}) < VcpuId{2}));
	/* As unsigned numbers: the highest bit is not a sign. */
	CHECK(opaque(Mfn{1ULL << 63}) > Mfn{1});
	CHECK(opaque(GrantRef{8}) != GrantRef{9});
}

XEN_CASE(frames_and_pages_add_and_subtract)
{
	Mfn mfn = opaque(Mfn{0x1000});

	CHECK_EQ(mfn + Pages{2}, Mfn{0x1002});
	CHECK_EQ(mfn - Pages{0x1000}, Mfn{0});
	CHECK_EQ(mfn - Mfn{0xfff}, Pages{1});
	CHECK_EQ(mfn - mfn, Pages{0});
	mfn += Pages{4};
	mfn -= Pages{1};
	CHECK_EQ(mfn, Mfn{0x1003});
	CHECK_EQ(++mfn, Mfn{0x1004});
	CHECK_EQ(--mfn, Mfn{0x1003});
	CHECK_EQ(opaque(Pages{3}) + Pages{4}, Pages{7});
	CHECK_EQ(opaque(Pages{4}) - Pages{3}, Pages{1});
}

XEN_CASE(addresses_need_the_page_size)
{
	const Mfn mfn = opaque(Mfn{0x12345});

	CHECK_EQ(to_addr<12>(mfn), MachAddr{0x12345000});
	CHECK_EQ(to_addr<16>(mfn), MachAddr{0x123450000});
	CHECK_EQ(to_frame<12>(opaque(MachAddr{0x12345fff})), mfn);
	CHECK_EQ(to_frame<16>(opaque(PhysAddr{0x1fffff})), Pfn{0x1f});
	CHECK_EQ(page_offset<12>(opaque(VirtAddr{0xabcdef})), 0xdefU);
	CHECK_EQ(page_offset<16>(opaque(VirtAddr{0xabcdef})), 0xcdefU);
	CHECK_EQ(to_addr<12>(opaque(Mfn{~0ULL >> 12})), MachAddr{~0ULL << 12});
}

XEN_CASE(bytes_round_up_to_pages)
{
	CHECK_EQ(pages_of<12>(opaque(0ULL)), Pages{0});
	CHECK_EQ(pages_of<12>(opaque(1ULL)), Pages{1});
	CHECK_EQ(pages_of<12>(opaque(4096ULL)), Pages{1});
	CHECK_EQ(pages_of<12>(opaque(4097ULL)), Pages{2});
	/* Adding a page minus one first would wrap. */
	CHECK_EQ(pages_of<12>(opaque(~0ULL)), Pages{1ULL << 52});
}

XEN_CASE(range_is_half_open)
{
	const MfnRange range = opaque(MfnRange{Mfn{10}, Pages{5}});

	CHECK_EQ(range.limit(), Mfn{15});
	CHECK(!range.contains(Mfn{9}));
	CHECK(range.contains(Mfn{10}));
	CHECK(range.contains(Mfn{14}));
	CHECK(!range.contains(Mfn{15}));
	CHECK_EQ(MfnRange::between(Mfn{10}, Mfn{15}), range);
	CHECK_EQ(range.count(), Pages{5});
}

XEN_CASE(range_walks_each_frame_once)
{
	std::uint64_t expected = 100;

	for (const Pfn pfn : opaque(PfnRange{Pfn{100}, Pages{4}}))
		CHECK_EQ(pfn.raw(), expected++);
	CHECK_EQ(expected, 104U);
	for (const Pfn pfn : opaque(PfnRange{Pfn{7}, Pages{0}}))
		CHECK_EQ(pfn.raw(), ~0ULL);
}

XEN_CASE(ranges_intersect)
{
	const GfnRange low = opaque(GfnRange{Gfn{0}, Pages{10}});
	const GfnRange high = opaque(GfnRange{Gfn{8}, Pages{10}});
	const GfnRange next = opaque(GfnRange{Gfn{10}, Pages{1}});

	CHECK_EQ(low.intersection(high), (GfnRange{Gfn{8}, Pages{2}}));
	CHECK_EQ(high.intersection(low), (GfnRange{Gfn{8}, Pages{2}}));
	CHECK(low.overlaps(high));
	/* Neighbours touch but share no frame. */
	CHECK(!low.overlaps(next));
	CHECK(!next.overlaps(low));
	CHECK(low.intersection(next).empty());
}

XEN_CASE(empty_range_is_nowhere)
{
	const PfnRange nothing = opaque(PfnRange{Pfn{5}, Pages{0}});
	const PfnRange around = opaque(PfnRange{Pfn{0}, Pages{10}});

	CHECK(nothing.empty());
	CHECK(!nothing.contains(Pfn{5}));
	CHECK(!around.overlaps(nothing));
	CHECK(around.contains(nothing));
	CHECK(!nothing.contains(around));
	CHECK(around.contains(around));
	CHECK(!around.contains(PfnRange{Pfn{9}, Pages{2}}));
}

XEN_CASE(range_may_end_at_the_last_number)
{
	const PfnRange top = opaque(PfnRange{Pfn{~0ULL - 2}, Pages{2}});

	CHECK_EQ(top.limit(), Pfn{~0ULL});
	CHECK(top.contains(Pfn{~0ULL - 1}));
	CHECK(!top.contains(Pfn{~0ULL}));
}

inline constexpr Case all[] = {
	XEN_LIST(ids_keep_their_number),
	XEN_LIST(ids_are_ordered_by_number),
	XEN_LIST(frames_and_pages_add_and_subtract),
	XEN_LIST(addresses_need_the_page_size),
	XEN_LIST(bytes_round_up_to_pages),
	XEN_LIST(range_is_half_open),
	XEN_LIST(range_walks_each_frame_once),
	XEN_LIST(ranges_intersect),
	XEN_LIST(empty_range_is_nowhere),
	XEN_LIST(range_may_end_at_the_last_number),
};
inline constexpr Suite suite{"frame", all};

} // namespace xen::cases::frame

#endif
