/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The PAPR calls on a domain's hashed page table (ABI 3.2, 3.3; protocol 7.1 to 7.7).
 *
 * Slots, words and answers; what an entry may map is hpt_judge.cc's affair.  With race=hpt
 * the lock is let go between the choice of a slot and its writing, as if there were none;
 * what was judged before is judged again then.
 * R survives H_PROTECT but for quirks=historical: QEMU writes R and C back by a plain
 * byte store, which may hit the next entry of the slot, so that both are preset.
 */
#include <abi/hcall.hh>

#include "base/lock.hh"
#include "base/phys.hh"
#include "base/rules.hh"
#include "dom/domain.hh"
#include "machine/cpu.hh"
#include "mm/hpt.hh"

namespace refhv {
namespace {

using hpt::Words;
namespace h = xen::ppc::h;
namespace flag = xen::ppc::hflag;
namespace high = xen::ppc::hpte_high;
namespace low = xen::ppc::hpte_low;
namespace bulk = xen::ppc::bulk;

constexpr u64 races_per_second = 100'000; /* a window of race=hpt takes 10 us */

bool bad_slot(const Domain &dom, u64 slot)
{
	if (slot < dom.hpt.slots)
		return false;
	violation(Rule::SlotOutOfRange, dom, "slot beyond the table", slot);
	return true;
}

/* Is another vcpu in the PTEG of @slot, without the lock? */
void look_around(const Domain &dom, const Regs &regs, u64 slot)
{
	for (u32 i = 0; i < dom.nr_vcpus; ++i)
		if (&dom.vcpu[i].regs != &regs &&
		    dom.vcpu[i].pteg == static_cast<s64>(slot / xen::ppc::pteg_size))
			violation(Rule::PtegRace, dom, "two vcpus in one PTEG", slot);
}

/* race=hpt: let others in while the calling vcpu is at work in the PTEG of @slot. */
void open_race(Domain &dom, const Regs &regs, u64 slot)
{
	u32 caller = 0;

	while (&dom.vcpu[caller].regs != &regs)
		++caller;
	dom.vcpu[caller].pteg = static_cast<s64>(slot / xen::ppc::pteg_size);
	hypervisor_unlock();
	const u64 start = cpu::timebase();

	while (cpu::timebase() - start < cpu::timebase_hz() / races_per_second)
		cpu::relax();
	hypervisor_lock();
	dom.vcpu[caller].pteg = -1;
}

/*
 * Write @now to @slot and account for it; false if a race made that impossible.  Its frames
 * are referenced first, so that they cannot be given away meanwhile.
 */
bool put(Domain &dom, const Regs &regs, u64 slot, const Words &now, u32 window)
{
	hpt::hold(dom, now, 1);
	if (options.race == Race::Hpt)
		open_race(dom, regs, slot);
	if (options.race != Race::Hpt || hpt::allowed(dom, now, window)) {
		hpt::replace(dom, slot, now, window, true);
		return true;
	}
	hpt::hold(dom, now, -1);
	return false;
}

/* What H_REMOVE, H_PROTECT and H_BULK_REMOVE compare before they act. */
bool matches(const Words &entry, bool by_avpn, bool by_mask, u64 word)
{
	return !(by_avpn && (entry.high ^ word) >> high::avpn_shift) &&
	       !(by_mask && (entry.high & word));
}

/* H_CLEAR_MOD and H_CLEAR_REF: @bit of the low word, whose old value is the answer. */
s64 clear_bit(Domain &dom, Regs &regs, u64 bit)
{
	const u64 slot = regs.gpr[5];

	if (bad_slot(dom, slot))
		return h::parameter;

	look_around(dom, regs, slot);
	const Words old = hpt::load(dom, slot);

	/* The historical one did not look at V. */
	if ((!old.valid() && !options.historical) || old.vrma())
		return h::not_found;
	regs.gpr[4] = old.low;
	if (!(old.low & bit))
		return h::success;
	return put(dom, regs, slot, Words{old.high, old.low & ~bit}, dom.hpt.window[slot])
		       ? h::success
		       : h::not_found;
}

} // namespace

s64 hpt::enter(Domain &dom, Regs &regs)
{
	const u64 flags = regs.gpr[4];
	Words entry{regs.gpr[6], regs.gpr[7]};
	u64 slot = regs.gpr[5];
	Resolved what;

	if (bad_slot(dom, slot))
		return h::parameter;
	if (const s64 bad = judge(dom, entry, what))
		return bad;

	look_around(dom, regs, slot);

	if (!(flags & flag::exact))
		slot &= ~(xen::ppc::pteg_size - 1);

	const u64 last = flags & flag::exact ? slot : slot + xen::ppc::pteg_size - 1;

	while (slot <= last && load(dom, slot).valid())
		++slot;
	if (slot > last)
		return h::pteg_full;
	if (flags & flag::zero_page && what.kind == FrameKind::Ram) {
		/* The historical one cleared as many pages as a page has bytes. */
		if (options.historical)
			violation(Rule::DangerousCall, dom, "H_ZERO_PAGE", entry.frame().raw());
		__builtin_memset(phys(entry.frame()), 0, entry.large() ? large_bytes : page_bytes);
	}
	if (!put(dom, regs, slot, entry, what.window))
		return h::rescinded;
	regs.gpr[4] = slot;
	return h::success;
}

s64 hpt::remove(Domain &dom, Regs &regs)
{
	const u64 flags = regs.gpr[4], slot = regs.gpr[5], word = regs.gpr[6];

	if (bad_slot(dom, slot))
		return h::parameter;

	look_around(dom, regs, slot);
	Words old = load(dom, slot);

	if (old.vrma() || !matches(old, flags & flag::avpn, flags & flag::andcond, word))
		return h::not_found;
	/* An invalid entry is removed like any other, with its tlbie. */
	if (!old.valid())
		flush(slot, old);
	old = replace(dom, slot, Words{}, no_window, true);
	regs.gpr[4] = old.high;
	regs.gpr[5] = old.low;
	return h::success;
}

s64 hpt::read(Domain &dom, Regs &regs)
{
	u64 slot = regs.gpr[5];

	if (bad_slot(dom, slot))
		return h::parameter;

	/* Inverted historically: then the flag only aligns the slot, and its absence reads four. */
	const bool flagged = regs.gpr[4] & flag::read_4;
	const bool four = flagged != options.historical;

	if (flagged)
		slot &= ~u64{3};
	for (u64 i = 0; i < (four ? 4 : 1); ++i) {
		const Words entry = slot + i < dom.hpt.slots ? load(dom, slot + i) : Words{};

		regs.gpr[4 + 2 * i] = entry.vrma() ? 0 : entry.high;
		regs.gpr[5 + 2 * i] = entry.vrma() ? 0 : entry.low;
	}
	return h::success;
}

s64 hpt::protect(Domain &dom, Regs &regs)
{
	const u64 flags = regs.gpr[4], slot = regs.gpr[5];

	if (bad_slot(dom, slot))
		return h::parameter;

	look_around(dom, regs, slot);
	const Words old = load(dom, slot);
	const u32 window = dom.hpt.window[slot];

	if (!old.valid() || old.vrma() || !matches(old, flags & flag::avpn, false, regs.gpr[6]))
		return h::not_found;

	Words now{old.high, old.low & ~(low::pp | low::no_execute)};

	now.low |= flags & (low::pp | low::no_execute);
	if (options.historical)
		now.low &= ~low::referenced;
	else
		now.low = (now.low & ~low::pp0) | (flags & flag::pp0 ? low::pp0 : 0);
	if (!allowed(dom, now, window)) {
		violation(Rule::WriteNotGranted, dom, "H_PROTECT widens a read-only grant", slot);
		return h::privilege;
	}
	return put(dom, regs, slot, now, window) ? h::success : h::not_found;
}

s64 hpt::clear_mod(Domain &dom, Regs &regs)
{
	return clear_bit(dom, regs, low::changed);
}

s64 hpt::clear_ref(Domain &dom, Regs &regs)
{
	return clear_bit(dom, regs, low::referenced);
}

/* Four requests, one tlbie at the end; a malformed request ends the list (PAPR). */
s64 hpt::bulk_remove(Domain &dom, Regs &regs)
{
	s64 result = h::success;
	u64 last = 0;
	Words removed;

	if (options.historical)
		return h::parameter;
	for (u32 i = 0; i < bulk::max_requests && result == h::success; ++i) {
		u64 &request = regs.gpr[4 + 2 * i];
		const u64 slot = bulk::SlotField::get(request);
		const bool by_avpn = bulk::AvpnField::get(request);
		const bool by_mask = bulk::AndcondField::get(request);
		bulk::Code code = bulk::Code::Success;
		Words old;

		if (bulk::TypeField::get(request) == bulk::Type::End)
			break;
		if (bulk::TypeField::get(request) != bulk::Type::Request || (by_avpn && by_mask) ||
		    bad_slot(dom, slot)) {
			code = bulk::Code::Parameter;
			result = h::parameter;
		} else {
			look_around(dom, regs, slot);

			old = load(dom, slot);
			if (!old.valid() || old.vrma() ||
			    !matches(old, by_avpn, by_mask, regs.gpr[5 + 2 * i])) {
				code = bulk::Code::NotFound;
				old = Words{};
			} else {
				removed = old = replace(dom, slot, Words{}, no_window, false);
				last = slot;
			}
		}
		bulk::TypeField::set(request, bulk::Type::Response);
		bulk::CodeField::set(request, code);
		bulk::ReferencedField::set(request, old.low & low::referenced);
		bulk::ChangedField::set(request, old.low & low::changed);
	}
	/* Any tlbie drops every translation of the domain: the last one's will do. */
	if (removed.valid())
		flush(last, removed);
	return result;
}

} // namespace refhv
