/* SPDX-License-Identifier: GPL-2.0 */
/* Cases of integers in a fixed byte order; they expect the same on every machine. */
#ifndef XEN_CORE_ENDIAN_CASES_HH
#define XEN_CORE_ENDIAN_CASES_HH

#include <array>
#include <bit>

#include <xen/core/endian.hh>

#include "cases.hh"

namespace xen::cases::endian {

using Bytes8 = std::array<std::uint8_t, 8>;

XEN_CASE(big_endian_puts_the_high_byte_first)
{
	const auto bytes = std::bit_cast<Bytes8>(Be<std::uint64_t>{opaque(0x0102030405060708ULL)});

	for (unsigned int i = 0; i < 8; ++i)
		CHECK_EQ(bytes[i], i + 1);
}

XEN_CASE(little_endian_puts_the_low_byte_first)
{
	const auto bytes = std::bit_cast<Bytes8>(Le<std::uint64_t>{opaque(0x0102030405060708ULL)});

	for (unsigned int i = 0; i < 8; ++i)
		CHECK_EQ(bytes[i], 8 - i);
}

XEN_CASE(load_gives_back_what_was_stored)
{
	Be<std::uint32_t> big{};
	Le<std::uint16_t> little{};

	CHECK_EQ(big.load(), 0U);
	big.store(opaque(0xdeadbeefU));
	little.store(opaque(std::uint16_t{0xcafe}));
	CHECK_EQ(big.load(), 0xdeadbeefU);
	CHECK_EQ(little.load(), 0xcafe);
	CHECK_EQ(Be<std::uint8_t>{opaque(std::uint8_t{0x80})}.load(), 0x80);
}

XEN_CASE(bytes_from_a_wire_are_read)
{
	const auto wire = opaque(std::array<std::uint8_t, 4>{0x00, 0x00, 0x01, 0x02});

	CHECK_EQ(std::bit_cast<Be<std::uint32_t>>(wire).load(), 0x102U);
	CHECK_EQ(std::bit_cast<Le<std::uint32_t>>(wire).load(), 0x02010000U);
}

XEN_CASE(signs_survive)
{
	CHECK_EQ(Be<std::int32_t>{opaque(-2)}.load(), -2);
	CHECK_EQ(Le<std::int64_t>{opaque(std::int64_t{-1} << 63)}.load(), std::int64_t{-1} << 63);
}

enum class Kind : std::uint16_t { One = 0x0100 };

XEN_CASE(enums_are_stored)
{
	const auto bytes = std::bit_cast<std::array<std::uint8_t, 2>>(Be<Kind>{opaque(Kind::One)});

	CHECK_EQ(bytes[0], 1);
	CHECK_EQ(bytes[1], 0);
	CHECK_EQ(Le<Kind>{Kind::One}.load(), Kind::One);
}

XEN_CASE(equal_bytes_are_equal)
{
	CHECK(Be<std::uint32_t>{opaque(5U)} == Be<std::uint32_t>{5});
	CHECK(!(Be<std::uint32_t>{opaque(5U)} == Be<std::uint32_t>{0x05000000}));
}

inline constexpr Case all[] = {
	XEN_LIST(big_endian_puts_the_high_byte_first),
	XEN_LIST(little_endian_puts_the_low_byte_first),
	XEN_LIST(load_gives_back_what_was_stored),
	XEN_LIST(bytes_from_a_wire_are_read),
	XEN_LIST(signs_survive),
	XEN_LIST(enums_are_stored),
	XEN_LIST(equal_bytes_are_equal),
};
inline constexpr Suite suite{"endian", all};

} // namespace xen::cases::endian

#endif
