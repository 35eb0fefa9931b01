/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What the hypercall functions of Linux's drivers share: which operations there are,
 * and what becomes of a refusal.  User space has tables of its own (user_call.hh).
 *
 * An operation that stands in no table does not reach the hypervisor: some of those
 * that the historical one implements stop it.  Nothing here allocates or sleeps.
 */
#ifndef ARCH_POWERPC_XEN_CALLS_HH
#define ARCH_POWERPC_XEN_CALLS_HH

#include <abi/hcall.hh>

#include "xencomm.hh"

namespace xen::ppc {

/* One operation of a call. */
struct Op {
	u32 number;
	u32 bytes;	  /* what its argument points to; 0: it takes none */
	const char *name; /* in messages */
	bool counts;	  /* a positive result means something */
};

/** find_op - the table entry of an operation, or null: unknown, or never passed on */
[[nodiscard]] const Op *find_op(XenCall call, u32 number) noexcept;

/** call_name - the name of a call, as the ABI spells it */
[[nodiscard]] const char *call_name(XenCall call) noexcept;

/**
 * settle - look at what a hypercall returned
 * @status: as Xen returned it
 *
 * A refusal that Linux does not expect is reported in one message with call, operation
 * and code, before Linux may find that it cannot live with it.  So is a positive result
 * where there is none in the ABI; it becomes -EIO.
 *
 * Context: any with address translation on, but not below console_io, whose refusals
 * are not to be printed.
 *
 * Return: @status, or -EIO
 */
s64 settle(XenCall call, const Op &op, s64 status) noexcept;

/**
 * plain_call - an operation with one argument and no pointer inside it
 *
 * Return: as Xen; -EFAULT, without entering Xen, for an argument that is no kernel memory.
 */
[[nodiscard]] s64 plain_call(XenCall call, const Op &op, const void *argument) noexcept;

/** to_int - a hypercall's result for functions that return int; -EIO if it does not fit */
[[nodiscard]] constexpr int to_int(s64 status) noexcept
{
	return status == static_cast<int>(status) ? static_cast<int>(status) : err::io.to_linux();
}

} // namespace xen::ppc

#endif
