/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Pins on grant entries, and GNTTABOP_copy, which holds its pins for one copy.
 */
#include <bit>

#include "base/rules.hh"
#include "call/hypercall.hh"
#include "dom/domain.hh"
#include "mm/frames.hh"

namespace refhv::grant {

namespace {

namespace grant_flag = xen::ppc::grant_flag;
namespace copy_flag = xen::ppc::copy_flag;
using enum xen::ppc::GrantStatus;
using xen::ppc::GrantEntry;
using xen::ppc::GrantStatus;

constexpr u32 max_tries = 5; /* an entry that keeps changing is refused */

/* The first word of an entry holds flags and domain, the second the frame. */
u32 *entry_word(const Domain &granter, u32 ref)
{
	return phys<u32>(
		MachAddr{(granter.grants.frames.raw() << page_shift) + ref * sizeof(GrantEntry)});
}

/* A word from the wire's order to the processor's, or back. */
u32 turned(u32 word)
{
	return std::bit_cast<Be<u32>>(word).load();
}

u32 flags_of(bool write)
{
	return grant_flag::reading | (write ? grant_flag::writing : 0u);
}

/* One side of a copy while it lasts: an own page, or one that is pinned. */
struct Side {
	bool write;
	Domain *granter = nullptr; /* null: an own page */
	u32 ref = 0;
	Mfn frame = frames::none;

	~Side()
	{
		if (granter)
			unpin(*granter, ref, write);
	}
};

GrantStatus open(Domain &caller, const xen::ppc::GrantCopySide &wire, bool by_ref, Side &side)
{
	const u16 id = wire.domid.load();

	if (!by_ref) {
		if (id != domid_self)
			return PermissionDenied;
		side.frame = own_frame(caller, wire.u.gmfn.load(), "grant copy");
		return side.frame == frames::none ? GeneralError : Okay;
	}
	Domain *granter = id == domid_self ? &caller : find_domain(DomId{id});
	if (!granter)
		return BadDomain;
	side.ref = wire.u.grant.ref.load();
	const GrantStatus status = pin(*granter, side.ref, caller, side.write, side.frame);
	side.granter = status == Okay ? granter : nullptr;
	return status;
}

} // namespace

GrantStatus pin(Domain &granter, u32 ref, const Domain &user, bool write, Mfn &frame)
{
	if (ref >= nr_grants)
		return BadGntref;
	u32 *word = entry_word(granter, ref);
	u32 raw = __atomic_load_n(word, __ATOMIC_RELAXED), tries = 0, head;
	do {
		head = turned(raw);
		if (tries++ == max_tries || (head & 0xffff) != user.id.raw() ||
		    (head >> 16 & grant_flag::type_mask) != grant_flag::permit_access ||
		    (write && (head >> 16 & grant_flag::readonly)))
			return GeneralError;
	} while (!__atomic_compare_exchange_n(word, &raw, turned(head | flags_of(write) << 16),
					      false, __ATOMIC_SEQ_CST, __ATOMIC_RELAXED));
	++(write ? granter.grants.writers : granter.grants.readers)[ref];
	const u32 number = turned(__atomic_load_n(word + 1, __ATOMIC_RELAXED));
	const Resolved found = p2m::resolve(granter, number);
	frame = found.mfn;
	if (found.kind == FrameKind::Ram)
		return Okay;
	violation(found.kind == FrameKind::Grant ? Rule::SharedFrameUse : Rule::GrantFrame, granter,
		  "granted frame is not the granter's RAM", number);
	unpin(granter, ref, write);
	return GeneralError;
}

void unpin(Domain &granter, u32 ref, bool write)
{
	u16 &writers = granter.grants.writers[ref], &readers = granter.grants.readers[ref];

	--(write ? writers : readers);
	const u32 ended = (writers ? 0u : grant_flag::writing) |
			  (writers || readers ? 0u : grant_flag::reading);
	const u32 was = turned(__atomic_fetch_and(entry_word(granter, ref), ~turned(ended << 16),
						  __ATOMIC_SEQ_CST));
	if (~was >> 16 & flags_of(write))
		violation(Rule::GrantFrame, granter, "granter cleared the flags of a used entry",
			  ref);
}

GrantStatus copy(Memory &mem, xen::ppc::GrantCopy &op)
{
	const u32 flags = op.flags.load(), bytes = op.len.load();
	const u32 from = op.source.offset.load(), to = op.dest.offset.load();
	Side source{.write = false}, dest{.write = true};

	if (from > page_bytes || bytes > page_bytes - from || to > page_bytes ||
	    bytes > page_bytes - to)
		return BadCopyArg;
	GrantStatus status = open(mem.dom, op.source, flags & copy_flag::source_gref, source);
	if (status == Okay)
		status = open(mem.dom, op.dest, flags & copy_flag::dest_gref, dest);
	if (status == Okay)
		__builtin_memmove(phys(dest.frame) + to, phys(source.frame) + from, bytes);
	return status;
}

} // namespace refhv::grant
