/* SPDX-License-Identifier: GPL-2.0 */
/*
 * How a vcpu gives up its core and a domain stops: sched_op, set_timer_op (ABI 5.4, 6).
 *
 * The calls only change state; the waiting itself is upcall::leave's.
 */
#include <abi/sched.hh>

#include "base/print.hh"
#include "call/hypercall.hh"
#include "dom/domain.hh"
#include "ev/upcall.hh"

namespace refhv {

namespace {

using namespace xen::ppc;
namespace err = xen::err;

constinit u32 odd_timeouts = 0; /* for the first few there is a line */

/* The reason has 8 bits on its way through the historical hypervisor. */
u8 cut(const Be<u32> &reason)
{
	return u8(reason.load());
}

/*
 * Historically block looks at events only: a deadline that passed between set_timer_op
 * and this call is gone, and DEC has run out when something else wakes the vcpu.
 */
s64 block(Vcpu &vcpu)
{
	const bool lose = options.historical || options.race == Race::Timer;
	bool awake = false;

	vcpu.regs.msr |= msr::ee;
	/* A DEC that ran out by itself wakes nobody: only what a deadline forced and is not yet taken. */
	if (!lose)
		awake = time::expire(vcpu) ||
			(vcpu.timer.fired && vcpu.dec_saved && vcpu.dec <= 0);
	else if (const u64 at = vcpu.timer.deadline;
		 at && (options.race == Race::Timer || at <= time::now()))
		time::lose_deadline(vcpu);
	vcpu.timer.fired = false;
	vcpu.blocked = !awake && !upcall::pending(vcpu);
	return 0;
}

s64 poll(Call &call, const SchedPoll &arg)
{
	Vcpu &vcpu = call.vcpu;
	const u32 count = arg.nr_ports.load();
	const bool ready = !options.historical && vcpu.regs.msr & msr::ee && upcall::pending(vcpu);
	Be<u32> port[max_poll_ports];

	if (count > max_poll_ports)
		return err::inval.to_linux();
	if (!xencomm::read(call.mem, arg.ports.load(), 0, port, count * sizeof(port[0])))
		return err::fault.to_linux();
	for (u32 i = 0; i < count; ++i) {
		if (port[i].load() >= refhv::nr_ports)
			return err::inval.to_linux();
		if (evtchn::pending(*vcpu.dom, Port{port[i].load()}))
			return 0;
		vcpu.poll_port[i] = u16(port[i].load());
	}
	vcpu.poll_count = u16(count);
	vcpu.poll_deadline = arg.timeout.load();
	vcpu.poll = ready ? Poll::No : Poll::Waiting;
	vcpu.blocked = !ready;
	return 0;
}

s64 remote_shutdown(Call &call)
{
	SchedRemoteShutdown arg;

	if (!call.vcpu.dom->privileged)
		return err::perm.to_linux();
	if (!xencomm::get(call.mem, call.arg[1], arg))
		return err::fault.to_linux();

	Domain *const dom = find_domain(DomId{arg.domain_id.load()});

	if (!dom)
		return err::srch.to_linux();
	shut_down(*dom, cut(arg.reason));
	return 0;
}

} // namespace

s64 do_sched_op(Call &call)
{
	SchedShutdown shutdown;
	SchedPoll polled;

	switch (static_cast<SchedOp>(u32(call.arg[0]))) {
	case SchedOp::Yield:
		return 0;
	case SchedOp::Block:
		return block(call.vcpu);
	case SchedOp::Shutdown:
		if (!xencomm::get(call.mem, call.arg[1], shutdown))
			return err::fault.to_linux();
		shut_down(*call.vcpu.dom, cut(shutdown.reason));
		return 0;
	case SchedOp::Poll:
		if (!xencomm::get(call.mem, call.arg[1], polled))
			return err::fault.to_linux();
		return poll(call, polled);
	case SchedOp::RemoteShutdown:
		return remote_shutdown(call);
	}
	return err::nosys.to_linux();
}

s64 do_set_timer_op(Call &call)
{
	const u64 at = call.arg[0], now = time::now();

	if (!at) {
		call.vcpu.timer.deadline = 0;
	} else if (at > now && at - now > u64{1} << 50) { /* what is negative is far, too */
		if (odd_timeouts < 8)
			print("refhv: dom", call.vcpu.dom->id.raw(), ": odd timeout ", hex(at),
			      " becomes 100 ms\n");
		odd_timeouts += odd_timeouts < 8;
		time::arm(call.vcpu, now + 100'000'000);
	} else {
		time::arm(call.vcpu, at);
	}
	return 0;
}

} // namespace refhv
