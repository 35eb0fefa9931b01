// SPDX-License-Identifier: GPL-2.0
/*
 * grant_table_op as Linux's drivers use it.
 *
 * Arrays of operations go to Xen in small batches from the stack: each element is looked
 * at first, and one that would stop the historical hypervisor or has no place in the
 * window gets its status here.  A call that Xen refuses altogether becomes a status of
 * each element, because Linux's driver takes the refusal for a bug of its own.  Pointers
 * in the caller's arrays stay as they were.
 *
 * A frame that Xen has mapped goes into the window before the caller hears of it, and if
 * it cannot, its grant is given back.  Before a grant is given back its frame leaves the
 * window: should Xen then refuse, the place is empty all the same and can be used again,
 * and what is lost is the grant.
 */
#include <abi/grant.hh>

#include "boot.hh"
#include "calls.hh"
#include "calls_glue.h"
#include "grant.hh"
#include "hypercall.hh"
#include "p2m.hh"
#include "window_glue.h"
#include "window_map.hh"

using namespace xen::ppc;
using xen::Errno;
using xen::Mfn;
using xen::Pfn;
using xen::Result;
using xen::err::fault;
using xen::err::inval;
using xen::err::nosys;

namespace {

constexpr u32 batch = 16;
constexpr u16 domid_self = 0x7ff0;
constexpr u32 no_handle = ~u32{0}; /* Linux's, for a grant that is not mapped */

constexpr s16 number(GrantStatus status) noexcept
{
	return static_cast<s16>(status);
}

/* Linux gives addresses of the linear region in either form. */
constexpr u64 physical(u64 address) noexcept
{
	return address & ~static_cast<u64>(XEN_LINEAR_BASE);
}

constexpr Pfn frame_of(u64 address) noexcept
{
	return Pfn{physical(address) >> page_shift};
}

/* An index outside of its table stops the historical hypervisor. */
bool in_place(u64 address) noexcept
{
	return (address & (page_size - 1)) == 0 && grant_frame_fits(frame_of(address));
}

/* May Xen be told of this frame as the domain's own?  It judges the rest. */
bool own_frame(u64 gfn) noexcept
{
	return is_direct() ? gfn < p2m_state.max_mfn
			   : gfn < p2m_state.ram_end && !in_window(Pfn{gfn});
}

/* Each check returns Okay, or the status of an element that Xen must not see. */
GrantStatus check(GrantMapRef &op) noexcept
{
	const bool own = op.dom.load() == domid_self || op.dom.load() == boot().domain.raw();

	if ((op.flags.load() & ~(map_flag::host | map_flag::readonly)) != 0 ||
	    (op.flags.load() & map_flag::host) == 0)
		return GrantStatus::GeneralError;
	/* Mapping an own page stops a hypervisor that announces nothing. */
	if (own && historical())
		return GrantStatus::BadDomain;
	op.host_addr.store(physical(op.host_addr.load()));
	/* A direct domain's hypervisor does not know which places are taken. */
	return in_place(op.host_addr.load()) &&
			       !window_entry(frame_of(op.host_addr.load())).present()
		       ? GrantStatus::Okay
		       : GrantStatus::BadVirtAddr;
}

/* Nothing leads to the frame any more when Xen hears of it. */
GrantStatus check(GrantUnmapRef &op) noexcept
{
	/* What gntdev never mapped, because a part of a mapping failed. */
	if (op.handle.load() == no_handle)
		return GrantStatus::BadHandle;
	op.host_addr.store(physical(op.host_addr.load()));
	if (op.host_addr.load() == 0)
		return GrantStatus::Okay;
	if (!in_place(op.host_addr.load()))
		return GrantStatus::BadVirtAddr;
	/* What was never there is for Xen to say. */
	static_cast<void>(unmap_foreign(frame_of(op.host_addr.load())));
	return GrantStatus::Okay;
}

/* Frames of the window belong to others, and are no memory that Xen would copy. */
GrantStatus check(GrantCopy &op) noexcept
{
	const u16 flags = op.flags.load();

	if (((flags & copy_flag::source_gref) == 0 && !own_frame(op.source.u.gmfn.load())) ||
	    ((flags & copy_flag::dest_gref) == 0 && !own_frame(op.dest.u.gmfn.load())))
		return GrantStatus::BadPage;
	return GrantStatus::Okay;
}

GrantStatus status_of(Errno error) noexcept
{
	if (error == xen::err::perm)
		return GrantStatus::PermissionDenied;
	if (error == inval || error == xen::err::srch)
		return GrantStatus::BadPage;
	if (error == xen::err::busy)
		return GrantStatus::BadVirtAddr;
	return GrantStatus::GeneralError;
}

/* Gives back a grant that Xen has mapped and the window cannot take. */
void give_back(const GrantMapRef &op) noexcept
{
	const Op *const unmap =
		find_op(XenCall::GrantTableOp, static_cast<u32>(GrantOp::UnmapGrantRef));
	GrantUnmapRef back{};

	back.host_addr = op.host_addr;
	back.handle = op.handle;
	back.status.store(number(GrantStatus::GeneralError));
	static_cast<void>(
		settle(XenCall::GrantTableOp, *unmap,
		       xen_call(XenCall::GrantTableOp, unmap->number, inline_handle(&back), 1)));
	if (back.status.load() != number(GrantStatus::Okay))
		xen_glue_window_message("a grant stays mapped, handle", op.handle.load(),
					back.status.load());
}

/* What Xen has done to an element, before the caller hears of it. */
void finish(GrantMapRef &op) noexcept
{
	if (op.status.load() != number(GrantStatus::Okay))
		return;

	const Pfn place = frame_of(op.host_addr.load());
	const Mfn frame =
		is_direct() ? Mfn{op.dev_bus_addr.load() >> page_shift} : Mfn{place.raw()};
	const bool readonly = (op.flags.load() & map_flag::readonly) != 0;
	const Result<void> mapped =
		map_foreign(place, frame, readonly ? Access::ReadOnly : Access::ReadWrite);

	if (mapped)
		return;
	give_back(op);
	op.status.store(number(status_of(mapped.error())));
}
void finish(GrantUnmapRef &op) noexcept
{
	if (op.status.load() != number(GrantStatus::Okay))
		xen_glue_window_message("a grant is not given back, handle", op.handle.load(),
					op.status.load());
}
void finish(GrantCopy &) noexcept {}

/* What Xen wrote is taken over; the addresses stay the caller's. */
void answer(GrantMapRef &to, const GrantMapRef &from) noexcept
{
	to.status = from.status;
	to.handle = from.handle;
	to.dev_bus_addr = from.dev_bus_addr;
}
void answer(GrantUnmapRef &to, const GrantUnmapRef &from) noexcept
{
	to.status = from.status;
}
void answer(GrantCopy &to, const GrantCopy &from) noexcept
{
	to.status = from.status;
}

/*
 * At most @batch elements: those that pass the check go to Xen, in their order.  Out of
 * line, because the batches of three kinds would add up in one frame.
 */
template <class T> [[gnu::noinline]] void run_batch(const Op &op, T *element, u32 count) noexcept
{
	T copy[batch];
	u32 origin[batch];
	u32 n = 0;

	for (u32 i = 0; i < count; ++i) {
		copy[n] = element[i];

		const GrantStatus status = check(copy[n]);

		if (status != GrantStatus::Okay) {
			element[i].status.store(number(status));
			continue;
		}
		/* Stays, should Xen not come as far as this element. */
		copy[n].status.store(number(GrantStatus::GeneralError));
		origin[n++] = i;
	}
	if (n == 0)
		return;
	static_cast<void>(
		settle(XenCall::GrantTableOp, op,
		       xen_call(XenCall::GrantTableOp, op.number, inline_handle(copy), n)));
	for (u32 i = 0; i < n; ++i) {
		finish(copy[i]);
		answer(element[origin[i]], copy[i]);
	}
}

template <class T> s64 run(const Op &op, void *array, u32 count) noexcept
{
	auto *const element = static_cast<T *>(array);

	if (count != 0 && region_of(array) == Region::Alien)
		return fault.to_linux();
	for (u32 done = 0; done < count; done += batch)
		run_batch(op, element + done, count - done < batch ? count - done : batch);
	return 0;
}

/* The list that Xen writes is a pointer inside the argument. */
s64 setup_table(const Op &op, void *argument) noexcept
{
	GrantSetupTable copy;
	s64 status;

	if (region_of(argument) == Region::Alien)
		return fault.to_linux();
	__builtin_memcpy(&copy, argument, sizeof(copy));
	if (copy.nr_frames.load() > nr_grant_frames)
		return inval.to_linux();
	{
		Handles handles;
		const Result<u64> list =
			handles.of(reinterpret_cast<const void *>(copy.frame_list.load()),
				   u64{copy.nr_frames.load()} * sizeof(u64));

		if (!list)
			return list.error().to_linux();
		copy.frame_list.store(list.value());
		status = xen_call(XenCall::GrantTableOp, op.number, inline_handle(&copy), 1);
	}
	static_cast<GrantSetupTable *>(argument)->status = copy.status;
	return settle(XenCall::GrantTableOp, op, status);
}

/*
 * How large the own table can get is decided by grant.cc, table or not: Linux cannot
 * cope with every answer.
 */
s64 query_size(const Op &op, void *argument) noexcept
{
	GrantQuerySize query;
	s64 status = 0;

	if (region_of(argument) == Region::Alien)
		return fault.to_linux();
	__builtin_memcpy(&query, argument, sizeof(query));
	if (query.dom.load() == domid_self) {
		query.nr_frames.store(promised_grant_frames());
		query.max_nr_frames.store(promised_grant_frames());
		query.status.store(number(GrantStatus::Okay));
	} else {
		status = settle(
			XenCall::GrantTableOp, op,
			xen_call(XenCall::GrantTableOp, op.number, inline_handle(&query), 1));
	}
	__builtin_memcpy(argument, &query, sizeof(query));
	return status;
}

} // namespace

/**
 * HYPERVISOR_grant_table_op - operations on grant tables
 * @uop: an array of @count structures in kernel memory
 *
 * Context: any with address translation on; does not sleep.
 *
 * Return: 0 when all elements have a status, else a negative errno.
 */
int HYPERVISOR_grant_table_op(unsigned int cmd, void *uop, unsigned int count) noexcept
{
	const Op *const op = find_op(XenCall::GrantTableOp, cmd);

	if (op == nullptr)
		return nosys.to_linux();
	switch (static_cast<GrantOp>(cmd)) {
	case GrantOp::MapGrantRef:
		return to_int(run<GrantMapRef>(*op, uop, count));
	case GrantOp::UnmapGrantRef:
		return to_int(run<GrantUnmapRef>(*op, uop, count));
	case GrantOp::Copy:
		return to_int(run<GrantCopy>(*op, uop, count));
	case GrantOp::SetupTable:
		return count == 1 ? to_int(setup_table(*op, uop)) : inval.to_linux();
	case GrantOp::QuerySize:
		return count == 1 ? to_int(query_size(*op, uop)) : inval.to_linux();
	default:
		return nosys.to_linux();
	}
}
