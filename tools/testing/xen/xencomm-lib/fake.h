/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A kernel for the library: files, mappings and hypercalls behind its table.
 *
 * Memory is real.  Everything else is as the test says; each service can fail at a chosen
 * moment, and what is open, mapped or allocated is counted.
 */
#ifndef XENCOMM_TEST_FAKE_H
#define XENCOMM_TEST_FAKE_H

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "sys.h"

enum fake_device { NO_DEVICE, PAGE_DEVICE, PRIVCMD, BUFFER_DEVICE };
#define NR_FILES 40
#define NR_MAPS 80

struct fake_map {
	unsigned char *at; /* NULL: unused */
	size_t bytes;
	int protection;
	int fd; /* -1: no file */
	int locked;
	int not_forked;
};

struct fake_file {
	enum fake_device device; /* NO_DEVICE: not open */
	unsigned int data_pages;
	int created;
};

struct fake {
	struct xencomm_sys sys;
	int open_error[4]; /* by device; 0: it opens */
	uint32_t version;
	uint32_t max_data_pages;
	pid_t pid;
	struct fake_file files[NR_FILES];
	struct fake_map maps[NR_MAPS];
	long memory; /* allocations */

	unsigned int services; /* asked for so far */
	unsigned int fail_at;  /* the service that fails, counted from 1; 0: none */
	int fail_with;

	/* The last call. */
	int call_fd;
	uint64_t op;
	uint64_t args[5];
	unsigned int calls;
	/* Its answer: a result or a negative errno. */
	long long (*hypercall)(struct fake *fake, uint64_t op, const uint64_t *args);
	int refuse_call; /* an errno: the kernel does not make it */
	void *user;	 /* the test's */
};

void fake_start(struct fake *fake);

/* What is still there: files, mappings, allocations. */
unsigned int fake_open_files(const struct fake *fake);
unsigned int fake_mappings(const struct fake *fake);
int fake_is_clean(const struct fake *fake);

/* The mapping that an address lies in, or NULL. */
const struct fake_map *fake_map_at(const struct fake *fake, const void *at);

#endif
