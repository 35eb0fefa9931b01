/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What an entry of the hashed page table may be: H_ENTER's rules but for the slot's, and
 * the rights that H_PROTECT must not widen (ABI 3.3; protocol 7.1 to 7.7).
 *
 * Stricter than PAPR asks: every frame of a large page is judged, and an entry that some
 * key can write through counts as writable.
 */
#include <abi/hcall.hh>

#include "base/rules.hh"
#include "dom/domain.hh"
#include "mm/frames.hh"
#include "mm/hpt.hh"

namespace refhv {
namespace {

using hpt::Words;
namespace h = xen::ppc::h;
namespace high = xen::ppc::hpte_high;
namespace low = xen::ppc::hpte_low;

/* Can nobody write through an entry with this low word?  Whatever the key, but for doubt. */
bool read_only(u64 low_word)
{
	return (low_word & (low::pp0 | low::pp)) == 3 ||
	       (low_word & (low::pp0 | low::pp)) == (low::pp0 | 2);
}

/*
 * A 16 MB page is 4096 frames of one kind, in order, the first of them aligned.  In direct
 * mode a frame that is there but not the caller's is H_Privilege (protocol 7.7).
 */
s64 judge_large(const Domain &dom, u64 number, const Resolved &first)
{
	for (u64 i = 0; i < large_pages; ++i) {
		const Resolved r = p2m::resolve(dom, number + i);

		if ((r.kind == FrameKind::Ram || r.kind == FrameKind::Io) && r.kind == first.kind &&
		    r.mfn == first.mfn + Pages{i} && first.mfn.raw() % large_pages == 0)
			continue;
		violation(Rule::LargePageUnchecked, dom, "16 MB page not whole", number + i);
		return dom.direct && frames::at(Mfn{number + i}) ? h::privilege : h::parameter;
	}
	return h::success;
}

/* W, I and G as the frame's kind wants them (protocol 7.5, 7.6); historically few did. */
s64 judge_attributes(const Domain &dom, FrameKind kind, u64 &low_word)
{
	const u64 wig = low_word & (low::write_through | low::inhibited | low::guarded);

	if (kind == FrameKind::Io) {
		if (wig == (low::inhibited | low::guarded))
			return h::success;
		violation(Rule::IoAttributes, dom, "I/O not W=0 I=1 G=1", low_word);
		return h::parameter;
	}
	if (kind == FrameKind::Grant) {
		low_word &= ~(low::inhibited | low::guarded);
		if (!options.historical)
			low_word = (low_word & ~low::wimg) | low::coherent;
		return h::success;
	}
	if (options.historical || !(wig & (low::write_through | low::inhibited)))
		return h::success;
	violation(Rule::RamAttributes, dom, "RAM with W or I", low_word);
	return h::parameter;
}

} // namespace

bool hpt::allowed(const Domain &dom, const Words &entry, u32 window)
{
	const Frame *f = frames::at(entry.frame());

	if (window == no_window && (!f || f->owner == dom.id || f->type == FrameType::Shared))
		return true;

	const Resolved r = p2m::resolve(dom, window == no_window ? entry.frame().raw()
								 : p2m::window_base(dom) + window);

	return r.kind == FrameKind::Foreign && r.mfn == entry.frame() &&
	       (r.writable || read_only(entry.low));
}

s64 hpt::judge(const Domain &dom, Words &entry, Resolved &what)
{
	u64 number = entry.frame().raw();

	/* Another page size than 16 MB has its lowest frame bit set. */
	if (!entry.valid() || (entry.large() && (number & 1)))
		return h::parameter;
	if (entry.high >> 62) {
		violation(Rule::FacilityUse, dom, "segment of 1 TB", entry.high);
		return h::parameter;
	}
	if (entry.large() && number % large_pages != 0) {
		if (!options.historical) {
			violation(Rule::LargePageUnchecked, dom, "16 MB page misaligned", number);
			return h::parameter;
		}
		number -= number % large_pages;
	}
	what = p2m::resolve(dom, number);
	if (what.kind == FrameKind::Invalid)
		return p2m::refuse(dom, number);
	if (const s64 bad = entry.large() ? judge_large(dom, number, what) : h::success)
		return bad;

	const u64 pp0 = options.historical ? 0 : low::pp0;

	entry.high &= ~(high::lock | high::res);
	entry.low &= pp0 | low::ac | low::wimg | low::no_execute | low::pp;
	entry.low |= what.mfn.raw() << low::rpn_shift | low::referenced | low::changed;
	if (const s64 bad = judge_attributes(dom, what.kind, entry.low))
		return bad;
	if (what.kind != FrameKind::Foreign)
		return h::success;
	if (!find_domain(frames::at(what.mfn)->owner))
		return h::rescinded;
	if (what.writable || read_only(entry.low))
		return h::success;
	violation(Rule::WriteNotGranted, dom, "writable entry, read-only grant", number);
	return h::privilege;
}

} // namespace refhv
