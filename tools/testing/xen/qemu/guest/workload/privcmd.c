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
#include <sys/mman.h>
#include <unistd.h>

#include "pagemap.h"
#include "peer.h"
#include "workload.h"

#define UNTOUCHED 0x5a
#define UNTOUCHED_WORD (UNTOUCHED * 0x0101010101010101ull)
#define MARGIN 64
/* More frames than one descriptor's pages hold: 2.5 MB. */
#define FRAMES (320u << 10)
/* Pages that one descriptor can say, and what is in them. */
#define PAGES 511u
#define WORDS (PAGE / sizeof(uint64_t))
/* A list that is longer, and has to be divided. */
#define MORE_PAGES 20u
#define DIVIDED ((PAGES + MORE_PAGES - 1) * WORDS)
/*
 * Numbers that a long list repeats.  It is prime: pages of the list have other numbers at the
 * same places, and so have its parts, wherever it is divided.
 */
#define CYCLE 4099u

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

static void getmemlist(uint64_t *list, uint32_t count)
{
	struct domctl memory = {.command = DOMCTL_MEMLIST, .version = DOMCTL_VERSION};

	memory.memlist.most = count;
	memory.memlist.buffer = (uintptr_t)list;
	check_errno(!hypercall(device, CALL_DOMCTL, (uintptr_t)&memory, 0, 0), "getmemlist");
	if (memory.memlist.count != count)
		fail("getmemlist: %llu of %u frames", (unsigned long long)memory.memlist.count,
		     count);
}

/* More than one call's descriptor can say is refused; a piece is the whole's beginning. */
static void frames(uint64_t pages)
{
	uint64_t *list = malloc((FRAMES + 1) * sizeof(*list)), first;
	struct domctl memory = {.command = DOMCTL_MEMLIST, .version = DOMCTL_VERSION};
	uint32_t asked = pages < 200000 ? (uint32_t)pages : 200000;

	check_errno(list != NULL, "malloc");
	memset(list, UNTOUCHED, (FRAMES + 1) * sizeof(*list));
	getmemlist(list, asked);
	if (list[asked] != UNTOUCHED_WORD)
		fail("getmemlist of %u frames wrote behind them", asked);
	first = list[0];
	memory.memlist.most = FRAMES;
	memory.memlist.buffer = (uintptr_t)list;
	if (hypercall(device, CALL_DOMCTL, (uintptr_t)&memory, 0, 0) != -1 || errno != E2BIG)
		fail("getmemlist into %u frames: %s", FRAMES, strerror(errno));
	getmemlist(list + 9, 1);
	if (list[9] != first)
		fail("a short getmemlist: frame %#llx, not %#llx", (unsigned long long)list[9],
		     (unsigned long long)first);
	free(list);
}

static int translate_frames(const uint64_t *from, uint64_t *to, uint64_t count)
{
	struct memory_translate ask = {.domain = DOMID_OWN, .count = count};

	ask.from = (uintptr_t)from;
	ask.to = (uintptr_t)to;
	return hypercall(device, CALL_MEMORY_OP, MEMORY_TRANSLATE, (uintptr_t)&ask, 0);
}

/* What another call says of own frames, by the numbers that the domain has for them. */
static void own_frames(uint64_t *numbers, uint64_t *known)
{
	const int direct = !access("/proc/device-tree/xen/p2m-table", F_OK);

	getmemlist(known, CYCLE);
	for (uint32_t i = 0; i < CYCLE; i++)
		numbers[i] = direct ? known[i] : i;
}

/*
 * Two lists that are each longer than a descriptor can say, and begin at different places of
 * a page: the call is made in parts.  Each number has the answer that a short call gives it.
 *
 * A hypervisor may look through the whole descriptor for each number, which would take
 * seconds.  So the first part lies in frames that follow each other, if there are such, and
 * needs none; the second part has one.  Returns how many lists do.
 */
static int long_lists(const uint64_t *numbers, const uint64_t *known)
{
	int from_row, to_row;
	uint64_t *from = memory_in_a_row(PAGES, MORE_PAGES, &from_row), *asked = from + 3;
	uint64_t *to = memory_in_a_row(PAGES, MORE_PAGES, &to_row), *answer = to + MARGIN / 2;

	for (uint32_t i = 0; i < DIVIDED; i++)
		asked[i] = numbers[i % CYCLE];
	memset(to, UNTOUCHED, (PAGES + MORE_PAGES) * PAGE);
	check_errno(!translate_frames(asked, answer, DIVIDED), "a long translate_gpfn_list");
	for (uint32_t i = 0; i < DIVIDED; i++)
		if (answer[i] != known[i % CYCLE])
			fail("translate_gpfn_list: element %u is frame %#llx, not %#llx", i,
			     (unsigned long long)answer[i],
			     (unsigned long long)known[i % CYCLE]);
	for (uint32_t i = 0; i < MARGIN / 2; i++)
		if (to[i] != UNTOUCHED_WORD || answer[DIVIDED + i] != UNTOUCHED_WORD)
			fail("translate_gpfn_list wrote beside its list");
	check_errno(!munmap(from, (PAGES + MORE_PAGES) * PAGE), "munmap");
	check_errno(!munmap(to, (PAGES + MORE_PAGES) * PAGE), "munmap");
	return from_row + to_row;
}

/* A hypervisor that announces nothing is the one of 2007, or like it. */
static int historical(void)
{
	FILE *features = fopen("/proc/device-tree/xen/features", "r");
	int none = !features || fgetc(features) == EOF;

	if (features)
		fclose(features);
	return none;
}

/* A short call, and one that is divided. */
static void translations(void)
{
	static uint64_t numbers[CYCLE], known[CYCLE], answer[CYCLE];

	own_frames(numbers, known);
	if (historical()) {
		if (translate_frames(numbers, answer, 1) != -1 || errno != EOPNOTSUPP)
			fail("translate_gpfn_list: %s", strerror(errno));
		return;
	}
	check_errno(!translate_frames(numbers, answer, CYCLE), "translate_gpfn_list");
	for (uint32_t i = 0; i < CYCLE; i++)
		if (answer[i] != known[i])
			fail("number %#llx is frame %#llx, and %#llx by getmemlist",
			     (unsigned long long)numbers[i], (unsigned long long)answer[i],
			     (unsigned long long)known[i]);
	figure("in_a_row", (uint64_t)long_lists(numbers, answer));
	figure("translated", DIVIDED);
}

void step_privcmd(void)
{
	uint64_t pages;

	device = open("/dev/xen/privcmd", O_RDWR);
	check_errno(device >= 0, "/dev/xen/privcmd");
	version();
	pages = domains();
	frames(pages);
	figure("pages", pages);
	translations();
	close(device);
}
