// SPDX-License-Identifier: GPL-2.0
/*
 * The operations of memory_op (Documentation/xen/abi-ppc.rst, "Memory operations").
 *
 * Reservations of this domain are the kernel's: its balloon makes them.  The domain
 * builder's lists of extents may be long; they are made in parts, and the number of extents
 * done is that of all parts.
 *
 * exchange stops a historical hypervisor, whatever is in it.  So do decrease_reservation
 * with a frame of a domain's real-mode area and translate_gpfn_list with one of the window's
 * bit outside the window.  The frames are in lists that stay the process's while the
 * hypervisor reads them, so that a look beforehand proves nothing: there the two operations
 * are refused altogether.  A domain can be built without them.
 */
#include <abi/memory.hh>

#include "user_call_proof.hh"

namespace xen::ppc {

namespace {

constexpr u32 max_extent_order = 24;  /* more than any domain's memory */
constexpr u32 max_elements = 1 << 24; /* of a list of frames: 64 GB in single pages */

consteval Pointer extents(Flow flow, bool required)
{
	return {
		.at = offsetof(MemoryReservation, extent_start),
		.count_at = offsetof(MemoryReservation, nr_extents),
		.count_bytes = 8,
		.counts = Counts::Elements,
		.flow = flow,
		.required = required,
		.element = sizeof(u64),
		.limit = max_elements,
	};
}
/* Machine frames come back, in populate_physmap's case for a direct domain. */
constexpr Pointer extents_out[] = {extents(Flow::Out, false)};
constexpr Pointer extents_in[] = {extents(Flow::In, true)};
constexpr Pointer extents_both[] = {extents(Flow::InOut, true)};

constexpr Pointer frames[] = {
	{
		.at = offsetof(TranslateGpfnList, gpfn_list),
		.count_at = offsetof(TranslateGpfnList, nr_gpfns),
		.count_bytes = 8,
		.counts = Counts::Elements,
		.flow = Flow::In,
		.required = true,
		.element = sizeof(u64),
		.limit = max_elements,
	},
	{
		.at = offsetof(TranslateGpfnList, mfn_list),
		.count_at = offsetof(TranslateGpfnList, nr_gpfns),
		.count_bytes = 8,
		.counts = Counts::Elements,
		.flow = Flow::Out,
		.required = true,
		.element = sizeof(u64),
		.limit = max_elements,
	},
};

Result<void> of_another_domain(const void *structure) noexcept
{
	const auto &reservation = *static_cast<const MemoryReservation *>(structure);

	if (reservation.extent_order.load() > max_extent_order)
		return err::inval;
	if (names_this_domain(reservation.domid.load()))
		return err::opnotsupp;
	return {};
}

Result<void> not_historical(const void *) noexcept
{
	if (historical())
		return err::opnotsupp;
	return {};
}

Result<void> decrease_of_another_domain(const void *structure) noexcept
{
	if (const Result<void> passes = of_another_domain(structure); !passes)
		return passes;
	return not_historical(structure);
}

consteval UserOp row(MemoryOp op, const char *name, u16 bytes, bool counts,
		     std::span<const Pointer> pointers = {}, UserOp::Check check = nullptr)
{
	return {
		.call = XenCall::MemoryOp,
		.number = static_cast<u32>(op),
		.name = name,
		.flow = Flow::In,
		.bytes = bytes,
		.used = bytes,
		.pointers = pointers,
		.counts = counts,
		.divisible = !pointers.empty(),
		.check = check,
	};
}

constexpr UserOp rows[] = {
	row(MemoryOp::IncreaseReservation, "increase_reservation", sizeof(MemoryReservation), true,
	    extents_out, of_another_domain),
	row(MemoryOp::DecreaseReservation, "decrease_reservation", sizeof(MemoryReservation), true,
	    extents_in, decrease_of_another_domain),
	row(MemoryOp::MaximumRamPage, "maximum_ram_page", 0, true),
	row(MemoryOp::CurrentReservation, "current_reservation", sizeof(MemoryDomid), true),
	row(MemoryOp::MaximumReservation, "maximum_reservation", sizeof(MemoryDomid), true),
	row(MemoryOp::PopulatePhysmap, "populate_physmap", sizeof(MemoryReservation), true,
	    extents_both, of_another_domain),
	row(MemoryOp::TranslateGpfnList, "translate_gpfn_list", sizeof(TranslateGpfnList), false,
	    frames, not_historical),
};
static_assert(sound(rows));

} // namespace

constinit const std::span<const UserOp> user_memory_ops{rows};

} // namespace xen::ppc
