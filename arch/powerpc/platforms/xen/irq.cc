// SPDX-License-Identifier: GPL-2.0
/*
 * The one interrupt of a guest of Xen/PPC: "an event is pending".
 *
 * Xen injects it at the external interrupt's vector; Linux replays it if it came while
 * interrupts were soft-disabled.  It is one irq of Linux's, of which every cpu has its
 * own, with a handler that runs Linux's loop over the event channels.  The vcpu's upcall
 * byte says whether anything is pending; the loop clears it before it scans, and ends
 * when it stays clear.
 */
#include "evtchn.hh"
#include "layout.h"
#include "paca.hh"

extern "C" int xen_evtchn_do_upcall() noexcept;

namespace xen::ppc {
namespace {

constinit unsigned int event_irq = 0; /* 0: there is none; set once, at boot */

/*
 * The loop has handled what was marked for replay meanwhile: with the byte clear and
 * MSR[EE] clear nothing is left, and Linux would count the replay as spurious.  Marked
 * means that MSR[EE] is clear, so nothing else changes the word now.
 */
void drop_stale_replay(EventCpu &here) noexcept
{
	const u8 happened = paca::load<u8>(XEN_PACA_IRQ_HAPPENED);

	if ((happened & XEN_IRQ_EE) == 0 || paca::upcall_pending() ||
	    (paca::msr() & XEN_MSR_EE) != 0)
		return;
	paca::store<u8>(XEN_PACA_IRQ_HAPPENED, static_cast<u8>(happened & ~XEN_IRQ_EE));
	++here.replays_saved;
}

/* Sums one counter, read once each, over all possible cpus. */
template <class Read> unsigned long sum(Read &&read) noexcept
{
	unsigned long total = 0;

	for (int cpu = xen_glue_events_next_cpu(-1); cpu >= 0; cpu = xen_glue_events_next_cpu(cpu))
		total += read(event_cpu(static_cast<unsigned int>(cpu)));
	return total;
}

unsigned long sum_of(u64 EventCpu::*member) noexcept
{
	return sum([member](const EventCpu &cpu) noexcept {
		return *static_cast<const volatile u64 *>(&(cpu.*member));
	});
}

unsigned long sum_of(u64 evtchn::Counters::*member) noexcept
{
	return sum([member](const EventCpu &cpu) noexcept {
		return cpu.scanner.counters().snapshot().*member;
	});
}

} // namespace
} // namespace xen::ppc

using namespace xen::ppc;

extern "C" {

/**
 * xen_ppc_init_irq - ppc_md.init_IRQ: Linux's event channels, our operations, the irq
 *
 * Context: boot, one cpu, interrupts off; shared_info and xen_vcpu are set.  Without
 * memory for one irq the kernel gets no interrupts; it is said, and it will not get far.
 */
void xen_ppc_init_irq() noexcept
{
	const int irq = xen_glue_init_irq();

	if (irq > 0)
		event_irq = static_cast<unsigned int>(irq);
	else
		xen_glue_no_event_irq(irq);
}

/**
 * xen_ppc_get_irq - ppc_md.get_irq: which irq is pending on this cpu
 *
 * Return: the irq of the events, or 0, which Linux counts as a spurious interrupt.
 */
unsigned int xen_ppc_get_irq() noexcept
{
	return paca::upcall_pending() ? event_irq : 0;
}

/**
 * xen_upcall_ri_ok - was MSR[RI] set where the interrupt came?
 *
 * Xen stops with an assertion when it has an event for a guest with MSR[EE] set and
 * MSR[RI] clear.  No interrupt may ever find that.
 *
 * Context: the handler of an interrupt.
 */
bool xen_upcall_ri_ok() noexcept
{
	const u64 msr = xen_glue_irq_msr();

	if ((msr & XEN_MSR_EE) == 0 || (msr & XEN_MSR_RI) != 0) [[likely]]
		return true;
	++this_event_cpu().ri_lost;
	xen_glue_ri_lost(msr);
	return false;
}

/**
 * xen_upcall - handler of the irq: what is pending on this cpu, until nothing is
 *
 * Context: interrupt, interrupts off.
 */
void xen_upcall() noexcept
{
	auto &here = this_event_cpu();
	const u64 before = here.scanner.counters().events;

	++here.upcalls;
	if ((paca::load<u8>(XEN_PACA_IRQ_HAPPENED) & XEN_IRQ_REPLAYING) != 0)
		++here.replayed;
	static_cast<void>(xen_upcall_ri_ok());
	/* It says whether the byte was set, which is known. */
	static_cast<void>(xen_evtchn_do_upcall());
	if (here.scanner.counters().events == before)
		++here.spurious;
	drop_stale_replay(here);
}

unsigned long xen_events_ri_lost() noexcept
{
	return sum_of(&EventCpu::ri_lost);
}

void xen_events_show(xen_events_sink *sink) noexcept
{
	using xen::evtchn::Counters;

	for (int cpu = xen_glue_events_next_cpu(-1); cpu >= 0;
	     cpu = xen_glue_events_next_cpu(cpu)) {
		const auto counters =
			event_cpu(static_cast<unsigned int>(cpu)).scanner.counters().snapshot();

		xen_glue_events_show(sink, "events_cpu", cpu, counters.events);
	}
	xen_glue_events_show(sink, "events", -1, sum_of(&Counters::events));
	xen_glue_events_show(sink, "passes", -1, sum_of(&Counters::passes));
	xen_glue_events_show(sink, "passes_empty", -1, sum_of(&Counters::empty));
	xen_glue_events_show(sink, "passes_resumed", -1, sum_of(&Counters::resumed));
	xen_glue_events_show(sink, "upcalls", -1, sum_of(&EventCpu::upcalls));
	xen_glue_events_show(sink, "upcalls_replayed", -1, sum_of(&EventCpu::replayed));
	xen_glue_events_show(sink, "upcalls_spurious", -1, sum_of(&EventCpu::spurious));
	xen_glue_events_show(sink, "replays_saved", -1, sum_of(&EventCpu::replays_saved));
	xen_glue_events_show(sink, "ri_lost", -1, sum_of(&EventCpu::ri_lost));
	xen_glue_events_show(sink, "unmask_calls", -1, sum_of(&EventCpu::unmask_calls));
	xen_glue_events_show(sink, "unmask_failed", -1, sum_of(&EventCpu::unmask_failed));
}

} // extern "C"
