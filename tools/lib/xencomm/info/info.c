// SPDX-License-Identifier: GPL-2.0
/* A run of the tool: one section after the other, and what becomes of errors. */
#include <errno.h>
#include <string.h>

#include "info.h"

static void complain(FILE *err, const struct section *section, const struct abi *abi, int error)
{
	fprintf(err, "xencomm-info: %s: %s", section->name, strerror(error));
	if (error == EACCES)
		fprintf(err, "; this tool speaks sysctl version %u and domctl version %u",
			abi->sysctl_version, abi->domctl_version);
	else if (error == E2BIG)
		fprintf(err, "; --frames=COUNT asks for less");
	else if (error == EOPNOTSUPP)
		fprintf(err, "; this hypervisor does not have it");
	fputc('\n', err);
}

int print_info(const struct options *options, struct xencomm *xen, const struct abi *abi, FILE *out,
	       FILE *err)
{
	struct query query = {
		.xen = xen,
		.abi = abi,
		.printer = { .to = out, .parsable = options->parsable },
		.domain = options->domain,
		.frames = options->frames,
		.every_frame = options->every_frame,
	};
	int status = GOOD;
	size_t i;

	print_section(&query.printer, "tool", "Tool");
	print_text(&query.printer, "scheme", xencomm_scheme_name(xencomm_scheme(xen)), 16);
	print_text(&query.printer, "abi", abi->name, 16);
	for (i = 0; i < NR_SECTIONS && options->chosen[i]; i++) {
		int error;

		if (options->chosen[i]->print(&query) == 0)
			continue;
		error = errno;
		/* Both streams may be one terminal. */
		fflush(out);
		complain(err, options->chosen[i], abi, error);
		if (error != EOPNOTSUPP)
			status = FAILED;
		else if (!options->all && status == GOOD)
			status = ABSENT_HERE;
	}
	return status;
}
