/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Frame numbers of a guest, looked up (translated) or judged (direct): p2m.hh.
 *
 * Writing rights on foreign frames: the window's mapping decides; for a machine frame an
 * active grant mapping does, and only without one a privileged caller's privilege.
 * Another domain's Shared frames are never reachable, privileged or not.
 */
#include "mm/p2m.hh"

#include <abi/hcall.hh>
#include <abi/p2m.hh>

#include "base/rules.hh"
#include "dom/domain.hh"
#include "mm/frames.hh"

namespace refhv {
namespace {

constexpr Resolved invalid{FrameKind::Invalid, false, frames::none};

/* A machine frame of somebody else: by grant, by privilege, or not at all. */
Resolved resolve_machine(const Domain &dom, Mfn frame)
{
	const Frame *f = frames::at(frame);

	if (!f || f->owner == dom.id || f->owner == owner_none || f->owner == owner_xen ||
	    !frames::ram_of(frame, f->owner))
		return invalid;
	if (grant::mapping_of(dom, frame, false))
		return {FrameKind::Foreign, grant::mapping_of(dom, frame, true) != nullptr, frame};
	return dom.privileged ? Resolved{FrameKind::Foreign, true, frame} : invalid;
}

/* One of the domain's own grant frames, as machine frame @frame? */
bool own_grant_frame(const Domain &dom, u64 frame)
{
	const Frame *f = frames::at(Mfn{frame});

	return f && f->type == FrameType::Shared &&
	       frame - dom.grants.frames.raw() < nr_grant_frames;
}

Resolved resolve_direct(const Domain &dom, u64 number)
{
	const Mfn frame{number};

	if (number - io_hole_first < io_hole_pages)
		return dom.privileged ? Resolved{FrameKind::Io, true, frame} : invalid;
	if (own_grant_frame(dom, number))
		return {FrameKind::Grant, true, frame};
	if (frames::ram_of(frame, dom.id))
		return {FrameKind::Ram, true, frame};
	return resolve_machine(dom, frame);
}

Resolved resolve_window(const Domain &dom, u64 slot)
{
	if (slot >= p2m::window_pages(dom))
		return invalid;

	const u32 window = static_cast<u32>(slot);
	const Mapping *m = grant::window_mapping(dom, window);

	return m ? Resolved{FrameKind::Foreign, !m->read_only, m->frame, window} : invalid;
}

/* The five tests of ABI 4.2, in their order; the first that applies decides. */
Resolved resolve_translated(const Domain &dom, u64 number)
{
	const u64 base = p2m::window_base(dom);

	if (options.historical ? (number & base) != 0 : number - base < p2m::window_pages(dom))
		return resolve_window(dom, number - base);
	if (number - frames::count() < nr_grant_frames) {
		const u64 frame = dom.grants.frames.raw() + (number - frames::count());

		return own_grant_frame(dom, frame) ? Resolved{FrameKind::Grant, true, Mfn{frame}}
						   : invalid;
	}
	/* The hole's first page is not part of it: the historical comparison was strict. */
	if (dom.privileged && number - io_hole_first - 1 < io_hole_pages - 1)
		return {FrameKind::Io, true, Mfn{number}};
	if (number < dom.p2m.entries) {
		const Mfn frame{dom.p2m.entry[number]};

		return frame.raw() != p2m_invalid && frames::ram_of(frame, dom.id)
			       ? Resolved{FrameKind::Ram, true, frame}
			       : invalid;
	}
	return dom.privileged ? resolve_machine(dom, Mfn{number}) : invalid;
}

} // namespace

u64 p2m::window_base(const Domain &dom)
{
	return u64{1} << (dom.direct ? xen::ppc::p2m::window_order
				     : xen::ppc::p2m::window_order_translated);
}

u64 p2m::window_pages(const Domain &)
{
	return options.historical ? xen::ppc::p2m::window_pages_translated : u64{1} << window_log2;
}

Resolved p2m::resolve(const Domain &dom, u64 number)
{
	return dom.direct ? resolve_direct(dom, number) : resolve_translated(dom, number);
}

Mfn p2m::own_ram(const Domain &dom, u64 number)
{
	const Resolved r = resolve(dom, number);

	return r.kind == FrameKind::Ram ? r.mfn : frames::none;
}

s64 p2m::refuse(const Domain &dom, u64 number)
{
	const bool machine = dom.direct || (dom.privileged && number >= dom.p2m.entries);

	if (!dom.direct && number - window_base(dom) < window_pages(dom)) {
		violation(Rule::ForeignNotGranted, dom, "window page without a grant", number);
		return xen::ppc::h::parameter;
	}
	const Frame *f = machine ? frames::at(Mfn{number}) : nullptr;

	if (!f) {
		violation(Rule::FrameOutOfRange, dom, "no frame has this number", number);
		return xen::ppc::h::parameter;
	}
	const bool foreign = f->owner != dom.id && f->owner != owner_none && f->owner != owner_xen;

	violation(foreign && f->type != FrameType::Shared ? Rule::ForeignNotGranted
							  : Rule::FrameNotOwned,
		  dom, "not a frame for this domain", number);
	return dom.direct ? xen::ppc::h::privilege : xen::ppc::h::parameter;
}

void p2m::set(Domain &dom, Pfn pfn, Mfn mfn)
{
	if (!dom.direct && pfn.raw() < dom.p2m.entries)
		dom.p2m.entry[pfn.raw()] = static_cast<u32>(mfn.raw());
	if (Frame *f = frames::at(mfn))
		f->gfn = static_cast<u32>(pfn.raw());
}

void p2m::clear(Domain &dom, u64 number)
{
	Mfn frame{number};

	if (!dom.direct) {
		if (number >= dom.p2m.entries)
			return;
		frame = Mfn{dom.p2m.entry[number]};
		dom.p2m.entry[number] = p2m_invalid;
	}
	if (Frame *f = frames::at(frame))
		f->gfn = p2m_invalid;
}

} // namespace refhv
