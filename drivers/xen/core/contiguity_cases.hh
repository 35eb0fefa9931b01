/* SPDX-License-Identifier: GPL-2.0 */
/* Cases of the bits that say which blocks are contiguous in the machine. */
#ifndef XEN_CORE_CONTIGUITY_CASES_HH
#define XEN_CORE_CONTIGUITY_CASES_HH

#include <xen/core/contiguity.hh>

#include "cases.hh"

namespace xen::cases::contiguity {

/* Blocks of eight frames. */
using Blocks = Contiguity<3, 128>;
static_assert(Blocks::block_pages == 8 && Blocks::end == 1024);

/* A machine in which frame p is at p + 64, but for one frame. */
struct Machine {
	Pfn odd{~0ULL};
	Result<Mfn> there = err::fault;
	std::uint64_t offset = 64;

	Result<Mfn> operator()(Pfn pfn) const noexcept
	{
		return pfn == odd ? there : Result<Mfn>{Mfn{pfn.raw() + offset}};
	}
};

XEN_CASE(nothing_is_contiguous_before_a_look)
{
	const Blocks blocks;

	for (const std::uint64_t pfn : {0ULL, 7ULL, 1016ULL, 1023ULL, 1024ULL, ~0ULL})
		CHECK(!blocks.holds(opaque(Pfn{pfn})));
}

XEN_CASE(a_block_is_known_by_each_of_its_frames)
{
	Blocks blocks;

	CHECK(blocks.examine(opaque(Pfn{515}), Machine{}));
	for (std::uint64_t pfn = 512; pfn < 520; ++pfn)
		CHECK(blocks.holds(opaque(Pfn{pfn})));
	CHECK(!blocks.holds(Pfn{511}));
	CHECK(!blocks.holds(Pfn{520}));
	CHECK_EQ(Blocks::first_of(opaque(Pfn{519})), Pfn{512});
}

XEN_CASE(one_frame_elsewhere_spoils_the_block)
{
	for (std::uint64_t i = 0; i < 8; ++i) {
		Blocks blocks;

		CHECK(!blocks.examine(Pfn{16}, Machine{Pfn{16 + i}, Mfn{16 + i + 65}}));
		CHECK(!blocks.holds(Pfn{16}));
		CHECK(!blocks.examine(Pfn{16}, Machine{Pfn{16 + i}, err::fault}));
		CHECK(!blocks.holds(Pfn{16}));
		CHECK(blocks.examine(Pfn{24}, Machine{Pfn{16 + i}, err::fault}));
	}
}

XEN_CASE(a_row_that_is_not_aligned_will_not_do)
{
	Blocks blocks;

	for (const std::uint64_t offset : {1ULL, 4ULL, 63ULL, 65ULL})
		CHECK(!blocks.examine(Pfn{0}, Machine{Pfn{~0ULL}, err::fault, offset}));
	CHECK(blocks.examine(Pfn{0}, Machine{Pfn{~0ULL}, err::fault, 1ULL << 40}));
}

XEN_CASE(clearing_concerns_one_block)
{
	Blocks blocks;

	for (std::uint64_t pfn = 0; pfn < Blocks::end; pfn += 8)
		CHECK(blocks.examine(Pfn{pfn}, Machine{}));
	blocks.clear(opaque(Pfn{519}));
	for (std::uint64_t pfn = 0; pfn < Blocks::end; ++pfn)
		CHECK_EQ(blocks.holds(Pfn{pfn}), pfn / 8 != 64);
	blocks.clear(opaque(Pfn{512}));
	CHECK(!blocks.holds(Pfn{512}));
	CHECK(blocks.holds(Pfn{0}));
}

XEN_CASE(a_second_look_counts)
{
	Blocks blocks;

	CHECK(blocks.examine(Pfn{8}, Machine{}));
	CHECK(!blocks.examine(Pfn{8}, Machine{Pfn{9}, err::fault}));
	CHECK(!blocks.holds(Pfn{8}));
	CHECK(blocks.examine(Pfn{8}, Machine{}));
	CHECK(blocks.holds(Pfn{8}));
}

XEN_CASE(blocks_behind_the_last_bit_are_never_contiguous)
{
	Blocks blocks;

	for (const std::uint64_t pfn : {1024ULL, 1ULL << 32, ~0ULL - 7}) {
		CHECK(!blocks.examine(opaque(Pfn{pfn}), Machine{}));
		blocks.clear(opaque(Pfn{pfn}));
		CHECK(!blocks.holds(opaque(Pfn{pfn})));
	}
	CHECK(blocks.examine(opaque(Pfn{1023}), Machine{}));
	CHECK(blocks.holds(opaque(Pfn{1016})));
}

inline constexpr Case all[] = {
	XEN_LIST(nothing_is_contiguous_before_a_look),
	XEN_LIST(a_block_is_known_by_each_of_its_frames),
	XEN_LIST(one_frame_elsewhere_spoils_the_block),
	XEN_LIST(a_row_that_is_not_aligned_will_not_do),
	XEN_LIST(clearing_concerns_one_block),
	XEN_LIST(a_second_look_counts),
	XEN_LIST(blocks_behind_the_last_bit_are_never_contiguous),
};
inline constexpr Suite suite{"contiguity", all};

} // namespace xen::cases::contiguity

#endif
