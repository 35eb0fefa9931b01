/* SPDX-License-Identifier: GPL-2.0 */
/*
 * How a guest tells a hypervisor without access to its page tables where data is.
 *
 * A handle is 0 (nothing), the guest-physical address of a descriptor, or an inline
 * address.  A hypervisor that announces tree::feature_xencomm_area also takes a handle
 * into an area: some pages with a header of their own, in which structures keep plain
 * virtual pointers.  In a direct domain every address here is a machine address
 * (Documentation/xen/abi-ppc.rst, "xencomm").
 */
#ifndef XEN_PPC_ABI_XENCOMM_HH
#define XEN_PPC_ABI_XENCOMM_HH

#include <cstddef>

#include "wire.hh"

namespace xen::ppc {

/* Handles: bit 63 makes an inline address, bit 62 without it an address in an area. */
inline constexpr u64 inline_flag = u64{1} << 63;
inline constexpr u64 area_flag = u64{1} << 62;
inline constexpr u64 inline_address = inline_flag - 1;
inline constexpr u64 area_address = area_flag - 1;

inline constexpr u32 xencomm_magic = 0x58434f4d; /* "XCOM" */
inline constexpr u64 invalid_address = ~u64{0};	 /* an entry of a descriptor to be skipped */

/* The most entries of a descriptor that lies in one page. */
inline constexpr u32 max_addrs_in_page = (page_size - 8) / 8;

/*
 * The head of a descriptor, followed by nr_addrs big-endian u64: the guest-physical
 * address of each piece.  A piece ends with its page; only the first may begin inside one.
 */
struct XencommDesc {
	Be<u32> magic;
	Be<u32> nr_addrs;
};
static_assert(wire<XencommDesc, 8>);
static_assert(offsetof(XencommDesc, magic) == 0 && offsetof(XencommDesc, nr_addrs) == 4);

inline constexpr u32 area_magic = 0x58504147; /* "XPAG" */
inline constexpr u32 max_area_pages = 256;    /* one without tree::feature_xencomm_area_multi */

/*
 * The start of an area's first page, followed by nr_pages - 1 big-endian u64: the
 * addresses of pages 1, 2, ...
 *
 * The argument of a call by area handle lies in the first page.  Pointers inside it, and
 * in what they point to, are virtual addresses in [virt_base, virt_base + nr_pages * 4096),
 * which the hypervisor rebases.  That range lies below area_flag, so that no pointer in it
 * looks like another handle.
 */
struct AreaHeader {
	Be<u32> magic;
	Be<u32> nr_pages;
	Be<u64> virt_base; /* page aligned, as the owner sees the area */
	Be<u64> phys_base; /* of the first page */
};
static_assert(wire<AreaHeader, 24>);
static_assert(offsetof(AreaHeader, magic) == 0 && offsetof(AreaHeader, nr_pages) == 4 &&
	      offsetof(AreaHeader, virt_base) == 8 && offsetof(AreaHeader, phys_base) == 16);

} // namespace xen::ppc

#endif
