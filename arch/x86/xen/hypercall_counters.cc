// SPDX-License-Identifier: GPL-2.0
/*
 * How many hypercalls the C++ units made, by call.
 *
 * A multicall counts once, whatever is in it.  Linux's own C files make hypercalls
 * beside the port; those are not in here.
 */
#include <xen/core/abi.hh>
#include <xen/core/hypercall_counters.hh>

#include "glue.h"

namespace {

using xen::CountedCall;
using xen::Hypercall;

constexpr CountedCall name(Hypercall call, const char *text)
{
	return {static_cast<unsigned int>(number_of(call)), text};
}

constexpr CountedCall names[] = {
	name(Hypercall::SetTrapTable, "set_trap_table"),
	name(Hypercall::MmuUpdate, "mmu_update"),
	name(Hypercall::SetGdt, "set_gdt"),
	name(Hypercall::StackSwitch, "stack_switch"),
	name(Hypercall::SetCallbacks, "set_callbacks"),
	name(Hypercall::FpuTaskswitch, "fpu_taskswitch"),
	name(Hypercall::PlatformOp, "platform_op"),
	name(Hypercall::SetDebugreg, "set_debugreg"),
	name(Hypercall::GetDebugreg, "get_debugreg"),
	name(Hypercall::UpdateDescriptor, "update_descriptor"),
	name(Hypercall::MemoryOp, "memory_op"),
	name(Hypercall::Multicall, "multicall"),
	name(Hypercall::UpdateVaMapping, "update_va_mapping"),
	name(Hypercall::SetTimerOp, "set_timer_op"),
	name(Hypercall::XenVersion, "xen_version"),
	name(Hypercall::ConsoleIo, "console_io"),
	name(Hypercall::GrantTableOp, "grant_table_op"),
	name(Hypercall::VmAssist, "vm_assist"),
	name(Hypercall::UpdateVaMappingOtherdomain, "update_va_mapping_otherdomain"),
	name(Hypercall::Iret, "iret"),
	name(Hypercall::VcpuOp, "vcpu_op"),
	name(Hypercall::SetSegmentBase, "set_segment_base"),
	name(Hypercall::MmuextOp, "mmuext_op"),
	name(Hypercall::SchedOp, "sched_op"),
	name(Hypercall::CallbackOp, "callback_op"),
	name(Hypercall::EventChannelOp, "event_channel_op"),
	name(Hypercall::PhysdevOp, "physdev_op"),
	name(Hypercall::HvmOp, "hvm_op"),
	name(Hypercall::Sysctl, "sysctl"),
	name(Hypercall::Domctl, "domctl"),
	name(Hypercall::XenpmuOp, "xenpmu_op"),
};

} // namespace

/** xen_hypercalls_show - every call that was made, with its count, to a reader. */
void xen_hypercalls_show(xen_glue_sink *sink) noexcept
{
	xen::show_hypercalls(
		names, xen_glue_next_cpu,
		[](int cpu) noexcept -> const xen_hypercall_counters & {
			return *xen_glue_hypercall_counts(cpu);
		},
		[sink](const char *call, unsigned long sum) noexcept {
			xen_glue_show(sink, call, sum);
		});
}
