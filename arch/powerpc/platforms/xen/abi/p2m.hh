/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The guest-maintained p2m: a table in the real-mode area from a domain's own frames to
 * the machine's, one big-endian u32 for each frame.
 *
 * The builder fills it before the domain starts; from then on it is the guest's memory
 * and the hypervisor never looks at it again (Documentation/xen/p2m-rma.rst, "The
 * table").  What the device tree says of it stands in tree.hh.
 */
#ifndef XEN_PPC_ABI_P2M_HH
#define XEN_PPC_ABI_P2M_HH

#include <xen/core/bits.hh>
#include <xen/core/endian.hh>

#include "wire.hh"

namespace xen::ppc {

/* "Entries": the top two bits are the kind, the rest is a machine frame. */
namespace p2m {
using Entry = Be<u32>;
static_assert(wire<Entry, 4>);

enum class Kind : u32 {
	Ram = 0,
	Identity = 1, /* a device's frame: W = 0, I = 1, G = 1 */
	Foreign = 2,  /* another domain's, a grant, or the hypervisor's own */
	Reserved = 3, /* taken for invalid */
};

using KindField = Field<u32, 30, 2, Kind>;
using FrameField = Field<u32, 0, 30>;

inline constexpr u32 invalid = 0xffffffff;
inline constexpr u32 max_frame = FrameField::max - 1; /* all ones would alias invalid */

/* "Negotiation": p2m-format of the device tree. */
inline constexpr u32 format_version = 1;
inline constexpr u32 format_entry_order = 2; /* log2 of an entry's bytes */

/* "Placement": the base is aligned; the table ends below the special pages. */
inline constexpr u64 base_align = 0x10000;
inline constexpr u32 default_contig_order = 12; /* log2 pages: 16 MB */

/* "Foreign frames": log2 of the first frame of the window, and its granule in pages. */
inline constexpr u64 window_order = 30;		   /* direct */
inline constexpr u64 window_order_translated = 22; /* as it was in history */
inline constexpr u64 window_pages_translated = 2048;
inline constexpr u64 window_granule = 4096;
} // namespace p2m

} // namespace xen::ppc

#endif
