// SPDX-License-Identifier: GPL-2.0
/*
 * The ABI layer for Xen on x86-64, with the structures of Xen's own headers (libxen-dev).
 *
 * getmemlist has left Xen's headers with the security updates of 4.17; its number and its
 * structure stand here, and a hypervisor without it answers with an error.
 */
#include <errno.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#define __XEN_TOOLS__ 1
#include <xen/xen.h>
#include <xen/domctl.h>
#include <xen/sysctl.h>

#include "abi.h"

#define DOMCTL_GETMEMLIST 6
/* Hypervisors that have it refuse more, because they cannot interrupt it. */
#define MEMLIST_MAX (1u << 20)

/* Parameters of getmemlist, at the place of the union in a domctl. */
struct x86_getmemlist {
	xencomm_u64 max_pfns;
	xencomm_u64 start_pfn;
	xencomm_handle buffer; /* out, u64 each, in the order of the hypervisor's own list */
	xencomm_u64 num_pfns;
};

static struct xen_sysctl *sysctl_begin(struct request *request, struct xencomm *xen, uint32_t cmd,
				       size_t data_bytes)
{
	struct xen_sysctl *op;

	if (request_begin(request, xen, sizeof(*op), data_bytes) != 0)
		return NULL;
	op = request->argument;
	op->cmd = cmd;
	op->interface_version = XEN_SYSCTL_INTERFACE_VERSION;
	return op;
}

static int x86_physinfo(struct xencomm *xen, struct physinfo *info)
{
	struct request request;
	struct xen_sysctl *op = sysctl_begin(&request, xen, XEN_SYSCTL_physinfo, 0);
	long result;

	if (!op)
		return -1;
	result = request_make(&request, CALL_SYSCTL);
	if (result >= 0) {
		const struct xen_sysctl_physinfo *from = &op->u.physinfo;

		*info = (struct physinfo){
			.nr_cpus = from->nr_cpus,
			.max_cpu_id = from->max_cpu_id,
			.nr_nodes = from->nr_nodes,
			.sockets_per_node = ABSENT,
			.cores_per_socket = from->cores_per_socket,
			.threads_per_core = from->threads_per_core,
			.cpu_khz = from->cpu_khz,
			.total_pages = from->total_pages,
			.free_pages = from->free_pages,
			.scrub_pages = from->scrub_pages,
			.outstanding_pages = from->outstanding_pages,
			.max_mfn = from->max_mfn,
			.capabilities = from->capabilities,
		};
		memcpy(info->hw_caps, from->hw_cap, sizeof(info->hw_caps));
	}
	request_end(&request);
	return result < 0 ? -1 : 0;
}

/* The bits of abi.h are Xen's. */
_Static_assert(XEN_SYSCTL_PHYSCAP_hvm == PHYSCAP_HVM, "capabilities");
_Static_assert(XEN_SYSCTL_PHYSCAP_pv == PHYSCAP_PV, "capabilities");
_Static_assert(XEN_SYSCTL_PHYSCAP_directio == PHYSCAP_DIRECTIO, "capabilities");
_Static_assert(XEN_SYSCTL_PHYSCAP_hap == PHYSCAP_HAP, "capabilities");
_Static_assert(XEN_SYSCTL_PHYSCAP_shadow == PHYSCAP_SHADOW, "capabilities");
_Static_assert(XEN_SYSCTL_PHYSCAP_iommu_hap_pt_share == PHYSCAP_IOMMU_HAP_PT_SHARE, "capabilities");
_Static_assert(XEN_SYSCTL_PHYSCAP_vmtrace == PHYSCAP_VMTRACE, "capabilities");
_Static_assert(XEN_SYSCTL_PHYSCAP_vpmu == PHYSCAP_VPMU, "capabilities");
_Static_assert(XEN_SYSCTL_PHYSCAP_gnttab_v1 == PHYSCAP_GNTTAB_V1, "capabilities");
_Static_assert(XEN_SYSCTL_PHYSCAP_gnttab_v2 == PHYSCAP_GNTTAB_V2, "capabilities");
_Static_assert(XEN_DOMINF_dying == DOMAIN_DYING, "flags");
_Static_assert(XEN_DOMINF_hvm_guest == DOMAIN_HVM, "flags");
_Static_assert(XEN_DOMINF_shutdown == DOMAIN_SHUTDOWN, "flags");
_Static_assert(XEN_DOMINF_paused == DOMAIN_PAUSED, "flags");
_Static_assert(XEN_DOMINF_blocked == DOMAIN_BLOCKED, "flags");
_Static_assert(XEN_DOMINF_running == DOMAIN_RUNNING, "flags");
_Static_assert(XEN_DOMINF_debugged == DOMAIN_DEBUGGED, "flags");

