/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Cases of what may reach the hypervisor: the table of operations, and user space's part
 * of it.  None of them makes a hypercall.
 */
#ifndef ARCH_POWERPC_XEN_CALLS_CASES_HH
#define ARCH_POWERPC_XEN_CALLS_CASES_HH

#include <abi/memory.hh>

#include "calls.hh"
#include "calls_glue.h"
#include "cases.hh"
#include "user_call.hh"

namespace xen::cases::calls {

using ppc::find_op;
using ppc::u32;
using ppc::XenCall;

inline constexpr u32 all_calls = ppc::nr_xen_calls, enough_ops = 64;

/* Is an operation known, but not let through? */
inline bool refused(XenCall call, u32 op) noexcept
{
	const ppc::CallArguments args = {opaque(op), 1, 1};
	const auto found = ppc::argument_of(call, args);

	return !found && found.error() == err::opnotsupp;
}

/* What argument_of() says of a call whose third argument is a count, if it has one. */
inline u32 bytes(XenCall call, u32 op, u32 count) noexcept
{
	const ppc::CallArguments args = {opaque(op), 0, count};
	const auto found = ppc::argument_of(call, args);

	return found ? found.value().bytes : ~0U;
}

XEN_CASE(what_stops_the_historical_hypervisor_is_in_no_table)
{
	CHECK(find_op(XenCall::MemoryOp, opaque(11U)) == nullptr);	 /* exchange */
	CHECK(find_op(XenCall::GrantTableOp, opaque(4U)) == nullptr);	 /* transfer */
	CHECK(find_op(XenCall::GrantTableOp, opaque(7U)) == nullptr);	 /* unmap_and_replace */
	CHECK(find_op(XenCall::VcpuOp, opaque(5U)) == nullptr);		 /* runstate area */
	CHECK(find_op(XenCall::VcpuOp, opaque(10U)) == nullptr);	 /* vcpu_info */
	CHECK(find_op(XenCall::EventChannelOp, opaque(11U)) == nullptr); /* FIFO */
	CHECK(find_op(XenCall::Domctl, opaque(1U)) == nullptr);
}

/* The historical hypervisor takes the bits above the fourth of memory_op for progress. */
XEN_CASE(memory_operations_fit_their_field)
{
	for (u32 op = ppc::memory_op_mask + 1; op < enough_ops; ++op)
		CHECK(find_op(XenCall::MemoryOp, opaque(op)) == nullptr);
}

/* By the numbers alone: no structure is looked at. */
XEN_CASE(user_space_is_refused_what_is_the_kernels)
{
	for (u32 call = 0; call < all_calls; ++call)
		for (u32 op = 0; op < enough_ops; ++op) {
			const ppc::CallArguments args = {op, 1, 1, 1, 1};
			const auto found = ppc::argument_of(static_cast<XenCall>(call), args);

			if (!found)
				CHECK(found.error() == err::nosys ||
				      found.error() == err::opnotsupp);
		}
	CHECK(refused(XenCall::MemoryOp, 11));	    /* exchange */
	CHECK(refused(XenCall::GrantTableOp, 0));   /* map_grant_ref */
	CHECK(refused(XenCall::GrantTableOp, 1));   /* unmap_grant_ref */
	CHECK(refused(XenCall::GrantTableOp, 4));   /* transfer */
	CHECK(refused(XenCall::VcpuOp, 2));	    /* down */
	CHECK(refused(XenCall::VcpuOp, 8));	    /* set_singleshot_timer */
	CHECK(refused(XenCall::EventChannelOp, 3)); /* close */
	CHECK(refused(XenCall::SchedOp, 1));	    /* block */
	CHECK(refused(XenCall::SetTimerOp, 0));
	CHECK(refused(XenCall::Multicall, 0));
	CHECK_EQ(privcmd_call(34, 1, 0, 0, 0, 0), -38L); /* hvm_op */
	CHECK_EQ(privcmd_call(~0U, 0, 0, 0, 0, 0), -38L);
	/* Not yield with more bits than a number of an operation has. */
	CHECK_EQ(privcmd_call(29, 1UL << 32, 0, 0, 0, 0), -38L);
}

/* Structures are found by their numbers; counts are bounded before anything is read. */
XEN_CASE(user_arguments_have_the_size_of_their_operation)
{
	CHECK_EQ(bytes(XenCall::Domctl, 0, 0), 144U);
	CHECK_EQ(bytes(XenCall::Sysctl, 0, 0), 136U);
	CHECK_EQ(bytes(XenCall::AcmOp, 0, 0), 72U);
	CHECK_EQ(bytes(XenCall::MemoryOp, 6, 0), 32U);
	CHECK_EQ(bytes(XenCall::MemoryOp, 3, 0), 2U);
	CHECK_EQ(bytes(XenCall::MemoryOp, 2, 0), 0U);
	CHECK_EQ(bytes(XenCall::XenVersion, 3, 0), 1024U);
	CHECK_EQ(bytes(XenCall::GrantTableOp, 5, 512), 512U * 40);
	CHECK_EQ(bytes(XenCall::GrantTableOp, 2, 1), 24U);
	CHECK_EQ(bytes(XenCall::EventChannelOp, 5, 0), 24U);

	const ppc::CallArguments many = {5, 0, 513}, tables = {2, 0, 2};

	CHECK(ppc::argument_of(XenCall::GrantTableOp, many).error() == err::toobig);
	CHECK(ppc::argument_of(XenCall::GrantTableOp, tables).error() == err::inval);
}

XEN_CASE(operations_have_one_entry_with_a_name)
{
	for (u32 call = 0; call < all_calls; ++call)
		for (u32 op = 0; op < enough_ops; ++op) {
			const ppc::Op *const entry = find_op(static_cast<XenCall>(call), op);

			if (entry == nullptr)
				continue;
			CHECK_EQ(entry->number, op);
			CHECK(entry->name != nullptr && entry->name[0] != 0);
			CHECK(ppc::call_name(static_cast<XenCall>(call)) != nullptr);
		}
}

XEN_CASE(results_that_do_not_fit_become_an_error)
{
	CHECK_EQ(ppc::to_int(opaque(ppc::s64{5})), 5);
	CHECK_EQ(ppc::to_int(opaque(ppc::s64{-38})), -38);
	CHECK_EQ(ppc::to_int(opaque(ppc::s64{1} << 32)), -5);
}

inline constexpr Case all[] = {
	XEN_LIST(what_stops_the_historical_hypervisor_is_in_no_table),
	XEN_LIST(memory_operations_fit_their_field),
	XEN_LIST(user_space_is_refused_what_is_the_kernels),
	XEN_LIST(user_arguments_have_the_size_of_their_operation),
	XEN_LIST(operations_have_one_entry_with_a_name),
	XEN_LIST(results_that_do_not_fit_become_an_error),
};
inline constexpr Suite suite{"ppc_calls", all};

} // namespace xen::cases::calls

#endif
