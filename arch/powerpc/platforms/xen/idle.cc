// SPDX-License-Identifier: GPL-2.0
/*
 * Idle: giving the processor back to Xen until there is something to do.
 *
 * A vcpu that waits in Xen is woken by events, and by time only if it said when: its own
 * decrementer wakes nobody.  Xen has two ways to wait, each with a hole:
 *
 *	set_timer_op, then block	a deadline that passes between the two calls is lost:
 *					block looks for events only, and the vcpu sleeps
 *					until somebody sends it one
 *	poll				takes the deadline with it and cannot miss that, but
 *					looks at no events other than the ports it is told
 *
 * poll with every port that this cpu handles is what is used.  With MSR[EE] clear nothing
 * is injected on the way back; the stub leaves a pending event to Linux for replay, as if
 * it had come while interrupts were masked.
 *
 * poll has holes as well: Xen looks at the listed ports, never at the upcall byte, and an
 * event that set the byte before the vcpu was marked as waiting wakes nobody.  It is slept
 * over if its port is not in the list:
 *
 *	another cpu binds or moves a port to this one, and has it announced, while the
 *	list is on its way to Xen;
 *	a port is pending and masked, which leaves it out because poll would come back at
 *	once, and another cpu unmasks it;
 *	there are more ports than poll takes.
 *
 * The historical hypervisor misses listed ports too: between its mark and its look at the
 * ports is a barrier for stores only, so that both sides can miss each other.  Nothing that
 * a guest can do closes this; so every sleep has an end: short_ns where a hole is known to
 * be open, long_ns elsewhere.
 *
 * The decrementer is not trusted either: it counts the processor's time, and Xen's changes
 * of vcpu or a lost edge leave it late, by up to 2^31 ticks.  Before and after each sleep
 * it is brought back to the clock event, and what is overdue is never slept on.
 *
 * The historical hypervisor ends every poll of a domain with each of its events: all idle
 * vcpus wake, and those that were not meant go back with another hypercall.
 *
 * Cost: one hypercall for each sleep, and none when a deadline is nearer than
 * clock::margin_ns.  A vcpu that nothing happens to sleeps once a second with a hypervisor
 * that announces features, a hundred times with the historical one.  About 750
 * instructions lead there, most of them for the 64 words of bound ports, and 14 for each
 * port.
 */
#include <bit>
#include <cstddef>

#include <abi/sched.hh>
#include <abi/shared_info.hh>

#include "boot.hh"
#include "clock.hh"
#include "evtchn.hh"
#include "hypercall.hh"
#include "idle_glue.h"
#include "xencomm.hh"

extern "C" xen::ppc::SharedInfo *HYPERVISOR_shared_info;

