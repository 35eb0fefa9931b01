/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Access control between domains: the commands of acm_op, which only a hypervisor built
 * with them has.
 *
 * One structure of 72 bytes carries every command; its parameters begin at u.
 */
#ifndef XEN_PPC_ABI_ACM_HH
#define XEN_PPC_ABI_ACM_HH

#include <cstddef>

#include "wire.hh"

namespace xen::ppc {

enum class AcmOp : u32 {
	Setpolicy = 1,
	Getpolicy = 2,
	Dumpstats = 3,
	Getssid = 4,
	Getdecision = 5,
	Chgpolicy = 6,
	Relabeldoms = 7,
};

inline constexpr u32 acm_version = 0xaaaa000a;

struct AcmCtl {
	Be<u32> cmd;
	Be<u32> interface_version;
	Be<u64> u[8];
};
static_assert(wire<AcmCtl, 72>);
static_assert(offsetof(AcmCtl, cmd) == 0 && offsetof(AcmCtl, interface_version) == 4 &&
	      offsetof(AcmCtl, u) == 8);

/* AcmOp::Setpolicy, Getpolicy, Dumpstats */
struct AcmCache {
	BeHandle cache; /* bytes; in for Setpolicy, out for the others */
	Be<u32> size;
	Be<u32> pad;
};
static_assert(wire<AcmCache, 16>);
static_assert(offsetof(AcmCache, cache) == 0 && offsetof(AcmCache, size) == 8);

/* AcmOp::Getssid */
struct AcmGetssid {
	Be<u32> by; /* 1 reference, 2 domain */
	Be<u32> id; /* a domain is in its first two bytes */
	BeHandle buffer;
	Be<u32> size;
	Be<u32> pad;
};
static_assert(wire<AcmGetssid, 24>);
static_assert(offsetof(AcmGetssid, by) == 0 && offsetof(AcmGetssid, id) == 4 &&
	      offsetof(AcmGetssid, buffer) == 8 && offsetof(AcmGetssid, size) == 16);

/* AcmOp::Getdecision */
struct AcmGetdecision {
	Be<u32> by1;
	Be<u32> by2;
	Be<u32> id1;
	Be<u32> id2;
	Be<u32> hook;
	Be<u32> decision; /* out */
};
static_assert(wire<AcmGetdecision, 24>);
static_assert(offsetof(AcmGetdecision, decision) == 20);

} // namespace xen::ppc

#endif
