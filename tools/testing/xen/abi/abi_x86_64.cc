// SPDX-License-Identifier: GPL-2.0
/*
 * Our view of Xen's ABI against Xen's own public headers (Debian's libxen-dev), for
 * x86-64.  Nothing runs here: a difference is a compile error that names the fact.
 *
 * A new declaration in abi.hh, abi_vcpu.hh or arch/x86/xen/abi.hh gets its line here.
 */
#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <type_traits>

/* The newest interface: older ones give some names to compatibility hypercalls. */
#include <xen/xen-compat.h>
#undef __XEN_INTERFACE_VERSION__
#define __XEN_INTERFACE_VERSION__ __XEN_LATEST_INTERFACE_VERSION__
#include <xen/xen.h>
#include <xen/sched.h>
#include <xen/vcpu.h>

namespace xen_errno {
enum {
#define XEN_ERRNO(name, value) Xen_##name = value,
#include <xen/errno.h>
};
} // namespace xen_errno

#include <xen/core/abi.hh>
#include <xen/core/abi_vcpu.hh>
#include <xen/core/errno.hh>
#include <xen/core/frame.hh>

#include "../../../../arch/x86/xen/abi.hh"

#ifndef __x86_64__
#error "compares the layouts of x86-64"
#endif

namespace {

using namespace xen;

/* Structures: size, alignment, and offset and size of each member. */
#define SAME_SIZE(ours, theirs)                                                                    \
	static_assert(sizeof(ours) == sizeof(theirs) && alignof(ours) == alignof(theirs))
#define SAME_MEMBER(ours, mine, theirs, its)                                                       \
	static_assert(offsetof(ours, mine) == offsetof(theirs, its) &&                             \
		      sizeof(ours::mine) == sizeof(theirs::its))

SAME_SIZE(MulticallEntry, struct multicall_entry);
SAME_MEMBER(MulticallEntry, op, multicall_entry, op);
SAME_MEMBER(MulticallEntry, result, multicall_entry, result);
SAME_MEMBER(MulticallEntry, args, multicall_entry, args);

SAME_SIZE(MmuUpdate, struct mmu_update);
SAME_MEMBER(MmuUpdate, ptr, mmu_update, ptr);
SAME_MEMBER(MmuUpdate, val, mmu_update, val);

SAME_SIZE(MmuextOp, struct mmuext_op);
SAME_MEMBER(MmuextOp, cmd, mmuext_op, cmd);
SAME_MEMBER(MmuextOp, arg1, mmuext_op, arg1);
SAME_MEMBER(MmuextOp, arg2, mmuext_op, arg2);

/* Only the head: the rest of vcpu_info is the architecture's. */
SAME_MEMBER(VcpuInfoHead, evtchn_upcall_pending, vcpu_info, evtchn_upcall_pending);
SAME_MEMBER(VcpuInfoHead, evtchn_upcall_mask, vcpu_info, evtchn_upcall_mask);
SAME_MEMBER(VcpuInfoHead, evtchn_pending_sel, vcpu_info, evtchn_pending_sel);
static_assert(sizeof(VcpuInfoHead) == offsetof(struct vcpu_info, arch));

static_assert(std::is_same_v<xen_ulong_t, unsigned long>);
static_assert(sizeof(DomId) == sizeof(domid_t) && sizeof(Mfn) == sizeof(xen_pfn_t));

/* Numbers. */
#define SAME(ours, theirs) static_assert(static_cast<unsigned long>(ours) == (theirs))

SAME(Hypercall::SetTrapTable, __HYPERVISOR_set_trap_table);
SAME(Hypercall::MmuUpdate, __HYPERVISOR_mmu_update);
SAME(Hypercall::SetGdt, __HYPERVISOR_set_gdt);
SAME(Hypercall::StackSwitch, __HYPERVISOR_stack_switch);
SAME(Hypercall::SetCallbacks, __HYPERVISOR_set_callbacks);
SAME(Hypercall::FpuTaskswitch, __HYPERVISOR_fpu_taskswitch);
SAME(Hypercall::PlatformOp, __HYPERVISOR_platform_op);
SAME(Hypercall::SetDebugreg, __HYPERVISOR_set_debugreg);
SAME(Hypercall::GetDebugreg, __HYPERVISOR_get_debugreg);
SAME(Hypercall::UpdateDescriptor, __HYPERVISOR_update_descriptor);
SAME(Hypercall::MemoryOp, __HYPERVISOR_memory_op);
SAME(Hypercall::Multicall, __HYPERVISOR_multicall);
SAME(Hypercall::UpdateVaMapping, __HYPERVISOR_update_va_mapping);
SAME(Hypercall::SetTimerOp, __HYPERVISOR_set_timer_op);
SAME(Hypercall::XenVersion, __HYPERVISOR_xen_version);
SAME(Hypercall::ConsoleIo, __HYPERVISOR_console_io);
SAME(Hypercall::GrantTableOp, __HYPERVISOR_grant_table_op);
SAME(Hypercall::VmAssist, __HYPERVISOR_vm_assist);
SAME(Hypercall::UpdateVaMappingOtherdomain, __HYPERVISOR_update_va_mapping_otherdomain);
SAME(Hypercall::Iret, __HYPERVISOR_iret);
SAME(Hypercall::VcpuOp, __HYPERVISOR_vcpu_op);
SAME(Hypercall::SetSegmentBase, __HYPERVISOR_set_segment_base);
SAME(Hypercall::MmuextOp, __HYPERVISOR_mmuext_op);
SAME(Hypercall::XsmOp, __HYPERVISOR_xsm_op);
SAME(Hypercall::NmiOp, __HYPERVISOR_nmi_op);
SAME(Hypercall::SchedOp, __HYPERVISOR_sched_op);
SAME(Hypercall::CallbackOp, __HYPERVISOR_callback_op);
SAME(Hypercall::XenoprofOp, __HYPERVISOR_xenoprof_op);
SAME(Hypercall::EventChannelOp, __HYPERVISOR_event_channel_op);
SAME(Hypercall::PhysdevOp, __HYPERVISOR_physdev_op);
SAME(Hypercall::HvmOp, __HYPERVISOR_hvm_op);
SAME(Hypercall::Sysctl, __HYPERVISOR_sysctl);
SAME(Hypercall::Domctl, __HYPERVISOR_domctl);
SAME(Hypercall::KexecOp, __HYPERVISOR_kexec_op);
SAME(Hypercall::XenpmuOp, __HYPERVISOR_xenpmu_op);
SAME(Hypercall::DmOp, __HYPERVISOR_dm_op);
SAME(Hypercall::Arch0, __HYPERVISOR_arch_0);

SAME(domid::first_reserved.raw(), DOMID_FIRST_RESERVED);
SAME(domid::self.raw(), DOMID_SELF);
SAME(domid::io.raw(), DOMID_IO);
SAME(domid::xen.raw(), DOMID_XEN);
SAME(domid::cow.raw(), DOMID_COW);
SAME(domid::invalid.raw(), DOMID_INVALID);
SAME(domid::idle.raw(), DOMID_IDLE);

SAME(MmuCommand::NormalPtUpdate, MMU_NORMAL_PT_UPDATE);
SAME(MmuCommand::MachphysUpdate, MMU_MACHPHYS_UPDATE);
SAME(MmuCommand::PtUpdatePreserveAd, MMU_PT_UPDATE_PRESERVE_AD);
SAME(MmuCommand::PtUpdateNoTranslate, MMU_PT_UPDATE_NO_TRANSLATE);

SAME(UvmFlush::None, UVMF_NONE);
SAME(UvmFlush::TlbFlush, UVMF_TLB_FLUSH);
SAME(UvmFlush::Invlpg, UVMF_INVLPG);
SAME(UvmFlush::All, UVMF_ALL);

SAME(Mmuext::PinL1Table, MMUEXT_PIN_L1_TABLE);
SAME(Mmuext::PinL2Table, MMUEXT_PIN_L2_TABLE);
SAME(Mmuext::PinL3Table, MMUEXT_PIN_L3_TABLE);
SAME(Mmuext::PinL4Table, MMUEXT_PIN_L4_TABLE);
SAME(Mmuext::UnpinTable, MMUEXT_UNPIN_TABLE);
SAME(Mmuext::NewBaseptr, MMUEXT_NEW_BASEPTR);
SAME(Mmuext::TlbFlushLocal, MMUEXT_TLB_FLUSH_LOCAL);
SAME(Mmuext::InvlpgLocal, MMUEXT_INVLPG_LOCAL);
SAME(Mmuext::TlbFlushMulti, MMUEXT_TLB_FLUSH_MULTI);
SAME(Mmuext::InvlpgMulti, MMUEXT_INVLPG_MULTI);
SAME(Mmuext::TlbFlushAll, MMUEXT_TLB_FLUSH_ALL);
SAME(Mmuext::InvlpgAll, MMUEXT_INVLPG_ALL);
SAME(Mmuext::FlushCache, MMUEXT_FLUSH_CACHE);
SAME(Mmuext::SetLdt, MMUEXT_SET_LDT);
SAME(Mmuext::NewUserBaseptr, MMUEXT_NEW_USER_BASEPTR);
SAME(Mmuext::ClearPage, MMUEXT_CLEAR_PAGE);
SAME(Mmuext::CopyPage, MMUEXT_COPY_PAGE);
SAME(Mmuext::FlushCacheGlobal, MMUEXT_FLUSH_CACHE_GLOBAL);
SAME(Mmuext::MarkSuper, MMUEXT_MARK_SUPER);
SAME(Mmuext::UnmarkSuper, MMUEXT_UNMARK_SUPER);

SAME(SchedOp::Yield, SCHEDOP_yield);
SAME(SchedOp::Block, SCHEDOP_block);
SAME(SchedOp::Shutdown, SCHEDOP_shutdown);
SAME(SchedOp::Poll, SCHEDOP_poll);
SAME(SchedOp::RemoteShutdown, SCHEDOP_remote_shutdown);

SAME(VcpuOp::Initialise, VCPUOP_initialise);
SAME(VcpuOp::Up, VCPUOP_up);
SAME(VcpuOp::Down, VCPUOP_down);
SAME(VcpuOp::IsUp, VCPUOP_is_up);
SAME(VcpuOp::RegisterVcpuInfo, VCPUOP_register_vcpu_info);

/* Xen's number and Linux's: they are one set of numbers, and stay so. */
#define SAME_ERRNO(ours, theirs)                                                                   \
	static_assert(err::ours.number() == xen_errno::Xen_##theirs && err::ours.number() == theirs)

SAME_ERRNO(perm, EPERM);
SAME_ERRNO(noent, ENOENT);
SAME_ERRNO(srch, ESRCH);
SAME_ERRNO(io, EIO);
SAME_ERRNO(nxio, ENXIO);
SAME_ERRNO(toobig, E2BIG);
SAME_ERRNO(noexec, ENOEXEC);
SAME_ERRNO(badf, EBADF);
SAME_ERRNO(child, ECHILD);
SAME_ERRNO(again, EAGAIN);
SAME_ERRNO(nomem, ENOMEM);
SAME_ERRNO(acces, EACCES);
SAME_ERRNO(fault, EFAULT);
SAME_ERRNO(busy, EBUSY);
SAME_ERRNO(exist, EEXIST);
SAME_ERRNO(xdev, EXDEV);
SAME_ERRNO(nodev, ENODEV);
SAME_ERRNO(notdir, ENOTDIR);
SAME_ERRNO(isdir, EISDIR);
SAME_ERRNO(inval, EINVAL);
SAME_ERRNO(nfile, ENFILE);
SAME_ERRNO(mfile, EMFILE);
SAME_ERRNO(nospc, ENOSPC);
SAME_ERRNO(rofs, EROFS);
SAME_ERRNO(mlink, EMLINK);
SAME_ERRNO(dom, EDOM);
SAME_ERRNO(range, ERANGE);
SAME_ERRNO(deadlk, EDEADLK);
SAME_ERRNO(nametoolong, ENAMETOOLONG);
SAME_ERRNO(nosys, ENOSYS);
SAME_ERRNO(notempty, ENOTEMPTY);
SAME_ERRNO(nodata, ENODATA);
SAME_ERRNO(time, ETIME);
SAME_ERRNO(badmsg, EBADMSG);
SAME_ERRNO(overflow, EOVERFLOW);
SAME_ERRNO(ilseq, EILSEQ);
SAME_ERRNO(notsock, ENOTSOCK);
SAME_ERRNO(msgsize, EMSGSIZE);
SAME_ERRNO(opnotsupp, EOPNOTSUPP);
SAME_ERRNO(addrinuse, EADDRINUSE);
SAME_ERRNO(addrnotavail, EADDRNOTAVAIL);
SAME_ERRNO(nobufs, ENOBUFS);
SAME_ERRNO(isconn, EISCONN);
SAME_ERRNO(notconn, ENOTCONN);
SAME_ERRNO(timedout, ETIMEDOUT);
SAME_ERRNO(connrefused, ECONNREFUSED);

} // namespace
