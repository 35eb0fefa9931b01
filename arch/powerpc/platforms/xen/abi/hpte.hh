/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Entries of the hashed page table, as H_ENTER takes them and H_READ returns them.
 *
 * The two words are plain u64 in registers; struct Hpte is the form in memory.  The
 * frame in the low word is the guest's own (pseudo-physical) in H_ENTER of a translated
 * domain, and the machine's in everything a hypervisor returns and in a direct domain
 * (Documentation/xen/abi-ppc.rst, "Page table entries").
 */
#ifndef XEN_PPC_ABI_HPTE_HH
#define XEN_PPC_ABI_HPTE_HH

#include <cstddef>

#include "wire.hh"

namespace xen::ppc {

/* The high word. */
namespace hpte_high {
inline constexpr unsigned int avpn_shift = 7;
inline constexpr u64 avpn = ~u64{0x7f};
inline constexpr u64 lock = u64{1} << 6; /* software's: the hypervisor's lock */
inline constexpr u64 res = u64{1} << 5;	 /* software's */
inline constexpr u64 bolted = u64{1} << 4;
inline constexpr u64 sw = u64{1} << 3; /* software's */
inline constexpr u64 software = lock | res | bolted | sw;
inline constexpr u64 large = u64{1} << 2;     /* L */
inline constexpr u64 secondary = u64{1} << 1; /* H: found by the second hash */
inline constexpr u64 valid = u64{1} << 0;     /* V */
} // namespace hpte_high

/* The low word. */
namespace hpte_low {
inline constexpr u64 pp0 = u64{1} << 63;
inline constexpr u64 ts = u64{1} << 62;
inline constexpr unsigned int rpn_shift = 12;
inline constexpr u64 rpn = ((u64{1} << 50) - 1) << rpn_shift;
inline constexpr u64 reserved = u64{3} << 10;
inline constexpr u64 ac = u64{1} << 9; /* address compare, beside the reserved bits */
inline constexpr u64 referenced = u64{1} << 8;
inline constexpr u64 changed = u64{1} << 7;
inline constexpr u64 write_through = u64{1} << 6; /* W */
inline constexpr u64 inhibited = u64{1} << 5;	  /* I */
inline constexpr u64 coherent = u64{1} << 4;	  /* M */
inline constexpr u64 guarded = u64{1} << 3;	  /* G */
inline constexpr u64 wimg = write_through | inhibited | coherent | guarded;
inline constexpr u64 no_execute = u64{1} << 2; /* N */
inline constexpr u64 pp = 3;
} // namespace hpte_low

/* A group: the slots in which an address may stand, by either hash. */
inline constexpr u64 pteg_size = 8;

/* "Page table entries": the only large page, and what a table may measure. */
inline constexpr unsigned int large_page_shift = 24;
inline constexpr unsigned int min_htab_shift = 18;

/* One entry of the table. */
struct Hpte {
	Be<u64> high;
	Be<u64> low;
};
static_assert(wire<Hpte, 16>);
static_assert(offsetof(Hpte, high) == 0 && offsetof(Hpte, low) == 8);

} // namespace xen::ppc

#endif
