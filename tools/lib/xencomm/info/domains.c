// SPDX-License-Identifier: GPL-2.0
/* Section domains: all domains, by number. */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>

#include "section.h"

#define PAGES_PER_MIB 256
#define BATCH 64
/* Domain numbers are below. */
#define FIRST_RESERVED 0x7ff0

/* running, blocked, paused, shut down, crashed, dying; in that order */
static void state_of(const struct domain *domain, char state[7])
{
	const int crashed =
		(domain->flags & DOMAIN_SHUTDOWN) && domain->shutdown_reason == SHUTDOWN_CRASH;

	snprintf(state, 7, "%c%c%c%c%c%c", domain->flags & DOMAIN_RUNNING ? 'r' : '-',
		 domain->flags & DOMAIN_BLOCKED ? 'b' : '-',
		 domain->flags & DOMAIN_PAUSED ? 'p' : '-',
		 domain->flags & DOMAIN_SHUTDOWN ? 's' : '-', crashed ? 'c' : '-',
		 domain->flags & DOMAIN_DYING ? 'd' : '-');
}

static uint64_t mib_of(const struct domain *domain)
{
	const uint64_t claimed =
		domain->outstanding_pages == ABSENT ? 0 : domain->outstanding_pages;

	return (domain->total_pages + claimed) / PAGES_PER_MIB;
}

static void print_row(struct printer *printer, const struct domain *domain)
{
	const uint64_t tenths = domain->cpu_time / 100000000;
	char state[7];

	state_of(domain, state);
	fprintf(printer->to, "  %5u %10" PRIu64 " %6" PRIu32 "  %s %8" PRIu64 ".%" PRIu64 "\n",
		domain->id, mib_of(domain), domain->vcpus, state, tenths / 10, tenths % 10);
}

static void print_fields(struct printer *printer, const struct domain *domain)
{
	/* Keys carry the domain's number: a key of all lines occurs once. */
	const unsigned int id = domain->id;
	FILE *to = printer->to;
	char state[7];
	size_t i;

	state_of(domain, state);
	fprintf(to, "domains.%u.mib=%" PRIu64 "\n", id, mib_of(domain));
	fprintf(to, "domains.%u.vcpus=%" PRIu32 "\n", id, domain->vcpus);
	fprintf(to, "domains.%u.state=%s\n", id, state);
	fprintf(to, "domains.%u.cpu_time=%" PRIu64 "\n", id, domain->cpu_time);
	fprintf(to, "domains.%u.total_pages=%" PRIu64 "\n", id, domain->total_pages);
	fprintf(to, "domains.%u.max_pages=%" PRIu64 "\n", id, domain->max_pages);
	fprintf(to, "domains.%u.shared_info_frame=0x%" PRIx64 "\n", id, domain->shared_info_frame);
	fprintf(to, "domains.%u.hvm=%d\n", id, domain->flags & DOMAIN_HVM ? 1 : 0);
	if (domain->flags & DOMAIN_SHUTDOWN)
		fprintf(to, "domains.%u.shutdown_reason=%" PRIu32 "\n", id,
			domain->shutdown_reason);
	fprintf(to, "domains.%u.handle=", id);
	for (i = 0; i < sizeof(domain->handle); i++)
		fprintf(to, "%s%02x", i == 4 || i == 6 || i == 8 || i == 10 ? "-" : "",
			domain->handle[i]);
	fputc('\n', to);
}

int section_domains(struct query *query)
{
	struct printer *printer = &query->printer;
	struct domain domains[BATCH];
	uint64_t total = 0;
	uint32_t first = 0;
	size_t count;
	size_t i;

	do {
		if (query->abi->domains(query->xen, (uint16_t)first, BATCH, domains, &count) != 0)
			return -1;
		if (first == 0) {
			print_section(printer, "domains", "Domains");
			if (!printer->parsable)
				fprintf(printer->to, "  %5s %10s %6s  %-6s %10s\n", "id", "MiB",
					"vcpus", "state", "seconds");
		}
		for (i = 0; i < count; i++) {
			/* They come by number; otherwise this loop might not end. */
			if (domains[i].id < first || domains[i].id >= FIRST_RESERVED) {
				errno = EPROTO;
				return -1;
			}
			first = domains[i].id + 1u;
			total++;
			if (printer->parsable)
				print_fields(printer, &domains[i]);
			else
				print_row(printer, &domains[i]);
		}
	} while (count == BATCH && first < FIRST_RESERVED);
	if (printer->parsable)
		print_number(printer, "count", total);
	return 0;
}

int find_domain(struct query *query, uint16_t id, struct domain *domain)
{
	size_t count;

	if (query->abi->domains(query->xen, id, 1, domain, &count) != 0)
		return -1;
	/* The answer is the domain of that number or the next one. */
	if (count == 1 && domain->id == id)
		return 0;
	errno = ESRCH;
	return -1;
}
