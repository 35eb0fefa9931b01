/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The words that every unit of refhv uses: integers, frames, ids, page size.
 *
 * The strong types are the port's own vocabulary (<xen/core>); only types are shared,
 * never an algorithm: a mistake must not hide on both sides of the interface.
 */
#ifndef REFHV_TYPES_HH
#define REFHV_TYPES_HH

#include <cstddef>
#include <cstdint>

#include <xen/core/endian.hh>
#include <xen/core/errno.hh>
#include <xen/core/frame.hh>
#include <xen/core/id.hh>

namespace refhv {

using u8 = std::uint8_t;
using u16 = std::uint16_t;
using u32 = std::uint32_t;
using u64 = std::uint64_t;
using s16 = std::int16_t;
using s32 = std::int32_t;
using s64 = std::int64_t;
using std::size_t;

using xen::Be;
using xen::DomId;
using xen::GrantRef;
using xen::HpteSlot;
using xen::MachAddr;
using xen::Mfn;
using xen::Pages;
using xen::Pfn;
using xen::Port;
using xen::VcpuId;

inline constexpr u64 page_shift = 12;
inline constexpr u64 page_bytes = 1ul << page_shift;
inline constexpr u64 page_mask = page_bytes - 1;
inline constexpr u64 large_pages = 4096; /* pages of a 16 MB page or extent */
inline constexpr u64 large_bytes = large_pages * page_bytes;
inline constexpr u64 all_ones = ~0ul;
inline constexpr u64 io_hole_first = 0x80000; /* 2 GB: first frame of the I/O hole */
inline constexpr u64 io_hole_pages = 0x80000; /* up to 4 GB */

inline constexpr u32 max_domains = 3; /* dom0 and two more */
inline constexpr u32 max_vcpus = 4;   /* per domain */
inline constexpr u32 max_cpus = 8;

/* round_up - @value to a multiple of @to, a power of two */
[[nodiscard]] constexpr u64 round_up(u64 value, u64 to)
{
	return (value + to - 1) & ~(to - 1);
}

static_assert(sizeof(unsigned long) == 8);

} // namespace refhv

#endif
