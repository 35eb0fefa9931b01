/* SPDX-License-Identifier: GPL-2.0 */
/*
 * memory_op: a domain's reservation and its size (layouts 4; ABI 4.3; protocol 6.5).
 *
 * Numbers are guest frames in translated mode.  In direct mode decrease takes machine
 * frames, and populate replaces the guest frames of its list by machine frames.
 *
 * Reservations answer with the extents done, whatever stopped them.  An extent is done
 * whole or not at all and is at most 16 MB (the machine's largest page); progress travels
 * in r4.  A frame leaves its domain only when no HPTE, TCE or grant refers to it; the
 * real-mode area never does.
 */
#include <abi/memory.hh>

#include "base/rules.hh"
#include "call/hypercall.hh"
#include "dom/domain.hh"
#include "mm/frames.hh"

namespace refhv {

Mfn own_frame(const Domain &dom, u64 number, const char *what)
{
	const Resolved found = p2m::resolve(dom, number);
	const bool shared = found.kind == FrameKind::Grant;

	if (found.kind == FrameKind::Ram)
		return found.mfn;
	if (found.kind == FrameKind::Invalid)
		static_cast<void>(p2m::refuse(dom, number)); /* for its message */
	else
		violation(shared ? Rule::SharedFrameUse : Rule::FrameNotOwned, dom, what, number);
	return frames::none;
}

namespace {

using xen::ppc::memory_op_shift;
using xen::ppc::MemoryOp;

constexpr u32 max_order = 12;	/* 16 MB */
constexpr u64 turn_pages = 512; /* pages changed, or numbers translated */
constexpr u64 max_extents = all_ones >> memory_op_shift;

/* A reservation call, judged. */
struct Request {
	Domain &dom; /* whose memory changes */
	u64 list;
	u32 order, bits;
	u64 pages() const { return 1ul << order; }
};

/* New memory for @request, or none: out of memory, over the limit or not in reach of its width. */
Mfn take(const Request &request)
{
	Domain &dom = request.dom;

	if (dom.tot_pages > dom.max_pages || request.pages() > dom.max_pages - dom.tot_pages)
		return frames::none;
	const Mfn first = frames::allocate(request.order, dom.id, FrameType::Ram);
	if (first == frames::none)
		return first;
	const u64 last = first.raw() + request.pages() - 1;
	if (request.bits && request.bits < 64 && last >> (request.bits - page_shift)) {
		frames::release(first, request.order);
		return frames::none;
	}
	dom.tot_pages += request.pages();
	return first;
}

void give_back(const Request &request, Mfn first)
{
	frames::release(first, request.order);
	request.dom.tot_pages -= request.pages();
}

bool increase(Memory &mem, const Request &request, u64 index)
{
	const Mfn first = take(request);

	if (first == frames::none)
		return false;
	if (xencomm::is_null(mem, request.list) ||
	    xencomm::put(mem, request.list, Be<u64>{first.raw()}, index))
		return true;
	give_back(request, first);
	return false;
}

/* Are @pages guest frames from @pfn places where memory can be? */
bool mappable(const Domain &dom, u64 pfn, u64 pages)
{
	const u64 hole_end = io_hole_first + io_hole_pages;

	return pfn < dom.p2m.entries && pages <= dom.p2m.entries - pfn &&
	       (pfn >= hole_end || pfn + pages <= io_hole_first);
}

bool populate(Memory &mem, const Request &request, u64 index)
{
	Domain &dom = request.dom;
	Be<u64> wire;

	if (!xencomm::get(mem, request.list, wire, index))
		return false;
	const u64 pfn = wire.load();
	const bool fits = mappable(dom, pfn, request.pages());
	/* With quirks memory for an impossible frame is lost, and an old mapping forgotten. */
	if (!options.historical) {
		if (!fits)
			return false;
		for (u64 i = 0; i < request.pages() && !dom.direct; ++i)
			if (p2m::own_ram(dom, pfn + i) != frames::none)
				return false;
	}
	const Mfn first = take(request);
	if (first == frames::none)
		return false;
	if (dom.direct && !xencomm::put(mem, request.list, Be<u64>{first.raw()}, index)) {
		give_back(request, first);
		return false;
	}
	for (u64 i = 0; i < request.pages() && fits; ++i)
		p2m::set(dom, Pfn{pfn + i}, first + Pages{i});
	return true;
}

/* May the frame behind @number leave its domain?  If not, the caller broke a rule. */
bool releasable(Memory &mem, const Domain &dom, u64 number)
{
	const Mfn mfn = own_frame(dom, number, "decrease_reservation");

	if (mfn == frames::none)
		return false;
	const Frame &frame = *frames::at(mfn);
	const bool rma = frame.type == FrameType::Rma, kept = rma || frame.refs;
	if (kept)
		violation(rma ? Rule::RmaFreed : Rule::FrameReferenced, mem.dom,
			  "decrease_reservation", number);
	return !kept;
}

bool decrease(Memory &mem, const Request &request, u64 index)
{
	Domain &dom = request.dom;
	Be<u64> wire;

	if (!xencomm::get(mem, request.list, wire, index))
		return false;
	const u64 number = wire.load(); /* if the extent wraps, its first frame is none */
	for (u64 i = 0; i < request.pages(); ++i)
		if (!releasable(mem, dom, number + i))
			return false;
	for (u64 i = 0; i < request.pages(); ++i) {
		const Mfn mfn = p2m::own_ram(dom, number + i);

		p2m::clear(dom, number + i);
		frames::release(mfn, 0);
		--dom.tot_pages;
	}
	return true;
}

s64 continue_at(Call &call, MemoryOp op, u64 done)
{
	return call.again(0, static_cast<u64>(op) | done << memory_op_shift);
}

s64 reservation(Call &call, MemoryOp op, u64 done)
{
	const bool freeing = op == MemoryOp::DecreaseReservation;
	const auto step = freeing			    ? decrease
			  : op == MemoryOp::PopulatePhysmap ? populate
							    : increase;
	xen::ppc::MemoryReservation arg;

	if (!xencomm::get(call.mem, call.arg[1], arg) || arg.nr_extents.load() > max_extents)
		return static_cast<s32>(done);
	Domain *dom = target_domain(call.mem.dom, DomId{arg.domid.load()});
	const u64 count = static_cast<u32>(arg.nr_extents.load());
	const u32 order = arg.extent_order.load(), bits = arg.address_bits.load();
	if (!dom || order > max_order ||
	    (!freeing && ((order && !call.mem.dom.privileged) || (bits && bits <= page_shift))))
		return static_cast<s32>(done);
	const Request request{*dom, arg.extent_start.load(), order, bits};
	for (Turn turn{turn_pages}; done < count; ++done) {
		if (turn.over(request.pages()))
			return continue_at(call, op, done);
		if (!step(call.mem, request, done))
			break;
	}
	return static_cast<s32>(done);
}

/* The argument of a question about a domain, and the domain; or why not. */
template <class T> s64 asked(Call &call, T &arg, Domain *&dom)
{
	if (!xencomm::get(call.mem, call.arg[1], arg))
		return fail::fault;
	dom = target_domain(call.mem.dom, DomId{arg.domid.load()});
	return dom ? 0 : call.mem.dom.privileged ? fail::srch : fail::perm;
}

s64 domain_size(Call &call, MemoryOp op)
{
	xen::ppc::MemoryDomid arg;
	Domain *dom;

	if (const s64 code = asked(call, arg, dom))
		return code;
	if (op == MemoryOp::MaximumGpfn)
		return fail::nosys;
	return static_cast<s32>(op == MemoryOp::CurrentReservation ? dom->tot_pages
								   : dom->max_pages);
}

s64 translate(Call &call, u64 done)
{
	xen::ppc::TranslateGpfnList arg;
	Domain *dom;

	if (const s64 code = asked(call, arg, dom))
		return code;
	const u64 count = arg.nr_gpfns.load();
	if (count > max_extents)
		return fail::inval;
	for (Turn turn{turn_pages}; done < count; ++done) {
		Be<u64> number;

		if (turn.over())
			return continue_at(call, MemoryOp::TranslateGpfnList, done);
		if (!xencomm::get(call.mem, arg.gpfn_list.load(), number, done))
			return fail::fault;
		const Resolved found = p2m::resolve(*dom, number.load());
		number.store(found.kind == FrameKind::Invalid ? xen::ppc::no_frame
							      : found.mfn.raw());
		if (!xencomm::put(call.mem, arg.mfn_list.load(), number, done))
			return fail::fault;
	}
	return 0;
}

} // namespace

/* do_memory_op - r4 command and first extent, r5 argument; layouts 4 has each command's result */
s64 do_memory_op(Call &call)
{
	const auto op = static_cast<MemoryOp>(call.arg[0] & xen::ppc::memory_op_mask);
	const u64 done = call.arg[0] >> memory_op_shift;

	switch (op) {
	case MemoryOp::IncreaseReservation:
	case MemoryOp::DecreaseReservation:
	case MemoryOp::PopulatePhysmap:
		return reservation(call, op, done);
	case MemoryOp::MaximumRamPage:
		return static_cast<s32>(frames::count());
	case MemoryOp::CurrentReservation:
	case MemoryOp::MaximumReservation:
	case MemoryOp::MaximumGpfn:
		return domain_size(call, op);
	case MemoryOp::TranslateGpfnList:
		return translate(call, done);
	case MemoryOp::Exchange:
		violation(Rule::DangerousCall, call.mem.dom, "memory exchange stops Xen",
			  call.arg[1]);
		break;
	default:
		break;
	}
	return fail::nosys;
}

} // namespace refhv
