/* SPDX-License-Identifier: GPL-2.0 */
/*
 * H_PUT_TCE (ABI 3.2, protocol 6.7): own RAM, or a foreign frame with the right to it.
 */
#include "mm/tce.hh"

#include "base/rules.hh"
#include "dom/domain.hh"
#include "mm/frames.hh"

namespace refhv {
namespace {

namespace h = xen::ppc::h;
namespace wire = xen::ppc::tce;

constexpr u64 access_bits = wire::ReadField::mask | wire::WriteField::mask;

s64 refuse(Rule rule, const Domain &dom, const char *why, u64 value)
{
	violation(rule, dom, why, value);
	return h::parameter;
}

/* Judge the frame of @word and replace its number by the machine's. */
s64 translate(const Domain &dom, u64 &word)
{
	const u64 number = wire::FrameField::get(word);
	const Resolved r = p2m::resolve(dom, number);

	if (r.kind == FrameKind::Invalid)
		return p2m::refuse(dom, number);
	if (r.kind == FrameKind::Grant || r.kind == FrameKind::Io)
		return refuse(r.kind == FrameKind::Io ? Rule::FrameOutOfRange
						      : Rule::SharedFrameUse,
			      dom, "TCE for a grant frame or a device's", number);
	if (r.kind == FrameKind::Foreign && !find_domain(frames::at(r.mfn)->owner))
		return h::rescinded;
	if (!r.writable && wire::WriteField::get(word)) {
		violation(Rule::WriteNotGranted, dom, "writable TCE, read-only grant", number);
		return h::privilege;
	}
	word = (word & access_bits) | r.mfn.raw() << page_shift;
	return h::success;
}

} // namespace

s64 tce::put(Domain &dom, Regs &regs)
{
	const u64 liobn = regs.gpr[4], address = regs.gpr[5];
	u64 word = regs.gpr[6];

	if (liobn >= wire::nr_liobns)
		return refuse(Rule::TceRange, dom, "no such liobn", liobn);
	if (address & page_mask || address >> page_shift >= tce_entries)
		return refuse(Rule::TceRange, dom, "I/O address outside the table", address);
	if (!options.historical && word & ~(access_bits | wire::FrameField::mask))
		return refuse(Rule::TceRange, dom, "unknown bits", word);
	if (!(word & access_bits))
		word = 0;
	else if (const s64 bad = translate(dom, word))
		return bad;

	u64 &entry = dom.tce.entry[liobn][address >> page_shift];

	if (word)
		++frames::at(Mfn{word >> page_shift})->refs;
	if (entry)
		--frames::at(Mfn{entry >> page_shift})->refs;
	entry = word;
	return h::success;
}

} // namespace refhv
