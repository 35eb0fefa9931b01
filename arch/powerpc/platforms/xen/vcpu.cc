// SPDX-License-Identifier: GPL-2.0
/*
 * More than one cpu: how vcpus start and call each other.
 *
 * Cpu n of Linux is vcpu n of Xen (cpu_nodes.cc).  One that has started is not stopped.
 *
 * Messages between cpus go through one event channel each, and Linux says in memory
 * which message it is.  Sending one is one hypercall.  Linux waits without end for many of
 * the answers and has no way to hear that a message was not sent, so a domain whose
 * hypervisor keeps refusing is stopped: a crash with a reason instead of a silent hang.
 *
 * Starts are serialised by Linux's hotplug lock.  A refusal leaves the cpu down, with a
 * message, and the kernel goes on without it.  The timebase is the same on all vcpus;
 * nothing is synchronised here.
 */
#include <xen/core/errno.hh>
#include <xen/core/evtchn.hh>
#include <xen/core/id.hh>

#include <abi/evtchn.hh>
#include <abi/shared_info.hh>
#include <abi/vcpu.hh>

#include "clock.hh"
#include "evtchn_glue.h"
#include "guest_glue.h"
#include "hypercall.hh"
#include "shutdown_glue.h"
#include "vcpu_glue.h"
#include "xencomm.hh"

namespace xen::ppc {

namespace {

/* Tries of a message that must arrive. */
constexpr int send_tries = 8;

/* Each cpu's event channel.  It has a port exactly as long as others may call the cpu. */
struct Channel {
	int irq;  /* Linux's; changed under its hotplug lock only */
	u32 port; /* 0: none */
};

constinit Channel channels[max_vcpus]{};

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

/* The port behind an irq: Linux tells the reverse only.  0: none. */
[[nodiscard]] u32 port_of(int irq) noexcept
{
	for (u32 port = 1; port < evtchn::ports; ++port)
		if (xen_glue_port_irq(port) == irq)
			return port;
	return 0;
}

/* The port to call @cpu by; 0: it does not run. */
[[nodiscard, gnu::always_inline]] inline u32 port_to(int cpu) noexcept
{
	return __atomic_load_n(&channels[cpu].port, __ATOMIC_RELAXED);
}

[[nodiscard, gnu::always_inline]] inline s64 send(u32 port) noexcept
{
	const EvtchnSend argument{Be<u32>{port}};

	return xen_call(XenCall::EventChannelOp, EvtchnOp::Send, inline_handle(&argument));
}

/*
 * After a first try that was refused.  The port is read again each time: a cpu that did
 * not start loses its channel while others may be calling it, and needs no message then.
 */
[[gnu::cold, gnu::noinline]] void send_again(int cpu, s64 status) noexcept
{
	for (int tries = 1; tries < send_tries; ++tries) {
		const u32 port = port_to(cpu);

		if (port == 0)
			return;

		const s64 answer = send(port);

		if (answer == 0) {
			xen_glue_ipi_repeated(cpu, status, tries);
			return;
		}
		status = answer;
	}
	if (port_to(cpu) == 0)
		return;
	/*
	 * Not Linux's panic(): it sends messages to stop the other cpus, and whoever sends
	 * one may hold locks that it wants.
	 */
	xen_glue_ipi_lost(cpu, status, send_tries);
	xen_ppc_panic(nullptr);
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
	if (port_to(static_cast<int>(cpu)) == 0) {
		xen_guest_init_cpu(cpu);

		const int irq = xen_glue_bind_ipi(cpu);

		if (irq <= 0) {
			xen_glue_ipi_refused(cpu, irq);
			return irq < 0 ? irq : xen::err::io.to_linux();
		}

		const u32 port = port_of(irq);

		if (port == 0) {
			xen_glue_unbind_ipi(irq);
			xen_glue_ipi_refused(cpu, xen::err::io.to_linux());
			return xen::err::io.to_linux();
		}
		channels[cpu].irq = irq;
		__atomic_store_n(&channels[cpu].port, port, __ATOMIC_RELEASE);
	}
	return port_to(0) != 0 ? 0 : xen::err::nodev.to_linux();
}

/** xen_smp_cpu_dead - give the channel of a cpu back that did not start; sleeps; 0 */
int xen_smp_cpu_dead(unsigned int cpu) noexcept
{
	if (cpu < max_vcpus && __atomic_exchange_n(&channels[cpu].port, 0, __ATOMIC_SEQ_CST) != 0)
		xen_glue_unbind_ipi(channels[cpu].irq);
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
 * A send that is refused is repeated, a few times and at once, with one message.  If all
 * are refused the domain ends with reason crash: whoever sent the message waits for it,
 * perhaps with interrupts off, and Linux gives this hook no way to say that it got lost.
 *
 * Context: smp_ops; any.
 */
void xen_smp_cause_ipi(int cpu) noexcept
{
	const u32 port = exists(cpu) ? port_to(cpu) : 0;

	__atomic_thread_fence(__ATOMIC_SEQ_CST);
	if (port == 0) [[unlikely]]
		return;
	if (const s64 status = send(port); status != 0) [[unlikely]]
		send_again(cpu, status);
}

} // extern "C"
