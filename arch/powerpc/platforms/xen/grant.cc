// SPDX-License-Identifier: GPL-2.0
/*
 * This domain's own grant table.
 *
 * Xen/PPC puts the table's frames at places of its own choice above the machine's memory;
 * a direct domain is told the machine's frames, which get private places behind the window.
 * They are asked for and mapped once, when initcalls run; Linux's driver then finds them
 * as those of an auto-translated domain.  The historical hypervisor names four frames but
 * may fill in all ones for those that it cannot place: only the frames before the first
 * such one, and only as far as they follow each other, are used.
 *
 * Linux keeps its list of free grants in pages of two frames' worth each and fails on an
 * odd number of frames.  It is therefore told of an even number; a frame that is not
 * there is refused when Linux asks for it, which it takes for a full table.
 *
 * Written once by xen_grant_init(), with one thread; constant afterwards: no lock.
 */
#include "grant.hh"

#include <abi/memory.hh>

#include "calls.hh"
#include "grant_glue.h"
#include "hypercall.hh"
#include "p2m.hh"
#include "window_map.hh"
#include "xencomm.hh"

namespace xen::ppc {

namespace {

struct OwnTable {
	u32 frames;		    /* usable */
	u64 frame[nr_grant_frames]; /* the guest's numbers */
};

constinit OwnTable own{};

constexpr u16 domid_self = 0x7ff0;
constexpr u64 max_frame = u64{1} << (46 - page_shift); /* what the kernel can map */

/*
 * Frames from the first on that can be mapped as one piece.  A direct domain maps private
 * frames of its own, which follow each other wherever the machine's are.
 */
u32 usable(const Be<u64> (&list)[nr_grant_frames], u32 asked) noexcept
{
	u32 n = 0;

	while (n < asked && list[n].load() < max_frame && list[n].load() != no_frame &&
	       (is_direct() || list[n].load() == list[0].load() + n))
		++n;
	return n;
}

/* Frames that Xen would give, at least one: the question is optional. */
u32 table_size() noexcept
{
	const Op *const op = find_op(XenCall::GrantTableOp, static_cast<u32>(GrantOp::QuerySize));
	GrantQuerySize query{};

	query.dom.store(domid_self);

	const s64 status = settle(
		XenCall::GrantTableOp, *op,
		xen_call(XenCall::GrantTableOp, GrantOp::QuerySize, inline_handle(&query), 1));
	const u32 frames = query.max_nr_frames.load();

	if (status != 0 || query.status.load() != static_cast<s16>(GrantStatus::Okay) ||
	    frames == 0)
		return 1;
	return frames < nr_grant_frames ? frames : nr_grant_frames;
}

/* The call's status, else the table's own; positive: frames that can be used. */
s64 setup(u32 asked) noexcept
{
	const Op *const op = find_op(XenCall::GrantTableOp, static_cast<u32>(GrantOp::SetupTable));
	Be<u64> list[nr_grant_frames];
	GrantSetupTable table{};

	for (Be<u64> &frame : list)
		frame.store(~u64{0});
	table.dom.store(domid_self);
	table.nr_frames.store(asked);
	table.status.store(static_cast<s16>(GrantStatus::GeneralError));
	table.frame_list.store(inline_handle(list));

	const s64 status = settle(
		XenCall::GrantTableOp, *op,
		xen_call(XenCall::GrantTableOp, GrantOp::SetupTable, inline_handle(&table), 1));

	if (status != 0)
		return status < 0 ? status : err::io.to_linux();
	if (table.status.load() != static_cast<s16>(GrantStatus::Okay))
		return table.status.load() < 0 ? table.status.load() : err::io.to_linux();

	const u32 frames = usable(list, asked);

	for (u32 i = 0; i < frames; ++i)
		own.frame[i] = list[i].load();
	return frames != 0 ? s64{frames} : s64{err::nodev.to_linux()};
}

/* Behind the window again nothing is where frames of the table were. */
void displace(u32 frames) noexcept
{
	for (u32 i = 0; i < frames && is_direct(); ++i)
		static_cast<void>(window_leave(Pfn{own.frame[i]}));
}

/* Gives the machine's frames numbers of the guest's; @frames, or a negative errno. */
s64 place(u32 frames) noexcept
{
	if (!is_direct())
		return frames;

	const Result<Pfn> first = private_frame();

	if (!first)
		return first.error().to_linux();
	for (u32 i = 0; i < frames; ++i) {
		const Pfn at = first.value() + Pages{i};

		if (const Result<void> entered =
			    window_enter(at, Mfn{own.frame[i]}, Access::ReadWrite);
		    !entered) {
			displace(i);
			return entered.error().to_linux();
		}
		own.frame[i] = at.raw();
	}
	return frames;
}

} // namespace

u32 promised_grant_frames() noexcept
{
	return own.frames < 2 ? 2 : (own.frames + 1) & ~u32{1};
}

bool grant_frame_is(u64 index, Gfn frame) noexcept
{
	return index < own.frames && own.frame[index] == frame.raw();
}

} // namespace xen::ppc

using namespace xen::ppc;

void xen_grant_init() noexcept
{
	own = OwnTable{};

	s64 frames = setup(table_size());

	if (frames > 0)
		frames = place(static_cast<u32>(frames));
	if (frames > 0) {
		const int error = xen_glue_grant_map(own.frame[0], static_cast<u32>(frames));

		if (error == 0) {
			own.frames = static_cast<u32>(frames);
		} else {
			displace(static_cast<u32>(frames));
			frames = error;
		}
	}
	static_assert(sizeof(u64) == sizeof(unsigned long long));
	xen_glue_grant_publish(reinterpret_cast<const unsigned long long *>(own.frame),
			       promised_grant_frames());
	if (frames > 0)
		xen_glue_grant_message("grant table: frames", static_cast<long>(frames));
	else
		xen_glue_grant_message("no grant table, pages cannot be shared:",
				       static_cast<long>(frames));
}

unsigned int xen_grant_frames() noexcept
{
	return own.frames;
}
