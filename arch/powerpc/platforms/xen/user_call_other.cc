// SPDX-License-Identifier: GPL-2.0
/*
 * The calls whose operations a process may make have no pointers inside their structures:
 * xen_version, console_io, sched_op, vcpu_op, event_channel_op, physdev_op, vm_assist.
 *
 * Missing is what acts on this domain: a process binds ports by /dev/xen/evtchn, waits
 * there and not in the hypervisor, reads the console by hvc and shuts down by reboot(2).
 */
#include <abi/console.hh>
#include <abi/evtchn.hh>
#include <abi/physdev.hh>
#include <abi/sched.hh>
#include <abi/vcpu.hh>
#include <abi/version.hh>

#include "user_call_proof.hh"

namespace xen::ppc {

namespace {

Result<void> shutdown_of_another(const void *structure) noexcept
{
	if (names_this_domain(
		    static_cast<const SchedRemoteShutdown *>(structure)->domain_id.load()))
		return err::opnotsupp;
	return {};
}

Result<void> port_of_another(const void *structure) noexcept
{
	if (names_this_domain(static_cast<const EvtchnAllocUnbound *>(structure)->dom.load()))
		return err::opnotsupp;
	return {};
}

Result<void> reset_of_another(const void *structure) noexcept
{
	if (names_this_domain(static_cast<const EvtchnReset *>(structure)->dom.load()))
		return err::opnotsupp;
	return {};
}

constexpr bool answers = true;

template <class T>
consteval UserOp row(XenCall call, T number, const char *name, Flow flow, u16 bytes,
		     bool counts = false, UserOp::Check check = nullptr)
{
	return {
		.call = call,
		.number = static_cast<u32>(number),
		.name = name,
		.flow = flow,
		.bytes = bytes,
		.used = bytes,
		.pointers = {},
		.counts = counts,
		.divisible = false,
		.check = check,
	};
}

consteval UserOp version(XenVersionOp op, const char *name, u16 bytes, bool counts = false)
{
	return row(XenCall::XenVersion, op, name, Flow::InOut, bytes, counts);
}

constexpr UserOp rows[] = {
	version(XenVersionOp::Version, "version", 0, answers),
	version(XenVersionOp::Extraversion, "extraversion", sizeof(ExtraVersion)),
	version(XenVersionOp::CompileInfo, "compile_info", sizeof(CompileInfo)),
	version(XenVersionOp::Capabilities, "capabilities", sizeof(CapabilitiesInfo)),
	version(XenVersionOp::Changeset, "changeset", sizeof(ChangesetInfo)),
	version(XenVersionOp::PlatformParameters, "platform_parameters",
		sizeof(PlatformParameters)),
	version(XenVersionOp::GetFeatures, "get_features", sizeof(FeatureInfo)),
	version(XenVersionOp::Pagesize, "pagesize", 0, answers),
	version(XenVersionOp::GuestHandle, "guest_handle", sizeof(DomainHandle)),

	/* Bytes; the second argument says how many. */
	row(XenCall::ConsoleIo, ConsoleOp::Write, "write", Flow::In, 1),

	row(XenCall::SchedOp, SchedOp::Yield, "yield", Flow::In, 0),
	row(XenCall::SchedOp, SchedOp::RemoteShutdown, "remote_shutdown", Flow::In,
	    sizeof(SchedRemoteShutdown), false, shutdown_of_another),

	row(XenCall::VcpuOp, VcpuOp::IsUp, "is_up", Flow::In, 0, answers),
	row(XenCall::VcpuOp, VcpuOp::GetRunstateInfo, "get_runstate_info", Flow::Out,
	    sizeof(RunstateInfo)),

	row(XenCall::EventChannelOp, EvtchnOp::Send, "send", Flow::In, sizeof(EvtchnSend)),
	row(XenCall::EventChannelOp, EvtchnOp::Status, "status", Flow::InOut, sizeof(EvtchnStatus)),
	row(XenCall::EventChannelOp, EvtchnOp::AllocUnbound, "alloc_unbound", Flow::InOut,
	    sizeof(EvtchnAllocUnbound), false, port_of_another),
	row(XenCall::EventChannelOp, EvtchnOp::Reset, "reset", Flow::In, sizeof(EvtchnReset), false,
	    reset_of_another),

	row(XenCall::PhysdevOp, PhysdevOp::IrqStatusQuery, "irq_status_query", Flow::InOut,
	    sizeof(PhysdevIrqStatusQuery)),
	row(XenCall::PhysdevOp, PhysdevOp::SetIopl, "set_iopl", Flow::In, sizeof(PhysdevSetIopl)),
	row(XenCall::PhysdevOp, PhysdevOp::ApicRead, "apic_read", Flow::InOut, sizeof(PhysdevApic)),

	row(XenCall::VmAssist, VmAssistCommand::Enable, "enable", Flow::In, 0),
	row(XenCall::VmAssist, VmAssistCommand::Disable, "disable", Flow::In, 0),
};
static_assert(sound(rows));

} // namespace

constinit const std::span<const UserOp> user_other_ops{rows};

} // namespace xen::ppc
