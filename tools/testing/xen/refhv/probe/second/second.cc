/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The second domain: an unprivileged bare guest that shares two pages and answers events.
 *
 * Stays with EE off: it waits by poll, which needs no upcall.  What it may not do it
 * tries once, and leaves the refusals in the mailbox for dom0 to print.
 */
#include <abi/memory.hh>
#include <abi/physdev.hh>
#include <abi/sched.hh>

#include "probe/events.hh"
#include "probe/grants.hh"
#include "probe/second/mailbox.hh"

namespace probe {

namespace {

using second::Command;
using second::Mailbox;

constinit GrantTable table{};
u8 *scratch;

volatile Mailbox &mailbox()
{
	return *reinterpret_cast<volatile Mailbox *>(second::mailbox_pfn * page_bytes);
}

s64 enter(u64 number, u64 low = mmu::low_ram)
{
	const View v = view(number, 8, low);

	(void)drop(v);
	return v.code;
}

s64 grant_status(GrantOp op, u16 domid)
{
	fill(scratch, 0, 64);
	*reinterpret_cast<Be<u16> *>(scratch) = Be<u16>{domid};
	const s64 result = grant_op(op, scratch);
	const auto *setup = reinterpret_cast<const abi::GrantSetupTable *>(scratch);
	const auto *query = reinterpret_cast<const abi::GrantQuerySize *>(scratch);

	return result			   ? result
	       : op == GrantOp::SetupTable ? setup->status.load()
					   : query->status.load();
}

s64 reservation(u32 op, u16 domid, u32 order, u64 number)
{
	auto *ask = reinterpret_cast<abi::MemoryReservation *>(scratch);

	*ask = {};
	words(scratch + 512)[0].store(number);
	ask->extent_start.store(inline_handle(scratch + 512));
	ask->nr_extents.store(1);
	ask->extent_order.store(order);
	ask->domid.store(domid);
	return xen_call(XenCall::MemoryOp, op, inline_handle(ask));
}

s64 status_of_dom0()
{
	abi::EvtchnStatus a{};

	a.port.store(1);
	return ev::op(abi::EvtchnOp::Status, a);
}

s64 reset_of_dom0()
{
	abi::EvtchnReset a{};

	return ev::op(abi::EvtchnOp::Reset, a);
}

s64 translate_of_dom0()
{
	auto *ask = reinterpret_cast<abi::TranslateGpfnList *>(scratch);

	*ask = {};
	ask->nr_gpfns.store(1);
	ask->gpfn_list.store(inline_handle(scratch + 512));
	ask->mfn_list.store(inline_handle(scratch + 520));
	return xen_call(XenCall::MemoryOp, 8, inline_handle(ask));
}

s64 copy_frame_of_dom0()
{
	auto *op = reinterpret_cast<abi::GrantCopy *>(scratch);

	*op = {};
	op->source.u.gmfn.store(1);
	op->source.domid.store(0);
	op->dest.u.gmfn.store(pfn_of(scratch));
	op->dest.domid.store(domid_self);
	op->dest.offset.store(1024);
	op->len.store(8);
	const s64 result = grant_op(GrantOp::Copy, op);

	return result ? result : op->status.load();
}

/* The rows of second::trial_names, in their order. */
s64 trial(u32 row)
{
	static constexpr char text[] = "second: here\n";
	u32 port = 0;
	abi::EvtchnBindPirq pirq{};
	abi::SchedRemoteShutdown stop{};

	fill(scratch, 0, page_bytes);
	stop.reason.store(0);
	pirq.pirq.store(20);
	switch (row) {
	case 0:
		return xen_call(XenCall::ConsoleIo, 0, sizeof(text) - 1, inline_handle(text));
	case 1:
		return xen_call(XenCall::Sysctl, inline_handle(scratch));
	case 2:
		return xen_call(XenCall::Domctl, inline_handle(scratch));
	case 3:
		return grant_op(GrantOp::MapGrantRef, scratch);
	case 4:
		return grant_op(GrantOp::UnmapGrantRef, scratch);
	case 5:
		return grant_status(GrantOp::SetupTable, 0);
	case 6:
		return grant_status(GrantOp::QuerySize, 0);
	case 7:
		return enter(0x90001, 0x28);
	case 8:
		return enter(maximum_ram_page() - 1);
	case 9:
		return enter(window_base() + 1);
	case 10:
		return enter(rma_bytes() / page_bytes - 1);
	case 11:
		return status_of_dom0();
	case 12:
		return ev::alloc(0, domid_self, port);
	case 13:
		return reset_of_dom0();
	case 14:
		return xen_call(XenCall::MemoryOp, 3, inline_handle(scratch));
	case 15:
		return translate_of_dom0();
	case 16:
		return reservation(1, 0, 0, 0x5000);
	case 17:
		return reservation(6, domid_self, 1, high_pfn(0));
	case 18:
		return xen_call(XenCall::SchedOp, 4, inline_handle(&stop));
	case 19:
		return ev::op(abi::EvtchnOp::BindPirq, pirq);
	case 20:
		return xen_call(XenCall::PhysdevOp, 8, inline_handle(scratch));
	case 21:
		return xen_call(XenCall::PhysdevOp, 10, inline_handle(scratch));
	case 22:
		return xen_call(XenCall::RtasProxy, 0x100000);
	case 23:
		return xen_call(XenCall::NmiOp, 0, inline_handle(scratch));
	case 24:
		return ev::bind_virq(2, 0, port);
	case 25:
		return static_cast<s64>(
			papr(abi::Papr::PutTce, 0, 0, (maximum_ram_page() - 1) << 12 | 3).r3);
	case 26:
		*reinterpret_cast<Be<u16> *>(scratch) = Be<u16>{domid_self};
		return xen_call(XenCall::MemoryOp, 3, inline_handle(scratch));
	case 27:
		return copy_frame_of_dom0();
	}
	return -9999;
}

u64 flags()
{
	return u64{table.flags(second::ref_rw)} << 32 | table.flags(second::ref_ro);
}

/* serve - one command; its answer */
u64 serve(Command command, u64 argument, const volatile u64 *rw)
{
	switch (command) {
	case Command::Invert:
		return ~argument;
	case Command::Look:
		return rw[1];
	case Command::Flags:
		return flags();
	case Command::Withdraw: {
		const u64 still = flags();

		table.clear(second::ref_rw);
		table.clear(second::ref_ro);
		return still;
	}
	case Command::Stop:
		power_off();
	case Command::Nothing:
		break;
	}
	return none;
}

} // namespace

void probe_main()
{
	volatile Mailbox &m = mailbox();
	u8 *rw = page(), *ro = page();
	auto *ports = reinterpret_cast<Be<u32> *>(page());
	auto *poll = reinterpret_cast<abi::SchedPoll *>(page());
	u32 port = 0;

	scratch = page();
	fill(reinterpret_cast<void *>(second::mailbox_pfn * page_bytes), 0, page_bytes);
	for (u64 i = 0; i < page_bytes / 8; i++) {
		reinterpret_cast<u64 *>(rw)[i] = second::pattern_rw;
		reinterpret_cast<u64 *>(ro)[i] = second::pattern_ro;
	}
	if (!table.open())
		fail("second: no grant table");
	table.set(second::ref_rw, abi::grant_flag::permit_access, 0,
		  static_cast<u32>(frame_number(pfn_of(rw))));
	table.set(second::ref_ro, abi::grant_flag::permit_access | abi::grant_flag::readonly, 0,
		  static_cast<u32>(frame_number(pfn_of(ro))));
	table.set(second::ref_other, abi::grant_flag::permit_access, 2,
		  static_cast<u32>(frame_number(pfn_of(rw))));
	const s64 opened = ev::alloc(domid_self, 0, port);

	if (opened)
		fail("second: no port", static_cast<u64>(-opened));
	for (u32 i = 0; i < second::nr_trials; i++)
		m.result[i] = static_cast<u64>(trial(i));
	m.domid = own_domid();
	m.port = port;
	m.pfn_rw = pfn_of(rw);
	m.pfn_ro = pfn_of(ro);
	m.entry_r3 = probe_entry.gpr[3];
	m.entry_msr = probe_entry.msr;
	m.entry_r5 = probe_entry.gpr[5];
	asm volatile("sync" ::: "memory");
	m.magic = second::magic;
	ports[0].store(port);
	for (;;) {
		*poll = {};
		poll->ports.store(inline_handle(ports));
		poll->nr_ports.store(1);
		poll->timeout.store(xen_ns() + 1'000'000'000);
		(void)xen_call(XenCall::SchedOp, 3, inline_handle(poll));
		if (!ev::pending(port))
			continue;
		ev::quiet();
		ev::clear(port);
		asm volatile("sync" ::: "memory");
		const auto command = static_cast<Command>(m.command);

		if (command == Command::Nothing)
			continue; /* the binding's own event */
		m.answer = serve(command, m.argument, reinterpret_cast<u64 *>(rw));
		m.command = 0;
		m.answered = m.answered + 1;
		asm volatile("sync" ::: "memory");
		(void)ev::send(port);
	}
}

} // namespace probe
