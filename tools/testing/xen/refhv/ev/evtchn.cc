/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The state of event channels and the raising of events.
 *
 * Every bit in shared_info is changed atomically: the guest's other vcpus write the same
 * words at the same time, without the hypervisor lock.
 */
#include "ev/evtchn.hh"

#include <bit>

#include "base/trace.hh"
#include "dom/domain.hh"
#include "ev/upcall.hh"

namespace refhv {

namespace {

using xen::ppc::SharedInfo;
using xen::ppc::Virq;

inline constexpr u32 word_bits = xen::ppc::ports_per_word;

/* A wire word as the machine's own type: Stored has one member, which it begins with. */
u64 *word(Be<u64> &in)
{
	return reinterpret_cast<u64 *>(&in);
}

u64 bit(u32 n)
{
	return std::bit_cast<u64>(Be<u64>{u64{1} << (n % word_bits)});
}

bool test(Be<u64> &in, u32 n)
{
	return (__atomic_load_n(word(in), __ATOMIC_SEQ_CST) & bit(n)) != 0;
}

/* What the bit was before. */
bool test_and_set(Be<u64> &in, u32 n)
{
	return (__atomic_fetch_or(word(in), bit(n), __ATOMIC_SEQ_CST) & bit(n)) != 0;
}

bool test_and_clear(Be<u64> &in, u32 n)
{
	return (__atomic_fetch_and(word(in), ~bit(n), __ATOMIC_SEQ_CST) & bit(n)) != 0;
}

/* A domain that is being built by control calls has channels before it has its page. */
SharedInfo *page(const Domain &dom)
{
	return dom.present && dom.shared_info_at.raw() ? shared_info(dom) : nullptr;
}

/* The second half of the chain: @port is pending and not masked. */
void select(Domain &dom, SharedInfo &info, u32 port)
{
	Vcpu &vcpu = dom.vcpu[dom.events.channel[port].vcpu];
	xen::ppc::VcpuInfo &own = info.vcpu_info[vcpu.id.raw()];

	if (!test_and_set(own.evtchn_pending_sel, port / word_bits) &&
	    !(__atomic_fetch_or(&own.evtchn_upcall_pending, 1, __ATOMIC_SEQ_CST) & 1))
		upcall::notify(vcpu);
}

bool polls(const Vcpu &vcpu, u32 port)
{
	if (vcpu.poll != Poll::Waiting)
		return false;
	if (options.historical) /* it woke every poller of the domain */
		return true;
	for (u32 i = 0; i < vcpu.poll_count; ++i)
		if (vcpu.poll_port[i] == port)
			return true;
	return false;
}

} // namespace

namespace evtchn {

void init(Domain &dom)
{
	dom.events = {};
	dom.events.channel[0].state = PortState::Reserved;
	for (u32 v = 0; v < max_vcpus; ++v) {
		for (u64 &port : dom.vcpu[v].virq_port)
			port = 0;
		time::init(dom.vcpu[v]);
	}
}

bool is_global(u32 virq)
{
	return virq != u32(Virq::Timer) && virq != u32(Virq::Debug) && virq != u32(Virq::Xenoprof);
}

u64 &virq_port(Domain &dom, u32 virq, u32 vcpu)
{
	return dom.vcpu[is_global(virq) ? 0 : vcpu].virq_port[virq];
}

bool pending(const Domain &dom, Port port)
{
	SharedInfo *const info = page(dom);

	return info && test(info->evtchn_pending[port.raw() / word_bits], port.raw());
}

void raise(Domain &dom, Port port)
{
	SharedInfo *const info = page(dom);
	const u32 p = port.raw();

	if (!info || test_and_set(info->evtchn_pending[p / word_bits], p))
		return;
	trace(Trace::Event, dom.id.raw(), p, dom.events.channel[p].vcpu);
	if (!test(info->evtchn_mask[p / word_bits], p))
		select(dom, *info, p);
	for (u32 v = 0; v < dom.nr_vcpus; ++v)
		if (polls(dom.vcpu[v], p))
			upcall::wake(dom.vcpu[v]);
}

void unmask(Domain &dom, Port port)
{
	SharedInfo *const info = page(dom);
	const u32 p = port.raw();

	if (info && test_and_clear(info->evtchn_mask[p / word_bits], p) &&
	    test(info->evtchn_pending[p / word_bits], p))
		select(dom, *info, p);
}

void raise_virq(Domain &dom, u32 virq, VcpuId vcpu)
{
	if (virq >= nr_virqs || vcpu.raw() >= dom.nr_vcpus)
		return;

	const u64 port = virq_port(dom, virq, vcpu.raw());

	if (port)
		raise(dom, Port{u32(port)});
}

void raise_pirq(u32 pirq)
{
	for (Domain &dom : domains)
		if (dom.present && pirq < nr_pirqs && dom.events.pirq_port[pirq])
			raise(dom, Port{dom.events.pirq_port[pirq]});
}

s64 close(Domain &dom, u32 port)
{
	if (port >= nr_ports || dom.events.channel[port].state <= PortState::Reserved)
		return xen::err::inval.to_linux();

	Channel &channel = dom.events.channel[port];
	const u32 number = channel.remote_port;

	if (channel.state == PortState::Pirq) {
		dom.events.pirq_port[number] = 0;
	} else if (channel.state == PortState::Virq) {
		virq_port(dom, number, channel.vcpu) = 0;
	} else if (channel.state == PortState::Interdomain) {
		/* It stays open to its old partner: that is in its Channel::remote already. */
		if (Domain *const peer = find_domain(channel.remote))
			peer->events.channel[number].state = PortState::Unbound;
	}
	channel = {}; /* its pending and mask bits stay as they are, as they always did */
	return 0;
}

void close_all(Domain &dom)
{
	for (u32 port = 1; port < nr_ports; ++port)
		if (dom.events.channel[port].state != PortState::Free)
			(void)close(dom, port); /* cannot fail: the port is in use */
}

} // namespace evtchn

} // namespace refhv
