// SPDX-License-Identifier: GPL-2.0
/*
 * The commands of sysctl, interface version 4 (Documentation/xen/abi-ppc.rst, "Control
 * calls").
 *
 * perfc_op writes as many elements as it has, so that it is asked for their number first,
 * by a query, which resets nothing.  debug_keys leaves a historical hypervisor with a lock
 * taken if it cannot read the keys.
 */
#include <abi/domctl.hh>
#include <abi/sysctl.hh>

#include "user_call_proof.hh"

namespace xen::ppc {

namespace {

constexpr u16 u = offsetof(Sysctl, u);

constexpr Pointer console[] = {{
	.at = u + offsetof(SysctlReadconsole, buffer),
	.count_at = u + offsetof(SysctlReadconsole, count),
	.count_bytes = 4,
	.counts = Counts::Elements,
	.flow = Flow::Out,
	.required = true,
	.element = 1,
	.limit = u32{1} << 30,
}};

constexpr Pointer trace_cpus[] = {{
	.at = u + offsetof(SysctlTbufOp, cpu_mask) + offsetof(Cpumap, bitmap),
	.count_at = u + offsetof(SysctlTbufOp, cpu_mask) + offsetof(Cpumap, nr_cpus),
	.count_bytes = 4,
	.counts = Counts::Bits,
	.flow = Flow::In,
	.required = true,
	.element = 1,
	.limit = u32{1} << 16,
	.only_at = u + offsetof(SysctlTbufOp, cmd),
	.only_if = static_cast<u32>(TbufCommand::SetCpuMask),
}};

constexpr Pointer nodes[] = {{
	.at = u + offsetof(SysctlPhysinfo, cpu_to_node),
	.count_at = u + offsetof(SysctlPhysinfo, max_cpu_id),
	.count_bytes = 4,
	.counts = Counts::LastIndex,
	.flow = Flow::Out,
	.required = false,
	.element = sizeof(u32),
	.limit = u32{1} << 16,
}};

constexpr Pointer counters[] = {
	{
		.at = u + offsetof(SysctlPerfcOp, desc),
		.count_at = u + offsetof(SysctlPerfcOp, nr_counters),
		.count_bytes = 4,
		.counts = Counts::Asked,
		.flow = Flow::Out,
		.required = false,
		.element = sizeof(SysctlPerfcDesc),
		.limit = u32{1} << 24,
	},
	{
		.at = u + offsetof(SysctlPerfcOp, val),
		.count_at = u + offsetof(SysctlPerfcOp, nr_vals),
		.count_bytes = 4,
		.counts = Counts::Asked,
		.flow = Flow::Out,
		.required = false,
		.element = sizeof(u32),
		.limit = u32{1} << 24,
	},
};

constexpr Pointer domains[] = {{
	.at = u + offsetof(SysctlGetdomaininfolist, buffer),
	.count_at = u + offsetof(SysctlGetdomaininfolist, max_domains),
	.count_bytes = 4,
	.counts = Counts::Elements,
	.flow = Flow::Out,
	.required = true,
	.element = sizeof(DomctlGetdomaininfo),
	.limit = u32{1} << 24,
}};

constexpr Pointer keys[] = {{
	.at = u + offsetof(SysctlDebugKeys, keys),
	.count_at = u + offsetof(SysctlDebugKeys, nr_keys),
	.count_bytes = 4,
	.counts = Counts::Elements,
	.flow = Flow::In,
	.required = true,
	.element = 1,
	.limit = 256,
}};

constexpr Pointer cpus[] = {{
	.at = u + offsetof(SysctlGetcpuinfo, info),
	.count_at = u + offsetof(SysctlGetcpuinfo, max_cpus),
	.count_bytes = 4,
	.counts = Counts::Elements,
	.flow = Flow::Out,
	.required = true,
	.element = sizeof(SysctlCpuinfo),
	.limit = u32{1} << 24,
}};

consteval UserOp row(SysctlOp op, const char *name, u16 parameters,
		     std::span<const Pointer> pointers = {}, u16 ask_at = 0, u32 ask_as = 0)
{
	return {
		.call = XenCall::Sysctl,
		.number = static_cast<u32>(op),
		.name = name,
		.flow = Flow::InOut,
		.bytes = sizeof(Sysctl),
		.used = static_cast<u16>(u + parameters),
		.pointers = pointers,
		.counts = false,
		.divisible = false,
		.check = nullptr,
		.ask_at = ask_at,
		.ask_as = ask_as,
	};
}

constexpr UserOp rows[] = {
	row(SysctlOp::Readconsole, "readconsole", sizeof(SysctlReadconsole), console),
	row(SysctlOp::TbufOp, "tbuf_op", sizeof(SysctlTbufOp), trace_cpus),
	row(SysctlOp::Physinfo, "physinfo", sizeof(SysctlPhysinfo), nodes),
	row(SysctlOp::SchedId, "sched_id", sizeof(SysctlSchedId)),
	row(SysctlOp::PerfcOp, "perfc_op", sizeof(SysctlPerfcOp), counters,
	    u + offsetof(SysctlPerfcOp, cmd), static_cast<u32>(PerfcCommand::Query)),
	row(SysctlOp::Getdomaininfolist, "getdomaininfolist", sizeof(SysctlGetdomaininfolist),
	    domains),
	row(SysctlOp::DebugKeys, "debug_keys", sizeof(SysctlDebugKeys), keys),
	row(SysctlOp::Getcpuinfo, "getcpuinfo", sizeof(SysctlGetcpuinfo), cpus),
	row(SysctlOp::Availheap, "availheap", sizeof(SysctlAvailheap)),
};
static_assert(sound(rows));

} // namespace

constinit const std::span<const UserOp> user_sysctls{rows};

} // namespace xen::ppc
