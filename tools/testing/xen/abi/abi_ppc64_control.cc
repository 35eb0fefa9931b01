// SPDX-License-Identifier: GPL-2.0
/*
 * sysctl and domctl of the Xen/PPC ABI against Xen's own public headers, like
 * abi_ppc64.cc.  Their interface versions have gone from 4 and 5 to 21 since 2007, so
 * compared is only what never changed.
 */
#include "same.hh"

#include "../../../../arch/powerpc/platforms/xen/abi/domctl.hh"
#include "../../../../arch/powerpc/platforms/xen/abi/sysctl.hh"

#undef __STRICT_ANSI__	/* domctl.h includes hvm/save.h, which refuses strict C++ */
#define __XEN_TOOLS__ 1 /* domctl, sysctl */
#include <xen/xen-compat.h>
#undef __XEN_INTERFACE_VERSION__
#define __XEN_INTERFACE_VERSION__ __XEN_LATEST_INTERFACE_VERSION__
#include <xen/xen.h>
#include <xen/domctl.h>
#include <xen/sysctl.h>

#ifndef __x86_64__
#error "compares the layouts of x86-64"
#endif

namespace {

using namespace xen::ppc;

/* sysctl.hh: version 4, so only what has not changed until today */
SAME(SysctlOp::Readconsole, XEN_SYSCTL_readconsole);
SAME(SysctlOp::TbufOp, XEN_SYSCTL_tbuf_op);
SAME(SysctlOp::Physinfo, XEN_SYSCTL_physinfo);
SAME(SysctlOp::SchedId, XEN_SYSCTL_sched_id);
SAME(SysctlOp::PerfcOp, XEN_SYSCTL_perfc_op);
SAME(SysctlOp::Getdomaininfolist, XEN_SYSCTL_getdomaininfolist);
SAME(SysctlOp::DebugKeys, XEN_SYSCTL_debug_keys);
SAME(SysctlOp::Getcpuinfo, XEN_SYSCTL_getcpuinfo);
SAME(SysctlOp::Availheap, XEN_SYSCTL_availheap);
SAME(SchedulerId::Credit, XEN_SCHEDULER_CREDIT);
SAME(TbufCommand::GetInfo, XEN_SYSCTL_TBUFOP_get_info);
SAME(TbufCommand::SetCpuMask, XEN_SYSCTL_TBUFOP_set_cpu_mask);
SAME(TbufCommand::SetEvtMask, XEN_SYSCTL_TBUFOP_set_evt_mask);
SAME(TbufCommand::SetSize, XEN_SYSCTL_TBUFOP_set_size);
SAME(TbufCommand::Enable, XEN_SYSCTL_TBUFOP_enable);
SAME(TbufCommand::Disable, XEN_SYSCTL_TBUFOP_disable);
SAME(PerfcCommand::Reset, XEN_SYSCTL_PERFCOP_reset);
SAME(PerfcCommand::Query, XEN_SYSCTL_PERFCOP_query);
SAME_SIZE(Sysctl, struct xen_sysctl);
SAME_MEMBER(Sysctl, cmd, xen_sysctl, cmd);
SAME_MEMBER(Sysctl, interface_version, xen_sysctl, interface_version);
SAME_SIZE(SysctlReadconsole, struct xen_sysctl_readconsole);
SAME_MEMBER(SysctlReadconsole, buffer, xen_sysctl_readconsole, buffer);
SAME_MEMBER(SysctlReadconsole, count, xen_sysctl_readconsole, count);
SAME_SIZE(Cpumap, struct xenctl_bitmap);
SAME_MEMBER(Cpumap, bitmap, xenctl_bitmap, bitmap);
SAME_MEMBER(Cpumap, nr_cpus, xenctl_bitmap, nr_bits);
SAME_SIZE(SysctlTbufOp, struct xen_sysctl_tbuf_op);
SAME_MEMBER(SysctlTbufOp, cmd, xen_sysctl_tbuf_op, cmd);
SAME_MEMBER(SysctlTbufOp, cpu_mask, xen_sysctl_tbuf_op, cpu_mask);
SAME_MEMBER(SysctlTbufOp, evt_mask, xen_sysctl_tbuf_op, evt_mask);
SAME_MEMBER(SysctlTbufOp, buffer_mfn, xen_sysctl_tbuf_op, buffer_mfn);
SAME_MEMBER(SysctlTbufOp, size, xen_sysctl_tbuf_op, size);
SAME_SIZE(SysctlSchedId, struct xen_sysctl_sched_id);
SAME_MEMBER(SysctlSchedId, sched_id, xen_sysctl_sched_id, sched_id);
SAME_SIZE(SysctlPerfcOp, struct xen_sysctl_perfc_op);
SAME_MEMBER(SysctlPerfcOp, cmd, xen_sysctl_perfc_op, cmd);
SAME_MEMBER(SysctlPerfcOp, nr_counters, xen_sysctl_perfc_op, nr_counters);
SAME_MEMBER(SysctlPerfcOp, nr_vals, xen_sysctl_perfc_op, nr_vals);
SAME_MEMBER(SysctlPerfcOp, desc, xen_sysctl_perfc_op, desc);
SAME_MEMBER(SysctlPerfcOp, val, xen_sysctl_perfc_op, val);
SAME_SIZE(SysctlPerfcDesc, struct xen_sysctl_perfc_desc);
SAME_MEMBER(SysctlPerfcDesc, name, xen_sysctl_perfc_desc, name);
SAME_MEMBER(SysctlPerfcDesc, nr_vals, xen_sysctl_perfc_desc, nr_vals);
SAME_SIZE(SysctlGetdomaininfolist, struct xen_sysctl_getdomaininfolist);
SAME_MEMBER(SysctlGetdomaininfolist, first_domain, xen_sysctl_getdomaininfolist, first_domain);
SAME_MEMBER(SysctlGetdomaininfolist, max_domains, xen_sysctl_getdomaininfolist, max_domains);
SAME_MEMBER(SysctlGetdomaininfolist, buffer, xen_sysctl_getdomaininfolist, buffer);
SAME_MEMBER(SysctlGetdomaininfolist, num_domains, xen_sysctl_getdomaininfolist, num_domains);
SAME_SIZE(SysctlDebugKeys, struct xen_sysctl_debug_keys);
SAME_MEMBER(SysctlDebugKeys, keys, xen_sysctl_debug_keys, keys);
SAME_MEMBER(SysctlDebugKeys, nr_keys, xen_sysctl_debug_keys, nr_keys);
SAME_SIZE(SysctlCpuinfo, struct xen_sysctl_cpuinfo);
SAME_MEMBER(SysctlCpuinfo, idletime, xen_sysctl_cpuinfo, idletime);
SAME_SIZE(SysctlGetcpuinfo, struct xen_sysctl_getcpuinfo);
SAME_MEMBER(SysctlGetcpuinfo, max_cpus, xen_sysctl_getcpuinfo, max_cpus);
SAME_MEMBER(SysctlGetcpuinfo, info, xen_sysctl_getcpuinfo, info);
SAME_MEMBER(SysctlGetcpuinfo, nr_cpus, xen_sysctl_getcpuinfo, nr_cpus);
SAME_SIZE(SysctlAvailheap, struct xen_sysctl_availheap);
SAME_MEMBER(SysctlAvailheap, min_bitwidth, xen_sysctl_availheap, min_bitwidth);
SAME_MEMBER(SysctlAvailheap, max_bitwidth, xen_sysctl_availheap, max_bitwidth);
SAME_MEMBER(SysctlAvailheap, node, xen_sysctl_availheap, node);
SAME_MEMBER(SysctlAvailheap, avail_bytes, xen_sysctl_availheap, avail_bytes);

/* domctl.hh: version 5, so only what has not changed until today */
SAME(DomctlOp::Createdomain, XEN_DOMCTL_createdomain);
SAME(DomctlOp::Destroydomain, XEN_DOMCTL_destroydomain);
SAME(DomctlOp::Pausedomain, XEN_DOMCTL_pausedomain);
SAME(DomctlOp::Unpausedomain, XEN_DOMCTL_unpausedomain);
SAME(DomctlOp::Getdomaininfo, XEN_DOMCTL_getdomaininfo);
SAME(DomctlOp::Setvcpuaffinity, XEN_DOMCTL_setvcpuaffinity);
SAME(DomctlOp::ShadowOp, XEN_DOMCTL_shadow_op);
SAME(DomctlOp::MaxMem, XEN_DOMCTL_max_mem);
SAME(DomctlOp::Setvcpucontext, XEN_DOMCTL_setvcpucontext);
SAME(DomctlOp::Getvcpucontext, XEN_DOMCTL_getvcpucontext);
SAME(DomctlOp::Getvcpuinfo, XEN_DOMCTL_getvcpuinfo);
SAME(DomctlOp::MaxVcpus, XEN_DOMCTL_max_vcpus);
SAME(DomctlOp::SchedulerOp, XEN_DOMCTL_scheduler_op);
SAME(DomctlOp::Setdomainhandle, XEN_DOMCTL_setdomainhandle);
SAME(DomctlOp::Setdebugging, XEN_DOMCTL_setdebugging);
SAME(DomctlOp::IrqPermission, XEN_DOMCTL_irq_permission);
SAME(DomctlOp::IomemPermission, XEN_DOMCTL_iomem_permission);
SAME(DomctlOp::IoportPermission, XEN_DOMCTL_ioport_permission);
SAME(DomctlOp::HypercallInit, XEN_DOMCTL_hypercall_init);
SAME(DomctlOp::Settimeoffset, XEN_DOMCTL_settimeoffset);
SAME(DomctlOp::Getvcpuaffinity, XEN_DOMCTL_getvcpuaffinity);
SAME(DomctlOp::RealModeArea, XEN_DOMCTL_real_mode_area);
SAME(DomctlOp::Resumedomain, XEN_DOMCTL_resumedomain);
SAME(DomctlOp::Sendtrigger, XEN_DOMCTL_sendtrigger);
SAME(DomctlOp::Gethvmcontext, XEN_DOMCTL_gethvmcontext);
SAME(DomctlOp::Sethvmcontext, XEN_DOMCTL_sethvmcontext);
SAME(DomctlOp::SetAddressSize, XEN_DOMCTL_set_address_size);
SAME(DomctlOp::GetAddressSize, XEN_DOMCTL_get_address_size);
SAME(dominf::dying, XEN_DOMINF_dying);
SAME(dominf::hvm_guest, XEN_DOMINF_hvm_guest);
SAME(dominf::shutdown, XEN_DOMINF_shutdown);
SAME(dominf::paused, XEN_DOMINF_paused);
SAME(dominf::blocked, XEN_DOMINF_blocked);
SAME(dominf::running, XEN_DOMINF_running);
SAME(dominf::debugged, XEN_DOMINF_debugged);
SAME(dominf::ShutdownReasonField::mask, XEN_DOMINF_shutdownmask << XEN_DOMINF_shutdownshift);
SAME(ShadowCommand::GetAllocation, XEN_DOMCTL_SHADOW_OP_GET_ALLOCATION);
SAME(ShadowCommand::SetAllocation, XEN_DOMCTL_SHADOW_OP_SET_ALLOCATION);
SAME_SIZE(Domctl, struct xen_domctl);
SAME_MEMBER(Domctl, cmd, xen_domctl, cmd);
SAME_MEMBER(Domctl, interface_version, xen_domctl, interface_version);
SAME_MEMBER(Domctl, domain, xen_domctl, domain);
SAME_MEMBER(Domctl, u, xen_domctl, u);
SAME_SIZE(DomctlMaxMem, struct xen_domctl_max_mem);
SAME_MEMBER(DomctlMaxMem, max_memkb, xen_domctl_max_mem, max_memkb);
SAME_SIZE(DomctlVcpucontext, struct xen_domctl_vcpucontext);
SAME_MEMBER(DomctlVcpucontext, vcpu, xen_domctl_vcpucontext, vcpu);
SAME_MEMBER(DomctlVcpucontext, ctxt, xen_domctl_vcpucontext, ctxt);
SAME_SIZE(DomctlGetvcpuinfo, struct xen_domctl_getvcpuinfo);
SAME_MEMBER(DomctlGetvcpuinfo, vcpu, xen_domctl_getvcpuinfo, vcpu);
SAME_MEMBER(DomctlGetvcpuinfo, online, xen_domctl_getvcpuinfo, online);
SAME_MEMBER(DomctlGetvcpuinfo, blocked, xen_domctl_getvcpuinfo, blocked);
SAME_MEMBER(DomctlGetvcpuinfo, running, xen_domctl_getvcpuinfo, running);
SAME_MEMBER(DomctlGetvcpuinfo, cpu_time, xen_domctl_getvcpuinfo, cpu_time);
SAME_MEMBER(DomctlGetvcpuinfo, cpu, xen_domctl_getvcpuinfo, cpu);
SAME_SIZE(DomctlMaxVcpus, struct xen_domctl_max_vcpus);
SAME_MEMBER(DomctlMaxVcpus, max, xen_domctl_max_vcpus, max);
SAME_SIZE(DomctlSetdomainhandle, struct xen_domctl_setdomainhandle);
SAME_MEMBER(DomctlSetdomainhandle, handle, xen_domctl_setdomainhandle, handle);
SAME_SIZE(DomctlSetdebugging, struct xen_domctl_setdebugging);
SAME_MEMBER(DomctlSetdebugging, enable, xen_domctl_setdebugging, enable);
SAME_SIZE(DomctlIomemPermission, struct xen_domctl_iomem_permission);
SAME_MEMBER(DomctlIomemPermission, first_mfn, xen_domctl_iomem_permission, first_mfn);
SAME_MEMBER(DomctlIomemPermission, nr_mfns, xen_domctl_iomem_permission, nr_mfns);
SAME_MEMBER(DomctlIomemPermission, allow_access, xen_domctl_iomem_permission, allow_access);

} // namespace
