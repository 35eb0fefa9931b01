/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A hypervisor behind the tests' kernel, for the tool.
 *
 * It knows the structures of both ABIs as numbers from the interface's documents
 * (Documentation/xen/abi-ppc.rst; Xen's public headers), not from the tool's declarations,
 * and it lies on demand.
 */
#ifndef XENCOMM_TEST_HYPERVISOR_H
#define XENCOMM_TEST_HYPERVISOR_H

#include <stddef.h>
#include <stdint.h>

#include "fake.h"

#define MOST_DOMAINS 200

struct known_domain {
	uint16_t id;
	uint32_t flags;
	uint64_t tot_pages, max_pages, outstanding_pages, shared_info_frame, cpu_time;
	uint32_t vcpus;
};

struct hypervisor {
	int x86; /* the other one: ppc */
	struct known_domain domains[MOST_DOMAINS];
	unsigned int nr_domains;
	const char *ring;
	size_t ring_bytes;
	uint64_t frames[64]; /* by guest frame on ppc */
	unsigned int nr_frames;
	uint64_t memlist_limit; /* entries in one call; more is E2BIG */

	/* A call that fails: its number and its command, and how. */
	uint64_t fail_op;
	uint32_t fail_command;
	int fail_with; /* 0: none */

	/* Lies. */
	unsigned int extra_count; /* is added to each count of a sysctl */
	unsigned int extra_frames;
	int same_domain_again;
	unsigned int calls_for_domains;
};

/* The tests' kernel makes its calls to this one from now on. */
void hypervisor_start(struct hypervisor *hypervisor, struct fake *fake, int x86);

#endif
