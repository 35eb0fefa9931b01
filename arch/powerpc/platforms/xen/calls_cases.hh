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

namespace xen::cases::calls {

using ppc::find_op;
using ppc::u32;
using ppc::XenCall;

inline constexpr u32 all_calls = ppc::nr_xen_calls, enough_ops = 64;

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

XEN_CASE(user_space_has_only_operations_without_a_pointer)
{
	u32 let_through = 0;

	for (u32 call = 0; call < all_calls; ++call)
		for (u32 op = 0; op < enough_ops; ++op) {
			const ppc::Op *const entry = find_op(static_cast<XenCall>(call), op);

			if (entry == nullptr || !entry->user)
				continue;
			++let_through;
			CHECK_EQ(entry->bytes, 0U);
		}
	/* yield, version, pagesize, maximum_ram_page, is_up, both of vm_assist */
	CHECK_EQ(let_through, 7U);
}

XEN_CASE(user_space_is_refused_whatever_may_be_a_pointer)
{
	for (u32 call = 0; call < all_calls; ++call)
		for (u32 op = 0; op < enough_ops; ++op) {
			const ppc::Op *const entry = find_op(static_cast<XenCall>(call), op);

			if (entry != nullptr && entry->user)
				continue;

			const long result =
				privcmd_call(opaque(call), op, 0x10000, 0x10000, 0x10000, 0x10000);

			CHECK(result == -95 || result == -38);
		}
	CHECK_EQ(privcmd_call(35, 1, 0, 0, 0, 0), -95L);       /* sysctl */
	CHECK_EQ(privcmd_call(13, 0x10000, 1, 0, 0, 0), -95L); /* multicall */
	CHECK_EQ(privcmd_call(34, 1, 0, 0, 0, 0), -38L);       /* hvm_op */
	CHECK_EQ(privcmd_call(~0U, 0, 0, 0, 0, 0), -38L);
	/* Not yield with more bits than a number of an operation has. */
	CHECK_EQ(privcmd_call(29, 1UL << 32, 0, 0, 0, 0), -95L);
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
	XEN_LIST(user_space_has_only_operations_without_a_pointer),
	XEN_LIST(user_space_is_refused_whatever_may_be_a_pointer),
	XEN_LIST(operations_have_one_entry_with_a_name),
	XEN_LIST(results_that_do_not_fit_become_an_error),
};
inline constexpr Suite suite{"ppc_calls", all};

} // namespace xen::cases::calls

#endif
