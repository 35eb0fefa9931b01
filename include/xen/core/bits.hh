/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Field - some adjacent bits of a word, with a type for what they mean.
 *
 * Bit 0 is the least significant one on every architecture (IBM's manuals count
 * from the other end: subtract from the word's width once, where the field is
 * declared).  A value that does not fit breaks a contract; it never spills into
 * the neighbours.
 */
#ifndef XEN_CORE_BITS_HH
#define XEN_CORE_BITS_HH

#include <concepts>
#include <cstdint>
#include <limits>
#include <type_traits>

#include <xen/core/contract.hh>

namespace xen {

namespace detail {

/* A field's value is an integer, a bool, an enum, or an Id with raw(). */
template <class V>
concept Raw = requires(V v) {
	typename V::Raw;
	{ v.raw() } -> std::same_as<typename V::Raw>;
};

template <std::unsigned_integral Word, class V> constexpr Word to_word(V value) noexcept
{
	if constexpr (Raw<V>)
		return static_cast<Word>(value.raw());
	else
		return static_cast<Word>(value);
}

template <class V, std::unsigned_integral Word> constexpr V from_word(Word bits) noexcept
{
	if constexpr (Raw<V>)
		return V{static_cast<typename V::Raw>(bits)};
	else
		return static_cast<V>(bits);
}

} // namespace detail

/**
 * struct Field - bits [Lo, Lo + Width) of a word
 * @Word: the unsigned type of the whole word
 * @Lo: lowest bit
 * @Width: number of bits, at least one
 * @Value: what the bits mean: unsigned integer, bool, enum or Id
 *
 * An enum read from a word may have no name for its value: the reader decides.
 */
template <std::unsigned_integral Word, unsigned int Lo, unsigned int Width, class Value = Word>
struct Field {
	static constexpr unsigned int word_bits = std::numeric_limits<Word>::digits;

	static_assert(Width > 0 && Lo < word_bits && Width <= word_bits - Lo,
		      "field lies inside its word");
	static_assert(!std::same_as<Value, bool> || Width == 1, "a bool is one bit");
	static_assert(!std::is_signed_v<Value>, "fields are unsigned");

	/* The largest value, and the field's place in the word. */
	static constexpr Word max =
		static_cast<Word>(std::numeric_limits<Word>::max() >> (word_bits - Width));
	static constexpr Word mask = static_cast<Word>(max << Lo);

	/** get - the field's value in @word */
	[[nodiscard]] static constexpr Value get(Word word) noexcept
	{
		return detail::from_word<Value>(static_cast<Word>((word & mask) >> Lo));
	}

	/** fits - can the field hold @value? */
	[[nodiscard]] static constexpr bool fits(Value value) noexcept
	{
		/* Compared before it is cut to the word: Value may be wider. */
		return detail::to_word<std::uint64_t>(value) <= max;
	}

	/** make - a word with @value here and zero elsewhere; contract: it fits */
	[[nodiscard]] static constexpr Word make(Value value) noexcept
	{
		contract(fits(value), "value fits its field");
		return static_cast<Word>(detail::to_word<Word>(value) << Lo);
	}

	/** insert - @word with @value here, all other bits as they were; contract: it fits */
	[[nodiscard]] static constexpr Word insert(Word word, Value value) noexcept
	{
		return static_cast<Word>((word & static_cast<Word>(~mask)) | make(value));
	}

	/** set - insert in place; not atomic; contract: @value fits */
	static constexpr void set(Word &word, Value value) noexcept { word = insert(word, value); }
};

} // namespace xen

#endif
