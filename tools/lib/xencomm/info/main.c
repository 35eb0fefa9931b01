// SPDX-License-Identifier: GPL-2.0
/*
 * xencomm-info: what a hypervisor says of itself, its machine and its domains.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "info.h"
#include "options.h"
#include "section.h"

int main(int argc, char **argv)
{
	struct options options;
	struct xencomm *xen;
	int status = read_options(&options, argc, argv, stdout, stderr);

	if (status != GO_ON)
		return status;
	xen = xencomm_open(options.scheme);
	if (!xen) {
		fprintf(stderr, "xencomm-info: scheme %s: %s\n",
			xencomm_scheme_name(options.scheme), strerror(errno));
		return FAILED;
	}
	status = print_info(&options, xen, abi_here(), stdout, stderr);
	if (xencomm_close(xen) != 0) {
		fprintf(stderr, "xencomm-info: close: %s\n", strerror(errno));
		status = FAILED;
	}
	if (fflush(stdout) != 0 || ferror(stdout)) {
		fprintf(stderr, "xencomm-info: output: %s\n", strerror(errno));
		status = FAILED;
	}
	return status;
}
