// SPDX-License-Identifier: GPL-2.0
/*
 * grant_table_op as Linux's drivers use it.
 *
 * Arrays of operations go to Xen in small batches from the stack: each element is looked
 * at first, and one that would stop the historical hypervisor or has no place in the
 * window gets its status here.  A call that Xen refuses altogether becomes a status of
 * each element, because Linux's driver takes the refusal for a bug of its own.  Pointers
 * in the caller's arrays stay as they were.
 */
#include <abi/grant.hh>

#include "boot.hh"
#include "calls.hh"
#include "calls_glue.h"
#include "grant.hh"
#include "hypercall.hh"

using namespace xen::ppc;
using xen::Result;
using xen::err::fault;
using xen::err::inval;
using xen::err::nosys;

namespace {

constexpr u32 batch = 16;
constexpr u16 domid_self = 0x7ff0;

constexpr s16 number(GrantStatus status) noexcept
{
	return static_cast<s16>(status);
}

/* Linux gives addresses of the linear region in either form. */
constexpr u64 physical(u64 address) noexcept
{
	return address & ~static_cast<u64>(XEN_LINEAR_BASE);
}

/* An index outside of its table stops the historical hypervisor. */
bool in_window(u64 address) noexcept
{
	const u64 frame = address >> page_shift, first = boot().foreign_first.raw();

	return (address & (page_size - 1)) == 0 && frame >= first &&
	       frame - first < boot().foreign_pages.raw();
}

/* Each check returns Okay, or the status of an element that Xen must not see. */
GrantStatus check(GrantMapRef &op) noexcept
{
	const bool own = op.dom.load() == domid_self || op.dom.load() == boot().domain.raw();

	if ((op.flags.load() & ~(map_flag::host | map_flag::readonly)) != 0 ||
	    (op.flags.load() & map_flag::host) == 0)
		return GrantStatus::GeneralError;
	/* Mapping an own page stops a hypervisor that announces nothing. */
	if (own && boot().features == 0)
		return GrantStatus::BadDomain;
	op.host_addr.store(physical(op.host_addr.load()));
	return in_window(op.host_addr.load()) ? GrantStatus::Okay : GrantStatus::BadVirtAddr;
}

GrantStatus check(GrantUnmapRef &op) noexcept
{
	op.host_addr.store(physical(op.host_addr.load()));
	return op.host_addr.load() == 0 || in_window(op.host_addr.load())
		       ? GrantStatus::Okay
		       : GrantStatus::BadVirtAddr;
}

GrantStatus check(GrantCopy &) noexcept
{
	return GrantStatus::Okay;
}

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
	for (u32 i = 0; i < n; ++i)
		answer(element[origin[i]], copy[i]);
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
