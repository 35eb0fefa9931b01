// SPDX-License-Identifier: GPL-2.0
/* The ABI layer for Xen/PPC of 2007. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "abi.h"
#include "abi_ppc.h"

#define MEMLIST_MAX 0x7fffffffu /* the hypervisor counts in 31 bits */

static struct ppc_sysctl *sysctl_begin(struct request *request, struct xencomm *xen, uint32_t cmd,
				       size_t data_bytes)
{
	struct ppc_sysctl *op;

	if (request_begin(request, xen, sizeof(*op), data_bytes) != 0)
		return NULL;
	op = request->argument;
	op->cmd = cmd;
	op->interface_version = PPC_SYSCTL_VERSION;
	return op;
}

static int ppc_physinfo(struct xencomm *xen, struct physinfo *info)
{
	struct request request;
	struct ppc_sysctl *op = sysctl_begin(&request, xen, PPC_SYSCTL_PHYSINFO, 0);
	long result;

	if (!op)
		return -1;
	result = request_make(&request, CALL_SYSCTL);
	if (result >= 0) {
		const struct ppc_physinfo *from = &op->u.physinfo;

		*info = (struct physinfo){
			.nr_cpus = (uint64_t)from->threads_per_core * from->cores_per_socket *
				   from->sockets_per_node * from->nr_nodes,
			.max_cpu_id = ABSENT,
			.nr_nodes = from->nr_nodes,
			.sockets_per_node = from->sockets_per_node,
			.cores_per_socket = from->cores_per_socket,
			.threads_per_core = from->threads_per_core,
			.cpu_khz = from->cpu_khz,
			.total_pages = from->total_pages,
			.free_pages = from->free_pages,
			.scrub_pages = ABSENT,
			.outstanding_pages = ABSENT,
			.max_mfn = ABSENT,
			.capabilities = ABSENT,
		};
		memcpy(info->hw_caps, from->hw_cap, sizeof(info->hw_caps));
	}
	request_end(&request);
	return result < 0 ? -1 : 0;
}

static int ppc_scheduler(struct xencomm *xen, uint32_t *id)
{
	struct request request;
	struct ppc_sysctl *op = sysctl_begin(&request, xen, PPC_SYSCTL_SCHED_ID, 0);
	long result;

	if (!op)
		return -1;
	result = request_make(&request, CALL_SYSCTL);
	if (result >= 0)
		*id = op->u.sched_id.sched_id;
	request_end(&request);
	return result < 0 ? -1 : 0;
}

static void domain_of(struct domain *to, const struct ppc_getdomaininfo *from)
{
	*to = (struct domain){
		.id = from->domain,
		.flags = from->flags & 0x7f,
		.shutdown_reason = from->flags >> 16 & 0xff,
		.total_pages = from->tot_pages,
		.max_pages = from->max_pages,
		.outstanding_pages = ABSENT,
		.shared_info_frame = from->shared_info_frame,
		.cpu_time = from->cpu_time,
		.vcpus = from->nr_online_vcpus,
		.max_vcpu_id = from->max_vcpu_id,
		.ssidref = from->ssidref,
	};
	memcpy(to->handle, from->handle, sizeof(to->handle));
}

static int ppc_domains(struct xencomm *xen, uint16_t first, size_t room, struct domain *domains,
		       size_t *count)
{
	const struct ppc_getdomaininfo *list;
	struct request request;
	struct ppc_sysctl *op = sysctl_begin(&request, xen, PPC_SYSCTL_GETDOMAININFOLIST,
					     room * sizeof(*list));
	long result;
	size_t i;

	if (!op)
		return -1;
	list = request.data;
	op->u.getdomaininfolist.first_domain = first;
	op->u.getdomaininfolist.max_domains = (uint32_t)room;
	op->u.getdomaininfolist.buffer = xencomm_ptr(list);
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

static int ppc_console(struct xencomm *xen, char *text, size_t *bytes)
{
	struct request request;
	struct ppc_sysctl *op = sysctl_begin(&request, xen, PPC_SYSCTL_READCONSOLE, *bytes);
	long result;

	if (!op)
		return -1;
	op->u.readconsole.buffer = xencomm_ptr(request.data);
	op->u.readconsole.count = (uint32_t)*bytes;
	result = request_make(&request, CALL_SYSCTL);
	if (result >= 0 && op->u.readconsole.count > *bytes) {
		errno = EPROTO;
		result = -1;
	}
	if (result >= 0) {
		*bytes = op->u.readconsole.count;
		memcpy(text, request.data, *bytes);
	}
	request_end(&request);
	return result < 0 ? -1 : 0;
}

static int ppc_memlist(struct xencomm *xen, uint16_t domain, struct memlist *list)
{
	struct request request;
	struct ppc_domctl *op;
	const uint64_t *frames;
	long result;
	size_t i;

	if (request_begin(&request, xen, sizeof(*op), list->asked * sizeof(*frames)) != 0)
		return -1;
	op = request.argument;
	frames = request.data;
	op->cmd = PPC_DOMCTL_GETMEMLIST;
	op->interface_version = PPC_DOMCTL_VERSION;
	op->domain = domain;
	op->u.getmemlist.max_pfns = list->asked;
	op->u.getmemlist.buffer = xencomm_ptr(frames);
	result = request_make(&request, CALL_DOMCTL);
	if (result >= 0 && op->u.getmemlist.num_pfns > list->asked) {
		errno = EPROTO;
		result = -1;
	}
	if (result >= 0) {
		list->count = (size_t)op->u.getmemlist.num_pfns;
		list->by_guest = 1;
		list->frames = calloc(list->count ? list->count : 1, sizeof(*frames));
		if (!list->frames)
			result = -1;
	}
	for (i = 0; result >= 0 && i < list->count; i++)
		list->frames[i] = frames[i] == PPC_HOLE ? NO_FRAME : frames[i];
	request_end(&request);
	return result < 0 ? -1 : 0;
}

const struct abi abi_ppc = {
	.name = "ppc",
	.sysctl_version = PPC_SYSCTL_VERSION,
	.domctl_version = PPC_DOMCTL_VERSION,
	.memlist_max = MEMLIST_MAX,
	.physinfo = ppc_physinfo,
	.scheduler = ppc_scheduler,
	.domains = ppc_domains,
	.console = ppc_console,
	.memlist = ppc_memlist,
};
