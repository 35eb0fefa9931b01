// SPDX-License-Identifier: GPL-2.0
/*
 * The tool's structures for ppc, and the device's, against the layouts of the kernel's units.
 * Nothing to run: it compiles or it does not.
 */
#include <cstddef>
#include <cstdint>

#define _Static_assert static_assert
#include "abi_ppc.h"
#undef _Static_assert
#include <xen/xencomm.h>

#include <abi/domctl.hh>
#include <abi/sysctl.hh>
#include <abi/xencomm.hh>

namespace {

namespace k = xen::ppc;

#define SAME_SIZE(ours, theirs) static_assert(sizeof(ours) == sizeof(theirs))
#define SAME_PLACE(ours, theirs, field)                                            \
	static_assert(offsetof(ours, field) == offsetof(theirs, field) &&          \
		      sizeof(ours::field) == sizeof(theirs::field))
#define SAME_NUMBER(ours, theirs) static_assert(static_cast<unsigned long>(theirs) == (ours))

SAME_NUMBER(PPC_SYSCTL_VERSION, k::sysctl_version);
SAME_NUMBER(PPC_DOMCTL_VERSION, k::domctl_version);
SAME_NUMBER(PPC_SYSCTL_READCONSOLE, k::SysctlOp::Readconsole);
SAME_NUMBER(PPC_SYSCTL_PHYSINFO, k::SysctlOp::Physinfo);
SAME_NUMBER(PPC_SYSCTL_SCHED_ID, k::SysctlOp::SchedId);
SAME_NUMBER(PPC_SYSCTL_GETDOMAININFOLIST, k::SysctlOp::Getdomaininfolist);
SAME_NUMBER(PPC_DOMCTL_GETMEMLIST, k::DomctlOp::Getmemlist);

SAME_SIZE(ppc_sysctl, k::Sysctl);
SAME_PLACE(ppc_sysctl, k::Sysctl, cmd);
SAME_PLACE(ppc_sysctl, k::Sysctl, interface_version);
SAME_PLACE(ppc_sysctl, k::Sysctl, u);
SAME_SIZE(ppc_domctl, k::Domctl);
SAME_PLACE(ppc_domctl, k::Domctl, cmd);
SAME_PLACE(ppc_domctl, k::Domctl, interface_version);
SAME_PLACE(ppc_domctl, k::Domctl, domain);
SAME_PLACE(ppc_domctl, k::Domctl, u);

SAME_SIZE(ppc_readconsole, k::SysctlReadconsole);
SAME_PLACE(ppc_readconsole, k::SysctlReadconsole, clear);
SAME_PLACE(ppc_readconsole, k::SysctlReadconsole, buffer);
SAME_PLACE(ppc_readconsole, k::SysctlReadconsole, count);

SAME_SIZE(ppc_physinfo, k::SysctlPhysinfo);
SAME_PLACE(ppc_physinfo, k::SysctlPhysinfo, threads_per_core);
SAME_PLACE(ppc_physinfo, k::SysctlPhysinfo, cores_per_socket);
SAME_PLACE(ppc_physinfo, k::SysctlPhysinfo, sockets_per_node);
SAME_PLACE(ppc_physinfo, k::SysctlPhysinfo, nr_nodes);
SAME_PLACE(ppc_physinfo, k::SysctlPhysinfo, cpu_khz);
SAME_PLACE(ppc_physinfo, k::SysctlPhysinfo, total_pages);
SAME_PLACE(ppc_physinfo, k::SysctlPhysinfo, free_pages);
SAME_PLACE(ppc_physinfo, k::SysctlPhysinfo, scrub_pages);
SAME_PLACE(ppc_physinfo, k::SysctlPhysinfo, hw_cap);
SAME_PLACE(ppc_physinfo, k::SysctlPhysinfo, max_cpu_id);
SAME_PLACE(ppc_physinfo, k::SysctlPhysinfo, cpu_to_node);

SAME_SIZE(ppc_sched_id, k::SysctlSchedId);
SAME_SIZE(ppc_getdomaininfolist, k::SysctlGetdomaininfolist);
SAME_PLACE(ppc_getdomaininfolist, k::SysctlGetdomaininfolist, first_domain);
SAME_PLACE(ppc_getdomaininfolist, k::SysctlGetdomaininfolist, max_domains);
SAME_PLACE(ppc_getdomaininfolist, k::SysctlGetdomaininfolist, buffer);
SAME_PLACE(ppc_getdomaininfolist, k::SysctlGetdomaininfolist, num_domains);

SAME_SIZE(ppc_getdomaininfo, k::DomctlGetdomaininfo);
SAME_PLACE(ppc_getdomaininfo, k::DomctlGetdomaininfo, domain);
SAME_PLACE(ppc_getdomaininfo, k::DomctlGetdomaininfo, flags);
SAME_PLACE(ppc_getdomaininfo, k::DomctlGetdomaininfo, tot_pages);
SAME_PLACE(ppc_getdomaininfo, k::DomctlGetdomaininfo, max_pages);
SAME_PLACE(ppc_getdomaininfo, k::DomctlGetdomaininfo, shared_info_frame);
SAME_PLACE(ppc_getdomaininfo, k::DomctlGetdomaininfo, cpu_time);
SAME_PLACE(ppc_getdomaininfo, k::DomctlGetdomaininfo, nr_online_vcpus);
SAME_PLACE(ppc_getdomaininfo, k::DomctlGetdomaininfo, max_vcpu_id);
SAME_PLACE(ppc_getdomaininfo, k::DomctlGetdomaininfo, ssidref);
SAME_PLACE(ppc_getdomaininfo, k::DomctlGetdomaininfo, handle);

SAME_SIZE(ppc_getmemlist, k::DomctlGetmemlist);
SAME_PLACE(ppc_getmemlist, k::DomctlGetmemlist, max_pfns);
SAME_PLACE(ppc_getmemlist, k::DomctlGetmemlist, start_pfn);
SAME_PLACE(ppc_getmemlist, k::DomctlGetmemlist, buffer);
SAME_PLACE(ppc_getmemlist, k::DomctlGetmemlist, num_pfns);

SAME_NUMBER(XENCOMM_AREA_MAGIC, k::area_magic);
SAME_NUMBER(XENCOMM_PAGE_SIZE, k::page_size);
SAME_NUMBER(XENCOMM_MAX_DATA_PAGES, k::max_area_pages - 1);
SAME_SIZE(xencomm_area_header, k::AreaHeader);
SAME_PLACE(xencomm_area_header, k::AreaHeader, magic);
SAME_PLACE(xencomm_area_header, k::AreaHeader, nr_pages);
SAME_PLACE(xencomm_area_header, k::AreaHeader, virt_base);
SAME_PLACE(xencomm_area_header, k::AreaHeader, phys_base);

/* The same bytes for 32-bit programs: they are compiled for one, too. */
static_assert(sizeof(struct xencomm_call) == 56 && offsetof(struct xencomm_call, argument) == 8 &&
	      offsetof(struct xencomm_call, result) == 48);
static_assert(sizeof(struct xencomm_info) == 16 && sizeof(struct xencomm_create) == 8);

} // namespace
