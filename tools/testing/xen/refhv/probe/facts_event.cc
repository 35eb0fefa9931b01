/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Facts about event channels (ABI 5.1 to 5.3, layouts 6): every operation, good and bad.
 *
 * How an event reaches the vcpu stands in facts_upcall.cc.
 */
#include "probe/events.hh"
#include "probe/facts.hh"

namespace probe {

namespace {

using abi::EvtchnOp;

constexpr u32 beyond = abi::nr_ports;
constexpr u32 no_port = 0xffffffff;

/* state - what status says of a port: result, or "state vcpu detail" */
void state(const char *name, u32 port, u16 domid = domid_self)
{
	abi::EvtchnStatus a{};

	a.dom.store(domid);
	a.port.store(port);
	const s64 result = ev::op(EvtchnOp::Status, a);

	if (result)
		return fact(name, xen_result(result));
	static constexpr const char *text[] = {"closed", "unbound", "interdomain",
					       "pirq",	 "virq",    "ipi"};
	const u32 s = a.status.load();

	put(name);
	put(": ");
	put(s < 6 ? text[s] : "unknown");
	if (s) {
		put(" vcpu ");
		put_unsigned(a.vcpu.load());
	}
	if (s == 1 || s == 2) {
		put(" with ");
		put_unsigned(a.u.peer.dom.load());
	}
	if (s == 3 || s == 4) {
		put(" number ");
		put_unsigned(a.u.source.number.load());
	}
	put('\n');
}

void faults()
{
	static constexpr struct {
		u32 op;
		const char *name;
	} row[] = {
		{0, "bind_interdomain"},
		{1, "bind_virq"},
		{2, "bind_pirq"},
		{3, "close"},
		{4, "send"},
		{5, "status"},
		{6, "alloc_unbound"},
		{7, "bind_ipi"},
		{8, "bind_vcpu"},
		{9, "unmask"},
		{10, "reset"},
		{11, "operation_11"},
		{0x7fffffff, "operation_huge"},
	};

	for (const auto &r : row) {
		put("event.fault.");
		put(r.name);
		fact("", xen_result(xen_call(XenCall::EventChannelOp, r.op, 0)));
	}
}

void ports()
{
	static constexpr struct {
		u32 port;
		const char *name;
	} row[] = {{0, "port_0"}, {beyond, "port_4096"}, {no_port, "port_all_ones"}};

	for (const auto &r : row) {
		put("event.");
		put(r.name);
		fact(".close", xen_result(ev::close(r.port)));
		put("event.");
		put(r.name);
		fact(".send", xen_result(ev::send(r.port)));
		put("event.");
		put(r.name);
		fact(".bind_vcpu", xen_result(ev::bind_vcpu(r.port, 0)));
		put("event.");
		put(r.name);
		state(".status", r.port);
		if (!r.port)
			continue;
		put("event.");
		put(r.name);
		fact(".unmask", xen_result(ev::on_port(EvtchnOp::Unmask, r.port)));
	}
	abi::EvtchnStatus a{};

	a.dom.store(domid_self);
	a.port.store(4095); /* free: closed, or refused where its bucket was never made */
	const s64 result = ev::op(EvtchnOp::Status, a);

	fact("event.port_4095.free", result == -22 || (!result && a.status.load() == 0));
	fact("event.port_4095.send", xen_result(ev::send(4095)));
	fact("event.port_4095.close", xen_result(ev::close(4095)));
}

void unbound()
{
	u32 p = 0, other = 0;
	const s64 result = ev::alloc(domid_self, domid_self, p);

	fact("event.alloc", xen_result(result), p > 0 && p < beyond ? " port" : " no port");
	state("event.alloc.status", p);
	fact("event.alloc.send", xen_result(ev::send(p)));
	fact("event.alloc.send.pending", ev::pending(p));
	fact("event.alloc.by_number", xen_result(ev::alloc(own_domid(), own_domid(), other)));
	state("event.alloc.by_number.status", other);
	fact("event.alloc.close", xen_result(ev::close(other)));
	fact("event.alloc.close_again", xen_result(ev::close(other)));
	state("event.alloc.closed.status", other);
	fact("event.alloc.unknown_owner", xen_result(ev::alloc(domid_nobody, domid_self, other)));
	const s64 remote = ev::alloc(domid_self, domid_nobody, other);

	fact("event.alloc.unknown_remote", xen_result(remote));
	if (!remote)
		fact("event.alloc.unknown_remote.close", xen_result(ev::close(other)));
	state("event.status.unknown_domain", p, domid_nobody);
	state("event.status.by_number", p, own_domid());
	fact("event.alloc.close_first", xen_result(ev::close(p)));
}

void loopback()
{
	u32 a = 0, b = 0, c = 0;

	ev::quiet();
	(void)ev::alloc(domid_self, domid_self, a);
	fact("event.interdomain.bind", xen_result(ev::bind_interdomain(domid_self, a, b)));
	fact("event.interdomain.distinct", b != a && b > 0 && b < beyond);
	fact("event.interdomain.pending", "local ", ev::pending(b), " remote ", ev::pending(a));
	state("event.interdomain.local", b);
	state("event.interdomain.remote", a);
	ev::quiet();
	fact("event.interdomain.send", xen_result(ev::send(a)));
	fact("event.interdomain.send.pending", "local ", ev::pending(b), " remote ",
	     ev::pending(a));
	ev::quiet();
	fact("event.interdomain.send_back", xen_result(ev::send(b)));
	fact("event.interdomain.send_back.pending", "local ", ev::pending(b), " remote ",
	     ev::pending(a));
	ev::quiet();
	fact("event.interdomain.bind_twice", xen_result(ev::bind_interdomain(domid_self, a, c)));
	fact("event.interdomain.close", xen_result(ev::close(b)));
	state("event.interdomain.close.other", a);
	fact("event.interdomain.rebind", xen_result(ev::bind_interdomain(domid_self, a, c)));
	(void)ev::close(c);
	(void)ev::close(a);
	fact("event.interdomain.free_port", xen_result(ev::bind_interdomain(domid_self, a, c)));
	fact("event.interdomain.port_0", xen_result(ev::bind_interdomain(domid_self, 0, c)));
	fact("event.interdomain.port_4096",
	     xen_result(ev::bind_interdomain(domid_self, beyond, c)));
	fact("event.interdomain.port_all_ones",
	     xen_result(ev::bind_interdomain(domid_self, no_port, c)));
	fact("event.interdomain.unknown_domain",
	     xen_result(ev::bind_interdomain(domid_nobody, 1, c)));
	(void)ev::alloc(domid_self, domid_nobody, a);
	fact("event.interdomain.not_for_us", xen_result(ev::bind_interdomain(domid_self, a, c)));
	(void)ev::close(a);
	ev::quiet();
}

void virqs()
{
	u32 p = 0, q = 0;

	fact("event.virq.debug", xen_result(ev::bind_virq(1, 0, p)));
	state("event.virq.debug.status", p);
	fact("event.virq.debug.twice", xen_result(ev::bind_virq(1, 0, q)));
	fact("event.virq.debug.send", xen_result(ev::send(p)));
	fact("event.virq.debug.bind_vcpu", xen_result(ev::bind_vcpu(p, 0)));
	fact("event.virq.debug.close", xen_result(ev::close(p)));
	fact("event.virq.debug.again", xen_result(ev::bind_virq(1, 0, p)));
	(void)ev::close(p);
	fact("event.virq.timer", xen_result(ev::bind_virq(0, 0, p)));
	(void)ev::close(p);
	fact("event.virq.arch_0", xen_result(ev::bind_virq(16, 0, p)));
	state("event.virq.arch_0.status", p);
	fact("event.virq.arch_0.bind_vcpu", xen_result(ev::bind_vcpu(p, 0)));
	(void)ev::close(p);
	fact("event.virq.console", xen_result(ev::bind_virq(2, 0, p)));
	fact("event.virq.console.twice", xen_result(ev::bind_virq(2, 0, q)));
	(void)ev::close(p);
	fact("event.virq.global_other_vcpu", xen_result(ev::bind_virq(2, 1, p)));
	fact("event.virq.no_vcpu", xen_result(ev::bind_virq(1, 31, p)), " ",
	     xen_result(ev::bind_virq(1, 32, p)), " ", xen_result(ev::bind_virq(1, no_port, p)));
	fact("event.virq.beyond", xen_result(ev::bind_virq(24, 0, p)), " ",
	     xen_result(ev::bind_virq(no_port, 0, p)));
}

void ipis()
{
	u32 p = 0, q = 0;

	fact("event.ipi.bind", xen_result(ev::bind_ipi(0, p)));
	state("event.ipi.status", p);
	fact("event.ipi.bind_vcpu", xen_result(ev::bind_vcpu(p, 0)));
	fact("event.ipi.twice", xen_result(ev::bind_ipi(0, q)));
	(void)ev::close(q);
	fact("event.ipi.close", xen_result(ev::close(p)));
	fact("event.ipi.no_vcpu", xen_result(ev::bind_ipi(31, p)), " ",
	     xen_result(ev::bind_ipi(32, p)), " ", xen_result(ev::bind_ipi(no_port, p)));
	(void)ev::alloc(domid_self, domid_self, p);
	fact("event.bind_vcpu.unbound", xen_result(ev::bind_vcpu(p, 0)));
	fact("event.bind_vcpu.no_vcpu", xen_result(ev::bind_vcpu(p, 31)), " ",
	     xen_result(ev::bind_vcpu(p, 32)), " ", xen_result(ev::bind_vcpu(p, no_port)));
	(void)ev::close(p);
	fact("event.bind_vcpu.closed", xen_result(ev::bind_vcpu(p, 0)));
}

/* pirqs - numbers only: which sources a machine has is its own matter */
void pirqs()
{
	abi::EvtchnBindPirq a{};

	a.pirq.store(abi::nr_pirqs);
	fact("event.pirq.beyond", xen_result(ev::op(EvtchnOp::BindPirq, a)));
	a.pirq.store(no_port);
	fact("event.pirq.all_ones", xen_result(ev::op(EvtchnOp::BindPirq, a)));
}

/* bits - what a call has left in shared_info: pending, selector, upcall byte */
void bits(const char *name, u32 port)
{
	fact(name, "pending ", ev::pending(port), " selector ",
	     static_cast<bool>(ev::selector() >> port / 64 & 1), " upcall ",
	     static_cast<u32>(ev::info().evtchn_upcall_pending));
}

void chain()
{
	u32 p = 0, q = 0;

	(void)ev::bind_ipi(0, p);
	(void)ev::bind_ipi(0, q);
	ev::quiet();
	bits("event.bits.before", p);
	fact("event.bits.send.result", xen_result(ev::send(p)));
	bits("event.bits.send", p);
	fact("event.bits.send.others",
	     hex(ev::word(shared_info().evtchn_pending[p / 64]) & ~(u64{1} << p % 64)));
	ev::info().evtchn_upcall_pending = 0;
	(void)ev::send(p);
	bits("event.bits.already_pending", p);
	(void)ev::send(q); /* the selector is set: nobody is told */
	bits("event.bits.selector_set", q);
	ev::quiet();
	bits("event.bits.scanned", p);
	ev::mask(p, true);
	(void)ev::send(p);
	bits("event.bits.masked", p);
	fact("event.bits.unmask.result", xen_result(ev::on_port(EvtchnOp::Unmask, p)));
	bits("event.bits.unmask", p);
	fact("event.bits.unmask.mask",
	     (ev::word(shared_info().evtchn_mask[p / 64]) >> p % 64 & 1) != 0);
	ev::quiet();
	(void)ev::on_port(EvtchnOp::Unmask, p);
	bits("event.bits.unmask_idle", p);
	ev::info().evtchn_upcall_mask = 1;
	(void)ev::send(p);
	bits("event.bits.upcall_mask", p);
	ev::info().evtchn_upcall_mask = 0;
	ev::quiet();
	(void)ev::send(p);
	(void)ev::close(p); /* a closed port's bit */
	fact("event.bits.closed.pending", ev::pending(p));
	ev::clear(p);
	(void)ev::close(q);
	ev::quiet();
}

void reset()
{
	u32 p = 0, q = 0;
	abi::EvtchnReset a{};

	a.dom.store(domid_nobody);
	fact("event.reset.unknown_domain", xen_result(ev::op(EvtchnOp::Reset, a)));
	(void)ev::alloc(domid_self, domid_self, p);
	(void)ev::bind_ipi(0, q);
	a.dom.store(domid_self);
	fact("event.reset", xen_result(ev::op(EvtchnOp::Reset, a)));
	state("event.reset.unbound", p);
	state("event.reset.ipi", q);
	fact("event.reset.close", xen_result(ev::close(p)));
	fact("event.reset.again", xen_result(ev::op(EvtchnOp::Reset, a)));
}

/* Ports can run out, and come back. */
void exhaustion()
{
	u32 p = 0, first = 0, done = 0;
	s64 result = 0;

	while (done < beyond && !(result = ev::alloc(domid_self, domid_self, p))) {
		first = done ? first : p;
		done++;
	}
	fact("event.exhausted", xen_result(result), done > beyond - 64 ? " after all" : " early");
	fact("event.exhausted.others", xen_result(ev::bind_ipi(0, p)), " ",
	     xen_result(ev::bind_virq(1, 0, p)), " ",
	     xen_result(ev::bind_interdomain(domid_self, first, p)));
	abi::EvtchnReset a{};

	a.dom.store(domid_self);
	(void)ev::op(EvtchnOp::Reset, a);
	fact("event.exhausted.after_reset", xen_result(ev::bind_ipi(0, p)));
	(void)ev::close(p);
}

} // namespace

void facts_event()
{
	faults();
	ports();
	unbound();
	loopback();
	virqs();
	ipis();
	pirqs();
	chain();
	reset();
	exhaustion();
	facts_upcall();
}

} // namespace probe
