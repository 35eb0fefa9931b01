/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Sub-operations of the hypercalls by which a vcpu waits, stops and starts.
 *
 * Facts of Xen's public/sched.h and public/vcpu.h, the same on every architecture;
 * tools/testing/xen/abi compares them with those headers.
 */
#ifndef XEN_CORE_ABI_VCPU_HH
#define XEN_CORE_ABI_VCPU_HH

namespace xen {

/* public/sched.h, SCHEDOP_* */
enum class SchedOp : unsigned int {
	Yield = 0,
	Block = 1, /* unmasks events and sleeps until one is pending, without a gap */
	Shutdown = 2,
	Poll = 3,
	RemoteShutdown = 4,
};

/* public/vcpu.h, VCPUOP_* */
enum class VcpuOp : unsigned int {
	Initialise = 0,
	Up = 1,
	Down = 2,
	IsUp = 3,
	RegisterVcpuInfo = 10,
};

} // namespace xen

#endif
