/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Facts about memory_op (ABI 4.3, layouts 4; protocol 6.5, 7.9).
 *
 * Works on frames above the real-mode area and gives every one of them back, but for the
 * last fact of a translated domain: increase_reservation's frame has no number there.
 */
#include <abi/memory.hh>

#include "probe/facts.hh"
#include "probe/view.hh"

namespace probe {

namespace {

using abi::MemoryOp;

constexpr u64 first = 0x200; /* index of the frames used, from the end of the RMA */
constexpr u64 many = 4096;   /* extents of the long calls */

abi::MemoryReservation *argument;
Be<u64> *list;

struct Ask {
	u64 nr;
	u32 order = 0;
	u16 domid = domid_self;
	u32 bits = 0;
	u64 start = 0;
	u64 handle = none; /* of the list; none: the list itself */
};

s64 reservation(MemoryOp op, const Ask &ask)
{
	*argument = {};
	argument->extent_start.store(ask.handle == none ? inline_handle(list) : ask.handle);
	argument->nr_extents.store(ask.nr);
	argument->extent_order.store(ask.order);
	argument->address_bits.store(ask.bits);
	argument->domid.store(ask.domid);
	return xen_call(XenCall::MemoryOp, static_cast<u64>(op) | ask.start << abi::memory_op_shift,
			inline_handle(argument));
}

s64 decrease(u64 nr)
{
	return reservation(MemoryOp::DecreaseReservation, {.nr = nr});
}

/* high - pfn @index; the tree is asked once */
u64 high(u64 index)
{
	static constinit u64 start = 0;

	if (!start)
		start = high_pfn(0);
	return start + index;
}

/* give, take - drop or get back @nr frames at high pfn @index; the list and the p2m follow */
s64 give(u64 index, u64 nr)
{
	for (u64 i = 0; i < nr; i++)
		list[i].store(frame_number(high(index + i)));
	return decrease(nr);
}

s64 take(u64 index, u64 nr)
{
	for (u64 i = 0; i < nr; i++)
		list[i].store(high(index + i));
	const s64 done = reservation(MemoryOp::PopulatePhysmap, {.nr = nr});

	if (direct_mode())
		for (u64 i = 0; i < static_cast<u64>(done); i++)
			set_frame_number(high(index + i), list[i].load());
	return done;
}

s64 pages_of(MemoryOp op, u16 domid)
{
	auto *id = reinterpret_cast<abi::MemoryDomid *>(argument + 8);

	id->domid.store(domid);
	return xen_call(XenCall::MemoryOp, static_cast<u64>(op), inline_handle(id));
}

s64 current()
{
	return pages_of(MemoryOp::CurrentReservation, domid_self);
}

void sizes()
{
	const u64 bound = maximum_ram_page();
	const s64 now = current();
	const s64 most = pages_of(MemoryOp::MaximumReservation, domid_self);

	fact("memory.maximum_ram_page.covers_memory", bound >= memory_bytes() / page_bytes);
	fact("memory.current.is_tree", now == static_cast<s64>(memory_bytes() / page_bytes));
	fact("memory.maximum.covers_current", most < 0 || most >= now);
	fact("memory.current.unknown_domain",
	     xen_result(pages_of(MemoryOp::CurrentReservation, domid_nobody)));
	fact("memory.maximum.unknown_domain",
	     xen_result(pages_of(MemoryOp::MaximumReservation, domid_nobody)));
	fact("memory.current.fault", xen_result(xen_call(XenCall::MemoryOp, 3, 0)));
	fact("memory.maximum.fault", xen_result(xen_call(XenCall::MemoryOp, 4, 0)));
	fact("memory.maximum_gpfn", xen_result(pages_of(MemoryOp::MaximumGpfn, domid_self)));
}

void refused_operations()
{
	static constexpr struct {
		u32 op;
		const char *name;
	} row[] = {
		{5, "memory.machphys_mfn_list"}, {7, "memory.add_to_physmap"},
		{9, "memory.memory_map"},	 {10, "memory.machine_memory_map"},
		{12, "memory.machphys_mapping"}, {13, "memory.set_memory_map"},
		{15, "memory.operation_15"},
	};

	fill(list, 0, page_bytes);
	for (const auto &r : row)
		fact(r.name, xen_result(xen_call(XenCall::MemoryOp, r.op, inline_handle(list))));
}

void one_frame()
{
	const u64 pfn = high(first);
	const u64 old = frame_number(pfn);
	const s64 before = current();

	fact("memory.poke", poke(old, 8, 0x1122334455667788));
	fact("memory.decrease.one", give(first, 1));
	fact("memory.decrease.current", current() - before);
	fact("memory.decrease.again", give(first, 1));
	const View gone = view(old, 0);
	fact("memory.decrease.then_enter", papr_result(gone.code));
	(void)drop(gone);
	list[0].store(old);
	fact("memory.populate.one", take(first, 1));
	fact("memory.populate.current", current() - before);
	fact("memory.populate.list", list[0].load() == pfn		   ? "kept"
				     : list[0].load() < maximum_ram_page() ? "machine frame"
									   : "wrong");
	if (daring()) /* the historical one hands a domain its own old page back */
		fact("memory.populate.contents", hex(peek(frame_number(pfn), 8)));
	if (pages_of(MemoryOp::MaximumReservation, domid_self) == before) {
		list[0].store(pfn);
		fact("memory.populate.beyond_limit",
		     reservation(MemoryOp::PopulatePhysmap, {.nr = 1}));
	} else {
		fact("memory.populate.beyond_limit", "no limit");
	}
}

/* What decrease_reservation does not take: it stops there and says how far it came. */
void refused_frames()
{
	const u64 rma = frame_number(pfn_of(list));
	const u64 good = frame_number(high(first));
	const struct {
		const char *name;
		u64 number;
	} row[] = {
		{"memory.decrease.rma", rma},
		{"memory.decrease.rma_last", frame_number(rma_bytes() / page_bytes - 1)},
		{"memory.decrease.invalid", 0xffffffff},
		{"memory.decrease.huge", u64{1} << 60},
		{"memory.decrease.all_ones", none},
		{"memory.decrease.grant_frame", maximum_ram_page()},
		{"memory.decrease.window", window_base()},
		{"memory.decrease.io", 0x90001},
		{"memory.decrease.foreign", maximum_ram_page() - 1},
	};

	if (!daring()) /* each of them stopped the historical one */
		return;
	for (const auto &r : row) {
		list[0].store(r.number);
		fact(r.name, decrease(1));
	}
	list[0].store(good);
	list[1].store(rma);
	list[2].store(frame_number(high(first + 1)));
	fact("memory.decrease.rma_second", decrease(3));
	fact("memory.decrease.rma_second.back", take(first, 1));
}

void extents()
{
	constexpr u64 run = first + 0x40; /* in direct mode the builder's, in a row */
	const s64 before = current();

	list[0].store(frame_number(high(run)));
	fact("memory.decrease.order_4",
	     reservation(MemoryOp::DecreaseReservation, {.nr = 1, .order = 4}));
	fact("memory.decrease.order_4.current", current() - before);
	list[0].store(high(run));
	const s64 done = reservation(MemoryOp::PopulatePhysmap, {.nr = 1, .order = 4});

	fact("memory.populate.order_4", done);
	if (direct_mode() && done == 1)
		for (u64 i = 0; i < 16; i++)
			set_frame_number(high(run + i), list[0].load() + i);
	fact("memory.populate.order_4.current", current() - before);
	fact("memory.populate.order_4.last", poke(frame_number(high(run + 15)), 0, 1));
	static constexpr u32 absurd[] = {30, 64, 200, 0xffffffff};
	for (const u32 order : absurd) {
		list[0].store(high(run));
		put("memory.populate.order_");
		put_unsigned(order);
		fact("", reservation(MemoryOp::PopulatePhysmap, {.nr = 1, .order = order}));
	}
}

/* A frame that an HPTE or a TCE names is not given away (protocol 7.9). */
void referenced()
{
	if (!daring())
		return;
	const u64 frame = frame_number(high(first));
	const View v = view(frame, 16);

	fact("memory.decrease.mapped", give(first, 1));
	fact("memory.decrease.mapped.still_there", !set(v, 0, 77) && get(v, 0) == 77);
	(void)drop(v);
	fact("memory.decrease.unmapped", give(first, 1));
	fact("memory.decrease.unmapped.back", take(first, 1));

	const u64 now = frame_number(high(first));

	fact("memory.tce.put",
	     papr_result(static_cast<s64>(papr(abi::Papr::PutTce, 0, 0, now << 12 | 3).r3)));
	fact("memory.decrease.tce", give(first, 1));
	fact("memory.tce.clear",
	     papr_result(static_cast<s64>(papr(abi::Papr::PutTce, 0, 0, 0).r3)));
	fact("memory.decrease.no_tce", give(first, 1));
	fact("memory.decrease.no_tce.back", take(first, 1));
}

void long_calls()
{
	const s64 before = current();

	fact("memory.decrease.4096", give(first, many));
	fact("memory.decrease.4096.current", current() - before);
	fact("memory.populate.4096", take(first, many));
	fact("memory.populate.4096.current", current() - before);
	fact("memory.populate.4096.usable",
	     poke(frame_number(high(first)), 0, 1) &&
		     poke(frame_number(high(first + many - 1)), 0, 1));
}

/* The command's upper bits are the first extent still to do; refusals return it. */
void progress()
{
	list[0].store(none);
	list[1].store(frame_number(high(first)));
	fact("memory.start.skips",
	     reservation(MemoryOp::DecreaseReservation, {.nr = 2, .start = 1}));
	fact("memory.start.skips.back", take(first, 1));
	fact("memory.start.at_end",
	     reservation(MemoryOp::DecreaseReservation, {.nr = 3, .start = 3}));
	fact("memory.start.beyond",
	     reservation(MemoryOp::DecreaseReservation, {.nr = 3, .start = 5}));
	fact("memory.start.fault", xen_call(XenCall::MemoryOp, 1 | 7 << 4, 0));

	const u64 index = 510;
	u64 chunk[1] = {address_of(list + index)};

	list[index].store(frame_number(high(first)));
	list[index + 1].store(frame_number(high(first + 1)));
	chunk[0] = address_of(list + index + 1); /* one word, then the page ends */
	fact("memory.list.short",
	     reservation(MemoryOp::DecreaseReservation,
			 {.nr = 2, .handle = descriptor_at(page(), chunk, 1)}));
	fact("memory.list.short.back", take(first + 1, 1));
}

void refusals()
{
	list[0].store(high(first));
	fact("memory.populate.fault", xen_call(XenCall::MemoryOp, 6, 0));
	fact("memory.decrease.fault", xen_call(XenCall::MemoryOp, 1, 0));
	fact("memory.increase.fault", xen_call(XenCall::MemoryOp, 0, 0));
	fact("memory.decrease.list_fault",
	     reservation(MemoryOp::DecreaseReservation, {.nr = 1, .handle = 0}));
	static constexpr MemoryOp all[] = {MemoryOp::IncreaseReservation,
					   MemoryOp::DecreaseReservation,
					   MemoryOp::PopulatePhysmap};
	for (const MemoryOp op : all) {
		put("memory.refused.");
		put_unsigned(static_cast<u32>(op));
		fact("", reservation(op, {.nr = u64{1} << 60}), " ", reservation(op, {.nr = none}),
		     " ", reservation(op, {.nr = 0}), " ",
		     reservation(op, {.nr = 1, .domid = domid_nobody}), " ",
		     reservation(op, {.nr = 1, .domid = 0x7ff1}));
	}
	fact("memory.populate.bits_12",
	     reservation(MemoryOp::PopulatePhysmap, {.nr = 1, .bits = 12}));
	fact("memory.increase.bits_12",
	     reservation(MemoryOp::IncreaseReservation, {.nr = 1, .bits = 12}));
}

s64 translate(u64 in, u64 out, u64 nr, u16 domid = domid_self)
{
	auto *ask = reinterpret_cast<abi::TranslateGpfnList *>(argument);

	*ask = {};
	ask->domid.store(domid);
	ask->nr_gpfns.store(nr);
	ask->gpfn_list.store(in);
	ask->mfn_list.store(out);
	return xen_call(XenCall::MemoryOp, 8, inline_handle(ask));
}

void translation()
{
	const u64 in = inline_handle(list), out = inline_handle(list + 16);
	bool run = true, below = true;

	if (direct_mode()) { /* frame numbers are the machine's already */
		list[0].store(frame_number(1));
		fact("memory.translate.direct", xen_result(translate(in, out, 1)));
		return;
	}
	for (u64 i = 0; i < 8; i++)
		list[i].store(i);
	fact("memory.translate.rma", xen_result(translate(in, out, 8)));
	for (u64 i = 0; i < 8; i++) {
		run &= list[16 + i].load() == list[16].load() + i;
		below &= list[16 + i].load() < maximum_ram_page();
	}
	fact("memory.translate.rma_is_a_run", run && below);
	fact("memory.translate.rma_aligned",
	     (list[16].load() & (rma_bytes() / page_bytes - 1)) == 0);
	(void)give(first, 1);
	list[0].store(high(first));
	const s64 hole_result = translate(in, in, 1);
	fact("memory.translate.hole", xen_result(hole_result), " ", hex(list[0].load()));
	(void)take(first, 1);
	fact("memory.translate.none", xen_result(translate(0, 0, 0)));
	fact("memory.translate.too_many", xen_result(translate(in, out, u64{1} << 60)));
	fact("memory.translate.unknown_domain", xen_result(translate(in, out, 1, domid_nobody)));
	fact("memory.translate.in_fault", xen_result(translate(0, out, 1)));
	list[0].store(0);
	fact("memory.translate.out_fault", xen_result(translate(in, 0, 1)));
	fact("memory.translate.fault", xen_result(xen_call(XenCall::MemoryOp, 8, 0)));
}

void exchange()
{
	if (!daring())
		return;
	auto *ask = reinterpret_cast<abi::MemoryExchange *>(argument);

	static constexpr u16 whose[] = {domid_self, 1};
	for (const u16 domid : whose) {
		*ask = {};
		list[0].store(frame_number(high(first)));
		list[1].store(high(first));
		ask->in.extent_start.store(inline_handle(list));
		ask->out.extent_start.store(inline_handle(list + 1));
		ask->in.nr_extents.store(1);
		ask->out.nr_extents.store(1);
		ask->in.domid.store(domid);
		ask->out.domid.store(domid);
		put(domid == domid_self ? "memory.exchange.self" : "memory.exchange.other");
		fact("", xen_result(xen_call(XenCall::MemoryOp, 11, inline_handle(ask))));
	}
	fact("memory.exchange.frame_kept", poke(frame_number(high(first)), 0, 5));
}

void increase()
{
	const u64 last = memory_bytes() / page_bytes - rma_bytes() / page_bytes - 1;

	fact("memory.increase.room", give(last, 1));
	list[0].store(0);
	fact("memory.increase.one", reservation(MemoryOp::IncreaseReservation, {.nr = 1}));
	fact("memory.increase.is_machine_frame",
	     list[0].load() != 0 && list[0].load() < maximum_ram_page());
	if (!direct_mode())
		return;
	fact("memory.increase.enter", poke(list[0].load(), 0, 1));
	fact("memory.increase.given_back", decrease(1));
	fact("memory.increase.restored", take(last, 1));
}

} // namespace

void facts_memory()
{
	argument = reinterpret_cast<abi::MemoryReservation *>(page());
	list = words(pages(many * 8 / page_bytes));
	sizes();
	refused_operations();
	one_frame();
	refused_frames();
	extents();
	referenced();
	long_calls();
	progress();
	refusals();
	translation();
	exchange();
	increase();
}

} // namespace probe
