/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Shared - memory that Xen or another domain writes while we look.
 *
 * The object can only be copied out whole, word by word, each word read exactly
 * once: what is checked is what is used, however often the other side writes.
 * Words may still be of different ages; where the ABI has a protocol for that (a
 * version count, a ring index), the caller follows it with single-word loads.
 *
 * The changes of words are atomic, and what was read or written before one is ordered
 * before it.  What comes after is not in full: on Power a later load may be done before
 * the change is visible to others.  Whoever needs that adds a sequentially consistent
 * fence (__atomic_thread_fence).
 *
 * The type has T's size, alignment and bytes and is never constructed over live
 * memory: declare members of it in ABI structures and map those.
 */
#ifndef XEN_CORE_SHARED_HH
#define XEN_CORE_SHARED_HH

#include <array>
#include <bit>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <type_traits>

namespace xen {

namespace detail {

/* Words of every size may be read out of any object. */
using Word8 [[gnu::may_alias]] = std::uint8_t;
using Word16 [[gnu::may_alias]] = std::uint16_t;
using Word32 [[gnu::may_alias]] = std::uint32_t;
using Word64 [[gnu::may_alias]] = std::uint64_t;

/* The widest word that T is made of and aligned to. */
template <class T> constexpr auto widest_word() noexcept
{
	if constexpr (sizeof(T) % 8 == 0 && alignof(T) >= 8)
		return std::type_identity<std::uint64_t>{};
	else if constexpr (sizeof(T) % 4 == 0 && alignof(T) >= 4)
		return std::type_identity<std::uint32_t>{};
	else if constexpr (sizeof(T) % 2 == 0 && alignof(T) >= 2)
		return std::type_identity<std::uint16_t>{};
	else
		return std::type_identity<std::uint8_t>{};
}

inline std::uint8_t read_once(const std::uint8_t &, const void *at) noexcept
{
	return *static_cast<const volatile Word8 *>(at);
}
inline std::uint16_t read_once(const std::uint16_t &, const void *at) noexcept
{
	return *static_cast<const volatile Word16 *>(at);
}
inline std::uint32_t read_once(const std::uint32_t &, const void *at) noexcept
{
	return *static_cast<const volatile Word32 *>(at);
}
inline std::uint64_t read_once(const std::uint64_t &, const void *at) noexcept
{
	return *static_cast<const volatile Word64 *>(at);
}

} // namespace detail

/* What one instruction reads and writes. */
template <class T>
concept SharedWord = std::unsigned_integral<T> && !std::same_as<T, bool> && sizeof(T) <= 8;

/**
 * class Shared - read-only view of foreign-written memory
 * @T: trivially copyable
 */
template <class T> class Shared {
	static_assert(std::is_trivially_copyable_v<T>);

	using Word = typename decltype(detail::widest_word<T>())::type;

public:
	Shared() noexcept = default;
	Shared(const Shared &) = delete;
	Shared &operator=(const Shared &) = delete;

	/**
	 * snapshot - a private copy
	 *
	 * Each word is read once, in ascending order, with no barrier.  Any context.
	 */
	[[nodiscard]] T snapshot() const noexcept
	{
		std::array<Word, sizeof(T) / sizeof(Word)> copy;

		for (std::size_t i = 0; i < copy.size(); ++i)
			copy[i] = detail::read_once(Word{},
						    reinterpret_cast<const Word *>(&memory_) + i);
		return std::bit_cast<T>(copy);
	}

	/** load - the word now; what Xen wrote before it is visible afterwards */
	[[nodiscard]] T load() const noexcept requires SharedWord<T>
	{
		return __atomic_load_n(&memory_, __ATOMIC_ACQUIRE);
	}

	/** exchange - replace the word, return what it was; no store-load barrier */
	T exchange(T value) noexcept requires SharedWord<T>
	{
		return __atomic_exchange_n(&memory_, value, __ATOMIC_SEQ_CST);
	}

	/** fetch_and - clear the bits not in @mask, return what it was; no store-load barrier */
	T fetch_and(T mask) noexcept requires SharedWord<T>
	{
		return __atomic_fetch_and(&memory_, mask, __ATOMIC_SEQ_CST);
	}

	/** fetch_or - set the bits in @mask, return what it was; no store-load barrier */
	T fetch_or(T mask) noexcept requires SharedWord<T>
	{
		return __atomic_fetch_or(&memory_, mask, __ATOMIC_SEQ_CST);
	}

private:
	T memory_;
};

static_assert(sizeof(Shared<std::uint8_t>) == 1 && alignof(Shared<std::uint64_t>) == 8);
static_assert(std::is_standard_layout_v<Shared<std::uint32_t>>);
static_assert(!std::is_copy_constructible_v<Shared<std::uint32_t>>);

} // namespace xen

#endif
