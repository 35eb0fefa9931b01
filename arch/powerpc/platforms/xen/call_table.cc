// SPDX-License-Identifier: GPL-2.0
/*
 * The operations that may reach the hypervisor, the size of what they take, and which
 * refusals are part of ordinary life.
 *
 * Missing on purpose: what stops the historical hypervisor (XENMEM_exchange,
 * GNTTABOP_transfer, GNTTABOP_unmap_and_replace), what it does not have, and what would
 * give it a pointer that stays valid after the call.
 */
#include <span>

#include <abi/evtchn.hh>
#include <abi/grant.hh>
#include <abi/memory.hh>
#include <abi/physdev.hh>
#include <abi/sched.hh>
#include <abi/vcpu.hh>
#include <abi/version.hh>

#include "calls.hh"
#include "calls_glue.h"

namespace xen::ppc {

namespace {

template <class T> constexpr Op op(T number, u32 bytes, const char *name, bool answers = false)
{
	return {static_cast<u32>(number), bytes, name, answers};
}

constexpr bool counts = true;

constexpr Op sched_ops[] = {
	op(SchedOp::Yield, 0, "yield"),
	op(SchedOp::Block, 0, "block"),
	op(SchedOp::Shutdown, sizeof(SchedShutdown), "shutdown"),
	op(SchedOp::Poll, sizeof(SchedPoll), "poll"),
	op(SchedOp::RemoteShutdown, sizeof(SchedRemoteShutdown), "remote_shutdown"),
};

constexpr Op evtchn_ops[] = {
	op(EvtchnOp::BindInterdomain, sizeof(EvtchnBindInterdomain), "bind_interdomain"),
	op(EvtchnOp::BindVirq, sizeof(EvtchnBindVirq), "bind_virq"),
	op(EvtchnOp::BindPirq, sizeof(EvtchnBindPirq), "bind_pirq"),
	op(EvtchnOp::Close, sizeof(EvtchnClose), "close"),
	op(EvtchnOp::Send, sizeof(EvtchnSend), "send"),
	op(EvtchnOp::Status, sizeof(EvtchnStatus), "status"),
	op(EvtchnOp::AllocUnbound, sizeof(EvtchnAllocUnbound), "alloc_unbound"),
	op(EvtchnOp::BindIpi, sizeof(EvtchnBindIpi), "bind_ipi"),
	op(EvtchnOp::BindVcpu, sizeof(EvtchnBindVcpu), "bind_vcpu"),
	op(EvtchnOp::Unmask, sizeof(EvtchnUnmask), "unmask"),
	op(EvtchnOp::Reset, sizeof(EvtchnReset), "reset"),
};

constexpr Op version_ops[] = {
	op(XenVersionOp::Version, 0, "version", counts),
	op(XenVersionOp::Extraversion, sizeof(ExtraVersion), "extraversion"),
	op(XenVersionOp::CompileInfo, sizeof(CompileInfo), "compile_info"),
	op(XenVersionOp::Capabilities, sizeof(CapabilitiesInfo), "capabilities"),
	op(XenVersionOp::Changeset, sizeof(ChangesetInfo), "changeset"),
	op(XenVersionOp::PlatformParameters, sizeof(PlatformParameters), "platform_parameters"),
	op(XenVersionOp::GetFeatures, sizeof(FeatureInfo), "get_features"),
	op(XenVersionOp::Pagesize, 0, "pagesize", counts),
	op(XenVersionOp::GuestHandle, sizeof(DomainHandle), "guest_handle"),
};

constexpr Op memory_ops[] = {
	op(MemoryOp::IncreaseReservation, sizeof(MemoryReservation), "increase_reservation",
	   counts),
	op(MemoryOp::DecreaseReservation, sizeof(MemoryReservation), "decrease_reservation",
	   counts),
	op(MemoryOp::MaximumRamPage, 0, "maximum_ram_page", counts),
	op(MemoryOp::CurrentReservation, sizeof(MemoryDomid), "current_reservation", counts),
	op(MemoryOp::MaximumReservation, sizeof(MemoryDomid), "maximum_reservation", counts),
	op(MemoryOp::PopulatePhysmap, sizeof(MemoryReservation), "populate_physmap", counts),
};

constexpr Op grant_ops[] = {
	op(GrantOp::MapGrantRef, sizeof(GrantMapRef), "map_grant_ref"),
	op(GrantOp::UnmapGrantRef, sizeof(GrantUnmapRef), "unmap_grant_ref"),
	op(GrantOp::SetupTable, sizeof(GrantSetupTable), "setup_table"),
	op(GrantOp::Copy, sizeof(GrantCopy), "copy"),
	op(GrantOp::QuerySize, sizeof(GrantQuerySize), "query_size"),
};

constexpr Op vcpu_ops[] = {
	op(VcpuOp::Initialise, sizeof(VcpuGuestContext), "initialise"),
	op(VcpuOp::Up, 0, "up"),
	op(VcpuOp::Down, 0, "down"),
	op(VcpuOp::IsUp, 0, "is_up", counts),
	op(VcpuOp::GetRunstateInfo, sizeof(RunstateInfo), "get_runstate_info"),
	op(VcpuOp::SetPeriodicTimer, sizeof(SetPeriodicTimer), "set_periodic_timer"),
	op(VcpuOp::StopPeriodicTimer, 0, "stop_periodic_timer"),
	op(VcpuOp::SetSingleshotTimer, sizeof(SetSingleshotTimer), "set_singleshot_timer"),
	op(VcpuOp::StopSingleshotTimer, 0, "stop_singleshot_timer"),
};

constexpr Op physdev_ops[] = {
	op(PhysdevOp::IrqStatusQuery, sizeof(PhysdevIrqStatusQuery), "irq_status_query"),
	op(PhysdevOp::AllocIrqVector, sizeof(PhysdevIrq), "alloc_irq_vector"),
	op(PhysdevOp::Eoi, sizeof(PhysdevEoi), "eoi"),
};

constexpr Op vm_assist_ops[] = {
	op(VmAssistCommand::Enable, 0, "enable"),
	op(VmAssistCommand::Disable, 0, "disable"),
};

struct Call {
	XenCall number;
	const char *name;
	std::span<const Op> ops;
};

constexpr Call calls[] = {
	{XenCall::SchedOp, "sched_op", sched_ops},
	{XenCall::EventChannelOp, "event_channel_op", evtchn_ops},
	{XenCall::XenVersion, "xen_version", version_ops},
	{XenCall::MemoryOp, "memory_op", memory_ops},
	{XenCall::GrantTableOp, "grant_table_op", grant_ops},
	{XenCall::VcpuOp, "vcpu_op", vcpu_ops},
	{XenCall::PhysdevOp, "physdev_op", physdev_ops},
	{XenCall::VmAssist, "vm_assist", vm_assist_ops},
};

/* Refusals that Linux asks for and copes with: a search, a question, a user's wish. */
struct Ordinary {
	XenCall call;
	u32 op;
	Errno error;
};

constexpr Ordinary ordinary[] = {
	/* Ports that are not in use, while the drivers look for a bound one. */
	{XenCall::EventChannelOp, static_cast<u32>(EvtchnOp::Status), err::inval},
	{XenCall::EventChannelOp, static_cast<u32>(EvtchnOp::BindVirq), err::exist},
	/* Numbers from user space, through /dev/xen/evtchn. */
	{XenCall::EventChannelOp, static_cast<u32>(EvtchnOp::BindInterdomain), err::inval},
	{XenCall::EventChannelOp, static_cast<u32>(EvtchnOp::BindInterdomain), err::srch},
	{XenCall::EventChannelOp, static_cast<u32>(EvtchnOp::AllocUnbound), err::srch},
	/* Linux moves every channel to the cpu of its irq, those of VIRQs and IPIs too. */
	{XenCall::EventChannelOp, static_cast<u32>(EvtchnOp::BindVcpu), err::inval},
	/* How a guest learns how many vcpus it has. */
	{XenCall::VcpuOp, static_cast<u32>(VcpuOp::IsUp), err::noent},
};

const Call *find_call(XenCall number) noexcept
{
	for (const Call &call : calls)
		if (call.number == number)
			return &call;
	return nullptr;
}

} // namespace

const Op *find_op(XenCall call, u32 number) noexcept
{
	const Call *const known = find_call(call);

	if (known == nullptr)
		return nullptr;
	for (const Op &entry : known->ops)
		if (entry.number == number)
			return &entry;
	return nullptr;
}

const char *call_name(XenCall call) noexcept
{
	const Call *const known = find_call(call);

	return known != nullptr ? known->name : "unknown";
}

s64 settle(XenCall call, const Op &op, s64 status) noexcept
{
	if (status == 0 || (status > 0 && op.counts)) [[likely]]
		return status;
	for (const Ordinary &one : ordinary)
		if (one.call == call && one.op == op.number && one.error.to_linux() == status)
			return status;
	xen_glue_call_refused(call_name(call), op.name, op.number, static_cast<long>(status));
	return status < 0 ? status : err::io.to_linux();
}

} // namespace xen::ppc
