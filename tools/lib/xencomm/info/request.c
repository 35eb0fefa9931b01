// SPDX-License-Identifier: GPL-2.0
/* A call's memory: the structure and what it points to, in one area. */
#include <errno.h>

#include "abi.h"

int request_begin(struct request *request, struct xencomm *xen, size_t argument_bytes,
		  size_t data_bytes)
{
	/* The data begins on a page, behind at most a page of argument. */
	const size_t page = 4096;

	request->xen = xen;
	request->argument = NULL;
	request->data = NULL;
	if (argument_bytes > page || data_bytes > SIZE_MAX - page) {
		errno = E2BIG;
		return -1;
	}
	request->area = xencomm_area_create(xen, page + data_bytes);
	if (!request->area)
		return -1;
	request->argument = xencomm_area_alloc(request->area, argument_bytes, 0);
	if (data_bytes != 0)
		request->data = xencomm_area_alloc(request->area, data_bytes, page);
	if (request->argument && (request->data || data_bytes == 0))
		return 0;
	request_end(request);
	return -1;
}

long request_make(const struct request *request, uint64_t call)
{
	const uint64_t args[XENCOMM_NR_ARGS] = { xencomm_ptr(request->argument) };

	return xencomm_call(request->xen, call, args);
}

void request_end(struct request *request)
{
	const int error = errno;

	xencomm_area_destroy(request->xen, request->area);
	errno = error;
}
