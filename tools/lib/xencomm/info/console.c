// SPDX-License-Identifier: GPL-2.0
/* Section console: what the hypervisor has printed, as far as it kept it. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "section.h"

#define FIRST_ROOM ((size_t)32 << 10)
#define LAST_ROOM ((size_t)64 << 20)

/* The whole ring, by malloc(). */
static char *read_ring(struct query *query, size_t *bytes)
{
	size_t room = FIRST_ROOM;
	char *text = NULL;

	for (;;) {
		char *more = realloc(text, room);

		if (!more)
			break;
		text = more;
		*bytes = room;
		if (query->abi->console(query->xen, text, bytes) != 0)
			break;
		if (*bytes < room)
			return text;
		/* There may be more.  A room that no area serves is the end of it. */
		if (room >= LAST_ROOM || 2 * room + 4096 > xencomm_area_max(query->xen))
			return text;
		room *= 2;
	}
	free(text);
	return NULL;
}

int section_console(struct query *query)
{
	struct printer *printer = &query->printer;
	uint64_t line = 0;
	size_t bytes = 0;
	size_t at = 0;
	char *text = read_ring(query, &bytes);

	if (!text)
		return -1;
	print_section(printer, "console", "Console");
	if (printer->parsable)
		print_number(printer, "bytes", bytes);
	while (at < bytes) {
		const char *end = memchr(text + at, '\n', bytes - at);
		const size_t length = end ? (size_t)(end - text) - at : bytes - at;

		if (printer->parsable)
			fprintf(printer->to, "console.%llu=", (unsigned long long)++line);
		else
			fputs("  ", printer->to);
		/* Some hypervisors end lines in two characters. */
		if (length != 0 && end && end[-1] == '\r')
			print_bytes(printer, text + at, length - 1);
		else
			print_bytes(printer, text + at, length);
		fputc('\n', printer->to);
		at += length + 1;
	}
	free(text);
	return 0;
}
