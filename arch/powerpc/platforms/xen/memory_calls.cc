// SPDX-License-Identifier: GPL-2.0
/*
 * memory_op as Linux's drivers use it.
 *
 * Reservations are passed on with the list of frames as a handle in a copy; frames of the
 * real-mode area are refused, because giving one back stops the historical hypervisor.
 * In a direct domain the list holds the machine's frames where memory leaves, and where it
 * comes the guest's, which the hypervisor replaces.
 *
 * The grant table's frames are where setup_table put them (grant.cc): asking for them
 * there is answered here.  Frames of other domains go into the window (window_map.hh), in
 * both kinds of domain; the drivers' frame number is the machine's.
 *
 * A translated domain cannot name a machine frame whose number is also one of its own: that
 * is refused.  The historical hypervisor asks nobody about the rest: a frame that is the
 * domain's own memory by the machine's number stops it, and only the tools know whose
 * frames they ask for.
 */
#include <abi/memory.hh>

#include "boot.hh"
#include "calls.hh"
#include "calls_glue.h"
#include "grant.hh"
#include "hypercall.hh"
#include "translate.hh"
#include "window_map.hh"

using namespace xen::ppc;
using xen::Be;
using xen::Gfn;
using xen::Mfn;
using xen::Pfn;
using xen::Result;
using xen::err::busy;
using xen::err::fault;
using xen::err::inval;
using xen::err::nosys;
using xen::err::perm;

