/* SPDX-License-Identifier: GPL-2.0 */
/*
 * How a vcpu gives up its processor and a domain stops: what sched_op takes.
 *
 * The operations are the same on every architecture and stand in xen/core/abi_vcpu.hh
 * (Documentation/xen/abi-ppc.rst, "Idle and shutdown").
 */
#ifndef XEN_PPC_ABI_SCHED_HH
#define XEN_PPC_ABI_SCHED_HH

#include <cstddef>

#include <xen/core/abi_vcpu.hh>

#include "wire.hh"

namespace xen::ppc {

using xen::SchedOp;

/* Why a domain stops. */
enum class ShutdownReason : u32 {
	Poweroff = 0,
	Reboot = 1,
	Suspend = 2,
	Crash = 3,
};

inline constexpr u32 max_poll_ports = 128;

/* SchedOp::Shutdown */
struct SchedShutdown {
	Be<u32> reason; /* ShutdownReason */
};
static_assert(wire<SchedShutdown, 4>);

/* SchedOp::Poll; timeout is an absolute system time in ns, 0 for none. */
struct SchedPoll {
	BeHandle ports; /* u32 each */
	Be<u32> nr_ports;
	Be<u32> pad;
	Be<u64> timeout;
};
static_assert(wire<SchedPoll, 24>);
static_assert(offsetof(SchedPoll, ports) == 0 && offsetof(SchedPoll, nr_ports) == 8 &&
	      offsetof(SchedPoll, timeout) == 16);

/* SchedOp::RemoteShutdown */
struct SchedRemoteShutdown {
	Be<u16> domain_id;
	Be<u16> pad;
	Be<u32> reason;
};
static_assert(wire<SchedRemoteShutdown, 8>);
static_assert(offsetof(SchedRemoteShutdown, domain_id) == 0 &&
	      offsetof(SchedRemoteShutdown, reason) == 4);

} // namespace xen::ppc

#endif
