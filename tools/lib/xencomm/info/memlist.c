// SPDX-License-Identifier: GPL-2.0
/* Section memlist: the machine frames of a domain. */
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>

#include "section.h"

/* Entries that are asked for without being told how many: 4 GiB of frames. */
#define AUTOMATIC ((uint64_t)1 << 20)

static uint64_t least(uint64_t a, uint64_t b)
{
	return a < b ? a : b;
}

/* How long a list can be: one by guest frame is as long as the domain's limit. */
static uint64_t most_entries(const struct domain *domain)
{
	return domain->max_pages > domain->total_pages ? domain->max_pages : domain->total_pages;
}

/* How many entries to ask for if nobody said. */
static uint64_t entries_of(const struct query *query, const struct domain *domain)
{
	const uint64_t room = (xencomm_area_max(query->xen) - 4096) / sizeof(uint64_t);

	return least(least(most_entries(domain), AUTOMATIC),
		     least(query->abi->memlist_max, room));
}

static int read_list(struct query *query, struct memlist *list, int *complete)
{
	struct domain domain;
	uint64_t asked = query->frames;
	int status;

	if (find_domain(query, query->domain, &domain) != 0)
		return -1;
	if (asked == 0)
		asked = entries_of(query, &domain);
	if (asked == 0 || asked > SIZE_MAX / sizeof(*list->frames)) {
		errno = asked == 0 ? ENODATA : E2BIG;
		return -1;
	}
	for (;;) {
		list->asked = (size_t)asked;
		status = query->abi->memlist(query->xen, query->domain, list);
		/* The kernel may take less in one call than an area holds. */
		if (status == 0 || errno != E2BIG || query->frames != 0 || asked < 4)
			break;
		asked -= asked / 4;
	}
	*complete = list->count < asked || asked >= most_entries(&domain);
	if (status != 0 && errno == ENOSYS)
		errno = EOPNOTSUPP;
	return status;
}

int section_memlist(struct query *query)
{
	struct printer *printer = &query->printer;
	struct memlist list = { 0 };
	uint64_t lowest = NO_FRAME;
	uint64_t highest = 0;
	uint64_t runs = 0;
	uint64_t there = 0;
	int complete;
	char key[32];
	size_t i;

	if (read_list(query, &list, &complete) != 0)
		return -1;
	for (i = 0; i < list.count; i++) {
		const uint64_t frame = list.frames[i];

		if (frame == NO_FRAME)
			continue;
		there++;
		if (i == 0 || list.frames[i - 1] == NO_FRAME || frame != list.frames[i - 1] + 1)
			runs++;
		if (frame < lowest)
			lowest = frame;
		if (frame > highest)
			highest = frame;
	}
	print_section(printer, "memlist", "Frames");
	print_number(printer, "domain", query->domain);
	print_text(printer, "order", list.by_guest ? "guest" : "list", 8);
	print_number(printer, "entries", list.count);
	print_text(printer, "complete", complete ? "yes" : "no", 4);
	print_number(printer, "frames", there);
	print_number(printer, "runs", runs);
	print_hex(printer, "lowest", lowest);
	if (there != 0)
		print_hex(printer, "highest", highest);
	for (i = 0; query->every_frame && i < list.count; i++) {
		snprintf(key, sizeof(key), "%zu", i);
		if (list.frames[i] == NO_FRAME)
			print_text(printer, key, "none", 4);
		else
			print_hex(printer, key, list.frames[i]);
	}
	free(list.frames);
	return 0;
}
