// SPDX-License-Identifier: GPL-2.0
/*
 * Hypercall functions whose argument holds no pointer and needs no answer of ours:
 * events, scheduling, vcpus, physical interrupts; and those that Xen/PPC does not have.
 *
 * Context of all: any with address translation on; none sleeps or allocates.  Arguments
 * are kernel memory, anything else is -EFAULT.
 */
#include "calls.hh"

#include <abi/sched.hh>
#include <abi/version.hh>

#include "calls_glue.h"
#include "hypercall.hh"

namespace xen::ppc {

s64 plain_call(XenCall call, const Op &op, const void *argument) noexcept
{
	s64 status;

	{
		Handles handles;
		const Result<u64> handle = handles.of(argument, op.bytes);

		if (!handle)
			return handle.error().to_linux();
		status = xen_call(call, op.number, handle.value());
	}
	return settle(call, op, status);
}

namespace {

/* The list of ports is a pointer inside the argument: it is replaced in a copy. */
s64 poll(const Op &op, const void *argument) noexcept
{
	SchedPoll copy;
	s64 status;

	if (region_of(argument) == Region::Alien)
		return err::fault.to_linux();
	__builtin_memcpy(&copy, argument, sizeof(copy));
	if (copy.nr_ports.load() > max_poll_ports)
		return err::inval.to_linux();
	{
		Handles handles;
		const Result<u64> ports =
			handles.of(reinterpret_cast<const void *>(copy.ports.load()),
				   u64{copy.nr_ports.load()} * sizeof(u32));

		if (!ports)
			return ports.error().to_linux();
		copy.ports.store(ports.value());
		copy.pad.store(0);
		status = xen_call(XenCall::SchedOp, op.number, inline_handle(&copy));
	}
	return settle(XenCall::SchedOp, op, status);
}

/* An operation by its number, for the calls that all look alike. */
int call_by_number(XenCall call, int number, const void *argument) noexcept
{
	const Op *const op = find_op(call, static_cast<u32>(number));

	return op != nullptr ? to_int(plain_call(call, *op, argument)) : err::nosys.to_linux();
}

} // namespace

} // namespace xen::ppc

using namespace xen::ppc;
using xen::Result;
using xen::err::inval;
using xen::err::nosys;

int HYPERVISOR_event_channel_op(int cmd, void *arg) noexcept
{
	return call_by_number(XenCall::EventChannelOp, cmd, arg);
}

int HYPERVISOR_physdev_op(int cmd, void *arg) noexcept
{
	return call_by_number(XenCall::PhysdevOp, cmd, arg);
}

int HYPERVISOR_sched_op(int cmd, void *arg) noexcept
{
	const Op *const op = find_op(XenCall::SchedOp, static_cast<u32>(cmd));

	if (op == nullptr)
		return nosys.to_linux();
	return to_int(op->number == static_cast<u32>(SchedOp::Poll)
			      ? poll(*op, arg)
			      : plain_call(XenCall::SchedOp, *op, arg));
}

/* @vcpuid: Xen's number of the vcpu */
int HYPERVISOR_vcpu_op(int cmd, int vcpuid, void *extra_args) noexcept
{
	const Op *const op = find_op(XenCall::VcpuOp, static_cast<u32>(cmd));
	s64 status;

	if (op == nullptr)
		return nosys.to_linux();
	{
		Handles handles;
		const Result<u64> handle = handles.of(extra_args, op->bytes);

		if (!handle)
			return handle.error().to_linux();
		status = xen_call(XenCall::VcpuOp, op->number, static_cast<u32>(vcpuid),
				  handle.value());
	}
	return to_int(settle(XenCall::VcpuOp, *op, status));
}

int HYPERVISOR_vm_assist(unsigned int cmd, unsigned int type) noexcept
{
	const Op *const op = find_op(XenCall::VmAssist, cmd);

	if (op == nullptr)
		return nosys.to_linux();
	/* Younger types are promises that this hypervisor cannot keep. */
	if (type > max_vm_assist_type)
		return inval.to_linux();
	return to_int(settle(XenCall::VmAssist, *op, xen_call(XenCall::VmAssist, cmd, type)));
}

int HYPERVISOR_dm_op(unsigned short, unsigned int, void *) noexcept
{
	return nosys.to_linux();
}

int HYPERVISOR_platform_op_raw(void *) noexcept
{
	return nosys.to_linux();
}
