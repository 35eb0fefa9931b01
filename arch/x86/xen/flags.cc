// SPDX-License-Identifier: GPL-2.0
/*
 * The interrupt flag of a PV domain: hooks of pv_ops.irq.
 *
 * Owns no data but the count of forced callbacks, which flags_glue.c reserves
 * per cpu.  Takes no locks.  save_fl, irq_disable and irq_enable are called
 * from patched call sites all over the kernel that expect every register but
 * the result's to survive; they are called with instrumentation off too, and
 * must not be counted or traced.
 *
 * Not here: the flags word of a frame that Xen built (entry code), and the time
 * before the vcpu_info is placed, for which flags_glue.c has constant hooks.
 */
#include <cstddef>

#include <xen/core/abi_vcpu.hh>

#include "flags.hh"
#include "glue.h"
#include "hypercall.hh"
#include "layout.h"

using xen::Hypercall;
using xen::hypercall;

static_assert(offsetof(xen::VcpuInfoHead, evtchn_upcall_pending) == XEN_VCPU_INFO_PENDING);
static_assert(offsetof(xen::VcpuInfoHead, evtchn_upcall_mask) == XEN_VCPU_INFO_MASK);

extern "C" {

XEN_HOOK unsigned long xen_save_fl_direct() noexcept;
XEN_HOOK void xen_irq_disable_direct() noexcept;
XEN_HOOK void xen_irq_enable_direct() noexcept;

/**
 * xen_save_fl_direct - the interrupt flag as the kernel expects it in rflags
 *
 * Context: any; every register but rax survives.
 *
 * Return: X86_EFLAGS_IF if events are delivered, else 0.
 */
unsigned long xen_save_fl_direct() noexcept
{
	return xen::flags::masked() ? 0 : XEN_FLAGS_IF;
}

/** xen_irq_disable_direct - stop the delivery of events; every register survives. */
void xen_irq_disable_direct() noexcept
{
	xen::flags::mask();
}

/** xen_irq_enable_direct - let events in, pending ones at once; every register survives. */
void xen_irq_enable_direct() noexcept
{
	xen::flags::unmask();
}

/**
 * xen_check_events - have Xen deliver what is pending
 *
 * A function of its own, so that only this path saves the nine registers that
 * C code may use, and the hooks save none.
 */
XEN_NOINSTR void xen_check_events() noexcept
{
	xen_force_evtchn_callback();
	// A last call clang turns into a jump, behind the registers it has restored.
	asm volatile("");
}

/**
 * xen_force_evtchn_callback - enter Xen for nothing but its way out
 *
 * On the way back to the domain Xen looks at the pending byte and delivers.
 * The cheapest call is the question for the version, whose answer is of no
 * interest and cannot fail.
 *
 * Context: any, events unmasked.
 */
XEN_NOINSTR void xen_force_evtchn_callback() noexcept
{
	xen::percpu::increment(xen_forced_callbacks);
	static_cast<void>(hypercall(Hypercall::XenVersion, 0, nullptr));
}

/**
 * xen_safe_halt - give the processor up until an event is pending
 *
 * Xen unmasks events as it blocks the vcpu, without a window in which one could
 * be lost (public/sched.h, SCHEDOP_block).  If it refuses, events are let in
 * here, which is what the idle loop relies on, and the loop spins.
 *
 * Context: idle; events masked on entry, unmasked on return.
 */
void xen_safe_halt() noexcept
{
	const long error = hypercall(Hypercall::SchedOp, xen::SchedOp::Block, nullptr);

	if (error == 0) [[likely]]
		return;
	xen_glue_halt_refused(error);
	xen::flags::unmask();
}

/**
 * xen_halt - stop until the next event, or for good if events are masked
 *
 * A vcpu that halts with events masked would sleep for ever: it is taken down
 * instead, as a processor that halts with interrupts off is.
 *
 * Context: shutdown and panic paths; may not return.
 */
void xen_halt() noexcept
{
	// The mask that counts is where xen_vcpu points: before the vcpu_info is
	// placed, that is the shared page.
	const auto *info = xen::percpu::read(xen_vcpu);

	if (info->evtchn_upcall_mask.load() == 0) {
		xen_safe_halt();
		return;
	}
	const long error = hypercall(Hypercall::VcpuOp, xen::VcpuOp::Down,
				     xen::percpu::read(xen_vcpu_id), nullptr);
	if (error != 0)
		xen_glue_halt_refused(error);
}

/** xen_flags_show - the counters of this unit, summed over all cpus, to a reader. */
void xen_flags_show(xen_glue_sink *sink) noexcept
{
	unsigned long forced = 0;

	for (int cpu = xen_glue_next_cpu(-1); cpu >= 0; cpu = xen_glue_next_cpu(cpu))
		forced += xen_glue_forced_callbacks(cpu);
	xen_glue_show(sink, "forced_callbacks", forced);
}

} // extern "C"
