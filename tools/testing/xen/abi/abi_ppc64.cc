// SPDX-License-Identifier: GPL-2.0
/*
 * The Xen/PPC ABI as we lay it out against Xen's own public headers (Debian's
 * libxen-dev).  Nothing runs here: a difference is a compile error that names the fact.
 *
 * Those headers have lost the ppc port long ago, and are read as x86-64's: compared is
 * what has been the same on every 64-bit architecture since 2007, offsets and sizes
 * (never byte order).  What is ppc's alone, or has changed since, stands on the
 * assertions in the headers themselves.
 */
#include "same.hh"

#include "../../../../arch/powerpc/platforms/xen/abi/console.hh"
#include "../../../../arch/powerpc/platforms/xen/abi/elfnote.hh"
#include "../../../../arch/powerpc/platforms/xen/abi/evtchn.hh"
#include "../../../../arch/powerpc/platforms/xen/abi/grant.hh"
#include "../../../../arch/powerpc/platforms/xen/abi/hcall.hh"
#include "../../../../arch/powerpc/platforms/xen/abi/memory.hh"
#include "../../../../arch/powerpc/platforms/xen/abi/physdev.hh"
#include "../../../../arch/powerpc/platforms/xen/abi/sched.hh"
#include "../../../../arch/powerpc/platforms/xen/abi/shared_info.hh"
#include "../../../../arch/powerpc/platforms/xen/abi/vcpu.hh"
#include "../../../../arch/powerpc/platforms/xen/abi/version.hh"
#include "../../../../arch/powerpc/platforms/xen/abi/xencomm.hh"

#include <xen/xen-compat.h>
#undef __XEN_INTERFACE_VERSION__
#define __XEN_INTERFACE_VERSION__ __XEN_LATEST_INTERFACE_VERSION__
#include <xen/xen.h>
#include <xen/elfnote.h>
#include <xen/event_channel.h>
#include <xen/features.h>
#include <xen/grant_table.h>
#include <xen/io/console.h>
#include <xen/memory.h>
#include <xen/physdev.h>
#include <xen/sched.h>
#include <xen/vcpu.h>
#include <xen/version.h>
#include <xen/xencomm.h>

#ifndef __x86_64__
#error "compares the layouts of x86-64"
#endif

