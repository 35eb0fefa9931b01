// SPDX-License-Identifier: GPL-2.0
/*
 * Which calls user space may make, and the row for one of them.
 *
 * The tables are user_call_*.cc; here is what the calls look like, and what exists but is
 * not let through.
 */
#include "user_call.hh"

#include <abi/acm.hh>
#include <abi/console.hh>
#include <abi/domctl.hh>
#include <abi/evtchn.hh>
#include <abi/grant.hh>
#include <abi/memory.hh>
#include <abi/physdev.hh>
#include <abi/sched.hh>
#include <abi/sysctl.hh>
#include <abi/vcpu.hh>

namespace xen::ppc {

namespace {

constexpr u8 none = no_argument;
constexpr u32 max_console_bytes = 16384;
constexpr u32 max_number = ~u32{0};

/* What carries the command of domctl, sysctl and acm_op, and the interface's version. */
struct Head {
	Be<u32> cmd;
	Be<u32> interface_version;
};
static_assert(offsetof(Domctl, cmd) == 0 && offsetof(Domctl, interface_version) == 4 &&
	      offsetof(Sysctl, cmd) == 0 && offsetof(Sysctl, interface_version) == 4);

/* number, scalar, structure, counted, at_once, limit, version */
constexpr Signature signatures[] = {
	{XenCall::MemoryOp, 0, none, 1, none, 1, 1, 0},
	{XenCall::XenVersion, 0, none, 1, none, 1, 1, 0},
	/* A longer piece spoils the handle of one in a historical hypervisor. */
	{XenCall::ConsoleIo, 0, none, 2, 1, console_write_piece, max_console_bytes, 0},
	{XenCall::GrantTableOp, 0, none, 1, 2, page_size / sizeof(GrantCopy), max_grant_ops, 0},
	{XenCall::VmAssist, 0, 1, none, none, 1, 1, 0},
	{XenCall::VcpuOp, 0, 1, 2, none, 1, 1, 0},
	{XenCall::AcmOp, none, none, 0, none, 1, 1, acm_version},
	{XenCall::SchedOp, 0, none, 1, none, 1, 1, 0},
	{XenCall::EventChannelOp, 0, none, 1, none, 1, 1, 0},
	{XenCall::PhysdevOp, 0, none, 1, none, 1, 1, 0},
	{XenCall::Sysctl, none, none, 0, none, 1, 1, sysctl_version},
	{XenCall::Domctl, none, none, 0, none, 1, 1, domctl_version},
};

template <class... T> consteval u64 mask(T... operation)
{
	return ((u64{1} << static_cast<u32>(operation)) | ...);
}

/* Operations that the hypervisor has and a process may not make. */
struct Withheld {
	XenCall call;
	u64 operations;
};

constexpr Withheld withheld[] = {
	{XenCall::MemoryOp, mask(MemoryOp::Exchange)},
	{XenCall::ConsoleIo, mask(ConsoleOp::Read)},
	{XenCall::GrantTableOp, mask(GrantOp::MapGrantRef, GrantOp::UnmapGrantRef,
				     GrantOp::Transfer, GrantOp::UnmapAndReplace)},
	{XenCall::VcpuOp,
	 mask(VcpuOp::Initialise, VcpuOp::Up, VcpuOp::Down, VcpuOp::RegisterRunstateMemoryArea,
	      VcpuOp::SetPeriodicTimer, VcpuOp::StopPeriodicTimer, VcpuOp::SetSingleshotTimer,
	      VcpuOp::StopSingleshotTimer, VcpuOp::RegisterVcpuInfo)},
	{XenCall::AcmOp, mask(AcmOp::Chgpolicy, AcmOp::Relabeldoms)},
	{XenCall::SchedOp, mask(SchedOp::Block, SchedOp::Shutdown, SchedOp::Poll)},
	{XenCall::EventChannelOp,
	 mask(EvtchnOp::BindInterdomain, EvtchnOp::BindVirq, EvtchnOp::BindPirq, EvtchnOp::Close,
	      EvtchnOp::BindIpi, EvtchnOp::BindVcpu, EvtchnOp::Unmask)},
	{XenCall::PhysdevOp, mask(PhysdevOp::IrqUnmaskNotify, PhysdevOp::SetIobitmap,
				  PhysdevOp::ApicWrite, PhysdevOp::AllocIrqVector, PhysdevOp::Eoi)},
};

/* Calls that exist and that no process may make, whatever the operation. */
constexpr XenCall withheld_calls[] = {
	XenCall::SchedOpCompat, XenCall::Multicall, XenCall::SetTimerOp,
	XenCall::RtasProxy,	XenCall::NmiOp,
};

std::span<const UserOp> table_of(XenCall call) noexcept
{
	switch (call) {
	case XenCall::Domctl:
		return user_domctls;
	case XenCall::Sysctl:
		return user_sysctls;
	case XenCall::MemoryOp:
		return user_memory_ops;
	case XenCall::GrantTableOp:
		return user_grant_ops;
	case XenCall::AcmOp:
		return user_acm_ops;
	default:
		return user_other_ops;
	}
}

Errno missing(XenCall call, u64 number) noexcept
{
	for (const Withheld &some : withheld)
		if (some.call == call && number < 64 && (some.operations >> number & 1) != 0)
			return err::opnotsupp;
	return err::nosys;
}

Result<const UserOp *> row_of(XenCall call, u64 number) noexcept
{
	for (const UserOp &op : table_of(call))
		if (op.call == call && op.number == number)
			return &op;
	return missing(call, number);
}

/* The structure of a call whose operation is in it, which is the same for all. */
u32 bytes_of(XenCall call) noexcept
{
	return table_of(call)[0].bytes;
}

} // namespace

const Signature *signature_of(XenCall call) noexcept
{
	for (const Signature &one : signatures)
		if (one.call == call)
			return &one;
	return nullptr;
}

Result<Argument> argument_of(XenCall call, const CallArguments &args) noexcept
{
	const Signature *const signature = signature_of(call);

	if (signature == nullptr) {
		for (const XenCall exists : withheld_calls)
			if (exists == call)
				return err::opnotsupp;
		return err::nosys;
	}
	if (signature->number == none)
		return Argument{signature->structure, bytes_of(call)};

	const Result<const UserOp *> op = row_of(call, args[signature->number]);

	if (!op)
		return op.error();
	if (signature->scalar != none && args[signature->scalar] > max_number)
		return err::inval;

	const u32 bytes = op.value()->bytes;

	if (bytes == 0)
		return Argument{none, 0};
	if (signature->counted == none)
		return Argument{signature->structure, bytes};

	const u64 count = args[signature->counted];

	if (count > signature->limit)
		return err::toobig;
	/* Structures that hold pointers come alone. */
	if (count != 1 && !op.value()->pointers.empty())
		return err::inval;
	return Argument{signature->structure, bytes * static_cast<u32>(count)};
}

Result<const UserOp *> find_user_op(XenCall call, const CallArguments &args,
				    const void *structure) noexcept
{
	const Result<Argument> argument = argument_of(call, args);

	if (!argument)
		return argument.error();

	const Signature &signature = *signature_of(call);
	const auto *const head = static_cast<const Head *>(structure);

	if (signature.number == none && head->interface_version.load() != signature.version)
		return err::acces;

	const Result<const UserOp *> found =
		row_of(call, signature.number == none ? head->cmd.load() : args[signature.number]);

	if (!found || found.value()->check == nullptr)
		return found;

	const auto *const first = static_cast<const u8 *>(structure);

	for (u32 at = 0; at < argument.value().bytes; at += found.value()->bytes)
		if (const Result<void> passes = found.value()->check(first + at); !passes)
			return passes.error();
	return found;
}

} // namespace xen::ppc
