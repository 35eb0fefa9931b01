/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Facts about how an event reaches its vcpu (ABI 5.3): the injected 0x500.
 *
 * The hypervisor's own tick can come at any moment, so that "not yet" is decided by most
 * of several tries; all other facts hold whatever tick comes between.  EE is never on
 * with RI off here: that is the hostile probe's.
 */
#include "probe/events.hh"
#include "probe/facts.hh"

namespace probe {

namespace {

constexpr u64 srr1_cleared = 0x783f0000; /* MSR bits that SRR1 does not show */
constexpr u64 long_ms = 60;		 /* several ticks of the hypervisor */
constexpr int tries = 9;

u32 port, second_port;

u64 upcalls()
{
	return seen(0).upcalls;
}

/* settle - nothing pending, EE off */
void settle()
{
	ee_off();
	ev::quiet();
}

/* An event raised by the vcpu's own call with EE on comes on the return from it. */
void with_ee()
{
	settle();
	const u64 before = upcalls();
	const u32 counted = events(port);

	ee_on();
	const u64 running = get_msr();
	const s64 result = ev::send(port);
	const u64 at_once = upcalls() - before;
	spin_us(200);
	ee_off();
	fact("upcall.ee_on", xen_result(result), " ", at_once, " events ", events(port) - counted);
	fact("upcall.ee_on.srr1", seen(0).upcall_srr1 == (running & ~srr1_cleared));
	fact("upcall.ee_on.srr0_is_code", seen(0).upcall_srr0 > 0x1000 &&
						  seen(0).upcall_srr0 < 0x1000000 &&
						  !(seen(0).upcall_srr0 & 3));
	fact("upcall.ee_on.msr_inside", hex(seen(0).upcall_msr & ~msr::vmx));
	fact("upcall.ee_on.ee_after", (running & msr::ee) != 0);
	fact("upcall.ee_on.byte_after", static_cast<u32>(ev::info().evtchn_upcall_pending));
}

/* MSR bits that are on when it comes: gone inside, kept in SRR1. */
void with_bits()
{
	settle();
	ee_on();
	set_msr(get_msr() | msr::fp | msr::me);
	(void)ev::send(port);
	set_msr(get_msr() & ~msr::fp);
	ee_off();
	fact("upcall.fp.inside", hex(seen(0).upcall_msr & ~msr::vmx));
	fact("upcall.fp.srr1", (seen(0).upcall_srr1 & msr::fp) != 0);
	settle();
	mmu::translated([] {
		ee_on();
		(void)ev::send(port);
		ee_off();
	});
	fact("upcall.translated.inside", hex(seen(0).upcall_msr & ~msr::vmx));
	fact("upcall.translated.srr1", hex(seen(0).upcall_srr1 & (msr::ir | msr::dr)));
}

/* raise_late - an event with EE off, then EE on: did it come before anything else did? */
bool raise_late(u64 us)
{
	settle();
	const u64 before = upcalls();

	(void)ev::send(port);
	ee_on();
	spin_us(us);
	const bool came = upcalls() != before;

	ee_off();
	return came;
}

void without_ee()
{
	settle();
	u64 before = upcalls();

	(void)ev::send(port);
	spin_us(30'000);
	fact("upcall.ee_off", upcalls() - before, " byte ",
	     static_cast<u32>(ev::info().evtchn_upcall_pending));
	int prompt = 0;

	for (int i = 0; i < tries; i++)
		prompt += raise_late(20);
	/* faithful: waits for the next exit to the guest; prompt: the moment EE comes on */
	fact("upcall.then_ee_on", prompt > tries / 2 ? "at once" : "waits");

	settle();
	before = upcalls();
	(void)ev::send(port);
	ee_on();
	(void)xen_call(XenCall::XenVersion, 0);
	const u64 after_call = upcalls() - before;
	ee_off();
	fact("upcall.then_hypercall", after_call);

	settle();
	before = upcalls();
	(void)ev::send(port);
	ee_on();
	const bool came = wait_until([&] { return upcalls() != before; }, long_ms);
	ee_off();
	fact("upcall.then_tick", came ? "comes" : "lost");
}

void cleared_before()
{
	settle();
	const u64 before = upcalls();

	(void)ev::send(port);
	ev::info().evtchn_upcall_pending = 0;
	ee_on();
	(void)xen_call(XenCall::XenVersion, 0);
	spin_us(30'000);
	ee_off();
	fact("upcall.cleared_before", upcalls() - before, " pending ", ev::pending(port));
	ev::quiet();
}

void two_events()
{
	settle();
	const u64 before = upcalls();
	const u32 one = events(port), two = events(second_port);

	(void)ev::send(port);
	(void)ev::send(second_port);
	ee_on();
	(void)xen_call(XenCall::XenVersion, 0);
	spin_us(30'000);
	ee_off();
	fact("upcall.two_events", upcalls() - before, " events ", events(port) - one, " ",
	     events(second_port) - two);
}

volatile u32 left_set;

/* The byte stays set until the third time. */
void leave_set(Frame &)
{
	left_set = left_set + 1;
	if (left_set == 3)
		scan_events(0);
}

void not_cleared()
{
	settle();
	left_set = 0;
	on_trap(0x500, leave_set);
	ee_on();
	(void)ev::send(port);
	const u32 first = left_set;
	(void)xen_call(XenCall::XenVersion, 0);
	(void)xen_call(XenCall::XenVersion, 0);
	(void)xen_call(XenCall::XenVersion, 0);
	spin_us(30'000);
	ee_off();
	on_trap(0x500, nullptr);
	fact("upcall.left_set", first >= 1, " ", static_cast<u32>(left_set));
}

/* The byte is the hypervisor's only reason: a guest that sets it by hand is interrupted too. */
void by_hand()
{
	settle();
	const u64 before = upcalls();

	ev::info().evtchn_upcall_pending = 1;
	ee_on();
	(void)xen_call(XenCall::XenVersion, 0);
	ee_off();
	fact("upcall.byte_by_hand", upcalls() - before);
	settle();
	const u64 masked = upcalls();

	ev::info().evtchn_upcall_mask = 1;
	ee_on();
	(void)ev::send(port);
	ee_off();
	ev::info().evtchn_upcall_mask = 0;
	fact("upcall.mask_byte_is_ignored", upcalls() - masked);
	settle();
	const u64 channel = upcalls();

	ev::mask(port, true);
	ee_on();
	(void)ev::send(port);
	spin_us(30'000);
	ee_off();
	fact("upcall.masked_channel", upcalls() - channel);
	ee_on();
	(void)ev::on_port(abi::EvtchnOp::Unmask, port);
	spin_us(100);
	ee_off();
	fact("upcall.unmasked_channel", upcalls() - channel);
}

/* ee_and_ri - the upcall while a decrementer is due as well: both come */
void with_decrementer()
{
	settle();
	const u64 before = upcalls(), ticks = seen(0).decrements;

	(void)ev::send(port);
	set_dec(1);
	spin_us(50);
	ee_on();
	(void)xen_call(XenCall::XenVersion, 0);
	spin_us(100);
	ee_off();
	set_dec(dec_never);
	fact("upcall.with_decrementer", "upcalls ", upcalls() - before, " decrements ",
	     seen(0).decrements - ticks);
}

} // namespace

void facts_upcall()
{
	(void)xen_call(XenCall::VcpuOp, 7, 0); /* no ticker: its decrements would be counted */
	(void)ev::bind_ipi(0, port);
	(void)ev::bind_ipi(0, second_port);
	with_ee();
	with_bits();
	without_ee();
	cleared_before();
	two_events();
	not_cleared();
	by_hand();
	with_decrementer();
	settle();
	(void)ev::close(port);
	(void)ev::close(second_port);
	ev::quiet();
}

} // namespace probe
