/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The event mask of this vcpu, which is what a PV domain has for the interrupt
 * flag.
 *
 * Xen shares one vcpu_info with each vcpu; a byte of it, non-zero, keeps events
 * from being delivered (public/xen.h, evtchn_upcall_mask).  Clearing it does
 * not deliver what has become pending meanwhile: whoever unmasks must look at
 * the pending byte afterwards and enter Xen if it is set.  All of that is here,
 * so that no unit can forget the second half.
 *
 * The pending test may run on another vcpu than the store, if the task moves
 * between them; that is harmless, because moving took an event delivery or the
 * scheduler, and both leave with nothing pending on the old vcpu.
 *
 * Before xen_setup_vcpu_info_placement() Xen does not look at this vcpu_info
 * yet, and events are off: flags_glue.c sets the mask, which is then left as it
 * is by whoever masks and restores.
 */
#ifndef ARCH_X86_XEN_FLAGS_HH
#define ARCH_X86_XEN_FLAGS_HH

#include <xen/core/abi.hh>

#include "glue.h"
#include "layout.h"
#include "percpu.hh"

// Code that runs with the kernel's instrumentation off: entry, idle, flags.  Not
// every compiler has all instrumentations, nor the attribute against each.
#if __has_attribute(no_sanitize_coverage)
#define XEN_NO_COVERAGE __attribute__((no_sanitize_coverage))
#else
#define XEN_NO_COVERAGE
#endif
#if __has_attribute(no_profile_instrument_function)
#define XEN_NO_PROFILE __attribute__((no_profile_instrument_function))
#else
#define XEN_NO_PROFILE
#endif
#define XEN_NOINSTR                                                                            \
	__attribute__((section(".noinstr.text"), noinline, no_instrument_function,             \
		       no_stack_protector, no_sanitize("address", "thread", "undefined")))     \
	XEN_NO_COVERAGE XEN_NO_PROFILE

// A hook that a patched call site in the kernel calls without saving registers.
#define XEN_HOOK XEN_NOINSTR __attribute__((no_caller_saved_registers))

extern "C" {
extern xen::VcpuInfoHead xen_vcpu_info;     // per-cpu
extern xen::VcpuInfoHead *xen_vcpu;         // per-cpu
extern std::uint32_t xen_vcpu_id;           // per-cpu
extern unsigned long xen_forced_callbacks;  // per-cpu

__attribute__((cold, no_caller_saved_registers)) void xen_check_events() noexcept;
void xen_force_evtchn_callback() noexcept;
}

namespace xen::flags {

[[nodiscard, gnu::always_inline]] inline bool masked() noexcept
{
	return !percpu::is_zero(xen_vcpu_info.evtchn_upcall_mask);
}

[[gnu::always_inline]] inline void mask() noexcept
{
	percpu::write<1>(xen_vcpu_info.evtchn_upcall_mask);
	asm volatile("" ::: "memory"); // What follows must not begin before.
}

[[gnu::always_inline]] inline void unmask() noexcept
{
	asm volatile("" ::: "memory"); // What precedes must be over.
	percpu::write<0>(xen_vcpu_info.evtchn_upcall_mask);
	// XEN: after the store, or an event that came in between would wait for
	// the next one.
	if (!percpu::is_zero(xen_vcpu_info.evtchn_upcall_pending)) [[unlikely]]
		xen_check_events();
}

/**
 * Masked - events of this vcpu are off while one of these lives; nests.
 *
 * For C++ units what local_irq_save() is for C: lockdep and the tracer of stretches
 * without interrupts are told, where they are built in.
 */
class Masked {
public:
	[[gnu::always_inline]] Masked() noexcept : were_masked_(masked())
	{
		mask();
		if constexpr (XEN_TRACE_IRQFLAGS)
			if (!were_masked_)
				xen_glue_trace_events_off();
	}
	[[gnu::always_inline]] ~Masked()
	{
		if (were_masked_)
			return;
		if constexpr (XEN_TRACE_IRQFLAGS)
			xen_glue_trace_events_on();
		unmask();
	}
	Masked(const Masked &) = delete;
	Masked &operator=(const Masked &) = delete;

private:
	bool were_masked_;
};

} // namespace xen::flags

#endif
