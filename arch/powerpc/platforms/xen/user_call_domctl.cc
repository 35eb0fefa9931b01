// SPDX-License-Identifier: GPL-2.0
/*
 * The commands of domctl, interface version 5 (Documentation/xen/abi-ppc.rst, "Control
 * calls").
 *
 * What the hypervisor refuses and takes no pointer for is missing.  shadow_op stops a
 * historical hypervisor with a command that it does not have, setvcpucontext without
 * registers: that is refused.  setvcpucontext of a domain without page table or real-mode
 * area stops it too, and max_mem below a domain's limit keeps a lock: what another domain
 * has is not known here (user_call.hh).
 */
#include <abi/domctl.hh>
#include <abi/vcpu.hh>

#include "user_call_proof.hh"

namespace xen::ppc {

namespace {

/* Refused by the hypervisors there are, but known to tools. */
struct DomctlGetpageframeinfo2 {
	Be<u64> num;
	BeHandle array; /* u32 each */
};
static_assert(wire<DomctlGetpageframeinfo2, 16>);

struct DomctlHvmcontext {
	Be<u32> size; /* bytes */
	Be<u32> pad;
	BeHandle buffer;
};
static_assert(wire<DomctlHvmcontext, 16>);

constexpr u16 u = offsetof(Domctl, u);

constexpr Pointer memlist[] = {{
	.at = u + offsetof(DomctlGetmemlist, buffer),
	.count_at = u + offsetof(DomctlGetmemlist, max_pfns),
	.count_bytes = 8,
	.counts = Counts::Elements,
	.flow = Flow::Out,
	.required = true,
	.element = sizeof(u64),
	.limit = u32{1} << 30,
}};

constexpr Pointer pageframes[] = {{
	.at = u + offsetof(DomctlGetpageframeinfo2, array),
	.count_at = u + offsetof(DomctlGetpageframeinfo2, num),
	.count_bytes = 8,
	.counts = Counts::Elements,
	.flow = Flow::InOut,
	.required = true,
	.element = sizeof(u32),
	.limit = u32{1} << 30,
}};

consteval Pointer cpumap(Flow flow, bool required)
{
	return {
		.at = u + offsetof(DomctlVcpuaffinity, cpumap) + offsetof(Cpumap, bitmap),
		.count_at = u + offsetof(DomctlVcpuaffinity, cpumap) + offsetof(Cpumap, nr_cpus),
		.count_bytes = 4,
		.counts = Counts::Bits,
		.flow = flow,
		.required = required,
		.element = 1,
		.limit = u32{1} << 16,
	};
}
constexpr Pointer cpumap_in[] = {cpumap(Flow::In, true)};
constexpr Pointer cpumap_out[] = {cpumap(Flow::Out, false)};

/* No command that ppc has looks at it. */
constexpr Pointer dirty[] = {{
	.at = u + offsetof(DomctlShadowOp, dirty_bitmap),
	.count_at = u + offsetof(DomctlShadowOp, pages),
	.count_bytes = 8,
	.counts = Counts::Bits,
	.flow = Flow::Out,
	.required = false,
	.element = 1,
	.limit = u64{1} << 36,
}};

consteval Pointer context(Flow flow)
{
	return {
		.at = u + offsetof(DomctlVcpucontext, ctxt),
		.count_at = 0,
		.count_bytes = 0,
		.counts = Counts::Fixed,
		.flow = flow,
		.required = true,
		.element = sizeof(VcpuGuestContext),
		.limit = 1,
	};
}
constexpr Pointer context_in[] = {context(Flow::In)};
constexpr Pointer context_out[] = {context(Flow::Out)};

consteval Pointer hvmcontext(Flow flow)
{
	return {
		.at = u + offsetof(DomctlHvmcontext, buffer),
		.count_at = u + offsetof(DomctlHvmcontext, size),
		.count_bytes = 4,
		.counts = Counts::Elements,
		.flow = flow,
		.required = false,
		.element = 1,
		.limit = u32{1} << 30,
	};
}
constexpr Pointer hvmcontext_in[] = {hvmcontext(Flow::In)};
constexpr Pointer hvmcontext_out[] = {hvmcontext(Flow::Out)};

template <class T> const T &parameters(const void *structure) noexcept
{
	return *reinterpret_cast<const T *>(static_cast<const Domctl *>(structure)->u);
}

Result<void> only_own_commands(const void *structure) noexcept
{
	switch (static_cast<ShadowCommand>(parameters<DomctlShadowOp>(structure).op.load())) {
	case ShadowCommand::GetAllocation:
	case ShadowCommand::SetAllocation:
		return {};
	}
	return err::opnotsupp;
}

Result<void> another_domain(const void *structure) noexcept
{
	if (names_this_domain(static_cast<const Domctl *>(structure)->domain.load()))
		return err::opnotsupp;
	return {};
}

constexpr u16 no_parameters = 0;

consteval UserOp row(DomctlOp op, const char *name, u16 parameters,
		     std::span<const Pointer> pointers = {}, UserOp::Check check = nullptr)
{
	return {
		.call = XenCall::Domctl,
		.number = static_cast<u32>(op),
		.name = name,
		.flow = Flow::InOut,
		.bytes = sizeof(Domctl),
		.used = static_cast<u16>(u + parameters),
		.pointers = pointers,
		.counts = false,
		.divisible = false,
		.check = check,
	};
}

constexpr UserOp rows[] = {
	row(DomctlOp::Createdomain, "createdomain", sizeof(DomctlCreatedomain)),
	row(DomctlOp::Destroydomain, "destroydomain", no_parameters),
	row(DomctlOp::Pausedomain, "pausedomain", no_parameters, {}, another_domain),
	row(DomctlOp::Unpausedomain, "unpausedomain", no_parameters),
	row(DomctlOp::Getdomaininfo, "getdomaininfo", sizeof(DomctlGetdomaininfo)),
	row(DomctlOp::Getmemlist, "getmemlist", sizeof(DomctlGetmemlist), memlist),
	row(DomctlOp::Getpageframeinfo2, "getpageframeinfo2", sizeof(DomctlGetpageframeinfo2),
	    pageframes),
	row(DomctlOp::Setvcpuaffinity, "setvcpuaffinity", sizeof(DomctlVcpuaffinity), cpumap_in),
	row(DomctlOp::ShadowOp, "shadow_op", sizeof(DomctlShadowOp), dirty, only_own_commands),
	row(DomctlOp::MaxMem, "max_mem", sizeof(DomctlMaxMem), {}, another_domain),
	row(DomctlOp::Setvcpucontext, "setvcpucontext", sizeof(DomctlVcpucontext), context_in,
	    another_domain),
	row(DomctlOp::Getvcpucontext, "getvcpucontext", sizeof(DomctlVcpucontext), context_out),
	row(DomctlOp::Getvcpuinfo, "getvcpuinfo", sizeof(DomctlGetvcpuinfo)),
	row(DomctlOp::MaxVcpus, "max_vcpus", sizeof(DomctlMaxVcpus), {}, another_domain),
	row(DomctlOp::SchedulerOp, "scheduler_op", sizeof(DomctlSched)),
	row(DomctlOp::Setdomainhandle, "setdomainhandle", sizeof(DomctlSetdomainhandle)),
	row(DomctlOp::Setdebugging, "setdebugging", sizeof(DomctlSetdebugging)),
	row(DomctlOp::IrqPermission, "irq_permission", sizeof(DomctlIrqPermission)),
	row(DomctlOp::IomemPermission, "iomem_permission", sizeof(DomctlIomemPermission)),
	row(DomctlOp::Settimeoffset, "settimeoffset", sizeof(DomctlSettimeoffset)),
	row(DomctlOp::Getvcpuaffinity, "getvcpuaffinity", sizeof(DomctlVcpuaffinity), cpumap_out),
	row(DomctlOp::RealModeArea, "real_mode_area", sizeof(DomctlRealModeArea)),
	row(DomctlOp::Resumedomain, "resumedomain", no_parameters, {}, another_domain),
	row(DomctlOp::Gethvmcontext, "gethvmcontext", sizeof(DomctlHvmcontext), hvmcontext_out),
	row(DomctlOp::Sethvmcontext, "sethvmcontext", sizeof(DomctlHvmcontext), hvmcontext_in),
};
static_assert(sound(rows));

} // namespace

constinit const std::span<const UserOp> user_domctls{rows};

} // namespace xen::ppc
