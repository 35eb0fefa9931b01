// SPDX-License-Identifier: GPL-2.0
/*
 * A section's frames leave the domain, or new ones come: memory_op with one extent of
 * 16 MB, and the p2m's entries in the order that keeps every cpu right.
 *
 * Down: page-table entries are gone; whatever looked up a frame for one has ended; entries
 * missing; the hypercall.  Up: the hypercall; its answer is judged; entries; only then do
 * page-table entries follow (Documentation/xen/p2m-rma.rst, "Order of stores").
 *
 * In between the hypervisor takes the frames for the domain's and the table does not know
 * them: for that time they are moving, and no tool can map them as another domain's.
 *
 * In a direct domain the list holds machine frames, in a translated one the domain's own,
 * and there is no entry to change.
 */
#include <xen/core/abi.hh>

#include <abi/memory.hh>

#include "balloon.hh"
#include "balloon_glue.h"
#include "hypercall.hh"
#include "translate.hh"
#include "window_map.hh"
#include "xencomm.hh"

namespace xen::ppc {

namespace {

static_assert(section_order == p2m_block_order, "what is said of a block is true of a section");

/*
 * Frames that move, until the end of the block: memory_calls.cc maps none of them.  What it was
 * about to map before, it has mapped when the constructor returns.
 */
class Moving {
public:
	/* Which frames come, only the hypervisor's answer says. */
	Moving() noexcept { set(Mfn{0}, Pages{~u64{0}}); }
	explicit Moving(Mfn first) noexcept { set(first, section_pages); }
	~Moving() { set(Mfn{0}, Pages{0}); }
	Moving(const Moving &) = delete;
	Moving &operator=(const Moving &) = delete;

	/* The others may be mapped again. */
	void only(Mfn first) noexcept { set(first, section_pages); }

private:
	static void set(Mfn first, Pages pages) noexcept
	{
		const WindowGuard guard;

		p2m_state.moving = {first, pages};
	}
};

/* One extent; @frame is the list, which the hypervisor may write. */
[[nodiscard]] s64 reservation(MemoryOp op, Be<u64> &frame) noexcept
{
	MemoryReservation argument{};

	argument.extent_start.store(inline_handle(&frame));
	argument.nr_extents.store(1);
	argument.extent_order.store(section_order);
	argument.domid.store(static_cast<u16>(domid::self.raw()));
	return xen_call(XenCall::MemoryOp, op, inline_handle(&argument));
}

void enter_section(Pfn first, Mfn mfn) noexcept
{
	p2m_state.blank.clear(first);
	for (u64 i = 0; i < section_pages.raw(); ++i) {
		const Result<void> entered =
			p2m_state.table.enter(first + Pages{i}, P2mEntry::ram(mfn + Pages{i}));

		contract(entered.ok(), "a section that was looked at has entries");
	}
	static_cast<void>(p2m_state.blocks.examine(
		first, [](Pfn pfn) noexcept { return p2m_state.table.ram(pfn); }));
}

void leave_section(Pfn first) noexcept
{
	p2m_state.blocks.clear(first);
	for (u64 i = 0; i < section_pages.raw(); ++i) {
		const Result<P2mEntry> left = p2m_state.table.leave(first + Pages{i});

		contract(left.ok(), "a section that was looked at has entries");
	}
	p2m_state.blank.set(first);
}

/* Does the domain have one of a section's worth of machine frames already? */
[[nodiscard]] bool already_own(Mfn mfn) noexcept
{
	for (u64 pfn = 0; pfn < p2m_state.table.entries(); ++pfn) {
		const Result<Mfn> own = p2m_state.table.ram(Pfn{pfn});

		if (own && own.value().raw() - mfn.raw() < section_pages.raw())
			return true;
		if (pfn % section_pages.raw() == 0)
			xen_glue_balloon_pause();
	}
	return false;
}

/* Could these frames be what the hypervisor has given?  If not they are not touched. */
[[nodiscard]] bool plausible(Mfn mfn) noexcept
{
	return mfn.raw() < p2m_state.max_mfn &&
	       p2m_state.max_mfn - mfn.raw() >= section_pages.raw() && !already_own(mfn);
}

/* Frames that came and cannot be used go back. */
void return_extent(Mfn mfn) noexcept
{
	Be<u64> frame{mfn.raw()};
	const s64 answer = reservation(MemoryOp::DecreaseReservation, frame);

	if (answer != 1)
		xen_glue_balloon_odd("16 MB stay unused: decrease_reservation answered", answer);
}

} // namespace

bool section_is_whole(Pfn first) noexcept
{
	const Result<Gfn> gfn = translate(first);

	return gfn && gfn.value().raw() % section_pages.raw() == 0 &&
	       contiguous(first, section_pages);
}

Result<void> give_section(Pfn first) noexcept
{
	const Result<Gfn> number = translate(first);

	if (!number || !section_is_whole(first))
		return err::fault;
	/* Hash faults and xencomm look up frames with interrupts off. */
	xen_glue_memory_settle();

	const Moving moving{Mfn{number.value().raw()}};

	if (is_direct())
		leave_section(first);

	Be<u64> frame{number.value().raw()};
	const s64 answer = reservation(MemoryOp::DecreaseReservation, frame);

	if (answer == 1)
		return {};
	if (answer > 1) {
		/* Some of it may be gone: nobody touches it any more. */
		xen_glue_balloon_odd("decrease_reservation of one extent answered", answer);
		return {};
	}
	if (is_direct())
		enter_section(first, Mfn{number.value().raw()});
	return answer < 0 ? Errno::from_xen(answer) : err::busy;
}

Result<void> take_section(Pfn first) noexcept
{
	Be<u64> frame{first.raw()};
	Moving moving;
	const s64 answer = reservation(MemoryOp::PopulatePhysmap, frame);

	if (answer < 0)
		return Errno::from_xen(answer);
	if (answer == 0)
		return err::nomem;
	if (answer != 1) {
		xen_glue_balloon_odd("populate_physmap of one extent answered", answer);
		return err::io;
	}
	if (!is_direct())
		return {};

	const Mfn mfn{frame.load()};

	moving.only(mfn);
	if (!plausible(mfn)) {
		xen_glue_balloon_odd("populate_physmap gave an impossible frame:",
				     static_cast<s64>(mfn.raw()));
		return err::io;
	}
	if (mfn.raw() % section_pages.raw() != 0) {
		xen_glue_balloon_odd("populate_physmap gave 16 MB that are not aligned, from",
				     static_cast<s64>(mfn.raw()));
		return_extent(mfn);
		return err::io;
	}
	enter_section(first, mfn);
	return {};
}

} // namespace xen::ppc
