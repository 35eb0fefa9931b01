// SPDX-License-Identifier: GPL-2.0
/*
 * Counts calls of watched functions of Xen; see watch.h.
 *
 * Limits: one processor; a watched function is counted where its first
 * instruction lies, so code that jumps past that is missed.  What is counted
 * is checked against the transitions by the reader of the results.
 */
#include <errno.h>
#include <inttypes.h>
#include <stdbool.h>
#include <string.h>

#include "fail.h"
#include "tcg_plugin.h"
#include "watch.h"

enum { MAX_WATCHES = 256, NAME_SIZE = 64 };

/* What a watched address means; the letters are those of the watch file. */
enum role {
	GATE = 'G',		/* dispatcher of hypercalls */
	MULTICALL_GATE = 'M',	/* dispatcher of one entry of a multicall */
	HYPERCALL = 'H',	/* function that performs a hypercall */
	EVENT = 'E',		/* anything else worth counting */
};

enum armed { NOT_ARMED, FOR_HYPERCALL, FOR_SUBOPERATION };

struct watch {
	uint64_t address;
	enum role role;
	uint64_t calls;		/* HYPERCALL: transitions of its own; else: visits */
	uint64_t suboperations;
	char name[NAME_SIZE];
};

static struct watch watches[MAX_WATCHES];
static size_t nr_watches;
static uint64_t unnamed_hypercalls;
static enum armed armed;

static void on_watch(unsigned int cpu, void *data)
{
	struct watch *watch = data;

	switch (watch->role) {
	case GATE:
		/* The hypercall before had no function that is watched. */
		if (armed == FOR_HYPERCALL)
			unnamed_hypercalls++;
		armed = FOR_HYPERCALL;
		watch->calls++;
		break;
	case MULTICALL_GATE:
		armed = FOR_SUBOPERATION;
		watch->calls++;
		break;
	case HYPERCALL:
		if (armed == FOR_HYPERCALL)
			watch->calls++;
		else if (armed == FOR_SUBOPERATION)
			watch->suboperations++;
		armed = NOT_ARMED;
		break;
	case EVENT:
		watch->calls++;
		break;
	}
}

void watch_translate(struct qemu_plugin_insn *insn, uint64_t address)
{
	for (size_t i = 0; i < nr_watches; i++) {
		if (watches[i].address == address)
			qemu_plugin_register_vcpu_insn_exec_cb(insn, on_watch,
							       QEMU_PLUGIN_CB_NO_REGS,
							       &watches[i]);
	}
}

void watch_reset(void)
{
	for (size_t i = 0; i < nr_watches; i++)
		watches[i].calls = watches[i].suboperations = 0;
	unnamed_hypercalls = 0;
	armed = NOT_ARMED;
}

static void write_role(FILE *out, const char *key, enum role role, bool suboperations)
{
	const char *separator = "";

	fprintf(out, ", \"%s\": {", key);
	for (size_t i = 0; i < nr_watches; i++) {
		uint64_t n = suboperations ? watches[i].suboperations : watches[i].calls;

		if (watches[i].role != role || !n)
			continue;
		fprintf(out, "%s\"%s\": %" PRIu64, separator, watches[i].name, n);
		separator = ", ";
	}
	fputs("}", out);
}

void watch_write(FILE *out)
{
	/* The last hypercall of all may be one without a watched function. */
	if (armed == FOR_HYPERCALL)
		unnamed_hypercalls++;
	armed = NOT_ARMED;
	write_role(out, "gates", GATE, false);
	write_role(out, "hypercalls", HYPERCALL, false);
	write_role(out, "suboperations", HYPERCALL, true);
	write_role(out, "events", EVENT, false);
	fprintf(out, ", \"unnamed\": %" PRIu64, unnamed_hypercalls);
}

void watch_load(const char *path)
{
	FILE *file = fopen(path, "r");
	int fields;
	char role;

	if (!file)
		fail(path, strerror(errno));
	for (;;) {
		struct watch *watch = &watches[nr_watches];

		if (nr_watches == MAX_WATCHES)
			fail(path, "too many watched functions");
		fields = fscanf(file, "%" SCNx64 " %c %63s", &watch->address, &role, watch->name);
		if (fields != 3)
			break;
		watch->role = (enum role)role;
		nr_watches++;
	}
	if (fields != EOF || ferror(file))
		fail(path, "malformed");
	fclose(file);
}

int watch_any(void)
{
	return nr_watches != 0;
}
