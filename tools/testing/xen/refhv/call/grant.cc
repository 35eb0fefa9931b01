/* SPDX-License-Identifier: GPL-2.0 */
/*
 * grant_table_op: tables, mappings and their ends (layouts 5; ABI 4.4; protocol 6.3, 6.6).
 *
 * A mapping lasts until both its host and its device side are unmapped.  In translated mode
 * host_addr chooses a page of the caller's window, which one mapping at a time may have; in
 * direct mode it is a cookie that unmap must repeat.
 *
 * What direct mode cannot tell: an HPTE there does not say by which right it was entered.
 * A frame that dom0 has mapped by privilege as well cannot be unmapped before those HPTEs
 * are gone (V15), and of two mappings of one frame the first to go leaves its HPTEs to the
 * other, a writable one to a read-only mapping too.
 */
#include "call/grant.hh"

#include "base/rules.hh"
#include "call/hypercall.hh"
#include "dom/domain.hh"
#include "mm/frames.hh"

namespace refhv {

namespace {

namespace map_flag = xen::ppc::map_flag;
using enum xen::ppc::GrantStatus;
using xen::ppc::GrantOp;
using xen::ppc::GrantStatus;

constexpr u32 frames_order = 2;

u64 window_slot(const Domain &dom, u64 address)
{
	return (address >> page_shift) - p2m::window_base(dom); /* wraps to a huge slot */
}

GrantStatus check_host(const Domain &dom, u64 address)
{
	const u64 slot = window_slot(dom, address);

	if (dom.direct)
		return address ? Okay : BadVirtAddr;
	if (slot >= p2m::window_pages(dom))
		violation(Rule::DangerousCall, dom, "grant mapped outside the window", address);
	if (slot >= p2m::window_pages(dom) || address & page_mask)
		return BadVirtAddr;
	return grant::window_mapping(dom, static_cast<u32>(slot)) ? GeneralError : Okay;
}

GrantStatus map(Memory &mem, xen::ppc::GrantMapRef &op)
{
	Domain &dom = mem.dom;
	const u32 flags = op.flags.load(), ref = op.ref.load();
	const bool host = flags & map_flag::host, device = flags & map_flag::device;
	const bool write = !(flags & map_flag::readonly);
	const u64 address = op.host_addr.load();
	Domain *granter = find_domain(DomId{op.dom.load()});
	Mapping *mapping = dom.grants.mapping;
	Mfn frame{0};

	if (flags & (map_flag::application | map_flag::contains_pte)) {
		violation(Rule::DangerousCall, dom, "grant map flags that stop Xen", flags);
		return GeneralError;
	}
	if (!host && !device)
		return BadGntref;
	if (!granter)
		return BadDomain;
	if (granter == &dom && options.historical) {
		violation(Rule::DangerousCall, dom, "mapping of an own grant", ref);
		return PermissionDenied;
	}
	if (const GrantStatus status = host ? check_host(dom, address) : Okay; status != Okay)
		return status;
	while (mapping < std::end(dom.grants.mapping) && mapping->active)
		++mapping;
	if (mapping == std::end(dom.grants.mapping))
		return NoDeviceSpace;
	if (const GrantStatus status = grant::pin(*granter, ref, dom, write, frame); status != Okay)
		return status;
	++frames::at(frame)->refs;
	*mapping = {host ? address : 0, ref, granter->id, true, !write, host, device, frame};
	op.handle.store(static_cast<u32>(mapping - dom.grants.mapping));
	op.dev_bus_addr.store(frame.raw() << page_shift);
	return Okay;
}

/*
 * Would HPTEs of @dom outlive the mapping that allows them?  In direct mode an HPTE does
 * not say what allowed it: those of a frame that another mapping covers are left to that.
 */
bool still_mapped(Domain &dom, Mapping &mapping)
{
	if (!dom.direct)
		return hpt::window_mappings(
			       dom, static_cast<u32>(window_slot(dom, mapping.host_addr))) != 0;
	mapping.active = false;
	const bool covered = grant::mapping_of(dom, mapping.frame, false) != nullptr;
	mapping.active = true;
	return frames::at(mapping.frame)->foreign != 0 && !covered;
}

GrantStatus unmap(Memory &mem, xen::ppc::GrantUnmapRef &op)
{
	Domain &dom = mem.dom;
	const u32 handle = op.handle.load();
	const u64 address = op.host_addr.load(), device = op.dev_bus_addr.load();

	if (handle >= nr_mappings || !dom.grants.mapping[handle].active)
		return BadHandle;
	Mapping &mapping = dom.grants.mapping[handle];
	if (device && device >> page_shift != mapping.frame.raw())
		return GeneralError;
	if (address && mapping.host) {
		if (address != mapping.host_addr)
			return BadVirtAddr;
		if (!options.historical && still_mapped(dom, mapping)) {
			violation(Rule::GrantStillMapped, dom, "unmap_grant_ref before H_REMOVE",
				  address);
			return GeneralError;
		}
		mapping.host = false;
	}
	if (device)
		mapping.device = false;
	if (mapping.host || mapping.device)
		return Okay;
	if (Domain *granter = find_domain(mapping.granter))
		grant::unpin(*granter, mapping.ref, !mapping.read_only);
	--frames::at(mapping.frame)->refs;
	mapping.active = false;
	return Okay;
}

/* The domain whose table an element means, or the status that says why there is none. */
template <class T> GrantStatus table_of(Domain &caller, const T &op, Domain *&dom)
{
	dom = target_domain(caller, DomId{op.dom.load()});
	return dom ? Okay : caller.privileged ? BadDomain : PermissionDenied;
}

GrantStatus setup(Memory &mem, xen::ppc::GrantSetupTable &op)
{
	const u32 count = op.nr_frames.load();
	Domain *dom;

	if (count > nr_grant_frames)
		return GeneralError;
	const GrantStatus status = table_of(mem.dom, op, dom);
	if (status != Okay)
		return status;
	const u64 first = dom->direct ? dom->grants.frames.raw() : frames::count();
	for (u32 i = 0; i < count; ++i)
		/* layouts 5: a fault in the list is not reported */
		static_cast<void>(xencomm::put(mem, op.frame_list.load(), Be<u64>{first + i}, i));
	return Okay;
}

GrantStatus query(Memory &mem, xen::ppc::GrantQuerySize &op)
{
	Domain *dom;
	const GrantStatus status = table_of(mem.dom, op, dom);

	if (status == Okay) {
		op.nr_frames.store(nr_grant_frames);
		op.max_nr_frames.store(nr_grant_frames);
	}
	return status;
}

GrantStatus transfer(Memory &mem, xen::ppc::GrantTransfer &op)
{
	if (p2m::own_ram(mem.dom, op.mfn.load()) == frames::none)
		return BadPage;
	violation(Rule::DangerousCall, mem.dom, "grant transfer stops Xen", op.mfn.load());
	return GeneralError;
}

/*
 * Every element in order: in, handled, out whole; a fault ends the call.  Progress of a slow
 * list travels in the upper half of r6.
 */
template <class T> s64 each(Call &call, GrantStatus (*handler)(Memory &, T &))
{
	const u64 count = static_cast<u32>(call.arg[2]);
	u64 done = call.arg[2] >> 32;

	for (Turn turn{xen::ppc::max_grant_ops}; done < count; ++done) {
		T element;

		if (turn.over())
			return call.again(2, done << 32 | count);
		if (!xencomm::get(call.mem, call.arg[1], element, done))
			return fail::fault;
		element.status.store(static_cast<s16>(handler(call.mem, element)));
		if (!xencomm::put(call.mem, call.arg[1], element, done))
			return fail::fault;
	}
	return 0;
}

} // namespace

s64 grant::init(Domain &dom)
{
	dom.grants.frames = frames::allocate(frames_order, owner_xen, FrameType::Shared);
	return dom.grants.frames == frames::none ? fail::nomem : 0;
}

const Mapping *grant::window_mapping(const Domain &dom, u32 slot)
{
	for (const Mapping &mapping : dom.grants.mapping)
		if (mapping.active && mapping.host && window_slot(dom, mapping.host_addr) == slot)
			return &mapping;
	return nullptr;
}

const Mapping *grant::mapping_of(const Domain &dom, Mfn frame, bool write)
{
	for (const Mapping &mapping : dom.grants.mapping)
		if (mapping.active && mapping.host && mapping.frame == frame &&
		    !(write && mapping.read_only))
			return &mapping;
	return nullptr;
}

/* do_grant_table_op - r4 operation, r5 array, r6 elements; 0 or -errno, see each status */
s64 do_grant_table_op(Call &call)
{
	const auto op = call.command<GrantOp>();
	const u64 count = static_cast<u32>(call.arg[2]);
	const bool one = op == GrantOp::SetupTable || op == GrantOp::QuerySize;

	if (count > xen::ppc::max_grant_ops || call.arg[2] >> 32 > count || (one && count != 1))
		return fail::inval;
	if (!call.mem.dom.privileged && op != GrantOp::Copy && !one)
		return op > GrantOp::UnmapAndReplace || op == GrantOp::DumpTable ? fail::nosys
										 : fail::perm;
	switch (op) {
	case GrantOp::MapGrantRef:
		return each(call, map);
	case GrantOp::UnmapGrantRef:
		return each(call, unmap);
	case GrantOp::SetupTable:
		return each(call, setup);
	case GrantOp::Transfer:
		return each(call, transfer);
	case GrantOp::Copy:
		return each(call, grant::copy);
	case GrantOp::QuerySize:
		return each(call, query);
	default:
		return fail::nosys;
	}
}

} // namespace refhv
