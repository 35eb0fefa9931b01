/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What each cpu keeps for its event channels.
 *
 * Lives in zeroed per-cpu memory that evtchn_glue.c reserves.  The counters are written
 * by their cpu alone, with interrupts off, and read at any time.
 */
#ifndef ARCH_POWERPC_XEN_EVTCHN_HH
#define ARCH_POWERPC_XEN_EVTCHN_HH

#include <xen/core/abi.hh>
#include <xen/core/evtchn.hh>

#include <abi/wire.hh>

#include "evtchn_glue.h"
#include "paca.hh"

extern "C" {
extern xen_events_storage xen_events_cpu; /* per cpu: only by this_ptr() */
extern xen::VcpuInfoHead *xen_vcpu;	  /* per cpu: this vcpu's part of shared_info */
}

namespace xen::ppc {

struct EventCpu {
	evtchn::Scanner scanner;
	u64 upcalls;	   /* the byte was set and Linux called us */
	u64 replayed;	   /* of these: by Linux, not injected by Xen */
	u64 spurious;	   /* of these: nothing was pending */
	u64 replays_saved; /* marked for replay, but handled before that */
	u64 ri_lost;	   /* interrupted with MSR[EE] set and MSR[RI] clear */
	u64 unmask_calls;  /* a port was pending, or another cpu's */
	u64 unmask_failed; /* of these: Xen refused */
};
static_assert(sizeof(EventCpu) <= XEN_EVENTS_STORAGE_BYTES);
static_assert(alignof(EventCpu) <= XEN_EVENTS_STORAGE_ALIGN);

/** this_event_cpu - this cpu's; context: interrupts off for as long as it is used */
[[nodiscard, gnu::always_inline]] inline EventCpu &this_event_cpu() noexcept
{
	return *reinterpret_cast<EventCpu *>(paca::this_ptr(xen_events_cpu));
}

/** event_cpu - any possible cpu's: to bind, or to read its counters */
[[nodiscard]] inline EventCpu &event_cpu(unsigned int cpu) noexcept
{
	return *reinterpret_cast<EventCpu *>(xen_glue_events(cpu));
}

/** this_vcpu_info - this vcpu's part of shared_info; context: interrupts off */
[[nodiscard, gnu::always_inline]] inline VcpuInfoHead &this_vcpu_info() noexcept
{
	return **paca::this_ptr(xen_vcpu);
}

} // namespace xen::ppc

#endif
