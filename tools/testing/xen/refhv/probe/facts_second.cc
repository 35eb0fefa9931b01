/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Facts about another domain (ABI 4.2, 4.4, 5.2; protocol 6.3, 7.4): probe/second/ runs
 * in it.  Its frames by privilege, its grants, a channel to it, control of it.
 *
 * Absent unless a domain with a mailbox exists.  The last fact stops it.
 */
#include <abi/domctl.hh>
#include <abi/memory.hh>

#include "probe/events.hh"
#include "probe/facts.hh"
#include "probe/grants.hh"
#include "probe/second/mailbox.hh"

namespace probe {

namespace {

using second::Command;
using second::Mailbox;

constexpr u64 list_pages = second::mailbox_pfn * 8 / page_bytes + 1;

struct Peer {
	u16 id;
	Be<u64> *frames; /* machine frames by its own number */
	View mailbox;
	u32 remote, port;
	u64 pfn_rw, pfn_ro;
};
constinit Peer peer{};
u8 *args;

u64 field(u64 offset)
{
	return get(peer.mailbox, offset);
}
#define FIELD(name) field(offsetof(Mailbox, name))

abi::Domctl *domctl(abi::DomctlOp op, u16 id)
{
	auto *d = reinterpret_cast<abi::Domctl *>(args);

	*d = {};
	d->cmd.store(static_cast<u32>(op));
	d->interface_version.store(abi::domctl_version);
	d->domain.store(id);
	return d;
}

s64 call(const abi::Domctl *d)
{
	return xen_call(XenCall::Domctl, inline_handle(d));
}

/* find - the next domain after the own one, and its mailbox; false: there is none */
bool find()
{
	const abi::Domctl *d =
		domctl(abi::DomctlOp::Getdomaininfo, static_cast<u16>(own_domid() + 1));

	if (call(d))
		return false;
	peer.id = d->domain.load();
	peer.frames = words(pages(list_pages));
	abi::Domctl *m = domctl(abi::DomctlOp::Getmemlist, peer.id);
	auto &list = *reinterpret_cast<abi::DomctlGetmemlist *>(m->u);

	list.max_pfns.store(second::mailbox_pfn + 1);
	list.buffer.store(inline_handle(peer.frames));
	if (call(m) || list.num_pfns.load() != second::mailbox_pfn + 1)
		return false;
	peer.mailbox = view(peer.frames[second::mailbox_pfn].load(), 10);
	return peer.mailbox && wait_until([] { return FIELD(magic) == second::magic; }, 5000);
}

/* ask - one command; true if the answer's event came */
bool ask(Command command, u64 argument = 0)
{
	const u64 before = FIELD(answered);

	(void)set(peer.mailbox, offsetof(Mailbox, argument), argument);
	(void)set(peer.mailbox, offsetof(Mailbox, command), static_cast<u64>(command));
	ev::quiet();
	events(peer.port) = 0;
	if (ev::send(peer.port))
		return false;
	ee_on();
	const bool came = wait_until([] { return events(peer.port) != 0; }, 3000);
	ee_off();
	return came && FIELD(answered) == before + 1;
}

void found()
{
	u64 known = 0;

	for (u64 i = 0; i <= second::mailbox_pfn; i++)
		known += peer.frames[i].load() < maximum_ram_page();
	fact("second.memlist.rma_is_full", known == second::mailbox_pfn + 1);
	fact("second.domid", peer.id, " ", FIELD(domid));
	fact("second.entry.msr", hex(FIELD(entry_msr)));
	fact("second.entry.r5", hex(FIELD(entry_r5)));
	fact("second.entry.tree", FIELD(entry_r3) != 0);
	for (u32 i = 0; i < second::nr_trials; i++) {
		const auto result = static_cast<s64>(field(offsetof(Mailbox, result) + u64{i} * 8));
		put("second.");
		put(second::trial_names[i]);
		const char *name = second::trial_names[i];
		if (same(name, "enter", 5) || same(name, "put_tce", 7))
			fact("", papr_result(result));
		else if (same(name, "own_reservation"))
			fact("", result > 0);
		else if (same(name, "grant_setup", 11) || same(name, "grant_query", 11) ||
			 same(name, "copy_frame", 10))
			fact("", result);
		else
			fact("", xen_result(result));
	}
}

/* Its frames by privilege: seen, written, and not given away as one's own. */
void privilege()
{
	peer.pfn_rw = FIELD(pfn_rw);
	peer.pfn_ro = FIELD(pfn_ro);
	const u64 frame = peer.frames[peer.pfn_ro].load();

	fact("second.foreign.read", peek(frame, 0) == second::pattern_ro);
	const bool write_done = poke(frame, 8, 5);
	fact("second.foreign.write", write_done, " ", peek(frame, 8));
	(void)poke(frame, 8, second::pattern_ro);
	auto *r = reinterpret_cast<abi::MemoryReservation *>(args);

	*r = {};
	words(args + 512)[0].store(frame);
	r->extent_start.store(inline_handle(args + 512));
	r->nr_extents.store(1);
	r->domid.store(domid_self);
	if (daring())
		fact("second.foreign.decrease", xen_call(XenCall::MemoryOp, 1, inline_handle(r)));
	if (daring())
		fact("second.foreign.xencomm",
		     xen_result(xen_call(XenCall::XenVersion, 1,
					 abi::inline_flag | frame << 12 | 64)));
	fact("second.foreign.kept", peek(frame, 64) == second::pattern_ro);
	*reinterpret_cast<Be<u16> *>(args) = Be<u16>{peer.id};
	fact("second.reservation", xen_call(XenCall::MemoryOp, 3, inline_handle(args)) > 0);
	auto *q = reinterpret_cast<abi::GrantQuerySize *>(args);

	*q = {};
	q->dom.store(peer.id);
	const s64 grant_query_result = grant_op(GrantOp::QuerySize, q);
	fact("second.grant_query", xen_result(grant_query_result), " ", q->status.load(), " ",
	     q->nr_frames.load());
}

void channel()
{
	peer.remote = static_cast<u32>(FIELD(port));
	ev::quiet();
	fact("second.bind", xen_result(ev::bind_interdomain(peer.id, peer.remote, peer.port)));
	fact("second.bind.pending", ev::pending(peer.port));
	u32 again = 0;

	fact("second.bind.twice", xen_result(ev::bind_interdomain(peer.id, peer.remote, again)));
	abi::EvtchnStatus a{};

	a.dom.store(peer.id);
	a.port.store(peer.remote);
	const s64 its_status_result = ev::op(abi::EvtchnOp::Status, a);
	fact("second.bind.its_status", xen_result(its_status_result), " ", a.status.load(), " ",
	     a.u.peer.dom.load() == own_domid(), " ", a.u.peer.port.load() == peer.port);
	ev::quiet();
	ev::clear(peer.port);
	const bool ask_done = ask(Command::Invert, 0x123456789abcdef0);
	fact("second.ask", ask_done, " ", hex(FIELD(answer)));
	u32 lost = 0;

	for (u64 i = 0; i < 100; i++)
		lost += !ask(Command::Invert, i) || FIELD(answer) != ~i;
	fact("second.ask.100.lost", lost);
}

s64 copy(u32 ref, u64 frame, bool to_ref, u64 *word)
{
	auto *op = reinterpret_cast<abi::GrantCopy *>(args);
	abi::GrantCopySide own{}, its{};

	*op = {};
	own.u.gmfn.store(frame);
	own.domid.store(domid_self);
	own.offset.store(static_cast<u16>(reinterpret_cast<u64>(word) % page_bytes));
	its.u.grant.ref.store(ref);
	its.domid.store(peer.id);
	its.offset.store(8);
	op->source = to_ref ? own : its;
	op->dest = to_ref ? its : own;
	op->len.store(8);
	op->flags.store(to_ref ? abi::copy_flag::dest_gref : abi::copy_flag::source_gref);
	op->status.store(99);
	const s64 result = grant_op(GrantOp::Copy, op);

	return result ? result : op->status.load();
}

void copies()
{
	auto *word = reinterpret_cast<u64 *>(page());
	const u64 frame = frame_number(pfn_of(word));

	*word = 1;
	const s64 from_rw_result = copy(second::ref_rw, frame, false, word);
	fact("second.copy.from_rw", from_rw_result, " ", *word == second::pattern_rw);
	const s64 from_ro_result = copy(second::ref_ro, frame, false, word);
	fact("second.copy.from_ro", from_ro_result, " ", *word == second::pattern_ro);
	*word = 0x5555;
	const s64 to_rw_result = copy(second::ref_rw, frame, true, word);
	const bool looked = ask(Command::Look);
	fact("second.copy.to_rw", to_rw_result, " ", looked, " ", hex(FIELD(answer)));
	fact("second.copy.to_ro", copy(second::ref_ro, frame, true, word));
	fact("second.copy.for_other", copy(second::ref_other, frame, false, word));
	fact("second.copy.free_ref", copy(20, frame, false, word));
	fact("second.copy.kept", peek(peer.frames[peer.pfn_ro].load(), 8) == second::pattern_ro);
}

void mappings()
{
	using namespace abi::map_flag;
	auto *map = reinterpret_cast<abi::GrantMapRef *>(args);
	auto *unmap = reinterpret_cast<abi::GrantUnmapRef *>(args);
	const u64 at = window_address(5), at_ro = window_address(6);
	const Mapped rw = map_grant(map, at, host, second::ref_rw, peer.id);

	fact("second.map.rw", xen_result(rw.result), " ", rw.status);
	fact("second.map.rw.bus_address", rw.bus == peer.frames[peer.pfn_rw].load() << 12);
	const u64 number = mapped_number(5, rw);

	fact("second.map.rw.read", peek(number, 16) == second::pattern_rw);
	const bool write_done = poke(number, 8, 0x7777);
	const bool looked = ask(Command::Look);
	fact("second.map.rw.write", write_done, " ", looked, " ", hex(FIELD(answer)));
	const Mapped ro = map_grant(map, at_ro, host | readonly, second::ref_ro, peer.id);
	const u64 number_ro = mapped_number(6, ro);

	fact("second.map.ro", xen_result(ro.result), " ", ro.status);
	const View r = view(number_ro, 6, mmu::low_ram | 3);

	fact("second.map.ro.read", papr_result(r.code), " ", get(r, 16) == second::pattern_ro);
	fact("second.map.ro.store", hex(set(r, 16, 1).vector));
	if (!direct_mode() && daring()) { /* a privileged domain needs no grant in direct mode */
		fact("second.map.ro.widen",
		     papr_result(static_cast<s64>(papr(abi::Papr::Protect, 2, r.slot).r3)));
		const View w = view(number_ro, 7);

		fact("second.map.ro.enter_writable", papr_result(w.code));
		(void)drop(w);
	}
	(void)drop(r);
	const Mapped refused = map_grant(map, window_address(7), host, second::ref_ro, peer.id);

	fact("second.map.ro_writable", xen_result(refused.result), " ", refused.status);
	const Mapped other = map_grant(map, window_address(7), host, second::ref_other, peer.id);

	fact("second.map.for_other", xen_result(other.result), " ", other.status);
	const bool flags_done = ask(Command::Flags);
	fact("second.flags", flags_done, " ", hex(FIELD(answer)));
	if (daring()) {
		const View held = view(number, 6);

		fact("second.unmap.entered", unmap_grant(unmap, at, 0, rw.handle));
		(void)drop(held);
	}
	const bool withdraw_done = ask(Command::Withdraw);
	fact("second.withdraw", withdraw_done, " ", hex(FIELD(answer)));
	fact("second.withdraw.still_mapped", peek(number, 16) == second::pattern_rw);
	fact("second.unmap.rw", unmap_grant(unmap, at, 0, rw.handle));
	fact("second.unmap.ro", unmap_grant(unmap, at_ro, 0, ro.handle));
	const Mapped gone = map_grant(map, at, host, second::ref_rw, peer.id);

	fact("second.map.withdrawn", xen_result(gone.result), " ", gone.status);
	if (!direct_mode() && daring())
		fact("second.enter.unmapped", papr_result(view(window_base() + 5, 6).code));
}

void control()
{
	abi::Domctl *d = domctl(abi::DomctlOp::Getvcpuinfo, peer.id);
	const auto &v = *reinterpret_cast<const abi::DomctlGetvcpuinfo *>(d->u);

	const s64 vcpuinfo_result = call(d);
	fact("second.vcpuinfo", xen_result(vcpuinfo_result), " online ", u32{v.online});
	d = domctl(abi::DomctlOp::Pausedomain, peer.id);
	const s64 paused = call(d);

	if (paused == -38)
		return absent("second.pause");
	fact("second.pause", xen_result(paused));
	const abi::Domctl *info = domctl(abi::DomctlOp::Getdomaininfo, peer.id);
	const auto &i = *reinterpret_cast<const abi::DomctlGetdomaininfo *>(info->u);

	const s64 info_result = call(info);
	fact("second.pause.info", xen_result(info_result), " paused ",
	     (i.flags.load() & abi::dominf::paused) != 0);
	const u64 before = FIELD(answered);

	(void)set(peer.mailbox, offsetof(Mailbox, command), static_cast<u64>(Command::Invert));
	(void)ev::send(peer.port);
	spin_us(100'000);
	fact("second.pause.answers", FIELD(answered) - before);
	d = domctl(abi::DomctlOp::Unpausedomain, peer.id);
	fact("second.unpause", xen_result(call(d)));
	fact("second.unpause.answers",
	     wait_until([before] { return FIELD(answered) == before + 1; }, 3000));
}

void stop()
{
	u32 virq = 0;
	const s64 bound = ev::bind_virq(static_cast<u32>(abi::Virq::DomExc), 0, virq);

	ev::quiet();
	(void)set(peer.mailbox, offsetof(Mailbox, command), static_cast<u64>(Command::Stop));
	(void)ev::send(peer.port);
	fact("second.stop.dom_exc", xen_result(bound), " ",
	     wait_until([virq] { return ev::pending(virq); }, 3000));
	const abi::Domctl *info = domctl(abi::DomctlOp::Getdomaininfo, peer.id);
	const auto &i = *reinterpret_cast<const abi::DomctlGetdomaininfo *>(info->u);

	const s64 info_result = call(info);
	fact("second.stop.info", xen_result(info_result), " shutdown ",
	     (i.flags.load() & abi::dominf::shutdown) != 0, " reason ",
	     abi::dominf::ShutdownReasonField::get(i.flags.load()));
	fact("second.stop.send", xen_result(ev::send(peer.port)));
	(void)ev::close(virq);
	(void)ev::close(peer.port);
	(void)drop(peer.mailbox);
	ev::quiet();
}

} // namespace

void facts_second()
{
	args = page();
	if (!find())
		return absent("second.domain");
	found();
	privilege();
	channel();
	copies();
	mappings();
	control();
	stop();
}

} // namespace probe
