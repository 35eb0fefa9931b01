/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Control of domains: the commands of domctl, interface version 5, and what they take.
 *
 * One structure of 144 bytes carries every command; its parameters begin at u.  Handles
 * inside are xencomm values (Documentation/xen/abi-ppc.rst, "Control calls").
 */
#ifndef XEN_PPC_ABI_DOMCTL_HH
#define XEN_PPC_ABI_DOMCTL_HH

#include <cstddef>

#include <xen/core/bits.hh>

#include "sysctl.hh"
#include "wire.hh"

namespace xen::ppc {

/* "Control calls": cmd of a Domctl. */
enum class DomctlOp : u32 {
	Createdomain = 1,
	Destroydomain = 2,
	Pausedomain = 3,
	Unpausedomain = 4,
	Getdomaininfo = 5,
	Getmemlist = 6,
	Getpageframeinfo = 7,  /* refused */
	Getpageframeinfo2 = 8, /* refused */
	Setvcpuaffinity = 9,
	ShadowOp = 10,
	MaxMem = 11,
	Setvcpucontext = 12,
	Getvcpucontext = 13,
	Getvcpuinfo = 14,
	MaxVcpus = 15,
	SchedulerOp = 16,
	Setdomainhandle = 17,
	Setdebugging = 18,
	IrqPermission = 19,
	IomemPermission = 20,
	IoportPermission = 21, /* refused */
	HypercallInit = 22,    /* refused */
	ArchSetup = 23,	       /* refused */
	Settimeoffset = 24,
	Getvcpuaffinity = 25,
	RealModeArea = 26,
	Resumedomain = 27,
	Sendtrigger = 28,    /* refused */
	Gethvmcontext = 33,  /* refused */
	Sethvmcontext = 34,  /* refused */
	SetAddressSize = 35, /* refused */
	GetAddressSize = 36, /* refused */
};

inline constexpr u32 domctl_version = 5;

/* The argument of every domctl; u starts with one of the structures below. */
struct Domctl {
	Be<u32> cmd;
	Be<u32> interface_version;
	Be<u16> domain; /* out too for Createdomain and Getdomaininfo */
	Be<u16> pad[3];
	Be<u64> u[16];
};
static_assert(wire<Domctl, 144>);
static_assert(offsetof(Domctl, cmd) == 0 && offsetof(Domctl, interface_version) == 4 &&
	      offsetof(Domctl, domain) == 8 && offsetof(Domctl, u) == 16);

inline constexpr u32 createdomain_hvm = 1; /* any other flag is refused */

/* DomctlOp::Createdomain */
struct DomctlCreatedomain {
	Be<u32> ssidref;
	u8 handle[16];
	Be<u32> flags;
};
static_assert(wire<DomctlCreatedomain, 24>);
static_assert(offsetof(DomctlCreatedomain, ssidref) == 0 &&
	      offsetof(DomctlCreatedomain, handle) == 4 &&
	      offsetof(DomctlCreatedomain, flags) == 20);

/* Flags of a DomctlGetdomaininfo. */
namespace dominf {
inline constexpr u32 dying = 1 << 0;
inline constexpr u32 hvm_guest = 1 << 1;
inline constexpr u32 shutdown = 1 << 2;
inline constexpr u32 paused = 1 << 3;
inline constexpr u32 blocked = 1 << 4;
inline constexpr u32 running = 1 << 5;
inline constexpr u32 debugged = 1 << 6;
using ShutdownReasonField = Field<u32, 16, 8>;
} // namespace dominf

/* DomctlOp::Getdomaininfo: the domain asked for or the next higher. */
struct DomctlGetdomaininfo {
	Be<u16> domain;
	Be<u16> pad0;
	Be<u32> flags; /* dominf */
	Be<u64> tot_pages;
	Be<u64> max_pages;
	Be<u64> shared_info_frame; /* guest frame */
	Be<u64> cpu_time;	   /* ns */
	Be<u32> nr_online_vcpus;
	Be<u32> max_vcpu_id;
	Be<u32> ssidref;
	u8 handle[16];
	Be<u32> pad1;
};
static_assert(wire<DomctlGetdomaininfo, 72>);
static_assert(offsetof(DomctlGetdomaininfo, domain) == 0 &&
	      offsetof(DomctlGetdomaininfo, flags) == 4 &&
	      offsetof(DomctlGetdomaininfo, tot_pages) == 8 &&
	      offsetof(DomctlGetdomaininfo, max_pages) == 16 &&
	      offsetof(DomctlGetdomaininfo, shared_info_frame) == 24 &&
	      offsetof(DomctlGetdomaininfo, cpu_time) == 32 &&
	      offsetof(DomctlGetdomaininfo, nr_online_vcpus) == 40 &&
	      offsetof(DomctlGetdomaininfo, max_vcpu_id) == 44 &&
	      offsetof(DomctlGetdomaininfo, ssidref) == 48 &&
	      offsetof(DomctlGetdomaininfo, handle) == 52);

/* DomctlOp::Getmemlist: machine frames by guest frame, from 0, no_frame in holes. */
struct DomctlGetmemlist {
	Be<u64> max_pfns;
	Be<u64> start_pfn; /* ignored */
	BeHandle buffer;   /* out, u64 each */
	Be<u64> num_pfns;  /* out */
};
static_assert(wire<DomctlGetmemlist, 32>);
static_assert(offsetof(DomctlGetmemlist, max_pfns) == 0 &&
	      offsetof(DomctlGetmemlist, start_pfn) == 8 &&
	      offsetof(DomctlGetmemlist, buffer) == 16 &&
	      offsetof(DomctlGetmemlist, num_pfns) == 24);

/* op of a DomctlShadowOp that ppc has: the size of the hashed page table. */
enum class ShadowCommand : u32 {
	GetAllocation = 30,
	SetAllocation = 31, /* once for each domain */
};

/* DomctlOp::ShadowOp */
struct DomctlShadowOp {
	Be<u32> op; /* ShadowCommand */
	Be<u32> mode;
	Be<u32> mb; /* in and out */
	Be<u32> pad;
	BeHandle dirty_bitmap;
	Be<u64> pages;
	Be<u32> fault_count;
	Be<u32> dirty_count;
};
static_assert(wire<DomctlShadowOp, 40>);
static_assert(offsetof(DomctlShadowOp, op) == 0 && offsetof(DomctlShadowOp, mode) == 4 &&
	      offsetof(DomctlShadowOp, mb) == 8 && offsetof(DomctlShadowOp, dirty_bitmap) == 16 &&
	      offsetof(DomctlShadowOp, pages) == 24 &&
	      offsetof(DomctlShadowOp, fault_count) == 32 &&
	      offsetof(DomctlShadowOp, dirty_count) == 36);

/* DomctlOp::MaxMem */
struct DomctlMaxMem {
	Be<u64> max_memkb;
};
static_assert(wire<DomctlMaxMem, 8>);

/* DomctlOp::Setvcpucontext, Getvcpucontext */
struct DomctlVcpucontext {
	Be<u32> vcpu;
	Be<u32> pad;
	BeHandle ctxt; /* VcpuGuestContext */
};
static_assert(wire<DomctlVcpucontext, 16>);
static_assert(offsetof(DomctlVcpucontext, vcpu) == 0 && offsetof(DomctlVcpucontext, ctxt) == 8);

/* DomctlOp::Getvcpuinfo */
struct DomctlGetvcpuinfo {
	Be<u32> vcpu;
	u8 online;  /* out */
	u8 blocked; /* out */
	u8 running; /* out */
	u8 pad0;
	Be<u64> cpu_time; /* out; ns */
	Be<u32> cpu;	  /* out */
	Be<u32> pad1;
};
static_assert(wire<DomctlGetvcpuinfo, 24>);
static_assert(offsetof(DomctlGetvcpuinfo, vcpu) == 0 && offsetof(DomctlGetvcpuinfo, online) == 4 &&
	      offsetof(DomctlGetvcpuinfo, blocked) == 5 &&
	      offsetof(DomctlGetvcpuinfo, running) == 6 &&
	      offsetof(DomctlGetvcpuinfo, cpu_time) == 8 && offsetof(DomctlGetvcpuinfo, cpu) == 16);

/* DomctlOp::Setvcpuaffinity, Getvcpuaffinity */
struct DomctlVcpuaffinity {
	Be<u32> vcpu;
	Be<u32> pad;
	Cpumap cpumap;
};
static_assert(wire<DomctlVcpuaffinity, 24>);
static_assert(offsetof(DomctlVcpuaffinity, vcpu) == 0 && offsetof(DomctlVcpuaffinity, cpumap) == 8);

/* DomctlOp::MaxVcpus */
struct DomctlMaxVcpus {
	Be<u32> max;
};
static_assert(wire<DomctlMaxVcpus, 4>);

/* DomctlOp::Setdomainhandle */
struct DomctlSetdomainhandle {
	u8 handle[16];
};
static_assert(wire<DomctlSetdomainhandle, 16>);

/* DomctlOp::Setdebugging */
struct DomctlSetdebugging {
	u8 enable;
};
static_assert(wire<DomctlSetdebugging, 1>);

/* DomctlOp::IrqPermission */
struct DomctlIrqPermission {
	u8 pirq;
	u8 allow_access;
};
static_assert(wire<DomctlIrqPermission, 2>);
static_assert(offsetof(DomctlIrqPermission, pirq) == 0 &&
	      offsetof(DomctlIrqPermission, allow_access) == 1);

/* DomctlOp::IomemPermission */
struct DomctlIomemPermission {
	Be<u64> first_mfn;
	Be<u64> nr_mfns;
	u8 allow_access;
	u8 pad[7];
};
static_assert(wire<DomctlIomemPermission, 24>);
static_assert(offsetof(DomctlIomemPermission, first_mfn) == 0 &&
	      offsetof(DomctlIomemPermission, nr_mfns) == 8 &&
	      offsetof(DomctlIomemPermission, allow_access) == 16);

/* DomctlOp::Settimeoffset */
struct DomctlSettimeoffset {
	Be<s32> time_offset_seconds;
};
static_assert(wire<DomctlSettimeoffset, 4>);

/* DomctlOp::RealModeArea */
struct DomctlRealModeArea {
	Be<u32> log; /* log2 of its bytes */
};
static_assert(wire<DomctlRealModeArea, 4>);

/* DomctlOp::SchedulerOp for Sedf. */
struct DomctlSched {
	Be<u32> sched_id;
	Be<u32> cmd;	 /* 0 put, 1 get */
	Be<u64> period;	 /* ns */
	Be<u64> slice;	 /* ns */
	Be<u64> latency; /* ns */
	Be<u32> extratime;
	Be<u32> weight;
};
static_assert(wire<DomctlSched, 40>);
static_assert(offsetof(DomctlSched, sched_id) == 0 && offsetof(DomctlSched, cmd) == 4 &&
	      offsetof(DomctlSched, period) == 8 && offsetof(DomctlSched, slice) == 16 &&
	      offsetof(DomctlSched, latency) == 24 && offsetof(DomctlSched, extratime) == 32 &&
	      offsetof(DomctlSched, weight) == 36);

/* DomctlOp::SchedulerOp for Credit, its head. */
struct DomctlSchedCredit {
	Be<u32> sched_id;
	Be<u32> cmd;	/* 0 put, 1 get */
	Be<u16> weight; /* 0: leave */
	Be<u16> cap;	/* 0xffff: leave */
};
static_assert(wire<DomctlSchedCredit, 12>);
static_assert(offsetof(DomctlSchedCredit, sched_id) == 0 && offsetof(DomctlSchedCredit, cmd) == 4 &&
	      offsetof(DomctlSchedCredit, weight) == 8 && offsetof(DomctlSchedCredit, cap) == 10);

} // namespace xen::ppc

#endif
