// SPDX-License-Identifier: GPL-2.0
/*
 * Time: the scale of Xen's nanoseconds, and the ticker that nobody needs.
 *
 * The clock source is the timebase, the clock event the decrementer, both Linux's own:
 * the processor lets a guest have them.
 */
#include "clock.hh"

#include <abi/vcpu.hh>

#include "boot.hh"
#include "hypercall.hh"
#include "idle_glue.h"

namespace xen::ppc {

namespace {

/* 0 until it is known.  Every cpu finds the same value. */
constinit u64 known_scale = 0;

} // namespace

u64 clock::ns_per_tick() noexcept
{
	u64 ns = __atomic_load_n(&known_scale, __ATOMIC_RELAXED);

	if (ns == 0) [[unlikely]] {
		ns = scale(xen_glue_timebase_hz());
		__atomic_store_n(&known_scale, ns, __ATOMIC_RELAXED);
	}
	return ns;
}

void clock::stop_ticker(VcpuId vcpu) noexcept
{
	// An interrupt that it takes while it serves a vcpu saves the decrementer a second
	// time, after its own handler has set it to 2^31: the vcpu's next tick is lost, but
	// for the ticker, which sets it to 1 every 10 ms.
	if (historical())
		return;

	const s64 status = xen_call(XenCall::VcpuOp, VcpuOp::StopPeriodicTimer, vcpu.raw(), u64{0});

	if (status != 0)
		xen_glue_ticker_refused(vcpu.raw(), status);
}

} // namespace xen::ppc

/**
 * xen_time_init - the boot cpu's ticker; those of other cpus are stopped before they start
 *
 * Context: boot, once.
 */
extern "C" void xen_time_init() noexcept
{
	xen::ppc::clock::stop_ticker(xen::VcpuId{0});
}
