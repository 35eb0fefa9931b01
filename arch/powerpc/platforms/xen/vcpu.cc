// SPDX-License-Identifier: GPL-2.0
/*
 * More than one cpu: how vcpus appear in the tree, start, stop and call each other.
 *
 * Linux counts cpus by the nodes of the device tree, and dom0's has one for the boot cpu
 * only: the others are copies of it, put behind it, one for each vcpu that Xen knows.  So
 * cpu n of Linux is vcpu n of Xen, whatever number its node has.
 *
 * Messages between cpus go through one event channel each, and Linux says in memory
 * which message it is.  Sending one is one hypercall.
 *
 * Starting and stopping are serialised by Linux's hotplug lock.  A refusal leaves the cpu
 * down, with a message, and the kernel goes on without it.  The timebase is the same on
 * all vcpus; nothing is synchronised here.
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

/* Linux keeps it in 16 bits where starting cpus look for themselves. */
constexpr u32 max_hwid = 0xffff;

/* How often a millisecond is given to a vcpu that is about to stop. */
constexpr int patience = 100;

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

/*
 * A vcpu that was told to run again may not have stopped yet, and would sleep through
 * VCPUOP_up.  One that Xen refused to stop never does, and has seen the request.
 */
void await_stop(int cpu) noexcept
{
	for (int i = 0; i < patience && vcpu_op(VcpuOp::IsUp, cpu) > 0; ++i)
		xen_glue_pause();
}

} // namespace

} // namespace xen::ppc

using namespace xen::ppc;

extern "C" {

/**
 * xen_smp_clone_cpu_nodes - a node for each vcpu that the tree has none for
 *
 * Context: ppc_md.probe: one cpu, the tree is unflattened, there is no slab.
 */
void xen_smp_clone_cpu_nodes() noexcept
{
	const u32 most = xen_glue_max_cpus() < max_vcpus ? xen_glue_max_cpus() : max_vcpus;
	u32 vcpu = 0, number = 0, highest = 0;

	for (; xen_glue_cpu_number(vcpu, &number) == 0; ++vcpu)
		highest = number > highest ? number : highest;
	if (vcpu == 0) {
		xen_glue_cpus_odd("no cpu node in the device tree, but", most);
		return;
	}
	for (; vcpu < max_vcpus; ++vcpu) {
		const s64 status = vcpu_op(VcpuOp::IsUp, static_cast<int>(vcpu));

		if (status == xen::err::noent.to_linux())
			return;
		if (status < 0) {
			xen_glue_vcpu_refused("is_up", static_cast<int>(vcpu), status);
			return;
		}
		if (vcpu >= most) {
			xen_glue_cpus_odd("vcpus are left unused from number", vcpu);
			return;
		}
		if (highest >= max_hwid || xen_glue_clone_cpu(highest + 1) != 0) {
			xen_glue_cpus_odd("no device tree node for vcpu", vcpu);
			return;
		}
		++highest;
	}
}

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

/** xen_smp_cpu_dead - give the channel of a cpu back that has stopped; sleeps; 0 */
int xen_smp_cpu_dead(unsigned int cpu) noexcept
{
	const int irq =
		cpu < max_vcpus ? __atomic_exchange_n(&ipi_irq[cpu], 0, __ATOMIC_ACQ_REL) : 0;

	if (irq != 0)
		xen_glue_unbind_ipi(irq);
	return 0;
}

/**
 * xen_smp_kick_cpu - start a cpu, or start it again
 *
 * A vcpu can be initialised once; the second time it goes on where it stopped, in
 * xen_smp_offline_self().
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
	const bool again = initialised == xen::err::exist.to_linux();

	if (initialised != 0 && !again)
		return refused("initialise", cpu, initialised);
	clock::stop_ticker(xen::VcpuId{static_cast<u32>(cpu)});
	if (const int error = xen_glue_release_cpu(cpu); error != 0)
		return error;
	if (again)
		await_stop(cpu);
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

#ifdef CONFIG_HOTPLUG_CPU

/**
 * xen_smp_offline_self - stop this cpu until xen_smp_kick_cpu() wants it again
 *
 * If Xen refuses, the cpu spins, out of Linux's sight all the same.
 *
 * Context: smp_ops; the idle task of a cpu that Linux has taken offline, interrupts off.
 */
void xen_smp_offline_self() noexcept
{
	const int cpu = static_cast<int>(xen_glue_this_cpu());
	bool told = false;

	xen_glue_cpu_dead(cpu);
	while (xen_glue_cpu_wanted(cpu) == 0) {
		const s64 status = vcpu_op(VcpuOp::Down, cpu);

		if (status == 0)
			continue;
		if (!told)
			xen_glue_vcpu_refused("down", cpu, status);
		told = true;
		xen_glue_pause();
	}
}

#endif

} // extern "C"
