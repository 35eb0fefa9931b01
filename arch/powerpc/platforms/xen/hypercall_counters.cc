// SPDX-License-Identifier: GPL-2.0
/*
 * How many hypercalls each cpu made, by call.
 *
 * The memory is part of the kernel image and not per-cpu memory: it exists before that is
 * set up, counts of the boot are not copied to other cpus, and real mode reaches it.
 */
#include <xen/core/hypercall_counters.hh>

#include "hypercall.hh"
#include "hypercall_counters_glue.h"

constinit xen_hypercall_counters xen_hypercall_counts[XEN_NR_CPUS]{};

namespace {

using namespace xen::ppc;
using xen::CountedCall;

constexpr CountedCall name(XenCall call, const char *text)
{
	return {static_cast<unsigned int>(call), text};
}
constexpr CountedCall name(Papr token, const char *text)
{
	return {detail::slot_of(token), text};
}

constexpr CountedCall names[] = {
	name(XenCall::SchedOpCompat, "sched_op_compat"),
	name(XenCall::MemoryOp, "memory_op"),
	name(XenCall::Multicall, "multicall"),
	name(XenCall::SetTimerOp, "set_timer_op"),
	name(XenCall::XenVersion, "xen_version"),
	name(XenCall::ConsoleIo, "console_io"),
	name(XenCall::GrantTableOp, "grant_table_op"),
	name(XenCall::VmAssist, "vm_assist"),
	name(XenCall::RtasProxy, "rtas_proxy"),
	name(XenCall::VcpuOp, "vcpu_op"),
	name(XenCall::AcmOp, "acm_op"),
	name(XenCall::NmiOp, "nmi_op"),
	name(XenCall::SchedOp, "sched_op"),
	name(XenCall::EventChannelOp, "event_channel_op"),
	name(XenCall::PhysdevOp, "physdev_op"),
	name(XenCall::Sysctl, "sysctl"),
	name(XenCall::Domctl, "domctl"),
	name(Papr::Remove, "H_REMOVE"),
	name(Papr::Enter, "H_ENTER"),
	name(Papr::Read, "H_READ"),
	name(Papr::ClearMod, "H_CLEAR_MOD"),
	name(Papr::ClearRef, "H_CLEAR_REF"),
	name(Papr::Protect, "H_PROTECT"),
	name(Papr::GetTce, "H_GET_TCE"),
	name(Papr::PutTce, "H_PUT_TCE"),
	name(Papr::SetDabr, "H_SET_DABR"),
	name(Papr::GetTermChar, "H_GET_TERM_CHAR"),
	name(Papr::PutTermChar, "H_PUT_TERM_CHAR"),
	name(Papr::PerfMon, "H_PERFMON"),
	name(Papr::BulkRemove, "H_BULK_REMOVE"),
	name(Papr::SetXdabr, "H_SET_XDABR"),
	name(Papr::StuffTce, "H_STUFF_TCE"),
};

} // namespace

void xen_hypercalls_show(xen_glue_reader *reader) noexcept
{
	xen::show_hypercalls(
		names, [](int cpu) noexcept { return cpu + 1 < XEN_NR_CPUS ? cpu + 1 : -1; },
		[](int cpu) noexcept -> const xen_hypercall_counters & {
			return xen_hypercall_counts[cpu];
		},
		[reader](const char *call, unsigned long sum) noexcept {
			xen_glue_count(reader, call, sum);
		});
}