namespace xen::ppc {

namespace {

/* The ports that Xen is told to look at while it puts the vcpu to sleep. */
struct PortList {
	Be<u32> port[max_poll_ports];
	u32 count;
	bool complete;
};
static_assert(sizeof(PortList) <= 640, "it lies on the stack");

/*
 * The longest that an event may wait if it fell into a hole: one that is known to be open,
 * and one that it takes another cpu's bind at the very moment to open.
 */
constexpr u64 short_ns = 10'000'000;
constexpr u64 long_ns = 1'000'000'000;

/* As evtchn.cc has it: words of the machine, laid over the live page. */
[[nodiscard]] const evtchn::Bitmaps &bitmaps() noexcept
{
	const auto *const page = reinterpret_cast<const u8 *>(HYPERVISOR_shared_info);

	return *reinterpret_cast<const evtchn::Bitmaps *>(page +
							  offsetof(SharedInfo, evtchn_pending));
}

/*
 * Every port that this cpu handles, but for those that are pending while they are masked:
 * poll would come back at once for as long as they are.  A masked port that is not pending
 * is in the list, because another cpu may unmask it before Xen looks.
 */
void list_ports(PortList &list) noexcept
{
	const evtchn::Scanner &own = this_event_cpu().scanner;
	const evtchn::Bitmaps &maps = bitmaps();

	list.count = 0;
	list.complete = true;
	for (u32 word = 0; word < evtchn::words; ++word) {
		const u64 bound = own.bound_in(evtchn::PortWord{word});

		if (bound == 0) [[likely]]
			continue;

		const u64 held = bound & maps.mask_words[word].snapshot() &
				 maps.pending_words[word].snapshot();

		if (held != 0)
			list.complete = false;
		for (u64 todo = bound & ~held; todo != 0; todo &= todo - 1) {
			if (list.count == max_poll_ports) {
				list.complete = false;
				return;
			}
			list.port[list.count++].store(word * evtchn::bits_per_word +
						      static_cast<u32>(std::countr_zero(todo)));
		}
	}
}

/* Until when to sleep: the clock event's time, or an end that an unseen event can bear. */
[[nodiscard]] u64 timeout(const clock::Wait &wait, const PortList &list, u64 now, u64 ns) noexcept
{
	const u64 longest = list.complete && !historical() ? long_ns : short_ns;
	const u64 end = clock::to_ns(now, ns) + longest;

	return wait.how == clock::Wait::How::Until && wait.until_ns < end ? wait.until_ns : end;
}

/* Ticks until the decrementer interrupts; not positive: it should have done so. */
[[nodiscard]] s32 decrementer() noexcept
{
	return static_cast<s32>(static_cast<u32>(xen_glue_decrementer()));
}

/* The decrementer interrupts no later than the clock event; MSR[EE] is clear. */
void rearm(u64 next, u64 ns) noexcept
{
	const u32 ticks = clock::rearm(xen_glue_timebase(), next, decrementer(), ns);

	if (ticks != 0) [[unlikely]]
		xen_glue_set_decrementer(ticks);
}

/*
 * Interrupts are hard-disabled, nothing is marked for replay.
 *
 * Return: Xen's status, 0 if it was not asked.
 */
[[nodiscard]] s64 sleep() noexcept
{
	const u64 ns = clock::ns_per_tick();
	const u64 next = xen_glue_next_timebase();
	const u64 now = xen_glue_timebase();
	const clock::Wait wait = clock::wait_for(now, next, ns);

	// A decrementer that is at its end is Linux's irq work, or an edge that was lost.
	if (wait.how == clock::Wait::How::Not || clock::at_end(decrementer(), ns)) {
		rearm(next, ns);
		return 0;
	}

	PortList list;

	list_ports(list);
	// What was announced before this line is seen, in the list or not.
	if (paca::upcall_pending()) [[unlikely]] {
		paca::replay_pending();
		return 0;
	}

	SchedPoll poll{};

	poll.ports.store(inline_handle(list.port));
	poll.nr_ports.store(list.count);
	poll.timeout.store(timeout(wait, list, now, ns));

	const s64 status = xen_call(XenCall::SchedOp, SchedOp::Poll, inline_handle(&poll));

	if (status != 0) [[unlikely]]
		xen_glue_low_priority();
	rearm(next, ns);
	return status;
}

} // namespace

} // namespace xen::ppc

/**
 * xen_idle - wait for an event or this cpu's clock event
 *
 * May return for no reason.  Interrupts stay disabled: the idle loop enables them, which
 * takes what came.
 *
 * Context: ppc_md.power_save; the idle loop, interrupts off, RCU not watching.
 */
extern "C" void xen_idle() noexcept
{
	namespace paca = xen::ppc::paca;

	xen::ppc::s64 status = 0;

	if (xen_glue_idle_begin() == 0)
		return;
	// An event that came while MSR[EE] was clear is only a byte so far.
	if (paca::upcall_pending())
		paca::replay_pending();
	else
		status = xen::ppc::sleep();
	xen_glue_idle_end();
	if (status != 0) [[unlikely]]
		xen_glue_idle_refused(status);
}
