// SPDX-License-Identifier: GPL-2.0
/*
 * Hypercalls that user space makes through privcmd.
 *
 * User space passes raw numbers, any of which may be meant as a pointer.  Xen cannot
 * follow a user pointer, and this kernel does not follow it either yet: only operations
 * without any are let through, and of their numbers only those that the table knows.
 */
#include <xen/core/abi_vcpu.hh>

#include <abi/vcpu.hh>

#include "calls.hh"
#include "calls_glue.h"
#include "hypercall.hh"

using namespace xen::ppc;
using xen::err::inval;
using xen::err::nosys;
using xen::err::opnotsupp;

namespace {

/*
 * The calls that exist on Xen/PPC, whether they can be passed on or not; and multicall,
 * which this kernel has for its own drivers (call_list.cc).
 */
constexpr bool exists(u32 call) noexcept
{
	switch (static_cast<XenCall>(call)) {
	case XenCall::MemoryOp:
	case XenCall::XenVersion:
	case XenCall::ConsoleIo:
	case XenCall::GrantTableOp:
	case XenCall::VmAssist:
	case XenCall::VcpuOp:
	case XenCall::AcmOp:
	case XenCall::SchedOp:
	case XenCall::EventChannelOp:
	case XenCall::PhysdevOp:
	case XenCall::Multicall:
	case XenCall::Sysctl:
	case XenCall::Domctl:
		return true;
	default:
		return false;
	}
}

} // namespace

/**
 * privcmd_call - a hypercall by number for user space
 * @call: its number
 * @a1: the operation
 * @a2: the vcpu of vcpu_op, the type of vm_assist; else not looked at
 *
 * Context: process.
 *
 * Return: Xen's result; -EOPNOTSUPP for operations that take pointers; -ENOSYS for calls
 * that do not exist.
 */
long privcmd_call(unsigned int call, unsigned long a1, unsigned long a2, unsigned long,
		  unsigned long, unsigned long) noexcept
{
	const auto number = static_cast<XenCall>(call);

	if (!exists(call))
		return nosys.to_linux();

	const Op *const op = a1 <= ~u32{0} ? find_op(number, static_cast<u32>(a1)) : nullptr;

	if (op == nullptr || !op->user)
		return opnotsupp.to_linux();
	switch (number) {
	case XenCall::VcpuOp:
		if (a2 > ~u32{0})
			return inval.to_linux();
		return static_cast<long>(xen_call(number, op->number, static_cast<u32>(a2), 0));
	case XenCall::VmAssist:
		if (a2 > ~u32{0})
			return inval.to_linux();
		return static_cast<long>(xen_call(number, op->number, static_cast<u32>(a2)));
	default:
		return static_cast<long>(xen_call(number, op->number, u64{0}));
	}
}
