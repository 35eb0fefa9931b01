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
 * poll with every port that this cpu handles has neither.  Xen marks the vcpu as waiting
 * before it looks at the ports, so whatever is raised later wakes it.  With MSR[EE] clear
 * nothing is injected on the way back; the stub leaves a pending event to Linux for
 * replay, as if it had come while interrupts were masked, and a decrementer that has run
 * out interrupts as soon as the idle loop sets MSR[EE].
 *
 * An event may have to wait if its port is not in the list: if there are more than poll
 * takes, or if it is pending and masked and another cpu unmasks it at this moment.  Then,
 * and only then, the sleep is cut into pieces of 10 ms.
 *
 * The historical hypervisor ends every poll of a domain with each of its events.  A vcpu
 * that was not meant finds nothing and goes back.
 *
 * Cost: one hypercall from idle to idle, for events and deadlines alike, and none when a
 * deadline is nearer than clock::margin_ns.  About 700 instructions lead there, most of
 * them for the 64 words of bound ports, and 14 for each port.
 */
#include <bit>
#include <cstddef>

#include <abi/sched.hh>
#include <abi/shared_info.hh>

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

/* The longest that an event may wait because the list is not complete. */
constexpr u64 incomplete_ns = 10'000'000;

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

/* Until when to sleep, given that some ports may not be in the list. */
[[nodiscard]] u64 timeout(const clock::Wait &wait, const PortList &list, u64 now, u64 ns) noexcept
{
	const u64 until = wait.how == clock::Wait::How::Until ? wait.until_ns : 0;

	if (list.complete)
		return until;
	const u64 piece = clock::to_ns(now, ns) + incomplete_ns;

	return until != 0 && until < piece ? until : piece;
}

/* Interrupts are hard-disabled, nothing is marked for replay. */
void sleep() noexcept
{
	const u64 ns = clock::ns_per_tick();
	const u64 next = xen_glue_next_timebase();
	const u64 now = xen_glue_timebase();
	const clock::Wait wait = clock::wait_for(now, next, ns);

	if (wait.how == clock::Wait::How::Not)
		return;

	PortList list;

	list_ports(list);

	SchedPoll poll{};

	poll.ports.store(inline_handle(list.port));
	poll.nr_ports.store(list.count);
	poll.timeout.store(timeout(wait, list, now, ns));

	const s64 status = xen_call(XenCall::SchedOp, SchedOp::Poll, inline_handle(&poll));

	if (status != 0) [[unlikely]] {
		xen_glue_idle_refused(status);
		xen_glue_low_priority();
	}
	// The decrementer counts ticks of the processor's time, which need not be all of
	// the time that has passed.
	if (next <= xen_glue_timebase())
		xen_glue_expire_decrementer();
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

	if (xen_glue_idle_begin() == 0)
		return;
	// An event that came while MSR[EE] was clear is only a byte so far.
	if (paca::upcall_pending())
		paca::replay_pending();
	else
		xen::ppc::sleep();
	xen_glue_idle_end();
}
