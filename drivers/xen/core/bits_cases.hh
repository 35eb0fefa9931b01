/* SPDX-License-Identifier: GPL-2.0 */
/* Cases of bit fields. */
#ifndef XEN_CORE_BITS_CASES_HH
#define XEN_CORE_BITS_CASES_HH

#include <xen/core/abi.hh>
#include <xen/core/bits.hh>
#include <xen/core/frame.hh>

#include "cases.hh"

namespace xen::cases::bits {

enum class Colour : std::uint8_t { Red = 0, Green = 1, Blue = 2 };

using Low = Field<std::uint64_t, 0, 12>;
using Middle = Field<std::uint64_t, 12, 40, Mfn>;
using Top = Field<std::uint64_t, 63, 1, bool>;
using Whole = Field<std::uint64_t, 0, 64>;
using Paint = Field<std::uint32_t, 30, 2, Colour>;
using Nibble = Field<std::uint8_t, 4, 4>;

static_assert(Low::mask == 0xfff && Top::mask == 1ULL << 63 && Whole::mask == ~0ULL);
static_assert(Middle::mask == 0x000ffffffffff000 && Nibble::mask == 0xf0);
static_assert(Whole::make(~0ULL) == ~0ULL && Paint::make(Colour::Blue) == 0x80000000);
static_assert(Nibble::insert(0x0f, 0xa) == 0xaf && Nibble::get(0xaf) == 0xa);

XEN_CASE(get_finds_the_value)
{
	const std::uint64_t word = opaque(0x80012345678ab063ULL);

	CHECK_EQ(Low::get(word), 0x063U);
	CHECK_EQ(Middle::get(word), Mfn{0x12345678ab});
	CHECK_EQ(Top::get(word), true);
	CHECK_EQ(Whole::get(word), word);
	CHECK_EQ(Top::get(opaque(~0ULL >> 1)), false);
}

XEN_CASE(insert_leaves_the_neighbours)
{
	const std::uint64_t ones = opaque(~0ULL);

	CHECK_EQ(Middle::insert(ones, Mfn{0}), 0xfff0000000000fffULL);
	CHECK_EQ(Middle::insert(opaque(0ULL), Mfn{0xffffffffff}), Middle::mask);
	CHECK_EQ(Low::insert(ones, 0x5a5), 0xfffffffffffff5a5ULL);
	CHECK_EQ(Top::insert(ones, false), ~0ULL >> 1);
}

XEN_CASE(set_works_in_place)
{
	std::uint8_t small = opaque(std::uint8_t{0x5a});
	std::uint64_t word = opaque(0ULL);

	Nibble::set(small, 0xc);
	CHECK_EQ(small, 0xca);
	Middle::set(word, Mfn{0xabc});
	Low::set(word, 0x7);
	Top::set(word, true);
	CHECK_EQ(word, 0x8000000000abc007ULL);
}

XEN_CASE(fits_knows_the_width)
{
	CHECK(Low::fits(opaque(0xfffULL)));
	CHECK(!Low::fits(opaque(0x1000ULL)));
	CHECK(Middle::fits(opaque(Mfn{0xffffffffff})));
	CHECK(!Middle::fits(opaque(Mfn{0x10000000000})));
	CHECK(Whole::fits(opaque(~0ULL)));
	/* A value wider than the word is not cut until it fits. */
	using Narrow = Field<std::uint32_t, 0, 20, std::uint64_t>;
	CHECK(Narrow::fits(opaque(std::uint64_t{0xfffff})));
	CHECK(!Narrow::fits(opaque(std::uint64_t{1} << 32)));
}

XEN_CASE(enums_pass_through)
{
	CHECK_EQ(Paint::make(opaque(Colour::Green)), 0x40000000U);
	CHECK_EQ(Paint::get(opaque(0x80000001U)), Colour::Blue);
	/* A value without a name survives: its reader decides. */
	CHECK_EQ(static_cast<unsigned int>(Paint::get(opaque(0xc0000000U))), 3U);
}

XEN_CASE(mmu_command_sits_in_the_low_bits)
{
	const std::uint64_t ptr = opaque(0x123456788ULL);

	CHECK_EQ(MmuUpdate::Command::insert(ptr, MmuCommand::MachphysUpdate), 0x123456789ULL);
	CHECK_EQ(MmuUpdate::Command::get(ptr | 2), MmuCommand::PtUpdatePreserveAd);
}

inline constexpr Case all[] = {
	XEN_LIST(get_finds_the_value), XEN_LIST(insert_leaves_the_neighbours),
	XEN_LIST(set_works_in_place),  XEN_LIST(fits_knows_the_width),
	XEN_LIST(enums_pass_through),  XEN_LIST(mmu_command_sits_in_the_low_bits),
};
inline constexpr Suite suite{"bits", all};

} // namespace xen::cases::bits

#endif
