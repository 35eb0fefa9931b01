/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The page that a domain and its hypervisor write at the same time.
 *
 * struct SharedInfo only says where everything stands; who reads such memory takes a
 * snapshot first, and who changes a bit does so atomically.  Xen's header has an empty
 * member in the middle of vcpu_info, which counts one byte in C++ and none in GNU C:
 * here it is left out (Documentation/xen/abi-ppc.rst, "Shared information").
 */
#ifndef XEN_PPC_ABI_SHARED_INFO_HH
#define XEN_PPC_ABI_SHARED_INFO_HH

#include <cstddef>

#include "wire.hh"

namespace xen::ppc {

inline constexpr unsigned int max_vcpus = 32;
inline constexpr unsigned int nr_ports = 4096;
inline constexpr unsigned int ports_per_word = 64;
inline constexpr unsigned int nr_port_words = nr_ports / ports_per_word;

/* Time of a vcpu: all zero on ppc, guests read the timebase. */
struct VcpuTimeInfo {
	Be<u32> version;
	Be<u32> pad0;
	Be<u64> tsc_timestamp;
	Be<u64> system_time;
	Be<u32> tsc_to_system_mul;
	s8 tsc_shift;
	u8 pad1[3];
};
static_assert(wire<VcpuTimeInfo, 32>);
static_assert(offsetof(VcpuTimeInfo, version) == 0 && offsetof(VcpuTimeInfo, tsc_timestamp) == 8 &&
	      offsetof(VcpuTimeInfo, system_time) == 16 &&
	      offsetof(VcpuTimeInfo, tsc_to_system_mul) == 24 &&
	      offsetof(VcpuTimeInfo, tsc_shift) == 28);

/* One vcpu: bit w of evtchn_pending_sel stands for word w of evtchn_pending. */
struct VcpuInfo {
	u8 evtchn_upcall_pending; /* Xen sets 1, the guest clears */
	u8 evtchn_upcall_mask;	  /* not looked at on ppc: MSR[EE] is the mask */
	Be<u16> pad[3];
	Be<u64> evtchn_pending_sel;
	VcpuTimeInfo time;
};
static_assert(wire<VcpuInfo, 48>);
static_assert(offsetof(VcpuInfo, evtchn_upcall_pending) == 0 &&
	      offsetof(VcpuInfo, evtchn_upcall_mask) == 1 &&
	      offsetof(VcpuInfo, evtchn_pending_sel) == 8 && offsetof(VcpuInfo, time) == 16);

/* The page; port p is bit p % 64, counted from the least significant, of word p / 64. */
struct SharedInfo {
	VcpuInfo vcpu_info[max_vcpus];
	Be<u64> evtchn_pending[nr_port_words];
	Be<u64> evtchn_mask[nr_port_words];
	Be<u32> wc_version; /* even while wc_* are stable */
	Be<u32> wc_sec;	    /* since 1970, at boot_timebase */
	Be<u32> wc_nsec;
	Be<u32> pad;
	Be<u64> boot_timebase;
};
static_assert(wire<SharedInfo, 2584>);
static_assert(offsetof(SharedInfo, vcpu_info) == 0 &&
	      offsetof(SharedInfo, evtchn_pending) == 1536 &&
	      offsetof(SharedInfo, evtchn_mask) == 2048 &&
	      offsetof(SharedInfo, wc_version) == 2560 && offsetof(SharedInfo, wc_sec) == 2564 &&
	      offsetof(SharedInfo, wc_nsec) == 2568 && offsetof(SharedInfo, boot_timebase) == 2576);

} // namespace xen::ppc

#endif
