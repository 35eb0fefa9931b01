/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The sections of what the tool prints.
 */
#ifndef XENCOMM_INFO_SECTION_H
#define XENCOMM_INFO_SECTION_H

#include <stddef.h>
#include <stdint.h>

#include "abi.h"
#include "print.h"

/* What a run was asked for. */
struct query {
	struct xencomm *xen;
	const struct abi *abi;
	struct printer printer;
	uint16_t domain;  /* of memlist */
	uint64_t frames;  /* most of memlist; 0: as many as the domain may have */
	int every_frame;  /* not only their count */
};

/*
 * Each prints its section, or nothing.
 *
 * Return: 0, or -1 and errno.  EOPNOTSUPP: this hypervisor does not have it.
 */
int section_version(struct query *query);
int section_physinfo(struct query *query);
int section_domains(struct query *query);
int section_console(struct query *query);
int section_memlist(struct query *query);

struct section {
	const char *name;
	int (*print)(struct query *query);
};

#define NR_SECTIONS 5
extern const struct section sections[NR_SECTIONS];

/**
 * find_section - by name, or NULL
 */
const struct section *find_section(const char *name);

/**
 * find_domain - a domain by its exact number
 *
 * Return: 0, or -1 with ESRCH and what the call says.
 */
int find_domain(struct query *query, uint16_t id, struct domain *domain);

#endif
