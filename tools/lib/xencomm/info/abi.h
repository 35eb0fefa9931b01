/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What the tool asks a hypervisor, in one form for all of them.
 *
 * An ABI layer knows the structures and numbers of one version of sysctl and domctl, and
 * fills the structures below.  xen_version has not changed in all the years and is asked
 * directly.
 */
#ifndef XENCOMM_INFO_ABI_H
#define XENCOMM_INFO_ABI_H

#include <stddef.h>
#include <stdint.h>
#include <xencomm.h>

/* Hypercalls, the same on all architectures. */
#define CALL_XEN_VERSION 17
#define CALL_SYSCTL 35
#define CALL_DOMCTL 36

/* The machine.  A field that an ABI does not have is ABSENT. */
#define ABSENT UINT64_MAX
#define NR_HW_CAPS 8

struct physinfo {
	uint64_t nr_cpus; /* on ppc: what the topology multiplies to */
	uint64_t max_cpu_id;
	uint64_t nr_nodes;
	uint64_t sockets_per_node;
	uint64_t cores_per_socket;
	uint64_t threads_per_core;
	uint64_t cpu_khz;
	uint64_t total_pages;
	uint64_t free_pages;
	uint64_t scrub_pages;
	uint64_t outstanding_pages;
	uint64_t max_mfn;
	uint64_t capabilities; /* PHYSCAP_* */
	uint32_t hw_caps[NR_HW_CAPS];
};

enum {
	PHYSCAP_HVM = 1 << 0,
	PHYSCAP_PV = 1 << 1,
	PHYSCAP_DIRECTIO = 1 << 2,
	PHYSCAP_HAP = 1 << 3,
	PHYSCAP_SHADOW = 1 << 4,
	PHYSCAP_IOMMU_HAP_PT_SHARE = 1 << 5,
	PHYSCAP_VMTRACE = 1 << 6,
	PHYSCAP_VPMU = 1 << 7,
	PHYSCAP_GNTTAB_V1 = 1 << 8,
	PHYSCAP_GNTTAB_V2 = 1 << 9,
};

/* A domain. */
enum {
	DOMAIN_DYING = 1 << 0,
	DOMAIN_HVM = 1 << 1,
	DOMAIN_SHUTDOWN = 1 << 2,
	DOMAIN_PAUSED = 1 << 3,
	DOMAIN_BLOCKED = 1 << 4,
	DOMAIN_RUNNING = 1 << 5,
	DOMAIN_DEBUGGED = 1 << 6,
};

#define SHUTDOWN_CRASH 3 /* a reason */

struct domain {
	uint16_t id;
	uint32_t flags; /* DOMAIN_* */
	uint32_t shutdown_reason;
	uint64_t total_pages;
	uint64_t max_pages;
	uint64_t outstanding_pages; /* or ABSENT */
	uint64_t shared_info_frame;
	uint64_t cpu_time; /* ns */
	uint32_t vcpus;	   /* online */
	uint32_t max_vcpu_id;
	uint32_t ssidref;
	uint8_t handle[16];
};

/* Frames of a domain. */
struct memlist {
	uint64_t *frames; /* by malloc() */
	size_t count;
	size_t asked;	/* count == asked: there may be more */
	int by_guest;	/* frames[i] is of guest frame i, and NO_FRAME if there is none */
};

#define NO_FRAME UINT64_MAX

struct abi {
	const char *name;
	uint32_t sysctl_version;
	uint32_t domctl_version;
	uint64_t memlist_max; /* frames that one call gives at most */

	/* Each returns 0, or -1 and errno, and frees nothing that its caller owns. */
	int (*physinfo)(struct xencomm *xen, struct physinfo *info);
	int (*scheduler)(struct xencomm *xen, uint32_t *id);
	/* The domains from a number on, at most @room of them; their number is in @count. */
	int (*domains)(struct xencomm *xen, uint16_t first, size_t room, struct domain *domains,
		       size_t *count);
	/*
	 * The console ring's text from the start.  @bytes is at first the room, then what
	 * was written there; a full room may mean that there is more.
	 */
	int (*console)(struct xencomm *xen, char *text, size_t *bytes);
	/* list->asked is the caller's; the rest is filled in. */
	int (*memlist)(struct xencomm *xen, uint16_t domain, struct memlist *list);
};

/* Xen/PPC of 2007. */
extern const struct abi abi_ppc;
/* Xen on x86-64, as in the headers at build time. */
extern const struct abi abi_x86;

/**
 * abi_here - the layer for this machine
 */
const struct abi *abi_here(void);

/*
 * An area with the structure of a call and what that points to.
 */
struct request {
	struct xencomm *xen;
	struct xencomm_area *area;
	void *argument;
	void *data; /* page aligned; NULL without bytes */
};

/**
 * request_begin - memory for a call
 *
 * Return: 0, or -1 and errno.
 */
int request_begin(struct request *request, struct xencomm *xen, size_t argument_bytes,
		  size_t data_bytes);

/**
 * request_make - call with the argument alone
 *
 * Return: as xencomm_call().
 */
long request_make(const struct request *request, uint64_t call);

/**
 * request_end - free the memory; errno stays
 */
void request_end(struct request *request);

#endif
