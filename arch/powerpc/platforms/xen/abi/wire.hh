/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What every structure of the Xen/PPC ABI is made of: integers in big-endian order.
 *
 * Invariant: a wire structure has the size the ABI gives it, alignment by its largest
 * integer at most, no constructor and no unnamed byte, so that nothing leaks through
 * padding and a copy of its bytes is a copy of it.  The reference is
 * Documentation/xen/abi-ppc.rst, whose sections the other headers name.
 */
#ifndef XEN_PPC_ABI_WIRE_HH
#define XEN_PPC_ABI_WIRE_HH

#include <cstddef>
#include <cstdint>
#include <type_traits>

#include <xen/core/endian.hh>

namespace xen::ppc {

using u8 = std::uint8_t;
using u16 = std::uint16_t;
using u32 = std::uint32_t;
using u64 = std::uint64_t;
using s8 = std::int8_t;
using s16 = std::int16_t;
using s32 = std::int32_t;
using s64 = std::int64_t;

/* A guest handle inside a structure: a xencomm value (xencomm.hh), never a pointer. */
using BeHandle = Be<u64>;

/* The only page size of the ABI ("Memory model"). */
inline constexpr unsigned int page_shift = 12;
inline constexpr u64 page_size = u64{1} << page_shift;

/* wire - is @T a wire structure of @size bytes? */
template <class T, std::size_t size>
inline constexpr bool wire = sizeof(T) == size && alignof(T) <= 8 &&
			     std::is_trivial_v<T> &&std::is_standard_layout_v<T>
				     &&std::has_unique_object_representations_v<T>;

} // namespace xen::ppc

#endif
