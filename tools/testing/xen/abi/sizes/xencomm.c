// SPDX-License-Identifier: GPL-2.0
/*
 * <xen/xencomm.h> has the same bytes for every program, and its numbers are the same for
 * 32-bit and 64-bit programs of an architecture.
 *
 * Compiled for each of them; nothing runs: a difference is a compile error that names the
 * fact.  The numbers of ioctls are PowerPC's, where there are any.
 */
#include <stddef.h>

#include <xen/xencomm.h>

#define BYTES(type, bytes) \
	_Static_assert(sizeof(struct type) == (bytes), #type); \
	_Static_assert((bytes) % _Alignof(struct type) == 0, #type)
#define FIELD(type, member, at, bytes) \
	_Static_assert(offsetof(struct type, member) == (at) && \
		       sizeof(((struct type *)0)->member) == (bytes), #type "." #member)

BYTES(xencomm_info, 16);
FIELD(xencomm_info, version, 0, 4);
FIELD(xencomm_info, max_data_pages, 4, 4);
FIELD(xencomm_info, max_all_pages, 8, 4);
FIELD(xencomm_info, reserved, 12, 4);

BYTES(xencomm_create, 8);
FIELD(xencomm_create, data_pages, 0, 4);
FIELD(xencomm_create, flags, 4, 4);

BYTES(xencomm_call, 56);
_Static_assert(_Alignof(struct xencomm_call) == 8, "an array of calls");
FIELD(xencomm_call, number, 0, 4);
FIELD(xencomm_call, flags, 4, 4);
FIELD(xencomm_call, argument, 8, 40);
FIELD(xencomm_call, result, 48, 8);

BYTES(xencomm_area_header, 24);
FIELD(xencomm_area_header, magic, 0, 4);
FIELD(xencomm_area_header, nr_pages, 4, 4);
FIELD(xencomm_area_header, virt_base, 8, 8);
FIELD(xencomm_area_header, phys_base, 16, 8);

#ifdef __powerpc__
_Static_assert(XENCOMM_IOC_INFO == 0x4010c800u, "info");
_Static_assert(XENCOMM_IOC_CREATE == 0x8008c801u, "create");
_Static_assert(XENCOMM_IOC_CALL == 0xc038c802u, "call");
#endif
