// SPDX-License-Identifier: GPL-2.0
/*
 * Hypercalls of a process that are let through, on Xen/PPC: numbers, structures, lists and
 * lists in lists, small and of many pages.  What comes back is compared with what is known
 * by other ways, and what was not asked for is left alone.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "peer.h"
#include "workload.h"

#define UNTOUCHED 0x5a
#define MARGIN 64
/* More frames than one descriptor's pages hold: 2.5 MB. */
#define FRAMES (320u << 10)

static int device;

static void version(void)
{
	char text[16 + MARGIN], known[64] = "";
	int number = hypercall(device, CALL_XEN_VERSION, 0, 0, 0);
	FILE *file = fopen("/sys/hypervisor/version/extra", "r");

	if (number != 3 << 16)
		fail("version: %#x", number);
	memset(text, UNTOUCHED, sizeof(text));
	check_errno(!hypercall(device, CALL_XEN_VERSION, 1, (uintptr_t)text, 0), "extraversion");
	check_errno(file && fgets(known, sizeof(known), file), "/sys/hypervisor/version/extra");
	fclose(file);
	known[strcspn(known, "\n")] = 0;
	if (strncmp(text, known, 16))
		fail("extraversion is %.16s, and %s in sysfs", text, known);
	for (int i = 16; i < 16 + MARGIN; i++)
		if (text[i] != UNTOUCHED)
			fail("extraversion wrote to byte %d", i);
}

/* This domain in the list of all, its memory told by another call as well. */
static uint64_t domains(void)
{
	struct domain_info info[3];
	struct sysctl list = {.command = SYSCTL_DOMAINS, .version = SYSCTL_VERSION};
	uint16_t self[4] = {DOMID_OWN};
	int pages = hypercall(device, CALL_MEMORY_OP, 3, (uintptr_t)self, 0);

	memset(info, UNTOUCHED, sizeof(info));
	list.domains.most = 1;
	list.domains.buffer = (uintptr_t)&info[1];
	check_errno(!hypercall(device, CALL_SYSCTL, (uintptr_t)&list, 0, 0), "getdomaininfolist");
	if (list.domains.count != 1 || list.domains.buffer != (uintptr_t)&info[1])
		fail("getdomaininfolist: %u domains", list.domains.count);
	if (info[1].domain != 0 || pages <= 0 || info[1].pages != (uint64_t)pages)
		fail("domain %u has %llu pages, %d by current_reservation", info[1].domain,
		     (unsigned long long)info[1].pages, pages);
	if (info[0].domain != UNTOUCHED * 0x101 || info[2].domain != UNTOUCHED * 0x101)
		fail("getdomaininfolist wrote beside its buffer");
	return info[1].pages;
}

/* More than one call's descriptor can say is refused; a piece is the whole's beginning. */
static void frames(uint64_t pages)
{
	uint64_t *list = malloc((FRAMES + 1) * sizeof(*list)), first;
	struct domctl memory = {.command = DOMCTL_MEMLIST, .version = DOMCTL_VERSION};
	uint32_t asked = pages < 200000 ? (uint32_t)pages : 200000;

	check_errno(list != NULL, "malloc");
	memset(list, UNTOUCHED, (FRAMES + 1) * sizeof(*list));
	memory.memlist.most = asked;
	memory.memlist.buffer = (uintptr_t)list;
	check_errno(!hypercall(device, CALL_DOMCTL, (uintptr_t)&memory, 0, 0), "getmemlist");
	if (memory.memlist.count != asked || list[asked] != UNTOUCHED * 0x0101010101010101ull)
		fail("getmemlist: %llu of %u frames", (unsigned long long)memory.memlist.count,
		     asked);
	first = list[0];
	memory.memlist.most = FRAMES;
	memory.memlist.buffer = (uintptr_t)list;
	if (hypercall(device, CALL_DOMCTL, (uintptr_t)&memory, 0, 0) != -1 || errno != E2BIG)
		fail("getmemlist into %u frames: %s", FRAMES, strerror(errno));
	memory.memlist.most = 1;
	memory.memlist.buffer = (uintptr_t)(list + 9);
	check_errno(!hypercall(device, CALL_DOMCTL, (uintptr_t)&memory, 0, 0),
		    "a short getmemlist");
	if (memory.memlist.count != 1 || list[9] != first)
		fail("a short getmemlist: frame %#llx, not %#llx", (unsigned long long)list[9],
		     (unsigned long long)first);
	free(list);
}

void step_privcmd(void)
{
	uint64_t pages;

	device = open("/dev/xen/privcmd", O_RDWR);
	check_errno(device >= 0, "/dev/xen/privcmd");
	version();
	pages = domains();
	frames(pages);
	close(device);
	figure("pages", pages);
}
