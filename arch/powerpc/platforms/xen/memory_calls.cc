// SPDX-License-Identifier: GPL-2.0
/*
 * memory_op as Linux's drivers use it.
 *
 * Reservations are passed on with the list of frames as a handle in a copy; frames of the
 * real-mode area are refused, because giving one back stops the historical hypervisor.
 * The grant table's frames are where setup_table put them (grant.cc): asking for them
 * there is answered here.  Frames of other domains cannot be mapped yet.
 */
#include <abi/memory.hh>

#include "calls.hh"
#include "calls_glue.h"
#include "grant.hh"
#include "hypercall.hh"

using namespace xen::ppc;
using xen::Be;
using xen::Gfn;
using xen::Result;
using xen::err::fault;
using xen::err::inval;
using xen::err::nosys;
using xen::err::opnotsupp;
using xen::err::perm;

namespace {

/* Younger than Xen/PPC's ABI, whose four bits for the operation they do not fit into. */
constexpr u32 remove_from_physmap = 15;
constexpr u32 add_to_physmap_range = 23;

/* AddToPhysmap::space */
constexpr u32 space_grant_table = 1;

constexpr u32 max_extent_order = 24; /* more than any domain's memory */

/* Is every extent of a list outside of the real-mode area?  @list is kernel memory. */
bool outside_rma(const void *list, u64 extents) noexcept
{
	const auto *frame = static_cast<const Be<u64> *>(list);
	const u64 rma_pages = xen_glue_rma_bytes() >> page_shift;

	for (u64 i = 0; i < extents; ++i)
		if (frame[i].load() < rma_pages)
			return false;
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
	    !outside_rma(list, extents))
		return settle(XenCall::MemoryOp, op, perm.to_linux());
	{
		Handles handles;
		const Result<u64> handle = handles.of(list, extents * sizeof(u64));

		if (!handle)
			return handle.error().to_linux();
		copy.extent_start.store(handle.value());
		status = xen_call(XenCall::MemoryOp, op.number, inline_handle(&copy));
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

} // namespace

/* Context: any with address translation on; does not sleep.  @arg is kernel memory. */
int HYPERVISOR_memory_op(unsigned int cmd, void *arg) noexcept
{
	switch (cmd) {
	case static_cast<u32>(MemoryOp::AddToPhysmap):
		return to_int(add_to_physmap(arg));
	case add_to_physmap_range:
	case remove_from_physmap:
		return opnotsupp.to_linux();
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
