// SPDX-License-Identifier: GPL-2.0
/* Section version: what the hypervisor says of itself. */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "section.h"

/* Commands of xen_version, and what they fill in. */
enum {
	VERSION = 0,
	EXTRAVERSION = 1,
	COMPILE_INFO = 2,
	CAPABILITIES = 3,
	CHANGESET = 4,
	PLATFORM_PARAMETERS = 5,
	GET_FEATURES = 6,
	PAGESIZE = 7,
	COMMANDLINE = 9,
	BUILD_ID = 10,
};

struct compile_info {
	char compiler[64];
	char built_by[16];
	char built_in[32];
	char built_on[32];
};
_Static_assert(sizeof(struct compile_info) == 144, "compile_info");

struct feature_info {
	uint32_t submap_idx;
	uint32_t submap;
};

struct build_id {
	uint32_t len;
	unsigned char buf[60];
};

union answer {
	char extraversion[16];
	struct compile_info compile;
	char capabilities[1024];
	char changeset[64];
	xencomm_u64 virt_start; /* of a 64-bit hypervisor */
	struct feature_info feature;
	char commandline[1024];
	struct build_id build_id;
};

static long ask(struct query *query, uint64_t command, union answer *answer)
{
	return xencomm_hypercall(query->xen, CALL_XEN_VERSION, command, xencomm_ptr(answer));
}

/* The start of an answer: bytes of an earlier one would be taken for its end. */
static void clear(union answer *answer)
{
	memset(answer, 0, sizeof(*answer));
}

/* Whether an error says that a hypervisor of this age does not know a command. */
static int is_unknown(int error)
{
	return error == ENOSYS || error == EINVAL || error == EOPNOTSUPP || error == ENODATA;
}

static int print_compile_info(struct query *query, union answer *answer)
{
	struct printer *printer = &query->printer;
	const struct compile_info *compile = &answer->compile;

	clear(answer);
	if (ask(query, COMPILE_INFO, answer) < 0)
		return -1;
	print_text(printer, "compiler", compile->compiler, sizeof(compile->compiler));
	print_text(printer, "compile_by", compile->built_by, sizeof(compile->built_by));
	print_text(printer, "compile_domain", compile->built_in, sizeof(compile->built_in));
	print_text(printer, "compile_date", compile->built_on, sizeof(compile->built_on));
	return 0;
}

static int print_features(struct query *query, union answer *answer)
{
	clear(answer);
	if (ask(query, GET_FEATURES, answer) < 0)
		return -1;
	print_hex(&query->printer, "features", answer->feature.submap);
	return 0;
}

/* What only younger hypervisors have. */
static int print_younger(struct query *query, union answer *answer)
{
	struct printer *printer = &query->printer;
	char hex[2 * sizeof(answer->build_id.buf) + 1] = "";
	long bytes;
	long i;

	clear(answer);
	if (ask(query, COMMANDLINE, answer) >= 0)
		print_text(printer, "commandline", answer->commandline,
			   sizeof(answer->commandline));
	else if (!is_unknown(errno))
		return -1;

	answer->build_id.len = sizeof(answer->build_id.buf);
	bytes = ask(query, BUILD_ID, answer);
	if (bytes < 0)
		return is_unknown(errno) ? 0 : -1;
	if (bytes > (long)sizeof(answer->build_id.buf))
		bytes = sizeof(answer->build_id.buf);
	for (i = 0; i < bytes; i++)
		snprintf(hex + 2 * i, 3, "%02x", answer->build_id.buf[i]);
	print_text(printer, "build_id", hex, sizeof(hex));
	return 0;
}

static int print_all(struct query *query, union answer *answer)
{
	struct printer *printer = &query->printer;
	char version[64];
	long pagesize;
	long number = xencomm_hypercall(query->xen, CALL_XEN_VERSION, VERSION);

	if (number < 0 || ask(query, EXTRAVERSION, answer) < 0)
		return -1;
	/* The first line that is printed: what fails before it leaves no heading. */
	print_section(printer, "version", "Version");
	print_number(printer, "major", (uint64_t)number >> 16 & 0xffff);
	print_number(printer, "minor", (uint64_t)number & 0xffff);
	print_text(printer, "extra", answer->extraversion, sizeof(answer->extraversion));
	snprintf(version, sizeof(version), "%lu.%lu%.16s", (unsigned long)number >> 16 & 0xffff,
		 (unsigned long)number & 0xffff, answer->extraversion);
	print_text(printer, "version", version, sizeof(version));

	clear(answer);
	if (ask(query, CAPABILITIES, answer) < 0)
		return -1;
	print_text(printer, "capabilities", answer->capabilities, sizeof(answer->capabilities));
	if (print_features(query, answer) != 0)
		return -1;
	pagesize = xencomm_hypercall(query->xen, CALL_XEN_VERSION, PAGESIZE);
	if (pagesize < 0)
		return -1;
	print_number(printer, "pagesize", (uint64_t)pagesize);
	clear(answer);
	if (ask(query, PLATFORM_PARAMETERS, answer) < 0)
		return -1;
	print_hex(printer, "virt_start", answer->virt_start);
	clear(answer);
	if (ask(query, CHANGESET, answer) < 0)
		return -1;
	print_text(printer, "changeset", answer->changeset, sizeof(answer->changeset));
	if (print_compile_info(query, answer) != 0)
		return -1;
	return print_younger(query, answer);
}

int section_version(struct query *query)
{
	union answer *answer = xencomm_alloc(query->xen, sizeof(*answer));
	int result;
	int error;

	if (!answer)
		return -1;
	result = print_all(query, answer);
	error = errno;
	xencomm_free(query->xen, answer);
	errno = error;
	return result;
}
