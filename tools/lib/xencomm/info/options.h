/* SPDX-License-Identifier: GPL-2.0 */
/* The command line. */
#ifndef XENCOMM_INFO_OPTIONS_H
#define XENCOMM_INFO_OPTIONS_H

#include <stdint.h>
#include <stdio.h>
#include <xencomm.h>

#include "section.h"

/* Exit statuses. */
enum {
	GO_ON = -1, /* none yet */
	GOOD = 0,
	FAILED = 1,
	USAGE = 2,
	ABSENT_HERE = 3, /* a section asked for by name that this hypervisor does not have */
};

struct options {
	enum xencomm_scheme scheme;
	int parsable;
	int every_frame;
	uint16_t domain;
	uint64_t frames;
	const struct section *chosen[NR_SECTIONS]; /* in order, NULL behind the last */
	int all;				   /* none was named */
};

/**
 * read_options - the command line, checked
 * @out, @err: for help and complaints
 *
 * Return: GO_ON, GOOD after help, or USAGE.
 */
int read_options(struct options *options, int argc, char **argv, FILE *out, FILE *err);

#endif
