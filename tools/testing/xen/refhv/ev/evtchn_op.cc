/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The operations of event_channel_op (ABI 5.2; layouts 6).
 *
 * An argument is copied in, served, and copied back as a whole only after success and
 * only if the operation answers something; if that copy fails the port stays bound.
 * Ports are judged as u32: nothing is cut to 16 bits before it is compared.
 */
#include <span>

#include "base/rules.hh"
#include "call/hypercall.hh"
#include "dom/domain.hh"
#include "ev/evtchn.hh"

namespace refhv {

namespace {

using namespace xen::ppc;
namespace err = xen::err;

/* A free port of @dom, or nr_ports. */
u32 free_port(const Domain &dom)
{
	u32 port = 1;

	while (port < nr_ports && dom.events.channel[port].state != PortState::Free)
		++port;
	return port;
}

/* Give @channel to a new port of @dom and its number to @out.  0 or -ENOSPC. */
s64 bind(Domain &dom, const Channel &channel, Be<u32> &out)
{
	const u32 port = free_port(dom);

	if (port >= refhv::nr_ports)
		return err::nospc.to_linux();
	dom.events.channel[port] = channel;
	out.store(port);
	return 0;
}

/* The domain an argument names: only DOMID_SELF needs no privilege.  0, -EPERM or -ESRCH. */
s64 target(Domain &caller, u16 name, Domain *&found)
{
	found = &caller;
	if (name == domid_self)
		return 0;
	if (!caller.privileged) {
		if (name != caller.id.raw())
			violation(Rule::PortNotOwned, caller, "port of another domain", name);
		return err::perm.to_linux();
	}
	found = find_domain(DomId{name});
	return found ? 0 : err::srch.to_linux();
}

DomId or_self(const Domain &caller, u16 name)
{
	return name == domid_self ? caller.id : DomId{name};
}

s64 serve(Vcpu &caller, EvtchnAllocUnbound &arg)
{
	const DomId remote = or_self(*caller.dom, arg.remote_dom.load());
	Domain *dom;

	if (const s64 failed = target(*caller.dom, arg.dom.load(), dom))
		return failed;
	return bind(*dom, {PortState::Unbound, 0, remote, 0}, arg.port);
}

s64 serve(Vcpu &caller, EvtchnBindInterdomain &arg)
{
	Domain &own = *caller.dom;
	Domain *const peer = find_domain(or_self(own, arg.remote_dom.load()));
	const u32 port = free_port(own), remote = arg.remote_port.load();

	if (!peer)
		return err::srch.to_linux();
	if (port >= refhv::nr_ports)
		return err::nospc.to_linux();
	if (remote >= refhv::nr_ports)
		return err::inval.to_linux();

	Channel &other = peer->events.channel[remote];

	if (other.state != PortState::Unbound || other.remote != own.id) {
		if (other.state == PortState::Unbound && peer != &own)
			violation(Rule::PortNotOwned, own, "port kept for another domain", remote);
		return err::inval.to_linux();
	}
	own.events.channel[port] = {PortState::Interdomain, 0, peer->id, u16(remote)};
	other.state = PortState::Interdomain;
	other.remote_port = u16(port);
	/* What the peer sent while nobody listened was dropped: make the new end look once. */
	evtchn::raise(own, Port{port});
	arg.local_port.store(port);
	return 0;
}

s64 serve(Vcpu &caller, EvtchnBindVirq &arg)
{
	Domain &dom = *caller.dom;
	const u32 virq = arg.virq.load(), vcpu = arg.vcpu.load();

	if (virq >= refhv::nr_virqs || (evtchn::is_global(virq) && vcpu))
		return err::inval.to_linux();
	if (vcpu >= dom.nr_vcpus)
		return err::noent.to_linux();

	u64 &port = evtchn::virq_port(dom, virq, vcpu);

	if (port)
		return err::exist.to_linux();
	if (const s64 failed =
		    bind(dom, {PortState::Virq, u8(vcpu), DomId{0}, u16(virq)}, arg.port))
		return failed;
	port = arg.port.load();
	return 0;
}

/* Number 0 has no vector; the others have, whether or not a device stands behind them. */
s64 serve(Vcpu &caller, EvtchnBindPirq &arg)
{
	Domain &dom = *caller.dom;
	const u32 pirq = arg.pirq.load();

	if (pirq >= refhv::nr_pirqs)
		return err::inval.to_linux();
	if (!dom.privileged)
		return err::perm.to_linux();
	if (dom.events.pirq_port[pirq])
		return err::exist.to_linux();
	if (!pirq)
		return err::inval.to_linux();
	for (const Domain &other : domains) /* unlike refhv's, a real interrupt can be shared */
		if (other.present && other.events.pirq_port[pirq])
			return err::busy.to_linux();
	if (const s64 failed = bind(dom, {PortState::Pirq, 0, DomId{0}, u16(pirq)}, arg.port))
		return failed;
	dom.events.pirq_port[pirq] = u16(arg.port.load());
	return 0;
}

s64 serve(Vcpu &caller, EvtchnBindIpi &arg)
{
	const u32 vcpu = arg.vcpu.load();

	if (vcpu >= caller.dom->nr_vcpus)
		return err::noent.to_linux();
	return bind(*caller.dom, {PortState::Ipi, u8(vcpu), DomId{0}, 0}, arg.port);
}

s64 serve(Vcpu &caller, EvtchnClose &arg)
{
	return evtchn::close(*caller.dom, arg.port.load());
}

s64 serve(Vcpu &caller, EvtchnSend &arg)
{
	const u32 port = arg.port.load();

	if (port >= refhv::nr_ports)
		return err::inval.to_linux();

	const Channel &channel = caller.dom->events.channel[port];

	switch (channel.state) {
	case PortState::Interdomain:
		if (Domain *const peer = find_domain(channel.remote))
			evtchn::raise(*peer, Port{channel.remote_port});
		return 0;
	case PortState::Ipi:
		evtchn::raise(*caller.dom, Port{port});
		return 0;
	case PortState::Unbound: /* dropped without a word; binding makes up for it */
		return 0;
	default:
		return err::inval.to_linux();
	}
}

constexpr EvtchnState status_of[] = {
	EvtchnState::Closed, EvtchnState::Closed, EvtchnState::Unbound, EvtchnState::Interdomain,
	EvtchnState::Pirq,   EvtchnState::Virq,	  EvtchnState::Ipi,
};

s64 serve(Vcpu &caller, EvtchnStatus &arg)
{
	const u32 port = arg.port.load();
	Domain *dom;

	if (const s64 failed = target(*caller.dom, arg.dom.load(), dom))
		return failed;
	if (port >= refhv::nr_ports)
		return err::inval.to_linux();

	const Channel &channel = dom->events.channel[port];
	const PortState state = channel.state;

	arg.status.store(u32(status_of[u32(state)]));
	arg.vcpu.store(channel.vcpu);
	if (state == PortState::Unbound || state == PortState::Interdomain)
		arg.u.peer.dom.store(channel.remote.raw());
	if (state == PortState::Interdomain)
		arg.u.peer.port.store(channel.remote_port);
	if (state == PortState::Pirq || state == PortState::Virq)
		arg.u.source.number.store(channel.remote_port);
	return 0;
}

s64 serve(Vcpu &caller, EvtchnBindVcpu &arg)
{
	const u32 port = arg.port.load(), vcpu = arg.vcpu.load();

	if (vcpu >= caller.dom->nr_vcpus)
		return err::noent.to_linux();
	if (port >= refhv::nr_ports)
		return err::inval.to_linux();

	Channel &channel = caller.dom->events.channel[port];
	const PortState state = channel.state;

	if (state <= PortState::Reserved || state == PortState::Ipi ||
	    (state == PortState::Virq && !evtchn::is_global(channel.remote_port)))
		return err::inval.to_linux();
	channel.vcpu = u8(vcpu);
	return 0;
}

/* A port that is not in use has a mask bit, too: it is the domain's own business. */
s64 serve(Vcpu &caller, EvtchnUnmask &arg)
{
	if (arg.port.load() >= refhv::nr_ports)
		return err::inval.to_linux();
	evtchn::unmask(*caller.dom, Port{arg.port.load()});
	return 0;
}

s64 serve(Vcpu &caller, EvtchnReset &arg)
{
	Domain *dom;

	if (const s64 failed = target(*caller.dom, arg.dom.load(), dom))
		return failed;
	evtchn::close_all(*dom);
	return 0;
}

template <class T, bool answers = false> s64 copied(Memory &mem, Vcpu &caller, u64 handle)
{
	T arg;

	if (!xencomm::get(mem, handle, arg))
		return err::fault.to_linux();
	if (const s64 failed = serve(caller, arg))
		return failed;
	return !answers || xencomm::put(mem, handle, arg) ? 0 : err::fault.to_linux();
}

/* In the order of EvtchnOp. */
constexpr s64 (*const operation[])(Memory &, Vcpu &, u64) = {
	copied<EvtchnBindInterdomain, true>,
	copied<EvtchnBindVirq, true>,
	copied<EvtchnBindPirq, true>,
	copied<EvtchnClose>,
	copied<EvtchnSend>,
	copied<EvtchnStatus, true>,
	copied<EvtchnAllocUnbound, true>,
	copied<EvtchnBindIpi, true>,
	copied<EvtchnBindVcpu>,
	copied<EvtchnUnmask>,
	copied<EvtchnReset>,
};
static_assert(std::size(operation) == u32(EvtchnOp::Reset) + 1);

} // namespace

s64 evtchn::op(Memory &mem, Vcpu &caller, u32 command, u64 arg)
{
	return command < std::size(operation) ? operation[command](mem, caller, arg)
					      : err::nosys.to_linux();
}

s64 do_event_channel_op(Call &call)
{
	return evtchn::op(call.mem, call.vcpu, u32(call.arg[0]), call.arg[1]);
}

} // namespace refhv
