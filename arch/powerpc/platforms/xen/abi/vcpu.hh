/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Virtual CPUs: the operations of vcpu_op, a vcpu's registers, its timers.
 *
 * Times are system time in ns: the timebase multiplied by a whole number of ns per tick
 * (Documentation/xen/abi-ppc.rst, "Time", "Secondary vcpus").
 */
#ifndef XEN_PPC_ABI_VCPU_HH
#define XEN_PPC_ABI_VCPU_HH

#include <cstddef>

#include "wire.hh"

namespace xen::ppc {

/* "Secondary vcpus": r4 of vcpu_op; r5 is the vcpu, r6 the handle. */
enum class VcpuOp : u32 {
	Initialise = 0, /* a VcpuGuestContext */
	Up = 1,
	Down = 2,
	IsUp = 3,
	GetRunstateInfo = 4,		/* a RunstateInfo */
	RegisterRunstateMemoryArea = 5, /* refused */
	SetPeriodicTimer = 6,		/* a SetPeriodicTimer */
	StopPeriodicTimer = 7,
	SetSingleshotTimer = 8, /* a SetSingleshotTimer */
	StopSingleshotTimer = 9,
	RegisterVcpuInfo = 10, /* refused */
};

/* Registers of a vcpu.  hid4, dar and dsisr are for debugging only. */
struct CpuUserRegs {
	Be<u64> gprs[32];
	Be<u64> lr;
	Be<u64> ctr;
	Be<u64> srr0;
	Be<u64> srr1;
	Be<u64> pc;
	Be<u64> msr;
	Be<u64> fpscr;
	Be<u64> xer;
	Be<u64> hid4; /* the hypervisor computes it itself */
	Be<u64> dar;
	Be<u32> dsisr;
	Be<u32> cr;
	Be<u32> pad;
	Be<u32> entry_vector; /* the exception that entered the hypervisor */
};
static_assert(wire<CpuUserRegs, 352>);
static_assert(offsetof(CpuUserRegs, gprs) == 0 && offsetof(CpuUserRegs, lr) == 256 &&
	      offsetof(CpuUserRegs, ctr) == 264 && offsetof(CpuUserRegs, srr0) == 272 &&
	      offsetof(CpuUserRegs, srr1) == 280 && offsetof(CpuUserRegs, pc) == 288 &&
	      offsetof(CpuUserRegs, msr) == 296 && offsetof(CpuUserRegs, fpscr) == 304 &&
	      offsetof(CpuUserRegs, xer) == 312 && offsetof(CpuUserRegs, hid4) == 320 &&
	      offsetof(CpuUserRegs, dar) == 328 && offsetof(CpuUserRegs, dsisr) == 336 &&
	      offsetof(CpuUserRegs, cr) == 340 && offsetof(CpuUserRegs, entry_vector) == 348);

/* What a vcpu starts with. */
struct VcpuGuestContext {
	CpuUserRegs user_regs;
	Be<u64> sdr1; /* ignored */
};
static_assert(wire<VcpuGuestContext, 360>);
static_assert(offsetof(VcpuGuestContext, user_regs) == 0 &&
	      offsetof(VcpuGuestContext, sdr1) == 352);

/* What a vcpu is doing. */
enum class Runstate : u32 {
	Running = 0,
	Runnable = 1,
	Blocked = 2,
	Offline = 3,
};

/* VcpuOp::GetRunstateInfo */
struct RunstateInfo {
	Be<u32> state; /* Runstate */
	Be<u32> pad;
	Be<u64> state_entry_time;
	Be<u64> time[4]; /* spent in each Runstate */
};
static_assert(wire<RunstateInfo, 48>);
static_assert(offsetof(RunstateInfo, state) == 0 && offsetof(RunstateInfo, state_entry_time) == 8 &&
	      offsetof(RunstateInfo, time) == 16);

/* VcpuOp::SetPeriodicTimer; at least min_period_ns. */
struct SetPeriodicTimer {
	Be<u64> period_ns;
};
static_assert(wire<SetPeriodicTimer, 8>);

inline constexpr u64 min_period_ns = 1000000;
inline constexpr u32 singleshot_future = 1; /* refuse a time that is past */

/* VcpuOp::SetSingleshotTimer */
struct SetSingleshotTimer {
	Be<u64> timeout_abs_ns;
	Be<u32> flags;
	Be<u32> pad;
};
static_assert(wire<SetSingleshotTimer, 16>);
static_assert(offsetof(SetSingleshotTimer, timeout_abs_ns) == 0 &&
	      offsetof(SetSingleshotTimer, flags) == 8);

} // namespace xen::ppc

#endif
