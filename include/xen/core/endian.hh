/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Be, Le - integers stored in a fixed byte order.
 *
 * Size, alignment and bytes are those of the integer in that order, so that a
 * structure of them is a wire format.  The value comes out by load() only: nothing
 * converts by accident, and a native integer is never assigned by accident.
 * Plain memory: for memory that another domain writes, take a Shared snapshot first.
 */
#ifndef XEN_CORE_ENDIAN_HH
#define XEN_CORE_ENDIAN_HH

#include <bit>
#include <concepts>
#include <cstdint>
#include <type_traits>

namespace xen {

static_assert(std::endian::native == std::endian::little || std::endian::native == std::endian::big,
	      "no mixed-endian machine");

/** byte_swap - @value with its bytes in the opposite order */
template <std::unsigned_integral T> [[nodiscard]] constexpr T byte_swap(T value) noexcept
{
	if constexpr (sizeof(T) == 1)
		return value;
	else if constexpr (sizeof(T) == 2)
		return __builtin_bswap16(value);
	else if constexpr (sizeof(T) == 4)
		return __builtin_bswap32(value);
	else
		return __builtin_bswap64(value);
}

/**
 * class Stored - an integer or enum in a given byte order
 * @T: integer or enum of 1, 2, 4 or 8 bytes
 * @Order: how memory holds it
 */
template <class T, std::endian Order>
	requires(std::is_integral_v<T> || std::is_enum_v<T>)
class Stored {
	struct OfEnum {
		using Type = std::underlying_type<T>;
	};
	struct OfInteger {
		using Type = std::type_identity<T>;
	};
	using Integer =
		typename std::conditional_t<std::is_enum_v<T>, OfEnum, OfInteger>::Type::type;
	using Bits = std::make_unsigned_t<Integer>;

public:
	Stored() noexcept = default;
	explicit constexpr Stored(T value) noexcept : bits_(order(static_cast<Bits>(value))) {}

	/** load - the value in the machine's own order */
	[[nodiscard]] constexpr T load() const noexcept { return static_cast<T>(order(bits_)); }

	/** store - replace the value; not atomic */
	constexpr void store(T value) noexcept { bits_ = order(static_cast<Bits>(value)); }

	/* Equal values in the same order have equal bytes. */
	friend constexpr bool operator==(Stored, Stored) noexcept = default;

private:
	static constexpr Bits order(Bits bits) noexcept
	{
		return Order == std::endian::native ? bits : byte_swap(bits);
	}

	Bits bits_;
};

template <class T> using Be = Stored<T, std::endian::big>;
template <class T> using Le = Stored<T, std::endian::little>;

static_assert(sizeof(Be<std::uint64_t>) == 8 &&
	      alignof(Be<std::uint64_t>) == alignof(std::uint64_t));
static_assert(std::is_trivial_v<Le<std::uint16_t>> && std::is_standard_layout_v<Le<std::uint16_t>>);

} // namespace xen

#endif