namespace {

using namespace xen::ppc;

/* hcall.hh */
SAME(XenCall::MemoryOp, __HYPERVISOR_memory_op);
SAME(XenCall::Multicall, __HYPERVISOR_multicall);
SAME(XenCall::SetTimerOp, __HYPERVISOR_set_timer_op);
SAME(XenCall::XenVersion, __HYPERVISOR_xen_version);
SAME(XenCall::ConsoleIo, __HYPERVISOR_console_io);
SAME(XenCall::GrantTableOp, __HYPERVISOR_grant_table_op);
SAME(XenCall::VmAssist, __HYPERVISOR_vm_assist);
SAME(XenCall::RtasProxy, __HYPERVISOR_iret);
SAME(XenCall::VcpuOp, __HYPERVISOR_vcpu_op);
SAME(XenCall::AcmOp, __HYPERVISOR_xsm_op);
SAME(XenCall::NmiOp, __HYPERVISOR_nmi_op);
SAME(XenCall::SchedOp, __HYPERVISOR_sched_op);
SAME(XenCall::EventChannelOp, __HYPERVISOR_event_channel_op);
SAME(XenCall::PhysdevOp, __HYPERVISOR_physdev_op);
SAME(XenCall::Sysctl, __HYPERVISOR_sysctl);
SAME(XenCall::Domctl, __HYPERVISOR_domctl);
SAME(XenCall::SchedOpCompat, __HYPERVISOR_sched_op_compat);
SAME_SIZE(MulticallEntry, struct multicall_entry);
SAME_MEMBER(MulticallEntry, op, multicall_entry, op);
SAME_MEMBER(MulticallEntry, result, multicall_entry, result);
SAME_MEMBER(MulticallEntry, args, multicall_entry, args);

/* shared_info.hh: vcpu_info and shared_info are longer on x86-64 */
SAME_SIZE(VcpuTimeInfo, struct vcpu_time_info);
SAME_MEMBER(VcpuTimeInfo, version, vcpu_time_info, version);
SAME_MEMBER(VcpuTimeInfo, tsc_timestamp, vcpu_time_info, tsc_timestamp);
SAME_MEMBER(VcpuTimeInfo, system_time, vcpu_time_info, system_time);
SAME_MEMBER(VcpuTimeInfo, tsc_to_system_mul, vcpu_time_info, tsc_to_system_mul);
SAME_MEMBER(VcpuTimeInfo, tsc_shift, vcpu_time_info, tsc_shift);
SAME_MEMBER(VcpuInfo, evtchn_upcall_pending, vcpu_info, evtchn_upcall_pending);
SAME_MEMBER(VcpuInfo, evtchn_upcall_mask, vcpu_info, evtchn_upcall_mask);
SAME_MEMBER(VcpuInfo, evtchn_pending_sel, vcpu_info, evtchn_pending_sel);
static_assert(sizeof(VcpuInfo::time) == sizeof(vcpu_info::time));
static_assert(sizeof(SharedInfo::evtchn_pending) == sizeof(shared_info::evtchn_pending));
static_assert(sizeof(SharedInfo::evtchn_mask) == sizeof(shared_info::evtchn_mask));
static_assert(offsetof(SharedInfo, wc_version) - offsetof(SharedInfo, evtchn_pending) ==
	      offsetof(struct shared_info, wc_version) -
		      offsetof(struct shared_info, evtchn_pending));
SAME(max_vcpus, XEN_LEGACY_MAX_VCPUS);
SAME(nr_ports, EVTCHN_2L_NR_CHANNELS);

/* xencomm.hh */
SAME(xencomm_magic, XENCOMM_MAGIC);
SAME(invalid_address, XENCOMM_INVALID);
SAME_MEMBER(XencommDesc, magic, xencomm_desc, magic);
SAME_MEMBER(XencommDesc, nr_addrs, xencomm_desc, nr_addrs);
static_assert(sizeof(XencommDesc) == offsetof(struct xencomm_desc, address));

/* evtchn.hh */
SAME(EvtchnOp::BindInterdomain, EVTCHNOP_bind_interdomain);
SAME(EvtchnOp::BindVirq, EVTCHNOP_bind_virq);
SAME(EvtchnOp::BindPirq, EVTCHNOP_bind_pirq);
SAME(EvtchnOp::Close, EVTCHNOP_close);
SAME(EvtchnOp::Send, EVTCHNOP_send);
SAME(EvtchnOp::Status, EVTCHNOP_status);
SAME(EvtchnOp::AllocUnbound, EVTCHNOP_alloc_unbound);
SAME(EvtchnOp::BindIpi, EVTCHNOP_bind_ipi);
SAME(EvtchnOp::BindVcpu, EVTCHNOP_bind_vcpu);
SAME(EvtchnOp::Unmask, EVTCHNOP_unmask);
SAME(EvtchnOp::Reset, EVTCHNOP_reset);
SAME(Virq::Timer, VIRQ_TIMER);
SAME(Virq::Debug, VIRQ_DEBUG);
SAME(Virq::Console, VIRQ_CONSOLE);
SAME(Virq::DomExc, VIRQ_DOM_EXC);
SAME(Virq::Tbuf, VIRQ_TBUF);
SAME(Virq::Debugger, VIRQ_DEBUGGER);
SAME(Virq::Xenoprof, VIRQ_XENOPROF);
SAME(Virq::ConRing, VIRQ_CON_RING);
SAME(Virq::Arch0, VIRQ_ARCH_0);
SAME(nr_virqs, NR_VIRQS);
SAME(bind_pirq_will_share, BIND_PIRQ__WILL_SHARE);
SAME(EvtchnState::Closed, EVTCHNSTAT_closed);
SAME(EvtchnState::Unbound, EVTCHNSTAT_unbound);
SAME(EvtchnState::Interdomain, EVTCHNSTAT_interdomain);
SAME(EvtchnState::Pirq, EVTCHNSTAT_pirq);
SAME(EvtchnState::Virq, EVTCHNSTAT_virq);
SAME(EvtchnState::Ipi, EVTCHNSTAT_ipi);
SAME_SIZE(EvtchnAllocUnbound, struct evtchn_alloc_unbound);
SAME_MEMBER(EvtchnAllocUnbound, dom, evtchn_alloc_unbound, dom);
SAME_MEMBER(EvtchnAllocUnbound, remote_dom, evtchn_alloc_unbound, remote_dom);
SAME_MEMBER(EvtchnAllocUnbound, port, evtchn_alloc_unbound, port);
SAME_SIZE(EvtchnBindInterdomain, struct evtchn_bind_interdomain);
SAME_MEMBER(EvtchnBindInterdomain, remote_dom, evtchn_bind_interdomain, remote_dom);
SAME_MEMBER(EvtchnBindInterdomain, remote_port, evtchn_bind_interdomain, remote_port);
SAME_MEMBER(EvtchnBindInterdomain, local_port, evtchn_bind_interdomain, local_port);
SAME_SIZE(EvtchnBindVirq, struct evtchn_bind_virq);
SAME_MEMBER(EvtchnBindVirq, virq, evtchn_bind_virq, virq);
SAME_MEMBER(EvtchnBindVirq, vcpu, evtchn_bind_virq, vcpu);
SAME_MEMBER(EvtchnBindVirq, port, evtchn_bind_virq, port);
SAME_SIZE(EvtchnBindPirq, struct evtchn_bind_pirq);
SAME_MEMBER(EvtchnBindPirq, pirq, evtchn_bind_pirq, pirq);
SAME_MEMBER(EvtchnBindPirq, flags, evtchn_bind_pirq, flags);
SAME_MEMBER(EvtchnBindPirq, port, evtchn_bind_pirq, port);
SAME_SIZE(EvtchnBindIpi, struct evtchn_bind_ipi);
SAME_MEMBER(EvtchnBindIpi, vcpu, evtchn_bind_ipi, vcpu);
SAME_MEMBER(EvtchnBindIpi, port, evtchn_bind_ipi, port);
SAME_SIZE(EvtchnClose, struct evtchn_close);
SAME_MEMBER(EvtchnClose, port, evtchn_close, port);
SAME_SIZE(EvtchnSend, struct evtchn_send);
SAME_MEMBER(EvtchnSend, port, evtchn_send, port);
SAME_SIZE(EvtchnUnmask, struct evtchn_unmask);
SAME_MEMBER(EvtchnUnmask, port, evtchn_unmask, port);
SAME_SIZE(EvtchnStatus, struct evtchn_status);
SAME_MEMBER(EvtchnStatus, dom, evtchn_status, dom);
SAME_MEMBER(EvtchnStatus, port, evtchn_status, port);
SAME_MEMBER(EvtchnStatus, status, evtchn_status, status);
SAME_MEMBER(EvtchnStatus, vcpu, evtchn_status, vcpu);
SAME_MEMBER(EvtchnStatus, u, evtchn_status, u);
SAME_MEMBER(EvtchnStatus, u.peer.dom, evtchn_status, u.interdomain.dom);
SAME_MEMBER(EvtchnStatus, u.peer.port, evtchn_status, u.interdomain.port);
SAME_MEMBER(EvtchnStatus, u.source.number, evtchn_status, u.pirq);
SAME_SIZE(EvtchnBindVcpu, struct evtchn_bind_vcpu);
SAME_MEMBER(EvtchnBindVcpu, port, evtchn_bind_vcpu, port);
SAME_MEMBER(EvtchnBindVcpu, vcpu, evtchn_bind_vcpu, vcpu);
SAME_SIZE(EvtchnReset, struct evtchn_reset);
SAME_MEMBER(EvtchnReset, dom, evtchn_reset, dom);

/* memory.hh */
SAME(MemoryOp::IncreaseReservation, XENMEM_increase_reservation);
SAME(MemoryOp::DecreaseReservation, XENMEM_decrease_reservation);
SAME(MemoryOp::MaximumRamPage, XENMEM_maximum_ram_page);
SAME(MemoryOp::CurrentReservation, XENMEM_current_reservation);
SAME(MemoryOp::MaximumReservation, XENMEM_maximum_reservation);
SAME(MemoryOp::MachphysMfnList, XENMEM_machphys_mfn_list);
SAME(MemoryOp::PopulatePhysmap, XENMEM_populate_physmap);
SAME(MemoryOp::AddToPhysmap, XENMEM_add_to_physmap);
SAME(MemoryOp::MemoryMap, XENMEM_memory_map);
SAME(MemoryOp::MachineMemoryMap, XENMEM_machine_memory_map);
SAME(MemoryOp::Exchange, XENMEM_exchange);
SAME(MemoryOp::MachphysMapping, XENMEM_machphys_mapping);
SAME(MemoryOp::SetMemoryMap, XENMEM_set_memory_map);
SAME(MemoryOp::MaximumGpfn, XENMEM_maximum_gpfn);
SAME_SIZE(MemoryReservation, struct xen_memory_reservation);
SAME_MEMBER(MemoryReservation, extent_start, xen_memory_reservation, extent_start);
SAME_MEMBER(MemoryReservation, nr_extents, xen_memory_reservation, nr_extents);
SAME_MEMBER(MemoryReservation, extent_order, xen_memory_reservation, extent_order);
SAME_MEMBER(MemoryReservation, address_bits, xen_memory_reservation, mem_flags);
SAME_MEMBER(MemoryReservation, domid, xen_memory_reservation, domid);
SAME_SIZE(MemoryExchange, struct xen_memory_exchange);
SAME_MEMBER(MemoryExchange, in, xen_memory_exchange, in);
SAME_MEMBER(MemoryExchange, out, xen_memory_exchange, out);
SAME_MEMBER(MemoryExchange, nr_exchanged, xen_memory_exchange, nr_exchanged);
SAME_SIZE(AddToPhysmap, struct xen_add_to_physmap);
SAME_MEMBER(AddToPhysmap, domid, xen_add_to_physmap, domid);
SAME_MEMBER(AddToPhysmap, space, xen_add_to_physmap, space);
SAME_MEMBER(AddToPhysmap, idx, xen_add_to_physmap, idx);
SAME_MEMBER(AddToPhysmap, gpfn, xen_add_to_physmap, gpfn);

/* grant.hh */
SAME(GrantOp::MapGrantRef, GNTTABOP_map_grant_ref);
SAME(GrantOp::UnmapGrantRef, GNTTABOP_unmap_grant_ref);
SAME(GrantOp::SetupTable, GNTTABOP_setup_table);
SAME(GrantOp::DumpTable, GNTTABOP_dump_table);
SAME(GrantOp::Transfer, GNTTABOP_transfer);
SAME(GrantOp::Copy, GNTTABOP_copy);
SAME(GrantOp::QuerySize, GNTTABOP_query_size);
SAME(GrantOp::UnmapAndReplace, GNTTABOP_unmap_and_replace);
SAME_SIGNED(GrantStatus::Okay, GNTST_okay);
SAME_SIGNED(GrantStatus::GeneralError, GNTST_general_error);
SAME_SIGNED(GrantStatus::BadDomain, GNTST_bad_domain);
SAME_SIGNED(GrantStatus::BadGntref, GNTST_bad_gntref);
SAME_SIGNED(GrantStatus::BadHandle, GNTST_bad_handle);
SAME_SIGNED(GrantStatus::BadVirtAddr, GNTST_bad_virt_addr);
SAME_SIGNED(GrantStatus::BadDevAddr, GNTST_bad_dev_addr);
SAME_SIGNED(GrantStatus::NoDeviceSpace, GNTST_no_device_space);
SAME_SIGNED(GrantStatus::PermissionDenied, GNTST_permission_denied);
SAME_SIGNED(GrantStatus::BadPage, GNTST_bad_page);
SAME_SIGNED(GrantStatus::BadCopyArg, GNTST_bad_copy_arg);
SAME(grant_flag::type_mask, GTF_type_mask);
SAME(grant_flag::invalid, GTF_invalid);
SAME(grant_flag::permit_access, GTF_permit_access);
SAME(grant_flag::accept_transfer, GTF_accept_transfer);
SAME(grant_flag::readonly, GTF_readonly);
SAME(grant_flag::reading, GTF_reading);
SAME(grant_flag::writing, GTF_writing);
SAME(grant_flag::transfer_committed, GTF_transfer_committed);
SAME(grant_flag::transfer_completed, GTF_transfer_completed);
SAME(map_flag::device, GNTMAP_device_map);
SAME(map_flag::host, GNTMAP_host_map);
SAME(map_flag::readonly, GNTMAP_readonly);
SAME(map_flag::application, GNTMAP_application_map);
SAME(map_flag::contains_pte, GNTMAP_contains_pte);
SAME(copy_flag::source_gref, GNTCOPY_source_gref);
SAME(copy_flag::dest_gref, GNTCOPY_dest_gref);
SAME_SIZE(GrantEntry, struct grant_entry_v1);
SAME_MEMBER(GrantEntry, flags, grant_entry_v1, flags);
SAME_MEMBER(GrantEntry, domid, grant_entry_v1, domid);
SAME_MEMBER(GrantEntry, frame, grant_entry_v1, frame);
SAME_SIZE(GrantMapRef, struct gnttab_map_grant_ref);
SAME_MEMBER(GrantMapRef, host_addr, gnttab_map_grant_ref, host_addr);
SAME_MEMBER(GrantMapRef, flags, gnttab_map_grant_ref, flags);
SAME_MEMBER(GrantMapRef, ref, gnttab_map_grant_ref, ref);
SAME_MEMBER(GrantMapRef, dom, gnttab_map_grant_ref, dom);
SAME_MEMBER(GrantMapRef, status, gnttab_map_grant_ref, status);
SAME_MEMBER(GrantMapRef, handle, gnttab_map_grant_ref, handle);
SAME_MEMBER(GrantMapRef, dev_bus_addr, gnttab_map_grant_ref, dev_bus_addr);
SAME_SIZE(GrantUnmapRef, struct gnttab_unmap_grant_ref);
SAME_MEMBER(GrantUnmapRef, host_addr, gnttab_unmap_grant_ref, host_addr);
SAME_MEMBER(GrantUnmapRef, dev_bus_addr, gnttab_unmap_grant_ref, dev_bus_addr);
SAME_MEMBER(GrantUnmapRef, handle, gnttab_unmap_grant_ref, handle);
SAME_MEMBER(GrantUnmapRef, status, gnttab_unmap_grant_ref, status);
SAME_SIZE(GrantSetupTable, struct gnttab_setup_table);
SAME_MEMBER(GrantSetupTable, dom, gnttab_setup_table, dom);
SAME_MEMBER(GrantSetupTable, nr_frames, gnttab_setup_table, nr_frames);
SAME_MEMBER(GrantSetupTable, status, gnttab_setup_table, status);
SAME_MEMBER(GrantSetupTable, frame_list, gnttab_setup_table, frame_list);
SAME_SIZE(GrantDumpTable, struct gnttab_dump_table);
SAME_MEMBER(GrantDumpTable, dom, gnttab_dump_table, dom);
SAME_MEMBER(GrantDumpTable, status, gnttab_dump_table, status);
SAME_SIZE(GrantTransfer, struct gnttab_transfer);
SAME_MEMBER(GrantTransfer, mfn, gnttab_transfer, mfn);
SAME_MEMBER(GrantTransfer, domid, gnttab_transfer, domid);
SAME_MEMBER(GrantTransfer, ref, gnttab_transfer, ref);
SAME_MEMBER(GrantTransfer, status, gnttab_transfer, status);
SAME_SIZE(GrantCopy, struct gnttab_copy);
SAME_MEMBER(GrantCopy, source, gnttab_copy, source);
SAME_MEMBER(GrantCopy, source.u.grant.ref, gnttab_copy, source.u.ref);
SAME_MEMBER(GrantCopy, source.u.gmfn, gnttab_copy, source.u.gmfn);
SAME_MEMBER(GrantCopy, source.domid, gnttab_copy, source.domid);
SAME_MEMBER(GrantCopy, source.offset, gnttab_copy, source.offset);
SAME_MEMBER(GrantCopy, dest, gnttab_copy, dest);
SAME_MEMBER(GrantCopy, len, gnttab_copy, len);
SAME_MEMBER(GrantCopy, flags, gnttab_copy, flags);
SAME_MEMBER(GrantCopy, status, gnttab_copy, status);
SAME_SIZE(GrantQuerySize, struct gnttab_query_size);
SAME_MEMBER(GrantQuerySize, dom, gnttab_query_size, dom);
SAME_MEMBER(GrantQuerySize, nr_frames, gnttab_query_size, nr_frames);
SAME_MEMBER(GrantQuerySize, max_nr_frames, gnttab_query_size, max_nr_frames);
SAME_MEMBER(GrantQuerySize, status, gnttab_query_size, status);
SAME_SIZE(GrantUnmapAndReplace, struct gnttab_unmap_and_replace);
SAME_MEMBER(GrantUnmapAndReplace, host_addr, gnttab_unmap_and_replace, host_addr);
SAME_MEMBER(GrantUnmapAndReplace, new_addr, gnttab_unmap_and_replace, new_addr);
SAME_MEMBER(GrantUnmapAndReplace, handle, gnttab_unmap_and_replace, handle);
SAME_MEMBER(GrantUnmapAndReplace, status, gnttab_unmap_and_replace, status);

/* sched.hh: the operations are in abi_vcpu.hh, compared in abi_x86_64.cc */
SAME(ShutdownReason::Poweroff, SHUTDOWN_poweroff);
SAME(ShutdownReason::Reboot, SHUTDOWN_reboot);
SAME(ShutdownReason::Suspend, SHUTDOWN_suspend);
SAME(ShutdownReason::Crash, SHUTDOWN_crash);
SAME_SIZE(SchedShutdown, struct sched_shutdown);
SAME_MEMBER(SchedShutdown, reason, sched_shutdown, reason);
SAME_SIZE(SchedPoll, struct sched_poll);
SAME_MEMBER(SchedPoll, ports, sched_poll, ports);
SAME_MEMBER(SchedPoll, nr_ports, sched_poll, nr_ports);
SAME_MEMBER(SchedPoll, timeout, sched_poll, timeout);
SAME_SIZE(SchedRemoteShutdown, struct sched_remote_shutdown);
SAME_MEMBER(SchedRemoteShutdown, domain_id, sched_remote_shutdown, domain_id);
SAME_MEMBER(SchedRemoteShutdown, reason, sched_remote_shutdown, reason);

/* vcpu.hh */
SAME(VcpuOp::Initialise, VCPUOP_initialise);
SAME(VcpuOp::Up, VCPUOP_up);
SAME(VcpuOp::Down, VCPUOP_down);
SAME(VcpuOp::IsUp, VCPUOP_is_up);
SAME(VcpuOp::GetRunstateInfo, VCPUOP_get_runstate_info);
SAME(VcpuOp::RegisterRunstateMemoryArea, VCPUOP_register_runstate_memory_area);
SAME(VcpuOp::SetPeriodicTimer, VCPUOP_set_periodic_timer);
SAME(VcpuOp::StopPeriodicTimer, VCPUOP_stop_periodic_timer);
SAME(VcpuOp::SetSingleshotTimer, VCPUOP_set_singleshot_timer);
SAME(VcpuOp::StopSingleshotTimer, VCPUOP_stop_singleshot_timer);
SAME(VcpuOp::RegisterVcpuInfo, VCPUOP_register_vcpu_info);
SAME(Runstate::Running, RUNSTATE_running);
SAME(Runstate::Runnable, RUNSTATE_runnable);
SAME(Runstate::Blocked, RUNSTATE_blocked);
SAME(Runstate::Offline, RUNSTATE_offline);
SAME(singleshot_future, VCPU_SSHOTTMR_future);
SAME_SIZE(RunstateInfo, struct vcpu_runstate_info);
SAME_MEMBER(RunstateInfo, state, vcpu_runstate_info, state);
SAME_MEMBER(RunstateInfo, state_entry_time, vcpu_runstate_info, state_entry_time);
SAME_MEMBER(RunstateInfo, time, vcpu_runstate_info, time);
SAME_SIZE(SetPeriodicTimer, struct vcpu_set_periodic_timer);
SAME_MEMBER(SetPeriodicTimer, period_ns, vcpu_set_periodic_timer, period_ns);
SAME_SIZE(SetSingleshotTimer, struct vcpu_set_singleshot_timer);
SAME_MEMBER(SetSingleshotTimer, timeout_abs_ns, vcpu_set_singleshot_timer, timeout_abs_ns);
SAME_MEMBER(SetSingleshotTimer, flags, vcpu_set_singleshot_timer, flags);

/* physdev.hh */
SAME(PhysdevOp::IrqUnmaskNotify, PHYSDEVOP_IRQ_UNMASK_NOTIFY);
SAME(PhysdevOp::IrqStatusQuery, PHYSDEVOP_irq_status_query);
SAME(PhysdevOp::SetIopl, PHYSDEVOP_set_iopl);
SAME(PhysdevOp::SetIobitmap, PHYSDEVOP_set_iobitmap);
SAME(PhysdevOp::ApicRead, PHYSDEVOP_apic_read);
SAME(PhysdevOp::ApicWrite, PHYSDEVOP_apic_write);
SAME(PhysdevOp::AllocIrqVector, PHYSDEVOP_alloc_irq_vector);
SAME(PhysdevOp::FreeIrqVector, PHYSDEVOP_free_irq_vector);
SAME(PhysdevOp::Eoi, PHYSDEVOP_eoi);
SAME(irq_flag::needs_eoi, XENIRQSTAT_needs_eoi);
SAME(irq_flag::shared, XENIRQSTAT_shared);
SAME_SIZE(PhysdevEoi, struct physdev_eoi);
SAME_MEMBER(PhysdevEoi, irq, physdev_eoi, irq);
SAME_SIZE(PhysdevIrqStatusQuery, struct physdev_irq_status_query);
SAME_MEMBER(PhysdevIrqStatusQuery, irq, physdev_irq_status_query, irq);
SAME_MEMBER(PhysdevIrqStatusQuery, flags, physdev_irq_status_query, flags);
SAME_SIZE(PhysdevSetIopl, struct physdev_set_iopl);
SAME_MEMBER(PhysdevSetIopl, iopl, physdev_set_iopl, iopl);
SAME_SIZE(PhysdevSetIobitmap, struct physdev_set_iobitmap);
SAME_MEMBER(PhysdevSetIobitmap, bitmap, physdev_set_iobitmap, bitmap);
SAME_MEMBER(PhysdevSetIobitmap, nr_ports, physdev_set_iobitmap, nr_ports);
SAME_SIZE(PhysdevApic, struct physdev_apic);
SAME_MEMBER(PhysdevApic, apic_physbase, physdev_apic, apic_physbase);
SAME_MEMBER(PhysdevApic, reg, physdev_apic, reg);
SAME_MEMBER(PhysdevApic, value, physdev_apic, value);
SAME_SIZE(PhysdevIrq, struct physdev_irq);
SAME_MEMBER(PhysdevIrq, irq, physdev_irq, irq);
SAME_MEMBER(PhysdevIrq, vector, physdev_irq, vector);

/* version.hh */
SAME(XenVersionOp::Version, XENVER_version);
SAME(XenVersionOp::Extraversion, XENVER_extraversion);
SAME(XenVersionOp::CompileInfo, XENVER_compile_info);
SAME(XenVersionOp::Capabilities, XENVER_capabilities);
SAME(XenVersionOp::Changeset, XENVER_changeset);
SAME(XenVersionOp::PlatformParameters, XENVER_platform_parameters);
SAME(XenVersionOp::GetFeatures, XENVER_get_features);
SAME(XenVersionOp::Pagesize, XENVER_pagesize);
SAME(XenVersionOp::GuestHandle, XENVER_guest_handle);
SAME(XenVersionOp::Commandline, XENVER_commandline);
SAME(feature::writable_page_tables, XENFEAT_writable_page_tables);
SAME(feature::writable_descriptor_tables, XENFEAT_writable_descriptor_tables);
SAME(feature::auto_translated_physmap, XENFEAT_auto_translated_physmap);
SAME(feature::supervisor_mode_kernel, XENFEAT_supervisor_mode_kernel);
SAME(feature::pae_pgdir_above_4gb, XENFEAT_pae_pgdir_above_4gb);
SAME(nr_submaps, XENFEAT_NR_SUBMAPS);
SAME(VmAssistCommand::Enable, VMASST_CMD_enable);
SAME(VmAssistCommand::Disable, VMASST_CMD_disable);
SAME(max_vm_assist_type, VMASST_TYPE_pae_extended_cr3);
static_assert(sizeof(ExtraVersion) == sizeof(xen_extraversion_t));
static_assert(sizeof(CapabilitiesInfo) == sizeof(xen_capabilities_info_t));
static_assert(sizeof(ChangesetInfo) == sizeof(xen_changeset_info_t));
static_assert(sizeof(DomainHandle) == sizeof(xen_domain_handle_t));
SAME_SIZE(CompileInfo, struct xen_compile_info);
SAME_MEMBER(CompileInfo, compiler, xen_compile_info, compiler);
SAME_MEMBER(CompileInfo, compile_by, xen_compile_info, compile_by);
SAME_MEMBER(CompileInfo, compile_domain, xen_compile_info, compile_domain);
SAME_MEMBER(CompileInfo, compile_date, xen_compile_info, compile_date);
SAME_SIZE(PlatformParameters, struct xen_platform_parameters);
SAME_MEMBER(PlatformParameters, virt_start, xen_platform_parameters, virt_start);
SAME_SIZE(FeatureInfo, struct xen_feature_info);
SAME_MEMBER(FeatureInfo, submap_idx, xen_feature_info, submap_idx);
SAME_MEMBER(FeatureInfo, submap, xen_feature_info, submap);

/* console.hh */
SAME(ConsoleOp::Write, CONSOLEIO_write);
SAME(ConsoleOp::Read, CONSOLEIO_read);
SAME_SIZE(XenconsInterface, struct xencons_interface);
SAME_MEMBER(XenconsInterface, in, xencons_interface, in);
SAME_MEMBER(XenconsInterface, out, xencons_interface, out);
SAME_MEMBER(XenconsInterface, in_cons, xencons_interface, in_cons);
SAME_MEMBER(XenconsInterface, in_prod, xencons_interface, in_prod);
SAME_MEMBER(XenconsInterface, out_cons, xencons_interface, out_cons);
SAME_MEMBER(XenconsInterface, out_prod, xencons_interface, out_prod);

/* elfnote.hh */
SAME(Note::Info, XEN_ELFNOTE_INFO);
SAME(Note::Entry, XEN_ELFNOTE_ENTRY);
SAME(Note::HypercallPage, XEN_ELFNOTE_HYPERCALL_PAGE);
SAME(Note::VirtBase, XEN_ELFNOTE_VIRT_BASE);
SAME(Note::PaddrOffset, XEN_ELFNOTE_PADDR_OFFSET);
SAME(Note::XenVersion, XEN_ELFNOTE_XEN_VERSION);
SAME(Note::GuestOs, XEN_ELFNOTE_GUEST_OS);
SAME(Note::GuestVersion, XEN_ELFNOTE_GUEST_VERSION);
SAME(Note::Loader, XEN_ELFNOTE_LOADER);
SAME(Note::PaeMode, XEN_ELFNOTE_PAE_MODE);
SAME(Note::Features, XEN_ELFNOTE_FEATURES);
SAME(Note::BsdSymtab, XEN_ELFNOTE_BSD_SYMTAB);
SAME(Note::HvStartLow, XEN_ELFNOTE_HV_START_LOW);

} // namespace
