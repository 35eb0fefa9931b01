// SPDX-License-Identifier: GPL-2.0
/* Section physinfo: the machine. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "section.h"

#define PAGES_PER_MIB 256
#define ARRAY_SIZE(array) (sizeof(array) / sizeof((array)[0]))

static const char *scheduler_name(uint32_t id)
{
	static const char *const names[] = {
		[4] = "sedf", [5] = "credit", [6] = "credit2",
		[7] = "arinc653", [8] = "rtds", [9] = "null",
	};

	return id < ARRAY_SIZE(names) && names[id] ? names[id] : "unknown";
}

static void print_capabilities(struct printer *printer, uint64_t bits)
{
	static const struct {
		uint64_t bit;
		const char *name;
	} names[] = {
		{ PHYSCAP_PV, "pv" },
		{ PHYSCAP_HVM, "hvm" },
		{ PHYSCAP_DIRECTIO, "directio" },
		{ PHYSCAP_HAP, "hap" },
		{ PHYSCAP_SHADOW, "shadow" },
		{ PHYSCAP_IOMMU_HAP_PT_SHARE, "iommu_hap_pt_share" },
		{ PHYSCAP_VMTRACE, "vmtrace" },
		{ PHYSCAP_VPMU, "vpmu" },
		{ PHYSCAP_GNTTAB_V1, "gnttab-v1" },
		{ PHYSCAP_GNTTAB_V2, "gnttab-v2" },
	};
	char text[256] = "";
	size_t used = 0;
	size_t i;

	if (bits == ABSENT)
		return;
	for (i = 0; i < ARRAY_SIZE(names); i++)
		if (bits & names[i].bit)
			used += (size_t)snprintf(text + used, sizeof(text) - used, "%s%s",
						 used ? " " : "", names[i].name);
	print_text(printer, "virt_caps", text, sizeof(text));
}

static void print_hw_caps(struct printer *printer, const uint32_t *words)
{
	char text[NR_HW_CAPS * 9 + 1] = "";
	size_t used = 0;
	size_t i;

	for (i = 0; i < NR_HW_CAPS; i++)
		used += (size_t)snprintf(text + used, sizeof(text) - used, "%s%08" PRIx32,
					 i ? ":" : "", words[i]);
	print_text(printer, "hw_caps", text, sizeof(text));
}

int section_physinfo(struct query *query)
{
	struct printer *printer = &query->printer;
	struct physinfo info;
	uint32_t scheduler;
	char mhz[32];

	if (query->abi->physinfo(query->xen, &info) != 0 ||
	    query->abi->scheduler(query->xen, &scheduler) != 0)
		return -1;
	print_section(printer, "physinfo", "Machine");
	print_number(printer, "nr_cpus", info.nr_cpus);
	print_number(printer, "max_cpu_id", info.max_cpu_id);
	print_number(printer, "nr_nodes", info.nr_nodes);
	print_number(printer, "sockets_per_node", info.sockets_per_node);
	print_number(printer, "cores_per_socket", info.cores_per_socket);
	print_number(printer, "threads_per_core", info.threads_per_core);
	snprintf(mhz, sizeof(mhz), "%" PRIu64 ".%03" PRIu64, info.cpu_khz / 1000,
		 info.cpu_khz % 1000);
	print_text(printer, "cpu_mhz", mhz, sizeof(mhz));
	print_hw_caps(printer, info.hw_caps);
	print_capabilities(printer, info.capabilities);
	print_number(printer, "total_mib", info.total_pages / PAGES_PER_MIB);
	print_number(printer, "free_mib",
		     (info.free_pages -
		      (info.outstanding_pages == ABSENT ? 0 : info.outstanding_pages)) /
			     PAGES_PER_MIB);
	print_number(printer, "total_pages", info.total_pages);
	print_number(printer, "free_pages", info.free_pages);
	print_number(printer, "scrub_pages", info.scrub_pages);
	print_number(printer, "outstanding_pages", info.outstanding_pages);
	print_hex(printer, "max_mfn", info.max_mfn);
	print_text(printer, "scheduler", scheduler_name(scheduler), 16);
	return 0;
}
