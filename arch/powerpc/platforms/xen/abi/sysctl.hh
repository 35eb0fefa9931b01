/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Control of the machine: the commands of sysctl, interface version 4, and what they take.
 *
 * One structure of 136 bytes carries every command; its parameters begin at u.  Handles
 * inside are xencomm values, and the tables of them are the guest kernel's business
 * (Documentation/xen/abi-ppc.rst, "Control calls").
 */
#ifndef XEN_PPC_ABI_SYSCTL_HH
#define XEN_PPC_ABI_SYSCTL_HH

#include <cstddef>

#include "wire.hh"

namespace xen::ppc {

/* "Control calls": cmd of a Sysctl. */
enum class SysctlOp : u32 {
	Readconsole = 1,
	TbufOp = 2,
	Physinfo = 3,
	SchedId = 4,
	PerfcOp = 5,
	Getdomaininfolist = 6,
	DebugKeys = 7,
	Getcpuinfo = 8,
	Availheap = 9,
};

inline constexpr u32 sysctl_version = 4;

/* The argument of every sysctl; u starts with one of the structures below. */
struct Sysctl {
	Be<u32> cmd;
	Be<u32> interface_version;
	Be<u64> u[16];
};
static_assert(wire<Sysctl, 136>);
static_assert(offsetof(Sysctl, cmd) == 0 && offsetof(Sysctl, interface_version) == 4 &&
	      offsetof(Sysctl, u) == 8);

/* SysctlOp::Readconsole */
struct SysctlReadconsole {
	Be<u32> clear; /* not zero: what was read is consumed */
	Be<u32> pad0;
	BeHandle buffer; /* out, bytes, the oldest first */
	Be<u32> count;	 /* in and out */
	Be<u32> pad1;
};
static_assert(wire<SysctlReadconsole, 24>);
static_assert(offsetof(SysctlReadconsole, clear) == 0 && offsetof(SysctlReadconsole, buffer) == 8 &&
	      offsetof(SysctlReadconsole, count) == 16);

/* Bit n is bit n % 8, counted from the least significant, of byte n / 8. */
struct Cpumap {
	BeHandle bitmap; /* bytes */
	Be<u32> nr_cpus; /* bits */
	Be<u32> pad;
};
static_assert(wire<Cpumap, 16>);
static_assert(offsetof(Cpumap, bitmap) == 0 && offsetof(Cpumap, nr_cpus) == 8);

/* SysctlOp::TbufOp */
struct SysctlTbufOp {
	Be<u32> cmd; /* TbufCommand */
	Be<u32> pad0;
	Cpumap cpu_mask;
	Be<u32> evt_mask;
	Be<u32> pad1;
	Be<u64> buffer_mfn; /* out */
	Be<u32> size;	    /* in: pages for each cpu, out: bytes */
	Be<u32> pad2;
};
static_assert(wire<SysctlTbufOp, 48>);
static_assert(offsetof(SysctlTbufOp, cmd) == 0 && offsetof(SysctlTbufOp, cpu_mask) == 8 &&
	      offsetof(SysctlTbufOp, evt_mask) == 24 && offsetof(SysctlTbufOp, buffer_mfn) == 32 &&
	      offsetof(SysctlTbufOp, size) == 40);

/* cmd of a SysctlTbufOp. */
enum class TbufCommand : u32 {
	GetInfo = 0,
	SetCpuMask = 1,
	SetEvtMask = 2,
	SetSize = 3,
	Enable = 4,
	Disable = 5,
};

/* SysctlOp::Physinfo */
struct SysctlPhysinfo {
	Be<u32> threads_per_core;
	Be<u32> cores_per_socket;
	Be<u32> sockets_per_node;
	Be<u32> nr_nodes;
	Be<u32> cpu_khz;
	Be<u32> pad0;
	Be<u64> total_pages;
	Be<u64> free_pages;
	Be<u64> scrub_pages;
	Be<u32> hw_cap[8];
	Be<u32> max_cpu_id; /* in and out */
	Be<u32> pad1;
	BeHandle cpu_to_node; /* out, u32 each */
};
static_assert(wire<SysctlPhysinfo, 96>);
static_assert(offsetof(SysctlPhysinfo, threads_per_core) == 0 &&
	      offsetof(SysctlPhysinfo, cores_per_socket) == 4 &&
	      offsetof(SysctlPhysinfo, sockets_per_node) == 8 &&
	      offsetof(SysctlPhysinfo, nr_nodes) == 12 && offsetof(SysctlPhysinfo, cpu_khz) == 16 &&
	      offsetof(SysctlPhysinfo, total_pages) == 24 &&
	      offsetof(SysctlPhysinfo, free_pages) == 32 &&
	      offsetof(SysctlPhysinfo, scrub_pages) == 40 &&
	      offsetof(SysctlPhysinfo, hw_cap) == 48 &&
	      offsetof(SysctlPhysinfo, max_cpu_id) == 80 &&
	      offsetof(SysctlPhysinfo, cpu_to_node) == 88);

/* SysctlOp::SchedId */
struct SysctlSchedId {
	Be<u32> sched_id; /* SchedulerId */
};
static_assert(wire<SysctlSchedId, 4>);

/* Schedulers of Xen. */
enum class SchedulerId : u32 {
	Sedf = 4,
	Credit = 5,
};

/* cmd of a SysctlPerfcOp. */
enum class PerfcCommand : u32 {
	Reset = 1, /* read, then reset */
	Query = 2,
};

/* SysctlOp::PerfcOp; without desc only the sizes are given. */
struct SysctlPerfcOp {
	Be<u32> cmd;	     /* PerfcCommand */
	Be<u32> nr_counters; /* out; elements of desc */
	Be<u32> nr_vals;     /* out; elements of val */
	Be<u32> pad;
	BeHandle desc; /* out, SysctlPerfcDesc each */
	BeHandle val;  /* out, u32 each */
};
static_assert(wire<SysctlPerfcOp, 32>);
static_assert(offsetof(SysctlPerfcOp, cmd) == 0 && offsetof(SysctlPerfcOp, nr_counters) == 4 &&
	      offsetof(SysctlPerfcOp, nr_vals) == 8 && offsetof(SysctlPerfcOp, desc) == 16 &&
	      offsetof(SysctlPerfcOp, val) == 24);

/* One counter. */
struct SysctlPerfcDesc {
	char name[80];
	Be<u32> nr_vals;
};
static_assert(wire<SysctlPerfcDesc, 84>);
static_assert(offsetof(SysctlPerfcDesc, name) == 0 && offsetof(SysctlPerfcDesc, nr_vals) == 80);

/* SysctlOp::Getdomaininfolist */
struct SysctlGetdomaininfolist {
	Be<u16> first_domain; /* this one or the next higher */
	Be<u16> pad0;
	Be<u32> max_domains;
	BeHandle buffer;     /* out, DomctlGetdomaininfo each */
	Be<u32> num_domains; /* out */
	Be<u32> pad1;
};
static_assert(wire<SysctlGetdomaininfolist, 24>);
static_assert(offsetof(SysctlGetdomaininfolist, first_domain) == 0 &&
	      offsetof(SysctlGetdomaininfolist, max_domains) == 4 &&
	      offsetof(SysctlGetdomaininfolist, buffer) == 8 &&
	      offsetof(SysctlGetdomaininfolist, num_domains) == 16);

/* SysctlOp::DebugKeys */
struct SysctlDebugKeys {
	BeHandle keys; /* bytes */
	Be<u32> nr_keys;
	Be<u32> pad;
};
static_assert(wire<SysctlDebugKeys, 16>);
static_assert(offsetof(SysctlDebugKeys, keys) == 0 && offsetof(SysctlDebugKeys, nr_keys) == 8);

/* One processor. */
struct SysctlCpuinfo {
	Be<u64> idletime; /* ns */
};
static_assert(wire<SysctlCpuinfo, 8>);

/* SysctlOp::Getcpuinfo */
struct SysctlGetcpuinfo {
	Be<u32> max_cpus;
	Be<u32> pad0;
	BeHandle info;	 /* out, SysctlCpuinfo each */
	Be<u32> nr_cpus; /* out */
	Be<u32> pad1;
};
static_assert(wire<SysctlGetcpuinfo, 24>);
static_assert(offsetof(SysctlGetcpuinfo, max_cpus) == 0 && offsetof(SysctlGetcpuinfo, info) == 8 &&
	      offsetof(SysctlGetcpuinfo, nr_cpus) == 16);

/* SysctlOp::Availheap */
struct SysctlAvailheap {
	Be<u32> min_bitwidth; /* 0 for any */
	Be<u32> max_bitwidth; /* 0 for any */
	Be<s32> node;	      /* -1 for all */
	Be<u32> pad;
	Be<u64> avail_bytes; /* out */
};
static_assert(wire<SysctlAvailheap, 24>);
static_assert(offsetof(SysctlAvailheap, min_bitwidth) == 0 &&
	      offsetof(SysctlAvailheap, max_bitwidth) == 4 &&
	      offsetof(SysctlAvailheap, node) == 8 && offsetof(SysctlAvailheap, avail_bytes) == 16);

} // namespace xen::ppc

#endif
