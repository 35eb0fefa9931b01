// SPDX-License-Identifier: GPL-2.0
/*
 * Event channels: the operations that Linux's drivers/xen/events asks for.
 *
 * They take the place of Linux's own for the two-level ABI, all of them, because what a
 * port is bound to is known here alone.  The bitmaps are shared with Xen, every cpu's
 * Scanner is changed by any cpu, and all changes are atomic: there is no lock.  Linux
 * serialises mask and unmask of one port by a lock of its own.
 *
 * Port numbers come from Xen in the end.  One that the ABI does not have is reported and
 * left alone; Linux refuses it too, but only after it has called some of this.
 */
#include <cstddef>

#include <abi/evtchn.hh>
#include <abi/shared_info.hh>
#include <abi/version.hh>

#include "evtchn.hh"
#include "hypercall.hh"
#include "xencomm.hh"

extern "C" xen::ppc::SharedInfo *HYPERVISOR_shared_info;

namespace xen::ppc {
namespace {

static_assert(offsetof(SharedInfo, evtchn_mask) - offsetof(SharedInfo, evtchn_pending) ==
	      offsetof(evtchn::Bitmaps, mask_words));
static_assert(sizeof(SharedInfo::evtchn_pending) == sizeof(evtchn::Bitmaps::pending_words));
static_assert(evtchn::ports == nr_ports && evtchn::bits_per_word == ports_per_word);
static_assert(offsetof(VcpuInfo, evtchn_upcall_pending) ==
		      offsetof(VcpuInfoHead, evtchn_upcall_pending) &&
	      offsetof(VcpuInfo, evtchn_pending_sel) == offsetof(VcpuInfoHead, evtchn_pending_sel));

/* As many as Linux handles before it looks at the clock for the first time. */
constexpr unsigned int ports_per_pass = 256;

/*
 * The page is Be<u64> in the ABI and words of the machine in the core: the same thing on
 * this architecture, and Shared is laid over live memory, never constructed.
 */
[[nodiscard]] evtchn::Bitmaps &bitmaps() noexcept
{
	auto *const page = reinterpret_cast<u8 *>(HYPERVISOR_shared_info);

	return *reinterpret_cast<evtchn::Bitmaps *>(page + offsetof(SharedInfo, evtchn_pending));
}

/* Is there such a port?  Says so if not. */
[[nodiscard]] bool exists(Port port, const char *what) noexcept
{
	if (evtchn::exists(port)) [[likely]]
		return true;
	xen_glue_port_absent(what, port.raw());
	return false;
}

/*
 * Do without EVTCHNOP_unmask: the port is masked and may be pending.  On this cpu what is
 * pending is announced as Xen announces it, and an entry to Xen then has it injected or
 * marked for replay.
 *
 * Another cpu has to look for itself.  Its selector and its byte are not touched: with
 * either set Xen takes the vcpu for notified, and no later event would reach it, not even
 * the interrupt that is to wake it.
 */
void unmask_without_xen(Port port, unsigned int cpu) noexcept
{
	auto &maps = bitmaps();

	maps.clear_mask(port);
	__atomic_thread_fence(__ATOMIC_SEQ_CST);
	if (!maps.pending(port))
		return;
	if (cpu != xen_glue_this_cpu()) {
		xen_glue_rescan_on(cpu);
		return;
	}

	auto &vcpu = this_vcpu_info();

	vcpu.evtchn_pending_sel.fetch_or(1UL << evtchn::word_of(port).raw());
	vcpu.evtchn_upcall_pending.fetch_or(1);
	static_cast<void>(xen_call(XenCall::XenVersion, XenVersionOp::Version, u64{0}));
}

} // namespace
} // namespace xen::ppc

using xen::Port;
using namespace xen::ppc;

