/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Layouts of Xen/PPC of 2007: sysctl version 4, domctl version 5, as far as they are used.
 *
 * In the machine's byte order.  Every field has its place in 32-bit and 64-bit programs.
 */
#ifndef XENCOMM_INFO_ABI_PPC_H
#define XENCOMM_INFO_ABI_PPC_H

#include <stddef.h>
#include <xencomm.h>

#define PPC_SYSCTL_VERSION 4
#define PPC_DOMCTL_VERSION 5

enum {
	PPC_SYSCTL_READCONSOLE = 1,
	PPC_SYSCTL_PHYSINFO = 3,
	PPC_SYSCTL_SCHED_ID = 4,
	PPC_SYSCTL_GETDOMAININFOLIST = 6,
	PPC_DOMCTL_GETMEMLIST = 6,
};

struct ppc_readconsole {
	uint32_t clear;
	uint32_t pad0;
	xencomm_handle buffer; /* out, bytes, the oldest first */
	uint32_t count;	       /* in: room; out: bytes */
	uint32_t pad1;
};
_Static_assert(sizeof(struct ppc_readconsole) == 24, "readconsole");
_Static_assert(offsetof(struct ppc_readconsole, buffer) == 8, "readconsole");

struct ppc_physinfo {
	uint32_t threads_per_core;
	uint32_t cores_per_socket;
	uint32_t sockets_per_node;
	uint32_t nr_nodes;
	uint32_t cpu_khz;
	uint32_t pad0;
	xencomm_u64 total_pages;
	xencomm_u64 free_pages;
	xencomm_u64 scrub_pages; /* not filled in */
	uint32_t hw_cap[8];	 /* zero */
	uint32_t max_cpu_id;	 /* not filled in */
	uint32_t pad1;
	xencomm_handle cpu_to_node; /* not looked at */
};
_Static_assert(sizeof(struct ppc_physinfo) == 96, "physinfo");
_Static_assert(offsetof(struct ppc_physinfo, total_pages) == 24, "physinfo");
_Static_assert(offsetof(struct ppc_physinfo, cpu_to_node) == 88, "physinfo");

struct ppc_sched_id {
	uint32_t sched_id;
};

struct ppc_getdomaininfolist {
	uint16_t first_domain;
	uint16_t pad0;
	uint32_t max_domains;
	xencomm_handle buffer; /* out, struct ppc_getdomaininfo each */
	uint32_t num_domains;
	uint32_t pad1;
};
_Static_assert(sizeof(struct ppc_getdomaininfolist) == 24, "getdomaininfolist");
_Static_assert(offsetof(struct ppc_getdomaininfolist, buffer) == 8, "getdomaininfolist");

struct ppc_getdomaininfo {
	uint16_t domain;
	uint16_t pad0;
	uint32_t flags; /* as DOMAIN_*; bits 16..23: the reason of a shutdown */
	xencomm_u64 tot_pages;
	xencomm_u64 max_pages;
	xencomm_u64 shared_info_frame;
	xencomm_u64 cpu_time;
	uint32_t nr_online_vcpus;
	uint32_t max_vcpu_id;
	uint32_t ssidref;
	uint8_t handle[16];
	uint32_t pad1;
};
_Static_assert(sizeof(struct ppc_getdomaininfo) == 72, "getdomaininfo");
_Static_assert(offsetof(struct ppc_getdomaininfo, cpu_time) == 32, "getdomaininfo");
_Static_assert(offsetof(struct ppc_getdomaininfo, handle) == 52, "getdomaininfo");

struct ppc_getmemlist {
	xencomm_u64 max_pfns;
	xencomm_u64 start_pfn; /* not looked at: the list begins at 0 */
	xencomm_handle buffer; /* out, u64 each, by guest frame */
	xencomm_u64 num_pfns;  /* out */
};
_Static_assert(sizeof(struct ppc_getmemlist) == 32, "getmemlist");

/* In a getmemlist: no frame here. */
#define PPC_HOLE 0xffffffffu

struct ppc_sysctl {
	uint32_t cmd;
	uint32_t interface_version;
	union {
		struct ppc_readconsole readconsole;
		struct ppc_physinfo physinfo;
		struct ppc_sched_id sched_id;
		struct ppc_getdomaininfolist getdomaininfolist;
		xencomm_u64 room[16];
	} u;
};
_Static_assert(sizeof(struct ppc_sysctl) == 136, "sysctl");
_Static_assert(offsetof(struct ppc_sysctl, u) == 8, "sysctl");

struct ppc_domctl {
	uint32_t cmd;
	uint32_t interface_version;
	uint16_t domain;
	uint16_t pad[3];
	union {
		struct ppc_getmemlist getmemlist;
		xencomm_u64 room[16];
	} u;
};
_Static_assert(sizeof(struct ppc_domctl) == 144, "domctl");
_Static_assert(offsetof(struct ppc_domctl, u) == 16, "domctl");

#endif
