// SPDX-License-Identifier: GPL-2.0
/*
 * More than one cpu: how vcpus start and call each other.
 *
 * Cpu n of Linux is vcpu n of Xen (cpu_nodes.cc).  One that has started is not stopped.
 *
 * Messages between cpus go through one event channel each, and Linux says in memory
 * which message it is.  Sending one is one hypercall.
 *
 * Starts are serialised by Linux's hotplug lock.  A refusal leaves the cpu down, with a
 * message, and the kernel goes on without it.  The timebase is the same on all vcpus;
 * nothing is synchronised here.
 */
#include <xen/core/errno.hh>
#include <xen/core/id.hh>

#include <abi/shared_info.hh>
#include <abi/vcpu.hh>

#include "clock.hh"
#include "evtchn_glue.h"
#include "guest_glue.h"
#include "hypercall.hh"
#include "vcpu_glue.h"
#include "xencomm.hh"

namespace xen::ppc {

namespace {

/* Linux's irq of each cpu's event channel; 0: none. */
constinit int ipi_irq[max_vcpus]{};

/* What is not a vcpu's number has no channel and cannot be started. */
[[nodiscard]] bool exists(int cpu) noexcept
{
	return cpu >= 0 && cpu < static_cast<int>(max_vcpus);
}

[[nodiscard]] s64 vcpu_op(VcpuOp op, int vcpu, u64 handle = 0) noexcept
{
	return xen_call(XenCall::VcpuOp, op, static_cast<u32>(vcpu), handle);
}

/* Says what was refused; returns what Linux is to hear. */
[[nodiscard, gnu::cold]] int refused(const char *operation, int cpu, s64 status) noexcept
{
	xen_glue_vcpu_refused(operation, cpu, status);
	return status < 0 ? Errno::from_xen(status).to_linux() : err::io.to_linux();
}

/* The registers that a vcpu starts with: real mode, 32 bits until it has changed that. */
[[nodiscard]] VcpuGuestContext at_entry(u32 hwid) noexcept
{
	const auto *const entry = reinterpret_cast<const void *>(xen_glue_secondary_entry());
	VcpuGuestContext context{};

	context.user_regs.pc.store(linear_address(entry).raw());
	context.user_regs.gprs[3].store(hwid);
	return context;
}

} // namespace

} // namespace xen::ppc

using namespace xen::ppc;

extern "C" {

/**
 * xen_smp_prepare_cpu - a channel for a cpu about to start; sleeps
 *
 * Context: for the boot cpu once, for others a step of Linux's hotplug that comes before
 * the descriptors of interrupts are locked.
 *
 * Return: 0, or a negative errno: a cpu that others cannot call must not run, nor beside
 * a boot cpu that they cannot call.
 */
int xen_smp_prepare_cpu(unsigned int cpu) noexcept
{
	if (cpu >= max_vcpus)
		return xen::err::inval.to_linux();
	if (ipi_irq[cpu] == 0) {
		xen_guest_init_cpu(cpu);

		const int irq = xen_glue_bind_ipi(cpu);

		if (irq <= 0) {
			xen_glue_ipi_refused(cpu, irq);
			return irq < 0 ? irq : xen::err::io.to_linux();
		}
		__atomic_store_n(&ipi_irq[cpu], irq, __ATOMIC_RELEASE);
	}
	return ipi_irq[0] != 0 ? 0 : xen::err::nodev.to_linux();
}

/** xen_smp_cpu_dead - give the channel of a cpu back that did not start; sleeps; 0 */
int xen_smp_cpu_dead(unsigned int cpu) noexcept
{
	const int irq =
		cpu < max_vcpus ? __atomic_exchange_n(&ipi_irq[cpu], 0, __ATOMIC_ACQ_REL) : 0;

	if (irq != 0)
		xen_glue_unbind_ipi(irq);
	return 0;
}

/**
 * xen_smp_kick_cpu - start a cpu
 *
 * A vcpu can be initialised once.  If it then failed to start, it still has the registers
 * of the first attempt.
 *
 * Context: smp_ops; prepared; Linux waits for the cpu afterwards.
 *
 * Return: 0, or a negative errno: the cpu is down.
 */
int xen_smp_kick_cpu(int cpu) noexcept
{
	if (!exists(cpu))
		return xen::err::inval.to_linux();

	const VcpuGuestContext context = at_entry(xen_glue_cpu_hwid(cpu));

	const s64 initialised = vcpu_op(VcpuOp::Initialise, cpu, inline_handle(&context));

	if (initialised != 0 && initialised != xen::err::exist.to_linux())
		return refused("initialise", cpu, initialised);
	clock::stop_ticker(xen::VcpuId{static_cast<u32>(cpu)});
	if (const int error = xen_glue_release_cpu(cpu); error != 0)
		return error;
	if (const s64 up = vcpu_op(VcpuOp::Up, cpu); up != 0)
		return refused("up", cpu, up);
	return 0;
}

/**
 * xen_smp_cause_ipi - have @cpu look at its messages
 *
 * One hypercall.  What was written before is visible to the handler.  A cpu without a
 * channel does not run, and looks at its messages when it starts.
 *
 * Context: smp_ops; any.
 */
void xen_smp_cause_ipi(int cpu) noexcept
{
	const int irq = exists(cpu) ? __atomic_load_n(&ipi_irq[cpu], __ATOMIC_RELAXED) : 0;

	__atomic_thread_fence(__ATOMIC_SEQ_CST);
	if (irq != 0) [[likely]]
		xen_glue_send_ipi(irq);
}

} // extern "C"
