/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Words in which a case writes its batch program: each becomes a few bytes at
 * compile time.
 */
#ifndef XEN_CORE_BATCH_STEPS_HH
#define XEN_CORE_BATCH_STEPS_HH

#include <array>
#include <cstddef>
#include <cstdint>

#include "batch_program.hh"

namespace xen::cases::steps {

template <std::size_t N> using Bytes = std::array<std::uint8_t, N>;

/* Which batch a program uses: its first byte. */
enum class Size : std::uint8_t {
	Small, /* 4 entries, 64 bytes, 3 callbacks: easily full */
	Wide,  /* 300 entries, 4080 bytes, 32 callbacks */
	Tiny,  /* one of each, 8 bytes */
	Count,
};

/* Owners by number. */
inline constexpr std::uint8_t linux_c = 0, silent = 1, listener = 2, rival = 3;

/* Sizes that a byte cannot hold. */
inline constexpr std::uint8_t all_args = 200, all_but_8 = 201, all_but_1 = 202, one_too_many = 203,
			      eight_too_many = 204, half = 205, twice = 206, overflow = 210,
			      near_overflow = 211;

consteval Bytes<4> wish(Step step, std::uint8_t owner, std::uint8_t op, std::uint8_t size)
{
	return {static_cast<std::uint8_t>(step), owner, op, size};
}
consteval Bytes<1> plain(Step step)
{
	return {static_cast<std::uint8_t>(step)};
}

consteval auto push(std::uint8_t owner, std::uint8_t op, std::uint8_t size)
{
	return wish(Step::Push, owner, op, size);
}
consteval auto try_push(std::uint8_t owner, std::uint8_t op, std::uint8_t size)
{
	return wish(Step::TryPush, owner, op, size);
}
consteval auto reserve(std::uint8_t owner, std::uint8_t op, std::uint8_t size)
{
	return wish(Step::Reserve, owner, op, size);
}
consteval auto extend(std::uint8_t owner, std::uint8_t op, std::uint8_t size)
{
	return wish(Step::Extend, owner, op, size);
}
consteval auto extend_raw(std::uint8_t owner, std::uint8_t op, std::uint8_t size)
{
	return wish(Step::ExtendRaw, owner, op, size);
}
consteval auto burst(std::uint8_t owner, std::uint8_t op, std::uint8_t count)
{
	return wish(Step::Burst, owner, op, count);
}
consteval auto commit() { return plain(Step::Commit); }
consteval auto commit_then() { return plain(Step::CommitThen); }
consteval auto drop() { return plain(Step::Drop); }
consteval auto defer() { return plain(Step::Defer); }
consteval auto flush() { return plain(Step::Flush); }
consteval auto move() { return plain(Step::Move); }
consteval Bytes<2> keep(bool whether)
{
	return {static_cast<std::uint8_t>(Step::Keep), whether};
}

/* Arm the hypervisor: @ways of Malice, at the entry or hypercall @at. */
consteval Bytes<5> malice(unsigned int ways, std::uint8_t at = 0, std::uint8_t skip = 0,
			  std::uint8_t error = 0)
{
	return {static_cast<std::uint8_t>(Step::Malice), static_cast<std::uint8_t>(ways), skip, at,
		error};
}

/** program - the bytes of @parts, one after the other, for a batch of @size */
template <std::size_t... N> consteval auto program(Size size, const Bytes<N> &...parts)
{
	Bytes<1 + (N + ... + 0)> bytes{static_cast<std::uint8_t>(size)};
	std::size_t at = 1;
	const auto append = [&](const auto &part) {
		for (const std::uint8_t byte : part)
			bytes[at++] = byte;
	};

	(append(parts), ...);
	return bytes;
}

} // namespace xen::cases::steps

#endif