namespace {

/* Younger than Xen/PPC's ABI, whose four bits for the operation they do not fit into. */
constexpr u32 remove_from_physmap = 15;
constexpr u32 add_to_physmap_range = 23;

/* AddToPhysmap::space */
constexpr u32 space_grant_table = 1;
constexpr u32 space_foreign = 4;

constexpr u16 domid_self = 0x7ff0;
constexpr u32 max_extent_order = 24; /* more than any domain's memory */

/* As Linux has it: frames of another domain, and where they are wanted. */
struct AddRange {
	Be<u16> domid;
	Be<u16> space;
	Be<u16> size;
	Be<u16> foreign_domid;
	Be<u64> idxs;  /* Be<u64> *, machine frames */
	Be<u64> gpfns; /* Be<u64> *, frames of the window */
	Be<u64> errs;  /* Be<s32> *, out */
};
static_assert(wire<AddRange, 32>);

struct RemoveFromPhysmap {
	Be<u16> domid;
	Be<u16> pad[3];
	Be<u64> gpfn;
};
static_assert(wire<RemoveFromPhysmap, 16>);

bool is_self(u16 domain) noexcept
{
	return domain == domid_self || domain == boot().domain.raw();
}

/*
 * Is every extent of a list outside of the real-mode area?  It is one piece, in the machine
 * too.  @list is kernel memory.
 */
bool outside_rma(const void *list, u64 extents, u64 pages) noexcept
{
	const auto *frame = static_cast<const Be<u64> *>(list);
	const Result<Gfn> rma = translate(Pfn{0});
	const u64 first = rma ? rma.value().raw() : 0;
	const u64 rma_pages = xen_glue_rma_bytes() >> page_shift;

	for (u64 i = 0; i < extents; ++i) {
		const u64 at = frame[i].load();

		/* Either begins inside the other; what wraps is beyond all memory. */
		if (at - first < rma_pages || first - at < pages)
			return false;
	}
	return true;
}

/* A MemoryReservation; the result is how many extents were done. */
s64 reservation(const Op &op, const void *argument) noexcept
{
	MemoryReservation copy;
	s64 status;

	if (region_of(argument) == Region::Alien)
		return fault.to_linux();
	__builtin_memcpy(&copy, argument, sizeof(copy));

	const u64 extents = copy.nr_extents.load();
	const auto *const list = reinterpret_cast<const void *>(copy.extent_start.load());

	if (extents > ~u64{0} / sizeof(u64) || copy.extent_order.load() > max_extent_order)
		return inval.to_linux();
	if (extents != 0 && region_of(list) == Region::Alien)
		return fault.to_linux();
	if (op.number == static_cast<u32>(MemoryOp::DecreaseReservation) &&
	    !outside_rma(list, extents, u64{1} << copy.extent_order.load()))
		return settle(XenCall::MemoryOp, op, perm.to_linux());
	{
		Handles handles;
		const Result<u64> handle = handles.of(list, extents * sizeof(u64));

		if (!handle)
			return handle.error().to_linux();
		copy.extent_start.store(handle.value());
		status = xen_call(XenCall::MemoryOp, op.number, inline_handle(&copy));
	}
	if (status > 0 && static_cast<u64>(status) > extents) {
		xen_glue_call_refused(call_name(XenCall::MemoryOp), op.name, op.number, status);
		return xen::err::io.to_linux();
	}
	return settle(XenCall::MemoryOp, op, status);
}

/* The grant table's frames are already where they are asked for, or cannot be there. */
s64 add_to_physmap(const void *argument) noexcept
{
	AddToPhysmap map;

	if (region_of(argument) == Region::Alien)
		return fault.to_linux();
	__builtin_memcpy(&map, argument, sizeof(map));
	if (map.space.load() != space_grant_table)
		return nosys.to_linux();
	if (!grant_frame_is(map.idx.load(), Gfn{map.gpfn.load()}))
		return inval.to_linux();
	return 0;
}

/*
 * Machine frames that exist; the hypervisor says it to whoever asks.  A frame beyond them
 * would be refused as well, but as a broken rule.
 */
u64 machine_end() noexcept
{
	if (is_direct())
		return p2m_state.max_mfn;

	const Op *const op = find_op(XenCall::MemoryOp, static_cast<u32>(MemoryOp::MaximumRamPage));
	const s64 end = settle(XenCall::MemoryOp, *op, xen_call(XenCall::MemoryOp, op->number));

	return end > 0 ? static_cast<u64>(end) : 0;
}

/* Can the number @frame be meant as another domain's? */
bool can_be_foreign(u64 frame, u64 end) noexcept
{
	if (frame >= end || frame - p2m_state.hole_first < p2m_state.hole_pages)
		return false;
	if (is_direct())
		return true;
	/* Below are numbers of the domain's own; the old window is told by one bit. */
	return frame >= boot().ram_pages && !in_window(Pfn{frame}) &&
	       !(historical() && (frame & boot().foreign_first.raw()) != 0);
}

/*
 * A frame that a tool has named.  Whose it is the hypervisor decides, but it would let the
 * domain have its own, and with that the kernel's memory.
 *
 * The balloon says which frames move under the lock that is held here from the look to the
 * entry.  While they do, the hypervisor may already, or still, count them as the domain's, and
 * the table does not name them.
 */
Result<void> map_named(Pfn place, u64 frame, u64 end) noexcept
{
	if (!can_be_foreign(frame, end))
		return inval;

	const WindowGuard guard;

	if (is_direct()) {
		if (p2m_state.moving.holds(Mfn{frame}))
			return busy;
		if (xen::ppc::own_frame_of(Gfn{frame}))
			return inval;
	}
	return map_foreign(guard, place, Mfn{frame}, Access::ReadWrite);
}

/*
 * The result is that of the call; each frame has its own in the list of errors: those of
 * map_foreign(), EINVAL for one that cannot be another domain's, EBUSY also for one that the
 * balloon moves just now.
 *
 * privcmd passes an error on for its frame, in version 2 of its batch as it is and in version 1
 * as a bit, and goes on; the ioctl succeeds.  Linux gives such a page a PTE all the same, which
 * leads to an empty place and ends in SIGBUS, and will not map it a second time: a tool that
 * tries again after EBUSY unmaps the range and maps it anew.
 */
s64 add_range(const void *argument) noexcept
{
	AddRange range;

	if (region_of(argument) == Region::Alien)
		return fault.to_linux();
	__builtin_memcpy(&range, argument, sizeof(range));
	if (range.space.load() != space_foreign)
		return nosys.to_linux();
	if (!is_self(range.domid.load()) || is_self(range.foreign_domid.load()))
		return inval.to_linux();

	const auto *const frame = reinterpret_cast<const Be<u64> *>(range.idxs.load());
	const auto *const place = reinterpret_cast<const Be<u64> *>(range.gpfns.load());
	auto *const error = reinterpret_cast<Be<s32> *>(range.errs.load());
	const u32 size = range.size.load();

	if (size == 0)
		return 0;
	if (region_of(frame) == Region::Alien || region_of(place) == Region::Alien ||
	    region_of(error) == Region::Alien)
		return fault.to_linux();

	const u64 end = machine_end();

	for (u32 i = 0; i < size; ++i) {
		const u64 wanted = frame[i].load();
		const Result<void> mapped = map_named(Pfn{place[i].load()}, wanted, end);

		error[i].store(mapped ? 0 : mapped.error().to_linux());
	}
	return 0;
}

s64 remove(const void *argument) noexcept
{
	RemoveFromPhysmap gone;

	if (region_of(argument) == Region::Alien)
		return fault.to_linux();
	__builtin_memcpy(&gone, argument, sizeof(gone));
	if (!is_self(gone.domid.load()))
		return inval.to_linux();

	const Result<void> unmapped = unmap_foreign(Pfn{gone.gpfn.load()});

	return unmapped ? 0 : unmapped.error().to_linux();
}

} // namespace

/* Context: any with address translation on; does not sleep.  @arg is kernel memory. */
int HYPERVISOR_memory_op(unsigned int cmd, void *arg) noexcept
{
	switch (cmd) {
	case static_cast<u32>(MemoryOp::AddToPhysmap):
		return to_int(add_to_physmap(arg));
	case add_to_physmap_range:
		return to_int(add_range(arg));
	case remove_from_physmap:
		return to_int(remove(arg));
	default:
		break;
	}

	const Op *const op = find_op(XenCall::MemoryOp, cmd);

	if (op == nullptr)
		return nosys.to_linux();
	switch (static_cast<MemoryOp>(cmd)) {
	case MemoryOp::IncreaseReservation:
	case MemoryOp::DecreaseReservation:
	case MemoryOp::PopulatePhysmap:
		return to_int(reservation(*op, arg));
	default:
		return to_int(plain_call(XenCall::MemoryOp, *op, arg));
	}
}
