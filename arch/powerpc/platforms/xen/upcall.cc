// SPDX-License-Identifier: GPL-2.0
/*
 * Entering Xen so that it injects an event that is pending.
 */
#include <abi/version.hh>

#include "hypercall.hh"

extern "C" void xen_enter_for_upcall() noexcept;

/*
 * xen_enter_for_upcall - let Xen inject what came while MSR[EE] was clear
 *
 * Any call does; this one has no argument in memory and changes nothing.  The event is
 * taken before the next instruction.  The answer is Xen's version and of no interest.
 *
 * Context: MSR[EE] set, interrupts enabled.
 */
void xen_enter_for_upcall() noexcept
{
	(void)xen::ppc::xen_call(xen::ppc::XenCall::XenVersion, xen::ppc::XenVersionOp::Version, 0u);
}
