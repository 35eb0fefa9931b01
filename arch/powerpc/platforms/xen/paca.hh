/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What Linux keeps for each cpu behind r13, as far as the port reads and writes it.
 *
 * The offsets come from the kernel's own structure (layout.h).  Every access is one
 * instruction.  Interrupts may change irq_happened at any time while MSR[EE] is set;
 * it is changed here with MSR[EE] clear only.  Valid once early_setup() has set r13.
 */
#ifndef ARCH_POWERPC_XEN_PACA_HH
#define ARCH_POWERPC_XEN_PACA_HH

#include <abi/wire.hh>

#include "layout.h"

#ifdef __powerpc64__
register xen::ppc::u8 *xen_local_paca asm("r13");
#else
/* On the build machine, the tests': each thread is a cpu. */
extern "C" __thread xen::ppc::u8 *xen_local_paca;
extern "C" __thread xen::ppc::u64 xen_host_msr;
#endif

namespace xen::ppc::paca {

template <class T> [[nodiscard, gnu::always_inline]] inline T load(unsigned int offset) noexcept
{
	return *reinterpret_cast<const volatile T *>(xen_local_paca + offset);
}

template <class T> [[gnu::always_inline]] inline void store(unsigned int offset, T value) noexcept
{
	*reinterpret_cast<volatile T *>(xen_local_paca + offset) = value;
}

/**
 * self - this cpu's PACA, which names the cpu
 *
 * Read where it stands: not before accesses to the PACA, or through memory, that come first.
 *
 * Context: preemption or interrupts off for as long as the name is used.
 */
[[nodiscard, gnu::always_inline]] inline u64 self() noexcept
{
#ifdef __powerpc64__
	u64 value;

	asm volatile("mr %0,13" : "=r"(value) : : "memory");
	return value;
#else
	return reinterpret_cast<u64>(xen_local_paca);
#endif
}

[[nodiscard, gnu::always_inline]] inline u64 msr() noexcept
{
#ifdef __powerpc64__
	u64 value;

	asm volatile("mfmsr %0" : "=r"(value) : : "memory");
	return value;
#else
	return xen_host_msr;
#endif
}

/** soft_masked - has Linux disabled interrupts, whatever MSR[EE] says? */
[[nodiscard, gnu::always_inline]] inline bool soft_masked() noexcept
{
	return (load<u8>(XEN_PACA_SOFT_MASK) & XEN_IRQS_DISABLED) != 0;
}

/** upcall_pending - does this vcpu's byte in shared_info say that an event waits? */
[[nodiscard, gnu::always_inline]] inline bool upcall_pending() noexcept
{
	const auto *byte = load<const volatile u8 *>(XEN_PACA_UPCALL_PENDING);

	return byte != nullptr && *byte != 0;
}

/**
 * replay_pending - make Linux replay an event that Xen could not inject
 *
 * With MSR[EE] clear Xen only sets the byte, and setting MSR[EE] later does not trap.
 * Marked like an interrupt that came while masked, the event is taken when Linux
 * enables interrupts.  With MSR[EE] set there is nothing to do: the event was
 * injected, or the interrupt that brings it is on its way.
 *
 * Context: any, real mode included.
 */
[[gnu::always_inline]] inline void replay_pending() noexcept
{
	if (upcall_pending() && soft_masked() && (msr() & XEN_MSR_EE) == 0) [[unlikely]]
		store<u8>(XEN_PACA_IRQ_HAPPENED,
			  static_cast<u8>(load<u8>(XEN_PACA_IRQ_HAPPENED) | XEN_IRQ_HARD_DIS |
					  XEN_IRQ_EE));
}

/**
 * this_ptr - this cpu's copy of a per-cpu variable
 * @symbol: what DEFINE_PER_CPU in a glue file defines, declared extern "C"
 *
 * Context: preemption or interrupts off for as long as the pointer is used.
 */
template <class T> [[nodiscard, gnu::always_inline]] inline T *this_ptr(T &symbol) noexcept
{
	return reinterpret_cast<T *>(reinterpret_cast<u64>(&symbol) +
				     load<u64>(XEN_PACA_DATA_OFFSET));
}

} // namespace xen::ppc::paca

#endif