extern "C" {

/** xen_port_max - one more than the highest port */
unsigned int xen_port_max() noexcept
{
	return xen::evtchn::ports;
}

/** xen_port_remove - @port is closed: @cpu handles it no more */
void xen_port_remove(unsigned int port, unsigned int cpu) noexcept
{
	if (exists(Port{port}, "closed"))
		event_cpu(cpu).scanner.unbind(Port{port});
}

/**
 * xen_port_bind_to_cpu - a port goes from one cpu to another, or to its first
 *
 * Context: the port is masked.  What is pending meanwhile is announced to the new cpu when
 * the port is unmasked.
 */
void xen_port_bind_to_cpu(unsigned int port, unsigned int cpu, unsigned int old_cpu) noexcept
{
	if (!exists(Port{port}, "bound"))
		return;
	event_cpu(old_cpu).scanner.unbind(Port{port});
	event_cpu(cpu).scanner.bind(Port{port});
}

/**
 * xen_port_clear_pending - the handler of @port is about to look at what it is for
 *
 * Whoever finds the bit still set does not raise it again and relies on the handler to see
 * what was written before.  So nothing that the handler reads may be older than the bit.
 */
void xen_port_clear_pending(unsigned int port) noexcept
{
	if (!exists(Port{port}, "acknowledged"))
		return;
	bitmaps().clear_pending(Port{port});
	__atomic_thread_fence(__ATOMIC_SEQ_CST);
}

void xen_port_set_pending(unsigned int port) noexcept
{
	if (exists(Port{port}, "raised"))
		bitmaps().set_pending(Port{port});
}

bool xen_port_is_pending(unsigned int port) noexcept
{
	return exists(Port{port}, "polled") && bitmaps().pending(Port{port});
}

void xen_port_mask(unsigned int port) noexcept
{
	if (exists(Port{port}, "masked"))
		bitmaps().mask(Port{port});
}

/**
 * xen_port_unmask - let events of a port through, the one that is pending at once
 *
 * Setting the upcall byte here would not cause an interrupt.  Xen is asked to unmask the
 * port, and to announce what is pending to the vcpu that the port notifies: on the way
 * back it injects that, or the call's stub marks it for replay.
 *
 * Context: interrupts off.
 */
void xen_port_unmask(unsigned int port) noexcept
{
	if (!exists(Port{port}, "unmasked"))
		return;

	const unsigned int cpu = xen_glue_port_cpu(port);

	if (cpu == xen_glue_this_cpu() && bitmaps().unmask_unless_pending(Port{port})) [[likely]]
		return;

	EvtchnUnmask argument{xen::Be<u32>{port}};
	const s64 error =
		xen_call(XenCall::EventChannelOp, EvtchnOp::Unmask, inline_handle(&argument));
	auto &here = this_event_cpu();

	++here.unmask_calls;
	if (error == 0) [[likely]]
		return;
	++here.unmask_failed;
	xen_glue_unmask_refused(port, static_cast<long>(error));
	unmask_without_xen(Port{port}, cpu);
}

/**
 * xen_port_rescan - look at all ports of this cpu once more
 *
 * Context: interrupt, interrupts off.  In Linux's loop over the events the loop goes round
 * again; outside of it the entry to Xen has the byte injected or marked for replay.
 */
void xen_port_rescan() noexcept
{
	auto &vcpu = this_vcpu_info();

	vcpu.evtchn_pending_sel.fetch_or(~0UL);
	vcpu.evtchn_upcall_pending.fetch_or(1);
	static_cast<void>(xen_call(XenCall::XenVersion, XenVersionOp::Version, u64{0}));
}

/**
 * xen_port_handle - hand this cpu's pending ports to Linux, a bounded number of them
 * @cpu: this cpu
 * @ctrl: of Linux's loop, which calls this until the upcall byte stays clear
 *
 * What is left sets the byte, so that the loop comes back.
 *
 * Context: interrupt, interrupts off.
 */
void xen_port_handle(unsigned int cpu, evtchn_loop_ctrl *ctrl) noexcept
{
	auto &vcpu = this_vcpu_info();
	xen::evtchn::LivePage page(bitmaps(), vcpu.evtchn_pending_sel);

	if (event_cpu(cpu).scanner.scan(page, ports_per_pass, [ctrl](Port port) noexcept {
		    xen_glue_port_event(port.raw(), ctrl);
	    }))
		vcpu.evtchn_upcall_pending.fetch_or(1);
}

/** xen_port_resume - after a resume no port is bound; one cpu runs */
void xen_port_resume() noexcept
{
	for (int cpu = xen_glue_events_next_cpu(-1); cpu >= 0; cpu = xen_glue_events_next_cpu(cpu))
		event_cpu(static_cast<unsigned int>(cpu)).scanner.unbind_all();
}

/** xen_port_percpu_deinit - a cpu has gone offline and handles nothing any more */
int xen_port_percpu_deinit(unsigned int cpu) noexcept
{
	event_cpu(cpu).scanner.unbind_all();
	return 0;
}

} // extern "C"
