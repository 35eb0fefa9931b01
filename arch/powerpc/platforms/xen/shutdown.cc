// SPDX-License-Identifier: GPL-2.0
/*
 * The end of the domain: power off, reboot, halt, panic.
 *
 * Xen is told the reason, and what becomes of the machine is its business: dom0's
 * reasons are the machine's.  Nothing here returns to a kernel that has said good-bye.
 *
 * sched_op is known under two numbers; the second is tried when the first refuses.  When
 * both do, there is one message, and the vcpu keeps asking: it has nothing else to do.
 */
#include <abi/sched.hh>

#include "hypercall.hh"
#include "shutdown_glue.h"
#include "xencomm.hh"

namespace xen::ppc {

namespace {

[[noreturn]] void stop(ShutdownReason reason) noexcept
{
	const SchedShutdown shutdown{Be<u32>{static_cast<u32>(reason)}};
	bool told = false;

	for (;;) {
		const s64 status =
			xen_call(XenCall::SchedOp, SchedOp::Shutdown, inline_handle(&shutdown));

		if (status != 0) {
			if (!told)
				xen_glue_shutdown_refused(static_cast<u32>(reason), status);
			told = true;
			// Its answer decides nothing: the vcpu is still here.
			static_cast<void>(xen_call(XenCall::SchedOpCompat, SchedOp::Shutdown,
						   inline_handle(&shutdown)));
		}
		xen_glue_shutdown_wait();
	}
}

} // namespace

} // namespace xen::ppc

using xen::ppc::ShutdownReason;

extern "C" {

/** xen_ppc_power_off - pm_power_off; any context, does not return */
void xen_ppc_power_off() noexcept
{
	xen::ppc::stop(ShutdownReason::Poweroff);
}

/**
 * xen_ppc_restart - ppc_md.restart; any context
 * @command: what user space wants to boot: nobody here can arrange that
 */
void xen_ppc_restart(char *command) noexcept
{
	static_cast<void>(command);
	xen::ppc::stop(ShutdownReason::Reboot);
}

/** xen_ppc_halt - ppc_md.halt: a domain that has halted is off; any context */
void xen_ppc_halt() noexcept
{
	xen::ppc::stop(ShutdownReason::Poweroff);
}

/**
 * xen_ppc_panic - ppc_md.panic: the last of the panic notifiers; does not return
 * @message: has been printed
 *
 * Messages are flushed first: Xen takes the vcpu away at once.
 */
void xen_ppc_panic(char *message) noexcept
{
	static_cast<void>(message);
	xen_glue_flush_messages();
	xen::ppc::stop(ShutdownReason::Crash);
}

} // extern "C"