static int x86_scheduler(struct xencomm *xen, uint32_t *id)
{
	struct request request;
	struct xen_sysctl *op = sysctl_begin(&request, xen, XEN_SYSCTL_sched_id, 0);
	long result;

	if (!op)
		return -1;
	result = request_make(&request, CALL_SYSCTL);
	if (result >= 0)
		*id = op->u.sched_id.sched_id;
	request_end(&request);
	return result < 0 ? -1 : 0;
}

static void domain_of(struct domain *to, const struct xen_domctl_getdomaininfo *from)
{
	*to = (struct domain){
		.id = from->domain,
		.flags = from->flags & 0x7f,
		.shutdown_reason = from->flags >> XEN_DOMINF_shutdownshift &
				   XEN_DOMINF_shutdownmask,
		.total_pages = from->tot_pages,
		.max_pages = from->max_pages,
		.outstanding_pages = from->outstanding_pages,
		.shared_info_frame = from->shared_info_frame,
		.cpu_time = from->cpu_time,
		.vcpus = from->nr_online_vcpus,
		.max_vcpu_id = from->max_vcpu_id,
		.ssidref = from->ssidref,
	};
	memcpy(to->handle, from->handle, sizeof(to->handle));
}

static int x86_domains(struct xencomm *xen, uint16_t first, size_t room, struct domain *domains,
		       size_t *count)
{
	struct xen_domctl_getdomaininfo *list;
	struct request request;
	struct xen_sysctl *op = sysctl_begin(&request, xen, XEN_SYSCTL_getdomaininfolist,
					     room * sizeof(*list));
	long result;
	size_t i;

	if (!op)
		return -1;
	list = request.data;
	op->u.getdomaininfolist.first_domain = first;
	op->u.getdomaininfolist.max_domains = (uint32_t)room;
	set_xen_guest_handle(op->u.getdomaininfolist.buffer, list);
	result = request_make(&request, CALL_SYSCTL);
	if (result >= 0 && op->u.getdomaininfolist.num_domains > room) {
		errno = EPROTO;
		result = -1;
	}
	if (result >= 0) {
		*count = op->u.getdomaininfolist.num_domains;
		for (i = 0; i < *count; i++)
			domain_of(&domains[i], &list[i]);
	}
	request_end(&request);
	return result < 0 ? -1 : 0;
}

static int x86_console(struct xencomm *xen, char *text, size_t *bytes)
{
	struct request request;
	struct xen_sysctl *op = sysctl_begin(&request, xen, XEN_SYSCTL_readconsole, *bytes);
	char *data;
	long result;

	if (!op)
		return -1;
	data = request.data;
	set_xen_guest_handle(op->u.readconsole.buffer, data);
	op->u.readconsole.count = (uint32_t)*bytes;
	result = request_make(&request, CALL_SYSCTL);
	if (result >= 0 && op->u.readconsole.count > *bytes) {
		errno = EPROTO;
		result = -1;
	}
	if (result >= 0) {
		*bytes = op->u.readconsole.count;
		memcpy(text, data, *bytes);
	}
	request_end(&request);
	return result < 0 ? -1 : 0;
}

static int x86_memlist(struct xencomm *xen, uint16_t domain, struct memlist *list)
{
	struct x86_getmemlist *memlist;
	struct request request;
	struct xen_domctl *op;
	long result;

	if (request_begin(&request, xen, sizeof(*op), list->asked * sizeof(*list->frames)) != 0)
		return -1;
	op = request.argument;
	op->cmd = DOMCTL_GETMEMLIST;
	op->interface_version = XEN_DOMCTL_INTERFACE_VERSION;
	op->domain = domain;
	_Static_assert(sizeof(*memlist) <= sizeof(op->u), "room for the parameters");
	memlist = (void *)&op->u;
	memlist->max_pfns = list->asked;
	memlist->buffer = xencomm_ptr(request.data);
	result = request_make(&request, CALL_DOMCTL);
	if (result >= 0 && memlist->num_pfns > list->asked) {
		errno = EPROTO;
		result = -1;
	}
	if (result >= 0) {
		list->count = (size_t)memlist->num_pfns;
		list->by_guest = 0;
		list->frames = calloc(list->count ? list->count : 1, sizeof(*list->frames));
		if (!list->frames)
			result = -1;
	}
	if (result >= 0)
		memcpy(list->frames, request.data, list->count * sizeof(*list->frames));
	request_end(&request);
	return result < 0 ? -1 : 0;
}

const struct abi abi_x86 = {
	.name = "x86",
	.sysctl_version = XEN_SYSCTL_INTERFACE_VERSION,
	.domctl_version = XEN_DOMCTL_INTERFACE_VERSION,
	.memlist_max = MEMLIST_MAX,
	.physinfo = x86_physinfo,
	.scheduler = x86_scheduler,
	.domains = x86_domains,
	.console = x86_console,
	.memlist = x86_memlist,
};
