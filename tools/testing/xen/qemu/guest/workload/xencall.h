/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Hypercalls of a process on Xen/PPC, and the mapping of other domains' frames: layouts
 * and numbers as far as the steps use them.  Handles are 64 bits wide in any process.
 */
#ifndef XENCALL_H
#define XENCALL_H

#include <stdint.h>

#include "xendev.h"

/* Calls by number. */
#define CALL_MEMORY_OP 12u
#define CALL_XEN_VERSION 17u
#define CALL_CONSOLE_IO 18u
#define CALL_GRANT_TABLE_OP 20u
#define CALL_EVENT_CHANNEL_OP 32u
#define CALL_SYSCTL 35u
#define CALL_DOMCTL 36u

#define MEMORY_TRANSLATE 8u
#define SYSCTL_VERSION 4u
#define SYSCTL_DOMAINS 6u
#define DOMCTL_VERSION 5u
#define DOMCTL_MEMLIST 6u

struct memory_translate {
	uint16_t domain, pad[3];
	uint64_t count, from, to;
};
struct sysctl {
	uint32_t command, version;
	union {
		struct {
			uint16_t first, pad0;
			uint32_t most;
			uint64_t buffer;
			uint32_t count, pad1;
		} domains;
		uint64_t u[16];
	};
};
struct domctl {
	uint32_t command, version;
	uint16_t domain, pad[3];
	union {
		struct {
			uint64_t most, start, buffer, count;
		} memlist;
		uint64_t u[16];
	};
};
struct domain_info {
	uint16_t domain, pad0;
	uint32_t flags;
	uint64_t pages, most_pages, shared_info, cpu_ns;
	uint32_t vcpus, last_vcpu, ssid;
	uint8_t handle[16];
	uint32_t pad1;
};

_Static_assert(sizeof(struct memory_translate) == 32, "translate_gpfn_list");
_Static_assert(sizeof(struct sysctl) == 136, "sysctl");
_Static_assert(sizeof(struct domctl) == 144, "domctl");
_Static_assert(sizeof(struct domain_info) == 72, "getdomaininfo");

/* /dev/xen/privcmd: frames of another domain at addresses that its mmap() gave */
struct privcmd_batch {
	int32_t count;
	uint16_t domain;
	uint64_t address;
	uint64_t *frames; /* in and out: with the highest bits set it was not mapped */
};
struct privcmd_batch_v2 {
	uint32_t count;
	uint16_t domain;
	uint64_t address;
	const uint64_t *frames;
	int32_t *errors;
};
#define PRIVCMD_MMAPBATCH _IOC(_IOC_NONE, 'P', 3, sizeof(struct privcmd_batch))
#define PRIVCMD_MMAPBATCH_V2 _IOC(_IOC_NONE, 'P', 4, sizeof(struct privcmd_batch_v2))
#define PRIVCMD_FRAME_ERROR 0xf0000000u

/* /dev/xen/gntdev: mappings of grants; mmap() at the index */
struct gntdev_map {
	uint32_t count, pad;
	uint64_t index;
	struct {
		uint32_t domain, ref;
	} refs[1];
};
struct gntdev_unmap {
	uint64_t index;
	uint32_t count, pad;
};
#define GNTDEV_MAP _IOC(_IOC_NONE, 'G', 0, sizeof(struct gntdev_map))
#define GNTDEV_UNMAP _IOC(_IOC_NONE, 'G', 1, sizeof(struct gntdev_unmap))

_Static_assert(sizeof(struct gntdev_map) == 24, "map_grant_ref");
_Static_assert(sizeof(struct gntdev_unmap) == 16, "unmap_grant_ref");

#endif
