/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The two consoles: the hypervisor's own (console_io) and a domain's ring page
 * (Documentation/xen/abi-ppc.rst, "Console").
 */
#ifndef XEN_PPC_ABI_CONSOLE_HH
#define XEN_PPC_ABI_CONSOLE_HH

#include <cstddef>

#include "wire.hh"

namespace xen::ppc {

/* "Console": r4 of console_io; r5 is a count of bytes, r6 the handle. */
enum class ConsoleOp : u32 {
	Write = 0, /* the result is 0, not a count */
	Read = 1,  /* the result is a count; never waits */
};

inline constexpr u32 console_write_piece = 127; /* longer writes are done in pieces of it */
inline constexpr u32 console_read_max = 128;

/* The rings of a domain's console; the indices run freely and are masked when used. */
inline constexpr u32 xencons_in_size = 1024;
inline constexpr u32 xencons_out_size = 2048;

/* A page between a domain and whoever shows its console; live memory. */
struct XenconsInterface {
	u8 in[xencons_in_size]; /* towards the domain */
	u8 out[xencons_out_size];
	Be<u32> in_cons;
	Be<u32> in_prod;
	Be<u32> out_cons;
	Be<u32> out_prod;
};
static_assert(wire<XenconsInterface, 3088>);
static_assert(offsetof(XenconsInterface, in) == 0 && offsetof(XenconsInterface, out) == 1024 &&
	      offsetof(XenconsInterface, in_cons) == 3072 &&
	      offsetof(XenconsInterface, in_prod) == 3076 &&
	      offsetof(XenconsInterface, out_cons) == 3080 &&
	      offsetof(XenconsInterface, out_prod) == 3084);

} // namespace xen::ppc

#endif
